"""What the commands share of their options, and how their values are read."""

from __future__ import annotations

import gc

import click

from lenie.compiler.console import Usage, Word
from lenie.compiler.diagnostics import suggest

SPEC = "spec/lenie.yaml"
_TARGETS = "What to {}: cfn, tf, cdk%s or all; several with commas, or repeated.  [default: all]"
TARGETS = _TARGETS % ", eks"
#: The same, where clusters have nothing to do.
DIALECTS = _TARGETS % ""
CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}

spec_option = click.option("--spec", default=SPEC, show_default=True, metavar="PATH", help="The spec.")
format_option = click.option(
    "--format",
    "style",
    type=Word(["text", "json"]),
    default="text",
    show_default=True,
    help="How results and diagnostics are printed.",
)
report_option = click.option(
    "--format",
    "style",
    type=Word(["text", "json", "sarif", "github"]),
    default="text",
    show_default=True,
    help="How the report is printed.",
)
endpoint_option = click.option(
    "--endpoint-url", "endpoint", default="", metavar="URL", help="An emulator of AWS on this machine, instead of AWS."
)
cdk_option = click.option(
    "--cdk-python",
    default="",
    metavar="PATH",
    help="The Python that runs the CDK app, with what its requirements ask for.",
)


def words(values: tuple[str, ...], option: str) -> list[str]:
    """Return what a repeatable option names, each once: its values may hold several names, with commas."""
    found = list(dict.fromkeys(word.strip() for value in values for word in value.split(",")))
    if "" in found:
        raise Usage(f"{option} names nothing in one place", "leave the option, or the comma, out")
    return found


def targets(values: tuple[str, ...], *, of_components: bool = False) -> tuple[str, ...]:
    """Return the targets that a repeatable option names, in the order of the compiler; all of them without any.

    With `of_components`, only those of the components are known, and not those of the clusters.

    Raises:
        Usage: if there is no such target.
    """
    from lenie.targets import DIALECTS, PLANNED
    from lenie.targets import TARGETS as EVERY

    known = DIALECTS if of_components else EVERY
    names = words(values, "--target") or ["all"]
    for name in names:
        existing = ", ".join([*known, "all"])
        if name in EVERY and name not in known:
            help = f"possible: {existing}; lenie-compile --check --target {name} tells whether its files are up to date"
            raise Usage(f'the target "{name}" has clusters, and this reads resources of components only', help)
        if name in PLANNED:
            raise Usage(f'the target "{name}" does not exist yet', f"possible: {existing}")
        if name not in (*known, "all"):
            raise Usage(f'there is no target "{name}"', suggest(name, [*known, "all"], what="targets"))
    return known if "all" in names else tuple(name for name in known if name in names)


def require(value: str, option: str) -> None:
    """Refuse an empty value of an option."""
    if not value:
        raise Usage(f"{option} is empty", "leave the option out for its default")


def check_endpoint(value: str) -> None:
    """Refuse an emulator's address that is not on this machine; an empty one is none."""
    if value:
        from lenie.compiler.aws import loopback

        loopback(value, "--endpoint-url")


def tune() -> None:
    """Do without the cycle collector: what a compile makes lives until its end, so there is nothing to collect."""
    gc.disable()

"""The commands ``lenie-compile`` and ``lenie``. What they need is imported where it is used: start-up time counts."""

from __future__ import annotations

import gc
import os
import shlex
import sys
from pathlib import Path

import click

from lenie.compiler import __version__
from lenie.compiler.console import EXIT_FINE, Command, Group, Usage, Word, coloured, exit_code, show
from lenie.compiler.diagnostics import suggest

# What other packages have registered with pydantic must not change how a spec is read; and looking for it takes time.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")

_SPEC = "spec/lenie.yaml"
_CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}

_spec_option = click.option("--spec", default=_SPEC, show_default=True, metavar="PATH", help="The spec.")
_format_option = click.option(
    "--format",
    "style",
    type=Word(["text", "json"]),
    default="text",
    show_default=True,
    help="How results and diagnostics are printed.",
)
_version_option = click.version_option(__version__, message="%(prog)s %(version)s")


@click.command("lenie-compile", cls=Command, context_settings=_CONTEXT)
@click.option(
    "--target", default="all", show_default=True, metavar="NAME", help="What to compile to: cfn, ..., or all."
)
@_spec_option
@click.option("--out", default="generated", show_default=True, metavar="DIR", help="Where the files are written.")
@click.option("--env", "environment", default="", metavar="NAME", help="Resolve everything for one environment.")
@click.option(
    "--scope",
    type=Word(["default", "all"]),
    default="default",
    show_default=True,
    help="How much of the architecture a target that usually covers a part of it emits.",
)
@click.option("--check", is_flag=True, help="Write nothing; exit with 2 if the files are not up to date.")
@_format_option
@_version_option
@click.pass_context
def compile_command(
    ctx: click.Context, target: str, spec: str, out: str, environment: str, scope: str, check: bool, style: str
) -> int:
    """Compile the spec to the files of one infrastructure-as-code tool, or of all.

    The files go to DIR/<target>/, and with --env to DIR/<target>-<env>/. Exit codes: 0 fine, 1 errors in the spec,
    2 files that are not up to date (--check), 3 wrong usage or trouble with the file system.
    """
    targets = _targets(target)
    _require(spec, "--spec")
    _require(out, "--out")
    _tune()
    from lenie.compiler.build import Request, build

    given = [
        ("--target", target, "all"),
        ("--spec", spec, _SPEC),
        ("--out", out, "generated"),
        ("--env", environment, ""),
    ]
    words = [word for name, value, usual in given if value != usual for word in (name, value)]
    command = shlex.join([*ctx.command_path.split(), *words, *(["--scope", scope] if scope != "default" else [])])
    return build(Request(targets, spec, Path(out), environment, scope, command), check=check, as_json=style == "json")


@click.group(cls=Group, context_settings=_CONTEXT)
@_version_option
def main() -> None:
    """One description of an AWS architecture, compiled to CloudFormation, CDK and Terraform."""


main.add_command(compile_command, "compile")


@main.command(context_settings=_CONTEXT)
@_spec_option
@_format_option
def validate(spec: str, style: str) -> int:
    """Check the spec, and say what it holds."""
    _require(spec, "--spec")
    _tune()
    from lenie.compiler.pipeline import front
    from lenie.compiler.summary import as_data, describe, sources

    run = front(Path(spec), spec)
    if style == "json":
        import json

        print(json.dumps(as_data(run), indent=2))
    else:
        show(run.diagnostics, sources(run))
        for line in describe(run):
            print(line, file=sys.stderr if run.failed else sys.stdout)
    return exit_code(run.diagnostics)


@main.command(context_settings=_CONTEXT)
@click.argument("code", required=False)
def explain(code: str | None) -> int:
    """Explain a diagnostic, such as E301; without CODE, list all of them."""
    from lenie.compiler.explain import page, print_page, titles

    if code is None:
        print("\n".join(f"{known}  {title}" for known, title in titles().items()))
        return EXIT_FINE
    found = page(code.strip().upper())
    if found is None:
        raise Usage(f'there is no code "{code}"', suggest(code.strip().upper(), titles(), what="codes"))
    print_page(found, coloured(sys.stdout))
    return EXIT_FINE


@main.command(context_settings=_CONTEXT)
def schema() -> int:
    """Print the JSON Schema of the spec language, for editors."""
    from lenie.compiler.jsonschema import schema_text

    print(schema_text(), end="")
    return EXIT_FINE


def _targets(name: str) -> tuple[str, ...]:
    from lenie.targets import PLANNED, TARGETS

    if name == "all":
        return TARGETS
    if name in TARGETS:
        return (name,)
    existing = ", ".join([*TARGETS, "all"])
    if name in PLANNED:
        raise Usage(f'the target "{name}" does not exist yet', f"possible: {existing}")
    raise Usage(f'there is no target "{name}"', suggest(name, [*TARGETS, "all"], what="targets"))


def _require(value: str, option: str) -> None:
    if not value:
        raise Usage(f"{option} is empty", "leave the option out for its default")


def _tune() -> None:
    """Do without the cycle collector: what a compile makes lives until its end, so there is nothing to collect."""
    gc.disable()

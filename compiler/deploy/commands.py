"""The command lines of ``lenie deploy``, ``destroy`` and ``status``; what they do is imported when it is used."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from lenie.compiler.console import Command, Usage, Word
from lenie.compiler.options import CONTEXT as _CONTEXT
from lenie.compiler.options import endpoint_option, format_option, spec_option, tune

if TYPE_CHECKING:
    from lenie.compiler.deploy.command import Request

Function = TypeVar("Function", bound=Callable[..., Any])

_shared = (
    click.argument("names", nargs=-1, metavar="[COMPONENT]..."),
    click.option("--env", "environment", required=True, metavar="NAME", help="The environment."),
    spec_option,
    click.option(
        "--include",
        multiple=True,
        metavar="SCOPE",
        help="Components of this scope, too: account or organization; both with a comma, or repeated.",
    ),
    click.option("--parameter", "given", multiple=True, metavar="NAME=VALUE", help="A value instead of the spec's."),
    click.option("--parameters", "file", default="", metavar="FILE", help="A JSON file with a map of such values."),
    endpoint_option,
    format_option,
)
_programs = (
    click.option("--out", default="generated", show_default=True, metavar="DIR", help="Where the compiled files are."),
    click.option(
        "--backend-config",
        "backend",
        default="",
        metavar="FILE",
        help="tf: settings of a backend in S3; local without.",
    ),
    click.option(
        "--scope", type=Word(["default", "all"]), default="default", show_default=True, help="tf: how much of it."
    ),
    click.option("--terraform", default="", metavar="PATH", help="tf: the program, if it is not on the PATH."),
    click.option("--cdk-python", default="", metavar="PATH", help="cdk: the Python that runs the app."),
)
_target = click.option(
    "--target",
    type=Word(["cfn", "tf", "cdk"]),
    default="cfn",
    show_default=True,
    help="Which of the compiled programs.",
)


def _with(*options: Callable[[Any], Any]) -> Callable[[Function], Function]:
    def add(function: Function) -> Function:
        for option in reversed(options):
            function = option(function)
        return function

    return add


@click.command("deploy", cls=Command, context_settings=_CONTEXT)
@_with(*_shared, _target, *_programs)
@click.option("--secret", "secrets", multiple=True, metavar="NAME=FILE", help="Value of a secret that has none yet.")
@click.option("--packages", default="build/packages", show_default=True, metavar="DIR", help="Where packages are kept.")
@click.option("--change-set", is_flag=True, help="Show the changes of each stack, and ask before they are made.")
@click.option("--yes", is_flag=True, help="Ask nothing.")
@click.option("--allow-replacement", "force", is_flag=True, help="Let resources of production be replaced.")
@click.option("--parallel", default=6, show_default=True, metavar="N", help="Components that are worked on at once.")
@click.option("--cdk-cli", default="", metavar="PATH", help="cdk: the program cdk, instead of our own deployment.")
def deploy(secrets: tuple[str, ...], **given: Any) -> int:
    """Deploy the components of an environment, all or those that are named.

    Layers are deployed one after the other, and inside a layer what is independent at once. The bucket of artifacts
    comes first, then code packages are built and uploaded, then the rest. What is there is updated; what is unchanged
    stays; a deployment that was interrupted goes on. What exists once for the account or the organization is deployed
    with --include only.

    Exit codes: 0 fine, 1 errors in the spec, 2 something failed or was not done, 3 wrong usage, no credentials, or
    something that was found before anything was changed.
    """
    from lenie.compiler.deploy.command import deploy as work

    return work(_request(secrets=files(secrets), **given))


@click.command("destroy", cls=Command, context_settings=_CONTEXT)
@_with(*_shared, _target, *_programs)
@click.option("--yes", is_flag=True, help="Ask nothing.")
@click.option("--lift-protection", "force", is_flag=True, help="Delete stacks that are protected from deletion, too.")
@click.option("--parallel", default=6, show_default=True, metavar="N", help="Components that are worked on at once.")
def destroy(**given: Any) -> int:
    """Delete the components of an environment, the last ones first, and list what stays.

    What stands in the way (buckets that are not empty, protected stacks and databases) is told before anything is
    deleted.

    Exit codes: as those of lenie deploy.
    """
    from lenie.compiler.deploy.command import destroy as work

    return work(_request(**given))


@click.command("status", cls=Command, context_settings=_CONTEXT)
@_with(*_shared, _target, *_programs)
@click.option("--check", is_flag=True, help="Exit with 2 if something is not as the spec has it.")
def status(check: bool, **given: Any) -> int:
    """Tell what is deployed of an environment, how it differs from the spec, and what failed last.

    With --target tf that is what a plan would do.

    Exit codes: 0 fine, 1 errors in the spec, 2 see --check, 3 wrong usage, or no credentials.
    """
    from lenie.compiler.deploy.command import status as work

    return work(_request(**given), check=check)


def _request(
    *, include: tuple[str, ...], given: tuple[str, ...], file: str, endpoint: str, parallel: int = 6, **rest: Any
) -> Request:
    """Return the request that the options ask for.

    Raises:
        Usage: if they do not fit.
    """
    tune()  # `command.compile_` lets the collector work again
    from lenie.compiler.deploy import command, parameters
    from lenie.compiler.options import words

    for option, value in (("--spec", rest["spec"]), ("--env", rest["environment"]), ("--out", rest.get("out", "."))):
        if not value:
            raise Usage(f"{option} is empty", "give it a value")
    if not 1 <= parallel <= 32:
        raise Usage(f"{parallel} is not possible for --parallel", "a number from 1 to 32")
    target = rest.setdefault("target", "cfn")
    for option, key, of in _OF_TARGETS:
        if rest.get(key) not in (None, "", False, "default", {}) and target not in of:
            raise Usage(f"{option} is for --target {' and '.join(of)} only", "leave it out")
    if rest.get("secrets") and rest.get("cdk_cli"):
        raise Usage("--secret is not possible with --cdk-cli", "set the value with aws secretsmanager put-secret-value")
    if endpoint:
        from lenie.compiler.aws import loopback

        loopback(endpoint, "--endpoint-url")
    written = parameters.parse(given)
    values = {**(parameters.read(Path(file)) if file else {}), **written}
    rest["out"] = Path(rest.get("out", "generated"))
    rest["packages"] = Path(rest.get("packages", "build/packages"))
    return command.Request(
        include=command.scopes(words(include, "--include")),
        parameters=values,
        given=tuple(written),
        endpoint=endpoint,
        parallel=parallel,
        **rest,
    )


#: Options that only some targets have.
_OF_TARGETS = (
    ("--backend-config", "backend", ("tf",)),
    ("--scope", "scope", ("tf",)),
    ("--terraform", "terraform", ("tf",)),
    ("--cdk-python", "cdk_python", ("cdk",)),
    ("--cdk-cli", "cdk_cli", ("cdk",)),
    ("--change-set", "change_set", ("cfn", "cdk")),
    ("--secret", "secrets", ("cfn", "cdk")),
)


def files(words: tuple[str, ...]) -> dict[str, str]:
    """Return name -> content of the files in words such as ``app-credentials=FILE``.

    Raises:
        Usage: for a word that is none, a name that is given twice, and a file without text.
        SpecError: (E902) if a file cannot be read.
    """
    from lenie.compiler.deploy.reading import text_of

    found: dict[str, str] = {}
    for word in words:
        name, equals, path = word.partition("=")
        if not (name and equals and path):
            raise Usage(f'--secret takes NAME=FILE, and not "{word}"', "--secret app-credentials=credentials.json")
        if name in found:
            raise Usage(f"--secret {name} is given twice", "leave one of them out")
        help = "a secret of several fields is JSON"
        found[name] = text_of(Path(path), "--secret", f"no value for {name}", help).strip()
        if not found[name]:
            raise Usage(f'"{path}" is empty, and no value for {name}', help)
    return found

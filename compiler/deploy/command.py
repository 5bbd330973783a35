"""What ``lenie deploy``, ``lenie destroy`` and ``lenie status`` do for the target cfn, and what all targets share."""

from __future__ import annotations

import gc
import json
import select
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from lenie.compiler.aws import Account
from lenie.compiler.console import EXIT_FINE, EXIT_STALE, EXIT_USAGE, Usage, exit_code, show
from lenie.compiler.deploy import parameters, report
from lenie.compiler.deploy.calls import AWS, LOCAL
from lenie.compiler.deploy.model import Options, Result
from lenie.compiler.deploy.progress import Progress, shown
from lenie.compiler.deploy.schedule import interrupted
from lenie.compiler.diagnostics import Diagnostic, Severity, SpecError, suggest
from lenie.compiler.pipeline import Compilation, front
from lenie.compiler.summary import sources

SCOPES = ("account", "organization")
#: Codes of what is found before anything is changed.
_BEFORE = ("E650", "E651", "E652", "E654", "E656", "E657")
#: Attempts of each call: a deployment makes thousands, and AWS throttles them per account.
_ATTEMPTS = 8
#: Seconds between two looks at what the user wants, while an answer is awaited.
_TICK = 0.2


class Request(NamedTuple):
    """What the command line asks for."""

    names: tuple[str, ...]
    target: str
    environment: str
    spec: str
    out: Path
    packages: Path
    include: tuple[str, ...] = ()
    parameters: Mapping[str, str] = {}
    #: Names of those parameters that are not in a file, which may serve for more than one command.
    given: tuple[str, ...] = ()
    secrets: Mapping[str, str] = {}
    change_set: bool = False
    yes: bool = False
    force: bool = False
    parallel: int = 6
    endpoint: str = ""
    style: str = "text"
    backend: str = ""
    scope: str = "default"
    terraform: str = ""
    cdk_python: str = ""
    cdk_cli: str = ""


def deploy(request: Request) -> int:
    """Deploy, and return the exit code: 2 if something of it failed or was not done."""

    def work(compiled: Compilation) -> Result:
        account = account_of(compiled, request)
        if not request.yes and not _terminal():
            # Several questions may be asked, some of them late.
            _require_names(compiled, request)
            raise _nobody()
        with shown() as progress:
            ask = _alone(_asker(request), progress)
            if request.target == "tf":
                from lenie.compiler.deploy.terraform import deploy_terraform

                return deploy_terraform(compiled, request, account, ask, progress)
            if request.target == "cdk" and request.cdk_cli:
                from lenie.compiler.deploy.cdkcli import deploy_with_cli

                return deploy_with_cli(compiled, request, account, options_of(request, ask), progress)
            from lenie.compiler.deploy.engine import deploy_cloudformation

            return deploy_cloudformation(compiled, request.environment, account, options_of(request, ask), progress)

    return _run(request, work, "deployed to", _faults)


def destroy(request: Request) -> int:
    """Delete, and return the exit code: 2 if something of it failed or was not done."""

    def work(compiled: Compilation) -> Result:
        account = account_of(compiled, request)
        with shown() as progress:
            ask = _alone(_namer(request), progress)
            if request.target == "tf":
                from lenie.compiler.deploy.terraform import destroy_terraform

                return destroy_terraform(compiled, request, account, ask, progress)
            from lenie.compiler.deploy.destroy import destroy_cloudformation

            options = options_of(request, ask)
            return destroy_cloudformation(compiled, request.environment, account, options, progress)

    # Whoever uses a value that is given, or does not, is deleted all the same.
    return _run(request, work, "deleted from", _errors)


def status(request: Request, *, check: bool) -> int:
    """Tell what is deployed, and return the exit code: 2 with `check` if it is not what the spec says."""
    from lenie.compiler.deploy import overview
    from lenie.compiler.deploy.status import status_of

    compiled = compile_(request)
    errors = _faults(compiled, request)
    if errors:
        return _stop(request, compiled, errors, code_of(errors))
    account = account_of(compiled, request)
    try:
        if request.target == "tf":
            from lenie.compiler.deploy.terraform import status_of_terraform

            with shown() as progress:
                found = status_of_terraform(compiled, request, account, progress)
        else:
            found = status_of(compiled, request.environment, account, options_of(request, None))
    except SpecError as error:
        return _stop(request, compiled, [error.diagnostic], code_of([error.diagnostic]))
    code = EXIT_STALE if check and not all(one.current for one in found.components) else EXIT_FINE
    if request.style == "json":
        print(json.dumps(overview.data(found, code), indent=2))
    else:
        print("\n".join(overview.table(found)))
    return code


def compile_(request: Request) -> Compilation:
    """Run the passes over the spec, with the values that are given."""
    given = parameters.Given(request.parameters, request.environment)
    compiled = front(Path(request.spec), request.spec, given)
    # A deployment takes long, and a compile is done without the collector.
    gc.enable()
    return compiled


def account_of(compiled: Compilation, request: Request) -> Account:
    """Return the account, or the emulator, that is deployed to."""
    assert compiled.graph is not None, "a spec without errors has a graph"
    return Account(compiled.graph.region, request.endpoint, _ATTEMPTS)


def options_of(request: Request, ask: Callable[[str], bool] | None) -> Options:
    """Return the options of a request; `ask` answers questions, None means yes to all of them."""
    bundle = None
    if request.target == "cdk":
        from lenie.compiler.deploy.cdk import bundler

        bundle = bundler(request.cdk_python, request.out / "cdk")
    return Options(
        names=request.names,
        include=request.include,  # type: ignore[arg-type]
        change_set=request.change_set,
        ask=ask,
        allow_replacement=request.force,
        secrets=request.secrets,
        packages=request.packages,
        parallel=request.parallel,
        pace=LOCAL if request.endpoint else AWS,
        bundle=bundle,
    )


def scopes(found: Sequence[str]) -> tuple[str, ...]:
    """Return the scopes that ``--include`` names.

    Raises:
        Usage: for another word.
    """
    for word in found:
        if word not in SCOPES:
            raise Usage(f'"{word}" is not possible for --include', suggest(word, SCOPES, what="possible"))
    return tuple(found)


def code_of(found: Sequence[Diagnostic]) -> int:
    """Return the exit code of a deployment's errors: 3 if nothing was begun, 2 if something failed."""
    codes = [one.code for one in found if one.severity is Severity.ERROR]
    if not codes:
        return EXIT_FINE
    if any(code.startswith("E6") and code not in _BEFORE for code in codes):
        return EXIT_STALE
    if any(code in _BEFORE for code in codes):
        return EXIT_USAGE
    return exit_code(found)


def _run(
    request: Request,
    work: Callable[[Compilation], Result],
    what: str,
    look: Callable[[Compilation, Request], list[Diagnostic]],
) -> int:
    compiled = compile_(request)
    errors = look(compiled, request)
    if errors:
        return _stop(request, compiled, errors, code_of(errors))
    try:
        result = work(compiled)
    except SpecError as error:
        return _stop(request, compiled, [error.diagnostic], code_of([error.diagnostic]))
    if result.errors and all(row.state == "not begun" for row in result.rows):
        # Nothing was changed: a table of that would only hide why.
        result.rows = []
    status = code_of(result.errors)
    if status in (EXIT_FINE, EXIT_USAGE) and result.rows and not result.complete:
        status = EXIT_STALE
    if request.style == "json":
        print(json.dumps(report.data(result, status), indent=2))
        return status
    if result.rows:
        print("\n".join(report.table(result)))
        print()
        print(report.summary(result, what))
    if sys.stdout is not None:
        sys.stdout.flush()
    show(result.errors, sources(compiled))
    return status


def _stop(request: Request, compiled: Compilation, errors: list[Diagnostic], status: int) -> int:
    if request.style == "json":
        from lenie.compiler.render import render_json

        data: dict[str, Any] = {"environment": request.environment, "exit_code": status}
        print(json.dumps({**data, "diagnostics": json.loads(render_json(errors)), "components": []}, indent=2))
    else:
        show(errors, sources(compiled))
    return status


def _errors(compiled: Compilation, _: Request) -> list[Diagnostic]:
    return [found for found in compiled.diagnostics if found.severity is Severity.ERROR]


def _faults(compiled: Compilation, request: Request) -> list[Diagnostic]:
    """Return the errors of the spec; if it has none, those of values that would be used nowhere."""
    errors = _errors(compiled, request)
    if errors or not request.given:
        return errors
    graph, tree = compiled.graph, compiled.tree
    assert graph is not None, "a spec without errors has a graph"
    assert tree is not None
    covered = graph.coverage.get(request.target, ()) if request.scope == "default" else ()
    return parameters.unused(graph, tree, request.given, parameters.Chosen(request.names, request.include, covered))


def _asker(request: Request) -> Callable[[str], bool] | None:
    """Return what asks the user; None with ``--yes``."""
    return None if request.yes else _confirmed


def _confirmed(question: str) -> bool:
    print(f"{question} [y/N] ", end="", file=sys.stderr, flush=True)
    return _answer().lower() in ("y", "yes")


def _alone(ask: Callable[[str], bool] | None, progress: Progress) -> Callable[[str], bool] | None:
    """Return `ask` with the terminal for itself: bars that are drawn anew would wipe off what is typed."""
    if ask is None:
        return None

    def alone(question: str) -> bool:
        with progress.paused():
            return ask(question)

    return alone


def _answer() -> str:
    """Return what is typed; nothing once the user interrupts, since no signal wakes the thread that reads."""
    try:
        number = sys.stdin.fileno()
    except OSError:
        # Nothing of the operating system's is behind it, so it does not wait either.
        return sys.stdin.readline().strip()
    while not interrupted():
        if select.select([number], [], [], _TICK)[0]:
            return sys.stdin.readline().strip()
    return ""


def _namer(request: Request) -> Callable[[str], bool] | None:
    """Return what asks for the environment's name; None with ``--yes``."""
    if request.yes:
        return None

    def named(question: str) -> bool:
        if not _terminal():
            raise _nobody()
        print(f"{question}\nType the name of the environment to go on: ", end="", file=sys.stderr, flush=True)
        return _answer() == request.environment

    return named


def _terminal() -> bool:
    """Whether somebody can be asked."""
    return sys.stdin is not None and sys.stdin.isatty()


def _nobody() -> Usage:
    return Usage("nobody can be asked: standard input is no terminal", "add --yes if it is meant")


def _require_names(compiled: Compilation, request: Request) -> None:
    """Make sure that all exists which a deployment names; nothing of AWS is asked for it.

    Raises:
        Usage: if something does not.
    """
    assert compiled.graph is not None, "a spec without errors has a graph"
    if request.target == "tf":
        from lenie.compiler.deploy.tfprogram import TerraformProgram

        program = TerraformProgram(compiled, request.out / "tf", request.environment, request.scope)
        program.chosen(request.names, request.include, request.scope)
        return
    from lenie.compiler.deploy import secrets
    from lenie.compiler.deploy.engine import require_known

    require_known(compiled.graph.components, request.names, ("environment", *request.include))
    secrets.require_known(compiled, request.secrets)

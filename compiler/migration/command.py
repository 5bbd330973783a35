"""What ``lenie db migrate`` and ``lenie db status`` do."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from lenie.compiler.console import EXIT_FINE, Usage, exit_code, show
from lenie.compiler.diagnostics import Diagnostic, Severity, SpecError, suggest
from lenie.compiler.migration.connection import Login, connect, require_driver, words
from lenie.compiler.migration.place import Described, Endpoint, describe
from lenie.compiler.migration.steps import steps
from lenie.compiler.pipeline import Compilation, front
from lenie.compiler.summary import sources

if TYPE_CHECKING:
    from psycopg2.extensions import connection as Connection  # noqa: N812 - it is a class

#: Milliseconds to wait for locks: another migration, or a transaction that somebody left open.
_LOCKS = 60_000
#: SQLSTATE of what waited too long for a lock ("PostgreSQL Error Codes").
_NO_LOCK = "55P03"


class Request(NamedTuple):
    """What the command line asks for."""

    #: Name of the database in the spec; its only one if empty.
    name: str
    spec: str
    environment: str
    via: str
    host: str
    port: int
    database: str
    user: str
    ca_file: str
    ssh_user: str
    identity: str
    ssh_config: str
    endpoint: str
    #: Whether pending steps are applied, and not only listed.
    apply: bool


class Outcome(NamedTuple):
    """What a database had before, and what was applied or is pending now."""

    before: list[tuple[str, datetime]]
    applied: list[str]
    pending: list[str]


def run(request: Request, *, as_json: bool) -> int:
    """Do what `request` asks for, and return the exit code."""
    spec = front(Path(request.spec), request.spec)
    found: list[Diagnostic] = [one for one in spec.diagnostics if one.severity is Severity.ERROR]
    outcome: Outcome | None = None
    if not found:
        try:
            outcome = _work(request, spec)
        except SpecError as error:
            found.append(error.diagnostic)
    status = exit_code(found) if found else EXIT_FINE
    if as_json:
        _print_json(outcome, found, status)
    else:
        if outcome is not None:
            _print_text(outcome, listing=not request.apply)
        show(found, sources(spec))
    return status


def migrate(request: Request, spec: Compilation) -> Outcome:
    """Do what `request` asks for, with a spec that was compiled without errors; for programs.

    Raises:
        SpecError: (E911, E913, E914) if the database cannot be reached, or a step fails.
        Usage: if there is no such environment or database.
    """
    return _work(request, spec)


def _work(request: Request, spec: Compilation) -> Outcome:
    assert spec.program is not None, "a spec without errors has a program"
    assert spec.graph is not None
    if request.environment and request.environment not in spec.graph.environments:
        help = suggest(request.environment, spec.graph.environments, what="environments")
        raise Usage(f'there is no environment "{request.environment}"', help)
    described = describe(spec.program, request.name)
    found = steps(spec.program.code)
    require_driver()
    with _endpoint(request, spec, described) as endpoint:
        login = Login(endpoint, request.database or described.database, request.user, request.ca_file, "lenie db")
        connection = connect(login, spec.graph.region, spec.program.code, lock_timeout=_LOCKS)
        try:
            return _migrate(connection, found, apply=request.apply)
        finally:
            connection.close()


@contextmanager
def _endpoint(request: Request, spec: Compilation, described: Described) -> Iterator[Endpoint]:
    """Yield where to connect, with the tunnel that leads there open."""
    if not request.environment:
        yield Endpoint(request.host, request.port, described.user)
        return
    from lenie.compiler.aws import Account
    from lenie.compiler.migration.place import bastion, deployed, physical_name
    from lenie.compiler.migration.tunnel import LOCAL, Bastion, tunnel
    from lenie.compiler.specialise import specialise

    assert spec.program is not None
    assert spec.graph is not None
    graph = specialise(spec.graph, request.environment)
    account = Account(graph.region, request.endpoint)
    # The bastion first: without it nothing else is of use, and its message names what to start.
    found = bastion(account, spec.program, graph, request.via) if request.via else None
    endpoint = deployed(account, graph, described)
    if found is None:
        yield endpoint
        return
    alias = f"{physical_name(graph, request.via)}-{found.identifier}"
    reached = Bastion(found.address, request.ssh_user, alias, request.identity, request.ssh_config)
    with tunnel(reached, endpoint.host, endpoint.port) as port:
        yield endpoint._replace(address=LOCAL, port=port)


def _migrate(connection: Connection, module: Any, *, apply: bool) -> Outcome:
    import psycopg2

    try:
        before = module.state(connection)
        if not apply:
            return Outcome(before.applied, [], before.pending)
        done = module.migrate(connection)
        return Outcome(before.applied, done, [])
    except module.MigrationError as error:
        help = "use the release that the database was migrated with, or a later one"
        raise _error("E914", f"the migrations do not fit the database: {error}", help) from None
    except psycopg2.errors.lookup(_NO_LOCK):
        message = (
            f"the database was locked for {_LOCKS // 1000} seconds: another migration runs, or a transaction is open"
        )
        raise _error("E914", message, "see pg_stat_activity, and run the command again") from None
    except psycopg2.Error as error:
        if connection.closed:
            message = f"the connection was lost: {words(error)}"
            raise _error("E913", message, "run the command again: each step is applied as a whole, or not") from None
        raise _failed(connection, module, error) from None


def _failed(connection: Connection, module: Any, error: Exception) -> SpecError:
    import psycopg2

    try:
        connection.rollback()
        pending = module.state(connection).pending
    except psycopg2.Error:
        pending = []
    what = f"the step {pending[0]} failed" if pending else "the migration failed"
    return _error("E914", f"{what}: {words(error)}", "nothing of it was applied; the steps before it stay")


def _print_text(outcome: Outcome, *, listing: bool) -> None:
    for name, when in outcome.before if listing else []:
        print(f"{name}  applied {when:%Y-%m-%d %H:%M:%S %Z}".rstrip())
    for name in outcome.applied:
        print(f"{name}  applied now")
    for name in outcome.pending:
        print(f"{name}  pending")
    if not outcome.applied and not outcome.pending:
        print("the database is up to date")


def _print_json(outcome: Outcome | None, found: list[Diagnostic], status: int) -> None:
    from lenie.compiler.render import render_json

    before = outcome.before if outcome is not None else []
    data = {
        "exit_code": status,
        "diagnostics": json.loads(render_json(found)),
        "applied_before": [{"name": name, "applied_at": when.isoformat()} for name, when in before],
        "applied_now": outcome.applied if outcome is not None else [],
        "pending": outcome.pending if outcome is not None else [],
    }
    print(json.dumps(data, indent=2))


def _error(code: str, message: str, help: str) -> SpecError:
    return SpecError(Diagnostic(code, Severity.ERROR, message, (), help))

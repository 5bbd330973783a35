"""AWS does not support the runtime, or the database engine, any more.

A Lambda runtime past its end of support gets no security patches, and later no function that has it can be created or
updated. RDS creates no database with a PostgreSQL version past its end, and upgrades those that have it at a time of
its own choice (extended support, which costs more than a small instance, is switched off). The compiler compares with
the date of its own table of runtimes, never with today's: the same spec gives the same result on every day, and a newer
compiler tells when a runtime has ended.
Sources: AWS Lambda Developer Guide, "Lambda runtimes"; Amazon RDS for PostgreSQL Release Notes, "Release calendars for
Amazon RDS for PostgreSQL".

Wrong:

    url-add: {kind: function, runtime: python3.9, ...}

Right:

    url-add: {kind: function, runtime: python3.13, ...}

Waive it where the rule finds the value: on the function, or on the parameter that holds the runtime:

    url-add: {kind: function, waive: {E318: moves to a newer runtime before it is deployed}, ...}
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from lenie.compiler.data import runtimes
from lenie.compiler.diagnostics import suggest
from lenie.compiler.kinds.database import Database
from lenie.compiler.kinds.function import Function
from lenie.compiler.kinds.layer import Layer
from lenie.compiler.program import Declaration, Program
from lenie.compiler.rules import Finding
from lenie.compiler.rules._values import possible_texts
from lenie.compiler.span import Path

CODE = "E318"


def check(program: Program, finding: Finding) -> None:
    """Report runtimes and database versions that are unknown, or past their end of support."""
    for declaration, database in program.of(Database):
        _check_engine(database.major, (*declaration.path, "engine"), finding)
    for path, runtime, user in used_runtimes(program):
        _check_runtime(runtime, path, user, finding)


def used_runtimes(program: Program) -> Iterator[tuple[Path, str, Declaration]]:
    """Yield the runtimes of functions and layers, each place once, with the first resource that has the runtime."""
    users: dict[tuple[Path, str], Declaration] = {}
    for declaration in program.declarations.values():
        model = declaration.model
        if isinstance(model, (Function, Layer)):
            for place in possible_texts(program, declaration, model.runtime, "runtime"):
                users.setdefault(place, declaration)
    for (path, runtime), user in users.items():
        yield path, runtime, user


def used_at(path: Path, user: Declaration) -> list[tuple[Path, str]]:
    """Return the place of the resource that uses what stands at `path`, or of the defaults that say it for it.

    A finding stands at the resource, which can waive it, also where the defaults are the reason.
    """
    if path[: len(user.path)] != user.path:
        return [(user.path, "used here")]
    return [(user.at("runtime"), "written here")] if "runtime" in user.defaulted else []


def _check_runtime(runtime: str, path: Path, user: Declaration, finding: Finding) -> None:
    also = used_at(path, user)
    known = runtimes.RUNTIMES.get(runtime)
    if known is None:
        current = [name for name, r in runtimes.RUNTIMES.items() if r.supported(runtimes.AS_OF)]
        finding(f'Lambda has no runtime "{runtime}"', path, also=also, help=suggest(runtime, current, what="runtimes"))
    elif known.end_of_support is not None and not known.supported(runtimes.AS_OF):
        blocked = _blocked(known)
        finding(
            f"AWS ended support for {runtime} on {known.end_of_support}{blocked}",
            path,
            also=also,
            help=f"write {runtimes.NEWEST[known.language]}",
        )


def _blocked(runtime: runtimes.Runtime) -> str:
    if runtime.create_block is None or runtime.update_block is None:
        return ""
    return f"; no function can be created with it from {runtime.create_block}, or updated from {runtime.update_block}"


def _check_engine(version: str, path: Path, finding: Finding) -> None:
    end = runtimes.POSTGRES_END_OF_SUPPORT.get(version)
    supported = [v for v, day in runtimes.POSTGRES_END_OF_SUPPORT.items() if day >= today()]
    if end is None and version not in runtimes.POSTGRES_WITHOUT_DATE:
        finding(f"RDS has no PostgreSQL {version}", path, help=f"versions: {', '.join(supported)}")
    elif end is not None and end < today():
        finding(
            f"AWS ended standard support for PostgreSQL {version} on {end}, and upgrades such databases by itself",
            path,
            help=f"write postgres {supported[-1]}",
        )


def today() -> date:
    """Return the newest date of the tables: facts about Lambda and PostgreSQL were read on different days."""
    return max(runtimes.AS_OF, runtimes.POSTGRES_AS_OF)

"""AWS will soon not support the runtime, or the database engine, any more.

Less than a year is left until the end of support that E318 is about: time to move on in peace. As there, the compiler
compares with the date of its own table and never with today's.
Sources: AWS Lambda Developer Guide, "Lambda runtimes"; Amazon RDS for PostgreSQL Release Notes, "Release calendars for
Amazon RDS for PostgreSQL".

Wrong:

    url-add: {kind: function, runtime: python3.11, ...}

Right:

    url-add: {kind: function, runtime: python3.13, ...}

It is a warning and stops nothing. Waive it where the rule finds the value:

    url-add: {kind: function, waive: {W337: moves on together with its library in spring}, ...}
"""

from __future__ import annotations

from datetime import date, timedelta

from lenie.compiler.data import runtimes
from lenie.compiler.kinds.database import Database
from lenie.compiler.program import Program
from lenie.compiler.rules import Finding
from lenie.compiler.rules.runtime_life import today, used_at, used_runtimes

CODE = "W337"
_YEAR = timedelta(days=365)


def check(program: Program, finding: Finding) -> None:
    """Report runtimes and database versions whose support ends within a year."""
    for path, name, user in used_runtimes(program):
        runtime = runtimes.RUNTIMES.get(name)
        if runtime is not None and _soon(runtime.end_of_support, runtimes.AS_OF) and runtime.supported(runtimes.AS_OF):
            finding(
                f"AWS ends support for {name} on {runtime.end_of_support}",
                path,
                also=used_at(path, user),
                help=f"move to {runtimes.NEWEST[runtime.language]} before that day",
            )
    for declaration, database in program.of(Database):
        end = runtimes.POSTGRES_END_OF_SUPPORT.get(database.major)
        if _soon(end, today()):
            finding(
                f"AWS ends standard support for PostgreSQL {database.major} on {end}, and then upgrades by itself",
                (*declaration.path, "engine"),
                help=f"move to postgres {list(runtimes.POSTGRES_END_OF_SUPPORT)[-1]} before that day",
            )


def _soon(end: date | None, day: date) -> bool:
    """Whether the end is within a year and not past: E318 reports one that is."""
    return end is not None and day <= end <= day + _YEAR

"""The steps that make the database's tables what the functions expect: `NNNN_name.sql`, applied in their order."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from psycopg2 import extensions

#: Schema of everything that the functions use.
SCHEMA = "lenie"
#: Key of the advisory lock that lets one migration run at a time ("Leni" in ASCII).
_LOCK = 0x4C656E69
_NAME = re.compile(r"(\d{4})_[a-z0-9_]+\.sql")
_PREPARE = """
    CREATE SCHEMA IF NOT EXISTS lenie;
    CREATE TABLE IF NOT EXISTS lenie.migrations (
        version    integer     PRIMARY KEY,
        name       text        NOT NULL,
        digest     text        NOT NULL,
        applied_at timestamptz NOT NULL DEFAULT now()
    )
"""


class MigrationError(Exception):
    """The database holds steps that are not those of this release."""


@dataclass(frozen=True, slots=True)
class Migration:
    """One step, and the digest by which a later change of it is noticed."""

    version: int
    name: str
    text: str

    @property
    def digest(self) -> str:
        """The digest of the statements."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def migrations(directory: Path | None = None) -> list[Migration]:
    """Return the steps in their order.

    Raises:
        MigrationError: if a file is not named as it must, or their numbers are not 1, 2, 3 ...
    """
    found: list[Migration] = []
    for path in sorted((directory or Path(__file__).parent).glob("*.sql")):
        match = _NAME.fullmatch(path.name)
        if match is None or int(match[1]) != len(found) + 1:
            raise MigrationError(f"{path.name} should be {len(found) + 1:04}_<name>.sql")
        found.append(Migration(int(match[1]), path.stem, path.read_text(encoding="utf-8")))
    return found


def migrate(connection: extensions.connection, directory: Path | None = None) -> list[str]:
    """Apply the steps that the database lacks, each in a transaction, and return their names.

    Of several at once one works, and the others wait and find nothing to do. `connection` is one of the owner of the
    database, outside of a transaction, and is left like that.

    Raises:
        MigrationError: if what was applied is not the beginning of what this release holds.
    """
    steps = migrations(directory)
    with connection, connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", (_LOCK,))
    try:
        return _apply(connection, steps)
    finally:
        if not connection.closed:
            with connection, connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", (_LOCK,))


@dataclass(frozen=True, slots=True)
class State:
    """What a database has of this release: names with the times of their application, and names of what it lacks."""

    applied: list[tuple[str, datetime]]
    pending: list[str]


def state(connection: extensions.connection, directory: Path | None = None) -> State:
    """Return what the database has and what it lacks; nothing is changed.

    Raises:
        MigrationError: if what was applied is not the beginning of what this release holds.
    """
    steps = migrations(directory)
    with connection, connection.cursor() as cursor:
        known = _known(cursor)
    _check(known, steps)
    return State([(name, applied) for _, name, _, applied in known], [step.name for step in steps[len(known) :]])


def _known(cursor: extensions.cursor) -> list[tuple[int, str, str, datetime]]:
    cursor.execute("SELECT to_regclass('lenie.migrations') IS NULL")
    if cursor.fetchone() == (True,):
        return []
    cursor.execute("SELECT version, name, digest, applied_at FROM lenie.migrations ORDER BY version")
    return list(cursor.fetchall())


def _check(known: list[tuple[int, str, str, datetime]], steps: list[Migration]) -> None:
    for number, (version, name, digest, _) in enumerate(known):
        if number >= len(steps):
            raise MigrationError(f"{name} was applied by a later release, which has more steps than this one")
        if (version, digest) != (steps[number].version, steps[number].digest):
            raise MigrationError(f"{name} was applied in another form than this release has it")


def _apply(connection: extensions.connection, steps: list[Migration]) -> list[str]:
    with connection, connection.cursor() as cursor:
        known = _known(cursor)
        if not known:
            cursor.execute(_PREPARE)
    _check(known, steps)
    for step in steps[len(known) :]:
        with connection, connection.cursor() as cursor:
            cursor.execute("SET LOCAL search_path TO lenie, public")
            cursor.execute(step.text)
            record = "INSERT INTO lenie.migrations (version, name, digest) VALUES (%s, %s, %s)"
            cursor.execute(record, (step.version, step.name, step.digest))
    return [step.name for step in steps[len(known) :]]

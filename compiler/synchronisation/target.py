"""The database that documents are taken over into, and how far it has come."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lenie.compiler.diagnostics import Diagnostic, Severity, SpecError
from lenie.compiler.migration.connection import words
from lenie.compiler.synchronisation.project import Library

if TYPE_CHECKING:
    from psycopg2.extensions import connection as Connection  # noqa: N812 - it is a class

_SCHEMA = "lenie"


class Target:
    """A migrated database."""

    def __init__(self, connection: Connection, library: Library) -> None:
        """Use `connection`, whose tables must be there.

        Raises:
            SpecError: (E914) if they are not.
        """
        self.connection = connection
        self.library = library
        with connection, connection.cursor() as cursor:
            cursor.execute("SELECT to_regclass(%s) IS NOT NULL", (f"{_SCHEMA}.synchronised",))
            (there,) = cursor.fetchone() or (False,)
        if not there:
            message = "the database has no table for what is synchronised"
            help = "lenie db migrate brings its tables up to date"
            raise SpecError(Diagnostic("E914", Severity.ERROR, message, (), help))
        with connection, connection.cursor() as cursor:
            cursor.execute(f"SET search_path TO {_SCHEMA}, public")

    def bookmark(self, source: str) -> str:
        """Return the sort key up to which the documents of `source` are here; nothing if there are none."""
        with self.connection, self.connection.cursor() as cursor:
            cursor.execute("SELECT last_key FROM synchronised WHERE source = %s", (source,))
            return str(next(iter(cursor.fetchone() or ("",))))

    def known(self, urls: list[str]) -> set[str]:
        """Return those of `urls` of which there is a document."""
        with self.connection, self.connection.cursor() as cursor:
            cursor.execute("SELECT url FROM web_documents WHERE url = ANY(%s)", (urls,))
            return {url for (url,) in cursor.fetchall()}

    def insert(self, rows: list[dict[str, Any]], source: str, last_key: str) -> list[str]:
        """Insert documents and move the bookmark, all or nothing; return what became of each row.

        ``new``, ``known`` (there is one of that URL), or else why PostgreSQL refuses it: of such a row nothing stays,
        and the others go on.

        Raises:
            SpecError: (E913) if the connection is lost: nothing of the rows is there then.
        """
        import psycopg2

        outcomes = []
        try:
            with self.connection, self.connection.cursor() as cursor:
                for row in rows:
                    cursor.execute("SAVEPOINT document")
                    try:
                        number = self.library.documents.insert_once(cursor, row)
                    except (psycopg2.DataError, psycopg2.IntegrityError) as error:
                        cursor.execute("ROLLBACK TO SAVEPOINT document")
                        outcomes.append(f"the database refuses it: {words(error)}")
                    else:
                        outcomes.append("known" if number is None else "new")
                    cursor.execute("RELEASE SAVEPOINT document")
                # A run from an earlier day must not move the bookmark back.
                cursor.execute(
                    "INSERT INTO synchronised (source, last_key) VALUES (%s, %s) ON CONFLICT (source) DO UPDATE SET "
                    "last_key = greatest(synchronised.last_key, excluded.last_key), synchronised_at = now()",
                    (source, last_key),
                )
        except psycopg2.Error as error:
            message = f"the database does not take the documents: {words(error)}"
            help = "run the command again: it goes on where it was"
            raise SpecError(Diagnostic("E913", Severity.ERROR, message, (), help)) from None
        return outcomes

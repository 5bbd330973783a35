"""Documents in PostgreSQL: the statements. Every value is a parameter; names come from this file only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from psycopg2 import sql
from psycopg2.errors import UniqueViolation

from library.errors import Conflict, NotFound

if TYPE_CHECKING:
    from psycopg2 import extensions

COLUMNS = (
    "id",
    "url",
    "document_type",
    "document_state",
    "document_state_error",
    "title",
    "title_english",
    "summary",
    "summary_english",
    "language",
    "text",
    "text_raw",
    "text_english",
    "text_md",
    "tags",
    "source",
    "author",
    "note",
    "paywall",
    "chapter_list",
    "date_from",
    "original_id",
    "document_length",
    "transcript_job_id",
    "ai_summary_needed",
    "ai_correction_needed",
    "s3_uuid",
    "project",
    "created_at",
)
#: What a list tells of each document.
LISTED = (
    "id",
    "url",
    "title",
    "document_type",
    "document_state",
    "document_state_error",
    "language",
    "tags",
    "source",
    "note",
    "project",
    "paywall",
    "s3_uuid",
    "created_at",
)
#: What a search looks into.
_SEARCHED = ("title", "text", "text_raw", "summary", "note", "url")


def _names(columns: tuple[str, ...] | list[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, columns))


def _clean(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values without NUL, the one character that PostgreSQL cannot store."""
    return {name: value.replace("\0", "") if isinstance(value, str) else value for name, value in values.items()}


def _measured(values: Mapping[str, Any]) -> dict[str, Any]:
    found = _clean(values)
    if isinstance(found.get("text"), str):
        found["document_length"] = len(found["text"])
    return found


def insert_once(cursor: extensions.cursor, values: Mapping[str, Any]) -> int | None:
    """Insert a document and return its id; `None` if there is one of that URL, which stays as it is."""
    row = _measured(values)
    statement = sql.SQL("INSERT INTO web_documents ({}) VALUES ({}) ON CONFLICT (url) DO NOTHING RETURNING id").format(
        _names(list(row)), sql.SQL(", ").join(map(sql.Placeholder, row))
    )
    cursor.execute(statement, row)
    found = cursor.fetchone()
    return found[0] if found else None


def save(cursor: extensions.cursor, values: Mapping[str, Any]) -> int:
    """Insert the document of a URL, or change the columns that are given; return its id."""
    row = _measured(values)
    inserted = {"document_type": "link", **row}
    # There is always something to set, so that the id comes back also when nothing else was given.
    changes: list[sql.Composable] = [sql.SQL("url = excluded.url")]
    changes += [sql.SQL("{0} = excluded.{0}").format(sql.Identifier(name)) for name in row if name != "url"]
    statement = sql.SQL(
        "INSERT INTO web_documents ({}) VALUES ({}) ON CONFLICT (url) DO UPDATE SET {} RETURNING id"
    ).format(_names(list(inserted)), sql.SQL(", ").join(map(sql.Placeholder, inserted)), sql.SQL(", ").join(changes))
    cursor.execute(statement, inserted)
    found = cursor.fetchone()
    assert found is not None
    return int(found[0])


def update(cursor: extensions.cursor, document_id: int, values: Mapping[str, Any]) -> int:
    """Change the columns that are given of the document `document_id`, and return its id.

    Raises:
        NotFound: if there is none.
        Conflict: if its new URL is another document's.
    """
    row = _measured(values)
    changes = [sql.SQL("{} = {}").format(sql.Identifier(name), sql.Placeholder(name)) for name in row]
    statement = sql.SQL("UPDATE web_documents SET {} WHERE id = %(key)s RETURNING id").format(
        sql.SQL(", ").join(changes or [sql.SQL("url = url")])
    )
    try:
        cursor.execute(statement, {**row, "key": document_id})
    except UniqueViolation as error:
        raise Conflict("Another document has this URL") from error
    if cursor.fetchone() is None:
        raise NotFound("There is no such document")
    return document_id


def get(cursor: extensions.cursor, document_id: int) -> dict[str, Any]:
    """Return a document.

    Raises:
        NotFound: if there is none.
    """
    cursor.execute(sql.SQL("SELECT {} FROM web_documents WHERE id = %s").format(_names(COLUMNS)), (document_id,))
    row = cursor.fetchone()
    if row is None:
        raise NotFound("There is no such document")
    return dict(zip(COLUMNS, row, strict=True))


def delete(cursor: extensions.cursor, document_id: int) -> bool:
    """Delete a document with its embeddings, and return whether it existed."""
    cursor.execute("DELETE FROM web_documents WHERE id = %s", (document_id,))
    return cursor.rowcount == 1


def _conditions(document_type: str | None, state: str | None) -> tuple[list[sql.Composable], dict[str, Any]]:
    given = {"document_type": document_type, "document_state": state}
    values = {name: value for name, value in given.items() if value is not None}
    return [sql.SQL("{} = {}").format(sql.Identifier(n), sql.Placeholder(n)) for n in values], values


def _where(conditions: list[sql.Composable]) -> sql.Composable:
    return sql.SQL(" WHERE ") + sql.SQL(" AND ").join(conditions) if conditions else sql.SQL("")


@dataclass(frozen=True, slots=True)
class Wanted:
    """The documents that a list shall hold; a filter that is `None` lets everything through."""

    document_type: str | None
    state: str | None
    search: str | None
    limit: int
    offset: int


def listing(cursor: extensions.cursor, wanted: Wanted) -> tuple[list[dict[str, Any]], int]:
    """Return documents, newest first, and the number of all that the filters let through."""
    conditions, values = _conditions(wanted.document_type, wanted.state)
    if wanted.search:
        # LIKE knows % and _, which stand for themselves here.
        escaped = wanted.search.replace("\0", "").replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        values["search"] = f"%{escaped}%"
        looks = [sql.SQL("{} ILIKE %(search)s").format(sql.Identifier(name)) for name in _SEARCHED]
        conditions.append(sql.SQL("({})").format(sql.SQL(" OR ").join(looks)))
    where = _where(conditions)
    cursor.execute(sql.SQL("SELECT count(*) FROM web_documents") + where, values)
    found = cursor.fetchone()
    assert found is not None
    statement = sql.SQL("SELECT {} FROM web_documents{} ORDER BY created_at DESC, id DESC LIMIT {} OFFSET {}").format(
        _names(LISTED), where, sql.Placeholder("limit"), sql.Placeholder("offset")
    )
    cursor.execute(statement, {**values, "limit": wanted.limit, "offset": wanted.offset})
    return [dict(zip(LISTED, row, strict=True)) for row in cursor.fetchall()], int(found[0])


def next_after(
    cursor: extensions.cursor, document_id: int, *, document_type: str | None, state: str | None
) -> dict[str, Any] | None:
    """Return the first document after `document_id` that the filters let through, else the first of all."""
    conditions, values = _conditions(document_type, state)
    statement = sql.SQL("SELECT id, document_type FROM web_documents{} ORDER BY id <= {}, id LIMIT 1").format(
        _where(conditions), sql.Placeholder("after")
    )
    cursor.execute(statement, {**values, "after": document_id})
    row = cursor.fetchone()
    return {"id": row[0], "document_type": row[1]} if row else None

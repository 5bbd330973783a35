"""A document as `url-add` describes it, in the queue and in DynamoDB, as a row of the database."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

#: Columns of the table, by the name in the description.
COLUMNS = {
    "url": "url",
    "type": "document_type",
    "title": "title",
    "language": "language",
    "note": "note",
    "source": "source",
    "chapter_list": "chapter_list",
    "paywall": "paywall",
    "ai_summary": "ai_summary_needed",
    "ai_correction": "ai_correction_needed",
    "s3_uuid": "s3_uuid",
    "created_at": "created_at",
}
#: Columns of the content, by the suffix of the object in S3.
CONTENT_COLUMNS = {"txt": "text", "html": "text_raw"}


def row(description: Mapping[str, Any], content: Mapping[str, str]) -> dict[str, Any]:
    """Return the values of a new row; `content` maps the suffixes of the objects to their texts."""
    values = {column: description[name] for name, column in COLUMNS.items() if description.get(name) is not None}
    return values | {"document_state": "URL_ADDED"} | {CONTENT_COLUMNS[kind]: text for kind, text in content.items()}

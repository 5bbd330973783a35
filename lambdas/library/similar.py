"""The documents nearest to a text, by the cosine distance of their embeddings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pgvector import Vector

if TYPE_CHECKING:
    from psycopg2 import extensions

#: A document has an embedding for each of its parts, so more are read than documents are wanted.
_PARTS, _MOST = 4, 4096
#: Index and filter agree only if the index yields rows until enough of that model are found (pgvector 0.8).
PREPARE = "SET LOCAL hnsw.iterative_scan = strict_order"
NEAREST = """
    SELECT website_id, text, embedding <=> %(vector)s::vector AS distance
    FROM websites_embeddings WHERE model = %(model)s ORDER BY embedding <=> %(vector)s::vector LIMIT %(rows)s
"""
_DOCUMENTS = "SELECT id, url, title, document_type, language FROM web_documents WHERE id = ANY(%s)"


def nearest(cursor: extensions.cursor, vector: list[float], model: str, limit: int) -> list[dict[str, Any]]:
    """Return the `limit` nearest documents, each with its nearest part, nearest first."""
    cursor.execute(PREPARE)
    parts: dict[int, tuple[str | None, float]] = {}
    rows = limit * _PARTS
    while True:
        cursor.execute(NEAREST, {"vector": Vector(vector).to_text(), "model": model, "rows": rows})
        found = cursor.fetchall()
        for document, text, distance in found:
            parts.setdefault(document, (text, distance))
        if len(parts) >= limit or len(found) < rows or rows >= _MOST:
            break
        rows *= 4
    chosen = list(parts)[:limit]
    cursor.execute(_DOCUMENTS, (chosen,))
    names = [column.name for column in cursor.description or ()]
    documents = {row[0]: dict(zip(names, row, strict=True)) for row in cursor.fetchall()}
    return [
        {**documents[n], "website_id": n, "text": parts[n][0], "distance": parts[n][1], "similarity": 1 - parts[n][1]}
        for n in chosen
        if n in documents
    ]

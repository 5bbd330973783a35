"""`app-server-db`: the documents in the database, for the front end."""

from __future__ import annotations

import math
from typing import Any

from library import database, documents, similar
from library.errors import BadRequest, NotFound
from library.kinds import DIMENSIONS, LONGEST_URL, STATES, TYPES
from library.logs import logger
from library.paywall import is_paid
from library.settings import setting
from library.splitting import parts
from library.web import LARGEST, Parameters, response, route, weight

#: What `website_save` may change.
_TEXTS = ("text", "text_english", "title", "language", "summary", "tags", "source", "author", "note")
#: What is left out of a document that is too large for an answer, in this order.
_OMITTED = ("text_raw", "text_md", "text_english", "text")
#: Length of a vector below which it is none.
_SHORTEST = 1e-9
#: What the front end sends to say that a filter is not set.
_ANY = "ALL"


@logger.inject_lambda_context(clear_state=True, log_event=False)
def lambda_handler(event: Any, context: object) -> dict[str, Any]:
    """Answer a request."""
    return route(event, ROUTES)


def _chosen(sent: Parameters, name: str, among: tuple[str, ...]) -> str | None:
    value = sent.text(name, _ANY, among=(*among, _ANY))
    return None if value == _ANY else value


def website_list(sent: Parameters) -> dict[str, Any]:
    """Return documents, newest first, and how many there are."""
    wanted = documents.Wanted(
        document_type=_chosen(sent, "type", TYPES),
        state=_chosen(sent, "document_state", STATES),
        search=sent.optional("search_in_document"),
        limit=sent.integer("limit", 100, least=1, most=1000),
        offset=sent.integer("offset", 0),
    )
    found, count = database.transaction(lambda cursor: documents.listing(cursor, wanted))
    return {"status": "success", "websites": found, "all_results_count": count}


def website_get(sent: Parameters) -> dict[str, Any]:
    """Return a document."""
    number = sent.integer("id", least=1)
    found = database.transaction(lambda cursor: documents.get(cursor, number))
    omitted: list[str] = []
    for name in _OMITTED:
        if weight(response(200, found)["body"]) < LARGEST - 1000:
            break
        if found[name]:
            omitted.append(name)
            found[name] = None
    return {"status": "success", **found, **({"omitted": omitted} if omitted else {})}


def website_delete(sent: Parameters) -> dict[str, Any]:
    """Delete a document."""
    number = sent.integer("id", least=1)
    if not database.transaction(lambda cursor: documents.delete(cursor, number)):
        raise NotFound("There is no such document")
    return {"status": "success", "message": "Deleted", "id": number}


def website_save(sent: Parameters) -> dict[str, Any]:
    """Insert a document, or change what is given of it."""
    values: dict[str, Any] = {name: sent.optional(name) for name in _TEXTS if sent.values.get(name) is not None}
    if sent.given("document_type"):
        values["document_type"] = sent.text("document_type", among=TYPES)
    if sent.given("document_state"):
        values["document_state"] = sent.text("document_state", among=STATES)
    if sent.given("url"):
        values["url"] = sent.text("url").replace("\0", "").strip()
        if not 0 < len(values["url"].encode()) <= LONGEST_URL:
            raise BadRequest(f"url must be at most {LONGEST_URL} bytes long")
    if sent.given("id"):
        number = sent.integer("id", least=1)
        saved = database.transaction(lambda cursor: documents.update(cursor, number, values))
    elif "url" in values:
        saved = database.transaction(lambda cursor: documents.save(cursor, values))
    else:
        raise BadRequest("id or url is missing")
    return {"status": "success", "message": "Saved", "id": saved}


def website_is_paid(sent: Parameters) -> dict[str, Any]:
    """Return whether a page is known to be behind a paywall."""
    return {"status": "success", "is_paid": is_paid(sent.text("url"))}


def website_get_next_to_correct(sent: Parameters) -> dict[str, Any]:
    """Return the document to review after `id`."""
    kind, state = _chosen(sent, "document_type", TYPES), _chosen(sent, "document_state", STATES)
    after = sent.integer("id", 0)
    found = database.transaction(lambda cursor: documents.next_after(cursor, after, document_type=kind, state=state))
    if found is None:
        raise NotFound("There is nothing to review")
    return {"status": "success", "next_id": found["id"], "next_type": found["document_type"]}


def website_similar(sent: Parameters) -> dict[str, Any]:
    """Return the documents whose embeddings are nearest to a vector."""
    vector = sent.numbers("embedds", DIMENSIONS)
    length = math.hypot(*vector)
    if length < _SHORTEST:
        raise BadRequest("embedds has no direction: all its numbers are 0")
    # The distance depends on the direction only, and these numbers are ones that a `vector` can hold.
    vector = [round(number / length, 9) for number in vector]
    model = sent.text("model", setting("EMBEDDING_MODEL"))
    limit = sent.integer("limit", 3, least=1, most=100)
    found = database.transaction(lambda cursor: similar.nearest(cursor, vector, model.replace("\0", ""), limit))
    return {"status": "success", "websites": found}


def website_split_for_embedding(sent: Parameters) -> dict[str, Any]:
    """Return a text in parts that are small enough for an embedding."""
    return {"status": "success", "text": parts(sent.text("text"), sent.lines("chapter_list"))}


ROUTES = {
    operation.__name__: operation
    for operation in (
        website_list,
        website_get,
        website_delete,
        website_save,
        website_is_paid,
        website_get_next_to_correct,
        website_similar,
        website_split_for_embedding,
    )
}

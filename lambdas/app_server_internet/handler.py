"""`app-server-internet`: what the front end needs from the internet: pages, models, translations."""

from __future__ import annotations

from typing import Any

from library import ai, translation
from library.download import download
from library.errors import BadRequest
from library.logs import logger
from library.page import decoded, parse
from library.settings import setting
from library.web import Parameters, route

_PLACE = "{text}"


@logger.inject_lambda_context(clear_state=True, log_event=False)
def lambda_handler(event: Any, context: object) -> dict[str, Any]:
    """Answer a request."""
    return route(event, ROUTES)


def website_download_text_content(sent: Parameters) -> dict[str, Any]:
    """Return what a page says."""
    page = download(sent.text("url").strip())
    found = parse(decoded(page.content, page.charset), page.kind)
    return {
        "status": "success",
        "url": page.url,
        "title": found.title,
        "text": found.text,
        "summary": found.summary,
        "language": found.language,
    }


def ai_embedding_get(sent: Parameters) -> dict[str, Any]:
    """Return the embedding of a text."""
    model = sent.text("model", setting("EMBEDDING_MODEL"))
    return {"status": "success", "model": model, "embedds": ai.embedding(sent.text("text"), model)}


def ai_ask(sent: Parameters) -> dict[str, Any]:
    """Return what a model answers to a question about a text."""
    query, text = sent.text("query"), sent.text("text")
    if _PLACE not in query:
        raise BadRequest(f"query must say with {_PLACE} where the text belongs")
    model = sent.text("model", setting("AI_MODEL_SUMMARY"))
    return {"status": "success", "model": model, "text": ai.ask(query.replace(_PLACE, text), model)}


def translate(sent: Parameters) -> dict[str, Any]:
    """Return a text in another language."""
    source, target = sent.text("source_language"), sent.text("target_language")
    return {"status": "success", "text": translation.translate(sent.text("text"), source, target)}


ROUTES = {
    operation.__name__: operation for operation in (website_download_text_content, ai_embedding_get, ai_ask, translate)
}

"""`sqs-weblink-put-into` (`url-add`): keeps a document in S3 and DynamoDB, and queues it for the database."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from boto3.dynamodb.types import TypeSerializer
from botocore.exceptions import BotoCoreError, ClientError
from library.errors import BadRequest, UpstreamFailure
from library.kinds import LONGEST_URL, TYPES
from library.logs import describe, excerpt, logger
from library.messages import FLAGS, TEXTS, checked
from library.settings import client, setting
from library.web import Parameters, answer, parameters

#: Seconds until the message can be seen: the items that it points to are everywhere by then.
DELAY = 10
_WEB_TYPES = ("movie", "youtube", "link", "webpage")


@logger.inject_lambda_context(clear_state=True, log_event=False)
def lambda_handler(event: Any, context: object) -> dict[str, Any]:
    """Store and queue the document that the request holds."""
    return answer(lambda: add(parameters(event)))


def add(sent: Parameters) -> dict[str, Any]:
    """Store content, then data, then queue them: what fails later leaves nothing that points to nowhere."""
    document_id = str(uuid.uuid4())
    now = datetime.now(UTC)
    document = described(sent)
    document |= {"document_id": document_id, "created_at": now.isoformat(timespec="milliseconds")}
    content = {"txt": sent.optional("text"), "html": sent.optional("html")}
    stored = {kind: text for kind, text in content.items() if text}
    if stored:
        document |= {"s3_uuid": document_id, "s3_content": sorted(stored)}
    message = checked(document)
    try:
        for kind, text in stored.items():
            _put_content(f"{document_id}.{kind}", kind, text)
        keys = {
            "pk": "DOCUMENT",
            "sk": f"{document['created_at']}#{document_id}",
            "created_date": now.date().isoformat(),
        }
        item = TypeSerializer().serialize(document | keys)["M"]
        client("dynamodb").put_item(TableName=setting("DYNAMODB_TABLE_NAME"), Item=item)
    except (ClientError, BotoCoreError) as error:
        raise UpstreamFailure("The document could not be stored") from error
    queued = _queue(message)
    logger.info("Stored", extra={"document_id": document_id, "queued": queued, "url": excerpt(document["url"])})
    text = (
        "Stored and queued"
        if queued
        else "Stored, but not queued: it reaches the database with a later synchronisation"
    )
    return {"status": "success", "message": text, "document_id": document_id, "queued": queued}


def described(sent: Parameters) -> dict[str, Any]:
    """Return what describes the document, without its content."""
    kind = sent.text("type", among=TYPES)
    url = sent.text("url").strip()
    if len(url.encode()) > LONGEST_URL or any(ord(c) <= 32 or ord(c) == 127 for c in url):
        raise BadRequest(f"url must be at most {LONGEST_URL} bytes long, without spaces")
    if kind in _WEB_TYPES and not _is_web_address(url):
        raise BadRequest("url must be an address of the web (http or https)")
    document: dict[str, Any] = {"url": url, "type": kind, "source": "own"}
    document |= {name: sent.optional(name) for name in TEXTS if name != "chapter_list" and sent.given(name)}
    chapters = sent.values.get("chapter_list")
    if text := sent.optional("chapter_list") if isinstance(chapters, str) else "\n".join(sent.lines("chapter_list")):
        document["chapter_list"] = text
    return document | {name: sent.flag(name) for name in FLAGS}


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False


def _put_content(key: str, kind: str, text: str) -> None:
    media = "text/html" if kind == "html" else "text/plain"
    client("s3").put_object(
        Bucket=setting("BUCKET_NAME"), Key=key, Body=text.encode(), ContentType=f"{media}; charset=utf-8"
    )


def _queue(message: str) -> bool:
    """Return whether the message was queued; without it DynamoDB still holds the document."""
    try:
        client("sqs").send_message(QueueUrl=setting("AWS_QUEUE_URL_ADD"), MessageBody=message, DelaySeconds=DELAY)
    except (ClientError, BotoCoreError, LookupError) as error:
        logger.error("Not queued", extra=describe(error))
        return False
    return True

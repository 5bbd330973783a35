"""`sqs-into-rds`: writes the document that a message of the queue describes into the database.

The state machine calls it with one message of SQS. `DatabaseUnavailable` leaves the message in the queue; any other
error sets it aside.
"""

from __future__ import annotations

from typing import Any

import psycopg2
from botocore.exceptions import BotoCoreError, ClientError
from library import database, documents, intake
from library.errors import (
    ContentUnavailable,
    DatabaseUnavailable,
    InsertionFailed,
    LoginRefused,
    MalformedMessage,
    MissingSetting,
)
from library.logs import excerpt, logger
from library.messages import CONTENT, decode
from library.settings import client, setting

#: Without the permission to list, S3 answers so for an object that does not exist ("GetObject", S3 API Reference).
_MISSING = ("NoSuchKey", "AccessDenied")


@logger.inject_lambda_context(clear_state=True, log_event=False)
def lambda_handler(event: Any, context: object) -> dict[str, Any]:
    """Insert the document unless its URL is known, and return the message's receipt handle."""
    if not isinstance(event, dict) or not isinstance(event.get("ReceiptHandle"), str):
        raise MalformedMessage("This is no message of SQS")
    message = decode(event.get("Body"))
    number = insert(intake.row(message, content(message)))
    result = "exists" if number is None else "inserted"
    logger.info("Message", extra={"result": result, "document": number, "url": excerpt(message["url"])})
    return {"statusCode": 200, "result": result, "id": number, "ReceiptHandle": event["ReceiptHandle"]}


def insert(values: dict[str, Any]) -> int | None:
    """Insert the document and return its number; `None` if its URL is known.

    Raises:
        DatabaseUnavailable: if another attempt may succeed.
        InsertionFailed: if none can, for it is the document that is at fault. PostgreSQL's own message, which quotes
            the document, would get into the log.
    """
    try:
        return database.transaction(lambda cursor: documents.insert_once(cursor, values))
    except (psycopg2.DataError, psycopg2.IntegrityError) as error:
        raise InsertionFailed(f"The database refuses the document: {error.pgcode}") from None
    except psycopg2.Error as error:
        raise DatabaseUnavailable(f"The database cannot store the document now: {error.pgcode}") from None
    except (LoginRefused, MissingSetting) as error:
        raise DatabaseUnavailable(str(error)) from None


def content(message: dict[str, Any]) -> dict[str, str]:
    """Return text and HTML of the document by their suffixes, as far as the message points to them.

    Raises:
        ContentUnavailable: if what it points to does not exist.
        DatabaseUnavailable: if S3 does not yield it now.
    """
    uuid = message.get("s3_uuid")
    if uuid is None:
        return {}
    # A message that does not say what was stored was stored as text, as HTML, or as both.
    kinds = message.get("s3_content") or CONTENT
    found = {kind: text for kind in kinds if (text := _read(f"{uuid}.{kind}")) is not None}
    if not found or ("s3_content" in message and len(found) < len(kinds)):
        raise ContentUnavailable(f"The content of {uuid} is not in S3")
    return found


def _read(key: str) -> str | None:
    try:
        body: bytes = client("s3").get_object(Bucket=setting("BUCKET_NAME"), Key=key)["Body"].read()
    except ClientError as error:
        if error.response["Error"]["Code"] in _MISSING:
            return None
        raise DatabaseUnavailable(f"S3 refuses {key} now") from None
    except BotoCoreError:
        raise DatabaseUnavailable(f"S3 does not yield {key} now") from None
    except MissingSetting as error:
        raise DatabaseUnavailable(str(error)) from None
    return body.decode("utf-8", "replace")

"""The message that `url-add` puts into the queue, and that `sqs-into-rds` takes out of it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from library.errors import BadRequest, MalformedMessage
from library.kinds import LONGEST_URL, TYPES

#: A state of Step Functions holds 256 KiB, and ten messages, each as JSON inside JSON.
LARGEST = 20 * 1024
TEXTS = ("title", "language", "note", "source", "chapter_list")
FLAGS = ("paywall", "ai_summary", "ai_correction")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
#: Kinds of content, which are the suffixes of the objects in S3.
CONTENT = ("txt", "html")


def encode(message: Mapping[str, Any]) -> str:
    """Return the message as SQS takes it, which refuses U+FFFE and U+FFFF: JSON can write them otherwise."""
    text = json.dumps(message, ensure_ascii=False)
    return text.replace("\ufffe", "\\ufffe").replace("\uffff", "\\uffff")


def size(encoded: str) -> int:
    """Return the bytes of an encoded message in a state, where it is a text inside JSON."""
    return len(json.dumps(encoded, ensure_ascii=False).encode())


def checked(message: Mapping[str, Any]) -> str:
    """Return the encoded message.

    Raises:
        BadRequest: if it is too large.
    """
    encoded = encode(message)
    if size(encoded) > LARGEST:
        longest = max(message, key=lambda name: size(encode({name: message[name]})))
        raise BadRequest(f"The document's data are larger than {LARGEST} bytes; the largest is {longest}")
    return encoded


def decode(body: Any) -> dict[str, Any]:
    """Return the message in `body`, checked.

    Raises:
        MalformedMessage: if it is not what `url-add` writes.
    """
    try:
        message = json.loads(body)
    except (TypeError, ValueError, RecursionError):
        raise MalformedMessage("The message is not JSON") from None
    if not isinstance(message, dict):
        raise MalformedMessage("The message is not a JSON object")
    url = message.get("url")
    if not isinstance(url, str) or not url.strip() or not _encodable(url) or len(url.encode()) > LONGEST_URL:
        raise MalformedMessage("url is missing or is no URL")
    if message.get("type") not in TYPES:
        raise MalformedMessage("type is missing or unknown")
    for name in TEXTS:
        if not isinstance(message.get(name, ""), str) or not _encodable(message.get(name, "")):
            raise MalformedMessage(f"{name} is not a text")
    for name in FLAGS:
        if not isinstance(message.get(name, False), bool):
            raise MalformedMessage(f"{name} is neither true nor false")
    _check_pointer(message)
    return message


def _encodable(text: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in text)


def _check_pointer(message: dict[str, Any]) -> None:
    uuid = message.get("s3_uuid")
    if uuid is not None and (not isinstance(uuid, str) or not _UUID.fullmatch(uuid)):
        raise MalformedMessage("s3_uuid is no UUID")
    content = message.get("s3_content", [])
    if not isinstance(content, list) or not all(kind in CONTENT for kind in content):
        raise MalformedMessage("s3_content is unknown")
    created = message.get("created_at")
    if created is None:
        return
    try:
        aware = datetime.fromisoformat(created).tzinfo is not None
    except (TypeError, ValueError):
        aware = False
    if not aware:
        raise MalformedMessage("created_at is no time with its zone")

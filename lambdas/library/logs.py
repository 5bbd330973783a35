"""The functions' log: JSON lines that never hold a secret, nor more than the beginning of a text."""

from __future__ import annotations

import traceback
from typing import Any

from aws_lambda_powertools import Logger

#: Characters of a text that may stand in the log.
LONGEST = 50

logger = Logger(service="lenie")


def excerpt(text: str) -> str:
    """Return the beginning of a text, for the log."""
    return text[:LONGEST]


def describe(error: BaseException) -> dict[str, Any]:
    """Return what the log tells of an error: type and place, not its message, which may quote what was sent."""
    frames = traceback.extract_tb(error.__traceback__)
    found: dict[str, Any] = {
        "error": f"{type(error).__module__}.{type(error).__qualname__}",
        "at": [f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in frames[-6:]],
    }
    if state := getattr(error, "pgcode", None):
        found["sqlstate"] = state
    return found

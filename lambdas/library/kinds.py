"""What documents are, and the states that they pass through."""

from __future__ import annotations

TYPES = ("movie", "youtube", "link", "webpage", "text_message", "text")

STATES = (
    "ERROR",
    "URL_ADDED",
    "NEED_TRANSCRIPTION",
    "TRANSCRIPTION_IN_PROGRESS",
    "TRANSCRIPTION_DONE",
    "TRANSCRIPTION_DONE_AND_SPLIT_BY_CHAPTERS",
    "NEED_MANUAL_REVIEW",
    "READY_FOR_TRANSLATION",
    "READY_FOR_EMBEDDING",
    "EMBEDDING_EXIST",
    "DOCUMENT_INTO_DATABASE",
    "NEED_CLEAN_TEXT",
    "NEED_CLEAN_MD",
    "TEXT_TO_MD_DONE",
    "MD_SIMPLIFIED",
)

#: Bytes of a URL: PostgreSQL indexes values of up to 2704 bytes.
LONGEST_URL = 2048
#: Numbers of an embedding (`vector(1536)`).
DIMENSIONS = 1536

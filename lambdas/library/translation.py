"""Translations by Amazon Translate."""

from __future__ import annotations

import re

from botocore.exceptions import BotoCoreError, ClientError

from library.errors import BadRequest, UpstreamFailure
from library.settings import client
from library.splitting import pieces

#: Bytes of one request ("TranslateText", Amazon Translate API Reference), and of a text that fits into 29 s.
_REQUEST, LARGEST = 10_000, 100_000
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z]{2,4})?")
_WRONG = (
    "UnsupportedLanguagePairException",
    "TextSizeLimitExceededException",
    "InvalidRequestException",
    "ValidationException",
)


def translate(text: str, source: str, target: str) -> str:
    """Return a text in the language `target`, with white space at the ends of its pieces as it was.

    Raises:
        BadRequest: if the languages or the text are none that Translate takes.
        UpstreamFailure: if it does not answer.
    """
    if len(text.encode()) > LARGEST:
        raise BadRequest(f"text must be at most {LARGEST} bytes long")
    for name, language in (("source_language", source), ("target_language", target)):
        if not LANGUAGE.fullmatch(language):
            raise BadRequest(f'{name} must be a language code such as "en"')
    return "".join(_piece(piece, source, target) for piece in pieces(text, _REQUEST))


def _piece(text: str, source: str, target: str) -> str:
    words = text.strip()
    if not words:
        return text
    start = len(text) - len(text.lstrip())
    before, after = text[:start], text[start + len(words) :]
    try:
        found = client("translate").translate_text(Text=words, SourceLanguageCode=source, TargetLanguageCode=target)
    except ClientError as error:
        if error.response["Error"]["Code"] in _WRONG:
            raise BadRequest("Amazon Translate does not translate this text between these languages") from error
        raise UpstreamFailure("Amazon Translate refused") from error
    except BotoCoreError as error:
        raise UpstreamFailure("Amazon Translate does not answer") from error
    return f"{before}{found['TranslatedText']}{after}"

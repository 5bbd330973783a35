"""Texts that aws-cdk-lib would read as something of its own."""

from __future__ import annotations

import re

#: What aws-cdk-lib takes for one of its tokens (core/lib/private/encoding of its sources): texts, and odd numbers.
_TOKEN = re.compile(r"[$#]\{Token\[[A-Za-z0-9:._-]*\]\}|-1\.\d{10,16}e\+289")


def token_in(text: str) -> str | None:
    """Return the part of `text` that aws-cdk-lib would take for one of its tokens, None if there is none."""
    if "Token[" not in text and "e+289" not in text:
        return None
    found = _TOKEN.search(text)
    return found and found.group()


def refused_token(token: str) -> tuple[str, str]:
    """Return message and help about a text that holds `token`."""
    return f'CDK would take "{token}" for one of its own tokens', "write the text differently"

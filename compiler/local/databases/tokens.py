"""Tokens of IAM by which users log in to a database.

A token is the signed URL of a request that nobody sends. The emulator has no secrets to check the signature with; it
checks everything else, as a wrong host, user or age is what goes wrong in practice.
Source: "Creating and using an IAM policy for IAM database access" and "Connecting to your DB instance using IAM
authentication", Amazon RDS User Guide.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

#: How long a token is good, and how far clocks may differ.
_LIFE, _SKEW = timedelta(minutes=15), timedelta(minutes=5)
_ALGORITHM = "AWS4-HMAC-SHA256"


def fault(token: str, host: str, port: int, user: str, now: datetime | None = None) -> str:
    """Return what is wrong with a token for `user` at `host` and `port`; nothing if it lets the user in."""
    try:
        parts = urlsplit(f"https://{token}")
        sent = {name: values[0] for name, values in parse_qs(parts.query).items()}
        place = (parts.hostname, parts.port)
    except ValueError:
        return "it is no token"
    if sent.get("Action") != "connect":
        return "it is no token"
    if place != (host, port):
        return f"it is for {place[0]}:{place[1]}"
    if sent.get("DBUser") != user:
        return f"it is for the user {sent.get('DBUser')}"
    scope = sent.get("X-Amz-Credential", "").split("/")
    if sent.get("X-Amz-Algorithm") != _ALGORITHM or len(scope) != 5 or scope[3:] != ["rds-db", "aws4_request"]:
        return "it is not signed for rds-db"
    if len(sent.get("X-Amz-Signature", "")) != 64:
        return "it has no signature"
    try:
        signed = datetime.strptime(sent.get("X-Amz-Date", ""), "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        life = min(_LIFE, timedelta(seconds=int(sent.get("X-Amz-Expires", "0"))))
    except ValueError:
        return "its time is none"
    current = now or datetime.now(UTC)
    if not signed - _SKEW <= current < signed + life:
        return "its time is over"
    return ""

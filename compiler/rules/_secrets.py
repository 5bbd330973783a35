"""Tells secrets from other texts: by the name they have, and by what they look like."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from itertools import pairwise
from math import log2

#: (what it is, pattern). Sources: the services' own pages on the formats of their tokens, as of 2025.
_FORMATS: tuple[tuple[str, str], ...] = (
    ("an access key of AWS", r"(?<![A-Za-z0-9])(?:AKIA|ASIA)[0-9A-Z]{16}(?![A-Za-z0-9])"),
    ("a private key", r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----"),
    ("a token of GitHub", r"\bgh[opsru]_[A-Za-z0-9]{30,}|\bgithub_pat_[A-Za-z0-9_]{30,}"),
    ("a token of GitLab", r"\bglpat-[A-Za-z0-9_-]{20,}"),
    ("a key of OpenAI", r"(?<![A-Za-z0-9-])sk-(?=[A-Za-z0-9_-]*[0-9])[A-Za-z0-9_-]{20,}"),
    ("a key of Stripe", r"\b[rs]k_(?:live|test)_[A-Za-z0-9]{16,}"),
    ("a token of Slack", r"\bxox[abeoprs]-[A-Za-z0-9-]{10,}|hooks\.slack\.com/services/[A-Za-z0-9/]{20,}"),
    ("a key of Google", r"\bAIza[A-Za-z0-9_-]{35}"),
    ("a JSON web token", r"\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}"),
    ("a password in a URL", r"(?<=://)[^\s/:@$]+:(?!\$\{|\{\{)[^\s/:@]+(?=@)"),
)
_START = re.compile(
    r"AKIA|ASIA|-----BEGIN|gh[opsru]_|github_pat_|glpat-|sk-|k_live_|k_test_|xox|slack|AIza|eyJ|://[^/]*@"
)

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_NAMES = frozenset(
    {"credential", "credentials", "passphrase", "passwd", "password", "passwords", "pwd", "secret", "secrets", "token"}
)
_PAIRS = frozenset({("access", "key"), ("api", "key"), ("private", "key"), ("secret", "key"), ("signing", "key")})
_SQUEEZED = frozenset({"apikey", "accesskey", "privatekey", "secretkey", "apitoken", "authtoken", "dbpassword"})
#: What ends the name of something about a secret: its name, its age, its length.
_ABOUT = frozenset(
    {"arn", "count", "days", "description", "enabled", "expiry", "field", "file", "format", "id", "ids", "length"}
    | {"audience", "endpoint", "expiration", "header", "host", "issuer", "prefix", "suffix", "template", "units"}
    | {"limit", "location", "name", "names", "path", "policy", "source", "ttl", "type", "url", "version"}
)

_LONG = re.compile(r"(?<![A-Za-z0-9+/_=-])[A-Za-z0-9+/_-]{32,}={0,2}(?![A-Za-z0-9+/_=-])")
#: Long texts that are public: SSH keys, certificates, digests with their method, documentation values of AWS.
_PUBLIC = re.compile(r"^(?:ssh-|ecdsa-)|-----BEGIN (?:CERTIFICATE|[A-Z ]*PUBLIC KEY)|^sha(?:256|384|512)-")
_EXAMPLE = re.compile(r"EXAMPLE(?:KEY)?$")
_DIGITS = re.compile(r"[0-9]+")
_WORDS = re.compile(r"[a-z]{8,}")
#: Bits of entropy for a character: random Base64 of 32 characters has about 4.5, words and names stay below 4.
_RANDOM = 4.1


@cache
def named_secret(key: str) -> bool:
    """Return whether `key` says that its value is a secret: ``DB_PASSWORD``, ``apiKey``; not ``TOKEN_LIMIT``."""
    words = [word.lower() for word in _WORD.findall(key)]
    if not words or words[-1] in _ABOUT or "public" in words:
        return False
    pairs = pairwise(words)
    return bool(_NAMES.intersection(words) or _SQUEEZED.intersection(words) or _PAIRS.intersection(pairs))


def secret_in(text: str) -> tuple[str, str] | None:
    """Return what kind of secret `text` holds, and the secret, or `None`."""
    if _START.search(text):
        for what, pattern in _FORMATS:
            match = re.search(pattern, text)
            if match and not _EXAMPLE.search(match.group()):
                return what, match.group()
    if len(text) >= 32 and not _PUBLIC.search(text):
        for match in _LONG.finditer(text):
            if _is_random(match.group()):
                return "a random text, such as a key", match.group()
    return None


def mask(secret: str) -> str:
    """Return what may be shown of a secret: enough to recognise it, too little to use it."""
    return f"{secret[:4]}*** ({len(secret)} characters)" if len(secret) >= 16 else f"*** ({len(secret)} characters)"


def _is_random(text: str) -> bool:
    """Whether letters of both cases and digits alternate as in no word, name or number."""
    if _EXAMPLE.search(text) or _WORDS.search(text) or len(_DIGITS.findall(text)) < 2:
        return False
    if text.lower() == text or text.upper() == text:
        return False
    counts = Counter(text)
    entropy = -sum(n / len(text) * log2(n / len(text)) for n in counts.values())
    return entropy >= _RANDOM

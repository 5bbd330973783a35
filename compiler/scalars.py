"""What a plain (unquoted) YAML scalar means.

YAML 1.1 and 1.2 disagree on many spellings (``yes``, ``022``, ``12:30:45``), and editors, formatters and other readers
follow one or the other. So a plain scalar that either version reads as something else than text is accepted only in its
one canonical spelling: ``true``, ``false``, ``null``, ``42``, ``-1``, ``0.5``. Every other spelling is refused, and
with it what loses something as a number, such as the version ``3.10`` or the account ``000123456789``.

Sources: https://yaml.org/type/ (1.1) and https://yaml.org/spec/1.2.2/#103-core-schema (1.2).
"""

from __future__ import annotations

import re

Scalar = str | int | float | bool | None

_WORDS: dict[str, Scalar] = {"": None, "null": None, "true": True, "false": False}
_MEANT = {
    "y": "true", "yes": "true", "on": "true", "true": "true",
    "n": "false", "no": "false", "off": "false", "false": "false",
    "~": "null", "null": "null",
}  # fmt: skip
_MAYBE_SPECIAL = re.compile(r"[-+]?\.?[0-9]|[-+]?\.(?:inf|nan)$|[ynotf~]", re.IGNORECASE)
_INTEGER = re.compile(r"0|-?[1-9][0-9]{0,17}")
_FRACTION = re.compile(r"-?(?:0|[1-9][0-9]*)\.[0-9]+")
_NUMBER = re.compile(
    r"""[-+]?(?:
          [0-9][0-9_]*                                        # 022, 1_000, +5
        | 0b_*[01][01_]* | 0o_*[0-7][0-7_]* | 0x_*[0-9a-f][0-9a-f_]*  # 0x1F
        | (?:[0-9][0-9_]*\.[0-9_]*|\.[0-9][0-9_]*)            # 1. and .5
        | (?:[0-9][0-9_]*\.?[0-9_]*|\.[0-9][0-9_]*)e[-+]?[0-9]+  # 1e3
        | [0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*              # 1:30.5, a number to the base 60
        | [1-9][0-9_]*(?::[0-5]?[0-9])+                       # 12:30:45
        | \.inf | \.nan
        )""",
    re.VERBOSE | re.IGNORECASE,
)
_BASES = {"0b": 2, "0o": 8, "0x": 16}


class Ambiguous(ValueError):
    """A plain scalar that does not mean the same to every reader of YAML."""

    def __init__(self, text: str, meant: str = "", why: str = "does not mean the same to every reader of YAML") -> None:
        self.text = text
        shown = text if len(text) <= 40 else text[:37] + "..."
        #: What is wrong, and what to write instead.
        self.message = f"{shown} {why}"
        self.help = f'write {meant}, or "{shown}" in quotes' if meant else f'write "{shown}" in quotes if it is text'
        super().__init__(self.message)


def resolve(text: str) -> Scalar:
    """Return the value of the plain scalar `text`.

    Raises:
        Ambiguous: the spelling means different things in YAML 1.1 and 1.2, or is not that of its value.
    """
    if text in _WORDS:
        return _WORDS[text]
    if not _MAYBE_SPECIAL.match(text) and text not in ("NULL", "Null"):
        return text
    if _INTEGER.fullmatch(text):
        return int(text)
    if _FRACTION.fullmatch(text):
        number = float(text)
        if repr(number) == text:
            return number
        raise Ambiguous(text, _canonical(text), f"is the number {number} to YAML")
    if text.lower() in _MEANT:
        raise Ambiguous(text, _MEANT[text.lower()])
    if _NUMBER.fullmatch(text):
        raise Ambiguous(text, _canonical(text))
    return text


def resolve_key(text: str) -> str:
    """Return the plain mapping key `text`; a decimal number such as a port stays the text that it is written as.

    Raises:
        Ambiguous: `text` would be a truth value, null or a number in another spelling.
    """
    try:
        value = resolve(text)
    except Ambiguous as fault:
        raise Ambiguous(text) from fault
    if value is None or isinstance(value, bool):
        raise Ambiguous(text, why="is not text, as a key must be")
    return text


def _canonical(text: str) -> str:
    """Return the accepted spelling of the number that the author of `text` probably means, or nothing."""
    digits = text.replace("_", "").lower()
    sign = "-" if digits.startswith("-") else ""
    body = digits.lstrip("+-")
    if ":" in body or body in (".inf", ".nan") or len(body) > 18:
        return ""
    if body[:2] in _BASES:
        value = str(int(body[2:], _BASES[body[:2]]))
    elif body.isdigit():
        # 022 is 18 to YAML 1.1 and 22 to YAML 1.2: nobody can say which one was meant.
        value = body if text.startswith("+") or "_" in text or body == "0" else ""
        value = value.lstrip("0") or ("0" if value else "")
    else:
        number = float(body)
        value = str(int(number)) if number.is_integer() and "e" in body and number < 1e15 else repr(number)
    if value == "0":
        sign = ""
    known = _INTEGER.fullmatch(value) or _FRACTION.fullmatch(value)
    return sign + value if known else ""

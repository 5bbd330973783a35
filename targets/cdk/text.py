"""Texts as Python writes them: quotes as `ruff format` chooses them, long ones divided where people would."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple


class Filled(NamedTuple):
    """A Python expression whose value is filled in. It holds no quotes, backslashes and braces."""

    code: str


Piece = str | Filled

_ESCAPES = {"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
#: Texts that need no second look.
_SIMPLE = re.compile(r"[ !#-&(-\[\]-~]*")


def width(text: str) -> int:
    """Return the columns that `text` takes; wide letters take two, and combining ones none."""
    if text.isascii():
        return len(text)
    from unicodedata import combining, east_asian_width

    return sum(0 if combining(c) else 2 if east_asian_width(c) in "FW" else 1 for c in text)


@lru_cache(maxsize=8192)
def quoted(text: str) -> str:
    """Return a text on one line."""
    if _SIMPLE.fullmatch(text):
        return f'"{text}"'
    return _quoted([_escape(c) for c in text], text, "")


def one_line(pieces: Sequence[Piece]) -> str:
    """Return a text with pieces filled in, on one line."""
    if len(pieces) == 1 and isinstance(pieces[0], str):
        return quoted(pieces[0])
    return _joined(list(_units(pieces)))


def split_text(pieces: Sequence[Piece], limit: int) -> list[str]:
    """Return a text as several that Python joins, each at most `limit` columns wide.

    They end where lines of the text end, or else after spaces, if there are any.
    """
    parts: list[str] = []
    line: list[str | Filled] = []
    columns = 0
    for unit in _units(pieces):
        columns_of = _columns(unit)
        # Two quotes and the letter f.
        if line and columns + columns_of + 3 > limit:
            end = next((n for n in range(len(line), 0, -1) if line[n - 1] == " "), len(line))
            parts.append(_joined(line[:end]))
            line = line[end:]
            columns = sum(map(_columns, line))
        line.append(unit)
        columns += columns_of
        if unit == "\n":
            parts.append(_joined(line))
            line, columns = [], 0
    if line:
        parts.append(_joined(line))
    return parts


def block(text: str, limit: int) -> list[str]:
    """Return a text of many lines in triple quotes, which start at the first column; longer lines are continued."""
    lines = ['"""\\']
    rows = text.split("\n")
    for number, row in enumerate(rows):
        last = number == len(rows) - 1
        units = ['\\"' if c == '"' and row[i : i + 3] == '"""' else _escape(c) for i, c in enumerate(row)]
        if units and units[-1] == '"' and last:
            units[-1] = '\\"'
        if units and units[-1] == " " and not last:
            units[-1] = "\\x20"
        room = limit - (3 if last else 0)
        while sum(map(width, units)) > room:
            end = _break(units, limit - 1)
            lines.append("".join(units[:end]) + "\\")
            units = units[end:]
        lines.append("".join(units) + ('"""' if last else ""))
    return lines


def _break(units: list[str], limit: int) -> int:
    """Return how many of `units` stand on a line of at most `limit` columns: up to a space, if there is one."""
    count = columns = 0
    while columns + width(units[count]) <= limit:
        columns += width(units[count])
        count += 1
    # A space at the end of a line would be taken for a mistake: the continuation begins with it.
    return next((n for n in range(count, 0, -1) if units[n] == " " and units[n - 1] != " "), count)


def _units(pieces: Sequence[Piece]) -> Iterator[str | Filled]:
    """Yield single characters, and what is filled in."""
    for piece in pieces:
        if isinstance(piece, str):
            yield from piece
        else:
            yield piece


def _columns(unit: str | Filled) -> int:
    if isinstance(unit, Filled):
        return len(unit.code) + 2
    return width(_escape(unit)) + (unit in "{}\"'")


def _joined(units: Sequence[str | Filled]) -> str:
    filled = any(isinstance(unit, Filled) for unit in units)
    text = "".join(unit for unit in units if isinstance(unit, str))
    if not filled:
        return quoted(text)
    shown = [
        f"{{{unit.code}}}" if isinstance(unit, Filled) else unit * 2 if unit in "{}" else _escape(unit)
        for unit in units
    ]
    return _quoted(shown, text, "f")


def _quoted(units: list[str], text: str, prefix: str) -> str:
    """Return escaped `units` between quotes: double ones, unless single ones need fewer backslashes."""
    quote = "'" if text.count('"') > text.count("'") else '"'
    return prefix + quote + "".join(f"\\{unit}" if unit == quote else unit for unit in units) + quote


def _escape(character: str) -> str:
    if character.isprintable():
        return "\\\\" if character == "\\" else character
    code = ord(character)
    if character in _ESCAPES:
        return _ESCAPES[character]
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"

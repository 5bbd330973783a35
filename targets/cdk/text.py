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
#: Texts that stand between quotes as they are, in f-strings, too.
_SIMPLE = re.compile(r"[ !#-&(-\[\]-z|~]*")
_PLAIN = re.compile(r"[ !#-&(-\[\]-~]*")
#: Lines that stand between triple quotes as they are.
_HARMLESS = re.compile(r'(?:(?!""")[ -\[\]-~])*')
#: Where a text can be divided.
_ENDS = re.compile(r"[ \n]")


def width(text: str) -> int:
    """Return the columns that `text` takes; wide letters take two, and combining ones none."""
    if text.isascii():
        return len(text)
    from unicodedata import combining, east_asian_width

    return sum(0 if combining(c) else 2 if east_asian_width(c) in "FW" else 1 for c in text)


@lru_cache(maxsize=8192)
def quoted(text: str) -> str:
    """Return a text on one line."""
    if _PLAIN.fullmatch(text):
        return f'"{text}"'
    return _quoted([_escape(c) for c in text], text, "")


def one_line(pieces: Sequence[Piece]) -> str:
    """Return a text with pieces filled in, on one line."""
    if len(pieces) == 1 and isinstance(pieces[0], str):
        return quoted(pieces[0])
    return _joined(pieces)


def split_text(pieces: Sequence[Piece], limit: int) -> list[str]:
    """Return a text as several that Python joins, each at most `limit` columns wide.

    They end where lines of the text end, or else after spaces, if there are any.
    """
    # Two quotes and the letter f.
    room = limit - 3
    parts: list[str] = []
    line: list[Piece] = []
    columns = 0
    for word in _words(pieces):
        size = sum(map(_columns, word))
        if line and columns + size > room:
            parts.append(_joined(line))
            line, columns = [], 0
        if size > room:
            *whole, line = _pieces_of(word, room)
            parts += map(_joined, whole)
            columns = sum(map(_columns, line))
        else:
            line += word
            columns += size
        if word[-1][-1:] == "\n":
            parts.append(_joined(line))
            line, columns = [], 0
    return [*parts, _joined(line)] if line else parts


def _words(pieces: Sequence[Piece]) -> Iterator[list[Piece]]:
    """Yield the text up to each space or end of a line."""
    word: list[Piece] = []
    for piece in pieces:
        start = 0
        if isinstance(piece, str):
            for found in _ENDS.finditer(piece):
                yield [*word, piece[start : found.end()]]
                word, start = [], found.end()
        if start == 0 or start < len(piece):
            word.append(piece[start:] if isinstance(piece, str) else piece)
    if word:
        yield word


def _pieces_of(word: list[Piece], room: int) -> list[list[Piece]]:
    """Return a word that is wider than a line in lines."""
    lines: list[list[Piece]] = [[]]
    columns = 0
    for unit in (u for piece in word for u in (piece if isinstance(piece, str) else [piece])):
        size = _columns(unit)
        if lines[-1] and columns + size > room:
            lines.append([])
            columns = 0
        lines[-1].append(unit)
        columns += size
    return lines


def _columns(piece: Piece) -> int:
    """Return the columns that a piece takes at most."""
    if isinstance(piece, Filled):
        return len(piece.code) + 2
    if _SIMPLE.fullmatch(piece):
        return len(piece)
    return sum(width(_escape(c)) + (c in "{}\"'") for c in piece)


def block(text: str, limit: int) -> list[str]:
    """Return a text of many lines in triple quotes, which start at the first column; longer lines are continued."""
    lines = ['"""\\']
    rows = text.split("\n")
    for number, row in enumerate(rows):
        last = number == len(rows) - 1
        room = limit - 3 if last else limit
        if _HARMLESS.fullmatch(row) and len(row) <= room and not row.endswith((" ", '"')):
            lines.append(row)
            continue
        units = ['\\"' if c == '"' and row[i : i + 3] == '"""' else _escape(c) for i, c in enumerate(row)]
        if units and units[-1] == '"' and last:
            units[-1] = '\\"'
        if units and units[-1] == " " and not last:
            units[-1] = "\\x20"
        while sum(map(width, units)) > room:
            end = _break(units, limit - 1)
            lines.append("".join(units[:end]) + "\\")
            units = units[end:]
        lines.append("".join(units))
    lines[-1] += '"""'
    return lines


def _break(units: list[str], limit: int) -> int:
    """Return how many of `units` stand on a line of at most `limit` columns: up to a space, if there is one."""
    count = columns = 0
    while count < len(units) - 1 and columns + width(units[count]) <= limit:
        columns += width(units[count])
        count += 1
    # A space at the end of a line would be taken for a mistake: the continuation begins with it.
    return next((n for n in range(count, 0, -1) if units[n] == " " and units[n - 1] != " "), count)


def _joined(pieces: Sequence[Piece]) -> str:
    """Return pieces as one literal, an f-string if anything is filled in."""
    text = "".join(piece for piece in pieces if isinstance(piece, str))
    if not any(isinstance(piece, Filled) for piece in pieces):
        return quoted(text)
    shown: list[str] = []
    for piece in pieces:
        if isinstance(piece, Filled):
            shown.append(f"{{{piece.code}}}")
        elif _SIMPLE.fullmatch(piece):
            shown.append(piece)
        else:
            shown += (c * 2 if c in "{}" else _escape(c) for c in piece)
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

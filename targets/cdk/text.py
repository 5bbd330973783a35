"""Texts as Python writes them: quotes as `ruff format` chooses them, long ones divided where people would."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple


class Filled(NamedTuple):
    """A Python expression whose value is filled in. It holds no quotes, backslashes and braces."""

    code: str


Piece = str | Filled

_ESCAPES = {"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def width(text: str) -> int:
    """Return the columns that `text` takes; wide letters take two, and combining ones none."""
    if text.isascii():
        return len(text)
    from unicodedata import combining, east_asian_width

    return sum(0 if combining(c) else 2 if east_asian_width(c) in "FW" else 1 for c in text)


@lru_cache(maxsize=8192)
def quoted(text: str) -> str:
    """Return a text on one line."""
    if text.isprintable() and '"' not in text and "\\" not in text:
        return f'"{text}"'
    return _quoted(escaped(text), text, "")


def escaped(text: str) -> str:
    """Return a text as it stands between quotes that it does not hold."""
    if text.isprintable():
        return text.replace("\\", "\\\\")
    return "".join(map(_escape, text))


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
        if isinstance(piece, Filled):
            word.append(piece)
            continue
        for line in piece.splitlines(keepends=True) if "\n" in piece else (piece,):
            *spaced, last = line.split(" ")
            for part in spaced:
                yield [*word, f"{part} "]
                word = []
            if last:
                word.append(last)
            if last.endswith("\n"):
                yield word
                word = []
    if word:
        yield word


def _pieces_of(word: list[Piece], room: int) -> list[list[Piece]]:
    """Return a word that is wider than a line in lines."""
    lines: list[list[Piece]] = [[]]
    columns = 0
    for piece in word:
        rest = piece
        while _columns(rest) > room - columns:
            count = 0
            if isinstance(rest, str):
                count = min(len(rest) - 1, room - columns)
                while count > 0 and _columns(rest[:count]) > room - columns:
                    count -= 1
                lines[-1] += [rest[:count]] if count else []
                rest = rest[count:]
            if count == 0 and columns == 0:
                # Wider than a whole line, and not to be divided.
                break
            lines.append([])
            columns = 0
        lines[-1].append(rest)
        columns += _columns(rest)
    return lines


def _columns(piece: Piece) -> int:
    """Return the columns that a piece takes at most."""
    if isinstance(piece, Filled):
        return len(piece.code) + 2
    end = 2 if piece[-1] == "\n" else 0
    text = piece[:-1] if end else piece
    if text.isascii() and text.isprintable():
        return end + len(text) + sum(text.count(c) for c in "\"'{}\\")
    return sum(width(_escape(c)) + (c in "{}\"'") for c in piece)


def block(text: str, limit: int, starts: list[int] | None = None) -> list[str]:
    """Return a text of many lines in triple quotes, which start at the first column; longer lines are continued.

    `starts` gets for each line of the text how many lines stand before it.
    """
    lines = ['"""\\']
    rows = text.split("\n")
    for number, row in enumerate(rows):
        if starts is not None:
            starts.append(len(lines))
        last = number == len(rows) - 1
        room = limit - 3 if last else limit
        harmless = row.isascii() and row.isprintable() and "\\" not in row and '"""' not in row
        if harmless and len(row) <= room and not row.endswith((" ", '"')):
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
    shown = [
        f"{{{piece.code}}}" if isinstance(piece, Filled) else escaped(piece).replace("{", "{{").replace("}", "}}")
        for piece in pieces
    ]
    return _quoted("".join(shown), text, "f")


def _quoted(shown: str, text: str, prefix: str) -> str:
    """Return what is `shown` of `text` between quotes: double ones, unless single ones need fewer backslashes."""
    quote = "'" if text.count('"') > text.count("'") else '"'
    return prefix + quote + shown.replace(quote, f"\\{quote}") + quote


def _escape(character: str) -> str:
    if character.isprintable():
        return "\\\\" if character == "\\" else character
    code = ord(character)
    if character in _ESCAPES:
        return _ESCAPES[character]
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"

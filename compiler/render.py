"""Turns diagnostics into text with code frames, or into JSON."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from lenie.compiler.diagnostics import Diagnostic, Label, Severity

WIDTH = 120
_TAB = 4
_ELLIPSIS = "..."
#: Whatever moves the cursor, reorders text or is not seen: it must not reach a terminal, nor hide in a frame.
_INVISIBLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
_PLAIN = re.compile("[\x20-\x7e]*")
_COLOURS = {Severity.ERROR: "1;31", Severity.WARNING: "1;33", Severity.NOTE: "1;36"}
_FRAME = "1;34"
_BOLD = "1"


def render_text(
    diagnostics: Iterable[Diagnostic],
    sources: Mapping[str, Sequence[str]],
    colour: bool = False,
    *,
    width: int = WIDTH,
) -> str:
    """Return `diagnostics` as text, each with the lines that it is about; there is no newline at the end.

    `sources` holds the lines of each file by the name that spans give it; a place in another file is named without its
    lines. Lines longer than `width` columns are clipped around the place. Secrets are hidden in every frame.
    """
    listed = list(diagnostics)
    shown = _without_secrets(listed, sources)
    return "\n\n".join(_Block(diagnostic, shown, colour, width).render() for diagnostic in listed)


def render_frames(
    labels: Sequence[Label], sources: Mapping[str, Sequence[str]], colour: bool = False, *, width: int = WIDTH
) -> str:
    """Return the frames of `labels`, without anything that is said about them; see `render_text`."""
    shown = Diagnostic("", Severity.NOTE, "", tuple(labels))
    return "\n".join(_Block(shown, _without_secrets([shown], sources), colour, width).frames())


def render_json(diagnostics: Iterable[Diagnostic]) -> str:
    """Return `diagnostics` as a JSON list; its members are documented by their names and do not change."""
    return json.dumps([_as_data(diagnostic) for diagnostic in diagnostics], indent=2)


def summary(diagnostics: Iterable[Diagnostic]) -> str:
    """Return how many diagnostics there are of each severity: ``2 errors, 1 warning``."""
    found = [diagnostic.severity for diagnostic in diagnostics]
    counts = ((found.count(severity), severity.value) for severity in Severity)
    return ", ".join(f"{count} {word}{'' if count == 1 else 's'}" for count, word in counts if count) or "no errors"


def visible(text: str) -> str:
    """Return `text` with every control and formatting character spelled out, as ``<U+001B>``."""
    return _INVISIBLE.sub(lambda match: f"<U+{ord(match[0]):04X}>", text)


def _without_secrets(
    diagnostics: Sequence[Diagnostic], sources: Mapping[str, Sequence[str]]
) -> Mapping[str, Sequence[str]]:
    """Return `sources` with stars in place of what secret labels mark."""
    secret = [label.span for diagnostic in diagnostics for label in diagnostic.labels if label.secret]
    if not secret:
        return sources
    hidden = {file: list(lines) for file, lines in sources.items()}
    for span in secret:
        lines = hidden.get(span.file, [])
        for number in range(span.line, min(span.end_line, len(lines)) + 1):
            line = lines[number - 1]
            start = span.column - 1 if number == span.line else 0
            end = span.end_column - 1 if number == span.end_line else len(line)
            lines[number - 1] = line[:start] + re.sub(r"\S", "*", line[start:end]) + line[end:]
    return hidden


def _as_data(diagnostic: Diagnostic) -> dict[str, object]:
    return {
        "code": diagnostic.code,
        "severity": diagnostic.severity.value,
        "message": diagnostic.message,
        "help": diagnostic.help,
        "labels": [
            {
                "file": label.span.file,
                "line": label.span.line,
                "column": label.span.column,
                "end_line": label.span.end_line,
                "end_column": label.span.end_column,
                "text": label.text,
            }
            for label in diagnostic.labels
        ],
    }


class _Block:
    """The text of one diagnostic."""

    def __init__(self, diagnostic: Diagnostic, sources: Mapping[str, Sequence[str]], colour: bool, width: int) -> None:
        self.diagnostic = diagnostic
        self.sources = sources
        self.colour = colour
        shown = [label.span.line for label in diagnostic.labels if self._line(label) is not None]
        self.gutter = len(str(max(shown))) if shown else 1
        self.room = max(width - self.gutter - 3, 20)

    def render(self) -> str:
        """Return the heading, a frame for each file, and the help."""
        found = self.diagnostic
        paint = _COLOURS[found.severity]
        heading = self._paint(f"{found.severity.value}[{found.code}]", paint)
        lines = [f"{heading}{self._paint(': ' + visible(found.message), _BOLD)}", *self.frames()]
        if found.help:
            margin = " " * self.gutter
            if self._line_shown():
                lines.append(self._paint(f"{margin} |", _FRAME))
            first, *rest = found.help.splitlines()
            lines.append(f"{margin} {self._paint('=', _FRAME)} {self._paint('help', _BOLD)}: {visible(first)}")
            lines += [f"{margin}         {visible(line)}".rstrip() for line in rest]
        return "\n".join(lines)

    def frames(self) -> list[str]:
        """Return a frame for each file."""
        lines: list[str] = []
        files = dict.fromkeys(label.span.file for label in self.diagnostic.labels)
        for number, file in enumerate(files):
            labels = [label for label in self.diagnostic.labels if label.span.file == file]
            lines += self._frame(labels, "-->" if number == 0 else ":::")
        return lines

    def _frame(self, labels: list[Label], arrow: str) -> list[str]:
        """Return the place of the first label, and every label's line with marks below it, in the file's order."""
        span = labels[0].span
        margin = " " * self.gutter
        place = f"{visible(span.file)}:{span.line}:{span.column}"
        out = [f"{margin}{self._paint(arrow, _FRAME)} {place}"]
        ordered = sorted((label for label in labels if self._line(label) is not None), key=lambda label: label.span)
        previous = None
        for label in ordered:
            line = label.span.line
            if previous is None:
                out.append(self._paint(f"{margin} |", _FRAME))
            elif line > previous + 1:
                out.append(self._paint(_ELLIPSIS, _FRAME))
            text, marks = self._marked(label)
            if line != previous or len(text) >= self.room:
                out.append(f"{self._paint(f'{line:>{self.gutter}} |', _FRAME)} {text}".rstrip())
            out.append(f"{self._paint(f'{margin} |', _FRAME)} {marks}")
            previous = line
        return out

    def _marked(self, label: Label) -> tuple[str, str]:
        """Return the line of `label`, clipped around its place, and the marks below it."""
        line, span = self._line(label) or "", label.span
        cells = _cells(line)
        start = min(span.column - 1, len(cells))
        end = min(span.end_column - 1, len(cells)) if span.end_line == span.line else len(cells)
        before, last = sum(w for _, w in cells[:start]), sum(w for _, w in cells[:end])
        text, offset = _clip(cells, before, last, self.room)
        limit = max(sum(w for _, w in _cells(text)), before - offset + 1)
        length = max(min(last - offset, limit) - (before - offset), 1)
        primary = label is self.diagnostic.labels[0]
        marks = ("^" if primary else "-") * length + (f" {visible(label.text)}" if label.text else "")
        paint = _COLOURS[self.diagnostic.severity] if primary else _FRAME
        return text, " " * (before - offset) + self._paint(marks, paint)

    def _line(self, label: Label) -> str | None:
        lines = self.sources.get(label.span.file, ())
        return lines[label.span.line - 1] if 0 < label.span.line <= len(lines) else None

    def _line_shown(self) -> bool:
        return any(self._line(label) is not None for label in self.diagnostic.labels)

    def _paint(self, text: str, code: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.colour else text


def _cells(line: str) -> list[tuple[str, int]]:
    """Return for each character what is shown for it, and how many columns that takes."""
    if _PLAIN.fullmatch(line):
        return [(char, 1) for char in line]
    cells: list[tuple[str, int]] = []
    column = 0
    for char in line:
        if char == "\t":
            shown = " " * (_TAB - column % _TAB)
            width = len(shown)
        elif (shown := visible(char)) != char:
            width = len(shown)
        elif unicodedata.category(char) in ("Mn", "Me") or "\ufe00" <= char <= "\ufe0f":
            width = 0
        else:
            width = 2 if unicodedata.east_asian_width(char) in "WF" else 1
        cells.append((shown, width))
        column += width
    return cells


def _clip(cells: list[tuple[str, int]], start: int, end: int, room: int) -> tuple[str, int]:
    """Return the part of a line that fits in `room` columns around `start` to `end`, and the column of its start."""
    total = sum(width for _, width in cells)
    if total <= room:
        return "".join(shown for shown, _ in cells), 0
    inner = room - 2 * len(_ELLIPSIS)
    spare = max(inner - (end - start), inner // 4)
    first = max(0, min(start - spare // 2, total - inner))
    if first <= len(_ELLIPSIS):
        first = 0
    limit = first + inner + (0 if first else len(_ELLIPSIS))
    text, column, begin = "", 0, None
    for shown, width in cells:
        if column >= first and column + width <= limit:
            begin = column if begin is None else begin
            text += shown
        column += width
    begin = begin or 0
    head = _ELLIPSIS if first else ""
    tail = _ELLIPSIS if limit < total else ""
    return f"{head}{text}{tail}", begin - len(head)

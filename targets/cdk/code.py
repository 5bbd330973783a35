"""Python expressions and their layout: what `ruff format` would make of them, without running it.

An expression stands on one line where it fits; otherwise each of its parts has a line, with a comma at its end, which
`ruff format` keeps. `tests/targets/cdk/test_code.py` compares with ruff itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from lenie.compiler.span import Path
from lenie.targets.base import Mark
from lenie.targets.cdk.text import Piece, one_line, split_text, width

#: The longest line, as `pyproject.toml` of the generated project says.
WIDTH = 100
STEP = "    "
#: Length of what fits on no line, even if letters of it take no column.
_HOPELESS = 2 * WIDTH


class Sheet(list[str]):
    """Lines of code, with what they say of a resource's properties."""

    __slots__ = ("marks",)

    def __init__(self, lines: Iterable[str] = ()) -> None:
        super().__init__(lines)
        self.marks: list[Mark] = []

    def mark(self, first: int, at: Path) -> None:
        """Note that the lines from `first` to the end, if there are any, are about the property at `at`."""
        if first <= len(self):
            self.marks.append(Mark(first, len(self), at))

    def add(self, other: Sheet) -> None:
        """Add the lines of another sheet."""
        start = len(self)
        self += other
        self.marks += [Mark(start + m.first, start + m.last, m.at) for m in other.marks]


class Code:
    """A Python expression. `flat` is the expression on one line, None if it cannot stand on one."""

    __slots__ = ("flat",)
    flat: str | None

    def spread(self, lines: Sheet, indent: str, before: str, after: str) -> None:
        """Add the expression over several lines, between `before` and `after`."""
        raise NotImplementedError

    def mark(self, marks: list[Mark], line: int) -> None:
        """Note the properties that the parts of the expression are about, which stands in one line."""

    def layout(self, lines: Sheet, indent: str, before: str = "", after: str = "") -> None:
        """Add the lines of the expression between `before` and `after`, on one line if it fits."""
        if self.flat is not None:
            line = f"{indent}{before}{self.flat}{after}"
            if (len(line) if line.isascii() else width(line)) <= WIDTH:
                lines.append(line)
                self.mark(lines.marks, len(lines))
                return
        self.spread(lines, indent, before, after)


class Atom(Code):
    """What cannot be divided: a name, a number."""

    __slots__ = ()

    def __init__(self, text: str) -> None:
        self.flat = text

    def spread(self, lines: Sheet, indent: str, before: str, after: str) -> None:
        """Add the name on a line of its own, in parentheses."""
        if before:
            lines += [f"{indent}{before}(", f"{indent}{STEP}{self.flat}", f"{indent}){after}"]
        else:
            lines.append(f"{indent}{self.flat}{after}")


class Text(Code):
    """A text; pieces that are no texts are filled in."""

    __slots__ = ("pieces",)

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self.pieces = pieces
        self.flat = one_line(pieces) if sum(map(len, pieces)) < _HOPELESS else None

    def spread(self, lines: Sheet, indent: str, before: str, after: str) -> None:
        """Add the text as several, in parentheses."""
        lines.append(f"{indent}{before}(")
        if self.flat is not None and len(indent) + len(STEP) + width(self.flat) <= WIDTH:
            lines.append(f"{indent}{STEP}{self.flat}")
        else:
            lines += self._parts(indent + STEP)
        lines.append(f"{indent}){after}")

    def alone(self, lines: Sheet, indent: str) -> None:
        """Add the text as the only argument of a call, which needs no parentheses of its own."""
        if self.flat is not None and len(indent) + width(self.flat) + 1 <= WIDTH:
            lines.append(f"{indent}{self.flat},")
            return
        parts = self._parts(indent)
        lines += [*parts[:-1], f"{parts[-1]},"]

    def _parts(self, indent: str) -> list[str]:
        return [f"{indent}{part}" for part in split_text(self.pieces, WIDTH - len(indent) - 1)]


class Entry:
    """An argument, an element or an item: what stands before it, and the comments above it.

    `at` is the property that it is about, if it is about one.
    """

    __slots__ = ("at", "code", "comments", "lead")

    def __init__(self, code: Code, lead: str = "", comments: tuple[str, ...] = (), at: Path = ()) -> None:
        self.at = at
        self.code = code
        self.lead = lead
        self.comments = comments


class Bracketed(Code):
    """A call, a list or a dictionary."""

    __slots__ = ("closing", "entries", "opening")

    def __init__(self, opening: str, entries: Iterable[Entry], closing: str) -> None:
        self.opening = opening
        self.closing = closing
        self.entries = list(entries)
        self.flat = None
        parts = []
        total = 0
        for entry in self.entries:
            if entry.code.flat is None or entry.comments:
                return
            parts.append(entry.lead + entry.code.flat)
            total += len(parts[-1])
            if total > _HOPELESS:
                return
        self.flat = f"{opening}{', '.join(parts)}{closing}"

    def spread(self, lines: Sheet, indent: str, before: str, after: str) -> None:
        """Add one line for each entry, or more."""
        if before and len(indent) + width(before) + len(self.opening) > WIDTH:
            lines.append(f"{indent}{before}(")
            self.layout(lines, indent + STEP)
            lines.append(f"{indent}){after}")
            return
        lines.append(f"{indent}{before}{self.opening}")
        inner = indent + STEP
        entries = self.entries
        for entry in entries:
            first = len(lines) + 1
            if len(entries) == 1 and isinstance(entry.code, Text) and not entry.lead and not entry.comments:
                entry.code.alone(lines, inner)
            else:
                lines += [f"{inner}# {comment}" for comment in entry.comments]
                entry.code.layout(lines, inner, entry.lead, ",")
            if entry.at:
                lines.mark(first, entry.at)
        lines.append(f"{indent}{self.closing}{after}")

    def mark(self, marks: list[Mark], line: int) -> None:
        """Note the properties that the entries are about."""
        for entry in self.entries:
            if entry.at:
                marks.append(Mark(line, line, entry.at))
            entry.code.mark(marks, line)


class Choice(Code):
    """``then if condition else otherwise``."""

    __slots__ = ("condition", "otherwise", "star", "then")

    def __init__(self, condition: str, then: Code, otherwise: Code, star: str = "") -> None:
        """`star` is ``*`` or ``**`` for what is unpacked."""
        self.condition = condition
        self.then = then
        self.otherwise = otherwise
        self.star = star
        self.flat = None
        if then.flat is not None and otherwise.flat is not None:
            text = f"{then.flat} if {condition} else {otherwise.flat}"
            if (then.flat, otherwise.flat) == (condition, "None"):
                text = f"{condition} or None"
            self.flat = f"{star}({text})" if star else text

    def spread(self, lines: Sheet, indent: str, before: str, after: str) -> None:
        """Add the three parts below each other, in parentheses."""
        lines.append(f"{indent}{before}{self.star}(")
        self.then.layout(lines, indent + STEP)
        lines.append(f"{indent}{STEP}if {self.condition}")
        self.otherwise.layout(lines, indent + STEP, "else ")
        lines.append(f"{indent}){after}")

    def mark(self, marks: list[Mark], line: int) -> None:
        """Note the properties that both sides are about."""
        self.then.mark(marks, line)
        self.otherwise.mark(marks, line)


class Lookup(Code):
    """An entry of a dictionary: ``{...}[key]``."""

    __slots__ = ("key", "table")

    def __init__(self, table: Bracketed, key: str) -> None:
        self.table = table
        self.key = key
        self.flat = None if table.flat is None else f"{table.flat}[{key}]"

    def spread(self, lines: Sheet, indent: str, before: str, after: str) -> None:
        """Add the dictionary over several lines."""
        self.table.spread(lines, indent, before, f"[{self.key}]{after}")


NONE = Atom("None")


def comment(text: str, indent: str) -> tuple[str, ...]:
    """Return a comment in lines that fit below `indent`."""
    from textwrap import wrap

    room = WIDTH - len(indent) - 2
    shown = text if text.isprintable() else "".join(c if c.isprintable() else " " for c in text)
    return (shown,) if len(shown) <= room else tuple(wrap(shown, room, break_long_words=False))


def text(*pieces: Piece) -> Text:
    """Return a text."""
    return Text(pieces)


def call(function: str, *arguments: Code, **keywords: Code) -> Bracketed:
    """Return a call."""
    named = [Entry(code, f"{name}=") for name, code in keywords.items()]
    return Bracketed(f"{function}(", [*(Entry(code) for code in arguments), *named], ")")


def literal(value: Any) -> Code:
    """Return plain data (JSON) as Python.

    Raises:
        TypeError: for anything else.
    """
    if isinstance(value, str):
        return Text((value,))
    if isinstance(value, dict):
        return Bracketed("{", (Entry(literal(item), f"{one_line((key,))}: ") for key, item in value.items()), "}")
    if isinstance(value, (list, tuple)):
        opening, closing = ("[", "]") if isinstance(value, list) else ("(", ",)" if len(value) == 1 else ")")
        return Bracketed(opening, (Entry(literal(item)) for item in value), closing)
    if isinstance(value, (bool, int, float)):
        return Atom(repr(value))
    raise TypeError(f"{type(value).__name__} in generated code")

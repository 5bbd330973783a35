"""JSON texts with expressions in them, laid out for people: what is short stands on one line."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

from lenie.compiler.expressions import Expression, Interpolation, Value
from lenie.compiler.span import Path
from lenie.targets.base import Mark

#: How wide a map or a list on one line may be, with its indentation; in a property, which is indented itself, less.
WIDTH = 110
PROPERTY_WIDTH = 98
#: How wide an expression is taken to be.
_EXPRESSION_WIDTH = 20

#: A text as JSON writes it; letters beyond ASCII stay.
_quote = json.encoder.encode_basestring

Part = str | Expression


def json_parts(
    document: Value,
    is_bare: Callable[[Expression], bool],
    width: Callable[[Expression], int] = lambda expression: _EXPRESSION_WIDTH,
    marks: list[Mark] | None = None,
) -> list[Part]:
    """Return `document` as JSON text in parts.

    An expression becomes a part between quotes, or without quotes where `is_bare` says that it is a number or a flag;
    `width` tells how wide it is. `marks` gets what stands in which lines of the text, with paths in the document.
    """
    return _Layout(is_bare, width, PROPERTY_WIDTH, marks).value(document, 0, ())


def json_text(data: Any, marks: list[Mark] | None = None) -> str:
    """Return plain data as JSON in the same layout; `marks` as in `json_parts`."""
    layout = _Layout(lambda expression: False, lambda expression: 0, WIDTH, marks)
    return "".join(map(str, layout.value(data, 0, ())))


class _Layout:
    def __init__(
        self,
        is_bare: Callable[[Expression], bool],
        width: Callable[[Expression], int],
        limit: int,
        marks: list[Mark] | None,
    ) -> None:
        self.is_bare = is_bare
        self.marks = [] if marks is None else marks
        #: Number of the line in hand.
        self.row = 1
        self.limit = limit
        self.expression_width = width
        #: Identity of a map or list -> what it is on one line, None if that is too wide. Each is measured once.
        self.lines: dict[int, tuple[list[Part], int] | None] = {}

    def value(self, value: Value, depth: int, at: Path) -> list[Part]:
        if not isinstance(value, (dict, list)) or not value:
            return self.scalar(value)
        short = self.line(value)
        if short is not None and 2 * depth + short[1] <= self.limit:
            return short[0]
        opening, closing = ("{", "}") if isinstance(value, dict) else ("[", "]")
        parts: list[Part] = [opening]
        separator = "\n" + "  " * (depth + 1)
        steps: Iterable[str | int] = list(value) if isinstance(value, dict) else range(len(value))
        for number, ((lead, item), step) in enumerate(zip(_entries(value), steps, strict=True)):
            parts.append(("," if number else "") + separator + lead)
            self.row += 1
            first, where = self.row, (*at, step)
            parts += self.value(item, depth + 1, where)
            self.marks.append(Mark(first, self.row, where))
        self.row += 1
        return [*parts, "\n" + "  " * depth + closing]

    def line(self, value: dict[str, Value] | list[Value]) -> tuple[list[Part], int] | None:
        """Return a map or list on one line, with its width; None if it is too wide at any depth."""
        if id(value) not in self.lines:
            self.lines[id(value)] = self.measured(value)
        return self.lines[id(value)]

    def measured(self, value: dict[str, Value] | list[Value]) -> tuple[list[Part], int] | None:
        opening, closing = ("{", "}") if isinstance(value, dict) else ("[", "]")
        parts: list[Part] = [opening]
        width = 2
        for number, (lead, item) in enumerate(_entries(value)):
            lead = f", {lead}" if number else lead
            if isinstance(item, (dict, list)) and item:
                inner = self.line(item)
                if inner is None:
                    return None
                parts += [lead, *inner[0]]
                width += len(lead) + inner[1]
            else:
                scalar = self.scalar(item)
                parts += [lead, *scalar]
                width += len(lead) + sum(len(p) if isinstance(p, str) else self.expression_width(p) for p in scalar)
            if width > self.limit:
                return None
        return [*parts, closing], width

    def scalar(self, value: Value) -> list[Part]:
        """Return what stands on one line anyhow: a scalar, an expression, an empty map or list."""
        if isinstance(value, str):
            return [_quote(value)]
        if not isinstance(value, Expression):
            return [json.dumps(value)]
        if self.is_bare(value):
            return [value]
        inner = value.parts if isinstance(value, Interpolation) else (value,)
        return ['"', *(_quote(part)[1:-1] if isinstance(part, str) else part for part in inner), '"']


def _entries(value: dict[str, Value] | list[Value]) -> list[tuple[str, Value]]:
    """Return the items of a map with their keys as JSON writes them, or those of a list."""
    if isinstance(value, dict):
        return [(f"{_quote(key)}: ", item) for key, item in value.items()]
    return [("", item) for item in value]

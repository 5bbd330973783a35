"""The text of HCL as ``terraform fmt`` lays it out, and what its lines say.

Source: Terraform Language, "Style Conventions"; HCL Native Syntax Specification.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import NamedTuple

from lenie.compiler.span import Path
from lenie.targets.base import Lines, Mark
from lenie.targets.tf.hcl import (
    Argument,
    Attr,
    Block,
    Call,
    Conditional,
    Element,
    Expr,
    Raw,
    Table,
    Template,
    inside,
)

#: How wide a list or a call may be on one line, with its indentation.
WIDTH = 110
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_LITERALS = {"None": "null", "True": "true", "False": "false"}
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


class Printed(NamedTuple):
    """The text of a file; each block with its lines, and what these say."""

    text: str
    blocks: list[tuple[Block, Lines]]
    marks: list[Mark]


class Trace(NamedTuple):
    """Where an expression stands, to note what its lines say: the number of its first line, its property."""

    marks: list[Mark]
    line: int
    at: Path

    def note(self, text: str) -> None:
        """Note that `text`, which starts here, says the property."""
        if self.at:
            self.marks.append(Mark(self.line, self.line + text.count("\n"), self.at))


def document(blocks: Iterable[Block], header: str) -> Printed:
    """Return the text of a file, and what it says."""
    texts = [f"# {header}"]
    found: list[tuple[Block, Lines]] = []
    marks: list[Mark] = []
    last = 1
    for block in blocks:
        before = len(marks)
        texts.append(block_text(block, 0, Trace(marks, last + 2, block.at)))
        for other in block.alike:
            depth = len(block.at)
            marks += [m._replace(at=(*other, *m.at[depth:])) for m in marks[before:] if m.at[:depth] == block.at]
        first, last = last + 2, last + 2 + texts[-1].count("\n")
        found.append((block, (first, last)))
    return Printed("\n\n".join(texts) + "\n", found, marks)


def values_file(values: Iterable[Argument], header: str) -> Printed:
    """Return the text of a file of variable definitions (``.tfvars``), and which lines hold what says `at`."""
    marks: list[Mark] = []
    lines = _items(_assignments(values, 0, Trace(marks, 3, ())))
    return Printed(f"# {header}\n\n" + "\n".join(lines) + "\n", [], marks)


def block_text(block: Block, depth: int, trace: Trace | None = None) -> str:
    """Return a block at that depth of nesting: meta-arguments, arguments, nested blocks, ``depends_on``."""
    trace = trace or Trace([], 0, ())
    margin = "  " * depth
    labels = "".join(f" {_quoted(label)}" for label in block.labels)
    lines = [f"{margin}# {comment}" for comment in block.comments]
    arguments = [item for item in block.body if isinstance(item, Argument)]
    first = [a for a in arguments if a.name in ("for_each", "count", "source")]
    last = [a for a in arguments if a.name == "depends_on"]
    usual = [a for a in arguments if a not in first and a not in last]
    # The first section follows the line that opens the block; an empty line stands between sections.
    sections: list[str] = []
    line = trace.line + len(lines) + 1
    groups: list[list[Argument] | Block] = [
        first,
        usual,
        *(item for item in block.body if isinstance(item, Block)),
        last,
    ]
    if block.notes:
        sections.append("\n".join(f"{margin}  #{note}" for note in block.notes))
        line += len(block.notes) + 1
    for group in groups:
        if not group:
            continue
        here = Trace(trace.marks, line, trace.at)
        if isinstance(group, Block):
            sections.append(block_text(group, depth + 1, here._replace(at=group.at or trace.at)))
        else:
            sections.append("\n".join(_items(_assignments(group, depth + 1, here))))
        line += sections[-1].count("\n") + 2
    if not sections:
        text = "\n".join([*lines, f"{margin}{block.type}{labels} {{}}"])
    else:
        text = "\n".join([*lines, f"{margin}{block.type}{labels} {{", "\n\n".join(sections), f"{margin}}}"])
    trace.note(text)
    return text


def expression(value: Expr, depth: int = 0, room: int = WIDTH, trace: Trace | None = None) -> str:
    """Return an expression that starts in a line of that depth, where `room` columns are left on the line.

    `trace` is told what its lines say.
    """
    trace = trace or Trace([], 0, ())
    if value is None or isinstance(value, bool | int | float):
        return _LITERALS.get(repr(value), repr(value))
    match value:
        case str():
            return _quoted(value)
        case list():
            return _sequence(value, depth, room, trace)
        case dict():
            return _object(value, depth, trace)
        case Raw(text):
            return text
        case Attr(address, path, key):
            return f"{address}{'' if key is None else f'[{expression(key)}]'}.{path}"
        case Template(parts):
            return f'"{_parts(parts, _escaped)}"'
        case Call(function, arguments):
            return _call(function, arguments, depth, room, trace)
        case Conditional(test, then, otherwise):
            chosen = expression(then, depth, trace=trace)
            other = expression(otherwise, depth, trace=trace._replace(line=trace.line + chosen.count("\n")))
            return f"{test} ? {chosen} : {other}"
        case Element(collection, key):
            return f"{expression(collection, depth)}[{inline(key)}]"
    raise TypeError(f"no rule for {type(value).__name__}")


def inline(value: Expr) -> str:
    """Return an expression on one line."""
    if isinstance(value, dict):
        items = ", ".join(f"{_key(name)} = {inline(item)}" for name, item in value.items())
        return f"{{ {items} }}" if items else "{}"
    if isinstance(value, list):
        return f"[{', '.join(inline(item) for item in value)}]"
    return expression(value, room=10_000)


def _quoted(text: str) -> str:
    return f'"{_escaped(text)}"'


def _escaped(text: str) -> str:
    r"""Return a text as it stands between quotes: ``$${`` and ``%%{`` start no template, control characters are \u."""
    escaped = "".join(
        _ESCAPES.get(c) or (f"\\u{ord(c):04x}" if ord(c) < 0x20 or c in "\x7f\u2028\u2029" else c) for c in text
    )
    return escaped.replace("${", "$${").replace("%{", "%%{")


def _parts(parts: tuple[Expr, ...], escape: Callable[[str], str]) -> str:
    """Return the inside of a template. Dollars right before one would escape it, so they become one, too."""
    text = ""
    for part in parts:
        if isinstance(part, str):
            text += escape(part)
        else:
            bare = text.rstrip("$")
            if bare != text:
                text = f'{bare}${{"{text[len(bare) :]}"}}'
            text += f"${{{inline(part)}}}"
    return text


def _key(name: str) -> str:
    return name if _IDENTIFIER.fullmatch(name) else _quoted(name)


def _sequence(items: list[Expr], depth: int, room: int, trace: Trace) -> str:
    """Return a list: on one line where it fits and holds no maps, a single map hugged by the brackets."""
    if not items:
        return "[]"
    # As on lines of their own; if they are not, what was noted is wrong.
    before, line = len(trace.marks), trace.line + 1
    texts: list[str] = []
    for index, item in enumerate(items):
        here = Trace(trace.marks, line, inside(items, index, trace.at))
        texts.append(expression(item, depth + 1, trace=here))
        here.note(texts[-1])
        line += texts[-1].count("\n") + 1
    together = f"[{', '.join(texts)}]"
    if "\n" not in together and len(together) <= room:
        trace.marks[before:] = [mark._replace(first=trace.line, last=trace.line) for mark in trace.marks[before:]]
        return together
    if len(items) == 1 and isinstance(items[0], dict):
        del trace.marks[before:]
        return f"[{expression(items[0], depth, trace=here._replace(line=trace.line))}]"
    margin = "  " * (depth + 1)
    return "\n".join(["[", *(f"{margin}{text}," for text in texts), "  " * depth + "]"])


def _object(items: dict[str, Expr], depth: int, trace: Trace) -> str:
    if not items:
        return "{}"
    here = Trace(trace.marks, trace.line + 1, trace.at)
    rows = [Argument(_key(name), value, inside(items, name, trace.at)) for name, value in items.items()]
    return "\n".join(["{", *_items(_assignments(rows, depth + 1, here)), "  " * depth + "}"])


def _call(function: str, arguments: tuple[Expr, ...], depth: int, room: int, trace: Trace) -> str:
    texts: list[str] = []
    for argument in arguments:
        texts.append(expression(argument, depth, room - len(function) - 2, trace))
        trace = Trace(trace.marks, trace.line + texts[-1].count("\n"), trace.at)
    return f"{function}({', '.join(texts)})"


class _Item(NamedTuple):
    """An assignment with its margin; one of several lines is not aligned with its neighbours."""

    margin: str
    name: str
    value: str


def _assignments(arguments: Iterable[Argument], depth: int, trace: Trace) -> list[_Item]:
    """Return assignments from the line of `trace` on, one below the other."""
    margin = "  " * depth
    items: list[_Item] = []
    line = trace.line
    for argument in arguments:
        here = Trace(trace.marks, line, argument.at or trace.at)
        items.append(_Item(margin, argument.name, _value(argument, depth, here)))
        here.note(items[-1].value)
        line += items[-1].value.count("\n") + 1
    return items


def _value(argument: Argument, depth: int, trace: Trace) -> str:
    heredoc = _heredoc(argument.value, depth)
    if heredoc:
        return heredoc
    if argument.name == "for_each" and isinstance(argument.value, dict):
        rows = [_Item("  " * (depth + 1), _key(k), inline(v)) for k, v in argument.value.items()]
        if isinstance(argument.value, Table):
            for line, key in enumerate(argument.value, start=trace.line + 1):
                trace.marks.extend(Mark(line, line, at, resource) for at, resource in argument.value.told[key])
        return "\n".join(["{", *_items(rows), "  " * depth + "}"])
    return expression(argument.value, depth, WIDTH - 2 * depth - len(argument.name) - 3, trace)


def _items(items: list[_Item]) -> list[str]:
    """Return assignments with the signs of neighbours below each other, as ``terraform fmt`` aligns them."""
    lines: list[str] = []
    start = 0
    while start < len(items):
        end = start
        # A heredoc counts as one line, however long it is.
        while end < len(items) and ("\n" not in items[end].value or items[end].value.startswith("<<-")):
            end += 1
        group = items[start:end] or items[start : start + 1]
        width = max(len(item.name) for item in group) if end > start else 0
        lines += [f"{item.margin}{item.name:{width}} = {item.value}" for item in group]
        start += len(group)
    return lines


def _heredoc(value: Expr, depth: int) -> str:
    """Return a text of several lines as an indented heredoc; nothing where that could not hold it unchanged."""
    parts = value.parts if isinstance(value, Template) else (value,)
    texts = [part for part in parts if isinstance(part, str)]
    whole = "".join(part if isinstance(part, str) else "x" for part in parts)
    lines = whole.split("\n")
    plain = all(c == "\n" or (c.isprintable() and c not in "\u2028\u2029") for text in texts for c in text)
    # `<<-` takes away what all lines are indented by, so one of them must have no indentation of its own.
    if len(lines) < 3 or lines[-1] or not plain or "EOT" in whole or not any(x and not x[0].isspace() for x in lines):
        return ""
    margin = "  " * (depth + 1)
    text = _parts(tuple(parts), _unescaped)
    return "\n".join(
        ["<<-EOT", *(margin + line if line else "" for line in text.split("\n")[:-1]), "  " * depth + "EOT"]
    )


def _unescaped(text: str) -> str:
    return text.replace("${", "$${").replace("%{", "%%{")

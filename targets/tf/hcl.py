"""HCL as data: expressions and blocks, and their text as ``terraform fmt`` lays it out.

Source: Terraform Language, "Style Conventions"; HCL Native Syntax Specification.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple, Union

from lenie.compiler.records import record
from lenie.targets.base import Lines

#: How wide a list or a call may be on one line, with its indentation.
WIDTH = 110
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_LITERALS = {"None": "null", "True": "true", "False": "false"}
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


class Node:
    """Base of the expressions that are no plain data."""

    __slots__ = ()


#: An expression: data, lists and maps of expressions, or a node.
Expr = Union[str, int, float, bool, None, "list[Expr]", "dict[str, Expr]", Node]


@record
class Raw(Node):
    """An expression that is printed as it stands: ``var.environment``, ``data.aws_region.current.id``."""

    text: str


@record
class Attr(Node):
    """Attribute `path` (``id``, ``arn``) of the block at `address` (``aws_vpc.vpc``), of its instance `key`."""

    address: str
    path: str
    key: Expr = None

    @property
    def text(self) -> str:
        """The traversal as it is printed."""
        return f"{self.address}{'' if self.key is None else f'[{expression(self.key)}]'}.{self.path}"


@record
class Template(Node):
    """A quoted text with expressions in it."""

    parts: tuple[Expr, ...]


@record
class Call(Node):
    """A call of one of Terraform's functions."""

    function: str
    arguments: tuple[Expr, ...]


@record
class Conditional(Node):
    """``test ? then : otherwise``; `test` is printed as it stands."""

    test: str
    then: Expr
    otherwise: Expr


@record
class Element(Node):
    """``collection["key"]`` or ``collection[0]``."""

    collection: Expr
    key: Expr


class Argument(NamedTuple):
    """``name = value``."""

    name: str
    value: Expr


class Block(NamedTuple):
    """A block with its labels; `comments` stand above it, `notes` at the beginning of its body."""

    type: str
    labels: tuple[str, ...]
    body: list[Argument | Block]
    comments: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def document(blocks: Iterable[Block], header: str, lines: dict[str, Lines] | None = None) -> str:
    """Return the text of a file; `lines` gets the lines of each block by its address (``aws_vpc.vpc``)."""
    texts = [f"# {header}"]
    last = 1
    for block in blocks:
        texts.append(block_text(block, 0))
        first, last = last + 2, last + 2 + texts[-1].count("\n")
        if lines is not None and block.type == "resource":
            lines[".".join(block.labels)] = (first, last)
    return "\n\n".join(texts) + "\n"


def values_text(values: Iterable[Argument], header: str) -> str:
    """Return the text of a file of variable definitions (``.tfvars``)."""
    return f"# {header}\n\n" + "\n".join(_items(_assignments(values, 0))) + "\n"


def block_text(block: Block, depth: int) -> str:
    """Return a block at that depth of nesting: meta-arguments, arguments, nested blocks, ``depends_on``."""
    margin = "  " * depth
    labels = "".join(f" {_quoted(label)}" for label in block.labels)
    lines = [f"{margin}# {comment}" for comment in block.comments]
    arguments = [item for item in block.body if isinstance(item, Argument)]
    first = [a for a in arguments if a.name in ("for_each", "count", "source")]
    last = [a for a in arguments if a.name == "depends_on"]
    usual = [a for a in arguments if a not in first and a not in last]
    sections = ["\n".join(_items(_assignments(group, depth + 1))) for group in (first, usual) if group]
    sections += [block_text(item, depth + 1) for item in block.body if isinstance(item, Block)]
    sections += ["\n".join(_items(_assignments(last, depth + 1)))] if last else []
    if block.notes:
        sections[:0] = ["\n".join(f"{margin}  #{note}" for note in block.notes)]
    if not sections:
        return "\n".join([*lines, f"{margin}{block.type}{labels} {{}}"])
    return "\n".join([*lines, f"{margin}{block.type}{labels} {{", "\n\n".join(sections), f"{margin}}}"])


def expression(value: Expr, depth: int = 0, room: int = WIDTH) -> str:
    """Return an expression that starts in a line of that depth, where `room` columns are left on the line."""
    if value is None or isinstance(value, bool | int | float):
        return _LITERALS.get(repr(value), repr(value))
    match value:
        case str():
            return _quoted(value)
        case list():
            return _sequence("[", value, "]", depth, room)
        case dict():
            return _object(value, depth)
        case Raw(text):
            return text
        case Attr():
            return value.text
        case Template(parts):
            return f'"{_parts(parts, _escaped)}"'
        case Call(function, arguments):
            return _call(function, arguments, depth, room)
        case Conditional(test, then, otherwise):
            return f"{test} ? {expression(then, depth)} : {expression(otherwise, depth)}"
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


def walk(item: Block | Expr) -> Iterator[Expr]:
    """Yield every expression in a block or an expression, outer before inner."""
    if isinstance(item, Block):
        for inner in item.body:
            yield from walk(inner if isinstance(inner, Block) else inner.value)
        return
    yield item
    match item:
        case list():
            parts: Iterable[Expr] = item
        case dict():
            parts = item.values()
        case Template(pieces):
            parts = pieces
        case Call(_, arguments):
            parts = arguments
        case Conditional(_, then, otherwise):
            parts = (then, otherwise)
        case Element(collection, key):
            parts = (collection, key)
        case _:
            parts = ()
    for part in parts:
        yield from walk(part)


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


def _sequence(opening: str, items: list[Expr], closing: str, depth: int, room: int) -> str:
    """Return a list: on one line where it fits and holds no maps, a single map hugged by the brackets."""
    if not items:
        return opening + closing
    texts = [expression(item, depth + 1) for item in items]
    line = f"{opening}{', '.join(texts)}{closing}"
    if "\n" not in line and len(line) <= room:
        return line
    if len(items) == 1 and isinstance(items[0], dict):
        return f"{opening}{expression(items[0], depth)}{closing}"
    margin = "  " * (depth + 1)
    return "\n".join([opening, *(f"{margin}{text}," for text in texts), "  " * depth + closing])


def _object(items: dict[str, Expr], depth: int) -> str:
    if not items:
        return "{}"
    rows = [Argument(_key(name), value) for name, value in items.items()]
    return "\n".join(["{", *_items(_assignments(rows, depth + 1)), "  " * depth + "}"])


def _call(function: str, arguments: tuple[Expr, ...], depth: int, room: int) -> str:
    inner = ", ".join(expression(argument, depth, room - len(function) - 2) for argument in arguments)
    return f"{function}({inner})"


class _Item(NamedTuple):
    """An assignment with its margin; one of several lines is not aligned with its neighbours."""

    margin: str
    name: str
    value: str


def _assignments(arguments: Iterable[Argument], depth: int) -> list[_Item]:
    margin = "  " * depth
    return [_Item(margin, a.name, _value(a, depth)) for a in arguments]


def _value(argument: Argument, depth: int) -> str:
    heredoc = _heredoc(argument.value, depth)
    if heredoc:
        return heredoc
    if argument.name == "for_each" and isinstance(argument.value, dict):
        rows = [_Item("  " * (depth + 1), _key(k), inline(v)) for k, v in argument.value.items()]
        return "\n".join(["{", *_items(rows), "  " * depth + "}"])
    return expression(argument.value, depth, WIDTH - 2 * depth - len(argument.name) - 3)


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

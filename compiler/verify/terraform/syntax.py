"""HCL as a tree: what `parser` makes and `evaluate` takes."""

from __future__ import annotations

from typing import Any, NamedTuple

from lenie.compiler.verify.values import Place


class Literal(NamedTuple):
    """A number, a truth value, null, or a text without interpolation."""

    value: Any
    place: Place


class Template(NamedTuple):
    """A text with expressions in it."""

    parts: list[Any]
    place: Place


class Name(NamedTuple):
    """The first word of a traversal: ``var``, ``aws_vpc``."""

    name: str
    place: Place


class Attribute(NamedTuple):
    """``object.name``."""

    object: Any
    name: str
    place: Place


class Index(NamedTuple):
    """``object[key]``."""

    object: Any
    key: Any
    place: Place


class Splat(NamedTuple):
    """``object[*]`` and the steps after it, which `rest` holds in their order."""

    object: Any
    rest: list[Any]
    place: Place


class Call(NamedTuple):
    """``function(arguments)``; the last argument is a list to spread if `expand` is set."""

    function: str
    arguments: list[Any]
    expand: bool
    place: Place


class Conditional(NamedTuple):
    """``condition ? yes : no``."""

    condition: Any
    yes: Any
    no: Any
    place: Place


class Operation(NamedTuple):
    """``left operator right``; `left` is None for a unary one."""

    operator: str
    left: Any
    right: Any
    place: Place


class List(NamedTuple):
    """``[a, b]``."""

    items: list[Any]
    place: Place


class Map(NamedTuple):
    """``{ key = value }``; a bare word is a key of that name."""

    items: list[tuple[Any, Any]]
    place: Place


class For(NamedTuple):
    """``[for key, value in source : body if condition]``; with `label`, a map."""

    key: str
    value: str
    source: Any
    label: Any
    body: Any
    condition: Any
    grouped: bool
    place: Place


class Block(NamedTuple):
    """``type "label" { ... }``; `attributes` and `blocks` are its body."""

    type: str
    labels: list[str]
    attributes: dict[str, Any]
    #: The place of each attribute's name.
    places: dict[str, Place]
    blocks: list[Block]
    place: Place

    def inner(self, kind: str) -> list[Block]:
        """Return the blocks of one type."""
        return [block for block in self.blocks if block.type == kind]


class SyntaxFault(Exception):
    """HCL that cannot be read."""

    def __init__(self, message: str, place: Place) -> None:
        super().__init__(message)
        self.message = message
        self.place = place

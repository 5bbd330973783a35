"""HCL as data: expressions and blocks, which `printer` prints."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple, Union

from lenie.compiler.records import record
from lenie.compiler.span import Path


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


class Table(dict[str, "Expr"]):
    """A map whose keys are not those of the property: `told` tells for each key which property it says.

    Where resources share a block, it is the logical id of one of them, too.
    """

    def __init__(self, entries: Mapping[str, Expr], told: Mapping[str, Iterable[tuple[Path, str]]]) -> None:
        super().__init__(entries)
        self.told = told


class Several(list["Expr"]):
    """A list whose elements are not those of the property in their order: `told` tells which property each says."""

    def __init__(self, elements: Iterable[Expr], told: Iterable[Path]) -> None:
        super().__init__(elements)
        self.told = list(told)


class Argument(NamedTuple):
    """``name = value``; `at` is the property that it says, where the block does not tell."""

    name: str
    value: Expr
    at: Path = ()


class Block(NamedTuple):
    """A block with its labels; `comments` stand above it, `notes` at the beginning of its body.

    `at` is the property that its lines say if they say none of their own, `alike` others that they say as well; `owner`
    is the logical id of the resource that a block belongs to which is none itself.
    """

    type: str
    labels: tuple[str, ...]
    body: list[Argument | Block]
    comments: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    at: Path = ()
    owner: str = ""
    alike: tuple[Path, ...] = ()

    @property
    def address(self) -> str:
        """The address of a block at the top of a module: ``aws_vpc.vpc``, ``data.aws_region.current``."""
        return ".".join(self.labels if self.type == "resource" else (self.type, *self.labels))


def inside(value: Expr, step: str | int, at: Path) -> Path:
    """Return the property that an entry or element of a list or map says, which itself says the one at `at`."""
    if not at:
        return ()
    if isinstance(value, Table):
        return next((place for place, _ in value.told.get(str(step), ())), at)
    return value.told[int(step)] if isinstance(value, Several) else (*at, step)


def like(old: Expr, new: list[Expr] | dict[str, Expr]) -> Expr:
    """Return a list or map with the same elements or keys as the `old` one, which says the same properties."""
    if isinstance(old, Table) and isinstance(new, dict):
        return Table(new, old.told)
    return Several(new, old.told) if isinstance(old, Several) and isinstance(new, list) else new


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

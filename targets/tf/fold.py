"""Like resources become one block with ``for_each``: those that one place in the spec asks for, as a group of subnets.

What tells them apart is looked for in their blocks (anti-unification).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import takewhile
from typing import NamedTuple, TypeVar

from lenie.compiler.graph import Component
from lenie.compiler.span import Path
from lenie.targets.base import attribute
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
    like,
)

#: Length of the path of a declared resource: components.NAME.resources.NAME.
_DECLARATION = 4
#: Types of which a place in the spec has as many as it says, each named by its last word (the letter of its zone).
_COUNTED = frozenset({"aws_subnet", "aws_route_table_association"})
_EACH_KEY = Raw("each.key")
Item = TypeVar("Item")


class Folded(NamedTuple):
    """The blocks of a module after folding, and where each resource has gone."""

    blocks: list[Block]
    outputs: list[Block]
    #: Logical id -> addresses of its blocks, the main one first.
    addresses: dict[str, tuple[str, ...]]


class _Different(Exception):
    """Two blocks differ in more than what `each` can bring."""


def fold(component: Component, blocks: dict[str, list[Block]], outputs: list[Block]) -> Folded:
    """Return the blocks of all resources, those of like resources as one."""
    moved: dict[str, tuple[str, str]] = {}
    made: dict[str, Block] = {}
    for names in _groups(component, blocks):
        members = [blocks[name][0] for name in names]
        label, keys = _keys(_type(members[0]), [member.labels[1] for member in members])
        address = f"{members[0].labels[0]}.{label}"
        taken = {".".join(b.labels) for found in blocks.values() for b in found} | {a for a, _ in moved.values()}
        if not all(keys) or address in taken:
            continue
        try:
            body = _Unifier(keys, moved, names).body([member.body for member in members], keys)
        except _Different:
            continue
        block = members[0]._replace(labels=(_type(members[0]), label), body=body)
        made[names[0]] = block
        moved |= {".".join(member.labels): (address, key) for member, key in zip(members, keys, strict=True)}
    addresses = {
        name: tuple(_moved_address(".".join(block.labels), moved) for block in found) for name, found in blocks.items()
    }
    kept: list[Block] = []
    for name, found in blocks.items():
        if name in made:
            kept.append(made[name])
        elif ".".join(found[0].labels) not in moved:
            kept += found
    change = _mover(moved)
    return Folded([_rewritten(b, change) for b in kept], [_rewritten(b, change) for b in outputs], addresses)


def _type(block: Block) -> str:
    return block.labels[0]


def _groups(component: Component, blocks: dict[str, list[Block]]) -> list[list[str]]:
    """Return the logical ids of resources that may be one: no parts, same type and place, and comments alike.

    The place is a part of a declaration, whose elements are counted; the resources of a whole declaration are no loop.
    Subnets are one even if there is only one: another one beside it must not change its address.
    """
    groups: dict[tuple[Path, str, tuple[str, ...]], list[str]] = {}
    for name, found in blocks.items():
        block = found[0]
        place = component.resources[name].path
        if (
            len(place) > _DECLARATION
            and len(found) == 1
            and not any(isinstance(item, Argument) and item.name == "for_each" for item in block.body)
        ):
            key = (place, _type(block), block.notes)
            groups.setdefault(key, []).append(name)
    return [names for key, names in groups.items() if len(names) > 1 or key[1] in _COUNTED]


def _keys(kind: str, labels: list[str]) -> tuple[str, list[str]]:
    """Return what names have in common, word by word and without the `kind`, and what tells each from the others."""
    words = [label.split("_") for label in labels]
    start = _shared(words) if len(words) > 1 else len(words[0]) - 1
    end = _shared([w[start:][::-1] for w in words]) if len(words) > 1 else 0
    common = words[0][:start] + (words[0][len(words[0]) - end :] if end else [])
    if len(common) > 1 and common[-1] == kind.rpartition("_")[2]:
        common.pop()
    return "_".join(common) or labels[0], ["-".join(w[start : len(w) - end]) for w in words]


class _Unifier:
    """Finds the one body of several, and the values that `each` brings to it."""

    def __init__(self, keys: list[str], moved: dict[str, tuple[str, str]], names: list[str]) -> None:
        """`names` are the logical ids of the resources with these keys."""
        self.keys = keys
        self.moved = moved
        self.names = names
        #: Name of a value -> what it is for each key.
        self.values: dict[str, list[Expr]] = {}
        #: The properties that these values say.
        self.places: dict[Path, None] = {}

    def body(self, bodies: list[list[Argument | Block]], keys: list[str]) -> list[Argument | Block]:
        """Return the body with its ``for_each``."""
        inner = self.items(bodies)
        each: Expr = Call("toset", (list(keys),))
        if self.values:
            rows = {key: {name: row[n] for name, row in self.values.items()} for n, key in enumerate(keys)}
            told = {key: [(at, name) for at in self.places] for key, name in zip(keys, self.names, strict=True)}
            each = Table(rows, told)
        return [Argument("for_each", each, attribute("for_each")), *inner]

    def items(self, bodies: list[list[Argument | Block]]) -> list[Argument | Block]:
        found: list[Argument | Block] = []
        for items in _aligned(bodies):
            first = items[0]
            if isinstance(first, Argument):
                same = [item for item in items if isinstance(item, Argument) and item.name == first.name]
                if len(same) != len(items):
                    raise _Different
                value = self.value([item.value for item in same], first.name, first.at)
                found.append(first._replace(value=value))
            else:
                blocks = [item for item in items if isinstance(item, Block) and item[:2] == first[:2]]
                if len(blocks) != len(items):
                    raise _Different
                found.append(first._replace(body=self.items([block.body for block in blocks])))
        return found

    def value(self, values: list[Expr], name: str, at: Path) -> Expr:
        """Return one expression for those of all members, which say the property at `at`.

        `name` is what a value of `each` would be called.
        """
        first = values[0]
        if all(repr(value) == repr(first) for value in values):
            return first
        kind = type(first)
        if any(type(value) is not kind for value in values):
            raise _Different
        if isinstance(first, str | int | float):
            return self.scalar(values, name, at)
        if isinstance(first, list):
            lists = _aligned([v for v in values if isinstance(v, list)])
            return like(first, [self.value(list(items), name, inside(first, n, at)) for n, items in enumerate(lists)])
        if isinstance(first, dict):
            maps = [v for v in values if isinstance(v, dict)]
            if any(list(m) != list(first) for m in maps):
                raise _Different
            return like(
                first, {key: self.value([m[key] for m in maps], key.lower(), inside(first, key, at)) for key in first}
            )
        if isinstance(first, Template):
            parts = _aligned([list(v.parts) for v in values if isinstance(v, Template)])
            return Template(tuple(part for items in parts for part in self.part(items, name, at)))
        if isinstance(first, Element):
            elements = [v for v in values if isinstance(v, Element)]
            return Element(
                self.value([v.collection for v in elements], name, at), self.value([v.key for v in elements], name, at)
            )
        if isinstance(first, Attr):
            return self.attribute([v for v in values if isinstance(v, Attr)])
        raise _Different

    def scalar(self, values: list[Expr], name: str, at: Path) -> Expr:
        if values == self.keys:
            return _EACH_KEY
        known = self.values.setdefault(name, values)
        if known != values:
            raise _Different
        self.places[at] = None
        return Raw(f"each.value.{name}")

    def part(self, parts: list[Expr], name: str, at: Path) -> list[Expr]:
        """Return a piece of a template; texts are divided into what they share and what is their own."""
        texts = [part for part in parts if isinstance(part, str)]
        if len(texts) != len(parts) or len(set(texts)) == 1:
            return [self.value(parts, name, at)]
        start = _boundary(texts)
        end = _boundary([text[start:][::-1] for text in texts])
        own: list[Expr] = [text[start : len(text) - end] for text in texts]
        head, tail = texts[0][:start], texts[0][len(texts[0]) - end :] if end else ""
        return [piece for piece in (head, self.scalar(own, name, at), tail) if piece != ""]

    def attribute(self, values: list[Attr]) -> Expr:
        """Return an attribute of the member of another group that has the same key."""
        places = [self.moved.get(value.address) for value in values]
        found = {place[0] for place in places if place is not None}
        same = [place[1] for place in places if place is not None] == self.keys
        if len(found) != 1 or not same or len({value.path for value in values}) != 1:
            raise _Different
        return Attr(found.pop(), values[0].path, _EACH_KEY)


def _shared(sequences: Sequence[Sequence[str]]) -> int:
    """Return how many elements sequences begin with alike."""
    return sum(1 for _ in takewhile(lambda items: len(set(items)) == 1, zip(*sequences, strict=False)))


def _boundary(texts: list[str]) -> int:
    """Return how many characters texts begin with alike, without the part of a word at the end of that."""
    common = texts[0][: _shared(texts)]
    if all(len(text) == len(common) or not text[len(common)].isalnum() for text in texts):
        return len(common)
    return len(common.rstrip("".join(c for c in common if c.isalnum())))


def _aligned(rows: list[list[Item]]) -> list[list[Item]]:
    if len({len(row) for row in rows}) != 1:
        raise _Different
    return [list(items) for items in zip(*rows, strict=True)]


def _moved_address(address: str, moved: dict[str, tuple[str, str]]) -> str:
    if address not in moved:
        return address
    block, key = moved[address]
    return f'{block}["{key}"]'


def _mover(moved: dict[str, tuple[str, str]]) -> Callable[[Expr], Expr]:
    """Return what turns a reference to a resource that was folded into one to its instance."""

    def change(value: Expr) -> Expr:
        if isinstance(value, Attr) and value.key is None and value.address in moved:
            address, key = moved[value.address]
            return Attr(address, value.path, key)
        if isinstance(value, Raw) and value.text in moved:
            return Raw(_moved_address(value.text, moved))
        return value

    return change


def _rewritten(block: Block, change: Callable[[Expr], Expr]) -> Block:
    body = [
        _rewritten(item, change)
        if isinstance(item, Block)
        else Argument(item.name, _mapped(item.value, change), item.at)
        for item in block.body
    ]
    return block._replace(body=body)


def _mapped(value: Expr, change: Callable[[Expr], Expr]) -> Expr:
    """Return an expression with every part of it changed, inner before outer."""
    match value:
        case list():
            return like(value, [_mapped(item, change) for item in value])
        case dict():
            return like(value, {key: _mapped(item, change) for key, item in value.items()})
        case Template(parts):
            return change(Template(tuple(_mapped(part, change) for part in parts)))
        case Call(function, arguments):
            return change(Call(function, tuple(_mapped(argument, change) for argument in arguments)))
        case Conditional(test, then, otherwise):
            return change(Conditional(test, _mapped(then, change), _mapped(otherwise, change)))
        case Element(collection, key):
            return change(replace(value, collection=_mapped(collection, change), key=_mapped(key, change)))
    return change(value)

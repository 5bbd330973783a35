"""The values of the normal form: plain data, and atoms for what only a deployment knows.

A value is the same for every target when it means the same: a reference is "attribute A of resource R in component C",
whether a template says ``!GetAtt``, a module says ``aws_vpc.main.id``, or the value came through SSM.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from lenie.compiler.records import record


class Place(NamedTuple):
    """A line of a generated file; `file` is the path as the user would open it."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


class Node:
    """A value with its place. `value` is a scalar, an atom, a list of nodes or a map of nodes.

    The place of an expected value is a path in the spec; that of a generated one is a `Place`.
    """

    __slots__ = ("place", "value")

    def __init__(self, value: Any, place: Any = None) -> None:
        self.value = value
        self.place = place

    def __repr__(self) -> str:
        return f"Node({self.value!r})"


class Atom:
    """Base of the values that are known at deployment only."""

    __slots__ = ()


@record
class Reference(Atom):
    """Attribute `attribute` (``Ref``, or as in ``Fn::GetAtt``) of a resource."""

    component: str
    resource: str
    attribute: str


@record
class Pseudo(Atom):
    """``region``, ``account``, ``partition``, ``url-suffix``, or another value of the stack itself."""

    name: str


@record
class Zone(Atom):
    """The n-th availability zone of the region, from 0."""

    index: int


@record
class PublicParameter(Atom):
    """The value of an SSM parameter of AWS."""

    path: str


@record
class SecretField(Atom):
    """A field of a JSON secret; `secret` is the secret's ARN or name, as a value."""

    secret: Any
    field: str


@record
class Text(Atom):
    """Text with atoms in it; neighbouring texts are one part."""

    parts: tuple[Any, ...]


@record
class Encoded(Atom):
    """The Base64 form of a text."""

    text: Any


@record
class Digest(Atom):
    """A hash of a value: it changes when the value does, and nothing else is known of it."""

    value: Any


class Document(NamedTuple):
    """A text that is JSON, parsed."""

    root: Node


class Bag(NamedTuple):
    """A list whose order means nothing. The members are sorted by `key_of`."""

    members: list[Node]


#: What makes places in a text unreadable for a parser, and is put back afterwards: characters without a meaning.
_FIRST_MASK = 0xF0000


def text(*parts: Any) -> Any:
    """Join texts and atoms into one value: a plain string if there is no atom, the atom itself if there is no text."""
    flat: list[Any] = []
    for part in parts:
        for piece in part.parts if isinstance(part, Text) else (part,):
            if isinstance(piece, str) and flat and isinstance(flat[-1], str):
                flat[-1] += piece
            elif piece != "":
                flat.append(piece)
    if not flat:
        return ""
    return flat[0] if len(flat) == 1 else Text(tuple(flat))


def parts_of(value: Any) -> tuple[Any, ...]:
    """Return the parts of a text value."""
    return value.parts if isinstance(value, Text) else (value,)


def masked(value: Any) -> tuple[str, list[Any]] | None:
    """Return a text with a private character for each atom, and the atoms; None if the text holds such characters."""
    atoms: list[Any] = []
    plain = ""
    for part in parts_of(value):
        if isinstance(part, str):
            if any(ord(char) >= _FIRST_MASK for char in part):
                return None
            plain += part
        else:
            plain += chr(_FIRST_MASK + len(atoms))
            atoms.append(part)
    return plain, atoms


def unmasked(plain: str, atoms: list[Any]) -> Any:
    """Return the value that `masked` made `plain` of."""
    if not atoms:
        return plain
    pieces: list[Any] = []
    for char in plain:
        index = ord(char) - _FIRST_MASK
        piece = atoms[index] if 0 <= index < len(atoms) else char
        pieces.append(piece)
    return text(*pieces)


def parsed_json(value: Any, place: Any) -> Node | None:
    """Return the JSON that a text holds, with its atoms in the right places; None if it is no JSON object or list."""
    found = masked(value) if isinstance(value, (str, Text)) else None
    if found is None or found[0].lstrip()[:1] not in ("{", "["):
        return None
    plain, atoms = found
    try:
        data = json.loads(plain)
    except ValueError:
        return None
    return located(data, place, lambda word: unmasked(word, atoms))


def located(data: Any, place: Any, change: Callable[[str], Any] = lambda word: word) -> Node:
    """Return plain data as nodes that all have the same place; `change` is applied to every string."""
    if isinstance(data, dict):
        return Node({str(change(key)): located(item, place, change) for key, item in data.items()}, place)
    if isinstance(data, (list, tuple)):
        return Node([located(item, place, change) for item in data], place)
    return Node(change(data) if isinstance(data, str) else data, place)


def atoms_of(value: Any) -> Iterator[Atom]:
    """Yield every atom in a value or a node, outer before inner."""
    match value:
        case Node():
            yield from atoms_of(value.value)
        case Document(root):
            yield from atoms_of(root)
        case Bag(members):
            for member in members:
                yield from atoms_of(member)
        case dict():
            for item in value.values():
                yield from atoms_of(item)
        case list() | tuple():
            for item in value:
                yield from atoms_of(item)
        case Atom():
            yield value
            match value:
                case Text(parts):
                    yield from atoms_of(parts)
                case SecretField(secret=inner) | Encoded(text=inner) | Digest(value=inner):
                    yield from atoms_of(inner)


def rewritten(value: Any, change: Callable[[Atom], Any]) -> Any:
    """Return a scalar value with every atom replaced by what `change` makes of it, inner before outer."""
    match value:
        case Text(parts):
            return change_text(tuple(rewritten(part, change) for part in parts))
        case SecretField(secret, field):
            return change(SecretField(rewritten(secret, change), field))
        case Encoded(inner):
            return change(Encoded(rewritten(inner, change)))
        case Atom():
            return change(value)
    return value


def change_text(parts: tuple[Any, ...]) -> Any:
    """Return rewritten parts as one value; scalars among them become text."""
    return text(*(part if isinstance(part, (str, Atom)) else as_text(part) for part in parts))


def as_text(value: Any) -> str:
    """Return a scalar as AWS writes it where it takes text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def key_of(value: Any) -> str:
    """Return a text that is the same for equal values, and by which they can be sorted."""
    match value:
        case Node():
            return key_of(value.value)
        case Document(root):
            return f"json:{key_of(root)}"
        case Bag(members):
            return "{" + ",".join(key_of(member) for member in members) + "}"
        case dict():
            return "{" + ",".join(f"{key}:{key_of(value[key])}" for key in sorted(value)) + "}"
        case list():
            return "[" + ",".join(key_of(item) for item in value) + "]"
        case bool() | None:
            return json.dumps(value)
        case int() | float():
            return repr(float(value))
        case str():
            return json.dumps(value)
    return repr(value)

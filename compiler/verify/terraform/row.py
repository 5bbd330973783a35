"""The vocabulary of the tables that make CloudFormation of the AWS provider's resources."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeAlias

from lenie.compiler.verify.values import Atom, Encoded, Node, as_text, parsed_json


class To(NamedTuple):
    """The attribute is the property at `path`, after `change`."""

    path: str
    change: Callable[[Node], Node]


class Inner(NamedTuple):
    """The blocks are the map at `path` (there is one of them), or its list (`many`); `members` are their attributes."""

    path: str
    members: Mapping[str, Target]
    many: bool = False


class Only(NamedTuple):
    """The attribute has no equal in CloudFormation, if it has one of `values` (or any value, if there are none)."""

    why: str
    values: tuple[Any, ...] = ()


#: Where an attribute goes: a property's path, or one of the above.
Target: TypeAlias = "str | To | Inner | Only"


class Row(NamedTuple):
    """A resource type of the provider that is one CloudFormation resource."""

    type: str
    attributes: Mapping[str, Target]
    #: What the attributes of a finished resource are as attributes of CloudFormation.
    returns: Mapping[str, str] = {}
    #: The property that holds the tags; empty if CloudFormation cannot tag this type.
    tags: str = ""
    #: What the provider takes for an absent attribute, where AWS would take something else.
    absent: Mapping[str, Any] = {}


class Part(NamedTuple):
    """A resource type of the provider that is a part of another resource's CloudFormation resource."""

    #: The attribute that names the owner.
    owner: str
    #: The provider's type of the owner.
    of: str
    attributes: Mapping[str, Target]
    #: The list property of the owner that this is one member of; without it, the properties are the owner's own.
    into: str = ""
    #: Whether the member is the value of the only attribute, and no map.
    bare: bool = False


def listed(node: Node) -> Node:
    """Return one value as a list of it."""
    return Node([node], node.place)


def number(node: Node) -> Node:
    """Return a number that may be given as text."""
    return Node(node.value if isinstance(node.value, Atom) else as_text(node.value), node.place)


def encoded(node: Node) -> Node:
    """Return a text that the provider encodes in Base64 before it gives it to AWS."""
    return Node(Encoded(node.value), node.place)


def parsed(node: Node) -> Node:
    """Return the JSON that a text holds."""
    return parsed_json(node.value, node.place) or node


def named_values(node: Node) -> Node:
    """Return a map as a list of maps with Name and Value."""
    if not isinstance(node.value, dict):
        return node
    pairs = [Node({"Name": Node(key, item.place), "Value": item}, item.place) for key, item in node.value.items()]
    return Node(pairs, node.place)


def one(path: str, **members: Target) -> Inner:
    """Return a block that stands once."""
    return Inner(path, members)


def many(path: str, **members: Target) -> Inner:
    """Return blocks that are the elements of a list."""
    return Inner(path, members, many=True)

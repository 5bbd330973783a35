"""The functions of the Terraform language that the compiler's programs use, over known values.

Source: Terraform language documentation, built-in functions.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from lenie.compiler.verify.terraform.atoms import SecretFields, SecretText
from lenie.compiler.verify.values import (
    Atom,
    Digest,
    Document,
    Encoded,
    Node,
    Place,
    Text,
    as_text,
    key_of,
    located,
    text,
)


class Unsupported(Exception):
    """An expression that cannot be evaluated without a deployment, or not by us."""

    def __init__(self, message: str, place: Place) -> None:
        super().__init__(message)
        self.message = message
        self.place = place


class NoMatch(Unsupported):
    """A text that does not match a pattern."""


class Plain(Document):
    """JSON in whose text `signs` stand themselves, and not as the escapes that `jsonencode` makes of them."""

    signs: frozenset[str] = frozenset()


#: What `jsonencode` writes, and the sign that it means. Source: Terraform language documentation, jsonencode.
_ESCAPES = {"\\u003c": "<", "\\u003e": ">", "\\u0026": "&"}


def call(name: str, arguments: list[Node], place: Place) -> Node:
    """Return what a function makes of its arguments.

    Raises:
        Unsupported: for a function that is not known, or arguments that it cannot take.
    """
    function = FUNCTIONS.get(name)
    if function is None:
        raise Unsupported(f'the function "{name}" is not evaluated', place)
    if name == "regex" and len(arguments) == 2:
        return _regex(arguments[0], arguments[1], place)
    try:
        found = function(*arguments)
    except (TypeError, ValueError, AttributeError, KeyError, IndexError):
        raise Unsupported(f'the arguments of "{name}" are not what it takes', place) from None
    return found if isinstance(found, Node) else Node(found, place)


def _replace(node: Node, old: Node, new: Node) -> Any:
    found, wanted = plain(old), plain(new)
    if isinstance(node.value, Document) and _ESCAPES.get(found) == wanted:
        made = Plain(node.value.root)
        made.signs = getattr(node.value, "signs", frozenset()) | {wanted}
        return Node(made, node.place)
    if len(found) > 1 and found[0] == found[-1] == "/":
        raise ValueError("a pattern")
    return plain(node).replace(found, wanted)


def _number(node: Node) -> Any:
    value = node.value
    if isinstance(value, str):
        return float(value) if "." in value else int(value)
    return node


def _bool(node: Node) -> Any:
    return {"true": True, "false": False}[node.value] if isinstance(node.value, str) else node


def _substr(node: Node, start: Node, length: Node) -> str:
    begin, size = int(plain(start)), int(plain(length))
    return str(plain(node)[begin : begin + size])


def plain(node: Node) -> Any:
    """Return a known value as Python data.

    Raises:
        ValueError: if a part of it is known at deployment only.
    """
    value = node.value
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, (Atom, Document)):
        raise ValueError("not known")
    return value


def _regex(pattern: Node, text_: Node, place: Place) -> Node:
    """Return what matches. Terraform has RE2; what parameters have as patterns means the same to Python."""
    if not isinstance(pattern.value, str) or not isinstance(text_.value, str):
        raise Unsupported('the arguments of "regex" are not what it takes', place)
    try:
        found = re.search(pattern.value, text_.value)
    except re.error:
        raise Unsupported("this is not a pattern", place) from None
    if found is None:
        raise NoMatch("the text does not match", place)
    return Node(found[0], place)


def _toset(node: Node) -> Node:
    members = {key_of(item): item for item in node.value}
    return Node([members[key] for key in sorted(members)], node.place)


def _merge(*maps: Node) -> Any:
    found: dict[str, Node] = {}
    for one in maps:
        found.update(one.value or {})
    return found


def _concat(*lists: Node) -> Any:
    return [item for one in lists for item in one.value]


def _jsondecode(node: Node) -> Any:
    if isinstance(node.value, SecretText):
        return SecretFields(node.value.secret)
    if isinstance(node.value, Document):
        return node.value.root
    return located(json.loads(plain(node)), node.place)


def _trimsuffix(node: Node, suffix: Node) -> Any:
    ending = plain(suffix)
    if isinstance(node.value, str):
        return node.value.removesuffix(ending)
    if isinstance(node.value, Text) and isinstance(node.value.parts[-1], str):
        *before, last = node.value.parts
        if last.endswith(ending) or len(last) >= len(ending):
            return text(*before, last.removesuffix(ending))
    raise ValueError("not known")


def _join(separator: Node, members: Node) -> Any:
    glue = plain(separator)
    parts = [part for item in members.value for part in (glue, _part(item.value))]
    return text(*parts[1:])


def _part(value: Any) -> Any:
    if isinstance(value, (dict, list, Document)) or value is None:
        raise ValueError("no text")
    return value if isinstance(value, (str, Atom)) else as_text(value)


def _length(node: Node) -> Any:
    if not isinstance(node.value, (list, dict, str)):
        raise ValueError("not known")
    return len(node.value)


def _lookup(node: Node, key: Node, *default: Node) -> Any:
    name = plain(key)
    return node.value[name] if name in node.value or not default else default[0]


def _flatten(node: Node) -> Any:
    found: list[Node] = []
    for item in node.value:
        found += _flatten(item) if isinstance(item.value, list) else [item]
    return found


def _element(node: Node, index: Node) -> Any:
    return node.value[plain(index) % len(node.value)]


def _coalesce(*nodes: Node) -> Any:
    return next(node for node in nodes if node.value not in (None, ""))


def _compact(node: Node) -> Any:
    return [item for item in node.value if item.value not in (None, "")]


def _keys(node: Node) -> Any:
    return [Node(key, node.place) for key in sorted(node.value)]


def _values(node: Node) -> Any:
    return [node.value[key] for key in sorted(node.value)]


def _zipmap(keys: Node, values: Node) -> Any:
    return {plain(key): value for key, value in zip(keys.value, values.value, strict=True)}


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "alltrue": lambda node: all(item.value is True for item in node.value),
    "base64encode": lambda node: Encoded(node.value),
    "coalesce": _coalesce,
    "compact": _compact,
    "concat": _concat,
    "contains": lambda node, item: key_of(item) in {key_of(member) for member in node.value},
    "element": _element,
    "endswith": lambda node, end: plain(node).endswith(plain(end)),
    "flatten": _flatten,
    "join": _join,
    "jsondecode": _jsondecode,
    "jsonencode": lambda node: Document(node),
    "keys": _keys,
    "length": _length,
    "lookup": _lookup,
    "lower": lambda node: plain(node).lower(),
    "merge": _merge,
    "md5": lambda node: Digest(node.value),
    "nonsensitive": lambda node: node,
    "regex": lambda pattern, text_: None,
    "replace": _replace,
    "sensitive": lambda node: node,
    # Of a number that is made of a hash, nothing is known but what it is made of.
    "parseint": lambda node, base: node,
    "sha1": lambda node: Digest(node.value),
    "sha256": lambda node: Digest(node.value),
    "startswith": lambda node, start: plain(node).startswith(plain(start)),
    "substr": lambda node, start, length: node if isinstance(node.value, Digest) else _substr(node, start, length),
    "tobool": _bool,
    "tolist": lambda node: node,
    "tomap": lambda node: node,
    "tonumber": _number,
    "toset": _toset,
    "tostring": lambda node: _part(node.value),
    "trimsuffix": _trimsuffix,
    "upper": lambda node: plain(node).upper(),
    "values": _values,
    "zipmap": _zipmap,
}

"""Maps of nodes, changed in place."""

from __future__ import annotations

from typing import Any

from lenie.compiler.verify.values import Node


def put(root: Node, path: str, node: Node, *, extend: bool = False) -> None:
    """Set the property at a dotted path; `extend` adds to a list that is there."""
    *steps, last = [path] if path.startswith("(") else path.split(".")
    for step in steps:
        root = root.value.setdefault(step, Node({}, node.place))
    there = root.value.get(last)
    if extend and there is not None and isinstance(there.value, list):
        there.value.extend(node.value)
    else:
        root.value[last] = node


def take(root: Node, *names: str) -> list[Node | None]:
    """Remove properties, and return their values."""
    return [root.value.pop(name, None) for name in names]


def given(node: Node | None) -> Any:
    """Return the value of a node, or None."""
    return node.value if node is not None else None

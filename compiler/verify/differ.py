"""Differences of two values in normal form."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Any, NamedTuple

from lenie.compiler.span import Path
from lenie.compiler.verify.values import Bag, Document, Node, key_of, parsed_json

#: Members of these names tell which elements of two sets are meant to be the same.
_IDENTITY = (
    "Sid",
    "Key",
    "Id",
    "Name",
    "PolicyName",
    "IndexName",
    "AttributeName",
    "DeviceName",
    "ResourceType",
    "Description",
)


class Change(NamedTuple):
    """One difference. A side that is None has nothing at `path`; `near` is the closest place on the other side."""

    path: Path
    expected: Node | None
    actual: Node | None
    #: Places in the spec and in the file: of the value, or of what it should be in.
    wanted_at: Any
    found_at: Any


def changes(expected: Node, actual: Node) -> list[Change]:
    """Return the differences between two values, outermost first."""
    return list(_changes(expected, actual, (), expected.place, actual.place))


def _changes(expected: Node | None, actual: Node | None, path: Path, wanted: Any, found: Any) -> Iterator[Change]:
    wanted = expected.place if expected is not None and expected.place is not None else wanted
    found = actual.place if actual is not None and actual.place is not None else found
    if expected is None or actual is None:
        yield Change(path, expected, actual, wanted, found)
        return
    expected, actual = _alike(expected, actual)
    left, right = expected.value, actual.value
    if isinstance(left, Document) and isinstance(right, Document):
        yield from _changes(left.root, right.root, path, wanted, found)
    elif isinstance(left, dict) and isinstance(right, dict):
        for key in [*left, *(key for key in right if key not in left)]:
            yield from _changes(left.get(key), right.get(key), (*path, key), wanted, found)
    elif isinstance(left, Bag) and isinstance(right, Bag):
        for name, one, other in _paired(left.members, right.members):
            yield from _changes(one, other, (*path, name), wanted, found)
    elif isinstance(left, list) and isinstance(right, list):
        for index, one, other in _aligned(left, right):
            yield from _changes(one, other, (*path, index), wanted, found)
    elif key_of(left) != key_of(right):
        yield Change(path, expected, actual, wanted, found)


def _alike(expected: Node, actual: Node) -> tuple[Node, Node]:
    """Return both sides, parsed if one of them is JSON and the other a text that holds it."""
    left, right = isinstance(expected.value, Document), isinstance(actual.value, Document)
    if left and not right:
        parsed = parsed_json(actual.value, actual.place)
        return expected, Node(Document(parsed), actual.place) if parsed else actual
    if right and not left:
        parsed = parsed_json(expected.value, expected.place)
        return Node(Document(parsed), expected.place) if parsed else expected, actual
    return expected, actual


def _aligned(left: list[Node], right: list[Node]) -> Iterator[tuple[int, Node | None, Node | None]]:
    """Yield the elements of two lists side by side, so that a missing one does not shift all that follow."""
    keys, others = [key_of(node) for node in left], [key_of(node) for node in right]
    for _, start, end, begin, stop in SequenceMatcher(None, keys, others, autojunk=False).get_opcodes():
        for offset in range(max(end - start, stop - begin)):
            one = left[start + offset] if start + offset < end else None
            other = right[begin + offset] if begin + offset < stop else None
            yield start + offset, one, other


def _paired(left: list[Node], right: list[Node]) -> Iterator[tuple[str | int, Node | None, Node | None]]:
    """Yield the members of two sets side by side: equal ones, then those of the same name, then the most alike."""
    rest = {index: key_of(node) for index, node in enumerate(right)}
    open_left: list[Node] = []
    for node in left:
        key = key_of(node)
        same = next((index for index, other in rest.items() if other == key), None)
        if same is None:
            open_left.append(node)
        else:
            del rest[same]
    # Equal members have no differences.
    open_right = [right[index] for index in rest]
    pairs = sorted(
        ((likeness(one, other), -i, -j) for i, one in enumerate(open_left) for j, other in enumerate(open_right)),
        reverse=True,
    )
    partner: dict[int, int] = {}
    for alike, i, j in pairs:
        if alike > 0 and -i not in partner and -j not in partner.values():
            partner[-i] = -j
    if len(open_left) == len(open_right) == 1:
        partner = {0: 0}
    for i, node in enumerate(open_left):
        yield _name(node, i), node, open_right[partner[i]] if i in partner else None
    for j, node in enumerate(open_right):
        if j not in partner.values():
            yield _name(node, j), None, node


def likeness(one: Node, other: Node) -> float:
    """Return how much of two values is equal, from 0 to 1; of two scalars it is all or nothing."""
    left, right = one.value, other.value
    if isinstance(left, Document) and isinstance(right, Document):
        return likeness(left.root, right.root)
    if isinstance(left, (list, Bag)) and isinstance(right, (list, Bag)):
        return _shared(left, right)
    if not isinstance(left, dict) or not isinstance(right, dict):
        return float(key_of(left) == key_of(right))
    keys = left.keys() | right.keys()
    if not keys:
        return 1.0
    score = 0.0
    for key in left.keys() & right.keys():
        score += likeness(left[key], right[key]) * (10 if key in _IDENTITY else 1)
    return score / sum(10 if key in _IDENTITY else 1 for key in keys)


def _shared(left: list[Node] | Bag, right: list[Node] | Bag) -> float:
    ours, theirs = (
        Counter(key_of(node) for node in (side.members if isinstance(side, Bag) else side)) for side in (left, right)
    )
    most = max(ours.total(), theirs.total())
    return (ours & theirs).total() / most if most else 1.0


def _name(node: Node, index: int) -> str | int:
    """Return the step of a path to a member of a set: by its name if it has one."""
    if isinstance(node.value, dict):
        for key in _IDENTITY:
            found = node.value.get(key)
            if found is not None and isinstance(found.value, str):
                return f"[{key}={found.value}]"
    return index

"""Differences of two pieces of plain data, by path: lists are aligned by what tells their elements apart."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import Any, NamedTuple

from lenie.compiler.diff.plain import Plain
from lenie.compiler.span import Path


class _Missing:
    """Stands for a value that one side does not have."""

    def __repr__(self) -> str:
        return "MISSING"


MISSING: Any = _Missing()


class Key(NamedTuple):
    """An element of a list, told apart by a member of it: ``Tags[Owner]``; with its index on each side, or -1."""

    name: str
    old: int
    new: int


#: A path with elements of lists: a member, an index on the side that has the element, or a key.
Steps = tuple[str | int | Key, ...]


class Difference(NamedTuple):
    """Two values at one place; `MISSING` where a side has none."""

    path: Steps
    old: Plain
    new: Plain
    #: Only the order of a list differs.
    order: bool = False

    @property
    def members(self) -> tuple[str, ...]:
        """The path without elements of lists."""
        return tuple(step for step in self.path if isinstance(step, str))

    def raw(self, *, new: bool) -> Path:
        """Return the path on one side, up to the first element that this side does not have."""
        found: list[str | int] = []
        for step in self.path:
            index = (step.new if new else step.old) if isinstance(step, Key) else step
            if index == -1:
                break
            found.append(index)
        return tuple(found)


#: Members of an element that may tell it apart, the best first.
_KEYS = ("Key", "Sid", "Name", "Id", "AttributeName", "IndexName", "ResourceType", "DeviceName", "PolicyName")
#: What in a policy is a set (IAM User Guide, "IAM JSON policy elements reference").
_POLICY_SETS = frozenset({"Statement", "Action", "NotAction", "Resource", "NotResource"})


def differences(old: Plain, new: Plain, unordered: Callable[[tuple[str, ...]], bool]) -> Iterator[Difference]:
    """Yield where `old` and `new` differ, as deep as both have the same shape; `unordered` tells lists that are sets.

    An element that only one side has is one difference; so is a text, a number, or a value of another shape.
    """
    yield from _Comparison(unordered).values(old, new, ())


def display(path: Steps) -> str:
    """Return a path as users read it: ``Tags[Owner].Value``, ``PolicyDocument.Statement[0].Action``."""
    text = ""
    for step in path:
        if isinstance(step, str):
            text += f".{step}" if text else step
        else:
            text += f"[{step.name if isinstance(step, Key) else step}]"
    return text


class _Comparison:
    def __init__(self, unordered: Callable[[tuple[str, ...]], bool]) -> None:
        self.unordered = unordered

    def values(self, old: Plain, new: Plain, at: Steps) -> Iterator[Difference]:
        if isinstance(old, dict) and isinstance(new, dict):
            for key in dict.fromkeys((*old, *new)):
                yield from self.values(old.get(key, MISSING), new.get(key, MISSING), (*at, key))
        elif isinstance(old, list) and isinstance(new, list):
            yield from self.lists(old, new, at)
        elif old is MISSING or new is MISSING or _text(old) != _text(new):
            yield Difference(at, old, new)

    def lists(self, old: list[Plain], new: list[Plain], at: Steps) -> Iterator[Difference]:
        members = tuple(step for step in at if isinstance(step, str))
        a_set = self.is_set(members)
        key = _key(old, new)
        if key:
            yield from self.keyed(key, old, new, at, a_set)
        elif a_set:
            yield from self.sets(old, new, at, members)
        else:
            yield from self.sequences(old, new, at)

    def keyed(self, key: str, old: list[Plain], new: list[Plain], at: Steps, a_set: bool) -> Iterator[Difference]:
        """Compare lists whose elements have names, each once."""
        before = {item[key]: index for index, item in enumerate(old)}
        after = {item[key]: index for index, item in enumerate(new)}
        for name in dict.fromkeys((*before, *after)):
            step = Key(shown_name(name), before.get(name, -1), after.get(name, -1))
            left = old[step.old] if step.old >= 0 else MISSING
            right = new[step.new] if step.new >= 0 else MISSING
            yield from self.values(left, right, (*at, step))
        common = [name for name in before if name in after]
        order = [name for name in after if name in before]
        if common != order and not a_set:
            yield Difference(at, common, order, order=True)

    def is_set(self, members: tuple[str, ...]) -> bool:
        """Return whether the order of the list at that path means nothing."""
        return bool(members) and (members[-1] in _POLICY_SETS or self.unordered(members))

    def canonical(self, value: Plain, members: tuple[str, ...]) -> str:
        """Return a text that is the same for values which differ only by the order of sets."""
        if isinstance(value, dict):
            return _text({key: self.canonical(item, (*members, key)) for key, item in value.items()})
        if isinstance(value, list):
            items = [self.canonical(item, members) for item in value]
            return _text(sorted(items) if self.is_set(members) else items)
        return _text(value)

    def sets(self, old: list[Plain], new: list[Plain], at: Steps, members: tuple[str, ...]) -> Iterator[Difference]:
        """Compare lists whose order means nothing; a single element that changed is compared inside."""
        before, after = ([self.canonical(item, members) for item in items] for items in (old, new))
        lost, won = Counter(before) - Counter(after), Counter(after) - Counter(before)
        gone = [index for index, item in enumerate(before) if _take(lost, item)]
        come = [index for index, item in enumerate(after) if _take(won, item)]
        if len(gone) == len(come) == 1 and _alike(old[gone[0]], new[come[0]]):
            step = Key(str(come[0]), gone[0], come[0])
            yield from self.values(old[gone[0]], new[come[0]], (*at, step))
            return
        yield from (Difference((*at, Key(str(index), index, -1)), old[index], MISSING) for index in gone)
        yield from (Difference((*at, Key(str(index), -1, index)), MISSING, new[index]) for index in come)

    def sequences(self, old: list[Plain], new: list[Plain], at: Steps) -> Iterator[Difference]:
        """Compare lists whose order means something."""
        texts = [_text(item) for item in old], [_text(item) for item in new]
        if sorted(texts[0]) == sorted(texts[1]) and texts[0] != texts[1]:
            yield Difference(at, old, new, order=True)
            return
        for tag, i1, i2, j1, j2 in SequenceMatcher(None, *texts, autojunk=False).get_opcodes():
            if tag == "equal":
                continue
            pairs = min(i2 - i1, j2 - j1)
            for n in range(pairs):
                step = Key(str(j1 + n), i1 + n, j1 + n)
                yield from self.values(old[i1 + n], new[j1 + n], (*at, step))
            yield from (Difference((*at, Key(str(i), i, -1)), old[i], MISSING) for i in range(i1 + pairs, i2))
            yield from (Difference((*at, Key(str(j), -1, j)), MISSING, new[j]) for j in range(j1 + pairs, j2))


def shown_name(name: Plain) -> str:
    """Return what tells an element apart, as it stands in a path."""
    return name if isinstance(name, str) else _text(name)


def _text(value: Plain) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


def _take(left: Counter[str], text: str) -> bool:
    """Return whether one of `text` is left, and take it."""
    if left[text] <= 0:
        return False
    left[text] -= 1
    return True


def _alike(old: Plain, new: Plain) -> bool:
    return isinstance(old, dict) and isinstance(new, dict)


def _key(old: Sequence[Plain], new: Sequence[Plain]) -> str:
    """Return the member that tells the elements of both lists apart, if there is one."""
    if not old or not new:
        return ""
    for key in _KEYS:
        if all(
            all(isinstance(item, dict) and isinstance(item.get(key), str) for item in items)
            and len({item[key] for item in items}) == len(items)
            for items in (old, new)
        ):
            return key
    return ""

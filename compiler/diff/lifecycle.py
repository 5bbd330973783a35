"""What a change of a property does to its resource: nothing more, or another resource in its place."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Literal, NamedTuple

from lenie.compiler.limits import UNIQUE

#: A property without the places of list elements: ``("ComputeResources", "Subnets")``.
Property = tuple[str, ...]
#: Whether another value of a property replaces the resource.
Effect = Literal["", "maybe", "always"]

#: Names that are unique, but of which AWS keeps several versions side by side.
_VERSIONED = frozenset({("AWS::Lambda::LayerVersion", "LayerName")})


class Lifecycle(NamedTuple):
    """The properties of a type that matter for its replacement."""

    create_only: frozenset[Property] = frozenset()
    conditional: frozenset[Property] = frozenset()
    unordered: frozenset[Property] = frozenset()
    #: The property that holds the name of which there can be one, if there is one.
    name: Property = ()
    #: Whether the table has the type at all.
    known: bool = False

    def effect(self, at: Property, inner: Iterable[Property] = ()) -> Effect:
        """Return what another value of the property `at` does; `inner` are the properties inside that value."""
        touched = {at[:end] for end in range(1, len(at) + 1)} | {(*at, *path) for path in inner}
        if touched & self.create_only:
            return "always"
        return "maybe" if touched & self.conditional else ""


@cache
def lifecycle(type_name: str) -> Lifecycle:
    """Return what is known of a CloudFormation type; nothing for one that the registry's schemas lack.

    Source: compiler/data/replacements.txt, which tools/extract_replacements.py writes.
    """
    text = _table()
    start = text.find(f"\n{type_name} ")
    if start < 0:
        known = f"\n{type_name}\n" in text
        return Lifecycle(known=known)
    entries = text[start + 1 : text.index("\n", start + 1)].split(" ")[1:]
    by_mark: dict[str, set[Property]] = {mark: set() for mark in ("", "?", "=", "~")}
    for entry in entries:
        mark = entry[0] if entry[0] in by_mark else ""
        by_mark[mark].add(tuple(entry.removeprefix(mark).split("/")))
    return Lifecycle(
        frozenset(by_mark[""] | by_mark["="]),
        frozenset(by_mark["?"]),
        frozenset(by_mark["~"]),
        _name(type_name, by_mark["="]),
        known=True,
    )


def type_names() -> list[str]:
    """Return the CloudFormation types that the table has: those of the registry's schemas."""
    lines = _table().splitlines()
    return [line.split(" ", 1)[0] for line in lines if line and not line.startswith("#")]


def _name(type_name: str, identity: set[Property]) -> Property:
    """Return the property that names a resource; the replacement of one that keeps it would have the same name."""
    for owner, name in UNIQUE - _VERSIONED:
        if owner == type_name:
            return tuple(name.split("."))
    return next(iter(identity)) if len(identity) == 1 else ()


@cache
def _table() -> str:
    return files("lenie.compiler.data").joinpath("replacements.txt").read_text(encoding="utf-8")

"""Which changes of properties replace a resource: those that the registry's schemas say."""

from __future__ import annotations

from typing import Any

from lenie.compiler.diff.lifecycle import lifecycle
from lenie.compiler.local.stacks.handler import type_of
from lenie.compiler.local.stacks.records import Resource


def replaces(record: Resource, properties: dict[str, Any], names: set[str]) -> bool:
    """Return whether the change of these properties replaces the resource."""
    known = lifecycle(record.type)
    for name in names:
        for path in differing(record.properties.get(name), properties.get(name), (name,)):
            effect = known.effect(path)
            if effect == "always" or (
                effect == "maybe" and type_of(record).replaces(properties, record.properties, names)
            ):
                return True
    return False


def differing(before: Any, after: Any, path: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Return the paths of properties that differ, without the places of list elements."""
    if before == after:
        return []
    if isinstance(before, dict) and isinstance(after, dict):
        found = []
        for key in before.keys() | after.keys():
            found += differing(before.get(key), after.get(key), (*path, key))
        return found
    if isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        return [inner for left, right in zip(before, after, strict=True) for inner in differing(left, right, path)]
    whole = before if isinstance(before, (dict, list)) else after
    return [path, *_inside(whole, path)]


def _inside(value: Any, path: tuple[str, ...]) -> list[tuple[str, ...]]:
    if isinstance(value, list):
        return [inner for item in value for inner in _inside(item, path)]
    if isinstance(value, dict):
        return [at for key, item in value.items() for at in ((*path, key), *_inside(item, (*path, key)))]
    return []

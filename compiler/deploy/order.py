"""What waits for what: layers one after the other, and inside a layer the components whose values are read."""

from __future__ import annotations

from collections.abc import Mapping

from lenie.compiler.deploy.bundle import Unit


def waits(units: Mapping[str, Unit], layers: tuple[str, ...]) -> dict[str, frozenset[str]]:
    """Return component -> the components that must be deployed before it; `units` in deployment order.

    The spec lists layers in the order of their deployment, so a layer waits for all before it. Only what is deployed
    now can be waited for.
    """
    rank = {layer: number for number, layer in enumerate(layers)}
    found: dict[str, frozenset[str]] = {}
    for name, unit in units.items():
        earlier = {other for other, one in units.items() if rank[one.layer] < rank[unit.layer]}
        found[name] = frozenset(earlier | (set(unit.after) & units.keys()))
    return found


def needed(name: str, after: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """Return all that must be deployed before `name`, by what each waits for."""
    found: set[str] = set()
    todo = [*after[name]]
    while todo:
        one = todo.pop()
        if one not in found:
            found.add(one)
            todo += after[one]
    return frozenset(found)


def reverse(after: dict[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    """Return the order of deletion: each waits for all that waited for it, the last ones come first."""
    turned: dict[str, set[str]] = {name: set() for name in reversed(after)}
    for name, others in after.items():
        for other in others:
            turned[other].add(name)
    return {name: frozenset(others) for name, others in turned.items()}

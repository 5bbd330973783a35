"""Which resource waits for which, and which component is deployed before which."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from typing import Any, NamedTuple

from lenie.compiler.verify.program import Program, Resource
from lenie.compiler.verify.values import Reference, atoms_of


class Orders(NamedTuple):
    """What may wait for what: in any of the environments, or with any value of an optional parameter."""

    resources: Order
    components: Order


class Order:
    """A relation of things that wait for others."""

    def __init__(self, edges: Mapping[Any, Iterable[Hashable]]) -> None:
        self.edges = edges

    def waits(self, one: Hashable, other: Hashable) -> bool:
        """Whether `one` waits for `other`, by itself or by way of others."""
        seen: set[Hashable] = set()
        stack = [one]
        while stack:
            for key in self.edges.get(stack.pop(), ()):
                if key == other:
                    return True
                if key not in seen:
                    seen.add(key)
                    stack.append(key)
        return False


def union(orders: Iterable[Order]) -> Order:
    """Return the order in which everything waits for what it waits for in any of `orders`."""
    edges: dict[Hashable, set[Hashable]] = {}
    for order in orders:
        for one, others in order.edges.items():
            edges.setdefault(one, set()).update(others)
    return Order(edges)


def resource_order(program: Program) -> Order:
    """Return what waits for what among resources (component and name): by references, and by what is declared."""
    edges = {}
    for resource in program.resources():
        declared = {(resource.component, name) for name in resource.depends_on}
        edges[resource.key] = (_references(resource) | declared) - {resource.key}
    return Order(edges)


def component_order(program: Program) -> Order:
    """Return what waits for what among components: by values, and by what is declared."""
    return union([declared_order(program), component_values(program)])


def declared_order(program: Program) -> Order:
    """Return what waits for what among components, as far as it is declared."""
    return Order({name: component.after for name, component in program.components.items()})


def component_values(program: Program) -> Order:
    """Return which components read values of which others."""
    edges: dict[Hashable, set[Hashable]] = {name: set(program.reads.get(name, ())) for name in program.components}
    for resource in program.resources():
        edges[resource.component] |= {component for component, _ in _references(resource)} - {resource.component}
    return Order(edges)


def _references(resource: Resource) -> set[tuple[str, str]]:
    found = (atom for atom in atoms_of(resource.properties) if isinstance(atom, Reference))
    return {(atom.component, atom.resource) for atom in found}

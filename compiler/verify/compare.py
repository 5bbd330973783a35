"""Compares a target's program with what the graph wants: resources, properties, order, protection."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, NamedTuple

from lenie.compiler.span import Path
from lenie.compiler.verify.differ import changes
from lenie.compiler.verify.program import Component, Program, Resource
from lenie.compiler.verify.values import Node, Place, Reference, atoms_of

#: Codes of the findings.
VALUE, MISSING, EXTRA, ORDER = "E601", "E602", "E603", "E604"


#: Targets that keep a resource or do not: they know no exception for one that was just made.
_NO_EXCEPTION = frozenset({"tf"})
_KEPT = {"RetainExceptOnCreate": "Retain"}
_WORDS = {True: "when what it deploys changes", False: "never"}


class Difference(NamedTuple):
    """One way in which a target says something else than the graph, in one environment."""

    code: str
    target: str
    environment: str
    component: str
    resource: str
    type: str
    #: Of the property; empty for a whole resource.
    path: Path
    #: Nothing at all on a side is None.
    expected: Node | None
    actual: Node | None
    #: Where the generated file says it, or should.
    place: Place | None
    #: Where the spec says it.
    origin: Path


def compare(expected: Program, actual: Program, target: str, components: Collection[str]) -> list[Difference]:
    """Return the differences in `components`; both programs are in normal form, resources have the graph's names."""
    found: list[Difference] = []
    wanted_order, given_order = _Order(expected), _Order(actual)
    for name in components:
        wanted, given = expected.components[name], actual.components.get(name)
        if given is None:
            continue
        report = _Report(expected.environment, target, name, given)
        for key, resource in wanted.resources.items():
            other = given.resources.get(key)
            if other is None:
                found.append(report.resource(MISSING, resource, None))
            elif other.type != resource.type:
                found += [report.resource(MISSING, resource, other), report.resource(EXTRA, None, other)]
            else:
                found += _properties(report, resource, other)
                found += _protection(report, resource, other)
                found += _waiting(report, resource, other, wanted_order, given_order)
        found += [
            report.resource(EXTRA, None, other) for key, other in given.resources.items() if key not in wanted.resources
        ]
    return found


class _Report:
    """Makes differences of one component."""

    def __init__(self, environment: str, target: str, component: str, given: Component) -> None:
        self.environment = environment
        self.target = target
        self.component = component
        self.given = given

    def resource(self, code: str, wanted: Resource | None, given: Resource | None) -> Difference:
        one = wanted or given
        assert one is not None
        place = given.place if given is not None else self.given.place
        return self.make(
            code,
            one,
            (),
            Node(wanted.type) if wanted else None,
            Node(given.type) if given else None,
            place,
            wanted.place if wanted else (),
        )

    def make(
        self,
        code: str,
        resource: Resource,
        path: Path,
        expected: Node | None,
        actual: Node | None,
        place: Any,
        origin: Any,
    ) -> Difference:
        return Difference(
            code,
            self.target,
            self.environment,
            self.component,
            resource.name,
            resource.type,
            path,
            expected,
            actual,
            place if isinstance(place, Place) else None,
            origin if isinstance(origin, tuple) and not isinstance(origin, Place) else (),
        )


def _properties(report: _Report, wanted: Resource, given: Resource) -> list[Difference]:
    return [
        report.make(
            VALUE,
            wanted,
            change.path,
            change.expected,
            change.actual,
            change.found_at or given.place,
            change.wanted_at or wanted.place,
        )
        for change in changes(wanted.properties, given.properties)
    ]


def _protection(report: _Report, wanted: Resource, given: Resource) -> list[Difference]:
    word = _KEPT.get if report.target in _NO_EXCEPTION else lambda policy, _: policy
    pairs = [
        ("DeletionPolicy", word(wanted.deletion, wanted.deletion), given.deletion),
        ("UpdateReplacePolicy", word(wanted.replacement, wanted.replacement), given.replacement),
    ]
    if wanted.renewed is not None and given.renewed is not None:
        pairs.append(("(made anew)", _WORDS[wanted.renewed], _WORDS[given.renewed]))
    return [
        report.make(ORDER, wanted, (name,), Node(one), Node(other), given.place, wanted.place)
        for name, one, other in pairs
        if one != other
    ]


def _waiting(
    report: _Report, wanted: Resource, given: Resource, wanted_order: _Order, given_order: _Order
) -> list[Difference]:
    """Return what a resource should wait for and does not, and the other way round.

    An order that follows from other references need not be told: only what can be reached in neither way is missing.
    """
    missing = (n for n in sorted(wanted.depends_on) if not given_order.waits(given.key, (given.component, n)))
    extra = (n for n in sorted(given.depends_on) if not wanted_order.waits(wanted.key, (wanted.component, n)))
    pairs = [*((Node(name), None) for name in missing), *((None, Node(name)) for name in extra)]
    return [report.make(ORDER, wanted, ("DependsOn",), one, other, given.place, wanted.place) for one, other in pairs]


class _Order:
    """Which resource waits for which: through references, and through what is declared."""

    def __init__(self, program: Program) -> None:
        self.edges: dict[tuple[str, str], set[tuple[str, str]]] = {}
        for resource in program.resources():
            references = {
                (atom.component, atom.resource) for atom in atoms_of(resource.properties) if isinstance(atom, Reference)
            }
            declared = {(resource.component, name) for name in resource.depends_on}
            self.edges[resource.key] = (references | declared) - {resource.key}

    def waits(self, one: tuple[str, str], other: tuple[str, str]) -> bool:
        """Whether `one` is made after `other`."""
        seen: set[tuple[str, str]] = set()
        stack = [one]
        while stack:
            for key in self.edges.get(stack.pop(), ()):
                if key == other:
                    return True
                if key not in seen:
                    seen.add(key)
                    stack.append(key)
        return False

"""Compares a target's program with what the graph wants: resources, properties, order, protection."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any, NamedTuple

from lenie.compiler.span import Path
from lenie.compiler.verify.differ import changes
from lenie.compiler.verify.order import Order, Orders, component_order, component_values, declared_order, resource_order
from lenie.compiler.verify.program import Component, Program, Resource
from lenie.compiler.verify.values import Node, Place

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


def compare(
    expected: Program, actual: Program, target: str, components: Collection[str], known: Orders | None = None
) -> list[Difference]:
    """Return the differences in `components`.

    Args:
        expected: What the graph wants, in normal form.
        actual: What the target's files say, in normal form, with the graph's names of resources.
        target: Its name.
        components: Which of the components to compare.
        known: What may wait for what, if that is more than what waits in `expected`: where a target cannot say that an
            order holds under a condition only, it holds always.
    """
    found: list[Difference] = []
    known = known or Orders(resource_order(expected), component_order(expected))
    wanted_order, given_order = known.resources, resource_order(actual)
    wanted_parts, values = known.components, component_values(expected)
    given_parts = component_order(actual) if actual.ordered_by_values else declared_order(actual)
    for name in components:
        wanted, given = expected.components[name], actual.components.get(name)
        if given is None:
            continue
        report = _Report(expected.environment, target, name, given)
        for key, resource in wanted.resources.items():
            other = given.resources.get(key)
            if other is None and given.unread & {"*", key}:
                continue
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
        needed = wanted.after if actual.ordered_by_values else wanted.after | set(values.edges[name])
        found += _deployment(report, wanted, given, needed, wanted_parts, given_parts, actual)
    return [*found, *_whole(expected, actual, target, components)]


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
    report: _Report, wanted: Resource, given: Resource, wanted_order: Order, given_order: Order
) -> list[Difference]:
    """Return what a resource should wait for and does not, and the other way round.

    An order that follows from other references need not be told: only what can be reached in neither way is missing.
    """
    missing = (n for n in sorted(wanted.depends_on) if not given_order.waits(given.key, (given.component, n)))
    extra = (n for n in sorted(given.depends_on) if not wanted_order.waits(wanted.key, (wanted.component, n)))
    pairs = [*((Node(name), None) for name in missing), *((None, Node(name)) for name in extra)]
    return [report.make(ORDER, wanted, ("DependsOn",), one, other, given.place, wanted.place) for one, other in pairs]


def _deployment(
    report: _Report,
    wanted: Component,
    given: Component,
    needed: set[Any],
    wanted_order: Order,
    given_order: Order,
    actual: Program,
) -> list[Difference]:
    """Return the components that should be deployed before this one and are not, and the other way round."""
    roots = {name: component.root for name, component in actual.components.items()}
    one = Resource(wanted.name, "", "component", Node({}), wanted.place)
    before = (name for name in sorted(needed) if roots.get(name) == given.root)
    missing = (name for name in before if not given_order.waits(wanted.name, name))
    extra = (name for name in sorted(given.after) if not wanted_order.waits(wanted.name, name))
    pairs = [*((Node(name), None) for name in missing), *((None, Node(name)) for name in extra)]
    return [report.make(ORDER, one, ("DependsOn",), node, other, given.place, wanted.place) for node, other in pairs]


def _whole(expected: Program, actual: Program, target: str, components: Collection[str]) -> list[Difference]:
    """Return differences of what belongs to no component: the region, and what the program gives to people."""
    report = _Report(expected.environment, target, "", Component(""))
    program = Resource("", "", "program", Node({}))
    (region,) = expected.regions
    others = [node for node in actual.regions if node.value != region.value]
    found = [report.make(VALUE, program, ("region",), region, node, node.place, region.place) for node in others]
    if actual.outputs is None:
        return found
    wanted = {
        _plain(path): (component.name, path, node)
        for component in expected.components.values()
        if component.name in components and component.name in actual.components
        for path, node in component.exports.items()
    }
    known: set[str] = set()
    for key, (name, path, node) in wanted.items():
        one = Resource(name, path, "output", node, node.place)
        # A name that means something to Terraform gets an end.
        key = key if key in actual.outputs else f"{key}_value"
        known.add(key)
        other = actual.outputs.get(key)
        if other is None:
            found.append(
                _Report(expected.environment, target, name, actual.components[name]).resource(MISSING, one, None)
            )
        elif changes(node, other):
            found.append(report.make(VALUE, one, ("value",), node, other, other.place, node.place))
    for key, other in actual.outputs.items():
        if key not in known:
            extra = Resource("", key, "output", other, other.place if isinstance(other.place, Place) else None)
            found.append(report.resource(EXTRA, None, extra))
    return found


def _plain(name: str) -> str:
    """Return a name as Terraform writes it: ``vpc-id`` is ``vpc_id``."""
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")

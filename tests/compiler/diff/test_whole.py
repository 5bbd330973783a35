"""Lenie's whole architecture: every single property that changes is found, at its path, and nothing else is."""

from __future__ import annotations

import copy
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from support import ROOT

from lenie.compiler.diff.against import against
from lenie.compiler.diff.changes import Side, compare
from lenie.compiler.diff.deep import MISSING, display
from lenie.compiler.diff.lifecycle import lifecycle
from lenie.compiler.diff.model import Action
from lenie.compiler.diff.neutral import environment_graph
from lenie.compiler.diff.text import as_data, text_lines
from lenie.compiler.graph import Graph
from lenie.compiler.load import Tree
from lenie.compiler.pipeline import front

SPECS = [ROOT / "spec" / "lenie.yaml", *sorted((ROOT / "tests" / "cases").glob("*/spec.yaml"))]


@cache
def compiled(spec: Path) -> tuple[Graph, Tree]:
    run = front(spec)
    assert run.graph is not None
    assert run.tree is not None
    return run.graph, run.tree


def prod() -> Side:
    graph, tree = compiled(SPECS[0])
    return Side(environment_graph(graph, "prod"), tree)


def test_every_changed_property_is_found() -> None:
    """Each top-level property of each resource has another value, all at once."""
    new = prod()
    wanted: dict[tuple[str, str], set[str]] = {}
    for component in new.graph.components.values():
        for resource in component.resources.values():
            for name in resource.properties:
                resource.properties[name] = {"Changed": name}
            if resource.properties:
                wanted[component.name, resource.logical_id] = set(resource.properties)
    found = {(change.component, change.logical_id): change for change in compare(prod(), new)}
    assert found.keys() == wanted.keys()
    assert sum(map(len, wanted.values())) > 800
    for identity, names in wanted.items():
        assert {entry.path.partition(".")[0].partition("[")[0] for entry in found[identity].properties} == names
        known = lifecycle(found[identity].type)
        if any((name,) in known.create_only for name in names):
            assert found[identity].action is Action.REPLACED, identity


def leaves(value: Any, at: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    if isinstance(value, dict):
        return [path for key, item in value.items() for path in leaves(item, (*at, key))]
    if isinstance(value, list):
        return [path for index, item in enumerate(value) for path in leaves(item, (*at, index))]
    return [at] if at else []


def change_leaf(properties: dict[str, Any], path: tuple[str | int, ...]) -> None:
    holder: Any = properties
    for step in path[:-1]:
        holder = holder[step]
    holder[path[-1]] = "changed by the test"


@pytest.mark.parametrize(
    "type_name", ["AWS::SQS::Queue", "AWS::IAM::Role", "AWS::EC2::Instance", "AWS::RDS::DBInstance"]
)
def test_every_leaf_is_found_alone(type_name: str) -> None:
    """One value deep inside one resource changes: that resource is told with that one property."""
    old, new = prod(), prod()
    resource = next(r for c in old.graph.components.values() for r in c.resources.values() if r.type == type_name)
    component = next(c for c in new.graph.components.values() if resource.logical_id in c.resources)
    paths = leaves(resource.properties)
    assert len(paths) > 3
    for path in paths[:12]:
        other = component.resources[resource.logical_id]
        other.properties = copy.deepcopy(resource.properties)
        change_leaf(other.properties, path)
        changes = compare(old, new)
        told = [c for c in changes if c.logical_id == resource.logical_id and c.component == component.name]
        assert len(told) == 1, path
        own = [entry for entry in told[0].properties if not entry.because]
        members = [step for step in path if isinstance(step, str)]
        assert own, path
        for entry in own:
            shown = [part.partition("[")[0] for part in entry.path.split(".")]
            assert shown[0] == members[0], (path, entry.path)
        rest = [c for c in changes if c is not told[0]]
        if told[0].action is Action.CHANGED:
            assert rest == [], path
        for change in rest:
            assert all(entry.because for entry in change.properties)


def test_a_removed_property_is_found() -> None:
    new = prod()
    removed = {}
    for component in new.graph.components.values():
        for resource in component.resources.values():
            if resource.properties:
                removed[component.name, resource.logical_id] = resource.properties.popitem()[0]
    found = {(change.component, change.logical_id): change for change in compare(prod(), new)}
    for identity, name in removed.items():
        (entry,) = (e for e in found[identity].properties if not e.because)
        assert (entry.path, entry.new) == (display((name,)), MISSING)


@pytest.mark.parametrize("old", SPECS, ids=lambda spec: spec.parent.name)
@pytest.mark.parametrize("new", SPECS, ids=lambda spec: spec.parent.name)
def test_any_two_specs_can_be_compared(old: Path, new: Path) -> None:
    found = against(compiled(old), compiled(new), ("old", "new"))
    if old == new:
        assert (found.changes, found.notes) == ((), ())
    else:
        assert found.changes or found.notes
    assert list(text_lines(found, lambda text, code: text, 100))
    assert as_data(found)["summary"]["same"] == found.same >= 0

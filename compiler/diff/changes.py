"""Compares two graphs of one environment: which resources are added, removed, moved, changed or replaced."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from lenie.compiler.data.tags import TAG_PROPERTY
from lenie.compiler.diagnostics import Report
from lenie.compiler.diff.deep import MISSING, Difference, differences, display
from lenie.compiler.diff.fate import (
    clash,
    deletion,
    indexes_note,
    left_behind,
    moved_note,
    removed_note,
    taken,
    unique_name,
)
from lenie.compiler.diff.lifecycle import Property, lifecycle
from lenie.compiler.diff.model import Action, Change, PropertyChange
from lenie.compiler.diff.plain import Plain, plain
from lenie.compiler.diff.propagate import propagate
from lenie.compiler.graph import Component, Graph, Resource
from lenie.compiler.load import Tree
from lenie.compiler.span import Path
from lenie.targets.wiring.origin import place_of
from lenie.targets.wiring.stack import stack_name

#: What tells a resource apart: its component, and its logical id without the revision.
Identity = tuple[str, str]
_ATTRIBUTES = (
    ("DependsOn", "depends_on"),
    ("DeletionPolicy", "deletion_policy"),
    ("UpdateReplacePolicy", "update_replace_policy"),
)


class Side(NamedTuple):
    """One of the two graphs, with the spec that it comes from."""

    graph: Graph
    tree: Tree

    def place(self, resource: Resource, at: Path = ()) -> str:
        """Return the file and line of the spec that gave a property its value, or declared the resource."""
        path = place_of(Report(self.tree), resource, at)
        span = self.tree.span(path, key=path == resource.path)
        return f"{span.file}:{span.line}"

    def resources(self) -> dict[Identity, Resource]:
        """Return all resources by what tells them apart, in the order of deployment."""
        return {
            (component.name, _base(resource)): resource
            for component in self.graph.components.values()
            for resource in component.resources.values()
        }


def compare(old: Side, new: Side) -> list[Change]:
    """Return what becomes of every resource of `old` and `new` that is not the same in both."""
    before, after = old.resources(), new.resources()
    moves = _moves(before, after)
    found: dict[Identity, Change] = {}
    for identity, resource in after.items():
        if identity in before:
            change = _matched(old, new, identity, before[identity], resource)
            if change is not None:
                found[identity] = change
        elif identity not in moves.values():
            found[identity] = Change(Action.ADDED, identity[0], resource.logical_id, resource.type, new.place(resource))
    for identity, resource in before.items():
        if identity in moves:
            found[identity] = _moved(old, new, identity, moves[identity])
        elif identity not in after:
            found[identity] = Change(
                Action.REMOVED,
                identity[0],
                resource.logical_id,
                resource.type,
                old.place(resource),
                notes=(removed_note(resource),),
            )
    _follow(new, found, after)
    _refused(old, new, found, moves)
    ordered = [*after, *(identity for identity in before if identity not in after)]
    apart = {name for name in new.graph.components if name in old.graph.components and _apart(old, new, name)}
    return [_finished(found[i], before.get(i), after.get(i), apart) for i in ordered if i in found]


def contrast(one: Side, other: Side) -> list[Change]:
    """Return what differs between two environments of one spec: the same resources, with other properties."""
    found = []
    others = other.resources()
    for identity, resource in one.resources().items():
        right = others[identity]
        listed = _properties(one, other, (identity[0], identity[0]), resource, right)
        properties = tuple(change._replace(effect="") for change in listed)
        if properties:
            place = other.place(right)
            found.append(Change(Action.CHANGED, identity[0], right.logical_id, right.type, place, properties))
    return found


def _base(resource: Resource) -> str:
    """Return the logical id without the digest that makes a new resource of every content."""
    return resource.logical_id.removesuffix(resource.revision) if resource.revision else resource.logical_id


def _moves(before: Mapping[Identity, Resource], after: Mapping[Identity, Resource]) -> dict[Identity, Identity]:
    """Return the resources that stand in another component than before; ids tell who is who if they are clear."""

    def by_name(
        gone: Mapping[Identity, Resource], other: Mapping[Identity, Resource]
    ) -> dict[Identity, list[Identity]]:
        found: dict[Identity, list[Identity]] = {}
        for identity, resource in gone.items():
            if identity not in other:
                found.setdefault((identity[1], resource.type), []).append(identity)
        return found

    come = by_name(after, before)
    gone = by_name(before, after)
    return {
        identities[0]: come[name][0]
        for name, identities in gone.items()
        if len(identities) == 1 and len(come.get(name, ())) == 1
    }


def _matched(old: Side, new: Side, identity: Identity, was: Resource, now: Resource) -> Change | None:
    """Return what a resource of both graphs changes, or nothing."""
    properties = tuple(_properties(old, new, (identity[0], identity[0]), was, now))
    notes: list[str] = []
    action = Action.CHANGED
    if any(change.effect == "maybe" for change in properties):
        action = Action.MAY_REPLACE
    if any(change.effect == "always" for change in properties):
        action = Action.REPLACED
    if was.revision != now.revision:
        action = Action.REPLACED
        notes.append("what it is a snapshot of has changed, so a new one is made")
    if was.type != now.type:
        action = Action.REPLACED
        notes.append(f"its type was {was.type}: CloudFormation refuses another type under the same logical id")
    if _apart(old, new, identity[0]):
        stacks = [_stack(side, identity[0]) for side in (old, new)]
        action = Action.REPLACED
        notes.append(f"its component is deployed as another stack: {stacks[1]}; {stacks[0]} stays until it is deleted")
    limit = indexes_note(was, now) if action is Action.CHANGED else ""
    if limit:
        notes.append(limit)
    if not properties and not notes:
        return None
    if properties and not lifecycle(now.type).known:
        notes.append(f"whether this replaces it is not known: the registry's schemas have no {now.type}")
    return Change(action, identity[0], now.logical_id, now.type, new.place(now), properties, tuple(notes))


def _apart(old: Side, new: Side, component: str) -> bool:
    """Return whether a component is deployed as another stack than before."""
    return _stack(old, component) != _stack(new, component)


def _stack(side: Side, component: str) -> str:
    """Return what the component is deployed as, without the environment's name."""
    found: Component = side.graph.components[component]
    return f"{stack_name(side.graph, found, '${env.name}')} in {side.graph.region}"


def _moved(old: Side, new: Side, source: Identity, target: Identity) -> Change:
    was, now = old.resources()[source], new.resources()[target]
    return Change(
        Action.MOVED,
        source[0],
        was.logical_id,
        now.type,
        new.place(now),
        tuple(_properties(old, new, (source[0], target[0]), was, now)),
        (moved_note(was, source[0], target[0]),),
        moved_to=target[0],
    )


def _properties(
    old: Side, new: Side, components: tuple[str, str], was: Resource, now: Resource
) -> Iterator[PropertyChange]:
    """Yield the properties and attributes that differ; `components` are those that the two resources stand in."""
    for name, attribute in _ATTRIBUTES:
        left, right = (_attribute(resource, attribute) for resource in (was, now))
        if left != right:
            yield PropertyChange(name, left, right, place=new.place(now))
    known = lifecycle(now.type)
    unordered = known.unordered | _sets(now.type)
    before, after = plain(was.properties, components[0]), plain(now.properties, components[1])
    for found in differences(before, after, unordered.__contains__):
        side, resource = (old, was) if found.new is MISSING else (new, now)
        place = side.place(resource, found.raw(new=side is new))
        effect = known.effect(found.members, _inner(found))
        yield PropertyChange(display(found.path), found.old, found.new, found.order, effect, place)


def _sets(type_name: str) -> set[Property]:
    """Return the lists that are sets, although a schema does not say so: tags, and what a table's keys are made of."""
    tags = {(TAG_PROPERTY[type_name][0],)} if type_name in TAG_PROPERTY else set[Property]()
    return tags | ({("AttributeDefinitions",)} if type_name == "AWS::DynamoDB::Table" else set[Property]())


def _attribute(resource: Resource, name: str) -> Plain:
    value = getattr(resource, name)
    if name == "depends_on":
        value = sorted(value)
    return value or MISSING


def _inner(found: Difference) -> Iterator[Property]:
    """Yield the paths inside of a value that only one side has."""
    for value in (found.old, found.new):
        if value is not MISSING:
            yield from _members(value, ())


def _members(value: Plain, at: Property) -> Iterator[Property]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield (*at, key)
            yield from _members(item, (*at, key))
    elif isinstance(value, list):
        for item in value:
            yield from _members(item, at)


def _follow(new: Side, found: dict[Identity, Change], after: Mapping[Identity, Resource]) -> None:
    """Add to `found` what follows from references to resources that are replaced."""
    propagate(found, after, new.place)


def _refused(old: Side, new: Side, found: dict[Identity, Change], moves: Mapping[Identity, Identity]) -> None:
    """Note where a new resource has the name of one that is still there when it is made.

    An old one is gone by then if its component is deployed before, and not along with it, unless it is kept.
    """
    before, after = old.resources(), new.resources()
    order = {name: index for index, name in enumerate(new.graph.components)}
    leaving = [
        identity
        for identity, resource in before.items()
        if identity in found
        and found[identity].action in (Action.REMOVED, Action.MOVED)
        and unique_name(resource) is not None
    ]
    target_of = {target: source for source, target in moves.items()}
    for identity, resource in after.items():
        changed = target_of.get(identity, identity)
        if changed not in found or found[changed].action not in (Action.ADDED, Action.MOVED):
            continue
        for source in leaving:
            was = before[source]
            earlier = order.get(source[0], len(order)) < order[identity[0]]
            gone = earlier and deletion(was) in ("Delete", "Snapshot")
            note = taken(was, resource, source[0], identity[0], gone=gone)
            if note:
                found[changed] = found[changed]._replace(notes=(*found[changed].notes, note))


def _finished(change: Change, was: Resource | None, now: Resource | None, apart: set[str]) -> Change:
    """Return a change in its final order, with the notes that only hold for its final action.

    Components that are `apart` leave their old stack as it is.
    """
    told = sorted((p for p in change.properties if p.because), key=lambda entry: entry.path)
    change = change._replace(properties=(*(p for p in change.properties if not p.because), *told))
    if was is None or now is None or change.action not in (Action.REPLACED, Action.MAY_REPLACE):
        return change
    notes = list(change.notes)
    if change.component not in apart:
        notes.append(left_behind(was, certain=change.action is Action.REPLACED))
    same_name = clash(was, now, change.component)
    if same_name and was.revision == now.revision and was.type == now.type:
        notes.append(same_name)
    return change._replace(notes=tuple(notes))

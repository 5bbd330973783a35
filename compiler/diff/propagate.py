"""What follows from a replacement: a reference to the resource has another value, which may replace its holder, too."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from lenie.compiler.diff.deep import display
from lenie.compiler.diff.lifecycle import Effect, lifecycle
from lenie.compiler.diff.model import Action, Change, PropertyChange
from lenie.compiler.diff.plain import plain, references
from lenie.compiler.expressions import AttributeOf, JsonText, Value
from lenie.compiler.graph import Resource
from lenie.compiler.span import Path

_RANK = {Action.CHANGED: 0, Action.MAY_REPLACE: 1, Action.REPLACED: 2}
_ACTIONS: dict[Effect, Action] = {"": Action.CHANGED, "maybe": Action.MAY_REPLACE, "always": Action.REPLACED}


def propagate(
    found: dict[tuple[str, str], Change],
    after: Mapping[tuple[str, str], Resource],
    place: Callable[[Resource, Path], str],
) -> None:
    """Add to `found` the resources of `after` that refer to one that is replaced, until nothing more follows.

    A reference in a create-only property replaces its holder as well; elsewhere the holder is changed. What only may
    be replaced makes others uncertain only where their own replacement depends on it.
    """
    identities = {(name, resource.logical_id): (name, base) for (name, base), resource in after.items()}
    pending = [identity for identity, change in found.items() if change.action in (Action.REPLACED, Action.MAY_REPLACE)]
    users = _users(after, identities)
    while pending:
        cause = pending.pop(0)
        certain = found[cause].action is Action.REPLACED
        for user, at, reference in users.get(cause, ()):
            before = found.get(user)
            if before is not None and before.action not in _RANK:
                continue  # new, or moved: it is made anew in any case
            change = _followed(before, user, after[user], at, reference, certain=certain, place=place)
            if change is None or change == before:
                continue
            found[user] = change
            if _RANK[change.action] > (_RANK[before.action] if before is not None else 0):
                pending.append(user)


def _users(
    after: Mapping[tuple[str, str], Resource], identities: Mapping[tuple[str, str], tuple[str, str]]
) -> dict[tuple[str, str], list[tuple[tuple[str, str], Path, AttributeOf]]]:
    """Return who refers to each resource, and where."""
    users: dict[tuple[str, str], list[tuple[tuple[str, str], Path, AttributeOf]]] = {}
    for identity, resource in after.items():
        for at, reference in references(resource.properties):
            target = identities[reference.component, reference.resource]
            if target != identity:
                users.setdefault(target, []).append((identity, at, reference))
    return users


def _followed(
    before: Change | None,
    user: tuple[str, str],
    resource: Resource,
    at: Path,
    reference: AttributeOf,
    *,
    certain: bool,
    place: Callable[[Resource, Path], str],
) -> Change | None:
    """Return the change of a resource that refers to one that is (or may be) replaced; None if nothing follows."""
    members = tuple(step for step in at if isinstance(step, str))
    effect = lifecycle(resource.type).effect(members)
    if not certain:
        if not effect:
            return None
        effect = "maybe"
    change = before or Change(Action.CHANGED, user[0], resource.logical_id, resource.type, place(resource, ()))
    path = display(at)
    told = next((p for p in change.properties if p.path == path and p.because), None)
    if told is None or (effect == "always" and told.effect != "always"):
        owner = "" if reference.component == user[0] else f" of {reference.component}"
        words = "is replaced" if certain else "may be replaced"
        value = plain(_at(resource.properties, at), user[0])
        because = f"{reference.resource}{owner} {words}"
        entry = PropertyChange(path, value, value, False, effect, place(resource, at), because)
        change = change._replace(properties=(*(p for p in change.properties if p is not told), entry))
    action = _ACTIONS[effect]
    return change if _RANK[action] <= _RANK[change.action] else change._replace(action=action)


def _at(value: Value, path: Path) -> Value:
    """Return what stands at `path`; a text that holds JSON counts as the data in it."""
    for step in path:
        if isinstance(value, JsonText):
            value = value.document
        if isinstance(step, str):
            value = value[step] if isinstance(value, dict) else value
        elif isinstance(value, list):
            value = value[step]
    return value

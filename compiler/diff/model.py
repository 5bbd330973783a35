"""What a comparison of two graphs finds, as data."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from lenie.compiler.diff.lifecycle import Effect
from lenie.compiler.diff.plain import Plain


class Action(StrEnum):
    """What happens to a resource, the most serious first."""

    REPLACED = "replaced"
    MOVED = "moved"
    REMOVED = "removed"
    MAY_REPLACE = "may be replaced"
    CHANGED = "changed"
    ADDED = "added"


class PropertyChange(NamedTuple):
    """One property, or an attribute such as ``DeletionPolicy``, and its two values; `MISSING` for none."""

    path: str
    old: Plain
    new: Plain
    #: Only the order of a list differs.
    order: bool = False
    effect: Effect = ""
    #: ``spec/lenie.yaml:42``
    place: str = ""
    #: Why it changes although the spec says the same there.
    because: str = ""
    #: What the two values come from: ``setting Domain``, ``parameter alert-email``.
    source: str = ""


class Change(NamedTuple):
    """What happens to one resource. A resource that moves has the component that it moves to."""

    action: Action
    component: str
    logical_id: str
    type: str
    place: str
    properties: tuple[PropertyChange, ...] = ()
    #: Sentences on what follows: what becomes of the old one, why a deployment will refuse.
    notes: tuple[str, ...] = ()
    moved_to: str = ""
    #: Environments in which this happens; empty for all.
    environments: tuple[str, ...] = ()


#: --fail-on -> the actions that fail.
SERIOUS: dict[str, frozenset[Action]] = {
    "replace": frozenset({Action.REPLACED, Action.MAY_REPLACE, Action.MOVED}),
    "remove": frozenset({Action.REPLACED, Action.MAY_REPLACE, Action.MOVED, Action.REMOVED}),
    "change": frozenset(Action),
}


class Comparison(NamedTuple):
    """The result of a comparison: what it compares, in words, and what it found."""

    #: ``spec/lenie.yaml``, ``main``: the two sides, the older one first.
    sides: tuple[str, str]
    changes: tuple[Change, ...]
    #: Resources that are the same on both sides.
    same: int
    #: Sentences about components and environments as a whole.
    notes: tuple[str, ...] = ()
    #: Environments that were looked at.
    environments: tuple[str, ...] = ()
    #: Actions that `notes` tell of: of resources that are no part of `changes`.
    noted: frozenset[Action] = frozenset()
    #: Properties that differ by the name of the environment only.
    by_name: int = 0
    #: Whether two environments of one spec are compared, and not two specs.
    of_environments: bool = False

    def count(self, action: Action) -> int:
        """Return how many resources have that fate in some environment."""
        return len({(c.component, c.logical_id) for c in self.changes if c.action is action})

    def fails(self, gate: str) -> tuple[Change, ...] | bool:
        """Return the changes that `gate` (a key of `SERIOUS`) does not let pass, or True for what `notes` tell."""
        serious = SERIOUS[gate]
        return tuple(c for c in self.changes if c.action in serious) or bool(self.noted & serious)


def summary(found: Comparison) -> str:
    """Return how many resources have which fate: ``1 replaced, 2 changed``."""
    counts = [(found.count(action), action.value) for action in Action]
    return ", ".join(f"{count} {word}" for count, word in counts if count)

"""What a change of the spec does to resources, in every environment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lenie.compiler.diff.changes import Side, compare
from lenie.compiler.diff.clusters import SECTION, cluster_changes
from lenie.compiler.diff.model import Action, Change, Comparison
from lenie.compiler.diff.neutral import environment_graph
from lenie.compiler.graph import Graph
from lenie.compiler.load import Tree
from lenie.targets.wiring.stack import stack_name


def against(
    old: tuple[Graph, Tree],
    new: tuple[Graph, Tree],
    sides: tuple[str, str],
    *,
    component: str = "",
    environment: str = "",
) -> Comparison:
    """Return what becomes of the resources of `old` when `new` is deployed.

    With `component` only what happens in it is told, with `environment` only what happens there; the latter must be one
    of `new`. What is the same in all environments is told once.
    """
    wanted = (environment,) if environment else new[0].environments
    common = tuple(name for name in wanted if name in old[0].environments)
    found = {name: _compared(_side(old, name), _side(new, name)) for name in common}
    kept = {name: [c for c in changes if component in ("", c.component, c.moved_to)] for name, changes in found.items()}
    notes, noted = _notes(old[0], new[0], component, environment)
    changes = _merged(kept, common, [*new[0].components, *old[0].components, SECTION])
    touched = {(c.component, c.logical_id) for c in changes if c.action is not Action.ADDED and c.component != SECTION}
    total = sum(len(c.resources) for name, c in old[0].components.items() if component in ("", name))
    same = total - len({key for key in touched if component in ("", key[0])}) if common else 0
    return Comparison(sides, changes, same, notes, common, noted)


def _compared(old: Side, new: Side) -> list[Change]:
    return [*compare(old, new), *cluster_changes(old, new)]


def _side(run: tuple[Graph, Tree], environment: str) -> Side:
    return Side(environment_graph(run[0], environment), run[1])


def _merged(
    found: Mapping[str, Sequence[Change]], environments: tuple[str, ...], components: list[str]
) -> tuple[Change, ...]:
    """Return the changes of all environments, those that are alike as one, in the order of `components`."""
    merged: list[tuple[Change, list[str]]] = []
    for environment, changes in found.items():
        for change in changes:
            alike = next((names for known, names in merged if known == change), None)
            if alike is None:
                merged.append((change, [environment]))
            else:
                alike.append(environment)
    listed = [
        change if len(names) == len(environments) else change._replace(environments=tuple(names))
        for change, names in merged
    ]
    order: dict[tuple[str, str], int] = {}
    for change in listed:
        order.setdefault((change.component, change.logical_id), len(order))
    return tuple(sorted(listed, key=lambda c: (components.index(c.component), order[c.component, c.logical_id])))


def _notes(old: Graph, new: Graph, component: str, environment: str) -> tuple[tuple[str, ...], frozenset[Action]]:
    """Return what is to be said of environments and components as a whole, and what that means for resources."""
    notes = [
        f"the {what} is {there}, and was {here}: all stacks are made anew, "
        f"and those of {here} stay until they are deleted"
        for what, here, there in (("project", old.project, new.project), ("region", old.region, new.region))
        if here != there
    ]
    noted: set[Action] = set()
    for name in () if environment else old.environments:
        if name not in new.environments:
            notes.append(f"environment {name} is gone: nothing describes its stacks any more, and nothing deletes them")
            noted.add(Action.REMOVED)
    for name in (environment,) if environment else new.environments:
        if name not in old.environments:
            notes.append(f"environment {name} is new: every resource is made there")
            noted.add(Action.ADDED)
    for name in (environment,) if environment else new.environments:
        if name in old.environments and (name in old.production) != (name in new.production):
            words = (
                "are protected from deletion now" if name in new.production else "lose their protection from deletion"
            )
            notes.append(f"the stacks of {name} {words}")
            noted.add(Action.CHANGED)
    for name, found in old.components.items():
        if name not in new.components and component in ("", name):
            stack = stack_name(old, found, environment or "<environment>")
            notes.append(
                f"component {name} is gone: delete its stack {stack}, which CloudFormation does not do by itself"
            )
    added = (name for name in new.components if name not in old.components and component in ("", name))
    notes += [f"component {name} is new" for name in added]
    return tuple(notes), frozenset(noted)

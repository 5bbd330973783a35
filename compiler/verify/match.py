"""Finds out which resource of a target is which of the graph's, where a target has other names for them.

Resources of one component and type are matched by how much of their properties is equal. References count for what they
refer to as soon as that is matched, and for its type before; so links tell apart what names do not.
"""

from __future__ import annotations

from typing import Any

from lenie.compiler.verify.differ import likeness
from lenie.compiler.verify.program import Program, Resource
from lenie.compiler.verify.values import Atom, Bag, Document, Node, Reference, key_of, rewritten

_Key = tuple[str, str]


def matched(expected: Program, actual: Program) -> dict[_Key, str]:
    """Return component and name of `actual` -> name in `expected`; both are in normal form."""
    return _Matching(expected, actual).run()


def rename(program: Program, names: dict[_Key, str]) -> None:
    """Give the resources of `program` their names in the graph; what has none keeps its own."""

    def change(atom: Atom) -> Any:
        if isinstance(atom, Reference):
            return Reference(atom.component, names.get((atom.component, atom.resource), atom.resource), atom.attribute)
        return atom

    for component in program.components.values():
        for resource in component.resources.values():
            resource.depends_on = {names.get((component.name, name), name) for name in resource.depends_on}
            resource.properties = mapped(resource.properties, change)
            resource.name = names.get(resource.key, resource.name)
        component.resources = {resource.name: resource for resource in component.resources.values()}
    for name, node in (program.outputs or {}).items():
        assert program.outputs is not None
        program.outputs[name] = mapped(node, change)


def mapped(node: Node, change: Any) -> Node:
    """Return a node in which every atom is what `change` makes of it; sets are sorted anew."""
    value = node.value
    match value:
        case dict():
            return Node({key: mapped(item, change) for key, item in value.items()}, node.place)
        case list():
            return Node([mapped(item, change) for item in value], node.place)
        case Bag(members):
            return Node(Bag(sorted((mapped(member, change) for member in members), key=key_of)), node.place)
        case Document(root):
            return Node(Document(mapped(root, change)), node.place)
    return Node(rewritten(value, change), node.place)


class _Matching:
    def __init__(self, expected: Program, actual: Program) -> None:
        self.expected = expected
        self.actual = actual
        self.names: dict[_Key, str] = {}
        #: Component and name in `expected` that are taken.
        self.taken: set[_Key] = set()
        self.groups: dict[tuple[str, str], tuple[list[Resource], list[Resource]]] = {}
        for side, program in enumerate((expected, actual)):
            for resource in program.resources():
                group = self.groups.setdefault((resource.component, resource.type), ([], []))
                group[side].append(resource)

    def run(self) -> dict[_Key, str]:
        for wanted, given in self.groups.values():
            if len(wanted) == len(given) == 1:
                self.commit(wanted[0], given[0])
        while self.round():
            pass
        return self.names

    def commit(self, wanted: Resource, given: Resource) -> None:
        self.names[given.key] = wanted.name
        self.taken.add(wanted.key)

    def round(self) -> bool:
        """Match what is certain now; if nothing is, the most alike pair. Return whether anything was matched."""
        best: tuple[float, Resource, Resource] | None = None
        certain: list[tuple[Resource, Resource]] = []
        for wanted, given in self.groups.values():
            rows = [one for one in wanted if one.key not in self.taken]
            columns = [one for one in given if one.key not in self.names]
            if not rows or not columns:
                continue
            scores = self.scores(rows, columns)
            for i, row in enumerate(scores):
                for j, score in enumerate(row):
                    if best is None or score > best[0]:
                        best = (score, rows[i], columns[j])
                    others = [row[k] for k in range(len(row)) if k != j] + [
                        s[j] for k, s in enumerate(scores) if k != i
                    ]
                    if all(score > other for other in others):
                        certain.append((rows[i], columns[j]))
        if certain:
            for one, other in certain:
                self.commit(one, other)
        elif best is not None:
            self.commit(best[1], best[2])
        return best is not None

    def scores(self, rows: list[Resource], columns: list[Resource]) -> list[list[float]]:
        wanted = [mapped(row.properties, self._expected_reference) for row in rows]
        given = [mapped(column.properties, self._actual_reference) for column in columns]
        return [[likeness(one, other) for other in given] for one in wanted]

    def _expected_reference(self, atom: Atom) -> Any:
        if isinstance(atom, Reference) and (atom.component, atom.resource) not in self.taken:
            return self._typed(self.expected, atom, atom.resource)
        return atom

    def _actual_reference(self, atom: Atom) -> Any:
        if not isinstance(atom, Reference):
            return atom
        name = self.names.get((atom.component, atom.resource))
        if name is None:
            return self._typed(self.actual, atom, atom.resource)
        return Reference(atom.component, name, atom.attribute)

    def _typed(self, program: Program, atom: Reference, name: str) -> Reference:
        return Reference(atom.component, program.type_of(atom.component, name), atom.attribute)

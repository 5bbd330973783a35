"""A component in several dialects: the emitted lines of each resource, aligned."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from textwrap import dedent
from typing import Any, NamedTuple

from lenie.compiler.graph import Component
from lenie.compiler.pipeline import Compilation
from lenie.compiler.span import dotted


class Piece(NamedTuple):
    """Lines of an emitted file, without the indentation that all of them have."""

    path: str
    first: int
    last: int
    lines: tuple[str, ...]

    @property
    def place(self) -> str:
        """Where they stand: ``modules/vpc/main.tf:12-20``."""
        return f"{self.path}:{self.first}" + (f"-{self.last}" if self.last > self.first else "")


class Row(NamedTuple):
    """What stands beside each other: a resource, or several that one target writes as one."""

    logical_ids: tuple[str, ...]
    types: tuple[str, ...]
    #: Place in the spec.
    place: str
    #: The pieces of each target, in the order of the targets.
    cells: tuple[tuple[Piece, ...], ...]

    @property
    def title(self) -> str:
        """The names of its resources, or what the lines are that no resource has."""
        return ", ".join(self.logical_ids) or "around the resources"


def rows(run: Compilation, component: Component, targets: tuple[str, ...]) -> Iterator[Row]:
    """Yield the resources of `component` with their lines in each target, then the lines around them.

    `run` was compiled with places. Resources that some target writes as one block stand in one row.
    """
    assert run.tree is not None, "a spec that compiles has a tree"
    for ids in _groups(run, component, targets):
        resources = [component.resources[name] for name in ids]
        path = resources[0].path
        span = run.tree.span(path, key=True)
        yield Row(
            tuple(ids),
            tuple(dict.fromkeys(resource.type for resource in resources)),
            f"{span.file}:{span.line} {dotted(path)}",
            tuple(tuple(_pieces(run, target, component.name, ids)) for target in targets),
        )
    cells = tuple(tuple(_around(run, target, component.name)) for target in targets)
    if any(cells):
        yield Row((), (), "", cells)


def _groups(run: Compilation, component: Component, targets: tuple[str, ...]) -> list[list[str]]:
    """Return the logical ids that share lines in some target, in the order of the spec."""
    owner: dict[tuple[Any, ...], str] = {}
    group = {name: name for name in component.resources}
    for target in targets:
        for name in component.resources:
            for extent in run.places[target].resources[component.name][name]:
                first = group[owner.setdefault((target, extent), name)]
                group = {key: first if value == group[name] else value for key, value in group.items()}
    return [[name for name in group if group[name] == first] for first in dict.fromkeys(group.values())]


def _pieces(run: Compilation, target: str, component: str, ids: Iterable[str]) -> Iterator[Piece]:
    places = run.places[target].resources[component]
    for extent in dict.fromkeys(extent for name in ids for extent in places[name]):
        yield _piece(run, target, extent.path, extent.first, extent.last)


def _piece(run: Compilation, target: str, path: str, first: int, last: int) -> Piece:
    lines = run.outputs[target][path].split("\n")[first - 1 : last]
    return Piece(path, first, last, tuple(dedent("\n".join(lines)).split("\n")))


def _around(run: Compilation, target: str, component: str) -> Iterator[Piece]:
    """Yield the lines of the component's own files that no resource has, without empty ones at their ends."""
    places = run.places[target]
    taken: dict[str, set[int]] = {}
    for extents in places.resources[component].values():
        for extent in extents:
            taken.setdefault(extent.path, set()).update(range(extent.first, extent.last + 1))
    for path in places.files[component]:
        lines = run.outputs[target][path].split("\n")
        first = 0
        for number in range(1, len(lines) + 2):
            inside = number <= len(lines) and number not in taken.get(path, ())
            if inside and not first and lines[number - 1].strip():
                first = number
            elif not inside and first:
                last = max(n for n in range(first, number) if lines[n - 1].strip())
                yield _piece(run, target, path, first, last)
                first = 0


def as_data(component: str, found: Iterable[Row], targets: tuple[str, ...]) -> dict[str, Any]:
    """Return the rows of a component as JSON data."""
    return {
        "component": component,
        "rows": [
            {
                "resources": list(row.logical_ids),
                "types": list(row.types),
                "place": row.place,
                "targets": {
                    target: [
                        {"path": p.path, "first": p.first, "last": p.last, "text": "\n".join(p.lines)} for p in pieces
                    ]
                    for target, pieces in zip(targets, row.cells, strict=True)
                },
            }
            for row in found
        ],
    }

"""What the lines of templates, of files of parameters and of the manifest say, and where that stems from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from lenie.compiler.diagnostics import Report
from lenie.compiler.graph import Component, Graph
from lenie.compiler.span import Path
from lenie.targets.base import Item, Lines, Mark, attribute
from lenie.targets.wiring.names import Names, Source
from lenie.targets.wiring.stems import setting_place, stem_of

_RESOURCES, _PROPERTIES = "Resources", "Properties"
#: The functions that the data of a template may hold.
_FUNCTIONS = frozenset(
    ["Ref", *(f"Fn::{name}" for name in ("Base64", "FindInMap", "GetAtt", "GetAZs", "If", "Join", "Select", "Sub"))]
)
#: Length of the path of a resource, of a row of settings, and of an entry of another section.
_RESOURCE, _ROW, _ENTRY = 2, 4, 2


class Told(NamedTuple):
    """What stands where in a template."""

    #: Path in the template -> its lines.
    lines: Mapping[Path, Lines]
    #: Name of each parameter -> what it brings.
    parameters: Mapping[str, Source]
    #: Logical id -> property path of a JSON text -> what stands in which of its lines.
    documents: Mapping[str, Mapping[Path, list[Mark]]]

    def resources(self) -> Iterator[tuple[str, Lines]]:
        """Yield the logical id and the lines of each resource."""
        for path, lines in self.lines.items():
            if len(path) == _RESOURCE and path[0] == _RESOURCES:
                yield str(path[1]), lines

    def marks(self) -> Iterator[Mark]:
        """Yield what the lines of resources say."""
        for path, (first, last) in self.lines.items():
            if path[0] == _RESOURCES and len(path) > _RESOURCE:
                if path[2] != _PROPERTIES:
                    yield Mark(first, last, attribute(str(path[2])))
                elif at := property_path(path[3:]):
                    yield Mark(first, last, at)
        for name, documents in self.documents.items():
            for at, marks in documents.items():
                place: Path = (_RESOURCES, name, _PROPERTIES, *at)
                # Of a text with variables, the last line is that of the text.
                yield from _inside(at, marks, self.lines.get((*place, "Fn::Sub", 0)) or self.lines.get(place))

    def items(self, graph: Graph, component: Component, names: Names, report: Report) -> Iterator[Item]:
        """Yield what is no resource."""
        conditions = {condition: parameter for parameter, condition in names.conditions.items()}
        for path, (first, last) in self.lines.items():
            section, name = path[0], str(path[-1])
            if len(path) == 1 and section == "Description":
                yield Item(first, last, "description of component", component.name, component.path)
            elif len(path) == _ENTRY and section == "Parameters":
                stem = stem_of(graph, report, self.parameters[name])
                yield Item(first, last, "parameter", name, *stem)
            elif len(path) == _ROW and section == "Mappings":
                yield Item(first, last, "setting", name, setting_place(report, name, str(path[2])))
            elif len(path) == _ENTRY and section == "Conditions":
                yield Item(first, last, "condition", name, graph.parameters[conditions[name]].path)


def property_path(steps: Path) -> Path:
    """Return the property that a path below ``Properties`` leads to: without functions, and the sides of ``Fn::If``."""
    if _FUNCTIONS.isdisjoint(steps):
        return steps
    found: list[str | int] = []
    skipped = False
    for step in steps:
        if skipped:
            skipped = False
        elif step == "Fn::If":
            # The side follows.
            skipped = True
        elif step in _FUNCTIONS:
            break
        else:
            found.append(step)
    return tuple(found)


def _inside(at: Path, marks: list[Mark], lines: Lines | None) -> Iterator[Mark]:
    """Yield what the lines of a JSON text say, if it was printed line by line: then it ends where the property ends."""
    count = max((mark.last for mark in marks), default=0) + 1  # with the closing bracket
    if lines is None or lines[1] - lines[0] < count:
        return
    start = lines[1] - count
    for mark in marks:
        yield Mark(start + mark.first, start + mark.last, (*at, *mark.at))


def values_items(
    graph: Graph, report: Report, sources: list[tuple[str, Source]], environment: str, marks: list[Mark]
) -> Iterator[Item]:
    """Yield the rows of a file of parameters: name and source of each, and what stands in which of its lines."""
    for mark in marks:
        if len(mark.at) == 1:
            name, source = sources[int(mark.at[0])]
            yield Item(mark.first, mark.last, "value of parameter", name, *stem_of(graph, report, source, environment))


def manifest_items(graph: Graph, marks: list[Mark]) -> Iterator[Item]:
    """Yield the entries of the manifest."""
    components = list(graph.components.values())
    for mark in marks:
        match mark.at:
            case ("components", int(index)):
                yield Item(mark.first, mark.last, "component", components[index].name, components[index].path)
            case ("project" | "region" | "environments" as name,):
                yield Item(mark.first, mark.last, "field", name, (name,))

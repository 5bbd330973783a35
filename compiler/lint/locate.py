"""Where a finding belongs: the resource, its place in the spec, and the place in the generated file.

Tools tell a line, a logical id, or a path of properties; targets tell the lines of each resource and property (ADR 19,
ADR 20), and the graph tells where each property comes from. Everything that knows about such places is here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from lenie.compiler.diagnostics import Report
from lenie.compiler.graph import Graph
from lenie.compiler.lint.finding import Finding
from lenie.compiler.lint.generated import Generated, mark
from lenie.compiler.load import Tree
from lenie.compiler.span import Path, Span
from lenie.targets.base import Extent, Mark, attribute_name

_WORD = re.compile(r'^\s*(?:- )?(?:"(?P<quoted>[^"]+)":|(?P<name>[\w-]+)\s*[:=({])')


class Located(NamedTuple):
    """A finding with its places."""

    finding: Finding
    component: str
    #: Resources that it is about: several, if one block of a file stands for them.
    resources: tuple[str, ...]
    #: CloudFormation types of these resources.
    types: tuple[str, ...]
    #: Place of the resource in the spec; empty if none is known.
    owner: Path
    #: As `owner`, and narrower if the finding is about a property that the spec has a place for.
    path: Path
    spec: Span | None
    generated: Span | None


class Locator:
    """Finds places in the spec, whose syntax tree is `tree`, and in the files of targets."""

    def __init__(self, graph: Graph, tree: Tree, targets: Sequence[Generated]) -> None:
        self.graph = graph
        self.report = Report(tree)
        self.targets = {one.target: one for one in targets}
        self._owners = {
            one.target: {path: name for name, paths in one.places.files.items() for path in paths} for one in targets
        }

    def locate(self, finding: Finding) -> Located:
        """Return the places of a finding."""
        component = finding.component or self._owners[finding.target].get(finding.region.path, "")
        ids = self._resources(finding, component)
        owner, path = self._path(finding, component, ids)
        types = tuple(dict.fromkeys(self.graph.components[component].resources[name].type for name in ids))
        spec = None
        if path:
            spec = self.report.tree.span(path, key=path == owner)
        return Located(finding, component, ids, types, owner, path, spec, self._span(finding, component, ids))

    def _resources(self, finding: Finding, component: str) -> tuple[str, ...]:
        if component not in self.graph.components:
            return ()
        if finding.logical_id:
            known = finding.logical_id in self.graph.components[component].resources
            return (finding.logical_id,) if known else ()
        generated, region = self.targets[finding.target], finding.region
        # The line that a finding begins at may be a comment above the resource, which has no line in an edited file.
        for line in dict.fromkeys((region.line, region.end_line)):
            before, after = generated.compiled(region.path, line)
            found = [
                name
                for name, extents in generated.places.resources.get(component, {}).items()
                if any(one.path == region.path and one.first <= before <= after <= one.last for one in extents)
            ]
            if found:
                return tuple(found)
        return ()

    def _path(self, finding: Finding, component: str, ids: tuple[str, ...]) -> tuple[Path, Path]:
        """Return the place of the resource, and that of the property, in the spec."""
        if component not in self.graph.components:
            return (), ()
        if not ids:
            path = self.graph.components[component].path
            return path, path
        resources = [self.graph.components[component].resources[name] for name in ids]
        owner = _common([one.path for one in resources])
        at = finding.property or self._said(finding, ids)
        if not at:
            return owner, owner
        from lenie.targets.wiring.origin import place_of

        return owner, _common([place_of(self.report, one, at) for one in resources])

    def _said(self, finding: Finding, ids: tuple[str, ...]) -> Path:
        """Return the path of the innermost property that all lines of a finding are about."""
        generated, region = self.targets[finding.target], finding.region
        first, _ = generated.compiled(region.path, region.line)
        _, last = generated.compiled(region.path, max(region.line, region.end_line))
        found = [
            mark
            for mark in generated.places.marks.get(region.path, [])
            if 0 < mark.first <= first <= last <= mark.last
            and mark.resource in ("", *ids)
            and not attribute_name(mark.at)
        ]
        return min(found, key=lambda mark: (mark.last - mark.first, -len(mark.at)), default=Mark(0, 0, ())).at

    def _span(self, finding: Finding, component: str, ids: tuple[str, ...]) -> Span | None:
        """Return the place in the generated file, as narrow as it is known."""
        generated, region = self.targets[finding.target], finding.region
        if region.line and region.column:
            end = (region.end_line, region.end_column)
            if end <= (region.line, region.column):
                end = (region.line, region.column + 1)
            return Span(generated.name(region.path), region.line, region.column, *end)
        extents = generated.places.resources.get(component, {}).get(ids[0], []) if ids else []
        if region.line:
            extents = [Extent(region.path, region.line, region.end_line)]
        elif extents:
            first, last = (generated.written(extents[0].path, n) for n in (extents[0].first, extents[0].last))
            extents = [Extent(extents[0].path, first, last)] if first else []
        if not extents or not extents[0].path:
            return None
        (extent,) = extents
        steps: tuple[str | int, ...] = finding.property or ((finding.attribute,) if finding.attribute else ())
        lines = generated.lines(extent.path)
        number = _line_of(steps, lines, extent)
        return mark(generated.name(extent.path), number, lines[number - 1] if number <= len(lines) else "")


def _line_of(steps: Sequence[str | int], lines: Sequence[str], extent: Extent) -> int:
    """Return the line of a property in the lines of its resource: each step after the one before it.

    Without the property, that is the first line which is not a comment.
    """
    numbers = range(extent.first, min(extent.last, len(lines)) + 1)
    found = 0
    for step in (step for step in steps if isinstance(step, str)):
        for number in (number for number in numbers if number > found):
            match = _WORD.match(lines[number - 1])
            if match and _plain(match["quoted"] or match["name"]) == _plain(step):
                found = number
                break
    if found:
        return found
    first = (number for number in numbers if lines[number - 1].strip() and lines[number - 1].strip()[0] != "#")
    return next(first, extent.first)


def _plain(name: str) -> str:
    """Return a name so that ``BlockPublicAcls`` and ``block_public_acls`` are the same."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _common(paths: Sequence[Path]) -> Path:
    """Return the beginning that all paths have."""
    first = paths[0]
    for path in paths[1:]:
        size = next((n for n, pair in enumerate(zip(first, path, strict=False)) if pair[0] != pair[1]), None)
        first = first[: min(len(first), len(path)) if size is None else size]
    return first

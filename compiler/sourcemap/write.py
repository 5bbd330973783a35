"""Writes the source map of a target: JSON with a line for each resource and for each block of lines.

Lines are told as distances from what stands before, and places in the spec as paths, so that a change of one resource
or of one line of the spec changes little of the map. docs/source-map.md describes the format.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from lenie.compiler.graph import Component, Graph, Resource
from lenie.compiler.load import Tree
from lenie.compiler.sourcemap.paths import encode
from lenie.compiler.span import Path
from lenie.compiler.transaction import digest
from lenie.targets.base import Item, Mark, Places, attribute_name

#: The file, in the directory of each target.
NAME = "sourcemap.json"
#: Version of the format.
FORMAT = 1
_DIGITS = 16
#: Length of the path of a declared resource: components.NAME.resources.NAME.
_DECLARATION = 4

_json = json.JSONEncoder(ensure_ascii=False).encode
#: Property path, and the resource that it is about where the lines are those of several.
Said = tuple[Path, str]


class _Block(NamedTuple):
    """Lines that are about the same: resources of a component, or items."""

    first: int
    last: int
    row: dict[str, Any]


class Stems:
    """What the maps of all targets say alike: the resources of each component, and where they stem from in the spec."""

    def __init__(self, graph: Graph, tree: Tree) -> None:
        self.graph = graph
        self.tree = tree
        self._components: dict[str, str] = {}

    def component(self, name: str) -> str:
        """Return what a map says of a component."""
        if name not in self._components:
            self._components[name] = _component(self.graph.components[name], self.tree)
        return self._components[name]


def source_map(target: str, environment: str, stems: Stems, places: Places, files: Mapping[str, str]) -> str:
    """Return the map of `files`, which `target` made of the graph of `stems`, for one `environment` if it is given."""
    components = [name for name in stems.graph.components if name in places.files]
    lines = ["{", f'"format": {FORMAT},', f'"target": {_json(target)},', f'"environment": {_json(environment)},']
    lines += [f'"inputs": {_json(inputs_digest(stems.graph))},', '"components": {']
    lines += _separated(map(stems.component, components))
    lines += ["},", '"files": {']
    owners = _owners(places)
    lines += _separated(_file(path, text, places, owners.get(path, {})) for path, text in sorted(files.items()))
    return "\n".join([*lines, "}", "}"]) + "\n"


def component_digest(component: Component) -> str:
    """Return a digest of all that the spec says of a component; it does not depend on lines and comments."""
    return _digest(repr((component.layer, component.scope, component.path, component.description, component.resources)))


def inputs_digest(graph: Graph) -> str:
    """Return a digest of what is given to the program: parameters and environments."""
    production = sorted(graph.production)
    return _digest(repr((graph.project, graph.region, graph.environments, production, graph.parameters)))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:_DIGITS]


def _separated(entries: Iterable[str]) -> Iterator[str]:
    """Yield entries with commas between them."""
    listed = list(entries)
    yield from (f"{entry}," for entry in listed[:-1])
    yield from listed[-1:]


def _component(component: Component, tree: Tree) -> str:
    head = f'"spec": {_json(encode(component.path))}, "digest": {_json(component_digest(component))}'
    rows = (f"{_json(name)}: {_json(_resource(resource, tree))}" for name, resource in component.resources.items())
    return "\n".join([f'{_json(component.name)}: {{{head}, "resources": {{', *_separated(rows), "}}"])


def _resource(resource: Resource, tree: Tree) -> dict[str, Any]:
    """Return a resource, with the properties whose place in the spec is another one than that of the resource."""
    origins = {
        encode(at): encode(_written(origin, resource, tree))
        for at, origin in sorted(resource.origins.items(), key=_order)
    }
    row: dict[str, Any] = {"type": resource.type, "spec": encode(resource.path)}
    return row | ({"origins": origins} if origins else {})


def _order(entry: tuple[Path, Path]) -> list[str]:
    return [str(step) for step in entry[0]]


def _written(origin: Path, resource: Resource, tree: Tree) -> Path:
    """Return where the spec says what comes from `origin`: a default of the kind stands elsewhere."""
    declaration = resource.path[:_DECLARATION]
    if origin[:_DECLARATION] != declaration or tree.node(origin) is not None:
        return origin
    kind = tree.node((*declaration, "kind"))
    if kind is not None and isinstance(kind.value, str):
        default: Path = ("defaults", kind.value, *origin[_DECLARATION:])
        if tree.node(default) is not None:
            return default
    return origin


def _owners(places: Places) -> dict[str, dict[tuple[int, int], list[tuple[str, str]]]]:
    """Return path -> lines -> component and logical id of the resources that stand there."""
    found: dict[str, dict[tuple[int, int], list[tuple[str, str]]]] = {}
    for component, resources in places.resources.items():
        for logical_id, extents in resources.items():
            for path, first, last in extents:
                found.setdefault(path, {}).setdefault((first, last), []).append((component, logical_id))
    return found


def _file(path: str, text: str, places: Places, owners: Mapping[tuple[int, int], list[tuple[str, str]]]) -> str:
    about = places.about[path]
    head: dict[str, Any] = {"sha256": digest(text.encode()), "about": about.words}
    if about.spec:
        head["spec"] = encode(about.spec)
    extents = sorted(owners)
    said = _by_extent(extents, places.marks.get(path, ()))
    blocks = [_Block(*lines, _said_row(lines, owners[lines], said[lines])) for lines in extents]
    blocks += _item_blocks(places.items.get(path, ()))
    rows: list[str] = []
    end = 0
    for block in sorted(blocks, key=lambda block: block.first):
        row = {"skip": block.first - end - 1, "lines": block.last - block.first + 1, **block.row}
        if not row["skip"]:
            del row["skip"]
        rows.append(_json(row))
        end = block.last
    opening = f"{_json(path)}: {_json(head)[:-1]}"
    return "\n".join([f'{opening}, "blocks": [', *_separated(rows), "]}"]) if rows else f"{opening}}}"


def _by_extent(extents: list[tuple[int, int]], marks: Iterable[Mark]) -> dict[tuple[int, int], list[Mark]]:
    """Return the lines of resources -> what is said in them, what is around others before these."""
    found: dict[tuple[int, int], list[Mark]] = {lines: [] for lines in extents}
    rest = iter(extents)
    lines = next(rest, (0, 0))
    for mark in sorted(marks, key=_outer_first):
        while lines[1] and mark.first > lines[1]:
            lines = next(rest, (0, 0))
        if mark.at and lines[0] <= mark.first and mark.last <= lines[1]:
            found[lines].append(mark)
    return found


def _outer_first(mark: Mark) -> tuple[int, int, int]:
    return mark[0], -mark[1], len(mark[2])


def _said_row(lines: tuple[int, int], owners: list[tuple[str, str]], marks: list[Mark]) -> dict[str, Any]:
    row: dict[str, Any] = {"component": owners[0][0], "resources": [logical_id for _, logical_id in owners]}
    start = lines[0] - 1
    said: dict[Said, str] = {}
    for first, last, found in innermost(marks):
        numbers = f"{first - start}" if first == last else f"{first - start}-{last - start}"
        for one in found:
            said[one] = f"{said[one]},{numbers}" if one in said else numbers
    for (at, resource), text in said.items():
        name = attribute_name(at)
        owner = row.setdefault("single", {}).setdefault(resource, {}) if resource else row
        owner.setdefault("attributes" if name else "properties", {})[name or encode(at)] = text
    return row


def innermost(marks: list[Mark]) -> list[tuple[int, int, list[Said]]]:
    """Return first and last line of all that say the same, and what that is. `marks` are sorted, outer before inner.

    A property that is only around another one is not said, nor an attribute beside a property.
    """
    if not marks:
        return []
    start = marks[0].first
    found: list[list[Said] | None] = [None] * (max(mark[1] for mark in marks) - start + 1)
    for first, last, at, resource in marks:
        new = (at[:1] if attribute_name(at) else at, resource)
        alone = [new]
        if first == last:
            there = found[first - start]
            found[first - start] = _with(there, new) if there else alone
            continue
        there, both = None, alone
        for number in range(first - start, last - start + 1):
            # Neighbouring lines mostly have the same list.
            if found[number] is not there:
                there = found[number]
                both = _with(there, new) if there else alone
            found[number] = both
    runs: list[tuple[int, int, list[Said]]] = []
    for number, said in enumerate(found, start=start):
        if said is not None and runs and runs[-1][1] == number - 1 and runs[-1][2] == said:
            runs[-1] = (runs[-1][0], number, said)
        elif said is not None:
            runs.append((number, number, said))
    return runs


def _with(there: list[Said], new: Said) -> list[Said]:
    """Return what is said in lines that say one thing more."""
    at = new[0]
    if attribute_name(at):
        return there if new in there or not all(attribute_name(one) for one, _ in there) else [*there, new]
    return [*((one, of) for one, of in there if one != at[: len(one)] and not attribute_name(one)), new]


def _item_blocks(items: Iterable[Item]) -> Iterator[_Block]:
    """Yield what is no resource as blocks that do not overlap: of items around others, the lines beside these."""
    lines: dict[int, list[Item]] = {}
    for item in sorted(items, key=lambda item: (item.first, -item.last)):
        for number in range(item.first, item.last + 1):
            same = [one for one in lines.get(number, ()) if (one.first, one.last) == (item.first, item.last)]
            lines[number] = [*same, item]
    numbers = sorted(lines)
    start = 0
    for index, number in enumerate(numbers):
        following = numbers[index + 1] if index + 1 < len(numbers) else 0
        if following != number + 1 or lines[following] != lines[number]:
            rows = [_item_row(item) for item in lines[number]]
            yield _Block(numbers[start], number, {"items": rows})
            start = index + 1


def _item_row(item: Item) -> dict[str, Any]:
    row: dict[str, Any] = {"kind": item.kind, "name": item.name}
    if item.spec:
        row["spec"] = encode(item.spec)
    if item.source is not None:
        row["component"], row["resource"] = item.source
    return row

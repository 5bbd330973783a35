"""Looks up what a line of a generated file says, and where the files say what stands at a place in the spec."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from lenie.compiler.expressions import (
    Expression,
    JsonText,
    ParameterItem,
    ParameterValue,
    PerEnvironment,
    Value,
    WhenParameter,
    walk,
)
from lenie.compiler.graph import Graph
from lenie.compiler.load import Tree
from lenie.compiler.naming import pascal
from lenie.compiler.sourcemap.read import Block, Known, Mapped, SourceMap
from lenie.compiler.span import Path


class Answer(NamedTuple):
    """What some lines are about: a property, an attribute, a resource as a whole, or something else by its `kind`.

    `path` is the property path, or the attribute; `name` is that of what is no resource. `spec` is the place in the
    spec, empty if there is none; `narrow` tells whether it is narrower than that of the whole resource.
    """

    kind: str
    component: str
    resource: str
    type: str
    path: Path
    name: str
    spec: Path
    narrow: bool = True


class Hit(NamedTuple):
    """A place in a generated file, by its path below the target's directory; `uses` marks what only uses a value."""

    path: str
    first: int
    last: int
    answer: Answer
    uses: bool


class Use(NamedTuple):
    """A property whose value is made with a parameter or a setting."""

    component: str
    resource: str
    at: Path


def of_line(mapped: SourceMap, file: Mapped, line: int, tree: Tree) -> list[Answer]:
    """Return what a line of `file` says, or is about; nothing if it is a part of the file's structure."""
    block = next((one for one in file.blocks if one.first <= line <= one.last), None)
    if block is None:
        return []
    answers = [
        _property(mapped, one.component, one.resource, one.path, one.is_attribute, tree)
        for one in block.sayings
        if one.first <= line <= one.last
    ]
    # What the line says of one of several resources is more than what it is for all of them.
    single = [one for one in answers if one.kind == "property"] or answers
    return single or [_whole(mapped, block, name) for name in block.resources] or _things(mapped, block)


def _known(mapped: SourceMap, component: str, resource: str) -> Known:
    part = mapped.components.get(component)
    found = part.resources.get(resource) if part is not None else None
    return found or Known("", (), {})


def _whole(mapped: SourceMap, block: Block, name: str) -> Answer:
    known = _known(mapped, block.component, name)
    return Answer("resource", block.component, name, known.type, (), "", known.spec, False)


def _property(mapped: SourceMap, component: str, resource: str, path: Path, is_attribute: bool, tree: Tree) -> Answer:
    known = _known(mapped, component, resource)
    spec = known.spec if is_attribute else narrowest(known, path, tree)
    kind = "attribute" if is_attribute else "property"
    return Answer(kind, component, resource, known.type, path, "", spec, spec != known.spec)


def _things(mapped: SourceMap, block: Block) -> list[Answer]:
    return [
        Answer(
            one.kind,
            one.component,
            one.resource,
            _known(mapped, one.component, one.resource).type,
            (),
            one.name,
            one.spec,
        )
        for one in block.things
    ]


def narrowest(known: Known, at: Path, tree: Tree) -> Path:
    """Return the place in the spec of a property: inside a structure that the spec hands on, it goes on in there."""
    for end in range(len(at), 0, -1):
        origin = known.origins.get(at[:end])
        if origin is not None:
            inner = next((n for n in range(len(at), end, -1) if tree.node((*origin, *at[end:n])) is not None), end)
            return (*origin, *at[end:inner])
    return known.spec


def of_place(mapped: SourceMap, place: Path, tree: Tree, uses: Iterable[Use]) -> list[Hit]:
    """Return where the files say what stands at `place` in the spec, or below it, and then what `uses` it.

    A place that stands for whole resources gives their lines; others give the lines of properties.
    """
    size = len(place)
    wanted: dict[tuple[str, str], list[Path]] = {}
    for use in uses:
        wanted.setdefault((use.component, use.resource), []).append(use.at)
    says: list[Hit] = []
    used: list[Hit] = []
    for path, file in mapped.files.items():
        for block in file.blocks:
            for name in block.resources:
                known = _known(mapped, block.component, name)
                if known.spec[:size] == place and known.spec:
                    says.append(Hit(path, block.first, block.last, _whole(mapped, block, name), False))
                else:
                    says += _said(mapped, path, block, name, place, tree)
                used += _using(mapped, path, block, name, wanted.get((block.component, name), []), tree)
            for answer in _things(mapped, block):
                if answer.spec and answer.spec[:size] == place:
                    says.append(Hit(path, block.first, block.last, answer, False))
    return [*_joined(says), *_joined(used)]


def _said(mapped: SourceMap, path: str, block: Block, name: str, place: Path, tree: Tree) -> Iterator[Hit]:
    known = _known(mapped, block.component, name)
    if not any(origin[: len(place)] == place[: len(origin)] for origin in known.origins.values()):
        return
    for one in block.sayings:
        if one.resource == name and not one.is_attribute:
            spec = narrowest(known, one.path, tree)
            if spec != known.spec and spec[: len(place)] == place:
                answer = _property(mapped, block.component, name, one.path, False, tree)
                yield Hit(path, one.first, one.last, answer, False)


def _using(mapped: SourceMap, path: str, block: Block, name: str, uses: list[Path], tree: Tree) -> Iterator[Hit]:
    mine = [one for one in block.sayings if one.resource == name and not one.is_attribute]
    for at in uses:
        # The line of the value itself, or the nearest around it.
        depth = max((len(one.path) for one in mine if at[: len(one.path)] == one.path), default=0)
        for one in mine:
            if len(one.path) == depth and at[:depth] == one.path:
                answer = _property(mapped, block.component, name, one.path, False, tree)
                yield Hit(path, one.first, one.last, answer, True)


def _joined(hits: list[Hit]) -> list[Hit]:
    """Return hits once each in the order of the files, with neighbouring lines of the same as one."""
    found: dict[tuple[str, Answer], list[Hit]] = {}
    for hit in sorted(hits, key=lambda hit: (hit.path, hit.first)):
        same = found.setdefault((hit.path, hit.answer), [])
        if same and same[-1].last + 1 >= hit.first:
            same[-1] = same[-1]._replace(last=max(same[-1].last, hit.last))
        else:
            same.append(hit)
    return sorted((hit for same in found.values() for hit in same), key=lambda hit: (hit.path, hit.first))


def uses_of(graph: Graph, place: Path, tree: Tree) -> list[Use]:
    """Return the properties that use the parameter or the settings at `place`, in the order of the spec."""
    match place:
        case ("parameters", str(name), *_):
            settings, parameter = frozenset[str](), name
        case ("environments", str(environment), *steps):
            node = tree.node(("environments", environment))
            names = steps[:1] or list(node.keys if node is not None else ())
            settings, parameter = frozenset(pascal(str(name)) for name in names), ""
        case _:
            return []
    return [
        Use(component.name, name, at)
        for component in graph.components.values()
        for name, resource in component.resources.items()
        for at, expression in _located(resource.properties, ())
        if _reads(expression, parameter, settings)
    ]


def _reads(expression: Expression, parameter: str, settings: frozenset[str]) -> bool:
    match expression:
        case ParameterValue(name) | ParameterItem(name) | WhenParameter(name):
            return name == parameter
        case PerEnvironment(key):
            return key in settings
    return False


def _located(value: Value, at: Path) -> Iterator[tuple[Path, Expression]]:
    """Yield every expression in a value with the property path at which it stands."""
    match value:
        case dict():
            for key, item in value.items():
                yield from _located(item, (*at, key))
        case list():
            for index, item in enumerate(value):
                yield from _located(item, (*at, index))
        case WhenParameter():
            yield at, value
            yield from _located(value.value, at)
        case JsonText(document):
            yield from _located(document, at)
        case Expression():
            yield from ((at, inner) for inner in walk(value))

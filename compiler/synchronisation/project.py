"""What the spec says of the documents: their table and bucket, and the functions' own code that knows their rows."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

from lenie.compiler.aws import refusal
from lenie.compiler.console import Usage
from lenie.compiler.diagnostics import Diagnostic, Severity, SpecError, suggest
from lenie.compiler.expressions import AttributeOf, Value, walk
from lenie.compiler.graph import Component, Graph, Resource
from lenie.compiler.published import Published, published
from lenie.compiler.sources import LIBRARY

#: The index by which new documents are found: its hash key is a day, its range key begins with the time.
INDEX = "DateIndex"


class Library(NamedTuple):
    """The parts of the functions' library that know a document's description, and its row."""

    documents: ModuleType
    intake: ModuleType
    messages: ModuleType
    errors: ModuleType


def places(graph: Graph, environment: str, table: str = "", bucket: str = "") -> tuple[Published, Published]:
    """Return the table of the documents, and the bucket with their content.

    `table` and `bucket` are names in the spec. Without them: the table that has a `DateIndex`, and the bucket that the
    same function writes to.

    Raises:
        Usage: if the spec has none, several, or not that one.
        SpecError: (E911) if a physical name is not published.
    """
    tables = {
        str(resource.path[-1]): (component, resource)
        for component, resource in _of(graph, "AWS::DynamoDB::Table")
        if any(index.get("IndexName") == INDEX for index in _indexes(resource))
    }
    chosen = tables[_one("table", table, tables)]
    buckets = {str(resource.path[-1]): (component, resource) for component, resource in _of(graph, "AWS::S3::Bucket")}
    if not bucket:
        used = _used_with(graph, chosen)
        buckets = {name: pair for name, pair in buckets.items() if (pair[0].name, pair[1].logical_id) in used}
    other = buckets[_one("bucket", bucket, buckets)]
    return _place(graph, environment, chosen), _place(graph, environment, other)


def library(code: Path) -> Library:
    """Return the parts of the functions' library in the directory `code` that are needed here.

    Raises:
        SpecError: (E914) if the project has no such library.
    """
    names = [f"{LIBRARY}.{name}" for name in Library._fields]
    missing = next((name for name in Library._fields if not (code / LIBRARY / f"{name}.py").is_file()), None)
    if missing is not None:
        message = f"{code / LIBRARY / missing}.py does not exist"
        help = "documents are taken over by the same code as the functions', in the library of the spec's code"
        raise SpecError(Diagnostic("E914", Severity.ERROR, message, (), help))
    sys.path.insert(0, str(code))
    written, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        return Library(*(importlib.import_module(name) for name in names))
    finally:
        sys.dont_write_bytecode = written
        sys.path.remove(str(code))


def _of(graph: Graph, type_name: str) -> Iterator[tuple[Component, Resource]]:
    for component in graph.components.values():
        for resource in component.resources.values():
            if resource.type == type_name:
                yield component, resource


def _indexes(resource: Resource) -> list[dict[str, Value]]:
    found = resource.properties.get("GlobalSecondaryIndexes", [])
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _used_with(graph: Graph, table: tuple[Component, Resource]) -> set[tuple[str, str]]:
    """Return component and logical id of everything that functions know beside the table."""
    key = (table[0].name, table[1].logical_id)
    found: set[tuple[str, str]] = set()
    for _, function in _of(graph, "AWS::Lambda::Function"):
        known = {
            (one.component, one.resource)
            for one in walk(function.properties.get("Environment", {}))
            if isinstance(one, AttributeOf)
        }
        if key in known:
            found |= known
    return found


def _one(kind: str, name: str, found: dict[str, tuple[Component, Resource]]) -> str:
    if name and name not in found:
        raise Usage(f'there is no {kind} "{name}" of documents', suggest(name, found, what=f"{kind}s"))
    if not found:
        help = f"a table has the index {INDEX}" if kind == "table" else "name it with --bucket"
        raise Usage(f"the spec has no {kind} of documents", help)
    if not name and len(found) > 1:
        raise Usage(f"the spec has several {kind}s of documents", f"name one with --{kind}: {', '.join(sorted(found))}")
    return name or next(iter(found))


def _place(graph: Graph, environment: str, found: tuple[Component, Resource]) -> Published:
    place = published(graph, environment, *found)
    if place is None:
        raise refusal(
            f'the name of "{found[1].path[-1]}" is not published in SSM', "add publish: [name] to it in the spec"
        )
    return place

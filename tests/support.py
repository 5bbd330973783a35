"""Compiles snippets of the spec language: a frame around components, and what the passes make of them."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from textwrap import dedent, indent
from typing import Any

import yaml

from lenie.compiler.diagnostics import Diagnostic, Severity, SpecError
from lenie.compiler.graph import Graph, Resource
from lenie.compiler.load import parse
from lenie.compiler.lower import lower
from lenie.compiler.resolve import resolve
from lenie.compiler.validate import validate

ROOT = Path(__file__).resolve().parent.parent
FRAME: dict[str, Any] = {
    "version": 1,
    "project": "demo",
    "region": "us-east-1",
    "code": "lambdas",
    "layers": ["base"],
    "environments": {
        "dev": {"domain": "dev.example.com", "production": False},
        "prod": {"domain": "example.com", "production": True},
    },
    "defaults": {
        "function": {
            "runtime": "python3.13",
            "bucket": "artifacts",
            "timeout": "10s",
            "logs": "14d",
            "code": "sqs_size",
        },
    },
}
ARTIFACTS = "artifacts: {kind: bucket, purpose: artifacts}\n"


def one(resources: str, scope: str = "environment") -> str:
    """Return a component `main` with `resources`, for `compile_snippet`."""
    return f"main:\n  layer: base\n  scope: {scope}\n  resources:\n" + indent(dedent(resources), "    ")


def text_of(components: str, **frame: Any) -> str:
    """Return the whole spec; `frame` replaces keys of `FRAME`."""
    head = yaml.safe_dump({**FRAME, **frame}, sort_keys=False)
    return head + "components:\n" + indent(dedent(components), "  ")


def run(text: str, directory: Path = ROOT) -> tuple[Graph | None, list[Diagnostic]]:
    """Return the graph of a spec, or `None`, and everything that was said about it."""
    program, found = validate(parse(text, "spec.yaml"), directory)
    if program is None:
        return None, found
    try:
        resolved, more = resolve(program)
        found += more
        graph, last = lower(resolved) if resolved is not None else (None, [])
    except SpecError as error:
        return None, [*found, error.diagnostic]
    return graph, found + last


def compile_snippet(components: str, *, directory: Path = ROOT, **frame: Any) -> Graph:
    """Return the graph of `components`; the test fails if they have errors."""
    graph, found = run(text_of(components, **frame), directory)
    assert graph is not None, [(d.code, d.message, d.help) for d in found if d.severity is Severity.ERROR]
    return graph


def errors(components: str, *, directory: Path = ROOT, **frame: Any) -> list[tuple[str, str, str, str]]:
    """Return the errors in `components`: code, message, the text that is marked (its first line), help."""
    text = text_of(components, **frame)
    _, found = run(text, directory)
    wrong = [d for d in found if d.severity is Severity.ERROR]
    return [(d.code, d.message, marked(text, d), d.help) for d in wrong]


def marked(text: str, diagnostic: Diagnostic, label: int = 0) -> str:
    """Return the text that a label of `diagnostic` marks, to the end of its first line."""
    span = diagnostic.labels[label].span
    line = text.splitlines()[span.line - 1]
    return line[span.column - 1 : span.end_column - 1 if span.end_line == span.line else None]


def resource(graph: Graph, logical_id: str) -> Resource:
    """Return the resource with that logical id, in whichever component it is."""
    found = [c.resources[logical_id] for c in graph.components.values() if logical_id in c.resources]
    assert len(found) == 1, sorted(name for c in graph.components.values() for name in c.resources)
    return found[0]


def properties(graph: Graph, logical_id: str) -> Any:
    """Return the properties of the resource with that logical id, for tests that look deep into them."""
    return resource(graph, logical_id).properties


def of_type(graph: Graph, type_name: str) -> list[Resource]:
    """Return the resources of a CloudFormation type, in the order of the graph."""
    return [r for c in graph.components.values() for r in c.resources.values() if r.type == type_name]


@cache
def _schema(type_name: str) -> dict[str, Any]:
    from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

    found: dict[str, Any] = PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", type_name).schema
    return found


def schema_faults(graph: Graph) -> list[str]:
    """Return properties that the CloudFormation registry does not know, lacks, or has with another type of value."""
    return [
        fault
        for component in graph.components.values()
        for r in component.resources.values()
        for fault in _faults(r.properties, _schema(r.type), _schema(r.type), f"{r.logical_id} ({r.type})")
    ]


_TYPES: dict[type, str] = {
    bool: "boolean",
    int: "integer",
    float: "number",
    str: "string",
    dict: "object",
    list: "array",
}


def _has_type(value: Any, schema: dict[str, Any]) -> bool:
    """Return whether plain data has the type that the schema wants; expressions are known at deployment only."""
    wanted = schema.get("type")
    wanted = [wanted] if isinstance(wanted, str) else wanted
    found = _TYPES.get(type(value))
    if found is None or not wanted:
        return True
    return found in wanted or (found == "integer" and "number" in wanted)


def _faults(value: Any, schema: dict[str, Any], root: dict[str, Any], at: str) -> list[str]:
    while "$ref" in schema:
        schema = root["definitions"][schema["$ref"].rpartition("/")[2]]
    if not _has_type(value, schema):
        return [f"{at} is {value!r}, and {schema['type']} is wanted"]
    if isinstance(value, list):
        return [f for n, item in enumerate(value) for f in _faults(item, schema.get("items", {}), root, f"{at}[{n}]")]
    if "enum" in schema and isinstance(value, str) and value not in schema["enum"]:
        return [f"{at} is {value!r}, and one of {schema['enum']} is wanted"]
    properties = schema.get("properties")
    if not isinstance(value, dict) or not properties:
        return []
    found = [f"{at} has no property {key}" for key in value if key not in properties]
    found += [f"{at} lacks {key}" for key in schema.get("required", ()) if key not in value]
    for key, item in value.items():
        if key in properties:
            found += _faults(item, properties[key], root, f"{at}.{key}")
    return found

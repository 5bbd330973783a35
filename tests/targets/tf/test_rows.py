"""Every row, against the schema of the provider and of CloudFormation's registry."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import pytest
from support import ROOT, _schema

from lenie.compiler.pipeline import front
from lenie.targets.tf import rows
from lenie.targets.tf.names import snake
from lenie.targets.tf.row import Blocks, Field, Flat, Json, Made, Nested, Pairs, Part, Parts, Row, Single
from lenie.targets.tf.rows import row_of, rows_of
from lenie.targets.tf.schema import schema_of

SERVICES = sorted(module.name.rstrip("_") for module in pkgutil.iter_modules(rows.__path__))
TYPES = sorted(name for service in SERVICES for name in rows_of(service))


def schema(type_name: str) -> Any:
    found = schema_of(type_name)
    assert found is not None, f"the provider has no {type_name}"
    return found


def registry(root: dict[str, Any], node: dict[str, Any]) -> dict[str, Any]:
    """Return the properties of a node of a registry schema, through references and lists."""
    while "$ref" in node or "items" in node:
        node = root["definitions"][node["$ref"].rpartition("/")[2]] if "$ref" in node else node["items"]
    found: dict[str, Any] = dict(node.get("properties", {}))
    for choice in ("oneOf", "anyOf", "allOf"):
        for inner in node.get(choice, ()):
            found |= registry(root, inner)
    return found


def fields_in(body: Any, fields: Mapping[str, Field]) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with `fields` of a body of the provider's schema."""
    for name, field in fields.items():
        yield from faults(body, name, field)


def settable(body: Any, name: str) -> bool:
    attribute = body["attributes"].get(name, {})
    return bool(attribute.get("optional") or attribute.get("required")) or name in body.get("blocks", {})


def faults(body: Any, name: str, field: Field) -> Iterator[tuple[str, str]]:
    match field:
        case str() | Json() | Pairs() | Single():
            target = field if isinstance(field, str) else field.name
            if not settable(body, target):
                yield name, target
        case Nested() | Blocks():
            if field.name not in body.get("blocks", {}):
                yield name, field.name
                return
            inner = body["blocks"][field.name]["block"]
            if isinstance(field, Nested):
                yield from fields_in(inner, field.fields)
                yield from ((name, constant) for constant in field.constants if not settable(inner, constant))
        case Flat(fields):
            yield from fields_in(body, fields)
        case Part() | Parts():
            own = schema(field.type)
            yield from ((name, argument) for argument in field.link if not settable(own, argument))
            yield from fields_in(own, field.fields)


def unknown_properties(root: dict[str, Any], node: dict[str, Any], fields: Mapping[str, Field]) -> Iterator[str]:
    """Yield fields that the registry has no property for."""
    known = registry(root, node)
    for name, field in fields.items():
        if name not in known:
            yield name
        elif isinstance(field, (Nested, Flat, Part, Parts)) and field.fields:
            yield from (f"{name}.{inner}" for inner in unknown_properties(root, known[name], field.fields))


@pytest.mark.parametrize("type_name", TYPES)
def test_the_provider_has_what_the_row_names(type_name: str) -> None:
    row = row_of(type_name)
    assert row is not None
    own = schema(row.type)
    assert list(fields_in(own, row.fields)) == []
    assert [name for name in row.constants if not settable(own, name)] == []
    assert [name for name in row.ignore_changes if not settable(own, name)] == []
    assert row.keep == "prevent_destroy" or settable(own, row.keep)


@pytest.mark.parametrize("type_name", TYPES)
def test_cloudformation_has_what_the_row_names(type_name: str) -> None:
    row = row_of(type_name)
    assert row is not None
    root = _schema(type_name)
    versioning = {"VersioningConfiguration.VersioningConfiguration"}
    assert set(unknown_properties(root, root, row.fields)) - versioning == set()


@pytest.mark.parametrize("type_name", TYPES)
def test_the_provider_has_the_attributes_of_references(type_name: str) -> None:
    row = row_of(type_name)
    assert row is not None
    known = schema(row.type)["attributes"]
    for attribute, found in row.attributes.items():
        name = found.partition("{")[2].partition("}")[0] or found.partition("[")[0]
        assert name in known, attribute


@pytest.mark.parametrize("type_name", TYPES)
def test_a_rename_says_something(type_name: str) -> None:
    row = row_of(type_name)
    assert row is not None
    assert [name for name, field in row.fields.items() if field == snake(name)] == []
    assert [name for name, field in row.fields.items() if isinstance(field, Made) and not field.why] == []


@cache
def used() -> dict[str, set[str]]:
    graph = front(ROOT / "spec" / "lenie.yaml").graph
    assert graph is not None
    found: dict[str, set[str]] = {}
    for component in graph.components.values():
        for resource in component.resources.values():
            found.setdefault(resource.type, set()).update(resource.properties)
    return found


def test_every_type_of_the_kinds_has_a_row() -> None:
    assert sorted(set(used()) - set(TYPES)) == []


def test_an_unknown_type_has_none() -> None:
    assert [row_of(name) for name in ("AWS::SQS::Nothing", "AWS::Nothing::Queue", "Custom::Thing", "")] == [None] * 4


def test_rows_stand_in_the_module_of_their_service() -> None:
    for service in SERVICES:
        for name, row in rows_of(service).items():
            assert name.split("::")[1].lower() == service
            assert isinstance(row, Row)

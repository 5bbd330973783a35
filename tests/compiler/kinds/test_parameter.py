"""SSM parameters of the spec's own."""

from __future__ import annotations

import pytest
from support import compile_snippet, errors, one, properties, resource, schema_faults

from lenie.compiler.expressions import AttributeOf, EnvironmentName, Interpolation
from lenie.compiler.graph import Export

RUNTIME = "runtime: {kind: parameter, path: python/version, value: python3.13, description: Runtime of all functions}\n"
SPEC = ("components", "main", "resources", "runtime")


def test_parameter() -> None:
    graph = compile_snippet(one(RUNTIME))
    assert schema_faults(graph) == []
    found = resource(graph, "RuntimeParameter")
    assert found.properties == {
        "Name": Interpolation(("/demo/", EnvironmentName(), "/python/version")),
        "Type": "String",
        "Value": "python3.13",
        "Description": "Runtime of all functions",
        "Tags": {"Project": "demo", "Environment": EnvironmentName()},
    }
    assert found.origin(("Value",)) == (*SPEC, "value")
    assert found.origin(("Name",)) == (*SPEC, "path")


def test_parameter_of_an_account_has_no_environment() -> None:
    found = resource(compile_snippet(one(RUNTIME, "account")), "RuntimeParameter")
    assert found.properties["Name"] == "/demo/python/version"
    assert found.properties["Tags"] == {"Project": "demo"}


def test_other_components_read_it_at_its_own_path() -> None:
    reader = (
        "reader:\n  layer: base\n  resources:\n    copy: {kind: parameter, path: copy, value: '${runtime.value}'}\n"
    )
    graph = compile_snippet(one(RUNTIME) + reader)
    value = AttributeOf("main", "RuntimeParameter", "Value")
    assert properties(graph, "CopyParameter")["Value"] == value
    assert graph.components["main"].exports == {value: Export(value, "python/version")}
    assert list(graph.components["main"].resources) == ["RuntimeParameter"]


@pytest.mark.parametrize(
    ("old", "new", "message", "place"),
    [
        ("python/version", "/python/version", '"/python/version" starts with a slash', "/python/version"),
        ("python/version", "python//version", '"python//version" is no path', "python//version"),
        ("value: python3.13", "value: 3", "text is wanted here", "3"),
        (
            "value: python3.13",
            "value: a, publish: [value]",
            "a parameter is published already, at its path",
            "[value]",
        ),
    ],
)
def test_wrong_fields(old: str, new: str, message: str, place: str) -> None:
    assert [f[:3] for f in errors(one(RUNTIME.replace(old, new)))] == [("E203", message, place)]

"""Paths in a template as property paths, and lines inside of JSON texts."""

from __future__ import annotations

import pytest
from support_cfn import SPEC, graph

from lenie.compiler.diagnostics import Report
from lenie.compiler.expressions import JsonText, ParameterValue, Value, WhenParameter
from lenie.compiler.graph import Parameter
from lenie.compiler.load import parse
from lenie.compiler.span import Path
from lenie.targets.base import Mark, Places, attribute
from lenie.targets.cfn import TARGET
from lenie.targets.cfn.provenance import property_path

SET = Parameter("set", "text", "x", "A text", ("parameters", "set"), values={"dev": ""})
LONG: dict[str, Value] = {
    f"a key with many letters in it, number {number}": ["x" * 30, "y" * 30] for number in range(3)
}


@pytest.mark.parametrize(
    ("steps", "path"),
    [
        (("Tags", 0, "Value"), ("Tags", 0, "Value")),
        (("Name", "Fn::Sub", 0), ("Name",)),
        (("Name", "Fn::Sub", 1, "Key"), ("Name",)),
        (("Vpc", "Fn::If", 1, "SubnetIds", 0), ("Vpc", "SubnetIds", 0)),
        (("Vpc", "Fn::If", 0), ("Vpc",)),
        (("A", "Fn::If", 2, "B", "Fn::If", 1, "C", "Ref"), ("A", "B", "C")),
    ],
)
def test_property_path(steps: Path, path: Path) -> None:
    assert property_path(steps) == path


def marks(value: Value) -> tuple[list[str], list[Mark]]:
    """Return the lines of a template, and what they say."""
    built = graph({"QueueName": "q", "RedrivePolicy": value}, parameters=(SET,))
    places = Places()
    files = TARGET.emit(built, "default", Report(parse(SPEC, "spec.yaml")), places)
    path = next(path for path in places.marks if path.endswith("-main.yaml"))
    return files[path].split("\n"), places.marks[path]


def said(value: Value) -> dict[Path, list[str]]:
    lines, found = marks(value)
    return {mark.at: [line.strip() for line in lines[mark.first - 1 : mark.last]] for mark in found}


def test_lines_of_a_json_text() -> None:
    found = said(JsonText({"name": ParameterValue("set"), **LONG}))
    assert found["RedrivePolicy", "name"] == ['"name": "${Set}",']
    first, second, third = (found["RedrivePolicy", key] for key in LONG)
    assert first[0] == f'"{next(iter(LONG))}": ["{"x" * 30}", "{"y" * 30}"],'
    assert (len(first), len(second)) == (1, 1)
    assert not third[0].endswith(",")
    assert found["RedrivePolicy",][-1] == "}"


def test_a_short_json_text_is_one_line() -> None:
    found = said(JsonText({"a": 1}))
    assert [at for at in found if at[0] == "RedrivePolicy"] == [("RedrivePolicy",)]


def test_sides_of_a_condition() -> None:
    found = said(WhenParameter("set", {"maxReceiveCount": 3}))
    assert found["RedrivePolicy", "maxReceiveCount"] == ["- maxReceiveCount: 3"]
    assert found["QueueName",] == ["QueueName: q"]
    assert found[attribute("Type")] == ["Type: AWS::SQS::Queue"]

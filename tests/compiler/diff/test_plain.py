"""Values as plain data: what differs is different, and people can read it."""

from __future__ import annotations

from typing import Any

import pytest

from lenie.compiler.diff.neutral import MARK
from lenie.compiler.diff.plain import plain, references, shown
from lenie.compiler.expressions import (
    AttributeOf,
    AvailabilityZone,
    Base64,
    EnvironmentName,
    Interpolation,
    JsonText,
    ParameterItem,
    ParameterValue,
    PerEnvironment,
    Pseudo,
    PublicParameter,
    SecretField,
    Value,
    WhenParameter,
)

QUEUE = AttributeOf("queues", "Queue", "Arn")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("text", "text"),
        ("${x}", "$${x}"),
        (f"a-{MARK}-b", "a-${env.name}-b"),
        (1, 1),
        (True, True),
        ({"a": ["b", 1.5]}, {"a": ["b", 1.5]}),
        (QUEUE, "${Queue.Arn}"),
        (AttributeOf("queues", "Queue", "Ref"), "${Queue}"),
        (AttributeOf("other", "Queue", "Ref"), "${other:Queue}"),
        (Interpolation((QUEUE, "/*")), "${Queue.Arn}/*"),
        (Interpolation(("${", QUEUE)), "$${${Queue.Arn}"),
        (Pseudo("region"), "${aws.region}"),
        (AvailabilityZone(1), "${aws.availability-zones[1]}"),
        (EnvironmentName(), "${env.name}"),
        (PerEnvironment("Domain", (("dev", "x"),)), "${env.Domain}"),
        (ParameterValue("email"), "${param.email}"),
        (ParameterItem("emails", 2), "${param.emails[2]}"),
        (WhenParameter("email", QUEUE), {"if param.email": "${Queue.Arn}"}),
        (WhenParameter("email", QUEUE, is_set=False), {"unless param.email": "${Queue.Arn}"}),
        (JsonText({"a": QUEUE}), {"a": "${Queue.Arn}"}),
        (Base64(Interpolation(("#!", QUEUE))), {"Base64": "#!${Queue.Arn}"}),
        (SecretField(QUEUE, "password"), "${secret ${Queue.Arn}, field password}"),
        (PublicParameter("/aws/x"), "${public parameter /aws/x (AWS::EC2::Image::Id)}"),
    ],
)
def test_plain(value: Any, expected: Any) -> None:
    assert plain(value, "queues") == expected


def test_references_know_their_place() -> None:
    value: Value = {
        "A": [{"B": Interpolation((QUEUE, "/*"))}],
        "C": JsonText({"D": [QUEUE]}),
        "E": Base64(QUEUE),
        "F": 1,
    }
    assert list(references(value)) == [
        (("A", 0, "B"), QUEUE),
        (("C", "D", 0), QUEUE),
        (("E",), QUEUE),
    ]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("plain text", "plain text"),
        ("", '""'),
        (" x", '" x"'),
        ("1", '"1"'),
        ("true", '"true"'),
        (True, "true"),
        (1, "1"),
        ("[a", '"[a"'),
        ("a\nb", '"a\\nb"'),
        ({"a": "ż"}, '{"a": "ż"}'),
    ],
)
def test_shown(value: Any, expected: str) -> None:
    assert shown(value) == expected

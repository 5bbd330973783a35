"""A parameter that is decided: what depends on it is there, or it is not."""

from __future__ import annotations

import pytest

from lenie.compiler.expressions import (
    AttributeOf,
    Base64,
    Interpolation,
    JsonText,
    ParameterValue,
    SecretField,
    Value,
    WhenParameter,
)
from lenie.targets.cdk.decide import ABSENT, decide

SET = WhenParameter("p", "there")
UNSET = WhenParameter("p", "there", is_set=False)
OTHER = WhenParameter("q", "there")
SECRET = SecretField(AttributeOf("c", "R", "Arn"), "field")


@pytest.mark.parametrize(
    ("value", "is_set", "expected"),
    [
        (SET, True, "there"),
        (SET, False, ABSENT),
        (UNSET, True, ABSENT),
        (UNSET, False, "there"),
        (OTHER, True, OTHER),
        (WhenParameter("q", SET), True, WhenParameter("q", "there")),
        (WhenParameter("q", SET), False, ABSENT),
        (WhenParameter("p", WhenParameter("p", "x", is_set=False)), True, ABSENT),
        ([SET, "x", UNSET], True, ["there", "x"]),
        ({"a": SET, "b": {"c": UNSET}}, True, {"a": "there", "b": {}}),
        (Interpolation(("a-", SET, "-b")), True, "a-there-b"),
        (Interpolation(("a-", SET, ParameterValue("q"))), False, Interpolation(("a-", ParameterValue("q")))),
        (JsonText([SET]), False, JsonText([])),
        (Base64(Interpolation(("a", SET))), True, Base64("athere")),
        (SECRET, True, SECRET),
        ("plain", True, "plain"),
    ],
)
def test_decide(value: Value, is_set: bool, expected: Value) -> None:
    assert decide(value, "p", is_set) == expected

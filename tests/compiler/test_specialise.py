"""Partial evaluation for one environment."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from support_cfn import graph, parameter

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
from lenie.compiler.graph import canonical
from lenie.compiler.specialise import specialise

PARAMETERS = (
    parameter("one", "a", values={"prod": "b"}),
    parameter("list", ("a", "b"), "list(text)", values={"prod": ("c", "d")}),
    parameter("empty", "", values={"prod": "set"}),
    parameter("none", (), "list(text)"),
    parameter("size", 3, "number"),
)
DOMAIN = PerEnvironment("Domain", (("dev", "d"), ("prod", "p")))
FLAG = PerEnvironment("Flag", (("dev", False), ("prod", True)))
ARN = AttributeOf("other", "Other", "Arn")


@pytest.mark.parametrize(
    ("value", "dev", "prod"),
    [
        ("x", "x", "x"),
        (EnvironmentName(), "dev", "prod"),
        (DOMAIN, "d", "p"),
        (FLAG, False, True),
        (ParameterValue("one"), "a", "b"),
        (ParameterValue("list"), ["a", "b"], ["c", "d"]),
        (ParameterValue("size"), 3, 3),
        (ParameterItem("list", 1), "b", "d"),
        (Interpolation(("x-", EnvironmentName(), "-", DOMAIN, FLAG)), "x-dev-dfalse", "x-prod-ptrue"),
        (Interpolation((EnvironmentName(), ARN)), Interpolation(("dev", ARN)), Interpolation(("prod", ARN))),
        (Interpolation((WhenParameter("empty", "-x"), DOMAIN)), "d", "-xp"),
        (
            JsonText({"a": [EnvironmentName(), WhenParameter("empty", 1)]}),
            JsonText({"a": ["dev"]}),
            JsonText({"a": ["prod", 1]}),
        ),
        (Base64(Interpolation(("x", EnvironmentName()))), Base64("xdev"), Base64("xprod")),
        ({"a": [{"b": EnvironmentName()}]}, {"a": [{"b": "dev"}]}, {"a": [{"b": "prod"}]}),
        ([1, WhenParameter("empty", DOMAIN), 2], [1, 2], [1, "p", 2]),
        ({"a": WhenParameter("empty", {"x": DOMAIN}), "b": 1}, {"b": 1}, {"a": {"x": "p"}, "b": 1}),
        (WhenParameter("empty", WhenParameter("one", "x")), None, "x"),
        (WhenParameter("empty", "x", is_set=False), "x", None),
        (WhenParameter("none", "x"), None, None),
        (WhenParameter("none", ["x"], is_set=False), ["x"], ["x"]),
        *(
            (v, v, v)
            for v in (ARN, Pseudo("region"), AvailabilityZone(0), SecretField(ARN, "f"), PublicParameter("/aws/x"))
        ),
    ],
)
def test_value(value: Value, dev: Value | None, prod: Value | None) -> None:
    built = graph({"P": value, "Last": 1}, parameters=PARAMETERS)
    for environment, expected in (("dev", dev), ("prod", prod)):
        properties = specialise(built, environment).components["main"].resources["Main"].properties
        assert properties == ({"Last": 1} if expected is None else {"P": expected, "Last": 1})
        assert type(properties.get("P")) is type(expected)


def test_the_graph_around_it() -> None:
    built = graph({"P": EnvironmentName()}, parameters=PARAMETERS)
    built.components["other"].scope = "account"
    built.components["other"].resources["Other"].properties["P"] = DOMAIN
    result = specialise(built, "prod")
    assert (result.environment, result.environments, result.production) == ("prod", ("prod",), frozenset({"prod"}))
    assert specialise(built, "dev").production == frozenset()
    assert result.parameters == {}
    assert result.components["other"].resources["Other"].properties["P"] == "p"
    assert [*result.components, *result.components["main"].resources] == ["other", "main", "Main"]
    assert result.components["other"].exports == built.components["other"].exports


def test_an_unknown_environment() -> None:
    with pytest.raises(KeyError, match="stage"):
        specialise(graph({}), "stage")


def test_the_input_stays_as_it_was() -> None:
    plain: Value = {"a": [1, {"b": 2}]}
    built = graph({"P": plain, "Q": [WhenParameter("empty", DOMAIN)]}, parameters=PARAMETERS)
    before = copy.deepcopy(canonical(built.components["main"].resources["Main"].properties))
    result: Any = specialise(built, "dev").components["main"].resources["Main"]
    result.properties["P"]["a"][1]["b"] = 3
    result.accepted["X"] = "y"
    result.origins[("P",)] = ()
    assert canonical(built.components["main"].resources["Main"].properties) == before
    assert not built.components["main"].resources["Main"].accepted
    assert not built.components["main"].resources["Main"].origins


def test_places_move_with_the_elements() -> None:
    absent = WhenParameter("empty", "x")
    built = graph(
        {"P": [absent, {"a": [absent, 1]}, absent, 2], "Q": absent},
        parameters=PARAMETERS,
        origins={("P", 0): ("zero",), ("P", 1, "a", 1): ("one",), ("P", 3): ("three",), ("Q",): ("q",), ("P",): ("p",)},
    )
    dev = specialise(built, "dev").components["main"].resources["Main"]
    assert dev.properties == {"P": [{"a": [1]}, 2]}
    assert dev.origins == {("P", 0, "a", 0): ("one",), ("P", 1): ("three",), ("P",): ("p",)}
    prod = specialise(built, "prod").components["main"].resources["Main"]
    assert prod.origins == built.components["main"].resources["Main"].origins


def test_an_expression_without_a_rule_is_no_silent_loss() -> None:
    class Novel(EnvironmentName.__base__):  # type: ignore[misc, name-defined]
        """An expression that someone adds."""

    with pytest.raises(TypeError, match="Novel"):
        specialise(graph({"P": Novel()}), "dev")

"""Each expression of the graph, in Terraform."""

from __future__ import annotations

import pytest
from support import compile_snippet, one

from lenie.compiler.expressions import (
    AttributeOf,
    AvailabilityZone,
    Base64,
    EnvironmentName,
    Expression,
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
from lenie.targets.tf.hcl import Attr
from lenie.targets.tf.names import assign_names
from lenie.targets.tf.printer import expression
from lenie.targets.tf.values import Values

PARAMETERS = {
    "name": {"type": "text", "default": "", "description": "d"},
    "names": {"type": "list(text)", "default": ["a", "b"], "description": "d"},
}
SETTING = PerEnvironment("Size", (("dev", 1), ("prod", 2)))


@pytest.fixture
def values() -> Values:
    graph = compile_snippet(one("inbox: {kind: queue}\n"), parameters=PARAMETERS)
    component = graph.components["main"]
    component.resources["InboxQueue"].properties["DelaySeconds"] = SETTING

    def reference(value: AttributeOf) -> Attr:
        return Attr("aws_sqs_queue.inbox", value.attribute.lower())

    def problem(at: tuple[object, ...], message: str, help: str) -> None:
        raise AssertionError(message)

    return Values(graph, component, assign_names(graph), reference, problem)


CASES: list[tuple[Value, str]] = [
    (EnvironmentName(), "var.environment"),
    (ParameterValue("name"), "var.name"),
    (ParameterItem("names", 1), "var.names[1]"),
    (SETTING, "var.size"),
    (WhenParameter("name", "x"), 'var.name != "" ? "x" : null'),
    (WhenParameter("name", "x", is_set=False), 'var.name != "" ? null : "x"'),
    (WhenParameter("names", ParameterValue("names")), "length(var.names) > 0 ? var.names : null"),
    (Pseudo("region"), "data.aws_region.current.id"),
    (Pseudo("account"), "data.aws_caller_identity.current.account_id"),
    (Pseudo("partition"), "data.aws_partition.current.partition"),
    (Pseudo("url-suffix"), "data.aws_partition.current.dns_suffix"),
    (AvailabilityZone(1), "data.aws_availability_zones.available.names[1]"),
    (AttributeOf("main", "InboxQueue", "Arn"), "aws_sqs_queue.inbox.arn"),
    (Interpolation(("a-", EnvironmentName(), "-${b}")), '"a-${var.environment}-$${b}"'),
    (Interpolation((WhenParameter("name", "x"), "y")), '"${var.name != "" ? "x" : ""}y"'),
    (JsonText({"a": [Pseudo("region")]}), "jsonencode({\n  a = [data.aws_region.current.id]\n})"),
    (Base64("text"), 'base64encode("text")'),
    (PublicParameter("/aws/service/x-latest"), "data.aws_ssm_parameter.x_latest.insecure_value"),
    (["a", WhenParameter("name", "b")], 'concat(["a"], var.name != "" ? ["b"] : [])'),
]


@pytest.mark.parametrize(("value", "text"), CASES)
def test_expression(values: Values, value: Value, text: str) -> None:
    assert expression(values.value(value, ())) == text


def test_every_expression_has_a_case() -> None:
    shown = {type(value) for value, _ in CASES if isinstance(value, Expression)}
    assert shown | {SecretField} == set(Expression.__subclasses__()) - {
        cls for cls in Expression.__subclasses__() if cls.__name__.startswith("_")
    }


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (SecretField(AttributeOf("main", "InboxQueue", "Ref"), "password"), "keep this secret in its state"),
        (Interpolation(("x", ParameterValue("names"))), 'cannot hold the list parameter "names"'),
        (float("inf"), "has no such number"),
    ],
)
def test_refused(values: Values, value: Value, message: str) -> None:
    with pytest.raises(AssertionError, match=message):
        values.value(value, ())


def test_what_is_used_is_remembered(values: Values) -> None:
    values.value([EnvironmentName(), Pseudo("region"), ParameterItem("names", 0)], ())
    assert {values.names.variables[source] for source in values.sources} == {"environment", "names"}
    assert list(values.read) == ["data.aws_region.current"]
    assert values.indexed == {"names"}

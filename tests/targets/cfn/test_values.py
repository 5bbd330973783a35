"""Each expression of the graph, as CloudFormation has it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from support_cfn import emit, graph, main_property, main_template, parameter, read_template

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
from lenie.compiler.specialise import specialise

ONE = parameter("one", "a", pattern="^[a-z]$", values={"prod": "b"})
LIST = parameter("list", ("a", "b"), "list(text)")
EMPTY = parameter("empty", "")
NONE = parameter("none", (), "list(text)")
SIZE = parameter("size", 3, "number")
OTHER = AttributeOf("other", "Other", "Arn")
DOMAIN = PerEnvironment("Domain", (("dev", "d.example.com"), ("prod", "example.com")))
IMAGE = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64"


@pytest.mark.parametrize(
    ("value", "printed", "long"),
    [
        (EnvironmentName(), "!Ref Environment", {"Ref": "Environment"}),
        (ParameterValue("one"), "!Ref One", {"Ref": "One"}),
        (ParameterItem("list", 1), "!Ref List2", {"Ref": "List2"}),
        (Pseudo("account"), "!Ref AWS::AccountId", {"Ref": "AWS::AccountId"}),
        (Pseudo("url-suffix"), "!Ref AWS::URLSuffix", {"Ref": "AWS::URLSuffix"}),
        (AttributeOf("main", "Main", "Ref"), "!Ref Main", {"Ref": "Main"}),
        (
            AttributeOf("main", "Main", "Endpoint.Port"),
            "!GetAtt [Main, Endpoint.Port]",
            {"Fn::GetAtt": ["Main", "Endpoint.Port"]},
        ),
        (OTHER, "!Ref SqsOtherArn", {"Ref": "SqsOtherArn"}),
        (AvailabilityZone(1), '!Select [1, !GetAZs ""]', {"Fn::Select": [1, {"Fn::GetAZs": ""}]}),
        (
            DOMAIN,
            "!FindInMap [Settings, !Ref Environment, Domain]",
            {"Fn::FindInMap": ["Settings", {"Ref": "Environment"}, "Domain"]},
        ),
        (PublicParameter(IMAGE), "!Ref Al2023AmiKernelDefaultX8664", {"Ref": "Al2023AmiKernelDefaultX8664"}),
        (
            Interpolation(("a-", EnvironmentName(), "-", AttributeOf("main", "Main", "Arn"), OTHER, Pseudo("region"))),
            "!Sub a-${Environment}-${Main.Arn}${SqsOtherArn}${AWS::Region}",
            {"Fn::Sub": "a-${Environment}-${Main.Arn}${SqsOtherArn}${AWS::Region}"},
        ),
        (
            SecretField(AttributeOf("main", "Main", "Ref"), "password"),
            '!Sub "{{resolve:secretsmanager:${Main}:SecretString:password}}"',
            {"Fn::Sub": "{{resolve:secretsmanager:${Main}:SecretString:password}}"},
        ),
        (
            Base64(Interpolation(("x ", EnvironmentName()))),
            "\n        Fn::Base64: !Sub x ${Environment}",
            {"Fn::Base64": {"Fn::Sub": "x ${Environment}"}},
        ),
        (Base64("x"), "!Base64 x", {"Fn::Base64": "x"}),
        (
            Interpolation(("$", "{x}", EnvironmentName())),
            "!Sub ${!x}${Environment}",
            {"Fn::Sub": "${!x}${Environment}"},
        ),
    ],
)
def test_expression(value: Expression, printed: str, long: Any) -> None:
    built = graph({"QueueName": value}, parameters=(ONE, LIST))
    text = main_template(built)
    space = "" if printed.startswith("\n") else " "
    assert f"      QueueName:{space}{printed}\n" in text
    assert read_template(text)["Resources"]["Main"]["Properties"]["QueueName"] == long


def test_a_setting_inside_a_text_comes_from_a_variable() -> None:
    value, template = main_property(Interpolation(("app.", DOMAIN)))
    assert value == {
        "Fn::Sub": ["app.${Domain}", {"Domain": {"Fn::FindInMap": ["Settings", {"Ref": "Environment"}, "Domain"]}}]
    }
    assert template["Mappings"] == {"Settings": {"dev": {"Domain": "d.example.com"}, "prod": {"Domain": "example.com"}}}


def test_settings_of_one_name_and_two_values_are_two_rows() -> None:
    other = PerEnvironment("Domain", (("dev", True), ("prod", False)))
    _, template = main_property(Interpolation((DOMAIN, other, DOMAIN)))
    assert template["Mappings"]["Settings"]["dev"] == {"Domain": "d.example.com", "Domain2": True}


def test_a_value_that_depends_on_a_parameter() -> None:
    value, template = main_property(WhenParameter("empty", ParameterValue("empty")), EMPTY)
    assert value == {"Fn::If": ["HasEmpty", {"Ref": "Empty"}, {"Ref": "AWS::NoValue"}]}
    assert template["Conditions"] == {"HasEmpty": {"Fn::Not": [{"Fn::Equals": [{"Ref": "Empty"}, ""]}]}}


def test_a_value_for_an_empty_parameter_shares_the_condition() -> None:
    value, template = main_property(WhenParameter("empty", "x", is_set=False), EMPTY)
    assert value == {"Fn::If": ["HasEmpty", {"Ref": "AWS::NoValue"}, "x"]}
    assert list(template["Conditions"]) == ["HasEmpty"]


def test_a_list_is_empty_if_all_of_it_is() -> None:
    _, template = main_property(WhenParameter("none", "x"), NONE)
    condition = template["Conditions"]["HasNone"]
    assert condition == {"Fn::Not": [{"Fn::Equals": [{"Fn::Join": ["", {"Ref": "None"}]}, ""]}]}
    assert template["Parameters"]["None"] == {
        "Type": "CommaDelimitedList",
        "Description": "What none is for.",
        "Default": "",
    }


def test_a_text_that_depends_on_a_parameter() -> None:
    value, _ = main_property(
        Interpolation(("a", WhenParameter("empty", Interpolation(("-", ParameterValue("empty")))))), EMPTY
    )
    inner = {"Fn::If": ["HasEmpty", {"Fn::Sub": "-${Empty}"}, ""]}
    assert value == {"Fn::Sub": ["a${HasEmptyText}", {"HasEmptyText": inner}]}


def test_json_with_expressions_is_a_block() -> None:
    number = PerEnvironment("Count", (("dev", 1), ("prod", 2)))
    quoted = PerEnvironment("Greeting", (("dev", 'say "x"'), ("prod", "y")))
    document: dict[str, Value] = {
        "arn": AttributeOf("main", "Main", "Arn"),
        "n": number,
        "greeting": quoted,
        "size": ParameterValue("size"),
    }
    text = main_template(graph({"QueueName": JsonText({"long": "x" * 100, **document})}, parameters=(SIZE,)))
    value = read_template(text)["Resources"]["Main"]["Properties"]["QueueName"]["Fn::Sub"]
    assert value[1]["GreetingJson"] == {"Fn::FindInMap": ["Settings", {"Ref": "Environment"}, "GreetingJson"]}
    assert read_template(text)["Mappings"]["Settings"]["dev"] == {"Count": 1, "GreetingJson": 'say \\"x\\"'}
    filled = value[0].replace("${Main.Arn}", "arn").replace("${Count}", "1").replace("${GreetingJson}", 'say \\"x\\"')
    assert json.loads(filled.replace("${Size}", "3")) == {
        "long": "x" * 100,
        "arn": "arn",
        "n": 1,
        "greeting": 'say "x"',
        "size": 3,
    }
    plain = main_template(graph({"QueueName": JsonText({"a": "x" * 100, "b": ["${x}"]})}))
    assert 'QueueName: |-\n        {\n          "a": "xxx' in plain


def test_a_parameter_inside_json_can_hold_nothing_that_json_escapes() -> None:
    _, template = main_property(JsonText({"a": ParameterValue("one")}), ONE)
    definition = template["Parameters"]["One"]
    assert definition["AllowedPattern"] == r"(?![\s\S]*[\"\\])(?:^[a-z]$)"
    assert definition["ConstraintDescription"] == "must match ^[a-z]$ and have no quotation mark and no backslash"


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (Interpolation(("a", ParameterValue("list"))), 'a text cannot hold the list parameter "list"'),
        (JsonText({"a": ParameterValue("list")}), 'a text cannot hold the list parameter "list"'),
        (JsonText({"a": WhenParameter("one", "x")}), "this value cannot stand in a JSON text"),
        ({"Ref": "x"}, 'CloudFormation would take "Ref" for one of its functions'),
        ({"a": None}, "CloudFormation has no such value"),
        ({"a": [float("inf")]}, "CloudFormation has no such value"),
        ({"a": {"Fn::Sub": "x"}}, 'CloudFormation would take "Fn::Sub" for one of its functions'),
    ],
)
def test_what_a_template_cannot_say_is_an_error(value: Value, message: str) -> None:
    _, diagnostics = emit(graph({"RedriveAllowPolicy": value}, parameters=(ONE, LIST)))
    assert ("E502", message) in {(d.code, d.message) for d in diagnostics}


def test_a_value_that_a_parameter_cannot_carry_is_an_error() -> None:
    commas = parameter("list", ("a,b", "c "), "list(text)")
    _, diagnostics = emit(graph({"QueueName": WhenParameter("list", "x")}, parameters=(commas,)))
    assert [d.code for d in diagnostics] == ["E502", "E502"]
    quote = parameter("one", "a", values={"prod": 'b"'})
    _, diagnostics = emit(graph({"QueueName": JsonText([ParameterValue("one")])}, parameters=(quote,)))
    assert [(d.code, d.labels[0].span.line, d.labels[0].span.column) for d in diagnostics] == [("E502", 1, 47)]


def test_a_specialised_graph_has_no_parameters_but_those_of_ssm() -> None:
    value = Interpolation((EnvironmentName(), ParameterValue("one"), DOMAIN, OTHER))
    tags: Value = [{"Key": "image", "Value": PublicParameter(IMAGE)}]
    built = graph({"QueueName": value, "Tags": tags}, parameters=(ONE,))
    template = read_template(main_template(specialise(built, "prod")))
    assert template["Resources"]["Main"]["Properties"]["QueueName"] == {"Fn::Sub": "prodbexample.com${SqsOtherArn}"}
    assert {name: p["Default"] for name, p in template["Parameters"].items()} == {
        "SqsOtherArn": "/demo/prod/sqs/other/arn",
        "Al2023AmiKernelDefaultX8664": IMAGE,
    }
    assert "Mappings" not in template

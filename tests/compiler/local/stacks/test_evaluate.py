"""Every intrinsic function, with what it gives and what it refuses."""

from __future__ import annotations

import json
from typing import Any

import pytest

from lenie.compiler.local.stacks.errors import NotEmulated, Refused
from lenie.compiler.local.stacks.evaluate import NOTHING, Evaluator, Scope, Unknown
from lenie.compiler.local.stacks.template import parse

TEMPLATE = {
    "Mappings": {"M": {"dev": {"Size": 1, "Yes": True, "List": ["a", "b"]}}},
    "Conditions": {
        "Dev": {"Fn::Equals": [{"Ref": "Environment"}, "dev"]},
        "Prod": {"Fn::Not": [{"Condition": "Dev"}]},
        "Both": {"Fn::And": [{"Condition": "Dev"}, {"Condition": "Prod"}]},
        "Either": {"Fn::Or": [{"Condition": "Dev"}, {"Condition": "Prod"}]},
        "Lax": {"Fn::Equals": [1, "1"]},
    },
    "Resources": {"A": {"Type": "AWS::S3::Bucket"}},
}


def evaluator() -> Evaluator:
    def resource(name: str, attribute: str) -> Any:
        if name == "New":
            return Unknown(name, attribute)
        return f"{name}.{attribute}" if attribute else name.lower()

    scope = Scope(
        parse(json.dumps(TEMPLATE)),
        {"Environment": "dev", "Cidrs": ["203.0.113.0/24", "198.51.100.0/24"], "Count": "3"},
        {"AWS::Region": "us-east-1", "AWS::AccountId": "123456789012"},
        resource,
        {"exported": "value"}.__getitem__,
        lambda region: [f"{region}a", f"{region}b"],
    )
    return Evaluator(scope)


@pytest.mark.parametrize(
    ("expression", "wanted"),
    [
        ({"Ref": "Environment"}, "dev"),
        ({"Ref": "Cidrs"}, ["203.0.113.0/24", "198.51.100.0/24"]),
        ({"Ref": "AWS::Region"}, "us-east-1"),
        ({"Ref": "Bucket"}, "bucket"),
        ({"Fn::GetAtt": ["Bucket", "Arn"]}, "Bucket.Arn"),
        ({"Fn::GetAtt": "Bucket.Endpoint.Port"}, "Bucket.Endpoint.Port"),
        ({"Fn::Sub": "a-${Environment}-${AWS::Region}-${Bucket.Arn}-${!Kept}"}, "a-dev-us-east-1-Bucket.Arn-${Kept}"),
        ({"Fn::Sub": ["${x}-${Environment}", {"x": {"Ref": "Count"}}]}, "3-dev"),
        ({"Fn::Join": ["/", ["a", {"Ref": "Environment"}, 1, True]]}, "a/dev/1/true"),
        ({"Fn::Join": [",", {"Ref": "Cidrs"}]}, "203.0.113.0/24,198.51.100.0/24"),
        ({"Fn::Split": [",", "a,b"]}, ["a", "b"]),
        ({"Fn::Select": ["1", {"Fn::Split": [",", "a,b"]}]}, "b"),
        ({"Fn::Select": [0, {"Fn::GetAZs": ""}]}, "us-east-1a"),
        ({"Fn::GetAZs": "eu-west-1"}, ["eu-west-1a", "eu-west-1b"]),
        ({"Fn::FindInMap": ["M", {"Ref": "Environment"}, "Size"]}, 1),
        ({"Fn::FindInMap": ["M", "dev", "List"]}, ["a", "b"]),
        ({"Fn::If": ["Dev", "yes", "no"]}, "yes"),
        ({"Fn::If": ["Prod", {"Ref": "Missing"}, "no"]}, "no"),
        ({"Fn::Base64": "text"}, "dGV4dA=="),
        ({"Fn::ImportValue": "exported"}, "value"),
        ({"Fn::Cidr": ["10.0.0.0/16", 2, 8]}, ["10.0.0.0/24", "10.0.1.0/24"]),
        ({"Fn::Cidr": ["10.0.0.0/16", "1"]}, ["10.0.0.0/24"]),
        ({"a": {"Ref": "AWS::NoValue"}, "b": 1}, {"b": 1}),
        ([1, {"Ref": "AWS::NoValue"}, 2], [1, 2]),
        ({"Condition": {"Bool": {"x": "y"}}}, {"Condition": {"Bool": {"x": "y"}}}),
    ],
)
def test_value(expression: Any, wanted: Any) -> None:
    assert evaluator().value(expression) == wanted


@pytest.mark.parametrize(("name", "holds"), [("Dev", 1), ("Prod", 0), ("Both", 0), ("Either", 1), ("Lax", 1)])
def test_condition(name: str, holds: bool) -> None:
    assert evaluator().condition(name) is bool(holds)


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ({"Fn::FindInMap": ["M", "qa", "Size"]}, "Unable to get mapping for M::qa::Size"),
        ({"Fn::FindInMap": ["M", "dev"]}, "requires three parameters"),
        ({"Fn::Select": [2, ["a"]]}, "Fn::Select cannot select nonexistent value at index 2"),
        ({"Fn::Select": [-1, ["a"]]}, "Fn::Select cannot select nonexistent value at index -1"),
        ({"Fn::Join": ["", "text"]}, "every Fn::Join object requires two parameters"),
        ({"Fn::Join": [""]}, "Fn::Join requires a list argument with two elements"),
        ({"Fn::Sub": "${Cidrs}"}, "Fn::Sub takes strings"),
        ({"Fn::If": ["Dev", 1]}, "Fn::If requires a list argument with three elements"),
        ({"Fn::If": ["Missing", 1, 2]}, "Unresolved condition dependency Missing"),
        ({"Fn::Cidr": ["10.0.0.0/16"]}, "every Fn::Cidr object requires"),
        ({"Fn::GetAtt": ["Bucket"]}, "every Fn::GetAtt object requires two non-empty parameters"),
        ({"Fn::And": [True]}, "Fn::And requires a list argument with two to ten elements"),
        ({"Fn::Not": ["text"]}, "every condition must be a boolean function"),
    ],
)
def test_wrong_arguments_are_refused(expression: Any, words: str) -> None:
    with pytest.raises(Refused) as raised:
        evaluator().value(expression)
    assert words in raised.value.message


def test_functions_that_are_not_known_are_not_passed_over() -> None:
    with pytest.raises(NotEmulated, match="Fn::Transform"):
        evaluator().value({"Fn::Transform": {"Name": "AWS::Include"}})


@pytest.mark.parametrize(
    "expression",
    [
        {"Ref": "New"},
        {"Fn::Sub": "a-${New.Arn}"},
        {"Fn::Join": ["", ["a", {"Ref": "New"}]]},
        {"Fn::Base64": {"Ref": "New"}},
        {"Fn::Select": [0, {"Fn::Split": [",", {"Ref": "New"}]}]},
        {"Fn::Cidr": [{"Fn::GetAtt": ["New", "CidrBlock"]}, 1]},
    ],
)
def test_what_is_not_known_yet_stays_unknown(expression: Any) -> None:
    assert isinstance(evaluator().value(expression), Unknown)


def test_no_value_is_nothing() -> None:
    assert evaluator().value({"Ref": "AWS::NoValue"}) is NOTHING

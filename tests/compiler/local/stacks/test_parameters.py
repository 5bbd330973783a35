"""Values of parameters: defaults, constraints, Parameter Store, and the words of refusals."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from lenie.compiler.local.stacks.errors import NotEmulated, Refused
from lenie.compiler.local.stacks.parameters import Values, evaluate
from lenie.compiler.local.stacks.template import parse

STORED = {"/a/name": ("String", "stored"), "/a/list": ("StringList", "x,y"), "/a/secret": ("SecureString", "s")}


class Services:
    """Parameter Store and EC2, as far as parameters ask them."""

    def __call__(self, service: str) -> Services:
        return self

    def get_parameter(self, Name: str) -> Any:  # noqa: N803
        if Name not in STORED:
            raise ClientError({"Error": {"Code": "ParameterNotFound"}}, "GetParameter")
        return {"Parameter": dict(zip(("Type", "Value"), STORED[Name], strict=True))}

    def describe_vpcs(self, VpcIds: list[str]) -> Any:  # noqa: N803
        if VpcIds != ["vpc-1"]:
            raise ClientError({"Error": {"Code": "InvalidVpcID.NotFound"}}, "DescribeVpcs")
        return {}


def values(declared: dict[str, Any], given: list[dict[str, Any]], previous: dict[str, str] | None = None) -> Values:
    template = parse(json.dumps({"Parameters": declared, "Resources": {"A": {"Type": "AWS::S3::Bucket"}}}))
    return evaluate(template, given, previous or {}, Services())


def given(**parameters: str) -> list[dict[str, Any]]:
    return [{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()]


@pytest.mark.parametrize(
    ("declared", "text", "wanted"),
    [
        ({"Type": "String"}, "a", "a"),
        ({"Type": "Number"}, "1.5", "1.5"),
        ({"Type": "CommaDelimitedList"}, "a, b", ["a", "b"]),
        ({"Type": "CommaDelimitedList"}, "", [""]),
        ({"Type": "List<Number>"}, "1,2", ["1", "2"]),
        ({"Type": "AWS::SSM::Parameter::Value<String>"}, "/a/name", "stored"),
        ({"Type": "AWS::SSM::Parameter::Value<List<String>>"}, "/a/list", ["x", "y"]),
        ({"Type": "AWS::SSM::Parameter::Name"}, "/a/name", "/a/name"),
        ({"Type": "AWS::EC2::Image::Id"}, "ami-0123456789abcdef0", "ami-0123456789abcdef0"),
        ({"Type": "AWS::EC2::VPC::Id"}, "vpc-1", "vpc-1"),
        ({"Type": "List<AWS::EC2::VPC::Id>"}, "vpc-1,vpc-1", ["vpc-1", "vpc-1"]),
    ],
)
def test_value(declared: dict[str, Any], text: str, wanted: Any) -> None:
    assert values({"P": declared}, given(P=text)).values == {"P": wanted}


def test_defaults_and_previous_values() -> None:
    declared = {
        "A": {"Type": "String", "Default": True},
        "B": {"Type": "String"},
        "C": {"Type": "Number", "Default": 3},
    }
    request = [{"ParameterKey": "B", "UsePreviousValue": True}]
    assert values(declared, request, {"B": "kept"}).values == {"A": "true", "B": "kept", "C": "3"}


def test_described() -> None:
    declared = {"A": {"Type": "String", "NoEcho": True}, "B": {"Type": "AWS::SSM::Parameter::Value<String>"}}
    template = parse(json.dumps({"Parameters": declared, "Resources": {"A": {"Type": "AWS::S3::Bucket"}}}))
    assert evaluate(template, given(A="hidden", B="/a/name"), {}, Services()).described(template) == [
        {"ParameterKey": "A", "ParameterValue": "****"},
        {"ParameterKey": "B", "ParameterValue": "/a/name", "ResolvedValue": "stored"},
    ]


@pytest.mark.parametrize(
    ("declared", "text", "words"),
    [
        ({"Type": "String", "AllowedValues": ["a"]}, "b", "Parameter 'P' must be one of AllowedValues"),
        ({"Type": "String", "AllowedPattern": "[a-z]+"}, "B", "Parameter 'P' must match pattern [a-z]+"),
        ({"Type": "CommaDelimitedList", "AllowedPattern": "[a-z]+"}, "a,B", "must match pattern"),
        (
            {"Type": "String", "AllowedPattern": "a", "ConstraintDescription": "must be a"},
            "b",
            "Parameter P failed to satisfy constraint: must be a",
        ),
        ({"Type": "String", "MinLength": 2}, "a", "must contain at least 2 characters"),
        ({"Type": "String", "MaxLength": "2"}, "abc", "must contain at most 2 characters"),
        ({"Type": "Number"}, "a", "Parameter 'P' must be a number"),
        ({"Type": "Number", "MinValue": 2}, "1", "must be a number not less than 2"),
        ({"Type": "Number", "MaxValue": 2}, "3", "must be a number not greater than 2"),
        (
            {"Type": "AWS::SSM::Parameter::Value<String>"},
            "/no",
            "Unable to fetch parameters [/no] from parameter store",
        ),
        ({"Type": "AWS::SSM::Parameter::Value<String>"}, "/a/secret", "types not supported by CloudFormation"),
        ({"Type": "AWS::EC2::Image::Id"}, "image", "parameter value image for parameter name P does not exist"),
        ({"Type": "AWS::EC2::VPC::Id"}, "vpc-2", "parameter value vpc-2 for parameter name P does not exist"),
    ],
)
def test_wrong_values_are_refused(declared: dict[str, Any], text: str, words: str) -> None:
    with pytest.raises(Refused) as raised:
        values({"P": declared}, given(P=text))
    assert words in raised.value.message


def test_missing_and_unknown_parameters() -> None:
    with pytest.raises(Refused, match=r"Parameters: \[A, B\] must have values"):
        values({"A": {"Type": "String"}, "B": {"Type": "String"}}, [])
    with pytest.raises(Refused, match=r"Parameters: \[X\] do not exist in the template"):
        values({"A": {"Type": "String"}}, given(A="a", X="x"))
    both = [{"ParameterKey": "A", "ParameterValue": "a", "UsePreviousValue": True}]
    with pytest.raises(Refused, match="Cannot specify usePreviousValue as true"):
        values({"A": {"Type": "String"}}, both)


def test_types_that_are_not_known_are_not_taken() -> None:
    with pytest.raises(NotEmulated, match="AWS::Unheard::Of"):
        values({"P": {"Type": "AWS::Unheard::Of"}}, given(P="x"))

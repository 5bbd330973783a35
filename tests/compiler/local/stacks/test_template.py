"""Texts of templates: what is read, and what is refused in CloudFormation's words."""

from __future__ import annotations

import json

import pytest

from lenie.compiler.local.stacks.checks import check
from lenie.compiler.local.stacks.errors import NotEmulated, Refused
from lenie.compiler.local.stacks.template import parse

BUCKET = "Resources: {A: {Type: 'AWS::S3::Bucket'}}"


def test_short_forms_become_long_ones() -> None:
    text = """
Resources:
  A:
    Type: AWS::S3::Bucket
    DependsOn: B
    DeletionPolicy: RetainExceptOnCreate
    Properties:
      One: !Sub "${B}-x"
      Two: !GetAtt B.Endpoint.Port
      Three: !If [Yes, !Ref B, !Ref "AWS::NoValue"]
      Four: 2012-10-17
      Five: !GetAtt [B, Arn]
  B: {Type: "AWS::S3::Bucket", UpdateReplacePolicy: Retain}
Conditions: {Yes: !Equals [a, a]}
"""
    found = parse(text)
    assert found.resources["A"].properties == {
        "One": {"Fn::Sub": "${B}-x"},
        "Two": {"Fn::GetAtt": ["B", "Endpoint.Port"]},
        "Three": {"Fn::If": [True, {"Ref": "B"}, {"Ref": "AWS::NoValue"}]},
        "Four": "2012-10-17",
        "Five": {"Fn::GetAtt": ["B", "Arn"]},
    }
    assert (found.resources["A"].depends_on, found.resources["A"].deletion) == (("B",), "RetainExceptOnCreate")
    assert found.resources["B"].replacement == "Retain"


def test_json_is_read_as_json() -> None:
    found = parse(
        json.dumps({"Description": "d", "Resources": {"A": {"Type": "AWS::S3::Bucket", "Properties": {"B": 1}}}})
    )
    assert found.description == "d"
    assert found.resources["A"].properties == {"B": 1}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: [", "Template format error: YAML not well-formed"),
        ('{"a": ', "Template format error: JSON not well-formed"),
        ("- a", "Template format error: unsupported structure."),
        ("Description: x", "At least one Resources member must be defined"),
        ("Resources: {}", "At least one Resources member must be defined"),
        ("Resources: []", "At least one Resources member must be defined"),
        (BUCKET + "\nUnheard: {}", "Invalid template property or properties [Unheard]"),
        ("Resources: {A: {Type: x}, A: {Type: y}}", "Duplicate key 'A'"),
        ("Resources: {A: {}}", "Every Resources object must contain a Type member"),
        ("Resources: {A: {Type: x, Unheard: 1}}", "Invalid template resource property 'Unheard'"),
        ("Resources: {A: {Type: x, Properties: [1]}}", "Properties must be an object"),
        ("Resources: {A-B: {Type: x}}", "Resource name A-B is non alphanumeric"),
        ("Resources: {A: {Type: x, DeletionPolicy: Keep}}", "Unrecognized DeletionPolicy Keep"),
        ("Resources: {A: {Type: x, UpdateReplacePolicy: RetainExceptOnCreate}}", "Unrecognized UpdateReplacePolicy"),
        ('AWSTemplateFormatVersion: "2020-01-01"\n' + BUCKET, "Unsupported template version: 2020-01-01"),
    ],
)
def test_what_is_no_template_is_refused(text: str, words: str) -> None:
    with pytest.raises(Refused) as raised:
        parse(text)
    assert words in raised.value.message


@pytest.mark.parametrize(
    "text",
    [
        "Transform: AWS::Serverless-2016-10-31\n" + BUCKET,
        "Rules: {}\n" + BUCKET,
        "Resources: {A: {Type: x, CreationPolicy: {}}}",
    ],
)
def test_what_is_not_emulated_is_said(text: str) -> None:
    with pytest.raises(NotEmulated, match="The emulator does not support"):
        parse(text)


@pytest.mark.parametrize(
    ("resources", "rest", "words"),
    [
        (
            {"A": {"Properties": {"P": {"Ref": "No"}}}},
            {},
            "Unresolved resource dependencies [No] in the Resources block",
        ),
        ({"A": {"Properties": {"P": {"Fn::Sub": "${No}"}}}}, {}, "Unresolved resource dependencies [No]"),
        ({"A": {"Properties": {"P": {"Fn::GetAtt": ["No", "Arn"]}}}}, {}, "references undefined resource No"),
        ({"A": {"Properties": {"P": {"Fn::If": ["No", 1, 2]}}}}, {}, "Unresolved condition dependency No"),
        ({"A": {"DependsOn": "No"}}, {}, "Unresolved resource dependencies [No]"),
        ({"A": {"Condition": "No"}}, {}, "Unresolved condition dependency No in resource A"),
        (
            {"A": {"Properties": {"P": {"Ref": "B"}}}, "B": {"DependsOn": "A"}},
            {},
            "Circular dependency between resources: [A, B]",
        ),
        ({"A": {}}, {"Outputs": {"O": {"Value": {"Ref": "No"}}}}, "in the Outputs block"),
        ({"A": {}}, {"Conditions": {"C": {"Fn::Equals": [{"Ref": "A"}, "x"]}}}, "Cannot reference resources"),
        ({"A": {}}, {"Conditions": {"C": {"Condition": "C"}}}, "Circular condition dependency: C"),
        ({"A": {}}, {"Conditions": {"C": {"Condition": "D"}}}, "Unresolved condition dependency D in condition C"),
    ],
)
def test_what_does_not_exist_is_found(resources: dict[str, object], rest: dict[str, object], words: str) -> None:
    declared = {name: {"Type": "AWS::S3::Bucket", **value} for name, value in resources.items()}  # type: ignore[dict-item]
    with pytest.raises(Refused) as raised:
        check(parse(json.dumps({"Resources": declared, **rest})))
    assert words in raised.value.message

"""Numbers and truth values of one environment, where a property is a text."""

from __future__ import annotations

from typing import Any

import pytest

from lenie.targets.cfn.scalars import texts


@pytest.mark.parametrize(
    ("type_name", "given", "wanted"),
    [
        ("AWS::SSM::Parameter", {"Value": True}, {"Value": "true"}),
        ("AWS::SSM::Parameter", {"Value": 5}, {"Value": "5"}),
        ("AWS::SSM::Parameter", {"Value": {"Ref": "X"}}, {"Value": {"Ref": "X"}}),
        ("AWS::SQS::Queue", {"DelaySeconds": 5, "FifoQueue": True}, {"DelaySeconds": 5, "FifoQueue": True}),
        # Below maps, lists and lists of maps.
        (
            "AWS::Lambda::Function",
            {"Environment": {"Variables": {"X": 5}}, "Layers": [7], "Code": {"S3Key": 1}, "MemorySize": 128},
            {"Environment": {"Variables": {"X": 5}}, "Layers": ["7"], "Code": {"S3Key": "1"}, "MemorySize": 128},
        ),
        (
            "AWS::DynamoDB::Table",
            {"AttributeDefinitions": [{"AttributeName": 5, "AttributeType": "S"}]},
            {"AttributeDefinitions": [{"AttributeName": "5", "AttributeType": "S"}]},
        ),
        ("AWS::New::Thing", {"Name": 5}, {"Name": 5}),
    ],
)
def test_texts(type_name: str, given: dict[str, Any], wanted: dict[str, Any]) -> None:
    assert texts(type_name, given) == wanted

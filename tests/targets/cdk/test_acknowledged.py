"""What the validator of aws-cdk-lib says without ground is acknowledged where it does, and nowhere else."""

from __future__ import annotations

import pytest
from support_cdk import emit
from support_cfn import graph

from lenie.compiler.expressions import AttributeOf, ParameterValue, SecretField, Value, WhenParameter
from lenie.compiler.graph import Resource
from lenie.targets.cdk.acknowledged import acknowledged

OUTSIDE = AttributeOf("other", "Other", "Arn")
SECRET = SecretField(OUTSIDE, "x")


def rules(type_name: str, properties: dict[str, Value]) -> list[str]:
    found = acknowledged(Resource("Main", type_name, properties, ("components", "main")))
    return [finding.rule.rpartition(":")[2] for finding in found]


@pytest.mark.parametrize(
    ("type_name", "name", "value", "expected"),
    [
        ("AWS::Lambda::Function", "Runtime", OUTSIDE, ["W3030"]),
        ("AWS::Lambda::Function", "Runtime", "python3.13", []),
        ("AWS::Lambda::LayerVersion", "CompatibleRuntimes", [OUTSIDE], ["W3030"]),
        ("AWS::EC2::Instance", "ImageId", ParameterValue("image"), ["W9010"]),
        ("AWS::EC2::Instance", "ImageId", OUTSIDE, []),
        ("AWS::RDS::DBInstance", "MasterUserPassword", SECRET, ["W1011", "W2501"]),
        (
            "AWS::RDS::DBInstance",
            "MasterUserPassword",
            WhenParameter("p", SECRET),
            ["W1011", "W2501"],
        ),
        ("AWS::RDS::DBInstance", "MasterUserPassword", "literal", []),
        ("AWS::SQS::Queue", "Runtime", OUTSIDE, []),
    ],
)
def test_rules(type_name: str, name: str, value: Value, expected: list[str]) -> None:
    assert rules(type_name, {name: value}) == expected


def test_a_finding_about_the_stack_is_acknowledged_there() -> None:
    password = SecretField(OUTSIDE, "password")
    files, _ = emit(graph({"MasterUserPassword": password}, "AWS::RDS::DBInstance"))
    main = "".join(files["stacks/main.py"].split())
    assert 'Validations.of(self).acknowledge(Acknowledgment(id="CloudFormation-Validate::W2501"' in main
    assert 'Validations.of(main).acknowledge(Acknowledgment(id="CloudFormation-Validate::W1011"' in main

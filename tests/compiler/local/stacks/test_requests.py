"""What CloudFormation's API refuses, and how it lists things page by page."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError
from support_local import Cloud, Json, resources

QUEUE = {"Type": "AWS::SQS::Queue"}
ROLE: Json = {
    "Type": "AWS::IAM::Role",
    "Properties": {"AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": []}},
}


@pytest.mark.parametrize(
    ("operation", "given", "code", "words"),
    [
        (
            "create_stack",
            {"StackName": "a_b", "TemplateBody": "x"},
            "ValidationError",
            "at 'stackName' failed to satisfy",
        ),
        (
            "create_stack",
            {"StackName": "a"},
            "ValidationError",
            "Either Template URL or Template Body must be specified.",
        ),
        (
            "create_stack",
            {"StackName": "a", "TemplateBody": " " * 51_201},
            "ValidationError",
            "less than or equal to 51200",
        ),
        (
            "create_stack",
            {"StackName": "a", "TemplateBody": json.dumps(resources(A={"Type": "AWS::No::Such"}))},
            "ValidationError",
            "Unrecognized resource types: [AWS::No::Such] (the emulator does not have it; AWS may)",
        ),
        (
            "create_stack",
            {
                "StackName": "a",
                "TemplateBody": json.dumps(
                    {**resources(A=QUEUE), "Outputs": {"O": {"Value": {"Fn::GetAtt": ["A", "No"]}}}}
                ),
            },
            "ValidationError",
            "resource A does not support attribute type No in Fn::GetAtt",
        ),
        (
            "create_stack",
            {"StackName": "a", "TemplateBody": json.dumps(resources(A=ROLE))},
            "InsufficientCapabilitiesException",
            "Requires capabilities : [CAPABILITY_IAM]",
        ),
        (
            "create_stack",
            {
                "StackName": "a",
                "TemplateBody": json.dumps(
                    resources(A={**ROLE, "Properties": {**ROLE["Properties"], "RoleName": "r"}})
                ),
                "Capabilities": ["CAPABILITY_IAM"],
            },
            "InsufficientCapabilitiesException",
            "Requires capabilities : [CAPABILITY_NAMED_IAM]",
        ),
        (
            "create_stack",
            {"StackName": "a", "TemplateBody": json.dumps(resources(A=QUEUE)), "StackPolicyBody": "{}"},
            "ValidationError",
            "The emulator does not support StackPolicyBody",
        ),
        (
            "create_stack",
            {"StackName": "a", "TemplateURL": "ftp://example.com/x"},
            "ValidationError",
            "TemplateURL must be a supported URL.",
        ),
        (
            "create_stack",
            {"StackName": "a", "TemplateURL": "https://no-such.s3.amazonaws.com/x"},
            "ValidationError",
            "S3 error: The specified bucket does not exist",
        ),
        ("update_stack", {"StackName": "a", "TemplateBody": "x"}, "ValidationError", "Stack with id a does not exist"),
        ("describe_stacks", {"StackName": "a"}, "ValidationError", "Stack with id a does not exist"),
        ("describe_stack_events", {"StackName": "a"}, "ValidationError", "Stack with id a does not exist"),
        (
            "validate_template",
            {"TemplateBody": "x: ["},
            "ValidationError",
            "Template format error: YAML not well-formed",
        ),
        ("create_stack_set", {"StackSetName": "a"}, "ValidationError", "The emulator does not support CreateStackSet"),
        ("detect_stack_drift", {"StackName": "a"}, "ValidationError", "The emulator does not support DetectStackDrift"),
        ("list_exports", {"NextToken": "no"}, "ValidationError", "NextToken is not valid"),
    ],
)
def test_refused(cloud: Cloud, operation: str, given: dict[str, Any], code: str, words: str) -> None:
    with pytest.raises(ClientError) as raised:
        getattr(cloud.stacks, operation)(**given)
    assert raised.value.response["Error"]["Code"] == code
    assert words in raised.value.response["Error"]["Message"]
    assert cloud.stacks.describe_stacks()["Stacks"] == []


def test_a_template_in_a_bucket(cloud: Cloud) -> None:
    cloud.client("s3").create_bucket(Bucket="templates")
    text = json.dumps({**resources(A=QUEUE), "Description": "x" * 60_000})
    cloud.client("s3").put_object(Bucket="templates", Key="a/b.json", Body=text.encode())
    for name, url in (
        ("one", "https://templates.s3.us-east-1.amazonaws.com/a/b.json"),
        ("two", f"{cloud.emulator.url}/templates/a/b.json"),
        ("three", "https://s3.amazonaws.com/templates/a/b.json"),
    ):
        assert cloud.create(name, "", TemplateURL=url)["StackStatus"] == "CREATE_COMPLETE"
    body = cloud.stacks.get_template(StackName="one")["TemplateBody"]
    assert body["Resources"] == {"A": QUEUE}


def test_lists_come_in_pages(cloud: Cloud) -> None:
    count = 60
    made = resources(**{f"Q{number}": QUEUE for number in range(count)})
    cloud.create("s", made)
    first = cloud.stacks.describe_stack_events(StackName="s")
    assert len(first["StackEvents"]) == 100
    assert first["NextToken"]
    assert first["StackEvents"][0]["LogicalResourceId"] == "s"
    events = cloud.events("s")
    assert len(events) == 3 * count + 2
    assert len({event["EventId"] for event in events}) == len(events)
    assert len(cloud.physical("s")) == count
    assert len(cloud.stacks.describe_stack_resources(StackName="s")["StackResources"]) == count


def test_one_resource(cloud: Cloud) -> None:
    cloud.create("s", resources(A={**QUEUE, "Metadata": {"why": "because"}}))
    detail = cloud.stacks.describe_stack_resource(StackName="s", LogicalResourceId="A")["StackResourceDetail"]
    assert json.loads(detail["Metadata"]) == {"why": "because"}
    physical = detail["PhysicalResourceId"]
    found = cloud.stacks.describe_stack_resources(PhysicalResourceId=physical)["StackResources"]
    assert [each["LogicalResourceId"] for each in found] == ["A"]
    with pytest.raises(ClientError, match="Resource B does not exist for stack s"):
        cloud.stacks.describe_stack_resource(StackName="s", LogicalResourceId="B")


def test_validation_and_summary_of_a_template(cloud: Cloud) -> None:
    template = {
        **resources(A=ROLE),
        "Description": "d",
        "Parameters": {"P": {"Type": "String", "Default": "x", "AllowedValues": ["x", "y"], "NoEcho": True}},
    }
    valid = cloud.stacks.validate_template(TemplateBody=json.dumps(template))
    assert valid["Capabilities"] == ["CAPABILITY_IAM"]
    assert valid["Parameters"] == [{"ParameterKey": "P", "DefaultValue": "x", "NoEcho": True}]
    summary = cloud.stacks.get_template_summary(TemplateBody=json.dumps(template))
    assert summary["ResourceTypes"] == ["AWS::IAM::Role"]
    assert summary["Parameters"][0]["ParameterConstraints"] == {"AllowedValues": ["x", "y"]}
    cloud.create("s", template)
    assert cloud.stacks.get_template_summary(StackName="s")["Description"] == "d"

"""Change sets: what they say will happen, and that it happens."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError
from support_local import Cloud, Json, resources


def parameter(value: Any) -> Json:
    return {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": value}}


def queue(**properties: Any) -> Json:
    return {"Type": "AWS::SQS::Queue", "Properties": properties}


def describe(cloud: Cloud, template: Json, kind: str = "UPDATE", name: str = "c", **options: Any) -> Json:
    cloud.stacks.create_change_set(
        StackName="s", ChangeSetName=name, ChangeSetType=kind, TemplateBody=json.dumps(template), **options
    )
    found: Json = cloud.stacks.describe_change_set(StackName="s", ChangeSetName=name)
    return found


def changes(found: Json) -> dict[str, Json]:
    return {change["ResourceChange"]["LogicalResourceId"]: change["ResourceChange"] for change in found["Changes"]}


def test_a_change_set_says_what_is_added_changed_replaced_and_removed(cloud: Cloud) -> None:
    cloud.create(
        "s",
        resources(
            Same=queue(),
            Changed=queue(),
            Renamed=queue(QueueName="a"),
            Gone=queue(),
            User=parameter({"Ref": "Renamed"}),
        ),
    )
    ids = cloud.physical("s")
    found = describe(
        cloud,
        resources(
            Same=queue(),
            Changed=queue(DelaySeconds=5),
            Renamed=queue(QueueName="b"),
            User=parameter({"Ref": "Renamed"}),
            New=parameter({"Fn::GetAtt": ["Renamed", "Arn"]}),
        ),
    )
    assert (found["Status"], found["ExecutionStatus"]) == ("CREATE_COMPLETE", "AVAILABLE")
    told = changes(found)
    assert set(told) == {"Changed", "Renamed", "Gone", "User", "New"}
    assert told["New"]["Action"] == "Add"
    assert (told["Gone"]["Action"], told["Gone"]["PhysicalResourceId"]) == ("Remove", ids["Gone"])
    assert (told["Changed"]["Action"], told["Changed"]["Replacement"]) == ("Modify", "False")
    assert told["Changed"]["Details"][0]["Target"] == {
        "Attribute": "Properties",
        "Name": "DelaySeconds",
        "RequiresRecreation": "Never",
    }
    assert (told["Renamed"]["Replacement"], told["Renamed"]["PolicyAction"]) == ("True", "ReplaceAndDelete")
    assert told["Renamed"]["Details"][0]["Target"]["RequiresRecreation"] == "Always"
    detail = told["User"]["Details"][0]
    assert (detail["ChangeSource"], detail["CausingEntity"]) == ("ResourceReference", "Renamed")
    assert (detail["Evaluation"], told["User"]["Replacement"]) == ("Dynamic", "False")
    assert cloud.physical("s") == ids
    cloud.stacks.execute_change_set(StackName="s", ChangeSetName="c")
    assert cloud.wait("s")["StackStatus"] == "UPDATE_COMPLETE"
    assert set(cloud.physical("s")) == {"Same", "Changed", "Renamed", "User", "New"}
    assert cloud.stacks.list_change_sets(StackName="s")["Summaries"] == []


def test_a_replacement_that_depends_on_another_is_conditional(cloud: Cloud) -> None:
    def template(cidr: str) -> Json:
        return resources(
            Vpc={"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": cidr}},
            Table={"Type": "AWS::EC2::RouteTable", "Properties": {"VpcId": {"Ref": "Vpc"}}},
        )

    cloud.create("s", template("10.0.0.0/16"))
    told = changes(describe(cloud, template("10.1.0.0/16")))
    assert told["Vpc"]["Replacement"] == "True"
    assert told["Table"]["Replacement"] == "Conditional"


def test_a_changed_parameter_is_named_as_the_cause(cloud: Cloud) -> None:
    template = {"Parameters": {"P": {"Type": "String"}}, **resources(A=parameter({"Ref": "P"}))}
    cloud.create("s", template, parameters={"P": "one"})
    given = [{"ParameterKey": "P", "ParameterValue": "two"}]
    detail = changes(describe(cloud, template, Parameters=given))["A"]["Details"][0]
    assert (detail["ChangeSource"], detail["CausingEntity"]) == ("ParameterReference", "P")


def test_policies_metadata_and_tags_are_changes(cloud: Cloud) -> None:
    cloud.create("s", resources(A=queue(Tags=[{"Key": "a", "Value": "1"}])))
    new = {**queue(Tags=[{"Key": "a", "Value": "2"}]), "DeletionPolicy": "Retain", "Metadata": {"x": 1}}
    told = changes(describe(cloud, resources(A=new)))["A"]
    assert told["Scope"] == ["Tags", "Metadata", "DeletionPolicy"]


def test_nothing_to_change(cloud: Cloud) -> None:
    cloud.create("s", resources(A=queue()))
    found = describe(cloud, resources(A=queue()))
    assert (found["Status"], found["ExecutionStatus"]) == ("FAILED", "UNAVAILABLE")
    assert found["StatusReason"].startswith("The submitted information didn't contain changes.")
    with pytest.raises(ClientError) as raised:
        cloud.stacks.execute_change_set(StackName="s", ChangeSetName="c")
    assert raised.value.response["Error"]["Code"] == "InvalidChangeSetStatus"
    cloud.stacks.delete_change_set(StackName="s", ChangeSetName="c")
    with pytest.raises(ClientError) as raised:
        cloud.stacks.describe_change_set(StackName="s", ChangeSetName="c")
    assert raised.value.response["Error"]["Code"] == "ChangeSetNotFound"


def test_a_change_set_can_make_a_stack(cloud: Cloud) -> None:
    found = describe(cloud, resources(A=queue()), "CREATE", Tags=[{"Key": "k", "Value": "v"}])
    stack = cloud.stacks.describe_stacks(StackName="s")["Stacks"][0]
    assert stack["StackStatus"] == "REVIEW_IN_PROGRESS"
    assert [change["Action"] for change in changes(found).values()] == ["Add"]
    cloud.stacks.execute_change_set(ChangeSetName=found["ChangeSetId"])
    done = cloud.wait("s")
    assert (done["StackStatus"], done["ChangeSetId"]) == ("CREATE_COMPLETE", found["ChangeSetId"])
    assert done["Tags"] == [{"Key": "k", "Value": "v"}]
    with pytest.raises(ClientError, match="already exists and cannot be created again"):
        describe(cloud, resources(A=queue()), "CREATE", "again")


def test_the_type_of_a_resource_cannot_change(cloud: Cloud) -> None:
    cloud.create("s", resources(A=queue()))
    with pytest.raises(ClientError, match=r"modifies resource type of the following resources: \[A\]"):
        describe(cloud, resources(A={"Type": "AWS::SNS::Topic"}))
    with pytest.raises(ClientError, match="Update of resource type is not permitted"):
        cloud.update("s", resources(A={"Type": "AWS::SNS::Topic"}))


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"ChangeSetType": "IMPORT"}, "does not support change sets of the type IMPORT"),
        ({"ChangeSetType": "UPDATE"}, "Stack [no] does not exist"),
    ],
)
def test_refused(cloud: Cloud, options: Json, words: str) -> None:
    with pytest.raises(ClientError) as raised:
        cloud.stacks.create_change_set(
            StackName="no", ChangeSetName="c", TemplateBody=json.dumps(resources(A=queue())), **options
        )
    assert words in raised.value.response["Error"]["Message"]


def test_a_change_set_of_a_busy_stack_is_refused(cloud: Cloud) -> None:
    many = resources(**{f"P{number}": parameter("x") for number in range(30)})
    cloud.stacks.create_stack(StackName="s", TemplateBody=json.dumps(many))
    with pytest.raises(ClientError, match="is in CREATE_IN_PROGRESS state and can not be updated"):
        describe(cloud, many)
    cloud.wait("s")

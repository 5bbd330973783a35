"""Stacks made and deleted: what happens, in which order, and what is left when something fails."""

from __future__ import annotations

import json
import threading

import pytest
from support_local import BROKEN, Cloud, Json, parameter, queue, queues, refused, resources


def test_creation_is_told_step_by_step(cloud: Cloud) -> None:
    made = resources(Second=parameter({"Fn::GetAtt": ["First", "Arn"]}), First=queue(QueueName="first"))
    id = cloud.stacks.create_stack(StackName="s", TemplateBody=json.dumps(made))["StackId"]
    assert cloud.stacks.describe_stacks(StackName=id)["Stacks"][0]["StackStatus"] in (
        "CREATE_IN_PROGRESS",
        "CREATE_COMPLETE",
    )
    assert cloud.wait("s")["StackStatus"] == "CREATE_COMPLETE"
    assert cloud.steps("s") == [
        ("s", "CREATE_IN_PROGRESS"),
        ("First", "CREATE_IN_PROGRESS"),
        ("First", "CREATE_IN_PROGRESS"),
        ("First", "CREATE_COMPLETE"),
        ("Second", "CREATE_IN_PROGRESS"),
        ("Second", "CREATE_IN_PROGRESS"),
        ("Second", "CREATE_COMPLETE"),
        ("s", "CREATE_COMPLETE"),
    ]
    reasons = [event.get("ResourceStatusReason") for event in cloud.events("s")]
    assert reasons[0] == "User Initiated"
    assert reasons[2] == "Resource creation Initiated"
    times = [event["Timestamp"] for event in cloud.events("s")]
    assert times == sorted(times)
    value = cloud.client("ssm").get_parameter(Name=cloud.physical("s")["Second"])["Parameter"]["Value"]
    assert value == "arn:aws:sqs:us-east-1:123456789012:first"


def test_parameters_mappings_conditions_and_outputs(cloud: Cloud) -> None:
    template = {
        "Parameters": {
            "Environment": {"Type": "String"},
            "Secret": {"Type": "String", "NoEcho": True},
            "Stored": {"Type": "AWS::SSM::Parameter::Value<String>"},
            "Image": {
                "Type": "AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>",
                "Default": "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64",
            },
        },
        "Mappings": {"Sizes": {"dev": {"Seconds": 60}, "prod": {"Seconds": 90}}},
        "Conditions": {"Prod": {"Fn::Equals": [{"Ref": "Environment"}, "prod"]}},
        "Resources": {
            "Queue": queue(VisibilityTimeout={"Fn::FindInMap": ["Sizes", {"Ref": "Environment"}, "Seconds"]}),
            "Never": {**parameter(), "Condition": "Prod"},
            "Waiting": {**parameter({"Fn::Sub": "${Stored}:${AWS::StackName}:${Image}"}), "DependsOn": "Never"},
        },
        "Outputs": {
            "Name": {"Value": {"Fn::GetAtt": ["Queue", "QueueName"]}, "Description": "d", "Export": {"Name": "shared"}},
            "Never": {"Value": "x", "Condition": "Prod"},
        },
    }
    cloud.client("ssm").put_parameter(Name="/stored", Type="String", Value="read")
    stack = cloud.create("s", template, parameters={"Environment": "dev", "Secret": "hidden", "Stored": "/stored"})
    assert stack["StackStatus"] == "CREATE_COMPLETE", cloud.reasons("s")
    assert set(cloud.physical("s")) == {"Queue", "Waiting"}
    assert [output["OutputKey"] for output in stack["Outputs"]] == ["Name"]
    found = {each["ParameterKey"]: each for each in stack["Parameters"]}
    assert found["Secret"]["ParameterValue"] == "****"
    assert found["Stored"]["ResolvedValue"] == "read"
    value = cloud.client("ssm").get_parameter(Name=cloud.physical("s")["Waiting"])["Parameter"]["Value"]
    assert value.startswith("read:s:ami-")
    attributes = cloud.client("sqs").get_queue_attributes(
        QueueUrl=cloud.physical("s")["Queue"], AttributeNames=["VisibilityTimeout"]
    )
    assert attributes["Attributes"] == {"VisibilityTimeout": "60"}
    assert [export["Name"] for export in cloud.stacks.list_exports()["Exports"]] == ["shared"]


def test_a_failed_creation_is_rolled_back(cloud: Cloud) -> None:
    made = resources(A=queue(QueueName="a"), B={**BROKEN, "DependsOn": "A"}, C={**queue(), "DependsOn": "B"})
    made["Resources"]["A"]["DeletionPolicy"] = "RetainExceptOnCreate"
    assert cloud.create("s", made)["StackStatus"] == "ROLLBACK_COMPLETE"
    assert cloud.reasons("s") == ["Encountered unsupported property Unheard (the emulator does not have it; AWS may)"]
    assert ("C", "CREATE_IN_PROGRESS") not in cloud.steps("s")
    assert cloud.steps("s")[-4:] == [
        ("B", "DELETE_COMPLETE"),
        ("A", "DELETE_IN_PROGRESS"),
        ("A", "DELETE_COMPLETE"),
        ("s", "ROLLBACK_COMPLETE"),
    ]
    assert queues(cloud) == []
    assert "is in ROLLBACK_COMPLETE state and can not be updated" in refused(cloud.update, "s", resources(A=queue()))
    assert "Stack [s] already exists" in refused(cloud.create, "s", resources(A=queue()))
    assert cloud.delete("s")["StackStatus"] == "DELETE_COMPLETE"


def test_a_failed_creation_retains_what_is_to_be_retained(cloud: Cloud) -> None:
    made = resources(A={**queue(QueueName="a"), "DeletionPolicy": "Retain"}, B={**BROKEN, "DependsOn": "A"})
    assert cloud.create("s", made)["StackStatus"] == "ROLLBACK_COMPLETE"
    assert ("A", "DELETE_SKIPPED") in cloud.steps("s")
    assert queues(cloud) == ["a"]


def test_what_was_made_in_part_is_rolled_back_too(cloud: Cloud) -> None:
    made = resources(
        A={
            "Type": "AWS::S3::Bucket",
            "Properties": {"BucketName": "half", "OwnershipControls": {"Rules": [{"Unheard": 1}]}},
        }
    )
    assert cloud.create("s", made)["StackStatus"] == "ROLLBACK_COMPLETE"
    assert cloud.client("s3").list_buckets()["Buckets"] == []


@pytest.mark.parametrize(
    ("options", "status", "left"),
    [
        ({"DisableRollback": True}, "CREATE_FAILED", ["a"]),
        ({"OnFailure": "DO_NOTHING"}, "CREATE_FAILED", ["a"]),
        ({"OnFailure": "DELETE"}, "DELETE_COMPLETE", []),
    ],
)
def test_what_happens_on_failure(cloud: Cloud, options: Json, status: str, left: list[str]) -> None:
    made = json.dumps(resources(A=queue(QueueName="a"), B={**BROKEN, "DependsOn": "A"}))
    id = cloud.stacks.create_stack(StackName="s", TemplateBody=made, **options)["StackId"]
    assert cloud.wait(id)["StackStatus"] == status
    assert queues(cloud) == left


def test_what_exists_already_is_not_taken(cloud: Cloud) -> None:
    cloud.client("s3").create_bucket(Bucket="theirs")
    made = resources(A={"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "theirs"}})
    assert cloud.create("s", made)["StackStatus"] == "ROLLBACK_COMPLETE"
    assert cloud.reasons("s") == ["theirs already exists"]
    assert [bucket["Name"] for bucket in cloud.client("s3").list_buckets()["Buckets"]] == ["theirs"]


def test_deletion_is_in_reverse_and_leaves_what_is_retained(cloud: Cloud) -> None:
    cloud.create("s", resources(A={**queue(QueueName="a"), "DeletionPolicy": "Retain"}, B=parameter({"Ref": "A"})))
    id = cloud.delete("s")["StackId"]
    assert cloud.steps(id)[-5:] == [
        ("s", "DELETE_IN_PROGRESS"),
        ("B", "DELETE_IN_PROGRESS"),
        ("B", "DELETE_COMPLETE"),
        ("A", "DELETE_SKIPPED"),
        ("s", "DELETE_COMPLETE"),
    ]
    assert queues(cloud) == ["a"]
    assert "Stack with id s does not exist" in refused(cloud.stacks.describe_stacks, StackName="s")
    assert cloud.stacks.list_stacks()["StackSummaries"][0]["StackStatus"] == "DELETE_COMPLETE"
    cloud.stacks.delete_stack(StackName="s")


def test_a_deletion_that_fails_can_leave_resources(cloud: Cloud) -> None:
    made = resources(A={"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "full"}}, B=parameter({"Ref": "A"}))
    cloud.create("s", made)
    cloud.client("s3").put_object(Bucket="full", Key="x", Body=b"x")
    stack = cloud.delete("s")
    assert stack["StackStatus"] == "DELETE_FAILED"
    assert stack["StackStatusReason"].startswith("The following resource(s) failed to delete: [A].")
    assert "The bucket you tried to delete is not empty" in cloud.reasons("s")[0]
    assert "can not be updated" in refused(cloud.update, "s", made)
    assert cloud.delete("s", RetainResources=["A"])["StackStatus"] == "DELETE_COMPLETE"
    assert cloud.client("s3").list_buckets()["Buckets"][0]["Name"] == "full"


def test_what_a_resource_needs_that_cannot_be_deleted_stays(cloud: Cloud) -> None:
    made = resources(
        A=parameter("full"),
        B={"Type": "AWS::S3::Bucket", "Properties": {"BucketName": {"Fn::GetAtt": ["A", "Value"]}}},
        C=parameter(),
    )
    cloud.create("s", made)
    cloud.client("s3").put_object(Bucket="full", Key="x", Body=b"x")
    assert cloud.delete("s")["StackStatus"] == "DELETE_FAILED"
    states = {each["LogicalResourceId"]: each["ResourceStatus"] for each in cloud.resources("s")}
    assert states == {"A": "CREATE_COMPLETE", "B": "DELETE_FAILED", "C": "DELETE_COMPLETE"}


def test_termination_protection(cloud: Cloud) -> None:
    cloud.create("s", resources(A=queue()), EnableTerminationProtection=True)
    words = "Stack [s] cannot be deleted while TerminationProtection is enabled"
    assert refused(cloud.stacks.delete_stack, StackName="s") == words
    cloud.stacks.update_termination_protection(StackName="s", EnableTerminationProtection=False)
    assert cloud.delete("s")["StackStatus"] == "DELETE_COMPLETE"


def test_exports_are_unique_and_kept_while_they_are_used(cloud: Cloud) -> None:
    exporting: Json = {**resources(A=queue()), "Outputs": {"O": {"Value": "1", "Export": {"Name": "x"}}}}
    cloud.create("a", exporting)
    assert cloud.create("b", exporting)["StackStatus"] == "ROLLBACK_COMPLETE"
    assert cloud.create("user", resources(P=parameter({"Fn::ImportValue": "x"})))["StackStatus"] == "CREATE_COMPLETE"
    assert cloud.stacks.list_imports(ExportName="x")["Imports"] == ["user"]
    stack = cloud.delete("a")
    assert stack["StackStatusReason"] == "Export x cannot be deleted as it is in use by user"
    changed = {**exporting, "Outputs": {"O": {"Value": "2", "Export": {"Name": "x"}}}}
    assert "can not be updated" in refused(cloud.update, "a", changed)
    cloud.delete("user")
    assert cloud.delete("a")["StackStatus"] == "DELETE_COMPLETE"
    assert "Export 'x' does not exist" in refused(cloud.stacks.list_imports, ExportName="x")


def test_an_import_of_what_is_not_exported_fails_the_stack(cloud: Cloud) -> None:
    stack = cloud.create("s", resources(P=parameter({"Fn::ImportValue": "no"})))
    assert stack["StackStatus"] == "ROLLBACK_COMPLETE"
    assert cloud.reasons("s") == ["No export named no found."]


def test_stacks_are_made_side_by_side(cloud: Cloud) -> None:
    failures: list[str] = []

    def make(number: int) -> None:
        stack = Cloud(cloud.emulator).create(f"s{number}", resources(A=queue(QueueName=f"q{number}"), B=parameter()))
        if stack["StackStatus"] != "CREATE_COMPLETE":
            failures.append(stack["StackStatus"])

    threads = [threading.Thread(target=make, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert queues(cloud) == [f"q{number}" for number in range(6)]


def test_a_database_leaves_a_snapshot(cloud: Cloud) -> None:
    database: Json = {
        "Type": "AWS::RDS::DBInstance",
        "DeletionPolicy": "Snapshot",
        "Properties": {
            "DBInstanceIdentifier": "d",
            "Engine": "postgres",
            "DBInstanceClass": "db.t3.micro",
            "AllocatedStorage": "20",
            "MasterUsername": "u",
            "MasterUserPassword": "not-a-secret",
        },
    }
    assert cloud.create("s", resources(D=database))["StackStatus"] == "CREATE_COMPLETE", cloud.reasons("s")
    assert cloud.delete("s")["StackStatus"] == "DELETE_COMPLETE"
    snapshots = cloud.client("rds").describe_db_snapshots(SnapshotType="manual")["DBSnapshots"]
    assert [snapshot["DBInstanceIdentifier"] for snapshot in snapshots] == ["d"]
    restored = {
        **database,
        "Properties": {**database["Properties"], "DBSnapshotIdentifier": snapshots[0]["DBSnapshotIdentifier"]},
    }
    del restored["Properties"]["MasterUsername"]
    assert cloud.create("s", resources(D=restored))["StackStatus"] == "CREATE_COMPLETE", cloud.reasons("s")
    assert cloud.client("rds").describe_db_instances()["DBInstances"][0]["MasterUsername"] == "u"


def test_a_stack_can_be_deleted_while_it_is_made(cloud: Cloud) -> None:
    many = resources(**{f"P{number}": parameter() for number in range(40)})
    id = cloud.stacks.create_stack(StackName="s", TemplateBody=json.dumps(many))["StackId"]
    cloud.stacks.delete_stack(StackName="s")
    assert cloud.wait(id)["StackStatus"] == "DELETE_COMPLETE"
    assert ("P39", "CREATE_COMPLETE") not in cloud.steps(id)
    assert cloud.client("ssm").describe_parameters()["Parameters"] == []

"""Stacks updated: changed, replaced, rolled back, continued."""

from __future__ import annotations

import json

from support_local import BROKEN, Cloud, Json, parameter, queue, queues, refused, resources


def test_update_changes_replaces_adds_and_removes(cloud: Cloud) -> None:
    cloud.create(
        "s", resources(Changed=queue(QueueName="c"), Renamed=queue(QueueName="old"), Removed=queue(QueueName="r"))
    )
    before = cloud.physical("s")
    new = resources(
        Changed=queue(QueueName="c", DelaySeconds=5),
        Renamed=queue(QueueName="new"),
        Added=parameter({"Ref": "Renamed"}),
    )
    assert cloud.update("s", new)["StackStatus"] == "UPDATE_COMPLETE", cloud.reasons("s")
    after = cloud.physical("s")
    assert set(after) == {"Changed", "Renamed", "Added"}
    assert after["Changed"] == before["Changed"]
    assert queues(cloud) == ["c", "new"]
    steps = cloud.steps("s")
    begun = steps.index(("s", "UPDATE_IN_PROGRESS"))
    cleanup = steps.index(("s", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"))
    assert [step for step in steps[begun:cleanup] if step[0] == "Renamed"] == [
        ("Renamed", "UPDATE_IN_PROGRESS"),
        ("Renamed", "UPDATE_IN_PROGRESS"),
        ("Renamed", "UPDATE_COMPLETE"),
    ]
    assert {step for step in steps[cleanup:] if step[1] == "DELETE_COMPLETE"} == {
        ("Renamed", "DELETE_COMPLETE"),
        ("Removed", "DELETE_COMPLETE"),
    }
    assert cloud.client("ssm").get_parameter(Name=after["Added"])["Parameter"]["Value"] == after["Renamed"]


def test_what_refers_to_a_replaced_resource_follows(cloud: Cloud) -> None:
    template = {
        **resources(Q=queue(QueueName="old"), P=parameter({"Ref": "Q"})),
        "Outputs": {"O": {"Value": {"Ref": "Q"}}},
    }
    cloud.create("s", template)
    template["Resources"]["Q"]["Properties"]["QueueName"] = "new"
    stack = cloud.update("s", template)
    name = cloud.physical("s")["P"]
    assert cloud.client("ssm").get_parameter(Name=name)["Parameter"]["Value"].endswith("/new")
    assert stack["Outputs"][0]["OutputValue"].endswith("/new")


def test_a_replaced_resource_stays_if_its_policy_says_so(cloud: Cloud) -> None:
    retained = {**queue(QueueName="old"), "UpdateReplacePolicy": "Retain"}
    cloud.create("s", resources(A=retained, B={**queue(QueueName="b"), "DeletionPolicy": "Retain"}))
    cloud.update("s", resources(A={**retained, "Properties": {"QueueName": "new"}}))
    assert queues(cloud) == ["b", "new", "old"]
    assert {step for step in cloud.steps("s") if step[1] == "DELETE_SKIPPED"} == {
        ("A", "DELETE_SKIPPED"),
        ("B", "DELETE_SKIPPED"),
    }


def test_a_replacement_cannot_have_the_name_of_what_it_replaces(cloud: Cloud) -> None:
    def table(key: str) -> Json:
        properties = {
            "TableName": "t",
            "BillingMode": "PAY_PER_REQUEST",
            "KeySchema": [{"AttributeName": key, "KeyType": "HASH"}],
            "AttributeDefinitions": [{"AttributeName": key, "AttributeType": "S"}],
        }
        return resources(T={"Type": "AWS::DynamoDB::Table", "Properties": properties})

    cloud.create("s", table("a"))
    assert cloud.update("s", table("b"))["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert "cannot update a stack when a custom-named resource requires replacing. Rename t" in cloud.reasons("s")[0]
    described = cloud.client("dynamodb").describe_table(TableName="t")["Table"]
    assert described["KeySchema"][0]["AttributeName"] == "a"


def test_a_failed_update_brings_everything_back(cloud: Cloud) -> None:
    first = {
        **resources(A=queue(QueueName="a"), B=queue(QueueName="old"), C=parameter()),
        "Outputs": {"O": {"Value": "1"}},
    }
    cloud.create("s", first)
    before = cloud.physical("s")
    second = resources(
        A=queue(QueueName="a", DelaySeconds=5),
        B={**queue(QueueName="new"), "DependsOn": "A"},
        D={**queue(QueueName="d"), "DependsOn": "B"},
        E={**BROKEN, "DependsOn": "D"},
    )
    stack = cloud.update("s", second)
    assert stack["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert stack["Outputs"] == [{"OutputKey": "O", "OutputValue": "1"}]
    assert cloud.physical("s") == before
    assert queues(cloud) == ["a", "old"]
    assert cloud.client("sqs").get_queue_attributes(QueueUrl=before["A"], AttributeNames=["DelaySeconds"])[
        "Attributes"
    ] == {"DelaySeconds": "0"}
    assert [status for name, status in cloud.steps("s") if name == "s"][2:] == [
        "UPDATE_IN_PROGRESS",
        "UPDATE_ROLLBACK_IN_PROGRESS",
        "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS",
        "UPDATE_ROLLBACK_COMPLETE",
    ]
    first["Resources"]["A"]["Properties"]["DelaySeconds"] = 7
    assert cloud.update("s", first)["StackStatus"] == "UPDATE_COMPLETE"


def test_a_rollback_that_fails_can_be_continued(cloud: Cloud) -> None:
    cloud.create("s", resources(A=queue(QueueName="a"), B=parameter()))
    url = cloud.physical("s")["A"]
    broken = resources(
        A=queue(QueueName="a", DelaySeconds=5), B=parameter("two"), C={**BROKEN, "DependsOn": ["A", "B"]}
    )
    # The queue can be changed once, and not back again.
    cloud.emulator.fault("sqs", 2, "deny", ("SetQueueAttributes",))
    assert cloud.update("s", broken)["StackStatus"] == "UPDATE_ROLLBACK_FAILED"
    assert cloud.emulator.cure()[0]["done"] == 1
    assert "is in UPDATE_ROLLBACK_FAILED state and can not be updated" in refused(cloud.update, "s", broken)
    cloud.stacks.continue_update_rollback(StackName="s")
    assert cloud.wait("s")["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    attributes = cloud.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["DelaySeconds"])["Attributes"]
    assert attributes == {"DelaySeconds": "0"}


def test_a_rollback_can_skip_resources(cloud: Cloud) -> None:
    cloud.create("s", resources(A=queue(QueueName="a")))
    cloud.emulator.fault("sqs", 2, "deny", ("SetQueueAttributes",))
    cloud.update("s", resources(A=queue(QueueName="a", DelaySeconds=5), C={**BROKEN, "DependsOn": "A"}))
    cloud.stacks.continue_update_rollback(StackName="s", ResourcesToSkip=["A"])
    assert cloud.wait("s")["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"


def test_nothing_to_update_is_refused(cloud: Cloud) -> None:
    template = {**resources(A=queue(QueueName="a")), "Parameters": {"P": {"Type": "String", "Default": "x"}}}
    cloud.create("s", template, Tags=[{"Key": "k", "Value": "v"}])
    words = "No updates are to be performed."
    assert refused(cloud.update, "s", template) == words
    assert refused(cloud.update, "s", {**template, "Description": "other"}) == words
    assert refused(cloud.update, "s", "", UsePreviousTemplate=True) == words
    assert cloud.update("s", {**template, "Outputs": {"O": {"Value": "1"}}})["StackStatus"] == "UPDATE_COMPLETE"


def test_a_value_in_parameter_store_is_read_again_at_every_update(cloud: Cloud) -> None:
    template = {
        "Parameters": {"P": {"Type": "AWS::SSM::Parameter::Value<String>"}},
        **resources(A=parameter({"Ref": "P"})),
    }
    ssm = cloud.client("ssm")
    ssm.put_parameter(Name="/p", Type="String", Value="one")
    cloud.create("s", template, parameters={"P": "/p"})
    ssm.put_parameter(Name="/p", Type="String", Value="two", Overwrite=True)
    previous = [{"ParameterKey": "P", "UsePreviousValue": True}]
    stack = cloud.update("s", "", UsePreviousTemplate=True, Parameters=previous)
    assert stack["StackStatus"] == "UPDATE_COMPLETE"
    assert ssm.get_parameter(Name=cloud.physical("s")["A"])["Parameter"]["Value"] == "two"


def test_tags_of_the_stack_reach_its_resources(cloud: Cloud) -> None:
    made = resources(
        A=queue(QueueName="a", Tags=[{"Key": "mine", "Value": "1"}]),
        P=parameter(Tags={"mine": "1"}),
        R={
            "Type": "AWS::SNS::TopicPolicy",
            "Properties": {"Topics": [{"Ref": "T"}], "PolicyDocument": {"Statement": []}},
        },
        T={"Type": "AWS::SNS::Topic"},
    )
    assert cloud.create("s", made, Tags=[{"Key": "k", "Value": "v"}, {"Key": "mine", "Value": "2"}])["Tags"]
    url = cloud.physical("s")["A"]
    assert cloud.client("sqs").list_queue_tags(QueueUrl=url)["Tags"] == {"k": "v", "mine": "1"}
    tags = cloud.client("ssm").list_tags_for_resource(ResourceType="Parameter", ResourceId=cloud.physical("s")["P"])
    assert {tag["Key"]: tag["Value"] for tag in tags["TagList"]} == {"k": "v", "mine": "1"}
    cloud.update("s", made, Tags=[{"Key": "k", "Value": "w"}])
    assert cloud.client("sqs").list_queue_tags(QueueUrl=url)["Tags"] == {"k": "w", "mine": "1"}


def test_a_stack_that_is_busy_takes_no_update(cloud: Cloud) -> None:
    many = resources(**{f"P{number}": parameter() for number in range(40)})
    cloud.stacks.create_stack(StackName="s", TemplateBody=json.dumps(many))
    words = refused(cloud.update, "s", resources(A=queue()))
    assert "is in CREATE_IN_PROGRESS state and can not be updated" in words
    assert cloud.wait("s")["StackStatus"] == "CREATE_COMPLETE"
    many["Resources"]["P39"]["Properties"]["Value"] = "two"
    cloud.stacks.update_stack(StackName="s", TemplateBody=json.dumps(many))
    assert cloud.wait("s")["StackStatus"] == "UPDATE_COMPLETE"


def test_an_update_can_be_cancelled(cloud: Cloud) -> None:
    many = resources(**{f"P{number}": parameter() for number in range(40)})
    cloud.create("s", many)
    for declared in many["Resources"].values():
        declared["Properties"]["Value"] = "two"
    cloud.stacks.update_stack(StackName="s", TemplateBody=json.dumps(many))
    cloud.stacks.cancel_update_stack(StackName="s")
    assert cloud.wait("s")["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    name = cloud.physical("s")["P0"]
    assert cloud.client("ssm").get_parameter(Name=name)["Parameter"]["Value"] == "one"
    assert "cannot be called from current stack status" in refused(cloud.stacks.cancel_update_stack, StackName="s")


def test_a_stack_cannot_be_deleted_while_it_is_updated(cloud: Cloud) -> None:
    many = resources(**{f"P{number}": parameter() for number in range(40)})
    cloud.create("s", many)
    for declared in many["Resources"].values():
        declared["Properties"]["Value"] = "two"
    cloud.stacks.update_stack(StackName="s", TemplateBody=json.dumps(many))
    words = refused(cloud.stacks.delete_stack, StackName="s")
    assert words == "Stack [s] cannot be deleted while in status UPDATE_IN_PROGRESS"
    assert cloud.wait("s")["StackStatus"] == "UPDATE_COMPLETE"


def test_a_creation_that_was_left_as_it_is_goes_on_with_an_update(cloud: Cloud) -> None:
    half: Json = {"BucketName": "half", "OwnershipControls": {"Rules": [{"Unheard": 1}]}}
    made = resources(A=queue(QueueName="a"), B={"Type": "AWS::S3::Bucket", "DependsOn": "A", "Properties": half})
    assert cloud.create("s", made, DisableRollback=True)["StackStatus"] == "CREATE_FAILED"
    before = cloud.physical("s")["A"]
    half["OwnershipControls"] = {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
    assert cloud.update("s", made)["StackStatus"] == "UPDATE_COMPLETE", cloud.reasons("s")
    assert cloud.physical("s")["A"] == before
    rules = cloud.client("s3").get_bucket_ownership_controls(Bucket="half")["OwnershipControls"]["Rules"]
    assert rules == [{"ObjectOwnership": "BucketOwnerEnforced"}]


def test_an_update_that_was_left_as_it_is_goes_on_with_another(cloud: Cloud) -> None:
    cloud.create("s", resources(A=queue(QueueName="a")))
    changed = resources(A=queue(QueueName="a", DelaySeconds=5))
    cloud.emulator.fault("sqs", 1, "deny", ("SetQueueAttributes",))
    assert cloud.update("s", changed, DisableRollback=True)["StackStatus"] == "UPDATE_FAILED"
    cloud.emulator.cure()
    assert cloud.update("s", changed)["StackStatus"] == "UPDATE_COMPLETE", cloud.reasons("s")
    url = cloud.physical("s")["A"]
    attributes = cloud.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["DelaySeconds"])["Attributes"]
    assert attributes == {"DelaySeconds": "5"}

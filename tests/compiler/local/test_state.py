"""What is deployed, read in CloudFormation's terms, whoever has made it."""

from __future__ import annotations

import pytest
from support_local import Cloud, resources

from lenie.compiler.local.server import NotStarted


def test_what_stacks_have_made(cloud: Cloud) -> None:
    queue = {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "q", "DelaySeconds": "5"}}
    cloud.create("s", resources(A=queue, B={"Type": "AWS::SNS::Topic"}))
    cloud.create("other", resources(C={"Type": "AWS::SNS::Topic"}))
    assert {(each["stack"], each["resource"]) for each in cloud.emulator.resources()} == {
        ("s", "A"),
        ("s", "B"),
        ("other", "C"),
    }
    found = {each["resource"]: each for each in cloud.emulator.resources("s")}
    assert set(found) == {"A", "B"}
    assert found["A"]["properties"]["DelaySeconds"] == "5"
    assert found["A"]["attributes"]["Arn"] == "arn:aws:sqs:us-east-1:123456789012:q"
    assert found["A"]["id"] == found["A"]["reference"] == cloud.physical("s")["A"]


def test_what_something_else_has_made(cloud: Cloud) -> None:
    cloud.client("s3").create_bucket(Bucket="theirs")
    cloud.client("s3").put_bucket_versioning(Bucket="theirs", VersioningConfiguration={"Status": "Enabled"})
    found = cloud.emulator.read("AWS::S3::Bucket", "theirs")
    assert found
    assert found["properties"]["VersioningConfiguration"] == {"Status": "Enabled"}
    assert cloud.emulator.read("AWS::S3::Bucket", "none") is None
    with pytest.raises(NotStarted, match="does not know the type AWS::No::Such"):
        cloud.emulator.read("AWS::No::Such", "x")

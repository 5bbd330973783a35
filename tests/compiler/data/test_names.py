"""The naming limits agree with the registry schemas, and refuse what AWS would."""

from __future__ import annotations

import re
import runpy
from pathlib import Path
from typing import Any

import pytest

from lenie.compiler.data.names import NAME_LIMITS

TOOL = Path(__file__).parents[3] / "tools" / "extract_tags.py"


@pytest.fixture(scope="module")
def schemas() -> dict[str, dict[str, Any]]:
    shipped: dict[str, dict[str, Any]] = runpy.run_path(str(TOOL))["shipped"]()[0]
    return shipped


def property_schema(schema: dict[str, Any], path: str) -> dict[str, Any]:
    node = schema
    for name in path.split("."):
        node = node["properties"][name]
        while "$ref" in node:
            target: Any = schema
            for key in node["$ref"].removeprefix("#/").split("/"):
                target = target[key]
            node = target
    return node


@pytest.mark.parametrize("pair", sorted(NAME_LIMITS), ids=".".join)
def test_the_schema_has_the_property_and_is_not_narrower(pair: tuple[str, str], schemas: dict[str, Any]) -> None:
    type_name, path = pair
    limit = NAME_LIMITS[pair]
    node = property_schema(schemas[type_name], path)
    assert node["type"] == "string"
    assert limit.max_length <= node.get("maxLength", limit.max_length)
    assert limit.min_length >= node.get("minLength", 0)
    assert limit.source.startswith("https://docs.aws.amazon.com/")


def test_what_a_limit_accepts_the_schema_accepts(schemas: dict[str, Any]) -> None:
    samples = ["a", "abc", "lenie-dev-name", "lenie_dev_name", "/lenie/dev/name", "a.b", "a+b", "a b", "alias/a", "a#b"]
    checked = 0
    for (type_name, path), limit in NAME_LIMITS.items():
        pattern = property_schema(schemas[type_name], path).get("pattern")
        if pattern is None or r"\p{" in pattern:  # `re` does not read Unicode classes
            continue
        accepted = [sample for sample in samples if limit.problem(sample) is None]
        assert accepted, f"{type_name}.{path}: none of the samples is a name"
        for sample in accepted:
            assert re.search(pattern.replace(r"\Z", "$"), sample), f"{type_name}.{path}: {sample}"
        checked += 1
    assert checked >= 15


@pytest.mark.parametrize(
    ("pair", "name", "part"),
    [
        ("AWS::S3::Bucket.BucketName", "Lenie", "lower-case"),
        ("AWS::S3::Bucket.BucketName", "ab", "at least 3"),
        ("AWS::S3::Bucket.BucketName", "a" * 64, "at most 63"),
        ("AWS::S3::Bucket.BucketName", "a..b", "two dots"),
        ("AWS::S3::Bucket.BucketName", "192.168.5.4", "IP address"),
        ("AWS::S3::Bucket.BucketName", "xn--lenie", "start with"),
        ("AWS::S3::Bucket.BucketName", "lenie-s3alias", "end with"),
        ("AWS::S3::Bucket.BucketName", "lenie-", "both ends"),
        ("AWS::IAM::Role.RoleName", "r" * 65, "at most 64"),
        ("AWS::IAM::Role.RoleName", "a role", "letters"),
        ("AWS::Lambda::Function.FunctionName", "f" * 65, "at most 64"),
        ("AWS::Lambda::Function.FunctionName", "a.b", "hyphens"),
        ("AWS::SQS::Queue.QueueName", "a.b", ".fifo"),
        ("AWS::SQS::Queue.QueueName", "q" * 81, "at most 80"),
        ("AWS::DynamoDB::Table.TableName", "ab", "at least 3"),
        ("AWS::RDS::DBInstance.DBInstanceIdentifier", "1db", "start with a letter"),
        ("AWS::RDS::DBInstance.DBInstanceIdentifier", "a--b", "row"),
        ("AWS::RDS::DBInstance.DBInstanceIdentifier", "ab-", "end with"),
        ("AWS::RDS::DBInstance.DBName", "1lenie", "start with a letter"),
        ("AWS::RDS::DBInstance.MasterUsername", "admin", "keeps for itself"),
        ("AWS::RDS::DBSubnetGroup.DBSubnetGroupName", "Default", "default"),
        ("AWS::SSM::Parameter.Name", "/aws/lenie", "aws"),
        ("AWS::SSM::Parameter.Name", "SSM-lenie", "ssm"),
        ("AWS::SSM::Parameter.Name", "/a" * 16, "15"),
        ("AWS::SSM::Parameter.Name", "/a//b", "slashes"),
        ("AWS::EC2::SecurityGroup.GroupName", "sg-lenie", "sg-"),
        ("AWS::EC2::LaunchTemplate.LaunchTemplateName", "lt", "at least 3"),
        ("AWS::Logs::LogGroup.LogGroupName", "aws/lenie", "aws/"),
        ("AWS::Budgets::Budget.Budget.BudgetName", "a:b", "colons"),
    ],
)
def test_refused(pair: str, name: str, part: str) -> None:
    type_name, _, path = pair.partition(".")
    problem = NAME_LIMITS[type_name, path].problem(name)
    assert problem is not None
    assert part in problem


@pytest.mark.parametrize(
    ("pair", "name"),
    [
        ("AWS::S3::Bucket.BucketName", "lenie-dev-cloudformation"),
        ("AWS::DynamoDB::Table.TableName", "lenie_dev_documents"),
        ("AWS::ApiGateway::RestApi.Name", "lenie_dev_add_from_chrome_extension"),
        ("AWS::SSM::Parameter.Name", "/lenie/dev/lambda/layers/lenie-all/arn"),
        ("AWS::SSM::Parameter.Name", "/awsome/name"),
        ("AWS::SecretsManager::Secret.Name", "/lenie/dev/rds/password"),
        ("AWS::SQS::Queue.QueueName", "lenie-dev-documents"),
        ("AWS::SNS::Topic.TopicName", "orders.fifo"),
        ("AWS::RDS::DBInstance.MasterUsername", "lenie"),
        ("AWS::IdentityStore::Group.DisplayName", "Lenie-Developers"),
        ("AWS::Logs::LogGroup.LogGroupName", "/aws/lambda/lenie-dev-url-add"),
    ],
)
def test_accepted(pair: str, name: str) -> None:
    type_name, _, path = pair.partition(".")
    assert NAME_LIMITS[type_name, path].problem(name) is None

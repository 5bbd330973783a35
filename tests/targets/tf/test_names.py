from __future__ import annotations

import pytest
from support import compile_snippet, one

from lenie.compiler.expressions import AttributeOf, EnvironmentName, ParameterValue
from lenie.compiler.graph import Component, Resource
from lenie.targets.tf.names import addresses, assign_names, resource_name, snake, words


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("VpcS3Endpoint", "vpc s3 endpoint"),
        ("VPCSecurityGroups", "vpc security groups"),
        ("EnableIAMDatabaseAuthentication", "enable iam database authentication"),
        ("VpcPublicSubnetARouteTableAssociation", "vpc public subnet a route table association"),
        ("IPV6Enabled", "ipv6 enabled"),
        ("MultiAZ", "multi az"),
        ("a/b-c_d", "a b c d"),
    ],
)
def test_words(name: str, expected: str) -> None:
    assert " ".join(words(name)) == expected


@pytest.mark.parametrize(("name", "expected"), [("S3Key", "s3_key"), ("3d", "n3d"), ("-", "n")])
def test_snake(name: str, expected: str) -> None:
    assert snake(name) == expected


@pytest.mark.parametrize(
    ("logical_id", "type_name", "revision", "expected"),
    [
        ("UrlAddRole", "AWS::IAM::Role", "", "url_add"),
        ("Vpc", "AWS::EC2::VPC", "", "vpc"),
        ("Database", "AWS::RDS::DBInstance", "", "database"),
        ("InfraApi", "AWS::ApiGateway::RestApi", "", "infra"),
        ("InfraDeployment0123456789", "AWS::ApiGateway::Deployment", "0123456789", "infra"),
        ("Role", "AWS::IAM::Role", "", "role"),
        ("3Queue", "AWS::SQS::Queue", "", "n3"),
    ],
)
def test_resource_name(logical_id: str, type_name: str, revision: str, expected: str) -> None:
    assert resource_name(Resource(logical_id, type_name, {}, (), revision=revision)) == expected


def test_names_of_one_type_are_unique() -> None:
    component = Component("c", "l", 0, "environment", ())
    for logical_id in ("AQueue", "A"):
        component.resources[logical_id] = Resource(logical_id, "AWS::SQS::Queue", {}, ())
    names = addresses(component, {"AWS::SQS::Queue": "aws_sqs_queue"})
    assert names == {"AQueue": "a", "A": "a_2"}


def test_variables() -> None:
    graph = compile_snippet(
        """
        first:
          layer: base
          resources:
            inbox: {kind: queue, publish: {url: version}}
        second:
          layer: base
          resources:
            copy: {kind: parameter, path: copy, value: "${inbox.url} ${param.domain} ${env.domain}"}
        """,
        parameters={"domain": {"type": "text", "default": "x", "description": "d"}},
    )
    names = assign_names(graph).variables
    assert names[EnvironmentName()] == "environment"
    assert names[ParameterValue("domain")] == "domain"
    # A setting gives way to a parameter of the same name, and nothing is called like a meta-argument.
    assert sorted(names.values()) == ["domain", "domain_setting", "environment", "version_value"]
    assert names[
        AttributeOf("first", "InboxQueue" if "InboxQueue" in graph.components["first"].resources else "Inbox", "Ref")
    ]


def test_names_do_not_depend_on_use() -> None:
    snippet = one("a: {kind: queue, publish: [url]}\nb: {kind: topic, publish: [arn]}\n")
    names = assign_names(compile_snippet(snippet)).variables
    assert sorted(names.values()) == ["environment", "sns_b_arn", "sqs_a_url"]

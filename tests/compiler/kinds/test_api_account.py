"""The role with which API Gateway logs, and its registration."""

from __future__ import annotations

from support import compile_snippet, one, resource, schema_faults

from lenie.compiler.expressions import AttributeOf, Interpolation, Pseudo
from lenie.compiler.graph import Graph


def graph() -> Graph:
    return compile_snippet(one("logging: {kind: api-account}\n", scope="account"), defaults={})


def test_role_is_that_of_api_gateway_and_can_only_write_logs() -> None:
    assert schema_faults(graph()) == []
    role = resource(graph(), "LoggingRole").properties
    assert role["AssumeRolePolicyDocument"] == {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "apigateway.amazonaws.com"}, "Action": "sts:AssumeRole"}
        ],
    }
    policy = ":iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs"
    assert role["ManagedPolicyArns"] == [Interpolation(("arn:", Pseudo("partition"), policy))]
    assert "Policies" not in role
    assert "RoleName" not in role  # it outlives its stack, and its name would stand in the way of the next one


def test_registration_is_retained_with_its_role() -> None:
    account = resource(graph(), "LoggingAccount")
    assert account.properties == {"CloudWatchRoleArn": AttributeOf("main", "LoggingRole", "Arn")}
    for held in (account, resource(graph(), "LoggingRole")):
        assert (held.deletion_policy, held.update_replace_policy) == ("RetainExceptOnCreate", "Retain")

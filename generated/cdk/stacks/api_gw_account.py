"""Component api-gw-account.

Written by lenie-compile from the spec: do not edit. Comments name the place in the spec.
"""

from __future__ import annotations

from aws_cdk import CfnDeletionPolicy, CfnTag, Fn
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_iam as iam
from constructs import Construct

from component import ComponentStack


class ApiGwAccountStack(ComponentStack):
    """Component api-gw-account (layer account).

    There is one for each account and region.
    """

    def __init__(self, scope: Construct) -> None:
        super().__init__(
            scope,
            "lenie-api-gw-account",
            description="api-gw-account (account): once for each account and region",
            termination_protection=True,
        )

        # components.api-gw-account.resources.api-gateway-logging
        api_gateway_logging_role = iam.CfnRole(
            self,
            "ApiGatewayLoggingRole",
            assume_role_policy_document={
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Principal": {"Service": "apigateway.amazonaws.com"},
                        "Action": "sts:AssumeRole",
                    },
                ],
            },
            managed_policy_arns=[
                Fn.sub(
                    "arn:${AWS::Partition}:iam::aws:policy/service-role/AmazonAPIGatewayPushToC"
                    "loudWatchLogs",
                ),
            ],
            tags=[CfnTag(key="Project", value="lenie")],
        )
        api_gateway_logging_role.cfn_options.deletion_policy = (
            CfnDeletionPolicy.RETAIN_EXCEPT_ON_CREATE
        )
        api_gateway_logging_role.cfn_options.update_replace_policy = CfnDeletionPolicy.RETAIN

        # components.api-gw-account.resources.api-gateway-logging
        api_gateway_logging_account = apigateway.CfnAccount(
            self,
            "ApiGatewayLoggingAccount",
            cloud_watch_role_arn=api_gateway_logging_role.attr_arn,
        )
        api_gateway_logging_account.cfn_options.deletion_policy = (
            CfnDeletionPolicy.RETAIN_EXCEPT_ON_CREATE
        )
        api_gateway_logging_account.cfn_options.update_replace_policy = CfnDeletionPolicy.RETAIN

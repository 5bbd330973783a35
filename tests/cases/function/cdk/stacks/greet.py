"""Component greet.

Written by lenie-compile from the spec: do not edit. Comments name the place in the spec.
"""

from __future__ import annotations

from dataclasses import dataclass

from aws_cdk import CfnTag
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from component import ComponentStack
from settings import Settings


@dataclass(frozen=True, kw_only=True)
class GreetProps:
    """Names of the SSM parameters that the stack reads, and other stacks publish."""

    sqs_inbox_arn_parameter: str
    s3_artifacts_name_parameter: str
    sqs_inbox_url_parameter: str


class GreetStack(ComponentStack):
    """Component greet (layer application).

    There is one for each environment.
    """

    def __init__(self, scope: Construct, settings: Settings, props: GreetProps) -> None:
        super().__init__(
            scope,
            f"demo-{settings.environment}-greet",
            description=f"greet (application): the stack of {settings.environment}",
            termination_protection=settings.production,
        )

        sqs_inbox_arn = self.ssm_value(
            "SqsInboxArn",
            props.sqs_inbox_arn_parameter,
            "SSM parameter sqs/inbox/arn, published by component inbox",
        )
        s3_artifacts_name = self.ssm_value(
            "S3ArtifactsName",
            props.s3_artifacts_name_parameter,
            "SSM parameter s3/artifacts/name, published by component artifacts",
        )
        sqs_inbox_url = self.ssm_value(
            "SqsInboxUrl",
            props.sqs_inbox_url_parameter,
            "SSM parameter sqs/inbox/url, published by component inbox",
        )

        # components.greet.resources.greet
        greet_log_group = logs.CfnLogGroup(
            self,
            "GreetLogGroup",
            log_group_name=f"/aws/lambda/demo-{settings.environment}-greet",
            retention_in_days=14,
            tags=[
                CfnTag(key="Environment", value=settings.environment),
                CfnTag(key="Project", value="demo"),
            ],
        )
        greet_log_group.add_metadata(
            "checkov",
            {
                "skip": [
                    {
                        "id": "CKV_AWS_158",
                        "comment": (
                            "CloudWatch encrypts logs with a key of its own; a customer key "
                            "costs 1 USD a month"
                        ),
                    },
                ],
            },
        )

        # components.greet.resources.greet
        greet_role = iam.CfnRole(
            self,
            "GreetRole",
            role_name=f"demo-{settings.environment}-greet-role",
            assume_role_policy_document={
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Principal": {"Service": "lambda.amazonaws.com"},
                        "Action": "sts:AssumeRole",
                    },
                ],
            },
            policies=[
                iam.CfnRole.PolicyProperty(
                    policy_name="access",
                    policy_document={
                        "Version": "2012-10-17",
                        "Statement": [
                            {
                                "Sid": "Inbox",
                                "Effect": "Allow",
                                "Action": ["sqs:GetQueueAttributes", "sqs:SendMessage"],
                                "Resource": sqs_inbox_arn,
                            },
                            {
                                "Sid": "WriteLogs",
                                "Effect": "Allow",
                                "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
                                "Resource": greet_log_group.attr_arn,
                            },
                            {
                                "Sid": "WriteTraces",
                                "Effect": "Allow",
                                "Action": ["xray:PutTelemetryRecords", "xray:PutTraceSegments"],
                                "Resource": "*",
                            },
                        ],
                    },
                ),
            ],
            tags=[
                CfnTag(key="Environment", value=settings.environment),
                CfnTag(key="Project", value="demo"),
            ],
        )

        # components.greet.resources.greet
        greet_function = lambda_.CfnFunction(
            self,
            "GreetFunction",
            function_name=f"demo-{settings.environment}-greet",
            runtime="python3.13",
            architectures=["x86_64"],
            handler="handler.lambda_handler",
            code=lambda_.CfnFunction.CodeProperty(
                s3_bucket=s3_artifacts_name,
                s3_key="lambdas/greet/841053b3916192d6.zip",
            ),
            role=greet_role.attr_arn,
            timeout=10,
            memory_size=128,
            environment=lambda_.CfnFunction.EnvironmentProperty(
                variables={"QUEUE": sqs_inbox_url, "STAGE": settings.environment},
            ),
            logging_config=lambda_.CfnFunction.LoggingConfigProperty(log_group=greet_log_group.ref),
            tracing_config=lambda_.CfnFunction.TracingConfigProperty(mode="Active"),
            tags=[
                CfnTag(key="Environment", value=settings.environment),
                CfnTag(key="Project", value="demo"),
            ],
        )
        greet_function.add_metadata(
            "checkov",
            {
                "skip": [
                    {
                        "id": "CKV_AWS_115",
                        "comment": (
                            "Reserved concurrency would take from the account's 10 or 1000 "
                            "shared executions"
                        ),
                    },
                    {
                        "id": "CKV_AWS_116",
                        "comment": (
                            "A function has no queue of its own for failed events: its caller "
                            "gets the error"
                        ),
                    },
                    {
                        "id": "CKV_AWS_117",
                        "comment": (
                            "Only what reads the database is in the VPC: there is no NAT, and no "
                            "way out of it"
                        ),
                    },
                    {
                        "id": "CKV_AWS_173",
                        "comment": (
                            "No secret is in the environment, and a customer key costs 1 USD a "
                            "month"
                        ),
                    },
                ],
            },
        )

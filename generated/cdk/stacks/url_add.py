"""Component url-add.

Written by lenie-compile from the spec: do not edit. Comments name the place in the spec.
"""

from __future__ import annotations

from dataclasses import dataclass

from aws_cdk import Acknowledgment, CfnTag, Fn, Validations
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_ssm as ssm
from constructs import Construct

from component import ComponentStack
from settings import Settings


@dataclass(frozen=True, kw_only=True)
class UrlAddProps:
    """Names of the SSM parameters that the stack reads, and other stacks publish."""

    sqs_documents_arn_parameter: str
    s3_website_content_arn_parameter: str
    dynamodb_documents_table_arn_parameter: str
    python_lambda_runtime_version_parameter: str
    s3_cloudformation_name_parameter: str
    lambda_layers_lenie_all_arn_parameter: str
    sqs_documents_url_parameter: str
    s3_website_content_name_parameter: str
    dynamodb_documents_table_name_parameter: str


class UrlAddStack(ComponentStack):
    """Component url-add (layer compute).

    There is one for each environment.
    """

    def __init__(self, scope: Construct, settings: Settings, props: UrlAddProps) -> None:
        super().__init__(
            scope,
            f"lenie-{settings.environment}-url-add",
            description=f"url-add (compute): the stack of {settings.environment}",
            termination_protection=settings.production,
        )

        # Names of the SSM parameters that other stacks read.
        self.lambda_url_add_arn_parameter = f"/lenie/{settings.environment}/lambda/url-add/arn"

        sqs_documents_arn = self.ssm_value(
            "SqsDocumentsArn",
            props.sqs_documents_arn_parameter,
            "SSM parameter sqs/documents/arn, published by component sqs-documents",
        )
        self.ssm_value(
            "S3WebsiteContentArn",
            props.s3_website_content_arn_parameter,
            "SSM parameter s3/website-content/arn, published by component s3-website-content",
        )
        dynamodb_documents_table_arn = self.ssm_value(
            "DynamodbDocumentsTableArn",
            props.dynamodb_documents_table_arn_parameter,
            "SSM parameter dynamodb/documents-table/arn, published by component dynamodb-documents",
        )
        python_lambda_runtime_version = self.ssm_value(
            "PythonLambdaRuntimeVersion",
            props.python_lambda_runtime_version_parameter,
            "SSM parameter python/lambda-runtime-version, published by component env-setup",
        )
        s3_cloudformation_name = self.ssm_value(
            "S3CloudformationName",
            props.s3_cloudformation_name_parameter,
            "SSM parameter s3/cloudformation/name, published by component s3-cloudformation",
        )
        lambda_layers_lenie_all_arn = self.ssm_value(
            "LambdaLayersLenieAllArn",
            props.lambda_layers_lenie_all_arn_parameter,
            (
                "SSM parameter lambda/layers/lenie-all/arn, published by component "
                "lambda-layer-lenie-all"
            ),
        )
        sqs_documents_url = self.ssm_value(
            "SqsDocumentsUrl",
            props.sqs_documents_url_parameter,
            "SSM parameter sqs/documents/url, published by component sqs-documents",
        )
        s3_website_content_name = self.ssm_value(
            "S3WebsiteContentName",
            props.s3_website_content_name_parameter,
            "SSM parameter s3/website-content/name, published by component s3-website-content",
        )
        dynamodb_documents_table_name = self.ssm_value(
            "DynamodbDocumentsTableName",
            props.dynamodb_documents_table_name_parameter,
            (
                "SSM parameter dynamodb/documents-table/name, published by component "
                "dynamodb-documents"
            ),
        )

        # components.url-add.resources.url-add
        url_add_log_group = logs.CfnLogGroup(
            self,
            "UrlAddLogGroup",
            log_group_name=f"/aws/lambda/lenie-{settings.environment}-url-add",
            retention_in_days=7,
            tags=[
                CfnTag(key="Environment", value=settings.environment),
                CfnTag(key="Project", value="lenie"),
            ],
        )
        url_add_log_group.add_metadata(
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

        # components.url-add.resources.url-add
        url_add_role = iam.CfnRole(
            self,
            "UrlAddRole",
            role_name=f"lenie-{settings.environment}-url-add-role",
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
                                "Sid": "Documents",
                                "Effect": "Allow",
                                "Action": "sqs:SendMessage",
                                "Resource": sqs_documents_arn,
                            },
                            {
                                "Sid": "WebsiteContent",
                                "Effect": "Allow",
                                "Action": "s3:PutObject",
                                "Resource": Fn.sub("${S3WebsiteContentArn}/*"),
                            },
                            {
                                "Sid": "DocumentsTable",
                                "Effect": "Allow",
                                "Action": "dynamodb:PutItem",
                                "Resource": dynamodb_documents_table_arn,
                            },
                            {
                                "Sid": "WriteLogs",
                                "Effect": "Allow",
                                "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
                                "Resource": url_add_log_group.attr_arn,
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
                CfnTag(key="Project", value="lenie"),
            ],
        )

        # components.url-add.resources.url-add
        url_add_function = lambda_.CfnFunction(
            self,
            "UrlAddFunction",
            function_name=f"lenie-{settings.environment}-url-add",
            # defaults.function.runtime
            runtime=python_lambda_runtime_version,
            architectures=["x86_64"],
            handler="handler.lambda_handler",
            code=lambda_.CfnFunction.CodeProperty(
                s3_bucket=s3_cloudformation_name,
                s3_key="lambdas/sqs_weblink_put_into/a99f2b7657edb2c0.zip",
            ),
            layers=[lambda_layers_lenie_all_arn],
            role=url_add_role.attr_arn,
            timeout=29,
            memory_size=256,
            environment=lambda_.CfnFunction.EnvironmentProperty(
                variables={
                    "AWS_QUEUE_URL_ADD": sqs_documents_url,
                    "BUCKET_NAME": s3_website_content_name,
                    "DYNAMODB_TABLE_NAME": dynamodb_documents_table_name,
                },
            ),
            logging_config=lambda_.CfnFunction.LoggingConfigProperty(
                log_group=url_add_log_group.ref,
            ),
            tracing_config=lambda_.CfnFunction.TracingConfigProperty(mode="Active"),
            tags=[
                CfnTag(key="Environment", value=settings.environment),
                CfnTag(key="Project", value="lenie"),
            ],
        )
        url_add_function.add_metadata(
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
        Validations.of(url_add_function).acknowledge(
            Acknowledgment(
                id="CloudFormation-Validate::W3030",
                reason="The runtime is the value of an SSM parameter, not its name",
            ),
        )

        # components.url-add.resources.url-add
        ssm.CfnParameter(
            self,
            "UrlAddArnParameter",
            name=self.lambda_url_add_arn_parameter,
            type="String",
            value=url_add_function.attr_arn,
            description="arn of url-add (function)",
            tags={"Project": "lenie", "Environment": settings.environment},
        )

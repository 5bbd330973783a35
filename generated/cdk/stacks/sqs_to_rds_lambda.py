"""Component sqs-to-rds-lambda.

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
class SqsToRdsLambdaProps:
    """Names of the SSM parameters that the stack reads, and other stacks publish."""

    database_resource_id_parameter: str
    s3_website_content_arn_parameter: str
    python_lambda_runtime_version_parameter: str
    s3_cloudformation_name_parameter: str
    lambda_layers_psycopg2_arn_parameter: str
    lambda_layers_lenie_all_arn_parameter: str
    database_host_parameter: str
    database_port_parameter: str
    s3_website_content_name_parameter: str
    private_subnet_a_subnet_id_parameter: str
    private_subnet_b_subnet_id_parameter: str
    security_group_app_functions_id_parameter: str


class SqsToRdsLambdaStack(ComponentStack):
    """Component sqs-to-rds-lambda (layer compute).

    There is one for each environment.
    """

    def __init__(self, scope: Construct, settings: Settings, props: SqsToRdsLambdaProps) -> None:
        super().__init__(
            scope,
            f"lenie-{settings.environment}-sqs-to-rds-lambda",
            description=f"sqs-to-rds-lambda (compute): the stack of {settings.environment}",
            termination_protection=settings.production,
        )

        # Names of the SSM parameters that other stacks read.
        self.lambda_sqs_into_rds_arn_parameter = (
            f"/lenie/{settings.environment}/lambda/sqs-into-rds/arn"
        )
        self.lambda_sqs_into_rds_name_parameter = (
            f"/lenie/{settings.environment}/lambda/sqs-into-rds/name"
        )

        self.ssm_value(
            "DatabaseResourceId",
            props.database_resource_id_parameter,
            "SSM parameter database/resource-id, published by component rds",
        )
        self.ssm_value(
            "S3WebsiteContentArn",
            props.s3_website_content_arn_parameter,
            "SSM parameter s3/website-content/arn, published by component s3-website-content",
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
        lambda_layers_psycopg2_arn = self.ssm_value(
            "LambdaLayersPsycopg2Arn",
            props.lambda_layers_psycopg2_arn_parameter,
            (
                "SSM parameter lambda/layers/psycopg2/arn, published by component "
                "lambda-layer-psycopg2"
            ),
        )
        lambda_layers_lenie_all_arn = self.ssm_value(
            "LambdaLayersLenieAllArn",
            props.lambda_layers_lenie_all_arn_parameter,
            (
                "SSM parameter lambda/layers/lenie-all/arn, published by component "
                "lambda-layer-lenie-all"
            ),
        )
        database_host = self.ssm_value(
            "DatabaseHost",
            props.database_host_parameter,
            "SSM parameter database/host, published by component rds",
        )
        database_port = self.ssm_value(
            "DatabasePort",
            props.database_port_parameter,
            "SSM parameter database/port, published by component rds",
        )
        s3_website_content_name = self.ssm_value(
            "S3WebsiteContentName",
            props.s3_website_content_name_parameter,
            "SSM parameter s3/website-content/name, published by component s3-website-content",
        )
        private_subnet_a_subnet_id = self.ssm_value(
            "PrivateSubnetASubnetId",
            props.private_subnet_a_subnet_id_parameter,
            "SSM parameter private-subnet-a/subnet-id, published by component vpc",
        )
        private_subnet_b_subnet_id = self.ssm_value(
            "PrivateSubnetBSubnetId",
            props.private_subnet_b_subnet_id_parameter,
            "SSM parameter private-subnet-b/subnet-id, published by component vpc",
        )
        security_group_app_functions_id = self.ssm_value(
            "SecurityGroupAppFunctionsId",
            props.security_group_app_functions_id_parameter,
            "SSM parameter security-group/app-functions/id, published by component security-groups",
        )

        # components.sqs-to-rds-lambda.resources.sqs-into-rds
        sqs_into_rds_log_group = logs.CfnLogGroup(
            self,
            "SqsIntoRdsLogGroup",
            log_group_name=f"/aws/lambda/lenie-{settings.environment}-sqs-into-rds",
            # defaults.function.logs
            retention_in_days=14,
            tags=[
                CfnTag(key="Environment", value=settings.environment),
                CfnTag(key="Project", value="lenie"),
            ],
        )
        sqs_into_rds_log_group.add_metadata(
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

        # components.sqs-to-rds-lambda.resources.sqs-into-rds
        sqs_into_rds_role = iam.CfnRole(
            self,
            "SqsIntoRdsRole",
            role_name=f"lenie-{settings.environment}-sqs-into-rds-role",
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
                                "Sid": "Database",
                                "Effect": "Allow",
                                "Action": "rds-db:connect",
                                "Resource": Fn.sub(
                                    "arn:${AWS::Partition}:rds-db:${AWS::Region}:${AWS::Acco"
                                    "untId}:dbuser:${DatabaseResourceId}/lenie_app",
                                ),
                            },
                            {
                                "Sid": "WebsiteContent",
                                "Effect": "Allow",
                                "Action": "s3:GetObject",
                                "Resource": Fn.sub("${S3WebsiteContentArn}/*"),
                            },
                            {
                                "Sid": "WriteLogs",
                                "Effect": "Allow",
                                "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
                                "Resource": sqs_into_rds_log_group.attr_arn,
                            },
                            {
                                "Sid": "WriteTraces",
                                "Effect": "Allow",
                                "Action": ["xray:PutTelemetryRecords", "xray:PutTraceSegments"],
                                "Resource": "*",
                            },
                            {
                                "Sid": "UseNetwork",
                                "Effect": "Allow",
                                "Action": [
                                    "ec2:AssignPrivateIpAddresses",
                                    "ec2:CreateNetworkInterface",
                                    "ec2:DeleteNetworkInterface",
                                    "ec2:DescribeNetworkInterfaces",
                                    "ec2:DescribeSubnets",
                                    "ec2:UnassignPrivateIpAddresses",
                                ],
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
        sqs_into_rds_role.add_metadata(
            "checkov",
            {
                "skip": [
                    {
                        "id": "CKV_AWS_111",
                        "comment": (
                            "Actions on the network interfaces of a function in a VPC cannot be "
                            "narrowed"
                        ),
                    },
                ],
            },
        )

        # components.sqs-to-rds-lambda.resources.sqs-into-rds
        sqs_into_rds_function = lambda_.CfnFunction(
            self,
            "SqsIntoRdsFunction",
            function_name=f"lenie-{settings.environment}-sqs-into-rds",
            # defaults.function.runtime
            runtime=python_lambda_runtime_version,
            architectures=["x86_64"],
            handler="handler.lambda_handler",
            code=lambda_.CfnFunction.CodeProperty(
                s3_bucket=s3_cloudformation_name,
                s3_key="lambdas/sqs_into_rds/a1a522893bce00ea.zip",
            ),
            layers=[lambda_layers_psycopg2_arn, lambda_layers_lenie_all_arn],
            role=sqs_into_rds_role.attr_arn,
            timeout=60,
            memory_size=256,
            environment=lambda_.CfnFunction.EnvironmentProperty(
                variables={
                    "POSTGRESQL_HOST": database_host,
                    "POSTGRESQL_PORT": database_port,
                    "POSTGRESQL_DATABASE": "lenie",
                    "POSTGRESQL_USER": "lenie_app",
                    "BUCKET_NAME": s3_website_content_name,
                },
            ),
            vpc_config=lambda_.CfnFunction.VpcConfigProperty(
                subnet_ids=[private_subnet_a_subnet_id, private_subnet_b_subnet_id],
                security_group_ids=[security_group_app_functions_id],
            ),
            logging_config=lambda_.CfnFunction.LoggingConfigProperty(
                log_group=sqs_into_rds_log_group.ref,
            ),
            tracing_config=lambda_.CfnFunction.TracingConfigProperty(mode="Active"),
            tags=[
                CfnTag(key="Environment", value=settings.environment),
                CfnTag(key="Project", value="lenie"),
            ],
        )
        sqs_into_rds_function.add_metadata(
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
                        "id": "CKV_AWS_173",
                        "comment": (
                            "No secret is in the environment, and a customer key costs 1 USD a "
                            "month"
                        ),
                    },
                ],
            },
        )
        Validations.of(sqs_into_rds_function).acknowledge(
            Acknowledgment(
                id="CloudFormation-Validate::W3030",
                reason="The runtime is the value of an SSM parameter, not its name",
            ),
        )

        # components.sqs-to-rds-lambda.resources.sqs-into-rds
        ssm.CfnParameter(
            self,
            "SqsIntoRdsArnParameter",
            name=self.lambda_sqs_into_rds_arn_parameter,
            type="String",
            value=sqs_into_rds_function.attr_arn,
            description="arn of sqs-into-rds (function)",
            tags={"Project": "lenie", "Environment": settings.environment},
        )

        # components.sqs-to-rds-lambda.resources.sqs-into-rds
        ssm.CfnParameter(
            self,
            "SqsIntoRdsNameParameter",
            name=self.lambda_sqs_into_rds_name_parameter,
            type="String",
            value=sqs_into_rds_function.ref,
            description="name of sqs-into-rds (function)",
            tags={"Project": "lenie", "Environment": settings.environment},
        )

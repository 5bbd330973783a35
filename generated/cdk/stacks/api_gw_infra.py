"""Component api-gw-infra.

Written by lenie-compile from the spec: do not edit. Comments name the place in the spec.
"""

from __future__ import annotations

from dataclasses import dataclass

from aws_cdk import Acknowledgment, CfnTag, Fn, Validations
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from component import ComponentStack
from settings import Settings


@dataclass(frozen=True, kw_only=True)
class ApiGwInfraProps:
    """Names of the SSM parameters that the stack reads, and other stacks publish."""

    database_arn_parameter: str
    python_lambda_runtime_version_parameter: str
    s3_cloudformation_name_parameter: str
    database_id_parameter: str
    openvpn_server_ec2_name_parameter: str
    sqs_documents_arn_parameter: str
    sqs_documents_url_parameter: str


class ApiGwInfraStack(ComponentStack):
    """Component api-gw-infra (layer api).

    There is one for each environment.
    """

    def __init__(self, scope: Construct, settings: Settings, props: ApiGwInfraProps) -> None:
        super().__init__(
            scope,
            f"lenie-{settings.environment}-api-gw-infra",
            description=f"api-gw-infra (api): the stack of {settings.environment}",
            termination_protection=settings.production,
        )

        database_arn = self.ssm_value(
            "DatabaseArn",
            props.database_arn_parameter,
            "SSM parameter database/arn, published by component rds",
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
        database_id = self.ssm_value(
            "DatabaseId",
            props.database_id_parameter,
            "SSM parameter database/id, published by component rds",
        )
        openvpn_server_ec2_name = self.ssm_value(
            "OpenvpnServerEc2Name",
            props.openvpn_server_ec2_name_parameter,
            "SSM parameter openvpn-server/ec2-name, published by component openvpn",
        )
        sqs_documents_arn = self.ssm_value(
            "SqsDocumentsArn",
            props.sqs_documents_arn_parameter,
            "SSM parameter sqs/documents/arn, published by component sqs-documents",
        )
        sqs_documents_url = self.ssm_value(
            "SqsDocumentsUrl",
            props.sqs_documents_url_parameter,
            "SSM parameter sqs/documents/url, published by component sqs-documents",
        )

        # components.api-gw-infra.resources.rds-start
        rds_start_log_group = logs.CfnLogGroup(
            self,
            "RdsStartLogGroup",
            log_group_name=f"/aws/lambda/lenie-{settings.environment}-rds-start",
            # defaults.function.logs
            retention_in_days=14,
            tags=[
                CfnTag(key="Environment", value=settings.environment),
                CfnTag(key="Project", value="lenie"),
            ],
        )
        rds_start_log_group.add_metadata(
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

        # components.api-gw-infra.resources.rds-start
        rds_start_role = iam.CfnRole(
            self,
            "RdsStartRole",
            role_name=f"lenie-{settings.environment}-rds-start-role",
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
                                "Action": ["rds:DescribeDBInstances", "rds:StartDBInstance"],
                                "Resource": database_arn,
                            },
                            {
                                "Sid": "WriteLogs",
                                "Effect": "Allow",
                                "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
                                "Resource": rds_start_log_group.attr_arn,
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

        # components.api-gw-infra.resources.rds-start
        rds_start_function = lambda_.CfnFunction(
            self,
            "RdsStartFunction",
            function_name=f"lenie-{settings.environment}-rds-start",
            # defaults.function.runtime
            runtime=python_lambda_runtime_version,
            architectures=["x86_64"],
            handler="handler.lambda_handler",
            code=lambda_.CfnFunction.CodeProperty(
                s3_bucket=s3_cloudformation_name,
                s3_key="lambdas/rds_start/316bb93fb492e5d0.zip",
            ),
            role=rds_start_role.attr_arn,
            timeout=29,
            memory_size=128,
            environment=lambda_.CfnFunction.EnvironmentProperty(variables={"DB_ID": database_id}),
            logging_config=lambda_.CfnFunction.LoggingConfigProperty(
                log_group=rds_start_log_group.ref,
            ),
            tracing_config=lambda_.CfnFunction.TracingConfigProperty(mode="Active"),
            tags=[
                CfnTag(key="Environment", value=settings.environment),
                CfnTag(key="Project", value="lenie"),
            ],
        )
        rds_start_function.add_metadata(
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
        Validations.of(rds_start_function).acknowledge(
            Acknowledgment(
                id="CloudFormation-Validate::W3030",
                reason="The runtime is the value of an SSM parameter, not its name",
            ),
        )

        # components.api-gw-infra.resources.rds-stop
        rds_stop_log_group = logs.CfnLogGroup(
            self,
            "RdsStopLogGroup",
            log_group_name=f"/aws/lambda/lenie-{settings.environment}-rds-stop",
            # defaults.function.logs
            retention_in_days=14,
            tags=[
                CfnTag(key="Environment", value=settings.environment),
                CfnTag(key="Project", value="lenie"),
            ],
        )
        rds_stop_log_group.add_metadata(
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

        # components.api-gw-infra.resources.rds-stop
        rds_stop_role = iam.CfnRole(
            self,
            "RdsStopRole",
            role_name=f"lenie-{settings.environment}-rds-stop-role",
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
                                "Action": ["rds:DescribeDBInstances", "rds:StopDBInstance"],
                                "Resource": database_arn,
                            },
                            {
                                "Sid": "WriteLogs",
                                "Effect": "Allow",
                                "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
                                "Resource": rds_stop_log_group.attr_arn,
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

        # components.api-gw-infra.resources.rds-stop
        rds_stop_function = lambda_.CfnFunction(
            self,
            "RdsStopFunction",
            function_name=f"lenie-{settings.environment}-rds-stop",
            # defaults.function.runtime
            runtime=python_lambda_runtime_version,
            architectures=["x86_64"],
            handler="handler.lambda_handler",
            code=lambda_.CfnFunction.CodeProperty(
                s3_bucket=s3_cloudformation_name,
                s3_key="lambdas/rds_stop/9db3acc974863a4d.zip",
            ),
            role=rds_stop_role.attr_arn,
            timeout=29,
            memory_size=128,
            environment=lambda_.CfnFunction.EnvironmentProperty(variables={"DB_ID": database_id}),
            logging_config=lambda_.CfnFunction.LoggingConfigProperty(
                log_group=rds_stop_log_group.ref,
            ),
            tracing_config=lambda_.CfnFunction.TracingConfigProperty(mode="Active"),
            tags=[
                CfnTag(key="Environment", value=settings.environment),
                CfnTag(key="Project", value="lenie"),
            ],
        )
        rds_stop_function.add_metadata(
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
        Validations.of(rds_stop_function).acknowledge(
            Acknowledgment(
                id="CloudFormation-Validate::W3030",
                reason="The runtime is the value of an SSM parameter, not its name",
            ),
        )

        # components.api-gw-infra.resources.rds-status
        rds_status_log_group = logs.CfnLogGroup(
            self,
            "RdsStatusLogGroup",
            log_group_name=f"/aws/lambda/lenie-{settings.environment}-rds-status",
            # defaults.function.logs
            retention_in_days=14,
            tags=[
                CfnTag(key="Environment", value=settings.environment),
                CfnTag(key="Project", value="lenie"),
            ],
        )
        rds_status_log_group.add_metadata(
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

        # components.api-gw-infra.resources.rds-status
        rds_status_role = iam.CfnRole(
            self,
            "RdsStatusRole",
            role_name=f"lenie-{settings.environment}-rds-status-role",
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
                                "Action": "rds:DescribeDBInstances",
                                "Resource": database_arn,
                            },
                            {
                                "Sid": "WriteLogs",
                                "Effect": "Allow",
                                "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
                                "Resource": rds_status_log_group.attr_arn,
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

        # components.api-gw-infra.resources.rds-status
        rds_status_function = lambda_.CfnFunction(
            self,
            "RdsStatusFunction",
            function_name=f"lenie-{settings.environment}-rds-status",
            # defaults.function.runtime
            runtime=python_lambda_runtime_version,
            architectures=["x86_64"],
            handler="handler.lambda_handler",
            code=lambda_.CfnFunction.CodeProperty(
                s3_bucket=s3_cloudformation_name,
                s3_key="lambdas/rds_status/4893c8ef14071162.zip",
            ),
            role=rds_status_role.attr_arn,
            timeout=29,
            memory_size=128,
            environment=lambda_.CfnFunction.EnvironmentProperty(variables={"DB_ID": database_id}),
            logging_config=lambda_.CfnFunction.LoggingConfigProperty(
                log_group=rds_status_log_group.ref,
            ),
            tracing_config=lambda_.CfnFunction.TracingConfigProperty(mode="Active"),
            tags=[
                CfnTag(key="Environment", value=settings.environment),
                CfnTag(key="Project", value="lenie"),
            ],
        )
        rds_status_function.add_metadata(
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
        Validations.of(rds_status_function).acknowledge(
            Acknowledgment(
                id="CloudFormation-Validate::W3030",
                reason="The runtime is the value of an SSM parameter, not its name",
            ),
        )

        # components.api-gw-infra.resources.ec2-start
        ec2_start_log_group = logs.CfnLogGroup(
            self,
            "Ec2StartLogGroup",
            log_group_name=f"/aws/lambda/lenie-{settings.environment}-ec2-start",
            # defaults.function.logs
            retention_in_days=14,
            tags=[
                CfnTag(key="Environment", value=settings.environment),
                CfnTag(key="Project", value="lenie"),
            ],
        )
        ec2_start_log_group.add_metadata(
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

        # components.api-gw-infra.resources.ec2-start
        ec2_start_role = iam.CfnRole(
            self,
            "Ec2StartRole",
            role_name=f"lenie-{settings.environment}-ec2-start-role",
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
                                "Sid": "OpenvpnServer",
                                "Effect": "Allow",
                                "Action": "ec2:StartInstances",
                                "Resource": Fn.sub(
                                    "arn:${AWS::Partition}:ec2:${AWS::Region}:${AWS::Account"
                                    "Id}:instance/${OpenvpnServerEc2Name}",
                                ),
                            },
                            {
                                "Sid": "OpenvpnServer2",
                                "Effect": "Allow",
                                "Action": "ec2:DescribeInstances",
                                "Resource": "*",
                            },
                            {
                                "Sid": "WriteLogs",
                                "Effect": "Allow",
                                "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
                                "Resource": ec2_start_log_group.attr_arn,
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

        # components.api-gw-infra.resources.ec2-start
        ec2_start_function = lambda_.CfnFunction(
            self,
            "Ec2StartFunction",
            function_name=f"lenie-{settings.environment}-ec2-start",
            # defaults.function.runtime
            runtime=python_lambda_runtime_version,
            architectures=["x86_64"],
            handler="handler.lambda_handler",
            code=lambda_.CfnFunction.CodeProperty(
                s3_bucket=s3_cloudformation_name,
                s3_key="lambdas/ec2_start/fb173fb475554a17.zip",
            ),
            role=ec2_start_role.attr_arn,
            timeout=29,
            memory_size=128,
            environment=lambda_.CfnFunction.EnvironmentProperty(
                variables={"INSTANCE_ID": openvpn_server_ec2_name},
            ),
            logging_config=lambda_.CfnFunction.LoggingConfigProperty(
                log_group=ec2_start_log_group.ref,
            ),
            tracing_config=lambda_.CfnFunction.TracingConfigProperty(mode="Active"),
            tags=[
                CfnTag(key="Environment", value=settings.environment),
                CfnTag(key="Project", value="lenie"),
            ],
        )
        ec2_start_function.add_metadata(
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
        Validations.of(ec2_start_function).acknowledge(
            Acknowledgment(
                id="CloudFormation-Validate::W3030",
                reason="The runtime is the value of an SSM parameter, not its name",
            ),
        )

        # components.api-gw-infra.resources.ec2-stop
        ec2_stop_log_group = logs.CfnLogGroup(
            self,
            "Ec2StopLogGroup",
            log_group_name=f"/aws/lambda/lenie-{settings.environment}-ec2-stop",
            # defaults.function.logs
            retention_in_days=14,
            tags=[
                CfnTag(key="Environment", value=settings.environment),
                CfnTag(key="Project", value="lenie"),
            ],
        )
        ec2_stop_log_group.add_metadata(
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

        # components.api-gw-infra.resources.ec2-stop
        ec2_stop_role = iam.CfnRole(
            self,
            "Ec2StopRole",
            role_name=f"lenie-{settings.environment}-ec2-stop-role",
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
                                "Sid": "OpenvpnServer",
                                "Effect": "Allow",
                                "Action": "ec2:StopInstances",
                                "Resource": Fn.sub(
                                    "arn:${AWS::Partition}:ec2:${AWS::Region}:${AWS::Account"
                                    "Id}:instance/${OpenvpnServerEc2Name}",
                                ),
                            },
                            {
                                "Sid": "OpenvpnServer2",
                                "Effect": "Allow",
                                "Action": "ec2:DescribeInstances",
                                "Resource": "*",
                            },
                            {
                                "Sid": "WriteLogs",
                                "Effect": "Allow",
                                "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
                                "Resource": ec2_stop_log_group.attr_arn,
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

        # components.api-gw-infra.resources.ec2-stop
        ec2_stop_function = lambda_.CfnFunction(
            self,
            "Ec2StopFunction",
            function_name=f"lenie-{settings.environment}-ec2-stop",
            # defaults.function.runtime
            runtime=python_lambda_runtime_version,
            architectures=["x86_64"],
            handler="handler.lambda_handler",
            code=lambda_.CfnFunction.CodeProperty(
                s3_bucket=s3_cloudformation_name,
                s3_key="lambdas/ec2_stop/9feefdbaaad523bf.zip",
            ),
            role=ec2_stop_role.attr_arn,
            timeout=29,
            memory_size=128,
            environment=lambda_.CfnFunction.EnvironmentProperty(
                variables={"INSTANCE_ID": openvpn_server_ec2_name},
            ),
            logging_config=lambda_.CfnFunction.LoggingConfigProperty(
                log_group=ec2_stop_log_group.ref,
            ),
            tracing_config=lambda_.CfnFunction.TracingConfigProperty(mode="Active"),
            tags=[
                CfnTag(key="Environment", value=settings.environment),
                CfnTag(key="Project", value="lenie"),
            ],
        )
        ec2_stop_function.add_metadata(
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
        Validations.of(ec2_stop_function).acknowledge(
            Acknowledgment(
                id="CloudFormation-Validate::W3030",
                reason="The runtime is the value of an SSM parameter, not its name",
            ),
        )

        # components.api-gw-infra.resources.ec2-status
        ec2_status_log_group = logs.CfnLogGroup(
            self,
            "Ec2StatusLogGroup",
            log_group_name=f"/aws/lambda/lenie-{settings.environment}-ec2-status",
            # defaults.function.logs
            retention_in_days=14,
            tags=[
                CfnTag(key="Environment", value=settings.environment),
                CfnTag(key="Project", value="lenie"),
            ],
        )
        ec2_status_log_group.add_metadata(
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

        # components.api-gw-infra.resources.ec2-status
        ec2_status_role = iam.CfnRole(
            self,
            "Ec2StatusRole",
            role_name=f"lenie-{settings.environment}-ec2-status-role",
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
                                "Sid": "OpenvpnServer",
                                "Effect": "Allow",
                                "Action": "ec2:DescribeInstances",
                                "Resource": "*",
                            },
                            {
                                "Sid": "WriteLogs",
                                "Effect": "Allow",
                                "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
                                "Resource": ec2_status_log_group.attr_arn,
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

        # components.api-gw-infra.resources.ec2-status
        ec2_status_function = lambda_.CfnFunction(
            self,
            "Ec2StatusFunction",
            function_name=f"lenie-{settings.environment}-ec2-status",
            # defaults.function.runtime
            runtime=python_lambda_runtime_version,
            architectures=["x86_64"],
            handler="handler.lambda_handler",
            code=lambda_.CfnFunction.CodeProperty(
                s3_bucket=s3_cloudformation_name,
                s3_key="lambdas/ec2_status/d471ce769b6932c3.zip",
            ),
            role=ec2_status_role.attr_arn,
            timeout=29,
            memory_size=128,
            environment=lambda_.CfnFunction.EnvironmentProperty(
                variables={"INSTANCE_ID": openvpn_server_ec2_name},
            ),
            logging_config=lambda_.CfnFunction.LoggingConfigProperty(
                log_group=ec2_status_log_group.ref,
            ),
            tracing_config=lambda_.CfnFunction.TracingConfigProperty(mode="Active"),
            tags=[
                CfnTag(key="Environment", value=settings.environment),
                CfnTag(key="Project", value="lenie"),
            ],
        )
        ec2_status_function.add_metadata(
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
        Validations.of(ec2_status_function).acknowledge(
            Acknowledgment(
                id="CloudFormation-Validate::W3030",
                reason="The runtime is the value of an SSM parameter, not its name",
            ),
        )

        # components.api-gw-infra.resources.sqs-size
        sqs_size_log_group = logs.CfnLogGroup(
            self,
            "SqsSizeLogGroup",
            log_group_name=f"/aws/lambda/lenie-{settings.environment}-sqs-size",
            # defaults.function.logs
            retention_in_days=14,
            tags=[
                CfnTag(key="Environment", value=settings.environment),
                CfnTag(key="Project", value="lenie"),
            ],
        )
        sqs_size_log_group.add_metadata(
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

        # components.api-gw-infra.resources.sqs-size
        sqs_size_role = iam.CfnRole(
            self,
            "SqsSizeRole",
            role_name=f"lenie-{settings.environment}-sqs-size-role",
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
                                "Action": "sqs:GetQueueAttributes",
                                "Resource": sqs_documents_arn,
                            },
                            {
                                "Sid": "WriteLogs",
                                "Effect": "Allow",
                                "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
                                "Resource": sqs_size_log_group.attr_arn,
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

        # components.api-gw-infra.resources.sqs-size
        sqs_size_function = lambda_.CfnFunction(
            self,
            "SqsSizeFunction",
            function_name=f"lenie-{settings.environment}-sqs-size",
            # defaults.function.runtime
            runtime=python_lambda_runtime_version,
            architectures=["x86_64"],
            handler="handler.lambda_handler",
            code=lambda_.CfnFunction.CodeProperty(
                s3_bucket=s3_cloudformation_name,
                s3_key="lambdas/sqs_size/0c8467c0fa10e75a.zip",
            ),
            role=sqs_size_role.attr_arn,
            timeout=29,
            memory_size=128,
            environment=lambda_.CfnFunction.EnvironmentProperty(
                variables={"AWS_QUEUE_URL_ADD": sqs_documents_url},
            ),
            logging_config=lambda_.CfnFunction.LoggingConfigProperty(
                log_group=sqs_size_log_group.ref,
            ),
            tracing_config=lambda_.CfnFunction.TracingConfigProperty(mode="Active"),
            tags=[
                CfnTag(key="Environment", value=settings.environment),
                CfnTag(key="Project", value="lenie"),
            ],
        )
        sqs_size_function.add_metadata(
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
        Validations.of(sqs_size_function).acknowledge(
            Acknowledgment(
                id="CloudFormation-Validate::W3030",
                reason="The runtime is the value of an SSM parameter, not its name",
            ),
        )

        # components.api-gw-infra.resources.infra
        infra_api = apigateway.CfnRestApi(
            self,
            "InfraApi",
            name=f"lenie_{settings.environment}_infra",
            description="Starts and stops database and VPN server",
            endpoint_configuration=apigateway.CfnRestApi.EndpointConfigurationProperty(
                types=["REGIONAL"],
            ),
            fail_on_warnings=True,
            body={
                "openapi": "3.0.1",
                "info": {"title": "infra", "version": "1"},
                "paths": {
                    "/sqs/size": {
                        "post": {
                            "responses": {"200": {"description": "The function's answer"}},
                            "security": [{"api-key": []}],
                            "x-amazon-apigateway-integration": {
                                "type": "aws_proxy",
                                "httpMethod": "POST",
                                "uri": Fn.sub(
                                    "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:p"
                                    "ath/2015-03-31/functions/${SqsSizeFunction.Arn}/invocation"
                                    "s",
                                ),
                                "timeoutInMillis": 29000,
                            },
                        },
                        "options": {
                            "responses": {
                                "204": {
                                    "description": "What browsers may send",
                                    "headers": {
                                        "Access-Control-Allow-Headers": {
                                            "schema": {"type": "string"},
                                        },
                                        "Access-Control-Allow-Methods": {
                                            "schema": {"type": "string"},
                                        },
                                        "Access-Control-Allow-Origin": {
                                            "schema": {"type": "string"},
                                        },
                                    },
                                },
                            },
                            "x-amazon-apigateway-integration": {
                                "type": "mock",
                                "requestTemplates": {"application/json": '{"statusCode": 204}'},
                                "responses": {
                                    "default": {
                                        "statusCode": "204",
                                        "responseParameters": {
                                            "method.response.header.Access-Control-Allow-Headers": (
                                                "'Content-Type,X-Api-Key'"
                                            ),
                                            "method.response.header.Access-Control-Allow-Methods": (
                                                "'OPTIONS,POST'"
                                            ),
                                            "method.response.header.Access-Control-Allow-Origin": (
                                                "'*'"
                                            ),
                                        },
                                    },
                                },
                            },
                        },
                    },
                    "/database/start": {
                        "post": {
                            "responses": {"200": {"description": "The function's answer"}},
                            "security": [{"api-key": []}],
                            "x-amazon-apigateway-integration": {
                                "type": "aws_proxy",
                                "httpMethod": "POST",
                                "uri": Fn.sub(
                                    "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:p"
                                    "ath/2015-03-31/functions/${RdsStartFunction.Arn}/invocatio"
                                    "ns",
                                ),
                                "timeoutInMillis": 29000,
                            },
                        },
                        "options": {
                            "responses": {
                                "204": {
                                    "description": "What browsers may send",
                                    "headers": {
                                        "Access-Control-Allow-Headers": {
                                            "schema": {"type": "string"},
                                        },
                                        "Access-Control-Allow-Methods": {
                                            "schema": {"type": "string"},
                                        },
                                        "Access-Control-Allow-Origin": {
                                            "schema": {"type": "string"},
                                        },
                                    },
                                },
                            },
                            "x-amazon-apigateway-integration": {
                                "type": "mock",
                                "requestTemplates": {"application/json": '{"statusCode": 204}'},
                                "responses": {
                                    "default": {
                                        "statusCode": "204",
                                        "responseParameters": {
                                            "method.response.header.Access-Control-Allow-Headers": (
                                                "'Content-Type,X-Api-Key'"
                                            ),
                                            "method.response.header.Access-Control-Allow-Methods": (
                                                "'OPTIONS,POST'"
                                            ),
                                            "method.response.header.Access-Control-Allow-Origin": (
                                                "'*'"
                                            ),
                                        },
                                    },
                                },
                            },
                        },
                    },
                    "/database/stop": {
                        "post": {
                            "responses": {"200": {"description": "The function's answer"}},
                            "security": [{"api-key": []}],
                            "x-amazon-apigateway-integration": {
                                "type": "aws_proxy",
                                "httpMethod": "POST",
                                "uri": Fn.sub(
                                    "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:p"
                                    "ath/2015-03-31/functions/${RdsStopFunction.Arn}/invocation"
                                    "s",
                                ),
                                "timeoutInMillis": 29000,
                            },
                        },
                        "options": {
                            "responses": {
                                "204": {
                                    "description": "What browsers may send",
                                    "headers": {
                                        "Access-Control-Allow-Headers": {
                                            "schema": {"type": "string"},
                                        },
                                        "Access-Control-Allow-Methods": {
                                            "schema": {"type": "string"},
                                        },
                                        "Access-Control-Allow-Origin": {
                                            "schema": {"type": "string"},
                                        },
                                    },
                                },
                            },
                            "x-amazon-apigateway-integration": {
                                "type": "mock",
                                "requestTemplates": {"application/json": '{"statusCode": 204}'},
                                "responses": {
                                    "default": {
                                        "statusCode": "204",
                                        "responseParameters": {
                                            "method.response.header.Access-Control-Allow-Headers": (
                                                "'Content-Type,X-Api-Key'"
                                            ),
                                            "method.response.header.Access-Control-Allow-Methods": (
                                                "'OPTIONS,POST'"
                                            ),
                                            "method.response.header.Access-Control-Allow-Origin": (
                                                "'*'"
                                            ),
                                        },
                                    },
                                },
                            },
                        },
                    },
                    "/database/status": {
                        "post": {
                            "responses": {"200": {"description": "The function's answer"}},
                            "security": [{"api-key": []}],
                            "x-amazon-apigateway-integration": {
                                "type": "aws_proxy",
                                "httpMethod": "POST",
                                "uri": Fn.sub(
                                    "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:p"
                                    "ath/2015-03-31/functions/${RdsStatusFunction.Arn}/invocati"
                                    "ons",
                                ),
                                "timeoutInMillis": 29000,
                            },
                        },
                        "options": {
                            "responses": {
                                "204": {
                                    "description": "What browsers may send",
                                    "headers": {
                                        "Access-Control-Allow-Headers": {
                                            "schema": {"type": "string"},
                                        },
                                        "Access-Control-Allow-Methods": {
                                            "schema": {"type": "string"},
                                        },
                                        "Access-Control-Allow-Origin": {
                                            "schema": {"type": "string"},
                                        },
                                    },
                                },
                            },
                            "x-amazon-apigateway-integration": {
                                "type": "mock",
                                "requestTemplates": {"application/json": '{"statusCode": 204}'},
                                "responses": {
                                    "default": {
                                        "statusCode": "204",
                                        "responseParameters": {
                                            "method.response.header.Access-Control-Allow-Headers": (
                                                "'Content-Type,X-Api-Key'"
                                            ),
                                            "method.response.header.Access-Control-Allow-Methods": (
                                                "'OPTIONS,POST'"
                                            ),
                                            "method.response.header.Access-Control-Allow-Origin": (
                                                "'*'"
                                            ),
                                        },
                                    },
                                },
                            },
                        },
                    },
                    "/vpn-server/start": {
                        "post": {
                            "responses": {"200": {"description": "The function's answer"}},
                            "security": [{"api-key": []}],
                            "x-amazon-apigateway-integration": {
                                "type": "aws_proxy",
                                "httpMethod": "POST",
                                "uri": Fn.sub(
                                    "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:p"
                                    "ath/2015-03-31/functions/${Ec2StartFunction.Arn}/invocatio"
                                    "ns",
                                ),
                                "timeoutInMillis": 29000,
                            },
                        },
                        "options": {
                            "responses": {
                                "204": {
                                    "description": "What browsers may send",
                                    "headers": {
                                        "Access-Control-Allow-Headers": {
                                            "schema": {"type": "string"},
                                        },
                                        "Access-Control-Allow-Methods": {
                                            "schema": {"type": "string"},
                                        },
                                        "Access-Control-Allow-Origin": {
                                            "schema": {"type": "string"},
                                        },
                                    },
                                },
                            },
                            "x-amazon-apigateway-integration": {
                                "type": "mock",
                                "requestTemplates": {"application/json": '{"statusCode": 204}'},
                                "responses": {
                                    "default": {
                                        "statusCode": "204",
                                        "responseParameters": {
                                            "method.response.header.Access-Control-Allow-Headers": (
                                                "'Content-Type,X-Api-Key'"
                                            ),
                                            "method.response.header.Access-Control-Allow-Methods": (
                                                "'OPTIONS,POST'"
                                            ),
                                            "method.response.header.Access-Control-Allow-Origin": (
                                                "'*'"
                                            ),
                                        },
                                    },
                                },
                            },
                        },
                    },
                    "/vpn-server/stop": {
                        "post": {
                            "responses": {"200": {"description": "The function's answer"}},
                            "security": [{"api-key": []}],
                            "x-amazon-apigateway-integration": {
                                "type": "aws_proxy",
                                "httpMethod": "POST",
                                "uri": Fn.sub(
                                    "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:p"
                                    "ath/2015-03-31/functions/${Ec2StopFunction.Arn}/invocation"
                                    "s",
                                ),
                                "timeoutInMillis": 29000,
                            },
                        },
                        "options": {
                            "responses": {
                                "204": {
                                    "description": "What browsers may send",
                                    "headers": {
                                        "Access-Control-Allow-Headers": {
                                            "schema": {"type": "string"},
                                        },
                                        "Access-Control-Allow-Methods": {
                                            "schema": {"type": "string"},
                                        },
                                        "Access-Control-Allow-Origin": {
                                            "schema": {"type": "string"},
                                        },
                                    },
                                },
                            },
                            "x-amazon-apigateway-integration": {
                                "type": "mock",
                                "requestTemplates": {"application/json": '{"statusCode": 204}'},
                                "responses": {
                                    "default": {
                                        "statusCode": "204",
                                        "responseParameters": {
                                            "method.response.header.Access-Control-Allow-Headers": (
                                                "'Content-Type,X-Api-Key'"
                                            ),
                                            "method.response.header.Access-Control-Allow-Methods": (
                                                "'OPTIONS,POST'"
                                            ),
                                            "method.response.header.Access-Control-Allow-Origin": (
                                                "'*'"
                                            ),
                                        },
                                    },
                                },
                            },
                        },
                    },
                    "/vpn-server/status": {
                        "post": {
                            "responses": {"200": {"description": "The function's answer"}},
                            "security": [{"api-key": []}],
                            "x-amazon-apigateway-integration": {
                                "type": "aws_proxy",
                                "httpMethod": "POST",
                                "uri": Fn.sub(
                                    "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:p"
                                    "ath/2015-03-31/functions/${Ec2StatusFunction.Arn}/invocati"
                                    "ons",
                                ),
                                "timeoutInMillis": 29000,
                            },
                        },
                        "options": {
                            "responses": {
                                "204": {
                                    "description": "What browsers may send",
                                    "headers": {
                                        "Access-Control-Allow-Headers": {
                                            "schema": {"type": "string"},
                                        },
                                        "Access-Control-Allow-Methods": {
                                            "schema": {"type": "string"},
                                        },
                                        "Access-Control-Allow-Origin": {
                                            "schema": {"type": "string"},
                                        },
                                    },
                                },
                            },
                            "x-amazon-apigateway-integration": {
                                "type": "mock",
                                "requestTemplates": {"application/json": '{"statusCode": 204}'},
                                "responses": {
                                    "default": {
                                        "statusCode": "204",
                                        "responseParameters": {
                                            "method.response.header.Access-Control-Allow-Headers": (
                                                "'Content-Type,X-Api-Key'"
                                            ),
                                            "method.response.header.Access-Control-Allow-Methods": (
                                                "'OPTIONS,POST'"
                                            ),
                                            "method.response.header.Access-Control-Allow-Origin": (
                                                "'*'"
                                            ),
                                        },
                                    },
                                },
                            },
                        },
                    },
                },
                "components": {
                    "securitySchemes": {
                        "api-key": {"type": "apiKey", "name": "x-api-key", "in": "header"},
                    },
                },
                "x-amazon-apigateway-gateway-responses": {
                    "DEFAULT_4XX": {
                        "responseParameters": {
                            "gatewayresponse.header.Access-Control-Allow-Origin": "'*'",
                        },
                    },
                    "DEFAULT_5XX": {
                        "responseParameters": {
                            "gatewayresponse.header.Access-Control-Allow-Origin": "'*'",
                        },
                    },
                },
            },
            tags=[
                CfnTag(key="Environment", value=settings.environment),
                CfnTag(key="Project", value="lenie"),
            ],
        )

        # components.api-gw-infra.resources.infra
        infra_log_group = logs.CfnLogGroup(
            self,
            "InfraLogGroup",
            log_group_name=f"/aws/apigateway/lenie_{settings.environment}_infra",
            retention_in_days=14,
            tags=[
                CfnTag(key="Environment", value=settings.environment),
                CfnTag(key="Project", value="lenie"),
            ],
        )
        infra_log_group.add_metadata(
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

        # components.api-gw-infra.resources.infra
        infra_error_log_group = logs.CfnLogGroup(
            self,
            "InfraErrorLogGroup",
            log_group_name=Fn.sub("API-Gateway-Execution-Logs_${InfraApi}/v1"),
            retention_in_days=14,
            tags=[
                CfnTag(key="Environment", value=settings.environment),
                CfnTag(key="Project", value="lenie"),
            ],
        )
        infra_error_log_group.add_metadata(
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

        # components.api-gw-infra.resources.infra
        infra_deploymentb13ad7ab4d = apigateway.CfnDeployment(
            self,
            "InfraDeploymentb13ad7ab4d",
            rest_api_id=infra_api.ref,
        )

        # components.api-gw-infra.resources.infra
        infra_stage = apigateway.CfnStage(
            self,
            "InfraStage",
            rest_api_id=infra_api.ref,
            deployment_id=infra_deploymentb13ad7ab4d.ref,
            stage_name="v1",
            tracing_enabled=True,
            access_log_setting=apigateway.CfnStage.AccessLogSettingProperty(
                destination_arn=infra_log_group.attr_arn,
                format=(
                    '{"requestId":"$context.requestId","requestTime":"$context.requestTim'
                    'e","ip":"$context.identity.sourceIp","apiKeyId":"$context.identity.a'
                    'piKeyId","httpMethod":"$context.httpMethod","resourcePath":"$context'
                    '.resourcePath","status":"$context.status","protocol":"$context.proto'
                    'col","responseLength":"$context.responseLength","responseLatency":"$'
                    'context.responseLatency","integrationStatus":"$context.integration.statu'
                    's","error":"$context.error.message"}'
                ),
            ),
            method_settings=[
                apigateway.CfnStage.MethodSettingProperty(
                    http_method="*",
                    resource_path="/*",
                    metrics_enabled=False,
                    logging_level="ERROR",
                    data_trace_enabled=False,
                    throttling_rate_limit=10,
                    throttling_burst_limit=20,
                ),
            ],
            tags=[
                CfnTag(key="Environment", value=settings.environment),
                CfnTag(key="Project", value="lenie"),
            ],
        )
        infra_stage.add_resource_dependency(infra_error_log_group)
        infra_stage.add_metadata(
            "checkov",
            {
                "skip": [
                    {
                        "id": "CKV_AWS_120",
                        "comment": (
                            "A cache costs 14 USD a month or more, and the answers change with "
                            "every request"
                        ),
                    },
                ],
            },
        )

        # components.api-gw-infra.resources.infra
        infra_api_key = apigateway.CfnApiKey(
            self,
            "InfraApiKey",
            name=f"lenie_{settings.environment}_infra",
            enabled=True,
            tags=[
                CfnTag(key="Environment", value=settings.environment),
                CfnTag(key="Project", value="lenie"),
            ],
        )

        # components.api-gw-infra.resources.infra
        infra_usage_plan = apigateway.CfnUsagePlan(
            self,
            "InfraUsagePlan",
            usage_plan_name=f"lenie_{settings.environment}_infra",
            api_stages=[
                apigateway.CfnUsagePlan.ApiStageProperty(
                    api_id=infra_api.ref,
                    stage=infra_stage.ref,
                ),
            ],
            throttle=apigateway.CfnUsagePlan.ThrottleSettingsProperty(
                rate_limit=10,
                burst_limit=20,
            ),
            tags=[
                CfnTag(key="Environment", value=settings.environment),
                CfnTag(key="Project", value="lenie"),
            ],
        )

        # components.api-gw-infra.resources.infra
        apigateway.CfnUsagePlanKey(
            self,
            "InfraUsagePlanKey",
            key_id=infra_api_key.ref,
            key_type="API_KEY",
            usage_plan_id=infra_usage_plan.ref,
        )

        # components.api-gw-infra.resources.infra.routes.POST /sqs/size
        lambda_.CfnPermission(
            self,
            "InfraSqsSizePermission",
            function_name=sqs_size_function.attr_arn,
            action="lambda:InvokeFunction",
            principal="apigateway.amazonaws.com",
            source_arn=Fn.sub(
                "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Infr"
                "aApi}/v1/POST/sqs/size",
            ),
        )

        # components.api-gw-infra.resources.infra.routes.POST /database/start
        lambda_.CfnPermission(
            self,
            "InfraRdsStartPermission",
            function_name=rds_start_function.attr_arn,
            action="lambda:InvokeFunction",
            principal="apigateway.amazonaws.com",
            source_arn=Fn.sub(
                "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Infr"
                "aApi}/v1/POST/database/start",
            ),
        )

        # components.api-gw-infra.resources.infra.routes.POST /database/stop
        lambda_.CfnPermission(
            self,
            "InfraRdsStopPermission",
            function_name=rds_stop_function.attr_arn,
            action="lambda:InvokeFunction",
            principal="apigateway.amazonaws.com",
            source_arn=Fn.sub(
                "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Infr"
                "aApi}/v1/POST/database/stop",
            ),
        )

        # components.api-gw-infra.resources.infra.routes.POST /database/status
        lambda_.CfnPermission(
            self,
            "InfraRdsStatusPermission",
            function_name=rds_status_function.attr_arn,
            action="lambda:InvokeFunction",
            principal="apigateway.amazonaws.com",
            source_arn=Fn.sub(
                "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Infr"
                "aApi}/v1/POST/database/status",
            ),
        )

        # components.api-gw-infra.resources.infra.routes.POST /vpn-server/start
        lambda_.CfnPermission(
            self,
            "InfraEc2StartPermission",
            function_name=ec2_start_function.attr_arn,
            action="lambda:InvokeFunction",
            principal="apigateway.amazonaws.com",
            source_arn=Fn.sub(
                "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Infr"
                "aApi}/v1/POST/vpn-server/start",
            ),
        )

        # components.api-gw-infra.resources.infra.routes.POST /vpn-server/stop
        lambda_.CfnPermission(
            self,
            "InfraEc2StopPermission",
            function_name=ec2_stop_function.attr_arn,
            action="lambda:InvokeFunction",
            principal="apigateway.amazonaws.com",
            source_arn=Fn.sub(
                "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Infr"
                "aApi}/v1/POST/vpn-server/stop",
            ),
        )

        # components.api-gw-infra.resources.infra.routes.POST /vpn-server/status
        lambda_.CfnPermission(
            self,
            "InfraEc2StatusPermission",
            function_name=ec2_status_function.attr_arn,
            action="lambda:InvokeFunction",
            principal="apigateway.amazonaws.com",
            source_arn=Fn.sub(
                "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Infr"
                "aApi}/v1/POST/vpn-server/status",
            ),
        )

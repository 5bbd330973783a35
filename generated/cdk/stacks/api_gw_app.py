"""Component api-gw-app.

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
class ApiGwAppProps:
    """Names of the SSM parameters that the stack reads, and other stacks publish."""

    database_resource_id_parameter: str
    python_lambda_runtime_version_parameter: str
    s3_cloudformation_name_parameter: str
    lambda_layers_psycopg2_arn_parameter: str
    lambda_layers_lenie_all_arn_parameter: str
    database_host_parameter: str
    database_port_parameter: str
    private_subnet_a_subnet_id_parameter: str
    private_subnet_b_subnet_id_parameter: str
    security_group_app_functions_id_parameter: str
    secret_app_credentials_arn_parameter: str
    lambda_layers_openai_arn_parameter: str
    lambda_url_add_arn_parameter: str


class ApiGwAppStack(ComponentStack):
    """Component api-gw-app (layer api).

    There is one for each environment.
    """

    def __init__(self, scope: Construct, settings: Settings, props: ApiGwAppProps) -> None:
        super().__init__(
            scope,
            f"lenie-{settings.environment}-api-gw-app",
            description=f"api-gw-app (api): the stack of {settings.environment}",
            termination_protection=settings.production,
        )

        self.ssm_value(
            "DatabaseResourceId",
            props.database_resource_id_parameter,
            "SSM parameter database/resource-id, published by component rds",
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
        secret_app_credentials_arn = self.ssm_value(
            "SecretAppCredentialsArn",
            props.secret_app_credentials_arn_parameter,
            "SSM parameter secret/app-credentials/arn, published by component secrets",
        )
        lambda_layers_openai_arn = self.ssm_value(
            "LambdaLayersOpenaiArn",
            props.lambda_layers_openai_arn_parameter,
            "SSM parameter lambda/layers/openai/arn, published by component lambda-layer-openai",
        )
        lambda_url_add_arn = self.ssm_value(
            "LambdaUrlAddArn",
            props.lambda_url_add_arn_parameter,
            "SSM parameter lambda/url-add/arn, published by component url-add",
        )

        # components.api-gw-app.resources.app-server-db
        app_server_db_log_group = logs.CfnLogGroup(
            self,
            "AppServerDbLogGroup",
            log_group_name=f"/aws/lambda/lenie-{settings.environment}-app-server-db",
            # defaults.function.logs
            retention_in_days=14,
            tags=[
                CfnTag(key="Environment", value=settings.environment),
                CfnTag(key="Project", value="lenie"),
            ],
        )
        app_server_db_log_group.add_metadata(
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

        # components.api-gw-app.resources.app-server-db
        app_server_db_role = iam.CfnRole(
            self,
            "AppServerDbRole",
            role_name=f"lenie-{settings.environment}-app-server-db-role",
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
                                "Sid": "WriteLogs",
                                "Effect": "Allow",
                                "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
                                "Resource": app_server_db_log_group.attr_arn,
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
        app_server_db_role.add_metadata(
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

        # components.api-gw-app.resources.app-server-db
        app_server_db_function = lambda_.CfnFunction(
            self,
            "AppServerDbFunction",
            function_name=f"lenie-{settings.environment}-app-server-db",
            # defaults.function.runtime
            runtime=python_lambda_runtime_version,
            architectures=["x86_64"],
            handler="handler.lambda_handler",
            code=lambda_.CfnFunction.CodeProperty(
                s3_bucket=s3_cloudformation_name,
                s3_key="lambdas/app_server_db/ab25a76f4bd7ea6c.zip",
            ),
            layers=[lambda_layers_psycopg2_arn, lambda_layers_lenie_all_arn],
            role=app_server_db_role.attr_arn,
            timeout=29,
            memory_size=256,
            environment=lambda_.CfnFunction.EnvironmentProperty(
                variables={
                    "POSTGRESQL_HOST": database_host,
                    "POSTGRESQL_PORT": database_port,
                    "POSTGRESQL_DATABASE": "lenie",
                    "POSTGRESQL_USER": "lenie_app",
                    "EMBEDDING_MODEL": "text-embedding-ada-002",
                },
            ),
            vpc_config=lambda_.CfnFunction.VpcConfigProperty(
                subnet_ids=[private_subnet_a_subnet_id, private_subnet_b_subnet_id],
                security_group_ids=[security_group_app_functions_id],
            ),
            logging_config=lambda_.CfnFunction.LoggingConfigProperty(
                log_group=app_server_db_log_group.ref,
            ),
            tracing_config=lambda_.CfnFunction.TracingConfigProperty(mode="Active"),
            tags=[
                CfnTag(key="Environment", value=settings.environment),
                CfnTag(key="Project", value="lenie"),
            ],
        )
        app_server_db_function.add_metadata(
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
        Validations.of(app_server_db_function).acknowledge(
            Acknowledgment(
                id="CloudFormation-Validate::W3030",
                reason="The runtime is the value of an SSM parameter, not its name",
            ),
        )

        # components.api-gw-app.resources.app-server-internet
        app_server_internet_log_group = logs.CfnLogGroup(
            self,
            "AppServerInternetLogGroup",
            log_group_name=f"/aws/lambda/lenie-{settings.environment}-app-server-internet",
            # defaults.function.logs
            retention_in_days=14,
            tags=[
                CfnTag(key="Environment", value=settings.environment),
                CfnTag(key="Project", value="lenie"),
            ],
        )
        app_server_internet_log_group.add_metadata(
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

        # components.api-gw-app.resources.app-server-internet
        app_server_internet_role = iam.CfnRole(
            self,
            "AppServerInternetRole",
            role_name=f"lenie-{settings.environment}-app-server-internet-role",
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
                                "Sid": "AppCredentials",
                                "Effect": "Allow",
                                "Action": "secretsmanager:GetSecretValue",
                                "Resource": secret_app_credentials_arn,
                            },
                            {
                                "Sid": "AwsServices",
                                "Effect": "Allow",
                                "Action": "translate:TranslateText",
                                "Resource": "*",
                            },
                            {
                                "Sid": "WriteLogs",
                                "Effect": "Allow",
                                "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
                                "Resource": app_server_internet_log_group.attr_arn,
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

        # components.api-gw-app.resources.app-server-internet
        app_server_internet_function = lambda_.CfnFunction(
            self,
            "AppServerInternetFunction",
            function_name=f"lenie-{settings.environment}-app-server-internet",
            # defaults.function.runtime
            runtime=python_lambda_runtime_version,
            architectures=["x86_64"],
            handler="handler.lambda_handler",
            code=lambda_.CfnFunction.CodeProperty(
                s3_bucket=s3_cloudformation_name,
                s3_key="lambdas/app_server_internet/2c2a13d839122ef2.zip",
            ),
            layers=[lambda_layers_openai_arn, lambda_layers_lenie_all_arn],
            role=app_server_internet_role.attr_arn,
            timeout=29,
            memory_size=1024,
            environment=lambda_.CfnFunction.EnvironmentProperty(
                variables={
                    "APP_CREDENTIALS_SECRET": f"/lenie/{settings.environment}/app/credentials",
                    "AI_MODEL_SUMMARY": "gpt-4o-mini",
                    "EMBEDDING_MODEL": "text-embedding-ada-002",
                },
            ),
            logging_config=lambda_.CfnFunction.LoggingConfigProperty(
                log_group=app_server_internet_log_group.ref,
            ),
            tracing_config=lambda_.CfnFunction.TracingConfigProperty(mode="Active"),
            tags=[
                CfnTag(key="Environment", value=settings.environment),
                CfnTag(key="Project", value="lenie"),
            ],
        )
        app_server_internet_function.add_metadata(
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
        Validations.of(app_server_internet_function).acknowledge(
            Acknowledgment(
                id="CloudFormation-Validate::W3030",
                reason="The runtime is the value of an SSM parameter, not its name",
            ),
        )

        # components.api-gw-app.resources.app
        app_api = apigateway.CfnRestApi(
            self,
            "AppApi",
            name=f"lenie_{settings.environment}_app",
            description="What the front end calls",
            endpoint_configuration=apigateway.CfnRestApi.EndpointConfigurationProperty(
                types=["REGIONAL"],
            ),
            fail_on_warnings=True,
            body={
                "openapi": "3.0.1",
                "info": {"title": "app", "version": "1"},
                "paths": {
                    "/website_list": {
                        "get": {
                            "responses": {"200": {"description": "The function's answer"}},
                            "security": [{"api-key": []}],
                            "x-amazon-apigateway-integration": {
                                "type": "aws_proxy",
                                "httpMethod": "POST",
                                "uri": Fn.sub(
                                    "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:p"
                                    "ath/2015-03-31/functions/${AppServerDbFunction.Arn}/invoca"
                                    "tions",
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
                                                "'GET,OPTIONS'"
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
                    "/website_get": {
                        "get": {
                            "responses": {"200": {"description": "The function's answer"}},
                            "security": [{"api-key": []}],
                            "x-amazon-apigateway-integration": {
                                "type": "aws_proxy",
                                "httpMethod": "POST",
                                "uri": Fn.sub(
                                    "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:p"
                                    "ath/2015-03-31/functions/${AppServerDbFunction.Arn}/invoca"
                                    "tions",
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
                                                "'GET,OPTIONS'"
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
                    "/website_save": {
                        "post": {
                            "responses": {"200": {"description": "The function's answer"}},
                            "security": [{"api-key": []}],
                            "x-amazon-apigateway-integration": {
                                "type": "aws_proxy",
                                "httpMethod": "POST",
                                "uri": Fn.sub(
                                    "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:p"
                                    "ath/2015-03-31/functions/${AppServerDbFunction.Arn}/invoca"
                                    "tions",
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
                    "/website_delete": {
                        "get": {
                            "responses": {"200": {"description": "The function's answer"}},
                            "security": [{"api-key": []}],
                            "x-amazon-apigateway-integration": {
                                "type": "aws_proxy",
                                "httpMethod": "POST",
                                "uri": Fn.sub(
                                    "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:p"
                                    "ath/2015-03-31/functions/${AppServerDbFunction.Arn}/invoca"
                                    "tions",
                                ),
                                "timeoutInMillis": 29000,
                            },
                        },
                        "post": {
                            "responses": {"200": {"description": "The function's answer"}},
                            "security": [{"api-key": []}],
                            "x-amazon-apigateway-integration": {
                                "type": "aws_proxy",
                                "httpMethod": "POST",
                                "uri": Fn.sub(
                                    "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:p"
                                    "ath/2015-03-31/functions/${AppServerDbFunction.Arn}/invoca"
                                    "tions",
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
                                                "'GET,OPTIONS,POST'"
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
                    "/website_is_paid": {
                        "post": {
                            "responses": {"200": {"description": "The function's answer"}},
                            "security": [{"api-key": []}],
                            "x-amazon-apigateway-integration": {
                                "type": "aws_proxy",
                                "httpMethod": "POST",
                                "uri": Fn.sub(
                                    "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:p"
                                    "ath/2015-03-31/functions/${AppServerDbFunction.Arn}/invoca"
                                    "tions",
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
                    "/website_get_next_to_correct": {
                        "get": {
                            "responses": {"200": {"description": "The function's answer"}},
                            "security": [{"api-key": []}],
                            "x-amazon-apigateway-integration": {
                                "type": "aws_proxy",
                                "httpMethod": "POST",
                                "uri": Fn.sub(
                                    "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:p"
                                    "ath/2015-03-31/functions/${AppServerDbFunction.Arn}/invoca"
                                    "tions",
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
                                                "'GET,OPTIONS'"
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
                    "/website_similar": {
                        "post": {
                            "responses": {"200": {"description": "The function's answer"}},
                            "security": [{"api-key": []}],
                            "x-amazon-apigateway-integration": {
                                "type": "aws_proxy",
                                "httpMethod": "POST",
                                "uri": Fn.sub(
                                    "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:p"
                                    "ath/2015-03-31/functions/${AppServerDbFunction.Arn}/invoca"
                                    "tions",
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
                    "/website_split_for_embedding": {
                        "post": {
                            "responses": {"200": {"description": "The function's answer"}},
                            "security": [{"api-key": []}],
                            "x-amazon-apigateway-integration": {
                                "type": "aws_proxy",
                                "httpMethod": "POST",
                                "uri": Fn.sub(
                                    "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:p"
                                    "ath/2015-03-31/functions/${AppServerDbFunction.Arn}/invoca"
                                    "tions",
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
                    "/website_download_text_content": {
                        "post": {
                            "responses": {"200": {"description": "The function's answer"}},
                            "security": [{"api-key": []}],
                            "x-amazon-apigateway-integration": {
                                "type": "aws_proxy",
                                "httpMethod": "POST",
                                "uri": Fn.sub(
                                    "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:p"
                                    "ath/2015-03-31/functions/${AppServerInternetFunction.Arn}/"
                                    "invocations",
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
                    "/ai_embedding_get": {
                        "post": {
                            "responses": {"200": {"description": "The function's answer"}},
                            "security": [{"api-key": []}],
                            "x-amazon-apigateway-integration": {
                                "type": "aws_proxy",
                                "httpMethod": "POST",
                                "uri": Fn.sub(
                                    "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:p"
                                    "ath/2015-03-31/functions/${AppServerInternetFunction.Arn}/"
                                    "invocations",
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
                    "/ai_ask": {
                        "post": {
                            "responses": {"200": {"description": "The function's answer"}},
                            "security": [{"api-key": []}],
                            "x-amazon-apigateway-integration": {
                                "type": "aws_proxy",
                                "httpMethod": "POST",
                                "uri": Fn.sub(
                                    "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:p"
                                    "ath/2015-03-31/functions/${AppServerInternetFunction.Arn}/"
                                    "invocations",
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
                    "/translate": {
                        "post": {
                            "responses": {"200": {"description": "The function's answer"}},
                            "security": [{"api-key": []}],
                            "x-amazon-apigateway-integration": {
                                "type": "aws_proxy",
                                "httpMethod": "POST",
                                "uri": Fn.sub(
                                    "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:p"
                                    "ath/2015-03-31/functions/${AppServerInternetFunction.Arn}/"
                                    "invocations",
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
                    "/url_add": {
                        "post": {
                            "responses": {"200": {"description": "The function's answer"}},
                            "security": [{"api-key": []}],
                            "x-amazon-apigateway-integration": {
                                "type": "aws_proxy",
                                "httpMethod": "POST",
                                "uri": Fn.sub(
                                    "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:p"
                                    "ath/2015-03-31/functions/${LambdaUrlAddArn}/invocations",
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

        # components.api-gw-app.resources.app
        app_log_group = logs.CfnLogGroup(
            self,
            "AppLogGroup",
            log_group_name=f"/aws/apigateway/lenie_{settings.environment}_app",
            retention_in_days=14,
            tags=[
                CfnTag(key="Environment", value=settings.environment),
                CfnTag(key="Project", value="lenie"),
            ],
        )
        app_log_group.add_metadata(
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

        # components.api-gw-app.resources.app
        app_error_log_group = logs.CfnLogGroup(
            self,
            "AppErrorLogGroup",
            log_group_name=Fn.sub("API-Gateway-Execution-Logs_${AppApi}/v1"),
            retention_in_days=14,
            tags=[
                CfnTag(key="Environment", value=settings.environment),
                CfnTag(key="Project", value="lenie"),
            ],
        )
        app_error_log_group.add_metadata(
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

        # components.api-gw-app.resources.app
        app_deployment4b30fcbda2 = apigateway.CfnDeployment(
            self,
            "AppDeployment4b30fcbda2",
            rest_api_id=app_api.ref,
        )

        # components.api-gw-app.resources.app
        app_stage = apigateway.CfnStage(
            self,
            "AppStage",
            rest_api_id=app_api.ref,
            deployment_id=app_deployment4b30fcbda2.ref,
            stage_name="v1",
            tracing_enabled=True,
            access_log_setting=apigateway.CfnStage.AccessLogSettingProperty(
                destination_arn=app_log_group.attr_arn,
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
        app_stage.add_resource_dependency(app_error_log_group)
        app_stage.add_metadata(
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

        # components.api-gw-app.resources.app
        app_api_key = apigateway.CfnApiKey(
            self,
            "AppApiKey",
            name=f"lenie_{settings.environment}_app",
            enabled=True,
            tags=[
                CfnTag(key="Environment", value=settings.environment),
                CfnTag(key="Project", value="lenie"),
            ],
        )

        # components.api-gw-app.resources.app
        app_usage_plan = apigateway.CfnUsagePlan(
            self,
            "AppUsagePlan",
            usage_plan_name=f"lenie_{settings.environment}_app",
            api_stages=[
                apigateway.CfnUsagePlan.ApiStageProperty(api_id=app_api.ref, stage=app_stage.ref),
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

        # components.api-gw-app.resources.app
        apigateway.CfnUsagePlanKey(
            self,
            "AppUsagePlanKey",
            key_id=app_api_key.ref,
            key_type="API_KEY",
            usage_plan_id=app_usage_plan.ref,
        )

        # components.api-gw-app.resources.app.routes.GET  /website_list
        lambda_.CfnPermission(
            self,
            "AppAppServerDbPermission",
            function_name=app_server_db_function.attr_arn,
            action="lambda:InvokeFunction",
            principal="apigateway.amazonaws.com",
            source_arn=Fn.sub(
                "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${AppA"
                "pi}/v1/*/*",
            ),
        )

        # components.api-gw-app.resources.app.routes.POST /website_download_text_content
        lambda_.CfnPermission(
            self,
            "AppAppServerInternetPermission",
            function_name=app_server_internet_function.attr_arn,
            action="lambda:InvokeFunction",
            principal="apigateway.amazonaws.com",
            source_arn=Fn.sub(
                "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${AppA"
                "pi}/v1/POST/*",
            ),
        )

        # components.api-gw-app.resources.app.routes.POST /url_add
        lambda_.CfnPermission(
            self,
            "AppUrlAddPermission",
            function_name=lambda_url_add_arn,
            action="lambda:InvokeFunction",
            principal="apigateway.amazonaws.com",
            source_arn=Fn.sub(
                "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${AppA"
                "pi}/v1/POST/url_add",
            ),
        )

"""Component api-gw-url-add.

Written by lenie-compile from the spec: do not edit. Comments name the place in the spec.
"""

from __future__ import annotations

from dataclasses import dataclass

from aws_cdk import CfnTag, Fn
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from component import ComponentStack
from settings import Settings


@dataclass(frozen=True, kw_only=True)
class ApiGwUrlAddProps:
    """Names of the SSM parameters that the stack reads, and other stacks publish."""

    lambda_url_add_arn_parameter: str


class ApiGwUrlAddStack(ComponentStack):
    """Component api-gw-url-add (layer api).

    There is one for each environment.
    """

    def __init__(self, scope: Construct, settings: Settings, props: ApiGwUrlAddProps) -> None:
        super().__init__(
            scope,
            f"lenie-{settings.environment}-api-gw-url-add",
            description=f"api-gw-url-add (api): the stack of {settings.environment}",
            termination_protection=settings.production,
        )

        lambda_url_add_arn = self.ssm_value(
            "LambdaUrlAddArn",
            props.lambda_url_add_arn_parameter,
            "SSM parameter lambda/url-add/arn, published by component url-add",
        )

        # components.api-gw-url-add.resources.add-from-chrome-extension
        add_from_chrome_extension_api = apigateway.CfnRestApi(
            self,
            "AddFromChromeExtensionApi",
            name=f"lenie_{settings.environment}_add_from_chrome_extension",
            description="What the Chrome extension calls",
            endpoint_configuration=apigateway.CfnRestApi.EndpointConfigurationProperty(
                types=["REGIONAL"],
            ),
            fail_on_warnings=True,
            body={
                "openapi": "3.0.1",
                "info": {"title": "add-from-chrome-extension", "version": "1"},
                "paths": {
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

        # components.api-gw-url-add.resources.add-from-chrome-extension
        add_from_chrome_extension_log_group = logs.CfnLogGroup(
            self,
            "AddFromChromeExtensionLogGroup",
            log_group_name=(
                f"/aws/apigateway/lenie_{settings.environment}_add_from_chrome_extension"
            ),
            retention_in_days=14,
            tags=[
                CfnTag(key="Environment", value=settings.environment),
                CfnTag(key="Project", value="lenie"),
            ],
        )
        add_from_chrome_extension_log_group.add_metadata(
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

        # components.api-gw-url-add.resources.add-from-chrome-extension
        add_from_chrome_extension_error_log_group = logs.CfnLogGroup(
            self,
            "AddFromChromeExtensionErrorLogGroup",
            log_group_name=Fn.sub("API-Gateway-Execution-Logs_${AddFromChromeExtensionApi}/v1"),
            retention_in_days=14,
            tags=[
                CfnTag(key="Environment", value=settings.environment),
                CfnTag(key="Project", value="lenie"),
            ],
        )
        add_from_chrome_extension_error_log_group.add_metadata(
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

        # components.api-gw-url-add.resources.add-from-chrome-extension
        add_from_chrome_extension_deployment315947cf53 = apigateway.CfnDeployment(
            self,
            "AddFromChromeExtensionDeployment315947cf53",
            rest_api_id=add_from_chrome_extension_api.ref,
        )

        # components.api-gw-url-add.resources.add-from-chrome-extension
        add_from_chrome_extension_stage = apigateway.CfnStage(
            self,
            "AddFromChromeExtensionStage",
            rest_api_id=add_from_chrome_extension_api.ref,
            deployment_id=add_from_chrome_extension_deployment315947cf53.ref,
            stage_name="v1",
            tracing_enabled=True,
            access_log_setting=apigateway.CfnStage.AccessLogSettingProperty(
                destination_arn=add_from_chrome_extension_log_group.attr_arn,
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
                    throttling_rate_limit=1000,
                    throttling_burst_limit=2000,
                ),
            ],
            tags=[
                CfnTag(key="Environment", value=settings.environment),
                CfnTag(key="Project", value="lenie"),
            ],
        )
        add_from_chrome_extension_stage.add_resource_dependency(
            add_from_chrome_extension_error_log_group,
        )
        add_from_chrome_extension_stage.add_metadata(
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

        # components.api-gw-url-add.resources.add-from-chrome-extension
        add_from_chrome_extension_api_key = apigateway.CfnApiKey(
            self,
            "AddFromChromeExtensionApiKey",
            name=f"lenie_{settings.environment}_add_from_chrome_extension",
            enabled=True,
            tags=[
                CfnTag(key="Environment", value=settings.environment),
                CfnTag(key="Project", value="lenie"),
            ],
        )

        # components.api-gw-url-add.resources.add-from-chrome-extension
        add_from_chrome_extension_usage_plan = apigateway.CfnUsagePlan(
            self,
            "AddFromChromeExtensionUsagePlan",
            usage_plan_name=f"lenie_{settings.environment}_add_from_chrome_extension",
            api_stages=[
                apigateway.CfnUsagePlan.ApiStageProperty(
                    api_id=add_from_chrome_extension_api.ref,
                    stage=add_from_chrome_extension_stage.ref,
                ),
            ],
            throttle=apigateway.CfnUsagePlan.ThrottleSettingsProperty(
                rate_limit=1000,
                burst_limit=2000,
            ),
            quota=apigateway.CfnUsagePlan.QuotaSettingsProperty(limit=10000, period="MONTH"),
            tags=[
                CfnTag(key="Environment", value=settings.environment),
                CfnTag(key="Project", value="lenie"),
            ],
        )

        # components.api-gw-url-add.resources.add-from-chrome-extension
        apigateway.CfnUsagePlanKey(
            self,
            "AddFromChromeExtensionUsagePlanKey",
            key_id=add_from_chrome_extension_api_key.ref,
            key_type="API_KEY",
            usage_plan_id=add_from_chrome_extension_usage_plan.ref,
        )

        # components.api-gw-url-add.resources.add-from-chrome-extension.routes.POST /url_add
        lambda_.CfnPermission(
            self,
            "AddFromChromeExtensionUrlAddPermission",
            function_name=lambda_url_add_arn,
            action="lambda:InvokeFunction",
            principal="apigateway.amazonaws.com",
            source_arn=Fn.sub(
                "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${AddF"
                "romChromeExtensionApi}/v1/POST/url_add",
            ),
        )

"""API Gateway: REST APIs with their deployments, stages, keys and usage plans."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lenie.compiler.expressions import AttributeOf, Value
from lenie.compiler.graph import Resource
from lenie.compiler.span import Path
from lenie.targets.tf.hcl import Argument, Attr, Call
from lenie.targets.tf.row import Items, Json, Made, Nested, Refused, Row
from lenie.targets.tf.rows.logs import BARE_ARN

if TYPE_CHECKING:
    from lenie.targets.tf.resource import Builder, Schema

_SETTINGS = {
    "CacheDataEncrypted": "cache_data_encrypted",
    "CacheTtlInSeconds": "cache_ttl_in_seconds",
    "CachingEnabled": "caching_enabled",
    "DataTraceEnabled": "data_trace_enabled",
    "LoggingLevel": "logging_level",
    "MetricsEnabled": "metrics_enabled",
    "ThrottlingBurstLimit": "throttling_burst_limit",
    "ThrottlingRateLimit": "throttling_rate_limit",
}


def _method_settings(out: Builder, schema: Schema, value: Value, at: Path) -> Items:
    """Add the settings of methods, each a resource of its own: ``*/*`` stands for all methods of all paths."""
    for index, element in enumerate(value if isinstance(value, list) else []):
        here = (*at, index)
        settings = dict(out.map(element, here))
        method, path = settings.pop("HttpMethod", "*"), settings.pop("ResourcePath", "/*")
        if not isinstance(method, str) or not isinstance(path, str):
            out.problem(here, "method and path of the settings have to be written out", "write */* for all of them")
            continue
        target = f"{path.removeprefix('/').replace('~1', '/').removeprefix('/')}/{method}"
        name = out.name if target == "*/*" else f"{out.name}_{index + 1}"
        kind = out.schemas["aws_api_gateway_method_settings"]
        link = {"rest_api_id": "rest_api_id", "stage_name": "stage_name"}
        out.add_part(
            "aws_api_gateway_method_settings",
            name,
            link,
            {},
            {},
            here,
            [Argument("method_path", target), *out.nested(kind, "settings", settings, here, _SETTINGS, {})],
        )
    return ()


def _destination(out: Builder, schema: Schema, value: Value, at: Path) -> Items:
    """Yield the log group: API Gateway takes its ARN without the ``:*`` at the end."""
    if isinstance(value, AttributeOf) and out.values.graph.resource(value).type == "AWS::Logs::LogGroup":
        if value.component == out.values.component.name:
            yield Argument(
                "destination_arn", out.values.reference(AttributeOf(value.component, value.resource, BARE_ARN))
            )
            return
        yield Argument("destination_arn", Call("trimsuffix", (out.values.value(value, at), ":*")))
        return
    yield Argument("destination_arn", out.typed("string", value, at))


def _redeployed(out: Builder, resource: Resource) -> Items:
    """Yield what makes a new deployment when the body changes: a deployment is a snapshot of it."""
    api = resource.properties.get("RestApiId")
    reference = (
        out.values.reference(api)
        if isinstance(api, AttributeOf) and api.component == out.values.component.name
        else None
    )
    if not isinstance(reference, Attr):
        out.problem(("RestApiId",), "a deployment stands in the component of its API", "move it there")
        return
    yield Argument("triggers", {"redeployment": Call("sha1", (Attr(reference.address, "body", reference.key),))})
    out.lifecycle["create_before_destroy"] = True


ROWS = {
    "AWS::ApiGateway::RestApi": Row(
        "aws_api_gateway_rest_api",
        {
            "Body": Json("body"),
            "EndpointConfiguration": Nested("endpoint_configuration"),
            "Policy": Json("policy"),
            "BodyS3Location": Refused("the provider takes the body itself"),
        },
        {"Ref": "id", "RestApiId": "id", "RootResourceId": "root_resource_id"},
    ),
    "AWS::ApiGateway::Deployment": Row(
        "aws_api_gateway_deployment", attributes={"Ref": "id", "DeploymentId": "id"}, adds=_redeployed
    ),
    "AWS::ApiGateway::Stage": Row(
        "aws_api_gateway_stage",
        {
            "TracingEnabled": "xray_tracing_enabled",
            "AccessLogSetting": Nested(
                "access_log_settings", {"DestinationArn": Made(_destination, "without its end")}
            ),
            "MethodSettings": Made(_method_settings, "a resource each"),
        },
        {"Ref": "stage_name"},
    ),
    "AWS::ApiGateway::ApiKey": Row(
        "aws_api_gateway_api_key",
        attributes={"Ref": "id", "APIKeyId": "id"},
        # The provider would write a description of its own.
        constants={"description": ""},
    ),
    "AWS::ApiGateway::UsagePlan": Row(
        "aws_api_gateway_usage_plan",
        {
            "UsagePlanName": "name",
            "ApiStages": Nested("api_stages"),
            "Throttle": Nested("throttle_settings"),
            "Quota": Nested("quota_settings"),
        },
        {"Ref": "id", "Id": "id"},
    ),
    "AWS::ApiGateway::UsagePlanKey": Row("aws_api_gateway_usage_plan_key", attributes={"Ref": "id", "Id": "id"}),
    # Destroying it would take the role away from the account and region (since version 6), so it is retained.
    "AWS::ApiGateway::Account": Row(
        "aws_api_gateway_account", {"CloudWatchRoleArn": "cloudwatch_role_arn"}, {"Ref": "id", "Id": "id"}
    ),
}

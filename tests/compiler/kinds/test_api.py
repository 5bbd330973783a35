"""An API: body, key, usage plan, logs, permissions, and a deployment that follows the body and nothing else."""

from __future__ import annotations

import json
from typing import Any

import pytest
from support import compile_snippet, errors, of_type, one, resource, schema_faults

from lenie.compiler.expressions import AttributeOf, EnvironmentName, Interpolation, PerEnvironment, Pseudo
from lenie.compiler.graph import Graph
from lenie.compiler.kinds.api import Api, Quota, parse_quota
from lenie.compiler.openapi import Route
from lenie.compiler.types import Reference

FUNCTIONS = """
artifacts: {kind: bucket, purpose: artifacts}
list-all: {kind: function}
store: {kind: function, timeout: 29s}
"""
APP = """
app:
  kind: api
  name: demo_${env.name}_app
  description: What the front end calls
  routes:
    GET  /items: list-all
    POST /items: store
    GET /items/{id}: list-all
"""


def graph_of(api: str = APP, functions: str = FUNCTIONS) -> Graph:
    return compile_snippet(one(functions + api))


def body(graph: Graph, name: str = "AppApi") -> Any:
    return resource(graph, name).properties["Body"]


def deployment_id(api: str = APP, functions: str = FUNCTIONS) -> str:
    return of_type(graph_of(api, functions), "AWS::ApiGateway::Deployment")[0].logical_id


def test_every_property_is_known_to_the_registry() -> None:
    assert schema_faults(graph_of()) == []


def test_each_route_calls_its_function_through_iam() -> None:
    operation = body(graph_of())["paths"]["/items"]["post"]
    integration = operation["x-amazon-apigateway-integration"]
    assert integration["type"] == "aws_proxy"
    assert integration["httpMethod"] == "POST"
    assert integration["timeoutInMillis"] == 29000
    assert integration["uri"] == Interpolation(
        (
            "arn:",
            Pseudo("partition"),
            ":apigateway:",
            Pseudo("region"),
            ":lambda:path/2015-03-31/functions/",
            AttributeOf("main", "StoreFunction", "Arn"),
            "/invocations",
        )
    )


def test_every_method_but_options_needs_a_key() -> None:
    document = body(graph_of())
    scheme = {"type": "apiKey", "name": "x-api-key", "in": "header"}
    assert document["components"]["securitySchemes"] == {"api-key": scheme}
    for operations in document["paths"].values():
        for method, operation in operations.items():
            assert operation.get("security") == (None if method == "options" else [{"api-key": []}])


def test_a_route_may_do_without_a_key_where_a_reason_is_given() -> None:
    api = APP.replace("store", "{function: store, key: false}") + "  waive: {E311: health checks have no key}\n"
    document = body(graph_of(api))
    assert "security" not in document["paths"]["/items"]["post"]
    assert document["paths"]["/items"]["get"]["security"] == [{"api-key": []}]


def test_every_path_answers_cors_preflights_with_its_own_methods() -> None:
    paths = body(graph_of())["paths"]
    found = {}
    for path, operations in paths.items():
        integration = operations["options"]["x-amazon-apigateway-integration"]
        assert integration["type"] == "mock"
        parameters = integration["responses"]["default"]["responseParameters"]
        assert set(parameters) == {
            f"method.response.header.{name}" for name in operations["options"]["responses"]["204"]["headers"]
        }
        found[path] = parameters["method.response.header.Access-Control-Allow-Methods"]
        assert parameters["method.response.header.Access-Control-Allow-Origin"] == "'*'"
        assert "X-Api-Key" in parameters["method.response.header.Access-Control-Allow-Headers"]
    assert found == {"/items": "'GET,OPTIONS,POST'", "/items/{id}": "'GET,OPTIONS'"}


def test_errors_of_the_gateway_itself_can_be_read_by_browsers() -> None:
    responses = body(graph_of())["x-amazon-apigateway-gateway-responses"]
    assert set(responses) == {"DEFAULT_4XX", "DEFAULT_5XX"}
    for response in responses.values():
        assert response["responseParameters"]["gatewayresponse.header.Access-Control-Allow-Origin"] == "'*'"


def test_the_origin_may_differ_between_environments() -> None:
    api = APP + "  cors: https://app.${env.domain}\n"
    responses = body(graph_of(api))["x-amazon-apigateway-gateway-responses"]
    origin = responses["DEFAULT_4XX"]["responseParameters"]["gatewayresponse.header.Access-Control-Allow-Origin"]
    values = (("dev", "dev.example.com"), ("prod", "example.com"))
    assert origin == Interpolation(("'https://app.", PerEnvironment("Domain", values), "'"))


def test_variables_in_paths_are_declared() -> None:
    operations = body(graph_of())["paths"]["/items/{id}"]
    expected = [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}]
    assert operations["get"]["parameters"] == operations["options"]["parameters"] == expected


def test_api_and_stage_have_the_security_settings() -> None:
    graph = graph_of(APP + "  logs: 30d\n  usage: {rate: 2.5, burst: 5}\n")
    api = resource(graph, "AppApi").properties
    assert api["EndpointConfiguration"] == {"Types": ["REGIONAL"]}
    assert api["FailOnWarnings"] is True
    assert api["Name"] == Interpolation(("demo_", EnvironmentName(), "_app"))
    stage: Any = resource(graph, "AppStage").properties
    assert stage["StageName"] == "v1"
    assert stage["TracingEnabled"] is True
    assert stage["AccessLogSetting"]["DestinationArn"] == AttributeOf("main", "AppLogGroup", "Arn")
    assert json.loads(stage["AccessLogSetting"]["Format"])["status"] == "$context.status"
    assert stage["MethodSettings"] == [
        {
            "HttpMethod": "*",
            "ResourcePath": "/*",
            "MetricsEnabled": False,
            "LoggingLevel": "ERROR",
            "DataTraceEnabled": False,
            "ThrottlingRateLimit": 2.5,
            "ThrottlingBurstLimit": 5,
        }
    ]
    group = resource(graph, "AppLogGroup").properties
    assert group["LogGroupName"] == Interpolation(("/aws/apigateway/demo_", EnvironmentName(), "_app"))
    assert group["RetentionInDays"] == 30
    # API Gateway writes its errors into a group of this name; made by itself, it would be kept for ever.
    errors = resource(graph, "AppErrorLogGroup").properties
    assert errors["LogGroupName"] == Interpolation(
        ("API-Gateway-Execution-Logs_", AttributeOf("main", "AppApi", "Ref"), "/v1")
    )
    assert errors["RetentionInDays"] == 30
    assert "AppErrorLogGroup" in resource(graph, "AppStage").depends_on


def test_the_key_belongs_to_a_plan_of_this_stage() -> None:
    graph = graph_of(APP + "  usage: {rate: 1000, burst: 2000, quota: 10000/month}\n")
    plan = resource(graph, "AppUsagePlan").properties
    assert plan["ApiStages"] == [
        {"ApiId": AttributeOf("main", "AppApi", "Ref"), "Stage": AttributeOf("main", "AppStage", "Ref")}
    ]
    assert plan["Throttle"] == {"RateLimit": 1000, "BurstLimit": 2000}
    assert plan["Quota"] == {"Limit": 10000, "Period": "MONTH"}
    assert resource(graph, "AppUsagePlanKey").properties == {
        "KeyId": AttributeOf("main", "AppApiKey", "Ref"),
        "KeyType": "API_KEY",
        "UsagePlanId": AttributeOf("main", "AppUsagePlan", "Ref"),
    }
    assert "Value" not in resource(graph, "AppApiKey").properties


def test_a_plan_has_limits_and_no_quota_unless_given() -> None:
    plan = resource(graph_of(), "AppUsagePlan").properties
    assert plan["Throttle"] == {"RateLimit": 10, "BurstLimit": 20}
    assert "Quota" not in plan


def test_permissions_are_one_for_each_function_and_as_narrow_as_its_routes() -> None:
    permissions = of_type(graph_of(), "AWS::Lambda::Permission")
    assert len(permissions) == 2
    tails = {}
    for permission in permissions:
        properties: Any = permission.properties
        assert properties["Action"] == "lambda:InvokeFunction"
        assert properties["Principal"] == "apigateway.amazonaws.com"
        source = properties["SourceArn"]
        assert source.parts[:-1] == (
            "arn:",
            Pseudo("partition"),
            ":execute-api:",
            Pseudo("region"),
            ":",
            Pseudo("account"),
            ":",
            AttributeOf("main", "AppApi", "Ref"),
        )
        tails[properties["FunctionName"].resource] = source.parts[-1]
    assert tails == {"ListAllFunction": "/v1/GET/*", "StoreFunction": "/v1/POST/items"}


def test_a_variable_in_a_path_is_a_star_in_the_permission() -> None:
    api = 'app: {kind: api, stage: live, routes: {"GET /items/{id}/parts": list-all}}\n'
    permission: Any = of_type(graph_of(api), "AWS::Lambda::Permission")[0].properties
    assert permission["SourceArn"].parts[-1] == "/live/GET/items/*/parts"


def test_a_function_of_another_component_is_called_by_its_arn() -> None:
    parts = "functions:\n  layer: base\n  resources:\n" + "".join(f"    {line}\n" for line in FUNCTIONS.split("\n"))
    graph = compile_snippet(parts + one(APP))
    assert schema_faults(graph) == []
    arn = AttributeOf("functions", "StoreFunction", "Arn")
    assert arn in graph.components["main"].imports()
    permissions = of_type(graph, "AWS::Lambda::Permission")
    assert arn in [p.properties["FunctionName"] for p in permissions]
    # It is the same body wherever the function is declared.
    assert of_type(graph, "AWS::ApiGateway::Deployment")[0].logical_id == deployment_id()


def test_deployment_belongs_to_api_and_stage_to_deployment() -> None:
    graph = graph_of()
    deployment = of_type(graph, "AWS::ApiGateway::Deployment")[0]
    assert deployment.logical_id == f"AppDeployment{deployment.revision}"
    assert len(deployment.revision) == 10
    assert deployment.properties == {"RestApiId": AttributeOf("main", "AppApi", "Ref")}
    assert resource(graph, "AppStage").properties["DeploymentId"] == AttributeOf("main", deployment.logical_id, "Ref")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("    POST /items: store", "    POST /items: store\n    POST /more: store"),
        ("    POST /items: store\n", ""),
        ("POST /items: store", "PUT /items: store"),
        ("POST /items: store", "POST /items: list-all"),
        ("{id}", "{name}"),
        ("  routes:", "  cors: https://app.example.com\n  routes:"),
        ("  routes:", "  cors: https://${env.domain}\n  routes:"),
    ],
)
def test_a_changed_body_makes_another_deployment(old: str, new: str) -> None:
    assert old in APP
    assert deployment_id(APP.replace(old, new)) != deployment_id()


def test_a_route_that_loses_its_key_makes_another_deployment() -> None:
    api = APP.replace("store", "{function: store, key: false}") + "  waive: {E311: health checks have no key}\n"
    assert deployment_id(api) != deployment_id()


def test_a_renamed_function_makes_another_deployment() -> None:
    renamed = deployment_id(APP.replace("store", "save"), FUNCTIONS.replace("store", "save"))
    assert renamed != deployment_id()


def test_a_function_s_timeout_is_part_of_the_body() -> None:
    assert deployment_id(functions=FUNCTIONS.replace("29s", "20s")) != deployment_id()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("What the front end calls", "Something else"),
        ("demo_${env.name}_app", "demo_${env.name}_other"),
        ("  routes:", "  stage: v2\n  routes:"),
        ("  routes:", "  logs: 90d\n  routes:"),
        ("  routes:", "  usage: {rate: 1, burst: 1, quota: 5/day}\n  routes:"),
        ("  routes:", "  publish: [url]\n  routes:"),
        ("GET  /items", "GET /items"),
        ("  routes:", "  cors: '*'\n  routes:"),
        ("POST /items: store", "POST /items: {function: store}"),
    ],
)
def test_what_is_outside_the_body_keeps_the_deployment(old: str, new: str) -> None:
    assert old in APP
    assert deployment_id(APP.replace(old, new)) == deployment_id()


def test_the_order_of_routes_keeps_the_deployment() -> None:
    lines = APP.rstrip().split("\n")
    assert deployment_id("\n".join([*lines[:-3], lines[-1], *lines[-3:-1]]) + "\n") == deployment_id()


def test_tags_and_code_of_functions_keep_the_deployment() -> None:
    assert deployment_id(functions=FUNCTIONS.replace("29s", "29s, code: rds_start, memory: 512MB")) == deployment_id()


def test_properties_remember_where_they_come_from() -> None:
    api = resource(graph_of(APP + "  usage: {rate: 5}\n"), "AppApi")
    path = ("components", "main", "resources", "app")
    operation = ("Body", "paths", "/items", "get", "x-amazon-apigateway-integration", "uri")
    assert api.origin(operation) == (*path, "routes", "GET  /items")
    assert api.origin(("Body", "info", "title")) == (*path, "routes")
    assert api.origin(("Name",)) == (*path, "name")
    stage = resource(graph_of(APP + "  usage: {rate: 5}\n"), "AppStage")
    assert stage.origin(("MethodSettings", 0, "ThrottlingRateLimit")) == (*path, "usage", "rate")


def test_url_is_that_of_the_stage() -> None:
    graph = graph_of(APP + "  publish: [url, key-id]\n")
    published = {r.properties["Name"]: r.properties["Value"] for r in of_type(graph, "AWS::SSM::Parameter")}
    url = Interpolation(
        (
            "https://",
            AttributeOf("main", "AppApi", "Ref"),
            ".execute-api.",
            Pseudo("region"),
            ".",
            Pseudo("url-suffix"),
            "/v1",
        )
    )
    assert published[Interpolation(("/demo/", EnvironmentName(), "/api/app/url"))] == url


def test_stage_waits_for_the_account_s_role_in_the_same_component() -> None:
    graph = graph_of(APP + "logging: {kind: api-account}\n")
    assert resource(graph, "AppStage").depends_on == ("AppErrorLogGroup", "LoggingAccount")
    assert resource(graph_of(), "AppStage").depends_on == ("AppErrorLogGroup",)


def test_parsed_routes() -> None:
    function = {"function": "store", "key": False}
    api = Api.model_validate({"kind": "api", "routes": {"GET  /a/{b}/{rest+}": "store", "POST /": function}})
    target = Reference("store", kinds=("function",))
    first, second = api.parsed_routes()
    assert first == Route("GET  /a/{b}/{rest+}", "GET", "/a/{b}/{rest+}", target)
    assert first.variables == ("b", "rest")
    assert second == Route("POST /", "POST", "/", target, key=False)


def test_quota() -> None:
    assert parse_quota("10000/month") == Quota(10000, "MONTH")
    assert parse_quota("5/day") == Quota(5, "DAY")


@pytest.mark.parametrize(
    ("route", "message", "help"),
    [
        ("/items", '"/items" is not a route', "write method and path: POST /url_add"),
        ("PSOT /items", 'there is no method "PSOT"', 'did you mean "POST"?'),
        ("get /items", 'there is no method "get"', 'did you mean "GET"?'),
        ("OPTIONS /items", "OPTIONS is not written down: every path answers it for CORS", "remove the route"),
        ("GET items", 'the path "items" does not begin with a slash', "write /items"),
        ("GET /items/", 'the path "/items/" has an empty segment', "write /items"),
        ("GET /{rest+}/more", '"{rest+}" takes the rest of the path, so nothing can follow it', "put it at the end"),
        ("GET /{a}/{a}", 'the path "/{a}/{a}" has a variable twice', "give each variable its own name"),
    ],
)
def test_a_wrong_route_is_told_at_its_key(route: str, message: str, help: str) -> None:
    snippet = FUNCTIONS + f"app:\n  kind: api\n  routes:\n    {route}: store\n"
    assert errors(one(snippet)) == [("E203", message, route, help)]


def test_a_segment_with_other_characters_is_refused() -> None:
    found = errors(one(FUNCTIONS + "app:\n  kind: api\n  routes:\n    GET /a?b=c: store\n"))
    assert [(code, message, mark) for code, message, mark, _ in found] == [
        ("E203", '"a?b=c" cannot be part of a path', "GET /a?b=c")
    ]


def test_the_same_route_twice_is_told_at_the_second() -> None:
    found = errors(one(FUNCTIONS + "app:\n  kind: api\n  routes:\n    GET /a: store\n    GET   /a: list-all\n"))
    assert found == [("E203", "the route GET /a is there twice", "GET   /a", "remove one of the two")]


def test_one_place_of_a_path_has_one_variable() -> None:
    routes = "    GET /a/{id}: store\n    POST /a/{name}/x: store\n"
    found = errors(one(FUNCTIONS + "app:\n  kind: api\n  routes:\n" + routes))
    assert found == [
        ("E203", '"{name}" stands where another route has "{id}"', "POST /a/{name}/x", "call it {id} here, too")
    ]


def test_an_unknown_function_is_told_at_its_name() -> None:
    routes = "    GET /a: stor\n    GET /b: {function: lits-all}\n"
    found = errors(one(FUNCTIONS + "app:\n  kind: api\n  routes:\n" + routes))
    assert found == [
        ("E301", 'there is no function "stor"', "stor", 'did you mean "store"?'),
        ("E301", 'there is no function "lits-all"', "lits-all", 'did you mean "list-all"?'),
    ]


def test_a_route_to_something_else_is_refused() -> None:
    found = errors(one(FUNCTIONS + "app:\n  kind: api\n  routes:\n    GET /a: artifacts\n"))
    assert [(code, mark) for code, _, mark, _ in found] == [("E304", "artifacts")]


def test_unknown_fields_of_a_route_are_told_at_their_key() -> None:
    found = errors(one(FUNCTIONS + "app:\n  kind: api\n  routes:\n    GET /a: {function: store, kay: true}\n"))
    assert [(code, mark, help) for code, _, mark, help in found] == [("E201", "kay", 'did you mean "key"?')]


@pytest.mark.parametrize(
    ("field", "mark", "message"),
    [
        ("cors: ${param.origin}", "${param.origin}", "${param.origin} is known only at deployment"),
        ("cors: app.example.com", "app.example.com", '"app.example.com" is not an origin'),
        ("cors: https://example.com/app", "https://example.com/app", '"https://example.com/app" is not an origin'),
        ("usage: {quota: 10000}", "10000", "a quota is wanted here"),
        ("usage: {quota: 10/year}", "10/year", "a quota is wanted here"),
        ("usage: {rate: 0}", "0", "a value above 0"),
        ("usage: {burst: fast}", "fast", "a whole number is wanted here"),
        ("logs: 10d", "10d", "CloudWatch keeps no logs for 10d"),
        ("stage: a b", "a b", '"a b" is no name of a stage'),
    ],
)
def test_wrong_values_are_told_at_the_value(field: str, mark: str, message: str) -> None:
    snippet = FUNCTIONS + f"app:\n  kind: api\n  {field}\n  routes:\n    GET /a: store\n"
    found = errors(one(snippet))
    assert [(code, marked) for code, _, marked, _ in found] == [("E203", mark)]
    assert found[0][1].startswith(message)


def test_an_api_without_routes_is_refused() -> None:
    found = errors(one(FUNCTIONS + "app: {kind: api, routes: {}}\n"))
    assert [(code, message) for code, message, _, _ in found] == [("E203", "at least one entry is wanted here")]

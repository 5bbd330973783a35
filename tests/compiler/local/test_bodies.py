"""OpenAPI bodies: what the emulator takes of them, and that it takes nothing without keeping it."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from support_local import Cloud, Json, resources

from lenie.compiler.local import bodies

PARAMETER: Json = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
OPERATION: Json = {
    "parameters": [PARAMETER, {"name": "page", "in": "query", "schema": {"type": "integer"}}],
    "responses": {"200": {"description": "d", "headers": {"X-One": {"schema": {"type": "string"}}}}},
    "security": [{"key": []}],
    "x-amazon-apigateway-integration": {
        "type": "mock",
        "requestTemplates": {"application/json": "{}"},
        "responses": {"default": {"statusCode": "200", "responseParameters": {"method.response.header.X-One": "'1'"}}},
    },
}
BODY: Json = {
    "openapi": "3.0.1",
    "info": {"title": "t", "version": "1"},
    "paths": {"/a/{id}": {"get": OPERATION}},
    "components": {"securitySchemes": {"key": {"type": "apiKey", "name": "x-api-key", "in": "header"}}},
    "x-amazon-apigateway-gateway-responses": {"DEFAULT_5XX": {"statusCode": "500", "responseTemplates": {"a/b": "x"}}},
}
AT = ("paths", "/a/{id}", "get")


def changed(*path: str, value: Any) -> Json:
    """Return the body with another value at a place."""
    made = copy.deepcopy(BODY)
    place = made
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return made


def test_a_body_in_the_form_in_which_it_is_told() -> None:
    bodies.check(BODY)
    assert bodies.canonical(BODY) == {
        "version": "1",
        "methods": {
            "GET /a/{id}": {
                "key": True,
                "parameters": {"method.request.path.id": True, "method.request.querystring.page": False},
                "responses": {"200": ["X-One"]},
                "integration": {
                    "type": "MOCK",
                    "timeoutInMillis": 29_000,
                    "requestTemplates": {"application/json": "{}"},
                    "responses": {
                        "200": {"pattern": "", "parameters": {"method.response.header.X-One": "'1'"}, "templates": {}}
                    },
                },
            }
        },
        "gateway": {"DEFAULT_5XX": {"statusCode": "500", "responseTemplates": {"a/b": "x"}}},
    }


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        (("servers",), [], "servers of the body"),
        (("components", "schemas"), {}, "schemas of the components"),
        (("components", "securitySchemes", "other"), {"type": "oauth2"}, "security schemes other than"),
        ((*AT, "requestBody"), {}, "requestBody of the operation"),
        ((*AT, "parameters"), [{"name": "id", "in": "cookie"}], "parameter id in cookie of /a/{id}"),
        ((*AT, "parameters"), [{"$ref": "#/x"}], "$ref of the parameter"),
        ((*AT, "parameters"), [{**PARAMETER, "style": "label"}], "style of the parameter"),
        ((*AT, "parameters"), [{**PARAMETER, "name": "other"}], "parameter other, which is no required part of"),
        ((*AT, "parameters"), [{**PARAMETER, "required": False}], "parameter id, which is no required part of"),
        (("paths", "/a/{id}", "trace"), {}, "trace of /a/{id}"),
        ((*AT, "responses", "200", "content"), {}, "content of a response of /a/{id}"),
        ((*AT, "responses", "200", "links"), {}, "links of the response"),
        ((*AT, bodies.INTEGRATION, "connectionId"), "x", "connectionId of the integration"),
        ((*AT, bodies.INTEGRATION, "responses", "default", "unheard"), "x", "unheard of the integration response"),
        ((bodies.GATEWAY_RESPONSES, "DEFAULT_5XX", "unheard"), "x", "unheard of the gateway response"),
    ],
)
def test_what_would_be_lost_fails_the_stack(cloud: Cloud, path: tuple[str, ...], value: Any, words: str) -> None:
    body = changed(*path, value=value)
    with pytest.raises(bodies.Unknown) as raised:
        bodies.check(body)
    assert words in str(raised.value)
    api = {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Body": body}}
    assert cloud.create("s", resources(A=api))["StackStatus"] == "ROLLBACK_COMPLETE"
    assert words in cloud.reasons("s")[0]
    assert cloud.client("apigateway").get_rest_apis()["items"] == []


def test_methods_keys_and_responses_are_kept(cloud: Cloud) -> None:
    header = {"name": "X-Two", "in": "header", "required": True}
    body = changed("paths", "/b", value={bodies.ANY: {**OPERATION, "security": [], "parameters": [header]}})
    api = {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Body": body}}
    assert cloud.create("s", resources(A=api))["StackStatus"] == "CREATE_COMPLETE", cloud.reasons("s")
    gateway, id = cloud.client("apigateway"), cloud.physical("s")["A"]
    found = {resource["path"]: resource for resource in gateway.get_resources(restApiId=id)["items"]}
    assert set(found) == {"/", "/a", "/a/{id}", "/b"}
    get = gateway.get_method(restApiId=id, resourceId=found["/a/{id}"]["id"], httpMethod="GET")
    assert get["apiKeyRequired"]
    assert get["requestParameters"] == {"method.request.path.id": True, "method.request.querystring.page": False}
    assert get["methodResponses"]["200"]["responseParameters"] == {"method.response.header.X-One": False}
    anything = gateway.get_method(restApiId=id, resourceId=found["/b"]["id"], httpMethod="ANY")
    assert not anything["apiKeyRequired"]
    assert anything["requestParameters"] == {"method.request.header.X-Two": True}
    assert gateway.get_rest_api(restApiId=id)["version"] == "1"

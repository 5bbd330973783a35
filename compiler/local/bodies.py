"""OpenAPI bodies of REST APIs: what API Gateway makes of them, and the same told by its resources.

Source: Amazon API Gateway Developer Guide, Working with API Gateway extensions to OpenAPI.
"""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]
METHODS = frozenset({"get", "put", "post", "delete", "options", "head", "patch", "x-amazon-apigateway-any-method"})
ANY = "x-amazon-apigateway-any-method"
INTEGRATION = "x-amazon-apigateway-integration"
GATEWAY_RESPONSES = "x-amazon-apigateway-gateway-responses"
#: API Gateway's limit of an integration, which is its default, too; in milliseconds.
TIMEOUT = 29_000
#: Keys of an integration that are told again under the same name.
PLAIN = (
    "cacheNamespace",
    "connectionType",
    "contentHandling",
    "credentials",
    "passthroughBehavior",
    "requestParameters",
    "requestTemplates",
    "tlsConfig",
    "uri",
)
#: What a method calls the places of a request's parameters ("Parameter mapping examples for REST APIs").
PLACES = {"header": "header", "path": "path", "query": "querystring"}
#: Keys that a body may have here; others are refused.
KNOWN = {
    "body": frozenset({"openapi", "info", "paths", "components", GATEWAY_RESPONSES}),
    "operation": frozenset(
        {"description", "operationId", "parameters", "responses", "security", "summary", "tags", INTEGRATION}
    ),
    "parameter": frozenset({"description", "in", "name", "required", "schema"}),
    "integration": frozenset({*PLAIN, "httpMethod", "responses", "timeoutInMillis", "type"}),
    "integration response": frozenset({"contentHandling", "responseParameters", "responseTemplates", "statusCode"}),
    "gateway response": frozenset({"responseParameters", "responseTemplates", "statusCode"}),
    "response": frozenset({"content", "description", "headers"}),
    "components": frozenset({"securitySchemes"}),
}


class Unknown(Exception):
    """A body has a key that is not taken; the text names it."""


def check(body: Json) -> None:
    """Check that nothing in a body would be lost.

    Raises:
        Unknown: if it has a key that the emulator does not take.
    """
    _keys("body", body)
    _keys("components", body.get("components", {}))
    for scheme in body.get("components", {}).get("securitySchemes", {}).values():
        if scheme.get("type") != "apiKey" or str(scheme.get("name", "")).lower() != "x-api-key":
            raise Unknown("security schemes other than a key in the header x-api-key")
    for response in body.get(GATEWAY_RESPONSES, {}).values():
        _keys("gateway response", response)
    for path, operations in body["paths"].items():
        for method, operation in operations.items():
            if method not in METHODS:
                raise Unknown(f"{method} of {path}")
            _check_operation(path, operation)


def _check_operation(path: str, operation: Json) -> None:
    _keys("operation", operation)
    _keys("integration", operation.get(INTEGRATION, {}))
    for parameter in operation.get("parameters", []):
        _check_parameter(path, parameter)
    for response in operation.get("responses", {}).values():
        _keys("response", response)
        if "content" in response:
            raise Unknown(f"content of a response of {path}")
    for response in operation.get(INTEGRATION, {}).get("responses", {}).values():
        _keys("integration response", response)


def _check_parameter(path: str, parameter: Json) -> None:
    _keys("parameter", parameter)
    name, place = parameter.get("name"), parameter.get("in")
    if place not in PLACES:
        raise Unknown(f"the parameter {name} in {place} of {path}")
    if place == "path" and not (
        parameter.get("required") is True and {f"{{{name}}}", f"{{{name}+}}"} & {*path.split("/")}
    ):
        raise Unknown(f"the parameter {name}, which is no required part of the path {path},")


def _keys(what: str, value: Json) -> None:
    unknown = sorted(set(value) - KNOWN[what])
    if unknown:
        raise Unknown(f"{unknown[0]} of the {what}")


def needs_key(body: Json, operation: Json) -> bool:
    """Return whether an operation demands an API key."""
    schemes = body.get("components", {}).get("securitySchemes", {})
    return any(name in schemes for entry in operation.get("security", body.get("security")) or [] for name in entry)


def parameters(operation: Json) -> dict[str, bool]:
    """Return what an operation asks of requests as a method tells it: ``method.request.path.id``, and if it must be."""
    return {
        f"method.request.{PLACES[each['in']]}.{each['name']}": bool(each.get("required", False))
        for each in operation.get("parameters", [])
    }


def canonical(body: Json) -> Json:
    """Return what a body makes of an API, in the form of `read`."""
    methods = {}
    for path, operations in body["paths"].items():
        for method, operation in operations.items():
            name = "ANY" if method == ANY else method.upper()
            methods[f"{name} {path}"] = {
                "key": needs_key(body, operation),
                "parameters": parameters(operation),
                "responses": {
                    str(code): sorted(response.get("headers", {}))
                    for code, response in operation.get("responses", {}).items()
                },
                "integration": _integration(operation.get(INTEGRATION, {})),
            }
    responses = {name: {**value} for name, value in body.get(GATEWAY_RESPONSES, {}).items()}
    return {"version": str(body["info"].get("version", "")), "methods": methods, "gateway": responses}


def _integration(found: Json) -> Json:
    answers = {}
    for pattern, response in found.get("responses", {}).items():
        answers[str(response["statusCode"])] = {
            "pattern": "" if pattern == "default" else pattern,
            "parameters": response.get("responseParameters", {}),
            "templates": response.get("responseTemplates", {}),
        }
    told = {name: found[name] for name in PLAIN if name in found}
    kind = str(found.get("type", "")).upper()
    method = {"httpMethod": found["httpMethod"]} if "httpMethod" in found and kind != "MOCK" else {}
    return {
        **told,
        **method,
        "type": kind,
        "timeoutInMillis": found.get("timeoutInMillis", TIMEOUT),
        "responses": answers,
    }


def read(at: Any, id: str, api: Json) -> Json:
    """Return what an API is, read from its resources, methods, integrations and gateway responses."""
    methods = {}
    for resource in at.all("apigateway", "get_resources", "items", restApiId=id, embed=["methods"]):
        for name in resource.get("resourceMethods") or {}:
            found = at.call("apigateway", "get_method", restApiId=id, resourceId=resource["id"], httpMethod=name)
            integration = found.get("methodIntegration") or {}
            methods[f"{name} {resource['path']}"] = {
                "key": found.get("apiKeyRequired", False),
                "parameters": found.get("requestParameters") or {},
                "responses": {
                    code: sorted(key.rpartition(".")[2] for key in response.get("responseParameters") or {})
                    for code, response in (found.get("methodResponses") or {}).items()
                },
                "integration": {
                    **{name: value for name, value in integration.items() if name != "integrationResponses"},
                    "responses": {
                        code: {
                            "pattern": response.get("selectionPattern") or "",
                            "parameters": response.get("responseParameters") or {},
                            "templates": response.get("responseTemplates") or {},
                        }
                        for code, response in (integration.get("integrationResponses") or {}).items()
                    },
                },
            }
    gateway = at.call("apigateway", "get_gateway_responses", restApiId=id)["items"]
    responses = {found["responseType"]: found for found in gateway if not found.get("defaultResponse")}
    return {"version": api.get("version", ""), "methods": methods, "gateway": responses}

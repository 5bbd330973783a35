"""API Gateway: REST APIs made of OpenAPI bodies keep all that the bodies say.

Moto 5.2.5 reads of a body the paths, the integrations and the codes of responses. It loses the API key that an
operation demands, its parameters, headers of responses, gateway responses and the version; it fails on mock
integrations, which have no URI; it writes the type of an integration as the body has it, where the service tells it in
capitals; and it takes whatever else stands there without a word. A body with a key that is not taken is refused.
"""

from __future__ import annotations

from typing import Any

from moto.apigateway import models
from moto.apigateway.exceptions import (
    BadRequestException,
    InvalidOpenApiDocVersionException,
    InvalidOpenApiModeException,
)

from lenie.compiler.local import bodies


def apply() -> None:
    """Replace what reads a body, and let an API tell its version."""
    models.APIGatewayBackend.put_rest_api = _put_rest_api  # type: ignore[method-assign]
    to_dict = models.RestAPI.to_dict

    def told(self: models.RestAPI) -> dict[str, Any]:
        found = to_dict(self)
        version = getattr(self, "openapi_version", None)
        return found if version is None else {**found, "version": version}

    models.RestAPI.to_dict = told  # type: ignore[method-assign]


def _put_rest_api(
    self: models.APIGatewayBackend,
    function_id: str,
    api_doc: dict[str, Any],
    fail_on_warnings: bool,
    mode: str = "merge",
) -> models.RestAPI:
    """PutRestApi: read a body into an API."""
    if not str(api_doc.get("openapi", "")).startswith("3."):
        raise InvalidOpenApiDocVersionException()
    if mode not in ("merge", "overwrite"):
        raise InvalidOpenApiModeException()
    try:
        bodies.check(api_doc)
    except bodies.Unknown as error:
        raise BadRequestException(f"The emulator does not take {error} in a body") from error
    api = self.get_rest_api(function_id)
    if mode == "overwrite":
        api.resources = {}
        api.default = api.add_child("/")
        api.gateway_responses = {}
    api.name = api_doc["info"]["title"]
    api.openapi_version = str(api_doc["info"].get("version", ""))  # type: ignore[attr-defined]
    for path, operations in api_doc["paths"].items():
        resource = _resource(self, api, path)
        for method, operation in operations.items():
            name = "ANY" if method == bodies.ANY else method.upper()
            _method(self, api, resource, name, operation, key=bodies.needs_key(api_doc, operation))
    for kind, response in api_doc.get(bodies.GATEWAY_RESPONSES, {}).items():
        status, parameters = response.get("statusCode"), response.get("responseParameters", {})
        self.put_gateway_response(function_id, kind, status, parameters, response.get("responseTemplates", {}))
    return api


def _resource(backend: models.APIGatewayBackend, api: models.RestAPI, path: str) -> models.Resource:
    """Return the resource at `path`, made with its ancestors where they are missing."""
    found = api.get_resource_for_path("/")
    so_far = ""
    for part in path.strip("/").split("/") if path != "/" else []:
        so_far += f"/{part}"
        known = {resource.get_path(): resource for resource in api.resources.values()}
        found = known[so_far] if so_far in known else backend.create_resource(api.id, found.id, part)
    return found


def _method(
    backend: models.APIGatewayBackend,
    api: models.RestAPI,
    resource: models.Resource,
    name: str,
    operation: Any,
    *,
    key: bool,
) -> None:
    at: dict[str, Any] = {"function_id": api.id, "resource_id": resource.id, "method_type": name}
    backend.put_method(
        **at,
        authorization_type="NONE",
        api_key_required=key,
        request_parameters=bodies.parameters(operation),
        operation_name=operation.get("operationId"),
    )
    for code, response in operation.get("responses", {}).items():
        headers = {f"method.response.header.{header}": False for header in response.get("headers", {})}
        backend.put_method_response(**at, response_code=str(code), response_models={}, response_parameters=headers)
    found = operation.get(bodies.INTEGRATION)
    if not found:
        return
    given = backend._build_integration_args(found)
    given |= {
        "integration_type": str(found["type"]).upper(),
        "timeout_in_millis": found.get("timeoutInMillis", bodies.TIMEOUT),
    }
    backend.put_integration(**at, **given)
    for response in backend._build_integration_responses_args(found):
        backend.put_integration_response(**at, **response)

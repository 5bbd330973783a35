"""REST APIs in the emulator, as tests make and call them."""

from __future__ import annotations

import http.client
import json
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from support_local import Cloud
from support_services import function


class Answer(NamedTuple):
    """A response."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key.lower() == name]

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Api:
    """An API with a stage `v1`."""

    def __init__(self, cloud: Cloud, **settings: Any) -> None:
        self.cloud = cloud
        self.client = cloud.client("apigateway")
        self.id = self.client.create_rest_api(name="api", **settings)["id"]
        self.gateway = cloud.emulator.gateway
        self.arn = f"arn:aws:execute-api:us-east-1:123456789012:{self.id}"

    def resource(self, path: str) -> str:
        """Return the id of a resource, made with its parents where it is missing."""
        known = {one["path"]: one["id"] for one in self.client.get_resources(restApiId=self.id)["items"]}
        so_far, parent = "", known["/"]
        for part in path.strip("/").split("/") if path != "/" else []:
            so_far += f"/{part}"
            if so_far not in known:
                made = self.client.create_resource(restApiId=self.id, parentId=parent, pathPart=part)
                known[so_far] = made["id"]
            parent = known[so_far]
        return str(parent)

    def method(self, method: str, path: str, *, key: bool = False, **integration: Any) -> None:
        at = {"restApiId": self.id, "resourceId": self.resource(path), "httpMethod": method}
        self.client.put_method(**at, authorizationType="NONE", apiKeyRequired=key)
        self.client.put_integration(**at, **integration)

    def mock(self, method: str, path: str, status: int, **response: Any) -> None:
        template = {"application/json": json.dumps({"statusCode": status})}
        self.method(method, path, type="MOCK", requestTemplates=template)
        at = {"restApiId": self.id, "resourceId": self.resource(path), "httpMethod": method, "statusCode": str(status)}
        self.client.put_method_response(**at)
        self.client.put_integration_response(**at, **response)

    def proxy(
        self, method: str, path: str, arn: str, *, key: bool = False, permit: bool = True, **options: Any
    ) -> None:
        uri = f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{arn}/invocations"
        self.method(method, path, key=key, type="AWS_PROXY", integrationHttpMethod="POST", uri=uri, **options)
        if permit:
            self.cloud.client("lambda").add_permission(
                FunctionName=arn,
                StatementId=f"s{len(path)}{method}{path.count('{')}",
                Action="lambda:InvokeFunction",
                Principal="apigateway.amazonaws.com",
                SourceArn=f"{self.arn}/v1/*{path}",
            )

    def lambda_(self, path: str, code: str, *, method: str = "ANY", **options: Any) -> str:
        """Let a new function answer a path."""
        settings = options.pop("function", {})
        arn = function(self.cloud, f"f{len(self.client.get_resources(restApiId=self.id)['items'])}", code, **settings)
        self.proxy(method, path, arn, **options)
        return arn

    def deploy(self) -> None:
        self.client.create_deployment(restApiId=self.id, stageName="v1")

    def plan(self, **limits: Any) -> str:
        """Return a key with a usage plan for the stage."""
        key = self.client.create_api_key(name="k", enabled=True)
        plan = self.client.create_usage_plan(name="p", apiStages=[{"apiId": self.id, "stage": "v1"}], **limits)["id"]
        self.client.create_usage_plan_key(usagePlanId=plan, keyId=key["id"], keyType="API_KEY")
        return str(key["value"])

    def call(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        *,
        stage: str = "v1",
        headers: list[tuple[str, str]] | None = None,
        key: str = "",
    ) -> Answer:
        place = urlsplit(self.gateway)
        connection = http.client.HTTPConnection(str(place.hostname), place.port, timeout=60)
        try:
            connection.putrequest(method, f"/{self.id}/{stage}{path}")
            for name, value in [*(headers or []), *([("x-api-key", key)] if key else [])]:
                connection.putheader(name, value)
            if body is not None:
                connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body)
            found = connection.getresponse()
            return Answer(found.status, found.getheaders(), found.read())
        finally:
            connection.close()

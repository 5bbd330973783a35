"""Amazon API Gateway's REST APIs, made of OpenAPI bodies; their deployments and stages; keys and usage plans."""

from __future__ import annotations

import json

from lenie.compiler.local import bodies
from lenie.compiler.local.stacks.errors import Failed
from lenie.compiler.local.types.api_common import replacement, retag
from lenie.compiler.local.types.base import (
    Context,
    Json,
    ResourceType,
    camel,
    differing,
    pascal,
    pick,
    tag_list,
    tag_map,
)


class RestApi(ResourceType):
    """A REST API. Its body makes it whole: what it does not have is taken away."""

    name = "AWS::ApiGateway::RestApi"
    _CREATE = (
        "ApiKeySourceType",
        "BinaryMediaTypes",
        "Description",
        "DisableExecuteApiEndpoint",
        "EndpointConfiguration",
        "MinimumCompressionSize",
        "Policy",
    )
    properties = frozenset({*_CREATE, "Body", "FailOnWarnings", "Mode", "Name", "Tags"})
    returns = frozenset({"RestApiId", "RootResourceId"})
    #: How the body is read.
    unread = frozenset({"FailOnWarnings", "Mode"})

    def create(self, at: Context, wanted: Json) -> str:
        name = wanted.get("Name") or wanted.get("Body", {}).get("info", {}).get("title")
        if not name:
            raise Failed("Invalid REST API: a name, or a body with a title, is needed")
        given = {_member(key): wanted[key] for key in self._CREATE if key in wanted and key != "Policy"}
        if "endpointConfiguration" in given:
            given["endpointConfiguration"] = camel(given["endpointConfiguration"])
        if "Policy" in wanted:
            given["policy"] = json.dumps(wanted["Policy"])
        made = at.call("apigateway", "create_rest_api", name=name, **given, tags=tag_map(wanted.get("Tags")) or None)
        id = at.created(str(made["id"]))
        self._put(at, id, wanted)
        return id

    def read(self, at: Context, id: str) -> Json | None:
        found = at.find("apigateway", "get_rest_api", restApiId=id)
        if found is None:
            return None
        told = {key: found.get(_member(key)) for key in self._CREATE}
        return {
            **told,
            "EndpointConfiguration": pascal(found.get("endpointConfiguration", {})),
            "Name": found["name"],
            "Body": bodies.read(at, id, found),
            "Tags": tag_list(found.get("tags")),
        }

    def visible(self, wanted: Json) -> Json:
        """Return the body in the form in which the service's own resources tell it."""
        plain = super().visible(wanted)
        return {**plain, "Body": bodies.canonical(wanted["Body"])} if "Body" in wanted else plain

    def attributes(self, at: Context, id: str) -> Json:
        items = at.all("apigateway", "get_resources", "items", restApiId=id)
        return {"RestApiId": id, "RootResourceId": next(item["id"] for item in items if item["path"] == "/")}

    def update(self, at: Context, id: str, wanted: Json, before: Json) -> None:
        changed = differing(wanted, before)
        plain = {"Name": "/name", "Description": "/description", "MinimumCompressionSize": "/minimumCompressionSize"}
        plain |= {"ApiKeySourceType": "/apiKeySource", "DisableExecuteApiEndpoint": "/disableExecuteApiEndpoint"}
        patch = [replacement(path, wanted.get(name, "")) for name, path in plain.items() if name in changed]
        left = changed - set(plain) - {"Body", "FailOnWarnings", "Mode", "Tags"}
        if left:
            raise Failed(f"The emulator cannot change {', '.join(sorted(left))} of a REST API")
        if patch:
            at.call("apigateway", "update_rest_api", restApiId=id, patchOperations=patch)
        if "Body" in changed:
            self._put(at, id, wanted)
        retag(at, f"/restapis/{id}", wanted, before)

    def delete(self, at: Context, id: str, properties: Json) -> None:
        at.find("apigateway", "delete_rest_api", restApiId=id)

    @staticmethod
    def _put(at: Context, id: str, wanted: Json) -> None:
        if "Body" in wanted:
            body = json.dumps(wanted["Body"]).encode()
            how = {"mode": wanted.get("Mode", "overwrite"), "failOnWarnings": wanted.get("FailOnWarnings")}
            at.call("apigateway", "put_rest_api", restApiId=id, **how, body=body)
            # The body's title and description are the API's, unless the template gives others.
            info = wanted["Body"].get("info", {})
            own = {
                "/name": (wanted.get("Name"), info.get("title")),
                "/description": (wanted.get("Description"), info.get("description")),
            }
            patch = [
                replacement(path, mine) for path, (mine, theirs) in own.items() if mine is not None and mine != theirs
            ]
            if patch:
                at.call("apigateway", "update_rest_api", restApiId=id, patchOperations=patch)


def _member(name: str) -> str:
    """Return the API's name of a property."""
    return {"ApiKeySourceType": "apiKeySource"}.get(name, name[:1].lower() + name[1:])


class Deployment(ResourceType):
    """A deployment: what the API was when it was made."""

    name = "AWS::ApiGateway::Deployment"
    properties = frozenset({"RestApiId", "Description"})
    required = frozenset({"RestApiId"})
    returns = frozenset({"DeploymentId"})
    tags = ""

    def create(self, at: Context, wanted: Json) -> str:
        made = at.call(
            "apigateway", "create_deployment", restApiId=wanted["RestApiId"], description=wanted.get("Description")
        )
        return at.created(f"{wanted['RestApiId']}|{made['id']}")

    def read(self, at: Context, id: str) -> Json | None:
        api, _, deployment = id.partition("|")
        found = at.find("apigateway", "get_deployment", restApiId=api, deploymentId=deployment)
        return None if found is None else {"RestApiId": api, "Description": found.get("description")}

    def reference(self, at: Context, id: str) -> str:
        return id.partition("|")[2]

    def attributes(self, at: Context, id: str) -> Json:
        return {"DeploymentId": id.partition("|")[2]}

    def update(self, at: Context, id: str, wanted: Json, before: Json) -> None:
        api, _, deployment = id.partition("|")
        patch = [replacement("/description", wanted.get("Description", ""))]
        at.call("apigateway", "update_deployment", restApiId=api, deploymentId=deployment, patchOperations=patch)

    def delete(self, at: Context, id: str, properties: Json) -> None:
        api, _, deployment = id.partition("|")
        at.find("apigateway", "delete_deployment", restApiId=api, deploymentId=deployment)


class Stage(ResourceType):
    """A stage; its id is ``api|stage``. Its settings are patches, one for each."""

    name = "AWS::ApiGateway::Stage"
    _SETTINGS = {
        "CacheDataEncrypted": "caching/dataEncrypted",
        "CacheTtlInSeconds": "caching/ttlInSeconds",
        "CachingEnabled": "caching/enabled",
        "DataTraceEnabled": "logging/dataTrace",
        "LoggingLevel": "logging/loglevel",
        "MetricsEnabled": "metrics/enabled",
        "ThrottlingBurstLimit": "throttling/burstLimit",
        "ThrottlingRateLimit": "throttling/rateLimit",
    }
    properties = frozenset(
        {
            "AccessLogSetting",
            "DeploymentId",
            "Description",
            "MethodSettings",
            "RestApiId",
            "StageName",
            "Tags",
            "TracingEnabled",
            "Variables",
        }
    )
    required = frozenset({"RestApiId", "StageName", "DeploymentId"})

    def create(self, at: Context, wanted: Json) -> str:
        given = camel(pick(wanted, "Description", "TracingEnabled"))
        where = {"restApiId": wanted["RestApiId"], "stageName": wanted["StageName"]}
        tags = tag_map(wanted.get("Tags")) or None
        at.call(
            "apigateway",
            "create_stage",
            **where,
            deploymentId=wanted["DeploymentId"],
            variables=wanted.get("Variables"),
            tags=tags,
            **given,
        )
        at.created(f"{wanted['RestApiId']}|{wanted['StageName']}")
        self._patch(at, where, self._operations(wanted, {}))
        return at.physical

    def existing(self, at: Context, wanted: Json) -> str:
        return f"{wanted['RestApiId']}|{wanted['StageName']}"

    def read(self, at: Context, id: str) -> Json | None:
        api, _, stage = id.partition("|")
        found = at.find("apigateway", "get_stage", restApiId=api, stageName=stage)
        if found is None:
            return None
        settings = []
        for key, values in (found.get("methodSettings") or {}).items():
            path, _, method = key.rpartition("/")
            settings.append(
                {**pascal(values), "ResourcePath": "/" + path.replace("~1", "/").lstrip("/"), "HttpMethod": method}
            )
        return {
            "AccessLogSetting": pascal(found.get("accessLogSettings")) or {},
            "DeploymentId": found["deploymentId"],
            "Description": found.get("description"),
            "MethodSettings": settings,
            "RestApiId": api,
            "StageName": stage,
            "Tags": tag_list(found.get("tags")),
            "TracingEnabled": found.get("tracingEnabled", False),
            "Variables": found.get("variables"),
        }

    def reference(self, at: Context, id: str) -> str:
        return id.partition("|")[2]

    def update(self, at: Context, id: str, wanted: Json, before: Json) -> None:
        api, _, stage = id.partition("|")
        operations = self._operations(wanted, before)
        plain = {"DeploymentId": "/deploymentId", "Description": "/description", "TracingEnabled": "/tracingEnabled"}
        for name in sorted(differing(wanted, before) & set(plain)):
            operations.append(replacement(plain[name], wanted.get(name, "false" if name == "TracingEnabled" else "")))
        new, old = wanted.get("Variables") or {}, before.get("Variables") or {}
        operations += [
            replacement(f"/variables/{name}", value) for name, value in new.items() if old.get(name) != value
        ]
        operations += [{"op": "remove", "path": f"/variables/{name}"} for name in old if name not in new]
        self._patch(at, {"restApiId": api, "stageName": stage}, operations)
        retag(at, f"/restapis/{api}/stages/{stage}", wanted, before)

    def delete(self, at: Context, id: str, properties: Json) -> None:
        api, _, stage = id.partition("|")
        at.find("apigateway", "delete_stage", restApiId=api, stageName=stage)

    @staticmethod
    def _patch(at: Context, where: Json, operations: list[Json]) -> None:
        if operations:
            at.call("apigateway", "update_stage", **where, patchOperations=operations)

    def _operations(self, wanted: Json, before: Json) -> list[Json]:
        operations = []
        logs = wanted.get("AccessLogSetting")
        if logs is None and before.get("AccessLogSetting"):
            operations.append({"op": "remove", "path": "/accessLogSettings"})
        if logs is not None and logs != before.get("AccessLogSetting"):
            operations += [
                replacement(f"/accessLogSettings/{name[:1].lower()}{name[1:]}", value) for name, value in logs.items()
            ]
        new, old = wanted.get("MethodSettings") or [], before.get("MethodSettings") or []
        places = [self._place(each) for each in new]
        operations += [{"op": "remove", "path": self._place(each)} for each in old if self._place(each) not in places]
        for each in (each for each in new if each not in old):
            for name, value in each.items():
                if name not in ("HttpMethod", "ResourcePath"):
                    operations.append(replacement(f"{self._place(each)}/{self._setting(name)}", value))
        return operations

    def _setting(self, name: str) -> str:
        if name not in self._SETTINGS:
            raise Failed(f"Encountered unsupported property MethodSettings.{name}")
        return self._SETTINGS[name]

    @staticmethod
    def _place(setting: Json) -> str:
        """Return the path of a method's settings; a path's slashes are escaped, but for that of `/*`."""
        path = setting.get("ResourcePath", "/*")
        escaped = "*" if path in ("/*", "*") else path.replace("/", "~1")
        return f"/{escaped}/{setting.get('HttpMethod', '*')}"

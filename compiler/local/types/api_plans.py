"""Amazon API Gateway's keys, usage plans, and settings of an account."""

from __future__ import annotations

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


class ApiKey(ResourceType):
    """A key, whose value is given or generated."""

    name = "AWS::ApiGateway::ApiKey"
    _PLAIN = ("CustomerId", "Description", "Enabled", "Name", "Value")
    properties = frozenset({*_PLAIN, "GenerateDistinctId", "Tags"})
    returns = frozenset({"APIKeyId"})
    unread = frozenset({"GenerateDistinctId"})

    def create(self, at: Context, wanted: Json) -> str:
        given = camel(pick(wanted, *self._PLAIN, "GenerateDistinctId"))
        made = at.call(
            "apigateway", "create_api_key", **{"name": at.name(), **given}, tags=tag_map(wanted.get("Tags")) or None
        )
        return at.created(str(made["id"]))

    def read(self, at: Context, id: str) -> Json | None:
        found = at.find("apigateway", "get_api_key", apiKey=id, includeValue=True)
        if found is None:
            return None
        return {
            **{name: found.get(name[:1].lower() + name[1:]) for name in self._PLAIN},
            "Tags": tag_list(found.get("tags")),
        }

    def attributes(self, at: Context, id: str) -> Json:
        return {"APIKeyId": id}

    def update(self, at: Context, id: str, wanted: Json, before: Json) -> None:
        plain = {"CustomerId": "/customerId", "Description": "/description", "Enabled": "/enabled"}
        empty = {"Enabled": False}
        patch = [
            replacement(path, wanted.get(name, empty.get(name, "")))
            for name, path in plain.items()
            if name in differing(wanted, before)
        ]
        if patch:
            at.call("apigateway", "update_api_key", apiKey=id, patchOperations=patch)
        retag(at, f"/apikeys/{id}", wanted, before)

    def delete(self, at: Context, id: str, properties: Json) -> None:
        at.find("apigateway", "delete_api_key", apiKey=id)


class UsagePlan(ResourceType):
    """A usage plan."""

    name = "AWS::ApiGateway::UsagePlan"
    properties = frozenset({"ApiStages", "Description", "Quota", "Tags", "Throttle", "UsagePlanName"})
    returns = frozenset({"Id"})

    def create(self, at: Context, wanted: Json) -> str:
        given = camel(pick(wanted, "ApiStages", "Description", "Quota", "Throttle"))
        tags = tag_map(wanted.get("Tags")) or None
        made = at.call(
            "apigateway", "create_usage_plan", name=wanted.get("UsagePlanName") or at.name(), tags=tags, **given
        )
        return at.created(str(made["id"]))

    def read(self, at: Context, id: str) -> Json | None:
        found = at.find("apigateway", "get_usage_plan", usagePlanId=id)
        if found is None:
            return None
        told = pascal(pick(found, "apiStages", "description", "quota", "throttle"))
        return {**told, "UsagePlanName": found["name"], "Tags": tag_list(found.get("tags"))}

    def attributes(self, at: Context, id: str) -> Json:
        return {"Id": id}

    def update(self, at: Context, id: str, wanted: Json, before: Json) -> None:
        patch = []
        changed = differing(wanted, before)
        for name, path in (("UsagePlanName", "/name"), ("Description", "/description")):
            if name in changed:
                patch.append(replacement(path, wanted.get(name, "")))
        for name, path in (("Quota", "/quota"), ("Throttle", "/throttle")):
            if name in changed and name not in wanted:
                patch.append({"op": "remove", "path": path})
            elif name in changed:
                patch += [
                    replacement(f"{path}/{key[:1].lower()}{key[1:]}", value) for key, value in wanted[name].items()
                ]
        new, old = (
            [f"{each['ApiId']}:{each['Stage']}" for each in properties.get("ApiStages") or []]
            for properties in (wanted, before)
        )
        patch += [{"op": "remove", "path": "/apiStages", "value": each} for each in old if each not in new]
        patch += [{"op": "add", "path": "/apiStages", "value": each} for each in new if each not in old]
        if patch:
            at.call("apigateway", "update_usage_plan", usagePlanId=id, patchOperations=patch)
        retag(at, f"/usageplans/{id}", wanted, before)

    def delete(self, at: Context, id: str, properties: Json) -> None:
        found = self.read(at, id)
        stages = [f"{each['ApiId']}:{each['Stage']}" for each in (found or {}).get("ApiStages", [])]
        if stages:
            patch = [{"op": "remove", "path": "/apiStages", "value": each} for each in stages]
            at.find("apigateway", "update_usage_plan", usagePlanId=id, patchOperations=patch)
        at.find("apigateway", "delete_usage_plan", usagePlanId=id)


class UsagePlanKey(ResourceType):
    """A key of a usage plan; its id is ``key:plan``."""

    name = "AWS::ApiGateway::UsagePlanKey"
    properties = frozenset({"KeyId", "KeyType", "UsagePlanId"})
    required = properties
    returns = frozenset({"Id"})
    tags = ""

    def create(self, at: Context, wanted: Json) -> str:
        at.call("apigateway", "create_usage_plan_key", **camel(wanted))
        return at.created(f"{wanted['KeyId']}:{wanted['UsagePlanId']}")

    def read(self, at: Context, id: str) -> Json | None:
        key, _, plan = id.partition(":")
        found = at.find("apigateway", "get_usage_plan_key", usagePlanId=plan, keyId=key)
        return None if found is None else {"KeyId": key, "KeyType": found["type"], "UsagePlanId": plan}

    def attributes(self, at: Context, id: str) -> Json:
        return {"Id": id}

    def delete(self, at: Context, id: str, properties: Json) -> None:
        key, _, plan = id.partition(":")
        at.find("apigateway", "delete_usage_plan_key", usagePlanId=plan, keyId=key)


class Account(ResourceType):
    """API Gateway's settings of an account and region: one, which exists always; its deletion changes nothing."""

    name = "AWS::ApiGateway::Account"
    properties = frozenset({"CloudWatchRoleArn"})
    returns = frozenset({"Id"})
    tags = ""
    stays = True

    def create(self, at: Context, wanted: Json) -> str:
        self.update(at, "", wanted, {})
        return at.created(at.name())

    def read(self, at: Context, id: str) -> Json | None:
        return {"CloudWatchRoleArn": at.call("apigateway", "get_account").get("cloudwatchRoleArn")}

    def attributes(self, at: Context, id: str) -> Json:
        return {"Id": id}

    def update(self, at: Context, id: str, wanted: Json, before: Json) -> None:
        patch = [replacement("/cloudwatchRoleArn", wanted.get("CloudWatchRoleArn", ""))]
        at.call("apigateway", "update_account", patchOperations=patch)

    def delete(self, at: Context, id: str, properties: Json) -> None:
        """Do nothing, as on AWS."""

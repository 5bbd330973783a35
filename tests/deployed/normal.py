"""The normal form of what is deployed: ids that AWS makes become names of what they belong to, times disappear."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

#: Ids that AWS makes by chance, of which nobody knows whose they are: only their kind is kept.
_RANDOM = (
    (re.compile(r"\b(?P<kind>[a-z]{1,12}(?:-[a-z]{2,6})?)-[0-9a-f]{8,17}\b"), r"<\g<kind>>"),
    (re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b"), "<uuid>"),
    (re.compile(r"\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[.\dZ+:]*"), "<time>"),
    (re.compile(r"\b1[6-9]\d{8}(?:\.\d+|\d{3})?\b"), "<time>"),
    (re.compile(r"\b(?:AROA|AIPA|AKIA|ANPA)[A-Z0-9]{12,}\b"), "<iam id>"),
    # What CloudFormation puts behind the logical id, and the services behind the names that they make.
    (re.compile(r"(?<=[A-Za-z0-9])-[A-Z0-9]{10,14}\b"), "-<suffix>"),
    (re.compile(r"http://127\.0\.0\.1:\d+"), "<emulator>"),
    (re.compile(r"127\.0\.0\.1:\d+"), "<emulator>"),
)
#: Keys whose values are made by chance, or tell how an answer was made.
_CHANCE = frozenset(
    {
        "AssociationId",
        "AttachmentId",
        "CallerReference",
        "CodeSha256",
        "ETag",
        "InstanceProfileId",
        "KeyFingerprint",
        "LatestStreamLabel",
        "MacAddress",
        "NextToken",
        "NetworkInterfaceId",
        "OwnerAlias",
        "PrivateDnsName",
        "PrivateIpAddress",
        "PublicDnsName",
        "PublicIp",
        "PublicIpAddress",
        "RevisionId",
        "VersionId",
        "VersionIdsToStages",
        "revisionId",
        "value",
    }
)


def normal(value: Any, names: Mapping[str, str]) -> Any:
    """Return `value` in its normal form; `names` maps ids to names of what they belong to."""
    pattern = _pattern(names)

    def text(found: str) -> Any:
        document = _document(found)
        if document is not None:
            return form(document)
        if pattern is not None:
            found = pattern.sub(lambda match: f"<{names[match.group()]}>", found)
        for random, kind in _RANDOM:
            found = random.sub(kind, found)
        return found

    def form(value: Any) -> Any:
        if isinstance(value, dict):
            kept = {text(str(key)): "<chance>" if key in _CHANCE else form(item) for key, item in value.items()}
            return dict(sorted(kept.items()))
        if isinstance(value, (list, tuple, set)):
            return sorted((form(item) for item in value), key=canonical)
        if isinstance(value, datetime):
            return "<time>"
        if isinstance(value, bytes):
            return text(value.decode("utf-8", "backslashreplace"))
        if isinstance(value, str):
            return text(value)
        if isinstance(value, (int, float)) and not isinstance(value, bool) and value > 1.6e9:
            return "<time>"
        return value

    return form(value)


def made_ids(inventory: Mapping[str, Iterable[Any]]) -> dict[str, str]:
    """Return ids that are no resource's own in CloudFormation, with names of what they belong to."""
    found: dict[str, str] = {}
    for api in inventory.get("apigateway get_rest_apis", ()):
        for resource in api["0 get_resources"]["items"]:
            found[resource["id"]] = f"{api['item']['name']} {resource['path']}"
        for deployment in api["2 get_deployments"]["items"]:
            found[deployment["id"]] = f"deployment of {api['item']['name']}"
        # The emulator gives the root another id when it imports a body.
        found.setdefault(api["item"]["rootResourceId"], f"{api['item']['name']} root")
    for root in inventory.get("organizations list_roots", ()):
        if "item" in root:
            found[root["item"]["Id"]] = "root of the organization"
    for app in inventory.get("amplify list_apps", ()):
        found[app["item"]["appId"]] = f"app {app['item']['name']}"
    for database in inventory.get("rds describe_db_instances", ()):
        found[database["item"]["DbiResourceId"]] = f"resource {database['item']['DBInstanceIdentifier']}"
    for one in inventory.get("cloudfront list_distributions", ()):
        found[one["item"]["DomainName"]] = f"domain of {one['item']['Comment']}"
    for secret in inventory.get("secretsmanager list_secrets", ()):
        document = _document(secret["2 get_secret_value"].get("SecretString", ""))
        if isinstance(document, dict) and "password" in document:
            # So that it is seen wherever it is used.
            found[document["password"]] = f"password of {secret['item']['Name']}"
    return found


def natural(inventory: Mapping[str, Iterable[Any]]) -> dict[str, str]:
    """Return ids of the network and of machines, with names by which they are known whatever made them."""
    found: dict[str, str] = {}
    for kind, key, name in _NATURAL:
        for entry in inventory.get(f"ec2 {kind}", ()):
            item = entry["item"]
            tags = {tag["Key"]: tag["Value"] for tag in item.get("Tags", ())}
            found[item[key]] = f"{key} {tags.get('Name') or ''} {item.get(name) or ''}".strip()
    return found


#: What is listed -> its id, and a property that tells it apart where its tag Name does not.
_NATURAL = (
    ("describe_vpcs", "VpcId", "CidrBlock"),
    ("describe_subnets", "SubnetId", "CidrBlock"),
    ("describe_route_tables", "RouteTableId", ""),
    ("describe_internet_gateways", "InternetGatewayId", ""),
    ("describe_security_groups", "GroupId", "GroupName"),
    ("describe_instances", "InstanceId", ""),
    ("describe_vpc_endpoints", "VpcEndpointId", "ServiceName"),
    ("describe_key_pairs", "KeyPairId", "KeyName"),
    ("describe_volumes", "VolumeId", ""),
)


def _document(text: str) -> Any:
    """Return the data of a text that is a JSON document, or None."""
    if text[:1] in "{[" and text:
        try:
            return json.loads(text)
        except ValueError:
            return None
    return None


def _pattern(names: Mapping[str, str]) -> re.Pattern[str] | None:
    ordered = sorted(names, key=len, reverse=True)
    return re.compile("|".join(re.escape(one) for one in ordered)) if ordered else None


def canonical(value: Any) -> str:
    """Return a value in normal form as text."""
    return json.dumps(value, sort_keys=True, default=str)


def differences(one: Mapping[str, Iterable[Any]], other: Mapping[str, Iterable[Any]]) -> list[str]:
    """Return what only one of two inventories in normal form has, by kind."""
    found = []
    for kind in sorted(one.keys() | other.keys()):
        left = sorted(canonical(item) for item in one.get(kind, ()))
        right = sorted(canonical(item) for item in other.get(kind, ()))
        for item in list(left):
            if item in right:
                left.remove(item)
                right.remove(item)
        found += [f"{kind}: only the first: {item}" for item in left]
        found += [f"{kind}: only the second: {item}" for item in right]
    return found


#: What is so anyway, and is said by one program only: a call, and parameters of calls.
#: Source: Amazon EC2 API Reference, ModifySubnetAttribute, CreateVpc, InstanceMetadataOptionsRequest (defaults).
_DEFAULTS = (
    {"AssignIpv6AddressOnCreation": {"Value": False}},
    {"EnableDns64": {"Value": False}},
    {"EnableResourceNameDnsARecordOnLaunch": {"Value": False}},
    {"EnableResourceNameDnsAAAARecordOnLaunch": {"Value": False}},
    {"MapPublicIpOnLaunch": {"Value": False}},
)
_DEFAULT_PARAMETERS = {"InstanceTenancy": "default", "HttpProtocolIpv6": "disabled"}
#: Parts that CloudFormation has no tags for; Terraform's provider gives them its default tags.
_UNTAGGABLE = frozenset({"security-group-rule"})


def statements(calls: Iterable[Any]) -> list[Any]:
    """Return what calls in normal form say, one thing each, so that programs that say it in other calls say the same.

    Tags are statements of their own, whether they were given at the creation or after it; so is each rule of a security
    group. What is so by default is none.
    """
    found: list[Any] = []
    for call in calls:
        parameters = _without_defaults(call["parameters"])
        if any(all(parameters.get(key) == value for key, value in default.items()) for default in _DEFAULTS):
            continue
        for specification in parameters.pop("TagSpecifications", ()):
            if specification["ResourceType"] not in _UNTAGGABLE:
                found += _tags(specification["ResourceType"], specification["Tags"])
        if call["operation"] == "CreateTags":
            kinds = [_KINDS.get(one.strip("<").partition(" ")[0], one) for one in parameters["Resources"]]
            found += [tag for kind in kinds for tag in _tags(kind, parameters["Tags"])]
        elif "IpPermissions" in parameters:
            for permission in parameters.pop("IpPermissions"):
                found.append({**call, "parameters": {**parameters, "IpPermissions": permission}})
        else:
            found.append({**call, "parameters": parameters})
    return list({canonical(one): one for one in found}.values())


def _without_defaults(value: Any) -> Any:
    if isinstance(value, dict):
        kept = ((key, item) for key, item in value.items() if _DEFAULT_PARAMETERS.get(key) != item)
        return {key: _without_defaults(item) for key, item in kept}
    return [_without_defaults(item) for item in value] if isinstance(value, list) else value


def _tags(kind: str, tags: Iterable[Mapping[str, str]]) -> list[Any]:
    """Return a statement: things of a kind are told apart by their tags, since the ids are not known at creation."""
    return [{"tags": {tag["Key"]: tag["Value"] for tag in tags}, "of": kind}]


_KINDS = {
    "VpcId": "vpc",
    "SubnetId": "subnet",
    "InternetGatewayId": "internet-gateway",
    "RouteTableId": "route-table",
    "GroupId": "security-group",
    "VpcEndpointId": "vpc-endpoint",
    "InstanceId": "instance",
    "VolumeId": "volume",
    "KeyPairId": "key-pair",
}

"""Data sources."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

from standin.aws import Aws
from standin.resource import StandInError, State, given
from standin.tags import as_map


def _filters(config: State) -> list[dict[str, Any]]:
    return [{"Name": one["name"], "Values": one["values"]} for one in config.get("filter") or []]


def _one(items: list[dict[str, Any]], what: str) -> dict[str, Any]:
    if len(items) != 1:
        raise StandInError(f"{len(items) or 'no'} {what} match where one must")
    return items[0]


def _availability_zones(aws: Aws, config: State) -> State:
    filters = _filters(config) + ([{"Name": "state", "Values": [config["state"]]}] if config["state"] else [])
    zones = aws.client("ec2").describe_availability_zones(Filters=filters)["AvailabilityZones"]
    kept = sorted(
        (zone["ZoneName"], zone["ZoneId"], zone.get("GroupName", aws.region))
        for zone in zones
        if zone["ZoneName"] not in (config["exclude_names"] or [])
        and zone["ZoneId"] not in (config["exclude_zone_ids"] or [])
    )
    return {
        "id": aws.region,
        "names": [zone[0] for zone in kept],
        "zone_ids": [zone[1] for zone in kept],
        "group_names": sorted({zone[2] for zone in kept}),
    }


def _caller_identity(aws: Aws, config: State) -> State:
    who = aws.client("sts").get_caller_identity()
    return {"id": who["Account"], "account_id": who["Account"], "arn": who["Arn"], "user_id": who["UserId"]}


def _region(aws: Aws, config: State) -> State:
    name = config["name"] or config.get("region") or aws.region
    return {"id": name, "name": name, "description": name, "endpoint": f"ec2.{name}.amazonaws.com"}


def _partition(aws: Aws, config: State) -> State:
    return {"id": "aws", "partition": "aws", "dns_suffix": "amazonaws.com", "reverse_dns_prefix": "com.amazonaws"}


def _parameter(aws: Aws, config: State) -> State:
    decrypt = config["with_decryption"] is not False
    found = aws.client("ssm").get_parameter(Name=config["name"], WithDecryption=decrypt)["Parameter"]
    return {
        "id": found["Name"],
        "arn": found["ARN"],
        "type": found["Type"],
        "value": found["Value"],
        "insecure_value": None if found["Type"] == "SecureString" else found["Value"],
        "version": found.get("Version"),
        "with_decryption": decrypt,
    }


def _ami(aws: Aws, config: State) -> State:
    arguments = {**given(config, Owners="owners", ExecutableUsers="executable_users"), "Filters": _filters(config)}
    images = aws.client("ec2").describe_images(**arguments)["Images"]
    if config["most_recent"]:
        images = sorted(images, key=lambda image: str(image["CreationDate"]))[-1:]
    image = _one(images, "images")
    return {
        "id": image["ImageId"],
        "image_id": image["ImageId"],
        "arn": aws.arn("ec2", f"image/{image['ImageId']}"),
        "name": image["Name"],
        "architecture": image["Architecture"],
        "creation_date": str(image["CreationDate"]),
        "owner_id": image["OwnerId"],
        "root_device_name": image["RootDeviceName"],
        "root_device_type": image["RootDeviceType"],
        "virtualization_type": image["VirtualizationType"],
        "state": image["State"],
        "description": image.get("Description", ""),
        "public": image["Public"],
        "tags": as_map(image.get("Tags")),
    }


def _vpc(aws: Aws, config: State) -> State:
    own = {"cidr": "cidr_block", "state": "state"}
    filters = _filters(config) + [{"Name": key, "Values": [config[name]]} for key, name in own.items() if config[name]]
    filters += [{"Name": f"tag:{key}", "Values": [value]} for key, value in (config["tags"] or {}).items()]
    ids = {"VpcIds": [config["id"]]} if config["id"] else {}
    vpc = _one(aws.client("ec2").describe_vpcs(Filters=filters, **ids)["Vpcs"], "VPCs")
    return {
        "id": vpc["VpcId"],
        "arn": aws.arn("ec2", f"vpc/{vpc['VpcId']}"),
        "cidr_block": vpc["CidrBlock"],
        "instance_tenancy": vpc["InstanceTenancy"],
        "owner_id": vpc["OwnerId"],
        "default": vpc["IsDefault"],
        "state": vpc["State"],
        "tags": as_map(vpc.get("Tags")),
    }


def _prefix_list(aws: Aws, config: State) -> dict[str, Any]:
    named = {"prefix-list-name": config["name"], "prefix-list-id": config.get("prefix_list_id") or config["id"]}
    filters = _filters(config) + [{"Name": key, "Values": [value]} for key, value in named.items() if value]
    return _one(aws.client("ec2").describe_managed_prefix_lists(Filters=filters)["PrefixLists"], "prefix lists")


def _service_prefix_list(aws: Aws, config: State) -> State:
    found = _prefix_list(aws, config)
    return {"id": found["PrefixListId"], "prefix_list_id": found["PrefixListId"], "name": found["PrefixListName"]}


def _managed_prefix_list(aws: Aws, config: State) -> State:
    found = _prefix_list(aws, config)
    return {
        "id": found["PrefixListId"],
        "arn": found["PrefixListArn"],
        "name": found["PrefixListName"],
        "address_family": found["AddressFamily"],
        "owner_id": found["OwnerId"],
        "version": found.get("Version"),
        "tags": as_map(found.get("Tags")),
    }


def _secret(aws: Aws, config: State) -> State:
    name = config["arn"] or config["name"]
    found = aws.client("secretsmanager").describe_secret(SecretId=name)
    return {
        "id": found["ARN"],
        "arn": found["ARN"],
        "name": found["Name"],
        "description": found.get("Description", ""),
        "kms_key_id": found.get("KmsKeyId", ""),
        "policy": "",
        "tags": as_map(found.get("Tags")),
    }


def _secret_version(aws: Aws, config: State) -> State:
    found = aws.client("secretsmanager").get_secret_value(
        **given(config, SecretId="secret_id", VersionId="version_id", VersionStage="version_stage")
    )
    return {
        "id": f"{config['secret_id']}|{found['VersionId']}",
        "arn": found["ARN"],
        "secret_arn": found["ARN"],
        "secret_string": found["SecretString"],
        "version_id": found["VersionId"],
        "version_stages": found["VersionStages"],
        "created_date": found["CreatedDate"].isoformat(),
    }


def _policy_document(aws: Aws, config: State) -> State:
    """Put a policy together, as the provider does: single values are no lists, everything is sorted."""
    statements: dict[str, State] = {}
    for source in config["source_policy_documents"] or []:
        for statement in json.loads(source)["Statement"]:
            statements[statement.get("Sid") or f"#{len(statements)}"] = statement
    for block in config["statement"]:
        statement = _statement(block)
        statements[statement.get("Sid") or f"#{len(statements)}"] = statement
    document = {
        "Version": config["version"] or "2012-10-17",
        **({"Id": config["policy_id"]} if config["policy_id"] else {}),
        "Statement": list(statements.values()),
    }
    text = json.dumps(document, indent=2)
    minified = json.dumps(document, separators=(",", ":"))
    # The provider's own id is a checksum of the text as well; nothing may rely on its value.
    return {"id": hashlib.sha256(text.encode()).hexdigest()[:10], "json": text, "minified_json": minified}


def _statement(block: State) -> State:
    statement: State = {"Sid": block["sid"]} if block["sid"] else {}
    statement["Effect"] = block["effect"] or "Allow"
    keys = {"actions": "Action", "not_actions": "NotAction", "resources": "Resource", "not_resources": "NotResource"}
    statement.update({key: _several(block[name]) for name, key in keys.items() if block[name]})
    for name, key in (("principals", "Principal"), ("not_principals", "NotPrincipal")):
        found: dict[str, list[str]] = {}
        for one in block[name]:
            found.setdefault(one["type"], []).extend(one["identifiers"])
        if found:
            everyone = found == {"*": ["*"]}
            statement[key] = "*" if everyone else {kind: _several(peers) for kind, peers in sorted(found.items())}
    conditions: dict[str, dict[str, Any]] = {}
    for one in block["condition"]:
        test = conditions.setdefault(one["test"], {})
        before = test.get(one["variable"], [])
        test[one["variable"]] = [*before, *one["values"]]
    if conditions:
        statement["Condition"] = {
            test: {name: values[0] if len(values) == 1 else values for name, values in variables.items()}
            for test, variables in sorted(conditions.items())
        }
    return statement


def _several(values: list[str]) -> Any:
    return values[0] if len(values) == 1 else sorted(values, reverse=True)


#: AWS's own cache policies, which have the same ids in every account. Source:
#: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html
_CACHE_POLICIES = {
    "Managed-CachingOptimized": "658327ea-f89d-4fab-a63d-7e88639e58f6",
    "Managed-CachingDisabled": "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
}


def _cache_policy(aws: Aws, config: State) -> State:
    for name, identifier in _CACHE_POLICIES.items():
        if config["name"] == name or config["id"] == identifier:
            return {"id": identifier, "name": name}
    raise StandInError(f"no cache policy {config['name'] or config['id']}")


#: Type -> what reads it.
DATA_SOURCES: dict[str, Callable[[Aws, State], State]] = {
    "aws_ami": _ami,
    "aws_availability_zones": _availability_zones,
    "aws_caller_identity": _caller_identity,
    "aws_cloudfront_cache_policy": _cache_policy,
    "aws_ec2_managed_prefix_list": _managed_prefix_list,
    "aws_iam_policy_document": _policy_document,
    "aws_partition": _partition,
    "aws_prefix_list": _service_prefix_list,
    "aws_region": _region,
    "aws_secretsmanager_secret": _secret,
    "aws_secretsmanager_secret_version": _secret_version,
    "aws_ssm_parameter": _parameter,
    "aws_vpc": _vpc,
}

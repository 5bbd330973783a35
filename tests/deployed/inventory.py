"""Everything that an account of the emulator holds, as the services' describe, list and get operations tell it."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from botocore.exceptions import ClientError

Json = dict[str, Any]


#: The identity store that the spec names.
STORE = "d-1234567890"


class Get(NamedTuple):
    """A further operation on what was listed: its arguments come from the item."""

    operation: str
    arguments: Callable[[Any], Json]


class Listing(NamedTuple):
    """What a service holds of one kind."""

    service: str
    operation: str
    #: The list in the answer; a second one for lists in lists.
    key: str
    more: tuple[Get, ...] = ()
    arguments: Json = {}
    #: Which items AWS itself brings.
    foreign: Callable[[Any], bool] = lambda item: False


def _of(*names: str, **renamed: str) -> Callable[[Any], Json]:
    """Return a function that takes arguments of those names from an item."""
    return lambda item: {name: item[name] for name in names} | {name: item[key] for name, key in renamed.items()}


def _id(name: str) -> Callable[[Any], Json]:
    """Return a function that gives the item itself as the argument `name`."""
    return lambda item: {name: item}


_API = _of(restApiId="id")
LISTINGS = (
    Listing(
        "ec2",
        "describe_vpcs",
        "Vpcs",
        (
            Get("describe_vpc_attribute", lambda vpc: {"VpcId": vpc["VpcId"], "Attribute": "enableDnsSupport"}),
            Get("describe_vpc_attribute", lambda vpc: {"VpcId": vpc["VpcId"], "Attribute": "enableDnsHostnames"}),
        ),
    ),
    *(
        Listing("ec2", operation, key)
        for operation, key in (
            ("describe_subnets", "Subnets"),
            ("describe_internet_gateways", "InternetGateways"),
            ("describe_route_tables", "RouteTables"),
            ("describe_security_groups", "SecurityGroups"),
            ("describe_key_pairs", "KeyPairs"),
            ("describe_vpc_endpoints", "VpcEndpoints"),
            ("describe_addresses", "Addresses"),
            ("describe_nat_gateways", "NatGateways"),
            ("describe_network_acls", "NetworkAcls"),
            ("describe_volumes", "Volumes"),
        )
    ),
    Listing(
        "ec2",
        "describe_instances",
        "Reservations.Instances",
        (
            Get("describe_instance_attribute", lambda i: {"InstanceId": i["InstanceId"], "Attribute": "userData"}),
            Get(
                "describe_instance_attribute", lambda i: {"InstanceId": i["InstanceId"], "Attribute": "sourceDestCheck"}
            ),
        ),
    ),
    Listing(
        "ec2",
        "describe_launch_templates",
        "LaunchTemplates",
        (Get("describe_launch_template_versions", _of("LaunchTemplateId")),),
    ),
    Listing(
        "iam",
        "list_roles",
        "Roles",
        (
            Get("get_role", _of("RoleName")),
            Get("list_attached_role_policies", _of("RoleName")),
            Get("list_role_policies", _of("RoleName")),
        ),
    ),
    Listing("iam", "list_instance_profiles", "InstanceProfiles"),
    Listing("iam", "list_policies", "Policies", arguments={"Scope": "Local"}),
    Listing(
        "s3",
        "list_buckets",
        "Buckets",
        tuple(
            Get(operation, _of(Bucket="Name"))
            for operation in (
                "get_bucket_encryption",
                "get_bucket_ownership_controls",
                "get_public_access_block",
                "get_bucket_policy",
                "get_bucket_versioning",
                "get_bucket_tagging",
                "get_bucket_lifecycle_configuration",
                "get_bucket_notification_configuration",
                "get_bucket_logging",
                "list_objects_v2",
            )
        ),
    ),
    Listing(
        "sqs",
        "list_queues",
        "QueueUrls",
        (
            Get("get_queue_attributes", lambda url: {"QueueUrl": url, "AttributeNames": ["All"]}),
            Get("list_queue_tags", _id("QueueUrl")),
        ),
    ),
    Listing(
        "sns",
        "list_topics",
        "Topics",
        (
            Get("get_topic_attributes", _of("TopicArn")),
            Get("list_tags_for_resource", _of(ResourceArn="TopicArn")),
        ),
    ),
    Listing("sns", "list_subscriptions", "Subscriptions"),
    Listing(
        "dynamodb",
        "list_tables",
        "TableNames",
        (
            Get("describe_table", _id("TableName")),
            Get("describe_continuous_backups", _id("TableName")),
            Get("describe_time_to_live", _id("TableName")),
        ),
    ),
    Listing("rds", "describe_db_instances", "DBInstances"),
    Listing("rds", "describe_db_subnet_groups", "DBSubnetGroups"),
    Listing(
        "rds",
        "describe_db_parameter_groups",
        "DBParameterGroups",
        (Get("describe_db_parameters", _of("DBParameterGroupName")),),
    ),
    Listing(
        "lambda",
        "list_functions",
        "Functions",
        (Get("get_function", _of("FunctionName")), Get("get_policy", _of("FunctionName"))),
    ),
    Listing(
        "lambda",
        "list_layers",
        "Layers",
        (Get("list_layer_versions", _of("LayerName")),),
    ),
    Listing(
        "logs",
        "describe_log_groups",
        "logGroups",
        (Get("list_tags_log_group", _of("logGroupName")),),
    ),
    Listing(
        "ssm",
        "describe_parameters",
        "Parameters",
        (
            Get("get_parameter", _of("Name")),
            Get("list_tags_for_resource", lambda p: {"ResourceType": "Parameter", "ResourceId": p["Name"]}),
        ),
        foreign=lambda parameter: parameter["Name"].startswith("/aws/"),
    ),
    Listing(
        "secretsmanager",
        "list_secrets",
        "SecretList",
        (
            Get("describe_secret", _of(SecretId="ARN")),
            Get("get_resource_policy", _of(SecretId="ARN")),
            Get("get_secret_value", _of(SecretId="ARN")),
        ),
    ),
    Listing(
        "apigateway",
        "get_rest_apis",
        "items",
        (
            Get("get_resources", lambda api: {"restApiId": api["id"], "embed": ["methods"]}),
            Get("get_stages", _API),
            Get("get_deployments", _API),
            Get("get_models", _API),
            Get("get_gateway_responses", _API),
            Get("get_request_validators", _API),
        ),
    ),
    Listing("apigateway", "get_api_keys", "items", arguments={"includeValues": False}),
    Listing("apigateway", "get_usage_plans", "items", (Get("get_usage_plan_keys", _of(usagePlanId="id")),)),
    Listing("apigateway", "get_account", ""),
    Listing(
        "stepfunctions",
        "list_state_machines",
        "stateMachines",
        (
            Get("describe_state_machine", _of("stateMachineArn")),
            Get("list_tags_for_resource", _of(resourceArn="stateMachineArn")),
        ),
    ),
    Listing("scheduler", "list_schedules", "Schedules", (Get("get_schedule", _of("Name")),)),
    Listing(
        "cloudwatch",
        "describe_alarms",
        "MetricAlarms",
        (Get("list_tags_for_resource", _of(ResourceARN="AlarmArn")),),
    ),
    Listing(
        "budgets",
        "describe_budgets",
        "Budgets",
        (
            Get(
                "describe_notifications_for_budget",
                lambda b: {"AccountId": "123456789012", "BudgetName": b["BudgetName"]},
            ),
        ),
        arguments={"AccountId": "123456789012"},
    ),
    Listing("organizations", "describe_organization", ""),
    Listing("organizations", "list_roots", "Roots"),
    Listing(
        "organizations",
        "list_policies",
        "Policies",
        (
            Get("describe_policy", _of(PolicyId="Id")),
            Get("list_targets_for_policy", _of(PolicyId="Id")),
            Get("list_tags_for_resource", _of(ResourceId="Id")),
        ),
        {"Filter": "SERVICE_CONTROL_POLICY"},
    ),
    Listing(
        "route53",
        "list_hosted_zones",
        "HostedZones",
        (
            Get("list_resource_record_sets", _of(HostedZoneId="Id")),
            Get(
                "list_tags_for_resource", lambda z: {"ResourceType": "hostedzone", "ResourceId": z["Id"].split("/")[-1]}
            ),
        ),
    ),
    Listing(
        "cloudfront",
        "list_distributions",
        "DistributionList.Items",
        (Get("get_distribution", _of("Id")), Get("list_tags_for_resource", _of(Resource="ARN"))),
    ),
    Listing("cloudfront", "list_origin_access_controls", "OriginAccessControlList.Items"),
    Listing("identitystore", "list_groups", "Groups", arguments={"IdentityStoreId": STORE}),
    Listing(
        "amplify",
        "list_apps",
        "apps",
        (Get("list_branches", _of("appId")), Get("list_domain_associations", _of("appId"))),
    ),
)


def inventory(client: Callable[[str], Any], services: frozenset[str] = frozenset()) -> dict[str, list[Any]]:
    """Return kind of thing -> what there is of it, with all that is asked about each; of all services, or some."""
    found: dict[str, list[Any]] = {}
    for listing in LISTINGS:
        if services and listing.service not in services:
            continue
        kind = f"{listing.service} {listing.operation}"
        asked = client(listing.service)
        try:
            items = [one for one in _items(asked, listing) if not listing.foreign(one)]
        except ClientError as error:
            found[kind] = [{"refused": error.response["Error"]["Code"]}]
            continue
        found[kind] = [
            {"item": item, **{f"{n} {get.operation}": _answer(asked, get, item) for n, get in enumerate(listing.more)}}
            for item in items
        ]
    found["iam get_role_policy"] = list(_role_policies(client("iam"))) if not services or "iam" in services else []
    return found


def _items(client: Any, listing: Listing) -> Iterator[Any]:
    pages = (
        client.get_paginator(listing.operation).paginate(**listing.arguments)
        if client.can_paginate(listing.operation)
        else [_call(client, listing.operation, listing.arguments)]
    )
    for page in pages:
        values = [page]
        for step in listing.key.split(".") if listing.key else ():
            values = list(itertools.chain.from_iterable(_list(value.get(step)) for value in values))
        yield from values


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _answer(client: Any, get: Get, item: Any) -> Any:
    return _call(client, get.operation, get.arguments(item))


def _call(client: Any, operation: str, arguments: Json) -> Any:
    """Return an answer without what is about the call; a refusal is an answer, too."""
    try:
        answer = getattr(client, operation)(**arguments)
    except ClientError as error:
        return {"refused": error.response["Error"]["Code"]}
    return {name: value for name, value in answer.items() if name != "ResponseMetadata"}


def _role_policies(iam: Any) -> Iterator[Any]:
    for role in (one for page in iam.get_paginator("list_roles").paginate() for one in page["Roles"]):
        for name in iam.list_role_policies(RoleName=role["RoleName"])["PolicyNames"]:
            yield _call(iam, "get_role_policy", {"RoleName": role["RoleName"], "PolicyName": name})

"""What no table can say: properties of CloudFormation that come of several attributes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lenie.compiler.verify.program import Program, Resource
from lenie.compiler.verify.terraform.atoms import Generated, ImageRoot, Remote
from lenie.compiler.verify.terraform.tree import put, take
from lenie.compiler.verify.values import Bag, Digest, Document, Node, Text, atoms_of, key_of

#: The device of most images' root volume. Source: EC2 User Guide, Device names for volumes.
ROOT_DEVICE = "/dev/xvda"
#: Source: provider documentation, ephemeral resource aws_secretsmanager_random_password.
_PASSWORD = {
    "password_length": "PasswordLength",
    "exclude_characters": "ExcludeCharacters",
    "exclude_lowercase": "ExcludeLowercase",
    "exclude_numbers": "ExcludeNumbers",
    "exclude_punctuation": "ExcludePunctuation",
    "exclude_uppercase": "ExcludeUppercase",
    "include_space": "IncludeSpace",
    "require_each_included_type": "RequireEachIncludedType",
}


def _instance(resource: Resource, tags: Node) -> str:
    root = resource.properties
    for mapping in root.value["BlockDeviceMappings"].value if "BlockDeviceMappings" in root.value else []:
        mapping.value.setdefault("DeviceName", Node(ImageRoot(), mapping.place))
    (volumes,) = take(root, "(volume tags)")
    if volumes is not None:
        if key_of(volumes) == key_of(tags):
            put(root, "PropagateTagsToVolumeOnCreation", Node(True, volumes.place))
        else:
            put(root, "(volume tags)", volumes)
    return ""


def name_root_devices(wanted: Program, program: Program) -> None:
    """Name the root volumes of instances, which Terraform leaves to the image, as the spec does.

    Both are in normal form, with the graph's names. A root volume is the one that no other block can be.
    """
    for resource in program.resources():
        owner = wanted.components.get(resource.component)
        other = owner.resources.get(resource.name) if owner is not None else None
        found = _mappings(resource)
        names = {_device(mapping) for mapping in _mappings(other)} - {_device(mapping) for mapping in found}
        for mapping in found:
            if isinstance(_device(mapping), ImageRoot):
                mapping.value["DeviceName"].value = names.pop() if len(names) == 1 else ROOT_DEVICE
        if found:
            resource.properties.value["BlockDeviceMappings"].value.members.sort(key=key_of)


def _mappings(resource: Resource | None) -> list[Node]:
    properties = resource.properties.value if resource is not None and resource.type == "AWS::EC2::Instance" else None
    found = properties.get("BlockDeviceMappings") if isinstance(properties, dict) else None
    members = found.value.members if found is not None and isinstance(found.value, Bag) else []
    return [one for one in members if isinstance(one.value, dict) and "DeviceName" in one.value]


def _device(mapping: Node) -> Any:
    return mapping.value["DeviceName"].value


def _launch_template(resource: Resource, tags: Node) -> str:
    (found,) = take(resource.properties, "(template tags)")
    if found is not None:
        member = {"ResourceType": Node("launch-template", found.place), "Tags": found}
        put(resource.properties, "TagSpecifications", Node([Node(member, found.place)], found.place))
    return ""


def _table(resource: Resource, tags: Node) -> str:
    root = resource.properties
    keyed = [root, *(root.value["GlobalSecondaryIndexes"].value if "GlobalSecondaryIndexes" in root.value else [])]
    local = root.value["LocalSecondaryIndexes"].value if "LocalSecondaryIndexes" in root.value else []
    for index in local:
        # A local index has the partition key of its table.
        if "(hash key)" in root.value:
            index.value["(hash key)"] = root.value["(hash key)"]
    keyed += local
    for node in keyed:
        keys = zip(take(node, "(hash key)", "(range key)"), ("HASH", "RANGE"), strict=True)
        schema = [
            Node({"AttributeName": Node(key.value, key.place), "KeyType": Node(kind, key.place)}, key.place)
            for key, kind in keys
            if key is not None
        ]
        put(node, "KeySchema", Node(schema, node.place))
    return ""


def _parameter_group(resource: Resource, tags: Node) -> str:
    (found,) = take(resource.properties, "(parameters)")
    values: dict[str, Node] = {}
    for member in found.value if found is not None else []:
        name = member.value.get("Name")
        values[str(name.value) if name else ""] = member.value.get("Value", Node("", member.place))
    if found is not None:
        put(resource.properties, "Parameters", Node(values, found.place))
    return ""


def _secret(resource: Resource, tags: Node) -> str:
    (found,) = take(resource.properties, "(secret text)")
    if found is None:
        return ""
    fields = found.value.root.value if isinstance(found.value, Document) else None
    generated = {
        key: node
        for key, node in (fields.items() if isinstance(fields, dict) else ())
        if isinstance(node.value, Generated)
    }
    if isinstance(found.value, Generated):
        put(resource.properties, "GenerateSecretString", _options(found.value, found))
        return ""
    if len(generated) != 1 or not isinstance(fields, dict):
        put(resource.properties, "SecretString", found)
        return ""
    ((key, password),) = generated.items()
    options = _options(password.value, password)
    rest = Node({name: node for name, node in fields.items() if name != key}, found.place)
    put(options, "SecretStringTemplate", Node(Document(rest), found.place))
    put(options, "GenerateStringKey", Node(key, password.place))
    put(resource.properties, "GenerateSecretString", options)
    return ""


def _options(password: Generated, node: Node) -> Node:
    return Node(
        {_PASSWORD.get(name, f"({name})"): Node(value, node.place) for name, value in password.options}, node.place
    )


def _stage(resource: Resource, tags: Node) -> str:
    found = resource.properties.value.get("MethodSettings")
    for member in found.value if found is not None else []:
        api, path, settings = take(member, "(api)", "(method path)", "(settings)")
        if api is None or not _same_api(api, resource):
            return "the settings are of another API than the stage"
        where, _, method = str(path.value if path else "").rpartition("/")
        member.value["HttpMethod"] = Node(method, member.place)
        member.value["ResourcePath"] = Node(f"/{where}", member.place)
        member.value.update(settings.value if settings is not None else {})
    return ""


def _same_api(api: Node, resource: Resource) -> bool:
    own = resource.properties.value.get("RestApiId")
    if isinstance(api.value, Remote) and (api.value.component, api.value.address) == resource.key:
        return api.value.attribute == "rest_api_id"
    return own is not None and key_of(api) == key_of(own)


def _deployment(resource: Resource, tags: Node) -> str:
    """A deployment is made anew when the API's body changes, if a trigger depends on that body."""
    (triggers,) = take(resource.properties, "(triggers)")
    api = resource.properties.value.get("RestApiId")
    resource.renewed = False
    for atom in atoms_of(triggers) if triggers is not None else ():
        body = atom.value if isinstance(atom, Digest) else None
        if isinstance(body, Remote) and body.attribute == "body" and isinstance(getattr(api, "value", None), Remote):
            assert api is not None
            resource.renewed = (body.component, body.address) == (api.value.component, api.value.address)
    return ""


def _state_machine(resource: Resource, tags: Node) -> str:
    logging = resource.properties.value.get("LoggingConfiguration")
    if logging is None or not isinstance(logging.value, dict):
        return ""
    (destination,) = take(logging, "(log destination)")
    if destination is not None:
        group = Node({"LogGroupArn": destination}, destination.place)
        member = Node({"CloudWatchLogsLogGroup": group}, destination.place)
        put(logging, "Destinations", Node([member], destination.place))
    return ""


def _budget(resource: Resource, tags: Node) -> str:
    found = resource.properties.value.get("NotificationsWithSubscribers")
    for member in found.value if found is not None else []:
        subscribers = []
        for node, kind in zip(take(member, "(emails)", "(topics)"), ("EMAIL", "SNS"), strict=True):
            for address in node.value if node is not None else []:
                entry = {"SubscriptionType": Node(kind, address.place), "Address": address}
                subscribers.append(Node(entry, address.place))
        member.value["Subscribers"] = Node(subscribers, member.place)
    return ""


def _distribution(resource: Resource, tags: Node) -> str:
    """An origin that says nothing of its kind is a bucket's; the provider then gives an empty identity."""
    config = resource.properties.value.get("DistributionConfig")
    origins = config.value.get("Origins") if config is not None else None
    for origin in origins.value if origins is not None else []:
        if not origin.value.keys() & {"S3OriginConfig", "CustomOriginConfig"}:
            put(origin, "S3OriginConfig.OriginAccessIdentity", Node("", origin.place))
    return ""


def _schedule(resource: Resource, tags: Node) -> str:
    """EventBridge Scheduler replaces its keywords, such as ``<aws.scheduler.execution-id>``, in the text as it stands.

    Source: EventBridge Scheduler User Guide, Adding context attributes.
    """
    target = resource.properties.value.get("Target")
    found = target.value.get("Input") if target is not None and isinstance(target.value, dict) else None
    if found is None or not isinstance(found.value, Document):
        return ""
    escaped = _signs(found.value.root) - getattr(found.value, "signs", frozenset())
    if escaped:
        put(resource.properties, "(escaped in Target.Input)", Node(" ".join(sorted(escaped)), found.place))
    return ""


def _signs(node: Node) -> set[str]:
    """Return which of the signs that `jsonencode` escapes stand in the literal texts and the keys of a value."""
    value = node.value
    if isinstance(value, Document):
        value = value.root.value
    if isinstance(value, dict):
        return {sign for key in value for sign in "<>&" if sign in key}.union(*map(_signs, value.values()))
    if isinstance(value, list):
        return set().union(*map(_signs, value))
    parts = value.parts if isinstance(value, Text) else (value,)
    return {sign for part in parts if isinstance(part, str) for sign in "<>&" if sign in part}


def _security_group(resource: Resource, tags: Node) -> str:
    """Without a rule, nothing may leave: the provider removes the one that EC2 makes."""
    resource.properties.value.setdefault("SecurityGroupEgress", Node([], resource.place))
    return ""


#: The provider's type -> what completes the resource; it returns what is wrong with it, or nothing.
FINISH: dict[str, Callable[[Resource, Node], str]] = {
    "aws_instance": _instance,
    "aws_launch_template": _launch_template,
    "aws_dynamodb_table": _table,
    "aws_db_parameter_group": _parameter_group,
    "aws_secretsmanager_secret": _secret,
    "aws_api_gateway_stage": _stage,
    "aws_api_gateway_deployment": _deployment,
    "aws_sfn_state_machine": _state_machine,
    "aws_budgets_budget": _budget,
    "aws_cloudfront_distribution": _distribution,
    "aws_scheduler_schedule": _schedule,
    "aws_security_group": _security_group,
}

"""What exists already under the names that new resources are to have: told before anything is changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

from lenie.compiler.aws import DENIED
from lenie.compiler.deploy.calls import Calls, code_of
from lenie.compiler.deploy.values import property_of, text
from lenie.compiler.graph import Graph

_THREADS = 8


class Wanted(NamedTuple):
    """A name that a resource which is not there yet is to have."""

    component: str
    logical_id: str
    type: str
    name: str


class Collision(NamedTuple):
    """A wanted name that is taken; `note` tells more, if there is more to tell."""

    wanted: Wanted
    note: str = ""


class _Look(NamedTuple):
    """How a name of a type is looked up: a call that fails with one of `missing` if it is free."""

    property: str
    service: str
    operation: str
    #: Name and ARN -> arguments.
    arguments: Callable[[str, Any], dict[str, Any]]
    missing: tuple[str, ...]


class Where(NamedTuple):
    """Account, region and partition, for ARNs."""

    account: str
    region: str
    partition: str

    def arn(self, service: str, rest: str) -> str:
        """Return an ARN in this account and region."""
        return f"arn:{self.partition}:{service}:{self.region}:{self.account}:{rest}"


#: Source: the API reference of each service, "Errors" of the operation.
_LOOKS: dict[str, _Look] = {
    "AWS::Budgets::Budget": _Look(
        "Budget.BudgetName",
        "budgets",
        "describe_budget",
        lambda name, where: {"AccountId": where.account, "BudgetName": name},
        ("NotFoundException",),
    ),
    "AWS::DynamoDB::Table": _Look(
        "TableName", "dynamodb", "describe_table", lambda name, _: {"TableName": name}, ("ResourceNotFoundException",)
    ),
    "AWS::EC2::KeyPair": _Look(
        "KeyName", "ec2", "describe_key_pairs", lambda name, _: {"KeyNames": [name]}, ("InvalidKeyPair.NotFound",)
    ),
    "AWS::EC2::LaunchTemplate": _Look(
        "LaunchTemplateName",
        "ec2",
        "describe_launch_templates",
        lambda name, _: {"LaunchTemplateNames": [name]},
        ("InvalidLaunchTemplateName.NotFoundException",),
    ),
    "AWS::IAM::InstanceProfile": _Look(
        "InstanceProfileName",
        "iam",
        "get_instance_profile",
        lambda name, _: {"InstanceProfileName": name},
        ("NoSuchEntity", "NoSuchEntityException"),
    ),
    "AWS::IAM::Role": _Look(
        "RoleName",
        "iam",
        "get_role",
        lambda name, _: {"RoleName": name},
        ("NoSuchEntity", "NoSuchEntityException"),
    ),
    "AWS::Lambda::Function": _Look(
        "FunctionName",
        "lambda",
        "get_function_configuration",
        lambda name, _: {"FunctionName": name},
        ("ResourceNotFoundException",),
    ),
    "AWS::RDS::DBInstance": _Look(
        "DBInstanceIdentifier",
        "rds",
        "describe_db_instances",
        lambda name, _: {"DBInstanceIdentifier": name},
        ("DBInstanceNotFound", "DBInstanceNotFoundFault"),
    ),
    "AWS::RDS::DBParameterGroup": _Look(
        "DBParameterGroupName",
        "rds",
        "describe_db_parameter_groups",
        lambda name, _: {"DBParameterGroupName": name},
        ("DBParameterGroupNotFound", "DBParameterGroupNotFoundFault"),
    ),
    "AWS::RDS::DBSubnetGroup": _Look(
        "DBSubnetGroupName",
        "rds",
        "describe_db_subnet_groups",
        lambda name, _: {"DBSubnetGroupName": name},
        ("DBSubnetGroupNotFoundFault", "DBSubnetGroupNotFound"),
    ),
    "AWS::S3::Bucket": _Look(
        "BucketName", "s3", "head_bucket", lambda name, _: {"Bucket": name}, ("404", "NoSuchBucket", "NotFound")
    ),
    "AWS::SNS::Topic": _Look(
        "TopicName",
        "sns",
        "get_topic_attributes",
        lambda name, where: {"TopicArn": where.arn("sns", name)},
        ("NotFound", "NotFoundException"),
    ),
    "AWS::SQS::Queue": _Look(
        "QueueName",
        "sqs",
        "get_queue_url",
        lambda name, _: {"QueueName": name},
        ("AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist"),
    ),
    "AWS::SSM::Parameter": _Look(
        "Name", "ssm", "get_parameter", lambda name, _: {"Name": name}, ("ParameterNotFound",)
    ),
    "AWS::Scheduler::Schedule": _Look(
        "Name", "scheduler", "get_schedule", lambda name, _: {"Name": name}, ("ResourceNotFoundException",)
    ),
    "AWS::SecretsManager::Secret": _Look(
        "Name",
        "secretsmanager",
        "describe_secret",
        lambda name, _: {"SecretId": name},
        ("ResourceNotFoundException",),
    ),
    "AWS::StepFunctions::StateMachine": _Look(
        "StateMachineName",
        "stepfunctions",
        "describe_state_machine",
        lambda name, where: {"stateMachineArn": where.arn("states", f"stateMachine:{name}")},
        ("StateMachineDoesNotExist",),
    ),
}
#: Types whose names a list tells: property, service, operation, arguments, key of the list, key of the name.
_LISTS: dict[str, tuple[str, str, str, Callable[[str], dict[str, Any]], str, str]] = {
    "AWS::CloudWatch::Alarm": (
        "AlarmName",
        "cloudwatch",
        "describe_alarms",
        lambda name: {"AlarmNames": [name]},
        "MetricAlarms",
        "AlarmName",
    ),
    "AWS::Logs::LogGroup": (
        "LogGroupName",
        "logs",
        "describe_log_groups",
        lambda name: {"logGroupNamePrefix": name},
        "logGroups",
        "logGroupName",
    ),
    "AWS::Organizations::Policy": (
        "Name",
        "organizations",
        "list_policies",
        lambda name: {"Filter": "SERVICE_CONTROL_POLICY"},
        "Policies",
        "Name",
    ),
}
#: What S3 answers for a bucket of another account, and of another region.
_FOREIGN = ("403", "Forbidden", "AccessDenied")
_ELSEWHERE = ("301", "PermanentRedirect")
#: What cannot be looked up, but is no reason to stop.
_UNKNOWN = ("AWSOrganizationsNotInUseException",)


def wanted(graph: Graph, components: Iterable[str], existing: Mapping[str, set[str]], account: str) -> list[Wanted]:
    """Return the names that resources of the components will take; `existing` are the logical ids of each stack.

    `graph` is that of one environment.
    """
    found = []
    for component in components:
        for resource in graph.components[component].resources.values():
            if resource.logical_id in existing.get(component, ()):
                continue
            look = _LOOKS.get(resource.type)
            listed = _LISTS.get(resource.type)
            dotted = look.property if look else listed[0] if listed else ""
            name = text(property_of(resource, dotted), account, graph.region) if dotted else None
            if name:
                found.append(Wanted(component, resource.logical_id, resource.type, name))
    return found


class Looked(NamedTuple):
    """What looking for names gave: those that are taken, and those that the user may not look for."""

    taken: list[Collision]
    denied: list[Wanted]

    @property
    def note(self) -> str:
        """Return what is to be said about the names that nobody looked for, or nothing."""
        if not self.denied:
            return ""
        kinds = ", ".join(sorted({one.type for one in self.denied}))
        return f"whether the names of new resources are free is not known for {kinds}: AWS denies looking"


def collisions(calls: Calls, names: Iterable[Wanted], where: Where) -> Looked:
    """Return which of `names` are taken.

    Raises:
        botocore.exceptions.ClientError: if AWS refuses to tell for another reason than permissions.
    """
    from botocore.exceptions import ClientError

    def look(one: Wanted) -> Collision | Wanted | None:
        try:
            return _taken(calls, one, where)
        except ClientError as error:
            if code_of(error) in DENIED:
                return one
            raise

    with ThreadPoolExecutor(_THREADS) as pool:
        found = list(pool.map(look, list(names)))
    return Looked(
        [one for one in found if isinstance(one, Collision)], [one for one in found if isinstance(one, Wanted)]
    )


def _taken(calls: Calls, one: Wanted, where: Where) -> Collision | None:
    from botocore.exceptions import ClientError

    try:
        if one.type in _LISTS:
            return Collision(one) if _listed(calls, one) else None
        look = _LOOKS[one.type]
        answer = calls(look.service, look.operation, **look.arguments(one.name, where))
    except ClientError as error:
        code = code_of(error)
        if one.type == "AWS::S3::Bucket" and code in _FOREIGN:
            return Collision(one, "in another account: names of buckets are global")
        if one.type == "AWS::S3::Bucket" and code in _ELSEWHERE:
            return Collision(one, "in another region: names of buckets are global")
        if code in _UNKNOWN or (one.type in _LOOKS and code in _LOOKS[one.type].missing):
            return None
        raise
    if look.operation.startswith("describe_") and [] in answer.values():
        return None
    if answer.get("DeletedDate"):
        return Collision(one, "and is scheduled for deletion: its name is free only after that")
    return Collision(one)


def _listed(calls: Calls, one: Wanted) -> bool:
    _, service, operation, arguments, key, name = _LISTS[one.type]
    token: dict[str, str] = {}
    while True:
        answer = calls(service, operation, **arguments(one.name), **token)
        if any(entry.get(name) == one.name for entry in answer.get(key, ())):
            return True
        token = {name: answer[name] for name in ("NextToken", "nextToken") if answer.get(name)}
        if not token:
            return False

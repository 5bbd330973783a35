"""Checks on names and texts that AWS will see: what the service accepts (E402), and that no two are the same (E403)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from lenie.compiler.data.lengths import LENGTHS, STACK_NAME, USER_DATA
from lenie.compiler.data.names import NAME_LIMITS
from lenie.compiler.diagnostics import Report
from lenie.compiler.expressions import (
    Base64,
    EnvironmentName,
    Interpolation,
    ParameterItem,
    ParameterValue,
    PerEnvironment,
    Pseudo,
    Value,
    WhenParameter,
)
from lenie.compiler.graph import Component, Graph, Resource
from lenie.compiler.span import Path

#: Stands for the account id, which has 12 digits, where a name holds it.
_ACCOUNT = "123456789012"

#: Names of which an account has one in a region. Others may repeat, or are unique inside another resource only.
UNIQUE = frozenset(
    {
        ("AWS::Budgets::Budget", "Budget.BudgetName"),
        ("AWS::CloudFront::OriginAccessControl", "OriginAccessControlConfig.Name"),
        ("AWS::CloudWatch::Alarm", "AlarmName"),
        ("AWS::DynamoDB::Table", "TableName"),
        ("AWS::EC2::KeyPair", "KeyName"),
        ("AWS::EC2::LaunchTemplate", "LaunchTemplateName"),
        ("AWS::Events::Rule", "Name"),
        ("AWS::IAM::InstanceProfile", "InstanceProfileName"),
        ("AWS::IAM::ManagedPolicy", "ManagedPolicyName"),
        ("AWS::IAM::Role", "RoleName"),
        ("AWS::IdentityStore::Group", "DisplayName"),
        ("AWS::KMS::Alias", "AliasName"),
        ("AWS::Lambda::Function", "FunctionName"),
        ("AWS::Lambda::LayerVersion", "LayerName"),
        ("AWS::Logs::LogGroup", "LogGroupName"),
        ("AWS::Organizations::Policy", "Name"),
        ("AWS::RDS::DBInstance", "DBInstanceIdentifier"),
        ("AWS::RDS::DBParameterGroup", "DBParameterGroupName"),
        ("AWS::RDS::DBSubnetGroup", "DBSubnetGroupName"),
        ("AWS::S3::Bucket", "BucketName"),
        ("AWS::SNS::Topic", "TopicName"),
        ("AWS::SQS::Queue", "QueueName"),
        ("AWS::SSM::Parameter", "Name"),
        ("AWS::Scheduler::Schedule", "Name"),
        ("AWS::SecretsManager::Secret", "Name"),
        ("AWS::StepFunctions::StateMachine", "StateMachineName"),
    }
)
#: Type -> its properties that hold names.
_BY_TYPE = {type: [name for owner, name in NAME_LIMITS if owner == type] for type, _ in NAME_LIMITS}
_LONG_BY_TYPE = {type: [name for owner, name in LENGTHS if owner == type] for type, _ in LENGTHS}


class _Named(NamedTuple):
    """A property that holds a name: its resource, its value, and the place in the spec that it comes from."""

    component: Component
    resource: Resource
    property: str
    value: Value
    path: Path


def check_names(graph: Graph, report: Report) -> None:
    """Check every name and text in every environment: a name may fit in `dev` and be too long in `prod`."""
    named = list(_properties(graph, _BY_TYPE))
    for item in named:
        _check_limit(graph, item, report)
    for item in _properties(graph, _LONG_BY_TYPE):
        limit = LENGTHS[item.resource.type, item.property]
        _check_length(graph, item, limit, "characters", report)
    for item in _properties(graph, {"AWS::EC2::Instance": ["UserData"]}):
        _check_length(graph, item, USER_DATA, "bytes", report)
    for component in graph.components.values():
        _check_stack(graph, component, report)
    _check_unique(graph, named, report)


def name_in(graph: Graph, value: Value, environment: str) -> str | None:
    """Return the text that `value` is in `environment`, or `None` if only AWS knows it, or it is left out there."""
    match value:
        case str():
            return value
        case EnvironmentName():
            return environment
        case PerEnvironment(values=values):
            return str(dict(values)[environment])
        case ParameterValue(name):
            given = graph.parameters[name].value(environment)
            return None if isinstance(given, tuple) else str(given)
        case ParameterItem(name, index):
            items = graph.parameters[name].value(environment)
            return items[index] if isinstance(items, tuple) else None
        case WhenParameter(name, item, is_set):
            there = graph.parameters[name].value(environment) not in ("", ())
            return name_in(graph, item, environment) if there == is_set else None
        case Pseudo(name):
            return {"region": graph.region, "account": _ACCOUNT, "partition": "aws"}.get(name)
        case Interpolation(parts):
            texts = [name_in(graph, part, environment) for part in parts]
            return None if None in texts else "".join(text for text in texts if text is not None)
    return None


def _least(graph: Graph, value: Value, environment: str) -> str:
    """Return the parts of a text that are known in `environment`: it is at least as long."""
    if isinstance(value, Base64):
        return _least(graph, value.text, environment)
    if isinstance(value, Interpolation):
        return "".join(_least(graph, part, environment) for part in value.parts)
    return name_in(graph, value, environment) or ""


def _check_length(graph: Graph, item: _Named, limit: int, unit: str, report: Report) -> None:
    """Report a text that is too long, in the first environment where it is."""
    for environment in graph.environments:
        text = _least(graph, item.value, environment)
        length = len(text.encode()) if unit == "bytes" else len(text)
        if length > limit:
            report.add(
                "E402",
                f"{_what(item)} has {length} {unit}; at most {limit} are allowed",
                item.path,
                key=report.tree.node(item.path) is None or item.path == item.resource.path,
                help="fetch the rest of the script when the instance starts" if unit == "bytes" else "shorten it",
            )
            return


def _check_stack(graph: Graph, component: Component, report: Report) -> None:
    """Report a component whose stack would have too long a name, in the environment with the longest name."""
    longest = max(graph.environments, key=len)
    middle = f"-{longest}" if component.scope == "environment" else ""
    length = len(f"{graph.project}{middle}-{component.name}")
    if length > STACK_NAME:
        report.add(
            "E402",
            f"the name of the component's stack has {length} characters; at most {STACK_NAME} are allowed",
            component.path,
            key=True,
            help="give the component a shorter name",
        )


def _properties(graph: Graph, by_type: Mapping[str, list[str]]) -> Iterator[_Named]:
    """Yield the properties that `by_type` lists, of all resources that have them."""
    for component in graph.components.values():
        for resource in component.resources.values():
            for dotted in by_type.get(resource.type, ()):
                value: Value | None = resource.properties
                steps = tuple(dotted.split("."))
                for step in steps:
                    value = value.get(step) if isinstance(value, dict) else None
                if value is not None:
                    yield _Named(component, resource, dotted, value, resource.origin(steps))


def _check_limit(graph: Graph, item: _Named, report: Report) -> None:
    """Report a name that AWS refuses, in the first environment where it does."""
    limit = NAME_LIMITS[item.resource.type, item.property]
    for environment in graph.environments:
        name = name_in(graph, item.value, environment)
        problem = limit.problem(name) if name is not None else None
        if problem is not None:
            report.add(
                "E402",
                f'{_what(item)} "{name}" {problem}',
                item.path,
                key=report.tree.node(item.path) is None or item.path == item.resource.path,
                help=f"rename it, or give it a name of its own; see {limit.source}",
            )
            return


def _check_unique(graph: Graph, named: list[_Named], report: Report) -> None:
    """Report names that two resources share, in one environment or in two."""
    owners: dict[tuple[str, str, str], tuple[_Named, str]] = {}
    told: set[int] = set()
    for environment in graph.environments:
        for item in named:
            kind = (item.resource.type, item.property)
            name = name_in(graph, item.value, environment) if kind in UNIQUE else None
            if name is None:
                continue
            other, first = owners.setdefault((*kind, name), (item, environment))
            if id(item.resource) in told or (other is item and _same(item, first, environment)):
                continue
            told.add(id(item.resource))
            if other is item:
                report.add(
                    "E403",
                    f'{_what(item)} "{name}" is the same in "{first}" and "{environment}"',
                    item.path,
                    key=item.path == item.resource.path,
                    help="put ${env.name} into it, so that environments can share an account",
                )
            else:
                report.add(
                    "E403",
                    f'two resources have {_what(item)} "{name}"',
                    item.path,
                    key=item.path == item.resource.path,
                    also=[(other.path, "the other one")],
                    help="rename one of them",
                )


def _same(item: _Named, first: str, environment: str) -> bool:
    """Whether the two environments mean one and the same resource: then its name is no clash."""
    return first == environment or item.component.scope != "environment"


def _what(item: _Named) -> str:
    """Return ``the QueueName of AWS::SQS::Queue`` as a start of a sentence."""
    return f"the {item.property.rpartition('.')[2]} of {item.resource.type}"

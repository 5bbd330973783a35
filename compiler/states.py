"""Reads workflows in Amazon States Language: their states, transitions, retries and the AWS calls that they make.

Sources: "Using Amazon States Language to define Step Functions workflows" and "Learning to use AWS service SDK
integrations in Step Functions" (AWS Step Functions Developer Guide). What is malformed is skipped here: it is for the
rules to say.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from lenie.compiler.kinds.workflow import INHERITED, Workflow
from lenie.compiler.program import Declaration
from lenie.compiler.span import Path
from lenie.compiler.types import Template

#: What the service takes where a retrier says nothing.
_INTERVAL, _ATTEMPTS, _RATE = 1, 3, 2.0
#: More retries than this are taken as endless.
_MANY = 1000

#: Name of a service in an ``aws-sdk`` resource -> its prefix in IAM, where they differ.
SDK_SERVICES: Mapping[str, str] = {
    "acmpca": "acm-pca",
    "apigatewayv2": "apigateway",
    "bedrockruntime": "bedrock",
    "cloudwatchevents": "events",
    "cloudwatchlogs": "logs",
    "cognitoidentity": "cognito-identity",
    "cognitoidentityprovider": "cognito-idp",
    "costexplorer": "ce",
    "databasemigration": "dms",
    "dynamodbstreams": "dynamodb",
    "efs": "elasticfilesystem",
    "elasticloadbalancingv2": "elasticloadbalancing",
    "emr": "elasticmapreduce",
    "eventbridge": "events",
    "opensearch": "es",
    "rdsdata": "rds-data",
    "redshiftdata": "redshift-data",
    "resourcegroupstaggingapi": "tag",
    "sesv2": "ses",
    "sfn": "states",
    "ssoadmin": "sso",
}

#: API call, in lower case -> IAM action that allows it, where they have different names.
CALL_ACTIONS: Mapping[str, str] = {
    "apigateway:invoke": "execute-api:Invoke",
    "http:invoke": "states:InvokeHTTPEndpoint",
    "lambda:invoke": "lambda:InvokeFunction",
    "lambda:invokeasync": "lambda:InvokeFunction",
    "s3:completemultipartupload": "s3:PutObject",
    "s3:copyobject": "s3:PutObject",
    "s3:createmultipartupload": "s3:PutObject",
    "s3:deleteobjects": "s3:DeleteObject",
    "s3:headbucket": "s3:ListBucket",
    "s3:headobject": "s3:GetObject",
    "s3:listobjects": "s3:ListBucket",
    "s3:listobjectsv2": "s3:ListBucket",
    "s3:uploadpart": "s3:PutObject",
    "sns:publishbatch": "sns:Publish",
    "sqs:changemessagevisibilitybatch": "sqs:ChangeMessageVisibility",
    "sqs:deletemessagebatch": "sqs:DeleteMessage",
    "sqs:sendmessagebatch": "sqs:SendMessage",
}


class Edge(NamedTuple):
    """A transition: the name of the next state, and the place that names it."""

    target: str
    path: Path


@dataclass(frozen=True, slots=True)
class State:
    """One state. A ``Retry`` or ``Catch`` that it leaves out may come from the workflow's ``task-defaults``."""

    name: str
    path: Path
    data: Mapping[str, Any]
    defaults: Mapping[str, Any] = field(default_factory=dict)
    defaults_path: Path = ()

    @property
    def type(self) -> str:
        """Return the type of the state, nothing if it has none."""
        found = self.data.get("Type")
        return found if isinstance(found, str) else ""

    def get(self, name: str) -> Any:
        """Return the value of a field."""
        return self.defaults.get(name) if self._inherits(name) else self.data.get(name)

    def place(self, name: str) -> Path:
        """Return where a field stands."""
        return (*(self.defaults_path if self._inherits(name) else self.path), name)

    def _inherits(self, name: str) -> bool:
        return name in self.defaults and name not in self.data and name in INHERITED.get(self.type, ())

    def edges(self) -> Iterator[Edge]:
        """Yield the transitions to other states."""
        for name in ("Next", "Default"):
            if name in self.data:
                yield Edge(_name(self.data[name]), (*self.path, name))
        for name in ("Choices", "Catch"):
            for index, item in enumerate(_items(self.get(name))):
                if isinstance(item, dict) and "Next" in item:
                    yield Edge(_name(item["Next"]), (*self.place(name), index, "Next"))

    def machines(self) -> Iterator[Machine]:
        """Yield the state machines inside a Map or Parallel state."""
        processor = "ItemProcessor" if "ItemProcessor" in self.data else "Iterator"
        inner: list[tuple[Path, Any]] = [((processor,), self.data.get(processor))] if self.type == "Map" else []
        if self.type == "Parallel":
            inner = [(("Branches", index), branch) for index, branch in enumerate(_items(self.data.get("Branches")))]
        for steps, definition in inner:
            if isinstance(definition, dict):
                yield Machine((*self.path, *steps), definition)


@dataclass(frozen=True, slots=True)
class Machine:
    """A state machine: the workflow itself, or what a Map or Parallel state runs; defaults hold for the former only."""

    path: Path
    definition: Mapping[str, Any]
    defaults: Mapping[str, Any] = field(default_factory=dict)
    defaults_path: Path = ()

    @property
    def start(self) -> str:
        """Return the name of the first state, nothing if none is given."""
        return _name(self.definition.get("StartAt", ""))

    def states(self) -> dict[str, State]:
        """Return the states by name."""
        found = self.definition.get("States")
        return {
            name: State(name, (*self.path, "States", name), data, self.defaults, self.defaults_path)
            for name, data in (found.items() if isinstance(found, dict) else ())
            if isinstance(data, dict)
        }

    def walk(self) -> Iterator[State]:
        """Yield the states, also those of the machines inside them."""
        for state in self.states().values():
            yield state
            for machine in state.machines():
                yield from machine.walk()

    def machines(self) -> Iterator[Machine]:
        """Yield this machine and those inside it."""
        yield self
        for state in self.states().values():
            for machine in state.machines():
                yield from machine.machines()


def workflow_machine(declaration: Declaration, workflow: Workflow) -> Machine:
    """Return the state machine of a workflow."""
    path = declaration.path
    return Machine((*path, "definition"), workflow.definition, workflow.task_defaults, (*path, "task-defaults"))


def call_of(resource: Any) -> str | None:
    """Return the API call of a task's `resource` as ``service:call`` in IAM's spelling of services, or `None`.

    ``arn:aws:states:::aws-sdk:sfn:startExecution.sync`` is ``states:startExecution``; the ARN of a function is
    ``lambda:invoke``.
    """
    text = resource.source if isinstance(resource, Template) else resource
    if not isinstance(text, str):
        return None
    single = resource.single if isinstance(resource, Template) else None
    if (single is not None and single.attribute == "arn") or ":lambda:" in text:
        return "lambda:invoke"
    _, found, integration = text.partition(":states:::")
    parts = integration.split(":")
    if not found or len(parts) not in (2, 3) or (len(parts) == 3) != (parts[0] == "aws-sdk"):
        return None
    service, call = parts[-2], parts[-1].split(".")[0]
    return f"{SDK_SERVICES.get(service, service)}:{call}" if service and call else None


def action_of(call: str) -> str:
    """Return the IAM action that allows the API call ``service:call``."""
    service, _, name = call.partition(":")
    return CALL_ACTIONS.get(call.lower()) or f"{service}:{name[:1].upper()}{name[1:]}"


class Retries(NamedTuple):
    """What a task's ``Retry`` comes to at worst: attempts (the first included) and seconds of waiting between them."""

    attempts: float
    waiting: float


def retries(retry: Any) -> Retries:
    """Return the worst case of a ``Retry`` field: every retrier is used up, and jitter shortens nothing.

    Source: AWS Step Functions Developer Guide, "Handling errors in Step Functions workflows".
    """
    attempts, waiting = 1.0, 0.0
    for retrier in _items(retry):
        if not isinstance(retrier, dict):
            continue
        times = _number(retrier.get("MaxAttempts"), _ATTEMPTS)
        if times > _MANY:
            return Retries(math.inf, math.inf)
        interval = _number(retrier.get("IntervalSeconds"), _INTERVAL)
        rate = _number(retrier.get("BackoffRate"), _RATE)
        longest = _number(retrier.get("MaxDelaySeconds"), math.inf)
        attempts += times
        for _ in range(int(times)):
            waiting += min(interval, longest)
            interval = min(interval * rate, 1e9)
    return Retries(attempts, waiting)


def _number(value: Any, default: float) -> float:
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) and value >= 0 else default


def _name(value: Any) -> str:
    """Return the name of a state as it is written; what is no text names none."""
    if isinstance(value, Template):
        return value.source
    return value if isinstance(value, str) else ""


def _items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []

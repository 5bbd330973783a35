"""Reads workflows in Amazon States Language: their states, transitions, retries and the AWS calls that they make.

Sources: "Using Amazon States Language to define Step Functions workflows" and "Learning to use AWS service SDK
integrations in Step Functions" (AWS Step Functions Developer Guide). What is malformed is skipped here: it is for the
rules to say.
"""

import math
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from lenie.compiler.kinds.queue import Queue
from lenie.compiler.kinds.workflow import INHERITED, Workflow
from lenie.compiler.program import Declaration, Program
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
    "bedrockagentcore": "bedrock-agentcore",
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

#: Fields that states have in JSONata only.
JSONATA_FIELDS = ("Arguments", "Output", "Items")
#: Most messages that SQS returns at once.
LARGEST_BATCH = 10

_NOTHING: Mapping[str, Any] = MappingProxyType({})


class Edge(NamedTuple):
    """A transition: the name of the next state, and the place that names it."""

    target: str
    path: Path


class State(NamedTuple):
    """One state. A ``Retry`` or ``Catch`` that it leaves out may come from the workflow's ``task-defaults``."""

    name: str
    path: Path
    data: Mapping[str, Any]
    defaults: Mapping[str, Any] = _NOTHING
    defaults_path: Path = ()
    #: The query language of its state machine.
    language: str = "JSONPath"

    @property
    def jsonata(self) -> bool:
        """Whether its expressions are in JSONata, and not in JSONPath."""
        return bool(self.data.get("QueryLanguage", self.language) == "JSONata")

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

    def machines(self) -> "Iterator[Machine]":
        """Yield the state machines inside a Map or Parallel state."""
        processor = "ItemProcessor" if "ItemProcessor" in self.data else "Iterator"
        inner: list[tuple[Path, Any]] = [((processor,), self.data.get(processor))] if self.type == "Map" else []
        if self.type == "Parallel":
            inner = [(("Branches", index), branch) for index, branch in enumerate(_items(self.data.get("Branches")))]
        for steps, definition in inner:
            if isinstance(definition, dict):
                yield Machine((*self.path, *steps), definition, language=self.language)


class Machine(NamedTuple):
    """A state machine: the workflow itself, or what a Map or Parallel state runs; defaults hold for the former only."""

    path: Path
    definition: Mapping[str, Any]
    defaults: Mapping[str, Any] = _NOTHING
    defaults_path: Path = ()
    language: str = "JSONPath"

    @property
    def start(self) -> str:
        """Return the name of the first state, nothing if none is given."""
        return _name(self.definition.get("StartAt", ""))

    def states(self) -> dict[str, State]:
        """Return the states by name."""
        return {
            name: State(name, (*self.path, "States", name), data, self.defaults, self.defaults_path, self.language)
            for name, data in self.written().items()
            if isinstance(data, dict)
        }

    def written(self) -> Mapping[str, Any]:
        """Return what is written under the names of states, also where it is no map."""
        found = self.definition.get("States")
        return found if isinstance(found, dict) else {}

    def walk(self) -> Iterator[State]:
        """Yield the states, also those of the machines inside them."""
        for state in self.states().values():
            yield state
            for machine in state.machines():
                yield from machine.walk()

    def machines(self) -> "Iterator[Machine]":
        """Yield this machine and those inside it."""
        yield self
        for state in self.states().values():
            for machine in state.machines():
                yield from machine.machines()


def workflow_machine(declaration: Declaration, workflow: Workflow) -> Machine:
    """Return the state machine of a workflow."""
    path, definition = declaration.path, workflow.definition
    defaults = (workflow.task_defaults, (*path, "task-defaults"))
    return Machine((*path, "definition"), definition, *defaults, language=query_language(definition))


def query_language(definition: Mapping[str, Any]) -> str:
    """Return the query language of a workflow: the one it names, or the one that its states are written in.

    A definition that names none is JSONPath to Step Functions. Where it has fields of JSONata only, it was meant to be
    JSONata, and the missing name is its one fault.
    """
    if "QueryLanguage" in definition:
        return str(definition["QueryLanguage"])
    own = [state.data for state in Machine((), definition).walk() if "QueryLanguage" not in state.data]
    jsonata = any(name in data for data in own for name in JSONATA_FIELDS) or any(
        isinstance(rule, dict) and "Condition" in rule for data in own for rule in _items(data.get("Choices"))
    )
    return "JSONata" if jsonata and not any(is_jsonpath(name) for data in own for name in data) else "JSONPath"


def is_jsonpath(field_name: str) -> bool:
    """Whether states have the field in JSONPath only."""
    return field_name.endswith("Path") or field_name in ("Parameters", "ResultSelector", "Result")


class Integration(NamedTuple):
    """What a task's ``Resource`` names: ``service:call.pattern``, of an API (``aws-sdk``) or optimised."""

    service: str
    call: str
    pattern: str
    sdk: bool


def integration_of(resource: Any) -> Integration | None:
    """Return the service integration that a task's `resource` names, or `None` if it names something else."""
    text = resource.source if isinstance(resource, Template) else resource
    if not isinstance(text, str):
        return None
    _, found, named = text.partition(":states:::")
    sdk = named.startswith("aws-sdk:")
    service, colon, rest = named.removeprefix("aws-sdk:").partition(":")
    call, _, pattern = rest.partition(".")
    if not (found and service and colon and call) or ":" in call:
        return None
    return Integration(service, call, pattern, sdk)


def call_of(resource: Any) -> str | None:
    """Return the API call of a task's `resource` as ``service:call`` in IAM's spelling of services, or `None`.

    ``arn:aws:states:::states:startExecution.sync:2`` is ``states:startExecution``; the ARN of a function is
    ``lambda:invoke``.
    """
    text = resource.source if isinstance(resource, Template) else resource
    if not isinstance(text, str):
        return None
    single = resource.single if isinstance(resource, Template) else None
    if (single is not None and single.attribute == "arn") or ":lambda:" in text.partition(":states:::")[0]:
        return "lambda:invoke"
    found = integration_of(resource)
    return None if found is None else f"{SDK_SERVICES.get(found.service, found.service)}:{found.call}"


def action_of(call: str) -> str:
    """Return the IAM action that allows the API call ``service:call``."""
    service, _, name = call.partition(":")
    return CALL_ACTIONS.get(call.lower()) or f"{service}:{name[:1].upper()}{name[1:]}"


def calls(state: State, action: str) -> bool:
    """Whether the state is a task that needs the IAM action."""
    call = call_of(state.data.get("Resource")) if state.type == "Task" else None
    return call is not None and action_of(call).lower() == action.lower()


def arguments(state: State) -> Mapping[str, Any]:
    """Return what a task passes to its call, nothing if that is one expression."""
    found = state.data.get("Arguments", state.data.get("Parameters"))
    return found if isinstance(found, dict) else {}


def batch_size(state: State) -> int:
    """Return how many messages a task that receives from a queue gets at most."""
    given = arguments(state).get("MaxNumberOfMessages", 1)
    return max(given, 1) if isinstance(given, int) and not isinstance(given, bool) else LARGEST_BATCH


def receivers(
    program: Program, consumer: Declaration, workflow: Workflow, queue: str
) -> Iterator[tuple[Machine, State]]:
    """Yield the tasks of a workflow that may receive from `queue`, each with its state machine."""
    for machine in workflow_machine(consumer, workflow).machines():
        for state in machine.states().values():
            if calls(state, "sqs:ReceiveMessage") and not _other_queue(program, state, queue):
                yield machine, state


def _other_queue(program: Program, state: State, queue: str) -> bool:
    """Whether the task names a queue of the spec, and not `queue`."""
    url = arguments(state).get("QueueUrl")
    heads = {lookup.head for lookup in url.lookups} if isinstance(url, Template) else set()
    return any(program.find(head, Queue) for head in heads) and queue not in heads


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

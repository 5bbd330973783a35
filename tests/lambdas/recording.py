"""What the functions ask AWS for: every call, as the action and the resource that IAM sees."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pytest
from botocore.client import BaseClient
from botocore.signers import RequestSigner
from lambdas.deployed import ACCOUNT, REGION, Function, Statement

from lenie.compiler.data.iam import ACTIONS

LAMBDAS = Path(__file__).resolve().parents[2] / "lambdas"
#: A resource for actions that IAM cannot narrow.
ANY = "*"


class Call(NamedTuple):
    """A call of AWS that a function made, or a token of IAM that it signed."""

    #: Directory of the function's sources.
    function: str
    action: str
    #: Parameters of the call.
    sent: dict[str, Any]
    #: Seconds after which it gives up at the latest; 0 for what is not sent.
    seconds: float


def _ours(path: str) -> Callable[[dict[str, Any]], list[str]]:
    service, _, rest = path.partition(":")
    return lambda sent: [f"arn:aws:{service}:{REGION}:{ACCOUNT}:{rest.format(**sent)}"]


def _instances(sent: dict[str, Any]) -> list[str]:
    return [f"arn:aws:ec2:{REGION}:{ACCOUNT}:instance/{name}" for name in sent["InstanceIds"]]


def _queue(sent: dict[str, Any]) -> list[str]:
    _, account, name = urlsplit(sent["QueueUrl"]).path.split("/")
    return [f"arn:aws:sqs:{REGION}:{account}:{name}"]


#: Action -> the resources that a call needs it on ("Service Authorization Reference": resource types of each action).
RESOURCES: dict[str, Callable[[dict[str, Any]], list[str]]] = {
    "rds:DescribeDBInstances": _ours("rds:db:{DBInstanceIdentifier}"),
    "rds:StartDBInstance": _ours("rds:db:{DBInstanceIdentifier}"),
    "rds:StopDBInstance": _ours("rds:db:{DBInstanceIdentifier}"),
    "rds-db:connect": _ours("rds-db:dbuser:{Instance}/{DBUser}"),
    "ec2:DescribeInstances": lambda sent: [ANY],
    "ec2:StartInstances": _instances,
    "ec2:StopInstances": _instances,
    "sqs:GetQueueAttributes": _queue,
    "sqs:SendMessage": _queue,
    "s3:GetObject": lambda sent: [f"arn:aws:s3:::{sent['Bucket']}/{sent['Key']}"],
    "s3:PutObject": lambda sent: [f"arn:aws:s3:::{sent['Bucket']}/{sent['Key']}"],
    "dynamodb:PutItem": _ours("dynamodb:table/{TableName}"),
    # The ARN ends in characters that Secrets Manager adds to the name; the test's account knows them.
    "secretsmanager:GetSecretValue": lambda sent: [sent["ARN"]],
    "translate:TranslateText": lambda sent: [ANY],
}


def caller() -> str:
    """Return which function is running, that of the outermost handler among the callers; empty for a test itself."""
    frame = sys._getframe(1)
    found = ""
    while frame is not None:
        path = Path(frame.f_code.co_filename)
        if path.name == "handler.py" and path.parent.parent == LAMBDAS:
            found = path.parent.name
        frame = frame.f_back  # type: ignore[assignment]
    return found


def _seconds(client: Any) -> float:
    """Return how long a call may take: each attempt, and the longest wait before each repetition."""
    config = client.meta.config
    retries = config.retries or {}
    # boto3's own defaults, where nothing is said ("Retries", Boto3 documentation): legacy mode, five attempts.
    attempts = retries.get("total_max_attempts", 5)
    waits = sum(min(2.0**number, 20.0) for number in range(attempts - 1))
    return float(attempts * (config.connect_timeout + config.read_timeout) + waits)


@contextmanager
def recording(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Call]]:
    """Record what functions ask for while the block runs; calls of the tests themselves are not counted."""
    calls: list[Call] = []
    call, sign = BaseClient._make_api_call, RequestSigner.generate_presigned_url

    def record_call(self: Any, operation: str, sent: dict[str, Any]) -> Any:
        if function := caller():
            service = self.meta.service_model.signing_name
            calls.append(Call(function, f"{service}:{operation}", dict(sent), _seconds(self)))
        return call(self, operation, sent)

    def record_signature(self: Any, request_dict: dict[str, Any], *arguments: Any, **options: Any) -> Any:
        if function := caller():
            fields = {**request_dict["body"], "url": request_dict["url"]}
            calls.append(Call(function, f"{options['signing_name']}:{options['operation_name']}", fields, 0.0))
        return sign(self, request_dict, *arguments, **options)

    with monkeypatch.context() as patch:
        patch.setattr(BaseClient, "_make_api_call", record_call)
        patch.setattr(RequestSigner, "generate_presigned_url", record_signature)
        yield calls


def known(action: str) -> bool:
    """Whether IAM has an action of that name; an operation of an API may be allowed by an action of another name."""
    service, _, name = action.partition(":")
    return name in ACTIONS[service]


def refused(calls: list[Call], functions: dict[str, Function]) -> list[str]:
    """Return the calls whose action no statement of their function allows, on whatever resource."""
    return sorted(
        {
            f"{call.function} may not {call.action}"
            for call in calls
            if not any(call.action in statement.actions for statement in functions[call.function].own)
        }
    )


def differences(calls: list[Call], statements: list[Statement]) -> list[str]:
    """Return what calls need and no statement allows, and what statements allow and no call needs."""
    needed = {(call.action, resource) for call in calls for resource in RESOURCES[call.action](call.sent)}
    found = [
        f"missing: {action} on {resource}"
        for action, resource in needed
        if not any(statement.allows(action, resource) for statement in statements)
    ]
    for statement in statements:
        for action in statement.actions:
            for resource in statement.resources:
                alone = Statement(statement.sid, (action,), (resource,))
                if not any(alone.allows(*need) for need in needed):
                    found.append(f"unused: {action} on {resource}")
                # Where a call names its resource, "*" is more than it needs.
                elif resource == ANY and any(a == action and r != ANY for a, r in needed):
                    found.append(f"too wide: {action} on {resource}")
    return sorted(found)

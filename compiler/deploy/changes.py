"""Change sets: what an update of a stack would do, asked for before it is done."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from lenie.compiler.deploy.calls import Calls

#: Change sets of this program begin so; those of an interrupted run are found by it.
PREFIX = "lenie-"
#: Reasons of a change set that failed since there is nothing to do.
#: Source: "CreateChangeSet" and "UpdateStack", AWS CloudFormation API Reference, and the messages themselves.
_EMPTY = re.compile(r"didn'?t contain changes|No updates are to be performed|no changes", re.IGNORECASE)
#: Types of which each change makes a new version, beside the old one: nothing is lost when they are replaced.
VERSIONED = frozenset({"AWS::Lambda::LayerVersion", "AWS::Lambda::Version", "AWS::ApiGateway::Deployment"})


class Change(NamedTuple):
    """What happens to one resource."""

    #: Add, Modify, Remove, Import or Dynamic.
    action: str
    logical_id: str
    physical_id: str
    type: str
    #: True, False or Conditional, for Modify.
    replacement: str
    #: The properties that change.
    properties: tuple[str, ...]
    #: What happens to the old resource: Delete, Retain, Snapshot, ReplaceAndDelete and so on.
    policy: str

    @property
    def replaces(self) -> bool:
        """Whether another resource takes its place, or may do so."""
        return self.action in ("Modify", "Dynamic") and self.replacement in ("True", "Conditional")

    @property
    def loses(self) -> bool:
        """Whether what it holds may be lost by a replacement."""
        return self.replaces and self.type not in VERSIONED

    def line(self) -> str:
        """Return the change in one line: ``~ DocumentsQueue (AWS::SQS::Queue): VisibilityTimeout``."""
        mark = {"Add": "+", "Remove": "-", "Import": "<", "Modify": "~"}.get(self.action, "?")
        what = f"{self.logical_id} ({self.type})"
        about = f": {', '.join(self.properties)}" if self.properties else ""
        if self.replaces:
            sure = "REPLACED" if self.replacement == "True" else "REPLACED, PERHAPS"
            old = {"ReplaceAndRetain": "the old one is kept", "ReplaceAndSnapshot": "a snapshot of the old one is kept"}
            return f"! {what} is {sure}{about}; {old.get(self.policy, 'the old one is deleted')}"
        if self.action == "Remove":
            kept = {"Retain": "; it is kept in AWS", "Snapshot": "; a snapshot is kept"}
            return f"- {what}{kept.get(self.policy, '')}"
        return f"{mark} {what}{about}"


class ChangeSet(NamedTuple):
    """A change set that can be executed."""

    arn: str
    changes: tuple[Change, ...]


def wait(calls: Calls, arn: str, stack_id: str) -> tuple[str, str]:
    """Wait until a change set is made; return its status and the reason for that.

    Raises:
        botocore.exceptions.ClientError: (ChangeSetNotFound) if somebody deleted it.
    """
    for pause in calls.pace.pauses():
        found = calls("cloudformation", "describe_change_set", ChangeSetName=arn, StackName=stack_id)
        status = str(found.get("Status", ""))
        if status not in ("CREATE_PENDING", "CREATE_IN_PROGRESS"):
            return status, str(found.get("StatusReason", ""))
        calls.rest(pause)
    raise AssertionError("pauses have no end")


def is_empty(reason: str) -> bool:
    """Whether a change set failed since there is nothing to do."""
    return bool(_EMPTY.search(reason))


def read(calls: Calls, arn: str, stack_id: str) -> tuple[Change, ...]:
    """Return the changes of a change set, what is replaced first."""
    entries = calls.pages("cloudformation", "describe_change_set", "Changes", ChangeSetName=arn, StackName=stack_id)
    found = [_change(entry["ResourceChange"]) for entry in entries if "ResourceChange" in entry]
    return tuple(sorted(found, key=lambda change: (not change.replaces, change.action != "Remove")))


def leftovers(calls: Calls, stack_id: str) -> Iterator[str]:
    """Yield the ARNs of change sets that an interrupted run of this program left."""
    for entry in calls.pages("cloudformation", "list_change_sets", "Summaries", StackName=stack_id):
        if str(entry.get("ChangeSetName", "")).startswith(PREFIX):
            yield str(entry["ChangeSetId"])


def _change(entry: dict[str, Any]) -> Change:
    return Change(
        action=str(entry.get("Action", "")),
        logical_id=str(entry.get("LogicalResourceId", "")),
        physical_id=str(entry.get("PhysicalResourceId", "")),
        type=str(entry.get("ResourceType", "")),
        replacement=str(entry.get("Replacement", "")),
        properties=tuple(dict.fromkeys(_properties(entry.get("Details", ())))),
        policy=str(entry.get("PolicyAction", "")),
    )


def _properties(details: Iterable[dict[str, Any]]) -> Iterator[str]:
    for detail in details:
        target = detail.get("Target", {})
        name = target.get("Name") or target.get("Attribute")
        if name:
            yield str(name)

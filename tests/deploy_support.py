"""A CloudFormation that is a table of stacks, for states and faults that no emulator comes to by itself."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import ClientError

from lenie.compiler.deploy.calls import Calls, Pace

PACE = Pace(first=0.001, longest=0.002, patience=0.2)
ARN = "arn:aws:cloudformation:us-east-1:123456789012"
_NUMBERS = itertools.count(1)


def error(code: str, message: str, operation: str, status: int = 400) -> ClientError:
    return ClientError(
        {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"HTTPStatusCode": status}},
        operation,
    )


@dataclass
class FakeStack:
    name: str
    id: str
    status: str
    template: str = ""
    parameters: dict[str, str] = field(default_factory=dict)
    protected: bool = False
    events: list[dict[str, Any]] = field(default_factory=list)
    #: Statuses that the next looks will see.
    coming: list[str] = field(default_factory=list)
    change_sets: dict[str, dict[str, Any]] = field(default_factory=dict)
    resources: dict[str, str] = field(default_factory=dict)

    def event(self, logical_id: str, status: str, reason: str = "", type_: str = "AWS::SQS::Queue") -> None:
        self.events.append(
            {
                "StackId": self.id,
                "LogicalResourceId": logical_id,
                "PhysicalResourceId": self.id if logical_id == self.name else f"{logical_id}-1",
                "ResourceType": "AWS::CloudFormation::Stack" if logical_id == self.name else type_,
                "ResourceStatus": status,
                "ResourceStatusReason": reason,
            }
        )

    def go(self, *statuses: str) -> None:
        """Enter the first status now, and the others at the next looks."""
        self.status, self.coming = statuses[0], list(statuses[1:])
        self.event(self.name, statuses[0], "User Initiated")


class FakeCloud:
    """CloudFormation's client, and what is behind it."""

    def __init__(self) -> None:
        self.stacks: list[FakeStack] = []
        #: Every call: operation and arguments.
        self.calls: list[tuple[str, dict[str, Any]]] = []
        #: Operation -> what the next calls of it raise, before they do anything.
        self.faults: dict[str, list[Exception]] = {}
        #: Operation -> what the next calls of it raise after they did it: the answer was lost.
        self.lost: dict[str, list[Exception]] = {}
        #: What the next creation, update or continued rollback of a stack ends in, with the failed resource.
        self.ends: dict[str, list[tuple[str, str, str]]] = {}
        #: Resource changes that the next change sets of a stack hold.
        self.changes: dict[str, list[dict[str, Any]]] = {}
        #: Called before each call.
        self.before: Callable[[str], None] = lambda operation: None

    def add(self, name: str, status: str, **given: Any) -> FakeStack:
        stack = FakeStack(name, f"{ARN}:stack/{name}/{next(_NUMBERS)}", status, **given)
        stack.event(name, "CREATE_IN_PROGRESS", "User Initiated")
        self.stacks.append(stack)
        return stack

    def stack(self, name: str) -> FakeStack | None:
        alive = [s for s in self.stacks if s.id == name or (s.name == name and s.status != "DELETE_COMPLETE")]
        return alive[-1] if alive else None

    def names(self, operation: str) -> list[str]:
        return [given["StackName"] for called, given in self.calls if called == operation]

    # ---- the account ------------------------------------------------------------------------------------------------

    region = "us-east-1"
    endpoint = "http://127.0.0.1:1"

    def client(self, service: str) -> Any:
        assert service == "cloudformation"
        return self

    def __getattr__(self, operation: str) -> Callable[..., Any]:
        if operation.startswith("_"):
            raise AttributeError(operation)
        method = object.__getattribute__(self, f"do_{operation}")

        def call(**given: Any) -> Any:
            self.before(operation)
            self.calls.append((operation, given))
            if self.faults.get(operation):
                raise self.faults[operation].pop(0)
            answer = method(**given)
            if self.lost.get(operation):
                raise self.lost[operation].pop(0)
            return answer

        return call

    def _need(self, name: str, operation: str) -> FakeStack:
        found = self.stack(name)
        if found is None:
            raise error("ValidationError", f"Stack with id {name} does not exist", operation)
        return found

    # ---- operations -------------------------------------------------------------------------------------------------

    def do_describe_stacks(self, StackName: str) -> Any:  # noqa: N803
        stack = self._need(StackName, "DescribeStacks")
        answer = {
            "StackName": stack.name,
            "StackId": stack.id,
            "StackStatus": stack.status,
            "EnableTerminationProtection": stack.protected,
            "CreationTime": datetime(2026, 1, 1, tzinfo=UTC),
            "Parameters": [{"ParameterKey": k, "ParameterValue": v} for k, v in stack.parameters.items()],
        }
        if stack.coming:
            stack.status = stack.coming.pop(0)
            stack.event(stack.name, stack.status)
        return {"Stacks": [answer]}

    def do_list_stack_resources(self, StackName: str, NextToken: str = "") -> Any:  # noqa: N803
        stack = self._need(StackName, "ListStackResources")
        entries = [
            {
                "LogicalResourceId": n,
                "ResourceType": t,
                "PhysicalResourceId": f"{n}-1",
                "ResourceStatus": "CREATE_COMPLETE",
            }
            for n, t in stack.resources.items()
        ]
        # One on each page.
        at = int(NextToken or 0)
        more = {"NextToken": str(at + 1)} if at + 1 < len(entries) else {}
        return {"StackResourceSummaries": entries[at : at + 1], **more}

    def do_describe_stack_events(self, StackName: str, NextToken: str = "") -> Any:  # noqa: N803
        events = list(reversed(self._need(StackName, "DescribeStackEvents").events))
        at = int(NextToken or 0)
        more = {"NextToken": str(at + 2)} if at + 2 < len(events) else {}
        return {"StackEvents": events[at : at + 2], **more}

    def _end(self, stack: FakeStack, fine: tuple[str, ...]) -> None:
        ends = self.ends.get(stack.name)
        if not ends:
            stack.go(*fine)
            return
        status, logical_id, reason = ends.pop(0)
        verb = fine[0].partition("_")[0]
        stack.go(fine[0], f"{'' if verb == 'CREATE' else 'UPDATE_'}ROLLBACK_IN_PROGRESS", status)
        stack.event(logical_id, f"{verb}_FAILED", reason)
        stack.event("Other", f"{verb}_FAILED", f"Resource {'creation' if verb == 'CREATE' else 'update'} cancelled")

    def do_create_stack(self, **given: Any) -> Any:
        if self.stack(given["StackName"]) is not None:
            raise error("AlreadyExistsException", f"Stack [{given['StackName']}] already exists", "CreateStack")
        parameters = {row["ParameterKey"]: row["ParameterValue"] for row in given["Parameters"]}
        stack = self.add(
            given["StackName"],
            "CREATE_IN_PROGRESS",
            template=given["TemplateBody"],
            parameters=parameters,
            protected=given["EnableTerminationProtection"],
        )
        self._end(stack, ("CREATE_IN_PROGRESS", "CREATE_IN_PROGRESS", "CREATE_COMPLETE"))
        return {"StackId": stack.id}

    def do_create_change_set(self, **given: Any) -> Any:
        stack = self._need(given["StackName"], "CreateChangeSet")
        if stack.status.endswith("_IN_PROGRESS"):
            message = f"Stack:{stack.id} is in {stack.status} state and can not be updated."
            raise error("ValidationError", message, "CreateChangeSet")
        parameters = {row["ParameterKey"]: row["ParameterValue"] for row in given["Parameters"]}
        same = stack.template == given["TemplateBody"] and stack.parameters == parameters
        arn = f"{ARN}:changeSet/{given['ChangeSetName']}/{next(_NUMBERS)}"
        stack.change_sets[arn] = {
            "name": given["ChangeSetName"],
            "same": same,
            "looks": 0,
            "template": given["TemplateBody"],
            "parameters": parameters,
        }
        return {"Id": arn, "StackId": stack.id}

    def _change_set(self, stack: FakeStack, arn: str) -> dict[str, Any]:
        if arn not in stack.change_sets:
            raise error("ChangeSetNotFound", f"ChangeSet [{arn}] does not exist", "DescribeChangeSet")
        return stack.change_sets[arn]

    def do_describe_change_set(self, ChangeSetName: str, StackName: str, NextToken: str = "") -> Any:  # noqa: N803
        stack = self._need(StackName, "DescribeChangeSet")
        found = self._change_set(stack, ChangeSetName)
        found["looks"] += 1
        if found["looks"] == 1:
            return {"Status": "CREATE_IN_PROGRESS"}
        if found["same"]:
            reason = "The submitted information didn't contain changes. Submit different information to create one."
            return {"Status": "FAILED", "StatusReason": reason}
        changes = self.changes.get(stack.name, [])
        at = int(NextToken or 0)
        more = {"NextToken": str(at + 1)} if at + 1 < len(changes) else {}
        return {"Status": "CREATE_COMPLETE", "Changes": [{"ResourceChange": c} for c in changes[at : at + 1]], **more}

    def do_list_change_sets(self, StackName: str) -> Any:  # noqa: N803
        sets = self._need(StackName, "ListChangeSets").change_sets
        return {"Summaries": [{"ChangeSetId": arn, "ChangeSetName": one["name"]} for arn, one in sets.items()]}

    def do_delete_change_set(self, ChangeSetName: str, StackName: str) -> Any:  # noqa: N803
        self._need(StackName, "DeleteChangeSet").change_sets.pop(ChangeSetName, None)
        return {}

    def do_execute_change_set(self, ChangeSetName: str, StackName: str, ClientRequestToken: str) -> Any:  # noqa: N803
        stack = self._need(StackName, "ExecuteChangeSet")
        found = self._change_set(stack, ChangeSetName)
        if stack.status.endswith("_IN_PROGRESS"):
            raise error("InvalidChangeSetStatus", f"ChangeSet [{ChangeSetName}] cannot be executed", "ExecuteChangeSet")
        if not self.ends.get(stack.name):
            stack.template, stack.parameters = found["template"], found["parameters"]
        stack.change_sets.clear()
        self._end(stack, ("UPDATE_IN_PROGRESS", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "UPDATE_COMPLETE"))
        return {}

    def do_continue_update_rollback(self, StackName: str, ClientRequestToken: str) -> Any:  # noqa: N803
        stack = self._need(StackName, "ContinueUpdateRollback")
        end = self.ends.get(stack.name)
        if end:
            status, logical_id, reason = end.pop(0)
            stack.go("UPDATE_ROLLBACK_IN_PROGRESS", status)
            stack.event(logical_id, "UPDATE_FAILED", reason)
        else:
            stack.go("UPDATE_ROLLBACK_IN_PROGRESS", "UPDATE_ROLLBACK_COMPLETE")
        return {}

    def do_delete_stack(self, StackName: str, ClientRequestToken: str) -> Any:  # noqa: N803
        stack = self._need(StackName, "DeleteStack")
        if stack.protected:
            message = f"Stack [{stack.name}] cannot be deleted while TerminationProtection is enabled"
            raise error("ValidationError", message, "DeleteStack")
        end = self.ends.get(stack.name)
        if end:
            status, logical_id, reason = end.pop(0)
            stack.go("DELETE_IN_PROGRESS", status)
            stack.event(logical_id, "DELETE_FAILED", reason)
        else:
            stack.go("DELETE_IN_PROGRESS", "DELETE_COMPLETE")
        return {}

    def do_update_termination_protection(self, StackName: str, EnableTerminationProtection: bool) -> Any:  # noqa: N803
        self._need(StackName, "UpdateTerminationProtection").protected = EnableTerminationProtection
        return {}


def calls_of(cloud: FakeCloud) -> Calls:
    return Calls(cloud, PACE)  # type: ignore[arg-type]

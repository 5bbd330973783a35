"""The actions of CloudFormation's API on change sets.

Source: CloudFormation API Reference, CreateChangeSet and its relatives.
"""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult, EmptyResult

from lenie.compiler.local.stacks import store
from lenie.compiler.local.stacks.api import UPDATABLE, StackActions
from lenie.compiler.local.stacks.errors import (
    AlreadyExists,
    ChangeSetNotFound,
    InvalidChangeSetStatus,
    NotEmulated,
    Refused,
)
from lenie.compiler.local.stacks.operation import Create
from lenie.compiler.local.stacks.plan import Plan
from lenie.compiler.local.stacks.records import Change, ChangeSet, Stack, new_id

_UNCHANGED = "The submitted information didn't contain changes. Submit different information to create a change set."


class ChangeSetActions(StackActions):
    """Change sets: create, describe, execute, delete, list."""

    def create_change_set(self) -> ActionResult:
        """CreateChangeSet."""
        kind = self._get_param("ChangeSetType") or "UPDATE"
        if kind == "IMPORT" or self._get_param("ResourcesToImport"):
            raise NotEmulated("change sets of the type IMPORT")
        self._refuse()
        with store.lock:
            stack = self._stack_for(kind)
            name = self._get_param("ChangeSetName")
            if name in stack.change_sets:
                raise AlreadyExists(
                    f"ChangeSet {name} cannot be created due to a mismatch with existing attribute Name"
                )
            wanted = self.wanted(stack if kind == "UPDATE" else None)
            id = new_id(self.partition, self.region, self.current_account, "changeSet", name)
            description = self._get_param("Description") or ""
            on_failure = self._get_param("OnStackFailure") or "ROLLBACK"
            made = ChangeSet(id, name, kind, wanted, description, on_failure)
            plan = Plan(stack, wanted)
            made.changes = plan.changes
            if plan.empty:
                made.status, made.execution, made.reason = "FAILED", "UNAVAILABLE", _UNCHANGED
            stack.change_sets[name] = made
            if store.find(self.current_account, self.region, stack.name) is None:
                stack.set("REVIEW_IN_PROGRESS", "User Initiated", self.token)
                store.add(stack)
        return ActionResult({"Id": made.id, "StackId": stack.id})

    def describe_change_set(self) -> ActionResult:
        """DescribeChangeSet."""
        stack, found = self._change_set()
        page = self._paged("Changes", [_change(change) for change in found.changes]).result
        assert isinstance(page, dict)
        return ActionResult(
            {
                **_summary(stack, found),
                "Parameters": found.wanted.values.described(found.wanted.template),
                **self._rest(found),
                **page,
            }
        )

    @staticmethod
    def _rest(found: ChangeSet) -> dict[str, Any]:
        wanted = found.wanted
        return {
            "Capabilities": list(wanted.capabilities),
            "Tags": [{"Key": key, "Value": value} for key, value in wanted.tags.items()],
            "NotificationARNs": list(wanted.notifications),
            "OnStackFailure": found.on_failure,
        }

    def list_change_sets(self) -> ActionResult:
        """ListChangeSets."""
        stack = self.stack()
        return self._paged("Summaries", [_summary(stack, found) for found in stack.change_sets.values()])

    def execute_change_set(self) -> ActionResult:
        """ExecuteChangeSet."""
        stack, found = self._change_set()
        with stack.lock:
            if found.execution != "AVAILABLE":
                raise InvalidChangeSetStatus(
                    f"ChangeSet [{found.id}] cannot be executed in its current status of [{found.status}]"
                )
            begin = found.kind == "CREATE" and stack.status == "REVIEW_IN_PROGRESS"
            if not begin and stack.status not in UPDATABLE:
                raise Refused(f"Stack:{stack.id} is in {stack.status} state and can not be updated.")
            found.execution = "EXECUTE_IN_PROGRESS"
            stack.change_set = found.id
            stack.change_sets = {}
            stack.disable_rollback = bool(self._get_bool_param("DisableRollback"))
            if begin:
                stack.wanted, stack.on_failure = found.wanted, found.on_failure
                stack.set("CREATE_IN_PROGRESS", "User Initiated", self.token)
                store.run(Create(stack, self.token), f"create {stack.name}", stack)
            else:
                self.begin_update(stack, found.wanted, rollback=not stack.disable_rollback)
        return EmptyResult()

    def delete_change_set(self) -> ActionResult:
        """DeleteChangeSet."""
        try:
            stack, found = self._change_set()
        except ChangeSetNotFound:
            return EmptyResult()
        stack.change_sets.pop(found.name, None)
        return EmptyResult()

    def _stack_for(self, kind: str) -> Stack:
        name = self._get_param("StackName")
        stack = store.find(self.current_account, self.region, name)
        if kind == "UPDATE":
            if stack is None:
                raise Refused(f"Stack [{name}] does not exist")
            if stack.status not in UPDATABLE:
                raise Refused(f"Stack:{stack.id} is in {stack.status} state and can not be updated.")
            return stack
        if stack is not None and stack.status != "REVIEW_IN_PROGRESS":
            raise Refused(
                f"Stack [{name}] already exists and cannot be created again with the changeSet "
                f"[{self._get_param('ChangeSetName')}]."
            )
        return stack or self.new_stack(self._name(), self.wanted(None), "REVIEW_IN_PROGRESS")

    def _change_set(self) -> tuple[Stack, ChangeSet]:
        name = self._get_param("ChangeSetName")
        stacks = [self.stack()] if self._get_param("StackName") else store.all_stacks(self.current_account, self.region)
        for stack in stacks:
            for found in stack.change_sets.values():
                if name in (found.name, found.id):
                    return stack, found
        raise ChangeSetNotFound(f"ChangeSet [{name}] does not exist")


def _summary(stack: Stack, found: ChangeSet) -> dict[str, Any]:
    values = {
        "ChangeSetName": found.name,
        "ChangeSetId": found.id,
        "StackId": stack.id,
        "StackName": stack.name,
        "Description": found.description,
        "CreationTime": found.created,
        "ExecutionStatus": found.execution,
        "Status": found.status,
        "StatusReason": found.reason,
    }
    return {key: value for key, value in values.items() if value != ""}


def _change(change: Change) -> dict[str, Any]:
    values = {
        "PolicyAction": change.policy,
        "Action": change.action,
        "LogicalResourceId": change.logical,
        "PhysicalResourceId": change.physical,
        "ResourceType": change.type,
        "Replacement": change.replacement,
        "Scope": change.scope,
        "Details": change.details,
    }
    return {"Type": "Resource", "ResourceChange": {key: value for key, value in values.items() if value != ""}}

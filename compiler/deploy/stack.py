"""One stack of CloudFormation: what state it is in, and the calls that lead from one state to another."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from typing import Any, Literal, NamedTuple

from lenie.compiler.deploy.calls import Calls, code_of, words_of

#: What has to be done with a stack in some state, so that it gets to its template.
Verb = Literal["create", "update", "wait", "renew", "roll-back", "explain"]

#: Source: AWS CloudFormation User Guide, "Understand CloudFormation stack creation events" and "Stack status codes".
_VERBS: dict[str, Verb] = {
    "": "create",
    "DELETE_COMPLETE": "create",
    "CREATE_COMPLETE": "update",
    "UPDATE_COMPLETE": "update",
    "UPDATE_ROLLBACK_COMPLETE": "update",
    "UPDATE_FAILED": "update",
    "IMPORT_COMPLETE": "update",
    "IMPORT_ROLLBACK_COMPLETE": "update",
    # Never complete: there is nothing in it that anybody uses, and no way but to delete it.
    "REVIEW_IN_PROGRESS": "renew",
    "CREATE_FAILED": "renew",
    "ROLLBACK_COMPLETE": "renew",
    "ROLLBACK_FAILED": "renew",
    "UPDATE_ROLLBACK_FAILED": "roll-back",
    "DELETE_FAILED": "explain",
    "IMPORT_ROLLBACK_FAILED": "explain",
}
#: States in which a stack has no resources, or none that stay.
EMPTY = ("", "DELETE_COMPLETE", "REVIEW_IN_PROGRESS", "ROLLBACK_COMPLETE")
#: Resources of a stack in these states are as they are to stay.
_SETTLED = ("CREATE_COMPLETE", "UPDATE_COMPLETE", "DELETE_COMPLETE", "IMPORT_COMPLETE", "DELETE_SKIPPED")

#: Told how many resources are done, and in which state the stack is.
Watch = Callable[[int, str], None]


class Found(NamedTuple):
    """A stack as AWS describes it; without an id there is none."""

    name: str
    id: str = ""
    status: str = ""
    reason: str = ""
    protected: bool = False
    #: Parameter -> value as it was given, and for SSM parameters also what was read: `resolved`.
    parameters: tuple[tuple[str, str], ...] = ()
    resolved: tuple[tuple[str, str], ...] = ()
    changed_at: Any = None

    @property
    def there(self) -> bool:
        """Whether it has resources that others can use."""
        return self.status not in EMPTY

    @property
    def verb(self) -> Verb:
        """What has to be done with it."""
        known = _VERBS.get(self.status)
        return known or ("wait" if self.status.endswith("_IN_PROGRESS") else "explain")


class Stack:
    """The stack `name`, through the calls of an account."""

    def __init__(self, calls: Calls, name: str, watch: Watch = lambda done, status: None) -> None:
        self.calls = calls
        self.name = name
        self.watch = watch

    def find(self, stack_id: str = "") -> Found:
        """Return the stack as it is; with an id also one that was deleted."""
        from botocore.exceptions import ClientError

        try:
            answer = self.calls("cloudformation", "describe_stacks", StackName=stack_id or self.name)
        except ClientError as error:
            if code_of(error) == "ValidationError" and "does not exist" in words_of(error):
                return Found(self.name)
            raise
        return found_of(answer["Stacks"][0])

    def settled(self, found: Found) -> Found:
        """Wait until no operation runs on the stack, and return it then."""
        for pause in self.calls.pace.pauses():
            if not found.status.endswith("_IN_PROGRESS") or found.status == "REVIEW_IN_PROGRESS":
                return found
            self.watch(self._done(found.id), found.status)
            self.calls.rest(pause)
            found = self.find(found.id)
        raise AssertionError("pauses have no end")

    def resources(self, stack_id: str) -> Iterator[dict[str, Any]]:
        """Yield the resources that the stack has."""
        yield from self.calls.pages(
            "cloudformation", "list_stack_resources", "StackResourceSummaries", StackName=stack_id
        )

    def delete(self, found: Found) -> Found:
        """Delete the stack, and return what became of it.

        It is named by its id, so that no other stack of that name, which somebody made meanwhile, is hit.
        """
        from botocore.exceptions import ClientError

        if found.status != "DELETE_IN_PROGRESS":
            try:
                self.calls("cloudformation", "delete_stack", StackName=found.id, ClientRequestToken=token())
            except ClientError as error:
                # Somebody else works on it: what comes of that is waited for, and told.
                if code_of(error) != "ValidationError" or "IN_PROGRESS" not in words_of(error):
                    raise
        return self.settled(self.find(found.id))

    def protect(self, found: Found, *, on: bool) -> None:
        """Set the protection from deletion."""
        self.calls(
            "cloudformation", "update_termination_protection", StackName=found.id, EnableTerminationProtection=on
        )

    def _done(self, stack_id: str) -> int:
        return sum(entry.get("ResourceStatus") in _SETTLED for entry in self.resources(stack_id))


def token() -> str:
    """Return a new token, by which AWS knows a call that is made twice."""
    return f"lenie-{uuid.uuid4().hex}"


def found_of(entry: dict[str, Any]) -> Found:
    """Return a stack as ``describe_stacks`` tells it."""
    rows = entry.get("Parameters", ())
    return Found(
        name=str(entry["StackName"]),
        id=str(entry["StackId"]),
        status=str(entry["StackStatus"]),
        reason=str(entry.get("StackStatusReason", "")),
        protected=bool(entry.get("EnableTerminationProtection")),
        parameters=tuple((row["ParameterKey"], row.get("ParameterValue", "")) for row in rows),
        resolved=tuple((row["ParameterKey"], row["ResolvedValue"]) for row in rows if row.get("ResolvedValue")),
        changed_at=entry.get("LastUpdatedTime") or entry.get("CreationTime"),
    )

"""What failed in a stack: its events become diagnostics at the lines of the spec, the root cause first."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from lenie.compiler.deploy.bundle import Bundle
from lenie.compiler.deploy.calls import Calls
from lenie.compiler.diagnostics import Diagnostic, Label, Severity

_STACK = "AWS::CloudFormation::Stack"
#: Statuses of a stack that begin an operation; those of a rollback go on with it.
_BEGINNINGS = ("CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS", "DELETE_IN_PROGRESS", "IMPORT_IN_PROGRESS")
#: What CloudFormation says of resources that it gave up because another one failed.
_CANCELLED = re.compile(r"^Resource (creation|update|deletion|import) cancelled", re.IGNORECASE)
#: How resource handlers are quoted ("Common CloudFormation error codes" and what the registry's handlers answer).
_HANDLER = re.compile(r'^Resource handler returned message: "(?P<said>.*)" \((?P<about>[^)]*)\)$', re.DOTALL)
_SERVICE = re.compile(
    r"^(?P<said>.*?) \(Service: [^;]*; Status Code: \d+; Error Code: (?P<code>[A-Za-z.]+);.*\)$", re.DOTALL
)
#: A place in the properties, as the validation of CloudFormation writes it.
_POINTER = re.compile(r"#/(?P<path>[A-Za-z0-9_/]+)")
_LONGEST = 600

_HELP = {
    "AlreadyExists": "it exists already: delete or rename it, or import it into the stack",
    "AccessDenied": "use a role that may do it",
    "ServiceLimitExceeded": "raise the quota, or remove what nobody needs",
    "NotStabilized": "see in the console of the service why it does not become ready",
}
_USUAL = "mend it, and run the command again: what is deployed stays"


class Failure(NamedTuple):
    """A resource that failed; without a logical id it is the stack itself."""

    logical_id: str
    type: str
    #: ``CREATE_FAILED`` and so on.
    status: str
    #: What the service said, in one line.
    said: str
    #: The error's code, if there is one.
    code: str


def failures(calls: Calls, stack_id: str) -> list[Failure]:
    """Return what failed in the last operation on a stack, in the order of time; what was cancelled is left out."""
    found: dict[str, Failure] = {}
    own: list[Failure] = []
    for event in _last_operation(calls, stack_id):
        status = str(event.get("ResourceStatus", ""))
        reason = str(event.get("ResourceStatusReason", ""))
        if not status.endswith("_FAILED") or _CANCELLED.match(reason):
            continue
        said, code = _unwrapped(reason)
        failure = Failure(event["LogicalResourceId"], event.get("ResourceType", ""), status, said, code)
        if _is_stack(event, stack_id):
            own.append(failure._replace(logical_id=""))
        else:
            # Events come with the newest first: the first failure of a resource is the last that is met.
            found.pop(failure.logical_id, None)
            found[failure.logical_id] = failure
    return list(reversed(found.values())) or own[-1:]


def left(calls: Calls, stack_id: str) -> tuple[str, ...]:
    """Return what the last operation on a stack took out of it, and did not delete: kept, or not to be deleted.

    A stack is complete all the same.
    """
    found: dict[tuple[str, str], str] = {}
    for event in _last_operation(calls, stack_id):
        key = (str(event.get("LogicalResourceId", "")), str(event.get("PhysicalResourceId", "")))
        status = str(event.get("ResourceStatus", ""))
        # Events come with the newest first: what could not be deleted at once may be gone in the end.
        if _is_stack(event, stack_id) or not status.startswith("DELETE_") or key in found:
            continue
        what = f"{event.get('ResourceType', '')} {key[1]}"
        said = _unwrapped(str(event.get("ResourceStatusReason", "")))[0]
        found[key] = {
            "DELETE_SKIPPED": f"{what} stays, as its deletion policy wants it, and is in no stack any more",
            "DELETE_FAILED": f"{what} could not be deleted, and is in no stack any more{f': {said}' if said else ''}",
        }.get(status, "")
    return tuple(words for words in reversed(found.values()) if words)


def diagnostics(bundle: Bundle, component: str, found: list[Failure], what: str) -> list[Diagnostic]:
    """Return the failures as errors (E660) at the resources' places; `what` was to be done with the component."""
    errors = []
    for number, failure in enumerate(found):
        label = _label(bundle, component, failure)
        name = f"{failure.logical_id} ({failure.type})" if failure.logical_id else "the stack"
        did = {"CREATE": "created", "UPDATE": "updated", "DELETE": "deleted", "IMPORT": "imported"}
        verb = did.get(failure.status.partition("_")[0], "handled")
        lead = f"{component} could not be {what}: " if number == 0 else f"{component}: "
        said = failure.said or "AWS gives no reason"
        message = f"{lead}{name} could not be {verb}: {said}"
        help = _HELP.get(failure.code, _USUAL if number == 0 else "")
        errors.append(Diagnostic("E660", Severity.ERROR, message, (label,), help))
    if not found:
        message = f"{component} could not be {what}, and its events do not tell why"
        errors.append(bundle.error("E660", message, component, "see the events of its stack in the console"))
    return errors


def _last_operation(calls: Calls, stack_id: str) -> Iterator[dict[str, Any]]:
    """Yield the events of the last operation, the newest first."""
    for event in calls.pages("cloudformation", "describe_stack_events", "StackEvents", StackName=stack_id):
        yield event
        if _is_stack(event, stack_id) and event.get("ResourceStatus") in _BEGINNINGS:
            return


def _is_stack(event: dict[str, Any], stack_id: str) -> bool:
    return event.get("ResourceType") == _STACK and event.get("PhysicalResourceId") in (stack_id, event.get("StackId"))


def _unwrapped(reason: str) -> tuple[str, str]:
    """Return what a service said, without CloudFormation's frame, and its code."""
    text, code = " ".join(reason.split()), ""
    match = _HANDLER.match(text)
    if match:
        text = match["said"]
        code = next((part.partition(":")[2].strip() for part in match["about"].split(",") if "ErrorCode" in part), "")
    match = _SERVICE.match(text)
    if match:
        text, code = match["said"], code or match["code"]
    text = text.rstrip(".")
    return (f"{text[:_LONGEST]} ..." if len(text) > _LONGEST else text), code


def _label(bundle: Bundle, component: str, failure: Failure) -> Label:
    """Return the place of what failed: the property that is named, else the resource, else the component."""
    found = bundle.graph.components.get(component)
    resource = found.resources.get(failure.logical_id) if found is not None else None
    match = _POINTER.search(failure.said)
    if resource is not None and match:
        steps = tuple(int(step) if step.isdigit() else step for step in match["path"].split("/") if step)
        origin = resource.origin(steps)
        if origin != resource.path:
            return Label(bundle.tree.span(origin))
    return bundle.label(component, failure.logical_id)

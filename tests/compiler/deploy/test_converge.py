"""One stack, in every state that it can be found in, and with every call of it going wrong."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from botocore.exceptions import ConnectTimeoutError
from deploy_support import FakeCloud, calls_of, error
from support import marked, text_of

from lenie.compiler.deploy.bundle import Bundle, Unit, from_cloudformation
from lenie.compiler.deploy.calls import Interrupted
from lenie.compiler.deploy.changes import Change
from lenie.compiler.deploy.converge import Converger, Hooks, Outcome
from lenie.compiler.diagnostics import Severity
from lenie.compiler.load import parse
from lenie.compiler.lower import lower
from lenie.compiler.resolve import resolve
from lenie.compiler.validate import validate

TEXT = text_of(
    """
    intake:
      layer: base
      resources:
        documents: {kind: queue, retention: 14d, dead-letter: {queue: problems, after: 5}}
        problems: {kind: queue, retention: 14d}
    """
)
NAME = "demo-dev-intake"


@cache
def bundle(environment: str = "dev") -> Bundle:
    from pathlib import Path

    program, _ = validate(parse(TEXT, "spec.yaml"), Path())
    assert program is not None
    resolved, _ = resolve(program)
    assert resolved is not None
    graph, _ = lower(resolved)
    assert graph is not None
    made, found = from_cloudformation(graph, program.tree, environment)
    assert not [one for one in found if one.severity is Severity.ERROR]
    return made


def unit(environment: str = "dev") -> Unit:
    return bundle(environment).units["intake"]


def converge(
    cloud: FakeCloud,
    environment: str = "dev",
    approve: Callable[[Unit, tuple[Change, ...], bool], bool] = lambda unit, changes, new: True,
    prepare: Callable[[Unit, tuple[Change, ...]], tuple[str, ...]] = lambda unit, changes: (),
) -> Outcome:
    hooks = Hooks(approve, prepare, lambda unit: {"TemplateBody": unit.template}, lambda unit, done, status: None)
    return Converger(calls_of(cloud), bundle(environment), unit(environment), hooks).run()


def current(cloud: FakeCloud, status: str = "CREATE_COMPLETE", environment: str = "dev", **given: Any) -> None:
    one = unit(environment)
    cloud.add(
        one.stack,
        status,
        **{"template": one.template, "parameters": dict(one.parameters), "resources": dict(one.resources), **given},
    )


def old(cloud: FakeCloud, status: str = "CREATE_COMPLETE", environment: str = "dev", **given: Any) -> None:
    current(cloud, status, environment, template="an older one", **given)


def status(cloud: FakeCloud, name: str = NAME) -> str:
    stack = cloud.stack(name)
    while stack is not None and stack.coming:
        cloud.describe_stacks(StackName=stack.id)
    return stack.status if stack is not None else ""


def test_a_new_stack() -> None:
    cloud = FakeCloud()
    seen: list[tuple[Change, ...]] = []

    def approve(unit: Unit, changes: tuple[Change, ...], new: bool) -> bool:
        assert new
        seen.append(changes)
        return True

    assert converge(cloud, approve=approve) == Outcome("created")
    assert [(c.action, c.logical_id) for c in seen[0]] == [("Add", name) for name in unit().resources]
    assert status(cloud) == "CREATE_COMPLETE"
    given = next(given for operation, given in cloud.calls if operation == "create_stack")
    assert given["Parameters"] == [{"ParameterKey": "Environment", "ParameterValue": "dev"}]
    assert given["EnableTerminationProtection"] is False
    assert given["ClientRequestToken"].startswith("lenie-")


def test_a_new_stack_of_production_is_protected() -> None:
    cloud = FakeCloud()
    assert converge(cloud, "prod").action == "created"
    stack = cloud.stack("demo-prod-intake")
    assert stack is not None
    assert stack.protected


@pytest.mark.parametrize(
    "state",
    ["CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", "UPDATE_FAILED", "IMPORT_COMPLETE",
     "IMPORT_ROLLBACK_COMPLETE"],
)  # fmt: skip
def test_a_stack_that_can_be_updated(state: str) -> None:
    cloud = FakeCloud()
    old(cloud, state)
    assert converge(cloud) == Outcome("updated")
    assert status(cloud) == "UPDATE_COMPLETE"
    assert converge(cloud) == Outcome("unchanged")
    stack = cloud.stack(NAME)
    assert stack is not None
    assert stack.change_sets == {}, "no change set is left"
    assert len(cloud.names("execute_change_set")) == 1


def test_protection_is_set_where_it_misses() -> None:
    cloud = FakeCloud()
    current(cloud, environment="prod")
    assert converge(cloud, "prod") == Outcome("unchanged", (), ("it is protected from deletion now",))
    assert converge(cloud, "prod") == Outcome("unchanged")


@pytest.mark.parametrize(
    ("state", "then", "action"),
    [
        ("CREATE_IN_PROGRESS", ["CREATE_COMPLETE"], "unchanged"),
        ("UPDATE_IN_PROGRESS", ["UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "UPDATE_COMPLETE"], "unchanged"),
        ("UPDATE_ROLLBACK_IN_PROGRESS", ["UPDATE_ROLLBACK_COMPLETE"], "unchanged"),
        ("UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS", ["UPDATE_ROLLBACK_COMPLETE"], "unchanged"),
        ("IMPORT_IN_PROGRESS", ["IMPORT_COMPLETE"], "unchanged"),
        ("DELETE_IN_PROGRESS", ["DELETE_COMPLETE"], "created"),
        ("ROLLBACK_IN_PROGRESS", ["ROLLBACK_COMPLETE"], "created"),
    ],
)
def test_an_operation_of_somebody_else_is_waited_for(state: str, then: list[str], action: str) -> None:
    cloud = FakeCloud()
    current(cloud, state, coming=[state, *then])
    outcome = converge(cloud)
    assert outcome.action == action
    assert outcome.notes[0] == f"another operation ran on it before ({state})"


@pytest.mark.parametrize("state", ["ROLLBACK_COMPLETE", "CREATE_FAILED", "ROLLBACK_FAILED", "REVIEW_IN_PROGRESS"])
@pytest.mark.parametrize("protected", [False, True])
def test_a_stack_that_was_never_complete_is_made_anew(state: str, protected: bool) -> None:
    cloud = FakeCloud()
    current(cloud, state, protected=protected)
    first = cloud.stack(NAME)
    assert first is not None
    first.event("DocumentsQueue", "CREATE_FAILED", "the quota is exhausted.")
    outcome = converge(cloud)
    assert outcome.action == "created"
    why = f"an earlier creation had failed ({state}): DocumentsQueue: the quota is exhausted"
    assert outcome.notes == (() if state == "REVIEW_IN_PROGRESS" else (why,))
    second = cloud.stack(NAME)
    assert second is not None
    assert second.id != first.id
    assert cloud.names("delete_stack") == [first.id], "by its id: another stack of that name is never hit"


def test_a_creation_that_fails() -> None:
    cloud = FakeCloud()
    said = (
        'Resource handler returned message: "Queue quota exceeded (Request ID: 1)" '
        "(RequestToken: 2, HandlerErrorCode: ServiceLimitExceeded)"
    )
    cloud.ends[NAME] = [("ROLLBACK_COMPLETE", "DocumentsQueue", said)]
    outcome = converge(cloud)
    assert outcome.action == "failed"
    assert outcome.notes == ("what had been created of it is deleted again",)
    [found] = outcome.diagnostics
    assert (found.code, found.help) == ("E660", "raise the quota, or remove what nobody needs")
    assert found.message == (
        "intake could not be created: DocumentsQueue (AWS::SQS::Queue) could not be created: Queue quota exceeded "
        "(Request ID: 1)"
    )
    assert marked(TEXT, found) == "documents"
    # The next run does it anew.
    assert converge(cloud).action == "created"


def test_a_failure_names_the_property() -> None:
    cloud = FakeCloud()
    said = "Properties validation failed for resource DocumentsQueue with message: #/MessageRetentionPeriod: 0 is low"
    cloud.ends[NAME] = [("ROLLBACK_COMPLETE", "DocumentsQueue", said)]
    [found] = converge(cloud).diagnostics
    assert marked(TEXT, found) == "14d"


def test_several_failures_come_in_the_order_of_time() -> None:
    cloud = FakeCloud()
    old(cloud)
    stack = cloud.stack(NAME)
    assert stack is not None
    stack.event("ProblemsQueue", "UPDATE_FAILED", "of an older operation")
    cloud.ends[NAME] = [("UPDATE_ROLLBACK_COMPLETE", "DocumentsQueue", "first")]
    stack_event = stack.event

    def prepare(unit: Unit, changes: tuple[Change, ...]) -> tuple[str, ...]:
        return ("something was done before",)

    outcome = converge(cloud, prepare=prepare)
    assert [one.message.partition(": ")[2] for one in outcome.diagnostics] == [
        "DocumentsQueue (AWS::SQS::Queue) could not be updated: first"
    ]
    assert outcome.notes == ("something was done before", "the stack is as it was before")
    stack_event("ProblemsQueue", "UPDATE_FAILED", "second")
    from lenie.compiler.deploy.events import failures

    assert [one.said for one in failures(calls_of(cloud), stack.id)] == ["first", "second"]


def test_a_rollback_that_failed_goes_on() -> None:
    cloud = FakeCloud()
    old(cloud, "UPDATE_ROLLBACK_FAILED")
    outcome = converge(cloud)
    assert outcome == Outcome("updated", (), ("an earlier update could not be rolled back; that is done now",))


def test_a_rollback_that_fails_again_is_explained() -> None:
    cloud = FakeCloud()
    old(cloud, "UPDATE_ROLLBACK_FAILED")
    cloud.ends[NAME] = [("UPDATE_ROLLBACK_FAILED", "ProblemsQueue", "it is gone")]
    [found] = converge(cloud).diagnostics
    assert found.code == "E661"
    assert "UPDATE_ROLLBACK_FAILED (ProblemsQueue: it is gone)" in found.message
    assert "continue-update-rollback --stack-name demo-dev-intake" in found.help
    assert "--resources-to-skip ProblemsQueue" in found.help
    assert marked(TEXT, found) == "problems"


def test_an_update_whose_rollback_fails() -> None:
    cloud = FakeCloud()
    old(cloud)
    cloud.ends[NAME] = [("UPDATE_ROLLBACK_FAILED", "DocumentsQueue", "no")]
    outcome = converge(cloud)
    assert outcome.action == "failed"
    assert outcome.notes == ("the stack is in the state UPDATE_ROLLBACK_FAILED",)
    assert converge(cloud).action == "updated", "the next run lets the rollback go on"


@pytest.mark.parametrize("state", ["DELETE_FAILED", "IMPORT_ROLLBACK_FAILED", "SOMETHING_NEW"])
def test_what_has_to_be_done_by_hand_is_explained(state: str) -> None:
    cloud = FakeCloud()
    current(cloud, state)
    stack = cloud.stack(NAME)
    assert stack is not None
    stack.event("DocumentsQueue", "DELETE_FAILED", "it is in use")
    [found] = converge(cloud).diagnostics
    assert found.code == "E661"
    assert f"its stack is in the state {state} (DocumentsQueue: it is in use)" in found.message
    assert ("lenie destroy --env dev intake" in found.help) == (state == "DELETE_FAILED")
    assert {operation for operation, _ in cloud.calls} == {"describe_stacks", "describe_stack_events"}


def test_a_failed_stack_that_cannot_be_deleted_is_explained() -> None:
    cloud = FakeCloud()
    current(cloud, "ROLLBACK_FAILED")
    cloud.ends[NAME] = [("DELETE_FAILED", "ProblemsQueue", "it is in use")]
    [found] = converge(cloud).diagnostics
    assert (found.code, "it is in use" in found.message) == ("E661", True)


def test_changes_that_are_declined_leave_nothing() -> None:
    cloud = FakeCloud()
    old(cloud)
    cloud.changes[NAME] = [
        {"Action": "Modify", "LogicalResourceId": "DocumentsQueue", "ResourceType": "AWS::SQS::Queue"}
    ]
    assert converge(cloud, approve=lambda unit, changes, new: False) == Outcome("declined")
    stack = cloud.stack(NAME)
    assert stack is not None
    assert (stack.template, stack.change_sets) == ("an older one", {})
    assert converge(FakeCloud(), approve=lambda unit, changes, new: False) == Outcome("declined")


def test_change_sets_of_an_interrupted_run_are_removed() -> None:
    cloud = FakeCloud()
    current(cloud)
    stack = cloud.stack(NAME)
    assert stack is not None
    stack.change_sets = {"a": {"name": "lenie-1"}, "b": {"name": "somebody-elses"}}
    assert converge(cloud).action == "unchanged"
    assert list(stack.change_sets) == ["b"]


def test_changes_are_read_from_all_pages() -> None:
    cloud = FakeCloud()
    old(cloud)
    details = [{"Target": {"Attribute": "Properties", "Name": "QueueName"}}, {"Target": {"Attribute": "Tags"}}]
    cloud.changes[NAME] = [
        {"Action": "Add", "LogicalResourceId": "New", "ResourceType": "AWS::SQS::Queue"},
        {"Action": "Remove", "LogicalResourceId": "Old", "ResourceType": "AWS::SQS::Queue", "PolicyAction": "Retain"},
        {"Action": "Modify", "LogicalResourceId": "DocumentsQueue", "ResourceType": "AWS::SQS::Queue",
         "Replacement": "True", "Details": details, "PolicyAction": "ReplaceAndDelete"},
        {"Action": "Modify", "LogicalResourceId": "ProblemsQueue", "ResourceType": "AWS::SQS::Queue",
         "Replacement": "Conditional", "Details": details[:1], "PolicyAction": "ReplaceAndRetain"},
        {"Action": "Modify", "LogicalResourceId": "Layer", "ResourceType": "AWS::Lambda::LayerVersion",
         "Replacement": "True", "Details": [], "PolicyAction": "ReplaceAndRetain"},
    ]  # fmt: skip
    seen: list[Change] = []

    def approve(unit: Unit, changes: tuple[Change, ...], new: bool) -> bool:
        seen.extend(changes)
        return True

    assert converge(cloud, approve=approve).action == "updated"
    assert [one.line() for one in seen] == [
        "! DocumentsQueue (AWS::SQS::Queue) is REPLACED: QueueName, Tags; the old one is deleted",
        "! ProblemsQueue (AWS::SQS::Queue) is REPLACED, PERHAPS: QueueName; the old one is kept",
        "! Layer (AWS::Lambda::LayerVersion) is REPLACED; the old one is kept",
        "- Old (AWS::SQS::Queue); it is kept in AWS",
        "+ New (AWS::SQS::Queue)",
    ]
    assert [one.logical_id for one in seen if one.loses] == ["DocumentsQueue", "ProblemsQueue"]


# ---- others, and faults ----------------------------------------------------------------------------------------------


def test_another_deployment_creates_the_stack_first() -> None:
    cloud = FakeCloud()

    def before(operation: str) -> None:
        if operation == "create_stack":
            cloud.before = lambda operation: None
            current(cloud, "CREATE_IN_PROGRESS", coming=["CREATE_COMPLETE"])

    cloud.before = before
    assert converge(cloud).action == "created"
    assert len(cloud.stacks) == 1


def test_another_deployment_updates_the_stack_first() -> None:
    cloud = FakeCloud()
    old(cloud)

    def before(operation: str) -> None:
        if operation == "execute_change_set":
            cloud.before = lambda operation: None
            stack = cloud.stack(NAME)
            assert stack is not None
            stack.template = unit().template
            stack.change_sets.clear()
            stack.go("UPDATE_IN_PROGRESS", "UPDATE_COMPLETE")

    cloud.before = before
    assert converge(cloud).action == "updated"
    assert status(cloud) == "UPDATE_COMPLETE"


def test_a_stack_that_never_comes_to_rest() -> None:
    cloud = FakeCloud()
    old(cloud)

    def before(operation: str) -> None:
        if operation == "execute_change_set":
            stack = cloud.stack(NAME)
            assert stack is not None
            stack.change_sets.clear()

    cloud.before = before
    outcome = converge(cloud)
    assert [one.code for one in outcome.diagnostics] == ["E668"]


_PASSING = [
    error("Throttling", "Rate exceeded", "X"),
    error("RequestLimitExceeded", "Request limit exceeded.", "X", 503),
    error("InternalFailure", "", "X", 500),
    error("502", "Bad Gateway", "X", 502),
    ConnectTimeoutError(endpoint_url="http://127.0.0.1:1"),
]
_OPERATIONS = {
    "create": ["describe_stacks", "create_stack", "list_stack_resources"],
    "update": [
        "describe_stacks",
        "list_change_sets",
        "create_change_set",
        "describe_change_set",
        "execute_change_set",
        "list_stack_resources",
    ],
    "renew": ["describe_stack_events", "delete_stack", "create_stack"],
}


@pytest.mark.parametrize("fault", _PASSING, ids=lambda fault: type(fault).__name__ + str(fault)[:40])
@pytest.mark.parametrize(
    ("way", "operation"), [(way, operation) for way, operations in _OPERATIONS.items() for operation in operations]
)
@pytest.mark.parametrize("answer_lost", [False, True])
def test_what_passes_is_waited_out_at_each_call(way: str, operation: str, fault: Exception, answer_lost: bool) -> None:
    cloud = FakeCloud()
    if way == "update":
        old(cloud)
    elif way == "renew":
        current(cloud, "ROLLBACK_COMPLETE")
    (cloud.lost if answer_lost else cloud.faults)[operation] = [fault, fault] if not answer_lost else [fault]
    outcome = converge(cloud)
    assert outcome.action == ("updated" if way == "update" else "created")
    assert status(cloud) in ("CREATE_COMPLETE", "UPDATE_COMPLETE")
    alive = [one for one in cloud.stacks if one.status != "DELETE_COMPLETE"]
    assert len(alive) == 1, "no orphan"
    assert alive[0].template == unit().template


def test_what_does_not_pass_in_time_is_raised() -> None:
    cloud = FakeCloud()
    cloud.faults["describe_stacks"] = [error("Throttling", "Rate exceeded", "X")] * 5000
    with pytest.raises(Exception, match="Rate exceeded"):
        converge(cloud)


@pytest.mark.parametrize(
    ("operation", "code"), [("create_stack", "ValidationError"), ("create_change_set", "LimitExceededException")]
)
def test_what_cloudformation_finds_wrong_is_told(operation: str, code: str) -> None:
    cloud = FakeCloud()
    if operation == "create_change_set":
        old(cloud)
    cloud.faults[operation] = [error(code, "Template error: something is wrong", "X")]
    [found] = converge(cloud).diagnostics
    assert found.code == "E660"
    assert found.message.endswith("Template error: something is wrong")
    assert marked(TEXT, found) == "intake"


def test_a_denied_call_is_raised() -> None:
    cloud = FakeCloud()
    cloud.faults["create_stack"] = [error("AccessDenied", "you may not", "CreateStack")]
    with pytest.raises(Exception, match="AccessDenied"):
        converge(cloud)


def test_the_user_stops_waiting() -> None:
    cloud = FakeCloud()
    current(cloud, "UPDATE_IN_PROGRESS", coming=["UPDATE_IN_PROGRESS"] * 1000)
    calls = calls_of(cloud)
    hooks = Hooks(lambda *given: True, lambda *given: (), lambda unit: {}, lambda *given: calls.abandoned.set())
    with pytest.raises(Interrupted):
        Converger(calls, bundle(), unit(), hooks).run()

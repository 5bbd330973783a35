"""Brings one stack to its template, whatever state it is in, and whoever else works on it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, Literal, NamedTuple

from lenie.compiler.deploy import changes, events
from lenie.compiler.deploy.bundle import Bundle, Unit
from lenie.compiler.deploy.calls import Calls, code_of, words_of
from lenie.compiler.deploy.changes import Change
from lenie.compiler.deploy.stack import Found, Stack, token
from lenie.compiler.diagnostics import Diagnostic

#: How often a stack is looked at anew when others work on it, too.
_ROUNDS = 12

Action = Literal["created", "updated", "unchanged", "deleted", "absent", "declined", "failed"]


class Outcome(NamedTuple):
    """What became of one component."""

    action: Action
    diagnostics: tuple[Diagnostic, ...] = ()
    #: What else is to be known, each a sentence without its full stop.
    notes: tuple[str, ...] = ()

    @property
    def fine(self) -> bool:
        """Whether the component is what it is to be."""
        return self.action not in ("declined", "failed")


class Hooks(NamedTuple):
    """What is asked and done around the changes of a stack."""

    #: Whether the changes are to be made: may ask, and may raise `SpecError`.
    approve: Callable[[Unit, tuple[Change, ...], bool], bool]
    #: Does what has to be done before the changes; returns notes.
    prepare: Callable[[Unit, tuple[Change, ...]], tuple[str, ...]]
    #: Returns how the template is given: as text, or by its address.
    template: Callable[[Unit], dict[str, str]]
    #: Told how many resources are done, and the state of the stack.
    watch: Callable[[Unit, int, str], None]


class _Again(Exception):
    """The stack is not in the state any more that it was in: look again."""


class Converger:
    """Brings the stack of `unit` to its template."""

    def __init__(self, calls: Calls, bundle: Bundle, unit: Unit, hooks: Hooks) -> None:
        self.calls = calls
        self.bundle = bundle
        self.unit = unit
        self.hooks = hooks
        self.stack = Stack(calls, unit.stack, lambda done, status: hooks.watch(unit, done, status))
        self.notes: list[str] = []
        #: What this run began, even if AWS's answer to it was lost.
        self.begun: Action | None = None
        self._tidied = False

    def run(self) -> Outcome:
        """Do it, and tell what was done.

        Raises:
            botocore.exceptions.ClientError: what AWS refuses to do with any stack, such as for want of permission.
            SpecError: if the changes must not be made.
        """
        for _ in range(_ROUNDS):
            try:
                outcome = self._step(self.stack.find())
            except _Again:
                self.calls.rest(self.calls.pace.first)
                continue
            if outcome is not None:
                return outcome._replace(notes=(*self.notes, *outcome.notes))
        message = f"the stack {self.unit.stack} does not come to rest: others keep changing it"
        return self._failed("E668", message, "wait for the other deployment, and run the command again")

    def _step(self, found: Found) -> Outcome | None:
        """Do what the state of the stack asks for; None if it has to be looked at again."""
        match found.verb:
            case "create":
                return self._create()
            case "update":
                return self._update(found)
            case "wait":
                self.notes.append(f"another operation ran on it before ({found.status})")
                self.stack.settled(found)
                return None
            case "renew":
                return self._renew(found)
            case "roll-back":
                return self._finish_rollback(found)
        return self.explain(found)

    def _create(self) -> Outcome | None:
        adds = tuple(Change("Add", name, "", type_, "", (), "") for name, type_ in self.unit.resources.items())
        if not self.hooks.approve(self.unit, adds, True):
            return Outcome("declined")
        with self._guarded("created"):
            self.begun = "created"
            answer = self.calls(
                "cloudformation",
                "create_stack",
                StackName=self.unit.stack,
                ClientRequestToken=token(),
                EnableTerminationProtection=self.unit.protected,
                **self._given(),
            )
            return self.verdict(self.stack.settled(self.stack.find(answer["StackId"])), "created")
        return self._refused

    def _update(self, found: Found) -> Outcome | None:
        self._tidy(found)
        with self._guarded("updated"):
            name = changes.PREFIX + token().removeprefix(changes.PREFIX)
            answer = self.calls(
                "cloudformation",
                "create_change_set",
                StackName=found.id,
                ChangeSetName=name,
                ChangeSetType="UPDATE",
                ClientToken=name,
                **self._given(),
            )
            arn = str(answer["Id"])
            executed = False
            try:
                outcome = self._look(found, arn)
                if outcome is None:
                    self.begun = "updated"
                    self.calls(
                        "cloudformation",
                        "execute_change_set",
                        ChangeSetName=arn,
                        StackName=found.id,
                        ClientRequestToken=token(),
                    )
                    executed = True
            finally:
                if not executed:
                    self._forget(arn, found.id)
            if outcome is not None:
                return outcome
            return self.verdict(self.stack.settled(self.stack.find(found.id)), "updated")
        return self._refused

    def _look(self, found: Found, arn: str) -> Outcome | None:
        """Wait for a change set and judge it; None if it is to be executed."""
        status, reason = changes.wait(self.calls, arn, found.id)
        if status == "FAILED" and changes.is_empty(reason):
            self._protect(found)
            return Outcome(self.begun or "unchanged")
        if status != "CREATE_COMPLETE":
            if "IN_PROGRESS" in reason:
                raise _Again
            message = f"{self.unit.component} could not be updated: {reason or status}"
            return self._failed("E660", message, "mend it, and run the command again")
        wanted = changes.read(self.calls, arn, found.id)
        if not self.hooks.approve(self.unit, wanted, False):
            return Outcome("declined")
        self.notes += self.hooks.prepare(self.unit, wanted)
        return None

    def verdict(self, found: Found, wanted: Literal["created", "updated"]) -> Outcome | None:
        """Tell how an operation of this run ended."""
        if found.status in ("CREATE_COMPLETE", "UPDATE_COMPLETE"):
            self._protect(found)
            return Outcome(wanted, notes=events.left(self.calls, found.id) if wanted == "updated" else ())
        if not found.id or found.status == "DELETE_COMPLETE":
            raise _Again
        failed = events.failures(self.calls, found.id)
        told = events.diagnostics(self.bundle, self.unit.component, failed, wanted)
        if found.status == "UPDATE_ROLLBACK_COMPLETE":
            self.notes.append("the stack is as it was before")
        elif found.status == "ROLLBACK_COMPLETE":
            self.notes.append("what had been created of it is deleted again")
        else:
            self.notes.append(f"the stack is in the state {found.status}")
        return Outcome("failed", tuple(told))

    def _renew(self, found: Found) -> Outcome | None:
        """Delete a stack that was never complete."""
        if found.status != "REVIEW_IN_PROGRESS":
            why = next(iter(events.failures(self.calls, found.id)), None)
            reason = f": {why.logical_id or 'the stack'}: {why.said}" if why is not None and why.said else ""
            self.notes.append(f"an earlier creation had failed ({found.status}){reason}")
        if found.protected:
            self.stack.protect(found, on=False)
        gone = self.stack.delete(found)
        if gone.status == "DELETE_FAILED":
            return self.explain(gone)
        return None

    def _finish_rollback(self, found: Found) -> Outcome | None:
        """Let a rollback that failed go on; explain it if that fails, too."""
        with self._guarded("updated"):
            self.calls("cloudformation", "continue_update_rollback", StackName=found.id, ClientRequestToken=token())
            after = self.stack.settled(self.stack.find(found.id))
            if after.status == "UPDATE_ROLLBACK_FAILED":
                return self.explain(after)
            self.notes.append("an earlier update could not be rolled back; that is done now")
            return None
        return self._refused

    def explain(self, found: Found) -> Outcome:
        """Tell what has to be done by hand with a stack that cannot be brought on."""
        failed = events.failures(self.calls, found.id)
        said = "; ".join(f"{one.logical_id or 'the stack'}: {one.said}" for one in failed[:3]) or found.reason
        component, name = self.unit.component, self.unit.stack
        message = (
            f"{component} cannot be deployed: its stack is in the state {found.status}{f' ({said})' if said else ''}"
        )
        skipped = " ".join(one.logical_id for one in failed if one.logical_id) or "LOGICAL_ID"
        where = f"--stack-name {name} --region {self.calls.account.region}"
        help = {
            "UPDATE_ROLLBACK_FAILED": "mend what is named, and run the command again; or give it up for this stack: "
            f"aws cloudformation continue-update-rollback {where} --resources-to-skip {skipped}",
            "DELETE_FAILED": "finish its deletion first: lenie destroy --env "
            f"{self.bundle.environment} {component}, after what is named is mended",
        }.get(found.status, f"see what became of it: aws cloudformation describe-stack-events {where}")
        place = next((one.logical_id for one in failed), "")
        return Outcome("failed", (self.bundle.error("E661", message, component, help, place),))

    def _given(self) -> dict[str, Any]:
        """Return template, parameters and capabilities, as all calls take them."""
        rows = [{"ParameterKey": key, "ParameterValue": value} for key, value in self.unit.parameters.items()]
        return {
            **self.hooks.template(self.unit),
            "Parameters": rows,
            "Capabilities": list(self.unit.capabilities),
        }

    def _protect(self, found: Found) -> None:
        if self.unit.protected and not found.protected:
            self.stack.protect(found, on=True)
            self.notes.append("it is protected from deletion now")

    def _tidy(self, found: Found) -> None:
        """Delete change sets that an interrupted run left; once only, or two deployments would do nothing else."""
        if not self._tidied:
            self._tidied = True
            for arn in list(changes.leftovers(self.calls, found.id)):
                self._forget(arn, found.id)

    def _forget(self, arn: str, stack_id: str) -> None:
        from botocore.exceptions import ClientError

        # It may be gone, or be executed by the run that made it.
        with suppress(ClientError):
            self.calls("cloudformation", "delete_change_set", ChangeSetName=arn, StackName=stack_id)

    @contextmanager
    def _guarded(self, what: str) -> Iterator[None]:
        """Turn refusals into another look at the stack, or into a failure: `_refused`.

        What fails because somebody else was faster is tried again; what CloudFormation finds wrong is told.
        """
        from botocore.exceptions import ClientError

        self._refused: Outcome | None = None
        try:
            yield
        except ClientError as error:
            code, said = code_of(error), words_of(error)
            if code in _OVERTAKEN or (code == "ValidationError" and _overtaken(said)):
                raise _Again from error
            if code not in _WRONG:
                raise
            message = f"{self.unit.component} could not be {what}: {said}"
            self._refused = self._failed("E660", message, "mend it, and run the command again: what is deployed stays")

    def _failed(self, code: str, message: str, help: str) -> Outcome:
        return Outcome("failed", (self.bundle.error(code, message, self.unit.component, help),), tuple(self.notes))


#: Codes that say that the stack is in another state than a moment ago.
_OVERTAKEN = (
    "AlreadyExistsException",
    "ChangeSetNotFound",
    "ChangeSetNotFoundException",
    "InvalidChangeSetStatus",
    "InvalidChangeSetStatusException",
    "OperationInProgressException",
    "StackNotFoundException",
    "TokenAlreadyExistsException",
)
#: The same in words.
_STATE = re.compile(r"_IN_PROGRESS|_(FAILED|COMPLETE) state|^Stack .*does not exist")
#: Codes that say what is wrong with the template or what was given with it.
_WRONG = (
    "ValidationError",
    "InsufficientCapabilitiesException",
    "InsufficientCapabilities",
    "LimitExceededException",
)


def _overtaken(said: str) -> bool:
    return bool(_STATE.search(said))

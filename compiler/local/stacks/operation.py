"""Operations of a stack: what creates, updates, rolls back and deletes its resources, one after another.

Source: CloudFormation User Guide, Stack status codes, Update behaviors of stack resources, DeletionPolicy attribute.
"""

from __future__ import annotations

import copy
import time
from dataclasses import replace
from typing import Any

from lenie.compiler.local.stacks.errors import Failed, Refused
from lenie.compiler.local.stacks.exports import check_exports, check_imports, outputs
from lenie.compiler.local.stacks.handler import Handler, changed, tagged, type_of
from lenie.compiler.local.stacks.records import Resource, Stack, Wanted, now
from lenie.compiler.local.stacks.references import order
from lenie.compiler.local.stacks.removal import discard, failed, order_of, remove_all
from lenie.compiler.local.stacks.replacing import replaces
from lenie.compiler.local.stacks.scope import evaluator, of_records
from lenie.compiler.local.stacks.template import Declared


class Create:
    """Makes a stack's resources."""

    def __init__(self, stack: Stack, token: str = "") -> None:
        """Do nothing yet; `token` is the request's, and stands in every event."""
        self._stack = stack
        self._token = token
        self._deadline = time.monotonic() + stack.timeout_minutes * 60 if stack.timeout_minutes else 0.0

    def __call__(self) -> None:
        """Run to the end."""
        stack = self._stack
        try:
            self._make()
            with stack.lock:
                _stop(stack, 0.0)
                stack.set("CREATE_COMPLETE", "", self._token)
        except (Failed, Refused) as error:
            self._fail(str(getattr(error, "message", error)))

    def _make(self) -> None:
        stack, wanted = self._stack, self._stack.wanted
        values = evaluator(stack, wanted, of_records(stack.resources), stack.imports)
        present = present_in(values, wanted)
        for name in order(present):
            _stop(stack, self._deadline)
            make(stack, wanted, values, present[name], self._token)
        stack.outputs = outputs(values, wanted)
        check_exports(stack, stack.outputs)

    def _fail(self, reason: str) -> None:
        stack = self._stack
        if stack.disable_rollback or stack.on_failure == "DO_NOTHING":
            stack.set("CREATE_FAILED", reason, self._token)
            return
        gone = stack.on_failure == "DELETE"
        begin, end = ("DELETE_IN_PROGRESS", "DELETE") if gone else ("ROLLBACK_IN_PROGRESS", "ROLLBACK")
        stack.set(begin, reason, self._token)
        failures = remove_all(stack, self._token, created=True)
        stack.outputs = []
        if failures:
            stack.set(f"{end}_FAILED", failed(failures), self._token)
        else:
            stack.deleted = now() if gone else None
            stack.set(f"{end}_COMPLETE", "", self._token)


def make(stack: Stack, wanted: Wanted, values: Any, declared: Declared, token: str) -> Resource:
    """Create a resource and return its record.

    Raises:
        Failed: with the reason for the stack.
    """
    record = Resource(declared.name, declared.type, declared)
    with stack.lock:
        stack.resources[declared.name] = record
    try:
        record.properties = tagged(declared.type, values.value(declared.properties), wanted.tags)
        stack.mark(record, "CREATE_IN_PROGRESS", "", token)
        Handler(stack, record).create()
    except (Failed, Refused) as error:
        reason = str(getattr(error, "message", error))
        stack.mark(record, "CREATE_FAILED", reason, token)
        raise Failed(f"The following resource(s) failed to create: [{declared.name}].") from error
    stack.mark(record, "CREATE_IN_PROGRESS", "Resource creation Initiated", token)
    stack.mark(record, "CREATE_COMPLETE", "", token)
    return record


class Update:
    """Changes a stack's resources to what is wanted, or back to what was."""

    def __init__(self, stack: Stack, wanted: Wanted, token: str = "", *, rollback: bool = True) -> None:
        """Do nothing yet."""
        self._stack = stack
        self._wanted = wanted
        self._token = token
        self._rollback = rollback
        self._before = {name: copy.copy(record) for name, record in stack.resources.items()}
        self._done: list[tuple[str, str]] = []
        self._replaced: list[Resource] = []

    def __call__(self) -> None:
        """Run to the end."""
        stack = self._stack
        try:
            self._make()
        except (Failed, Refused) as error:
            reason = str(getattr(error, "message", error))
            if self._rollback:
                self._undo(reason)
            else:
                self._leave()
                stack.set("UPDATE_FAILED", reason, self._token)
            return
        stack.wanted = self._wanted
        stack.set("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "", self._token)
        self._clean()
        stack.set("UPDATE_COMPLETE", "", self._token)

    def _make(self) -> None:
        stack, wanted = self._stack, self._wanted
        imports: set[str] = set()
        values = evaluator(stack, wanted, of_records(stack.resources), imports)
        present = present_in(values, wanted)
        for name in order(present):
            _stop(stack, 0.0)
            declared, record = present[name], stack.resources.get(name)
            if record is None or not record.whole:
                if record is not None and record.there:
                    discard(stack, record, self._token, created=True)
                self._done.append(("created", name))
                make(stack, wanted, values, declared, self._token)
            else:
                self._change(values, record, declared)
        removed = [name for name in stack.resources if name not in present]
        found = outputs(values, wanted)
        check_exports(stack, found)
        stack.outputs, stack.imports = found, imports
        self._replaced += [stack.resources.pop(name) for name in reversed(order_of(stack)) if name in removed]

    def _change(self, values: Any, record: Resource, declared: Declared) -> None:
        stack = self._stack
        properties = tagged(declared.type, values.value(declared.properties), self._wanted.tags)
        names = changed(record.properties, properties)
        if not names:
            record.declared = declared
            return
        if replaces(record, properties, names):
            self._replace(record, properties, declared)
            return
        self._done.append(("changed", record.logical))
        new = replace(record, properties=properties, declared=declared)
        with stack.lock:
            stack.resources[record.logical] = new
        stack.mark(new, "UPDATE_IN_PROGRESS", "", self._token)
        try:
            Handler(stack, new).update(record.properties)
        except Failed as error:
            stack.mark(new, "UPDATE_FAILED", str(error), self._token)
            raise Failed(f"The following resource(s) failed to update: [{record.logical}].") from error
        stack.mark(new, "UPDATE_COMPLETE", "", self._token)

    def _replace(self, record: Resource, properties: dict[str, Any], declared: Declared) -> None:
        stack, token = self._stack, self._token
        new = Resource(record.logical, record.type, declared, properties=properties)
        new.physical = ""
        shown = replace(record, properties=properties)
        words = "Requested update requires the creation of a new physical resource; hence creating one."
        stack.mark(shown, "UPDATE_IN_PROGRESS", words, token)
        kind = type_of(record)
        identity = kind.identity
        self._done.append(("replaced", record.logical))
        with stack.lock:
            stack.resources[record.logical] = new
        try:
            if identity and identity in properties and properties.get(identity) == record.properties.get(identity):
                raise Failed(
                    "CloudFormation cannot update a stack when a custom-named resource requires replacing. "
                    f"Rename {properties[identity]} and update the stack again."
                )
            Handler(stack, new).create()
        except Failed as error:
            stack.mark(new, "UPDATE_FAILED", str(error), token)
            raise Failed(f"The following resource(s) failed to update: [{record.logical}].") from error
        self._replaced.append(replace(record, declared=replace(record.declared, deletion=declared.replacement)))
        stack.mark(new, "UPDATE_IN_PROGRESS", "Resource creation Initiated", token)
        stack.mark(new, "UPDATE_COMPLETE", "", token)

    def _clean(self) -> None:
        """Delete what was replaced or left the template; what cannot be deleted stays, and the update is complete."""
        for record in reversed(self._replaced):
            discard(self._stack, record, self._token)

    def _leave(self) -> None:
        """Let the next update change again what could not be changed now."""
        for name, record in self._stack.resources.items():
            if record.status == "UPDATE_FAILED" and name in self._before:
                record.properties = self._before[name].properties

    def _undo(self, reason: str) -> None:
        stack = self._stack
        stack.set("UPDATE_ROLLBACK_IN_PROGRESS", reason, self._token)
        self.undo()

    def undo(self, skip: tuple[str, ...] = ()) -> None:
        """Bring back what was before the update; `skip` are resources that are left as they are.

        A stack whose resource cannot be brought back is left in UPDATE_ROLLBACK_FAILED, to be continued.
        """
        stack, left, failures = self._stack, [], []
        for what, name in reversed(self._done):
            if name in skip:
                stack.mark(stack.resources[name], "UPDATE_COMPLETE", "", self._token)
                continue
            error = self._undo_one(what, name) if what != "created" else ""
            if error:
                failures.append(name)
            if what == "created" or error:
                left.append((what, name))
        if failures:
            self._done = list(reversed(left))
            _waiting[stack.id] = self
            stack.set(
                "UPDATE_ROLLBACK_FAILED",
                f"The following resource(s) failed to update: [{', '.join(failures)}].",
                self._token,
            )
            return
        stack.set("UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS", "", self._token)
        for _, name in left:
            record = stack.resources.pop(name, None)
            if record is not None and record.there:
                discard(stack, record, self._token, created=True)
        for name, before in self._before.items():
            if name not in stack.resources:
                stack.resources[name] = before
        stack.set("UPDATE_ROLLBACK_COMPLETE", "", self._token)

    def _undo_one(self, what: str, name: str) -> str:
        """Bring one resource back; return why it cannot be."""
        stack, token = self._stack, self._token
        before, now_ = self._before[name], stack.resources[name]
        if what == "replaced":
            with stack.lock:
                stack.resources[name] = before
            stack.mark(before, "UPDATE_COMPLETE", "", token)
            if now_.physical and now_.physical != before.physical:
                discard(stack, now_, token, created=True)
            return ""
        back = replace(before, physical=now_.physical)
        stack.mark(back, "UPDATE_IN_PROGRESS", "", token)
        try:
            Handler(stack, back).update(now_.properties)
        except Failed as error:
            stack.mark(now_, "UPDATE_FAILED", str(error), token)
            return str(error)
        with stack.lock:
            stack.resources[name] = back
        stack.mark(back, "UPDATE_COMPLETE", "", token)
        return ""


#: Updates whose rollback failed, by the stack's id.
_waiting: dict[str, Update] = {}


def waiting(stack: Stack) -> Update:
    """Return the update of a stack in UPDATE_ROLLBACK_FAILED.

    Raises:
        Refused: if the emulator itself failed in it, and does not know what is left to do.
    """
    if stack.id not in _waiting:
        raise Refused(f"Stack:{stack.id} cannot be continued: the emulator failed in its update. Delete it.")
    return _waiting[stack.id]


class Delete:
    """Deletes a stack's resources in reverse order."""

    def __init__(self, stack: Stack, retain: tuple[str, ...] = (), token: str = "") -> None:
        """Do nothing yet; `retain` are resources that stay."""
        self._stack = stack
        self._retain = retain
        self._token = token

    def __call__(self) -> None:
        """Run to the end."""
        stack = self._stack
        try:
            check_imports(stack, ())
        except Failed as error:
            stack.set("DELETE_FAILED", str(error), self._token)
            return
        failures = remove_all(stack, self._token, retain=self._retain)
        if failures:
            stack.set("DELETE_FAILED", failed(failures), self._token)
            return
        stack.outputs = []
        stack.deleted = now()
        stack.set("DELETE_COMPLETE", "", self._token)


def present_in(values: Any, wanted: Wanted) -> dict[str, Declared]:
    """Return the resources whose conditions hold, without the waits for those whose conditions do not."""
    found = {
        name: declared
        for name, declared in wanted.template.resources.items()
        if not declared.condition or values.condition(declared.condition)
    }
    return {
        name: replace(declared, depends_on=tuple(other for other in declared.depends_on if other in found))
        for name, declared in found.items()
    }


def _stop(stack: Stack, deadline: float) -> None:
    if stack.cancelled:
        raise Failed("User Initiated")
    if deadline and time.monotonic() > deadline:
        raise Failed("Stack creation time exceeded the specified timeout.")

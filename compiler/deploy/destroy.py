"""Deletes the stacks of an environment, the last ones first; tells what stands in the way, and what stays."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from lenie.compiler.aws import Account, told
from lenie.compiler.deploy import database, events, order, preflight
from lenie.compiler.deploy.bundle import Bundle, Unit
from lenie.compiler.deploy.calls import Calls, Interrupted, code_of
from lenie.compiler.deploy.engine import FINE, bundled, chosen, identify, row_of
from lenie.compiler.deploy.model import Options, Result, Row
from lenie.compiler.deploy.progress import Progress, Silent
from lenie.compiler.deploy.schedule import Step, run
from lenie.compiler.deploy.stack import Found, Stack
from lenie.compiler.deploy.strays import deletion_policies, strays
from lenie.compiler.diagnostics import Diagnostic, SpecError
from lenie.compiler.pipeline import Compilation
from lenie.targets.wiring.stack import stack_name

#: States in which there is no stack.
_ABSENT = ("", "DELETE_COMPLETE")
_BUCKET = "AWS::S3::Bucket"
_RETAINED = ("Retain", "RetainExceptOnCreate")


def destroy_cloudformation(
    compiled: Compilation,
    environment: str,
    account: Account,
    options: Options = Options(),  # noqa: B008 - it is immutable
    progress: Progress | None = None,
) -> Result:
    """Delete the stacks of `environment`, in the reverse order of their deployment, and tell what stays.

    With `allow_replacement` in the options, stacks that are protected from deletion are deleted, too. `ask` gets the
    name of the environment as its question, and True deletes.

    Raises:
        SpecError: (E911) if there are no credentials, or AWS cannot be reached; nothing was changed then.
        Usage: if `environment`, or a component in the options, does not exist.
    """
    shown = progress or Silent()
    bundle = bundled(compiled, environment, options)
    if all(name in bundle.units for name in options.names):
        chosen(bundle, options.names, options.scopes())
    identity = identify(account)
    result = Result(environment, account.region, identity.account)
    calls = Calls(account, options.pace)
    with told("looking at what is deployed"):
        others = strays(calls, bundle, options.scopes())
    wanted = {one.component: one.unit() for one in others.found if one.component in options.names}
    rest = tuple(name for name in options.names if name not in wanted)
    units = {**wanted, **(chosen(bundle, rest, options.scopes()) if rest or not wanted else {})}
    destruction = Destruction(bundle, units, calls, options, shown, result)
    destruction.check()
    if not options.names:
        result.notes += others.notes(environment)
    if result.errors:
        return result
    if options.ask is not None and not options.ask(destruction.question()):
        result.rows = [Row(name, unit.stack, "declined") for name, unit in units.items()]
        return result
    destruction.run()
    return result


class Destruction:
    """A deletion that is about to be done, or is."""

    def __init__(
        self,
        bundle: Bundle,
        units: Mapping[str, Unit],
        calls: Calls,
        options: Options,
        progress: Progress,
        result: Result,
    ) -> None:
        self.bundle = bundle
        self.units = units
        self.calls = calls
        self.options = options
        self.progress = progress
        self.result = result
        self.stacks: dict[str, Found] = {}

    def question(self) -> str:
        """Return what is asked before anything is deleted."""
        there = sum(stack.status not in _ABSENT for stack in self.stacks.values())
        return (
            f"{there} stack{'s' if there != 1 else ''} of {self.bundle.environment} in account {self.result.account}, "
            f"{self.result.region}, will be deleted."
        )

    def check(self) -> None:
        """Look at what stands in the way: others that need a component, protection, buckets that are not empty."""
        result = self.result
        with told("looking at what is deployed"):
            self.stacks = preflight.look(self.calls, self.units.values())
            result.diagnostics += [*self._needed(), *self._needed_elsewhere()]
            for name, stack in self.stacks.items():
                if stack.protected and not self.options.allow_replacement:
                    message = f"{name}: the stack {stack.name} is protected from deletion"
                    help = "nothing was deleted; if it is meant, add --lift-protection"
                    result.diagnostics.append(self.bundle.error("E664", message, name, help))
            for name, stack in self.stacks.items():
                if stack.status not in _ABSENT:
                    result.diagnostics += self._in_the_way(self.units[name], stack)

    def _needed(self) -> list[Diagnostic]:
        """Return the components that others, which stay, need."""
        others = [unit for name, unit in self.bundle.units.items() if name not in self.units]
        needing = [unit for unit in others if set(unit.after) & self.units.keys() and self._counts(unit)]
        deployed = preflight.look(self.calls, needing)
        found = []
        for unit in needing:
            if deployed[unit.component].status in _ABSENT:
                continue
            for name in sorted(set(unit.after) & self.units.keys()):
                if self.stacks[name].status not in _ABSENT:
                    message = f"{name} is needed by {unit.component}, which would stay"
                    help = f"delete both: lenie destroy --env {self.bundle.environment} {name} {unit.component}"
                    found.append(self.bundle.error("E664", message, name, help))
        return found

    def _needed_elsewhere(self) -> list[Diagnostic]:
        """Return the components that exist once, and that other environments need."""
        graph, found = self.bundle.graph, []
        shared = {name for name, unit in self.units.items() if unit.scope != "environment" and self.stacks[name].id}
        for environment in graph.environments if shared else ():
            for component in graph.components.values():
                needed = sorted(shared & set(component.depends_on))
                if environment == self.bundle.environment or component.scope != "environment" or not needed:
                    continue
                if Stack(self.calls, stack_name(graph, component, environment)).find().status in _ABSENT:
                    continue
                for name in needed:
                    message = f"{name} is needed by {component.name} of {environment}, which would stay"
                    help = f"leave it out of --include, or delete {environment} first"
                    found.append(self.bundle.error("E664", message, name, help))
        return found

    def _counts(self, unit: Unit) -> bool:
        return unit.scope in ("environment", *self.options.include) or bool(unit.after)

    def _in_the_way(self, unit: Unit, stack: Found) -> list[Diagnostic]:
        """Return what would make the deletion of a stack fail half-way."""
        found = []
        policies = deletion_policies(self.calls, stack)
        for entry in Stack(self.calls, stack.name).resources(stack.id):
            physical = entry.get("PhysicalResourceId", "")
            if entry.get("ResourceStatus") == "DELETE_COMPLETE" or not physical:
                continue
            kept = policies.get(entry["LogicalResourceId"]) in _RETAINED
            if entry["ResourceType"] == _BUCKET and not kept and not self._empty(physical):
                message = (
                    f"{unit.component}: the bucket {physical} is not empty, and CloudFormation deletes none that is"
                )
                help = f"nothing was deleted; save what it holds, then: aws s3 rm s3://{physical} --recursive"
                found.append(self.bundle.error("E664", message, unit.component, help, entry["LogicalResourceId"]))
            if entry["ResourceType"] == database.TYPE and not kept and self._protected(physical):
                message = f"{unit.component}: the database {physical} is protected from deletion"
                help = (
                    "nothing was deleted; if it is meant: aws rds modify-db-instance --no-deletion-protection "
                    f"--apply-immediately --db-instance-identifier {physical} --region {self.result.region}"
                )
                found.append(self.bundle.error("E664", message, unit.component, help, entry["LogicalResourceId"]))
        return found

    def _empty(self, bucket: str) -> bool:
        from botocore.exceptions import ClientError

        try:
            answer = self.calls("s3", "list_object_versions", Bucket=bucket, MaxKeys=1)
        except ClientError as error:
            if code_of(error) == "NoSuchBucket":
                return True
            raise
        return not answer.get("Versions") and not answer.get("DeleteMarkers")

    def _protected(self, identifier: str) -> bool:
        from botocore.exceptions import ClientError

        try:
            answer = self.calls("rds", "describe_db_instances", DBInstanceIdentifier=identifier)
        except ClientError as error:
            if code_of(error).startswith("DBInstanceNotFound"):
                return False
            raise
        return any(entry.get("DeletionProtection") for entry in answer["DBInstances"])

    def run(self) -> None:
        """Delete, and note what became of each stack, and what stays."""
        known = {name: unit for name, unit in self.units.items() if name in self.bundle.units}
        # What the spec has no more comes first, one after the other: nobody knows what of it needs what.
        others = [name for name in self.units if name not in known]
        turned = {name: frozenset(others[:number]) for number, name in enumerate(others)}
        for name, after in order.reverse(order.waits(known, self.bundle.graph.layers)).items():
            turned[name] = after | frozenset(others)
        steps = {name: Step(self._work(self.units[name]), after) for name, after in turned.items()}
        done = run(
            steps,
            parallel=self.options.parallel,
            accepted=lambda row: row.state in FINE,
            interrupted=self._interrupted,
        )
        self.result.rows = [row_of(name, self.units[name], one) for name, one in done.items()]

    def _work(self, unit: Unit) -> Callable[[], Row]:
        def work() -> Row:
            began = time.monotonic()
            self.progress.begin(unit.component, 0, f"deleting {unit.stack}")
            try:
                with told(f"deleting {unit.component}"):
                    row = self._delete(unit)
            except SpecError as error:
                row = Row(unit.component, unit.stack, "failed", diagnostics=(error.diagnostic,))
            except Interrupted:
                row = Row(unit.component, unit.stack, "interrupted")
            self.progress.end(unit.component, row.state, fine=row.state in FINE)
            return row._replace(seconds=time.monotonic() - began)

        return work

    def _delete(self, unit: Unit) -> Row:
        stack = Stack(self.calls, unit.stack, lambda done, status: self.progress.advance(unit.component, done, status))
        found = stack.settled(stack.find())
        if found.status in _ABSENT:
            return Row(unit.component, unit.stack, "absent")
        if found.protected:
            stack.protect(found, on=False)
        entries = list(stack.resources(found.id))
        databases = [e["PhysicalResourceId"] for e in entries if e["ResourceType"] == database.TYPE and _there(e)]
        notes = database.started(self.calls, databases)
        policies = deletion_policies(self.calls, found)
        gone = stack.delete(found)
        if gone.status == "DELETE_FAILED":
            # A resource may have been in use a moment ago by one that is gone now.
            gone = stack.delete(gone)
        if gone.status not in _ABSENT:
            failed = events.failures(self.calls, found.id)
            told_ = events.diagnostics(self.bundle, unit.component, failed, "deleted")
            return Row(unit.component, unit.stack, "failed", diagnostics=tuple(told_), notes=notes)
        kept = _kept(entries, policies)
        return Row(unit.component, unit.stack, "deleted", resources=len(entries), notes=(*notes, *kept))

    def _interrupted(self, times: int) -> None:
        if times == 1:
            self.progress.say("interrupted: nothing else is begun; waiting for what runs (once more: leave it to AWS)")
        else:
            self.calls.abandoned.set()


def _there(entry: Mapping[str, str]) -> bool:
    return bool(entry.get("PhysicalResourceId")) and entry.get("ResourceStatus") != "DELETE_COMPLETE"


def _kept(entries: list[dict[str, str]], policies: Mapping[str, str]) -> list[str]:
    """Return what the deletion left: resources that are retained, and snapshots."""
    notes = []
    for entry in entries:
        policy = policies.get(entry["LogicalResourceId"])
        if not _there(entry):
            continue
        what = f"{entry['ResourceType']} {entry['PhysicalResourceId']}"
        if policy in _RETAINED:
            notes.append(f"{what} stays, as the spec wants it")
        elif policy == "Snapshot":
            notes.append(f"a last snapshot of {what} stays")
    return notes

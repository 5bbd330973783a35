"""Resources deleted, retained or kept as a snapshot, as their deletion policies say.

Source: CloudFormation User Guide, DeletionPolicy attribute.
"""

from __future__ import annotations

from dataclasses import replace

from lenie.compiler.local.stacks.errors import Failed
from lenie.compiler.local.stacks.handler import Handler
from lenie.compiler.local.stacks.records import Resource, Stack
from lenie.compiler.local.stacks.references import order, waits_for


def remove_all(stack: Stack, token: str, *, created: bool = False, retain: tuple[str, ...] = ()) -> list[str]:
    """Delete all resources, those first for which nothing waits; return the names of those that could not be.

    What one that could not be deleted still needs is left alone.
    """
    failures: list[str] = []
    needed: set[str] = set()
    for name in reversed(order_of(stack)):
        record = stack.resources[name]
        if record.status == "DELETE_COMPLETE" or record.status == "DELETE_SKIPPED":
            continue
        if name in needed:
            needed |= waits_for(record.declared, stack.resources)
        elif name in retain:
            stack.mark(record, "DELETE_SKIPPED", "", token)
        elif not discard(stack, record, token, created=created):
            failures.append(name)
            needed |= waits_for(record.declared, stack.resources)
    return failures


def discard(stack: Stack, record: Resource, token: str, *, created: bool = False) -> bool:
    """Delete a resource as its deletion policy says; return whether it is gone, or stays as it should.

    `created` says that the operation that made it has failed: it goes even if it is to be retained "except on create".
    """
    if not record.physical:
        stack.mark(record, "DELETE_COMPLETE", "", token)
        return True
    policy = record.declared.deletion
    if policy == "Retain" or (policy == "RetainExceptOnCreate" and not created):
        stack.mark(record, "DELETE_SKIPPED", "", token)
        return True
    stack.mark(record, "DELETE_IN_PROGRESS", "", token)
    try:
        Handler(stack, record).delete(snapshot=policy == "Snapshot" and not created)
    except Failed as error:
        stack.mark(record, "DELETE_FAILED", str(error), token)
        return False
    stack.mark(record, "DELETE_COMPLETE", "", token)
    return True


def order_of(stack: Stack) -> list[str]:
    """Return the names of the stack's resources, each after what it was made to wait for."""
    declared = {
        name: replace(record.declared, depends_on=tuple(n for n in record.declared.depends_on if n in stack.resources))
        for name, record in stack.resources.items()
    }
    return order(declared)


def failed(names: list[str]) -> str:
    """Return why a deletion failed."""
    return f"The following resource(s) failed to delete: [{', '.join(names)}]. "

"""What becomes of a resource that is removed, replaced or moved, in sentences.

Source: AWS CloudFormation Template Reference, "DeletionPolicy attribute", "UpdateReplacePolicy attribute".
"""

from __future__ import annotations

from lenie.compiler.diff.lifecycle import lifecycle
from lenie.compiler.diff.plain import plain, references, shown
from lenie.compiler.expressions import Value
from lenie.compiler.graph import DeletionPolicy, Resource

_FATES = {
    "Delete": "deleted",
    "Retain": "kept, outside of the stack",
    "RetainExceptOnCreate": "kept, outside of the stack",
    "Snapshot": "deleted, after a snapshot was taken",
}


def deletion(resource: Resource) -> DeletionPolicy:
    """Return the policy that holds when a resource is removed; databases have another default than the rest."""
    if resource.deletion_policy is not None:
        return resource.deletion_policy
    database = resource.type == "AWS::RDS::DBInstance" and "DBClusterIdentifier" not in resource.properties
    return "Snapshot" if database or resource.type == "AWS::RDS::DBCluster" else "Delete"


def removed_note(was: Resource) -> str:
    """Return what becomes of a resource that is removed."""
    policy = deletion(was)
    return f"it is {_FATES[policy]} (DeletionPolicy {policy})"


def left_behind(was: Resource, *, certain: bool) -> str:
    """Return what becomes of the old resource when another takes its place."""
    policy = was.update_replace_policy or "Delete"
    return f"the old one {'is' if certain else 'would be'} {_FATES[policy]} (UpdateReplacePolicy {policy})"


def moved_note(was: Resource, source: str, target: str) -> str:
    """Return what moving a resource to another component means."""
    policy = deletion(was)
    there = f"a new one is made in {target}, and the one in {source} is {_FATES[policy]} (DeletionPolicy {policy})"
    return f"{there}; a refactoring of the stacks, or a `moved` block in Terraform, keeps it"


def unique_name(resource: Resource) -> Value | None:
    """Return the name of a resource of which there can be one; None if it has none, or one made of another resource."""
    path = lifecycle(resource.type).name
    value: Value | None = resource.properties
    for step in path:
        value = value.get(step) if isinstance(value, dict) else None
    # What is named after another resource has another name if that one is replaced.
    return None if not path or value is None or any(True for _ in references(value)) else value


def clash(was: Resource, now: Resource, component: str) -> str:
    """Return why the replacement of a resource fails if it keeps a name of which there can be one; else nothing."""
    kept = unique_name(now)
    if kept is None or kept != unique_name(was):
        return ""
    return (
        f"it keeps its name {_named(now, kept, component)}, which two cannot have: "
        "CloudFormation refuses to replace it unless the name changes, too"
    )


def taken(was: Resource, now: Resource, source: str, target: str, *, gone: bool) -> str:
    """Return why `now` cannot be made in `target`: `was` in `source`, which is to go, has its name. Or nothing.

    With `gone` the stack of `source` deletes it when it is updated, which is before `target` in the spec's order; what
    deploys both at once finds the name taken all the same.
    """
    kept = unique_name(now)
    if kept is None or was.type != now.type or kept != unique_name(was):
        return ""
    if gone:
        return (
            f"{source}.{was.logical_id} has the name {_named(now, kept, target)} until {source} is deployed: deploy "
            f"{source} first and {target} after it, since deployed together they are refused"
        )
    return (
        f"{source}.{was.logical_id} still has the name {_named(now, kept, target)} when this one is made, and two "
        "cannot have it: CloudFormation refuses that unless the name changes, too"
    )


def indexes_note(was: Resource, now: Resource) -> str:
    """Return why an update of a table's indexes fails: it may create or delete one of them. Or nothing.

    Source: AWS::DynamoDB::Table (CloudFormation template reference), "GlobalSecondaryIndexes": one index can be added
    or deleted without interruption; an update that does more than that fails.
    """
    if was.type != "AWS::DynamoDB::Table" or now.type != was.type:
        return ""
    before, after = _indexes(was), _indexes(now)
    deleted = [name for name, index in before.items() if after.get(name) != index]
    created = [name for name, index in after.items() if before.get(name) != index]
    if len(deleted) + len(created) <= 1:
        return ""
    done = [f"{verb} {', '.join(names)}" for verb, names in (("deletes", deleted), ("creates", created)) if names]
    return (
        f"it {' and '.join(done)}: CloudFormation refuses an update that deletes or creates more than one index of a "
        "table, so deploy them one after the other (Terraform does)"
    )


def _indexes(table: Resource) -> dict[str, tuple[Value | None, ...]]:
    """Return the global secondary indexes by name, with what an update cannot change in place."""
    listed = table.properties.get("GlobalSecondaryIndexes")
    return {
        str(index.get("IndexName")): (index.get("KeySchema"), index.get("Projection"))
        for index in (listed if isinstance(listed, list) else [])
        if isinstance(index, dict)
    }


def _named(resource: Resource, name: Value, component: str) -> str:
    return f"{shown(plain(name, component))} ({'.'.join(lifecycle(resource.type).name)})"

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


def clash(was: Resource, now: Resource, component: str) -> str:
    """Return why the replacement of a resource fails if it keeps a name of which there can be one; else nothing."""
    path = lifecycle(now.type).name
    names: list[Value | None] = []
    for resource in (was, now):
        value: Value | None = resource.properties
        for step in path:
            value = value.get(step) if isinstance(value, dict) else None
        names.append(value)
    kept = names[1]
    # What is named after another resource has another name if that one is replaced.
    if not path or kept is None or kept != names[0] or any(True for _ in references(kept)):
        return ""
    return (
        f"it keeps its name {shown(plain(kept, component))} ({'.'.join(path)}), which two cannot have: "
        "CloudFormation refuses to replace it unless the name changes, too"
    )

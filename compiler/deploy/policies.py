"""Types of policies that an organization has to allow before a policy of that type can be attached.

Source: AWS Organizations User Guide, "Enabling a policy type".
"""

from __future__ import annotations

from collections.abc import Iterable

from lenie.compiler.deploy.calls import Calls, code_of
from lenie.compiler.graph import Graph

ORGANIZATION = "AWS::Organizations::Organization"
POLICY = "AWS::Organizations::Policy"


def needed(graph: Graph, components: Iterable[str]) -> dict[str, set[str]]:
    """Return component -> types of the policies that it makes."""
    found: dict[str, set[str]] = {}
    for name in components:
        for resource in graph.components[name].resources.values():
            kind = resource.properties.get("Type")
            if resource.type == POLICY and isinstance(kind, str):
                found.setdefault(name, set()).add(kind)
    return found


def enable(calls: Calls, types: Iterable[str]) -> tuple[str, ...]:
    """Enable the types of policies, and wait until they are; return those that were not before.

    Raises:
        botocore.exceptions.ClientError: if there is no organization, or this is not its management account.
    """
    return tuple(kind for kind in sorted(types) if _enable(calls, kind))


def _enable(calls: Calls, kind: str) -> bool:
    from botocore.exceptions import ClientError

    begun = False
    for pause in calls.pace.pauses():
        root = next(iter(calls.pages("organizations", "list_roots", "Roots")))
        state = {entry["Type"]: entry["Status"] for entry in root.get("PolicyTypes", ())}.get(kind, "")
        if state == "ENABLED":
            return begun
        if not state and not begun:
            try:
                calls("organizations", "enable_policy_type", RootId=root["Id"], PolicyType=kind)
            except ClientError as error:
                if code_of(error) not in ("PolicyTypeAlreadyEnabledException", "ConcurrentModificationException"):
                    raise
            else:
                begun = True
        calls.rest(pause)
    raise AssertionError("pauses have no end")

"""What all types of EC2 share."""

from __future__ import annotations

from typing import Any

from botocore.exceptions import ClientError

from standin import tags
from standin.aws import Aws
from standin.resource import State


def tag_specifications(kind: str, state: State) -> list[dict[str, Any]]:
    """Return the argument that tags a new resource."""
    return [{"ResourceType": kind, "Tags": tags.as_list(state["tags_all"])}] if state["tags_all"] else []


def change_tags(aws: Aws, prior: State, planned: State, identifier: str | None = None) -> None:
    """Give an existing resource the planned tags."""
    identifier = identifier or prior["id"]
    gone = tags.lost(prior["tags_all"], planned["tags_all"])
    if gone:
        aws.client("ec2").delete_tags(Resources=[identifier], Tags=[{"Key": key} for key in gone])
    if planned["tags_all"]:
        aws.client("ec2").create_tags(Resources=[identifier], Tags=tags.as_list(planned["tags_all"]))


def found(describe: Any, key: str, **arguments: Any) -> dict[str, Any] | None:
    """Return the one thing that a describe call gives under `key`; None if there is no such thing."""
    try:
        items = describe(**arguments)[key]
    except ClientError as error:
        if ".NotFound" in error.response["Error"]["Code"]:
            return None
        raise
    assert len(items) <= 1, items
    return dict(items[0]) if items else None

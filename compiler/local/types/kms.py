"""AWS Key Management Service: keys and their aliases."""

from __future__ import annotations

from typing import Any, ClassVar

from lenie.compiler.local.stacks.errors import Failed
from lenie.compiler.local.stacks.lost import plain
from lenie.compiler.local.types.base import (
    Context,
    Json,
    ResourceType,
    boolean,
    differing,
    number,
    pick,
    tag_changes,
    text,
)

#: Days that a deleted key waits ("ScheduleKeyDeletion", AWS KMS API Reference): at least, at most, unless it is said.
SHORTEST, LONGEST, WINDOW = 7, 30, 30
SYMMETRIC = "SYMMETRIC_DEFAULT"


class Key(ResourceType):
    """A key, of material that KMS makes. Its deletion is scheduled, as on AWS."""

    name = "AWS::KMS::Key"
    #: What stays as it was made, and what it is unless a template says it.
    _FIXED: ClassVar[Json] = {"KeySpec": SYMMETRIC, "KeyUsage": "ENCRYPT_DECRYPT", "MultiRegion": False}
    properties = frozenset(
        {
            *_FIXED,
            "BypassPolicyLockoutSafetyCheck",
            "Description",
            "EnableKeyRotation",
            "Enabled",
            "KeyPolicy",
            "PendingWindowInDays",
            "Tags",
        }
    )
    returns = frozenset({"Arn", "KeyId"})
    #: How the key is made, and how it is deleted.
    unread = frozenset({"BypassPolicyLockoutSafetyCheck", "PendingWindowInDays"})

    def create(self, at: Context, wanted: Json) -> str:
        self._check(wanted)
        made = at.call(
            "kms",
            "create_key",
            **{**self._FIXED, **pick(wanted, *self._FIXED, "BypassPolicyLockoutSafetyCheck", "Description")},
            Policy=text(wanted.get("KeyPolicy")),
            Tags=_tags({tag["Key"]: tag["Value"] for tag in wanted.get("Tags") or []}) or None,
        )
        id = at.created(str(made["KeyMetadata"]["KeyId"]))
        self._switch(at, id, wanted, {})
        return id

    def read(self, at: Context, id: str) -> Json | None:
        found = (at.find("kms", "describe_key", KeyId=id) or {}).get("KeyMetadata")
        if found is None or found["KeyState"] == "PendingDeletion":
            return None
        tags = at.call("kms", "list_resource_tags", KeyId=id)["Tags"]
        return {
            **pick(found, *self._FIXED, "Description", "Enabled"),
            "EnableKeyRotation": at.call("kms", "get_key_rotation_status", KeyId=id)["KeyRotationEnabled"],
            "KeyPolicy": at.call("kms", "get_key_policy", KeyId=id, PolicyName="default")["Policy"],
            "Tags": [{"Key": tag["TagKey"], "Value": tag["TagValue"]} for tag in tags],
        }

    def attributes(self, at: Context, id: str) -> Json:
        return pick(at.call("kms", "describe_key", KeyId=id)["KeyMetadata"], "Arn", "KeyId")

    def update(self, at: Context, id: str, wanted: Json, before: Json) -> None:
        self._check(wanted)
        changed = differing(wanted, before)
        # Of the key, and not of `before`: a rollback begins at what was refused.
        told = at.call("kms", "describe_key", KeyId=id)["KeyMetadata"]
        fixed = [name for name, usual in self._FIXED.items() if plain(wanted.get(name, usual)) != plain(told[name])]
        if fixed:
            raise Failed(f"{' and '.join(fixed)} of a key cannot be changed: it has to be another key")
        if "Description" in changed:
            at.call("kms", "update_key_description", KeyId=id, Description=wanted.get("Description", ""))
        if "KeyPolicy" in changed:
            policy = text(wanted.get("KeyPolicy") or _default_policy(at))
            at.call("kms", "put_key_policy", KeyId=id, PolicyName="default", Policy=policy)
        self._switch(at, id, wanted, before)
        new, gone = tag_changes(wanted.get("Tags"), before.get("Tags"))
        if gone:
            at.call("kms", "untag_resource", KeyId=id, TagKeys=gone)
        if new:
            at.call("kms", "tag_resource", KeyId=id, Tags=_tags(new))

    def delete(self, at: Context, id: str, properties: Json) -> None:
        days = number(properties.get("PendingWindowInDays", WINDOW))
        if self.read(at, id) is not None:
            at.find("kms", "schedule_key_deletion", KeyId=id, PendingWindowInDays=days)

    @staticmethod
    def _switch(at: Context, id: str, wanted: Json, before: Json) -> None:
        """Set whether the key can be used, and whether it is rotated; KMS rotates no key that is disabled."""
        enabled, was = (boolean(properties.get("Enabled", True)) for properties in (wanted, before))
        rotated, turned = (boolean(properties.get("EnableKeyRotation", False)) for properties in (wanted, before))
        if enabled and not was:
            at.call("kms", "enable_key", KeyId=id)
        if rotated != turned:
            at.call("kms", "enable_key_rotation" if rotated else "disable_key_rotation", KeyId=id)
        if was and not enabled:
            at.call("kms", "disable_key", KeyId=id)

    @staticmethod
    def _check(wanted: Json) -> None:
        days = number(wanted.get("PendingWindowInDays", WINDOW))
        if not SHORTEST <= days <= LONGEST:
            raise Failed(f"PendingWindowInDays is {days}, and not from {SHORTEST} to {LONGEST}")
        spec = wanted.get("KeySpec", SYMMETRIC)
        if boolean(wanted.get("EnableKeyRotation", False)) and spec != SYMMETRIC:
            raise Failed(f"EnableKeyRotation is for keys of the KeySpec {SYMMETRIC}, and not of {spec}")


class Alias(ResourceType):
    """Another name of a key."""

    name = "AWS::KMS::Alias"
    properties = frozenset({"AliasName", "TargetKeyId"})
    required = frozenset({"AliasName", "TargetKeyId"})
    tags = ""
    identity = "AliasName"

    def create(self, at: Context, wanted: Json) -> str:
        at.call("kms", "create_alias", **wanted)
        return at.created(str(wanted["AliasName"]))

    def read(self, at: Context, id: str) -> Json | None:
        for found in at.all("kms", "list_aliases", "Aliases"):
            if found["AliasName"] == id:
                return pick(found, "AliasName", "TargetKeyId")
        return None

    def visible(self, wanted: Json) -> Json:
        """Return the key by its id: it may be named by its ARN, which ends with that."""
        return {**wanted, "TargetKeyId": str(wanted["TargetKeyId"]).rpartition("/")[2]}

    def update(self, at: Context, id: str, wanted: Json, before: Json) -> None:
        at.call("kms", "update_alias", **wanted)

    def delete(self, at: Context, id: str, properties: Json) -> None:
        at.find("kms", "delete_alias", AliasName=id)


def _tags(tags: dict[str, str]) -> list[Json]:
    return [{"TagKey": key, "TagValue": value} for key, value in tags.items()]


def _default_policy(at: Context) -> dict[str, Any]:
    """Return the policy of a key that has none of its own ("Default key policy", AWS KMS Developer Guide)."""
    root = f"arn:{at.partition}:iam::{at.account}:root"
    statement = {"Sid": "Enable IAM User Permissions", "Effect": "Allow", "Principal": {"AWS": root}}
    statements = [{**statement, "Action": "kms:*", "Resource": "*"}]
    return {"Version": "2012-10-17", "Id": "key-default-1", "Statement": statements}

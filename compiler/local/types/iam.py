"""AWS IAM: roles, with their inline and managed policies, and instance profiles."""

from __future__ import annotations

from lenie.compiler.local.types.base import (
    Context,
    Json,
    ResourceType,
    differing,
    pick,
    tag_changes,
    tag_list,
    tag_map,
    text,
)


class Role(ResourceType):
    """A role."""

    name = "AWS::IAM::Role"
    properties = frozenset(
        {
            "RoleName",
            "AssumeRolePolicyDocument",
            "Description",
            "ManagedPolicyArns",
            "MaxSessionDuration",
            "Path",
            "PermissionsBoundary",
            "Policies",
            "Tags",
        }
    )
    required = frozenset({"AssumeRolePolicyDocument"})
    returns = frozenset({"Arn", "RoleId"})
    identity = "RoleName"
    capability = "CAPABILITY_IAM"
    named_by = "RoleName"

    def create(self, at: Context, wanted: Json) -> str:
        name = str(wanted.get("RoleName") or at.name(64))
        given = pick(wanted, "Description", "MaxSessionDuration", "Path", "PermissionsBoundary", "Tags")
        trust = text(wanted["AssumeRolePolicyDocument"])
        at.call("iam", "create_role", RoleName=name, AssumeRolePolicyDocument=trust, **given)
        at.created(name)
        self._policies(at, name, wanted, {})
        return name

    def read(self, at: Context, id: str) -> Json | None:
        answer = at.find("iam", "get_role", RoleName=id)
        if answer is None:
            return None
        role = answer["Role"]
        attached = at.all("iam", "list_attached_role_policies", "AttachedPolicies", RoleName=id)
        policies = []
        for name in at.all("iam", "list_role_policies", "PolicyNames", RoleName=id):
            found = at.call("iam", "get_role_policy", RoleName=id, PolicyName=name)
            policies.append({"PolicyName": name, "PolicyDocument": found["PolicyDocument"]})
        return {
            **pick(role, "RoleName", "AssumeRolePolicyDocument", "Description", "MaxSessionDuration", "Path"),
            "PermissionsBoundary": role.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn"),
            "ManagedPolicyArns": [policy["PolicyArn"] for policy in attached],
            "Policies": policies,
            "Tags": tag_list(tag_map(at.call("iam", "list_role_tags", RoleName=id)["Tags"])),
        }

    def attributes(self, at: Context, id: str) -> Json:
        return pick(at.call("iam", "get_role", RoleName=id)["Role"], "Arn", "RoleId")

    def update(self, at: Context, id: str, wanted: Json, before: Json) -> None:
        changed = differing(wanted, before)
        if "AssumeRolePolicyDocument" in changed:
            trust = text(wanted["AssumeRolePolicyDocument"])
            at.call("iam", "update_assume_role_policy", RoleName=id, PolicyDocument=trust)
        if changed & {"Description", "MaxSessionDuration"}:
            longest = wanted.get("MaxSessionDuration", 3600)
            at.call(
                "iam", "update_role", RoleName=id, Description=wanted.get("Description", ""), MaxSessionDuration=longest
            )
        if "PermissionsBoundary" in changed:
            boundary = wanted.get("PermissionsBoundary")
            operation = "put_role_permissions_boundary" if boundary else "delete_role_permissions_boundary"
            at.call("iam", operation, RoleName=id, PermissionsBoundary=boundary)
        self._policies(at, id, wanted, before)
        new, gone = tag_changes(wanted.get("Tags"), before.get("Tags"))
        if gone:
            at.call("iam", "untag_role", RoleName=id, TagKeys=gone)
        if new:
            at.call("iam", "tag_role", RoleName=id, Tags=tag_list(new))

    def delete(self, at: Context, id: str, properties: Json) -> None:
        self._policies(at, id, {}, properties)
        at.find("iam", "delete_role", RoleName=id)

    @staticmethod
    def _policies(at: Context, id: str, wanted: Json, before: Json) -> None:
        new, old = wanted.get("ManagedPolicyArns") or [], before.get("ManagedPolicyArns") or []
        for arn in (arn for arn in old if arn not in new):
            at.find("iam", "detach_role_policy", RoleName=id, PolicyArn=arn)
        for arn in (arn for arn in new if arn not in old):
            at.call("iam", "attach_role_policy", RoleName=id, PolicyArn=arn)
        inline, kept = (
            {policy["PolicyName"]: policy["PolicyDocument"] for policy in properties.get("Policies") or []}
            for properties in (wanted, before)
        )
        for name in (name for name in kept if name not in inline):
            at.find("iam", "delete_role_policy", RoleName=id, PolicyName=name)
        for name, document in inline.items():
            if kept.get(name) != document:
                at.call("iam", "put_role_policy", RoleName=id, PolicyName=name, PolicyDocument=text(document))


class InstanceProfile(ResourceType):
    """An instance profile, with the one role that it may have."""

    name = "AWS::IAM::InstanceProfile"
    properties = frozenset({"InstanceProfileName", "Path", "Roles"})
    required = frozenset({"Roles"})
    returns = frozenset({"Arn"})
    identity = "InstanceProfileName"
    tags = ""
    capability = "CAPABILITY_IAM"
    named_by = "InstanceProfileName"

    def create(self, at: Context, wanted: Json) -> str:
        name = str(wanted.get("InstanceProfileName") or at.name(128))
        at.call("iam", "create_instance_profile", InstanceProfileName=name, **pick(wanted, "Path"))
        at.created(name)
        self.update(at, name, wanted, {})
        return name

    def read(self, at: Context, id: str) -> Json | None:
        answer = at.find("iam", "get_instance_profile", InstanceProfileName=id)
        if answer is None:
            return None
        found = answer["InstanceProfile"]
        return {**pick(found, "InstanceProfileName", "Path"), "Roles": [role["RoleName"] for role in found["Roles"]]}

    def attributes(self, at: Context, id: str) -> Json:
        return pick(at.call("iam", "get_instance_profile", InstanceProfileName=id)["InstanceProfile"], "Arn")

    def update(self, at: Context, id: str, wanted: Json, before: Json) -> None:
        new, old = wanted.get("Roles") or [], before.get("Roles") or []
        for role in (role for role in old if role not in new):
            at.find("iam", "remove_role_from_instance_profile", InstanceProfileName=id, RoleName=role)
        for role in (role for role in new if role not in old):
            at.call("iam", "add_role_to_instance_profile", InstanceProfileName=id, RoleName=role)

    def delete(self, at: Context, id: str, properties: Json) -> None:
        self.update(at, id, {}, properties)
        at.find("iam", "delete_instance_profile", InstanceProfileName=id)

"""Roles, their policies, instance profiles."""

from __future__ import annotations

import json
from typing import Any, ClassVar

from botocore.exceptions import ClientError

from standin import tags
from standin.aws import Aws
from standin.resource import Resource, State, changed, generated_name, given


def _existing(call: Any, **arguments: Any) -> dict[str, Any] | None:
    try:
        return dict(call(**arguments))
    except ClientError as error:
        if error.response["Error"]["Code"] == "NoSuchEntity":
            return None
        raise


def _document(document: Any) -> str:
    return json.dumps(document, separators=(",", ":"))


def _time(value: Any) -> str:
    return str(value.strftime("%Y-%m-%dT%H:%M:%SZ"))


class Role(Resource):
    """aws_iam_role; inline and attached policies are read back if they were configured here."""

    settled: ClassVar[frozenset[str]] = frozenset({"force_detach_policies", "name_prefix"})

    def create(self, aws: Aws, planned: State) -> str:
        name = generated_name(planned, "name")
        aws.client("iam").create_role(
            RoleName=name,
            AssumeRolePolicyDocument=planned["assume_role_policy"],
            Tags=tags.as_list(planned["tags_all"]),
            **given(
                planned,
                Path="path",
                Description="description",
                MaxSessionDuration="max_session_duration",
                PermissionsBoundary="permissions_boundary",
            ),
        )
        self._policies(aws, name, {"inline_policy": [], "managed_policy_arns": []}, planned)
        return name

    @staticmethod
    def _policies(aws: Aws, name: str, prior: State, planned: State) -> None:
        client = aws.client("iam")
        before = {one["name"] for one in prior["inline_policy"] or []}
        after = {one["name"]: one["policy"] for one in planned["inline_policy"] or [] if one["name"]}
        for gone in sorted(before - after.keys()):
            client.delete_role_policy(RoleName=name, PolicyName=gone)
        for policy, document in sorted(after.items()):
            client.put_role_policy(RoleName=name, PolicyName=policy, PolicyDocument=document)
        attached, wanted = set(prior["managed_policy_arns"] or []), set(planned["managed_policy_arns"] or [])
        for arn in sorted(attached - wanted):
            client.detach_role_policy(RoleName=name, PolicyArn=arn)
        for arn in sorted(wanted - attached):
            client.attach_role_policy(RoleName=name, PolicyArn=arn)

    def read(self, aws: Aws, state: State) -> State | None:
        client = aws.client("iam")
        found = _existing(client.get_role, RoleName=state["id"])
        if found is None:
            return None
        role = found["Role"]
        result = {
            "id": role["RoleName"],
            "arn": role["Arn"],
            "name": role["RoleName"],
            "name_prefix": state["name_prefix"] or "",
            "path": role["Path"],
            "description": role.get("Description") or ("" if state["description"] == "" else None),
            "assume_role_policy": _document(role["AssumeRolePolicyDocument"]),
            "max_session_duration": role["MaxSessionDuration"],
            "permissions_boundary": role.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn") or None,
            "create_date": _time(role["CreateDate"]),
            "unique_id": role["RoleId"],
            "tags_all": tags.as_map(role.get("Tags")),
        }
        attached = client.list_attached_role_policies(RoleName=state["id"])["AttachedPolicies"]
        result["managed_policy_arns"] = [one["PolicyArn"] for one in attached]
        if state["inline_policy"]:
            result["inline_policy"] = self._inline(client, state)
        return result

    @staticmethod
    def _inline(client: Any, state: State) -> list[State]:
        written = {one["name"]: one["policy"] for one in state["inline_policy"]}
        result = []
        for name in client.list_role_policies(RoleName=state["id"])["PolicyNames"]:
            document = client.get_role_policy(RoleName=state["id"], PolicyName=name)["PolicyDocument"]
            before = written.get(name)
            same = before is not None and json.loads(before) == document
            result.append({"name": name, "policy": before if same else _document(document)})
        return result

    def update(self, aws: Aws, prior: State, planned: State) -> None:
        client = aws.client("iam")
        if changed(prior, planned, "assume_role_policy"):
            client.update_assume_role_policy(RoleName=prior["id"], PolicyDocument=planned["assume_role_policy"])
        if changed(prior, planned, "description", "max_session_duration"):
            client.update_role(
                RoleName=prior["id"],
                Description=planned["description"] or "",
                MaxSessionDuration=planned["max_session_duration"],
            )
        if changed(prior, planned, "permissions_boundary"):
            if planned["permissions_boundary"]:
                client.put_role_permissions_boundary(
                    RoleName=prior["id"], PermissionsBoundary=planned["permissions_boundary"]
                )
            else:
                client.delete_role_permissions_boundary(RoleName=prior["id"])
        self._policies(aws, prior["id"], prior, planned)
        _change_tags(client.untag_role, client.tag_role, prior, planned, RoleName=prior["id"])

    def delete(self, aws: Aws, state: State) -> None:
        # A policy may have been removed, by a resource of its own, since the state was read.
        now = self.read(aws, state)
        if now is not None:
            inline = now.get("inline_policy", [])
            none: State = {"inline_policy": [], "managed_policy_arns": []}
            self._policies(aws, state["id"], {**now, "inline_policy": inline}, none)
        aws.client("iam").delete_role(RoleName=state["id"])


def _change_tags(untag: Any, tag: Any, prior: State, planned: State, **which: str) -> None:
    gone = tags.lost(prior["tags_all"], planned["tags_all"])
    if gone:
        untag(TagKeys=gone, **which)
    if planned["tags_all"]:
        tag(Tags=tags.as_list(planned["tags_all"]), **which)


class RolePolicy(Resource):
    """aws_iam_role_policy."""

    settled: ClassVar[frozenset[str]] = frozenset({"name_prefix"})

    def create(self, aws: Aws, planned: State) -> str:
        name = generated_name(planned, "name")
        aws.client("iam").put_role_policy(RoleName=planned["role"], PolicyName=name, PolicyDocument=planned["policy"])
        return f"{planned['role']}:{name}"

    def read(self, aws: Aws, state: State) -> State | None:
        role, _, name = state["id"].partition(":")
        found = _existing(aws.client("iam").get_role_policy, RoleName=role, PolicyName=name)
        if found is None:
            return None
        return {
            "id": state["id"],
            "role": found["RoleName"],
            "name": found["PolicyName"],
            "name_prefix": state["name_prefix"] or "",
            "policy": _document(found["PolicyDocument"]),
        }

    def update(self, aws: Aws, prior: State, planned: State) -> None:
        role, _, name = prior["id"].partition(":")
        aws.client("iam").put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=planned["policy"])

    def delete(self, aws: Aws, state: State) -> None:
        role, _, name = state["id"].partition(":")
        aws.client("iam").delete_role_policy(RoleName=role, PolicyName=name)


class Policy(Resource):
    """aws_iam_policy; a change makes a new version, and removes the one before."""

    settled: ClassVar[frozenset[str]] = frozenset({"name_prefix"})

    def create(self, aws: Aws, planned: State) -> str:
        made = aws.client("iam").create_policy(
            PolicyName=generated_name(planned, "name"),
            PolicyDocument=planned["policy"],
            Tags=tags.as_list(planned["tags_all"]),
            **given(planned, Path="path", Description="description"),
        )
        return str(made["Policy"]["Arn"])

    def read(self, aws: Aws, state: State) -> State | None:
        client = aws.client("iam")
        found = _existing(client.get_policy, PolicyArn=state["id"])
        if found is None:
            return None
        policy = found["Policy"]
        version = client.get_policy_version(PolicyArn=state["id"], VersionId=policy["DefaultVersionId"])
        return {
            "id": policy["Arn"],
            "arn": policy["Arn"],
            "name": policy["PolicyName"],
            "name_prefix": state["name_prefix"] or "",
            "path": policy["Path"],
            "description": policy.get("Description") or ("" if state["description"] == "" else None),
            "policy": _document(version["PolicyVersion"]["Document"]),
            "policy_id": policy["PolicyId"],
            "attachment_count": policy["AttachmentCount"],
            "tags_all": tags.as_map(policy.get("Tags")),
        }

    def update(self, aws: Aws, prior: State, planned: State) -> None:
        client = aws.client("iam")
        if changed(prior, planned, "policy"):
            before = client.get_policy(PolicyArn=prior["id"])["Policy"]["DefaultVersionId"]
            client.create_policy_version(PolicyArn=prior["id"], PolicyDocument=planned["policy"], SetAsDefault=True)
            client.delete_policy_version(PolicyArn=prior["id"], VersionId=before)
        _change_tags(client.untag_policy, client.tag_policy, prior, planned, PolicyArn=prior["id"])

    def delete(self, aws: Aws, state: State) -> None:
        aws.client("iam").delete_policy(PolicyArn=state["id"])


class RolePolicyAttachment(Resource):
    """aws_iam_role_policy_attachment."""

    def create(self, aws: Aws, planned: State) -> str:
        aws.client("iam").attach_role_policy(**given(planned, RoleName="role", PolicyArn="policy_arn"))
        return f"{planned['role']}/{planned['policy_arn']}"

    def read(self, aws: Aws, state: State) -> State | None:
        role, _, arn = state["id"].partition("/")
        found = _existing(aws.client("iam").list_attached_role_policies, RoleName=role)
        if found is None or all(one["PolicyArn"] != arn for one in found["AttachedPolicies"]):
            return None
        return {"id": state["id"], "role": role, "policy_arn": arn}

    def delete(self, aws: Aws, state: State) -> None:
        aws.client("iam").detach_role_policy(**given(state, RoleName="role", PolicyArn="policy_arn"))


class InstanceProfile(Resource):
    """aws_iam_instance_profile."""

    settled: ClassVar[frozenset[str]] = frozenset({"name_prefix"})

    def create(self, aws: Aws, planned: State) -> str:
        client = aws.client("iam")
        name = generated_name(planned, "name")
        client.create_instance_profile(
            InstanceProfileName=name, Path=planned["path"], Tags=tags.as_list(planned["tags_all"])
        )
        if planned["role"]:
            client.add_role_to_instance_profile(InstanceProfileName=name, RoleName=planned["role"])
        return name

    def read(self, aws: Aws, state: State) -> State | None:
        found = _existing(aws.client("iam").get_instance_profile, InstanceProfileName=state["id"])
        if found is None:
            return None
        profile = found["InstanceProfile"]
        return {
            "id": profile["InstanceProfileName"],
            "arn": profile["Arn"],
            "name": profile["InstanceProfileName"],
            "name_prefix": state["name_prefix"] or "",
            "path": profile["Path"],
            "role": profile["Roles"][0]["RoleName"] if profile["Roles"] else None,
            "create_date": _time(profile["CreateDate"]),
            "unique_id": profile["InstanceProfileId"],
            "tags_all": tags.as_map(profile.get("Tags")),
        }

    def update(self, aws: Aws, prior: State, planned: State) -> None:
        client = aws.client("iam")
        name = {"InstanceProfileName": prior["id"]}
        if changed(prior, planned, "role"):
            if prior["role"]:
                client.remove_role_from_instance_profile(RoleName=prior["role"], **name)
            if planned["role"]:
                client.add_role_to_instance_profile(RoleName=planned["role"], **name)
        _change_tags(client.untag_instance_profile, client.tag_instance_profile, prior, planned, **name)

    def delete(self, aws: Aws, state: State) -> None:
        client = aws.client("iam")
        if state["role"]:
            client.remove_role_from_instance_profile(RoleName=state["role"], InstanceProfileName=state["id"])
        client.delete_instance_profile(InstanceProfileName=state["id"])


RESOURCES: dict[str, type[Resource]] = {
    "aws_iam_policy": Policy,
    "aws_iam_role": Role,
    "aws_iam_role_policy": RolePolicy,
    "aws_iam_role_policy_attachment": RolePolicyAttachment,
    "aws_iam_instance_profile": InstanceProfile,
}

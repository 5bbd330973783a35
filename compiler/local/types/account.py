"""What belongs to an account or an organization: AWS Budgets, AWS Organizations, IAM Identity Center's groups."""

from __future__ import annotations

from lenie.compiler.local.stacks.errors import Failed
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


class Budget(ResourceType):
    """A budget with its notifications; its id is its name."""

    name = "AWS::Budgets::Budget"
    properties = frozenset({"Budget", "NotificationsWithSubscribers", "ResourceTags"})
    required = frozenset({"Budget"})
    tags = "ResourceTags"

    def create(self, at: Context, wanted: Json) -> str:
        budget = dict(wanted["Budget"])
        name = str(budget.setdefault("BudgetName", at.name(100)))
        notifications = wanted.get("NotificationsWithSubscribers")
        at.call(
            "budgets",
            "create_budget",
            AccountId=at.account,
            Budget=budget,
            NotificationsWithSubscribers=notifications,
            ResourceTags=wanted.get("ResourceTags"),
        )
        return at.created(name)

    def existing(self, at: Context, wanted: Json) -> str:
        return str(wanted["Budget"].get("BudgetName", ""))

    def read(self, at: Context, id: str) -> Json | None:
        mine = {"AccountId": at.account, "BudgetName": id}
        found = at.find("budgets", "describe_budget", **mine)
        if found is None:
            return None
        notifications = []
        for notification in at.call("budgets", "describe_notifications_for_budget", **mine).get("Notifications", []):
            told = pick(notification, "NotificationType", "ComparisonOperator", "Threshold", "ThresholdType")
            answer = at.call("budgets", "describe_subscribers_for_notification", **mine, Notification=told)
            notifications.append({"Notification": told, "Subscribers": answer["Subscribers"]})
        tags = at.call("budgets", "list_tags_for_resource", ResourceARN=self._arn(at, id)).get("ResourceTags")
        return {
            "Budget": found["Budget"],
            "NotificationsWithSubscribers": notifications,
            "ResourceTags": tag_list(tag_map(tags)),
        }

    def update(self, at: Context, id: str, wanted: Json, before: Json) -> None:
        if wanted["Budget"] != before["Budget"]:
            at.call("budgets", "update_budget", AccountId=at.account, NewBudget={**wanted["Budget"], "BudgetName": id})
        new, old = (properties.get("NotificationsWithSubscribers") or [] for properties in (wanted, before))
        mine = {"AccountId": at.account, "BudgetName": id}
        for each in (each for each in old if each not in new):
            at.find("budgets", "delete_notification", **mine, Notification=each["Notification"])
        for each in (each for each in new if each not in old):
            at.call("budgets", "create_notification", **mine, **each)
        tags, gone = tag_changes(wanted.get("ResourceTags"), before.get("ResourceTags"))
        if gone:
            at.call("budgets", "untag_resource", ResourceARN=self._arn(at, id), ResourceTagKeys=gone)
        if tags:
            at.call("budgets", "tag_resource", ResourceARN=self._arn(at, id), ResourceTags=tag_list(tags))

    def delete(self, at: Context, id: str, properties: Json) -> None:
        at.find("budgets", "delete_budget", AccountId=at.account, BudgetName=id)

    @staticmethod
    def _arn(at: Context, id: str) -> str:
        return at.arn("budgets", f"budget/{id}", "")


class Organization(ResourceType):
    """The organization of a management account; there can be one."""

    name = "AWS::Organizations::Organization"
    properties = frozenset({"FeatureSet"})
    returns = frozenset(
        {"Arn", "Id", "ManagementAccountArn", "ManagementAccountEmail", "ManagementAccountId", "RootId"}
    )
    tags = ""

    def create(self, at: Context, wanted: Json) -> str:
        made = at.call("organizations", "create_organization", FeatureSet=wanted.get("FeatureSet", "ALL"))
        return at.created(str(made["Organization"]["Id"]))

    def read(self, at: Context, id: str) -> Json | None:
        found = at.find("organizations", "describe_organization")
        if found is None or found["Organization"]["Id"] != id:
            return None
        return pick(found["Organization"], "FeatureSet")

    def attributes(self, at: Context, id: str) -> Json:
        found = at.call("organizations", "describe_organization")["Organization"]
        root = at.call("organizations", "list_roots")["Roots"][0]["Id"]
        manager = {f"ManagementAccount{name}": found[f"MasterAccount{name}"] for name in ("Arn", "Email", "Id")}
        return {**pick(found, "Arn", "Id"), **manager, "RootId": root}

    def update(self, at: Context, id: str, wanted: Json, before: Json) -> None:
        if wanted.get("FeatureSet", "ALL") == "ALL":
            at.call("organizations", "enable_all_features")
        else:
            raise Failed("An organization with all features cannot go back to consolidated billing")

    def delete(self, at: Context, id: str, properties: Json) -> None:
        at.find("organizations", "delete_organization")


class Policy(ResourceType):
    """A policy of an organization, attached to its targets."""

    name = "AWS::Organizations::Policy"
    properties = frozenset({"Name", "Description", "Type", "Content", "TargetIds", "Tags"})
    required = frozenset({"Name", "Type", "Content"})
    returns = frozenset({"Id", "Arn", "AwsManaged"})

    def create(self, at: Context, wanted: Json) -> str:
        given = pick(wanted, "Name", "Type", "Tags")
        content, description = text(wanted["Content"]), wanted.get("Description", "")
        made = at.call("organizations", "create_policy", Content=content, Description=description, **given)
        id = at.created(str(made["Policy"]["PolicySummary"]["Id"]))
        self._attach(at, id, wanted, {})
        return id

    def read(self, at: Context, id: str) -> Json | None:
        found = at.find("organizations", "describe_policy", PolicyId=id)
        if found is None:
            return None
        targets = at.call("organizations", "list_targets_for_policy", PolicyId=id)["Targets"]
        tags = at.call("organizations", "list_tags_for_resource", ResourceId=id)["Tags"]
        return {
            **pick(found["Policy"]["PolicySummary"], "Name", "Description", "Type"),
            "Content": found["Policy"]["Content"],
            "TargetIds": [target["TargetId"] for target in targets],
            "Tags": tag_list(tag_map(tags)),
        }

    def attributes(self, at: Context, id: str) -> Json:
        found = at.call("organizations", "describe_policy", PolicyId=id)["Policy"]["PolicySummary"]
        return pick(found, "Id", "Arn", "AwsManaged")

    def update(self, at: Context, id: str, wanted: Json, before: Json) -> None:
        if differing(wanted, before) & {"Name", "Description", "Content"}:
            content, description = text(wanted["Content"]), wanted.get("Description", "")
            at.call(
                "organizations",
                "update_policy",
                PolicyId=id,
                Name=wanted["Name"],
                Content=content,
                Description=description,
            )
        self._attach(at, id, wanted, before)
        new, gone = tag_changes(wanted.get("Tags"), before.get("Tags"))
        if gone:
            at.call("organizations", "untag_resource", ResourceId=id, TagKeys=gone)
        if new:
            at.call("organizations", "tag_resource", ResourceId=id, Tags=tag_list(new))

    def delete(self, at: Context, id: str, properties: Json) -> None:
        found = self.read(at, id)
        if found is not None:
            self._attach(at, id, {}, found)
            at.find("organizations", "delete_policy", PolicyId=id)

    @staticmethod
    def _attach(at: Context, id: str, wanted: Json, before: Json) -> None:
        new, old = wanted.get("TargetIds") or [], before.get("TargetIds") or []
        for target in (target for target in old if target not in new):
            at.find("organizations", "detach_policy", PolicyId=id, TargetId=target)
        for target in (target for target in new if target not in old):
            at.call("organizations", "attach_policy", PolicyId=id, TargetId=target)


class Group(ResourceType):
    """A group of an identity store; its id is ``group|store``."""

    name = "AWS::IdentityStore::Group"
    properties = frozenset({"IdentityStoreId", "DisplayName", "Description"})
    required = frozenset({"IdentityStoreId", "DisplayName"})
    returns = frozenset({"GroupId"})
    tags = ""

    def create(self, at: Context, wanted: Json) -> str:
        made = at.call("identitystore", "create_group", **wanted)
        return at.created(f"{made['GroupId']}|{wanted['IdentityStoreId']}")

    def read(self, at: Context, id: str) -> Json | None:
        group, _, store = id.partition("|")
        found = at.find("identitystore", "describe_group", IdentityStoreId=store, GroupId=group)
        return None if found is None else pick(found, *self.properties)

    def reference(self, at: Context, id: str) -> str:
        return id

    def attributes(self, at: Context, id: str) -> Json:
        return {"GroupId": id.partition("|")[0]}

    def update(self, at: Context, id: str, wanted: Json, before: Json) -> None:
        group, _, store = id.partition("|")
        names = {"DisplayName": "displayName", "Description": "description"}
        operations = [
            {"AttributePath": path, "AttributeValue": wanted.get(name, "")}
            for name, path in names.items()
            if wanted.get(name) != before.get(name)
        ]
        at.call("identitystore", "update_group", IdentityStoreId=store, GroupId=group, Operations=operations)

    def delete(self, at: Context, id: str, properties: Json) -> None:
        group, _, store = id.partition("|")
        at.find("identitystore", "delete_group", IdentityStoreId=store, GroupId=group)


class GroupMembership(ResourceType):
    """A member of a group of an identity store; its id is ``membership|store``."""

    name = "AWS::IdentityStore::GroupMembership"
    properties = frozenset({"IdentityStoreId", "GroupId", "MemberId"})
    required = properties
    returns = frozenset({"MembershipId"})
    tags = ""

    def create(self, at: Context, wanted: Json) -> str:
        made = at.call("identitystore", "create_group_membership", **wanted)
        return at.created(f"{made['MembershipId']}|{wanted['IdentityStoreId']}")

    def read(self, at: Context, id: str) -> Json | None:
        membership, _, store = id.partition("|")
        found = at.find("identitystore", "describe_group_membership", IdentityStoreId=store, MembershipId=membership)
        return None if found is None else pick(found, *self.properties)

    def attributes(self, at: Context, id: str) -> Json:
        return {"MembershipId": id.partition("|")[0]}

    def delete(self, at: Context, id: str, properties: Json) -> None:
        membership, _, store = id.partition("|")
        at.find("identitystore", "delete_group_membership", IdentityStoreId=store, MembershipId=membership)

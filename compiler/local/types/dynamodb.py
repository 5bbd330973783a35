"""Amazon DynamoDB."""

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
)


class Table(ResourceType):
    """A table with its indexes; an index is added or taken away one at a time, as the service demands."""

    name = "AWS::DynamoDB::Table"
    _CREATE = (
        "AttributeDefinitions",
        "BillingMode",
        "DeletionProtectionEnabled",
        "GlobalSecondaryIndexes",
        "KeySchema",
        "LocalSecondaryIndexes",
        "ProvisionedThroughput",
        "StreamSpecification",
        "TableClass",
    )
    properties = frozenset(
        {
            *_CREATE,
            "PointInTimeRecoverySpecification",
            "SSESpecification",
            "TableName",
            "Tags",
            "TimeToLiveSpecification",
        }
    )
    required = frozenset({"KeySchema"})
    returns = frozenset({"Arn", "StreamArn"})
    identity = "TableName"

    def create(self, at: Context, wanted: Json) -> str:
        name = str(wanted.get("TableName") or at.name(255))
        given = pick(wanted, *self._CREATE, "Tags")
        if "StreamSpecification" in given:
            given["StreamSpecification"] = {"StreamEnabled": True, **given["StreamSpecification"]}
        at.call("dynamodb", "create_table", TableName=name, **given, SSESpecification=_encryption(wanted))
        at.created(name)
        self._settings(at, name, wanted, {})
        return name

    def read(self, at: Context, id: str) -> Json | None:
        answer = at.find("dynamodb", "describe_table", TableName=id)
        if answer is None:
            return None
        table = answer["Table"]
        backups = at.call("dynamodb", "describe_continuous_backups", TableName=id)["ContinuousBackupsDescription"]
        recovery = backups["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"]
        ttl = at.call("dynamodb", "describe_time_to_live", TableName=id)["TimeToLiveDescription"]
        arn = table["TableArn"]
        return {
            **pick(table, *self._CREATE, "TableName"),
            "BillingMode": table.get("BillingModeSummary", {}).get("BillingMode", "PROVISIONED"),
            "TableClass": table.get("TableClassSummary", {}).get("TableClass", "STANDARD"),
            "SSESpecification": _told_encryption(table.get("SSEDescription")),
            "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": recovery == "ENABLED"},
            "TimeToLiveSpecification": {
                "Enabled": ttl["TimeToLiveStatus"] in ("ENABLED", "ENABLING"),
                "AttributeName": ttl.get("AttributeName"),
            },
            "Tags": tag_list(tag_map(at.call("dynamodb", "list_tags_of_resource", ResourceArn=arn)["Tags"])),
        }

    def attributes(self, at: Context, id: str) -> Json:
        table = at.call("dynamodb", "describe_table", TableName=id)["Table"]
        stream = {"StreamArn": table["LatestStreamArn"]} if table.get("LatestStreamArn") else {}
        return {"Arn": table["TableArn"], **stream}

    def update(self, at: Context, id: str, wanted: Json, before: Json) -> None:
        changed = differing(wanted, before)
        names = {
            "BillingMode",
            "ProvisionedThroughput",
            "DeletionProtectionEnabled",
            "TableClass",
            "StreamSpecification",
        }
        given = {name: wanted[name] for name in changed & names if name in wanted}
        if "DeletionProtectionEnabled" in changed and "DeletionProtectionEnabled" not in wanted:
            given["DeletionProtectionEnabled"] = False
        if "StreamSpecification" in changed:
            stream = (
                {"StreamEnabled": True, **wanted["StreamSpecification"]}
                if "StreamSpecification" in wanted
                else {"StreamEnabled": False}
            )
            given["StreamSpecification"] = stream
        if "SSESpecification" in changed:
            given["SSESpecification"] = _encryption(wanted) or {"Enabled": False}
        if given:
            at.call("dynamodb", "update_table", TableName=id, **given)
        if "GlobalSecondaryIndexes" in changed:
            self._indexes(at, id, wanted, before)
        self._settings(at, id, wanted, before)
        arn = self.attributes(at, id)["Arn"]
        new, gone = tag_changes(wanted.get("Tags"), before.get("Tags"))
        if gone:
            at.call("dynamodb", "untag_resource", ResourceArn=arn, TagKeys=gone)
        if new:
            at.call("dynamodb", "tag_resource", ResourceArn=arn, Tags=tag_list(new))

    def replaces(self, wanted: Json, before: Json, changed: set[str]) -> bool:
        return "KeySchema" in changed

    def delete(self, at: Context, id: str, properties: Json) -> None:
        at.find("dynamodb", "delete_table", TableName=id)

    @staticmethod
    def _indexes(at: Context, id: str, wanted: Json, before: Json) -> None:
        new, old = (
            {index["IndexName"]: index for index in properties.get("GlobalSecondaryIndexes") or []}
            for properties in (wanted, before)
        )
        changes: list[Json] = [{"Delete": {"IndexName": name}} for name in old if new.get(name) != old[name]]
        changes += [{"Create": index} for name, index in new.items() if index != old.get(name)]
        for change in changes:
            definitions = wanted.get("AttributeDefinitions")
            at.call(
                "dynamodb",
                "update_table",
                TableName=id,
                AttributeDefinitions=definitions,
                GlobalSecondaryIndexUpdates=[change],
            )

    @staticmethod
    def _settings(at: Context, id: str, wanted: Json, before: Json) -> None:
        recovery = "PointInTimeRecoverySpecification"
        if wanted.get(recovery) != before.get(recovery):
            value = wanted.get(recovery, {"PointInTimeRecoveryEnabled": False})
            at.call("dynamodb", "update_continuous_backups", TableName=id, PointInTimeRecoverySpecification=value)
        ttl = "TimeToLiveSpecification"
        if wanted.get(ttl) != before.get(ttl):
            value = wanted.get(ttl) or {**before[ttl], "Enabled": False}
            at.call("dynamodb", "update_time_to_live", TableName=id, TimeToLiveSpecification=value)


def _encryption(wanted: Json) -> Json | None:
    given = wanted.get("SSESpecification")
    if given is None:
        return None
    return {"Enabled" if key == "SSEEnabled" else key: value for key, value in given.items()}


def _told_encryption(found: Json | None) -> Json:
    if not found:
        return {"SSEEnabled": False}
    return {"SSEEnabled": found["Status"] in ("ENABLED", "ENABLING", "UPDATING"), **pick(found, "SSEType")}

"""Amazon DynamoDB and Amazon RDS."""

from __future__ import annotations

import time
from typing import Any

from lenie.compiler.local.stacks.errors import Failed
from lenie.compiler.local.types.base import Context, Json, ResourceType, boolean, differing, pick, tag_changes, tag_list, tag_map


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
        {*_CREATE, "PointInTimeRecoverySpecification", "SSESpecification", "TableName", "Tags", "TimeToLiveSpecification"}
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
        names = {"BillingMode", "ProvisionedThroughput", "DeletionProtectionEnabled", "TableClass", "StreamSpecification"}
        given = {name: wanted[name] for name in changed & names if name in wanted}
        if "DeletionProtectionEnabled" in changed and "DeletionProtectionEnabled" not in wanted:
            given["DeletionProtectionEnabled"] = False
        if "StreamSpecification" in changed:
            stream = {"StreamEnabled": True, **wanted["StreamSpecification"]} if "StreamSpecification" in wanted else {"StreamEnabled": False}
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
            definitions = wanted.get("AttributeDefinitions") if "Create" in change else None
            at.call("dynamodb", "update_table", TableName=id, AttributeDefinitions=definitions, GlobalSecondaryIndexUpdates=[change])

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


class SubnetGroup(ResourceType):
    """The subnets of a database."""

    name = "AWS::RDS::DBSubnetGroup"
    properties = frozenset({"DBSubnetGroupName", "DBSubnetGroupDescription", "SubnetIds", "Tags"})
    required = frozenset({"DBSubnetGroupDescription", "SubnetIds"})
    identity = "DBSubnetGroupName"

    def create(self, at: Context, wanted: Json) -> str:
        name = str(wanted.get("DBSubnetGroupName") or at.name(255)).lower()
        given = pick(wanted, "DBSubnetGroupDescription", "SubnetIds", "Tags")
        at.call("rds", "create_db_subnet_group", DBSubnetGroupName=name, **given)
        return at.created(name)

    def read(self, at: Context, id: str) -> Json | None:
        answer = at.find("rds", "describe_db_subnet_groups", DBSubnetGroupName=id)
        if not answer or not answer["DBSubnetGroups"]:
            return None
        group = answer["DBSubnetGroups"][0]
        return {
            **pick(group, "DBSubnetGroupName", "DBSubnetGroupDescription"),
            "SubnetIds": [subnet["SubnetIdentifier"] for subnet in group["Subnets"]],
            "Tags": _tags(at, f"subgrp:{id}"),
        }

    def update(self, at: Context, id: str, wanted: Json, before: Json) -> None:
        if differing(wanted, before) - {"Tags"}:
            given = pick(wanted, "DBSubnetGroupDescription", "SubnetIds")
            at.call("rds", "modify_db_subnet_group", DBSubnetGroupName=id, **given)
        _retag(at, f"subgrp:{id}", wanted, before)

    def delete(self, at: Context, id: str, properties: Json) -> None:
        at.find("rds", "delete_db_subnet_group", DBSubnetGroupName=id)


class ParameterGroup(ResourceType):
    """The engine's parameters of a database."""

    name = "AWS::RDS::DBParameterGroup"
    properties = frozenset({"DBParameterGroupName", "Description", "Family", "Parameters", "Tags"})
    required = frozenset({"Description", "Family"})
    identity = "DBParameterGroupName"

    def create(self, at: Context, wanted: Json) -> str:
        name = str(wanted.get("DBParameterGroupName") or at.name(255)).lower()
        given = pick(wanted, "Description", "Tags")
        at.call("rds", "create_db_parameter_group", DBParameterGroupName=name, DBParameterGroupFamily=wanted["Family"], **given)
        at.created(name)
        self._set(at, name, wanted.get("Parameters") or {}, {})
        return name

    def read(self, at: Context, id: str) -> Json | None:
        answer = at.find("rds", "describe_db_parameter_groups", DBParameterGroupName=id)
        if not answer or not answer["DBParameterGroups"]:
            return None
        group = answer["DBParameterGroups"][0]
        parameters = at.all("rds", "describe_db_parameters", "Parameters", DBParameterGroupName=id, Source="user")
        return {
            **pick(group, "DBParameterGroupName", "Description"),
            "Family": group["DBParameterGroupFamily"],
            "Parameters": {found["ParameterName"]: found.get("ParameterValue") for found in parameters},
            "Tags": _tags(at, f"pg:{id}"),
        }

    def update(self, at: Context, id: str, wanted: Json, before: Json) -> None:
        self._set(at, id, wanted.get("Parameters") or {}, before.get("Parameters") or {})
        _retag(at, f"pg:{id}", wanted, before)

    def delete(self, at: Context, id: str, properties: Json) -> None:
        at.find("rds", "delete_db_parameter_group", DBParameterGroupName=id)

    @staticmethod
    def _set(at: Context, id: str, new: Json, old: Json) -> None:
        gone = [{"ParameterName": name, "ApplyMethod": "pending-reboot"} for name in old if name not in new]
        if gone:
            at.call("rds", "reset_db_parameter_group", DBParameterGroupName=id, Parameters=gone)
        more = [
            {"ParameterName": name, "ParameterValue": value, "ApplyMethod": "pending-reboot"}
            for name, value in new.items()
            if old.get(name) != value
        ]
        if more:
            at.call("rds", "modify_db_parameter_group", DBParameterGroupName=id, Parameters=more)


class Instance(ResourceType):
    """A database instance; it is there when it is available."""

    name = "AWS::RDS::DBInstance"
    #: Properties that CreateDBInstance and ModifyDBInstance know under the same name.
    _CHANGE = (
        "AllocatedStorage",
        "AutoMinorVersionUpgrade",
        "BackupRetentionPeriod",
        "CACertificateIdentifier",
        "CopyTagsToSnapshot",
        "DBInstanceClass",
        "DBParameterGroupName",
        "DeletionProtection",
        "EngineVersion",
        "Iops",
        "MasterUserPassword",
        "MaxAllocatedStorage",
        "MultiAZ",
        "PreferredBackupWindow",
        "PreferredMaintenanceWindow",
        "PubliclyAccessible",
        "StorageThroughput",
        "StorageType",
    )
    _CREATE = (
        "AvailabilityZone",
        "DBInstanceIdentifier",
        "DBName",
        "DBSubnetGroupName",
        "Engine",
        "EngineLifecycleSupport",
        "KmsKeyId",
        "LicenseModel",
        "MasterUsername",
        "StorageEncrypted",
    )
    #: Names that differ from the API's.
    _RENAMED = {"EnableIAMDatabaseAuthentication": "IAMDatabaseAuthenticationEnabled"}
    properties = frozenset(
        {*_CHANGE, *_CREATE, *_RENAMED, "DBSnapshotIdentifier", "DeleteAutomatedBackups", "Port", "Tags", "VPCSecurityGroups"}
    )
    required = frozenset()
    returns = frozenset({"DBInstanceArn", "DbiResourceId", "Endpoint.Address", "Endpoint.Port", "Endpoint.HostedZoneId"})
    unread = frozenset({"MasterUserPassword", "DBSnapshotIdentifier", "DeleteAutomatedBackups"})
    identity = "DBInstanceIdentifier"

    def create(self, at: Context, wanted: Json) -> str:
        id = str(wanted.get("DBInstanceIdentifier") or at.name(63)).lower()
        given = pick(wanted, *self._CHANGE, *self._CREATE, "Port", *self._RENAMED)
        given |= {"DBInstanceIdentifier": id, "VpcSecurityGroupIds": wanted.get("VPCSecurityGroups"), "Tags": wanted.get("Tags")}
        at.physical = ""
        if "DBSnapshotIdentifier" in wanted:
            self._restore(at, id, wanted, given)
        else:
            at.call("rds", "create_db_instance", **given)
            at.created(id)
        self._wait(at, id)
        return id

    def _restore(self, at: Context, id: str, wanted: Json, given: Json) -> None:
        """Make the instance of a snapshot; what the restoration does not take is changed after it."""
        after = ("MasterUserPassword", "BackupRetentionPeriod", "PreferredBackupWindow", "PreferredMaintenanceWindow", "MaxAllocatedStorage")
        ignored = ("AllocatedStorage", "EngineVersion", "StorageEncrypted", "KmsKeyId", "MasterUsername", "DBName")
        first = {key: value for key, value in given.items() if key not in (*after, *ignored)}
        at.call("rds", "restore_db_instance_from_db_snapshot", DBSnapshotIdentifier=wanted["DBSnapshotIdentifier"], **first)
        at.created(id)
        self._wait(at, id)
        rest = pick(given, *after, "CACertificateIdentifier", "AllocatedStorage")
        at.call("rds", "modify_db_instance", DBInstanceIdentifier=id, ApplyImmediately=True, **rest)

    def read(self, at: Context, id: str) -> Json | None:
        answer = at.find("rds", "describe_db_instances", DBInstanceIdentifier=id)
        if not answer or not answer["DBInstances"] or answer["DBInstances"][0]["DBInstanceStatus"] == "deleting":
            return None
        found = answer["DBInstances"][0]
        groups = found.get("DBParameterGroups") or [{}]
        return {
            **pick(found, *self._CHANGE, *self._CREATE),
            "EnableIAMDatabaseAuthentication": found.get("IAMDatabaseAuthenticationEnabled"),
            "DBParameterGroupName": groups[0].get("DBParameterGroupName"),
            "DBSubnetGroupName": found.get("DBSubnetGroup", {}).get("DBSubnetGroupName"),
            "EngineVersion": found["EngineVersion"],
            # The endpoint's is another one: several databases share this machine.
            "Port": found.get("DbInstancePort") or found.get("Endpoint", {}).get("Port"),
            "VPCSecurityGroups": [group["VpcSecurityGroupId"] for group in found.get("VpcSecurityGroups", [])],
            "Tags": _tags(at, f"db:{id}"),
        }

    def attributes(self, at: Context, id: str) -> Json:
        found = at.call("rds", "describe_db_instances", DBInstanceIdentifier=id)["DBInstances"][0]
        endpoint = {f"Endpoint.{name}": str(value) for name, value in found.get("Endpoint", {}).items()}
        return {**pick(found, "DBInstanceArn", "DbiResourceId"), **endpoint}

    def update(self, at: Context, id: str, wanted: Json, before: Json) -> None:
        changed = differing(wanted, before)
        given = {name: wanted[name] for name in changed & set(self._CHANGE) if name in wanted}
        for name in ("EnableIAMDatabaseAuthentication", "DeletionProtection", "MultiAZ", "CopyTagsToSnapshot"):
            if name in changed:
                given[name] = boolean(wanted.get(name, False))
        if "VPCSecurityGroups" in changed:
            given["VpcSecurityGroupIds"] = wanted.get("VPCSecurityGroups")
        if "Port" in changed:
            given["DBPortNumber"] = wanted.get("Port", 5432)
        left = changed - set(given) - {"VPCSecurityGroups", "Port", "Tags", "DeleteAutomatedBackups"}
        if left:
            raise Failed(f"The emulator cannot change {', '.join(sorted(left))} of a database")
        if given:
            status = at.call("rds", "describe_db_instances", DBInstanceIdentifier=id)["DBInstances"][0]["DBInstanceStatus"]
            if status != "available":
                raise Failed(f"Database instance is not in available state. (it is {status})")
            at.call("rds", "modify_db_instance", DBInstanceIdentifier=id, ApplyImmediately=True, **given)
        _retag(at, f"db:{id}", wanted, before)

    def delete(self, at: Context, id: str, properties: Json) -> None:
        self._delete(at, id, SkipFinalSnapshot=True)

    def snapshot(self, at: Context, id: str, properties: Json) -> None:
        self._delete(at, id, SkipFinalSnapshot=False, FinalDBSnapshotIdentifier=at.name(255).lower())

    def replaces(self, wanted: Json, before: Json, changed: set[str]) -> bool:
        return False

    def _delete(self, at: Context, id: str, **how: Any) -> None:
        if at.find("rds", "delete_db_instance", DBInstanceIdentifier=id, **how) is None:
            return
        end = time.monotonic() + 120
        while at.find("rds", "describe_db_instances", DBInstanceIdentifier=id) and time.monotonic() < end:
            time.sleep(0.1)

    @staticmethod
    def _wait(at: Context, id: str) -> None:
        end = time.monotonic() + 300
        while True:
            found = at.call("rds", "describe_db_instances", DBInstanceIdentifier=id)["DBInstances"][0]
            if found["DBInstanceStatus"] == "available":
                return
            if found["DBInstanceStatus"] in ("failed", "incompatible-parameters") or time.monotonic() > end:
                raise Failed(f"The database is {found['DBInstanceStatus']}")
            time.sleep(0.1)


def _tags(at: Context, resource: str) -> list[dict[str, str]]:
    answer = at.call("rds", "list_tags_for_resource", ResourceName=at.arn("rds", resource))
    return tag_list(tag_map(answer["TagList"]))


def _retag(at: Context, resource: str, wanted: Json, before: Json) -> None:
    arn = at.arn("rds", resource)
    new, gone = tag_changes(wanted.get("Tags"), before.get("Tags"))
    if gone:
        at.call("rds", "remove_tags_from_resource", ResourceName=arn, TagKeys=gone)
    if new:
        at.call("rds", "add_tags_to_resource", ResourceName=arn, Tags=tag_list(new))

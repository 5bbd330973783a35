"""Amazon RDS."""

from __future__ import annotations

import time
from typing import Any

from lenie.compiler.local.stacks.errors import Failed
from lenie.compiler.local.types.base import (
    Context,
    Json,
    ResourceType,
    boolean,
    differing,
    pick,
    tag_changes,
    tag_list,
    tag_map,
)


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
        at.call(
            "rds",
            "create_db_parameter_group",
            DBParameterGroupName=name,
            DBParameterGroupFamily=wanted["Family"],
            **given,
        )
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
        {
            *_CHANGE,
            *_CREATE,
            *_RENAMED,
            "DBSnapshotIdentifier",
            "DeleteAutomatedBackups",
            "Port",
            "Tags",
            "VPCSecurityGroups",
        }
    )
    required = frozenset()
    returns = frozenset(
        {"DBInstanceArn", "DbiResourceId", "Endpoint.Address", "Endpoint.Port", "Endpoint.HostedZoneId"}
    )
    unread = frozenset({"MasterUserPassword", "DBSnapshotIdentifier", "DeleteAutomatedBackups"})
    identity = "DBInstanceIdentifier"

    def create(self, at: Context, wanted: Json) -> str:
        id = str(wanted.get("DBInstanceIdentifier") or at.name(63)).lower()
        given = pick(wanted, *self._CHANGE, *self._CREATE, "Port", *self._RENAMED)
        given |= {
            "DBInstanceIdentifier": id,
            "VpcSecurityGroupIds": wanted.get("VPCSecurityGroups"),
            "Tags": wanted.get("Tags"),
        }
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
        after = (
            "MasterUserPassword",
            "BackupRetentionPeriod",
            "PreferredBackupWindow",
            "PreferredMaintenanceWindow",
            "MaxAllocatedStorage",
        )
        ignored = ("AllocatedStorage", "EngineVersion", "StorageEncrypted", "KmsKeyId", "MasterUsername", "DBName")
        first = {key: value for key, value in given.items() if key not in (*after, *ignored)}
        at.call(
            "rds", "restore_db_instance_from_db_snapshot", DBSnapshotIdentifier=wanted["DBSnapshotIdentifier"], **first
        )
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
            status = at.call("rds", "describe_db_instances", DBInstanceIdentifier=id)["DBInstances"][0][
                "DBInstanceStatus"
            ]
            if status != "available":
                raise Failed(f"Database instance is not in available state. (it is {status})")
            at.call("rds", "modify_db_instance", DBInstanceIdentifier=id, ApplyImmediately=True, **given)
        _retag(at, f"db:{id}", wanted, before)

    def delete(self, at: Context, id: str, properties: Json) -> None:
        self._delete(at, id, SkipFinalSnapshot=True)

    def snapshot(self, at: Context, id: str, properties: Json) -> None:
        self._delete(at, id, SkipFinalSnapshot=False, FinalDBSnapshotIdentifier=at.name(255).lower())

    def replaces(self, wanted: Json, before: Json, changed: set[str]) -> bool:
        return bool(changed & {"AvailabilityZone", "DBSnapshotIdentifier", "Engine"})

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

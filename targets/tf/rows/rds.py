"""RDS: database instances, their subnet and parameter groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lenie.compiler.expressions import SecretField, Value, WhenParameter, as_part, interpolate
from lenie.compiler.graph import Resource, digest
from lenie.compiler.span import Path
from lenie.targets.tf.hcl import Argument, Call, Expr
from lenie.targets.tf.row import Blocks, Items, Made, Row
from lenie.targets.tf.rows.kms import key_arn
from lenie.targets.tf.secrets import read_field

if TYPE_CHECKING:
    from lenie.targets.tf.resource import Builder, Schema


def _password(out: Builder, schema: Schema, value: Value, at: Path) -> Items:
    """Yield the write-only password, read from its secret when Terraform runs: it never is in the state.

    The version is what Terraform compares instead. It follows the secret: a new one has another password.
    """
    inner = value.value if isinstance(value, WhenParameter) else value
    if isinstance(inner, SecretField):
        password = read_field(out.values, inner, at)
        hashed = Call("substr", (Call("sha1", (out.values.value(inner.secret, at),)), 0, 7))
        version: Expr = Call("parseint", (hashed, 16))
    else:
        password = out.typed("string", inner, at)
        version = int(digest(inner, 7), 16)
    for name, given in (("password_wo", password), ("password_wo_version", version)):
        yield Argument(name, out.values.choice(value, given, None) if isinstance(value, WhenParameter) else given)


def _snapshot(out: Builder, resource: Resource) -> Items:
    """Yield what happens to the data on deletion. CloudFormation takes a snapshot unless the template says otherwise.

    Source: AWS CloudFormation User Guide, "DeletionPolicy attribute".
    """
    if not isinstance(resource.properties.get("StorageEncrypted"), bool):
        # A restored database is as its snapshot was, which the provider would take for a reason to replace it.
        out.ignored.append("storage_encrypted")
    if resource.deletion_policy == "Delete":
        yield Argument("skip_final_snapshot", True)
        return
    name = resource.properties.get("DBInstanceIdentifier")
    if name is None:
        out.problem((), "the last snapshot of a database needs a name", "give the database an identifier")
        return
    yield Argument("final_snapshot_identifier", out.values.value(interpolate(as_part(name), "-final"), ()))


ROWS = {
    "AWS::RDS::DBInstance": Row(
        "aws_db_instance",
        {
            "DBInstanceIdentifier": "identifier",
            "DBInstanceClass": "instance_class",
            "DBParameterGroupName": "parameter_group_name",
            "DBSnapshotIdentifier": "snapshot_identifier",
            "KmsKeyId": key_arn("kms_key_id"),
            "PerformanceInsightsKMSKeyId": key_arn("performance_insights_kms_key_id"),
            "MasterUsername": "username",
            "MasterUserPassword": Made(_password, "write-only"),
            "VPCSecurityGroups": "vpc_security_group_ids",
            "EnableIAMDatabaseAuthentication": "iam_database_authentication_enabled",
            "CACertificateIdentifier": "ca_cert_identifier",
            "PreferredBackupWindow": "backup_window",
            "PreferredMaintenanceWindow": "maintenance_window",
            "EnablePerformanceInsights": "performance_insights_enabled",
            "EnableCloudwatchLogsExports": "enabled_cloudwatch_logs_exports",
        },
        {
            "Ref": "identifier",
            "DBInstanceArn": "arn",
            "DbiResourceId": "resource_id",
            "Endpoint.Address": "address",
            "Endpoint.Port": "port",
            "Endpoint.HostedZoneId": "hosted_zone_id",
        },
        # CloudFormation applies changes at once (AWS::RDS::DBInstance, ApplyImmediately).
        # and keeps backups for a day if nothing is said (BackupRetentionPeriod).
        constants={"apply_immediately": True, "backup_retention_period": 1},
        adds=_snapshot,
    ),
    "AWS::RDS::DBSubnetGroup": Row(
        "aws_db_subnet_group",
        {"DBSubnetGroupName": "name", "DBSubnetGroupDescription": "description"},
        {"Ref": "name"},
        create_first=True,
    ),
    "AWS::RDS::DBParameterGroup": Row(
        "aws_db_parameter_group",
        # CloudFormation chooses how a value is applied. A new instance starts with all of them, and the provider would
        # see a difference for ever where a value is the engine's default (hashicorp/terraform-provider-aws, 39252).
        {
            "DBParameterGroupName": "name",
            "Parameters": Blocks("parameter", constants={"apply_method": "pending-reboot"}),
        },
        {"Ref": "name"},
        create_first=True,
    ),
}

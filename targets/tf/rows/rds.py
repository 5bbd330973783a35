"""RDS: database instances, their subnet and parameter groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lenie.compiler.expressions import SecretField, Value, WhenParameter, as_part, interpolate
from lenie.compiler.graph import Resource
from lenie.compiler.span import Path
from lenie.targets.tf.hcl import Argument
from lenie.targets.tf.row import Blocks, Items, Made, Row
from lenie.targets.tf.secrets import read_field

if TYPE_CHECKING:
    from lenie.targets.tf.resource import Builder, Schema


def _password(out: Builder, schema: Schema, value: Value, at: Path) -> Items:
    """Yield the write-only password, read from its secret when Terraform runs: it never is in the state.

    The version is what Terraform compares instead: raise it to make Terraform write the password anew.
    """
    inner = value.value if isinstance(value, WhenParameter) else value
    password = read_field(out.values, inner, at) if isinstance(inner, SecretField) else out.typed("string", inner, at)
    for name, given in (("password_wo", password), ("password_wo_version", 1)):
        yield Argument(name, out.values.choice(value, given, None) if isinstance(value, WhenParameter) else given)


def _snapshot(out: Builder, resource: Resource) -> Items:
    """Yield what happens to the data on deletion. CloudFormation takes a snapshot unless the template says otherwise.

    Source: AWS CloudFormation User Guide, "DeletionPolicy attribute".
    """
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
        constants={"apply_immediately": True},
        adds=_snapshot,
    ),
    "AWS::RDS::DBSubnetGroup": Row(
        "aws_db_subnet_group",
        {"DBSubnetGroupName": "name", "DBSubnetGroupDescription": "description"},
        {"Ref": "name"},
    ),
    "AWS::RDS::DBParameterGroup": Row(
        "aws_db_parameter_group", {"DBParameterGroupName": "name", "Parameters": Blocks("parameter")}, {"Ref": "name"}
    ),
}

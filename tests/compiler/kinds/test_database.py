"""Databases: private, encrypted, restorable, with the master user from a secret."""

from __future__ import annotations

from typing import Any

import pytest
from support import ARTIFACTS, compile_snippet, errors, one, properties, resource, schema_faults

from lenie.compiler.expressions import AttributeOf, ParameterValue, PerEnvironment, Pseudo, SecretField, WhenParameter
from lenie.compiler.graph import Graph

BASE = """\
vpc:
  kind: network
  cidr: 10.0.0.0/16
  subnets: {data: {cidrs: [10.0.1.0/24, 10.0.2.0/24]}, single: {cidrs: [10.0.3.0/24]}}
app: {kind: security-group, network: vpc, description: Functions}
host: {kind: instance, type: t3.micro, hours: 1, image: amazon-linux-2023, subnet: vpc.single-a, disk: 8GB}
password: {kind: secret, generate: {username: master}}
keys: {kind: secret, fields: [token]}
"""
PARAMETERS = {
    "snapshot": {"type": "text", "default": "", "description": "Snapshot"},
    "given": {"type": "text", "default": "snap-1", "description": "Snapshot"},
}
FIELDS = (
    "engine: postgres 17, class: db.t3.micro, hours: 30, storage: 20GB, name: documents, credentials: password, "
    "subnets: vpc.data, ingress: [app, host]"
)
SPEC = ("components", "main", "resources", "database")


def built(fields: str = FIELDS, more: str = "") -> Graph:
    graph = compile_snippet(one(BASE + f"database: {{kind: database, {fields}}}\n" + more), parameters=PARAMETERS)
    assert schema_faults(graph) == []
    return graph


def database(fields: str = FIELDS) -> Any:
    return properties(built(fields), "Database")


def own(name: str, attribute: str = "Ref") -> AttributeOf:
    return AttributeOf("main", name, attribute)


def test_security_defaults() -> None:
    properties = database()
    assert properties["PubliclyAccessible"] is False
    assert properties["StorageEncrypted"] is True
    assert properties["EnableIAMDatabaseAuthentication"] is True
    assert properties["CACertificateIdentifier"] == "rds-ca-rsa2048-g1"
    assert properties["AutoMinorVersionUpgrade"] is True
    assert properties["VPCSecurityGroups"] == [own("DatabaseSecurityGroup", "GroupId")]


def test_cost_defaults() -> None:
    properties = database()
    assert properties["MultiAZ"] is False
    assert properties["EngineLifecycleSupport"] == "open-source-rds-extended-support-disabled"
    assert "MaxAllocatedStorage" not in properties


def test_data_outlives_the_stack() -> None:
    found = resource(built(), "Database")
    assert found.deletion_policy == found.update_replace_policy == "Snapshot"
    assert found.properties["BackupRetentionPeriod"] == 7
    assert found.properties["CopyTagsToSnapshot"] is True


def test_fields_become_properties() -> None:
    found = resource(built(), "Database")
    expected = {
        "Engine": ("postgres", "engine"),
        "EngineVersion": ("17", "engine"),
        "DBInstanceClass": ("db.t3.micro", "class"),
        "AllocatedStorage": ("20", "storage"),
        "DBName": ("documents", "name"),
        "MasterUsername": ("master", "credentials"),
        "MasterUserPassword": (SecretField(own("PasswordSecret"), "password"), "credentials"),
    }
    for name, (value, field) in expected.items():
        assert found.properties[name] == value
        assert found.origin((name,)) == (*SPEC, field)


def test_only_named_groups_reach_the_port() -> None:
    group = resource(built(), "DatabaseSecurityGroup")
    rules: Any = group.properties["SecurityGroupIngress"]
    assert [(r["FromPort"], r["ToPort"], r["SourceSecurityGroupId"]) for r in rules] == [
        (5432, 5432, own("AppSecurityGroup", "GroupId")),
        (5432, 5432, own("HostSecurityGroup", "GroupId")),
    ]
    assert group.origin(("SecurityGroupIngress", 1)) == (*SPEC, "ingress", 1)
    egress: Any = group.properties["SecurityGroupEgress"]
    assert [r["CidrIp"] for r in egress] == ["127.0.0.1/32"]


def test_subnet_group() -> None:
    group = resource(built(), "DatabaseSubnetGroup")
    assert group.properties["SubnetIds"] == [own("VpcDataSubnetA"), own("VpcDataSubnetB")]
    assert group.origin(("SubnetIds", 0)) == (*SPEC, "subnets")


def test_connections_without_tls_are_refused() -> None:
    graph = built()
    group = resource(graph, "DatabaseParameterGroup")
    assert group.properties["Family"] == "postgres17"
    assert group.properties["Parameters"] == {"rds.force_ssl": "1"}
    assert properties(graph, "Database")["DBParameterGroupName"] == own("DatabaseParameterGroup")


def test_minor_version() -> None:
    graph = built(FIELDS.replace("postgres 17", "postgres 16.9"))
    assert properties(graph, "Database")["EngineVersion"] == "16.9"
    assert properties(graph, "DatabaseParameterGroup")["Family"] == "postgres16"
    assert "W3691" not in resource(graph, "Database").accepted
    assert "W3691" in resource(built(), "Database").accepted


def test_snapshot_may_be_given_at_deployment() -> None:
    properties = database(f'{FIELDS}, snapshot: "${{param.snapshot}}"')
    assert properties["DBSnapshotIdentifier"] == WhenParameter("snapshot", ParameterValue("snapshot"))
    for name in ("DBName", "MasterUsername", "MasterUserPassword", "StorageEncrypted"):
        value = properties[name]
        assert isinstance(value, WhenParameter)
        assert (value.name, value.is_set) == ("snapshot", False)
        assert value.value == database()[name]


@pytest.mark.parametrize("snapshot", ["before-upgrade", "${param.given}"])
def test_snapshot_brings_name_user_password_and_encryption(snapshot: str) -> None:
    properties = database(f'{FIELDS}, snapshot: "{snapshot}"')
    assert "DBSnapshotIdentifier" in properties
    assert not {"DBName", "MasterUsername", "MasterUserPassword", "StorageEncrypted"} & set(properties)


def test_without_snapshot() -> None:
    assert "DBSnapshotIdentifier" not in database()


def test_deletion_protection_by_environment() -> None:
    found = resource(built(f'{FIELDS}, deletion-protection: "${{env.production}}"'), "Database")
    assert found.properties["DeletionProtection"] == PerEnvironment("Production", (("dev", False), ("prod", True)))
    assert found.origin(("DeletionProtection",)) == (*SPEC, "deletion-protection")
    assert "CKV_AWS_293" in found.accepted
    assert "CKV_AWS_293" not in resource(built(f"{FIELDS}, deletion-protection: true"), "Database").accepted


def test_name_is_published_as_it_stands() -> None:
    graph = built(f"{FIELDS}, publish: [name]")
    parameter = properties(graph, "DatabaseNameParameter")
    assert parameter["Value"] == "documents"
    assert parameter["Name"].parts[-1] == "/database/name"


def test_attributes() -> None:
    environment = (
        "{HOST: '${database.host}', PORT: '${database.port}', NAME: '${database.name}', USER: '${database.app-user}'}"
    )
    graph = built(f"{FIELDS}, app-user: reader", ARTIFACTS + f"f: {{kind: function, environment: {environment}}}\n")
    assert properties(graph, "FFunction")["Environment"] == {
        "Variables": {
            "HOST": own("Database", "Endpoint.Address"),
            "PORT": own("Database", "Endpoint.Port"),
            "NAME": "documents",
            "USER": "reader",
        }
    }


def statement(verbs: str, fields: str = FIELDS) -> Any:
    graph = built(fields, ARTIFACTS + f"f: {{kind: function, access: {{database: {verbs}}}}}\n")
    role: Any = properties(graph, "FRole")
    return role["Policies"][0]["PolicyDocument"]["Statement"][0]


def test_start_stop_and_status_are_held_to_the_instance() -> None:
    found = statement("[start, stop, status]")
    assert found["Action"] == ["rds:DescribeDBInstances", "rds:StartDBInstance", "rds:StopDBInstance"]
    assert found["Resource"] == own("Database", "DBInstanceArn")


def test_connect_is_held_to_the_user() -> None:
    found = statement("connect", f"{FIELDS}, app-user: reader")
    assert found["Action"] == "rds-db:connect"
    assert found["Resource"].parts == (
        "arn:",
        Pseudo("partition"),
        ":rds-db:",
        Pseudo("region"),
        ":",
        Pseudo("account"),
        ":dbuser:",
        own("Database", "DbiResourceId"),
        "/reader",
    )


def test_connect_needs_a_user() -> None:
    text = (
        BASE
        + ARTIFACTS
        + f"database: {{kind: database, {FIELDS}}}\nf: {{kind: function, access: {{database: connect}}}}\n"
    )
    (found,) = errors(one(text))
    assert found[:3] == ("E305", 'a database has no access "connect"', "connect")


@pytest.mark.parametrize(
    ("old", "new", "message", "place"),
    [
        ("postgres 17", "mysql 8", '"mysql 8" is no database engine', "mysql 8"),
        ("20GB", "10GB", "a database has whole gigabytes of storage, from 20GB to 64TB", "10GB"),
        ("hours: 30", "hours: 30, backups: 36d", "backups are kept for whole days, from 1d to 35d", "36d"),
        ("db.t3.micro", "t3.micro", '"t3.micro" is no class of database instances', "t3.micro"),
        ("[app, host]", "[]", "at least one entry is wanted here", "[]"),
    ],
)
def test_wrong_fields(old: str, new: str, message: str, place: str) -> None:
    found = errors(one(BASE + f"database: {{kind: database, {FIELDS.replace(old, new)}}}\n"))
    assert [f[:3] for f in found] == [("E203", message, place)]


def test_secret_must_hold_user_and_password() -> None:
    fields = FIELDS.replace("credentials: password", "credentials: keys")
    (found,) = errors(one(BASE + f"database: {{kind: database, {fields}}}\n"))
    assert found == (
        "E305",
        'secret "keys" has no attribute "username", which the master user needs',
        "keys",
        "add generate: {username: ...} to the secret",
    )


def test_subnets_stand_in_two_zones() -> None:
    (found,) = errors(one(BASE + f"database: {{kind: database, {FIELDS.replace('vpc.data', 'vpc.single')}}}\n"))
    assert found[:3] == ("E304", '"vpc.single" is one subnet, and RDS wants subnets in two zones', "vpc.single")

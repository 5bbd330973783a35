"""Instances of RDS with PostgreSQL behind them; see also tests/compiler/local/databases."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

import boto3
import psycopg2
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws
from support_local import Cloud
from support_services import function, invoke, until

SETTINGS: dict[str, Any] = {
    "Engine": "postgres",
    "EngineVersion": "17",
    "DBInstanceClass": "db.t3.micro",
    "AllocatedStorage": 20,
    "DBName": "lenie",
    "MasterUsername": "lenie",
    "MasterUserPassword": "a-password",
    "Port": 5432,
}


@mock_aws
def test_moto_itself_stops_and_starts_nothing() -> None:
    client = boto3.client("rds", region_name="us-east-1")
    made = client.create_db_instance(DBInstanceIdentifier="db", **SETTINGS)["DBInstance"]
    assert made["Endpoint"]["Address"].endswith("rds.amazonaws.com")
    assert client.stop_db_instance(DBInstanceIdentifier="db")["DBInstance"]["DBInstanceStatus"] == "stopped"
    assert client.start_db_instance(DBInstanceIdentifier="db")["DBInstance"]["DBInstanceStatus"] == "available"
    assert client.reboot_db_instance(DBInstanceIdentifier="db")["DBInstance"]["DBInstanceStatus"] == "available"


class Database:
    """An instance in the emulator."""

    def __init__(self, cloud: Cloud, name: str = "db") -> None:
        self.client, self.name = cloud.client("rds"), name
        self.directory = cloud.emulator.directory

    def create(self, **settings: Any) -> dict[str, Any]:
        made = self.client.create_db_instance(DBInstanceIdentifier=self.name, **{**SETTINGS, **settings})
        found: dict[str, Any] = made["DBInstance"]
        return found

    def describe(self) -> dict[str, Any]:
        found: dict[str, Any] = self.client.describe_db_instances(DBInstanceIdentifier=self.name)["DBInstances"][0]
        return found

    def state(self) -> str:
        return str(self.describe()["DBInstanceStatus"])

    def connect(self, user: str = "lenie", password: str = "a-password", **options: Any) -> Any:
        endpoint = self.describe()["Endpoint"]
        given = {
            "host": endpoint["Address"],
            "port": endpoint["Port"],
            "dbname": "lenie",
            "sslmode": "verify-full",
            "sslrootcert": str(self.directory / "certificates" / "authority.pem"),
            **options,
        }
        return psycopg2.connect(user=user, password=password, **given)

    def run(self, *statements: str, **options: Any) -> list[tuple[Any, ...]]:
        connection = self.connect(**options)
        try:
            with connection, connection.cursor() as cursor:
                for statement in statements:
                    cursor.execute(statement)
                return list(cursor.fetchall()) if cursor.description else []
        finally:
            connection.close()

    def token(self, user: str) -> str:
        endpoint = self.describe()["Endpoint"]
        return str(
            self.client.generate_db_auth_token(DBHostname=endpoint["Address"], Port=endpoint["Port"], DBUsername=user)
        )


@pytest.fixture
def database(cloud: Cloud) -> Database:
    found = Database(cloud)
    found.create(EnableIAMDatabaseAuthentication=True)
    return found


def test_an_instance_is_a_database_with_a_master_that_is_no_superuser(database: Database) -> None:
    assert (database.state(), database.describe()["DbInstancePort"]) == ("available", 5432)
    database.run("CREATE SCHEMA lenie", "CREATE EXTENSION vector SCHEMA public", "CREATE ROLE app LOGIN")
    assert database.run("SELECT '[1,2]'::vector <=> '[1,2]'") == [(0.0,)]
    assert database.run("SELECT rolsuper, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = current_user") == [
        (False, True, True)
    ]
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        database.run("SELECT pg_read_file('/etc/passwd')")


def test_who_may_log_in(database: Database) -> None:
    database.run("CREATE ROLE app LOGIN", "GRANT rds_iam TO app")
    assert database.run("SELECT current_user", user="app", password=database.token("app")) == [("app",)]
    refused = {
        ("lenie", "wrong"): "password authentication failed",
        ("lenie", database.token("lenie")): "password authentication failed",
        ("app", "a-password"): "PAM authentication failed",
        ("app", database.token("lenie")): "PAM authentication failed",
        ("rdsadmin", "x"): "rejects connection",
        ("nobody", "x"): "password authentication failed",
    }
    for (user, password), words in refused.items():
        with pytest.raises(psycopg2.OperationalError, match=words):
            database.connect(user, password)
    with pytest.raises(psycopg2.OperationalError, match="no encryption"):
        database.connect(sslmode="disable")
    with pytest.raises(psycopg2.OperationalError, match="certificate verify failed"):
        database.connect(sslrootcert=str(Path(__file__).parents[4] / "lambdas/library/rds_us_east_1.pem"))


def test_tls_is_as_the_parameter_group_says(cloud: Cloud) -> None:
    client = cloud.client("rds")
    client.create_db_parameter_group(DBParameterGroupName="plain", DBParameterGroupFamily="postgres17", Description="x")
    change = {"ParameterName": "rds.force_ssl", "ParameterValue": "0", "ApplyMethod": "immediate"}
    client.modify_db_parameter_group(DBParameterGroupName="plain", Parameters=[change])
    database = Database(cloud)
    database.create(DBParameterGroupName="plain")
    assert database.run("SELECT 1", sslmode="disable") == [(1,)]


def test_it_stops_and_starts_and_keeps_what_it_holds(database: Database) -> None:
    database.run("CREATE TABLE kept (n int)", "INSERT INTO kept VALUES (7)")
    held = database.connect()
    port = database.describe()["Endpoint"]["Port"]
    with pytest.raises(ClientError, match="InvalidDBInstanceState"):
        database.client.start_db_instance(DBInstanceIdentifier="db")
    stopped = database.client.stop_db_instance(DBInstanceIdentifier="db")["DBInstance"]
    assert stopped["DBInstanceStatus"] == database.state() == "stopping"
    began = time.monotonic()
    for call in (database.client.start_db_instance, database.client.stop_db_instance):
        with pytest.raises(ClientError, match="InvalidDBInstanceState"):
            call(DBInstanceIdentifier="db")
    until(lambda: database.state() == "stopped")
    # Two minutes of AWS, scaled.
    assert time.monotonic() - began > 1
    with pytest.raises(psycopg2.Error):
        held.cursor().execute("SELECT 1")
    held.close()
    with pytest.raises(psycopg2.OperationalError, match="Connection refused"):
        database.connect()
    started = database.client.start_db_instance(DBInstanceIdentifier="db")["DBInstance"]
    assert started["DBInstanceStatus"] == "starting"
    until(lambda: database.state() == "available")
    assert database.run("SELECT n FROM kept") == [(7,)]
    assert database.describe()["Endpoint"]["Port"] == port
    database.client.reboot_db_instance(DBInstanceIdentifier="db")
    assert database.state() == "rebooting"
    until(lambda: database.state() == "available")
    assert database.run("SELECT n FROM kept") == [(7,)]


def test_the_masters_password_changes(database: Database) -> None:
    database.client.modify_db_instance(
        DBInstanceIdentifier="db", MasterUserPassword="another-one", ApplyImmediately=True
    )
    with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
        database.connect()
    assert database.run("SELECT 1", password="another-one") == [(1,)]


def test_a_snapshot_holds_the_data(cloud: Cloud, database: Database) -> None:
    database.run("CREATE TABLE kept (n int)", "INSERT INTO kept VALUES (1)")
    database.client.create_db_snapshot(DBInstanceIdentifier="db", DBSnapshotIdentifier="early")
    database.run("INSERT INTO kept VALUES (2)")
    database.client.delete_db_instance(DBInstanceIdentifier="db", FinalDBSnapshotIdentifier="last")
    for name, rows in (("early", [(1,)]), ("last", [(1,), (2,)])):
        restored = Database(cloud, f"from-{name}")
        database.client.restore_db_instance_from_db_snapshot(
            DBInstanceIdentifier=restored.name, DBSnapshotIdentifier=name
        )
        assert restored.run("SELECT n FROM kept ORDER BY n") == rows
        database.client.delete_db_snapshot(DBSnapshotIdentifier=name)
    left = {path.name for path in (database.directory / "databases").iterdir()}
    assert left == {"us-east-1-from-early", "us-east-1-from-last"}


def test_nothing_is_left_of_an_instance(database: Database) -> None:
    home = next((database.directory / "databases").iterdir()).resolve()
    server = int((home / "pid").read_text())
    endpoint = database.describe()["Endpoint"]
    database.client.delete_db_instance(DBInstanceIdentifier="db", SkipFinalSnapshot=True)
    with pytest.raises(ProcessLookupError):
        os.kill(server, 0)
    assert not home.exists()
    with pytest.raises(psycopg2.OperationalError, match="Connection refused"):
        psycopg2.connect(host=endpoint["Address"], port=endpoint["Port"], user="lenie")


def test_a_reset_ends_databases(cloud: Cloud, database: Database) -> None:
    home = next((database.directory / "databases").iterdir()).resolve()
    server = int((home / "pid").read_text())
    cloud.emulator.reset()
    with pytest.raises(ProcessLookupError):
        os.kill(server, 0)
    assert list((database.directory / "databases").iterdir()) == []


def test_a_function_connects_by_the_deployed_settings_alone(cloud: Cloud, database: Database) -> None:
    """The emulator tells functions which authority to trust; everything else is what RDS tells."""
    database.run("CREATE ROLE app LOGIN", "GRANT rds_iam TO app")
    endpoint = database.describe()["Endpoint"]
    code = """
import os, boto3, psycopg2
def handle(event, context):
    host, port = os.environ["HOST"], int(os.environ["PORT"])
    token = boto3.client("rds").generate_db_auth_token(DBHostname=host, Port=port, DBUsername="app")
    place = {"host": host, "port": port, "dbname": "lenie", "sslmode": "verify-full"}
    connection = psycopg2.connect(user="app", password=token, **place)
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        return [cursor.fetchone()[0], os.environ["POSTGRESQL_SSLROOTCERT"] == os.environ["PGSSLROOTCERT"]]
"""
    variables = {"HOST": endpoint["Address"], "PORT": str(endpoint["Port"])}
    function(cloud, "reads", code, Environment={"Variables": variables})
    assert invoke(cloud, "reads") == (["app", True], "")


def test_other_engines_stay_as_they_are(cloud: Cloud) -> None:
    other = Database(cloud, "other")
    other.create(Engine="mysql", EngineVersion="8.0.35")
    assert other.describe()["Endpoint"]["Address"].endswith("rds.amazonaws.com")
    other.client.stop_db_instance(DBInstanceIdentifier="other")
    assert json.dumps(other.state()) == '"stopped"'


def test_storage_does_not_shrink(cloud: Cloud) -> None:
    properties = {
        "DBInstanceIdentifier": "other",
        "Engine": "mysql",
        "DBInstanceClass": "db.t3.micro",
        "MasterUsername": "somebody",
        "MasterUserPassword": "a-password",
    }

    def template(storage: int) -> dict[str, Any]:
        declared = {
            **properties,
            "AllocatedStorage": str(storage),
            "MasterUsername": "a",
            "MasterUserPassword": "b" * 8,
        }
        return {"Resources": {"Other": {"Type": "AWS::RDS::DBInstance", "Properties": declared}}}

    cloud.create("case", template(20))
    assert cloud.update("case", template(40))["StackStatus"] == "UPDATE_COMPLETE", cloud.reasons("case")
    assert cloud.update("case", template(30))["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert any("Invalid storage size for engine name mysql" in reason for reason in cloud.reasons("case"))
    other = Database(cloud, "other")
    assert other.describe()["AllocatedStorage"] == 40
    with pytest.raises(ClientError, match=r"InvalidParameterCombination.*storage type .*: 39"):
        other.client.modify_db_instance(DBInstanceIdentifier="other", AllocatedStorage=39)
    # What stays as large as it is, is no change of it.
    other.client.modify_db_instance(DBInstanceIdentifier="other", AllocatedStorage=40, BackupRetentionPeriod=3)
    assert other.describe()["BackupRetentionPeriod"] == 3

"""A database: PostgreSQL on RDS, encrypted, reachable from named resources only."""

import re
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from lenie.compiler.diagnostics import Report
from lenie.compiler.expressions import Value
from lenie.compiler.ingress import GROUP_KINDS, add_security_group, group_rule
from lenie.compiler.kind import Attribute, Grant, Resource
from lenie.compiler.place import Lowering, Place
from lenie.compiler.types import Duration, Flag, Parsed, Reference, Size, Text, To, fault, faults_at

PORT = 5432
#: Fields of the secret that holds the master user.
CREDENTIALS = ("username", "password")
_ENGINE = re.compile(r"postgres [1-9][0-9]*(\.[0-9]+)?")
_DAY = 86400
#: The user of the database as IAM names it.
_USER = "arn:${aws.partition}:rds-db:${aws.region}:${aws.account}:dbuser:${resource-id}/${app-user}"


def _parse_engine(value: Any) -> str:
    """Return engine and version as they stand in the spec: ``postgres 17`` or ``postgres 17.4``."""
    if not isinstance(value, str) or not _ENGINE.fullmatch(value):
        raise fault(f'"{value}" is no database engine', "write postgres and its version: postgres 17")
    return value


Engine = Annotated[str, Parsed(_parse_engine, {"type": "string", "pattern": f"^{_ENGINE.pattern}$"})]
#: A name inside PostgreSQL that needs no quotes.
Identifier = Annotated[str, Field(pattern="^[a-z][a-z0-9_]{0,62}$")]


class Database(Resource):
    """A PostgreSQL instance on RDS, in one availability zone.

    The master user comes from the secret `credentials`. With `app-user`, functions log in as that user with a token of
    IAM (verb ``connect``); the user is created once in the database and granted `rds_iam`, which the master user must
    not hold. A `snapshot` to restore from brings its own database name, master user, password and encryption, so these
    are left out then. Connections without TLS are refused. `hours` is how long the instance is expected to run each
    month; a stopped instance costs its storage only.

    Sources: AWS::RDS::DBInstance (CloudFormation template reference), DBSnapshotIdentifier; Amazon RDS User Guide,
    "IAM database authentication", "Using SSL with a PostgreSQL DB instance", "Amazon RDS Extended Support".
    """

    ATTRIBUTES: ClassVar[Mapping[str, Attribute]] = {
        "id": Attribute("Database", description="Identifier of the instance"),
        "host": Attribute("Database", "Endpoint.Address", "Host name to connect to"),
        "port": Attribute("Database", "Endpoint.Port", "Port to connect to"),
        "resource-id": Attribute("Database", "DbiResourceId", "Id that IAM policies name"),
        "arn": Attribute("Database", "DBInstanceArn", "ARN of the instance"),
        "security-group": Attribute("SecurityGroup", "GroupId", "Id of the database's security group"),
        "name": Attribute("", description="Name of the database in PostgreSQL"),
    }
    GRANTS: ClassVar[Mapping[str, Grant]] = {
        # No AWS API is called: the token is signed by whoever connects.
        "connect": Grant(("rds-db:connect",), (_USER,), description="Log in as `app-user`, where there is one"),
        "start": Grant(("rds:StartDBInstance",), service="rds", description="Start the instance"),
        "stop": Grant(("rds:StopDBInstance",), service="rds", description="Stop the instance"),
        "status": Grant(("rds:DescribeDBInstances",), service="rds", description="Read its state"),
    }

    kind: Literal["database"]
    engine: Engine
    class_: Annotated[str, Field(pattern=r"^db\.[a-z0-9-]+\.[a-z0-9]+$")]
    hours: Annotated[int, Field(ge=0, le=744)]
    storage: Size
    name: Identifier
    credentials: Annotated[Reference, To("secret")]
    #: PostgreSQL user that logs in with a token of IAM.
    app_user: Identifier | None = None
    subnets: Annotated[Reference, To("network", group=True)]
    #: Resources whose security groups may connect.
    ingress: Annotated[list[Annotated[Reference, To(*GROUP_KINDS)]], Field(min_length=1)]
    #: Name or ARN of a snapshot to restore from; a new database when empty.
    snapshot: Text = ""
    deletion_protection: Flag = False
    #: How long daily backups are kept; they are free up to the size of the storage.
    backups: Duration = 7 * _DAY

    @model_validator(mode="after")
    def _bounds(self) -> Self:
        faults: list[tuple[tuple[str | int, ...], PydanticCustomError]] = []
        if self.storage % 1024 or not 20 <= self.storage // 1024 <= 65536:
            message = "a database has whole gigabytes of storage, from 20GB to 64TB"
            faults.append((("storage",), fault(message, "write 20GB or more")))
        if self.backups % _DAY or not 1 <= self.backups // _DAY <= 35:
            faults.append((("backups",), fault("backups are kept for whole days, from 1d to 35d", "write 7d")))
        if faults:
            raise faults_at(faults)
        return self

    @property
    def version(self) -> str:
        """Version of PostgreSQL: ``17`` or ``17.4``."""
        return self.engine.partition(" ")[2]

    @property
    def major(self) -> str:
        """Major version of PostgreSQL."""
        return self.version.partition(".")[0]

    def attributes(self) -> Mapping[str, Attribute]:
        """Return the attributes; `app-user` is one if there is such a user."""
        user = {"app-user": Attribute("", description="User that logs in with a token of IAM")}
        return {**self.ATTRIBUTES, **user} if self.app_user is not None else self.ATTRIBUTES

    def grants(self) -> Mapping[str, Grant]:
        """Return the verbs; without `app-user` there is nobody to `connect` as."""
        return {verb: grant for verb, grant in self.GRANTS.items() if verb != "connect" or self.app_user is not None}

    def attribute(self, name: str, at: Place) -> Value:
        """Return the value of attribute `name`; names inside PostgreSQL stand in the spec."""
        if name == "name":
            return self.name
        if name == "app-user" and self.app_user is not None:
            return self.app_user
        return super().attribute(name, at)

    def check(self, at: Place, report: Report) -> None:
        """Report a secret without user and password, and subnets in one zone only."""
        secret = at.program.declarations[self.credentials.name]
        lacking = [field for field in CREDENTIALS if field not in secret.model.attributes()]
        if lacking:
            report.add(
                "E305",
                f'secret "{secret.name}" has no attribute "{lacking[0]}", which the master user needs',
                (*at.declaration.path, "credentials"),
                also=[(secret.path, "declared here")],
                help="add generate: {username: ...} to the secret",
            )
        network = at.program.declarations[self.subnets.name]
        if len(network.model.groups()[self.subnets.part]) < 2:
            report.add(
                "E304",
                f'"{self.subnets.name}.{self.subnets.part}" is one subnet, and RDS wants subnets in two zones',
                (*at.declaration.path, "subnets"),
                also=[((*network.path, "subnets", self.subnets.part), "declared here")],
                help="add a second network to cidrs; the database itself stays in one zone",
            )

    def lower(self, out: Lowering) -> None:
        """Add the security group, the subnet group, the parameter group, and the instance."""
        network, part = self.subnets.name, self.subnets.part
        subnets = out.program.declarations[network].model.groups()[part]
        sources = [
            group_rule(out, source, "tcp", PORT, PORT, f"{PORT}/tcp", ("ingress", index))
            for index, source in enumerate(self.ingress)
        ]
        name = out.declaration.name
        purpose = f"What may connect to {name}"
        group = add_security_group(out, self.subnets, purpose, sources, egress=False, network_field="subnets")
        subnet_group = out.add(
            "SubnetGroup",
            "AWS::RDS::DBSubnetGroup",
            {
                "DBSubnetGroupName": out.name(),
                "DBSubnetGroupDescription": f"Subnets of {name}",
                "SubnetIds": out.at("subnets", [out.attribute(network, subnet) for subnet in subnets]),
            },
        )
        parameter_group = out.add(
            "ParameterGroup",
            "AWS::RDS::DBParameterGroup",
            {
                # A new major version needs a new group, so its name must not be taken.
                "DBParameterGroupName": out.at("engine", out.name(None, f"-postgres{self.major}")),
                "Family": out.at("engine", f"postgres{self.major}"),
                "Description": f"Settings of {name}",
                "Parameters": {"rds.force_ssl": "1"},
            },
        )
        self._instance(out, group, subnet_group, parameter_group)

    def _instance(self, out: Lowering, group: Value, subnet_group: Value, parameter_group: Value) -> None:
        username, password = (out.attribute(self.credentials, field) for field in CREDENTIALS)
        snapshot = out.optional(self.snapshot)
        accept = {
            "CKV_AWS_118": "Enhanced monitoring is charged by its volume of logs",
            "CKV_AWS_129": "The instance keeps its logs for three days; CloudWatch would charge for them",
            "CKV_AWS_157": "A standby in a second zone would double the cost",
            "CKV_AWS_353": "The free metrics of CloudWatch tell what a database of one instance needs",
            "CKV2_AWS_30": "Logged statements would hold the data that they write",
        }
        if self.deletion_protection is not True:
            accept["CKV_AWS_293"] = "The spec says where the database is protected; a snapshot is taken on deletion"
        if self.version == self.major:
            accept["W3691"] = "RDS takes a recent release of a major version; the linter counts it among the old ones"
        if snapshot is not None:
            accept["CKV_AWS_16"] = "A new database is encrypted; a restored one is as its snapshot was"
        out.add(
            "Database",
            "AWS::RDS::DBInstance",
            {
                "DBInstanceIdentifier": out.name(),
                "Engine": out.at("engine", "postgres"),
                "EngineVersion": out.at("engine", self.version),
                "EngineLifecycleSupport": "open-source-rds-extended-support-disabled",
                "DBInstanceClass": out.at("class", self.class_),
                "AllocatedStorage": out.at("storage", str(self.storage // 1024)),
                "StorageType": "gp3",
                "StorageEncrypted": out.at("snapshot", out.unless(self.snapshot, True)),
                "DBName": out.at("name", out.unless(self.snapshot, self.name)),
                "MasterUsername": out.at("credentials", out.unless(self.snapshot, username)),
                "MasterUserPassword": out.at("credentials", out.unless(self.snapshot, password)),
                "DBSnapshotIdentifier": out.at("snapshot", snapshot),
                "DBSubnetGroupName": subnet_group,
                "DBParameterGroupName": parameter_group,
                "VPCSecurityGroups": [group],
                "Port": str(PORT),
                "MultiAZ": False,
                "PubliclyAccessible": False,
                "EnableIAMDatabaseAuthentication": True,
                "CACertificateIdentifier": "rds-ca-rsa2048-g1",
                "BackupRetentionPeriod": out.at("backups", self.backups // _DAY),
                "CopyTagsToSnapshot": True,
                "AutoMinorVersionUpgrade": True,
                "DeletionProtection": out.at("deletion-protection", out.flag(self.deletion_protection)),
            },
            on_delete="Snapshot",
            accept=accept,
        )


KIND = Database

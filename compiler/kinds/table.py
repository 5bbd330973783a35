"""A table: DynamoDB, paid by request, encrypted, kept when its component is deleted."""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from lenie.compiler.expressions import Value
from lenie.compiler.kind import Attribute, Grant, Resource
from lenie.compiler.place import Located, Lowering
from lenie.compiler.types import Flag, Text, fault, faults_at

#: The letters that DynamoDB has for the types of key attributes.
TYPES = {"string": "S", "number": "N", "binary": "B"}

Key = Annotated[dict[str, Literal["string", "number", "binary"]], Field(min_length=1, max_length=2)]


class Table(Resource):
    """A DynamoDB table. `key` has the partition key and, behind it, the sort key; so has each of the `indexes`.

    Indexes hold all attributes. The key `aws/dynamodb` encrypts the table, so that its use can be seen in CloudTrail;
    DynamoDB asks for it so seldom that KMS's free requests suffice.

    Sources: AWS::DynamoDB::Table (CloudFormation template reference); Amazon DynamoDB Developer Guide, "DynamoDB
    encryption at rest" and "Service, account, and table quotas".
    """

    ATTRIBUTES: ClassVar[Mapping[str, Attribute]] = {
        "name": Attribute("Table", description="Name of the table"),
        "arn": Attribute("Table", "Arn", "ARN of the table"),
    }
    GRANTS: ClassVar[Mapping[str, Grant]] = {
        "get": Grant(("dynamodb:GetItem",), service="dynamodb", description="Read an item by its key"),
        "put": Grant(("dynamodb:PutItem",), service="dynamodb", description="Write an item"),
        "update": Grant(("dynamodb:UpdateItem",), service="dynamodb", description="Change attributes of an item"),
        "delete": Grant(("dynamodb:DeleteItem",), service="dynamodb", description="Delete an item"),
        "query": Grant(("dynamodb:Query",), service="dynamodb", description="Read items of a partition"),
        "scan": Grant(("dynamodb:Scan",), service="dynamodb", description="Read all items"),
    }
    FOLDER: ClassVar[str] = "dynamodb/{name}"

    kind: Literal["table"]
    name: Text | None = None
    key: Key
    indexes: Annotated[dict[Annotated[str, Field(pattern="^[A-Za-z0-9_.-]{3,255}$")], Key], Field(max_length=20)] = {}
    point_in_time_recovery: Flag = False

    @model_validator(mode="after")
    def _one_type_each(self) -> Self:
        faults: list[tuple[tuple[str | int, ...], PydanticCustomError]] = []
        types = dict(self.key)
        for index, key in self.indexes.items():
            for attribute, type_name in key.items():
                if types.setdefault(attribute, type_name) != type_name:
                    message = f'"{attribute}" is a {types[attribute]} above, and an attribute has one type'
                    faults.append((("indexes", index, attribute), fault(message, f"write {types[attribute]}")))
        if faults:
            raise faults_at(faults)
        return self

    def grants(self) -> Mapping[str, Grant]:
        """Return the verbs; reading many items concerns the indexes, too."""
        if not self.indexes:
            return self.GRANTS
        many = {verb: self.GRANTS[verb]._replace(resources=("${arn}", "${arn}/index/*")) for verb in ("query", "scan")}
        return {**self.GRANTS, **many}

    def lower(self, out: Lowering) -> None:
        """Add the table."""
        accept = {"CKV_AWS_119": "The key aws/dynamodb encrypts it; a customer key costs 1 USD a month"}
        if self.point_in_time_recovery is not True:
            accept["CKV_AWS_28"] = "Recovery costs by the GB: the spec says in which environments it is worth it"
        recovery = out.flag(self.point_in_time_recovery)
        out.add(
            "Table",
            "AWS::DynamoDB::Table",
            {
                "TableName": out.at("name", out.name(self.name)),
                "BillingMode": "PAY_PER_REQUEST",
                "AttributeDefinitions": self._attributes(out),
                "KeySchema": out.at("key", _schema(self.key)),
                "GlobalSecondaryIndexes": out.at("indexes", self._indexes(out)),
                "PointInTimeRecoverySpecification": {
                    "PointInTimeRecoveryEnabled": out.at("point-in-time-recovery", recovery)
                },
                "SSESpecification": {"SSEEnabled": True},
            },
            on_delete="RetainExceptOnCreate",
            accept=accept,
        )

    def _attributes(self, out: Lowering) -> list[Located]:
        """Return the attributes of all keys: DynamoDB takes no others."""
        found: dict[str, Located] = {}
        for place, key in (("key",), self.key), *((("indexes", name), key) for name, key in self.indexes.items()):
            for attribute, type_name in key.items():
                definition = {"AttributeName": attribute, "AttributeType": TYPES[type_name]}
                found.setdefault(attribute, out.at((*place, attribute), definition))
        return list(found.values())

    def _indexes(self, out: Lowering) -> list[Located] | None:
        indexes = []
        for name, key in self.indexes.items():
            index = {"IndexName": name, "KeySchema": _schema(key), "Projection": {"ProjectionType": "ALL"}}
            indexes.append(out.at(("indexes", name), index))
        return indexes or None


def _schema(key: Mapping[str, str]) -> list[Value]:
    return [{"AttributeName": name, "KeyType": role} for name, role in zip(key, ("HASH", "RANGE"), strict=False)]


KIND = Table

"""DynamoDB: tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lenie.compiler.expressions import Value
from lenie.compiler.span import Path
from lenie.targets.tf.hcl import Argument
from lenie.targets.tf.row import Fields, Flat, Items, Made, Nested, Row
from lenie.targets.tf.rows.kms import key_arn

if TYPE_CHECKING:
    from lenie.targets.tf.resource import Builder, Schema

_KEYS = {"HASH": "hash_key", "RANGE": "range_key"}


def _key(out: Builder, schema: Schema, value: Value, at: Path) -> Items:
    """Yield the two attributes of a key: CloudFormation has a list of attributes with their roles."""
    for index, element in enumerate(value if isinstance(value, list) else [value]):
        here = (*at, index)
        entry = out.map(element, here)
        argument = _KEYS.get(str(entry.get("KeyType")))
        if argument is None or set(entry) != {"AttributeName", "KeyType"}:
            out.problem(
                here, "a key has a HASH attribute, and perhaps a RANGE attribute", "write AttributeName and KeyType"
            )
            continue
        yield Argument(argument, out.typed("string", entry["AttributeName"], here), here)


def _local_key(out: Builder, schema: Schema, value: Value, at: Path) -> Items:
    """Yield the range attribute only: the hash attribute of a local index is that of its table."""
    return [item for item in _key(out, schema, value, at) if isinstance(item, Argument) and item.name == "range_key"]


_CAPACITY = Flat({"ReadCapacityUnits": "read_capacity", "WriteCapacityUnits": "write_capacity"})
_INDEX: Fields = {
    "IndexName": "name",
    "KeySchema": Made(_key, "two arguments"),
    "Projection": Flat(),
}

ROWS = {
    "AWS::DynamoDB::Table": Row(
        "aws_dynamodb_table",
        {
            "TableName": "name",
            "AttributeDefinitions": Nested("attribute", {"AttributeName": "name", "AttributeType": "type"}),
            "KeySchema": Made(_key, "two arguments"),
            "GlobalSecondaryIndexes": Nested("global_secondary_index", {**_INDEX, "ProvisionedThroughput": _CAPACITY}),
            "LocalSecondaryIndexes": Nested(
                "local_secondary_index", {**_INDEX, "KeySchema": Made(_local_key, "the hash attribute is the table's")}
            ),
            "ProvisionedThroughput": _CAPACITY,
            "PointInTimeRecoverySpecification": Nested(
                "point_in_time_recovery", {"PointInTimeRecoveryEnabled": "enabled"}
            ),
            "SSESpecification": Nested(
                "server_side_encryption", {"SSEEnabled": "enabled", "KMSMasterKeyId": key_arn("kms_key_arn")}
            ),
            "TimeToLiveSpecification": Nested("ttl"),
        },
        {"Ref": "id", "Arn": "arn", "StreamArn": "stream_arn"},
    ),
}

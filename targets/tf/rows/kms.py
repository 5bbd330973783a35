"""KMS: keys and their aliases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lenie.compiler.expressions import AttributeOf, Value
from lenie.compiler.span import Path
from lenie.targets.tf.hcl import Argument
from lenie.targets.tf.row import Items, Json, Made, Row

if TYPE_CHECKING:
    from lenie.targets.tf.resource import Builder, Schema


def key_arn(name: str) -> Made:
    """Return the field of an argument that takes the ARN of a key, where CloudFormation takes its id, too."""

    def make(out: Builder, schema: Schema, value: Value, at: Path) -> Items:
        is_key = isinstance(value, AttributeOf) and out.values.graph.resource(value).type == "AWS::KMS::Key"
        if isinstance(value, AttributeOf) and is_key and value.attribute in ("Ref", "KeyId"):
            if value.component != out.values.component.name:
                out.problem(at, "Terraform wants the ARN of the key here", "refer to its attribute Arn")
                return
            value = AttributeOf(value.component, value.resource, "Arn")
        yield Argument(name, out.typed("string", value, at))

    return Made(make, "an ARN")


ROWS = {
    "AWS::KMS::Key": Row(
        "aws_kms_key",
        {
            "Enabled": "is_enabled",
            "KeyPolicy": Json("policy"),
            "KeySpec": "customer_master_key_spec",
            "PendingWindowInDays": "deletion_window_in_days",
        },
        {"Ref": "key_id", "Arn": "arn", "KeyId": "key_id"},
    ),
    "AWS::KMS::Alias": Row("aws_kms_alias", {"AliasName": "name"}, {"Ref": "name"}),
}

"""KMS: keys and their aliases."""

from __future__ import annotations

from lenie.targets.tf.row import Json, Row

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

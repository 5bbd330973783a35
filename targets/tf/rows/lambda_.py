"""Lambda: functions, layers, permissions."""

from __future__ import annotations

from lenie.targets.tf.row import Flat, Nested, Refused, Row

_INLINE = Refused("the provider uploads files only; put the code into a package")

ROWS = {
    "AWS::Lambda::Function": Row(
        "aws_lambda_function",
        {
            "Code": Flat({"S3Bucket": "s3_bucket", "S3Key": "s3_key", "ZipFile": _INLINE}),
            "DeadLetterConfig": Nested("dead_letter_config"),
            # CloudFormation's default is a text, too, but the provider wants it said.
            "LoggingConfig": Nested("logging_config", constants={"log_format": "Text"}),
        },
        {"Ref": "function_name", "Arn": "arn"},
    ),
    "AWS::Lambda::LayerVersion": Row(
        "aws_lambda_layer_version",
        {"Content": Flat({"S3Bucket": "s3_bucket", "S3Key": "s3_key"})},
        {"Ref": "arn", "LayerVersionArn": "arn"},
        keep="skip_destroy",
    ),
    "AWS::Lambda::Permission": Row("aws_lambda_permission"),
}

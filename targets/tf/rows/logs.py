"""CloudWatch Logs: log groups. CloudFormation's ARN of one ends in ``:*``, the provider's does not."""

from __future__ import annotations

from lenie.targets.tf.row import Row

#: Attribute for arguments that take the ARN without its end; no attribute of CloudFormation's.
BARE_ARN = "BareArn"

ROWS = {
    "AWS::Logs::LogGroup": Row(
        "aws_cloudwatch_log_group", {"LogGroupName": "name"}, {"Ref": "name", "Arn": "{arn}:*", BARE_ARN: "arn"}
    ),
}

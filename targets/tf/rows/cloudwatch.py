"""CloudWatch: alarms."""

from __future__ import annotations

from lenie.targets.tf.row import Pairs, Row

ROWS = {
    "AWS::CloudWatch::Alarm": Row(
        "aws_cloudwatch_metric_alarm",
        {"Dimensions": Pairs("dimensions")},
        {"Ref": "alarm_name", "Arn": "arn"},
    ),
}

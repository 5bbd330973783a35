"""SNS: topics, their policies and subscriptions."""

from __future__ import annotations

from lenie.targets.tf.row import Json, Parts, Row, Single

_SUBSCRIPTION = {"FilterPolicy": Json("filter_policy"), "RedrivePolicy": Json("redrive_policy")}

ROWS = {
    "AWS::SNS::Topic": Row(
        "aws_sns_topic",
        {
            "TopicName": "name",
            "Subscription": Parts("aws_sns_topic_subscription", {"topic_arn": "arn"}, names=("Protocol",)),
        },
        {"Ref": "arn", "TopicArn": "arn", "TopicName": "name"},
    ),
    "AWS::SNS::TopicPolicy": Row("aws_sns_topic_policy", {"Topics": Single("arn"), "PolicyDocument": Json("policy")}),
    "AWS::SNS::Subscription": Row("aws_sns_topic_subscription", _SUBSCRIPTION, {"Ref": "arn", "Arn": "arn"}),
}

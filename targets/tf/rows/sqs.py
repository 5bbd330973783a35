"""SQS: queues and their policies."""

from __future__ import annotations

from lenie.targets.tf.row import Json, Row, Single

ROWS = {
    "AWS::SQS::Queue": Row(
        "aws_sqs_queue",
        {
            "QueueName": "name",
            "MessageRetentionPeriod": "message_retention_seconds",
            "VisibilityTimeout": "visibility_timeout_seconds",
            "MaximumMessageSize": "max_message_size",
            "ReceiveMessageWaitTimeSeconds": "receive_wait_time_seconds",
            "RedrivePolicy": Json("redrive_policy"),
            "RedriveAllowPolicy": Json("redrive_allow_policy"),
        },
        {"Ref": "url", "QueueUrl": "url", "QueueName": "name", "Arn": "arn"},
    ),
    "AWS::SQS::QueuePolicy": Row(
        "aws_sqs_queue_policy", {"Queues": Single("queue_url"), "PolicyDocument": Json("policy")}
    ),
}

"""SQS: queues and their policies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lenie.compiler.graph import Resource
from lenie.targets.tf.hcl import Argument
from lenie.targets.tf.row import Items, Json, Row, Single

if TYPE_CHECKING:
    from lenie.targets.tf.resource import Builder

#: What a message may have, in bytes, if the queue does not say (AWS::SQS::Queue, MaximumMessageSize).
_DEFAULT_SIZE = 1_048_576
#: The most that the provider took before its version 6.8 (hashicorp/terraform-provider-aws, issue 43692).
_OLD_LIMIT = 262_144


def _message_size(out: Builder, resource: Resource) -> Items:
    """Yield the size of messages where the queue does not say it: the provider's default is another."""
    size = resource.properties.get("MaximumMessageSize", _DEFAULT_SIZE)
    if not isinstance(size, int) or size > _OLD_LIMIT:
        out.requires = (6, 8, 0)
    if "MaximumMessageSize" not in resource.properties:
        yield Argument("max_message_size", _DEFAULT_SIZE)


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
        adds=_message_size,
    ),
    "AWS::SQS::QueuePolicy": Row(
        "aws_sqs_queue_policy", {"Queues": Single("queue_url"), "PolicyDocument": Json("policy")}
    ),
}

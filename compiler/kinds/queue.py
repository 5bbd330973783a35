"""A queue: SQS, encrypted, TLS only."""

import re
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from lenie.compiler.iam import deny_insecure_transport, policy
from lenie.compiler.kind import Attribute, Grant, Resource
from lenie.compiler.place import Lowering
from lenie.compiler.spec import Model
from lenie.compiler.types import Duration, Parsed, Reference, Text, To, fault, within

#: Bytes of the largest message that a queue takes unless it says less.
LARGEST_MESSAGE = 1024 * 1024


def _parse_message_size(value: Any) -> int:
    """Return a size such as ``20KB`` in bytes."""
    match = re.fullmatch(r"([0-9]+) ?(KB|MB)", value) if isinstance(value, str) else None
    if match is None:
        raise fault("a size is wanted here", "write a number with KB or MB: 20KB, 1MB")
    return int(match.group(1)) * (1024 if match.group(2) == "KB" else 1024 * 1024)


MessageSize = Annotated[int, Parsed(_parse_message_size, {"type": "string", "pattern": "^[0-9]+ ?(KB|MB)$"})]


class DeadLetter(Model):
    """Where messages go that were received too often."""

    queue: Annotated[Reference, To("queue")]
    after: Annotated[int, Field(ge=1, le=1000)]


class Queue(Resource):
    """An SQS queue.

    `max-message` is the size in KiB above which SQS refuses a message, 1MB if it is left out.

    Source: AWS::SQS::Queue (CloudFormation template reference).
    """

    ATTRIBUTES: ClassVar[Mapping[str, Attribute]] = {
        "url": Attribute("Queue"),
        "arn": Attribute("Queue", "Arn"),
        "name": Attribute("Queue", "QueueName"),
    }
    GRANTS: ClassVar[Mapping[str, Grant]] = {
        "send": Grant(("sqs:SendMessage",), service="sqs"),
        "receive": Grant(("sqs:ReceiveMessage",), service="sqs"),
        "delete": Grant(("sqs:DeleteMessage",), service="sqs"),
        "count": Grant(("sqs:GetQueueAttributes",), service="sqs"),
    }
    FOLDER: ClassVar[str] = "sqs/{name}"

    kind: Literal["queue"]
    name: Text | None = None
    retention: Annotated[int, within(Duration, "60s", "14d")] = 4 * 86400
    visibility: Annotated[int, within(Duration, "0s", "12h")] = 30
    max_message: Annotated[int | None, within(MessageSize, "1KB", "1MB")] = None
    dead_letter: DeadLetter | None = None

    def lower(self, out: Lowering) -> None:
        """Add the queue and its policy."""
        redrive = None
        if self.dead_letter is not None:
            redrive = {
                "deadLetterTargetArn": out.attribute(self.dead_letter.queue, "arn"),
                "maxReceiveCount": self.dead_letter.after,
            }
        queue = out.add(
            "Queue",
            "AWS::SQS::Queue",
            {
                "QueueName": out.at("name", out.name(self.name)),
                "MessageRetentionPeriod": out.at("retention", self.retention),
                "VisibilityTimeout": out.at("visibility", self.visibility),
                "MaximumMessageSize": out.at("max-message", self.max_message),
                "SqsManagedSseEnabled": True,
                "RedrivePolicy": out.at("dead-letter", redrive),
            },
            accept={"CKV_AWS_27": "SQS encrypts it with a key of its own; a customer key costs 1 USD a month"},
        )
        arn = out.get("Queue", "Arn")
        out.add(
            "QueuePolicy",
            "AWS::SQS::QueuePolicy",
            {"Queues": [queue], "PolicyDocument": policy([deny_insecure_transport([arn], "sqs:*")])},
        )


KIND = Queue

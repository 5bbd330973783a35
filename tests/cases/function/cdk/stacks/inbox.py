"""Component inbox.

Written by lenie-compile from the spec: do not edit. Comments name the place in the spec.
"""

from __future__ import annotations

from aws_cdk import CfnTag
from aws_cdk import aws_sqs as sqs
from aws_cdk import aws_ssm as ssm
from constructs import Construct

from component import ComponentStack
from settings import Settings


class InboxStack(ComponentStack):
    """Component inbox (layer base).

    There is one for each environment.
    """

    def __init__(self, scope: Construct, settings: Settings) -> None:
        super().__init__(
            scope,
            f"demo-{settings.environment}-inbox",
            description=f"inbox (base): the stack of {settings.environment}",
            termination_protection=settings.production,
        )

        # Names of the SSM parameters that other stacks read.
        self.sqs_inbox_url_parameter = f"/demo/{settings.environment}/sqs/inbox/url"
        self.sqs_inbox_arn_parameter = f"/demo/{settings.environment}/sqs/inbox/arn"

        # components.inbox.resources.inbox
        inbox_queue = sqs.CfnQueue(
            self,
            "InboxQueue",
            queue_name=f"demo-{settings.environment}-inbox",
            message_retention_period=345600,
            visibility_timeout=30,
            sqs_managed_sse_enabled=True,
            tags=[
                CfnTag(key="Environment", value=settings.environment),
                CfnTag(key="Project", value="demo"),
            ],
        )
        inbox_queue.add_metadata(
            "checkov",
            {
                "skip": [
                    {
                        "id": "CKV_AWS_27",
                        "comment": (
                            "SQS encrypts it with a key of its own; a customer key costs 1 USD a "
                            "month"
                        ),
                    },
                ],
            },
        )

        # components.inbox.resources.inbox
        sqs.CfnQueuePolicy(
            self,
            "InboxQueuePolicy",
            queues=[inbox_queue.ref],
            policy_document={
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Sid": "DenyInsecureTransport",
                        "Effect": "Deny",
                        "Principal": {"AWS": "*"},
                        "Action": "sqs:*",
                        "Resource": inbox_queue.attr_arn,
                        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
                    },
                ],
            },
        )

        # components.inbox.resources.inbox
        ssm.CfnParameter(
            self,
            "InboxUrlParameter",
            name=self.sqs_inbox_url_parameter,
            type="String",
            value=inbox_queue.ref,
            description="url of inbox (queue)",
            tags={"Project": "demo", "Environment": settings.environment},
        )

        # components.inbox.resources.inbox
        ssm.CfnParameter(
            self,
            "InboxArnParameter",
            name=self.sqs_inbox_arn_parameter,
            type="String",
            value=inbox_queue.attr_arn,
            description="arn of inbox (queue)",
            tags={"Project": "demo", "Environment": settings.environment},
        )

"""Component errors.

Written by lenie-compile from the spec: do not edit. Comments name the place in the spec.
"""

from __future__ import annotations

from aws_cdk import CfnTag
from aws_cdk import aws_sqs as sqs
from aws_cdk import aws_ssm as ssm
from constructs import Construct

from component import ComponentStack
from settings import Settings


class ErrorsStack(ComponentStack):
    """Component errors (layer base).

    There is one for each environment.
    """

    def __init__(self, scope: Construct, settings: Settings) -> None:
        super().__init__(
            scope,
            f"demo-{settings.environment}-errors",
            description="Where messages go that nobody can process",
            termination_protection=settings.production,
        )

        # Names of the SSM parameters that other stacks read.
        self.sqs_problems_arn_parameter = f"/demo/{settings.environment}/sqs/problems/arn"

        # components.errors.resources.problems
        problems_queue = sqs.CfnQueue(
            self,
            "ProblemsQueue",
            queue_name=f"demo-{settings.environment}-problems",
            message_retention_period=1209600,
            visibility_timeout=30,
            sqs_managed_sse_enabled=True,
            tags=[
                CfnTag(key="Environment", value=settings.environment),
                CfnTag(key="Project", value="demo"),
            ],
        )
        problems_queue.add_metadata(
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

        # components.errors.resources.problems
        sqs.CfnQueuePolicy(
            self,
            "ProblemsQueuePolicy",
            queues=[problems_queue.ref],
            policy_document={
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Sid": "DenyInsecureTransport",
                        "Effect": "Deny",
                        "Principal": {"AWS": "*"},
                        "Action": "sqs:*",
                        "Resource": problems_queue.attr_arn,
                        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
                    },
                ],
            },
        )

        # components.errors.resources.problems.publish
        ssm.CfnParameter(
            self,
            "ProblemsNameParameter",
            name=f"/demo/{settings.environment}/sqs/problems/name",
            type="String",
            value=problems_queue.attr_queue_name,
            description="name of problems (queue)",
            tags={"Project": "demo", "Environment": settings.environment},
        )

        # components.errors.resources.problems
        ssm.CfnParameter(
            self,
            "ProblemsArnParameter",
            name=self.sqs_problems_arn_parameter,
            type="String",
            value=problems_queue.attr_arn,
            description="arn of problems (queue)",
            tags={"Project": "demo", "Environment": settings.environment},
        )

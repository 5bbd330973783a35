"""Component sqs-documents.

Written by lenie-compile from the spec: do not edit. Comments name the place in the spec.
"""

from __future__ import annotations

from dataclasses import dataclass

from aws_cdk import CfnTag
from aws_cdk import aws_sqs as sqs
from aws_cdk import aws_ssm as ssm
from constructs import Construct

from component import ComponentStack
from settings import Settings


@dataclass(frozen=True, kw_only=True)
class SqsDocumentsProps:
    """Names of the SSM parameters that the stack reads, and other stacks publish."""

    sqs_problems_dlq_arn_parameter: str


class SqsDocumentsStack(ComponentStack):
    """Component sqs-documents (layer storage).

    There is one for each environment.
    """

    def __init__(self, scope: Construct, settings: Settings, props: SqsDocumentsProps) -> None:
        super().__init__(
            scope,
            f"lenie-{settings.environment}-sqs-documents",
            description=f"sqs-documents (storage): the stack of {settings.environment}",
            termination_protection=settings.production,
        )

        # Names of the SSM parameters that other stacks read.
        self.sqs_documents_url_parameter = f"/lenie/{settings.environment}/sqs/documents/url"
        self.sqs_documents_arn_parameter = f"/lenie/{settings.environment}/sqs/documents/arn"

        sqs_problems_dlq_arn = self.ssm_value(
            "SqsProblemsDlqArn",
            props.sqs_problems_dlq_arn_parameter,
            "SSM parameter sqs/problems-dlq/arn, published by component sqs-application-errors",
        )

        # components.sqs-documents.resources.documents
        documents_queue = sqs.CfnQueue(
            self,
            "DocumentsQueue",
            queue_name=f"lenie-{settings.environment}-documents",
            message_retention_period=1209600,
            visibility_timeout=360,
            maximum_message_size=20480,
            sqs_managed_sse_enabled=True,
            redrive_policy={"deadLetterTargetArn": sqs_problems_dlq_arn, "maxReceiveCount": 5},
            tags=[
                CfnTag(key="Environment", value=settings.environment),
                CfnTag(key="Project", value="lenie"),
            ],
        )
        documents_queue.add_metadata(
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

        # components.sqs-documents.resources.documents
        sqs.CfnQueuePolicy(
            self,
            "DocumentsQueuePolicy",
            queues=[documents_queue.ref],
            policy_document={
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Sid": "DenyInsecureTransport",
                        "Effect": "Deny",
                        "Principal": {"AWS": "*"},
                        "Action": "sqs:*",
                        "Resource": documents_queue.attr_arn,
                        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
                    },
                ],
            },
        )

        # components.sqs-documents.resources.documents.publish
        ssm.CfnParameter(
            self,
            "DocumentsUrlParameter",
            name=self.sqs_documents_url_parameter,
            type="String",
            value=documents_queue.ref,
            description="url of documents (queue)",
            tags={"Project": "lenie", "Environment": settings.environment},
        )

        # components.sqs-documents.resources.documents.publish
        ssm.CfnParameter(
            self,
            "DocumentsNameParameter",
            name=f"/lenie/{settings.environment}/sqs/documents/name",
            type="String",
            value=documents_queue.attr_queue_name,
            description="name of documents (queue)",
            tags={"Project": "lenie", "Environment": settings.environment},
        )

        # components.sqs-documents.resources.documents
        ssm.CfnParameter(
            self,
            "DocumentsArnParameter",
            name=self.sqs_documents_arn_parameter,
            type="String",
            value=documents_queue.attr_arn,
            description="arn of documents (queue)",
            tags={"Project": "lenie", "Environment": settings.environment},
        )

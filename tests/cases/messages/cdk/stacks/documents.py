"""Component documents.

Written by lenie-compile from the spec: do not edit. Comments name the place in the spec.
"""

from __future__ import annotations

from dataclasses import dataclass

from aws_cdk import Aws, CfnTag, Fn
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from component import ComponentStack
from settings import Settings


@dataclass(frozen=True, kw_only=True)
class DocumentsProps:
    """Names of the SSM parameters that the stack reads, and other stacks publish."""

    sqs_problems_arn_parameter: str


class DocumentsStack(ComponentStack):
    """Component documents (layer application).

    There is one for each environment.
    """

    def __init__(self, scope: Construct, settings: Settings, props: DocumentsProps) -> None:
        super().__init__(
            scope,
            f"demo-{settings.environment}-documents",
            description=f"documents (application): the stack of {settings.environment}",
            termination_protection=settings.production,
        )

        sqs_problems_arn = self.ssm_value(
            "SqsProblemsArn",
            props.sqs_problems_arn_parameter,
            "SSM parameter sqs/problems/arn, published by component errors",
        )

        # components.documents.resources.documents
        documents_queue = sqs.CfnQueue(
            self,
            "DocumentsQueue",
            queue_name=f"demo-{settings.environment}-{settings.team}-documents",
            message_retention_period=345600,
            visibility_timeout=360,
            sqs_managed_sse_enabled=True,
            redrive_policy={"deadLetterTargetArn": sqs_problems_arn, "maxReceiveCount": 5},
            tags=[
                CfnTag(key="Environment", value=settings.environment),
                CfnTag(key="Project", value="demo"),
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

        # components.documents.resources.documents
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

        # components.documents.resources.news
        news_topic = sns.CfnTopic(
            self,
            "NewsTopic",
            topic_name=f"demo-{settings.environment}-news",
            kms_master_key_id="alias/aws/sns",
            tags=[
                CfnTag(key="Environment", value=settings.environment),
                CfnTag(key="Project", value="demo"),
            ],
        )

        # components.documents.resources.news
        sns.CfnTopicPolicy(
            self,
            "NewsTopicPolicy",
            topics=[news_topic.ref],
            policy_document={
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Sid": "DenyInsecureTransport",
                        "Effect": "Deny",
                        "Principal": {"AWS": "*"},
                        "Action": "sns:Publish",
                        "Resource": news_topic.ref,
                        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
                    },
                    {
                        "Sid": "AlarmsOfThisAccount",
                        "Effect": "Allow",
                        "Principal": {"Service": "cloudwatch.amazonaws.com"},
                        "Action": "sns:Publish",
                        "Resource": news_topic.ref,
                        "Condition": {
                            "StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID},
                            "ArnLike": {
                                "aws:SourceArn": Fn.sub(
                                    "arn:${AWS::Partition}:cloudwatch:${AWS::Region}:${AWS::"
                                    "AccountId}:alarm:*",
                                ),
                            },
                        },
                    },
                ],
            },
        )

        # components.documents.resources.news.email
        sns.CfnSubscription(
            self,
            "NewsAlertEmails1Subscription",
            topic_arn=news_topic.ref,
            protocol="email",
            endpoint=settings.alert_emails[0],
        )

        # components.documents.resources.news.email
        sns.CfnSubscription(
            self,
            "NewsAlertEmails2Subscription",
            topic_arn=news_topic.ref,
            protocol="email",
            endpoint=settings.alert_emails[1],
        )

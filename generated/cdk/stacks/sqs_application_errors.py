"""Component sqs-application-errors.

Written by lenie-compile from the spec: do not edit. Comments name the place in the spec.
"""

from __future__ import annotations

from aws_cdk import Aws, CfnTag, Fn
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs
from aws_cdk import aws_ssm as ssm
from constructs import Construct

from component import ComponentStack
from settings import Settings


class SqsApplicationErrorsStack(ComponentStack):
    """Component sqs-application-errors (layer storage).

    There is one for each environment.
    """

    def __init__(self, scope: Construct, settings: Settings) -> None:
        super().__init__(
            scope,
            f"lenie-{settings.environment}-sqs-application-errors",
            description=f"sqs-application-errors (storage): the stack of {settings.environment}",
            termination_protection=settings.production,
        )

        # Names of the SSM parameters that other stacks read.
        self.sqs_problems_dlq_url_parameter = f"/lenie/{settings.environment}/sqs/problems-dlq/url"
        self.sqs_problems_dlq_arn_parameter = f"/lenie/{settings.environment}/sqs/problems-dlq/arn"
        self.sqs_problems_dlq_name_parameter = (
            f"/lenie/{settings.environment}/sqs/problems-dlq/name"
        )
        self.sns_problems_arn_parameter = f"/lenie/{settings.environment}/sns/problems/arn"

        # components.sqs-application-errors.resources.problems-dlq
        problems_dlq_queue = sqs.CfnQueue(
            self,
            "ProblemsDlqQueue",
            queue_name=f"lenie-{settings.environment}-problems-dlq",
            message_retention_period=1209600,
            visibility_timeout=30,
            sqs_managed_sse_enabled=True,
            tags=[
                CfnTag(key="Environment", value=settings.environment),
                CfnTag(key="Project", value="lenie"),
            ],
        )
        problems_dlq_queue.add_metadata(
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

        # components.sqs-application-errors.resources.problems-dlq
        sqs.CfnQueuePolicy(
            self,
            "ProblemsDlqQueuePolicy",
            queues=[problems_dlq_queue.ref],
            policy_document={
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Sid": "DenyInsecureTransport",
                        "Effect": "Deny",
                        "Principal": {"AWS": "*"},
                        "Action": "sqs:*",
                        "Resource": problems_dlq_queue.attr_arn,
                        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
                    },
                ],
            },
        )

        # components.sqs-application-errors.resources.problems
        problems_topic = sns.CfnTopic(
            self,
            "ProblemsTopic",
            topic_name=f"lenie-{settings.environment}-problems",
            tags=[
                CfnTag(key="Environment", value=settings.environment),
                CfnTag(key="Project", value="lenie"),
            ],
        )
        problems_topic.add_metadata(
            "checkov",
            {
                "skip": [
                    {
                        "id": "CKV_AWS_26",
                        "comment": (
                            "CloudWatch alarms cannot publish to a topic that is encrypted with "
                            "the key aws/sns, and a customer key costs 1 USD a month"
                        ),
                    },
                ],
            },
        )

        # components.sqs-application-errors.resources.problems
        sns.CfnTopicPolicy(
            self,
            "ProblemsTopicPolicy",
            topics=[problems_topic.ref],
            policy_document={
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Sid": "DenyInsecureTransport",
                        "Effect": "Deny",
                        "Principal": {"AWS": "*"},
                        "Action": "sns:Publish",
                        "Resource": problems_topic.ref,
                        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
                    },
                    {
                        "Sid": "AlarmsOfThisAccount",
                        "Effect": "Allow",
                        "Principal": {"Service": "cloudwatch.amazonaws.com"},
                        "Action": "sns:Publish",
                        "Resource": problems_topic.ref,
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

        # components.sqs-application-errors.resources.problems.email
        sns.CfnSubscription(
            self,
            "ProblemsAlertEmailSubscription",
            topic_arn=problems_topic.ref,
            protocol="email",
            endpoint=settings.alert_email,
        )

        # components.sqs-application-errors.resources.problems-dlq
        ssm.CfnParameter(
            self,
            "ProblemsDlqUrlParameter",
            name=self.sqs_problems_dlq_url_parameter,
            type="String",
            value=problems_dlq_queue.ref,
            description="url of problems-dlq (queue)",
            tags={"Project": "lenie", "Environment": settings.environment},
        )

        # components.sqs-application-errors.resources.problems-dlq
        ssm.CfnParameter(
            self,
            "ProblemsDlqArnParameter",
            name=self.sqs_problems_dlq_arn_parameter,
            type="String",
            value=problems_dlq_queue.attr_arn,
            description="arn of problems-dlq (queue)",
            tags={"Project": "lenie", "Environment": settings.environment},
        )

        # components.sqs-application-errors.resources.problems-dlq
        ssm.CfnParameter(
            self,
            "ProblemsDlqNameParameter",
            name=self.sqs_problems_dlq_name_parameter,
            type="String",
            value=problems_dlq_queue.attr_queue_name,
            description="name of problems-dlq (queue)",
            tags={"Project": "lenie", "Environment": settings.environment},
        )

        # components.sqs-application-errors.resources.problems
        ssm.CfnParameter(
            self,
            "ProblemsArnParameter",
            name=self.sns_problems_arn_parameter,
            type="String",
            value=problems_topic.ref,
            description="arn of problems (topic)",
            tags={"Project": "lenie", "Environment": settings.environment},
        )

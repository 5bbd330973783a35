"""Component monitoring.

Written by lenie-compile from the spec: do not edit. Comments name the place in the spec.
"""

from __future__ import annotations

from dataclasses import dataclass

from aws_cdk import CfnTag
from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

from component import ComponentStack
from settings import Settings


@dataclass(frozen=True, kw_only=True)
class MonitoringProps:
    """Names of the SSM parameters that the stack reads, and other stacks publish."""

    workflow_sqs_to_rds_arn_parameter: str
    sns_problems_arn_parameter: str
    sqs_problems_dlq_name_parameter: str
    lambda_sqs_into_rds_name_parameter: str


class MonitoringStack(ComponentStack):
    """Component monitoring (layer orchestration).

    There is one for each environment.
    """

    def __init__(self, scope: Construct, settings: Settings, props: MonitoringProps) -> None:
        super().__init__(
            scope,
            f"lenie-{settings.environment}-monitoring",
            description=f"monitoring (orchestration): the stack of {settings.environment}",
            termination_protection=settings.production,
        )

        workflow_sqs_to_rds_arn = self.ssm_value(
            "WorkflowSqsToRdsArn",
            props.workflow_sqs_to_rds_arn_parameter,
            (
                "SSM parameter workflow/sqs-to-rds/arn, published by component "
                "sqs-to-rds-step-function"
            ),
        )
        sns_problems_arn = self.ssm_value(
            "SnsProblemsArn",
            props.sns_problems_arn_parameter,
            "SSM parameter sns/problems/arn, published by component sqs-application-errors",
        )
        sqs_problems_dlq_name = self.ssm_value(
            "SqsProblemsDlqName",
            props.sqs_problems_dlq_name_parameter,
            "SSM parameter sqs/problems-dlq/name, published by component sqs-application-errors",
        )
        lambda_sqs_into_rds_name = self.ssm_value(
            "LambdaSqsIntoRdsName",
            props.lambda_sqs_into_rds_name_parameter,
            "SSM parameter lambda/sqs-into-rds/name, published by component sqs-to-rds-lambda",
        )

        # components.monitoring.resources.synchronisation-failed.when[0]
        cloudwatch.CfnAlarm(
            self,
            "SynchronisationFailedFailedAlarm",
            alarm_name=f"lenie-{settings.environment}-synchronisation-failed-failed",
            alarm_description="sqs-to-rds: an execution failed",
            namespace="AWS/States",
            metric_name="ExecutionsFailed",
            dimensions=[
                cloudwatch.CfnAlarm.DimensionProperty(
                    name="StateMachineArn",
                    value=workflow_sqs_to_rds_arn,
                ),
            ],
            statistic="Sum",
            period=300,
            evaluation_periods=1,
            comparison_operator="GreaterThanThreshold",
            threshold=0,
            treat_missing_data="notBreaching",
            alarm_actions=[sns_problems_arn],
            tags=[
                CfnTag(key="Environment", value=settings.environment),
                CfnTag(key="Project", value="lenie"),
            ],
        )

        # components.monitoring.resources.synchronisation-failed.when[1]
        cloudwatch.CfnAlarm(
            self,
            "SynchronisationFailedTimedOutAlarm",
            alarm_name=f"lenie-{settings.environment}-synchronisation-failed-timed-out",
            alarm_description="sqs-to-rds: an execution took too long",
            namespace="AWS/States",
            metric_name="ExecutionsTimedOut",
            dimensions=[
                cloudwatch.CfnAlarm.DimensionProperty(
                    name="StateMachineArn",
                    value=workflow_sqs_to_rds_arn,
                ),
            ],
            statistic="Sum",
            period=300,
            evaluation_periods=1,
            comparison_operator="GreaterThanThreshold",
            threshold=0,
            treat_missing_data="notBreaching",
            alarm_actions=[sns_problems_arn],
            tags=[
                CfnTag(key="Environment", value=settings.environment),
                CfnTag(key="Project", value="lenie"),
            ],
        )

        # components.monitoring.resources.synchronisation-failed.when[2]
        cloudwatch.CfnAlarm(
            self,
            "SynchronisationFailedAbortedAlarm",
            alarm_name=f"lenie-{settings.environment}-synchronisation-failed-aborted",
            alarm_description="sqs-to-rds: an execution was aborted",
            namespace="AWS/States",
            metric_name="ExecutionsAborted",
            dimensions=[
                cloudwatch.CfnAlarm.DimensionProperty(
                    name="StateMachineArn",
                    value=workflow_sqs_to_rds_arn,
                ),
            ],
            statistic="Sum",
            period=300,
            evaluation_periods=1,
            comparison_operator="GreaterThanThreshold",
            threshold=0,
            treat_missing_data="notBreaching",
            alarm_actions=[sns_problems_arn],
            tags=[
                CfnTag(key="Environment", value=settings.environment),
                CfnTag(key="Project", value="lenie"),
            ],
        )

        # components.monitoring.resources.problems-waiting.when[0]
        cloudwatch.CfnAlarm(
            self,
            "ProblemsWaitingNotEmptyAlarm",
            alarm_name=f"lenie-{settings.environment}-problems-waiting-not-empty",
            alarm_description="problems-dlq: messages are waiting",
            namespace="AWS/SQS",
            metric_name="ApproximateNumberOfMessagesVisible",
            dimensions=[
                cloudwatch.CfnAlarm.DimensionProperty(
                    name="QueueName",
                    value=sqs_problems_dlq_name,
                ),
            ],
            statistic="Maximum",
            period=300,
            evaluation_periods=1,
            comparison_operator="GreaterThanThreshold",
            threshold=0,
            treat_missing_data="notBreaching",
            alarm_actions=[sns_problems_arn],
            tags=[
                CfnTag(key="Environment", value=settings.environment),
                CfnTag(key="Project", value="lenie"),
            ],
        )

        # components.monitoring.resources.insertion-failed.when[0]
        cloudwatch.CfnAlarm(
            self,
            "InsertionFailedErrorsAlarm",
            alarm_name=f"lenie-{settings.environment}-insertion-failed-errors",
            alarm_description="sqs-into-rds: a call ended in an error",
            namespace="AWS/Lambda",
            metric_name="Errors",
            dimensions=[
                cloudwatch.CfnAlarm.DimensionProperty(
                    name="FunctionName",
                    value=lambda_sqs_into_rds_name,
                ),
            ],
            statistic="Sum",
            period=300,
            evaluation_periods=1,
            comparison_operator="GreaterThanThreshold",
            threshold=0,
            treat_missing_data="notBreaching",
            alarm_actions=[sns_problems_arn],
            tags=[
                CfnTag(key="Environment", value=settings.environment),
                CfnTag(key="Project", value="lenie"),
            ],
        )

"""Component sqs-to-rds-step-function.

Written by lenie-compile from the spec: do not edit. Comments name the place in the spec.
"""

from __future__ import annotations

from dataclasses import dataclass

from aws_cdk import Aws, CfnTag, Fn
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from aws_cdk import aws_scheduler as scheduler
from aws_cdk import aws_ssm as ssm
from aws_cdk import aws_stepfunctions as stepfunctions
from constructs import Construct

from component import ComponentStack
from settings import Settings

SQS_TO_RDS_STATE_MACHINE_DEFINITION_STRING = """\
{
  "QueryLanguage": "JSONata",
  "StartAt": "ReadInput",
  "Comment": "Moves the queued documents into PostgreSQL, in batches, when the database runs",
  "TimeoutSeconds": 21600,
  "States": {
    "ReadInput": {
      "Type": "Pass",
      "Assign": {
        "queue": "{% $states.input.QueueUrl %}",
        "database": "{% $states.input.DbInstanceIdentifier %}",
        "stopAtEnd": "{% $states.input.StopDatabase = 'yes' %}",
        "started": "{% $states.input.Started = true %}",
        "ready": false,
        "failure": "",
        "polls": 0,
        "rounds": 0
      },
      "Next": "CountMessages"
    },
    "CountMessages": {
      "Type": "Task",
      "Resource": "arn:${AWS::Partition}:states:::aws-sdk:sqs:getQueueAttributes",
      "Arguments": {
        "QueueUrl": "{% $queue %}",
        "AttributeNames": ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
      },
      "Assign": {
        "messages": "{% $sum($states.result.Attributes.*.$number()) %}",
        "rounds": "{% $rounds + 1 %}"
      },
      "Next": "AnyMessages",
      "Retry": [
        {
          "ErrorEquals": ["States.TaskFailed"],
          "IntervalSeconds": 2,
          "MaxAttempts": 3,
          "BackoffRate": 2,
          "JitterStrategy": "FULL"
        }
      ],
      "Catch": [
        {
          "ErrorEquals": ["States.ALL"],
          "Assign": {
            "failure": "{% $substring($states.errorOutput.Error & ': ' & $states.errorOutput.Cause,\
 0, 8000) %}"
          },
          "Next": "MustStop"
        }
      ]
    },
    "AnyMessages": {
      "Type": "Choice",
      "Choices": [
        {"Condition": "{% $messages = 0 %}", "Next": "MustStop"},
        {
          "Condition": "{% $rounds > 80 or $millis() -\
 $toMillis($states.context.Execution.StartTime) > 10800000 %}",
          "Next": "ContinueAnew"
        },
        {"Condition": "{% $ready %}", "Next": "ReceiveMessages"}
      ],
      "Default": "ReadDatabaseStatus"
    },
    "ContinueAnew": {
      "Type": "Task",
      "Resource": "arn:${AWS::Partition}:states:::states:startExecution",
      "Arguments": {
        "StateMachineArn": "{% $states.context.StateMachine.Id %}",
        "Input": {
          "QueueUrl": "{% $queue %}",
          "DbInstanceIdentifier": "{% $database %}",
          "StopDatabase": "{% $stopAtEnd ? 'yes' : 'no' %}",
          "Started": "{% $started %}"
        }
      },
      "Next": "Done",
      "Retry": [
        {
          "ErrorEquals": ["States.TaskFailed"],
          "IntervalSeconds": 2,
          "MaxAttempts": 3,
          "BackoffRate": 2,
          "JitterStrategy": "FULL"
        }
      ],
      "Catch": [
        {
          "ErrorEquals": ["States.ALL"],
          "Assign": {
            "failure": "{% $substring($states.errorOutput.Error & ': ' & $states.errorOutput.Cause,\
 0, 8000) %}"
          },
          "Next": "MustStop"
        }
      ]
    },
    "ReadDatabaseStatus": {
      "Type": "Task",
      "Resource": "arn:${AWS::Partition}:states:::aws-sdk:rds:describeDBInstances",
      "Arguments": {"DbInstanceIdentifier": "{% $database %}"},
      "Assign": {
        "status": "{% $states.result.DbInstances[0].DbInstanceStatus %}",
        "polls": "{% $polls + 1 %}"
      },
      "Next": "DatabaseReady",
      "Retry": [
        {
          "ErrorEquals": ["States.TaskFailed"],
          "IntervalSeconds": 2,
          "MaxAttempts": 3,
          "BackoffRate": 2,
          "JitterStrategy": "FULL"
        }
      ],
      "Catch": [
        {
          "ErrorEquals": ["States.ALL"],
          "Assign": {
            "failure": "{% $substring($states.errorOutput.Error & ': ' & $states.errorOutput.Cause,\
 0, 8000) %}"
          },
          "Next": "MustStop"
        }
      ]
    },
    "DatabaseReady": {
      "Type": "Choice",
      "Choices": [
        {
          "Condition": "{% $status = 'available' %}",
          "Assign": {"ready": true},
          "Next": "ReceiveMessages"
        },
        {
          "Condition": "{% $polls > 30 %}",
          "Assign": {"failure": "{% 'The database does not become available: ' & $status %}"},
          "Next": "MustStop"
        },
        {"Condition": "{% $status = 'stopped' %}", "Next": "StartDatabase"},
        {
          "Condition": "{% $status in ['starting', 'backing-up', 'configuring-enhanced-monitoring']\
 %}",
          "Next": "Wait60"
        },
        {"Condition": "{% $status = 'stopping' %}", "Next": "Wait120"}
      ],
      "Default": "UnexpectedStatus"
    },
    "UnexpectedStatus": {
      "Type": "Pass",
      "Assign": {"failure": "{% 'Unexpected database status: ' & $status %}"},
      "Next": "MustStop"
    },
    "StartDatabase": {
      "Type": "Task",
      "Resource": "arn:${AWS::Partition}:states:::aws-sdk:rds:startDBInstance",
      "Arguments": {"DbInstanceIdentifier": "{% $database %}"},
      "Assign": {"started": true},
      "Next": "Wait300",
      "Retry": [
        {
          "ErrorEquals": ["States.TaskFailed"],
          "IntervalSeconds": 2,
          "MaxAttempts": 3,
          "BackoffRate": 2,
          "JitterStrategy": "FULL"
        }
      ],
      "Catch": [
        {
          "ErrorEquals": ["States.ALL"],
          "Assign": {
            "failure": "{% $substring($states.errorOutput.Error & ': ' & $states.errorOutput.Cause,\
 0, 8000) %}"
          },
          "Next": "MustStop"
        }
      ]
    },
    "Wait300": {"Type": "Wait", "Seconds": 300, "Next": "ReadDatabaseStatus"},
    "Wait120": {"Type": "Wait", "Seconds": 120, "Next": "ReadDatabaseStatus"},
    "Wait60": {"Type": "Wait", "Seconds": 60, "Next": "ReadDatabaseStatus"},
    "ReceiveMessages": {
      "Type": "Task",
      "Resource": "arn:${AWS::Partition}:states:::aws-sdk:sqs:receiveMessage",
      "Arguments": {"QueueUrl": "{% $queue %}", "MaxNumberOfMessages": 10, "WaitTimeSeconds": 20},
      "Output": {"Messages": "{% [$states.result.Messages] %}"},
      "Next": "EachMessage",
      "Retry": [
        {
          "ErrorEquals": ["States.TaskFailed"],
          "IntervalSeconds": 2,
          "MaxAttempts": 3,
          "BackoffRate": 2,
          "JitterStrategy": "FULL"
        }
      ],
      "Catch": [
        {
          "ErrorEquals": ["States.ALL"],
          "Assign": {
            "failure": "{% $substring($states.errorOutput.Error & ': ' & $states.errorOutput.Cause,\
 0, 8000) %}"
          },
          "Next": "MustStop"
        }
      ]
    },
    "EachMessage": {
      "Type": "Map",
      "Items": "{% $states.input.Messages %}",
      "MaxConcurrency": 10,
      "ItemProcessor": {
        "ProcessorConfig": {"Mode": "INLINE"},
        "StartAt": "InsertDocument",
        "States": {
          "InsertDocument": {
            "Type": "Task",
            "Resource": "arn:${AWS::Partition}:states:::lambda:invoke",
            "Arguments": {"FunctionName": "${LambdaSqsIntoRdsArn}", "Payload": "{% $states.input\
 %}"},
            "Output": "{% $states.input %}",
            "Retry": [
              {
                "ErrorEquals": [
                  "Lambda.ServiceException",
                  "Lambda.AWSLambdaException",
                  "Lambda.SdkClientException",
                  "Lambda.TooManyRequestsException"
                ],
                "IntervalSeconds": 2,
                "MaxAttempts": 3,
                "BackoffRate": 2,
                "JitterStrategy": "FULL"
              }
            ],
            "Catch": [
              {"ErrorEquals": ["DatabaseUnavailable"], "Next": "LeftInQueue"},
              {
                "ErrorEquals": ["States.ALL"],
                "Output": "{% $merge([$states.input, {'Failure': $states.errorOutput}]) %}",
                "Next": "SetAside"
              }
            ],
            "Next": "DeleteMessage"
          },
          "SetAside": {
            "Type": "Task",
            "Resource": "arn:${AWS::Partition}:states:::sqs:sendMessage",
            "Arguments": {
              "QueueUrl": "${SqsProblemsDlqUrl}",
              "MessageBody": {"Message": "{% $states.input.Body %}", "Failure": "{%\
 $states.input.Failure %}"}
            },
            "Output": "{% $states.input %}",
            "Retry": [
              {
                "ErrorEquals": ["States.TaskFailed"],
                "IntervalSeconds": 2,
                "MaxAttempts": 3,
                "BackoffRate": 2,
                "JitterStrategy": "FULL"
              }
            ],
            "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "LeftInQueue"}],
            "Next": "DeleteMessage"
          },
          "DeleteMessage": {
            "Type": "Task",
            "Resource": "arn:${AWS::Partition}:states:::aws-sdk:sqs:deleteMessage",
            "Arguments": {"QueueUrl": "{% $queue %}", "ReceiptHandle": "{%\
 $states.input.ReceiptHandle %}"},
            "Output": {},
            "Retry": [
              {
                "ErrorEquals": ["States.TaskFailed"],
                "IntervalSeconds": 2,
                "MaxAttempts": 3,
                "BackoffRate": 2,
                "JitterStrategy": "FULL"
              }
            ],
            "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "LeftInQueue"}],
            "End": true
          },
          "LeftInQueue": {"Type": "Pass", "Output": {"Left": true}, "End": true}
        }
      },
      "Assign": {"ready": "{% $count($states.result[Left = true]) = 0 %}"},
      "Output": {},
      "Next": "CountMessages",
      "Catch": [
        {
          "ErrorEquals": ["States.ALL"],
          "Assign": {
            "failure": "{% $substring($states.errorOutput.Error & ': ' & $states.errorOutput.Cause,\
 0, 8000) %}"
          },
          "Next": "MustStop"
        }
      ]
    },
    "MustStop": {
      "Type": "Choice",
      "Choices": [
        {
          "Condition": "{% $stopAtEnd and ($failure = '' or $started) %}",
          "Next": "ReadFinalStatus"
        }
      ],
      "Default": "Outcome"
    },
    "ReadFinalStatus": {
      "Type": "Task",
      "Resource": "arn:${AWS::Partition}:states:::aws-sdk:rds:describeDBInstances",
      "Arguments": {"DbInstanceIdentifier": "{% $database %}"},
      "Assign": {"status": "{% $states.result.DbInstances[0].DbInstanceStatus %}"},
      "Catch": [
        {
          "ErrorEquals": ["States.ALL"],
          "Assign": {"failure": "{% $failure & ' ' & $states.errorOutput.Error %}"},
          "Next": "Outcome"
        }
      ],
      "Next": "RunsAtEnd",
      "Retry": [
        {
          "ErrorEquals": ["States.TaskFailed"],
          "IntervalSeconds": 2,
          "MaxAttempts": 3,
          "BackoffRate": 2,
          "JitterStrategy": "FULL"
        }
      ]
    },
    "RunsAtEnd": {
      "Type": "Choice",
      "Choices": [
        {
          "Condition": "{% $status = 'available' or ($started and $not($status in ['stopped',\
 'stopping'])) %}",
          "Next": "StopDatabase"
        }
      ],
      "Default": "Outcome"
    },
    "StopDatabase": {
      "Type": "Task",
      "Resource": "arn:${AWS::Partition}:states:::aws-sdk:rds:stopDBInstance",
      "Arguments": {"DbInstanceIdentifier": "{% $database %}"},
      "Retry": [
        {
          "ErrorEquals": ["States.TaskFailed"],
          "IntervalSeconds": 60,
          "MaxAttempts": 20,
          "BackoffRate": 1
        }
      ],
      "Catch": [
        {
          "ErrorEquals": ["States.ALL"],
          "Assign": {"failure": "{% $failure & ' The database still runs: ' &\
 $states.errorOutput.Error %}"},
          "Next": "Outcome"
        }
      ],
      "Next": "Outcome"
    },
    "Outcome": {
      "Type": "Choice",
      "Choices": [{"Condition": "{% $failure = '' %}", "Next": "Done"}],
      "Default": "Failed"
    },
    "Done": {"Type": "Succeed"},
    "Failed": {"Type": "Fail", "Error": "Lenie.SynchronisationFailed", "Cause": "{% $failure %}"}
  }
}"""


@dataclass(frozen=True, kw_only=True)
class SqsToRdsStepFunctionProps:
    """Names of the SSM parameters that the stack reads, and other stacks publish."""

    sqs_documents_arn_parameter: str
    sqs_problems_dlq_arn_parameter: str
    database_arn_parameter: str
    lambda_sqs_into_rds_arn_parameter: str
    sqs_problems_dlq_url_parameter: str
    sqs_documents_url_parameter: str
    database_id_parameter: str


class SqsToRdsStepFunctionStack(ComponentStack):
    """Component sqs-to-rds-step-function (layer orchestration).

    There is one for each environment.
    """

    def __init__(
        self, scope: Construct, settings: Settings, props: SqsToRdsStepFunctionProps
    ) -> None:
        super().__init__(
            scope,
            f"lenie-{settings.environment}-sqs-to-rds-step-function",
            description=(
                f"sqs-to-rds-step-function (orchestration): the stack of {settings.environment}"
            ),
            termination_protection=settings.production,
        )

        # Names of the SSM parameters that other stacks read.
        self.workflow_sqs_to_rds_arn_parameter = (
            f"/lenie/{settings.environment}/workflow/sqs-to-rds/arn"
        )

        sqs_documents_arn = self.ssm_value(
            "SqsDocumentsArn",
            props.sqs_documents_arn_parameter,
            "SSM parameter sqs/documents/arn, published by component sqs-documents",
        )
        sqs_problems_dlq_arn = self.ssm_value(
            "SqsProblemsDlqArn",
            props.sqs_problems_dlq_arn_parameter,
            "SSM parameter sqs/problems-dlq/arn, published by component sqs-application-errors",
        )
        database_arn = self.ssm_value(
            "DatabaseArn",
            props.database_arn_parameter,
            "SSM parameter database/arn, published by component rds",
        )
        lambda_sqs_into_rds_arn = self.ssm_value(
            "LambdaSqsIntoRdsArn",
            props.lambda_sqs_into_rds_arn_parameter,
            "SSM parameter lambda/sqs-into-rds/arn, published by component sqs-to-rds-lambda",
        )
        self.ssm_value(
            "SqsProblemsDlqUrl",
            props.sqs_problems_dlq_url_parameter,
            "SSM parameter sqs/problems-dlq/url, published by component sqs-application-errors",
        )
        self.ssm_value(
            "SqsDocumentsUrl",
            props.sqs_documents_url_parameter,
            "SSM parameter sqs/documents/url, published by component sqs-documents",
        )
        self.ssm_value(
            "DatabaseId",
            props.database_id_parameter,
            "SSM parameter database/id, published by component rds",
        )

        # components.sqs-to-rds-step-function.resources.sqs-to-rds
        sqs_to_rds_log_group = logs.CfnLogGroup(
            self,
            "SqsToRdsLogGroup",
            log_group_name=f"/aws/vendedlogs/states/lenie-{settings.environment}-sqs-to-rds",
            retention_in_days=14,
            tags=[
                CfnTag(key="Environment", value=settings.environment),
                CfnTag(key="Project", value="lenie"),
            ],
        )
        sqs_to_rds_log_group.add_metadata(
            "checkov",
            {
                "skip": [
                    {
                        "id": "CKV_AWS_158",
                        "comment": (
                            "CloudWatch encrypts logs with a key of its own; a customer key "
                            "costs 1 USD a month"
                        ),
                    },
                ],
            },
        )

        # components.sqs-to-rds-step-function.resources.sqs-to-rds
        sqs_to_rds_role = iam.CfnRole(
            self,
            "SqsToRdsRole",
            role_name=f"lenie-{settings.environment}-sqs-to-rds-role",
            assume_role_policy_document={
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Principal": {"Service": "states.amazonaws.com"},
                        "Action": "sts:AssumeRole",
                        "Condition": {"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}},
                    },
                ],
            },
            policies=[
                iam.CfnRole.PolicyProperty(
                    policy_name="access",
                    policy_document={
                        "Version": "2012-10-17",
                        "Statement": [
                            {
                                "Sid": "Documents",
                                "Effect": "Allow",
                                "Action": [
                                    "sqs:DeleteMessage",
                                    "sqs:GetQueueAttributes",
                                    "sqs:ReceiveMessage",
                                ],
                                "Resource": sqs_documents_arn,
                            },
                            {
                                "Sid": "ProblemsDlq",
                                "Effect": "Allow",
                                "Action": "sqs:SendMessage",
                                "Resource": sqs_problems_dlq_arn,
                            },
                            {
                                "Sid": "Database",
                                "Effect": "Allow",
                                "Action": [
                                    "rds:DescribeDBInstances",
                                    "rds:StartDBInstance",
                                    "rds:StopDBInstance",
                                ],
                                "Resource": database_arn,
                            },
                            {
                                "Sid": "SqsIntoRds",
                                "Effect": "Allow",
                                "Action": "lambda:InvokeFunction",
                                "Resource": lambda_sqs_into_rds_arn,
                            },
                            {
                                "Sid": "SqsToRds",
                                "Effect": "Allow",
                                "Action": "states:StartExecution",
                                "Resource": Fn.sub(
                                    "arn:${AWS::Partition}:states:${AWS::Region}:${AWS::Acco"
                                    f"untId}}:stateMachine:lenie-{settings.environment}-sqs-to-rds",
                                ),
                            },
                            {
                                "Sid": "DeliverLogs",
                                "Effect": "Allow",
                                "Action": [
                                    "logs:CreateLogDelivery",
                                    "logs:DeleteLogDelivery",
                                    "logs:DescribeLogGroups",
                                    "logs:DescribeResourcePolicies",
                                    "logs:GetLogDelivery",
                                    "logs:ListLogDeliveries",
                                    "logs:PutResourcePolicy",
                                    "logs:UpdateLogDelivery",
                                ],
                                "Resource": "*",
                            },
                            {
                                "Sid": "WriteTraces",
                                "Effect": "Allow",
                                "Action": [
                                    "xray:GetSamplingRules",
                                    "xray:GetSamplingTargets",
                                    "xray:PutTelemetryRecords",
                                    "xray:PutTraceSegments",
                                ],
                                "Resource": "*",
                            },
                        ],
                    },
                ),
            ],
            tags=[
                CfnTag(key="Environment", value=settings.environment),
                CfnTag(key="Project", value="lenie"),
            ],
        )

        # components.sqs-to-rds-step-function.resources.sqs-to-rds
        sqs_to_rds_state_machine = stepfunctions.CfnStateMachine(
            self,
            "SqsToRdsStateMachine",
            state_machine_name=f"lenie-{settings.environment}-sqs-to-rds",
            state_machine_type="STANDARD",
            definition_string=Fn.sub(SQS_TO_RDS_STATE_MACHINE_DEFINITION_STRING),
            role_arn=sqs_to_rds_role.attr_arn,
            logging_configuration=stepfunctions.CfnStateMachine.LoggingConfigurationProperty(
                level="ERROR",
                include_execution_data=False,
                destinations=[
                    stepfunctions.CfnStateMachine.LogDestinationProperty(
                        cloud_watch_logs_log_group=(
                            stepfunctions.CfnStateMachine.CloudWatchLogsLogGroupProperty(
                                log_group_arn=sqs_to_rds_log_group.attr_arn,
                            )
                        ),
                    ),
                ],
            ),
            tracing_configuration=stepfunctions.CfnStateMachine.TracingConfigurationProperty(
                enabled=True,
            ),
            tags=[
                stepfunctions.CfnStateMachine.TagsEntryProperty(
                    key="Environment",
                    value=settings.environment,
                ),
                stepfunctions.CfnStateMachine.TagsEntryProperty(key="Project", value="lenie"),
            ],
        )

        # components.sqs-to-rds-step-function.resources.nightly
        nightly_role = iam.CfnRole(
            self,
            "NightlyRole",
            role_name=f"lenie-{settings.environment}-nightly-role",
            assume_role_policy_document={
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Principal": {"Service": "scheduler.amazonaws.com"},
                        "Action": "sts:AssumeRole",
                        "Condition": {"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}},
                    },
                ],
            },
            policies=[
                iam.CfnRole.PolicyProperty(
                    policy_name="access",
                    policy_document={
                        "Version": "2012-10-17",
                        "Statement": [
                            {
                                "Sid": "StartTarget",
                                "Effect": "Allow",
                                "Action": "states:StartExecution",
                                "Resource": sqs_to_rds_state_machine.ref,
                            },
                            {
                                "Sid": "KeepFailures",
                                "Effect": "Allow",
                                "Action": "sqs:SendMessage",
                                "Resource": sqs_problems_dlq_arn,
                            },
                        ],
                    },
                ),
            ],
            tags=[
                CfnTag(key="Environment", value=settings.environment),
                CfnTag(key="Project", value="lenie"),
            ],
        )

        # components.sqs-to-rds-step-function.resources.nightly
        scheduler.CfnSchedule(
            self,
            "NightlySchedule",
            name=f"lenie-{settings.environment}-nightly",
            state="ENABLED",
            schedule_expression="cron(0 5 * * ? *)",
            schedule_expression_timezone="Europe/Warsaw",
            flexible_time_window=scheduler.CfnSchedule.FlexibleTimeWindowProperty(mode="OFF"),
            target=scheduler.CfnSchedule.TargetProperty(
                arn=sqs_to_rds_state_machine.ref,
                role_arn=nightly_role.attr_arn,
                input=Fn.sub(
                    "{\n"
                    '  "QueueUrl": "${SqsDocumentsUrl}",\n'
                    '  "DbInstanceIdentifier": "${DatabaseId}",\n'
                    '  "StopDatabase": "yes"\n'
                    "}",
                ),
                retry_policy=scheduler.CfnSchedule.RetryPolicyProperty(
                    maximum_event_age_in_seconds=3600,
                    maximum_retry_attempts=10,
                ),
                dead_letter_config=scheduler.CfnSchedule.DeadLetterConfigProperty(
                    arn=sqs_problems_dlq_arn,
                ),
            ),
        )

        # components.sqs-to-rds-step-function.resources.sqs-to-rds
        ssm.CfnParameter(
            self,
            "SqsToRdsArnParameter",
            name=self.workflow_sqs_to_rds_arn_parameter,
            type="String",
            value=sqs_to_rds_state_machine.ref,
            description="arn of sqs-to-rds (workflow)",
            tags={"Project": "lenie", "Environment": settings.environment},
        )

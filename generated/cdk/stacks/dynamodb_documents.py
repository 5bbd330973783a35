"""Component dynamodb-documents.

Written by lenie-compile from the spec: do not edit. Comments name the place in the spec.
"""

from __future__ import annotations

from aws_cdk import CfnDeletionPolicy, CfnTag
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_ssm as ssm
from constructs import Construct

from component import ComponentStack
from settings import Settings


class DynamodbDocumentsStack(ComponentStack):
    """Component dynamodb-documents (layer storage).

    There is one for each environment.
    """

    def __init__(self, scope: Construct, settings: Settings) -> None:
        super().__init__(
            scope,
            f"lenie-{settings.environment}-dynamodb-documents",
            description=f"dynamodb-documents (storage): the stack of {settings.environment}",
            termination_protection=settings.production,
        )

        # Names of the SSM parameters that other stacks read.
        self.dynamodb_documents_table_name_parameter = (
            f"/lenie/{settings.environment}/dynamodb/documents-table/name"
        )
        self.dynamodb_documents_table_arn_parameter = (
            f"/lenie/{settings.environment}/dynamodb/documents-table/arn"
        )

        # components.dynamodb-documents.resources.documents-table
        documents_table = dynamodb.CfnTable(
            self,
            "DocumentsTable",
            table_name=f"lenie_{settings.environment}_documents",
            billing_mode="PAY_PER_REQUEST",
            attribute_definitions=[
                dynamodb.CfnTable.AttributeDefinitionProperty(
                    attribute_name="pk",
                    attribute_type="S",
                ),
                dynamodb.CfnTable.AttributeDefinitionProperty(
                    attribute_name="sk",
                    attribute_type="S",
                ),
                dynamodb.CfnTable.AttributeDefinitionProperty(
                    attribute_name="created_date",
                    attribute_type="S",
                ),
            ],
            key_schema=[
                dynamodb.CfnTable.KeySchemaProperty(attribute_name="pk", key_type="HASH"),
                dynamodb.CfnTable.KeySchemaProperty(attribute_name="sk", key_type="RANGE"),
            ],
            global_secondary_indexes=[
                dynamodb.CfnTable.GlobalSecondaryIndexProperty(
                    index_name="DateIndex",
                    key_schema=[
                        dynamodb.CfnTable.KeySchemaProperty(
                            attribute_name="created_date",
                            key_type="HASH",
                        ),
                        dynamodb.CfnTable.KeySchemaProperty(attribute_name="sk", key_type="RANGE"),
                    ],
                    projection=dynamodb.CfnTable.ProjectionProperty(projection_type="ALL"),
                ),
            ],
            point_in_time_recovery_specification=(
                dynamodb.CfnTable.PointInTimeRecoverySpecificationProperty(
                    point_in_time_recovery_enabled=settings.recovery,
                )
            ),
            sse_specification=dynamodb.CfnTable.SSESpecificationProperty(sse_enabled=True),
            tags=[
                CfnTag(key="Environment", value=settings.environment),
                CfnTag(key="Project", value="lenie"),
            ],
        )
        documents_table.cfn_options.deletion_policy = CfnDeletionPolicy.RETAIN_EXCEPT_ON_CREATE
        documents_table.cfn_options.update_replace_policy = CfnDeletionPolicy.RETAIN
        documents_table.add_metadata(
            "checkov",
            {
                "skip": [
                    {
                        "id": "CKV_AWS_119",
                        "comment": (
                            "The key aws/dynamodb encrypts it; a customer key costs 1 USD a month"
                        ),
                    },
                    {
                        "id": "CKV_AWS_28",
                        "comment": (
                            "Recovery costs by the GB: the spec says in which environments it is "
                            "worth it"
                        ),
                    },
                ],
            },
        )

        # components.dynamodb-documents.resources.documents-table
        ssm.CfnParameter(
            self,
            "DocumentsTableNameParameter",
            name=self.dynamodb_documents_table_name_parameter,
            type="String",
            value=documents_table.ref,
            description="name of documents-table (table)",
            tags={"Project": "lenie", "Environment": settings.environment},
        )

        # components.dynamodb-documents.resources.documents-table
        ssm.CfnParameter(
            self,
            "DocumentsTableArnParameter",
            name=self.dynamodb_documents_table_arn_parameter,
            type="String",
            value=documents_table.attr_arn,
            description="arn of documents-table (table)",
            tags={"Project": "lenie", "Environment": settings.environment},
        )

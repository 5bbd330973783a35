"""Component rds.

Written by lenie-compile from the spec: do not edit. Comments name the place in the spec.
"""

from __future__ import annotations

from dataclasses import dataclass

from aws_cdk import Acknowledgment, CfnDeletionPolicy, CfnTag, Fn, Validations
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_rds as rds
from aws_cdk import aws_ssm as ssm
from constructs import Construct

from component import ComponentStack
from settings import Settings


@dataclass(frozen=True, kw_only=True)
class RdsProps:
    """Names of the SSM parameters that the stack reads, and other stacks publish."""

    vpc_id_parameter: str
    security_group_app_functions_id_parameter: str
    bastion_security_group_value_parameter: str
    data_subnet_a_subnet_id_parameter: str
    data_subnet_b_subnet_id_parameter: str
    secret_rds_password_arn_parameter: str


class RdsStack(ComponentStack):
    """Component rds (layer storage).

    There is one for each environment.
    """

    def __init__(self, scope: Construct, settings: Settings, props: RdsProps) -> None:
        super().__init__(
            scope,
            f"lenie-{settings.environment}-rds",
            description=f"rds (storage): the stack of {settings.environment}",
            termination_protection=settings.production,
        )
        Validations.of(self).acknowledge(
            Acknowledgment(
                id="CloudFormation-Validate::W2501",
                reason="The parameter holds the ARN of a secret, and no secret",
            ),
        )

        # Names of the SSM parameters that other stacks read.
        self.database_id_parameter = f"/lenie/{settings.environment}/database/id"
        self.database_host_parameter = f"/lenie/{settings.environment}/database/host"
        self.database_port_parameter = f"/lenie/{settings.environment}/database/port"
        self.database_resource_id_parameter = f"/lenie/{settings.environment}/database/resource-id"
        self.database_arn_parameter = f"/lenie/{settings.environment}/database/arn"

        vpc_id = self.ssm_value(
            "VpcId",
            props.vpc_id_parameter,
            "SSM parameter vpc-id, published by component vpc",
        )
        security_group_app_functions_id = self.ssm_value(
            "SecurityGroupAppFunctionsId",
            props.security_group_app_functions_id_parameter,
            "SSM parameter security-group/app-functions/id, published by component security-groups",
        )
        bastion_security_group_value = self.ssm_value(
            "BastionSecurityGroupValue",
            props.bastion_security_group_value_parameter,
            "SSM parameter bastion/security-group, published by component bastion",
        )
        data_subnet_a_subnet_id = self.ssm_value(
            "DataSubnetASubnetId",
            props.data_subnet_a_subnet_id_parameter,
            "SSM parameter data-subnet-a/subnet-id, published by component vpc",
        )
        data_subnet_b_subnet_id = self.ssm_value(
            "DataSubnetBSubnetId",
            props.data_subnet_b_subnet_id_parameter,
            "SSM parameter data-subnet-b/subnet-id, published by component vpc",
        )
        if not settings.rds_snapshot:
            self.ssm_value(
                "SecretRdsPasswordArn",
                props.secret_rds_password_arn_parameter,
                "SSM parameter secret/rds-password/arn, published by component secrets",
            )

        # components.rds.resources.database
        database_security_group = ec2.CfnSecurityGroup(
            self,
            "DatabaseSecurityGroup",
            group_name=f"lenie-{settings.environment}-database",
            group_description="What may connect to database",
            vpc_id=vpc_id,
            security_group_ingress=[
                ec2.CfnSecurityGroup.IngressProperty(
                    ip_protocol="tcp",
                    from_port=5432,
                    to_port=5432,
                    source_security_group_id=security_group_app_functions_id,
                    description="5432/tcp from app-functions",
                ),
                ec2.CfnSecurityGroup.IngressProperty(
                    ip_protocol="tcp",
                    from_port=5432,
                    to_port=5432,
                    source_security_group_id=bastion_security_group_value,
                    description="5432/tcp from bastion",
                ),
            ],
            security_group_egress=[
                ec2.CfnSecurityGroup.EgressProperty(
                    cidr_ip="127.0.0.1/32",
                    ip_protocol="-1",
                    description="To nowhere: it opens no connections",
                ),
            ],
            tags=[
                CfnTag(key="Environment", value=settings.environment),
                CfnTag(key="Name", value=f"lenie-{settings.environment}-database"),
                CfnTag(key="Project", value="lenie"),
            ],
        )

        # components.rds.resources.database
        database_subnet_group = rds.CfnDBSubnetGroup(
            self,
            "DatabaseSubnetGroup",
            db_subnet_group_name=f"lenie-{settings.environment}-database",
            db_subnet_group_description="Subnets of database",
            subnet_ids=[data_subnet_a_subnet_id, data_subnet_b_subnet_id],
            tags=[
                CfnTag(key="Environment", value=settings.environment),
                CfnTag(key="Project", value="lenie"),
            ],
        )

        # components.rds.resources.database
        database_parameter_group = rds.CfnDBParameterGroup(
            self,
            "DatabaseParameterGroup",
            db_parameter_group_name=f"lenie-{settings.environment}-database-postgres17",
            family="postgres17",
            description="Settings of database",
            parameters={"rds.force_ssl": "1"},
            tags=[
                CfnTag(key="Environment", value=settings.environment),
                CfnTag(key="Project", value="lenie"),
            ],
        )

        # components.rds.resources.database
        database = rds.CfnDBInstance(
            self,
            "Database",
            db_instance_identifier=f"lenie-{settings.environment}-database",
            engine="postgres",
            engine_version="17",
            engine_lifecycle_support="open-source-rds-extended-support-disabled",
            db_instance_class="db.t3.micro",
            allocated_storage="20",
            storage_type="gp3",
            storage_encrypted=None if settings.rds_snapshot else True,
            db_name=None if settings.rds_snapshot else "lenie",
            master_username=None if settings.rds_snapshot else "lenie",
            master_user_password=(
                None
                if settings.rds_snapshot
                else Fn.sub(
                    "{{resolve:secretsmanager:${SecretRdsPasswordArn}:SecretString:password}}",
                )
            ),
            db_snapshot_identifier=settings.rds_snapshot or None,
            db_subnet_group_name=database_subnet_group.ref,
            db_parameter_group_name=database_parameter_group.ref,
            vpc_security_groups=[database_security_group.attr_group_id],
            port="5432",
            multi_az=False,
            publicly_accessible=False,
            enable_iam_database_authentication=True,
            ca_certificate_identifier="rds-ca-rsa2048-g1",
            backup_retention_period=7,
            copy_tags_to_snapshot=True,
            auto_minor_version_upgrade=True,
            deletion_protection=settings.production,
            tags=[
                CfnTag(key="Environment", value=settings.environment),
                CfnTag(key="Project", value="lenie"),
            ],
        )
        database.cfn_options.deletion_policy = CfnDeletionPolicy.SNAPSHOT
        database.cfn_options.update_replace_policy = CfnDeletionPolicy.SNAPSHOT
        database.add_metadata(
            "cfn-lint",
            {
                "config": {
                    "ignore_checks": [
                        # RDS takes a recent release of a major version; the linter counts it among
                        # the old ones
                        "W3691",
                    ],
                },
            },
        )
        database.add_metadata(
            "checkov",
            {
                "skip": [
                    {
                        "id": "CKV_AWS_118",
                        "comment": "Enhanced monitoring is charged by its volume of logs",
                    },
                    {
                        "id": "CKV_AWS_157",
                        "comment": "A standby in a second zone would double the cost",
                    },
                    {
                        "id": "CKV_AWS_16",
                        "comment": (
                            "A new database is encrypted; a restored one is as its snapshot was"
                        ),
                    },
                ],
            },
        )
        Validations.of(database).acknowledge(
            Acknowledgment(
                id="CloudFormation-Validate::W1011",
                reason="The parameter holds the ARN of a secret, which is read at deployment",
            ),
        )

        # components.rds.resources.database.publish
        ssm.CfnParameter(
            self,
            "DatabaseNameParameter",
            name=f"/lenie/{settings.environment}/database/name",
            type="String",
            value="lenie",
            description="name of database",
            tags={"Project": "lenie", "Environment": settings.environment},
        )

        # components.rds.resources.database
        ssm.CfnParameter(
            self,
            "DatabaseIdParameter",
            name=self.database_id_parameter,
            type="String",
            value=database.ref,
            description="id of database",
            tags={"Project": "lenie", "Environment": settings.environment},
        )

        # components.rds.resources.database
        ssm.CfnParameter(
            self,
            "DatabaseHostParameter",
            name=self.database_host_parameter,
            type="String",
            value=database.attr_endpoint_address,
            description="host of database",
            tags={"Project": "lenie", "Environment": settings.environment},
        )

        # components.rds.resources.database
        ssm.CfnParameter(
            self,
            "DatabasePortParameter",
            name=self.database_port_parameter,
            type="String",
            value=database.attr_endpoint_port,
            description="port of database",
            tags={"Project": "lenie", "Environment": settings.environment},
        )

        # components.rds.resources.database
        ssm.CfnParameter(
            self,
            "DatabaseResourceIdParameter",
            name=self.database_resource_id_parameter,
            type="String",
            value=database.attr_dbi_resource_id,
            description="resource-id of database",
            tags={"Project": "lenie", "Environment": settings.environment},
        )

        # components.rds.resources.database
        ssm.CfnParameter(
            self,
            "DatabaseArnParameter",
            name=self.database_arn_parameter,
            type="String",
            value=database.attr_db_instance_arn,
            description="arn of database",
            tags={"Project": "lenie", "Environment": settings.environment},
        )

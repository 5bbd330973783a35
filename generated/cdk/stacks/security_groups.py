"""Component security-groups.

Written by lenie-compile from the spec: do not edit. Comments name the place in the spec.
"""

from __future__ import annotations

from dataclasses import dataclass

from aws_cdk import CfnTag
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ssm as ssm
from constructs import Construct

from component import ComponentStack
from settings import Settings


@dataclass(frozen=True, kw_only=True)
class SecurityGroupsProps:
    """Names of the SSM parameters that the stack reads, and other stacks publish."""

    vpc_id_parameter: str


class SecurityGroupsStack(ComponentStack):
    """Component security-groups (layer networking).

    There is one for each environment.
    """

    def __init__(self, scope: Construct, settings: Settings, props: SecurityGroupsProps) -> None:
        super().__init__(
            scope,
            f"lenie-{settings.environment}-security-groups",
            description=f"security-groups (networking): the stack of {settings.environment}",
            termination_protection=settings.production,
        )

        # Names of the SSM parameters that other stacks read.
        self.security_group_ssh_id_parameter = (
            f"/lenie/{settings.environment}/security-group/ssh/id"
        )
        self.security_group_app_functions_id_parameter = (
            f"/lenie/{settings.environment}/security-group/app-functions/id"
        )

        vpc_id = self.ssm_value(
            "VpcId",
            props.vpc_id_parameter,
            "SSM parameter vpc-id, published by component vpc",
        )

        # components.security-groups.resources.ssh
        ssh_security_group = ec2.CfnSecurityGroup(
            self,
            "SshSecurityGroup",
            group_name=f"lenie-{settings.environment}-ssh",
            group_description="SSH from the administrators",
            vpc_id=vpc_id,
            security_group_ingress=[
                ec2.CfnSecurityGroup.IngressProperty(
                    ip_protocol="tcp",
                    from_port=22,
                    to_port=22,
                    cidr_ip=settings.admin_cidrs[0],
                    description="22/tcp from admin-cidrs",
                ),
            ],
            security_group_egress=[
                ec2.CfnSecurityGroup.EgressProperty(
                    cidr_ip="0.0.0.0/0",
                    ip_protocol="-1",
                    description="To anywhere",
                ),
            ],
            tags=[
                CfnTag(key="Environment", value=settings.environment),
                CfnTag(key="Name", value=f"lenie-{settings.environment}-ssh"),
                CfnTag(key="Project", value="lenie"),
            ],
        )

        # components.security-groups.resources.app-functions
        app_functions_security_group = ec2.CfnSecurityGroup(
            self,
            "AppFunctionsSecurityGroup",
            group_name=f"lenie-{settings.environment}-app-functions",
            group_description="Functions inside the VPC",
            vpc_id=vpc_id,
            security_group_egress=[
                ec2.CfnSecurityGroup.EgressProperty(
                    cidr_ip="0.0.0.0/0",
                    ip_protocol="-1",
                    description="To anywhere",
                ),
            ],
            tags=[
                CfnTag(key="Environment", value=settings.environment),
                CfnTag(key="Name", value=f"lenie-{settings.environment}-app-functions"),
                CfnTag(key="Project", value="lenie"),
            ],
        )

        # components.security-groups.resources.ssh
        ssm.CfnParameter(
            self,
            "SshIdParameter",
            name=self.security_group_ssh_id_parameter,
            type="String",
            value=ssh_security_group.attr_group_id,
            description="id of ssh (security-group)",
            tags={"Project": "lenie", "Environment": settings.environment},
        )

        # components.security-groups.resources.app-functions
        ssm.CfnParameter(
            self,
            "AppFunctionsIdParameter",
            name=self.security_group_app_functions_id_parameter,
            type="String",
            value=app_functions_security_group.attr_group_id,
            description="id of app-functions (security-group)",
            tags={"Project": "lenie", "Environment": settings.environment},
        )

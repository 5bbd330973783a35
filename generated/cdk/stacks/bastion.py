"""Component bastion.

Written by lenie-compile from the spec: do not edit. Comments name the place in the spec.
"""

from __future__ import annotations

from dataclasses import dataclass

from aws_cdk import CfnTag, Fn
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ssm as ssm
from constructs import Construct

from component import ComponentStack
from settings import Settings


@dataclass(frozen=True, kw_only=True)
class BastionProps:
    """Names of the SSM parameters that the stack reads, and other stacks publish."""

    vpc_id_parameter: str
    public_subnet_a_subnet_id_parameter: str


class BastionStack(ComponentStack):
    """Component bastion (layer networking).

    There is one for each environment.
    """

    def __init__(self, scope: Construct, settings: Settings, props: BastionProps) -> None:
        super().__init__(
            scope,
            f"lenie-{settings.environment}-bastion",
            description=f"bastion (networking): the stack of {settings.environment}",
            termination_protection=settings.production,
        )

        # Names of the SSM parameters that other stacks read.
        self.bastion_security_group_value_parameter = (
            f"/lenie/{settings.environment}/bastion/security-group"
        )

        vpc_id = self.ssm_value(
            "VpcId",
            props.vpc_id_parameter,
            "SSM parameter vpc-id, published by component vpc",
        )
        al2023_ami_kernel_default_x8664 = self.ssm_value(
            "Al2023AmiKernelDefaultX8664",
            "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64",
            "Public parameter of AWS",
            "AWS::EC2::Image::Id",
        )
        public_subnet_a_subnet_id = self.ssm_value(
            "PublicSubnetASubnetId",
            props.public_subnet_a_subnet_id_parameter,
            "SSM parameter public-subnet-a/subnet-id, published by component vpc",
        )

        # components.bastion.resources.bastion
        bastion_security_group = ec2.CfnSecurityGroup(
            self,
            "BastionSecurityGroup",
            group_name=f"lenie-{settings.environment}-bastion",
            group_description="What may connect to bastion",
            vpc_id=vpc_id,
            security_group_ingress=[
                ec2.CfnSecurityGroup.IngressProperty(
                    ip_protocol="tcp",
                    from_port=22,
                    to_port=22,
                    cidr_ip=settings.admin_cidrs[0],
                    description="22/tcp from admin-cidrs",
                ),
                ec2.CfnSecurityGroup.IngressProperty(
                    ip_protocol="icmp",
                    from_port=8,
                    to_port=-1,
                    cidr_ip=settings.admin_cidrs[0],
                    description="icmp/echo from admin-cidrs",
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
                CfnTag(key="Name", value=f"lenie-{settings.environment}-bastion"),
                CfnTag(key="Project", value="lenie"),
            ],
        )

        # components.bastion.resources.bastion
        bastion_key_pair = ec2.CfnKeyPair(
            self,
            "BastionKeyPair",
            key_name=f"lenie-{settings.environment}-bastion",
            # defaults.instance.key
            public_key_material=settings.ssh_public_key,
            tags=[
                CfnTag(key="Environment", value=settings.environment),
                CfnTag(key="Project", value="lenie"),
            ],
        )

        # components.bastion.resources.bastion
        ec2.CfnInstance(
            self,
            "BastionInstance",
            image_id=al2023_ami_kernel_default_x8664,
            instance_type="t3.micro",
            subnet_id=public_subnet_a_subnet_id,
            security_group_ids=[bastion_security_group.attr_group_id],
            # defaults.instance.key
            key_name=bastion_key_pair.ref,
            block_device_mappings=[
                ec2.CfnInstance.BlockDeviceMappingProperty(
                    device_name="/dev/xvda",
                    ebs=ec2.CfnInstance.EbsProperty(
                        volume_type="gp3",
                        # defaults.instance.disk
                        volume_size=8,
                        encrypted=True,
                        delete_on_termination=True,
                    ),
                ),
            ],
            metadata_options=ec2.CfnInstance.MetadataOptionsProperty(
                http_endpoint="enabled",
                http_tokens="required",
                http_put_response_hop_limit=1,
            ),
            monitoring=False,
            ebs_optimized=True,
            credit_specification=ec2.CfnInstance.CreditSpecificationProperty(
                cpu_credits="standard",
            ),
            propagate_tags_to_volume_on_creation=True,
            user_data=Fn.base64(
                "#!/bin/bash\n"
                f"hostnamectl set-hostname bastion-{settings.environment}\n"
                "dnf upgrade --assumeyes\n",
            ),
            tags=[
                CfnTag(key="Environment", value=settings.environment),
                CfnTag(key="Name", value=f"lenie-{settings.environment}-bastion"),
                CfnTag(key="Project", value="lenie"),
            ],
        )

        # components.bastion.resources.bastion
        ssm.CfnParameter(
            self,
            "BastionSecurityGroupParameter",
            name=self.bastion_security_group_value_parameter,
            type="String",
            value=bastion_security_group.attr_group_id,
            description="security-group of bastion (instance)",
            tags={"Project": "lenie", "Environment": settings.environment},
        )

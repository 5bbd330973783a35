"""Component ec2-lenie.

Written by lenie-compile from the spec: do not edit. Comments name the place in the spec.
"""

from __future__ import annotations

from dataclasses import dataclass

from aws_cdk import Acknowledgment, CfnTag, Fn, Validations
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from constructs import Construct

from component import ComponentStack
from settings import Settings


@dataclass(frozen=True, kw_only=True)
class Ec2LenieProps:
    """Names of the SSM parameters that the stack reads, and other stacks publish."""

    vpc_id_parameter: str
    public_subnet_a_subnet_id_parameter: str
    security_group_ssh_id_parameter: str


class Ec2LenieStack(ComponentStack):
    """Component ec2-lenie (layer compute).

    There is one for each environment.
    """

    def __init__(self, scope: Construct, settings: Settings, props: Ec2LenieProps) -> None:
        super().__init__(
            scope,
            f"lenie-{settings.environment}-ec2-lenie",
            description=f"ec2-lenie (compute): the stack of {settings.environment}",
            termination_protection=settings.production,
        )

        vpc_id = self.ssm_value(
            "VpcId",
            props.vpc_id_parameter,
            "SSM parameter vpc-id, published by component vpc",
        )
        public_subnet_a_subnet_id = self.ssm_value(
            "PublicSubnetASubnetId",
            props.public_subnet_a_subnet_id_parameter,
            "SSM parameter public-subnet-a/subnet-id, published by component vpc",
        )
        security_group_ssh_id = self.ssm_value(
            "SecurityGroupSshId",
            props.security_group_ssh_id_parameter,
            "SSM parameter security-group/ssh/id, published by component security-groups",
        )

        # components.ec2-lenie.resources.ec2-lenie
        ec2_lenie_security_group = ec2.CfnSecurityGroup(
            self,
            "Ec2LenieSecurityGroup",
            group_name=f"lenie-{settings.environment}-ec2-lenie",
            group_description="What may connect to ec2-lenie",
            vpc_id=vpc_id,
            security_group_ingress=[
                ec2.CfnSecurityGroup.IngressProperty(
                    ip_protocol="tcp",
                    from_port=80,
                    to_port=80,
                    cidr_ip="0.0.0.0/0",
                    description="80/tcp from anywhere",
                ),
                ec2.CfnSecurityGroup.IngressProperty(
                    ip_protocol="tcp",
                    from_port=443,
                    to_port=443,
                    cidr_ip="0.0.0.0/0",
                    description="443/tcp from anywhere",
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
                CfnTag(key="Name", value=f"lenie-{settings.environment}-ec2-lenie"),
                CfnTag(key="Project", value="lenie"),
            ],
        )
        ec2_lenie_security_group.add_metadata(
            "checkov",
            {
                "skip": [
                    {
                        "id": "CKV_AWS_260",
                        "comment": "The web server answers on port 80 to redirect to HTTPS",
                    },
                ],
            },
        )

        # components.ec2-lenie.resources.ec2-lenie
        ec2_lenie_key_pair = ec2.CfnKeyPair(
            self,
            "Ec2LenieKeyPair",
            key_name=f"lenie-{settings.environment}-ec2-lenie",
            # defaults.instance.key
            public_key_material=settings.ssh_public_key,
            tags=[
                CfnTag(key="Environment", value=settings.environment),
                CfnTag(key="Project", value="lenie"),
            ],
        )

        # components.ec2-lenie.resources.ec2-lenie
        ec2_lenie_role = iam.CfnRole(
            self,
            "Ec2LenieRole",
            role_name=f"lenie-{settings.environment}-ec2-lenie-role",
            assume_role_policy_document={
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Principal": {"Service": "ec2.amazonaws.com"},
                        "Action": "sts:AssumeRole",
                    },
                ],
            },
            managed_policy_arns=[
                Fn.sub("arn:${AWS::Partition}:iam::aws:policy/AmazonSSMManagedInstanceCore"),
            ],
            tags=[
                CfnTag(key="Environment", value=settings.environment),
                CfnTag(key="Project", value="lenie"),
            ],
        )

        # components.ec2-lenie.resources.ec2-lenie
        ec2_lenie_instance_profile = iam.CfnInstanceProfile(
            self,
            "Ec2LenieInstanceProfile",
            instance_profile_name=f"lenie-{settings.environment}-ec2-lenie",
            roles=[ec2_lenie_role.ref],
        )

        # components.ec2-lenie.resources.ec2-lenie
        ec2_lenie_instance = ec2.CfnInstance(
            self,
            "Ec2LenieInstance",
            image_id=settings.application_image,
            instance_type="t4g.micro",
            subnet_id=public_subnet_a_subnet_id,
            security_group_ids=[ec2_lenie_security_group.attr_group_id, security_group_ssh_id],
            # defaults.instance.key
            key_name=ec2_lenie_key_pair.ref,
            iam_instance_profile=ec2_lenie_instance_profile.ref,
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
            tags=[
                CfnTag(key="Environment", value=settings.environment),
                CfnTag(key="Name", value=f"lenie-{settings.environment}-ec2-lenie"),
                CfnTag(key="Project", value="lenie"),
            ],
        )
        Validations.of(ec2_lenie_instance).acknowledge(
            Acknowledgment(
                id="CloudFormation-Validate::W9010",
                reason="The image is a setting of the environment",
            ),
        )

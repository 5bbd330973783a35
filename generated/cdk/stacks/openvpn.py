"""Component openvpn.

Written by lenie-compile from the spec: do not edit. Comments name the place in the spec.
"""

from __future__ import annotations

from dataclasses import dataclass

from aws_cdk import Acknowledgment, CfnTag, Validations
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ssm as ssm
from constructs import Construct

from component import ComponentStack
from settings import Settings


@dataclass(frozen=True, kw_only=True)
class OpenvpnProps:
    """Names of the SSM parameters that the stack reads, and other stacks publish."""

    vpc_id_parameter: str
    public_subnet_a_subnet_id_parameter: str
    security_group_ssh_id_parameter: str


class OpenvpnStack(ComponentStack):
    """Component openvpn (layer compute).

    There is one for each environment.
    """

    def __init__(self, scope: Construct, settings: Settings, props: OpenvpnProps) -> None:
        super().__init__(
            scope,
            f"lenie-{settings.environment}-openvpn",
            description=f"openvpn (compute): the stack of {settings.environment}",
            termination_protection=settings.production,
        )

        # Names of the SSM parameters that other stacks read.
        self.openvpn_server_ec2_name_parameter = (
            f"/lenie/{settings.environment}/openvpn-server/ec2-name"
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

        # components.openvpn.resources.openvpn-server
        openvpn_server_security_group = ec2.CfnSecurityGroup(
            self,
            "OpenvpnServerSecurityGroup",
            group_name=f"lenie-{settings.environment}-openvpn-server",
            group_description="What may connect to openvpn-server",
            vpc_id=vpc_id,
            security_group_ingress=[
                ec2.CfnSecurityGroup.IngressProperty(
                    ip_protocol="udp",
                    from_port=1194,
                    to_port=1194,
                    cidr_ip="0.0.0.0/0",
                    description="1194/udp from anywhere",
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
                CfnTag(key="Name", value=f"lenie-{settings.environment}-openvpn-server"),
                CfnTag(key="Project", value="lenie"),
            ],
        )

        # components.openvpn.resources.openvpn-server
        openvpn_server_key_pair = ec2.CfnKeyPair(
            self,
            "OpenvpnServerKeyPair",
            key_name=f"lenie-{settings.environment}-openvpn-server",
            # defaults.instance.key
            public_key_material=settings.ssh_public_key,
            tags=[
                CfnTag(key="Environment", value=settings.environment),
                CfnTag(key="Project", value="lenie"),
            ],
        )

        # components.openvpn.resources.openvpn-server
        openvpn_server_instance = ec2.CfnInstance(
            self,
            "OpenvpnServerInstance",
            image_id=settings.vpn_image,
            instance_type="t3.micro",
            subnet_id=public_subnet_a_subnet_id,
            security_group_ids=[openvpn_server_security_group.attr_group_id, security_group_ssh_id],
            # defaults.instance.key
            key_name=openvpn_server_key_pair.ref,
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
            source_dest_check=False,
            propagate_tags_to_volume_on_creation=True,
            tags=[
                CfnTag(key="Environment", value=settings.environment),
                CfnTag(key="Name", value=f"lenie-{settings.environment}-openvpn-server"),
                CfnTag(key="Project", value="lenie"),
            ],
        )
        Validations.of(openvpn_server_instance).acknowledge(
            Acknowledgment(
                id="CloudFormation-Validate::W9010",
                reason="The image is a setting of the environment",
            ),
        )

        # components.openvpn.resources.openvpn-server.publish
        ssm.CfnParameter(
            self,
            "OpenvpnServerIdParameter",
            name=self.openvpn_server_ec2_name_parameter,
            type="String",
            value=openvpn_server_instance.ref,
            description="id of openvpn-server (instance)",
            tags={"Project": "lenie", "Environment": settings.environment},
        )

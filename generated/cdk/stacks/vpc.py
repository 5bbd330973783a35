"""Component vpc.

Written by lenie-compile from the spec: do not edit. Comments name the place in the spec.
"""

from __future__ import annotations

from aws_cdk import Aws, CfnTag, Fn
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ssm as ssm
from constructs import Construct

from component import ComponentStack
from settings import Settings


class VpcStack(ComponentStack):
    """Component vpc (layer networking).

    There is one for each environment.
    """

    def __init__(self, scope: Construct, settings: Settings) -> None:
        super().__init__(
            scope,
            f"lenie-{settings.environment}-vpc",
            description=f"vpc (networking): the stack of {settings.environment}",
            termination_protection=settings.production,
        )

        # Names of the SSM parameters that other stacks read.
        self.vpc_id_parameter = f"/lenie/{settings.environment}/vpc-id"
        self.data_subnet_a_subnet_id_parameter = (
            f"/lenie/{settings.environment}/data-subnet-a/subnet-id"
        )
        self.data_subnet_b_subnet_id_parameter = (
            f"/lenie/{settings.environment}/data-subnet-b/subnet-id"
        )
        self.public_subnet_a_subnet_id_parameter = (
            f"/lenie/{settings.environment}/public-subnet-a/subnet-id"
        )
        self.private_subnet_a_subnet_id_parameter = (
            f"/lenie/{settings.environment}/private-subnet-a/subnet-id"
        )
        self.private_subnet_b_subnet_id_parameter = (
            f"/lenie/{settings.environment}/private-subnet-b/subnet-id"
        )

        # components.vpc.resources.vpc
        vpc = ec2.CfnVPC(
            self,
            "Vpc",
            cidr_block="10.0.0.0/16",
            enable_dns_support=True,
            enable_dns_hostnames=True,
            tags=[
                CfnTag(key="Environment", value=settings.environment),
                CfnTag(key="Name", value=f"lenie-{settings.environment}-vpc"),
                CfnTag(key="Project", value="lenie"),
            ],
        )

        # components.vpc.resources.vpc
        vpc_internet_gateway = ec2.CfnInternetGateway(
            self,
            "VpcInternetGateway",
            tags=[
                CfnTag(key="Environment", value=settings.environment),
                CfnTag(key="Name", value=f"lenie-{settings.environment}-vpc"),
                CfnTag(key="Project", value="lenie"),
            ],
        )

        # components.vpc.resources.vpc
        vpc_gateway_attachment = ec2.CfnVPCGatewayAttachment(
            self,
            "VpcGatewayAttachment",
            vpc_id=vpc.ref,
            internet_gateway_id=vpc_internet_gateway.ref,
        )

        # components.vpc.resources.vpc
        vpc_public_route_table = ec2.CfnRouteTable(
            self,
            "VpcPublicRouteTable",
            vpc_id=vpc.ref,
            tags=[
                CfnTag(key="Environment", value=settings.environment),
                CfnTag(key="Name", value=f"lenie-{settings.environment}-vpc-public"),
                CfnTag(key="Project", value="lenie"),
            ],
        )

        # components.vpc.resources.vpc
        vpc_public_route = ec2.CfnRoute(
            self,
            "VpcPublicRoute",
            route_table_id=vpc_public_route_table.ref,
            destination_cidr_block="0.0.0.0/0",
            gateway_id=vpc_internet_gateway.ref,
        )
        vpc_public_route.add_resource_dependency(vpc_gateway_attachment)

        # components.vpc.resources.vpc
        vpc_private_route_table = ec2.CfnRouteTable(
            self,
            "VpcPrivateRouteTable",
            vpc_id=vpc.ref,
            tags=[
                CfnTag(key="Environment", value=settings.environment),
                CfnTag(key="Name", value=f"lenie-{settings.environment}-vpc-private"),
                CfnTag(key="Project", value="lenie"),
            ],
        )

        # components.vpc.resources.vpc.subnets.public
        vpc_public_subnet_a = ec2.CfnSubnet(
            self,
            "VpcPublicSubnetA",
            vpc_id=vpc.ref,
            cidr_block="10.0.1.0/24",
            availability_zone=Fn.select(0, Fn.get_azs()),
            map_public_ip_on_launch=True,
            tags=[
                CfnTag(key="Environment", value=settings.environment),
                CfnTag(key="kubernetes.io/role/elb", value="1"),
                CfnTag(key="Name", value=f"lenie-{settings.environment}-vpc-public-a"),
                CfnTag(key="Project", value="lenie"),
            ],
        )

        # components.vpc.resources.vpc.subnets.public
        ec2.CfnSubnetRouteTableAssociation(
            self,
            "VpcPublicSubnetARouteTableAssociation",
            subnet_id=vpc_public_subnet_a.ref,
            route_table_id=vpc_public_route_table.ref,
        )

        # components.vpc.resources.vpc.subnets.public
        vpc_public_subnet_b = ec2.CfnSubnet(
            self,
            "VpcPublicSubnetB",
            vpc_id=vpc.ref,
            cidr_block="10.0.2.0/24",
            availability_zone=Fn.select(1, Fn.get_azs()),
            map_public_ip_on_launch=True,
            tags=[
                CfnTag(key="Environment", value=settings.environment),
                CfnTag(key="kubernetes.io/role/elb", value="1"),
                CfnTag(key="Name", value=f"lenie-{settings.environment}-vpc-public-b"),
                CfnTag(key="Project", value="lenie"),
            ],
        )

        # components.vpc.resources.vpc.subnets.public
        ec2.CfnSubnetRouteTableAssociation(
            self,
            "VpcPublicSubnetBRouteTableAssociation",
            subnet_id=vpc_public_subnet_b.ref,
            route_table_id=vpc_public_route_table.ref,
        )

        # components.vpc.resources.vpc.subnets.private
        vpc_private_subnet_a = ec2.CfnSubnet(
            self,
            "VpcPrivateSubnetA",
            vpc_id=vpc.ref,
            cidr_block="10.0.3.0/24",
            availability_zone=Fn.select(0, Fn.get_azs()),
            map_public_ip_on_launch=False,
            tags=[
                CfnTag(key="Environment", value=settings.environment),
                CfnTag(key="Name", value=f"lenie-{settings.environment}-vpc-private-a"),
                CfnTag(key="Project", value="lenie"),
            ],
        )

        # components.vpc.resources.vpc.subnets.private
        ec2.CfnSubnetRouteTableAssociation(
            self,
            "VpcPrivateSubnetARouteTableAssociation",
            subnet_id=vpc_private_subnet_a.ref,
            route_table_id=vpc_private_route_table.ref,
        )

        # components.vpc.resources.vpc.subnets.private
        vpc_private_subnet_b = ec2.CfnSubnet(
            self,
            "VpcPrivateSubnetB",
            vpc_id=vpc.ref,
            cidr_block="10.0.4.0/24",
            availability_zone=Fn.select(1, Fn.get_azs()),
            map_public_ip_on_launch=False,
            tags=[
                CfnTag(key="Environment", value=settings.environment),
                CfnTag(key="Name", value=f"lenie-{settings.environment}-vpc-private-b"),
                CfnTag(key="Project", value="lenie"),
            ],
        )

        # components.vpc.resources.vpc.subnets.private
        ec2.CfnSubnetRouteTableAssociation(
            self,
            "VpcPrivateSubnetBRouteTableAssociation",
            subnet_id=vpc_private_subnet_b.ref,
            route_table_id=vpc_private_route_table.ref,
        )

        # components.vpc.resources.vpc.subnets.data
        vpc_data_subnet_a = ec2.CfnSubnet(
            self,
            "VpcDataSubnetA",
            vpc_id=vpc.ref,
            cidr_block="10.0.5.0/24",
            availability_zone=Fn.select(0, Fn.get_azs()),
            map_public_ip_on_launch=False,
            tags=[
                CfnTag(key="Environment", value=settings.environment),
                CfnTag(key="Name", value=f"lenie-{settings.environment}-vpc-data-a"),
                CfnTag(key="Project", value="lenie"),
            ],
        )

        # components.vpc.resources.vpc.subnets.data
        ec2.CfnSubnetRouteTableAssociation(
            self,
            "VpcDataSubnetARouteTableAssociation",
            subnet_id=vpc_data_subnet_a.ref,
            route_table_id=vpc_private_route_table.ref,
        )

        # components.vpc.resources.vpc.subnets.data
        vpc_data_subnet_b = ec2.CfnSubnet(
            self,
            "VpcDataSubnetB",
            vpc_id=vpc.ref,
            cidr_block="10.0.6.0/24",
            availability_zone=Fn.select(1, Fn.get_azs()),
            map_public_ip_on_launch=False,
            tags=[
                CfnTag(key="Environment", value=settings.environment),
                CfnTag(key="Name", value=f"lenie-{settings.environment}-vpc-data-b"),
                CfnTag(key="Project", value="lenie"),
            ],
        )

        # components.vpc.resources.vpc.subnets.data
        ec2.CfnSubnetRouteTableAssociation(
            self,
            "VpcDataSubnetBRouteTableAssociation",
            subnet_id=vpc_data_subnet_b.ref,
            route_table_id=vpc_private_route_table.ref,
        )

        # components.vpc.resources.vpc.endpoints[0]
        ec2.CfnVPCEndpoint(
            self,
            "VpcS3Endpoint",
            vpc_id=vpc.ref,
            vpc_endpoint_type="Gateway",
            service_name=Fn.sub("com.amazonaws.${AWS::Region}.s3"),
            route_table_ids=[vpc_private_route_table.ref],
            policy_document={
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Sid": "OwnAccount",
                        "Effect": "Allow",
                        "Principal": "*",
                        "Action": "s3:*",
                        "Resource": Fn.sub("arn:${AWS::Partition}:s3:::*"),
                        "Condition": {"StringEquals": {"aws:ResourceAccount": Aws.ACCOUNT_ID}},
                    },
                ],
            },
            tags=[
                CfnTag(key="Environment", value=settings.environment),
                CfnTag(key="Name", value=f"lenie-{settings.environment}-vpc-s3"),
                CfnTag(key="Project", value="lenie"),
            ],
        )

        # components.vpc.resources.vpc.endpoints[1]
        ec2.CfnVPCEndpoint(
            self,
            "VpcDynamodbEndpoint",
            vpc_id=vpc.ref,
            vpc_endpoint_type="Gateway",
            service_name=Fn.sub("com.amazonaws.${AWS::Region}.dynamodb"),
            route_table_ids=[vpc_private_route_table.ref],
            policy_document={
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Sid": "OwnAccount",
                        "Effect": "Allow",
                        "Principal": "*",
                        "Action": "dynamodb:*",
                        "Resource": Fn.sub(
                            "arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId"
                            "}:table/*",
                        ),
                    },
                ],
            },
            tags=[
                CfnTag(key="Environment", value=settings.environment),
                CfnTag(key="Name", value=f"lenie-{settings.environment}-vpc-dynamodb"),
                CfnTag(key="Project", value="lenie"),
            ],
        )

        # components.vpc.resources.vpc.publish
        ssm.CfnParameter(
            self,
            "VpcIdParameter",
            name=self.vpc_id_parameter,
            type="String",
            value=vpc.ref,
            description="id of vpc (network)",
            tags={"Project": "lenie", "Environment": settings.environment},
        )

        # components.vpc.resources.vpc.publish
        ssm.CfnParameter(
            self,
            "VpcDataAParameter",
            name=self.data_subnet_a_subnet_id_parameter,
            type="String",
            value=vpc_data_subnet_a.ref,
            description="data-a of vpc (network)",
            tags={"Project": "lenie", "Environment": settings.environment},
        )

        # components.vpc.resources.vpc.publish
        ssm.CfnParameter(
            self,
            "VpcDataBParameter",
            name=self.data_subnet_b_subnet_id_parameter,
            type="String",
            value=vpc_data_subnet_b.ref,
            description="data-b of vpc (network)",
            tags={"Project": "lenie", "Environment": settings.environment},
        )

        # components.vpc.resources.vpc
        ssm.CfnParameter(
            self,
            "VpcPublicAParameter",
            name=self.public_subnet_a_subnet_id_parameter,
            type="String",
            value=vpc_public_subnet_a.ref,
            description="public-a of vpc (network)",
            tags={"Project": "lenie", "Environment": settings.environment},
        )

        # components.vpc.resources.vpc
        ssm.CfnParameter(
            self,
            "VpcPublicBParameter",
            name=f"/lenie/{settings.environment}/public-subnet-b/subnet-id",
            type="String",
            value=vpc_public_subnet_b.ref,
            description="public-b of vpc (network)",
            tags={"Project": "lenie", "Environment": settings.environment},
        )

        # components.vpc.resources.vpc
        ssm.CfnParameter(
            self,
            "VpcPrivateAParameter",
            name=self.private_subnet_a_subnet_id_parameter,
            type="String",
            value=vpc_private_subnet_a.ref,
            description="private-a of vpc (network)",
            tags={"Project": "lenie", "Environment": settings.environment},
        )

        # components.vpc.resources.vpc
        ssm.CfnParameter(
            self,
            "VpcPrivateBParameter",
            name=self.private_subnet_b_subnet_id_parameter,
            type="String",
            value=vpc_private_subnet_b.ref,
            description="private-b of vpc (network)",
            tags={"Project": "lenie", "Environment": settings.environment},
        )

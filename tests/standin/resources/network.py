"""VPC, subnets, internet gateways, endpoints."""

from __future__ import annotations

import json
from typing import Any

from standin import ec2
from standin.aws import Aws
from standin.resource import Resource, StandInError, State, changed, given
from standin.tags import as_map


class Vpc(Resource):
    """aws_vpc."""

    def create(self, aws: Aws, planned: State) -> str:
        client = aws.client("ec2")
        made = client.create_vpc(
            **given(planned, CidrBlock="cidr_block", InstanceTenancy="instance_tenancy"),
            TagSpecifications=ec2.tag_specifications("vpc", planned),
        )["Vpc"]
        self._attributes(aws, made["VpcId"], planned)
        return str(made["VpcId"])

    @staticmethod
    def _attributes(aws: Aws, identifier: str, planned: State) -> None:
        for argument, name in _VPC_ATTRIBUTES.items():
            if planned[name] is not None:
                aws.client("ec2").modify_vpc_attribute(VpcId=identifier, **{argument: {"Value": planned[name]}})

    def read(self, aws: Aws, state: State) -> State | None:
        client = aws.client("ec2")
        vpc = ec2.found(client.describe_vpcs, "Vpcs", VpcIds=[state["id"]])
        if vpc is None:
            return None
        of_vpc = {"Filters": [{"Name": "vpc-id", "Values": [vpc["VpcId"]]}]}
        groups = client.describe_security_groups(**of_vpc)["SecurityGroups"]
        tables = client.describe_route_tables(**of_vpc)["RouteTables"]
        acls = client.describe_network_acls(**of_vpc)["NetworkAcls"]
        main = [table["RouteTableId"] for table in tables if any(one.get("Main") for one in table["Associations"])]
        return {
            "id": vpc["VpcId"],
            "arn": aws.arn("ec2", f"vpc/{vpc['VpcId']}"),
            "cidr_block": vpc["CidrBlock"],
            "instance_tenancy": vpc["InstanceTenancy"],
            "dhcp_options_id": vpc["DhcpOptionsId"],
            "owner_id": vpc["OwnerId"],
            "default_security_group_id": next(
                (group["GroupId"] for group in groups if group["GroupName"] == "default"), None
            ),
            "default_network_acl_id": next((acl["NetworkAclId"] for acl in acls if acl["IsDefault"]), None),
            "default_route_table_id": main[0] if main else None,
            "main_route_table_id": main[0] if main else None,
            "ipv6_association_id": "",
            "ipv6_cidr_block": "",
            "ipv6_cidr_block_network_border_group": "",
            **{
                name: client.describe_vpc_attribute(VpcId=vpc["VpcId"], Attribute=argument[0].lower() + argument[1:])[
                    argument
                ]["Value"]
                for argument, name in _VPC_ATTRIBUTES.items()
            },
            "tags_all": as_map(vpc.get("Tags")),
        }

    def update(self, aws: Aws, prior: State, planned: State) -> None:
        self._attributes(aws, prior["id"], planned)
        ec2.change_tags(aws, prior, planned)

    def delete(self, aws: Aws, state: State) -> None:
        aws.client("ec2").delete_vpc(VpcId=state["id"])


_VPC_ATTRIBUTES = {
    "EnableDnsSupport": "enable_dns_support",
    "EnableDnsHostnames": "enable_dns_hostnames",
    "EnableNetworkAddressUsageMetrics": "enable_network_address_usage_metrics",
}


class Subnet(Resource):
    """aws_subnet."""

    def create(self, aws: Aws, planned: State) -> str:
        made = aws.client("ec2").create_subnet(
            **given(
                planned,
                VpcId="vpc_id",
                CidrBlock="cidr_block",
                AvailabilityZone="availability_zone",
                AvailabilityZoneId="availability_zone_id",
            ),
            TagSpecifications=ec2.tag_specifications("subnet", planned),
        )["Subnet"]
        self._attributes(aws, made["SubnetId"], planned)
        return str(made["SubnetId"])

    @staticmethod
    def _attributes(aws: Aws, identifier: str, planned: State) -> None:
        client = aws.client("ec2")
        for argument, name in _SUBNET_ATTRIBUTES.items():
            if planned[name] is not None:
                client.modify_subnet_attribute(SubnetId=identifier, **{argument: {"Value": planned[name]}})
        if planned["private_dns_hostname_type_on_launch"]:
            client.modify_subnet_attribute(
                SubnetId=identifier, PrivateDnsHostnameTypeOnLaunch=planned["private_dns_hostname_type_on_launch"]
            )

    def read(self, aws: Aws, state: State) -> State | None:
        subnet = ec2.found(aws.client("ec2").describe_subnets, "Subnets", SubnetIds=[state["id"]])
        if subnet is None:
            return None
        options = subnet["PrivateDnsNameOptionsOnLaunch"]
        return {
            "id": subnet["SubnetId"],
            "arn": subnet["SubnetArn"],
            "vpc_id": subnet["VpcId"],
            "cidr_block": subnet["CidrBlock"],
            "availability_zone": subnet["AvailabilityZone"],
            "availability_zone_id": subnet["AvailabilityZoneId"],
            "assign_ipv6_address_on_creation": subnet["AssignIpv6AddressOnCreation"],
            "ipv6_native": subnet["Ipv6Native"],
            "map_public_ip_on_launch": subnet["MapPublicIpOnLaunch"],
            "owner_id": subnet["OwnerId"],
            "ipv6_cidr_block_association_id": "",
            "private_dns_hostname_type_on_launch": options["HostnameType"],
            "enable_resource_name_dns_a_record_on_launch": options["EnableResourceNameDnsARecord"],
            "enable_resource_name_dns_aaaa_record_on_launch": options["EnableResourceNameDnsAAAARecord"],
            "enable_dns64": subnet.get("EnableDns64", False),
            "tags_all": as_map(subnet.get("Tags")),
        }

    def update(self, aws: Aws, prior: State, planned: State) -> None:
        self._attributes(aws, prior["id"], planned)
        ec2.change_tags(aws, prior, planned)

    def delete(self, aws: Aws, state: State) -> None:
        aws.client("ec2").delete_subnet(SubnetId=state["id"])


_SUBNET_ATTRIBUTES = {
    "MapPublicIpOnLaunch": "map_public_ip_on_launch",
    "AssignIpv6AddressOnCreation": "assign_ipv6_address_on_creation",
    "EnableDns64": "enable_dns64",
    "EnableResourceNameDnsARecordOnLaunch": "enable_resource_name_dns_a_record_on_launch",
    "EnableResourceNameDnsAAAARecordOnLaunch": "enable_resource_name_dns_aaaa_record_on_launch",
}


class InternetGateway(Resource):
    """aws_internet_gateway; it attaches the gateway too, if it names a VPC."""

    def create(self, aws: Aws, planned: State) -> str:
        client = aws.client("ec2")
        made = client.create_internet_gateway(TagSpecifications=ec2.tag_specifications("internet-gateway", planned))
        identifier = str(made["InternetGateway"]["InternetGatewayId"])
        if planned["vpc_id"]:
            client.attach_internet_gateway(InternetGatewayId=identifier, VpcId=planned["vpc_id"])
        return identifier

    def read(self, aws: Aws, state: State) -> State | None:
        gateway = _gateway(aws, state["id"])
        if gateway is None:
            return None
        return {
            "id": gateway["InternetGatewayId"],
            "arn": aws.arn("ec2", f"internet-gateway/{gateway['InternetGatewayId']}"),
            "owner_id": gateway["OwnerId"],
            "vpc_id": gateway["Attachments"][0]["VpcId"] if gateway["Attachments"] else "",
            "tags_all": as_map(gateway.get("Tags")),
        }

    def update(self, aws: Aws, prior: State, planned: State) -> None:
        client = aws.client("ec2")
        if changed(prior, planned, "vpc_id"):
            if prior["vpc_id"]:
                client.detach_internet_gateway(InternetGatewayId=prior["id"], VpcId=prior["vpc_id"])
            if planned["vpc_id"]:
                client.attach_internet_gateway(InternetGatewayId=prior["id"], VpcId=planned["vpc_id"])
        ec2.change_tags(aws, prior, planned)

    def delete(self, aws: Aws, state: State) -> None:
        gateway = _gateway(aws, state["id"])
        # An attachment of its own may have been removed since the state was read.
        for attachment in gateway["Attachments"] if gateway else []:
            aws.client("ec2").detach_internet_gateway(InternetGatewayId=state["id"], VpcId=attachment["VpcId"])
        aws.client("ec2").delete_internet_gateway(InternetGatewayId=state["id"])


class InternetGatewayAttachment(Resource):
    """aws_internet_gateway_attachment."""

    def create(self, aws: Aws, planned: State) -> str:
        arguments = given(planned, InternetGatewayId="internet_gateway_id", VpcId="vpc_id")
        aws.client("ec2").attach_internet_gateway(**arguments)
        return f"{planned['internet_gateway_id']}:{planned['vpc_id']}"

    def read(self, aws: Aws, state: State) -> State | None:
        identifier, _, vpc = state["id"].partition(":")
        gateway = _gateway(aws, identifier)
        if gateway is None or all(attachment["VpcId"] != vpc for attachment in gateway["Attachments"]):
            return None
        return {"id": state["id"], "internet_gateway_id": identifier, "vpc_id": vpc}

    def delete(self, aws: Aws, state: State) -> None:
        arguments = given(state, InternetGatewayId="internet_gateway_id", VpcId="vpc_id")
        aws.client("ec2").detach_internet_gateway(**arguments)


def _gateway(aws: Aws, identifier: str) -> dict[str, Any] | None:
    client = aws.client("ec2")
    return ec2.found(client.describe_internet_gateways, "InternetGateways", InternetGatewayIds=[identifier])


class VpcEndpoint(Resource):
    """aws_vpc_endpoint."""

    def create(self, aws: Aws, planned: State) -> str:
        made = aws.client("ec2").create_vpc_endpoint(
            **given(
                planned,
                VpcId="vpc_id",
                ServiceName="service_name",
                VpcEndpointType="vpc_endpoint_type",
                RouteTableIds="route_table_ids",
                SubnetIds="subnet_ids",
                SecurityGroupIds="security_group_ids",
                PolicyDocument="policy",
                PrivateDnsEnabled="private_dns_enabled",
            ),
            TagSpecifications=ec2.tag_specifications("vpc-endpoint", planned),
        )["VpcEndpoint"]
        return str(made["VpcEndpointId"])

    def read(self, aws: Aws, state: State) -> State | None:
        client = aws.client("ec2")
        endpoint = ec2.found(client.describe_vpc_endpoints, "VpcEndpoints", VpcEndpointIds=[state["id"]])
        if endpoint is None or endpoint["State"] == "deleted":
            return None
        lists = client.describe_managed_prefix_lists(
            Filters=[{"Name": "prefix-list-name", "Values": [endpoint["ServiceName"]]}]
        )["PrefixLists"]
        gateway = endpoint.get("VpcEndpointType", "Gateway") == "Gateway"
        return {
            "id": endpoint["VpcEndpointId"],
            "arn": aws.arn("ec2", f"vpc-endpoint/{endpoint['VpcEndpointId']}"),
            "vpc_id": endpoint["VpcId"],
            "service_name": endpoint["ServiceName"],
            "vpc_endpoint_type": endpoint.get("VpcEndpointType", "Gateway"),
            "route_table_ids": endpoint["RouteTableIds"],
            "subnet_ids": endpoint["SubnetIds"],
            "security_group_ids": [group["GroupId"] for group in endpoint["Groups"]],
            "network_interface_ids": endpoint["NetworkInterfaceIds"],
            "policy": json.dumps(json.loads(endpoint["PolicyDocument"]), separators=(",", ":")),
            # A gateway endpoint has no private names; moto says that it does.
            "private_dns_enabled": False if gateway else endpoint["PrivateDnsEnabled"],
            "prefix_list_id": lists[0]["PrefixListId"] if gateway and lists else None,
            "owner_id": endpoint["OwnerId"],
            "requester_managed": False,
            "state": endpoint["State"],
            "ip_address_type": endpoint.get("IpAddressType", ""),
            "cidr_blocks": [],
            "dns_entry": [
                {"dns_name": entry["DnsName"], "hosted_zone_id": entry["HostedZoneId"]}
                for entry in endpoint["DnsEntries"]
            ],
            "tags_all": as_map(endpoint.get("Tags")),
        }

    def update(self, aws: Aws, prior: State, planned: State) -> None:
        if changed(prior, planned, "route_table_ids", "subnet_ids", "security_group_ids"):
            raise StandInError(f"moto changes the tables of {prior['id']} without their routes")
        if changed(prior, planned, "policy"):
            aws.client("ec2").modify_vpc_endpoint(VpcEndpointId=prior["id"], PolicyDocument=planned["policy"])
        ec2.change_tags(aws, prior, planned)

    def delete(self, aws: Aws, state: State) -> None:
        aws.client("ec2").delete_vpc_endpoints(VpcEndpointIds=[state["id"]])


RESOURCES: dict[str, type[Resource]] = {
    "aws_vpc": Vpc,
    "aws_subnet": Subnet,
    "aws_internet_gateway": InternetGateway,
    "aws_internet_gateway_attachment": InternetGatewayAttachment,
    "aws_vpc_endpoint": VpcEndpoint,
}

"""EC2: networks, security groups, instances."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lenie.compiler.expressions import Base64, Value
from lenie.compiler.graph import Resource
from lenie.compiler.span import Path
from lenie.targets.tf.hcl import Argument, Block, Table
from lenie.targets.tf.row import Flat, Items, Json, Made, Nested, Parts, Row
from lenie.targets.tf.tags import own_tags, tag_map, tag_places

if TYPE_CHECKING:
    from lenie.targets.tf.resource import Builder, Schema

#: Names under which images register their root volume, and those of other volumes (Amazon EC2 User Guide, "Device
#: names for volumes on Amazon EC2 instances").
ROOT_DEVICES = ("/dev/xvda", "/dev/sda1", "/dev/sda", "/dev/nvme0n1")
_OTHER_DEVICE = re.compile(r"/dev/(sd[b-z][0-9]*|xvd([b-z]|[b-d][a-z])|nvme[1-9][0-9]*n1)")
_RULE = {"CidrIp": "cidr_ipv4", "CidrIpv6": "cidr_ipv6"}
_INGRESS = {
    **_RULE,
    "SourceSecurityGroupId": "referenced_security_group_id",
    "SourcePrefixListId": "prefix_list_id",
}
_EGRESS = {
    **_RULE,
    "DestinationSecurityGroupId": "referenced_security_group_id",
    "DestinationPrefixListId": "prefix_list_id",
}
_RULE_NAMES = ("Description", "CidrIp", "CidrIpv6")


def _volumes(out: Builder, schema: Schema, value: Value, at: Path) -> Items:
    """Yield the root volume and the others: EC2 tells them apart by the name of the device, Terraform by the block."""
    for index, mapping in enumerate(value if isinstance(value, list) else []):
        here = (*at, index)
        entry = out.map(mapping, here)
        device = entry.get("DeviceName")
        volume = {key: item for key, item in entry.items() if key != "DeviceName"}
        if device in ROOT_DEVICES:
            yield from out.nested(schema, "root_block_device", volume, here, _VOLUME, {})
        elif not isinstance(device, str) or not _OTHER_DEVICE.fullmatch(device):
            message = f"Terraform has to know whether {device} is the root volume"
            out.problem(
                (*here, "DeviceName"), message, "write /dev/xvda or /dev/sda1 for the root, /dev/sdf for others"
            )
        else:
            yield from out.nested(schema, "ebs_block_device", {"DeviceName": device, **volume}, here, _VOLUME, {})


_VOLUME = {"Ebs": Flat({"KmsKeyId": "kms_key_id"})}


def _user_data(out: Builder, schema: Schema, value: Value, at: Path) -> Items:
    """Yield the user data: Terraform encodes a text itself."""
    if isinstance(value, Base64):
        yield Argument("user_data", out.values.value(value.text, at))
    else:
        yield Argument("user_data_base64", out.typed("string", value, at))


def _volume_tags(out: Builder, schema: Schema, value: Value, at: Path) -> Items:
    """Yield the tags of the volumes: those of the instance, to which the provider adds its own as everywhere."""
    if value is True:
        tags = tag_map(out.resource.properties.get("Tags", []), "list") or {}
        own = own_tags(tags, out.values.graph, out.values.component)
        if own:
            values = {key: out.values.value(item, ("Tags",)) for key, item in own.items()}
            # They stand here since the property says so.
            yield Argument("volume_tags", Table(values, {}))
    elif value is not False:
        out.problem(at, "Terraform needs to know whether volumes get tags", "write true or false")


def _tag_specifications(out: Builder, schema: Schema, value: Value, at: Path) -> Items:
    """Yield a block for each type of resource that gets tags from the launch template."""
    for index, item in enumerate(value if isinstance(value, list) else []):
        here = (*at, index)
        entry = out.map(item, here)
        tags = tag_map(entry.get("Tags", []), "list") or {}
        found = tag_places(entry.get("Tags", []), "list", (*here, "Tags"))
        places = {key: [(place, "")] for key, place in found.items()}
        kind = out.typed("string", entry.get("ResourceType", ""), here)
        body = [
            Argument("resource_type", kind, (*here, "ResourceType")),
            Argument("tags", Table({k: out.values.value(v, here) for k, v in tags.items()}, places), (*here, "Tags")),
        ]
        yield Block("tag_specifications", (), [*body], at=here)


def _open_egress(out: Builder, resource: Resource) -> Items:
    """Add the rule that lets everything out: a group that names none has it, and the provider takes it away."""
    if not resource.properties.get("SecurityGroupEgress"):
        head: list[Argument | Block] = [Argument("ip_protocol", "-1"), Argument("cidr_ipv4", "0.0.0.0/0")]
        link = {"security_group_id": "id"}
        out.add_part("aws_vpc_security_group_egress_rule", f"{out.name}_default", link, {}, {}, (), head)
    return ()


ROWS = {
    "AWS::EC2::VPC": Row(
        "aws_vpc",
        attributes={
            "Ref": "id",
            "VpcId": "id",
            "CidrBlock": "cidr_block",
            "DefaultSecurityGroup": "default_security_group_id",
        },
    ),
    "AWS::EC2::Subnet": Row(
        "aws_subnet",
        attributes={"Ref": "id", "SubnetId": "id", "AvailabilityZone": "availability_zone", "CidrBlock": "cidr_block"},
    ),
    "AWS::EC2::InternetGateway": Row("aws_internet_gateway", attributes={"Ref": "id", "InternetGatewayId": "id"}),
    "AWS::EC2::VPCGatewayAttachment": Row("aws_internet_gateway_attachment", completes=True),
    "AWS::EC2::RouteTable": Row("aws_route_table", attributes={"Ref": "id", "RouteTableId": "id"}),
    "AWS::EC2::Route": Row("aws_route", completes=True),
    "AWS::EC2::SubnetRouteTableAssociation": Row(
        "aws_route_table_association", attributes={"Ref": "id", "Id": "id"}, completes=True
    ),
    "AWS::EC2::VPCEndpoint": Row(
        "aws_vpc_endpoint", {"PolicyDocument": Json("policy")}, {"Ref": "id", "Id": "id"}, completes=True
    ),
    "AWS::EC2::SecurityGroup": Row(
        "aws_security_group",
        {
            "GroupName": "name",
            "GroupDescription": "description",
            "SecurityGroupIngress": Parts(
                "aws_vpc_security_group_ingress_rule", {"security_group_id": "id"}, _INGRESS, names=_RULE_NAMES
            ),
            "SecurityGroupEgress": Parts(
                "aws_vpc_security_group_egress_rule", {"security_group_id": "id"}, _EGRESS, names=_RULE_NAMES
            ),
        },
        {"Ref": "id", "GroupId": "id", "Id": "id", "VpcId": "vpc_id"},
        adds=_open_egress,
        create_first=True,
    ),
    "AWS::EC2::EIP": Row(
        "aws_eip",
        {"InstanceId": "instance"},
        {"Ref": "public_ip", "AllocationId": "allocation_id", "PublicIp": "public_ip"},
    ),
    "AWS::EC2::NatGateway": Row("aws_nat_gateway", attributes={"Ref": "id", "NatGatewayId": "id"}),
    "AWS::EC2::KeyPair": Row(
        "aws_key_pair",
        {"PublicKeyMaterial": "public_key"},
        {"Ref": "key_name", "KeyFingerprint": "fingerprint", "KeyPairId": "key_pair_id"},
        create_first=True,
    ),
    "AWS::EC2::Instance": Row(
        "aws_instance",
        {
            "ImageId": "ami",
            "SecurityGroupIds": "vpc_security_group_ids",
            "BlockDeviceMappings": Made(_volumes, "root volume and others are told apart"),
            "CreditSpecification": Nested("credit_specification", {"CPUCredits": "cpu_credits"}),
            "PropagateTagsToVolumeOnCreation": Made(_volume_tags, "the tags are written out"),
            "UserData": Made(_user_data, "Terraform encodes it"),
        },
        {
            "Ref": "id",
            "InstanceId": "id",
            "AvailabilityZone": "availability_zone",
            "PrivateDnsName": "private_dns",
            "PrivateIp": "private_ip",
            "PublicDnsName": "public_dns",
            "PublicIp": "public_ip",
        },
    ),
    "AWS::EC2::LaunchTemplate": Row(
        "aws_launch_template",
        {
            "LaunchTemplateName": "name",
            "VersionDescription": "description",
            "LaunchTemplateData": Flat(
                {
                    "SecurityGroupIds": "vpc_security_group_ids",
                    "SecurityGroups": "security_group_names",
                    "BlockDeviceMappings": Nested("block_device_mappings"),
                    "TagSpecifications": Made(_tag_specifications, "tags are a map"),
                }
            ),
        },
        {
            "Ref": "id",
            "LaunchTemplateId": "id",
            "LatestVersionNumber": "latest_version",
            "DefaultVersionNumber": "default_version",
        },
    ),
}

"""Amazon EC2: networks, security groups, key pairs."""

from __future__ import annotations

from typing import Any

from lenie.compiler.local.types.base import Context, Json, ResourceType, boolean, pick, tag_list, tag_map, text


class Ec2Type(ResourceType):
    """What all types of EC2 share: tags are put on and taken off by one pair of operations."""

    def update(self, at: Context, id: str, wanted: Json, before: Json) -> None:
        """Change the tags; a type that can change more does so, too."""
        retag(at, id, wanted, before)

    def named(self, at: Context, wanted: Json, id: str) -> str:
        """Note that a resource exists, and tag it."""
        at.created(id)
        retag(at, id, wanted, {})
        return id

    def one(self, at: Context, operation: str, key: str, **parameters: Any) -> Json | None:
        """Return the one thing that an operation describes."""
        answer = at.find("ec2", operation, **parameters)
        found = [item for item in (answer or {}).get(key, []) if item.get("State") not in ("deleted", "deleting")]
        return found[0] if found else None


def retag(at: Context, id: str, wanted: Json, before: Json) -> None:
    """Change the tags of an EC2 resource from those of `before` to those of `wanted`."""
    new, old = tag_map(wanted.get("Tags")), tag_map(before.get("Tags"))
    gone = [{"Key": key} for key in old if key not in new]
    if gone:
        at.call("ec2", "delete_tags", Resources=[id], Tags=gone)
    if new and new != old:
        at.call("ec2", "create_tags", Resources=[id], Tags=[{"Key": key, "Value": value} for key, value in new.items()])


def tags_in(found: Json) -> list[Json]:
    """Return the tags of something that EC2 describes, without those that AWS sets itself."""
    return tag_list(tag_map(found.get("Tags")))


class Vpc(Ec2Type):
    """A VPC; its DNS settings are attributes, changed one at a time."""

    name = "AWS::EC2::VPC"
    properties = frozenset({"CidrBlock", "EnableDnsSupport", "EnableDnsHostnames", "InstanceTenancy", "Tags"})
    returns = frozenset({"VpcId", "CidrBlock", "DefaultNetworkAcl", "DefaultSecurityGroup"})
    _DNS = ("EnableDnsSupport", "EnableDnsHostnames")

    def create(self, at: Context, wanted: Json) -> str:
        made = at.call("ec2", "create_vpc", **pick(wanted, "CidrBlock", "InstanceTenancy"))
        id = self.named(at, wanted, made["Vpc"]["VpcId"])
        self._dns(at, id, wanted)
        return id

    def read(self, at: Context, id: str) -> Json | None:
        found = self.one(at, "describe_vpcs", "Vpcs", VpcIds=[id])
        if found is None:
            return None
        dns = {}
        for name in self._DNS:
            attribute = name[:1].lower() + name[1:]
            dns[name] = at.call("ec2", "describe_vpc_attribute", VpcId=id, Attribute=attribute)[name]["Value"]
        return {**pick(found, "CidrBlock", "InstanceTenancy"), **dns, "Tags": tags_in(found)}

    def attributes(self, at: Context, id: str) -> Json:
        mine = [{"Name": "vpc-id", "Values": [id]}]
        acl = at.call("ec2", "describe_network_acls", Filters=[*mine, {"Name": "default", "Values": ["true"]}])
        group = at.call(
            "ec2", "describe_security_groups", Filters=[*mine, {"Name": "group-name", "Values": ["default"]}]
        )
        return {
            "VpcId": id,
            "CidrBlock": at.call("ec2", "describe_vpcs", VpcIds=[id])["Vpcs"][0]["CidrBlock"],
            "DefaultNetworkAcl": acl["NetworkAcls"][0]["NetworkAclId"],
            "DefaultSecurityGroup": group["SecurityGroups"][0]["GroupId"],
        }

    def update(self, at: Context, id: str, wanted: Json, before: Json) -> None:
        if wanted.get("InstanceTenancy") != before.get("InstanceTenancy"):
            at.call("ec2", "modify_vpc_tenancy", VpcId=id, InstanceTenancy=wanted.get("InstanceTenancy", "default"))
        self._dns(at, id, {name: wanted.get(name, name == "EnableDnsSupport") for name in self._DNS})
        retag(at, id, wanted, before)

    def replaces(self, wanted: Json, before: Json, changed: set[str]) -> bool:
        return "InstanceTenancy" in changed and wanted.get("InstanceTenancy", "default") != "default"

    def delete(self, at: Context, id: str, properties: Json) -> None:
        at.find("ec2", "delete_vpc", VpcId=id)

    def _dns(self, at: Context, id: str, wanted: Json) -> None:
        for name in self._DNS:
            if name in wanted:
                at.call("ec2", "modify_vpc_attribute", VpcId=id, **{name: {"Value": boolean(wanted[name])}})


class Subnet(Ec2Type):
    """A subnet."""

    name = "AWS::EC2::Subnet"
    properties = frozenset({"VpcId", "CidrBlock", "AvailabilityZone", "MapPublicIpOnLaunch", "Tags"})
    required = frozenset({"VpcId"})
    returns = frozenset({"SubnetId", "AvailabilityZone", "CidrBlock", "VpcId"})

    def create(self, at: Context, wanted: Json) -> str:
        made = at.call("ec2", "create_subnet", **pick(wanted, "VpcId", "CidrBlock", "AvailabilityZone"))
        id = self.named(at, wanted, made["Subnet"]["SubnetId"])
        self._public(at, id, wanted)
        return id

    def read(self, at: Context, id: str) -> Json | None:
        found = self.one(at, "describe_subnets", "Subnets", SubnetIds=[id])
        if found is None:
            return None
        return {**pick(found, "VpcId", "CidrBlock", "AvailabilityZone", "MapPublicIpOnLaunch"), "Tags": tags_in(found)}

    def attributes(self, at: Context, id: str) -> Json:
        found = self.read(at, id) or {}
        return {"SubnetId": id, **pick(found, "AvailabilityZone", "CidrBlock", "VpcId")}

    def update(self, at: Context, id: str, wanted: Json, before: Json) -> None:
        self._public(at, id, {"MapPublicIpOnLaunch": wanted.get("MapPublicIpOnLaunch", False)})
        retag(at, id, wanted, before)

    def delete(self, at: Context, id: str, properties: Json) -> None:
        at.find("ec2", "delete_subnet", SubnetId=id)

    @staticmethod
    def _public(at: Context, id: str, wanted: Json) -> None:
        if "MapPublicIpOnLaunch" in wanted:
            value = {"Value": boolean(wanted["MapPublicIpOnLaunch"])}
            at.call("ec2", "modify_subnet_attribute", SubnetId=id, MapPublicIpOnLaunch=value)


class InternetGateway(Ec2Type):
    """An internet gateway, which is attached by another resource."""

    name = "AWS::EC2::InternetGateway"
    properties = frozenset({"Tags"})
    returns = frozenset({"InternetGatewayId"})

    def create(self, at: Context, wanted: Json) -> str:
        made = at.call("ec2", "create_internet_gateway")
        return self.named(at, wanted, made["InternetGateway"]["InternetGatewayId"])

    def read(self, at: Context, id: str) -> Json | None:
        found = self.one(at, "describe_internet_gateways", "InternetGateways", InternetGatewayIds=[id])
        return None if found is None else {"Tags": tags_in(found)}

    def attributes(self, at: Context, id: str) -> Json:
        return {"InternetGatewayId": id}

    def delete(self, at: Context, id: str, properties: Json) -> None:
        at.find("ec2", "delete_internet_gateway", InternetGatewayId=id)


class VpcGatewayAttachment(Ec2Type):
    """An internet gateway attached to a VPC; its id is ``IGW|vpc-id``."""

    name = "AWS::EC2::VPCGatewayAttachment"
    properties = frozenset({"VpcId", "InternetGatewayId"})
    required = frozenset({"VpcId", "InternetGatewayId"})
    returns = frozenset({"AttachmentType"})
    tags = ""

    def create(self, at: Context, wanted: Json) -> str:
        at.call("ec2", "attach_internet_gateway", **pick(wanted, "VpcId", "InternetGatewayId"))
        return at.created(f"IGW|{wanted['VpcId']}")

    def read(self, at: Context, id: str) -> Json | None:
        vpc = id.partition("|")[2]
        filters = [{"Name": "attachment.vpc-id", "Values": [vpc]}]
        found = self.one(at, "describe_internet_gateways", "InternetGateways", Filters=filters)
        return None if found is None else {"VpcId": vpc, "InternetGatewayId": found["InternetGatewayId"]}

    def attributes(self, at: Context, id: str) -> Json:
        return {"AttachmentType": "IGW"}

    def delete(self, at: Context, id: str, properties: Json) -> None:
        found = self.read(at, id)
        if found is not None:
            at.find("ec2", "detach_internet_gateway", **found)


class RouteTable(Ec2Type):
    """A route table."""

    name = "AWS::EC2::RouteTable"
    properties = frozenset({"VpcId", "Tags"})
    required = frozenset({"VpcId"})
    returns = frozenset({"RouteTableId"})

    def create(self, at: Context, wanted: Json) -> str:
        made = at.call("ec2", "create_route_table", VpcId=wanted["VpcId"])
        return self.named(at, wanted, made["RouteTable"]["RouteTableId"])

    def read(self, at: Context, id: str) -> Json | None:
        found = self.one(at, "describe_route_tables", "RouteTables", RouteTableIds=[id])
        return None if found is None else {"VpcId": found["VpcId"], "Tags": tags_in(found)}

    def attributes(self, at: Context, id: str) -> Json:
        return {"RouteTableId": id}

    def delete(self, at: Context, id: str, properties: Json) -> None:
        at.find("ec2", "delete_route_table", RouteTableId=id)


class Route(Ec2Type):
    """A route; its id is ``table|destination``."""

    name = "AWS::EC2::Route"
    properties = frozenset({"RouteTableId", "DestinationCidrBlock", "GatewayId", "NatGatewayId", "InstanceId"})
    required = frozenset({"RouteTableId", "DestinationCidrBlock"})
    returns = frozenset({"CidrBlock"})
    tags = ""

    def create(self, at: Context, wanted: Json) -> str:
        at.call("ec2", "create_route", **wanted)
        return at.created(f"{wanted['RouteTableId']}|{wanted['DestinationCidrBlock']}")

    def read(self, at: Context, id: str) -> Json | None:
        table, _, destination = id.partition("|")
        found = self.one(at, "describe_route_tables", "RouteTables", RouteTableIds=[table])
        routes = [
            route for route in (found or {}).get("Routes", []) if route.get("DestinationCidrBlock") == destination
        ]
        if not routes:
            return None
        return {
            "RouteTableId": table,
            **pick(routes[0], "DestinationCidrBlock", "GatewayId", "NatGatewayId", "InstanceId"),
        }

    def attributes(self, at: Context, id: str) -> Json:
        return {"CidrBlock": id.partition("|")[2]}

    def update(self, at: Context, id: str, wanted: Json, before: Json) -> None:
        at.call("ec2", "replace_route", **wanted)

    def delete(self, at: Context, id: str, properties: Json) -> None:
        table, _, destination = id.partition("|")
        at.find("ec2", "delete_route", RouteTableId=table, DestinationCidrBlock=destination)


class SubnetRouteTableAssociation(Ec2Type):
    """A subnet's route table."""

    name = "AWS::EC2::SubnetRouteTableAssociation"
    properties = frozenset({"SubnetId", "RouteTableId"})
    required = frozenset({"SubnetId", "RouteTableId"})
    returns = frozenset({"Id"})
    tags = ""

    def create(self, at: Context, wanted: Json) -> str:
        return at.created(str(at.call("ec2", "associate_route_table", **wanted)["AssociationId"]))

    def read(self, at: Context, id: str) -> Json | None:
        filters = [{"Name": "association.route-table-association-id", "Values": [id]}]
        table = self.one(at, "describe_route_tables", "RouteTables", Filters=filters)
        for found in (table or {}).get("Associations", []):
            if found["RouteTableAssociationId"] == id:
                return pick(found, "SubnetId", "RouteTableId")
        return None

    def attributes(self, at: Context, id: str) -> Json:
        return {"Id": id}

    def delete(self, at: Context, id: str, properties: Json) -> None:
        at.find("ec2", "disassociate_route_table", AssociationId=id)


class VpcEndpoint(Ec2Type):
    """An endpoint of a service in a VPC, of the types Gateway and Interface."""

    name = "AWS::EC2::VPCEndpoint"
    properties = frozenset(
        {
            "VpcId",
            "ServiceName",
            "VpcEndpointType",
            "PolicyDocument",
            "RouteTableIds",
            "SubnetIds",
            "SecurityGroupIds",
            "PrivateDnsEnabled",
            "Tags",
        }
    )
    required = frozenset({"VpcId", "ServiceName"})
    returns = frozenset({"Id"})

    def create(self, at: Context, wanted: Json) -> str:
        plain = pick(wanted, *(self.properties - {"PolicyDocument", "Tags"}))
        made = at.call("ec2", "create_vpc_endpoint", **plain, PolicyDocument=text(wanted.get("PolicyDocument")))
        return self.named(at, wanted, made["VpcEndpoint"]["VpcEndpointId"])

    def read(self, at: Context, id: str) -> Json | None:
        found = self.one(at, "describe_vpc_endpoints", "VpcEndpoints", VpcEndpointIds=[id])
        if found is None:
            return None
        groups = [group["GroupId"] for group in found.get("Groups", [])]
        names = self.properties - {"Tags", "SecurityGroupIds"}
        return {**pick(found, *names), "SecurityGroupIds": groups, "Tags": tags_in(found)}

    def attributes(self, at: Context, id: str) -> Json:
        return {"Id": id}

    def update(self, at: Context, id: str, wanted: Json, before: Json) -> None:
        changes: Json = {}
        for name in ("RouteTableIds", "SubnetIds", "SecurityGroupIds"):
            new, old = wanted.get(name) or [], before.get(name) or []
            changes[f"Add{name}"] = [item for item in new if item not in old] or None
            changes[f"Remove{name}"] = [item for item in old if item not in new] or None
        if wanted.get("PolicyDocument") != before.get("PolicyDocument"):
            changes["PolicyDocument"] = text(wanted.get("PolicyDocument"))
            changes["ResetPolicy"] = None if wanted.get("PolicyDocument") else True
        if any(value is not None for value in changes.values()):
            at.call("ec2", "modify_vpc_endpoint", VpcEndpointId=id, **changes)
        retag(at, id, wanted, before)

    def delete(self, at: Context, id: str, properties: Json) -> None:
        at.find("ec2", "delete_vpc_endpoints", VpcEndpointIds=[id])


class KeyPair(Ec2Type):
    """A key pair, of a public key that is given."""

    name = "AWS::EC2::KeyPair"
    properties = frozenset({"KeyName", "PublicKeyMaterial", "Tags"})
    required = frozenset({"KeyName", "PublicKeyMaterial"})
    returns = frozenset({"KeyPairId", "KeyFingerprint"})
    identity = "KeyName"

    def create(self, at: Context, wanted: Json) -> str:
        material = wanted["PublicKeyMaterial"].encode()
        made = at.call("ec2", "import_key_pair", KeyName=wanted["KeyName"], PublicKeyMaterial=material)
        at.created(wanted["KeyName"])
        retag(at, made["KeyPairId"], wanted, {})
        return at.physical

    def read(self, at: Context, id: str) -> Json | None:
        found = self.one(at, "describe_key_pairs", "KeyPairs", KeyNames=[id], IncludePublicKey=True)
        if found is None:
            return None
        return {"KeyName": found["KeyName"], "PublicKeyMaterial": found.get("PublicKey"), "Tags": tags_in(found)}

    def attributes(self, at: Context, id: str) -> Json:
        found = at.call("ec2", "describe_key_pairs", KeyNames=[id])["KeyPairs"][0]
        return pick(found, "KeyPairId", "KeyFingerprint")

    def update(self, at: Context, id: str, wanted: Json, before: Json) -> None:
        retag(at, self.attributes(at, id)["KeyPairId"], wanted, before)

    def delete(self, at: Context, id: str, properties: Json) -> None:
        at.find("ec2", "delete_key_pair", KeyName=id)

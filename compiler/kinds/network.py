"""A network: VPC, subnets in several availability zones, internet gateway, routes, gateway endpoints; no NAT."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from lenie.compiler.expressions import AvailabilityZone, Pseudo, Value, interpolate
from lenie.compiler.iam import POLICY_VERSION
from lenie.compiler.kind import Attribute, Resource
from lenie.compiler.naming import pascal
from lenie.compiler.place import Lowering
from lenie.compiler.spec import Model
from lenie.compiler.types import Cidr, Name, Reference, Text, To, fault

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_ATTRIBUTES: Mapping[str, Attribute] = {
    "id": Attribute("Vpc", description="Id of the VPC"),
    "cidr": Attribute("Vpc", "CidrBlock", "Network of the VPC in CIDR notation"),
}


class SubnetGroup(Model):
    """Subnets of one purpose: the n-th stands in the n-th availability zone of the region."""

    cidrs: Annotated[list[Cidr], Field(min_length=1, max_length=len(_LETTERS))]
    #: Whether the internet gateway is their way out, and instances get a public address.
    public: bool = False
    tags: dict[str, Text] = {}


class Subnet(To):
    """Annotation of a field that names one subnet: ``vpc.public-a``."""

    def __init__(self) -> None:
        """Accept a subnet of a network."""
        super().__init__("network", part=True)

    def parse(self, value: Any) -> Reference:
        """Return the reference that `value` writes."""
        reference = super().parse(value)
        if reference.part in _ATTRIBUTES:
            name = reference.name
            raise fault(f'"{value}" is no subnet', f"write {name}.GROUP-LETTER, for instance {name}.public-a")
        return reference


class Network(Resource):
    """A VPC with its subnets and routes.

    Public subnets reach the internet through the internet gateway; all others reach nothing but the VPC and what has a
    gateway endpoint, since a NAT gateway costs more than all the rest. The attribute ``<group>-<letter>`` is the id of
    a subnet, and the group's name stands for all of its subnets.

    Sources: AWS::EC2::VPC, AWS::EC2::Subnet, AWS::EC2::VPCEndpoint (CloudFormation template reference); Amazon VPC User
    Guide, "Gateway endpoints".
    """

    ATTRIBUTES: ClassVar[Mapping[str, Attribute]] = _ATTRIBUTES

    kind: Literal["network"]
    cidr: Cidr
    subnets: Annotated[dict[Name, SubnetGroup], Field(min_length=1)]
    endpoints: list[Literal["s3", "dynamodb"]] = []

    def attributes(self) -> Mapping[str, Attribute]:
        """Return the attributes, with one for each subnet."""
        found = dict(self.ATTRIBUTES)
        for group, parts in self.groups().items():
            for part in parts:
                found[part] = Attribute(_subnet(group, part[-1]), description=f"Id of the {group} subnet {part[-1]}")
        return found

    def groups(self) -> Mapping[str, tuple[str, ...]]:
        """Return each group's subnets."""
        return {
            group: tuple(f"{group}-{letter}" for letter in _LETTERS[: len(subnets.cidrs)])
            for group, subnets in self.subnets.items()
        }

    def published_path(self, attribute: str, name: str) -> str:
        """Return ``<name>-id`` and ``<name>-cidr`` for the VPC, ``<group>-subnet-<letter>/subnet-id`` for a subnet."""
        if attribute in self.ATTRIBUTES:
            return f"{name}-{attribute}"
        group, _, letter = attribute.rpartition("-")
        return f"{group}-subnet-{letter}/subnet-id"

    def lower(self, out: Lowering) -> None:
        """Add the VPC and all that belongs to it."""
        vpc = out.add(
            "Vpc",
            "AWS::EC2::VPC",
            {"CidrBlock": out.at("cidr", self.cidr), "EnableDnsSupport": True, "EnableDnsHostnames": True},
            accept={
                "CKV2_AWS_11": "Flow logs are charged by volume, and nobody would read them",
                "CKV2_AWS_12": "No resource is in the default security group, and CloudFormation cannot empty it",
            },
            tag_name=out.name(),
        )
        tables: dict[bool, Value] = {}
        if any(group.public for group in self.subnets.values()):
            tables[True] = self._public_routes(out, vpc)
        if self.endpoints or not all(group.public for group in self.subnets.values()):
            tables[False] = self._route_table(out, vpc, "private")
        for name, group in self.subnets.items():
            self._subnets(out, vpc, tables[group.public], name, group)
        for index, service in enumerate(self.endpoints):
            out.add(
                f"{pascal(service)}Endpoint",
                "AWS::EC2::VPCEndpoint",
                {
                    "VpcId": vpc,
                    "VpcEndpointType": "Gateway",
                    "ServiceName": interpolate("com.amazonaws.", Pseudo("region"), f".{service}"),
                    "RouteTableIds": [tables[False]],
                    "PolicyDocument": _endpoint_policy(service),
                },
                tag_name=out.name(None, f"-{service}"),
                path=(*out.declaration.path, "endpoints", index),
            )

    def _route_table(self, out: Lowering, vpc: Value, part: str) -> Value:
        properties = {"VpcId": vpc}
        return out.add(
            f"{pascal(part)}RouteTable", "AWS::EC2::RouteTable", properties, tag_name=out.name(None, f"-{part}")
        )

    def _public_routes(self, out: Lowering, vpc: Value) -> Value:
        """Add the internet gateway and the route table of the public subnets."""
        gateway = out.add("InternetGateway", "AWS::EC2::InternetGateway", {}, tag_name=out.name())
        attachment = out.add(
            "GatewayAttachment",
            "AWS::EC2::VPCGatewayAttachment",
            {"VpcId": vpc, "InternetGatewayId": gateway},
        )
        table = self._route_table(out, vpc, "public")
        out.add(
            "PublicRoute",
            "AWS::EC2::Route",
            {"RouteTableId": table, "DestinationCidrBlock": "0.0.0.0/0", "GatewayId": gateway},
            depends_on=[attachment],
        )
        return table

    def _subnets(self, out: Lowering, vpc: Value, table: Value, name: str, group: SubnetGroup) -> None:
        """Add the subnets of a group, each with its route table."""
        reason = "Instances here are reached from the internet, and an Elastic IP would cost more"
        for index, cidr in enumerate(group.cidrs):
            letter, place = _LETTERS[index], ("subnets", name)
            subnet = out.add(
                _subnet(name, letter),
                "AWS::EC2::Subnet",
                {
                    "VpcId": vpc,
                    "CidrBlock": out.at((*place, "cidrs", index), cidr),
                    "AvailabilityZone": AvailabilityZone(index),
                    "MapPublicIpOnLaunch": out.at((*place, "public"), group.public),
                    "Tags": out.at((*place, "tags"), out.text(group.tags)) if group.tags else None,
                },
                accept={"CKV_AWS_130": reason} if group.public else None,
                tag_name=out.name(None, f"-{name}-{letter}"),
                path=(*out.declaration.path, *place),
            )
            out.add(
                f"{_subnet(name, letter)}RouteTableAssociation",
                "AWS::EC2::SubnetRouteTableAssociation",
                {"SubnetId": subnet, "RouteTableId": table},
                path=(*out.declaration.path, *place),
            )


def _subnet(group: str, letter: str) -> str:
    return f"{pascal(group)}Subnet{letter.upper()}"


def _endpoint_policy(service: str) -> dict[str, Value]:
    """Return the policy of a gateway endpoint: this account's data only, so that none can be carried to another one.

    Sources: Amazon S3 User Guide, "Controlling access from VPC endpoints with bucket policies" (aws:ResourceAccount);
    Amazon DynamoDB Developer Guide, "Using Amazon VPC endpoints to access DynamoDB".
    """
    resource = interpolate("arn:", Pseudo("partition"), ":s3:::*")
    if service == "dynamodb":
        parts = ("arn:", Pseudo("partition"), ":dynamodb:", Pseudo("region"), ":", Pseudo("account"), ":table/*")
        resource = interpolate(*parts)
    statement: dict[str, Value] = {
        "Sid": "OwnAccount",
        "Effect": "Allow",
        "Principal": "*",
        "Action": f"{service}:*",
        "Resource": resource,
    }
    if service == "s3":
        statement["Condition"] = {"StringEquals": {"aws:ResourceAccount": Pseudo("account")}}
    return {"Version": POLICY_VERSION, "Statement": [statement]}


KIND = Network

"""Amazon EC2: Elastic IP addresses, and the NAT gateways that use them."""

from __future__ import annotations

from lenie.compiler.local.stacks.errors import Failed
from lenie.compiler.local.types.base import Context, Json, pick
from lenie.compiler.local.types.ec2 import Ec2Type, retag, tags_in


class Eip(Ec2Type):
    """An Elastic IP address; its id is the address, while EC2 changes it by the id of its allocation."""

    name = "AWS::EC2::EIP"
    properties = frozenset({"Domain", "InstanceId", "Tags"})
    returns = frozenset({"AllocationId", "PublicIp"})

    def create(self, at: Context, wanted: Json) -> str:
        self._check(wanted)
        made = at.call("ec2", "allocate_address", Domain="vpc")
        id = at.created(str(made["PublicIp"]))
        retag(at, made["AllocationId"], wanted, {})
        self._associate(at, made["AllocationId"], wanted)
        return id

    def read(self, at: Context, id: str) -> Json | None:
        found = self._found(at, id)
        if found is None:
            return None
        return {"Domain": found["Domain"], "InstanceId": found.get("InstanceId") or None, "Tags": tags_in(found)}

    def attributes(self, at: Context, id: str) -> Json:
        return pick(self._found(at, id), "AllocationId", "PublicIp")

    def update(self, at: Context, id: str, wanted: Json, before: Json) -> None:
        self._check(wanted)
        found = at.call("ec2", "describe_addresses", PublicIps=[id])["Addresses"][0]
        if wanted.get("InstanceId") != before.get("InstanceId"):
            # At another instance than the one of before, it is somebody else's.
            if found.get("InstanceId") and found["InstanceId"] == before.get("InstanceId"):
                at.call("ec2", "disassociate_address", AssociationId=found["AssociationId"])
            self._associate(at, found["AllocationId"], wanted)
        retag(at, found["AllocationId"], wanted, before)

    def delete(self, at: Context, id: str, properties: Json) -> None:
        found = self._found(at, id)
        if found is not None:
            at.find("ec2", "release_address", AllocationId=found["AllocationId"])

    def _found(self, at: Context, id: str) -> Json | None:
        return self.one(at, "describe_addresses", "Addresses", PublicIps=[id])

    @staticmethod
    def _associate(at: Context, allocation: str, wanted: Json) -> None:
        if "InstanceId" in wanted:
            at.call("ec2", "associate_address", AllocationId=allocation, InstanceId=wanted["InstanceId"])

    @staticmethod
    def _check(wanted: Json) -> None:
        if wanted.get("Domain", "vpc") != "vpc":
            raise Failed(f"The domain of an address is vpc, and not {wanted['Domain']}: EC2-Classic is retired")


class NatGateway(Ec2Type):
    """A NAT gateway in one subnet, public by an address, or private. It is an entry: no traffic passes it."""

    name = "AWS::EC2::NatGateway"
    properties = frozenset({"AllocationId", "ConnectivityType", "SubnetId", "Tags"})
    required = frozenset({"SubnetId"})
    returns = frozenset({"EniId", "NatGatewayId"})

    def create(self, at: Context, wanted: Json) -> str:
        kind = wanted.get("ConnectivityType", "public")
        if (kind == "public") != ("AllocationId" in wanted):
            needs = "needs an AllocationId" if kind == "public" else "takes no AllocationId"
            raise Failed(f"A NAT gateway whose ConnectivityType is {kind} {needs}")
        given = pick(wanted, "AllocationId", "SubnetId")
        made = at.call("ec2", "create_nat_gateway", ConnectivityType=kind, **given)
        return self.named(at, wanted, made["NatGateway"]["NatGatewayId"])

    def read(self, at: Context, id: str) -> Json | None:
        found = self._found(at, id)
        if found is None:
            return None
        (address,) = found["NatGatewayAddresses"]
        return {
            **pick(found, "ConnectivityType", "SubnetId"),
            **pick(address, "AllocationId"),
            "Tags": tags_in(found),
        }

    def attributes(self, at: Context, id: str) -> Json:
        (address,) = (self._found(at, id) or {})["NatGatewayAddresses"]
        return {"EniId": address["NetworkInterfaceId"], "NatGatewayId": id}

    def delete(self, at: Context, id: str, properties: Json) -> None:
        at.find("ec2", "delete_nat_gateway", NatGatewayId=id)

    def _found(self, at: Context, id: str) -> Json | None:
        return self.one(at, "describe_nat_gateways", "NatGateways", NatGatewayIds=[id])

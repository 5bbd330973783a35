"""Amazon EC2: security groups and their rules."""

from __future__ import annotations

from lenie.compiler.local.types.base import Context, Json, number, pick
from lenie.compiler.local.types.ec2 import Ec2Type, retag, tags_in

#: A rule's peer: its name in CloudFormation's ingress and egress rules, and where EC2's permissions have it.
_PEERS = {
    "CidrIp": ("IpRanges", "CidrIp"),
    "CidrIpv6": ("Ipv6Ranges", "CidrIpv6"),
    "SourcePrefixListId": ("PrefixListIds", "PrefixListId"),
    "DestinationPrefixListId": ("PrefixListIds", "PrefixListId"),
    "SourceSecurityGroupId": ("UserIdGroupPairs", "GroupId"),
    "DestinationSecurityGroupId": ("UserIdGroupPairs", "GroupId"),
}
_EVERYTHING = {"IpProtocol": "-1", "CidrIp": "0.0.0.0/0"}


class SecurityGroup(Ec2Type):
    """A security group with its rules; without egress rules, everything may leave."""

    name = "AWS::EC2::SecurityGroup"
    properties = frozenset(
        {"GroupName", "GroupDescription", "VpcId", "SecurityGroupIngress", "SecurityGroupEgress", "Tags"}
    )
    required = frozenset({"GroupDescription"})
    returns = frozenset({"GroupId", "Id", "VpcId"})

    def create(self, at: Context, wanted: Json) -> str:
        name = wanted.get("GroupName") or at.name(255)
        given = pick(wanted, "VpcId")
        made = at.call("ec2", "create_security_group", GroupName=name, Description=wanted["GroupDescription"], **given)
        id = self.named(at, wanted, made["GroupId"])
        if wanted.get("SecurityGroupEgress"):
            at.call("ec2", "revoke_security_group_egress", GroupId=id, IpPermissions=[_permission(_EVERYTHING)])
        self._rules(at, id, wanted, {})
        return id

    def read(self, at: Context, id: str) -> Json | None:
        found = self.one(at, "describe_security_groups", "SecurityGroups", GroupIds=[id])
        if found is None:
            return None
        return {
            "GroupName": found["GroupName"],
            "GroupDescription": found["Description"],
            "VpcId": found.get("VpcId"),
            "SecurityGroupIngress": _told(found["IpPermissions"], "Source"),
            "SecurityGroupEgress": _told(found["IpPermissionsEgress"], "Destination"),
            "Tags": tags_in(found),
        }

    def attributes(self, at: Context, id: str) -> Json:
        return {"GroupId": id, "Id": id, **pick(self.read(at, id), "VpcId")}

    def update(self, at: Context, id: str, wanted: Json, before: Json) -> None:
        everything = {"SecurityGroupEgress": [_EVERYTHING]}
        new = wanted if wanted.get("SecurityGroupEgress") else {**wanted, **everything}
        old = before if before.get("SecurityGroupEgress") else {**before, **everything}
        self._rules(at, id, new, old)
        retag(at, id, wanted, before)

    def delete(self, at: Context, id: str, properties: Json) -> None:
        at.find("ec2", "delete_security_group", GroupId=id)

    @staticmethod
    def _rules(at: Context, id: str, wanted: Json, before: Json) -> None:
        for name, side in (("SecurityGroupIngress", "ingress"), ("SecurityGroupEgress", "egress")):
            new, old = wanted.get(name) or [], before.get(name) or []
            gone = [_permission(rule) for rule in old if rule not in new]
            more = [_permission(rule) for rule in new if rule not in old]
            if gone:
                at.call("ec2", f"revoke_security_group_{side}", GroupId=id, IpPermissions=gone)
            if more:
                at.call("ec2", f"authorize_security_group_{side}", GroupId=id, IpPermissions=more)


def _permission(rule: Json) -> Json:
    """Return a rule in EC2's form; a key that is not known stays, and EC2 refuses it."""
    peers = {key: value for key, value in rule.items() if key in _PEERS}
    rest: Json = {
        key: value for key, value in rule.items() if key not in (*_PEERS, "Description", "FromPort", "ToPort")
    }
    ports: Json = {key: number(rule[key]) for key in ("FromPort", "ToPort") if key in rule}
    permission: Json = {**rest, **ports, "IpProtocol": str(rule["IpProtocol"])}
    for key, value in peers.items():
        ranges, member = _PEERS[key]
        permission[ranges] = [{member: value, **pick(rule, "Description")}]
    return permission


def _told(permissions: list[Json], side: str) -> list[Json]:
    """Return EC2's permissions as rules, one for each peer."""
    rules = []
    for permission in permissions:
        base = pick(permission, "IpProtocol", "FromPort", "ToPort")
        for ranges, member in set(_PEERS.values()):
            for peer in permission.get(ranges, []):
                name = next(
                    key for key, at in _PEERS.items() if at == (ranges, member) and key.startswith((side, "Cidr"))
                )
                rules.append({**base, name: peer.get(member), **pick(peer, "Description")})
    return rules

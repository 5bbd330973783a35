"""Security groups and their rules."""

from __future__ import annotations

from typing import Any, ClassVar, NamedTuple

from standin import ec2
from standin.aws import Aws
from standin.resource import Resource, State, generated_name
from standin.tags import as_map

ALL_PROTOCOLS = "-1"


class Atom(NamedTuple):
    """A rule for one source or destination, as the API counts them."""

    protocol: str
    from_port: int
    to_port: int
    kind: str  # the inline attribute that it comes from
    peer: str
    description: str


#: Inline attribute -> key of the peer in a rule of the API, and in a permission: (rule, list, key of an item).
_PEERS = {
    "cidr_blocks": ("CidrIpv4", "IpRanges", "CidrIp"),
    "ipv6_cidr_blocks": ("CidrIpv6", "Ipv6Ranges", "CidrIpv6"),
    "prefix_list_ids": ("PrefixListId", "PrefixListIds", "PrefixListId"),
    "security_groups": ("ReferencedGroupInfo", "UserIdGroupPairs", "GroupId"),
}


def _rules(aws: Aws, group: str) -> list[dict[str, Any]]:
    client = aws.client("ec2")
    return list(
        client.describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [group]}])["SecurityGroupRules"]
    )


def _peer(rule: dict[str, Any], kind: str) -> str | None:
    peer = rule.get(_PEERS[kind][0])
    return peer["GroupId"] if isinstance(peer, dict) else peer


def _atoms(inline: list[State], group: str) -> list[Atom]:
    """Return the atoms of inline rules."""
    atoms = []
    for rule in inline:
        for kind in _PEERS:
            peers = [*(rule[kind] or []), *([group] if kind == "security_groups" and rule["self"] else [])]
            atoms += [_atom(rule["protocol"], rule["from_port"], rule["to_port"], kind, peer, rule) for peer in peers]
    return atoms


def _atom(protocol: str, from_port: int, to_port: int, kind: str, peer: str, rule: State) -> Atom:
    ports = (0, 0) if protocol == ALL_PROTOCOLS else (from_port, to_port)
    return Atom(protocol, *ports, kind, peer, rule.get("description") or rule.get("Description") or "")


def _permission(atom: Atom) -> dict[str, Any]:
    """Return the API's argument for an atom."""
    _, items, key = _PEERS[atom.kind]
    item = {key: atom.peer, **({"Description": atom.description} if atom.description else {})}
    ports = {} if atom.protocol == ALL_PROTOCOLS else {"FromPort": atom.from_port, "ToPort": atom.to_port}
    return {"IpProtocol": atom.protocol, **ports, items: [item]}


class SecurityGroup(Resource):
    """aws_security_group; as the provider does, it takes away the rule that lets everything out."""

    settled: ClassVar[frozenset[str]] = frozenset({"name_prefix", "revoke_rules_on_delete"})

    def create(self, aws: Aws, planned: State) -> str:
        client = aws.client("ec2")
        vpc = {"VpcId": planned["vpc_id"]} if planned["vpc_id"] else {}
        group = client.create_security_group(
            GroupName=generated_name(planned, "name"),
            Description=planned["description"],
            TagSpecifications=ec2.tag_specifications("security-group", planned),
            **vpc,
        )["GroupId"]
        everywhere = Atom(ALL_PROTOCOLS, 0, 0, "cidr_blocks", "0.0.0.0/0", "")
        client.revoke_security_group_egress(GroupId=group, IpPermissions=[_permission(everywhere)])
        self._change(aws, group, {"ingress": [], "egress": []}, planned)
        return str(group)

    @staticmethod
    def _change(aws: Aws, group: str, prior: State, planned: State) -> None:
        client = aws.client("ec2")
        for direction in ("ingress", "egress"):
            before, after = (_atoms(state[direction] or [], group) for state in (prior, planned))
            for atom in before:
                if atom not in after:
                    revoke = getattr(client, f"revoke_security_group_{direction}")
                    revoke(GroupId=group, IpPermissions=[_permission(atom)])
            for atom in after:
                if atom not in before:
                    authorize = getattr(client, f"authorize_security_group_{direction}")
                    authorize(GroupId=group, IpPermissions=[_permission(atom)])

    def read(self, aws: Aws, state: State) -> State | None:
        group = ec2.found(aws.client("ec2").describe_security_groups, "SecurityGroups", GroupIds=[state["id"]])
        if group is None:
            return None
        rules = _rules(aws, group["GroupId"])
        return {
            "id": group["GroupId"],
            "arn": aws.arn("ec2", f"security-group/{group['GroupId']}"),
            "name": group["GroupName"],
            "name_prefix": state["name_prefix"] or "",
            "description": group["Description"],
            "owner_id": group["OwnerId"],
            "vpc_id": group.get("VpcId", ""),
            "ingress": self._inline(rules, state["ingress"] or [], group["GroupId"], egress=False),
            "egress": self._inline(rules, state["egress"] or [], group["GroupId"], egress=True),
            "tags_all": as_map(group.get("Tags")),
        }

    @staticmethod
    def _inline(rules: list[dict[str, Any]], before: list[State], group: str, *, egress: bool) -> list[State]:
        """Return rules in the form of the inline attributes: divided as they were before, as far as they are there."""
        atoms = [
            _atom(rule["IpProtocol"], rule["FromPort"], rule["ToPort"], kind, peer, rule)
            for rule in rules
            if rule["IsEgress"] is egress
            for kind in _PEERS
            if (peer := _peer(rule, kind)) is not None
        ]
        result = []
        for rule in before:
            wanted = _atoms([rule], group)
            if wanted and all(atom in atoms for atom in wanted):
                result.append(rule)
                atoms = [atom for atom in atoms if atom not in wanted]
        for atom in atoms:
            itself = atom.kind == "security_groups" and atom.peer == group
            result.append(
                {
                    "protocol": atom.protocol,
                    "from_port": atom.from_port,
                    "to_port": atom.to_port,
                    "description": atom.description,
                    "self": itself,
                    **{kind: [atom.peer] if kind == atom.kind and not itself else [] for kind in _PEERS},
                }
            )
        return result

    def update(self, aws: Aws, prior: State, planned: State) -> None:
        self._change(aws, prior["id"], prior, planned)
        ec2.change_tags(aws, prior, planned)

    def delete(self, aws: Aws, state: State) -> None:
        aws.client("ec2").delete_security_group(GroupId=state["id"])


#: Attribute of a single rule -> inline attribute of the same meaning.
_SINGLE = {
    "cidr_ipv4": "cidr_blocks",
    "cidr_ipv6": "ipv6_cidr_blocks",
    "prefix_list_id": "prefix_list_ids",
    "referenced_security_group_id": "security_groups",
}


class _Rule(Resource):
    direction: ClassVar[str]

    def create(self, aws: Aws, planned: State) -> str:
        authorize = getattr(aws.client("ec2"), f"authorize_security_group_{self.direction}")
        made = authorize(
            GroupId=planned["security_group_id"],
            IpPermissions=[_permission(self._planned(planned))],
            TagSpecifications=ec2.tag_specifications("security-group-rule", planned),
        )["SecurityGroupRules"]
        return str(made[0]["SecurityGroupRuleId"])

    @staticmethod
    def _planned(planned: State) -> Atom:
        name = next(name for name in _SINGLE if planned[name])
        ports = planned["from_port"], planned["to_port"]
        return _atom(planned["ip_protocol"], *ports, _SINGLE[name], planned[name], planned)

    def read(self, aws: Aws, state: State) -> State | None:
        rules = aws.client("ec2").describe_security_group_rules()["SecurityGroupRules"]
        rule = next((one for one in rules if one["SecurityGroupRuleId"] == state["id"]), None)
        if rule is None or rule["IsEgress"] is not (self.direction == "egress"):
            return None
        every = rule["IpProtocol"] == ALL_PROTOCOLS
        return {
            "id": rule["SecurityGroupRuleId"],
            "security_group_rule_id": rule["SecurityGroupRuleId"],
            "arn": aws.arn("ec2", f"security-group-rule/{rule['SecurityGroupRuleId']}"),
            "security_group_id": rule["GroupId"],
            "ip_protocol": rule["IpProtocol"],
            "from_port": None if every else rule["FromPort"],
            "to_port": None if every else rule["ToPort"],
            "description": rule.get("Description") or None,
            **{name: _peer(rule, kind) for name, kind in _SINGLE.items()},
            "tags_all": as_map(rule.get("Tags")),
        }

    def update(self, aws: Aws, prior: State, planned: State) -> None:
        atom = self._planned(planned)
        if atom == self._planned(prior):
            ec2.change_tags(aws, prior, planned)
            return
        every = atom.protocol == ALL_PROTOCOLS
        ports = {"FromPort": -1 if every else atom.from_port, "ToPort": -1 if every else atom.to_port}
        key = "ReferencedGroupId" if atom.kind == "security_groups" else _PEERS[atom.kind][0]
        rule = {"IpProtocol": atom.protocol, **ports, key: atom.peer, "Description": atom.description}
        aws.client("ec2").modify_security_group_rules(
            GroupId=prior["security_group_id"],
            SecurityGroupRules=[{"SecurityGroupRuleId": prior["id"], "SecurityGroupRule": rule}],
        )
        ec2.change_tags(aws, prior, planned)

    def delete(self, aws: Aws, state: State) -> None:
        revoke = getattr(aws.client("ec2"), f"revoke_security_group_{self.direction}")
        revoke(GroupId=state["security_group_id"], SecurityGroupRuleIds=[state["id"]])


class IngressRule(_Rule):
    """aws_vpc_security_group_ingress_rule."""

    direction: ClassVar[str] = "ingress"


class EgressRule(_Rule):
    """aws_vpc_security_group_egress_rule."""

    direction: ClassVar[str] = "egress"


RESOURCES: dict[str, type[Resource]] = {
    "aws_security_group": SecurityGroup,
    "aws_vpc_security_group_ingress_rule": IngressRule,
    "aws_vpc_security_group_egress_rule": EgressRule,
}

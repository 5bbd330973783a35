"""Security groups: what may come in, as the spec writes it, as rules read it, and as CloudFormation takes it.

In the spec, ``ingress:`` is a map from ports to sources::

    ingress:
      22/tcp: ${param.admin-cidrs}      # a parameter of type cidr or list(cidr)
      443/tcp: anywhere                 # 0.0.0.0/0
      8000-8100/tcp: [10.0.0.0/8, bastion]
      icmp/echo: 10.0.0.0/8             # what ping sends

A source is a network in CIDR notation, ``anywhere``, a parameter, or the name of a security group or an instance.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, NamedTuple

from pydantic_core import PydanticCustomError

from lenie.compiler.diagnostics import Report
from lenie.compiler.expressions import AttributeOf, Value
from lenie.compiler.place import Located, Lowering, Place
from lenie.compiler.program import Program
from lenie.compiler.span import Path
from lenie.compiler.types import NAME, Parsed, Reference, Template, fault, faults_at, parse_cidr, parse_texts

#: Every IPv4 address; ``anywhere`` in the spec.
ANYWHERE = "0.0.0.0/0"
#: Kinds that have a security group.
GROUP_KINDS = ("security-group", "instance")
ECHO = "icmp/echo"

_PORTS = re.compile(r"([0-9]{1,5})(?:-([0-9]{1,5}))?/(tcp|udp)")
_PORTS_HELP = "write 22/tcp, 1194/udp, 8000-8100/tcp or icmp/echo"
_SOURCE_HELP = "write a network (10.0.0.0/8), anywhere, a parameter (${param.name}), or the name of a security group"

#: A network, a parameter that holds networks, or a resource that has a security group.
Source = str | Template | Reference


class IngressRule(NamedTuple):
    """One entry of an ``ingress:`` map: the ports of `protocol`, and who may reach them.

    `protocol` is ``tcp``, ``udp`` or ``icmp``. `from_port` and `to_port` are port numbers; for ICMP they are type and
    code, where -1 is any code. Each source stands with its path below ``ingress``.
    """

    key: str
    protocol: str
    from_port: int
    to_port: int
    sources: tuple[tuple[Path, Source], ...]

    def opens(self, port: int, protocol: str = "tcp") -> bool:
        """Return whether the rule opens `port`."""
        return self.protocol == protocol and self.from_port <= port <= self.to_port


def rules(ingress: Mapping[str, Source | list[Source]]) -> Iterator[IngressRule]:
    """Yield the entries of a parsed ``ingress:`` map, in its order."""
    for key, value in ingress.items():
        protocol, first, last = _ports(key)
        if isinstance(value, list):
            sources: tuple[tuple[Path, Source], ...] = tuple(((key, i), source) for i, source in enumerate(value))
        else:
            sources = (((key,), value),)
        yield IngressRule(key, protocol, first, last, sources)


def networks(program: Program, source: Source) -> tuple[str, ...]:
    """Return the networks that `source` may stand for, in all environments; none for a security group."""
    if isinstance(source, Reference):
        return ()
    if isinstance(source, str):
        return (source,)
    lookup = source.single
    assert lookup is not None, "a source is a single lookup"
    parameter = program.document.parameters[lookup.attribute]
    found: dict[str, None] = {}
    for value in (parameter.default, *parameter.values.values()):
        found.update(dict.fromkeys(str(item) for item in (value if isinstance(value, list) else [value])))
    return tuple(found)


def parse_ingress(value: Any) -> dict[str, Source | list[Source]]:
    """Return an ``ingress:`` map with its sources parsed.

    Raises:
        PydanticCustomError: if it is no map.
        ValidationError: with all entries that are wrong, each at its place.
    """
    if not isinstance(value, dict):
        raise fault("a map from ports to sources is wanted here", "write {22/tcp: 10.0.0.0/8}")
    parsed: dict[str, Source | list[Source]] = {}
    faults: list[tuple[tuple[str | int, ...], PydanticCustomError]] = []
    for key, sources in value.items():
        try:
            _ports(key)
        except PydanticCustomError as error:
            faults.append(((key, "[key]"), error))
        if isinstance(sources, list) and not sources:
            faults.append(((key,), fault(f"nothing may reach {key}", "name a source, or remove the entry")))
        listed: list[Source] = []
        for index, source in enumerate(sources if isinstance(sources, list) else [sources]):
            try:
                listed.append(parse_source(source))
            except PydanticCustomError as error:
                faults.append(((key, index) if isinstance(sources, list) else (key,), error))
        if listed:
            parsed[key] = listed if isinstance(sources, list) else listed[0]
    if faults:
        raise faults_at(faults)
    return parsed


def parse_source(value: Any) -> Source:
    """Return what may stand as a source of traffic.

    Raises:
        PydanticCustomError: if it is none.
    """
    if not isinstance(value, str):
        raise fault("a source of traffic is wanted here", _SOURCE_HELP)
    if value == "anywhere":
        return ANYWHERE
    if "${" in value:
        text = parse_texts(value)
        if isinstance(text, Template) and text.single is not None and text.single.head == "param":
            return text
        raise fault(f'"{value}" is no source of traffic', _SOURCE_HELP)
    if "/" in value:
        return parse_cidr(value)
    if NAME.fullmatch(value):
        return Reference(value, "", GROUP_KINDS)
    try:
        address = ipaddress.ip_address(value)
    except ValueError:
        raise fault(f'"{value}" is no source of traffic', _SOURCE_HELP) from None
    meant = f"{address}/{address.max_prefixlen}"
    raise fault(f'"{value}" is an address, and a network is wanted here', f"did you mean {meant}?")


def _ports(key: Any) -> tuple[str, int, int]:
    """Return protocol, first and last port of an entry's key."""
    if key == ECHO:
        return "icmp", 8, -1  # RFC 792: type 8 is an echo request
    match = _PORTS.fullmatch(key) if isinstance(key, str) else None
    if match is None:
        raise fault(f'"{key}" is no port', _PORTS_HELP)
    first, last = int(match.group(1)), int(match.group(2) or match.group(1))
    if not 0 < first <= last < 65536:
        raise fault(f'"{key}" is no range of ports', "ports are between 1 and 65535, the lower one first")
    return match.group(3), first, last


Ingress = Annotated[
    dict[str, Source | list[Source]],
    Parsed(
        parse_ingress,
        {
            "type": "object",
            "propertyNames": {"pattern": "^([0-9]{1,5}(-[0-9]{1,5})?/(tcp|udp)|icmp/echo)$"},
            "additionalProperties": {"type": ["string", "array"], "items": {"type": "string"}},
            "description": "Who may connect to which ports: networks, anywhere, parameters, or security groups",
        },
    ),
]


def check_ingress(at: Place, ingress: Mapping[str, Source | list[Source]], report: Report) -> None:
    """Report parameters among the sources that hold no networks, and networks that a rule has twice."""
    for rule in rules(ingress):
        for path, source in rule.sources:
            lookup = source.single if isinstance(source, Template) else None
            parameter = at.program.document.parameters[lookup.attribute] if lookup is not None else None
            if lookup is not None and parameter is not None and parameter.type not in ("cidr", "list(cidr)"):
                report.add(
                    "E304",
                    f'parameter "{lookup.attribute}" is a {parameter.type}, and a cidr or list(cidr) is wanted here',
                    (*at.declaration.path, "ingress", *path),
                    also=[(("parameters", lookup.attribute), "declared here")],
                    help="give the parameter the type cidr or list(cidr)",
                )
    _check_once(at, ingress, report)


def _check_once(at: Place, ingress: Mapping[str, Source | list[Source]], report: Report) -> None:
    """Report who may come in twice by the same ports, in any environment: EC2 refuses a rule that is there already."""
    for environment in at.program.document.environments:
        seen: dict[tuple[str, int, int, str], Path] = {}
        for rule in rules(ingress):
            for path, source in rule.sources:
                for peer in _peers(at.program, source, environment):
                    key = (rule.protocol, rule.from_port, rule.to_port, peer)
                    if key not in seen:
                        seen[key] = path
                        continue
                    place: Path = (*at.declaration.path, "ingress")
                    report.add(
                        "E304",
                        f'"{peer}" may reach {rule.key} twice, and EC2 refuses a rule that is there already',
                        (*place, *path),
                        also=[((*place, *seen[key]), "the other one")] if seen[key] != path else [],
                        help="remove one of the two",
                    )
                    return


def _peers(program: Program, source: Source, environment: str) -> list[str]:
    """Return the networks that `source` stands for in `environment`, or the name of its resource."""
    if not isinstance(source, Template):
        return [source if isinstance(source, str) else source.name]
    lookup = source.single
    assert lookup is not None, "a source is a single lookup"
    parameter = program.document.parameters[lookup.attribute]
    value = parameter.values.get(environment, parameter.default)
    return [str(item) for item in (value if isinstance(value, list) else [value])]


def add_security_group(
    out: Lowering,
    network: Reference,
    description: Value | Located,
    ingress: list[Located],
    *,
    egress: bool = True,
    network_field: str = "network",
    accept: Mapping[str, str] | None = None,
) -> AttributeOf:
    """Add a security group of `network` with `ingress` (see `ingress_rules`, `group_rule`); return its id.

    Outgoing traffic is written out in either case, since CloudFormation and Terraform differ in what they do without.
    Source: AWS::EC2::SecurityGroup (CloudFormation template reference), "Remove default rule".
    """
    reasons = dict(accept or {})
    if egress:
        out_rule: dict[str, Value] = {"CidrIp": ANYWHERE, "IpProtocol": "-1", "Description": "To anywhere"}
        reasons["CKV_AWS_382"] = "Routes and gateways bound its traffic; the addresses of services change"
    else:
        out_rule = {"CidrIp": "127.0.0.1/32", "IpProtocol": "-1", "Description": "To nowhere: it opens no connections"}
    out.add(
        "SecurityGroup",
        "AWS::EC2::SecurityGroup",
        {
            "GroupName": out.name(),
            "GroupDescription": description,
            "VpcId": out.at(network_field, out.attribute(network.name, "id")),
            "SecurityGroupIngress": ingress or None,
            "SecurityGroupEgress": [out_rule],
        },
        accept=reasons,
        tag_name=out.name(),
    )
    return out.get("SecurityGroup", "GroupId")


def ingress_rules(out: Lowering, ingress: Mapping[str, Source | list[Source]]) -> list[Located]:
    """Return the rules of a security group for an ``ingress:`` map: one for each source, or element of a parameter."""
    lowered: list[Located] = []
    for rule in rules(ingress):
        for path, source in rule.sources:
            place = ("ingress", *path)
            if isinstance(source, Reference):
                lowered.append(group_rule(out, source, rule.protocol, rule.from_port, rule.to_port, rule.key, place))
                continue
            lookup = source.single if isinstance(source, Template) else None
            name = "anywhere" if source == ANYWHERE else lookup.attribute if lookup is not None else source
            for network in out.items(source):
                peer = _peer(network, rule)
                lowered.append(out.at(place, {**peer, "Description": f"{rule.key} from {name}"}))
    return lowered


def group_rule(
    out: Lowering, source: Reference, protocol: str, from_port: int, to_port: int, key: str, place: Path
) -> Located:
    """Return the rule that lets the security group of `source` in; `place` is where the spec says so."""
    declaration = out.program.declarations[source.name]
    attribute = "id" if declaration.model.kind == "security-group" else "security-group"
    return out.at(
        place,
        {
            "IpProtocol": protocol,
            "FromPort": from_port,
            "ToPort": to_port,
            "SourceSecurityGroupId": out.attribute(source.name, attribute),
            "Description": f"{key} from {source.name}",
        },
    )


def _peer(network: Value, rule: IngressRule) -> dict[str, Value]:
    """Return ports and network of a rule. ICMP for IPv6 is another protocol, whose echo is type 128 (RFC 4443)."""
    if not (isinstance(network, str) and ":" in network):
        return {"IpProtocol": rule.protocol, "FromPort": rule.from_port, "ToPort": rule.to_port, "CidrIp": network}
    if rule.protocol == "icmp":
        return {"IpProtocol": "icmpv6", "FromPort": 128, "ToPort": -1, "CidrIpv6": network}
    return {"IpProtocol": rule.protocol, "FromPort": rule.from_port, "ToPort": rule.to_port, "CidrIpv6": network}

"""A port for administrators or a database is open to the whole internet.

Addresses are scanned all the time: within minutes somebody tries passwords and known faults on an open SSH or
PostgreSQL port. Such ports are open to named networks, or to the security groups of named resources. Every range of
ports that holds one of them counts, and every network wider than /8, also as the value of a parameter.
Sources: Amazon VPC User Guide, "Control traffic to your AWS resources using security groups"; AWS Security Hub User
Guide, "Security groups should not allow unrestricted access to ports with high risk".

Wrong:

    ssh: {kind: security-group, ingress: {22/tcp: anywhere}, ...}

Right:

    parameters:
      admin-cidrs: {type: list(cidr), default: [203.0.113.10/32], description: Networks of the administrators}
    ...
    ssh: {kind: security-group, ingress: {22/tcp: "${param.admin-cidrs}"}, ...}

Waive it where an open port is the purpose:

    honeypot: {kind: instance, waive: {E315: it is there to be attacked}, ...}
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from ipaddress import ip_network
from typing import Any

from lenie.compiler.ingress import networks, rules
from lenie.compiler.program import Program
from lenie.compiler.rules import Finding
from lenie.compiler.rules._raw import RawResource, raw_resources
from lenie.compiler.rules._values import parameter_texts
from lenie.compiler.span import Path
from lenie.compiler.types import Template

CODE = "E315"
#: TCP ports that nobody opens to everybody, and what answers there.
PORTS: Mapping[int, str] = {
    22: "SSH",
    23: "Telnet",
    135: "RPC",
    445: "SMB",
    1433: "SQL Server",
    1521: "Oracle",
    2375: "Docker",
    3306: "MySQL",
    3389: "RDP",
    5432: "PostgreSQL",
    5439: "Redshift",
    5900: "VNC",
    5985: "WinRM",
    6379: "Redis",
    9200: "OpenSearch",
    11211: "Memcached",
    27017: "MongoDB",
}
#: A network with a shorter prefix is as good as everybody: IPv4 and IPv6.
_SHORTEST = {4: 8, 6: 16}
_HELP = "name the networks that need it, or the security group of a resource"


def check(program: Program, finding: Finding) -> None:
    """Report such ports in security groups and instances, and in raw security groups."""
    for declaration in program.declarations.values():
        ingress = getattr(declaration.model, "ingress", None)
        if not isinstance(ingress, dict):
            continue
        for rule in rules(ingress):
            opened = [port for port in PORTS if rule.opens(port)]
            for path, source in rule.sources:
                wide = [network for network in networks(program, source) if is_wide(network)]
                if opened and wide:
                    lookup = source.single if isinstance(source, Template) else None
                    also = [(("parameters", lookup.attribute), "its value")] if lookup is not None else []
                    finding(_message(opened, wide[0]), (*declaration.path, "ingress", *path), help=_HELP, also=also)
    for raw in raw_resources(program):
        for entry, path in _raw_rules(raw):
            _check_raw(program, entry, path, finding)


def is_wide(network: str) -> bool:
    """Return whether a network holds so many addresses that it is as good as everybody."""
    try:
        parsed = ip_network(network)
    except ValueError:
        return False
    return parsed.prefixlen < _SHORTEST[parsed.version]


def _message(ports: list[int], network: str) -> str:
    named = [f"{port} ({PORTS[port]})" for port in ports[:3]]
    more = f" and {len(ports) - 3} more" if len(ports) > 3 else ""
    return f"port{'s' if len(ports) > 1 else ''} {', '.join(named)}{more} can be reached from {network}"


def _raw_rules(raw: RawResource) -> Iterator[tuple[Mapping[str, Any], Path]]:
    """Yield the ingress rules of a raw resource with their places."""
    if raw.type == "AWS::EC2::SecurityGroupIngress":
        yield raw.properties, raw.properties_path
    listed = raw.properties.get("SecurityGroupIngress") if raw.type == "AWS::EC2::SecurityGroup" else None
    for index, entry in enumerate(listed if isinstance(listed, list) else ()):
        if isinstance(entry, Mapping):
            yield entry, (*raw.properties_path, "SecurityGroupIngress", index)


def _check_raw(program: Program, entry: Mapping[str, Any], path: Path, finding: Finding) -> None:
    if str(entry.get("IpProtocol")) not in ("-1", "6", "tcp"):
        return
    everything = str(entry.get("IpProtocol")) == "-1"
    first, last = (0, 65535) if everything else (_port(entry.get("FromPort"), 0), _port(entry.get("ToPort"), 65535))
    opened = [port for port in PORTS if first <= port <= last]
    for field in ("CidrIp", "CidrIpv6"):
        wide = [network for network in _raw_networks(program, entry.get(field)) if is_wide(network)]
        if opened and wide:
            finding(_message(opened, wide[0]), (*path, field), help=_HELP)


def _raw_networks(program: Program, value: Any) -> list[str]:
    if isinstance(value, Template) and value.single is not None and value.single.head == "param":
        return [text for _, text in parameter_texts(program, value.single.attribute)]
    return [value] if isinstance(value, str) else []


def _port(value: Any, default: int) -> int:
    """Return a port number, or the end of the range where none is known."""
    if isinstance(value, str) and value.isdecimal():
        return int(value)
    return value if isinstance(value, int) and value >= 0 else default

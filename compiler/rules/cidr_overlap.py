"""A network's subnets overlap, lie outside it, or have a size that AWS refuses.

A VPC and each of its subnets have between 16 (/28) and 65536 (/16) addresses, a subnet lies inside its VPC, and two
subnets share no address. A group of subnets has one for each availability zone, a to f. CloudFormation tells one fault
at a time, after minutes; here all of them are told at once.
Sources: Amazon VPC User Guide, "VPC CIDR blocks" and "Subnet CIDR blocks".

Wrong:

    vpc:
      kind: network
      cidr: 10.0.0.0/16
      subnets:
        public:  {cidrs: [10.0.1.0/24], public: true}
        private: {cidrs: [10.0.0.0/20]}

Right:

    vpc:
      kind: network
      cidr: 10.0.0.0/16
      subnets:
        public:  {cidrs: [10.0.1.0/24], public: true}
        private: {cidrs: [10.0.16.0/20]}

AWS would refuse such a network, so a waiver (waive: {E310: reason}) helps only where this rule is out of date.
"""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network, ip_network

from lenie.compiler.kinds.network import Network
from lenie.compiler.program import Declaration, Program
from lenie.compiler.rules import Finding
from lenie.compiler.span import Path

CODE = "E310"
#: Shortest and longest prefix of a VPC and of a subnet.
SHORTEST, LONGEST = 16, 28
#: Letters of availability zones.
ZONES = "abcdef"


def check(program: Program, finding: Finding) -> None:
    """Report the faults of each network's address plan."""
    for declaration, network in program.of(Network):
        whole = ip_network(network.cidr)
        if not _fits(whole, (*declaration.path, "cidr"), "a VPC", finding):
            continue
        _check_subnets(declaration, network, whole, finding)


def _check_subnets(
    declaration: Declaration, network: Network, whole: IPv4Network | IPv6Network, finding: Finding
) -> None:
    earlier: list[tuple[IPv4Network | IPv6Network, Path]] = []
    for group, subnets in network.subnets.items():
        cidrs: Path = (*declaration.path, "subnets", group, "cidrs")
        if len(subnets.cidrs) > len(ZONES):
            finding(
                f'the group "{group}" has {len(subnets.cidrs)} subnets, and a region has at most {len(ZONES)} zones',
                cidrs,
                help="write one network for each availability zone",
            )
        for index, cidr in enumerate(subnets.cidrs):
            subnet, path = ip_network(cidr), (*cidrs, index)
            if not _fits(subnet, path, "a subnet", finding):
                continue
            if not _inside(subnet, whole):
                finding(
                    f"{subnet} lies outside the network {whole}",
                    path,
                    help=f"choose a part of {whole}",
                    also=[((*declaration.path, "cidr"), "the network")],
                )
            for other, place in earlier:
                if subnet.overlaps(other):
                    finding(
                        f"{subnet} overlaps {other}",
                        path,
                        help="choose networks that share no address",
                        also=[(place, "the other subnet")],
                    )
            earlier.append((subnet, path))


def _fits(network: IPv4Network | IPv6Network, path: Path, what: str, finding: Finding) -> bool:
    """Return whether AWS takes a network of this size; report it if not."""
    if isinstance(network, IPv6Network):
        finding(f"{what} has an IPv4 network here", path, help="write it as 10.0.0.0/16")
        return False
    if SHORTEST <= network.prefixlen <= LONGEST:
        return True
    size = "larger than /16" if network.prefixlen < SHORTEST else "smaller than /28"
    finding(f"{network} is {size}", path, help=f"{what} has between /16 and /28")
    return False


def _inside(subnet: IPv4Network | IPv6Network, whole: IPv4Network | IPv6Network) -> bool:
    if isinstance(subnet, IPv4Network) and isinstance(whole, IPv4Network):
        return subnet.subnet_of(whole)
    return False

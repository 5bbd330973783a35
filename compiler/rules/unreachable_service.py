"""A function inside a VPC calls what it cannot reach.

A function in a VPC has a private address only, whichever subnet it is in, and there is no NAT gateway (about 32 USD a
month). It reaches what is inside the VPC, and S3 and DynamoDB if the network has their gateway endpoints, which are
free. Every other AWS API and every host on the internet lets it wait until it times out. An IAM token for the database
is signed inside the function, and needs no call.
Sources: AWS Lambda Developer Guide, "Giving Lambda functions access to resources in an Amazon VPC"; Amazon VPC User
Guide, "Gateway endpoints".

Wrong:

    add: {kind: function, network: {subnets: vpc.private, ...}, access: {documents: send}}

Right: outside the VPC, or split into a function inside it and one outside it:

    add: {kind: function, access: {documents: send}}

Waive it where something else gives the way out:

    add: {kind: function, waive: {E314: a peered network has a NAT gateway}, ...}
"""

from __future__ import annotations

from collections.abc import Iterator

from lenie.compiler.kinds.function import Function
from lenie.compiler.kinds.network import Network
from lenie.compiler.program import Program
from lenie.compiler.rules import Finding
from lenie.compiler.rules._raw import raw_resources, texts
from lenie.compiler.span import Path

CODE = "E314"
#: Services whose calls stay inside the VPC: database connections with a token that is signed locally.
_INSIDE = frozenset({"", "rds-db"})


def check(program: Program, finding: Finding) -> None:
    """Report what functions inside a VPC need and cannot reach."""
    types = [raw.type for raw in raw_resources(program)]
    if "AWS::EC2::NatGateway" in types:
        return
    for declaration, function in program.of(Function):
        if function.network is None:
            continue
        network = function.network.subnets.name
        reachable = {*_INSIDE, *_endpoints(program, network)}
        also = [((*declaration.path, "network"), "inside the VPC")]
        endpoints = ", ".join(sorted(reachable - _INSIDE)) or "none"
        if function.internet:
            finding(
                f'"{declaration.name}" calls hosts on the internet from inside the VPC, which has no NAT',
                (*declaration.path, "internet"),
                also=also,
                help="move it out of the VPC, or move those calls into a function of its own",
            )
        for service, path, text in _needed(program, function, declaration.path):
            if service not in reachable:
                finding(
                    f'"{declaration.name}" needs the API of {service}, which it cannot reach from inside the VPC',
                    path,
                    find=text,
                    also=also,
                    help=f"move that call into a function outside the VPC (endpoints of {network}: {endpoints})",
                )


def _endpoints(program: Program, network: str) -> Iterator[str]:
    """Yield the services that have an endpoint in the VPC."""
    found = program.find(network, Network)
    if found is not None:
        yield from found[1].endpoints
    for raw in raw_resources(program):
        if raw.type == "AWS::EC2::VPCEndpoint":
            for _, text in texts(raw.properties.get("ServiceName"), ()):
                yield text.rpartition(".")[2]


def _needed(program: Program, function: Function, path: Path) -> Iterator[tuple[str, Path, str]]:
    """Yield the AWS services that the function's access needs, with the place and the first word that asks for each."""
    for name, verbs in function.access.items():
        told: set[str] = set()
        for verb in verbs:
            service = verb.partition(":")[0]
            if name != "aws":
                service = program.declarations[name].model.grants()[verb].service
            if service not in told:
                told.add(service)
                yield service, (*path, "access", name), verb

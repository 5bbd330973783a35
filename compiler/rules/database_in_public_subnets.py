"""A database stands in subnets that the internet reaches.

It gets no public address, but one wrong rule of a security group or one changed setting is then enough to open it. A
database needs no way out either, and subnets without one cost nothing.
Source: Amazon RDS User Guide, "Working with a DB instance in a VPC".

Wrong:

    vpc: {kind: network, subnets: {public: {cidrs: [10.0.1.0/24, 10.0.2.0/24], public: true}}, ...}
    database: {kind: database, subnets: vpc.public, ...}

Right:

    vpc: {kind: network, subnets: {data: {cidrs: [10.0.5.0/24, 10.0.6.0/24]}}, ...}
    database: {kind: database, subnets: vpc.data, ...}

Waive it on the database:

    database: {kind: database, waive: {E340: it moves to subnets of its own next month}, ...}
"""

from __future__ import annotations

from lenie.compiler.kinds.database import Database
from lenie.compiler.kinds.network import Network
from lenie.compiler.program import Program
from lenie.compiler.rules import Finding

CODE = "E340"


def check(program: Program, finding: Finding) -> None:
    """Report databases in public subnets."""
    for declaration, database in program.of(Database):
        found = program.find(database.subnets.name, Network)
        if found is None or not found[1].subnets[database.subnets.part].public:
            continue
        network, part = found[0], database.subnets.part
        private = [name for name, group in found[1].subnets.items() if not group.public]
        finding(
            f'"{network.name}.{part}" is reached from the internet, and "{declaration.name}" is a database',
            declaration.at("subnets"),
            also=[(network.at("subnets", part, "public"), "public")],
            help=f"write {network.name}.{private[0]}" if private else f'add other subnets to "{network.name}"',
        )

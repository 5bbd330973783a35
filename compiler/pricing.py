"""What the architecture costs in a month, before requests: everything that is charged for existing, or for running.

Requests, traffic and data that grows with use are not in it: nobody can know them from the spec, and at a personal
scale they stay in the free amounts (`FREE_PER_MONTH`). Prices: `lenie.compiler.data.prices`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from lenie.compiler.data.prices import (
    EC2_HOURLY,
    FREE_PER_MONTH,
    GB_MONTH,
    HOURLY,
    HOURS_PER_MONTH,
    MONTHLY,
    RDS_HOURLY,
)
from lenie.compiler.kinds.alarm import Alarm
from lenie.compiler.kinds.database import Database
from lenie.compiler.kinds.instance import Instance
from lenie.compiler.kinds.network import Network
from lenie.compiler.kinds.secret import Secret
from lenie.compiler.kinds.zone import Zone
from lenie.compiler.program import Declaration, Program
from lenie.compiler.rules._raw import RawResource, raw_resources
from lenie.compiler.rules._values import possible_texts
from lenie.compiler.span import Path

_MIB_PER_GB = 1024

#: USD an hour for one of a CloudFormation type. Sources: those of `HOURLY`; Elastic Load Balancing Pricing for load
#: balancers (without capacity units), AWS Transit Gateway Pricing for attachments, as known in 2025.
RAW_HOURLY: dict[str, float] = {
    "AWS::EC2::EIP": HOURLY["vpc.elastic-ip"],
    "AWS::EC2::NatGateway": HOURLY["vpc.nat-gateway"],
    "AWS::EC2::TransitGatewayAttachment": 0.05,
    "AWS::EC2::TransitGatewayVpcAttachment": 0.05,
    "AWS::EC2::VPNConnection": 0.05,
    "AWS::EKS::Cluster": HOURLY["eks.cluster"],
    "AWS::ElasticLoadBalancing::LoadBalancer": 0.025,
    "AWS::ElasticLoadBalancingV2::LoadBalancer": 0.0225,
}
#: USD a month for one of a CloudFormation type.
RAW_MONTHLY: dict[str, float] = {
    "AWS::KMS::Key": MONTHLY["kms.key"],
    "AWS::Route53::HostedZone": MONTHLY["route53.zone"],
    "AWS::SecretsManager::Secret": MONTHLY["secretsmanager.secret"],
}


class CostItem(NamedTuple):
    """A charge: `quantity` of `unit` for `what` of a resource, `usd` a month in all."""

    declaration: Declaration
    what: str
    quantity: float
    unit: str
    usd: float


class Unpriced(NamedTuple):
    """A type of instance or database without a known price, and where it is written."""

    declaration: Declaration
    type: str
    path: Path


def total(program: Program) -> float:
    """Return the charges of all environments together, in one account, in USD a month."""
    items = estimate(program)
    shared = sum(item.usd for item in items if program.component(item.declaration).scope != "environment")
    own = sum(item.usd for item in items) - shared
    return shared + own * len(program.document.environments)


def estimate(program: Program) -> list[CostItem]:
    """Return the charges of one environment with what it shares with the others, in the order of the spec.

    Where a parameter has several values the dearest counts. Types without a known price are left out: `unpriced`.
    """
    items: list[CostItem] = []
    for declaration in program.declarations.values():
        items += _resource(program, declaration)
    items += _alarms(program)
    for raw in raw_resources(program):
        items += _raw(raw)
    return items


def is_known_type(name: str) -> bool:
    """Whether AWS has this instance type, or this class of databases (``db.t3.micro``)."""
    if name in EC2_HOURLY or name in RDS_HOURLY:
        return True
    from lenie.compiler.data.machine_types import database_classes, instance_types

    table = database_classes() if name.startswith("db.") else instance_types()
    family, _, size = name.removeprefix("db.").partition(".")
    return size in table.get(family, ())


def unpriced(program: Program) -> list[Unpriced]:
    """Return the instances and databases whose price is not known, though their type is."""
    found: list[Unpriced] = []
    for declaration, instance in program.of(Instance):
        for path, type in possible_texts(program, declaration, instance.type, "type"):
            if type not in EC2_HOURLY and _is_real(program, declaration, type):
                found.append(Unpriced(declaration, type, path))
    for declaration, database in program.of(Database):
        if database.class_ not in RDS_HOURLY and _is_real(program, declaration, database.class_):
            found.append(Unpriced(declaration, database.class_, (*declaration.path, "class")))
    return found


def _is_real(program: Program, declaration: Declaration, type: str) -> bool:
    """Whether a type exists, as far as it is known or as a waiver of E338 says; one that does not has no price."""
    waivers = {*declaration.model.waive, *program.component(declaration).waive}
    return "E338" in waivers or is_known_type(type)


def _resource(program: Program, declaration: Declaration) -> Iterator[CostItem]:
    """Yield the charges of one resource that depend on no other of its kind."""
    match declaration.model:
        case Instance() as instance:
            yield from _instance(program, declaration, instance)
        case Database() as database:
            if database.class_ in RDS_HOURLY:
                usd = database.hours * RDS_HOURLY[database.class_]
                yield CostItem(declaration, database.class_, database.hours, "hours", usd)
            size = database.storage / _MIB_PER_GB
            yield CostItem(declaration, "storage", size, "GB", size * GB_MONTH["rds.gp3"])
        case Zone():
            yield CostItem(declaration, "hosted zone", 1, "months", MONTHLY["route53.zone"])
        case Secret():
            yield CostItem(declaration, "secret", 1, "months", MONTHLY["secretsmanager.secret"])


def _instance(program: Program, declaration: Declaration, instance: Instance) -> Iterator[CostItem]:
    types = [type for _, type in possible_texts(program, declaration, instance.type, "type") if type in EC2_HOURLY]
    if types:
        dearest = max(types, key=lambda name: (EC2_HOURLY[name], name))
        yield CostItem(declaration, dearest, instance.hours, "hours", instance.hours * EC2_HOURLY[dearest])
    network = program.find(instance.subnet.name, Network)
    if network is not None and network[1].subnets[instance.subnet.part.rpartition("-")[0]].public:
        usd = instance.hours * HOURLY["vpc.public-ipv4"]
        yield CostItem(declaration, "public IPv4 address", instance.hours, "hours", usd)
    size = instance.disk / _MIB_PER_GB
    yield CostItem(declaration, "volume", size, "GB", size * GB_MONTH["ebs.gp3"])


def _alarms(program: Program) -> Iterator[CostItem]:
    """Yield the charge for alarms beyond the free ones, at the resources that go beyond."""
    free = FREE_PER_MONTH["cloudwatch.alarm"]
    for declaration, alarm in program.of(Alarm):
        charged = max(0.0, len(alarm.when) - free)
        free = max(0.0, free - len(alarm.when))
        if charged:
            yield CostItem(declaration, "alarm", charged, "alarms", charged * MONTHLY["cloudwatch.alarm"])


def _raw(raw: RawResource) -> Iterator[CostItem]:
    if raw.type in RAW_HOURLY:
        usd = RAW_HOURLY[raw.type] * HOURS_PER_MONTH
        yield CostItem(raw.declaration, raw.type, HOURS_PER_MONTH, "hours", usd)
    elif raw.type in RAW_MONTHLY:
        yield CostItem(raw.declaration, raw.type, 1, "months", RAW_MONTHLY[raw.type])
    elif raw.type == "AWS::EC2::VPCEndpoint" and raw.properties.get("VpcEndpointType") == "Interface":
        subnets = raw.properties.get("SubnetIds")
        hours = HOURS_PER_MONTH * (len(subnets) if isinstance(subnets, list) and subnets else 1)
        yield CostItem(raw.declaration, raw.type, hours, "hours", hours * HOURLY["vpc.interface-endpoint"])

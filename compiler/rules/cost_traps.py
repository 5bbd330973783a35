"""A resource costs money for every hour that it exists, used or not.

A NAT gateway costs about 33 USD a month, an Elastic IP address 3.65 USD even while the instance is stopped. Both are
avoided in this architecture: functions that need the internet run outside the VPC, S3 and DynamoDB have free gateway
endpoints, and DNS is set after an instance has started.
Source: Amazon VPC Pricing (NAT gateways; public IPv4 addresses).

Wrong:

    gateway: {kind: cloudformation, type: "AWS::EC2::NatGateway", properties: {...}}

Right: a function with `internet: true` outside the VPC, and a function inside it that is called with the result.

Waive it with the reason that is worth the money:

    gateway: {kind: cloudformation, waive: {E332: a partner allows one fixed address only}, ...}
"""

from __future__ import annotations

from lenie.compiler.data.prices import HOURLY, HOURS_PER_MONTH
from lenie.compiler.program import Program
from lenie.compiler.rules import Finding
from lenie.compiler.rules._raw import raw_resources

CODE = "E332"
#: Type -> (key of its hourly price, what to do instead).
TRAPS = {
    "AWS::EC2::EIP": ("vpc.elastic-ip", "let the instance take a public address when it starts, and set DNS then"),
    "AWS::EC2::NatGateway": ("vpc.nat-gateway", "run what needs the internet outside the VPC"),
}


def check(program: Program, finding: Finding) -> None:
    """Report NAT gateways and Elastic IP addresses."""
    for raw in raw_resources(program):
        if raw.type in TRAPS:
            price, instead = TRAPS[raw.type]
            month = HOURLY[price] * HOURS_PER_MONTH
            finding(f"{raw.type} costs {month:.2f} USD a month, used or not", raw.type_path, help=instead)

"""The price of an instance type or database class is not known.

The estimate that the budget is compared with leaves such a resource out, so it is too low. The type exists, as far as
the compiler knows (E338 says if it does not), but it is not in the compiler's table of prices.
Source: AWS Price List, AmazonEC2 and AmazonRDS.

Wrong:

    server: {kind: instance, type: p4d.24xlarge, hours: 20, ...}

Right:

    server: {kind: instance, type: t3.micro, hours: 20, ...}

It is a warning and stops nothing. Waive it where the cost is known otherwise:

    server: {kind: instance, waive: {W329: costs 12 USD an hour and runs once a year}, ...}
"""

from __future__ import annotations

from lenie.compiler.clusters import cost
from lenie.compiler.clusters.resolve import clusters
from lenie.compiler.pricing import is_known_type, unpriced
from lenie.compiler.program import Program
from lenie.compiler.rules import Finding

CODE = "W329"


def check(program: Program, finding: Finding) -> None:
    """Report instances, databases and nodes of clusters without a known price."""
    for found in unpriced(program):
        finding(
            f'the price of "{found.type}" is not known, so the estimate is too low',
            found.path,
            help="compare its price with the budget by hand, or choose a type whose price is known",
        )
    for path, _, cluster in clusters(program):
        for group, index, type in cost.unpriced(cluster):
            if is_known_type(type):
                finding(
                    f'the price of "{type}" is not known, so the cluster costs more than `lenie validate` tells',
                    (*path, "nodes", group, "types", index),
                    help="look up its price, or choose a type whose price is known",
                )

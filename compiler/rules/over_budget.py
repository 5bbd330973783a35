"""The architecture costs more than its budget.

A budget only sends mail when the money is gone; the spec knows most of the cost before. Every instance and database
says how many hours a month it runs, and is priced by them; volumes, storage, zones, secrets and alarms cost something
also while everything is stopped. Requests and traffic are not in the estimate. Prices are list prices of us-east-1
without reservations, and are kept with their sources in the compiler.
What is counted is one environment with what all of them share, since a spec does not say which of its environments are
deployed. The budget itself counts the whole account: `lenie validate` also tells what all environments together cost.
Source: AWS Price List, per service; AWS Cost Management User Guide, "Managing your costs with AWS Budgets".

Wrong:

    monthly-cost: {kind: budget, limit: 8 USD, ...}
    server: {kind: instance, type: t3.medium, hours: 730, ...}

Right:

    monthly-cost: {kind: budget, limit: 8 USD, ...}
    server: {kind: instance, type: t3.micro, hours: 20, ...}

Waive it on the budget, where somebody agreed to pay more for a while:

    monthly-cost: {kind: budget, waive: {E319: the migration runs both databases in May}, ...}
"""

from __future__ import annotations

from lenie.compiler.data.prices import AS_OF, REGION
from lenie.compiler.kinds.budget import Budget
from lenie.compiler.pricing import CostItem, estimate
from lenie.compiler.program import Program
from lenie.compiler.rules import Finding
from lenie.compiler.span import Path

CODE = "E319"
#: How many of the largest charges are told.
_LARGEST = 4


def check(program: Program, finding: Finding) -> None:
    """Report budgets below what one environment costs, with what it shares."""
    budgets = list(program.of(Budget))
    if not budgets:
        return
    items = estimate(program)
    total = sum(item.usd for item in items)
    largest = sorted(items, key=lambda item: -item.usd)[:_LARGEST]
    for declaration, budget in budgets:
        if total > budget.limit:
            finding(
                f"one environment costs about {total:.2f} USD a month, and the budget is {budget.limit:.2f} USD: "
                + "; ".join(_told(item) for item in largest),
                (*declaration.path, "limit"),
                help=f"declare fewer hours, choose smaller types, or raise the budget (prices of {REGION}, {AS_OF})",
                also=_places(items),
            )


def _places(items: list[CostItem]) -> list[tuple[Path, str]]:
    """Return the dearest resources, with what each of them costs in all."""
    sums: dict[Path, float] = {}
    for item in items:
        sums[item.declaration.path] = sums.get(item.declaration.path, 0) + item.usd
    dearest = sorted(sums.items(), key=lambda entry: -entry[1])[:2]
    return [(path, f"{usd:.2f} USD") for path, usd in dearest]


def _told(item: CostItem) -> str:
    return f'"{item.declaration.name}" {item.what}, {item.quantity:g} {item.unit}: {item.usd:.2f}'

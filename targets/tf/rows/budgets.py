"""Budgets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lenie.compiler.expressions import Value
from lenie.compiler.span import Path
from lenie.targets.tf.hcl import Argument, Block, Several
from lenie.targets.tf.row import Flat, Items, Made, Row

if TYPE_CHECKING:
    from lenie.targets.tf.resource import Builder, Schema

_SUBSCRIBERS = {"EMAIL": "subscriber_email_addresses", "SNS": "subscriber_sns_topic_arns"}


def _notifications(out: Builder, schema: Schema, value: Value, at: Path) -> Items:
    """Yield a block for each notification, with its subscribers sorted by the way in which they are told."""
    inner = schema["blocks"]["notification"]["block"]
    for index, element in enumerate(value if isinstance(value, list) else []):
        here = (*at, index)
        entry = out.map(element, here)
        # A threshold is a percentage if it does not say otherwise (AWS::Budgets::Budget Notification).
        notification = {"ThresholdType": "PERCENTAGE", **out.map(entry.get("Notification", {}), here)}
        body = list(out.body(inner, {}, notification, (*here, "Notification")))
        told: dict[str, Several] = {}
        subscribers = entry.get("Subscribers", [])
        for number, subscriber in enumerate(subscribers if isinstance(subscribers, list) else []):
            place = (*here, "Subscribers", number)
            who = out.map(subscriber, place)
            argument = _SUBSCRIBERS.get(str(who.get("SubscriptionType")))
            if argument is None or set(who) != {"SubscriptionType", "Address"}:
                out.problem(place, "a subscriber has a SubscriptionType, EMAIL or SNS, and an Address", "write both")
                continue
            listed = told.setdefault(argument, Several([], []))
            listed.append(out.typed("string", who["Address"], place))
            listed.told.append(place)
        body += [Argument(name, addresses, (*here, "Subscribers")) for name, addresses in told.items()]
        yield Block("notification", (), body, at=here)


ROWS = {
    "AWS::Budgets::Budget": Row(
        "aws_budgets_budget",
        {
            "Budget": Flat(
                {
                    "BudgetName": "name",
                    "BudgetLimit": Flat({"Amount": "limit_amount", "Unit": "limit_unit"}),
                }
            ),
            "NotificationsWithSubscribers": Made(_notifications, "subscribers are sorted by type"),
        },
        {"Ref": "name"},
    ),
}

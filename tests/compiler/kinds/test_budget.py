"""A budget: limit, alerts, and where they are told."""

from __future__ import annotations

from typing import Any

import pytest
from support import compile_snippet, errors, one, resource, schema_faults

from lenie.compiler.expressions import ParameterValue
from lenie.compiler.kinds.budget import Alert, parse_alert

PARAMETERS = {"alert-email": {"type": "email", "default": "a@example.com", "description": "Who pays"}}
BUDGET = """
cost: {kind: budget, limit: 8 USD, email: "${param.alert-email}", alerts: [actual > 50%, forecast > 99.5%]}
"""


def test_properties() -> None:
    graph = compile_snippet(one(BUDGET, "account"), defaults={}, parameters=PARAMETERS)
    assert schema_faults(graph) == []
    budget: Any = resource(graph, "CostBudget").properties
    assert budget["Budget"] == {
        "BudgetName": "demo-cost",
        "BudgetType": "COST",
        "TimeUnit": "MONTHLY",
        "BudgetLimit": {"Amount": 8, "Unit": "USD"},
    }
    assert budget["Budget"]["BudgetLimit"]["Amount"].__class__ is int
    subscriber = {"SubscriptionType": "EMAIL", "Address": ParameterValue("alert-email")}
    common: dict[str, object] = {"ComparisonOperator": "GREATER_THAN", "ThresholdType": "PERCENTAGE"}
    assert budget["NotificationsWithSubscribers"] == [
        {"Notification": common | {"NotificationType": kind, "Threshold": percent}, "Subscribers": [subscriber]}
        for kind, percent in (("ACTUAL", 50), ("FORECASTED", 99.5))
    ]


def test_origins() -> None:
    budget = resource(compile_snippet(one(BUDGET, "account"), defaults={}, parameters=PARAMETERS), "CostBudget")
    path = ("components", "main", "resources", "cost")
    assert budget.origin(("Budget", "BudgetLimit", "Amount")) == (*path, "limit")
    assert budget.origin(("NotificationsWithSubscribers", 1, "Notification")) == (*path, "alerts", 1)
    assert budget.origin(("NotificationsWithSubscribers", 0, "Subscribers", 0, "Address")) == (*path, "email")


def test_alert() -> None:
    assert parse_alert("actual > 80%") == parse_alert("actual>80 %") == Alert("ACTUAL", 80)


@pytest.mark.parametrize(
    ("old", "new", "message", "mark"),
    [
        ("forecast > 99.5%", "actual < 5%", "an alert is wanted here", "actual < 5%"),
        ("forecast > 99.5%", "spent > 5%", "an alert is wanted here", "spent > 5%"),
        ("forecast > 99.5%", "actual > 0%", "an alert above 0% would always be on", "actual > 0%"),
        ("8 USD", "8 EUR", "an amount of money is wanted here", "8 EUR"),
        ("actual > 50%, forecast > 99.5%", "", "at least one entry is wanted here", "[]"),
    ],
)
def test_wrong_values_are_told_at_the_value(old: str, new: str, message: str, mark: str) -> None:
    found = errors(one(BUDGET.replace(old, new), "account"), defaults={}, parameters=PARAMETERS)
    assert [(code, text, marked) for code, text, marked, _ in found] == [("E203", message, mark)]


def wrong(old: str, new: str, **more: object) -> list[tuple[str, str, str]]:
    text = one(BUDGET.replace(old, new), "account")
    return [found[:3] for found in errors(text, defaults={}, parameters={**PARAMETERS, **more})]


def test_an_alert_twice_is_told_at_the_second() -> None:
    assert wrong("forecast > 99.5%", "actual > 50.0%") == [("E203", "this alert is there twice", "actual > 50.0%")]
    assert wrong("forecast > 99.5%", "forecast > 50%") == []


def test_the_address_is_one() -> None:
    assert wrong('"${param.alert-email}"', "nobody") == [("E203", '"nobody" is not an e-mail address', "nobody")]
    number = {"type": "number", "default": 5, "description": "Number"}
    assert wrong("param.alert-email", "param.number", number=number) == [
        ("E304", 'parameter "number" has the type number, and an e-mail address is wanted here', "${param.number}")
    ]

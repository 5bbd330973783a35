"""A budget: e-mails before the month costs too much."""

import re
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal, NamedTuple

from pydantic import AfterValidator, Field

from lenie.compiler.diagnostics import Report
from lenie.compiler.forms import EMAIL, Email, check_form
from lenie.compiler.kind import Attribute, Resource
from lenie.compiler.place import Lowering, Place
from lenie.compiler.types import Faults, Money, Parsed, Text, fault, faults_at

_ALERT = re.compile(r"(actual|forecast) ?> ?([0-9]+(?:\.[0-9]+)?) ?%")
_TYPES = {"actual": "ACTUAL", "forecast": "FORECASTED"}


class Alert(NamedTuple):
    """An alert: when the cost so far, or the forecast for the month, exceeds `percent` of the limit."""

    type: str
    percent: int | float


def parse_alert(value: Any) -> Alert:
    """Return an alert such as ``actual > 50%``."""
    match = _ALERT.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise fault("an alert is wanted here", "write actual > 80%, or forecast > 100%")
    percent = float(match.group(2))
    if percent <= 0:
        raise fault("an alert above 0% would always be on", "write actual > 50%")
    return Alert(_TYPES[match.group(1)], number(percent))


def number(value: float) -> int | float:
    """Return a number as JSON writes it: 8, not 8.0."""
    return int(value) if value == int(value) else value


def _once(alerts: list[Alert]) -> list[Alert]:
    """Budgets refuses a notification that is there already (AWS Billing API Reference, "CreateBudget")."""
    faults: Faults = [
        ((index,), fault("this alert is there twice", "remove one of the two, or give it another threshold"))
        for index, alert in enumerate(alerts)
        if alert in alerts[:index]
    ]
    if faults:
        raise faults_at(faults)
    return alerts


class Budget(Resource):
    """A cost budget for each month: it counts what the whole account costs, all environments in it together.

    Source: AWS::Budgets::Budget (CloudFormation template reference).
    """

    ATTRIBUTES: ClassVar[Mapping[str, Attribute]] = {"name": Attribute("Budget")}
    FOLDER: ClassVar[str] = "budget/{name}"

    kind: Literal["budget"]
    name: Text | None = None
    limit: Money
    email: Email
    alerts: Annotated[
        list[Annotated[Alert, Parsed(parse_alert, {"type": "string", "pattern": f"^{_ALERT.pattern}$"})]],
        Field(min_length=1, max_length=10),
        AfterValidator(_once),
    ]

    def check(self, at: Place, report: Report) -> None:
        """Report a reference that gives no e-mail address."""
        check_form(at, ("email",), self.email, EMAIL, report)

    def lower(self, out: Lowering) -> None:
        """Add the budget with its alerts."""
        subscriber = {"SubscriptionType": "EMAIL", "Address": out.at("email", out.text(self.email))}
        alerts = [
            {
                "Notification": {
                    "NotificationType": alert.type,
                    "ComparisonOperator": "GREATER_THAN",
                    "Threshold": alert.percent,
                    "ThresholdType": "PERCENTAGE",
                },
                "Subscribers": [subscriber],
            }
            for alert in self.alerts
        ]
        out.add(
            "Budget",
            "AWS::Budgets::Budget",
            {
                "Budget": {
                    "BudgetName": out.at("name", out.name(self.name)),
                    "BudgetType": "COST",
                    "TimeUnit": "MONTHLY",
                    "BudgetLimit": out.at("limit", {"Amount": number(self.limit), "Unit": "USD"}),
                },
                "NotificationsWithSubscribers": [
                    out.at(("alerts", index), alert) for index, alert in enumerate(alerts)
                ],
            },
        )


KIND = Budget

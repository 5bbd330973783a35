"""Budgets: subscribers and tags are told again, and budgets can be changed.

Moto 5.2.5 keeps the subscribers of a notification and has no operation that tells them; it has neither tags nor
UpdateBudget.
"""

from __future__ import annotations

import json
from typing import Any

from moto.budgets import models
from moto.budgets.exceptions import NotFoundException
from moto.budgets.responses import BudgetsResponse


def apply() -> None:
    """Add what is missing."""
    answered = BudgetsResponse.create_budget

    def create_with_tags(self: BudgetsResponse) -> str:
        answer = answered(self)
        budget = self._get_param("Budget")
        _of(self, budget["BudgetName"]).tags = _map(self._get_param("ResourceTags"))
        return answer

    BudgetsResponse.create_budget = create_with_tags  # type: ignore[method-assign]
    for action in (
        describe_subscribers_for_notification,
        update_budget,
        list_tags_for_resource,
        tag_resource,
        untag_resource,
    ):
        setattr(BudgetsResponse, action.__name__, action)


def describe_subscribers_for_notification(self: BudgetsResponse) -> str:
    """DescribeSubscribersForNotification."""
    wanted = self._get_param("Notification")
    for notification in _of(self, self._get_param("BudgetName")).notifications:
        if all(notification.details.get(key) == value for key, value in wanted.items()):
            return json.dumps({"Subscribers": notification.subscribers})
    raise NotFoundException("Unable to find the notification.")


def update_budget(self: BudgetsResponse) -> str:
    """UpdateBudget: the definition is replaced; notifications and tags stay."""
    given = self._get_param("NewBudget")
    found = _of(self, given["BudgetName"])
    made = models.Budget(given, [])
    found.budget = made.budget
    return json.dumps({})


def list_tags_for_resource(self: BudgetsResponse) -> str:
    """ListTagsForResource."""
    tags = _tagged(self).tags
    return json.dumps({"ResourceTags": [{"Key": key, "Value": value} for key, value in tags.items()]})


def tag_resource(self: BudgetsResponse) -> str:
    """TagResource."""
    _tagged(self).tags |= _map(self._get_param("ResourceTags"))
    return json.dumps({})


def untag_resource(self: BudgetsResponse) -> str:
    """UntagResource."""
    found = _tagged(self)
    found.tags = {key: value for key, value in found.tags.items() if key not in self._get_param("ResourceTagKeys")}
    return json.dumps({})


def _of(self: BudgetsResponse, name: str) -> Any:
    account = self._get_param("AccountId") or self.current_account
    self.backend.describe_budget(account, name)
    found = self.backend.budgets[account][name]
    if not hasattr(found, "tags"):
        found.tags = {}  # type: ignore[attr-defined]
    return found


def _tagged(self: BudgetsResponse) -> Any:
    return _of(self, str(self._get_param("ResourceARN")).rpartition("/")[2])


def _map(tags: Any) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in tags or []}

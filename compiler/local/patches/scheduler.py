"""Schedules can be fired by hand.

Adds to moto 5.2.5, which keeps schedules and calls no target: an action of the emulator's control, `POST fire` with
`{"name": ..., "group": "default", "region": "us-east-1"}`. Nothing fires by itself.
"""

from __future__ import annotations

from typing import Any

from lenie.compiler.local import schedules
from lenie.compiler.local.application import control


def apply() -> None:
    """Add the action."""

    @control("POST", "fire")
    def fire(query: dict[str, str], body: Any) -> Any:
        try:
            return schedules.fire(
                body["name"], body.get("region", "us-east-1"), body.get("group", "default"), wait=bool(body.get("wait"))
            )
        except schedules.NotFired as error:
            raise ValueError(str(error)) from error

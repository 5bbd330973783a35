"""CloudWatch Logs: a log group keeps its class.

Moto 5.2.5 ignores logGroupClass, and tells none.
"""

from __future__ import annotations

from typing import Any

from moto.logs.models import LogGroup
from moto.logs.responses import LogsResponse


def apply() -> None:
    """Keep the class, and tell it."""
    create, told = LogsResponse.create_log_group, LogGroup.to_describe_dict

    def create_log_group(self: LogsResponse) -> str:
        answer = create(self)
        group = self.logs_backend.groups[self._get_param("logGroupName")]
        group.log_group_class = self._get_param("logGroupClass") or "STANDARD"  # type: ignore[attr-defined]
        return answer

    def to_describe_dict(self: LogGroup) -> dict[str, Any]:
        return {**told(self), "logGroupClass": getattr(self, "log_group_class", "STANDARD")}

    LogsResponse.create_log_group = create_log_group  # type: ignore[method-assign]
    LogGroup.to_describe_dict = to_describe_dict  # type: ignore[method-assign]

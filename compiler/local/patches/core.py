"""All services: an operation that moto lacks is an error of the request, and not of the server.

Moto 5.2.5 answers with status 500 and a page of HTML; clients take that for a passing failure and try again, at length.
"""

from __future__ import annotations

from typing import Any

from moto.core.exceptions import ServiceException
from moto.core.responses import ActionResult, BaseResponse


class NotEmulated(ServiceException):
    """The service has the operation, and the emulator has not."""

    code = "NotImplemented"


def apply() -> None:
    """Replace the answer to an operation that is not implemented."""
    call = BaseResponse.call_action

    def call_action(self: BaseResponse) -> Any:
        try:
            return call(self)
        except NotImplementedError as error:
            message = f"The emulator does not support {self._get_action()}: {error}"
            status, headers, body = self.serialized(ActionResult(NotEmulated(message)))
            return status, headers, body

    BaseResponse.call_action = call_action  # type: ignore[method-assign]

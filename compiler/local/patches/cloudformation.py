"""CloudFormation: moto's actions on stacks and change sets are replaced by those of `lenie.compiler.local.stacks`.

Moto 5.2.5 ignores resource types that it does not know and properties that it does not need, answers CREATE_COMPLETE
all the same, does all work inside the request, and leaves `{{resolve:...}}` in texts. What parses requests and writes
answers stays moto's. Stack sets are refused: moto would make their stacks with its own engine.
"""

from __future__ import annotations

from typing import Any

from moto.cloudformation import responses, urls

from lenie.compiler.local.stacks.api_changes import ChangeSetActions
from lenie.compiler.local.stacks.errors import NotEmulated


class Actions(ChangeSetActions):
    """All of CloudFormation that is emulated."""

    def call_action(self) -> Any:
        """Answer an action that is not emulated with an error of the service, not of the server."""
        from moto.core.responses import ActionResult
        from moto.core.utils import camelcase_to_underscores

        if not callable(getattr(type(self), camelcase_to_underscores(self._get_action() or ""), None)):
            status, headers, body = self.serialized(ActionResult(NotEmulated(str(self._get_action()))))
            return status, headers, body
        return super().call_action()


def apply() -> None:
    """Route CloudFormation's requests to `Actions`."""
    urls.url_paths = {"{0}/$": Actions.dispatch}
    responses.CloudFormationResponse.dispatch = Actions.dispatch  # type: ignore[method-assign]

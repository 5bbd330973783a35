"""An API writes logs, and no `api-account` lets API Gateway write them.

Access logs and error logs of a stage need a role that is set once for each account and region. Without it, creating
the stage fails with "CloudWatch Logs role ARN must be set in account settings". It is a warning, since somebody may
have set the role outside this spec.
Source: Amazon API Gateway Developer Guide, "Set up CloudWatch logging for REST APIs in API Gateway".

Wrong: an `api`, and no `api-account` in the whole spec.

Right:

    api-gw-account:
      layer: account
      scope: account
      resources:
        api-gateway-logging: {kind: api-account}

Waive it where the account has the role already:

    app: {kind: api, waive: {W331: the platform team has set the role}, ...}
"""

from __future__ import annotations

from lenie.compiler.kinds.api import Api
from lenie.compiler.program import Program
from lenie.compiler.rules import Finding

CODE = "W331"


def check(program: Program, finding: Finding) -> None:
    """Report APIs in a spec that sets no role for API Gateway's logs."""
    if any(declaration.model.kind == "api-account" for declaration in program.declarations.values()):
        return
    for declaration, _ in program.of(Api):
        finding(
            f'"{declaration.name}" writes logs, and nothing in this spec lets API Gateway write them',
            declaration.path,
            key=True,
            help="add a component of scope account with a resource {kind: api-account}",
        )

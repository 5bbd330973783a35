"""What an account has once is made anew by each environment.

API Gateway's role for logs is one setting of the account and region, and an account is in one organization. In a
component of scope environment the stack of each environment sets the same thing: the last deployment wins, and an
organization cannot be made a second time.
Sources: AWS::ApiGateway::Account and AWS::Organizations::Organization (CloudFormation template reference).

Wrong:

    apis: {layer: edge, resources: {logging: {kind: api-account}, ...}}

Right: a component of its own, which all environments share.

    api-logs: {layer: account, scope: account, resources: {logging: {kind: api-account}}}

Or, where each environment has an account of its own:

    logging: {kind: api-account, waive: {W352: each environment has an account of its own}}
"""

from __future__ import annotations

from lenie.compiler.program import Program
from lenie.compiler.rules import Finding
from lenie.compiler.rules._raw import raw_resources

CODE = "W352"
#: What there can be one of, and the scope of the component that it belongs to.
_KINDS = {"api-account": "account", "organization": "organization"}
_TYPES = {"AWS::ApiGateway::Account": "account", "AWS::Organizations::Organization": "organization"}


def check(program: Program, finding: Finding) -> None:
    """Report what is one for all environments, and stands in a component that each of them has."""
    if len(program.document.environments) < 2:
        return
    found = [(d, scope) for d in program.declarations.values() if (scope := _KINDS.get(d.model.kind))]
    found += [(raw.declaration, scope) for raw in raw_resources(program) if (scope := _TYPES.get(raw.type))]
    for declaration, scope in found:
        if program.component(declaration).scope == "environment":
            finding(
                f'there is one "{declaration.name}" for the account, and each environment would make it',
                declaration.path,
                key=True,
                help=f"move it to a component of scope {scope}",
            )

"""A service control policy is too large.

AWS Organizations takes at most 5120 characters, white space not counted. A policy beyond that is refused when it is
deployed, which happens from the management account and rarely.
Source: AWS Organizations User Guide, "Quotas and service limits for AWS Organizations".

Wrong: one policy that lists hundreds of actions.

Right: fewer actions with `*` in them, or two policies:

    no-billing: {kind: policy, deny: ["aws-portal:*", "billing:*"], ...}
"""

from __future__ import annotations

from lenie.compiler.kinds.policy import MAX_SIZE, Policy
from lenie.compiler.program import Program
from lenie.compiler.rules import Finding

CODE = "E328"


def check(program: Program, finding: Finding) -> None:
    """Report policies beyond the limit."""
    for declaration, policy in program.of(Policy):
        size = policy.size()
        if size > MAX_SIZE:
            field = "deny" if policy.deny is not None else "global-services"
            finding(
                f"the policy has {size} characters; AWS takes at most {MAX_SIZE}",
                declaration.at(field),
                key=True,
                help="write fewer actions, with * for those that begin alike, or make two policies of it",
            )

"""A service control policy is not deployed after its organization.

AWS Organizations takes such a policy only when there is an organization, and the policy type is enabled on its root.
CloudFormation cannot enable it: `lenie deploy` does, between the component of the organization and those of the
policies. So a policy stands in another component, which is deployed later. Where a spec has no organization, the
account is in one already.
Source: AWS Organizations User Guide, "Enabling a policy type".

Wrong:

    company: {layer: org, scope: organization, resources: {company: {kind: organization}, stay: {kind: policy, ...}}}

Right:

    company:  {layer: org, scope: organization, resources: {company: {kind: organization}}}
    policies: {layer: org, scope: organization, after: [company], resources: {stay: {kind: policy, ...}}}
"""

from __future__ import annotations

from lenie.compiler.kinds.organization import Organization
from lenie.compiler.kinds.policy import Policy
from lenie.compiler.program import Program
from lenie.compiler.rules import Finding

CODE = "E353"


def check(program: Program, finding: Finding) -> None:
    """Report policies that are made along with the organization, or may be made before it."""
    components, layers = program.document.components, program.document.layers
    for declaration, _ in program.of(Policy):
        mine = declaration.component
        for organization, _ in program.of(Organization):
            owner = organization.component
            later = layers.index(components[mine].layer) > layers.index(components[owner].layer)
            if later or (mine != owner and owner in _earlier(program, mine)):
                continue
            finding(
                f'"{declaration.name}" needs the organization "{organization.name}" with its policy type enabled, and '
                + ("stands in its component" if mine == owner else f'"{mine}" does not wait for "{owner}"'),
                declaration.path,
                key=True,
                also=[(organization.path, "the organization")],
                help=f"move it to a component with after: [{owner}]" if mine == owner else f"write after: [{owner}]",
            )


def _earlier(program: Program, component: str) -> set[str]:
    """Return the components that are deployed before `component` for sure, in its layer."""
    found: set[str] = set()
    ahead = [component]
    while ahead:
        name = ahead.pop()
        needed = {*program.document.components[name].after, *program.dependencies.get(name, ())} - found
        found |= needed
        ahead += needed
    return found

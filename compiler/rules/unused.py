"""Something is declared, and nothing uses it.

A parameter that nothing reads would still be asked for at every deployment; a setting or a default that changes nothing
misleads whoever edits it. Mostly a name was misspelt, or a resource was removed and its parameter was not.
Source: AWS CloudFormation User Guide, "CloudFormation best practices".

Wrong:

    parameters:
      admin-cidr: {type: cidr, default: 203.0.113.10/32, description: Network of the administrators}

    (and no ${param.admin-cidr} anywhere)

Right: remove it, or use it:

    ssh: {kind: security-group, network: vpc, ingress: {22/tcp: "${param.admin-cidr}"}}

It is a warning and stops nothing. The setting `production` of an environment is read by the compiler itself. There is
no resource that could waive it.
"""

from __future__ import annotations

from lenie.compiler.clusters.resolve import lookups
from lenie.compiler.program import Program
from lenie.compiler.rules import Finding
from lenie.compiler.spec import uses
from lenie.compiler.types import Lookup

CODE = "W325"
#: Settings that the compiler reads itself.
_BUILT_IN = frozenset({"production"})


def check(program: Program, finding: Finding) -> None:
    """Report parameters, settings, layers and defaults that nothing uses."""
    document = program.document
    used = {
        (use.target.head, use.target.attribute)
        for declaration in program.declarations.values()
        for use in uses(declaration.model, declaration.path)
        if isinstance(use.target, Lookup)
    }
    used |= {(lookup.head, lookup.attribute) for lookup in lookups(program)}
    for name in document.parameters:
        if ("param", name) not in used:
            help = f"remove it, or use it as ${{param.{name}}}"
            finding(f'nothing uses the parameter "{name}"', ("parameters", name), key=True, help=help)
    first, settings = next(iter(document.environments.items()))
    for name in settings:
        if ("env", name) not in used and name not in _BUILT_IN:
            help = f"remove it from every environment, or use it as ${{env.{name}}}"
            finding(f'nothing uses the setting "{name}"', ("environments", first, name), key=True, help=help)
    layers = {component.layer for component in document.components.values()}
    for index, layer in enumerate(document.layers):
        if layer not in layers:
            help = "remove it, or give it to the components that belong there"
            finding(f'no component is of the layer "{layer}"', ("layers", index), help=help)
    _check_defaults(program, finding)


def _check_defaults(program: Program, finding: Finding) -> None:
    for kind, fields in program.document.defaults.items():
        declarations = [d for d in program.declarations.values() if d.model.kind == kind]
        if not declarations:
            finding(f"there is no {kind} to use these defaults", ("defaults", kind), key=True, help="remove them")
            continue
        for field in fields:
            if all(program.tree.node((*d.path, field)) is not None for d in declarations):
                finding(
                    f'every {kind} has a "{field}" of its own, so this default is never used',
                    ("defaults", kind, field),
                    key=True,
                    help="remove it, or remove the field where it has the default's value",
                )

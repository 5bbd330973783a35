"""A domain name is not in the zone that shall answer for it.

Route 53 refuses a record whose name does not end in the name of its zone. Where names differ between environments, each
of them is compared, so the fault does not wait for the first deployment to production.
Source: Amazon Route 53 Developer Guide, "Values that are common for alias records".

Wrong:

    zone:    {kind: zone, domain: "${env.domain}"}
    charts:  {kind: cdn, domain: helm.example.org, zone: zone, ...}

Right:

    zone:    {kind: zone, domain: "${env.domain}"}
    charts:  {kind: cdn, domain: "helm.${env.domain}", zone: zone, ...}

Waive it where a part of the name is known only at deployment:

    charts: {kind: cdn, waive: {E334: the parameter holds a name inside the zone}, ...}
"""

from __future__ import annotations

from lenie.compiler.domains import domain_name, prefix_in_zone
from lenie.compiler.kinds.zone import Zone
from lenie.compiler.program import Program
from lenie.compiler.rules import Finding
from lenie.compiler.types import Reference, Template

CODE = "E334"


def check(program: Program, finding: Finding) -> None:
    """Compare the domain of each cdn and site with that of its zone, in every environment."""
    for declaration in program.declarations.values():
        if declaration.model.kind not in ("cdn", "site"):
            continue
        domain: str | Template = getattr(declaration.model, "domain")  # noqa: B009 - spares loading both kinds
        reference: Reference = getattr(declaration.model, "zone")  # noqa: B009
        found = program.find(reference.name, Zone)
        if found is None:
            continue
        zone, model = found
        for environment in program.document.environments:
            if prefix_in_zone(program, domain, model.domain, environment) is None:
                name, apex = (domain_name(program, text, environment) for text in (domain, model.domain))
                finding(
                    f'"{name}" is not in the zone "{apex}" (environment {environment})',
                    declaration.at("domain"),
                    also=[(zone.at("domain"), "the zone")],
                    help=f"write a name that ends in .{_source(model.domain)}",
                )
                break


def _source(text: str | Template) -> str:
    return text if isinstance(text, str) else text.source

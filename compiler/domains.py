"""Domain names and the zones that they are in, as far as they are known when the spec is compiled."""

from __future__ import annotations

from lenie.compiler.program import Program
from lenie.compiler.types import Template


def domain_name(program: Program, text: str | Template, environment: str) -> str:
    """Return `text` in `environment`; what only the deployment knows stays as it stands in the spec."""
    if isinstance(text, str):
        return text
    settings = program.document.environments[environment]
    parts = []
    for part in text.parts:
        if isinstance(part, str):
            parts.append(part)
        elif part.head == "env" and part.attribute == "name":
            parts.append(environment)
        elif part.head == "env":
            parts.append(str(settings[part.attribute]))
        else:
            parts.append(part.source)
    return "".join(parts)


def prefix_in_zone(program: Program, domain: str | Template, zone: str | Template, environment: str) -> str | None:
    """Return what `domain` has before the name of the zone: ``app``, nothing for the zone itself, `None` outside it."""
    name = domain_name(program, domain, environment).removesuffix(".")
    apex = domain_name(program, zone, environment).removesuffix(".")
    if name == apex:
        return ""
    prefix = name.removesuffix(f".{apex}")
    return prefix if prefix != name else None

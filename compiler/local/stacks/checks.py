"""What is checked of a template before a stack is made of it: that everything that is referred to exists.

The wording is that of CloudFormation's template validation.
"""

from __future__ import annotations

from typing import Any

from lenie.compiler.local.stacks.errors import Refused
from lenie.compiler.local.stacks.references import PSEUDO, order, references, unresolved
from lenie.compiler.local.stacks.template import Template


def check(template: Template) -> None:
    """Check that everything that is referred to exists, and that nothing waits for itself.

    Raises:
        Refused: as CloudFormation words it.
    """
    resources = {name: declared.properties for name, declared in template.resources.items()}
    _check_section(template, "Resources", resources)
    _check_section(template, "Outputs", template.outputs)
    _check_conditions(template)
    for name, declared in template.resources.items():
        if declared.condition and declared.condition not in template.conditions:
            raise Refused(
                f"Template format error: Unresolved condition dependency {declared.condition} in resource {name}"
            )
    order(template.resources)


def _check_section(template: Template, section: str, values: dict[str, Any]) -> None:
    known = set(template.parameters) | set(template.resources) | PSEUDO
    found = [reference for value in values.values() for reference in references(value)]
    missing = sorted({name for kind, name, _ in found if kind == "Ref" and name not in known})
    if missing:
        raise Refused(unresolved(missing, section))
    for kind, name, _ in found:
        if kind == "GetAtt" and name not in template.resources:
            raise Refused(f"Template error: instance of Fn::GetAtt references undefined resource {name}")
        if kind == "Condition" and name not in template.conditions:
            raise Refused(f"Template error: Unresolved condition dependency {name}")


def _check_conditions(template: Template) -> None:
    known = set(template.parameters) | PSEUDO
    uses: dict[str, set[str]] = {}
    for name, condition in template.conditions.items():
        uses[name] = set()
        for kind, other, _ in references(condition):
            if kind == "GetAtt" or (kind == "Ref" and other not in known):
                raise Refused(
                    f"Template format error: Unresolved dependencies [{other}]. Cannot reference resources in the "
                    "Conditions block of the template"
                )
            if kind == "Condition" and other not in template.conditions:
                raise Refused(f"Template format error: Unresolved condition dependency {other} in condition {name}")
            if kind == "Condition":
                uses[name].add(other)
    for name in uses:
        if name in _reached(name, uses):
            raise Refused(f"Template format error: Circular condition dependency: {name}")


def _reached(name: str, uses: dict[str, set[str]]) -> set[str]:
    """Return the conditions that one leads to."""
    found: set[str] = set()
    left = list(uses[name])
    while left:
        other = left.pop()
        if other not in found:
            found.add(other)
            left += uses[other]
    return found

"""Places in the spec: where a property comes from, and what its resource accepts of scanners' findings."""

from __future__ import annotations

import re
from typing import NamedTuple

from lenie.compiler.data.checks import CHECK_TYPES
from lenie.compiler.diagnostics import Report
from lenie.compiler.graph import Resource
from lenie.compiler.span import Path

#: Length of the path of a declared resource: components.NAME.resources.NAME.
_DECLARATION = 4
_CFN_LINT = re.compile(r"[EWI][0-9]{4}")


def place_of(report: Report, resource: Resource, at: Path) -> Path:
    """Return the place in the spec of the property at `at`, as narrow as the spec has it.

    Where a field of the spec holds a structure that a property takes over, the place goes on inside that.
    """
    for end in range(len(at), 0, -1):
        origin = resource.origins.get(at[:end])
        if origin is not None:
            inner = next((n for n in range(len(at), end, -1) if report.tree.node((*origin, *at[end:n]))), end)
            return (*origin, *at[end:inner])
    return resource.path


def elsewhere(report: Report, resource: Resource, origin: Path) -> Path:
    """Return where a property comes from, if that is outside of what declares the resource in the spec."""
    declaration = resource.path[:_DECLARATION]
    size = len(declaration)
    if origin[:size] != declaration:
        return origin
    if report.tree.node(origin) is None:
        # Not written there: a default of the kind, if the spec has one.
        kind = report.tree.node((*declaration, "kind"))
        if kind is not None and isinstance(kind.value, str):
            default: Path = ("defaults", kind.value, *origin[size:])
            if report.tree.node(default) is not None:
                return default
    return ()


class Accepted(NamedTuple):
    """Findings of scanners that are accepted: check -> reason, for cfn-lint and for checkov, each sorted."""

    lint: dict[str, str]
    scans: dict[str, str]


def accepted(resource: Resource) -> Accepted:
    """Return the findings that `resource` accepts and that a scanner of CloudFormation could have."""
    codes = sorted(resource.accepted)
    return Accepted(
        {code: resource.accepted[code] for code in codes if _CFN_LINT.fullmatch(code)},
        # Checks that look at other types, or at Terraform only, would find nothing here to skip.
        {code: resource.accepted[code] for code in codes if resource.type in CHECK_TYPES.get(code, ())},
    )

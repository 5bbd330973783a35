"""Places in the spec of what a target prints."""

from __future__ import annotations

from lenie.compiler.diagnostics import Report
from lenie.compiler.graph import Resource
from lenie.compiler.span import Path


def place(report: Report, resource: Resource, at: Path) -> Path:
    """Return the place in the spec of the property at `at`, as narrow as the spec has it.

    Where a field of the spec holds a structure that a property takes over, the place goes on inside that.
    """
    for end in range(len(at), 0, -1):
        origin = resource.origins.get(at[:end])
        if origin is not None:
            inner = next((n for n in range(len(at), end, -1) if report.tree.node((*origin, *at[end:n]))), end)
            return (*origin, *at[end:inner])
    return resource.path

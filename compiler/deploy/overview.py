"""The table of ``lenie status``, for people and as data."""

from __future__ import annotations

import sys
from typing import Any

from lenie.compiler.console import coloured
from lenie.compiler.deploy.status import Overview, Status


def table(found: Overview) -> list[str]:
    """Return the lines: component, status of its stack, when it changed, and how it differs from the spec."""
    rows = [("component", "status", "changed", "compared with the spec")]
    rows += [(one.component, one.status or "not deployed", one.changed_at, _words(one)) for one in found.components]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    colour = coloured(sys.stdout)
    lines = []
    for number, row in enumerate(rows):
        cells = [f"{cell:{width}}" for cell, width in zip(row, widths, strict=True)]
        if colour:
            one = found.components[number - 1] if number else None
            code = "1" if one is None else "31" if one.failure else "33" if not one.current else "32"
            cells[1] = f"\x1b[{code}m{cells[1]}\x1b[0m"
        lines.append("  ".join(cells).rstrip())
    failures = [f"{one.component}: {one.failure}" for one in found.components if one.failure]
    current = sum(one.current for one in found.components)
    where = f"{found.environment} (account {found.account}, {found.region})"
    return [
        *lines,
        *([""] if failures else []),
        *failures,
        *(["", found.note] if found.note else []),
        "",
        f"{where}: {current} of {len(found.components)} as the spec has them",
    ]


def data(found: Overview, status: int) -> dict[str, Any]:
    """Return the same as data for JSON."""
    return {
        "environment": found.environment,
        "account": found.account,
        "region": found.region,
        "exit_code": status,
        "notes": [found.note] if found.note else [],
        "components": [
            {
                "name": one.component,
                "stack": one.stack,
                "status": one.status or None,
                "changed": one.changed_at or None,
                "differs": list(one.differs),
                "failure": one.failure or None,
                "current": one.current,
            }
            for one in found.components
        ],
    }


def _words(one: Status) -> str:
    if not one.status:
        return ""
    if not one.differs:
        return "the same"
    shown = ", ".join(one.differs[:3])
    return f"differs: {shown}{f' and {len(one.differs) - 3} more' if len(one.differs) > 3 else ''}"

"""The final table of a deployment, for people and as data."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import Any

from lenie.compiler.console import coloured
from lenie.compiler.deploy.model import Result, Row
from lenie.compiler.render import render_json

_COLOURS = {"created": "32", "updated": "32", "deleted": "32", "failed": "31;1", "interrupted": "31", "declined": "33"}


def table(result: Result) -> list[str]:
    """Return the lines of the table: component, stack, what became of it, resources, time; and notes below."""
    rows = [("component", "stack", "result", "resources", "time")]
    rows += [_cells(row) for row in result.rows]
    lines = _aligned(rows, [row.state for row in result.rows])
    notes = [f"{row.name}: {note}" for row in result.rows for note in row.notes]
    return [*lines, *([""] if notes or result.notes else []), *notes, *result.notes]


def summary(result: Result, what: str) -> str:
    """Return the last line: ``deployed to dev (account 123456789012, us-east-1): 30 created, 4 unchanged``.

    Components are counted; a step between them is named, and only if it was not done.
    """
    states = [row.state for row in result.rows if row.stack]
    counted = [f"{states.count(state)} {state}" for state in dict.fromkeys(states)]
    counted += [f"{row.name} {row.state}" for row in result.rows if not row.stack and row.state != "done"]
    where = f"{result.environment} (account {result.account}, {result.region})"
    return f"{what} {where}: {', '.join(counted) or 'nothing to do'}"


def data(result: Result, status: int) -> dict[str, Any]:
    """Return the result as data for JSON."""
    return {
        "environment": result.environment,
        "account": result.account or None,
        "region": result.region,
        "exit_code": status,
        "diagnostics": json.loads(render_json(result.errors)),
        "notes": result.notes,
        "components": [
            {
                "name": row.name,
                "stack": row.stack or None,
                "result": row.state,
                "resources": row.resources,
                "seconds": round(row.seconds, 1),
                "notes": list(row.notes),
            }
            for row in result.rows
        ],
    }


def _cells(row: Row) -> tuple[str, str, str, str, str]:
    resources = str(row.resources) if row.resources else ""
    return row.name, row.stack, row.state, resources, _duration(row.seconds) if row.seconds else ""


def _duration(seconds: float) -> str:
    whole = round(seconds)
    return f"{whole // 60}:{whole % 60:02}" if whole >= 60 else f"{seconds:.1f} s"


def _aligned(rows: Sequence[tuple[str, ...]], states: Sequence[str]) -> list[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    colour = coloured(sys.stdout)
    lines = []
    for number, row in enumerate(rows):
        cells = [
            f"{cell:>{width}}" if n >= 3 else f"{cell:{width}}"
            for n, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        code = "1" if number == 0 else _COLOURS.get(states[number - 1], "") if number <= len(states) else ""
        if colour and code:
            cells[2] = f"\x1b[{code}m{cells[2]}\x1b[0m"
        lines.append("  ".join(cells).rstrip())
    return lines

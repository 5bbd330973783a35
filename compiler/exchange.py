"""Diagnostics in the formats of other tools: SARIF, and annotations of GitHub's checks.

Sources: OASIS, Static Analysis Results Interchange Format (SARIF) 2.1.0; GitHub Docs, Workflow commands for GitHub
Actions (setting a notice, warning or error message).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePath
from typing import Any

from lenie.compiler import __version__
from lenie.compiler.diagnostics import Diagnostic, Label, Severity

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}
_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}
_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def render_sarif(
    diagnostics: Sequence[Diagnostic],
    titles: Mapping[str, str],
    accepted: Sequence[tuple[Diagnostic, str]] = (),
) -> str:
    """Return one SARIF run as JSON text.

    Args:
        diagnostics: What was found.
        titles: Code -> title, of all codes.
        accepted: What is accepted, with the reason: results that are suppressed.
    """
    codes = sorted({found.code for found in diagnostics} | {found.code for found, _ in accepted})
    results = [_result(found, codes) for found in diagnostics]
    for found, why in accepted:
        result = _result(found, codes)
        result["suppressions"] = [{"kind": "external", "justification": why}]
        results.append(result)
    driver = {
        "name": "lenie",
        "version": __version__,
        "rules": [{"id": code, "shortDescription": {"text": titles.get(code, code)}} for code in codes],
    }
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [{"tool": {"driver": driver}, "results": results}]}
    return json.dumps(log, indent=2, ensure_ascii=False)


def _result(found: Diagnostic, codes: list[str]) -> dict[str, Any]:
    text = f"{found.message}\n{found.help}" if found.help else found.message
    result: dict[str, Any] = {
        "ruleId": found.code,
        "ruleIndex": codes.index(found.code),
        "level": _LEVELS[found.severity],
        "message": {"text": text},
    }
    if found.labels:
        result["locations"] = [_location(found.labels[0])]
    if len(found.labels) > 1:
        result["relatedLocations"] = [_location(label) for label in found.labels[1:]]
    return result


def _location(label: Label) -> dict[str, Any]:
    span = label.span
    region = {
        "startLine": span.line,
        "startColumn": span.column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
    }
    place = {"artifactLocation": {"uri": PurePath(span.file).as_posix()}, "region": region}
    location: dict[str, Any] = {"physicalLocation": place}
    if label.text:
        location["message"] = {"text": label.text}
    return location


def render_github(diagnostics: Iterable[Diagnostic]) -> str:
    """Return one workflow command for each diagnostic, at its first place."""
    return "\n".join(_command(found) for found in diagnostics)


def _command(found: Diagnostic) -> str:
    fields = {"title": found.code}
    if found.labels:
        span = found.labels[0].span
        fields = {"file": span.file, "line": str(span.line), "endLine": str(span.end_line), **fields}
    properties = ",".join(f"{name}={_escaped(value, ':,')}" for name, value in fields.items())
    text = f"{found.message}\n{found.help}" if found.help else found.message
    return f"::{_COMMANDS[found.severity]} {properties}::{_escaped(text)}"


def _escaped(text: str, more: str = "") -> str:
    for char in "%\r\n" + more:
        text = text.replace(char, f"%{ord(char):02X}")
    return text

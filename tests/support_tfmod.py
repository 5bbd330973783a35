"""Compiles snippets to Terraform, and finds blocks in what comes of them."""

from __future__ import annotations

from typing import Any

from support import run, text_of

from lenie.compiler.diagnostics import Diagnostic, Report
from lenie.compiler.load import parse
from lenie.targets.tf import TARGET


def emit(components: str, scope: str = "all", **frame: Any) -> tuple[dict[str, str], list[Diagnostic]]:
    """Return the files of `components` (see `support.text_of`), and what the target said."""
    text = text_of(components, **frame)
    graph, found = run(text)
    assert graph is not None, found
    report = Report(parse(text, "spec.yaml"))
    return dict(TARGET.emit(graph, scope, report)), report.diagnostics


def files(components: str, scope: str = "all", **frame: Any) -> dict[str, str]:
    """Return the files of `components`; the test fails if the target says anything."""
    emitted, found = emit(components, scope, **frame)
    assert found == []
    return emitted


def block(text: str, start: str) -> str:
    """Return the block of a file whose first line begins with `start`."""
    begin = text.index(start)
    return text[begin : text.index("\n}", begin) + 2]

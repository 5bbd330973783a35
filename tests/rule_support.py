"""Runs the rules on small specs: a frame around resources, and what the rules say about them."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent, indent

from support import ARTIFACTS, ROOT, marked

from lenie.compiler.diagnostics import Diagnostic, Severity
from lenie.compiler.load import parse
from lenie.compiler.program import Program
from lenie.compiler.resolve import resolve
from lenie.compiler.validate import validate

__all__ = ["FRAME", "ROOT", "checked", "findings", "marked", "spec", "waived"]

FRAME = """\
version: 1
project: demo
region: us-east-1
code: lambdas
layers: [base]
environments:
  dev: {production: false}
  prod: {production: true}
defaults:
  function: {runtime: python3.13, bucket: artifacts, timeout: 10s, logs: 14d, code: sqs_size}
"""


def spec(resources: str, parameters: str = "", frame: str = FRAME) -> str:
    """Return a spec with `resources` in one component, and a bucket for packages."""
    text = frame
    if parameters:
        text += "parameters:\n" + indent(dedent(parameters).strip("\n"), "  ") + "\n"
    text += "components:\n  main:\n    layer: base\n    resources:\n"
    return text + indent(ARTIFACTS + dedent(resources).strip("\n"), "      ") + "\n"


def checked(text: str, directory: Path = ROOT) -> tuple[Program, list[Diagnostic]]:
    """Return the program that `text` describes, and what `resolve` says about it."""
    program, faults = validate(parse(text, "spec.yaml"), directory)
    assert program is not None, [fault.message for fault in faults]
    _, found = resolve(program)
    return program, found


def findings(code: str, text: str, directory: Path = ROOT) -> list[Diagnostic]:
    """Return the findings of one rule that are not waived."""
    _, found = checked(text, directory)
    stray = [d.message for d in found if d.code < "E310"]
    assert not stray, stray
    return [d for d in found if d.code == code and d.severity is not Severity.NOTE]


def waived(code: str, text: str, directory: Path = ROOT) -> list[Diagnostic]:
    """Return the findings of one rule that a resource waives."""
    _, found = checked(text, directory)
    return [d for d in found if d.code == code and d.severity is Severity.NOTE]

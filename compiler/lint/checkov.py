"""checkov: templates and Terraform modules against rules of security.

Source: checkov, "CLI Command Reference", and the JSON report (`checkov.common.output.record.Record`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lenie.compiler.diagnostics import Severity
from lenie.compiler.lint.cfnlint import property_path
from lenie.compiler.lint.context import Context, Tool, command
from lenie.compiler.lint.finding import Failed, Finding, Missing, Region, Result
from lenie.compiler.lint.process import documents

NAME = "checkov"
_FRAMEWORKS = {"cfn": "cloudformation", "tf": "terraform"}
#: In an environment of its own, since it pins old versions of common libraries.
_BESIDE = Path(".venv-checkov/bin/checkov")
_HELP = (
    "get it with: python3 -m venv .venv-checkov && .venv-checkov/bin/pip install checkov; or name its command with "
    "--checkov"
)
_NUMBER = re.compile(r"\[?(\d+)\]?")


def run(context: Context) -> Result:
    """Scan the files of a target."""
    tool = command(context.given.get(NAME, ""), beside=[_BESIDE], name=NAME, help=_HELP)
    framework = _FRAMEWORKS[context.target]
    options = ["--framework", framework, "--output", "json", "--compact", "--skip-download"]
    options += ["--download-external-modules", "false"]
    try:
        done = context.runner.run([*tool, "--directory", str(context.directory.absolute()), *options])
    except Missing as missing:
        raise Missing(missing.message, missing.help or _HELP) from None
    result = Result()
    reports = [
        one for content in documents(NAME, done) for one in (content if isinstance(content, list) else [content])
    ]
    for report in reports:
        result.findings += _read(context, report)
    if not reports:
        raise Failed(f"{NAME} printed an empty report (exit code {done.code})", done.last_words)
    # A module that several others call is looked at for each of them.
    result.findings = list(dict.fromkeys(result.findings))
    return result


def _read(context: Context, report: Any) -> Iterator[Finding]:
    try:
        if "results" not in report:
            # Where it has no rule for any resource, only the counts are there.
            report["passed"], report["failed"]
            return
        results = report["results"]
        for record in results["failed_checks"]:
            yield _finding(context, record, None)
        for record in results.get("skipped_checks", ()):
            yield _finding(context, record, record["check_result"].get("suppress_comment") or "no reason is given")
        for name in results.get("parsing_errors", ()):
            region = Region(context.inner(name), 1, 0, 1, 0)
            yield Finding(NAME, context.target, "", Severity.ERROR, "the file cannot be parsed", region)
    except (KeyError, TypeError, IndexError, AttributeError, ValueError):
        raise Failed(f"{NAME} printed JSON of an unknown form", help="a release that is tested is 3.3") from None


def _finding(context: Context, record: Any, accepted: str | None) -> Finding:
    first, last = record["file_line_range"]
    region = Region(record["file_path"].lstrip("/"), int(first), 0, int(last), 0)
    kind, _, name = record["resource"].partition(".")
    keys = [key for key in record["check_result"].get("evaluated_keys") or () if isinstance(key, str) and key]
    # Of several keys, any may be the one that is wrong.
    steps = keys[0].split("/") if len(set(keys)) == 1 else []
    cfn = context.target == "cfn" and kind.startswith("AWS::")
    return Finding(
        NAME,
        context.target,
        record["check_id"],
        Severity.ERROR,
        record["check_name"],
        region,
        logical_id=name if cfn else "",
        property=property_path([_step(step) for step in steps]) if cfn else (),
        attribute=steps[0] if steps and not cfn else "",
        url=record.get("guideline") or "",
        accepted=accepted,
    )


def _step(text: str) -> str | int:
    match = _NUMBER.fullmatch(text)
    return int(match[1]) if match else text


TOOL = Tool(NAME, ("cfn", "tf"), run)

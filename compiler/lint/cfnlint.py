"""cfn-lint: CloudFormation templates against AWS's schemas and rules.

Source: cfn-lint, README ("Parameters"), and the schema of its JSON output (`cfnlint.formatters.JsonFormatter`).
"""

from __future__ import annotations

import os
import pathlib
from collections.abc import Iterator, Sequence
from typing import Any

from lenie.compiler.diagnostics import Severity
from lenie.compiler.graph import Resource
from lenie.compiler.lint.context import Context, Tool, beside_python, command
from lenie.compiler.lint.finding import Failed, Finding, Missing, Region, Result
from lenie.compiler.lint.process import documents
from lenie.compiler.span import Path

NAME = "cfn-lint"
_HELP = "get it with: pip install cfn-lint"
_SUFFIXES = frozenset({".yaml", ".yml", ".json", ".template"})
_SEVERITIES = {"Error": Severity.ERROR, "Warning": Severity.WARNING, "Informational": Severity.NOTE}
#: What a template, a parameter or an output is checked for has no resource.
_RESOURCES = "Resources"


def run(context: Context) -> Result:
    """Lint all templates in one process: its rules take longer to load than to run."""
    tool = command(context.given.get(NAME, ""), beside=[beside_python(NAME)], name=NAME, help=_HELP)
    templates = [str(path) for path in _templates(context)]
    if not templates:
        return Result(list(_accepted(context)))
    regions = ["--regions", context.graph.region]
    try:
        done = context.runner.run([*tool, "--format", "json", *regions, "--", *templates])
    except Missing as missing:
        raise Missing(missing.message, missing.help or _HELP) from None
    found = [finding for listed in documents(NAME, done) for finding in _read(context, listed)]
    if done.code and not found:
        raise Failed(f"{NAME} found nothing, and ended with exit code {done.code}", done.last_words)
    return Result([*found, *_accepted(context)])


def _templates(context: Context) -> Iterator[pathlib.Path]:
    """Yield every template in the target's directory, the compiler's or not."""
    for parent, directories, names in os.walk(context.directory.absolute() / "templates"):
        directories.sort()
        for path in (pathlib.Path(parent, name) for name in sorted(names)):
            if path.suffix in _SUFFIXES and path.is_file():
                yield path


def _read(context: Context, listed: Any) -> Iterator[Finding]:
    try:
        for item in listed:
            location, rule = item["Location"], item["Rule"]
            start, end = location["Start"], location["End"]
            region = Region(
                context.inner(item["Filename"]),
                start["LineNumber"],
                start["ColumnNumber"],
                end["LineNumber"],
                end["ColumnNumber"],
            )
            steps: list[Any] = location["Path"] or []
            resource = steps[1] if len(steps) > 1 and steps[0] == _RESOURCES else ""
            yield Finding(
                NAME,
                context.target,
                rule["Id"],
                _SEVERITIES.get(item["Level"], Severity.ERROR),
                item["Message"],
                region,
                logical_id=str(resource),
                property=property_path(steps[2:]) if resource else (),
                url=rule.get("Source") or "",
            )
    except (KeyError, TypeError, IndexError):
        raise Failed(f"{NAME} printed JSON of an unknown form", help="a release that is tested is 1.58") from None


def property_path(steps: Sequence[Any]) -> Path:
    """Return the path of a property below a resource, without functions of CloudFormation on the way."""
    found: list[str | int] = []
    left = iter(steps[1:] if steps and steps[0] == "Properties" else ())
    for step in left:
        if step == "Fn::If":
            next(left, None)  # the branch
        elif isinstance(step, str) and (step.startswith("Fn::") or step in ("Ref", "Condition")):
            break
        else:
            found.append(step)
    return tuple(found)


def _accepted(context: Context) -> Iterator[Finding]:
    """Yield what templates accept in their metadata: the tool itself passes over it in silence."""
    from lenie.targets.wiring.origin import accepted

    def of(component: str, resource: Resource) -> Iterator[Finding]:
        for rule, reason in accepted(resource).lint.items():
            severity = {"W": Severity.WARNING, "I": Severity.NOTE}.get(rule[0], Severity.ERROR)
            yield Finding(
                NAME,
                context.target,
                rule,
                severity,
                f"what {rule} says of it is accepted",
                component=component,
                logical_id=resource.logical_id,
                accepted=reason,
            )

    for component in context.graph.components.values():
        for resource in component.resources.values():
            yield from of(component.name, resource)


TOOL = Tool(NAME, ("cfn",), run)

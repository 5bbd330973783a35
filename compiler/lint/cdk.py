"""The CDK app, synthesised with the validator of aws-cdk-lib on.

The validator checks every template of a synthesis against AWS's schemas and rules, and writes a report beside them.
Source: AWS CDK v2 Developer Guide, "Policy validation at synthesis time"; the report's form, and the flag that turns
findings of the default rules into errors, were found with aws-cdk-lib 2.275.0.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lenie.compiler.diagnostics import Severity
from lenie.compiler.lint.cfnlint import property_path
from lenie.compiler.lint.context import Context, Tool
from lenie.compiler.lint.finding import Failed, Finding, Missing, Region, Result

NAME = "cdk"
#: Runs ``app.py`` as a program once for each environment; a run that fails tells why in a file.
_DRIVER = """
import json, runpy, sys, traceback
import aws_cdk

class App(aws_cdk.App):
    def __init__(self, **given):
        super().__init__(**{**given, "outdir": out, "context": {**(given.get("context") or {}), **context}})

aws_cdk.App = App
for out, context in json.loads(sys.argv[1]).items():
    try:
        runpy.run_path("app.py", run_name="__main__")
    except BaseException:
        with open(out + ".fault", "w", encoding="utf-8", errors="replace") as file:
            file.write(traceback.format_exc())
"""
_REPORT = "validation-report.json"
_ALL = {"@aws-cdk/core:validateAgainstDefaultRules": True}
_FRAME = re.compile(r'File "(?P<file>[^"]+)", line (?P<line>\d+)')
_SEVERITIES = {"error": Severity.ERROR, "fatal": Severity.ERROR, "warning": Severity.WARNING, "info": Severity.NOTE}


def run(context: Context) -> Result:
    """Synthesise the app for every environment, in one process, and read the validator's reports."""
    from lenie.compiler.verify.cdk import interpreter, surroundings
    from lenie.compiler.verify.verification import Unavailable

    if not (context.directory / "app.py").is_file():
        message = f'"{context.shown}/app.py" is missing, so that nothing can be synthesised'
        return Result([Finding(NAME, context.target, "", Severity.ERROR, message)])
    try:
        python = interpreter(context.directory, context.given.get(NAME, ""))
    except Unavailable as error:
        raise Missing(error.message, error.help) from None
    outs = {name: context.scratch / f"out-{number}" for number, name in enumerate(context.graph.environments)}
    runs = {str(out): {"env": name, **_ALL} for name, out in outs.items()}
    done = context.runner.run(
        [str(python), "-c", _DRIVER, json.dumps(runs)],
        directory=context.directory.absolute(),
        variables={**surroundings(python), "CDK_VALIDATION": "true"},
    )
    result: dict[Finding, list[str]] = {}
    for name, out in outs.items():
        for finding in _outcome(context, name, out):
            result.setdefault(finding, []).append(name)
        if not (out / _REPORT).is_file() and not _fault_file(out).is_file():
            raise Failed(f"the app made no report for {name} (exit code {done.code})", done.last_words)
    return Result([one._replace(environments=tuple(dict.fromkeys(names))) for one, names in result.items()])


def _fault_file(out: Path) -> Path:
    return out.with_name(f"{out.name}.fault")


def _outcome(context: Context, environment: str, out: Path) -> Iterator[Finding]:
    """Yield what is wrong in one environment: the validator's findings, or what ended the app before."""
    report = out / _REPORT
    if report.is_file():
        try:
            yield from _read(context, environment, json.loads(report.read_text(encoding="utf-8")))
        except (KeyError, TypeError, AttributeError, ValueError):
            message = "the CDK validator wrote a report of an unknown form"
            raise Failed(message, help="a release of aws-cdk-lib that is tested is 2.275") from None
    elif _fault_file(out).is_file():
        yield _fault(context, _fault_file(out).read_text(encoding="utf-8"))


def _read(context: Context, environment: str, content: Any) -> Iterator[Finding]:
    stacks = _stacks(context, environment)
    for plugin in content["pluginReports"]:
        for violation in plugin["violations"]:
            yield from _findings(context, stacks, violation, None)
        for violation in plugin.get("suppressedViolations", ()):
            yield from _findings(context, stacks, violation, violation.get("reason") or "no reason is given")


def _findings(context: Context, stacks: dict[str, str], violation: Any, accepted: str | None) -> Iterator[Finding]:
    for construct in violation["violatingConstructs"]:
        resource = construct.get("cloudFormationResource") or {}
        stack = (resource.get("templatePath") or construct["constructPath"]).removesuffix(".template.json")
        paths = resource.get("propertyPaths") or [""]
        for path in paths:
            yield Finding(
                NAME,
                context.target,
                violation["ruleName"],
                _SEVERITIES.get(str(violation.get("severity")), Severity.WARNING),
                violation["description"],
                component=stacks.get(stack.partition("/")[0], ""),
                logical_id=resource.get("logicalId") or "",
                property=property_path([int(step) if step.isdecimal() else step for step in path.split(".")]),
                accepted=accepted,
            )


def _stacks(context: Context, environment: str) -> dict[str, str]:
    """Return the components by the names of their stacks."""
    project = context.graph.project
    return {
        f"{project}-{environment}-{name}" if component.scope == "environment" else f"{project}-{name}": name
        for name, component in context.graph.components.items()
    }


def _fault(context: Context, said: str) -> Finding:
    """Return what ended the app: the first line of its exception, at the innermost of the app's own lines."""
    lines = said.rstrip().splitlines()
    last = max((number for number, line in enumerate(lines) if _FRAME.search(line)), default=0)
    words = next((line for line in lines[last + 1 :] if line[:1].strip()), "it says nothing")
    # jsii tells in a tree which property is wrong: the innermost one says it all.
    reasons = [line.strip(" │├╰─") for line in lines if "Key '" in line]
    region = Region("app.py", 1, 0, 1, 0)
    for match in _FRAME.finditer(said):
        path = Path(match["file"])
        inner = context.inner(str(path if path.is_absolute() else context.directory.absolute() / path))
        if inner:
            region = Region(inner, int(match["line"]), 0, int(match["line"]), 0)
    detail = f" ({reasons[-1]})" if reasons else ""
    message = f"the app cannot be synthesised: {words[:300]}{detail}"
    return Finding(NAME, context.target, "", Severity.ERROR, message, region)


TOOL = Tool(NAME, ("cdk",), run)

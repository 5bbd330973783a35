"""Synthesizes generated CDK apps with the real libraries, and compares them with the CloudFormation target."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from support_cfn import SPEC, read_template

from lenie.compiler.diagnostics import Diagnostic, Report, Severity
from lenie.compiler.graph import Graph
from lenie.compiler.load import Tree, parse
from lenie.compiler.specialise import specialise
from lenie.targets import load_target

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / ".venv-cdk"
PYTHON = TOOLS / "bin" / "python"
CLI = TOOLS / "cli" / "node_modules" / "aws-cdk"
SITE_PACKAGES = next(iter(sorted((TOOLS / "lib").glob("python3*/site-packages"))), TOOLS / "missing")


def environment(**more: str) -> dict[str, str]:
    """Return the variables of a process that uses node from the set-up, and nothing of this machine's CDK.

    With `CI` set, the CDK's messages would go to the standard output instead of the standard error.
    """
    known = ("CDK_", "AWS_", "JSII_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(known) and name != "CI"}
    path = f"{TOOLS / 'bin'}{os.pathsep}{kept['PATH']}"
    return {**kept, "PATH": path, "PYTHONDONTWRITEBYTECODE": "1", **more}


def emit(built: Graph, tree: Tree | None = None) -> tuple[Mapping[str, str], list[Diagnostic]]:
    """Return the files of a graph, and what was reported."""
    report = Report(tree or parse(SPEC, "spec.yaml"))
    return load_target("cdk").emit(built, "default", report), report.diagnostics


def write(files: Mapping[str, str], directory: Path) -> Path:
    """Write the files of an app; return the directory."""
    for name, text in files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return directory


def run_app(
    app: Path, out: Path, context: Mapping[str, Any], *, validated: bool = False
) -> subprocess.CompletedProcess[str]:
    """Synthesize the app in the directory `app` into `out`, with findings of the validator as errors if asked."""
    flags = {"@aws-cdk/core:validateAgainstDefaultRules": True} if validated else {}
    variables = environment(
        CDK_OUTDIR=str(out),
        CDK_CONTEXT_JSON=json.dumps({**context, **flags}),
        CDK_VALIDATION="true" if validated else "false",
    )
    return subprocess.run(
        [str(PYTHON), "app.py"], cwd=app, env=variables, capture_output=True, text=True, timeout=240, check=False
    )


def synthesized(app: Path, out: Path, context: Mapping[str, Any], *, validated: bool = False) -> dict[str, Any]:
    """Return the templates that the app synthesizes, by the names of their stacks."""
    done = run_app(app, out, context, validated=validated)
    assert done.returncode == 0, done.stdout + done.stderr
    return {
        path.name.removesuffix(".template.json"): json.loads(path.read_text(encoding="utf-8"))
        for path in out.glob("*.template.json")
    }


def cloudformation(built: Graph, name: str, tree: Tree | None = None) -> dict[str, Any]:
    """Return what the CloudFormation target writes for the environment `name`: stack -> template."""
    report = Report(tree or parse(SPEC, "spec.yaml"))
    files = load_target("cfn").emit(specialise(built, name), "default", report)
    assert not [d for d in report.diagnostics if d.severity is Severity.ERROR], report.diagnostics
    components = json.loads(files["manifest.json"])["components"]
    return {c["stacks"][name]: normal(read_template(files[c["template"]])) for c in components}


def normal(template: Any) -> Any:
    """Return a template with what CDK always writes as a list as one: `DependsOn`, which is a set, sorted."""
    for body in template["Resources"].values():
        needed = body.get("DependsOn")
        if needed is not None:
            body["DependsOn"] = sorted([needed] if isinstance(needed, str) else needed)
    return template


def strict(value: Any) -> Any:
    """Return `value` so that 1, true and "1" differ; 1.0 is 1, as in JSON."""
    if isinstance(value, dict):
        return {key: strict(item) for key, item in value.items()}
    if isinstance(value, list):
        return [strict(item) for item in value]
    return ("bool" if isinstance(value, bool) else "text" if isinstance(value, str) else "number", value)

"""The CDK app as a source of stacks: it is synthesized, and its templates are deployed like those of CloudFormation.

The app has no assets, so that it needs no bootstrap stack, and no program `cdk`.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from lenie.compiler.deploy.bundle import Bundle, assemble
from lenie.compiler.diagnostics import Diagnostic, Report, Severity, SpecError
from lenie.compiler.pipeline import Compilation
from lenie.targets.wiring.stack import stack_name

#: Seconds that a synthesis may take; it takes a few.
_TIMEOUT = 240
#: Variables that would make the app do something else.
_FOREIGN = ("CDK_", "JSII_")
APP = "app.py"

Bundler = Callable[[Compilation, str], tuple[Bundle, list[Diagnostic]]]


def bundler(python: str, directory: Path = Path("generated/cdk")) -> Bundler:
    """Return what makes stacks of the CDK app of a spec.

    `python` runs it, or is empty: then it is looked for in `directory`, where users install the app's requirements.
    """

    def bundle(compiled: Compilation, environment: str) -> tuple[Bundle, list[Diagnostic]]:
        graph, tree = compiled.graph, compiled.tree
        assert graph is not None, "a spec without errors has a graph"
        assert tree is not None
        with synthesized(compiled, environment, python, directory) as out:
            texts = {
                name: (out / f"{stack_name(graph, component, environment)}.template.json").read_text(encoding="utf-8")
                for name, component in graph.components.items()
            }
        given = {name: _defaults(json.loads(text)) for name, text in texts.items()}
        return assemble(graph, tree, environment, texts, given), []

    return bundle


@contextmanager
def synthesized(compiled: Compilation, environment: str, python: str, directory: Path) -> Iterator[Path]:
    """Yield the directory of the cloud assembly for one environment.

    Raises:
        SpecError: (E656) if there is no Python or Node.js for it, or it fails; or if the target cannot print the spec.
    """
    from lenie.compiler.verify.cdk import interpreter
    from lenie.compiler.verify.verification import Unavailable

    try:
        program = interpreter(directory, python)
    except Unavailable as error:
        raise SpecError(Diagnostic("E656", Severity.ERROR, error.message, (), error.help)) from None
    with tempfile.TemporaryDirectory(prefix="lenie-cdk-") as scratch:
        app, out = Path(scratch) / "app", Path(scratch) / "out"
        _write(compiled, app)
        _run(program, app, out, {"env": environment})
        yield out


def _write(compiled: Compilation, app: Path) -> None:
    from lenie.targets import load_target

    assert compiled.graph is not None, "a spec without errors has a graph"
    assert compiled.tree is not None
    report = Report(compiled.tree)
    for path, content in load_target("cdk").emit(compiled.graph, "all", report).items():
        target = app / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(content, encoding="utf-8")
    if report.failed:
        raise SpecError(next(found for found in report.diagnostics if found.severity is Severity.ERROR))


def _run(python: Path, app: Path, out: Path, context: Mapping[str, str]) -> None:
    variables = {name: value for name, value in os.environ.items() if not name.startswith(_FOREIGN)}
    variables |= {
        "PATH": f"{python.parent}{os.pathsep}{variables.get('PATH', '')}",
        "PYTHONDONTWRITEBYTECODE": "1",
        "CDK_OUTDIR": str(out),
        "CDK_CONTEXT_JSON": json.dumps(context),
        "CDK_VALIDATION": "false",
        "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": "20",
    }
    try:
        done = subprocess.run(  # noqa: S603 - it is the app that was just compiled
            [str(python), APP],
            cwd=app,
            env=variables,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_TIMEOUT,
            check=False,
        )
    except subprocess.TimeoutExpired:
        message = f"the CDK app was not synthesized within {_TIMEOUT} seconds"
        raise SpecError(Diagnostic("E656", Severity.ERROR, message, (), "run the command again")) from None
    if done.returncode or not (out / "manifest.json").is_file():
        lines = [line.strip() for line in (done.stderr or done.stdout).splitlines() if line.strip()]
        message = f"the CDK app cannot be synthesized: {lines[-1] if lines else f'exit code {done.returncode}'}"
        help = "lenie-compile --target cdk writes it; run it there to see more"
        raise SpecError(Diagnostic("E656", Severity.ERROR, message, (), help))


def _defaults(template: Mapping[str, Any]) -> dict[str, str]:
    """Return the values of a template's parameters: given anew each time, or CloudFormation would keep the old ones."""
    return {name: str(one["Default"]) for name, one in template.get("Parameters", {}).items()}

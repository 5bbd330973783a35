"""Deploys the synthesized CDK app with the program `cdk`, between the steps that it does not do by itself.

What can be known before is looked at as for our own deployment, replacements in production included: `cdk` would make
them. Then come the artifacts' bucket, the packages, and the rest, in the order that the app gives.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from lenie.compiler.aws import Account, told
from lenie.compiler.deploy import preflight
from lenie.compiler.deploy.approval import Approval
from lenie.compiler.deploy.bundle import Unit
from lenie.compiler.deploy.cdk import synthesized
from lenie.compiler.deploy.converge import Converger, Hooks
from lenie.compiler.deploy.engine import Deployment, prepare
from lenie.compiler.deploy.model import Result, Row, State
from lenie.compiler.deploy.order import needed, waits
from lenie.compiler.deploy.progress import Progress
from lenie.compiler.deploy.stack import Found
from lenie.compiler.diagnostics import Diagnostic, Severity, SpecError
from lenie.compiler.pipeline import Compilation

if TYPE_CHECKING:
    from lenie.compiler.deploy.command import Request
    from lenie.compiler.deploy.model import Options

_GOOD = ("CREATE_COMPLETE", "UPDATE_COMPLETE")


def deploy_with_cli(
    compiled: Compilation, request: Request, account: Account, options: Options, progress: Progress
) -> Result:
    """Deploy the CDK app of an environment with `cdk`, and tell what was done.

    Raises:
        SpecError: (E911) without credentials, (E656) if the app cannot be synthesized, or there is no `cdk`.
        Usage: if the environment or a component does not exist.
    """
    program = shutil.which(request.cdk_cli)
    if program is None:
        message = f'there is no program "{request.cdk_cli}"'
        raise SpecError(
            Diagnostic("E656", Severity.ERROR, message, (), "npm install --global aws-cdk; or leave it out")
        )
    deployment = prepare(compiled, request.environment, account, options, progress)
    result = deployment.result
    if not result.errors:
        _rehearse(deployment)
    if result.errors:
        return result
    if options.ask is not None and not options.ask(deployment.question()):
        result.rows = [Row(name, unit.stack, "declined") for name, unit in deployment.units.items()]
        return result
    with synthesized(compiled, request.environment, request.cdk_python, request.out / "cdk") as out:
        _deploy(deployment, Path(program), out, request.endpoint, options.parallel)
    return result


def _rehearse(deployment: Deployment) -> None:
    """Ask CloudFormation what would be replaced in production, without changing anything."""
    if not deployment.bundle.production or deployment.options.allow_replacement:
        return
    approval = Approval(deployment.bundle, deployment.options, deployment.progress)

    def look(unit: Unit, changes: tuple[object, ...], new: bool) -> bool:
        approval(unit, changes, new)  # type: ignore[arg-type]
        return False

    hooks = Hooks(look, lambda unit, changes: (), deployment.artifacts.template, lambda unit, done, status: None)
    for name, unit in deployment.units.items():
        if deployment.stacks[name].verb != "update":
            continue
        try:
            with told(f"looking at the changes of {name}"):
                outcome = Converger(deployment.calls, deployment.bundle, unit, hooks).run()
            deployment.result.diagnostics += outcome.diagnostics
        except SpecError as error:
            deployment.result.diagnostics.append(error.diagnostic)


def _deploy(deployment: Deployment, program: Path, out: Path, endpoint: str, parallel: int) -> None:
    units, progress, result = deployment.units, deployment.progress, deployment.result
    artifacts = deployment.artifacts
    deployment.build()
    first: list[str] = []
    if artifacts.packages:
        after = waits(units, deployment.bundle.graph.layers)
        buckets = artifacts.components() & units.keys()
        before = buckets.union(*(needed(name, after) for name in buckets))
        first = [name for name in units if name in before]
    rest = [name for name in units if name not in first]
    began = time.monotonic()
    fine = not first or _run(program, out, (units[name] for name in first), endpoint, parallel, progress)
    if fine and artifacts.packages:
        uploaded = artifacts.upload(progress.say)
        result.notes.append(f"{uploaded} of {len(artifacts.packages)} packages uploaded")
    if fine and rest:
        fine = _run(program, out, (units[name] for name in rest), endpoint, parallel, progress)
    seconds = time.monotonic() - began
    now = preflight.look(deployment.calls, units.values())
    for name, unit in units.items():
        state = _state(deployment.stacks[name], now[name])
        result.rows.append(Row(name, unit.stack, state, resources=len(unit.resources), seconds=seconds))
        if state == "failed":
            found = Converger(deployment.calls, deployment.bundle, unit, deployment.hooks).verdict(now[name], "created")
            result.diagnostics += found.diagnostics if found is not None else ()
    if not fine and not result.errors:
        message = f"{program.name} did not deploy everything"
        result.diagnostics.append(Diagnostic("E667", Severity.ERROR, message, (), "see what it said above"))


def _run(program: Path, out: Path, units: Iterable[Unit], endpoint: str, parallel: int, progress: Progress) -> bool:
    """Run ``cdk deploy`` for some stacks; return whether it went well. Its words are passed on."""
    command = [str(program), "deploy", "--app", str(out), "--exclusively", "--require-approval", "never"]
    # Parameters are the names of SSM parameters: kept ones would hide that the spec names others now.
    command += ["--no-previous-parameters", "--concurrency", str(parallel), "--progress", "events", "--ci"]
    environment = {**os.environ, "CDK_DISABLE_VERSION_CHECK": "1", "CI": "true"}
    if endpoint:
        environment["AWS_ENDPOINT_URL"] = endpoint
    with subprocess.Popen(  # noqa: S603 - it is the program that the user named
        [*command, *(unit.stack for unit in units)],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if line.strip():
                progress.say(line.rstrip())
        return process.wait() == 0


def _state(before: Found, now: Found) -> State:
    if not now.id:
        return "not begun"
    if now.status not in _GOOD:
        return "failed" if now != before else "not begun"
    if not before.id or now.id != before.id:
        return "created"
    return "updated" if now.changed_at != before.changed_at else "unchanged"

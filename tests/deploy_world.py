"""A small project, and an emulator that it is deployed to."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import boto3
import pytest
from botocore.config import Config
from deploy_support import PACE

from lenie.compiler.aws import Account
from lenie.compiler.deploy.engine import deploy_cloudformation
from lenie.compiler.deploy.model import Options, Result
from lenie.compiler.deploy.parameters import Given
from lenie.compiler.local.server import Emulator
from lenie.compiler.pipeline import Compilation, front

SPEC = """\
version: 1
project: demo
region: us-east-1
code: ../code
layers: [shared, base, storage, compute]
environments:
  dev: {production: false}
  prod: {production: true}
parameters:
  alert-email: {type: email, default: alerts@example.com, description: Who is told}
  retries:     {type: number, default: 3, description: How often}
components:
  budget:
    layer: shared
    scope: account
    resources:
      monthly: {kind: budget, limit: 5 USD, email: "${param.alert-email}", alerts: [actual > 80%]}
  artifacts:
    layer: base
    resources:
      artifacts: {kind: bucket, purpose: artifacts, publish: [name]}
  settings:
    layer: base
    resources:
      retries: {kind: parameter, path: retries, value: "${param.retries}", description: How often}
  intake:
    layer: storage
    resources:
      documents: {kind: queue, retention: 14d, dead-letter: {queue: problems, after: 5}}
  problems:
    layer: storage
    resources:
      problems: {kind: queue, retention: 14d}
  archive:
    layer: storage
    resources:
      archive: {kind: table, key: {pk: string}}
  work:
    layer: compute
    after: [archive]
    resources:
      count:
        kind: function
        runtime: python3.13
        bucket: artifacts
        timeout: 10s
        logs: 14d
        access: {documents: send}
        environment: {QUEUE: "${documents.url}"}
"""
#: Components of an environment, in a possible order.
COMPONENTS = ["artifacts", "settings", "problems", "intake", "archive", "work"]
HANDLER = "def lambda_handler(event, context):\n    return event\n"
CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
}


@pytest.fixture(scope="session")
def running_emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    with Emulator(tmp_path_factory.mktemp("emulator")) as emulator:
        yield emulator


@pytest.fixture
def emulator(running_emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> Emulator:
    """Return an emulator that has nothing, with credentials for it."""
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    for name, value in CREDENTIALS.items():
        monkeypatch.setenv(name, value)
    running_emulator.cure()
    running_emulator.reset()
    return running_emulator


class Ran(NamedTuple):
    """What a command line did."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        return json.loads(self.out)

    @property
    def states(self) -> dict[str, str]:
        """Return component -> what became of it."""
        return {row["name"]: row["result"] for row in self.data["components"]}


class World:
    """A directory with the project, and the emulator."""

    #: Python that is run before a command.
    before = ""

    def __init__(self, directory: Path, emulator: Emulator) -> None:
        self.directory = directory
        self.emulator = emulator
        self.spec = directory / "spec" / "lenie.yaml"
        self.spec.parent.mkdir()
        self.spec.write_text(SPEC, encoding="utf-8")
        self.code("count", HANDLER)

    def code(self, name: str, text: str) -> None:
        path = self.directory / "code" / name / "handler.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def edit(self, old: str, new: str) -> None:
        text = self.spec.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in the spec"
        self.spec.write_text(text.replace(old, new), encoding="utf-8")

    def line(self, text: str) -> str:
        """Return where a line of the spec is, as diagnostics show it."""
        lines = self.spec.read_text(encoding="utf-8").splitlines()
        found = [number for number, line in enumerate(lines, 1) if text in line]
        assert len(found) == 1, f"{text!r} stands {len(found)} times in the spec"
        return f"spec/lenie.yaml:{found[0]}:"

    def client(self, service: str) -> Any:
        config = Config(proxies={}, retries={"total_max_attempts": 1})
        return boto3.client(service, endpoint_url=self.emulator.url, region_name="us-east-1", config=config)

    def stacks(self) -> dict[str, str]:
        """Return the names of the stacks that there are, with their states."""
        pages = self.client("cloudformation").get_paginator("describe_stacks").paginate()
        return {stack["StackName"]: stack["StackStatus"] for page in pages for stack in page["Stacks"]}

    def stacks_without_credentials(self) -> dict[str, str]:
        with pytest.MonkeyPatch.context() as patch:
            for name, value in CREDENTIALS.items():
                patch.setenv(name, value)
            return self.stacks()

    def command(self, *arguments: str) -> list[str]:
        """Return the command line that runs in a process of its own."""
        program = f"{self.before}from lenie.compiler.cli import main; main(prog_name='lenie')"
        return [sys.executable, "-c", program, *arguments, "--endpoint-url", self.emulator.url]

    def process(self, *arguments: str, **given: Any) -> subprocess.Popen[str]:
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, "stdin": subprocess.DEVNULL}
        return subprocess.Popen(self.command(*arguments), cwd=self.directory, **{**pipes, **given})

    def run(self, *arguments: str, **given: Any) -> Ran:
        """Run a command line in a process of its own."""
        with self.process(*arguments, **given) as process:
            try:
                out, err = process.communicate(timeout=120)
            except subprocess.TimeoutExpired:
                process.kill()
                raise
        return Ran(process.returncode, out, err)

    def compiled(self, environment: str = "dev", **given: str) -> Compilation:
        run = front(self.spec, "spec/lenie.yaml", Given(given, environment))
        assert not run.failed, [d for d in run.diagnostics if d.severity == "error"][:2]
        return run

    def deploy(self, environment: str = "dev", *, attempts: int = 3, **options: Any) -> Result:
        """Deploy in this process; botocore tries each call so many times."""
        account = Account("us-east-1", self.emulator.url, attempts)
        chosen = Options(**{"pace": PACE._replace(patience=10), "packages": self.directory / "packages", **options})
        return deploy_cloudformation(self.compiled(environment), environment, account, chosen)


def states(result: Result) -> dict[str, str]:
    return {row.name: row.state for row in result.rows}


@pytest.fixture
def world(tmp_path: Path, emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.chdir(tmp_path)
    return World(tmp_path, emulator)

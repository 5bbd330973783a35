"""Deploys the architecture of this project to an empty emulator, and tells what is there afterwards."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from deploy_support import PACE
from deploy_world import CREDENTIALS
from support import ROOT
from support_tf import SCHEMAS, Terraform, standin

from deployed.inventory import STORE, inventory
from deployed.normal import made_ids, natural, normal
from lenie.compiler.aws import Account
from lenie.compiler.deploy.cdk import Bundler
from lenie.compiler.deploy.engine import deploy_cloudformation
from lenie.compiler.deploy.model import Options
from lenie.compiler.deploy.parameters import Given
from lenie.compiler.local.server import Emulator
from lenie.compiler.packaging import archive
from lenie.compiler.packaging.plan import plan
from lenie.compiler.packaging.store import Built
from lenie.compiler.pipeline import front

SPEC = ROOT / "spec" / "lenie.yaml"
#: Operations that change nothing.
_READING = ("Describe", "Get", "Head", "List")


class State(NamedTuple):
    """What is deployed, and by which calls: both in normal form, by kind and by resource."""

    found: dict[str, list[Any]]
    calls: dict[str, list[Any]]
    raw: dict[str, list[Any]]


def tiny(directory: Path) -> Callable[[tuple[str, ...]], Mapping[str, Built]]:
    """Return what builds packages of one small file: what is in them does not matter here, and pip takes long."""

    def build(names: tuple[str, ...]) -> Mapping[str, Built]:
        compiled = front(SPEC)
        assert compiled.program is not None
        packages = plan(compiled.program)
        built = {}
        for name in names:
            path = directory / f"{name}.zip"
            with zipfile.ZipFile(path, "w") as content:
                content.writestr(zipfile.ZipInfo("handler.py"), "def lambda_handler(event, context): return event\n")
            size = path.stat().st_size
            built[name] = Built(packages[name], path, archive.sha256(path), size, archive.contents(path), False)
        return built

    return build


def deploy_stacks(
    emulator: Emulator, directory: Path, *, bundle: Bundler | None = None, names: tuple[str, ...] = ()
) -> State:
    """Deploy all stacks of dev, or some, to an empty emulator; of some, names tell no logical ids."""
    emulator.reset()
    with pytest.MonkeyPatch.context() as patch:
        for name, value in CREDENTIALS.items():
            patch.setenv(name, value)
        account = Account("us-east-1", emulator.url, 3)
        whole = {"GivenName": "A", "FamilyName": "Developer"}
        user = account.client("identitystore").create_user(
            IdentityStoreId=STORE, UserName="developer", DisplayName="Developer", Name=whole
        )["UserId"]
        compiled = front(SPEC, "spec/lenie.yaml", Given({"developer": user}, "dev"))
        options = Options(
            names=names,
            include=() if names else ("account", "organization"),
            secrets={"app-credentials": json.dumps({"openai_api_key": "k", "repository_token": "t"})},
            build=tiny(directory),
            pace=PACE._replace(patience=30),
            bundle=bundle,
        )
        result = deploy_cloudformation(compiled, "dev", account, options)
        assert result.complete, [(found.code, found.message) for found in result.errors]
        return state_of(account, _recorded(emulator), {} if names else _logical(account) | {user: "the developer"})


def state_of(account: Account, calls: Iterable[tuple[str, Any]], names: Mapping[str, str]) -> State:
    """Return the state of an account; `names` of ids that the inventory does not tell."""
    raw = inventory(account.client)
    known = {**natural(raw), **made_ids(raw), **names}
    by_resource: dict[str, list[Any]] = {}
    for resource, call in calls:
        if not call["operation"].startswith(_READING):
            by_resource.setdefault(resource, []).append(normal(call, known))
    return State({kind: [normal(one, known) for one in entries] for kind, entries in raw.items()}, by_resource, raw)


def _recorded(emulator: Emulator) -> list[tuple[str, Any]]:
    """Return the calls that stacks made: component and logical id, and the call."""
    keys = ("service", "operation", "parameters")
    return [
        (f"{one['stack'].split('/')[1]}.{one['resource']}", {key: one[key] for key in keys}) for one in emulator.calls()
    ]


def _logical(account: Account) -> dict[str, str]:
    """Return physical id -> stack and logical id, of all resources whose ids are not names."""
    client = account.client("cloudformation")
    found: dict[str, str] = {}
    for page in client.get_paginator("describe_stacks").paginate():
        for stack in page["Stacks"]:
            found[stack["StackId"]] = stack["StackName"]
            pages = client.get_paginator("list_stack_resources").paginate(StackName=stack["StackName"])
            for entry in (one for more in pages for one in more["StackResourceSummaries"]):
                physical = entry["PhysicalResourceId"]
                if len(physical) >= 8:
                    found.setdefault(physical, f"{stack['StackName']}.{entry['LogicalResourceId']}")
    return found


def environment(**more: str) -> dict[str, str]:
    """Return the variables of a process that works with the emulator."""
    return {**os.environ, **CREDENTIALS, **more}


def deploy_program(emulator: Emulator, directory: Path) -> State:
    """Deploy the default scope of the Terraform program to an empty emulator, with `lenie deploy --target tf`."""
    emulator.reset()
    shutil.copytree(ROOT / "generated" / "tf", directory / "generated" / "tf")
    record = directory / "calls.jsonl"
    with standin(SCHEMAS[6], emulator.url, directory, record=record) as reattach:
        own = Terraform(directory, reattach)._environment
        wanted = ("TF_CLI_CONFIG_FILE", "TF_REATTACH_PROVIDERS", "HTTP_PROXY", "HTTPS_PROXY")
        variables = environment(**{name: own[name] for name in wanted}, NO_PROXY="127.0.0.1")
        program = "from lenie.compiler.cli import main; main(prog_name='lenie')"
        words = ["deploy", "--env", "dev", "--target", "tf", "--yes", "--out", str(directory / "generated")]
        command = [sys.executable, "-c", program, *words, "--endpoint-url", emulator.url]
        done = subprocess.run(
            command, cwd=ROOT, env=variables, capture_output=True, text=True, timeout=120, check=False
        )
    assert done.returncode == 0, done.stderr
    with pytest.MonkeyPatch.context() as patch:
        for name, value in CREDENTIALS.items():
            patch.setenv(name, value)
        calls = [("", json.loads(line)) for line in record.read_text(encoding="utf-8").splitlines()]
        return state_of(Account("us-east-1", emulator.url, 3), calls, {})

"""The real tools, on files with seeded faults: each is found, and told at the line of the spec."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from support import ROOT
from support_lint import BUCKET, CDK_PYTHON, MODULE, STACK, TEMPLATE, TOOLS, Run, line, places

Lint = Callable[..., Run]
Edit = Callable[[str, str, str], None]
SPEC = "spec/lenie.yaml"


def test_cfn_lint(project: Path, lint: Lint, edit: Edit) -> None:
    edit(TEMPLATE, "MessageRetentionPeriod: 345600", "MessageRetentionPeriod: 12")
    edit(BUCKET, "Status: Enabled", "Status: Sometimes")
    edit(BUCKET, "BucketName: .*", "BucketNames: x")
    (project / "generated/cfn/templates/more.yaml").write_text("Resources:\n  A: {Type: AWS::SQS::Queue, B: 1}\n")
    run = lint("--tool", "cfn-lint", "--format", "json")
    assert run.code == 2
    found = run.findings()
    assert set(found) == {"cfn-lint E3034", "cfn-lint E3030", "cfn-lint E3002", "cfn-lint E3001"}
    retention = found["cfn-lint E3034"]
    assert (retention["component"], retention["resources"]) == ("messages", ["DocumentsQueue"])
    assert retention["property"] == ["MessageRetentionPeriod"]
    assert retention["spec"]["line"] == line(SPEC, "retention: 4d")
    assert places(retention) == {"cfn": (f"generated/{TEMPLATE}", line(f"generated/{TEMPLATE}", "Period: 12"))}
    assert "lenie-compile --target cfn" in retention["help"]
    assert found["cfn-lint E3030"]["spec"]["line"] == line(SPEC, "kind: bucket")
    assert found["cfn-lint E3002"]["resources"] == ["ContentBucket"]
    foreign = found["cfn-lint E3001"]
    assert foreign["spec"] is None
    assert places(foreign) == {"cfn": ("generated/cfn/templates/more.yaml", 2)}
    assert "not one of the compiler's files" in foreign["help"]


def test_terraform(project: Path, lint: Lint, edit: Edit, with_provider: None) -> None:
    edit(MODULE, "visibility_timeout_seconds = 360", "visibility_timeout = 360")
    edit("tf/modules/files/main.tf", 'status = "Enabled"', 'state = "Enabled"')
    before = sorted(path.as_posix() for path in Path("generated").rglob("*"))
    run = lint("--tool", "terraform", "--format", "json")
    assert run.code == 2
    data = run.data
    messages = {one["message"].split(":")[0]: one for one in data["findings"]}
    assert set(messages) == {
        "Unsupported argument",
        "Missing required argument",
        "the file is not laid out as terraform fmt would",
    }
    timeout = next(one for one in data["findings"] if "visibility_timeout" in one["message"])
    assert timeout["spec"]["line"] == line(SPEC, "visibility: 360s")
    assert timeout["resources"] == ["DocumentsQueue"]
    assert places(timeout) == {"tf": (f"generated/{MODULE}", line(f"generated/{MODULE}", "visibility_timeout = 360"))}
    status = messages["Missing required argument"]
    assert (status["component"], status["spec"]["line"]) == ("files", line(SPEC, "kind: bucket"))
    assert status["resources"] == ["ContentBucket"]
    assert sorted(path.as_posix() for path in Path("generated").rglob("*")) == before


def test_terraform_that_cannot_be_parsed(project: Path, lint: Lint, edit: Edit, offline: None, terraform: str) -> None:
    """Its syntax is checked even where there is no provider."""
    edit(MODULE, "visibility_timeout_seconds = 360", "visibility_timeout_seconds = = 360")
    run = lint("--tool", "terraform")
    assert run.code == 2
    assert "error[E620]: Invalid expression: Expected the start of an expression" in run.err
    assert f"generated/{MODULE}:{line(f'generated/{MODULE}', '= = 360')}" in run.err
    assert f"--> {SPEC}:{line(SPEC, 'visibility: 360s')}:" in run.err


def test_terraform_without_a_provider(project: Path, lint: Lint, offline: None, terraform: str) -> None:
    run = lint("--target", "tf", "--tool", "terraform")
    assert run.code == 3
    assert "warning[W624]: terraform validate looked at the syntax of the program only" in run.err
    assert "terraform says: " in run.err
    assert "hashicorp/aws" in run.err
    assert "no finding, not all of it was run" in run.out
    assert not list(Path("generated/tf").glob(".terraform*"))


def test_terraform_takes_the_provider_that_the_user_has_initialised(
    project: Path, lint: Lint, offline: None, terraform: str
) -> None:
    """It is found where ``terraform init`` puts it. Here, it is a program that does not speak the plug-in protocol."""
    told = subprocess.run([terraform, "version", "-json"], capture_output=True, text=True, timeout=60, check=True)
    name = f"registry.terraform.io/hashicorp/aws/6.69.1/{json.loads(told.stdout)['platform']}"
    provider = project / "generated/tf/.terraform/providers" / name / "terraform-provider-aws_v6.69.1"
    provider.parent.mkdir(parents=True)
    provider.write_text("#!/bin/sh\nexit 7\n", encoding="utf-8")
    provider.chmod(0o755)
    run = lint("--tool", "terraform", "--target", "tf")
    assert run.code == 3
    assert 'error[E623]: terraform: failed on "generated/tf": terraform validate cannot use the provider' in run.err
    assert "Failed to load plugin schemas" in run.err


@pytest.mark.slow
def test_all_tools_together(project: Path, lint: Lint, edit: Edit, with_provider: None) -> None:
    """One fault in several targets is one finding, with its place in each; what is accepted is counted."""
    edit(TEMPLATE, "MessageRetentionPeriod: 345600", "MessageRetentionPeriod: 12")
    edit(STACK, "message_retention_period=345600", "message_retention_period=12")
    edit(BUCKET, "BlockPublicAcls: true", "BlockPublicAcls: false")
    edit("tf/modules/files/main.tf", r"block_public_acls( *)= true", r"block_public_acls\1= false")
    # A queue that is not encrypted at all, and accepts no finding about that.
    edit(TEMPLATE, r"    Metadata:\n      checkov:\n        skip:\n.*\n.*\n", "")
    edit(TEMPLATE, "SqsManagedSseEnabled: true", "SqsManagedSseEnabled: false")
    edit(MODULE, r"  #checkov:skip=CKV_AWS_27.*\n\n", "")
    edit(MODULE, r"sqs_managed_sse_enabled( *)= true", r"sqs_managed_sse_enabled\1= false")
    edit(MODULE, "visibility_timeout_seconds = 30", "visibility_timeouts_second = 30")
    run = lint(*TOOLS, "--format", "json")
    assert run.code == 2
    assert set(run.tools().values()) == {"ran"}, run.data["tools"]
    found = run.findings()
    assert set(found) == {
        "cfn-lint E3034, cdk F3034",
        "checkov CKV_AWS_53",
        "checkov CKV2_AWS_6",  # of Terraform only: that all four settings are there
        "checkov CKV_AWS_27",
        "terraform",
    }

    retention = found["cfn-lint E3034, cdk F3034"]
    assert retention["spec"]["line"] == line(SPEC, "retention: 4d")
    assert places(retention) == {
        "cfn": (f"generated/{TEMPLATE}", line(f"generated/{TEMPLATE}", "MessageRetentionPeriod: 12")),
        "cdk": (f"generated/{STACK}", line(f"generated/{STACK}", "message_retention_period=12")),
    }
    assert retention["reported"][1]["environments"] == ["dev", "prod"]

    public = found["checkov CKV_AWS_53"]
    assert public["spec"]["line"] == line(SPEC, "kind: bucket")
    assert places(public) == {
        "cfn": (f"generated/{BUCKET}", line(f"generated/{BUCKET}", "BlockPublicAcls: false")),
        "tf": (
            "generated/tf/modules/files/main.tf",
            line("generated/tf/modules/files/main.tf", "block_public_acls       = false"),
        ),
    }

    encrypted = found["checkov CKV_AWS_27"]
    assert encrypted["spec"]["line"] == line(SPEC, "documents:")
    assert encrypted["resources"] == ["DocumentsQueue"]
    assert set(places(encrypted)) == {"cfn", "tf"}

    argument = found["terraform"]
    assert "visibility_timeouts_second" in argument["message"]
    assert argument["spec"]["line"] == line(SPEC, "news:")

    accepted = {(one["component"], *one["resources"], one["reported"][0]["rule"]) for one in run.data["accepted"]}
    assert ("messages", "NewsQueue", "CKV_AWS_27") in accepted
    assert ("messages", "DocumentsQueue", "CKV_AWS_27") not in accepted
    assert all(each["reason"] for one in run.data["accepted"] for each in one["reported"])


@pytest.mark.slow
def test_an_app_that_cannot_be_run(project: Path, lint: Lint, edit: Edit) -> None:
    edit("cdk/stacks/files.py", "block_public_acls=True", 'block_public_acls="maybe"')
    run = lint("--tool", "cdk", "--cdk-python", CDK_PYTHON)
    assert run.code == 2
    assert "error[E620]: the app cannot be synthesised: RuntimeError: " in run.err
    assert "Key 'blockPublicAcls'" in run.err
    assert f"--> {SPEC}:{line(SPEC, 'kind: bucket')}:" in run.err
    assert "generated/cdk/stacks/files.py:" in run.err
    assert "Traceback" not in run.err


@pytest.mark.slow
def test_lenie_has_no_finding(lint: Lint, with_provider: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All tools, on what is committed."""
    monkeypatch.chdir(ROOT)
    run = lint(*TOOLS, "--format", "json")
    assert run.code == 0, run.out
    assert run.tools() == {
        ("cdk", "cdk"): "ran",
        ("checkov", "cfn"): "ran",
        ("checkov", "tf"): "ran",
        ("cfn-lint", "cfn"): "ran",
        ("terraform", "tf"): "ran",
    }
    assert run.data["findings"] == run.data["diagnostics"] == []
    assert len(run.data["accepted"]) > 100

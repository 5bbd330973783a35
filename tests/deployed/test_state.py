"""What is deployed is the same, whichever of the three programs deployed it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from support import ROOT
from support_cdk import TOOLS

from deployed.normal import canonical, differences
from deployed.states import State, deploy_program, deploy_stacks
from lenie.compiler.deploy.cdk import bundler
from lenie.compiler.local.server import Emulator

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("deployed")


@pytest.fixture(scope="module")
def cfn(running_emulator: Emulator, scratch: Path) -> State:
    """All stacks of dev, of the organization and the account too, from the CloudFormation templates."""
    return deploy_stacks(running_emulator, scratch)


@pytest.fixture(scope="module")
def cdk(running_emulator: Emulator, scratch: Path) -> State:
    """The same from the templates that the CDK app synthesizes."""
    return deploy_stacks(running_emulator, scratch, bundle=bundler(str(TOOLS / "bin" / "python")))


def test_everything_is_deployed(cfn: State) -> None:
    """The comparison is about the whole architecture, and not about nothing."""
    counts = {kind: len(found) for kind, found in cfn.found.items()}
    assert counts["ssm describe_parameters"] >= 40
    assert counts["lambda list_functions"] == 11
    assert counts["apigateway get_rest_apis"] == 3
    assert counts["organizations list_policies"] >= 3
    assert counts["identitystore list_groups"] == 1
    empty = {kind for kind, count in counts.items() if count == 0}
    assert empty == {"ec2 describe_addresses", "ec2 describe_nat_gateways", "iam list_policies"}
    assert sum(len(calls) for calls in cfn.calls.values()) > 280
    refused = {kind for kind, found in cfn.found.items() if any("refused" in one for one in found)}
    assert refused == set()


def test_the_cdk_app_deploys_the_same_as_the_templates(cfn: State, cdk: State) -> None:
    assert differences(cfn.found, cdk.found) == []


def test_the_cdk_app_makes_the_same_calls_as_the_templates(cfn: State, cdk: State) -> None:
    assert differences(cfn.calls, cdk.calls) == []


# ---- Terraform: its default scope ------------------------------------------------------------------------------------

COVERED = ("vpc", "bastion")


@pytest.fixture(scope="module")
def part(running_emulator: Emulator, scratch: Path) -> State:
    """What Terraform covers by default, from the CloudFormation templates."""
    return deploy_stacks(running_emulator, scratch, names=COVERED)


@pytest.fixture(scope="session")
def terraform() -> str:
    """The path of `terraform`. Tests that ask for it are left out on a machine that has none: see tests/conftest.py."""
    found = shutil.which("terraform")
    assert found is not None
    return found


@pytest.fixture(scope="module")
def tf(terraform: str, running_emulator: Emulator, scratch: Path) -> State:
    """The same from the Terraform program: the real terraform, the stand-in provider."""
    return deploy_program(running_emulator, scratch)


def test_the_terraform_program_deploys_the_same_as_the_templates(part: State, tf: State) -> None:
    assert differences(part.found, tf.found) == []


def test_the_terraform_program_makes_the_same_calls_as_the_templates(part: State, tf: State) -> None:
    assert differences(part.calls, tf.calls) == []

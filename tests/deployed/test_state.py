"""What is deployed is the same, whichever of the three programs deployed it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from support_cdk import TOOLS

from deployed.normal import canonical, differences, statements
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
    ours, theirs = (statements(call for calls in one.calls.values() for call in calls) for one in (part, tf))
    assert len(ours) > 50
    assert differences({"statements": ours}, {"statements": theirs}) == []


# ---- the comparison itself -------------------------------------------------------------------------------------------


def test_a_difference_in_what_is_deployed_is_seen(cfn: State) -> None:
    """Each kind of thing: one value of it is changed."""
    for kind, found in cfn.found.items():
        if not found:
            continue
        changed = json.loads(json.dumps(found))
        _change(changed[0])
        assert len(differences(cfn.found, {**cfn.found, kind: changed})) == 2, kind
        assert differences(cfn.found, {**cfn.found, kind: found[1:]}) == [
            f"{kind}: only the first: {canonical(found[0])}"
        ]


def _change(value: Any) -> bool:
    """Change the first text or number in a value."""
    entries = value.items() if isinstance(value, dict) else enumerate(value)
    for key, item in list(entries):
        if isinstance(item, (dict, list)):
            if _change(item):
                return True
        elif isinstance(item, str) or item is None:
            value[key] = "something else"
            return True
    return False


def test_passwords_are_followed(cfn: State) -> None:
    """A generated password is another one each time, but the database has that of the secret."""
    created = canonical(cfn.calls["lenie-dev-rds.Database"])
    assert '"MasterUserPassword": "<password of /lenie/dev/rds/password>"' in created

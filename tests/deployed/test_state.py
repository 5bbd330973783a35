"""What is deployed is the same, whichever of the three programs deployed it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support_cdk import TOOLS

from deployed.normal import canonical, differences, statements
from deployed.states import State, deploy_program, deploy_stacks
from lenie.compiler.deploy.cdk import bundler
from lenie.compiler.local.server import Emulator

pytestmark = pytest.mark.slow


#: What may be answered with a refusal: there is no such thing, or the emulator's services do not tell.
REFUSALS = {
    "NoSuchLifecycleConfiguration",
    "ResourceNotFoundException",
}


def test_the_cdk_app_deploys_the_same_as_the_templates(running_emulator: Emulator, tmp_path: Path) -> None:
    """All stacks of dev, of the organization and the account too: what is there, and the calls that made it."""
    cfn = deploy_stacks(running_emulator, tmp_path)
    _is_everything(cfn)
    cdk = deploy_stacks(running_emulator, tmp_path, bundle=bundler(str(TOOLS / "bin" / "python")))
    assert differences(cfn.found, cdk.found) == []
    assert differences(cfn.calls, cdk.calls) == []
    _sees_each_difference(cfn)


def _is_everything(cfn: State) -> None:
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
    assert {code for found in cfn.found.values() for one in found for code in _refusals(one)} == REFUSALS
    # A generated password is another one each time, but the database has that of the secret.
    created = canonical(cfn.calls["lenie-dev-rds.Database"])
    assert '"MasterUserPassword": "<password of /lenie/dev/rds/password>"' in created


def _refusals(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if "refused" in value:
            yield value["refused"]
        for item in value.values():
            yield from _refusals(item)
    elif isinstance(value, list):
        for item in value:
            yield from _refusals(item)


def _sees_each_difference(cfn: State) -> None:
    """Of each kind of thing, one value is changed, and one thing is left out."""
    for kind, found in cfn.found.items():
        if not found:
            continue
        changed = json.loads(json.dumps(found))
        _change(changed[0])
        assert len(differences(cfn.found, {**cfn.found, kind: changed})) == 2, kind
        lost = differences(cfn.found, {**cfn.found, kind: found[1:]})
        assert lost == [f"{kind}: only the first: {canonical(found[0])}"]


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


@pytest.fixture(scope="session")
def terraform() -> str:
    """The path of `terraform`. Tests that ask for it are left out on a machine that has none: see tests/conftest.py."""
    found = shutil.which("terraform")
    assert found is not None
    return found


def test_the_terraform_program_deploys_the_same_as_the_templates(
    terraform: str, running_emulator: Emulator, tmp_path: Path
) -> None:
    """Its default scope, with the real terraform and the stand-in provider: what is there, and the calls."""
    cfn = deploy_stacks(running_emulator, tmp_path, names=("vpc", "bastion"))
    tf = deploy_program(running_emulator, tmp_path)
    assert differences(cfn.found, tf.found) == []
    assert len(cfn.found["ec2 describe_subnets"]) == len(tf.found["ec2 describe_subnets"]) == 12
    ours, theirs = (statements(call for calls in one.calls.values() for call in calls) for one in (cfn, tf))
    assert len(ours) > 50
    assert differences({"statements": ours}, {"statements": theirs}) == []

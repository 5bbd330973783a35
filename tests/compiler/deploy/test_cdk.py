"""`lenie deploy --target cdk`: the synthesized app through our own deployment, and through the program cdk."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from deploy_world import COMPONENTS, World, states
from support_cdk import TOOLS

from lenie.compiler.deploy.cdk import bundler
from lenie.compiler.diagnostics import SpecError

PYTHON = str(TOOLS / "bin" / "python")
CDK = str(TOOLS / "cli" / "node_modules" / ".bin" / "cdk")


def test_the_app_is_deployed_like_the_templates(world: World) -> None:
    """A stack goes on from one to the other, without any change of a resource."""
    result = world.deploy(bundle=bundler(PYTHON))
    assert result.complete, result.errors
    assert states(result) == {**dict.fromkeys(COMPONENTS, "created"), "(packages)": "done"}
    template = world.client("cloudformation").get_template(StackName="demo-dev-intake")["TemplateBody"]
    assert isinstance(template, dict), "it is JSON, as CDK writes it"
    before = json.loads(json.dumps(world.emulator.calls()))
    assert states(world.deploy(bundle=bundler(PYTHON))) == {
        **dict.fromkeys(COMPONENTS, "unchanged"),
        "(packages)": "done",
    }
    assert world.deploy().complete
    after = world.emulator.calls()
    changing = [one for one in after[len(before) :] if one["operation"].startswith(("Create", "Put", "Delete"))]
    assert changing == []


def test_commands(world: World) -> None:
    done = world.run("deploy", "--env", "dev", "--yes", "--target", "cdk", "--cdk-python", PYTHON, "--format", "json",
                     "settings", "problems", "--parameter", "retries=7")  # fmt: skip
    assert done.code == 0, done.err
    assert done.states == {"settings": "created", "problems": "created"}
    status = world.run("status", "--env", "dev", "--target", "cdk", "--cdk-python", PYTHON, "--check", "settings",
                       "--parameter", "retries=7")  # fmt: skip
    assert status.code == 0, status.out
    assert world.client("ssm").get_parameter(Name="/demo/dev/retries")["Parameter"]["Value"] == "7"


@pytest.mark.slow
def test_with_the_program_cdk(world: World) -> None:
    # It looks at each stack every five seconds, so there are three.
    world.edit("    after: [archive]\n", "")
    world.edit("        access: {documents: send}\n", "")
    world.edit('        environment: {QUEUE: "${documents.url}"}\n', "")
    names = ("artifacts", "settings", "work")
    words = ["deploy", "--env", "dev", "--yes", "--target", "cdk", "--cdk-python", PYTHON, "--cdk-cli", CDK, *names]
    done = world.run(*words, "--format", "json")
    assert done.code == 0, done.err
    assert done.states == dict.fromkeys(names, "created")
    assert done.data["notes"] == ["1 of 1 packages uploaded"], "after the bucket, and before the function"
    assert world.stacks() == {f"demo-dev-{name}": "CREATE_COMPLETE" for name in names}
    assert states(world.deploy(names=names)) == {**dict.fromkeys(names, "unchanged"), "(packages)": "done"}
    world.edit("path: retries", "path: tries")
    again = world.run(*words, "--format", "json")
    assert again.code == 0, again.err
    assert [name for name, state in again.states.items() if state == "updated"] == ["settings"]


@pytest.mark.slow
def test_the_program_cdk_fails(world: World) -> None:
    world.edit(
        "      archive: {kind: table, key: {pk: string}}",
        "      archive: {kind: cloudformation, type: AWS::IAM::InstanceProfile, properties: {Roles: [no-such-role]}}",
    )
    words = ["deploy", "--env", "dev", "--yes", "--target", "cdk", "--cdk-python", PYTHON, "--cdk-cli", CDK]
    done = world.run(*words, "archive")
    assert done.code == 2
    assert "archive    demo-dev-archive  failed" in done.out
    assert "error[E660]: archive could not be created" in done.err
    assert f"--> {world.line('no-such-role')}" in done.err


@pytest.mark.slow
def test_the_program_cdk_replaces_nothing_in_production(world: World) -> None:
    assert world.deploy("prod", names=("settings",)).complete
    world.edit("path: retries", "path: tries")
    words = ["deploy", "--env", "prod", "--yes", "--target", "cdk", "--cdk-python", PYTHON, "--cdk-cli", CDK]
    done = world.run(*words, "settings")
    assert done.code == 2
    assert "error[E662]: settings: the change would replace a resource of production" in done.err
    assert world.client("ssm").get_parameter(Name="/demo/prod/retries")


def test_missing_programs(world: World, tmp_path: Path) -> None:
    done = world.run("deploy", "--env", "dev", "--yes", "--target", "cdk", "--cdk-python", "no/python")
    assert done.code == 3
    assert "error[E656]: no Python with aws-cdk-lib" in done.err
    words = ["deploy", "--env", "dev", "--yes", "--target", "cdk", "--cdk-python", PYTHON, "--cdk-cli", "no-such-cdk"]
    done = world.run(*words)
    assert done.code == 3
    assert 'error[E656]: there is no program "no-such-cdk"' in done.err
    assert world.stacks() == {}


def test_an_app_that_fails(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from lenie.compiler.deploy import cdk

    monkeypatch.setattr(cdk, "APP", "no_such_app.py")
    with pytest.raises(SpecError, match=r"the CDK app cannot be synthesized: .*no_such_app\.py") as raised:
        world.deploy(bundle=bundler(PYTHON))
    assert raised.value.diagnostic.code == "E656"

"""`lenie deploy --target tf`: the real terraform, the stand-in provider, and the emulator."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from deploy_world import Ran, World
from support_tf import SCHEMAS, Terraform, standin

from lenie.compiler.deploy import tfrun
from lenie.compiler.deploy.tfkept import kept
from lenie.compiler.deploy.tfplan import Planned, changes
from lenie.compiler.diagnostics import SpecError
from lenie.compiler.local.server import Emulator

SPEC = """\
version: 1
project: demo
region: us-east-1
code: ../code
layers: [base, storage, compute]
environments:
  dev: {production: false}
  prod: {production: true}
parameters:
  retries: {type: number, default: 3, description: How often}
components:
  artifacts:
    layer: base
    resources:
      artifacts: {kind: bucket, purpose: artifacts, publish: [name]}
  settings:
    layer: storage
    resources:
      retries: {kind: parameter, path: retries, value: "${param.retries}", description: How often}
      place:   {kind: parameter, path: place, value: here, description: Where}
  tools:
    layer: compute
    resources:
      tools: {kind: layer, runtime: python3.13, bucket: artifacts}
"""
COMPONENTS = ["artifacts", "settings", "tools"]


@pytest.fixture(scope="session")
def terraform() -> str:
    """The path of `terraform`. Tests that ask for it are left out on a machine that has none: see tests/conftest.py."""
    found = shutil.which("terraform")
    assert found is not None
    return found


@pytest.fixture(scope="session")
def provider(
    terraform: str, running_emulator: Emulator, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, str]]:
    """Yield the variables that lead terraform to the stand-in."""
    directory = tmp_path_factory.mktemp("standin")
    with standin(SCHEMAS[6], running_emulator.url, directory) as reattach:
        surroundings = Terraform(directory, reattach)._environment
        wanted = ("TF_CLI_CONFIG_FILE", "TF_REATTACH_PROVIDERS", "HTTP_PROXY", "HTTPS_PROXY")
        yield {name: surroundings[name] for name in wanted} | {"NO_PROXY": "127.0.0.1"}


class TerraformWorld(World):
    """The same with a program for Terraform."""

    def __init__(self, directory: Path, emulator: Emulator, variables: dict[str, str]) -> None:
        super().__init__(directory, emulator)
        self.variables = variables
        self.spec.write_text(SPEC, encoding="utf-8")
        path = directory / "code" / "layers" / "tools" / "python" / "tools.py"
        path.parent.mkdir(parents=True)
        path.write_text("ONE = 1\n", encoding="utf-8")
        (directory / "code/layers/tools/requirements.txt").write_text("# nothing from outside\n", encoding="utf-8")

    def compile(self) -> None:
        program = "from lenie.compiler.compiling import compile_command as c; c(prog_name='lenie-compile')"
        done = subprocess.run(
            [sys.executable, "-c", program, "--target", "tf"],
            cwd=self.directory,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr

    def tf(self, *arguments: str, env: str = "dev", yes: bool = True) -> Ran:
        command, *rest = arguments
        words = [command, "--env", env, "--target", "tf", *(["--yes"] if yes else []), *rest]
        return self.run(*words, env={**os.environ, **self.variables})

    def parameter(self, name: str) -> str:
        return str(self.client("ssm").get_parameter(Name=f"/demo/{name}")["Parameter"]["Value"])


@pytest.fixture
def world(
    tmp_path: Path, emulator: Emulator, provider: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> TerraformWorld:
    monkeypatch.chdir(tmp_path)
    world = TerraformWorld(tmp_path, emulator, provider)
    world.compile()
    return world


def test_deploy_change_and_destroy(world: TerraformWorld) -> None:
    done = world.tf("deploy", "--format", "json")
    assert done.code == 0, done.err
    assert done.states == dict.fromkeys(COMPONENTS, "created")
    assert done.data["notes"] == ["1 of 1 packages uploaded"], "after the bucket, and before the layer"
    assert world.parameter("dev/retries") == "3"
    [version] = world.client("lambda").list_layer_versions(LayerName="demo-dev-tools")["LayerVersions"]
    assert version["Version"] == 1
    assert (world.directory / "generated/tf/terraform.tfstate.d/dev/terraform.tfstate").is_file()

    again = world.tf("deploy", "--format", "json")
    assert (again.code, again.states) == (0, dict.fromkeys(COMPONENTS, "unchanged")), again.err

    status = world.tf("status", "--check", yes=False)
    assert status.code == 0, status.err
    assert status.out.splitlines()[-1] == "dev (account 123456789012, us-east-1): 3 of 3 as the spec has them"
    differs = world.tf("status", "--check", "--format", "json", "--parameter", "retries=5", yes=False)
    assert differs.code == 2
    found = {one["name"]: (one["status"], one["differs"]) for one in differs.data["components"]}
    assert found["settings"] == ("2 resources", ["1 to update"])
    assert found["artifacts"][1] == []

    given = world.tf("deploy", "--format", "json", "--parameter", "retries=5")
    assert given.code == 0, given.err
    assert given.states == {"artifacts": "unchanged", "settings": "updated", "tools": "unchanged"}
    assert world.parameter("dev/retries") == "5"

    one = world.tf("deploy", "--format", "json", "settings")
    assert (one.code, one.states) == (0, {"settings": "updated"}), one.err
    assert world.parameter("dev/retries") == "3"

    gone = world.tf("destroy", "--format", "json")
    assert gone.code == 0, gone.err
    assert gone.states == dict.fromkeys(COMPONENTS, "deleted")
    assert gone.data["notes"] == [
        "artifacts: ArtifactsBucket (AWS::S3::Bucket) stays, as the spec wants it",
        "tools: ToolsLayer (AWS::Lambda::LayerVersion) stays, as the spec wants it",
    ]
    s3 = world.client("s3")
    assert s3.get_public_access_block(Bucket="demo-dev-artifacts"), "with all its settings"
    assert s3.list_objects_v2(Bucket="demo-dev-artifacts")["KeyCount"] == 1
    names = [one["Name"] for one in world.client("ssm").describe_parameters()["Parameters"]]
    assert [name for name in names if name.startswith("/demo/")] == []

    # What stays is in the way of the next deployment, and that is told.
    collides = world.tf("deploy")
    assert collides.code == 3
    assert 'ArtifactsBucket (AWS::S3::Bucket) would be "demo-dev-artifacts", which exists already' in collides.err
    assert f"--> {world.line('artifacts: {kind: bucket')}" in collides.err


def test_status_before_anything_is_deployed(world: TerraformWorld) -> None:
    status = world.tf("status", "--check", yes=False)
    assert (status.code, status.out.count("not deployed")) == (2, 3), status.err


def test_environments_have_states_of_their_own(world: TerraformWorld) -> None:
    assert world.tf("deploy", "settings").code == 0
    # Whatever the user works in by hand.
    world.variables = {**world.variables, "TF_WORKSPACE": "elsewhere"}
    assert world.tf("deploy", "settings", env="prod").code == 0
    assert (world.parameter("dev/place"), world.parameter("prod/place")) == ("here", "here")
    gone = world.tf("destroy", "settings", env="prod")
    assert gone.code == 2
    assert "error[E664]: prod is production" in gone.err
    assert world.tf("destroy", "settings", "--lift-protection", env="prod").code == 0
    assert world.parameter("dev/place") == "here"


def test_a_failure_has_its_place_and_is_resumed(world: TerraformWorld) -> None:
    """Somebody takes a name after it was looked for: here, since the state of the other environment is not ours."""
    world.emulator.fault("ssm", 1, "deny", ("PutParameter",))
    done = world.tf("deploy", "settings")
    assert done.code == 2
    assert "error[E665]: terraform apply: " in done.err
    assert f"--> {world.line('retries: {kind: parameter')}" in done.err
    assert f"--> {world.line('place:   {kind: parameter')}" in done.err
    assert "settings   module.settings  failed" in done.out
    world.emulator.cure()
    again = world.tf("deploy", "settings", "--format", "json")
    assert (again.code, again.states) == (0, {"settings": "created"}), again.err


def test_a_replacement_in_production_is_refused(world: TerraformWorld) -> None:
    assert world.tf("deploy", "settings", env="prod").code == 0
    world.edit("path: retries", "path: tries")
    world.compile()
    done = world.tf("deploy", "settings", env="prod")
    assert done.code == 2
    assert (
        "error[E662]: the change would replace 1 of production's resources: module.settings.aws_ssm_parameter"
        in done.err
    )
    assert world.parameter("prod/retries") == "3"
    assert world.tf("deploy", "settings", "--allow-replacement", env="prod").code == 0
    assert world.parameter("prod/tries") == "3"


def test_a_backend_in_s3_with_its_own_locks(world: TerraformWorld) -> None:
    world.client("s3").create_bucket(Bucket="states")
    config = world.directory / "backend.hcl"
    config.write_text(
        'bucket = "states"\nkey = "demo/terraform.tfstate"\nregion = "us-east-1"\n'
        f'endpoints = {{ s3 = "{world.emulator.url}" }}\nuse_path_style = true\nskip_credentials_validation = true\n'
        "skip_requesting_account_id = true\nskip_metadata_api_check = true\n"
    )
    done = world.tf("deploy", "settings", "--backend-config", str(config))
    assert done.code == 0, done.err
    keys = [one["Key"] for one in world.client("s3").list_objects_v2(Bucket="states")["Contents"]]
    assert keys == ["env:/dev/demo/terraform.tfstate"]
    assert not (world.directory / "generated/tf/terraform.tfstate.d").exists()
    # A lock that somebody holds is an object beside it.
    lock = (
        '{"ID":"1","Operation":"OperationTypeApply","Info":"","Who":"a@b","Version":"1.11.4",'
        '"Created":"2026-01-01T00:00:00Z","Path":"x"}'
    )
    world.client("s3").put_object(Bucket="states", Key="env:/dev/demo/terraform.tfstate.tflock", Body=lock)
    world.before = "import lenie.compiler.deploy.tfwork as t; t._LOCK = '-lock-timeout=0s'; "
    locked = world.tf("deploy", "settings", "--backend-config", str(config), "--parameter", "retries=9")
    assert locked.code == 2, locked.out
    assert "error[E665]: terraform plan: Error acquiring the state lock" in locked.err
    assert "another terraform is at work" in locked.err
    forgotten = world.tf("deploy", "settings")
    assert forgotten.code == 3, forgotten.out
    assert 'error[E657]: the state is in a backend, as "generated/tf/backend.tf" says' in forgotten.err


def test_settings_of_a_backend_that_cannot_be_read(world: TerraformWorld) -> None:
    (world.directory / "odd.hcl").write_bytes(b"bucket = \xff\n")
    for name, said in (
        ("none.hcl", 'E902]: cannot use "none.hcl": no such file or directory\n  = help: check what --backend-config'),
        (".", 'E901]: "." is a directory, and no settings of a backend\n  = help: name a file'),
        ("odd.hcl", 'E901]: "odd.hcl" is no text: it is not UTF-8'),
    ):
        done = world.tf("deploy", "settings", "--backend-config", name)
        assert (done.code, said in done.err) == (3, True), done.err
        assert not (world.directory / "generated/tf/backend.tf").exists()


def test_a_local_state_is_not_left_behind_for_a_backend(world: TerraformWorld) -> None:
    assert world.tf("deploy", "settings").code == 0
    world.client("s3").create_bucket(Bucket="states")
    config = world.directory / "backend.hcl"
    config.write_text(
        'bucket = "states"\nkey = "demo/terraform.tfstate"\nregion = "us-east-1"\n'
        f'endpoints = {{ s3 = "{world.emulator.url}" }}\nuse_path_style = true\nskip_credentials_validation = true\n'
        "skip_requesting_account_id = true\nskip_metadata_api_check = true\n"
    )
    done = world.tf("deploy", "settings", "--backend-config", str(config))
    assert done.code == 2, done.out
    assert "error[E665]: terraform init: Error asking for state migration action" in done.err
    assert "terraform -chdir=generated/tf init -migrate-state" in done.err
    again = world.tf("deploy", "settings", "--format", "json")
    assert (again.code, again.states) == (0, {"settings": "unchanged"}), again.err
    assert world.parameter("dev/retries") == "3"


def test_files_that_are_not_current(world: TerraformWorld) -> None:
    world.edit("value: here", "value: there")
    done = world.tf("deploy")
    assert done.code == 3
    assert 'error[E657]: "generated/tf" is not what spec/lenie.yaml compiles to' in done.err
    assert "run: lenie-compile --target tf" in done.err


def test_without_terraform(world: TerraformWorld) -> None:
    done = world.tf("deploy", "--terraform", "no-such-terraform")
    assert done.code == 3
    assert 'error[E657]: there is no program "no-such-terraform"' in done.err


def test_unknown_components(world: TerraformWorld) -> None:
    done = world.tf("deploy", "setings")
    assert done.code == 3
    assert 'error[E901]: "setings" is no component of the Terraform program' in done.err
    assert 'did you mean "settings"?' in done.err
    # Whether anybody can be asked comes after that.
    for command in ("deploy", "destroy"):
        asked = world.tf(command, "setings", yes=False)
        assert (asked.code, '"setings" is no component of the Terraform program' in asked.err) == (3, True), asked.err
        asked = world.tf(command, "settings", yes=False)
        assert (asked.code, "E901]: nobody can be asked" in asked.err) == (3, True), asked.err


def test_changes_of_a_plan() -> None:
    def entry(address: str, *actions: str, **more: Any) -> dict[str, Any]:
        return {"address": address, "mode": "managed", "change": {"actions": list(actions), **more}}

    plan = {
        "resource_changes": [
            entry("module.a_b.aws_x.one", "create"),
            entry("module.a_b.aws_x.two", "no-op"),
            entry("module.a_b.aws_x.three", "update"),
            entry('module.c.aws_x.four["k"]', "delete", "create", replace_paths=[["name"], ["tags", "x"]]),
            entry("module.c.aws_x.five", "create", "delete"),
            entry("module.c.aws_x.six", "delete"),
            entry("module.c.aws_x.seven", "forget"),
            {**entry("module.c.data.aws_x.eight", "read"), "mode": "data"},
        ]
    }
    found = changes(plan, ["a-b", "c"])
    assert [one.line() for one in found] == [
        '! module.c.aws_x.four["k"] is REPLACED: name, tags; the old one is deleted',
        "! module.c.aws_x.five is REPLACED; the old one is deleted",
        "- module.c.aws_x.six",
        "- module.c.aws_x.seven",
        "+ module.a_b.aws_x.one",
        "~ module.a_b.aws_x.three",
    ]
    assert found[4] == Planned("a-b", "module.a_b.aws_x.one", "create")


STATEFUL = """\
  data:
    layer: storage
    resources:
      orders: {kind: bucket}
      token:  {kind: secret, fields: [token]}
      login:  {kind: secret, generate: {username: somebody}}
      copy:   {kind: parameter, path: copy, value: "${orders.name}", description: Its name}
  readers:
    layer: compute
    resources:
      reader: {kind: parameter, path: reader, value: "of ${orders.name}", description: Who reads it}
"""


def test_a_component_that_leaves_the_spec(world: TerraformWorld) -> None:
    """Its data stays, as with CloudFormation: what leaves the program takes its `prevent_destroy` along."""
    spec = world.spec.read_text(encoding="utf-8")
    world.spec.write_text(spec + STATEFUL, encoding="utf-8")
    world.compile()
    assert world.tf("deploy").code == 0
    world.client("s3").put_object(Bucket="demo-dev-orders", Key="a", Body=b"precious")

    world.spec.write_text(spec, encoding="utf-8")
    world.compile()
    status = world.tf("status", "--check", yes=False)
    assert status.code == 2
    assert "data" in status.out
    assert status.out.count("differs: not in the spec") == 2

    done = world.tf("deploy", "--format", "json")
    assert done.code == 0, done.err
    assert done.states == dict.fromkeys(COMPONENTS, "unchanged") | {"data": "deleted", "readers": "deleted"}
    assert "= module.data.aws_s3_bucket.orders stays: only the state forgets it" in done.err
    assert "module.data.aws_s3_bucket.orders stays, and is not in the state any more" in done.data["notes"]
    s3 = world.client("s3")
    assert s3.get_object(Bucket="demo-dev-orders", Key="a")["Body"].read() == b"precious"
    assert s3.get_public_access_block(Bucket="demo-dev-orders"), "with all its settings"
    secrets = {one["Name"] for one in world.client("secretsmanager").list_secrets()["SecretList"]}
    assert secrets == {"demo-dev-token"}, "a password that was generated goes with its component"
    left = [one["Name"] for one in world.client("ssm").describe_parameters()["Parameters"]]
    assert "/demo/dev/copy" not in left
    assert world.tf("status", "--check", yes=False).code == 0


def test_what_is_needed_is_not_destroyed_under_those_that_stay(world: TerraformWorld) -> None:
    world.spec.write_text(world.spec.read_text(encoding="utf-8") + STATEFUL, encoding="utf-8")
    world.compile()
    assert world.tf("deploy").code == 0
    refused = world.tf("destroy", "data")
    assert refused.code == 2, refused.err
    assert "error[E664]: data is needed by readers, which would stay" in refused.err
    assert "lenie destroy --target tf --env dev data readers" in refused.err
    assert world.tf("status", "--check", yes=False).code == 0
    both = world.tf("destroy", "data", "readers", "--format", "json")
    assert both.states == {"data": "deleted", "readers": "deleted"}, both.err


SHARED = """\
  common:
    layer: base
    scope: account
    resources:
      value: {kind: parameter, path: shared, value: "yes", description: For all environments}
  users:
    layer: compute
    after: [common]
    resources:
      user: {kind: parameter, path: user, value: "yes", description: Who needs it}
"""


def test_what_exists_once_may_take_no_values(world: TerraformWorld) -> None:
    world.spec.write_text(world.spec.read_text(encoding="utf-8") + SHARED, encoding="utf-8")
    world.compile()
    assert not (world.directory / "generated/tf/account/environments").exists()
    done = world.tf("deploy", "--include", "account", "common", "--format", "json")
    assert (done.code, done.states) == (0, {"common": "created"}), done.err
    # Others may take values.
    words = ["--include", "account", "common", "settings", "--parameter", "retries=5", "--format", "json"]
    given = world.tf("deploy", *words)
    assert (given.code, given.states) == (0, {"common": "unchanged", "settings": "created"}), given.err


def test_what_other_environments_need_is_not_destroyed(world: TerraformWorld) -> None:
    """As with CloudFormation: before anything is destroyed, and the state of another environment stays as it is."""
    world.spec.write_text(world.spec.read_text(encoding="utf-8") + SHARED, encoding="utf-8")
    world.compile()
    assert world.tf("deploy", "--include", "account", "common", "users").code == 0
    assert world.tf("deploy", "users", env="prod").code == 0
    refused = world.tf("destroy", "--include", "account")
    assert refused.code == 2, refused.err
    assert "error[E664]: common is needed by users of prod, which would stay" in refused.err
    assert "= help: leave it out of --include, or delete prod first" in refused.err
    assert f"--> {world.line('  common:')}" in refused.err
    assert refused.err.count("E664") == 1
    # In its own environment, too, whoever is not named.
    named = world.tf("destroy", "--include", "account", "common")
    assert named.code == 2, named.err
    assert "error[E664]: common is needed by users, which would stay" in named.err
    assert "lenie destroy --target tf --env dev --include account common users" in named.err
    assert "error[E664]: common is needed by users of prod, which would stay" in named.err
    assert (world.parameter("dev/user"), world.parameter("prod/user")) == ("yes", "yes")
    # What nobody needs any more goes.
    assert world.tf("destroy", "users", "--lift-protection", env="prod").code == 0
    gone = world.tf("destroy", "--include", "account", "common", "users", "--format", "json")
    assert (gone.code, gone.states) == (0, {"common": "deleted", "users": "deleted"}), gone.err
    left = [one["Name"] for one in world.client("ssm").describe_parameters()["Parameters"]]
    assert [name for name in left if name.startswith("/demo/")] == []


def test_a_state_that_cannot_be_read_is_not_an_empty_one(tmp_path: Path) -> None:
    program = tmp_path / "terraform"
    terraform = tfrun.Terraform(program, tmp_path, "", {})

    def says(words: str) -> None:
        program.write_text(f"#!/bin/sh\necho '{words}' >&2\nexit 1\n")
        program.chmod(0o755)

    says("No state file was found!")
    assert terraform.addresses() == []
    says("Error: access to the bucket is denied")
    for look in (terraform.addresses, terraform.workspaces, terraform.state):
        with pytest.raises(SpecError, match=r"terraform cannot show what is there: Error: access to the bucket"):
            look()


def test_a_plan_that_fails_gives_back_what_was_to_stay(world: TerraformWorld) -> None:
    """Retained resources leave the state before the plan; if that fails they are in it again."""
    assert world.tf("deploy", "artifacts").code == 0
    state = world.directory / "generated/tf/terraform.tfstate.d/dev/terraform.tfstate"
    world.emulator.fault("ssm", 1, "deny", ("GetParameter", "GetParameters"))
    failed = world.tf("destroy")
    world.emulator.cure()
    assert failed.code == 2, failed.out
    assert "error[E665]: terraform plan" in failed.err
    assert '"aws_s3_bucket"' in state.read_text(encoding="utf-8")
    again = world.tf("deploy", "artifacts", "--format", "json")
    assert (again.code, again.states) == (0, {"artifacts": "unchanged"}), again.err


def test_a_destruction_that_is_declined(world: TerraformWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    assert world.tf("deploy", "settings").code == 0
    world.before = "import lenie.compiler.deploy.command as c; c._namer = lambda request: lambda question: False; "
    declined = world.tf("destroy", "--format", "json", yes=False)
    assert declined.code == 2, declined.err
    assert declined.states == dict.fromkeys(COMPONENTS, "declined")
    assert world.parameter("dev/retries") == "3"


def test_what_is_kept_of_a_plan() -> None:
    def gone(address: str) -> Planned:
        return Planned("data", address, "delete")

    done = [
        gone("module.data.aws_s3_bucket.orders"),
        gone("module.data.aws_s3_bucket_policy.orders"),
        gone('module.data.aws_s3_bucket_versioning.orders["a"]'),
        gone("module.data.aws_s3_bucket_policy.other"),
        gone("module.data.aws_dynamodb_table.orders"),
        gone("module.data.aws_ssm_parameter.orders_name"),
        gone("module.data.aws_secretsmanager_secret.token"),
        gone("module.data.aws_secretsmanager_secret.login"),
        gone("module.data.aws_secretsmanager_secret_version.login"),
        gone("module.shared.aws_api_gateway_account.gateway"),
        gone("module.shared.aws_iam_role.gateway"),
        gone("module.shared.aws_iam_role_policy_attachment.gateway_push"),
        gone("module.shared.aws_iam_role.worker"),
        Planned("data", "module.data.aws_dynamodb_table.changed", "replace"),
    ]
    assert [one.address for one in kept(done)] == [done[n].address for n in (0, 1, 2, 4, 6, 9, 10, 11)]

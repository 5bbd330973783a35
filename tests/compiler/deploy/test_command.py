"""`lenie deploy`, `destroy` and `status`: command lines, in processes of their own and in this one."""

from __future__ import annotations

import errno
import io
import json
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from deploy_world import COMPONENTS, CREDENTIALS, Ran, World

from lenie.compiler.cli import main


class Terminal(io.StringIO):
    """What somebody types at a terminal."""

    def isatty(self) -> bool:
        return True


def run(capsys: pytest.CaptureFixture[str], world: World, *arguments: str) -> Ran:
    """Run a command line in this process."""
    with pytest.raises(SystemExit) as exited:
        main.main([*arguments, "--endpoint-url", world.emulator.url], prog_name="lenie")
    out, err = capsys.readouterr()
    assert isinstance(exited.value.code, int)
    return Ran(exited.value.code, out, err)


def deploy(capsys: pytest.CaptureFixture[str], world: World, *arguments: str) -> Ran:
    environment = () if "--env" in arguments else ("--env", "dev")
    return run(capsys, world, "deploy", *environment, "--yes", *arguments)


def test_deploy_status_and_destroy(world: World) -> None:
    """In processes, as users run them."""
    before = world.run("status", "--env", "dev")
    assert (before.code, before.out.count("not deployed")) == (0, len(COMPONENTS))
    assert world.run("status", "--env", "dev", "--check").code == 2
    done = world.run("deploy", "--env", "dev", "--yes")
    assert done.code == 0, done.err
    lines = done.out.splitlines()
    assert lines[0].split() == ["component", "stack", "result", "resources", "time"]
    assert lines[1].split()[:4] == ["artifacts", "demo-dev-artifacts", "created", "3"]
    assert lines[-1] == "deployed to dev (account 123456789012, us-east-1): 6 created"
    assert "intake: deploying demo-dev-intake" in done.err
    assert "intake: created (" in done.err
    again = world.run("deploy", "--env", "dev", "--yes")
    assert "(packages): the only package is in the bucket" in again.out
    assert again.out.splitlines()[-1] == "deployed to dev (account 123456789012, us-east-1): 6 unchanged"
    assert "building 1 package\n" in again.err
    after = world.run("status", "--env", "dev", "--check")
    assert (after.code, after.out.count("the same")) == (0, len(COMPONENTS))
    assert after.out.splitlines()[-1] == "dev (account 123456789012, us-east-1): 6 of 6 as the spec has them"
    gone = world.run("destroy", "--env", "dev", "--yes")
    assert gone.code == 0, gone.err
    assert "archive: AWS::DynamoDB::Table demo-dev-archive stays, as the spec wants it" in gone.out
    assert gone.out.splitlines()[-1] == "deleted from dev (account 123456789012, us-east-1): 6 deleted"


def test_json(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    done = deploy(capsys, world, "--format", "json")
    assert done.code == 0, done.err
    data = done.data
    assert (data["environment"], data["account"], data["exit_code"]) == ("dev", "123456789012", 0)
    assert done.states == {**dict.fromkeys(COMPONENTS, "created"), "(packages)": "done"}
    world.edit("retries: {kind: parameter", "retries: {kind: parameter, name: bad name")
    failed = deploy(capsys, world, "--format", "json")
    assert failed.code == 1
    assert failed.data["diagnostics"][0]["code"] == "E201"
    status = run(capsys, world, "status", "--env", "prod", "--format", "json")
    assert status.code == 1
    world.edit(", name: bad name", "")
    status = run(capsys, world, "status", "--env", "dev", "--format", "json")
    assert [one["current"] for one in status.data["components"]] == [True] * len(COMPONENTS)


def test_without_credentials(world: World, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    for command in (
        ["deploy", "--env", "dev", "--yes"],
        ["destroy", "--env", "dev", "--yes"],
        ["status", "--env", "dev"],
    ):
        done = run(capsys, world, *command)
        assert done.code == 3
        assert done.err.endswith(
            "error[E911]: there are no credentials for AWS that can be used\n"
            "  = help: sign in (aws sso login, aws configure), or set AWS_PROFILE\n\n"
        )
    assert world.stacks_without_credentials() == {}


def test_an_emulator_that_is_not_there(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exited:
        main.main(["deploy", "--env", "dev", "--yes", "--endpoint-url", "http://127.0.0.1:9"], prog_name="lenie")
    assert exited.value.code == 3
    assert "error[E911]: asking who deploys: AWS cannot be reached" in capsys.readouterr().err


# ---- parameters ------------------------------------------------------------------------------------------------------


def test_parameters(world: World, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "values.json"
    file.write_text(json.dumps({"retries": 4}))
    assert deploy(capsys, world, "--parameters", str(file)).code == 0
    ssm = world.client("ssm")
    assert ssm.get_parameter(Name="/demo/dev/retries")["Parameter"]["Value"] == "4"
    # The command line counts more than the file; names are the spec's, or those of the templates.
    done = deploy(capsys, world, "--parameters", str(file), "--parameter", "Retries=5", "--format", "json")
    assert [name for name, state in done.states.items() if state == "updated"] == ["settings"]
    assert ssm.get_parameter(Name="/demo/dev/retries")["Parameter"]["Value"] == "5"
    status = run(capsys, world, "status", "--env", "dev", "--format", "json").data["components"]
    assert {one["name"]: one["differs"] for one in status if one["differs"]} == {"settings": ["parameter Retries"]}
    same = run(capsys, world, "status", "--env", "dev", "--check", "--parameter", "retries=5")
    assert same.code == 0


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--parameter", "retrys=5"], 3, 'E650]: the spec has no parameter "retrys"'),
        (["--parameter", "retries=many"], 3, "E650]: the value that is given for retries cannot be used: a number"),
        (["--parameter", "alert-email=me"], 3, 'for alert-email cannot be used: "me" is no email'),
        (["--parameter", "retries"], 3, 'E901]: --parameter takes NAME=VALUE, and not "retries"'),
        (["--parameter", "retries=1", "--parameter", "retries=2"], 3, "--parameter retries is given twice"),
        (["--parameters", "none.json"], 3, 'E902]: cannot use "none.json"'),
        (["--parameters", "list.json"], 3, 'E901]: "list.json" holds no map of parameters'),
        (["--parameters", "broken.json"], 3, 'E901]: "broken.json" is no JSON'),
        (["--parameters", "twice.json"], 3, 'E901]: "twice.json" gives retries twice'),
        (["--parameters", "odd.json"], 3, 'E901]: the value of retries in "odd.json" is no text'),
        (["--include", "acount"], 3, 'E901]: "acount" is not possible for --include'),
        (["--parallel", "0"], 3, "E901]: 0 is not possible for --parallel"),
        (["--secret", "login"], 3, "E901]: --secret takes NAME=FILE"),
        (["--secret", "login=none.json"], 3, 'E902]: cannot use "none.json"'),
        (["--parameters", "."], 3, 'E901]: "." is a directory, and no file of parameters'),
        (["--secret", "login=."], 3, 'E901]: "." is a directory, and no value for login'),
        (["--secret", "login=/dev/null"], 3, 'E901]: "/dev/null" is empty, and no value for login'),
        (["--secret", f"login={sys.executable}"], 3, "is no text: it is not UTF-8"),
        (["--secret", "login=spec/lenie.yaml"], 3, 'E901]: the spec has no secret "login" whose value people set'),
        (["--secret", "a=spec/lenie.yaml", "--secret", "a=spec/lenie.yaml"], 3, "E901]: --secret a is given twice"),
        (["--secret", "a=spec/lenie.yaml", "--target", "tf"], 3, "E901]: --secret is for --target cfn and cdk only"),
        (["--secret", "a=spec/lenie.yaml", "--target", "cdk", "--cdk-cli", "x"], 3, "not possible with --cdk-cli"),
        (["--backend-config", "x"], 3, "E901]: --backend-config is for --target tf only"),
        (["--cdk-cli", "x"], 3, "E901]: --cdk-cli is for --target cdk only"),
        (["--target", "tf", "--change-set"], 3, "E901]: --change-set is for --target cfn and cdk only"),
        (["--target", "pulumi"], 3, 'E901]: "pulumi" is not possible for --target'),
        (["--env", "stage"], 3, 'E901]: there is no environment "stage"'),
        (["--env", ""], 3, "E901]: --env is empty"),
        (["intak"], 3, 'E901]: there is no component "intak"'),
    ],
)
def test_what_is_wrong_is_told_before_anything_is_changed(
    world: World, capsys: pytest.CaptureFixture[str], words: list[str], code: int, said: str
) -> None:
    (world.directory / "list.json").write_text("[]")
    (world.directory / "broken.json").write_text("{")
    (world.directory / "twice.json").write_text('{"retries": 4, "retries": 5}')
    (world.directory / "odd.json").write_text('{"retries": true}')
    done = deploy(capsys, world, *words)
    assert done.code == code
    assert said in done.err
    assert "Traceback" not in done.err
    assert world.stacks() == {}


@pytest.mark.parametrize(
    ("words", "line", "help"),
    [
        (["settings", "--parameter", "alert-email=a@example.com"], "alert-email: {", "add --include account"),
        (["--parameter", "AlertEmail=me@example.com"], "alert-email: {type", "add --include account"),
        (["intake", "problems", "--parameter", "retries=5"], "retries:     {type", "name settings, too"),
        (["--parameter", "spare=x"], "spare: {type", "leave it out: no component uses it"),
        (
            ["--include", "account", "settings", "--parameter", "alert-email=a@example.com"],
            "alert-email: {type",
            "name budget, too, or leave the value out",
        ),
    ],
)
def test_a_parameter_that_nothing_chosen_uses(
    world: World, capsys: pytest.CaptureFixture[str], words: list[str], line: str, help: str
) -> None:
    """Who writes a value out wants it to be somewhere."""
    world.edit(
        "  retries:     {type", "  spare: {type: text, default: there, description: Nothing}\n  retries:     {type"
    )
    for command in (["deploy", "--yes"], ["status"]):
        done = run(capsys, world, *command, "--env", "dev", *words)
        given = words[-1].partition("=")[0]
        assert done.code == 3
        assert f"error[E650]: none of the chosen components uses {given}, for which a value is given" in done.err
        assert f"= help: {help}" in done.err
        assert f"--> {world.line(line)}" in done.err
    assert world.stacks() == {}


def test_a_file_of_parameters_is_for_all_components(
    world: World, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Those that are not chosen now have their values there, too; and nothing is deleted by values."""
    file = tmp_path / "values.json"
    file.write_text(json.dumps({"retries": 4, "alert-email": "me@example.com"}))
    done = deploy(capsys, world, "problems", "--parameters", str(file))
    assert (done.code, done.err.count("E650")) == (0, 0), done.err
    one = deploy(capsys, world, "settings", "--parameters", str(file), "--parameter", "retries=6")
    assert one.code == 0, one.err
    assert world.client("ssm").get_parameter(Name="/demo/dev/retries")["Parameter"]["Value"] == "6"
    same = ["--yes", "--env", "dev", "problems", "--parameter", "retries=6"]
    assert run(capsys, world, "destroy", *same).code == 0


@pytest.mark.parametrize(
    ("option", "value", "help"),
    [
        ("--parameters", "none.json", "check what --parameters names"),
        ("--parameters", "spec/lenie.yaml/values.json", "check what --parameters names"),
        ("--secret", "login=none.json", "check what --secret names"),
        ("--secret", "login=spec/lenie.yaml/login.json", "check what --secret names"),
        ("--parameters", "circle.json", "check what --parameters names"),
    ],
)
def test_help_for_a_file_that_cannot_be_read_is_about_its_option(
    world: World, capsys: pytest.CaptureFixture[str], option: str, value: str, help: str
) -> None:
    """Nothing is written there: a directory of the output is no way out."""
    (world.directory / "circle.json").symlink_to("circle.json")
    done = deploy(capsys, world, option, value)
    assert done.code == 3
    assert f'error[E902]: cannot use "{value.removeprefix("login=")}": ' in done.err
    assert f"  = help: {help}\n" in done.err
    assert "--out" not in done.err


def test_a_file_that_may_not_be_read(
    world: World, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The operating system's answer is made up, since a superuser may read everything."""
    read = Path.read_text

    def refused(self: Path, *given: Any, **named: Any) -> str:
        if self.name == "closed.json":
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(self))
        return read(self, *given, **named)

    monkeypatch.setattr(Path, "read_text", refused)
    done = deploy(capsys, world, "--parameters", "closed.json")
    assert done.code == 3
    assert 'error[E902]: cannot use "closed.json": permission denied\n  = help: check who may read it\n' in done.err


def test_rules_hold_for_what_is_given(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    """As if it stood in the spec: networks of administrators must not be the world."""
    world.spec.write_text(
        world.spec.read_text()
        + """
  net:
    layer: compute
    resources:
      net: {kind: network, cidr: 10.0.0.0/16, subnets: {public: {cidrs: [10.0.1.0/24, 10.0.2.0/24], public: true}}}
      ssh: {kind: security-group, network: net, description: Administrators, ingress: {22/tcp: "${param.admins}"}}
"""
    )
    world.edit(
        "parameters:\n", "parameters:\n  admins: {type: list(cidr), default: [203.0.113.0/24], description: Who}\n"
    )
    done = deploy(capsys, world, "net", "--parameter", "admins=0.0.0.0/0")
    assert done.code == 1
    assert "error[E315]" in done.err
    two = deploy(capsys, world, "net", "--parameter", "admins=203.0.113.0/25,203.0.113.128/25")
    assert two.code == 3
    assert (
        "error[E650]: the value that is given for admins cannot be used: it has 2 elements, and the spec 1" in two.err
    )
    assert deploy(capsys, world, "net", "--parameter", "admins=198.51.100.0/24").code == 0
    [group] = world.client("ec2").describe_security_groups(
        Filters=[{"Name": "description", "Values": ["Administrators"]}]
    )["SecurityGroups"]
    assert group["IpPermissions"][0]["IpRanges"][0]["CidrIp"] == "198.51.100.0/24"


# ---- questions -------------------------------------------------------------------------------------------------------


def test_nobody_can_be_asked(world: World, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    for command in ("deploy", "destroy"):
        done = run(capsys, world, command, "--env", "dev")
        assert done.code == 3
        assert "E901]: nobody can be asked: standard input is no terminal" in done.err
    assert world.stacks() == {}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["deploy", "intak"], 'there is no component "intak"\n  = help: did you mean "intake"?'),
        (["deploy", "budget"], '"budget" exists once for the whole account'),
        (["deploy", "--secret", "login=spec/lenie.yaml"], 'the spec has no secret "login" whose value people set'),
        (["deploy", "--change-set", "intak"], 'there is no component "intak"'),
        (["destroy", "intak"], 'there is no component "intak"\n  = help: did you mean "intake"?'),
        (["destroy", "budget"], '"budget" exists once for the whole account'),
    ],
)
def test_a_wrong_name_is_told_before_that_nobody_can_be_asked(
    world: World, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, words: list[str], said: str
) -> None:
    """Who adds --yes then would only be told the next mistake."""
    monkeypatch.setattr("sys.stdin", io.StringIO())
    done = run(capsys, world, *words, "--env", "dev")
    assert done.code == 3
    assert f"error[E901]: {said}" in done.err
    assert "nobody can be asked" not in done.err


def test_questions_at_a_terminal(
    world: World, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for typed, code in (("n\n", 2), ("", 2), ("yes\n", 0)):
        monkeypatch.setattr("sys.stdin", Terminal(typed))
        done = run(capsys, world, "deploy", "--env", "dev", "problems")
        assert done.code == code
        assert "Deploy 1 component (1 new) to dev in account 123456789012, us-east-1? [y/N] " in done.err
        assert bool(world.stacks()) == (code == 0)
    for typed, code in (("y\n", 2), ("prod\n", 2), ("dev\n", 0)):
        monkeypatch.setattr("sys.stdin", Terminal(typed))
        done = run(capsys, world, "destroy", "--env", "dev", "problems")
        assert done.code == code
        assert "1 stack of dev in account 123456789012, us-east-1, will be deleted.\nType the name" in done.err
        assert bool(world.stacks()) == (code != 0)


def test_changes_are_shown_and_asked_about(
    world: World, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", Terminal("y\ny\n"))
    words = ["deploy", "--env", "dev", "--change-set", "settings", "problems"]
    new = run(capsys, world, *words)
    assert new.code == 0
    assert "settings: a new stack demo-dev-settings would be created" in new.err
    assert "  + RetriesParameter (AWS::SSM::Parameter)" in new.err
    assert "Create demo-dev-settings? [y/N] " in new.err
    world.edit("path: retries", "path: tries")
    world.edit("problems: {kind: queue, retention: 14d}", "problems: {kind: queue, retention: 13d}")
    world.edit("documents: {kind: queue, retention: 14d", "documents: {kind: queue, retention: 4d")
    monkeypatch.setattr("sys.stdin", Terminal("y\nn\n"))
    done = run(capsys, world, *words)
    assert done.code == 2
    assert "  ! RetriesParameter (AWS::SSM::Parameter) is REPLACED: Name; the old one is deleted" in done.err
    assert "1 RESOURCE REPLACED. Change demo-dev-settings? [y/N] " in done.err
    assert "  ~ ProblemsQueue (AWS::SQS::Queue): MessageRetentionPeriod" in done.err
    assert "1 updated, 1 declined" in done.out
    assert world.client("cloudformation").list_change_sets(StackName="demo-dev-problems")["Summaries"] == []
    # With --yes they are shown, and nobody is asked.
    done = run(capsys, world, *words, "--yes")
    assert done.code == 0
    assert "  ~ ProblemsQueue (AWS::SQS::Queue): MessageRetentionPeriod" in done.err
    assert "[y/N]" not in done.err


def test_a_failure_has_its_place_and_a_table(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    world.edit(
        "      archive: {kind: table, key: {pk: string}}",
        "      archive: {kind: cloudformation, type: AWS::IAM::InstanceProfile, properties: {Roles: [no-such-role]}}",
    )
    done = deploy(capsys, world)
    assert done.code == 2
    assert "error[E660]: archive could not be created: ArchiveResource (AWS::IAM::InstanceProfile)" in done.err
    assert f"--> {world.line('no-such-role')}" in done.err
    assert "work        demo-dev-work       not begun" in done.out
    status = run(capsys, world, "status", "--env", "dev", "--check")
    assert status.code == 2
    assert "ROLLBACK_COMPLETE" in status.out
    assert "archive: ArchiveResource: " in status.out
    world.edit("Roles: [no-such-role]", "Roles: []")
    assert deploy(capsys, world, "--format", "json").states["intake"] in ("created", "unchanged")


def test_status_tells_what_differs(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert deploy(capsys, world).code == 0
    world.edit("problems: {kind: queue, retention: 14d}", "problems: {kind: queue, retention: 13d}")
    world.edit("documents: {kind: queue, retention: 14d", "documents: {kind: queue, retention: 4d")
    # The value of another component that a stack read is not what is published now.
    world.client("ssm").put_parameter(Name="/demo/dev/s3/artifacts/name", Value="another", Overwrite=True)
    status = run(capsys, world, "status", "--env", "dev", "--check", "--format", "json")
    assert status.code == 2
    found = {one["name"]: one["differs"] for one in status.data["components"] if one["differs"]}
    assert found == {
        "intake": ["template"],
        "problems": ["template"],
        "work": ["value of /demo/dev/s3/artifacts/name"],
    }


# ---- interruptions ---------------------------------------------------------------------------------------------------


def test_an_interrupt_ends_cleanly_and_is_resumed(world: World) -> None:
    with world.process("deploy", "--env", "dev", "--yes", "--format", "json") as process:
        deadline = time.monotonic() + 60
        while not world.stacks() and time.monotonic() < deadline:
            time.sleep(0.02)
        os.kill(process.pid, signal.SIGINT)
        _, err = process.communicate(timeout=60)
    assert process.returncode in (2, 130), err
    assert "Traceback" not in err
    assert "IN_PROGRESS" not in str(world.stacks()), "what runs is waited for"
    again = world.run("deploy", "--env", "dev", "--yes")
    assert again.code == 0, again.err
    assert world.stacks() == {f"demo-dev-{name}": "CREATE_COMPLETE" for name in COMPONENTS}


def test_credentials_are_not_shown(world: World, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert CREDENTIALS["AWS_SECRET_ACCESS_KEY"] == "testing"
    (tmp_path / "token").write_text("very-secret")
    table = "      archive: {kind: table, key: {pk: string}}"
    world.edit(table, f"{table}\n      login: {{kind: secret, fields: [token]}}")
    done = deploy(capsys, world, "--secret", f"login={tmp_path}/token")
    assert done.code == 0
    assert "very-secret" not in done.out + done.err

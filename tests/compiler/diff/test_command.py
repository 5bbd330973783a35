"""``lenie diff`` as people call it: on small repositories, and on Lenie's own spec with seeded changes."""

from __future__ import annotations

import gc
import json
import os
import pty
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support import ROOT
from support_diff import Repository

from lenie.compiler.cli import main

SPEC = """\
version: 1
project: demo
region: us-east-1
layers: [base]
environments:
  dev: {production: false, color: blue}
  prod: {production: true, color: green}
components:
  queues:
    layer: base
    resources:
      problems: {kind: queue, retention: 14d}
      documents: {kind: queue, name: "demo-${env.name}-${env.color}", dead-letter: {queue: problems, after: 5}}
"""
LENIE = [sys.executable, "-c", "from lenie.compiler.cli import main as c; c(prog_name='lenie')"]


@pytest.fixture(autouse=True)
def _collector() -> Iterator[None]:
    yield
    gc.enable()  # a compile turns it off, and leaves its objects to the end of the process
    gc.unfreeze()


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    found = Repository(tmp_path / "project")
    found.spec.write_text(SPEC, encoding="utf-8")
    found.commit()
    monkeypatch.chdir(found.directory)
    return found


@pytest.fixture
def lenie(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """Return a repository with Lenie's own spec and sources."""
    found = Repository(tmp_path / "lenie")
    shutil.copy(ROOT / "spec" / "lenie.yaml", found.spec)
    shutil.copytree(ROOT / "lambdas", found.directory / "lambdas", ignore=shutil.ignore_patterns("__pycache__"))
    found.commit()
    monkeypatch.chdir(found.directory)
    return found


class Diff:
    """What `lenie diff` did."""

    def __init__(self, capsys: pytest.CaptureFixture[str], *arguments: str) -> None:
        with pytest.raises(SystemExit) as exited:
            main.main(["diff", *arguments], prog_name="lenie")
        self.code = exited.value.code
        self.out, self.err = capsys.readouterr()

    @property
    def data(self) -> Any:
        return json.loads(self.out)


def fates(data: Any) -> dict[str, str]:
    return {change["logical_id"]: change["action"] for change in data["changes"]}


# ---- against a revision ----------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("repository")
def test_nothing_changed(capsys: pytest.CaptureFixture[str]) -> None:
    run = Diff(capsys, "--against", "main", "--fail-on", "change")
    assert (run.code, run.err) == (0, "")
    assert run.out == "spec/lenie.yaml, compared with main: no resource changes; 4 resources are the same\n"


def test_a_dirty_tree_is_what_is_compared(repository: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    repository.replace("retention: 14d", "retention: 13d")
    assert Diff(capsys, "--against", "main").out == (
        "spec/lenie.yaml, compared with main: 1 changed; 3 resources are the same\n"
        "\n"
        "queues\n"
        "     ~ ProblemsQueue  AWS::SQS::Queue  changed  spec/lenie.yaml:12\n"
        "         MessageRetentionPeriod: 1209600 -> 1123200  spec/lenie.yaml:12\n"
    )
    repository.commit()
    assert "no resource changes" in Diff(capsys, "--against", "HEAD").out
    assert "1 changed" in Diff(capsys, "--against", "HEAD~1").out


def test_a_gate(repository: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    repository.replace("demo-${env.name}-${env.color}", "papers-${env.name}-${env.color}")
    run = Diff(capsys, "--against", "main", "--fail-on", "replace")
    assert run.code == 2
    assert "DocumentsQueue  AWS::SQS::Queue  replaced, in dev only" in run.out
    assert "QueueName: demo-${env.name}-blue -> papers-${env.name}-blue  [replaces it]" in run.out
    assert run.err.startswith("error[E612]: DocumentsQueue of queues is replaced, and --fail-on replace lets no such")
    as_json = Diff(capsys, "--against", "main", "--fail-on", "replace", "--format", "json")
    assert as_json.code == 2
    assert as_json.data["summary"]["replaced"] == 1
    assert Diff(capsys, "--against", "main", "--fail-on", "replace", "--env", "dev").code == 2
    assert Diff(capsys, "--against", "main").code == 0


def test_an_environment_that_goes_away_is_stopped(repository: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    repository.replace("  prod: {production: true, color: green}\n", "")
    run = Diff(capsys, "--against", "main", "--fail-on", "remove")
    assert run.code == 2
    assert "- environment prod is gone" in run.out
    assert run.err.startswith(
        "error[E612]: environments change as a whole, and --fail-on remove lets no such change pass"
    )
    assert Diff(capsys, "--against", "main", "--fail-on", "replace").code == 0


def test_a_spec_with_errors(repository: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    repository.replace("14d", "14")
    for arguments in (["--against", "main"], ["--env", "dev..prod"], ["cfn", "tf"]):
        run = Diff(capsys, *arguments)
        assert (run.code, run.out) == (1, "")
        assert run.err.startswith("error[E203]")
    run = Diff(capsys, "--against", "main", "--format", "json")
    assert run.code == 1
    assert run.data["diagnostics"][0]["code"] == "E203"
    repository.commit()
    repository.replace("14", "14d")
    run = Diff(capsys, "--against", "main")
    assert (run.code, run.out) == (3, "")
    assert run.err.startswith("error[E611]: spec/lenie.yaml does not compile in main: ")
    assert "--> main:spec/lenie.yaml:12:" in run.err


def test_no_revision(repository: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    run = Diff(capsys, "--against", "mian", "--format", "json")
    assert run.code == 3
    assert run.data["diagnostics"][0]["code"] == "E610"
    assert run.data["diagnostics"][0]["help"] == 'did you mean "main"?'
    repository.replace("documents:", "papers:")
    run = Diff(capsys, "--against", "main", "--format", "markdown")
    assert run.code == 0
    assert run.out.startswith("### What the change does to resources\n")
    assert "| 🟠 removed | <code>DocumentsQueue</code> |" in run.out


@pytest.mark.slow
def test_lenie_with_another_network(lenie: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    """Everything in the network is made anew; what only looks at it is changed."""
    text = lenie.spec.read_text(encoding="utf-8")
    lenie.spec.write_text(re.sub(r"\b10\.0\.(\d)\.0/", r"10.1.\1.0/", text), encoding="utf-8")
    run = Diff(capsys, "--against", "main", "--format", "json", "--fail-on", "replace")
    assert run.code == 2
    found = fates(run.data)
    replaced = {
        "Vpc",
        "VpcPublicSubnetA",
        "VpcS3Endpoint",
        "BastionSecurityGroup",
        "BastionInstance",
        "Ec2LenieInstance",
    }
    assert {name: found[name] for name in replaced} == dict.fromkeys(replaced, "replaced")
    changed = {"VpcIdParameter", "SqsIntoRdsFunction", "DatabaseSubnetGroup", "Database", "Ec2StartFunction"}
    assert {name: found[name] for name in changed} == dict.fromkeys(changed, "changed")
    assert not {"DocumentsQueue", "UrlAddFunction", "BastionRole", "BastionKeyPair"} & set(found)
    data = run.data
    assert data["summary"]["same"] + len(found) == 199
    assert all(change["environments"] == ["dev", "qa", "prod"] for change in data["changes"])
    vpc = next(change for change in data["changes"] if change["logical_id"] == "Vpc")
    (entry,) = vpc["properties"]
    assert (entry["path"], entry["old"], entry["new"], entry["replaces"]) == (
        "CidrBlock",
        "10.0.0.0/16",
        "10.1.0.0/16",
        "always",
    )
    line = int(entry["place"].partition(":")[2])
    assert "cidr: 10.1.0.0/16" in lenie.spec.read_text(encoding="utf-8").splitlines()[line - 1]


@pytest.mark.slow
def test_lenie_with_seeded_changes(lenie: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    """One change of each sort, at once; every resource that is told is one of them or follows from one."""
    lenie.replace("dnf upgrade --assumeyes", "dnf upgrade --assumeyes --refresh")
    lenie.replace("retention: 14d, visibility: 360s", "retention: 10d, visibility: 360s")
    lenie.replace("production: true,  recovery: true", "production: true,  recovery: false")
    lenie.replace("helm: {kind: bucket}", 'helm: {kind: bucket, name: "charts-${env.name}"}')
    lenie.replace("description: OpenAI SDK", "description: OpenAI")
    lenie.replace(
        "  lambda-layer-openai:\n",
        "  extra: {layer: compute, resources: {extra: {kind: queue}}}\n  lambda-layer-openai:\n",
    )
    handler = lenie.directory / "lambdas" / "sqs_size" / "handler.py"
    handler.write_text(handler.read_text() + "# changed\n")
    data = Diff(capsys, "--against", "main", "--format", "json").data
    assert fates(data) == {
        "BastionInstance": "may be replaced",
        "DocumentsQueue": "changed",
        "DocumentsTable": "changed",
        "HelmBucket": "replaced",
        "HelmNameParameter": "changed",
        "HelmArnParameter": "changed",
        "HelmDomainParameter": "changed",
        "ExtraQueue": "added",
        "ExtraQueuePolicy": "added",
        "OpenaiLayer": "replaced",
        "OpenaiArnParameter": "changed",
        "SqsSizeFunction": "changed",
        "AppServerInternetFunction": "changed",
        "HelmCdnDistribution": "changed",
        "HelmCdnBucketPolicy": "replaced",
    }
    by_id = {change["logical_id"]: change for change in data["changes"]}
    assert by_id["DocumentsTable"]["environments"] == ["prod"]
    assert by_id["HelmBucket"]["notes"] == ["the old one is kept, outside of the stack (UpdateReplacePolicy Retain)"]
    assert [entry["path"] for entry in by_id["SqsSizeFunction"]["properties"]] == ["Code.S3Key"]
    text = Diff(capsys, "--against", "main", "s3-helm").out
    assert text.startswith("spec/lenie.yaml, compared with main: 1 replaced, 3 changed; ")
    assert "cloudfront-helm" not in text


# ---- two environments ------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("repository")
def test_environments(capsys: pytest.CaptureFixture[str]) -> None:
    run = Diff(capsys, "--env", "dev..prod")
    assert (run.code, run.err) == (0, "")
    head, note, blank, *rest = run.out.splitlines()
    assert head.startswith("dev and prod: 1 property of 1 resource differ; 3 resources are the same; ")
    assert note == "- the stacks of prod are protected from deletion, those of dev are not"
    assert [blank, *rest] == [
        "",
        "queues",
        "     ~ DocumentsQueue  AWS::SQS::Queue  spec/lenie.yaml:13",
        "         QueueName: demo-${env.name}-blue -> demo-${env.name}-green  [setting Color]  spec/lenie.yaml:13",
    ]
    assert "demo-dev-problems -> demo-prod-problems" in Diff(capsys, "--env", "dev..prod", "--all").out
    assert Diff(capsys, "--env", "dev..prod", "queues", "--format", "json").data["summary"]["changed"] == 1
    assert "| property | dev | prod |" in Diff(capsys, "--env", "dev..prod", "--format", "markdown").out


# ---- dialects --------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("repository")
def test_dialects(capsys: pytest.CaptureFixture[str]) -> None:
    run = Diff(capsys, "cfn", "tf", "cdk", "queues", "--width", "150")
    assert (run.code, run.err) == (0, "")
    assert "Type: AWS::SQS::Queue" in run.out
    assert 'resource "aws_sqs_queue" "problems"' in run.out
    assert "sqs.CfnQueue(" in run.out
    assert max(map(len, run.out.splitlines())) <= 150
    assert "around the resources" in run.out
    assert Diff(capsys, "cfn", "tf", "cdk", "--width", "150").out == run.out
    data = Diff(capsys, "tf", "cfn", "--format", "json").data
    assert data["targets"] == ["tf", "cfn"]
    assert [component["component"] for component in data["components"]] == ["queues"]
    markdown = Diff(capsys, "cdk", "cfn", "--format", "markdown").out
    assert markdown.startswith("### queues: cdk, cfn\n")
    assert "```python\n" in markdown
    assert "demo-prod-green" in Diff(capsys, "cfn", "tf", "--env", "prod").out
    assert not (Path.cwd() / "generated").exists()


def test_a_component_that_terraform_cannot_express(repository: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    """It is told at its place when it is asked for, and is not in the way of another one."""
    raw = "{kind: cloudformation, type: AWS::DAX::ParameterGroup, properties: {Description: d}}"
    with repository.spec.open("a") as spec:
        spec.write(f"  cache:\n    layer: base\n    resources:\n      cache: {raw}\n")
    assert Diff(capsys, "cfn", "tf", "queues").code == 0
    for arguments in (["cfn", "tf", "cache"], ["cfn", "tf"]):
        run = Diff(capsys, *arguments)
        assert (run.code, run.out) == (1, "")
        assert "error[E530]" in run.err
    assert Diff(capsys, "cfn", "cdk", "cache").code == 0


@pytest.mark.parametrize("width", [90, 140])
def test_dialects_on_a_terminal(repository: Repository, width: int) -> None:
    said = on_terminal(repository.directory, ["diff", "cfn", "tf", "queues"], width)
    assert "\x1b[" in said
    lines = re.sub(r"\x1b\[[0-9;]*m", "", said).splitlines()
    assert max(map(len, lines)) <= width
    text = "\n".join(lines)
    assert "aws_sqs_queue" in text
    assert "Type: AWS::SQS::Queue" in text
    plain = on_terminal(repository.directory, ["diff", "cfn", "tf", "queues"], width, NO_COLOR="1")
    assert "\x1b[" not in plain
    assert max(map(len, plain.splitlines())) == width


def on_terminal(directory: Path, arguments: list[str], width: int, **environment: str) -> str:
    """Return what a command prints on a terminal of that width."""
    leader, follower = pty.openpty()
    inherited = {key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "COLUMNS")}
    set_width = (
        f"import termios,struct,fcntl; fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack('HHHH', 40, {width}, 0, 0))"
    )
    program = f"{set_width}\n{LENIE[-1]}"
    process = subprocess.Popen(
        [sys.executable, "-c", program, *arguments],
        cwd=directory,
        stdout=follower,
        stderr=follower,
        env={**inherited, "TERM": "xterm-256color", **environment},
    )
    os.close(follower)
    said = b""
    while True:
        try:
            chunk = os.read(leader, 65536)
        except OSError:  # Linux tells the end of a terminal in this way
            break
        if not chunk:
            break
        said += chunk
    os.close(leader)
    assert process.wait() == 0
    return said.decode()


# ---- wrong usage -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "message", "help"),
    [
        ([], "what is to be compared?", "name two targets (cfn tf), or give --env dev..prod, or --against main"),
        (["cfn"], "what is cfn to be compared with?", "name another target: tf or cdk"),
        (["cfn", "queues"], "what is cfn to be compared with?", "name another target: tf or cdk"),
        (["cfm", "tf"], 'there is no target "cfm"', 'did you mean "cfn"?'),
        (["eks", "cfn"], 'the target "eks" has clusters and no resources to compare', "possible: cfn, tf, cdk"),
        (["cfn", "eks"], 'the target "eks" has clusters and no resources to compare', "possible: cfn, tf, cdk"),
        (["cfn", "tf", "queue"], 'there is no component "queue"', 'did you mean "queues"?'),
        (["cfn", "tf", "queues", "x"], '"x" is one word too many', "at most one component can be named"),
        (["cfn", "tf", "--env", "prd"], 'there is no environment "prd"', 'did you mean "prod"?'),
        (["cfn", "tf", "cdk", "--width", "60"], "60 columns are too few for 3 targets", "widen the terminal"),
        (["cfn", "tf", "--width", "10"], "10 columns are too few", "possible: 40 to 10000"),
        (["cfn", "tf", "--width", "99999"], "99999 columns are too many", "possible: 40 to 10000"),
        (["cfn", "tf", "--width", "-1"], "-1 columns are too few", "possible: 40 to 10000"),
        (["cfn", "tf", "--width", "x"], "invalid value for '--width': 'x' is not a valid integer", ""),
        (["--env", "dev"], "one environment is not compared with anything", "--env dev..OTHER"),
        (["--env", "dev..prd"], 'there is no environment "prd"', 'did you mean "prod"?'),
        (["--env", "dev.."], '"dev.." names no two environments', "write --env dev..prod"),
        (["--env", ".."], '".." names no two environments', "write --env dev..prod"),
        (["--env", "dev..dev"], "dev is compared with itself", "name two environments"),
        (["--env", "dev..prod", "queue"], 'there is no component "queue"', 'did you mean "queues"?'),
        (["--env", "dev..prod", "cfn", "tf"], '"cfn" is no component', "targets are compared without --against"),
        (["--env", "dev..prod", "--against", "main"], "--env A..B and --against are two comparisons", "name one"),
        (["--env", "dev..prod", "--fail-on", "change"], "--fail-on is for --against only", "add --against main"),
        (["--against", "main", "queue"], 'there is no component "queue"', 'did you mean "queues"?'),
        (["--against", "main", "--env", "prd"], 'there is no environment "prd"', 'did you mean "prod"?'),
        (["--against", "main", "--fail-on", "all"], '"all" is not possible for --fail-on', "possible: change, remove"),
        (["--against", "main", "--format", "yaml"], '"yaml" is not possible for --format', "possible: json, markdown"),
        (["--against", "main", "--spec", ""], "--spec is empty", "leave the option out for its default"),
    ],
)
@pytest.mark.usefixtures("repository")
def test_usage(capsys: pytest.CaptureFixture[str], arguments: list[str], message: str, help: str) -> None:
    run = Diff(capsys, *arguments)
    assert (run.code, run.out) == (3, "")
    first, *rest = run.err.splitlines()
    assert first == f"error[E901]: {message}"
    assert help in "\n".join(rest)


@pytest.mark.usefixtures("repository")
def test_no_spec(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (["--against", "main"], ["--env", "dev..prod"], ["cfn", "tf"]):
        run = Diff(capsys, *arguments, "--spec", "none.yaml")
        assert run.code == 3
        assert run.err.startswith("error[E101]: cannot read none.yaml")


def test_what_is_loaded(repository: Repository) -> None:
    """A comparison of specs needs neither the targets' emitters nor what draws tables."""
    program = """
import sys
from lenie.compiler.cli import main
try:
    main(["diff", "--against", "main"], prog_name="lenie")
finally:
    loaded = {module.partition(".")[0] for module in sys.modules}
    print(sorted(loaded & {"rich", "boto3", "jinja2", "cfnlint", "troposphere"}))
"""
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=repository.directory, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"


def test_the_guide_names_what_exists() -> None:
    guide = (ROOT / "docs" / "diff.md").read_text(encoding="utf-8")
    command = main.commands["diff"]
    known = {option for parameter in command.params for option in parameter.opts if option.startswith("--")}
    assert known - {"--spec"} == set(re.findall(r"(?<![\w-])--[a-z]+(?:-[a-z]+)*", guide))


def test_the_help_shows_each_comparison_on_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    run = Diff(capsys, "--help")
    assert run.code == 0
    lines = [line.split("  ")[1] for line in run.out.splitlines() if line.startswith("  lenie diff ")]
    assert lines == ["lenie diff cfn tf cdk vpc", "lenie diff --env dev..prod", "lenie diff --against main"]


NETWORK = """\
  network:
    layer: base
    resources:
      vpc:
        kind: network
        cidr: 10.0.0.0/16
        subnets: {public: {cidrs: [10.0.1.0/24, 10.0.2.0/24], public: true}}
"""


def _cluster(name: str, most: int) -> str:
    return (
        f'  {name}:\n    version: "1.36"\n    network: vpc.public\n    namespace: demo\n'
        f"    api-access: 203.0.113.0/24\n    nodes: {{workers: {{types: [t3.medium], min: 2, max: {most}}}}}\n"
    )


def test_clusters(repository: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    def write(*clusters: str) -> None:
        repository.spec.write_text(SPEC + NETWORK + "kubernetes:\n" + "".join(clusters), encoding="utf-8")

    write(_cluster("kept", 2), _cluster("changed", 2), _cluster("removed", 2))
    repository.commit()
    same = Diff(capsys, "--against", "HEAD", "--fail-on", "change")
    assert (same.code, "kubernetes" in same.out) == (0, False)
    write(_cluster("kept", 2), _cluster("changed", 3), _cluster("added", 2))
    found = Diff(capsys, "--against", "HEAD", "--fail-on", "change")
    assert found.code == 2
    lines = found.out.splitlines()
    assert lines[0].startswith("spec/lenie.yaml, compared with HEAD: 1 removed, 1 changed, 1 added; ")
    assert [" ".join(line.split()[:3]) for line in lines[lines.index("kubernetes:") + 1 :]] == [
        "~ changed EKS",
        "nodes.workers.max: 2 ->",
        "+ added EKS",
        "- removed EKS",
        "the script removed/cluster.sh",
    ]
    assert "E612" in found.err
    assert "changed of kubernetes: is changed" in found.err
    assert Diff(capsys, "--against", "HEAD", "--fail-on", "replace").code == 0
    data = json.loads(Diff(capsys, "--against", "HEAD", "--format", "json").out)
    assert [(c["component"], c["logical_id"]) for c in data["changes"]] == [
        ("kubernetes:", name) for name in ("changed", "added", "removed")
    ]
    assert "kubernetes:" not in Diff(capsys, "--against", "HEAD", "vpc").out

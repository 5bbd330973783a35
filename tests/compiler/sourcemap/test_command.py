"""`lenie explain FILE:LINE` as a person meets it: what is told, and what is said about places that are none."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from lenie.compiler.cli import main
from lenie.compiler.sourcemap.write import NAME

ROOT = Path(__file__).resolve().parents[3]
SPEC = ROOT / "spec" / "lenie.yaml"


class Run:
    """What a command line did."""

    def __init__(self, capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> None:
        with pytest.raises(SystemExit) as exited:
            main.main(["explain", *map(str, arguments)], prog_name="lenie")
        self.code = exited.value.code
        self.out, self.err = capsys.readouterr()


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("NO_COLOR", "1")


@pytest.fixture
def copy(written: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory with a spec and what was compiled from it, to be changed."""
    monkeypatch.setenv("NO_COLOR", "1")
    for name in ("cfn", "tf", "cdk"):
        shutil.copytree(written / name, tmp_path / "generated" / name)
    (tmp_path / "spec").mkdir()
    shutil.copy(SPEC, tmp_path / "spec")
    (tmp_path / "lambdas").symlink_to(ROOT / "lambdas")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def line_of(path: Path, text: str, after: str = "") -> int:
    """Return the number of the first line with `text`, after one with `after`."""
    lines = path.read_text().split("\n")
    start = next(n for n, line in enumerate(lines) if after in line)
    return next(n for n, line in enumerate(lines, start=1) if n > start and text in line)


def data(run: Run) -> Any:
    return json.loads(run.out)


# ---- lines of generated files ---------------------------------------------------------------------------------------


def test_a_property(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = Path("generated/cfn/templates/2-networking/01-vpc.yaml")
    number = line_of(path, "CidrBlock: 10.0.1.0/24")
    place = line_of(copy / "spec" / "lenie.yaml", "cidrs: [10.0.1.0/24")
    run = Run(capsys, f"{path}:{number}")
    assert (run.code, run.err) == (0, "")
    column = (copy / "spec" / "lenie.yaml").read_text().split("\n")[place - 1].index("10.0.1.0/24") + 1
    first, *rest = run.out.splitlines()
    assert first == "CidrBlock of vpc.VpcPublicSubnetA (AWS::EC2::Subnet)"
    assert rest[0].endswith(f"--> {path}:{number}:7")
    assert f"{number} |       CidrBlock: 10.0.1.0/24" in run.out
    assert f"::: spec/lenie.yaml:{place}:{column}" in run.out
    assert rest[-1].endswith("----------- the spec says it here")


@pytest.mark.parametrize(
    ("path", "text", "after", "said"),
    [
        (
            "tf/modules/vpc/main.tf",
            "b = {",
            "aws_subnet",
            [("property", "CidrBlock"), ("property", "AvailabilityZone")],
        ),
        ("tf/modules/bastion/main.tf", "cidr_ipv4", "ingress_rule", [("property", "SecurityGroupIngress[0].CidrIp")]),
        ("tf/modules/bastion/main.tf", "depends_on", "aws_instance", [("attribute", "DependsOn")]),
        ("cdk/stacks/vpc.py", "cidr_block=", "", [("property", "CidrBlock")]),
        ("cdk/stacks/rds.py", "deletion_policy", "", [("attribute", "DeletionPolicy")]),
        ("cdk/stacks/sqs_to_rds_step_function.py", '"Seconds"', "", None),
        ("tf/environments/prod.tfvars", "admin_cidrs", "", [("value of variable", None)]),
        ("tf/modules/vpc/variables.tf", "variable", "", [("variable", None)]),
        ("tf/main.tf", 'module "vpc"', "", [("module", None)]),
        ("cfn/parameters/prod.json", "AdminCidrs1", "", [("value of parameter", None)]),
        ("cfn/manifest.json", '"name": "vpc"', "", [("component", None)]),
        ("cfn-prod/templates/2-networking/01-vpc.yaml", "CidrBlock: 10.0.0.0/16", "", [("property", "CidrBlock")]),
        ("tf/versions.tf", "required_version", "", []),
        ("cfn/README.md", "Deploy", "", []),
        ("cdk/component.py", "class", "", []),
    ],
)
def test_what_lines_are_about(
    path: str,
    text: str,
    after: str,
    said: list[tuple[str, str | None]] | None,
    here: None,
    written: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    number = line_of(written / path, text, after)
    run = Run(capsys, f"{written / path}:{number}:3", "--format", "json")
    assert (run.code, run.err) == (0, "")
    found = data(run)
    assert found["target"] == path.partition("/")[0].partition("-")[0]
    assert found["environment"] == ("prod" if path.startswith("cfn-prod") else None)
    answers = [(one["kind"], one.get("property", one.get("attribute"))) for one in found["answers"]]
    if said is None:
        assert answers[0][1].startswith("DefinitionString.States.")
    else:
        assert answers == said
    assert found["file"]
    text_run = Run(capsys, f"{written / path}:{number}")
    assert text_run.code == 0
    assert f"{path}:{number}:" in text_run.out


def test_a_file_below_the_directory_of_all_targets(
    here: None, written: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = Run(capsys, "tf/providers.tf:4", "--out", written)
    assert run.code == 0
    assert run.out.startswith("Region of the provider us-east-1\n")


# ---- lines of the spec ----------------------------------------------------------------------------------------------


def test_a_field_of_the_spec(here: None, written: Path, capsys: pytest.CaptureFixture[str]) -> None:
    number = line_of(SPEC, "        timeout: 60s")
    run = Run(capsys, f"spec/lenie.yaml:{number}", "--out", written, "--format", "json")
    assert run.code == 0
    found = data(run)
    assert found["paths"] == ["components.sqs-to-rds-lambda.resources.sqs-into-rds.timeout"]
    places = {(one["target"], one["environment"]): one for one in found["places"]}
    assert set(places) == {("cfn", None), ("cfn", "prod"), ("cdk", None), ("tf", None)}
    for one in places.values():
        assert (one["resource"], one["property"], one["uses"]) == ("SqsIntoRdsFunction", "Timeout", False)
        lines = Path(one["file"]).read_text().split("\n")
        assert "60" in lines[one["first_line"] - 1]
        assert one["spec"]["line"] == number


def test_the_region_stands_in_every_target(here: None, written: Path, capsys: pytest.CaptureFixture[str]) -> None:
    number = line_of(SPEC, "region: us-east-1")
    run = Run(capsys, f"spec/lenie.yaml:{number}", "--out", written, "--format", "json")
    places = {(one["target"], one["environment"]): one for one in data(run)["places"]}
    assert set(places) == {("cfn", None), ("cfn", "prod"), ("cdk", None), ("tf", None)}
    for one in places.values():
        assert one["first_line"] == one["last_line"]
        assert '"us-east-1"' in Path(one["file"]).read_text().split("\n")[one["first_line"] - 1]


def test_a_declaration_is_all_of_its_resources(here: None, written: Path, capsys: pytest.CaptureFixture[str]) -> None:
    number = line_of(SPEC, "      bastion:")
    found = data(Run(capsys, f"{SPEC}:{number}", "--out", written, "--format", "json"))
    whole = {(one["target"], one["resource"]) for one in found["places"] if one["kind"] == "resource"}
    names = {"BastionSecurityGroup", "BastionKeyPair", "BastionInstance", "BastionSecurityGroupParameter"}
    assert {(target, name) for target in ("cfn", "tf", "cdk") for name in names} <= whole
    assert {"variable", "parameter"} & {one["kind"] for one in found["places"]}


def test_a_parameter_and_who_uses_it(here: None, written: Path, capsys: pytest.CaptureFixture[str]) -> None:
    number = line_of(SPEC, "  admin-cidrs:")
    run = Run(capsys, f"spec/lenie.yaml:{number}", "--out", written)
    assert run.code == 0
    for said in ("value of variable admin_cidrs", "parameter AdminCidrs1", "setting admin_cidrs"):
        assert f"  {said}\n" in run.out
    used = [line for line in run.out.splitlines() if line.endswith(" (uses it)")]
    for part in ("/cfn/templates/", "/tf/modules/", "/cdk/stacks/"):
        assert any(part in line for line in used)
    assert any("bastion.BastionSecurityGroup SecurityGroupIngress[1].CidrIp" in line for line in used)


def test_a_setting_and_a_column(here: None, written: Path, capsys: pytest.CaptureFixture[str]) -> None:
    number = line_of(SPEC, "  prod: {domain")
    column = SPEC.read_text().split("\n")[number - 1].index("recovery") + 1
    found = data(Run(capsys, f"spec/lenie.yaml:{number}:{column}", "--out", written, "--format", "json"))
    assert found["paths"] == ["environments.prod.recovery"]
    users = {one["resource"] for one in found["places"] if one["uses"]}
    assert users == {"DocumentsTable"}


def test_what_leads_nowhere(here: None, written: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = Run(capsys, "spec/lenie.yaml:1", "--out", written)
    assert (run.code, run.out) == (0, "spec/lenie.yaml:1: nothing but a comment or an empty line\n")
    run = Run(capsys, f"spec/lenie.yaml:{line_of(SPEC, 'version: 1')}", "--out", written)
    assert run.code == 0
    assert run.out.endswith("no line of the generated files stems from this alone\n")
    run = Run(capsys, f"spec/lenie.yaml:{line_of(SPEC, 'kind: network')}", "--out", written)
    assert run.code == 0
    assert "no line stems from this alone; these stem from components.vpc.resources.vpc:" in run.out


# ---- places that are none -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "message"),
    [
        ("generated/tf/main.tf", 'which line of "generated/tf/main.tf"?'),
        ("generated/tf/main.tf:x", '"x" is no line: they are numbers from 1'),
        ("generated/tf/main.tf:0", '"0" is no line'),
        ("generated/tf/main.tf:-3", '"-3" is no line'),
        ("generated/tf/main.tf:9:y", '"y" is no column'),
        ("generated/tf/main.tf:", '"" is no line'),
        ("generated/tf/main.tf:99999", "lines, and no line 99999"),
        ("generated/tf/none.tf:1", '"generated/tf/none.tf" is not there'),
        ("generated/tf:1", '"generated/tf" is a directory'),
        ("generated/tf/a\0b:1", "is not there"),
        ("README.md:1", '"README.md" is not a file that the compiler wrote'),
        ("generated/tf/notes.tf:1", '"generated/tf/notes.tf" is not a file that the compiler wrote'),
        ("generated/tf/sourcemap.json:1", "belongs to the compiler itself"),
        ("generated/tf/.lenie-manifest:1", "belongs to the compiler itself"),
        ("generated/tf/image.png:1", "is not text"),
        ("spec/lenie.yaml:99999", "lines, and no line 99999"),
        ("E3O1", 'there is no code "E3O1"'),
    ],
)
def test_no_place(place: str, message: str, copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (copy / "README.md").write_text("hello\n")
    (copy / "generated" / "tf" / "notes.tf").write_text("hello\n")
    (copy / "generated" / "tf" / "image.png").write_bytes(b"\x89PNG\xff\xfe\n")
    run = Run(capsys, place)
    assert (run.code, run.out) == (3, "")
    assert run.err.startswith("error[E901]: ")
    assert message in run.err.replace("<U+0000>", "\0")
    assert "= help: " in run.err


def test_the_file_was_edited(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = copy / "generated" / "tf" / "modules" / "vpc" / "main.tf"
    path.write_text("# mine\n" + path.read_text())
    run = Run(capsys, "generated/tf/modules/vpc/main.tf:20")
    assert (run.code, run.out) == (2, "")
    assert 'error[E615]: "generated/tf/modules/vpc/main.tf" was changed since its lines were mapped' in run.err
    # Others are told still.
    number = line_of(SPEC, "cidrs: [10.0.1.0/24")
    run = Run(capsys, f"spec/lenie.yaml:{number}")
    assert run.code == 2
    assert run.err.count("error[E615]") == 1
    assert "generated/tf/modules/vpc/main.tf" not in run.out
    assert "generated/cdk/stacks/vpc.py:" in run.out
    path.unlink()
    run = Run(capsys, f"spec/lenie.yaml:{number}", "--format", "json")
    assert run.code == data(run)["exit_code"] == 2
    assert [found["code"] for found in data(run)["diagnostics"]] == ["E615"]


def test_the_spec_has_changed(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spec = copy / "spec" / "lenie.yaml"
    text = spec.read_text()
    path = Path("generated/tf/modules/vpc/main.tf")
    number = line_of(path, "10.0.1.0/24")
    spec.write_text("# a line more\n" + text)
    assert Run(capsys, f"{path}:{number}").code == 0
    spec.write_text(text.replace("cidrs: [10.0.1.0/24", "cidrs: [10.0.9.0/24"))
    run = Run(capsys, f"{path}:{number}")
    assert run.code == 2
    assert run.out.startswith("CidrBlock of vpc.VpcPublicSubnetA")
    assert 'error[E616]: the spec has changed since generated/tf was compiled: component "vpc"' in run.err
    assert (
        Run(
            capsys, f"generated/tf/modules/bastion/main.tf:{line_of(path.parent.parent / 'bastion/main.tf', 'ami ')}"
        ).code
        == 0
    )
    spec.write_text(text.replace("203.0.113.10/32", "203.0.113.11/32"))
    run = Run(capsys, "generated/tf/environments/dev.tfvars:4")
    assert run.code == 2
    assert "parameters or environments" in run.err


def test_maps_that_are_none(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for target in ("cfn", "tf", "cdk"):
        (copy / "generated" / target / NAME).unlink()
    run = Run(capsys, "generated/tf/main.tf:4")
    assert (run.code, run.out) == (2, "")
    assert data(Run(capsys, "generated/tf/main.tf:4", "--format", "json"))["answers"] == []
    assert 'error[E613]: "generated/tf/sourcemap.json" is missing' in run.err
    run = Run(capsys, "spec/lenie.yaml:5")
    assert run.code == 2
    assert 'error[E613]: no target in "generated" has a source map' in run.err
    (copy / "generated" / "tf" / NAME).write_text("<<<<<<< mine\n")
    for place in ("generated/tf/main.tf:4", "spec/lenie.yaml:5"):
        run = Run(capsys, place)
        assert run.code == 2
        assert run.err.startswith('error[E614]: "generated/tf/sourcemap.json" is not JSON, line 1')


def test_the_map_is_a_file_like_any_other(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`--check` and `lenie verify` know it, and tell if it was edited."""
    target = ["--target", "cfn"]
    with pytest.raises(SystemExit) as exited:
        main.main(["verify", *target, "--env", "dev"], prog_name="lenie")
    assert exited.value.code == 0
    path = copy / "generated" / "cfn" / NAME
    path.write_text(path.read_text().replace('"Vpc"', '"Mine"'))
    capsys.readouterr()
    with pytest.raises(SystemExit) as exited:
        main.main(["compile", *target, "--check"], prog_name="lenie")
    assert exited.value.code == 2
    assert f"generated/cfn/{NAME}" in capsys.readouterr().out
    with pytest.raises(SystemExit) as exited:
        main.main(["verify", *target, "--env", "dev"], prog_name="lenie")
    assert exited.value.code == 0
    said = capsys.readouterr().err
    assert "warning[W608]: cfn: the file was edited since the compiler wrote it" in said
    edited = next(n for n, line in enumerate(path.read_text().splitlines(), start=1) if '"Mine"' in line)
    assert f"--> generated/cfn/{NAME}:{edited}:1" in said


def test_errors_in_the_spec(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spec = copy / "spec" / "lenie.yaml"
    spec.write_text(spec.read_text().replace("kind: network", "kind: netwerk"))
    run = Run(capsys, "generated/tf/main.tf:4")
    assert (run.code, run.out) == (1, "")
    assert run.err.startswith("error[E204]")
    run = Run(capsys, "spec/lenie.yaml:4", "--format", "json")
    assert run.code == data(run)["exit_code"] == 1
    assert Run(capsys, "generated/tf/main.tf:4", "--spec", "none.yaml").code == 3


def test_codes_as_data(capsys: pytest.CaptureFixture[str]) -> None:
    assert data(Run(capsys, "E613", "--format", "json"))["title"] == "There is no source map"
    assert "E301" in data(Run(capsys, "--format", "json"))


def test_a_pipe_in_the_place_of_a_file(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = copy / "generated" / "cfn" / "manifest.json"
    path.unlink()
    os.mkfifo(path)
    run = Run(capsys, "spec/lenie.yaml:6")
    assert run.code == 2
    assert (
        'error[E615]: "generated/cfn/manifest.json" cannot be read: this is neither a file nor a directory' in run.err
    )

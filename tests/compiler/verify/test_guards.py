"""What a target refuses at a deployment: taken away or widened, it is told, although no environment shows it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from lenie.compiler.graph import Graph
from lenie.compiler.pipeline import compile_spec, front
from lenie.compiler.verify.guards import let_in, parameter_of, refused
from lenie.compiler.verify.verification import Verdict, Verification

SPEC = """\
version: 1
project: demo
region: eu-west-1
layers: [base]
environments:
  dev:  {production: false}
  prod: {production: true}
parameters:
  suffix: {type: text, default: "", pattern: "^(-[a-z0-9]+)*$", description: Ends names}
  depth:  {type: number, default: 5, description: A number}
  note:   {type: text, default: x, description: Any text}
  office: {type: list(cidr), default: [203.0.113.0/24, 198.51.100.0/24], description: Networks}
components:
  main:
    layer: base
    resources:
      files: {kind: bucket, name-suffix: "${param.suffix}", versioned: "${env.production}"}
      about: {kind: parameter, path: about, value: "${param.depth} ${param.note}"}
      net:   {kind: network, cidr: 10.0.0.0/16, subnets: {a: {cidrs: [10.0.1.0/24]}}}
      web:   {kind: security-group, network: net, description: Web, ingress: {443/tcp: "${param.office}"}}
"""
TEMPLATE = "templates/0-base/01-main.yaml"
CIDR = r"^[0-9]{1,3}(\.[0-9]{1,3}){3}/[0-9]{1,2}$"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("guards")
    (root / "spec.yaml").write_text(SPEC)
    outputs = compile_spec(root / "spec.yaml", ("cfn", "tf"), scope="all").outputs
    for target, files in outputs.items():
        for name, text in files.items():
            (root / target / name).parent.mkdir(parents=True, exist_ok=True)
            (root / target / name).write_text(text)
    return root


@pytest.fixture(scope="module")
def graph(made: Path) -> Graph:
    found = front(made / "spec.yaml").graph
    assert found is not None
    return found


def verified(made: Path, graph: Graph, tmp_path: Path, target: str, file: str, old: str, new: str) -> Verdict:
    shutil.copytree(made / target, tmp_path / target)
    path = tmp_path / target / file
    text = path.read_text()
    assert old in text, text
    path.write_text(text.replace(old, new, 1))
    return Verification(graph, graph.environments).target(target, tmp_path / target, target)


@pytest.mark.parametrize("target", ["cfn", "tf"])
def test_nothing_to_tell(made: Path, graph: Graph, target: str) -> None:
    verdict = Verification(graph, graph.environments).target(target, made / target, target)
    assert not verdict.failed, (verdict.problems, verdict.differences)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("    AllowedValues:\n      - dev\n      - prod\n", "", "the environments that may be given are null"),
        ("      - prod\n", "      - prod\n      - test\n", 'are ["dev", "prod", "test"]; those of the spec'),
        ('    AllowedPattern: "^(-[a-z0-9]+)*$"\n', "", 'the parameter "Suffix" has no pattern'),
        ('"^(-[a-z0-9]+)*$"', '"^(-[a-z0-9]+)*$|.*"', 'the parameter "Suffix" lets " " in'),
        ('"^(-[a-z0-9]+)*$"', '"^.*$"', 'the parameter "Suffix" has the pattern ^.*$; the spec says ^(-'),
        (f"'{CIDR}'", "'((a*)*)*b|.*'", 'the parameter "Office1" has the pattern ((a'),
        ("    Default: 5\n", "", 'the parameter "Depth" has no default, as the spec has'),
        ("    Type: Number\n", "    Type: String\n", 'the parameter "Depth" has the type "String"'),
        ("    Description: Any text\n", "    Description: Any text\n    MaxLength: 1\n", 'no "MaxLength"'),
        ("    Description: Any text\n", '    Description: Any text\n    AllowedPattern: "x"\n', "the spec says none"),
        ("Parameters:\n", "Parameters:\n  More:\n    Type: String\n    Default: x\n", '"More" is no parameter'),
    ],
)
def test_declarations_of_a_template(made: Path, graph: Graph, tmp_path: Path, old: str, new: str, words: str) -> None:
    verdict = verified(made, graph, tmp_path, "cfn", TEMPLATE, old, new)
    assert [one for one in verdict.problems if words in one.message and one.place is not None], verdict.problems


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("[\n", '[\n  {"ParameterKey": "Depth", "ParameterValue": "5"},\n', 'the parameter "Depth" is given twice'),
        ("[\n", '[\n  {"ParameterKey": "More", "ParameterValue": "5"},\n', 'no template has a parameter "More"'),
        ("[\n", '[\n  {"ParameterKey": "X", "UsePreviousValue": true},\n', "and nothing else"),
        ('"ParameterValue": "5"', '"ParameterValue": {"a": 5}', 'the value of the parameter "Depth" is no text'),
        ("[\n", '{"a": [\n', "this is not"),
    ],
)
def test_values_of_a_template(made: Path, graph: Graph, tmp_path: Path, old: str, new: str, words: str) -> None:
    verdict = verified(made, graph, tmp_path, "cfn", "parameters/dev.json", old, new)
    assert [one for one in verdict.problems if words in one.message], verdict.problems


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('condition     = contains(["dev", "prod"], var.environment)', "condition = true", "any environment may be"),
        ("terraform.workspace == var.environment", "true", 'in the workspace "dev", whose state'),
        ("  default     = 5\n", "", 'the variable "depth" has no default, as the spec has'),
        ("terraform.workspace == ", "terraform.workplace == ", '"terraform" means nothing here'),
        ("+)*$", "+)*", 'the variable "suffix" lets " " in'),
        (f'can(regex("{CIDR}", item))'.replace("\\", "\\\\"), "true", 'the variable "office" lets " " in'),
    ],
)
def test_validations_of_a_program(made: Path, graph: Graph, tmp_path: Path, old: str, new: str, words: str) -> None:
    verdict = verified(made, graph, tmp_path, "tf", "variables.tf", old, new)
    assert [one.message for one in verdict.problems if words in one.message], verdict.problems


def test_what_the_spec_refuses(graph: Graph) -> None:
    suffix, office = graph.parameters["suffix"], graph.parameters["office"]
    assert {" ", "~", "x y", "<x>"} <= set(refused(suffix))
    assert "" not in refused(suffix)
    assert "203.0.113.0/24~" in refused(office)
    assert let_in(suffix, lambda text: False) is None
    assert let_in(suffix, lambda text: text == "é") == "é"
    assert parameter_of(graph, "Office2") is office
    assert parameter_of(graph, "Suffix1") is None


@pytest.mark.parametrize(
    ("target", "file", "message"),
    [
        ("cfn", "parameters/test.json", 'the spec has no environment "test"'),
        ("tf", "environments/test.tfvars", 'the spec has no environment "test"'),
        ("tf", "extra/main.tf", "no program calls this module"),
        ("tf", "modules/extra/main.tf", "no program calls this module"),
        ("tf", "modules/main/extra/main.tf", "no program calls this module"),
    ],
)
def test_files_of_nothing(made: Path, graph: Graph, tmp_path: Path, target: str, file: str, message: str) -> None:
    shutil.copytree(made / target, tmp_path / target)
    path = tmp_path / target / file
    path.parent.mkdir(exist_ok=True)
    path.write_text("")
    verdict = Verification(graph, graph.environments).target(target, tmp_path / target, target)
    assert [(one.code, one.message) for one in verdict.problems] == [("E605", message)]


@pytest.mark.parametrize("file", [".terraform/modules/x/main.tf", "backend.tf", "notes.txt", "plan.tfplan"])
def test_files_of_people(made: Path, graph: Graph, tmp_path: Path, file: str) -> None:
    shutil.copytree(made / "tf", tmp_path / "tf")
    path = tmp_path / "tf" / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text('terraform {\n  backend "s3" {}\n}\n' if file == "backend.tf" else "")
    assert not Verification(graph, graph.environments).target("tf", tmp_path / "tf", "tf").failed

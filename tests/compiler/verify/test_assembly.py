"""A CDK app: what it deploys beside its templates, and what it refuses."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lenie.compiler.pipeline import compile_spec
from lenie.compiler.verify.assembly import artifacts, settings
from lenie.compiler.verify.cdk import probes
from lenie.compiler.verify.values import Place
from lenie.compiler.verify.verification import Verdict, Verification

PYTHON = Path(__file__).resolve().parents[3] / ".venv-cdk" / "bin" / "python"
PLACE = Place("cdk/app.py", 1)
STACK = {
    "type": "aws:cloudformation:stack",
    "environment": "aws://unknown-account/eu-west-1",
    "properties": {"templateFile": "demo-dev-main.template.json", "terminationProtection": False},
}
SETTINGS = '{\n  "app": "python app.py",\n  "notices": false\n}\n'
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
  note:   {type: text, default: x, description: Any text}
  office: {type: list(cidr), default: [203.0.113.0/24, 198.51.100.0/24], description: Networks}
components:
  main:
    layer: base
    resources:
      files: {kind: bucket, name-suffix: "${param.suffix}", versioned: "${env.production}"}
      about: {kind: parameter, path: about, value: "${param.note}"}
      net:   {kind: network, cidr: 10.0.0.0/16, subnets: {a: {cidrs: [10.0.1.0/24]}}}
      web:   {kind: security-group, network: net, description: Web, ingress: {443/tcp: "${param.office}"}}
"""


def stack(**changed: Any) -> dict[str, Any]:
    return {"artifacts": {"demo-dev-main": {**STACK, **changed}, "Tree": {"type": "cdk:tree"}}}


def test_nothing_to_tell(tmp_path: Path) -> None:
    assert list(artifacts(stack(), PLACE)) == []
    (tmp_path / "cdk.json").write_text(SETTINGS)
    assert list(settings(tmp_path, "cdk")) == []


@pytest.mark.parametrize(
    ("manifest", "code", "words"),
    [
        (
            stack(environment="aws://123456789012/eu-west-1"),
            "E601",
            "for the account 123456789012; the spec names none",
        ),
        (stack(properties={"stackName": "other"}), "E601", 'is deployed as "other"'),
        (stack(properties={"tags": {"a": "b"}}), "E607", 'no "tags" to a stack, and "demo-dev-main" has it'),
        (stack(properties={"notificationArns": ["a"]}), "E607", 'no "notificationArns" to a stack'),
        (stack(type="cdk:cloud-assembly"), "E603", '"demo-dev-main" (cdk:cloud-assembly), which is no stack'),
    ],
)
def test_what_a_manifest_has(manifest: dict[str, Any], code: str, words: str) -> None:
    (problem,) = artifacts(manifest, PLACE)
    assert (problem.code, problem.place) == (code, PLACE)
    assert words in problem.message


@pytest.mark.parametrize(
    ("text", "code", "line", "words"),
    [
        (None, "E605", 0, '"cdk/cdk.json" is missing'),
        ("{", "E606", 1, "this is not the JSON of a CDK app"),
        ("[]", "E606", 1, "this is not the JSON of a CDK app"),
        ("{}", "E601", 1, 'does not say that cdk runs "python app.py"'),
        (SETTINGS.replace("app.py", "other.py"), "E601", 2, 'cdk would run "python other.py"'),
        (SETTINGS.replace("notices", "context"), "E607", 3, 'no "context" into cdk.json'),
        (SETTINGS.replace("notices", "build"), "E607", 3, 'no "build" into cdk.json'),
    ],
)
def test_what_cdk_json_says(tmp_path: Path, text: str | None, code: str, line: int, words: str) -> None:
    if text is not None:
        (tmp_path / "cdk.json").write_text(text)
    (problem,) = settings(tmp_path, "cdk")
    assert (problem.code, problem.place.line if problem.place else 0) == (code, line)
    assert words in problem.message


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Verdict]:
    """Verify the app after edits of its files: name -> text, and what it becomes."""
    root = tmp_path_factory.mktemp("app")
    (root / "spec.yaml").write_text(SPEC)
    run = compile_spec(root / "spec.yaml", ("cdk",))
    assert run.graph is not None
    graph = run.graph

    def verified(**edits: tuple[str, str]) -> Verdict:
        for name, text in run.outputs["cdk"].items():
            old, new = edits.get(Path(name).stem, ("", ""))
            assert old in text
            (root / "cdk" / name).parent.mkdir(parents=True, exist_ok=True)
            (root / "cdk" / name).write_text(text.replace(old, new, 1) if old else text)
        return Verification(graph, graph.environments).target("cdk", root / "cdk", "cdk", python=str(PYTHON))

    return verified


@pytest.mark.slow
def test_an_app_as_it_is_written(app: Callable[..., Verdict]) -> None:
    verdict = app()
    assert not verdict.failed, (verdict.problems, verdict.differences)


@pytest.mark.slow
def test_an_app_that_refuses_nothing(app: Callable[..., Verdict]) -> None:
    patterns = app(settings=("if not re.search(parameter.pattern, element)", "if False"))
    assert [one.message.partition(" in, which")[0] for one in patterns.problems] == [
        'the parameter "suffix" lets " "',
        'the parameter "office" lets " "',
    ]
    names = app(
        settings=("if name not in ENVIRONMENTS:", "if name not in ENVIRONMENTS:\n        name = 'dev'\n    if False:")
    )
    (told,) = names.problems
    assert told.message == "any environment may be given; those of the spec are dev, prod"
    assert told.place == Place("cdk/settings.py", 1)


@pytest.mark.slow
def test_an_app_that_ends_when_it_is_tried(app: Callable[..., Verdict]) -> None:
    verdict = app(
        settings=('        raise SystemExit(f"env:', '        import os; os._exit(0)\n        raise SystemExit(f"env:')
    )
    (told,) = verdict.problems
    assert (told.code, told.message) == (
        "E606",
        "the app ended before it could be tried with what it has to refuse",
    )


def test_what_is_tried(tmp_path: Path) -> None:
    (tmp_path / "spec.yaml").write_text(SPEC)
    graph = compile_spec(tmp_path / "spec.yaml", ()).graph
    assert graph is not None
    tried = [probe.context for probe in probes(graph, "dev")]
    assert tried == [
        {"env": "No such environment"},
        {"env": "dev", "param.suffix": " "},
        {"env": "dev", "param.office": " ,198.51.100.0/24"},
    ]


def test_no_app_goes_on_when_its_command_has_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever is told to stop ends the app with what it has started, and leaves nothing in the temporary directory."""
    python, node = (tmp_path / "venv" / "bin" / name for name in ("python", "node"))
    package = tmp_path / "venv" / "lib" / "python3" / "site-packages" / "aws_cdk" / "__init__.py"
    (tmp_path / "cdk").mkdir()
    for path in (python, node, package, tmp_path / "cdk" / "app.py"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"#!/bin/sh\nsleep 60 &\necho $! > {tmp_path}/new\nmv {tmp_path}/new {tmp_path}/pid\nwait\n")
        path.chmod(0o755)
    (tmp_path / "spec.yaml").write_text(SPEC)
    graph = compile_spec(tmp_path / "spec.yaml", ()).graph
    assert graph is not None
    (tmp_path / "scratch").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "scratch"))
    verification = Verification(graph, graph.environments)
    verification.begin("cdk", tmp_path / "cdk", "cdk", python=str(python))
    deadline = time.monotonic() + 20
    while not (tmp_path / "pid").exists():
        assert time.monotonic() < deadline
        time.sleep(0.02)
    verification.stop()
    child = int((tmp_path / "pid").read_text())
    while Path(f"/proc/{child}").exists() and "Z" not in Path(f"/proc/{child}/stat").read_text().rpartition(")")[2]:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    assert list((tmp_path / "scratch").iterdir()) == []
    assert verification.target("cdk", tmp_path / "cdk", "cdk").failed

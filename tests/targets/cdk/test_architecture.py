"""The whole architecture as a CDK app: synthesized for each environment, and compared with CloudFormation's templates.

The comparison is exact: same data, whatever the order of keys. One thing is normalised, which CDK forces: `DependsOn`
is always a list, in CDK's order.
"""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from support_cdk import (
    CLI,
    ROOT,
    SITE_PACKAGES,
    TOOLS,
    cloudformation,
    emit,
    environment,
    normal,
    run_app,
    strict,
    synthesized,
    write,
)

from lenie.compiler.diagnostics import Report, Severity
from lenie.compiler.graph import Graph
from lenie.compiler.load import Tree
from lenie.compiler.pipeline import front
from lenie.compiler.specialise import specialise
from lenie.targets import load_target

ENVIRONMENTS = ("dev", "qa", "prod")
#: Runs each comparison through the command line of CDK, in one process.
DRIVER = """
const { exec } = require(process.argv[1]);
const fs = require("fs");
(async () => {
  const codes = {};
  for (const job of JSON.parse(fs.readFileSync(0, "utf8"))) codes[job.name] = await exec(job.arguments);
  fs.writeFileSync(process.argv[2], JSON.stringify(codes));
})();
"""


@cache
def architecture() -> tuple[Graph, Tree]:
    run = front(ROOT / "spec" / "lenie.yaml")
    assert run.graph is not None
    assert run.tree is not None
    return run.graph, run.tree


@cache
def output(name: str = "") -> Mapping[str, str]:
    graph, tree = architecture()
    files, diagnostics = emit(specialise(graph, name) if name else graph, tree)
    assert diagnostics == []
    return files


@pytest.fixture(scope="module")
def assemblies(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The app in `app`, and what it synthesizes for each environment in a directory of its name."""
    directory = tmp_path_factory.mktemp("cdk")
    write(output(), directory / "app")
    for name in ENVIRONMENTS:
        synthesized(directory / "app", directory / name, {"env": name}, validated=True)
    return directory


def templates(directory: Path) -> dict[str, Any]:
    found = sorted(directory.glob("*.template.json"))
    return {path.name.removesuffix(".template.json"): normal(json.loads(path.read_text())) for path in found}


@pytest.mark.slow
class TestSynthesis:
    @pytest.mark.parametrize("name", ENVIRONMENTS)
    def test_every_stack_is_the_cloudformation_template(self, assemblies: Path, name: str) -> None:
        graph, tree = architecture()
        found, wanted = templates(assemblies / name), cloudformation(graph, name, tree)
        assert sorted(found) == sorted(wanted)
        assert len(found) == len(graph.components)
        for stack, template in wanted.items():
            assert strict(found[stack]) == strict(template), stack

    @pytest.mark.parametrize("name", ENVIRONMENTS)
    def test_the_validator_has_no_finding(self, assemblies: Path, name: str) -> None:
        report = json.loads((assemblies / name / "validation-report.json").read_text())
        (plugin,) = report["pluginReports"]
        assert plugin["conclusion"] == "success"
        assert plugin["violations"] == []
        # Every acknowledgement is needed: what it is about would be found.
        acknowledged = sum(text.count("Acknowledgment(") for text in output().values())
        assert sum(len(v["violatingConstructs"]) for v in plugin["suppressedViolations"]) == acknowledged

    @pytest.mark.parametrize("name", ENVIRONMENTS)
    def test_stacks_are_as_the_manifest_says(self, assemblies: Path, name: str) -> None:
        graph, tree = architecture()
        files = load_target("cfn").emit(graph, "default", Report(tree))
        artifacts = json.loads((assemblies / name / "manifest.json").read_text())["artifacts"]
        components = json.loads(files["manifest.json"])["components"]
        names = {c["name"]: c["stacks"][name] for c in components}
        for component in components:
            artifact = artifacts[component["stacks"][name]]
            assert artifact["environment"] == f"aws://unknown-account/{graph.region}"
            assert artifact["properties"]["terminationProtection"] == (name in component["termination_protection"])
            assert artifact.get("dependencies", []) == [names[other] for other in component["depends_on"]]
            # No roles and buckets of a bootstrapped account.
            assert not {key for key in artifact["properties"] if key.endswith("Arn") or "Bootstrap" in key}

    def test_cdk_diff_shows_no_difference(self, assemblies: Path, tmp_path: Path) -> None:
        graph, tree = architecture()
        jobs = []
        for name in ENVIRONMENTS:
            files = load_target("cfn").emit(specialise(graph, name), "default", Report(tree))
            for component in json.loads(files["manifest.json"])["components"]:
                path = tmp_path / name / component["template"]
                write({path.name: files[component["template"]]}, path.parent)
                jobs.append(self.job(assemblies / name, component["stacks"][name], path))
        assert len(jobs) == len(graph.components) * len(ENVIRONMENTS)
        # A difference would be seen.
        path = tmp_path / "changed.yaml"
        text = Path(jobs[-1]["arguments"][-1]).read_text().replace("EnableAutoSubDomain: false", "")
        path.write_text(text)
        changed = self.job(assemblies / "prod", "lenie-prod-amplify-frontend", path)
        changed["name"] = "changed"
        out = tmp_path / "codes.json"
        command = [str(TOOLS / "bin" / "node"), "-e", DRIVER, str(CLI / "lib" / "index.js"), str(out)]
        done = subprocess.run(
            command,
            input=json.dumps([*jobs, changed]),
            env=environment(HOME=str(tmp_path)),
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        codes = json.loads(out.read_text())
        assert {name: code for name, code in codes.items() if code} == {"changed": 1}, done.stderr
        assert done.stderr.count("There were no differences") == len(jobs)

    def job(self, assembly: Path, stack: str, template: Path) -> dict[str, Any]:
        options = ["--exclusively", "--fail", "--strict", "--no-notices", "--no-color", "--no-version-reporting"]
        return {
            "name": f"{assembly.name}/{stack}",
            "arguments": ["diff", stack, *options, "--app", str(assembly), "--template", str(template)],
        }

    def test_the_command_line_lists_the_stacks_of_the_app(self, assemblies: Path, tmp_path: Path) -> None:
        command = [str(CLI / "bin" / "cdk"), "list", "--context", "env=qa", "--output", str(tmp_path / "out")]
        variables = environment(CDK_VALIDATION="false", HOME=str(tmp_path))
        done = subprocess.run(
            command, cwd=assemblies / "app", env=variables, capture_output=True, text=True, timeout=240, check=False
        )
        assert done.returncode == 0, done.stderr
        assert sorted(line.split()[0] for line in done.stdout.splitlines() if line) == sorted(
            templates(assemblies / "qa")
        )

    def test_an_app_for_one_environment_is_the_same(self, assemblies: Path, tmp_path: Path) -> None:
        app = write(output("qa"), tmp_path / "app")
        found = synthesized(app, tmp_path / "out", {})
        assert {s: strict(normal(t)) for s, t in found.items()} == {
            s: strict(t) for s, t in templates(assemblies / "qa").items()
        }

    def test_parameters_come_from_the_context(self, assemblies: Path, tmp_path: Path) -> None:
        context = {"env": "prod", "param.alert-email": "ops@example.com", "param.rds-snapshot": "before-the-move"}
        found = synthesized(assemblies / "app", tmp_path / "out", context)
        budget = found["lenie-budget"]["Resources"]["MonthlyCostBudget"]["Properties"]
        subscribers = [s for n in budget["NotificationsWithSubscribers"] for s in n["Subscribers"]]
        assert {s["Address"] for s in subscribers} == {"ops@example.com"}
        database = found["lenie-prod-rds"]
        assert database["Resources"]["Database"]["Properties"]["DBSnapshotIdentifier"] == "before-the-move"
        assert "MasterUserPassword" not in database["Resources"]["Database"]["Properties"]
        # CloudFormation refuses a parameter that the template does not use.
        assert "SecretRdsPasswordArn" not in database["Parameters"]

    @pytest.mark.parametrize(
        ("context", "message"),
        [
            ({"env": "staging"}, "env: there is no environment staging, only dev, qa, prod"),
            ({"param.alert-mail": "x"}, "param.alert-mail: there is no such parameter, only admin-cidrs, "),
            ({"param.alert-email": "nobody"}, r"param.alert-email: 'nobody' does not match ^[^@\s]+@[^@\s]+\.[^@\s]+$"),
            ({"param.admin-cidrs": "10.0.0.0/8,10.1.0.0/16"}, "param.admin-cidrs: 1 elements are wanted, not 2"),
        ],
    )
    def test_wrong_context_is_refused(
        self, assemblies: Path, tmp_path: Path, context: dict[str, str], message: str
    ) -> None:
        done = run_app(assemblies / "app", tmp_path / "out", context)
        assert done.returncode == 1
        assert done.stderr.startswith(message), done.stderr

    def test_the_comparison_finds_a_difference(self, assemblies: Path) -> None:
        graph, tree = architecture()
        found = templates(assemblies / "dev")["lenie-dev-vpc"]
        wanted = cloudformation(graph, "dev", tree)["lenie-dev-vpc"]
        changed = copy.deepcopy(found)
        changed["Resources"]["Vpc"]["Properties"]["EnableDnsSupport"] = "true"
        assert strict(changed) != strict(wanted)


@pytest.mark.slow
def test_the_table_is_what_the_wheel_says() -> None:
    tool = ROOT / "tools" / "extract_cdk_names.py"
    command = [sys.executable, str(tool), str(SITE_PACKAGES), "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("name", ["", "prod"])
def test_the_code_is_clean(name: str, tmp_path: Path) -> None:
    app = write(output(name), tmp_path)
    # ruff lets a long line pass that holds no space.
    lines = [line for path, text in output(name).items() if path.endswith(".py") for line in text.splitlines()]
    assert [line for line in lines if len(line) > 100] == []
    for check in (["check"], ["format", "--check", "--diff"]):
        done = subprocess.run(
            [str(Path(sys.executable).with_name("ruff")), *check, "--no-cache", "."],
            cwd=app,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr


def test_nothing_is_reported() -> None:
    graph, tree = architecture()
    _, diagnostics = emit(graph, tree)
    assert [d for d in diagnostics if d.severity is not Severity.NOTE] == []

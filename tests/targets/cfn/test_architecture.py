"""The whole architecture, spec/lenie.yaml: every template, with all parameters and for one environment."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from support_cfn import read_template

from lenie.compiler.diagnostics import Report
from lenie.compiler.expressions import Expression, JsonText, Pseudo, Value, rewrite
from lenie.compiler.graph import Graph
from lenie.compiler.load import Tree
from lenie.compiler.pipeline import front
from lenie.compiler.specialise import specialise
from lenie.targets.cfn import TARGET

ROOT = Path(__file__).parents[3]
ENVIRONMENTS = ("", "dev", "prod")


@cache
def architecture() -> tuple[Graph, Tree]:
    run = front(ROOT / "spec" / "lenie.yaml")
    assert run.graph is not None
    assert run.tree is not None
    return run.graph, run.tree


@cache
def output(environment: str) -> Mapping[str, str]:
    graph, tree = architecture()
    report = Report(tree)
    files = TARGET.emit(specialise(graph, environment) if environment else graph, "default", report)
    assert [d for d in report.diagnostics if d.severity != "note"] == []
    return files


@cache
def template(environment: str, path: str) -> Any:
    return read_template(output(environment)[path])


def manifest(environment: str) -> list[dict[str, Any]]:
    components: list[dict[str, Any]] = json.loads(output(environment)["manifest.json"])["components"]
    return components


def functions(value: Any, name: str) -> Iterator[Any]:
    if isinstance(value, dict):
        if set(value) == {name}:
            yield value[name]
        for item in value.values():
            yield from functions(item, name)
    elif isinstance(value, list):
        for item in value:
            yield from functions(item, name)


def references(body: Any) -> set[str]:
    """Return the names that a template uses, in whatever way."""
    found = set(functions(body, "Ref")) | {item[0] for item in functions(body, "Fn::GetAtt")}
    for argument in functions(body, "Fn::Sub"):
        text, variables = argument if isinstance(argument, list) else (argument, {})
        names = {name.split(".")[0] for name in re.findall(r"\$\{([^!}][^}]*)\}", text)}
        assert set(variables) <= names, "a variable that the text does not use"
        found |= names - set(variables)
    return {name for name in found if not name.startswith("AWS::")}


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_every_resource_is_printed(environment: str) -> None:
    graph, _ = architecture()
    assert [c["name"] for c in manifest(environment)] == list(graph.components)
    for found in manifest(environment):
        resources = template(environment, found["template"])["Resources"]
        expected = graph.components[found["name"]].resources
        assert {name: body["Type"] for name, body in resources.items()} == {n: r.type for n, r in expected.items()}
        for name, body in resources.items():
            if not environment:
                assert list(body.get("Properties", {})) == list(expected[name].properties)


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_names_are_declared_and_used(environment: str) -> None:
    for found in manifest(environment):
        body = template(environment, found["template"])
        parameters, resources = set(body.get("Parameters", {})), set(body["Resources"])
        assert not parameters & resources
        assert list(body.get("Parameters", {})) == found["parameters"]
        used = references({key: body.get(key, {}) for key in ("Resources", "Conditions")})
        assert used <= parameters | resources
        assert parameters <= used
        conditions = {argument[0] for argument in functions(body["Resources"], "Fn::If")}
        assert conditions == set(body.get("Conditions", {}))
        keys = {argument[2] for argument in functions(body["Resources"], "Fn::FindInMap")}
        for row in body.get("Mappings", {}).get("Settings", {"": {}}).values():
            assert set(row) == keys


@pytest.mark.parametrize("environment", ["dev", "prod"])
def test_one_environment_leaves_nothing_open_but_ssm(environment: str) -> None:
    for found in manifest(environment):
        body = template(environment, found["template"])
        assert not {"Mappings", "Conditions"} & set(body)
        for parameter in body.get("Parameters", {}).values():
            assert parameter["Type"].startswith("AWS::SSM::Parameter::Value<")
            assert parameter["Default"].startswith((f"/lenie/{environment}/", "/lenie/", "/aws/service/"))


@pytest.mark.parametrize("environment", ["dev", "qa", "prod"])
def test_the_parameter_file_is_complete_and_every_import_was_published_before(environment: str) -> None:
    rows = json.loads(output("")[f"parameters/{environment}.json"])
    values = {row["ParameterKey"]: row["ParameterValue"] for row in rows}
    published: set[str] = set()
    used: set[str] = set()
    for found in manifest(""):
        for name, definition in template("", found["template"]).get("Parameters", {}).items():
            used.add(name)
            if definition["Type"] == "AWS::SSM::Parameter::Value<String>":
                assert values[name] in published
        published |= {path.replace("{environment}", environment) for path in found["publishes"]}
    assert used == set(values)
    assert len(rows) == len(values)


def test_deployment_follows_dependencies() -> None:
    done: set[str] = set()
    for found in manifest(""):
        assert set(found["depends_on"]) <= done
        done.add(found["name"])
        iam = any(r["Type"].startswith("AWS::IAM::") for r in template("", found["template"])["Resources"].values())
        assert found["capabilities"] == (["CAPABILITY_NAMED_IAM"] if iam else [])


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_cfn_lint_has_no_finding(tmp_path: Path) -> None:
    """All templates in one run: the linter's rules take longer to load than to run."""
    from cfnlint.api import ManualArgs, lint_by_config

    paths = [str(path) for path in (ROOT / "tests" / "cases").glob("*/cfn*/templates/**/*.yaml")]
    for environment in ("", "prod"):
        for name, text in output(environment).items():
            if name.endswith(".yaml"):
                path = tmp_path / (environment or "all") / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
                paths.append(str(path))
    paths += [str(path) for path in _state_machines(tmp_path)]
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("Resources:\n  A:\n    Type: AWS::SQS::Queue\n    Properties: {Nonsense: 1}\n", encoding="utf-8")
    found = lint_by_config(ManualArgs(templates=[*paths, str(wrong)], regions=["us-east-1"]))
    findings = {(Path(f.filename).relative_to("/"), f.rule.id, f.message) for f in found}
    assert {code for name, code, _ in findings if name.name == "wrong.yaml"} == {"E3002"}
    assert sorted(finding for finding in findings if finding[0].name != "wrong.yaml") == []


def _state_machines(directory: Path) -> Iterator[Path]:
    """Write each definition as an object into a template of its own: the linter reads no text with ``${...}`` in it."""
    graph, _ = architecture()
    specialised = specialise(graph, "prod")
    for component in specialised.components.values():
        for name, resource in component.resources.items():
            if resource.type != "AWS::StepFunctions::StateMachine":
                continue
            text = resource.properties["DefinitionString"]
            assert isinstance(text, JsonText)
            definition = rewrite(text.document, _example)
            properties = {"RoleArn": "arn:aws:iam::123456789012:role/example", "Definition": definition}
            body = {"Resources": {name: {"Type": resource.type, "Properties": properties}}}
            path = directory / f"{name}.json"
            path.write_text(json.dumps(body), encoding="utf-8")
            yield path


def _example(expression: Expression) -> Value:
    return "aws" if expression == Pseudo("partition") else "arn:aws:lambda:us-east-1:123456789012:function:example"

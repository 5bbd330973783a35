"""The examples in the guide are what the compiler takes."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import BaseModel

from lenie.compiler.cli import main
from lenie.compiler.clusters.model import Addons, ClusterModel, Karpenter, NodeGroup, NodePool
from lenie.compiler.clusters.pages import PAGES as CLUSTERS
from lenie.compiler.compiling import compile_command
from lenie.compiler.console import Group
from lenie.compiler.kinds import kind_names
from lenie.compiler.pipeline import compile_spec, front
from lenie.compiler.rules import rules
from lenie.compiler.spec import ComponentModel, Document, ParameterModel, kebab

DOCS = Path(__file__).parents[1] / "docs"
GUIDE = (DOCS / "spec-language.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)


def test_complete_example_compiles(tmp_path: Path) -> None:
    (complete,) = (block for block in BLOCKS if "version: 1" in block)
    spec = tmp_path / "lenie.yaml"
    spec.write_text(complete, encoding="utf-8")
    run = front(spec)
    assert [found.message for found in run.diagnostics] == []
    assert run.graph is not None
    assert list(run.graph.components) == ["intake", "content"]


@pytest.mark.parametrize("block", BLOCKS)
def test_examples_are_yaml(block: str) -> None:
    data = yaml.safe_load(block)
    for resource in data.values():
        if isinstance(resource, dict) and "kind" in resource:
            assert resource["kind"] in kind_names()


@pytest.mark.parametrize("model", [Document, ComponentModel, ParameterModel])
def test_every_key_of_the_frame_is_explained(model: type[Document]) -> None:
    for field in model.model_fields:
        assert f"`{field}`" in GUIDE or f"{field}:" in GUIDE


def test_every_option_in_the_guide_exists() -> None:
    known = {
        option for command in (compile_command, *main.commands.values()) for p in command.params for option in p.opts
    }
    named = set(re.findall(r"(?<![\w-])--[a-z]+", GUIDE))
    assert named
    assert named <= known


EKS = (DOCS / "eks.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("model", [ClusterModel, NodeGroup, Addons, Karpenter, NodePool])
def test_every_field_of_a_cluster_is_explained(model: type[BaseModel]) -> None:
    for field in model.model_fields:
        assert f"`{kebab(field)}`" in EKS or f"{kebab(field)}:" in EKS, field


def test_the_example_of_a_cluster_compiles(tmp_path: Path) -> None:
    (example,) = re.findall(r"```yaml\n(.*?)```", EKS, re.DOTALL)
    frame = """\
version: 1
project: demo
region: us-east-1
layers: [base]
environments:
  dev: {production: false}
parameters:
  admin-cidrs: {type: list(cidr), default: [203.0.113.10/32], description: Networks of the administrators}
components:
  vpc:
    layer: base
    resources:
      vpc:
        kind: network
        cidr: 10.0.0.0/16
        subnets: {public: {cidrs: [10.0.1.0/24, 10.0.2.0/24], public: true, tags: {kubernetes.io/role/elb: "1"}}}
"""
    spec = tmp_path / "lenie.yaml"
    spec.write_text(frame + example, encoding="utf-8")
    run = compile_spec(spec, ("eks",))
    assert [found.message for found in run.diagnostics] == []
    assert "demo/node-pools.yaml" in run.outputs["eks"]


def test_the_rules_of_clusters_are_listed() -> None:
    about = {str(module.CODE) for module in rules() if module.__name__.rpartition(".")[2].startswith("cluster_")}
    named = set(re.findall(r"diagnostics\.md#([ew]\d+)", EKS))
    assert {code.lower() for code in (*about, *CLUSTERS)} - {"w543", "w617"} <= named


FUNCTIONS = (DOCS / "functions.md").read_text(encoding="utf-8")


def test_every_function_path_and_variable_is_described() -> None:
    spec = yaml.safe_load((DOCS.parent / "spec" / "lenie.yaml").read_text(encoding="utf-8"))
    found = 0
    for component in spec["components"].values():
        for name, resource in component["resources"].items():
            words = []
            if resource.get("kind") == "function":
                words = [name, *([resource["code"]] if "code" in resource else []), *resource.get("environment", ())]
            elif resource.get("kind") == "api":
                words = [route.split()[1] for route in resource["routes"]]
            for word in words:
                assert re.search(rf"(?<![\w/-]){re.escape(word)}(?![\w-])", FUNCTIONS), word
            found += len(words)
    assert found > 40


def test_every_command_in_the_description_of_the_functions_exists() -> None:
    for line in re.findall(r"^\$ (lenie .*?)(?: +#.*)?$", FUNCTIONS, re.MULTILINE):
        command: Any = main
        words = line.split()[1:]
        while words and isinstance(command, Group):
            command = command.commands[words.pop(0)]
        known = {option for parameter in command.params for option in parameter.opts}
        assert {word for word in words if word.startswith("--")} <= known, line

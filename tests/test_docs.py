"""The examples in the guide are what the compiler takes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from lenie.compiler.cli import compile_command, main
from lenie.compiler.kinds import kind_names
from lenie.compiler.pipeline import front
from lenie.compiler.spec import ComponentModel, Document, ParameterModel

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

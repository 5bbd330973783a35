"""Layers: pinned, tested in the versions that are shipped, and enough for the functions that have them."""

from __future__ import annotations

import importlib.metadata
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from lambdas.conftest import LAMBDAS

LAYERS = sorted(path.parent.name for path in LAMBDAS.glob("layers/*/requirements.txt"))
#: What the runtime of Lambda holds for Python ("Runtime-included SDK versions", AWS Lambda Developer Guide).
RUNTIME = {"boto3", "botocore", "s3transfer", "jmespath", "python-dateutil", "six", "urllib3"}


def pins(layer: str, *, direct: bool = False) -> dict[str, str]:
    """Return names and versions of a layer; with `direct` of what the functions import."""
    text = (LAMBDAS / "layers" / layer / "requirements.txt").read_text()
    lines = text.partition("\n\n")[0].splitlines() if direct else text.splitlines()
    found = [
        re.fullmatch(r"([a-z0-9-]+)==([\w.]+) --hash=sha256:[0-9a-f]{64}", line)
        for line in lines
        if line and not line.startswith("#")
    ]
    assert all(found), text
    return {match[1]: match[2] for match in found if match}


def functions() -> dict[str, list[str]]:
    """Return the sources that import the library, with the layers that the specification gives them."""
    spec = yaml.safe_load((LAMBDAS.parent / "spec/lenie.yaml").read_text())
    resources: dict[str, Any] = {}
    for component in spec["components"].values():
        resources |= component["resources"]
    return {
        found.get("code", name.replace("-", "_")): found.get("layers", [])
        for name, found in resources.items()
        if found.get("kind") == "function" and found.get("library")
    }


@pytest.mark.parametrize("layer", LAYERS)
def test_what_is_tested_is_what_is_shipped(layer: str) -> None:
    expected = pins(layer, direct=True)
    assert {name: importlib.metadata.version(name) for name in expected} == expected


def test_layers_agree() -> None:
    everything: dict[str, str] = {}
    for layer in LAYERS:
        for name, version in pins(layer).items():
            assert everything.setdefault(name, version) == version, name


def test_a_layer_does_not_hide_what_the_runtime_needs() -> None:
    version = pins("lenie-all")["python-dateutil"]
    assert version.startswith("2."), "botocore wants less than 3"


@pytest.mark.parametrize("function", sorted(functions()))
def test_the_layers_are_enough(function: str, tmp_path: Path) -> None:
    """Import a function as it is packaged, and see which distributions it loads."""
    (tmp_path / "handler.py").write_text((LAMBDAS / function / "handler.py").read_text())
    (tmp_path / "library").symlink_to(LAMBDAS / "library")
    code = (
        "import json, sys, importlib.metadata as m\n"
        "before = set(sys.modules)\n"
        "import handler\n"
        "known = m.packages_distributions()\n"
        "tops = {name.partition('.')[0] for name in set(sys.modules) - before} - set(sys.stdlib_module_names)\n"
        "print(json.dumps(sorted({d.lower().replace('_', '-') for top in tops for d in known.get(top, [])})))\n"
    )
    environment = {"AWS_DEFAULT_REGION": "us-east-1", "PYTHONPATH": str(tmp_path), "PATH": os.environ["PATH"]}
    command = [sys.executable, "-W", "error", "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    allowed = RUNTIME.union(*(pins(layer) for layer in functions()[function]))
    loaded = set(json.loads(done.stdout))
    assert loaded <= allowed
    assert loaded & set().union(*(pins(layer, direct=True) for layer in functions()[function]))

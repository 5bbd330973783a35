"""The packages of Lenie itself: the keys of the generated files, the limits, the same bytes anywhere."""

from __future__ import annotations

import json
import os
import re
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging_support import LENIE
from support_cfn import read_template

from lenie.compiler.packaging.limits import UNZIPPED
from lenie.compiler.packaging.plan import plan
from lenie.compiler.pipeline import front

ROOT = Path(__file__).parents[3]
SPEC = ROOT / "spec" / "lenie.yaml"


def resources() -> Iterator[tuple[str, dict[str, Any]]]:
    for path in sorted((ROOT / "generated/cfn/templates").rglob("*.yaml")):
        yield from read_template(path.read_text(encoding="utf-8"))["Resources"].items()


def test_every_function_and_layer_has_the_key_that_is_deployed() -> None:
    program = front(SPEC).program
    assert program is not None
    planned = plan(program)
    functions = {
        name: r["Properties"]["Code"]["S3Key"] for name, r in resources() if r["Type"] == "AWS::Lambda::Function"
    }
    layers = {
        name: r["Properties"]["Content"]["S3Key"] for name, r in resources() if r["Type"] == "AWS::Lambda::LayerVersion"
    }
    assert len(functions) == 11
    assert len(layers) == 3
    assert sorted(p.key for p in planned.values() if p.kind == "function") == sorted(functions.values())
    assert sorted(p.key for p in planned.values() if p.kind == "layer") == sorted(layers.values())
    manifest = json.loads((ROOT / "generated/cfn/manifest.json").read_text())
    listed = {key for component in manifest["components"] for key in component["packages"]}
    assert listed == {package.key for package in planned.values()}


def test_the_simple_functions_are_packaged_alone(tmp_path: Path) -> None:
    names = ["rds-start", "rds-stop", "rds-status", "ec2-start", "ec2-stop", "ec2-status", "sqs-size"]
    done = run(tmp_path, *names)
    for entry in done["packages"]:
        with zipfile.ZipFile(entry["file"]) as opened:
            assert opened.namelist() == ["handler.py"]


def run(out: Path, *arguments: str, **environment: str) -> Any:
    command = [
        *LENIE,
        "package",
        "--spec",
        os.path.relpath(SPEC, ROOT),
        "--out",
        str(out),
        "--format",
        "json",
        *arguments,
    ]
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_real_layers_fit_and_are_the_same_twice(tmp_path: Path) -> None:
    """Downloads the wheels of the layers, twice, as different users in different places would."""
    one = run(tmp_path / "one", PYTHONHASHSEED="1", TZ="UTC")
    old = os.umask(0o077)
    try:
        two = run(tmp_path / "elsewhere" / "two", PYTHONHASHSEED="2", TZ="Asia/Tokyo", LC_ALL="C", HOME=str(tmp_path))
    finally:
        os.umask(old)
    digests = [{entry["key"]: entry["sha256"] for entry in done["packages"]} for done in (one, two)]
    assert len(digests[0]) == 14
    assert digests[0] == digests[1]
    sizes = {entry["name"]: entry["unzipped"] for entry in one["packages"]}
    for entry in one["packages"]:
        if entry["kind"] == "function":
            assert sizes[entry["name"]] + sum(sizes[layer] for layer in entry["layers"]) < UNZIPPED
    _check_wheels(one)
    host = run(tmp_path / "one", "--host", "app-server-db")
    _check_host(host, tmp_path / "unzipped")


def _check_wheels(done: Any) -> None:
    """Every compiled module is one for the deployed interpreter and processor."""
    spec = yaml.safe_load(SPEC.read_text(encoding="utf-8"))
    runtime = spec["components"]["env-setup"]["resources"]["lambda-runtime"]["value"].removeprefix("python3.")
    for entry in done["packages"]:
        if entry["kind"] != "layer":
            continue
        with zipfile.ZipFile(entry["file"]) as opened:
            names = opened.namelist()
        assert all(name.startswith("python/") for name in names)
        assert not [n for n in names if n.endswith((".pyc", "/RECORD", "/INSTALLER")) or n.startswith("python/bin/")]
        assert [n for n in names if n.endswith("/METADATA")]
        compiled = [name for name in names if re.search(r"\.cpython-\d+", name)]
        assert all(f".cpython-3{runtime}-x86_64-linux-gnu.so" in name for name in compiled)


def _check_host(done: Any, target: Path) -> None:
    """The packages for this machine can be imported here, from nothing but themselves and boto3."""
    for entry in done["packages"]:
        with zipfile.ZipFile(entry["file"]) as opened:
            opened.extractall(target / entry["name"])
    places = [str(target / "app-server-db"), *(str(target / name / "python") for name in ("psycopg2", "lenie-all"))]
    code = (
        "import sys; sys.path[:0] = sys.argv[1:]; import handler, psycopg2\n"
        "print(sorted(handler.ROUTES)[0], psycopg2.__file__)\n"
    )
    environment = {"AWS_DEFAULT_REGION": "us-east-1", "PATH": os.environ["PATH"]}
    done = subprocess.run([LENIE[0], "-c", code, *places], capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stderr
    name, module = done.stdout.split()
    assert name == "website_delete"
    assert Path(module).is_relative_to(target / "psycopg2")

"""The packages of Lenie itself: the keys of the generated files, the limits, the same bytes anywhere."""

from __future__ import annotations

import importlib.util
import json
import os
import platform
import re
import shutil
import subprocess
import sys
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
def test_the_real_layers_fit_and_are_the_same_twice(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
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
    python = deployed_python()
    if python:
        _check_deployed(one, python, tmp_path / "deployed")
    else:
        with capsys.disabled():
            print(
                f"\nNOT RUN: there is no Python {runtime()} for {platform.machine()} here, so the packages that are"
                f" deployed were built and measured, and not imported. Put a python{runtime()} on PATH to run them."
            )


def runtime() -> str:
    """Return the version of Python that is deployed: ``3.13``."""
    spec = yaml.safe_load(SPEC.read_text(encoding="utf-8"))
    found: str = spec["components"]["env-setup"]["resources"]["lambda-runtime"]["value"]
    return found.removeprefix("python")


def deployed_python() -> str:
    """Return an interpreter of the deployed version on this machine, on PATH or in pyenv's directory; empty if none."""
    if platform.machine() != "x86_64" or sys.platform != "linux":
        return ""
    version = runtime()
    versions = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    places = [shutil.which(f"python{version}"), *sorted(versions.glob(f"{version}*/bin/python{version}"))]
    for place in [found for found in places if found]:
        code = "import sys; print('{}.{}'.format(*sys.version_info))"
        done = subprocess.run([place, "-I", "-c", code], capture_output=True, text=True)
        if done.returncode == 0 and done.stdout.strip() == version:
            return str(place)
    return ""


#: What a function does without AWS and without a network, in the interpreter that is deployed.
TRIAL = """\
import json, os, sys
os.environ["AWS_DEFAULT_REGION"] = "us-east-1"
sys.path[:0] = sys.argv[2:]
import handler
name = sys.argv[1]
class context:
    function_name, memory_limit_in_mb, aws_request_id = name, 128, "1"
    invoked_function_arn = "arn:aws:lambda:us-east-1:123456789012:function:" + name
def ask(path, body):
    done = handler.lambda_handler({"path": path, "body": json.dumps(body)}, context)
    return done["statusCode"], json.loads(done["body"])
if name == "app-server-db":
    assert ask("/website_split_for_embedding", {"text": "One. Two."})[1]["text"] == ["One. Two."]
    assert ask("/website_get", {"id": 1})[0] == 500  # nothing is configured
    import psycopg2, pgvector
elif name == "app-server-internet":
    from library.page import parse
    body = "<body><p>" + "Words. " * 50 + "</p><p>End.</p></body>"
    page = parse("<html lang='pl'><head><title>T</title></head>" + body + "</html>")
    assert (page.title, page.language) == ("T", "pl") and "Words." in page.text
    assert ask("/ai_ask", {"text": "x", "query": "y"})[0] == 400
    import openai, pydantic_core
    openai.OpenAI(api_key="not-a-key").close()
elif name == "url-add":
    assert ask("/url_add", {"url": "x"})[0] == 400
elif name == "sqs-into-rds":
    try:
        handler.lambda_handler({}, context)
    except Exception as error:
        assert type(error).__name__ == "MalformedMessage"
else:
    assert handler.lambda_handler({}, context)["statusCode"] == 500  # nothing is configured
print("ran", sys.version_info[:2])
"""


def _check_deployed(done: Any, python: str, target: Path) -> None:
    """Every function runs in the deployed version of Python, from its package, its layers and boto3 only."""
    for entry in done["packages"]:
        with zipfile.ZipFile(entry["file"]) as opened:
            opened.extractall(target / entry["name"])
    lambda_itself = target / "runtime"
    lambda_itself.mkdir()
    for name in ("boto3", "botocore", "s3transfer", "jmespath", "dateutil", "urllib3", "six"):
        found = importlib.util.find_spec(name)
        assert found is not None
        assert found.origin is not None
        source = Path(found.origin).parent if found.submodule_search_locations else Path(found.origin)
        (lambda_itself / source.name).symlink_to(source)
    functions = [entry for entry in done["packages"] if entry["kind"] == "function"]
    assert len(functions) == 11
    for entry in functions:
        layers = [str(target / layer / "python") for layer in entry["layers"]]
        places = [str(target / entry["name"]), *layers, str(lambda_itself)]
        command = [python, "-I", "-S", "-B", "-c", TRIAL, entry["name"], *places]
        ran = subprocess.run(command, capture_output=True, text=True)
        assert ran.returncode == 0, f"{entry['name']}: {ran.stderr}"
        assert ran.stdout.splitlines()[-1] == f"ran ({runtime().replace('.', ', ')})"


def _check_wheels(done: Any) -> None:
    """Every compiled module is one for the deployed interpreter and processor."""
    for entry in done["packages"]:
        if entry["kind"] != "layer":
            continue
        with zipfile.ZipFile(entry["file"]) as opened:
            names = opened.namelist()
        assert all(name.startswith("python/") for name in names)
        assert not [n for n in names if n.endswith((".pyc", "/RECORD", "/INSTALLER")) or n.startswith("python/bin/")]
        assert [n for n in names if n.endswith("/METADATA")]
        compiled = [name for name in names if re.search(r"\.cpython-\d+", name)]
        tag = runtime().replace(".", "")
        assert all(f".cpython-{tag}-x86_64-linux-gnu.so" in name for name in compiled)


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

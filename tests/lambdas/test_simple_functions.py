"""The seven simple functions share a block of source, and each works when only its `handler.py` is there."""

from __future__ import annotations

import ast
import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
from lambdas.conftest import LAMBDAS

ROOT = LAMBDAS.parent


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("copy_simple", ROOT / "tools/copy_simple.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_copies_are_equal(tool: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    assert tool.main(["--check"]) == 0, capsys.readouterr().out


def test_a_difference_is_found_and_mended(
    tool: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in tool.FUNCTIONS:
        (tmp_path / "lambdas" / name).mkdir(parents=True)
        (tmp_path / "lambdas" / name / "handler.py").write_text((LAMBDAS / name / "handler.py").read_text())
    monkeypatch.setattr(tool, "LAMBDAS", tmp_path / "lambdas")
    changed = tmp_path / "lambdas/sqs_size/handler.py"
    changed.write_text(changed.read_text().replace("connect_timeout=2", "connect_timeout=4"))
    assert tool.main(["--check"]) == 1
    assert capsys.readouterr().out == "lambdas/sqs_size/handler.py\n"
    assert tool.main([]) == 0
    assert changed.read_text() == (LAMBDAS / "sqs_size/handler.py").read_text()


def test_no_function_is_forgotten(tool: ModuleType) -> None:
    alone = [
        path.parent.name
        for path in LAMBDAS.glob("*/handler.py")
        if "from library" not in path.read_text(encoding="utf-8")
    ]
    assert sorted(alone) == sorted(tool.FUNCTIONS)


def test_they_need_only_the_standard_library_and_boto3(tool: ModuleType) -> None:
    for name in tool.FUNCTIONS:
        tree = ast.parse((LAMBDAS / name / "handler.py").read_text())
        modules = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        modules |= {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
        roots = {module.partition(".")[0] for module in modules}
        assert roots <= {*sys.stdlib_module_names, "boto3", "botocore"}, name


def test_each_works_alone(tool: ModuleType, tmp_path: Path) -> None:
    for name in tool.FUNCTIONS:
        (tmp_path / name).mkdir()
        (tmp_path / name / "handler.py").write_text((LAMBDAS / name / "handler.py").read_text())
    code = (
        "import importlib.util, sys\n"
        "for path in sys.argv[1:]:\n"
        "    spec = importlib.util.spec_from_file_location('handler', path)\n"
        "    module = importlib.util.module_from_spec(spec)\n"
        "    spec.loader.exec_module(module)\n"
        "    print(module.lambda_handler({}, None)['statusCode'])\n"
    )
    env = {"AWS_DEFAULT_REGION": "us-east-1"}
    paths = [str(tmp_path / name / "handler.py") for name in tool.FUNCTIONS]
    done = subprocess.run([sys.executable, "-W", "error", "-c", code, *paths], capture_output=True, text=True, env=env)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["500"] * 7  # nothing is configured

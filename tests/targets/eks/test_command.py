"""`lenie-compile` with clusters that come and go, and the commands that compare resources only."""

from __future__ import annotations

import gc
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from rule_clusters import cluster_spec

from lenie.compiler.cli import main
from lenie.compiler.compiling import compile_command


@pytest.fixture(autouse=True)
def _collector() -> Iterator[None]:
    yield
    gc.enable()  # a compile turns it off
    gc.unfreeze()


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "spec").mkdir()
    (tmp_path / "spec" / "lenie.yaml").write_text(cluster_spec(), encoding="utf-8")
    return tmp_path


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[object, str, str]:
    command = compile_command if words[0] == "lenie-compile" else main
    with pytest.raises(SystemExit) as exited:
        command.main(list(words[1:]), prog_name=words[0])
    return exited.value.code, *capsys.readouterr()


def test_clusters_that_are_gone_leave_no_files(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    script = project / "generated" / "eks" / "demo" / "cluster.sh"
    code, out, err = run(capsys, "lenie-compile")
    assert (code, err) == (0, "")
    assert "generated/eks: 11 files; 11 added" in out
    assert script.stat().st_mode & 0o100, "the script can be run"
    assert run(capsys, "lenie-compile", "--check")[0] == 0
    spec = project / "spec" / "lenie.yaml"
    without = cluster_spec(access="203.0.113.0/24").partition("kubernetes:")[0].partition("parameters:")
    spec.write_text(without[0] + "components:" + without[2].partition("components:")[2], encoding="utf-8")
    assert run(capsys, "lenie-compile", "--check")[0] == 2
    code, out, err = run(capsys, "lenie-compile")
    assert (code, err) == (0, "")
    assert "generated/eks: 0 files; 11 removed" in out
    assert not script.exists()
    for words in (["lenie-compile"], ["lenie-compile", "--check"]):
        code, out, err = run(capsys, *words)
        assert (code, err) == (0, "")
        assert "eks" not in out


def test_a_spec_without_clusters_has_nothing_for_the_target(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spec = project / "spec" / "lenie.yaml"
    spec.write_text(cluster_spec().partition("kubernetes:")[0], encoding="utf-8")
    code, _, err = run(capsys, "lenie-compile", "--target", "eks")
    assert code == 0
    assert 'warning[W543]: the spec has nothing that the target "eks" prints' in err
    assert not (project / "generated").exists()


def test_one_environment(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "lenie-compile", "--target", "eks", "--env", "prod")[0] == 0
    files = {path.name for path in (project / "generated" / "eks-prod" / "demo" / "environments").iterdir()}
    assert files == {"prod.sh"}
    assert "ALL_ENVIRONMENTS=prod\n" in (project / "generated" / "eks-prod" / "demo" / "cluster.sh").read_text()


def test_clusters_are_not_verified(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "lenie", "verify", "--target", "eks")
    assert (code, out) == (3, "")
    assert 'error[E901]: the target "eks" has clusters, and this reads resources of components only' in err
    assert (
        "possible: cfn, tf, cdk, all; lenie-compile --check --target eks tells whether its files are up to date" in err
    )


def test_that_clusters_are_not_verified_is_told(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever names no target must not take it that all of generated/ was read."""
    assert run(capsys, "lenie-compile")[0] == 0
    _, out, _ = run(capsys, "lenie", "verify")
    assert "eks is not verified: it has clusters, which no other target has; lenie-compile --check compares" in out
    _, out, _ = run(capsys, "lenie", "verify", "--format", "json")
    assert "eks" in [one["target"] for one in json.loads(out)["not_verified"]]
    _, out, _ = run(capsys, "lenie", "verify", "--target", "cfn")
    assert "eks" not in out

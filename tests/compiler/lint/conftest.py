"""What the tests of lint share: a compiled project, terraform with the stand-in provider, programs that play a tool."""

from __future__ import annotations

import gc
import re
import shutil
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from support_lint import HERE, Run
from support_tf import SCHEMAS, standin, terraform_binary

from lenie.compiler.compiling import compile_command


@pytest.fixture(autouse=True)
def _collector() -> Iterator[None]:
    yield
    gc.enable()  # a command turns it off, and leaves its objects to the end of the process
    gc.unfreeze()


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of which everything is compiled."""
    root = tmp_path_factory.mktemp("project")
    (root / "spec").mkdir()
    shutil.copy(HERE / "spec.yaml", root / "spec" / "lenie.yaml")
    with pytest.raises(SystemExit) as exited:
        compile_command.main(["--out", str(root / "generated"), "--spec", str(root / "spec" / "lenie.yaml")])
    assert exited.value.code == 0
    return root


@pytest.fixture
def project(compiled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it, which is the working directory."""
    shutil.copytree(compiled, tmp_path / "p")
    monkeypatch.chdir(tmp_path / "p")
    return tmp_path / "p"


@pytest.fixture
def lint(capsys: pytest.CaptureFixture[str]) -> Callable[..., Run]:
    """Run ``lenie lint``."""
    return lambda *arguments: Run(capsys, *arguments)


@pytest.fixture(scope="session")
def provider(terraform: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Value of TF_REATTACH_PROVIDERS that leads to the stand-in; it serves the real provider's schema."""
    assert terraform
    with standin(SCHEMAS[6], None, tmp_path_factory.mktemp("standin")) as reattach:
        yield reattach


@pytest.fixture(scope="session")
def terraform() -> str:
    """The path of `terraform`. Tests that ask for it are skipped on a machine that has none: see tests/conftest.py."""
    binary = terraform_binary()
    assert binary is not None
    return binary


@pytest.fixture
def offline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Terraform takes providers from an empty directory, and so asks no registry."""
    mirror = tmp_path / "mirror"
    mirror.mkdir()
    config = tmp_path / "terraform.rc"
    config.write_text(f'provider_installation {{\n  filesystem_mirror {{\n    path = "{mirror}"\n  }}\n}}\n')
    monkeypatch.setenv("TF_CLI_CONFIG_FILE", str(config))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture
def with_provider(offline: None, provider: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Terraform finds the stand-in provider."""
    monkeypatch.setenv("TF_REATTACH_PROVIDERS", provider)


@pytest.fixture
def player(tmp_path: Path) -> Callable[[str], str]:
    """Make a program of a shell script that can be given as a tool; return its path."""

    def make(script: str) -> str:
        path = tmp_path / f"tool-{len(list(tmp_path.glob('tool-*')))}"
        path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        return str(path)

    return make


@pytest.fixture
def edit(project: Path) -> Callable[[str, str, str], None]:
    """Replace a text, which a pattern describes, in a generated file."""

    def replace(file: str, pattern: str, new: str) -> None:
        path = project / "generated" / file
        text, count = re.subn(pattern, new, path.read_text(encoding="utf-8"), count=1)
        assert count == 1, file
        path.write_text(text, encoding="utf-8")

    return replace

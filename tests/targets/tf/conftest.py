"""What the tests of the Terraform target share: terraform, the stand-in provider, an emulated AWS."""

from __future__ import annotations

import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from standin.aws import Aws, require_loopback
from support_tf import ROOT, SCHEMAS, MakeTerraform, Terraform, cloud, standin, terraform_binary


@pytest.fixture(scope="session")
def terraform() -> str:
    """The path of `terraform`. Tests that ask for it are skipped on a machine that has none: see tests/conftest.py."""
    binary = terraform_binary()
    assert binary is not None
    return binary


@pytest.fixture(scope="session")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of an emulated AWS."""
    with cloud(tmp_path_factory.mktemp("cloud")) as address:
        yield address


@pytest.fixture
def aws(endpoint: str) -> Aws:
    """An empty account."""
    request = urllib.request.Request(f"{require_loopback(endpoint)}/moto-api/reset", method="POST")
    with urllib.request.urlopen(request, timeout=20) as answer:
        assert answer.status == 200
    return Aws(endpoint, "eu-central-1")


@pytest.fixture(scope="session")
def reattach(endpoint: str, terraform: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[int], str]]:
    """Return the way to a stand-in that serves the schema of a major version of the provider; each runs once."""
    with ExitStack() as running:
        started: dict[int, str] = {}

        def lead(version: int) -> str:
            if version not in started:
                directory = tmp_path_factory.mktemp(f"standin-{version}")
                started[version] = running.enter_context(standin(SCHEMAS[version], endpoint, directory))
            return started[version]

        yield lead


@pytest.fixture
def configuration(aws: Aws, reattach: Callable[[int], str], tmp_path: Path) -> MakeTerraform:
    """Make a working directory in an empty account."""

    def make(files: Path | dict[str, str], version: int = 6, name: str = "configuration") -> Terraform:
        directory = tmp_path / name
        if isinstance(files, Path):
            shutil.copytree(files, directory)
        else:
            for path, text in files.items():
                (directory / path).parent.mkdir(parents=True, exist_ok=True)
                (directory / path).write_text(text, encoding="utf-8")
        return Terraform(directory, reattach(version))

    return make


COMPILE = [
    sys.executable,
    "-c",
    "from lenie.compiler.compiling import compile_command as c; c(prog_name='lenie-compile')",
]


@pytest.fixture(scope="session")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with the emitted program of each scope."""
    directory = tmp_path_factory.mktemp("programs")
    for scope in ("default", "all"):
        command = [*COMPILE, "--target", "tf", "--scope", scope, "--out", str(directory / "out")]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, done.stderr
        (directory / "out" / "tf").rename(directory / scope)
    return directory


@pytest.fixture
def bastion(configuration: MakeTerraform) -> Terraform:
    """The fixture with a resource of almost every type that can be applied."""
    terraform = configuration(Path(__file__).parent / "fixtures" / "bastion")
    terraform.init()
    return terraform

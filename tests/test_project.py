"""The frame of the project: what is installed, and what the repository may hold."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

import lenie.compiler

ROOT = Path(__file__).parents[1]
PACKAGES = ("compiler", "targets")

#: Written so that this file does not match itself.
FORBIDDEN = re.compile(
    r"/wor[k]/(?:main|shared|\.library)|/roo[t]/|/User[s]/\w|/hom[e]/(?!ec2-user|ubuntu)\w"
    r"|(?:extra-)?index[-_]ur[l]|find[-_]link[s]|files\.pythonhoste[d]|pypi\.or[g]/simple|trusted[-_]hos[t]"
)


def tracked() -> list[Path]:
    """Return the files that are, or would be, in the repository."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    paths = (ROOT / name for name in listing.stdout.decode().split("\0") if name)
    return [path for path in paths if path.is_file()]


def project() -> dict[str, dict[str, object]]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


def test_no_path_of_a_machine_and_no_package_index() -> None:
    found = []
    for path in tracked():
        for number, line in enumerate(path.read_bytes().decode(errors="replace").splitlines(), start=1):
            if match := FORBIDDEN.search(line):
                found.append(f"{path.relative_to(ROOT)}:{number}: {match[0]}")
    assert not found


@pytest.mark.parametrize("text", ["/ro" + "ot/x", "/home" + "/me", "--index" + "-url=x", "/work" + "/main"])
def test_the_search_finds_what_it_is_for(text: str) -> None:
    assert FORBIDDEN.search(text)


def test_modules_stay_small() -> None:
    sources = [path for name in PACKAGES for path in (ROOT / name).rglob("*.py") if path.parent.name != "data"]
    assert sources
    assert not [path.name for path in sources if len(path.read_text().splitlines()) >= 400]


def test_every_requirement_is_bounded() -> None:
    settings = project()["project"]
    requirements = [*settings["dependencies"], *settings["optional-dependencies"]["dev"]]  # type: ignore[misc, index]
    for name in ("tools/checkov-requirements.txt", "tools/cdk/requirements.txt", "generated/cdk/requirements.txt"):
        lines = (ROOT / name).read_text().splitlines()
        requirements += [line for line in lines if not line.startswith(("#", "-r "))]
    assert not [
        text for text in requirements if not re.fullmatch(r"[\w-]+(\[[\w,]+\])?(==[\d.]+|>=[\d.]+,<[\d.]+)", text)
    ]


@pytest.mark.skipif(shutil.which("make") is None, reason="needs make")
class TestMakefile:
    def make(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        # What a make around the tests hands down (its job server) would change what this one says.
        plain = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
        return subprocess.run(["make", *arguments], cwd=ROOT, capture_output=True, text=True, env=plain)

    @pytest.mark.parametrize("target", ["compile", "test", "bench", "format", "clean", "checkov", "cdk"])
    def test_targets_exist(self, target: str) -> None:
        done = self.make("--dry-run", target)
        assert done.returncode == 0, done.stderr

    def test_test_runs_every_check(self) -> None:
        plan = self.make("--dry-run", "--always-make", "test").stdout
        for command in ("ruff check", "ruff format --check", "mypy", "pytest", "checkov.main", "cd generated/cdk"):
            assert command in plan

    def test_an_old_python_is_refused_in_one_line(self, tmp_path: Path) -> None:
        old = tmp_path / "python3"
        old.write_text('#!/bin/sh\n[ "$1" = --version ] && echo "Python 3.9.1"\nexit 1\n')
        old.chmod(0o755)
        done = self.make("python", f"PYTHON={old}")
        assert done.returncode != 0
        assert done.stderr.splitlines()[0] == f"Python 3.11 or newer is needed; '{old}' is Python 3.9.1"


def test_ci_script_can_run() -> None:
    script = ROOT / ".ci/run"
    assert script.stat().st_mode & 0o111
    assert subprocess.run(["bash", "-n", str(script)], check=False).returncode == 0


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel from a copy: files left in build/ by an earlier one must not get in."""
    copy = tmp_path_factory.mktemp("source")
    for path in tracked():
        target = copy / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, target)
    out = tmp_path_factory.mktemp("wheel")
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        str(copy),
        "--no-deps",
        "--no-build-isolation",
        "-q",
        "-w",
        str(out),
    ]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return next(out.glob("*.whl"))


@pytest.mark.slow
def test_the_wheel_holds_the_packages_and_nothing_else(wheel: Path, tmp_path: Path) -> None:
    names = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    expected = {
        f"lenie/{path.relative_to(ROOT).as_posix()}"
        for path in tracked()
        if path.relative_to(ROOT).parts[0] in PACKAGES and path.name != ".gitkeep"
    }
    assert names == expected
    assert {f"lenie/{package}/py.typed" for package in PACKAGES} <= names
    assert wheel.name.startswith(f"lenie-{lenie.compiler.__version__}-")

    zipfile.ZipFile(wheel).extractall(tmp_path)
    code = "import lenie.compiler.load as m, lenie.targets; print(m.__file__); m.parse('a: 1', 'f')"
    command = [sys.executable, "-W", "error", "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, env={"PYTHONPATH": str(tmp_path)})
    assert done.returncode == 0, done.stderr
    assert Path(done.stdout.strip()).is_relative_to(tmp_path)


@pytest.mark.parametrize("folder", ["compiler/kinds", "compiler/rules"])
def test_every_kind_and_every_rule_has_a_test_of_its_name(folder: str) -> None:
    modules = {path.stem for path in (ROOT / folder).glob("[a-z]*.py")}
    tests = {path.stem.removeprefix("test_") for path in (ROOT / "tests" / folder).glob("test_*.py")}
    assert modules <= tests, modules - tests

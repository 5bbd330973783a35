"""Layers are filled by a real pip, here from wheels on the disk."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest
from packaging_support import Project, wheel

from lenie.compiler.diagnostics import SpecError
from lenie.compiler.packaging import wheels
from lenie.compiler.packaging.platforms import Platform, host_platform, lambda_platform
from lenie.compiler.packaging.requirements import read
from lenie.compiler.span import Span

PLACE = Span("spec.yaml", 1, 1, 1, 6)


def layer(
    project: Project, *, runtime: str = "python3.13", architecture: str = "x86_64", host: bool = False
) -> wheels.Layer:
    platform: Platform | None = host_platform() if host else lambda_platform(runtime, architecture)  # type: ignore[arg-type]
    assert platform is not None
    pins = read(project.requirements, "requirements.txt")
    return wheels.Layer("tools", pins, platform, "requirements.txt", PLACE, not host)


def fill(project: Project, found: wheels.Layer) -> Path:
    staging = project.root / "staging"
    staging.mkdir()
    wheels.install(found, staging / "python", staging, project.root / "cache")
    return staging / "python"


def fault(project: Project, found: wheels.Layer) -> tuple[str, str, str, list[Span]]:
    with pytest.raises(SpecError) as caught:
        fill(project, found)
    told = caught.value.diagnostic
    return told.code, told.message, told.help, [label.span for label in told.labels]


def names(directory: Path) -> list[str]:
    return sorted(path.relative_to(directory).as_posix() for path in directory.rglob("*") if path.is_file())


def test_records_scripts_and_byte_code_are_left_out(project: Project) -> None:
    files = {"colours/red.py": "RED = 1\n", "colours/__pycache__/red.cpython-313.pyc": "x", "colours/RECORD": "mine\n"}
    wheel(project.wheels, "colours", files=files, scripts=True)
    assert names(fill(project, layer(project))) == [
        "colours-1.0.dist-info/METADATA",
        "colours-1.0.dist-info/WHEEL",
        "colours-1.0.dist-info/entry_points.txt",
        "colours/RECORD",
        "colours/__init__.py",
        "colours/red.py",
    ]


@pytest.mark.parametrize(
    ("runtime", "architecture", "chosen"),
    [
        ("python3.13", "x86_64", "cp313-cp313-manylinux_2_28_x86_64"),
        ("python3.13", "arm64", "cp313-cp313-manylinux2014_aarch64"),
        ("python3.12", "x86_64", "cp312-abi3-manylinux_2_17_x86_64"),
        ("python3.11", "x86_64", "py3-none-any"),
    ],
)
def test_wheels_are_those_of_the_runtime(project: Project, runtime: str, architecture: str, chosen: str) -> None:
    for tag in (
        "cp313-cp313-manylinux_2_28_x86_64",
        "cp313-cp313-manylinux_2_35_x86_64",
        "cp313-cp313-musllinux_1_2_x86_64",
        "cp313-cp313-macosx_11_0_arm64",
        "cp313-cp313-manylinux2014_aarch64",
        "cp312-abi3-manylinux_2_17_x86_64",
        "cp311-cp311-manylinux_2_28_x86_64",
    ):
        wheel(project.wheels, "colours", tag=tag)
    found = fill(project, layer(project, runtime=runtime, architecture=architecture))
    assert f'TAG = "{chosen}"' in (found / "colours/__init__.py").read_text()


def test_the_host_gets_wheels_of_its_own(project: Project) -> None:
    tag = "cp{}{}".format(*sys.version_info)
    platform = host_platform().tag.partition("-")[2]
    wheel(project.wheels, "colours", tag=f"{tag}-{tag}-{platform}")
    wheel(project.wheels, "colours", tag="cp399-cp399-manylinux_2_17_x86_64")
    found = fill(project, layer(project, host=True))
    assert f'TAG = "{tag}-{tag}-{platform}"' in (found / "colours/__init__.py").read_text()


def test_markers_are_those_of_the_runtime(project: Project) -> None:
    wheel(project.wheels, "windows")
    wheel(project.wheels, "thirteen")
    project.requirements.write_text(
        "colours==1.0\nwindows==1.0; sys_platform == 'win32'\nthirteen==1.0; python_version == '3.13'\n"
    )
    found = fill(project, layer(project))
    assert (found / "thirteen").is_dir()
    assert not (found / "windows").exists()


def test_hashes_are_checked(project: Project) -> None:
    right = hashlib.sha256((project.wheels / "colours-1.0-py3-none-any.whl").read_bytes()).hexdigest()
    project.requirements.write_text(f"colours==1.0 --hash=sha256:{right}\n")
    found = fill(project, layer(project))
    assert (found / "colours").is_dir()


def test_another_file_than_the_pinned_one_is_refused(project: Project) -> None:
    project.requirements.write_text(f"colours==1.0 --hash=sha256:{'0' * 64}\n")
    code, message, help, _ = fault(project, layer(project))
    assert (code, message) == ("E910", 'pip could not fill the layer "tools" for cp313-x86_64')
    assert "DO NOT MATCH THE HASHES" in help


def test_hashes_of_the_runtime_do_not_bind_the_host(project: Project) -> None:
    project.requirements.write_text(f"colours==1.0 --hash=sha256:{'0' * 64}\n")
    assert (fill(project, layer(project, host=True)) / "colours").is_dir()


def test_no_wheel_of_that_version(project: Project) -> None:
    wheel(project.wheels, "paint")
    project.requirements.write_text("paint==1.0\ncolours==2.0\n")
    code, message, help, places = fault(project, layer(project))
    assert (code, message) == ("E910", 'pip could not fill the layer "tools" for cp313-x86_64')
    assert places == [Span("requirements.txt", 2, 1, 2, 13), PLACE]
    assert help.splitlines()[0] == "pip says:"
    assert "No matching distribution found for colours==2.0" in help
    assert "Traceback" not in help


def test_nothing_is_built_from_source(project: Project) -> None:
    source = project.root / "source"
    source.mkdir()
    (source / "pyproject.toml").write_text("[project]\nname = 'paint'\nversion = '1.0'\n")
    command = [sys.executable, "-c", "from setuptools import setup; setup()", "sdist", "-d", str(project.wheels)]
    subprocess.run(command, cwd=source, check=True, capture_output=True)
    assert list(project.wheels.glob("paint-1.0.tar.gz"))
    project.requirements.write_text("paint==1.0\n")
    code, _, help, _ = fault(project, layer(project))
    assert code == "E910"
    assert "paint==1.0" in help


def test_an_index_out_of_reach(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PIP_NO_INDEX")
    monkeypatch.setenv("PIP_INDEX_" + "URL", "http://127.0.0.1:9/simple")
    project.requirements.write_text("paint==1.0\n")
    code, message, help, places = fault(project, layer(project))
    assert (code, message) == ("E910", 'the layer "tools" cannot be filled: the package index is out of reach')
    assert help.startswith("check the network")
    assert places == [PLACE]


def test_a_need_that_is_not_pinned(project: Project) -> None:
    wheel(
        project.wheels,
        "paint",
        needs=("boto3>=1", "colours>=1.0,<2", "windows; sys_platform == 'win32'", 'x; extra == "more"'),
    )
    project.requirements.write_text("paint==1.0\n")
    code, message, help, places = fault(project, layer(project))
    assert (code, message) == ("E704", '"paint" needs colours<2,>=1.0, and the layer "tools" has no colours')
    assert help == "pin colours in requirements.txt"
    assert places == [Span("requirements.txt", 1, 1, 1, 11)]


def test_all_needs_that_are_not_pinned_are_told(project: Project) -> None:
    wheel(project.wheels, "paint", needs=("glitter", "colours>=1.0"))
    wheel(project.wheels, "brush", needs=("hair", "boto3"))
    project.requirements.write_text("paint==1.0\nbrush==1.0\n")
    code, _, help, _ = fault(project, layer(project))
    assert (code, help) == ("E704", "pin colours, glitter, hair in requirements.txt")


def test_an_extra_brings_needs(project: Project) -> None:
    wheel(project.wheels, "paint", needs=('glitter; extra == "more"',))
    project.requirements.write_text("colours==1.0\npaint[more]==1.0\n")
    code, message, _, _ = fault(project, layer(project))
    assert (code, message) == ("E704", '"paint" needs glitter, and the layer "tools" has no glitter')


def test_versions_that_do_not_go_together(project: Project) -> None:
    wheel(project.wheels, "paint", needs=("colours>=2",))
    project.requirements.write_text("paint==1.0\ncolours==1.0\n")
    code, message, _, _ = fault(project, layer(project))
    assert (code, message) == ("E704", '"paint" needs colours>=2, and the layer "tools" has colours 1.0')


def test_the_users_pip_settings_do_not_lead_it_elsewhere(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = project.root / "elsewhere"
    for name, value in {
        "TARGET": str(elsewhere),
        "PREFIX": str(elsewhere),
        "USER": "1",
        "REQUIRE_VIRTUALENV": "1",
        "NO_BINARY": ":all:",
        "PLATFORM": "win32",
        "DRY_RUN": "1",
    }.items():
        monkeypatch.setenv(f"PIP_{name}", value)
    assert (fill(project, layer(project)) / "colours").is_dir()
    assert not elsewhere.exists()


def test_nothing_is_written_outside_of_the_project(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    home = project.root / "home"
    home.mkdir()
    temporary = project.root / "elsewhere"
    temporary.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("TMPDIR", str(temporary))
    monkeypatch.setenv("PATH", "")  # pip asks other programs for their versions, and these may write
    fill(project, layer(project))
    assert not list(home.rglob("*"))
    assert not list(temporary.rglob("*"))


def test_without_pip(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    code, message, help, _ = fault(project, layer(project))
    assert code == "E910"
    assert message.startswith("pip is not installed for ")
    assert help.endswith("-m ensurepip")


def test_an_interrupt_ends_pip(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    ended: list[subprocess.Popen[str]] = []

    class Interrupted(subprocess.Popen[str]):
        def communicate(self, *arguments: object, **options: object) -> tuple[str, str]:
            if not ended:
                ended.append(self)
                raise KeyboardInterrupt
            return super().communicate(*arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr("subprocess.Popen", Interrupted)
    with pytest.raises(KeyboardInterrupt):
        fill(project, layer(project))
    assert ended[0].returncode == -9
    with pytest.raises(ProcessLookupError):
        os.kill(ended[0].pid, 0)

"""A small project with functions and a layer, and wheels on the disk that pip fills the layer with."""

from __future__ import annotations

import base64
import hashlib
import os
import sys
import zipfile
from pathlib import Path

import pytest

SPEC = """\
version: 1
project: demo
region: us-east-1
code: ../lambdas
layers: [base]
environments:
  dev: {production: false}
  prod: {production: true}
parameters:
  runtime: {type: text, default: python3.13, description: Runtime}
components:
  artifacts:
    layer: base
    resources:
      artifacts: {kind: bucket, purpose: artifacts, publish: [name]}
  tools:
    layer: base
    resources:
      tools: {kind: layer, runtime: python3.13, bucket: artifacts}
  work:
    layer: base
    resources:
      count: {kind: function, runtime: python3.13, bucket: artifacts, timeout: 10s, logs: 14d}
      fetch:
        kind: function
        runtime: python3.13
        bucket: artifacts
        library: true
        layers: [tools]
        timeout: 10s
        logs: 14d
"""
HANDLER = "def lambda_handler(event, context):\n    return {NAME!r}\n"
#: The setting of pip that names a directory of wheels.
DIRECTORY = "PIP_FIND_" + "LINKS"


def wheel(
    directory: Path,
    name: str,
    version: str = "1.0",
    *,
    tag: str = "py3-none-any",
    files: dict[str, str] | None = None,
    needs: tuple[str, ...] = (),
    scripts: bool = False,
) -> Path:
    """Write a wheel, and return its path."""
    info = f"{name}-{version}.dist-info"
    content = {f"{name}/__init__.py": f'VERSION = "{version}"\nTAG = "{tag}"\n', **(files or {})}
    lines = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}"]
    content[f"{info}/METADATA"] = "\n".join([*lines, *(f"Requires-Dist: {need}" for need in needs), ""])
    content[f"{info}/WHEEL"] = f"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: {tag}\n"
    if scripts:
        content[f"{info}/entry_points.txt"] = f"[console_scripts]\n{name} = {name}:main\n"
    record = f"{info}/RECORD"
    rows = []
    for inner, text in content.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
        rows.append(f"{inner},sha256={digest},{len(text.encode())}")
    content[record] = "\n".join([*rows, f"{record},,", ""])
    path = directory / f"{name}-{version}-{tag}.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for inner, text in content.items():
            archive.writestr(inner, text)
    return path


class Project:
    """A project in a directory of its own, in which the test runs."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.spec = root / "spec" / "demo.yaml"
        self.wheels = root / "wheels"
        self.packages = root / "build" / "packages"
        self.requirements = root / "lambdas" / "layers" / "tools" / "requirements.txt"
        for directory in (self.spec.parent, self.wheels, self.requirements.parent, root / "lambdas" / "library"):
            directory.mkdir(parents=True)
        self.spec.write_text(SPEC)
        for name in ("count", "fetch"):
            (root / "lambdas" / name).mkdir()
            (root / "lambdas" / name / "handler.py").write_text(HANDLER.replace("{NAME!r}", repr(name)))
        (root / "lambdas" / "library" / "__init__.py").write_text("SHARED = True\n")
        wheel(self.wheels, "colours")
        self.requirements.write_text("colours==1.0\n")

    def change_spec(self, old: str, new: str) -> None:
        """Replace a text in the spec."""
        text = self.spec.read_text()
        assert old in text
        self.spec.write_text(text.replace(old, new))

    def names(self, package: Path) -> list[str]:
        """Return the names in a zip."""
        with zipfile.ZipFile(package) as archive:
            return archive.namelist()

    def only(self, pattern: str) -> Path:
        """Return the one package that matches."""
        (found,) = self.packages.glob(pattern)
        return found


#: `lenie` as a process.
LENIE = [sys.executable, "-c", "from lenie.compiler.cli import main as c; c(prog_name='lenie')"]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A project, and a pip that knows no other packages than its wheels."""
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    found = Project(tmp_path)
    monkeypatch.setenv(DIRECTORY, str(found.wheels))
    monkeypatch.chdir(tmp_path)
    return found

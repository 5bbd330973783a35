"""``lenie lint`` in tests: its command, where its tools are, and what it printed."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from support import ROOT

from lenie.compiler.cli import main

HERE = Path(__file__).resolve().parent / "compiler" / "lint"
CHECKOV = str(ROOT / ".venv-checkov" / "bin" / "checkov")
CDK_PYTHON = str(ROOT / ".venv-cdk" / "bin" / "python")
TOOLS = ("--checkov", CHECKOV, "--cdk-python", CDK_PYTHON)

TEMPLATE = "cfn/templates/0-storage/02-messages.yaml"
BUCKET = "cfn/templates/0-storage/01-files.yaml"
MODULE = "tf/modules/messages/main.tf"
STACK = "cdk/stacks/messages.py"


class Run:
    """What ``lenie lint`` did."""

    def __init__(self, capsys: pytest.CaptureFixture[str], *arguments: str) -> None:
        capsys.readouterr()
        with pytest.raises(SystemExit) as exited:
            main.main(["lint", *arguments], prog_name="lenie")
        self.code = exited.value.code
        self.out, self.err = capsys.readouterr()

    @property
    def data(self) -> dict[str, Any]:
        """What it printed as JSON."""
        content: dict[str, Any] = json.loads(self.out)
        return content

    def findings(self) -> dict[str, dict[str, Any]]:
        """Return the findings of a run with ``--format json`` by their rules: ``cfn-lint E3034, cdk F3034``."""
        named: dict[str, dict[str, Any]] = {}
        for one in self.data["findings"]:
            name = ", ".join(dict.fromkeys(f"{each['tool']} {each['rule']}".strip() for each in one["reported"]))
            assert name not in named, name
            named[name] = one
        return named

    def tools(self) -> dict[tuple[str, str], str]:
        """Return what became of each tool on each target."""
        return {(one["tool"], one["target"]): one["status"] for one in self.data["tools"]}


def line(file: str | Path, text: str) -> int:
    """Return the number of the line of `file` that holds `text`."""
    lines = Path(file).read_text(encoding="utf-8").splitlines()
    (number,) = [number for number, one in enumerate(lines, start=1) if text in one]
    return number


def places(finding: dict[str, Any]) -> dict[str, tuple[str, int]]:
    """Return target -> file and line of a finding in JSON."""
    return {
        one["target"]: (one["place"]["file"], one["place"]["line"])
        for one in finding["reported"]
        if one["place"] is not None
    }


def without(tool: str, directory: Path) -> str:
    """Return a search path with everything that is on this process's, but for one tool."""
    directory.mkdir()
    for part in os.environ["PATH"].split(os.pathsep):
        for path in Path(part).iterdir() if Path(part).is_dir() else ():
            link = directory / path.name
            if path.name != tool and not link.exists():
                link.symlink_to(path)
    return str(directory)

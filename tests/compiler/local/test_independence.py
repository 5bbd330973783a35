"""The emulator's CloudFormation is a third opinion: it shares nothing with what generates, nor with what verifies."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[3] / "compiler" / "local"
SERVER = ("application.py", "bodies.py", "clients.py", "faults.py", "hooks.py", "server.py")
DIRECTORIES = ("patches", "stacks", "types")
MODULES = [*SERVER, *sorted(f"{name}/{path.name}" for name in DIRECTORIES for path in (PACKAGE / name).glob("*.py"))]


def imported(path: Path) -> set[str]:
    """Return the names of all modules that a file imports, wherever in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports would hide what is imported"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


@pytest.mark.parametrize("module", MODULES)
def test_nothing_that_generates_or_verifies_is_imported(module: str) -> None:
    names = imported(PACKAGE / module)
    foreign = ("lenie.targets", "lenie.compiler.verify", "lenie.compiler.lower", "lenie.compiler.kinds", "troposphere")
    assert not {name for name in names if name.startswith(foreign)}


def test_nothing_of_it_is_loaded() -> None:
    """Not even by way of others: a server that knows all types and patches loads no module of these."""
    code = (
        "import sys\n"
        "from lenie.compiler.local import patches, types\n"
        "from lenie.compiler.local.stacks import api_changes\n"
        "patches.apply_all(); types.types()\n"
        "foreign = ('lenie.targets', 'lenie.compiler.verify', 'troposphere')\n"
        "print(sorted(name for name in sys.modules if name.startswith(foreign)))\n"
    )
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_the_class_that_starts_it_loads_little() -> None:
    large = {"boto3", "flask", "moto", "pydantic"}
    code = f"import sys, lenie.compiler.local.server; print(sorted({large} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"

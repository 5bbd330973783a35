"""Verify is a second opinion: it may share nothing with what it judges."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[3] / "compiler" / "verify"
MODULES = sorted(path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py"))
#: What of the compiler it may know: the graph and its values, the user's interface, and the list of files.
ALLOWED = {
    "codes",
    "console",
    "diagnostics",
    "exchange",
    "explain",
    "expressions",
    "graph",
    "load",
    "output",
    "pipeline",
    "records",
    "render",
    "span",
    "specialise",
    "summary",
    "transaction",
}


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
def test_nothing_of_the_targets_is_imported(module: str) -> None:
    names = imported(PACKAGE / module)
    assert not {name for name in names if name.startswith(("lenie.targets", "targets", "importlib.import_module"))}
    own = {name.split(".")[2] for name in names if name.startswith("lenie.compiler.")}
    assert own <= ALLOWED | {"verify"}
    assert not {name for name in names if name.split(".")[0] in ("troposphere", "jinja2")}


def test_nothing_of_the_targets_is_loaded() -> None:
    """Not even by way of others: a whole run of verify loads no module of a target."""
    code = (
        "import sys; from lenie.compiler.cli import main\n"
        "try: main(['verify', '--target', 'cfn'], prog_name='lenie')\n"
        "except SystemExit as end: assert end.code == 0, end.code\n"
        "found = [n for n in sys.modules if n.startswith('lenie.targets.') or n == 'troposphere']\n"
        "assert not found, found"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=PACKAGE.parents[1], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr


def test_the_check_of_imports_finds_them(tmp_path: Path) -> None:
    (tmp_path / "module.py").write_text("def f():\n    from lenie.targets.tf import rows\n    return rows\n")
    assert imported(tmp_path / "module.py") == {"lenie.targets.tf.rows"}

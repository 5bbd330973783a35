"""The steps of a project: its own module of migrations, and files that can be applied each as a whole."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

from lenie.compiler.diagnostics import Diagnostic, Severity, SpecError
from lenie.compiler.sources import LIBRARY

#: What the module must define.
_NEEDED = ("MigrationError", "migrate", "migrations", "state")
#: Comments, texts and bodies of functions, in which words are no statements ("Lexical Structure", PostgreSQL).
_QUOTED = re.compile(
    r"--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|(\$(?:[A-Za-z_][A-Za-z_0-9]*)?\$).*?\1", re.DOTALL
)
#: What begins or ends a transaction ("SQL Commands", PostgreSQL).
_TRANSACTION = re.compile(
    r"(?:^|;)\s*(BEGIN|START\s+TRANSACTION|COMMIT|END|ROLLBACK(?!\s+TO\b)|ABORT|PREPARE\s+TRANSACTION)\b", re.IGNORECASE
)
_ADVICE = "steps are library/migrations/NNNN_name.sql in the spec's code, numbered from 0001 without gaps"


def steps(code: Path) -> ModuleType:
    """Return the project's own module of migrations, which the functions are packaged with.

    Raises:
        SpecError: (E914) if the project has none, it cannot be loaded, or a step of it cannot be applied as a whole.
    """
    path = code / LIBRARY / "migrations" / "__init__.py"
    if not path.is_file():
        raise _error(
            f"there are no migrations: {path} does not exist",
            "lenie db applies the steps in library/migrations of the spec's code",
        )
    module = _loaded(path)
    _check(module, path.parent)
    return module


def _loaded(path: Path) -> ModuleType:
    name = "lenie_project_migrations"
    found = importlib.util.spec_from_file_location(name, path)
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    sys.modules[name] = module
    written, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        found.loader.exec_module(module)
    except Exception as error:
        raise _error(f"{path} cannot be loaded: {type(error).__name__}: {error}", "correct it") from None
    finally:
        sys.dont_write_bytecode = written
    missing = [needed for needed in _NEEDED if not hasattr(module, needed)]
    if missing:
        raise _error(f"{path} does not define {', '.join(missing)}", "take the module of Lenie's own library")
    return module


def _check(module: ModuleType, directory: Path) -> None:
    for path in sorted(directory.glob("*.sql")):
        try:
            text = path.read_bytes().decode("utf-8")
        except UnicodeDecodeError:
            raise _error(f"{path} is not UTF-8", "save it as UTF-8") from None
        bare = _QUOTED.sub(lambda match: "\n" * match[0].count("\n") + " ", text)
        if not bare.replace(";", "").strip():
            raise _error(f"{path} holds no statement", "write one, or remove the file")
        found = _TRANSACTION.search(bare)
        if found is not None:
            line = bare.count("\n", 0, found.start(1)) + 1
            message = f"{path}:{line} has {' '.join(found[1].split()).upper()}: a step is one transaction already"
            raise _error(message, "remove it; what cannot be in a transaction is no step")
    try:
        module.migrations()
    except module.MigrationError as error:
        raise _error(f"the migrations in {directory} cannot be used: {error}", _ADVICE) from None


def _error(message: str, help: str) -> SpecError:
    return SpecError(Diagnostic("E914", Severity.ERROR, message, (), help))

"""Variables and layers of the generated templates are what the code uses: nothing is missing, nothing is idle."""

from __future__ import annotations

import ast
import importlib.metadata
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from lambdas.conftest import LAMBDAS
from lambdas.deployed import Deployment
from lambdas.test_layers import RUNTIME, pins

FUNCTIONS = sorted(path.parent.name for path in LAMBDAS.glob("*/handler.py"))
#: Read if they are set, for tests and local runs only.
OPTIONAL = {"POSTGRESQL_SSLROOTCERT"}


class Code(NamedTuple):
    """What the modules of a function say."""

    required: set[str]
    optional: set[str]
    #: Top-level names of imports, wherever they stand.
    imports: set[str]


def modules(source: str) -> Iterator[ast.Module]:
    """Yield the handler, and every module of the library that it imports, directly or not."""
    waiting, seen = [LAMBDAS / source / "handler.py"], set()
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        tree = ast.parse(path.read_text(encoding="utf-8"))
        yield tree
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == "library":
                names = [node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)]
                waiting += [path for name in names for path in files(name)]


def files(module: str) -> list[Path]:
    base = LAMBDAS / module.replace(".", "/")
    return [path for path in (base.with_suffix(".py"), base / "__init__.py") if path.is_file()]


def read(source: str) -> Code:
    code = Code(set(), set(), set())
    for tree in modules(source):
        guarded = {
            id(inner)
            for node in ast.walk(tree)
            if isinstance(node, ast.Try) and any("MissingSetting" in ast.dump(h) for h in node.handlers)
            for statement in node.body
            for inner in ast.walk(statement)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                code.imports.update(alias.name.partition(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and not node.level:
                code.imports.add((node.module or "").partition(".")[0])
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "setting":
                (argument,) = node.args
                assert isinstance(argument, ast.Constant), "a setting is named where it is read"
                found = code.optional if id(node) in guarded and argument.value in OPTIONAL else code.required
                found.add(str(argument.value))
    return code


@pytest.mark.parametrize("source", FUNCTIONS)
def test_variables(source: str) -> None:
    assert set(Deployment().functions()[source].variables) == read(source).required


def test_the_optional_ones_are_those_that_are_known() -> None:
    assert set().union(*(read(source).optional for source in FUNCTIONS)) == OPTIONAL


def test_the_environment_is_read_in_one_way_only() -> None:
    """`setting` is the only place, so that the test above sees every variable."""
    for source in FUNCTIONS:
        for tree in modules(source):
            for node in ast.walk(tree):
                if isinstance(node, ast.FunctionDef) and node.name == "setting":
                    continue
                inside = isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv", "environb")
                assert not inside or _within_setting(tree, node), source


def _within_setting(tree: ast.Module, node: ast.AST) -> bool:
    functions = (f for f in tree.body if isinstance(f, ast.FunctionDef) and f.name == "setting")
    return any(inner is node for function in functions for inner in ast.walk(function))


def distributions(imports: set[str]) -> set[str]:
    """Return the packages that imports come from, without the standard library and our own."""
    known = importlib.metadata.packages_distributions()
    foreign = imports - set(sys.stdlib_module_names) - {"library", "__future__"}
    unknown = {name for name in foreign if name not in known}
    assert not unknown
    return {re.sub(r"[_.]+", "-", found.lower()) for name in foreign for found in known[name]}


@pytest.mark.parametrize("source", FUNCTIONS)
def test_every_import_is_in_a_layer(source: str) -> None:
    layers = Deployment().functions()[source].layers
    allowed = RUNTIME.union(*(pins(layer) for layer in layers))
    assert distributions(read(source).imports) <= allowed


@pytest.mark.parametrize("source", FUNCTIONS)
def test_every_layer_is_used(source: str) -> None:
    used = distributions(read(source).imports)
    for layer in Deployment().functions()[source].layers:
        assert used & set(pins(layer, direct=True)), f"{source} does not use {layer}"


def test_what_the_layers_name_first_is_what_the_functions_import() -> None:
    used = set().union(*(distributions(read(source).imports) for source in FUNCTIONS)) - {"boto3", "botocore"}
    direct = set().union(*(pins(layer, direct=True) for layer in ("lenie-all", "openai", "psycopg2")))
    # trafilatura's and the SDK's own needs stand below; requests is for the code that users add to the library.
    assert used - direct <= {"charset-normalizer"}
    assert direct - used <= {"requests"}

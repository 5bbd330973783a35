"""The size that Lambda takes, of a function with its layers."""

from __future__ import annotations

from pathlib import Path

import pytest

from lenie.compiler.load import parse
from lenie.compiler.packaging.archive import Contents
from lenie.compiler.packaging.limits import UNZIPPED, too_large
from lenie.compiler.packaging.plan import Package
from lenie.compiler.packaging.store import Built

TREE = parse("components: {c: {resources: {web: {}, tools: {}, models: {}}}}\n", "spec.yaml")
MB = 1 << 20


def built(name: str, *parts: tuple[str, int], layers: tuple[str, ...] = ()) -> Built:
    kind = "function" if name == "web" else "layer"
    path = ("components", "c", "resources", name)
    package = Package(name, kind, f"{name}.zip", Path(name), None, "python3.13", "x86_64", "", layers, "b", path)  # type: ignore[arg-type]
    contents = Contents("", sum(size for _, size in parts), parts)
    return Built(package, Path(name), b"", 1, contents, False)


def found(*several: Built) -> list[tuple[str, str, int]]:
    told = too_large({one.package.name: one for one in several}, [one.package.name for one in several], TREE)
    assert {one.code for one in told} <= {"E703"}
    return [(one.message, one.help, one.labels[0].span.column) for one in told]


def test_the_limit_of_lambda() -> None:
    assert UNZIPPED == 262_144_000


def test_a_function_counts_with_its_layers_and_the_largest_parts_are_named() -> None:
    layers = (built("tools", ("torch", 150 * MB), ("six.py", 1)), built("models", ("words", 90 * MB), ("tiny", 10)))
    web = built("web", ("library", 11 * MB), ("handler.py", 1000), layers=("tools", "models"))
    ((message, help, column),) = found(*layers, web)
    assert message == '"web" with its layers is 251.0 MB unzipped, 1.0 MB more than Lambda takes'
    assert help == (
        "the largest in it: torch 150.0 MB (tools), words 90.0 MB (models), library 11.0 MB (web), "
        "handler.py 1000 bytes (web), tiny 10 bytes (models)"
    )
    assert column == TREE.span(("components", "c", "resources", "web"), key=True).column


@pytest.mark.parametrize(("over", "errors"), [(0, 0), (1, 1)])
def test_the_limit_itself_is_allowed(over: int, errors: int) -> None:
    tools = built("tools", ("torch", UNZIPPED - 100))
    assert len(found(tools, built("web", ("handler.py", 100 + over), layers=("tools",)))) == errors


def test_a_layer_that_is_too_large_is_reported_once() -> None:
    tools = built("tools", ("torch", UNZIPPED + 1))
    web = built("web", ("handler.py", 1), layers=("tools",))
    ((message, help, _),) = found(tools, web)
    assert message == 'the layer "tools" is 250.0 MB unzipped, 1 byte more than Lambda takes'
    assert help == "the largest in it: torch 250.0 MB (tools)"


def test_a_function_without_layers() -> None:
    ((message, _, _),) = found(built("web", ("data", 300 * MB)))
    assert message == '"web" is 300.0 MB unzipped, 50.0 MB more than Lambda takes'

"""What changes in a map when the spec changes, and what does not."""

from __future__ import annotations

import difflib
import json
from pathlib import Path

import pytest

from lenie.compiler.pipeline import compile_spec
from lenie.compiler.sourcemap.write import NAME, innermost
from lenie.targets import DIALECTS
from lenie.targets.base import Mark, attribute

SPEC = (Path(__file__).parents[2] / "cases" / "messages" / "spec.yaml").read_text()


def maps(directory: Path, text: str) -> dict[str, str]:
    (directory / "spec.yaml").write_text(text)
    run = compile_spec(directory / "spec.yaml", DIALECTS, scope="all")
    assert not run.failed, run.diagnostics
    return {target: files[NAME] for target, files in run.outputs.items()}


def changed(before: str, after: str) -> list[str]:
    """Return the lines that are gone, and those that are new."""
    lines = difflib.ndiff(before.splitlines(), after.splitlines())
    return [line for line in lines if line[0] in "+-"]


def test_it_is_the_same_every_time(tmp_path: Path) -> None:
    assert maps(tmp_path, SPEC) == maps(tmp_path, SPEC)


def test_lines_of_the_spec_are_not_in_it(tmp_path: Path) -> None:
    """A comment, an empty line, another way to write the same: no map changes."""
    moved = "\n# one more\n\n" + SPEC.replace("\n", "  # note\n", 1)
    assert maps(tmp_path, SPEC) == maps(tmp_path, moved)


@pytest.mark.parametrize("target", DIALECTS)
def test_a_line_more_in_one_resource_changes_that_resource(target: str, tmp_path: Path) -> None:
    """What stands below moves; but lines are told as distances."""
    before = maps(tmp_path, SPEC)[target]
    key = "        visibility: 360s\n"
    assert SPEC.count(key) == 1
    after = maps(tmp_path, SPEC.replace(key, f"{key}        max-message: 100KB\n"))[target]
    lines = changed(before, after)
    blocks = [line for line in lines if '"skip"' in line or '"lines"' in line]
    # The block, the resource, the digests of the component and of the file.
    assert 0 < len(blocks) <= 4, blocks
    assert len(lines) <= 12, lines


@pytest.mark.parametrize("target", DIALECTS)
def test_every_row_is_a_line(target: str, tmp_path: Path) -> None:
    text = maps(tmp_path, SPEC)[target]
    data = json.loads(text)
    rows = sum(len(file.get("blocks", ())) for file in data["files"].values())
    rows += sum(len(component["resources"]) for component in data["components"].values())
    assert text.count("\n") > rows
    assert list(data) == ["format", "target", "environment", "inputs", "components", "files"]
    assert list(data["files"]) == sorted(data["files"])


def test_innermost() -> None:
    marks = [
        Mark(1, 9, ("Tags",)),
        Mark(3, 4, ("Tags", 0)),
        Mark(3, 3, ("Tags", 0, "Key")),
        Mark(3, 3, ("Tags", 0, "Value")),
        Mark(5, 7, attribute("for_each")),
        Mark(6, 6, ("Name",), "One"),
        Mark(12, 13, (*attribute("DependsOn"), 1)),
        Mark(14, 14, attribute("DependsOn")),
        Mark(14, 14, attribute("count")),
    ]
    assert innermost(marks) == [
        (1, 2, [(("Tags",), "")]),
        (3, 3, [(("Tags", 0, "Key"), ""), (("Tags", 0, "Value"), "")]),
        (4, 4, [(("Tags", 0), "")]),
        (5, 5, [(("Tags",), "")]),
        (6, 6, [(("Tags",), ""), (("Name",), "One")]),
        (7, 9, [(("Tags",), "")]),
        (12, 13, [(attribute("DependsOn"), "")]),
        (14, 14, [(attribute("DependsOn"), ""), (attribute("count"), "")]),
    ]

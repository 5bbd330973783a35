"""A map that is not as the compiler writes it is refused with one diagnostic, whatever is wrong."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from lenie.compiler.diagnostics import SpecError
from lenie.compiler.sourcemap.read import read
from lenie.compiler.sourcemap.write import NAME

RESOURCE = {"type": "AWS::SQS::Queue", "spec": "components.a.resources.q", "origins": {"QueueName": "x[0]"}}
BLOCK = {"skip": 2, "lines": 9, "component": "a", "resources": ["Q"], "properties": {"QueueName": "3,5-6"}}
ITEM = {"kind": "variable", "name": "v", "spec": "parameters.v"}


def whole() -> dict[str, Any]:
    data: dict[str, Any] = json.loads(
        json.dumps(
            {
                "format": 1,
                "target": "tf",
                "environment": "",
                "inputs": "00",
                "components": {"a": {"spec": "components.a", "digest": "00", "resources": {"Q": RESOURCE}}},
                "files": {"main.tf": {"sha256": "00", "about": "x", "blocks": [BLOCK, {"lines": 1, "items": [ITEM]}]}},
            }
        )
    )
    return data


def refused(directory: Path, text: str | bytes) -> tuple[str, str]:
    (directory / NAME).write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(SpecError) as caught:
        read(directory, "generated/tf")
    found = caught.value.diagnostic
    assert found.help
    return found.code, found.message


def test_what_is_right(tmp_path: Path) -> None:
    (tmp_path / NAME).write_text(json.dumps(whole()))
    found = read(tmp_path, "generated/tf")
    first, second = found.files["main.tf"].blocks
    assert (first.first, first.last, second.first, second.last) == (3, 11, 12, 12)
    assert [(one.first, one.last) for one in first.sayings] == [(5, 5), (7, 8)]
    assert {one.path for one in first.sayings} == {("QueueName",)}
    assert second.things[0].spec == ("parameters", "v")
    assert found.components["a"].resources["Q"].origins == {("QueueName",): ("x", 0)}


@pytest.mark.parametrize("how", ["pipe", "device"])
def test_what_would_never_end_is_not_read(tmp_path: Path, how: str) -> None:
    os.mkfifo(tmp_path / NAME) if how == "pipe" else (tmp_path / NAME).symlink_to("/dev/zero")
    with pytest.raises(SpecError) as caught:
        read(tmp_path, "generated/tf")
    assert caught.value.diagnostic.code == "E613"
    assert "this is neither a file nor a directory" in caught.value.diagnostic.message


@pytest.mark.parametrize(
    ("key", "value"), [("resources", ["P"]), ("component", "b"), ("single", {"P": {"properties": {"A": "1"}}})]
)
def test_a_resource_of_no_component(tmp_path: Path, key: str, value: Any) -> None:
    data = whole()
    data["files"]["main.tf"]["blocks"][0][key] = value
    code, message = refused(tmp_path, json.dumps(data))
    assert code == "E614"
    assert "is no resource of" in message


def test_the_example_in_the_documentation(tmp_path: Path) -> None:
    text = (Path(__file__).parents[3] / "docs" / "source-map.md").read_text()
    (tmp_path / NAME).write_text(text.partition("```json\n")[2].partition("```")[0])
    found = read(tmp_path, "tf")
    first, second = found.files["modules/vpc/main.tf"].blocks
    assert {one.path: one.first for one in first.sayings}[("Tags", 1)] == 7
    assert (second.first, second.last) == (11, 14)


def test_none(tmp_path: Path) -> None:
    with pytest.raises(SpecError) as caught:
        read(tmp_path, "generated/tf")
    assert caught.value.diagnostic.code == "E613"
    assert caught.value.diagnostic.message == '"generated/tf/sourcemap.json" is missing'
    (tmp_path / NAME).mkdir()
    with pytest.raises(SpecError) as caught:
        read(tmp_path, "generated/tf")
    assert caught.value.diagnostic.code == "E613"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"\xff", "is not UTF-8"),
        ("", "is not JSON, line 1"),
        ("{\n,", "is not JSON, line 2"),
        ("[" * 100_000, "is not JSON"),
        ("[]", "the whole is no object"),
        ("{}", "format of the whole is missing"),
        ('{"format": 2}', "its format is 2, and not 1"),
        ('{"format": true}', "format of the whole is of another type"),
    ],
)
def test_no_map(text: str | bytes, message: str, tmp_path: Path) -> None:
    code, said = refused(tmp_path, text)
    assert code == "E614"
    assert message in said


def _set(*steps: str | int, value: Any) -> Callable[[Any], None]:
    def change(data: Any) -> None:
        for step in steps[:-1]:
            data = data[step]
        data[steps[-1]] = value

    return change


FILE = ("files", "main.tf")
FIRST = (*FILE, "blocks", 0)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (_set("components", "a", value=[]), '"a" in components is no object'),
        (_set("components", "a", "digest", value=3), 'digest of "a" in components is of another type'),
        (_set("components", "a", "resources", "Q", "origins", "X", value=1), '"X" in origins'),
        (_set("components", "a", "resources", "Q", "spec", value="a..b"), 'spec of "Q" in resources is no path'),
        (_set(*FILE, "blocks", value={}), 'blocks of "main.tf" in files is of another type'),
        (_set(*FIRST, "lines", value=0), 'lines of block 1 of "main.tf" in files is 0'),
        (_set(*FIRST, "skip", value=-1), "skip of block 1"),
        (_set(*FIRST, "lines", value=10**12), "lines of block 1"),
        (_set(*FIRST, "resources", value=[1]), "resources of block 1"),
        (_set(*FIRST, "properties", "QueueName", value="10"), "the lines of"),
        (_set(*FIRST, "properties", "QueueName", value="3-2"), "the lines of"),
        (_set(*FIRST, "properties", "QueueName", value="x"), "the lines of"),
        (_set(*FIRST, "properties", "..", value="1"), "is no path"),
        (_set(*FILE, "blocks", 1, "items", 0, value="x"), "an item in block 2"),
        (_set(*FILE, "blocks", 1, "items", 0, "kind", value=None), "kind of an item in block 2"),
    ],
)
def test_what_is_wrong(change: Callable[[Any], None], message: str, tmp_path: Path) -> None:
    data = whole()
    change(data)
    code, said = refused(tmp_path, json.dumps(data))
    assert code == "E614"
    assert message in said


def _places(data: Any) -> Iterator[tuple[Any, Any]]:
    for step, value in data.items() if isinstance(data, dict) else enumerate(data):
        yield data, step
        if isinstance(value, dict | list):
            yield from _places(value)


def test_anything_may_stand_anywhere(tmp_path: Path) -> None:
    """It is read, or refused with E614: never anything else."""
    refusals: list[str] = []
    wrong: tuple[Any, ...] = (None, True, -1, 1.5, "", "x.", [], [None], {}, {"x": {"y": []}})
    for number in range(len(list(_places(whole())))):
        for value in wrong:
            data = whole()
            owner, step = list(_places(data))[number]
            owner[step] = value
            (tmp_path / NAME).write_text(json.dumps(data))
            try:
                read(tmp_path, "generated/tf")
            except SpecError as error:
                refusals.append(error.diagnostic.code)
    assert len(refusals) > 200
    assert set(refusals) == {"E614"}

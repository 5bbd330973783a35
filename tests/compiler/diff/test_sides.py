"""Dialects side by side: every emitted line of a component is there once, and in its column."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
from rich.cells import cell_len
from support import ROOT

from lenie.compiler.diff.columns import column_width, markdown_blocks, plain_lines
from lenie.compiler.diff.sides import Piece, Row, as_data, rows
from lenie.compiler.pipeline import Compilation, compile_spec
from lenie.targets import DIALECTS

COMPONENTS = ("vpc", "url-add", "bastion", "sqs-to-rds-step-function", "organization")


@cache
def compiled() -> Compilation:
    return compile_spec(ROOT / "spec" / "lenie.yaml", DIALECTS, scope="all", shown="spec/lenie.yaml")


def rows_of(name: str, targets: tuple[str, ...] = DIALECTS) -> list[Row]:
    run = compiled()
    assert run.graph is not None
    return list(rows(run, run.graph.components[name], targets))


@pytest.mark.parametrize("name", COMPONENTS)
def test_every_line_is_there_once(name: str) -> None:
    run = compiled()
    assert run.graph is not None
    found = rows_of(name)
    for column, target in enumerate(DIALECTS):
        shown: dict[str, list[int]] = {}
        for row in found:
            for piece in row.cells[column]:
                shown.setdefault(piece.path, []).extend(range(piece.first, piece.last + 1))
        assert list(shown)
        for path in run.places[target].files[name]:
            lines = run.outputs[target][path].split("\n")
            assert len(shown[path]) == len(set(shown[path])), path
            missing = set(range(1, len(lines) + 1)) - set(shown[path])
            assert all(not lines[number - 1].strip() for number in missing), path
    ids = [name for row in found for name in row.logical_ids]
    assert sorted(ids) == sorted(run.graph.components[name].resources)


def test_rows_join_what_one_target_writes_as_one() -> None:
    joined = next(row for row in rows_of("vpc") if row.types == ("AWS::EC2::Subnet",))
    assert joined.logical_ids == ("VpcPublicSubnetA", "VpcPublicSubnetB")
    assert [len(pieces) for pieces in joined.cells] == [2, 1, 2]
    apart = [row.logical_ids for row in rows_of("vpc", ("cfn", "cdk"))]
    assert ("VpcPublicSubnetA",) in apart


def test_long_texts_stand_with_their_resource() -> None:
    machine = next(
        row for row in rows_of("sqs-to-rds-step-function") if row.types == ("AWS::StepFunctions::StateMachine",)
    )
    text = "\n".join("\n".join(piece.lines) for pieces in machine.cells for piece in pieces)
    assert machine.place.startswith("spec/lenie.yaml:")
    assert machine.place.endswith(" components.sqs-to-rds-step-function.resources.sqs-to-rds")
    assert len(machine.cells) == 3
    assert "EachMessage" in text


@pytest.mark.parametrize("width", [80, 120, 201])
@pytest.mark.parametrize("targets", [("cfn", "tf"), ("cdk", "tf", "cfn")])
def test_columns(width: int, targets: tuple[str, ...]) -> None:
    lines = list(plain_lines("url-add", rows_of("url-add", targets), targets, width))
    column = column_width(width, len(targets))
    assert lines[0] == "url-add"
    assert [cell.strip() for cell in lines[1].split("|")] == list(targets)
    title = False
    for line in lines[1:]:
        assert cell_len(line) <= width
        title = line.startswith("----") or (title and not line.startswith("["))
        if not title:
            for n in range(1, len(targets)):
                edge = n * (column + 3) - 2
                assert line[edge : edge + 1] in ("|", ""), line


def test_wrapping_loses_nothing() -> None:
    text = "    value = " + "abc " * 40 + "x" * 90 + " ż界" * 20
    row = Row(("A",), ("T",), "", ((Piece("f", 1, 1, (text,)),), ()))
    lines = list(plain_lines("c", [row], ("cfn", "tf"), 70))
    cells = [line.partition(" |")[0].strip() for line in lines[4:]]
    assert re.sub(r"\s", "", "".join(cells)) == re.sub(r"\s", "", text)
    assert len(cells) > 5


def test_what_a_terminal_would_obey_is_spelled_out() -> None:
    row = Row(("A",), ("T",), "", ((Piece("f", 1, 1, ("x: \x1b[31m\u202e",)),), ()))
    assert "\x1b" not in "\n".join(plain_lines("c", [row], ("cfn", "tf"), 100))
    assert "<U+001B>" in "\n".join(markdown_blocks("c", [row], ("cfn", "tf")))


def test_markdown_fences_are_longer_than_what_they_hold() -> None:
    row = Row(("A",), ("T",), "", ((Piece("f", 1, 2, ("````", "a")),), ()))
    block = list(markdown_blocks("c", [row], ("cfn", "tf")))[1]
    assert "`````yaml\n````\na\n`````\n" in block


def test_data() -> None:
    data = as_data("url-add", rows_of("url-add"), DIALECTS)
    first = data["rows"][0]
    assert first["resources"] == ["UrlAddLogGroup"]
    (piece,) = first["targets"]["tf"]
    lines = compiled().outputs["tf"][piece["path"]].split("\n")
    assert piece["text"] == "\n".join(lines[piece["first"] - 1 : piece["last"]])
    assert data["rows"][-1]["resources"] == []


def test_a_component_in_three_dialects(accept: bool) -> None:
    """The whole comparison as a person sees it."""
    case = ROOT / "tests" / "cases" / "messages" / "spec.yaml"
    run = compile_spec(case, DIALECTS, scope="all", shown="spec.yaml")
    assert run.graph is not None
    found = rows(run, run.graph.components["errors"], DIALECTS)
    text = "\n".join(plain_lines("errors", found, DIALECTS, 150)) + "\n"
    golden = Path(__file__).with_name("errors.txt")
    if accept:
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")

"""The rendering of diagnostics, compared as whole texts."""

from __future__ import annotations

import json
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lenie.compiler.diagnostics import Diagnostic, Label, Severity
from lenie.compiler.render import WIDTH, render_json, render_text, summary, visible
from lenie.compiler.span import Span

ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE


def place(line: int, column: int, end: int, text: str = "", *, file: str = "f", end_line: int = 0) -> Label:
    return Label(Span(file, line, column, end_line or line, end), text)


def error(*labels: Label, message: str = "it is wrong", help: str = "mend it") -> Diagnostic:
    return Diagnostic("E301", ERROR, message, labels, help)


def frame(line: str, column: int, end: int, width: int = WIDTH) -> tuple[str, str]:
    """Return the shown line and the marks below it."""
    shown = render_text([error(place(1, column, end))], {"f": [line]}, width=width).splitlines()
    return shown[3].removeprefix("1 | "), shown[4].removeprefix("  | ")


def test_frame() -> None:
    lines = ["# x"] * 209 + ["    access: {documnets: send}"]
    found = Diagnostic("E301", ERROR, 'there is no resource "documnets"', (place(210, 14, 23),), 'is it "documents"?')
    assert render_text([found], {"f": lines}, colour=False) == "\n".join(
        (
            'error[E301]: there is no resource "documnets"',
            "   --> f:210:14",
            "    |",
            "210 |     access: {documnets: send}",
            "    |              ^^^^^^^^^",
            "    |",
            '    = help: is it "documents"?',
        )
    )


def test_labels_of_one_file_share_a_frame_in_its_order() -> None:
    lines = ["a: 1", "b: 2", "c: 3", "c: 4"]
    labels = (place(4, 1, 2), place(1, 1, 2, "first"), place(3, 1, 2, "then"), place(3, 4, 5))
    assert render_text([error(*labels, help="")], {"f": lines}).splitlines()[1:] == [
        " --> f:4:1",
        "  |",
        "1 | a: 1",
        "  | - first",
        "...",
        "3 | c: 3",
        "  | - then",
        "  |    -",
        "4 | c: 4",
        "  | ^",
    ]


def test_labels_in_other_files_and_without_source() -> None:
    labels = (place(1, 1, 2), place(7, 3, 4, "here", file="g"), place(1, 1, 2, file="h"))
    assert render_text([error(*labels)], {"f": ["a"], "h": ["b"]}).splitlines()[1:] == [
        " --> f:1:1",
        "  |",
        "1 | a",
        "  | ^",
        " ::: g:7:3",
        " ::: h:1:1",
        "  |",
        "1 | b",
        "  | -",
        "  |",
        "  = help: mend it",
    ]


def test_without_labels() -> None:
    assert render_text([error(help="one\ntwo")], {}) == "error[E301]: it is wrong\n  = help: one\n          two"
    assert render_text([error(help="")] * 2, {}) == "error[E301]: it is wrong\n\nerror[E301]: it is wrong"
    assert render_text([], {}) == ""


@pytest.mark.parametrize(
    ("line", "column", "end", "shown", "marks"),
    [
        ("abc", 2, 2, "abc", " ^"),
        ("abc", 4, 4, "abc", "   ^"),
        ("abc", 9, 12, "abc", "   ^"),
        ("\tab", 2, 3, "    ab", "    ^"),
        ("a\tb", 2, 3, "a   b", " ^^^"),
        ("漢字b", 2, 3, "漢字b", "  ^^"),
        ("漢字b", 3, 4, "漢字b", "    ^"),
        ("e\u0301b", 3, 4, "e\u0301b", " ^"),
        ("a\x1b[2Jb", 2, 3, "a<U+001B>[2Jb", " ^^^^^^^^"),
        ("a\u202eb", 3, 4, "a<U+202E>b", "         ^"),
        ("", 1, 1, "", "^"),
    ],
)
def test_marks_line_up(line: str, column: int, end: int, shown: str, marks: str) -> None:
    assert frame(line, column, end) == (shown if shown else "1 |", marks)


def test_a_place_of_several_lines_is_marked_on_its_first() -> None:
    text = render_text([error(place(1, 4, 3, end_line=2))], {"f": ["a: bcd", "  e"]})
    assert "  |    ^^^\n" in text


@pytest.mark.parametrize(
    ("start", "shown"),
    [
        (1, "MARK" + "x" * 49 + "..."),
        (50, "..." + "x" * 23 + "MARK" + "x" * 23 + "..."),
        (97, "..." + "x" * 46 + "MARK"),
    ],
)
def test_long_lines_are_clipped_around_the_place(start: int, shown: str) -> None:
    line = "x" * (start - 1) + "MARK" + "x" * (100 - start - 3)
    text, marks = frame(line, start, start + 4, width=60)
    assert text == shown
    assert len(text) <= 56
    assert marks == " " * text.index("MARK") + "^^^^"


def test_no_control_character_passes() -> None:
    found = Diagnostic("E1", ERROR, "a\x1b[31m\n", (place(1, 1, 2, "b\x07", file="f\x1b"),), "c\x9b")
    text = render_text([found], {"f\x1b": ["\x1b"]})
    assert not [char for char in text if unicodedata.category(char) == "Cc" and char != "\n"]
    assert text.splitlines()[0] == "error[E1]: a<U+001B>[31m<U+000A>"


@pytest.mark.parametrize(("severity", "code"), [(ERROR, "31"), (WARNING, "33"), (NOTE, "36")])
def test_colour_adds_nothing_but_escapes(severity: Severity, code: str) -> None:
    found = [Diagnostic("X1", severity, "m", (place(1, 1, 2), place(1, 2, 3, "b")), "h")]
    coloured = render_text(found, {"f": ["ab"]}, colour=True)
    assert f"\x1b[1;{code}m{severity.value}[X1]" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == render_text(found, {"f": ["ab"]}, colour=False)


def test_json() -> None:
    found = [error(place(1, 2, 3, "é", end_line=4)), Diagnostic("W1", WARNING, "m")]
    assert json.loads(render_json(found)) == [
        {
            "code": "E301",
            "severity": "error",
            "message": "it is wrong",
            "help": "mend it",
            "labels": [{"file": "f", "line": 1, "column": 2, "end_line": 4, "end_column": 3, "text": "é"}],
        },
        {"code": "W1", "severity": "warning", "message": "m", "help": "", "labels": []},
    ]
    assert render_json([]) == "[]"


@pytest.mark.parametrize(
    ("severities", "expected"),
    [
        ([], "no errors"),
        ([ERROR], "1 error"),
        ([WARNING, ERROR, ERROR], "2 errors, 1 warning"),
        ([NOTE, NOTE], "2 notes"),
    ],
)
def test_summary(severities: list[Severity], expected: str) -> None:
    assert summary(Diagnostic("X", severity, "m") for severity in severities) == expected


@given(st.text(max_size=200), st.integers(1, 220), st.integers(0, 220), st.integers(20, 80))
def test_any_line_can_be_shown(line: str, column: int, length: int, width: int) -> None:
    text = render_text([error(place(1, column, column + length))], {"f": [line]}, width=width)
    text.encode()
    assert "^" in text
    assert visible(text.replace("\n", "")) == text.replace("\n", "")
    assert len(text.split("\n")) == 7

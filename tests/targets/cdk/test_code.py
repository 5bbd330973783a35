"""The layout of Python: what `ruff format` would leave as it is, and what Python reads back as the same value."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lenie.targets.cdk.code import (
    NONE,
    WIDTH,
    Atom,
    Bracketed,
    Choice,
    Code,
    Entry,
    Lookup,
    Sheet,
    Text,
    call,
    literal,
)
from lenie.targets.cdk.text import Filled, block, quoted, split_text, width

RUFF = Path(sys.executable).with_name("ruff")
LONG = "a long text with many words in it, " * 4


def statement(code: Code, target: str = "value", indent: str = "") -> str:
    lines = Sheet()
    code.layout(lines, indent, f"{target} = ")
    return "\n".join(lines) + "\n"


def formatted(source: str) -> str:
    """Return what ruff makes of `source`."""
    command = [str(RUFF), "format", "--isolated", "--line-length", str(WIDTH), "--stdin-filename", "x.py", "-"]
    done = subprocess.run(command, input=source.encode(), capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.decode()


def deep(levels: int) -> Code:
    inner: Code = literal(["one", {"two": 3}])
    for level in range(levels):
        inner = call(f"module.Thing{level}", inner, name=literal("x" * 9))
    return inner


CODES: dict[str, Code] = {
    "number": literal(-1.5),
    "flags": literal([True, False]),
    "empty": literal({"list": [], "map": {}, "text": ""}),
    "tuple of one": literal(("a",)),
    "empty tuple": literal(()),
    "short call": call("f", literal("a"), key=literal(1)),
    "long call": call("function", literal("a" * 60), literal("b" * 60), key=NONE),
    "one long text": call("Fn.sub", literal(LONG)),
    "one very long text": call("Fn.sub", literal(LONG * 5)),
    "long text as a keyword": call("f", text=literal(LONG), more=literal(LONG * 3)),
    "text that fits a line of its own": call("function_with_a_long_name_of_some_sort", parameter=literal("x" * 70)),
    "long text in a list": literal([LONG, "short", LONG * 2]),
    "long text in a map": literal({"key": LONG, "other": {"inner": LONG * 2}}),
    "lines": call("f", literal("#!/bin/sh\n" + "echo something that is longer than nothing\n" * 5)),
    "quotes": literal(["it's", 'say "x"', "'\"", '\'""', 'both "\'" ' * 20, "it's long, isn't it? " * 8]),
    "choice": call("f", a=Choice("settings.x", literal("y"), NONE)),
    "same": Choice("settings.x", Atom("settings.x"), NONE),
    "long choice": call("f", a=Choice("settings.some_name", literal("y" * 50), literal("z" * 50))),
    "choice of long texts": call("f", a=Choice("settings.some_name", literal(LONG), call("Fn.sub", literal(LONG)))),
    "choice of calls": call("f", a=Choice("settings.x", call("g", literal(LONG), literal(1)), NONE)),
    "unpacked": Bracketed("[", [Entry(Choice("settings.x", literal(["a"]), Atom("[]"), "*"))], "]"),
    "unpacked long": Bracketed("[", [Entry(Choice("settings.x", literal([LONG]), Atom("[]"), "*"))], "]"),
    "unpacked map": Bracketed("{", [Entry(Choice("c", literal({"k": LONG}), Atom("{}"), "**"))], "}"),
    "lookup": Lookup(Bracketed("{", [Entry(literal("a"), '"dev": ')], "}"), "settings.environment"),
    "long lookup": Lookup(Bracketed("{", [Entry(literal(LONG), '"dev": ')], "}"), "settings.environment"),
    "comments": Bracketed("f(", [Entry(literal(1), "a=", ("why", "and how")), Entry(literal(2), "b=")], ")"),
    "comment in a list": Bracketed("[", [Entry(literal(1), "", ("why",))], "]"),
    "deep": deep(12),
    "filled": call("f", Text([Filled("settings.environment"), "-", Filled("settings.name")])),
    "filled and long": call("f", a=Text(["{braces} ", Filled("settings.environment"), " " + LONG * 2])),
    "filled, quotes": call("f", a=Text(['"', Filled("settings.environment"), "\"' " * 40])),
    "wide letters": literal(["日本語" * 20, "日本語 " * 30, "é" * 95]),
    "combining letters": call("f", a=literal("e\u0301" * 90), b=literal("e\u0301 " * 90)),
    "long name": call("f", **{"a" * 50: Atom("b" * 50)}),
    "long name of a call": call("f", **{"a" * 50: call("b" * 50, literal("c"), d=literal(1))}),
    "long name of a long call": call("f", **{"a" * 50: call("b" * 50, literal("c" * 40), d=literal(LONG))}),
    "long key": literal({"a" * 60: {"b" * 30: {"c" * 60: [1, "d" * 30]}}}),
    "dots": Atom("CfnDeletionPolicy.RETAIN"),
}


@pytest.mark.parametrize("indent", ["", " " * 8])
def test_ruff_leaves_it_as_it_is(indent: str) -> None:
    """All cases in one run of ruff."""
    head = "def f():\n    if x:\n" if indent else ""
    source = head + "".join(statement(code, f"value{n}", indent) for n, code in enumerate(CODES.values()))
    assert formatted(source) == source
    assert [line for line in source.splitlines() if width(line) > WIDTH] == []


def test_a_name_that_is_too_long_for_its_line() -> None:
    source = statement(Atom("CfnDeletionPolicy.RETAIN_EXCEPT_ON_CREATE"), "x" * 60 + ".cfn_options.deletion_policy")
    assert formatted(source) == source
    assert "(\n" in source


DATA = st.recursive(
    st.text(max_size=300) | st.integers() | st.booleans(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=20), inner, max_size=4),
    max_leaves=12,
)


@settings(deadline=None, max_examples=300)
@given(DATA)
def test_python_reads_back_what_was_written(data: Any) -> None:
    lines = Sheet()
    literal(data).layout(lines, "    ", "value = ")
    source = "if True:\n" + "\n".join(lines)
    names: dict[str, Any] = {}
    exec(compile(source, "x", "exec"), names)
    assert names["value"] == data
    assert repr(names["value"]) == repr(data)


@settings(deadline=None, max_examples=300)
@given(st.text(alphabet=st.sampled_from("ab \n\t\r'\"\\{}$é日\u0301"), max_size=400), st.integers(20, 100))
def test_long_texts_are_divided_and_stay_the_same(text: str, limit: int) -> None:
    parts = split_text([text, Filled("name"), text], limit)
    names: dict[str, Any] = {"name": "N{}"}
    assert eval("(" + "\n".join(parts or ['""']) + ")", names) == f"{text}N{{}}{text}"
    assert all(width(part) <= limit for part in parts)


@settings(deadline=None, max_examples=300)
@given(st.text(alphabet=st.sampled_from("ab \n\t\r'\"\\{}$é日\u0085"), max_size=400), st.integers(20, 100))
def test_blocks_are_the_same_text(text: str, limit: int) -> None:
    lines = block(text, limit)
    assert ast.literal_eval("\n".join(lines)) == text
    assert all(width(line) <= limit and not line.endswith((" ", "\t")) for line in lines)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a", '"a"'),
        ("it's", '"it\'s"'),
        ('"', "'\"'"),
        ("'\"", '"\'\\""'),
        ("\\", '"\\\\"'),
        ("\x00\u2028", '"\\x00\\u2028"'),
    ],
)
def test_quotes_are_those_of_ruff(text: str, expected: str) -> None:
    assert quoted(text) == expected


def test_only_plain_data_is_written_out() -> None:
    with pytest.raises(TypeError, match="set in generated code"):
        literal({1, 2})


def test_marks_of_what_is_spread_and_of_what_is_flat() -> None:
    entries = [
        Entry(Bracketed("[", [Entry(Atom("1"), at=("A", 0)), Entry(Atom("2"), at=("A", 1))], "]"), "a=", at=("A",)),
        Entry(Text((LONG,)), "b=", ("why",), ("B",)),
    ]
    sheet = Sheet(["before"])
    Bracketed("call(", entries, ")").layout(sheet, "", "x = ")
    said = {mark.at: sheet[mark.first - 1 : mark.last] for mark in sheet.marks}
    assert said["A",] == said["A", 0] == said["A", 1] == ["    a=[1, 2],"]
    assert said["B",][0] == "    # why"
    assert said["B",][-1] == "    ),"
    other = Sheet(["first"])
    other.add(sheet)
    assert [(mark.first, mark.last) for mark in other.marks] == [(m.first + 1, m.last + 1) for m in sheet.marks]


def test_long_lines_of_a_text_are_counted() -> None:
    starts: list[int] = []
    lines = block("short\n" + "long " * 40 + "\nend", 60, starts)
    assert [lines[start].strip('\\"') for start in starts[:1]] == ["short"]
    assert lines[starts[1]].startswith("long ")
    assert starts[2] - starts[1] > 2
    assert lines[starts[2]] == 'end"""'

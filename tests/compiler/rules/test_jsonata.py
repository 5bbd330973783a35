from __future__ import annotations

import re

import pytest
from support import ROOT

from lenie.compiler.rules._jsonata import expression_fault, text_fault


@pytest.mark.parametrize(
    "code",
    [
        "$a",
        " $states.input.x[0].y ",
        "$sum($states.result.Attributes.*.$number())",
        "Account.**.Price",
        "a.%.b & %.c",
        "$x % 2 = 0 and $y / 2 > 1",
        "$match($text, /\\{[\\s\\S/]*\\}/)[0].match",
        "$split($a, /[,;]/i)",
        "($a / 2) / $b",
        "'it''s' & \"(\" & 'a\\'b'",
        "`a (b`.c",
        "{'a': 1, 'b': [1..5]}",
        "($x := 3; $x)",
        "$map($a, function($v, $i) { $v.price * $i })",
        "$a ~> |Account|{'x': 1}|",
        "$a^(>price, <name)",
        "/* ( not closed */ 1",
        "$b ? 'yes' : 'no'",
        "a.and",
        "$substring(?, 0, 5)",
        "-$a",
        "*",
        "a.*",
        "function($x)<n:n>{$x}",
    ],
)
def test_complete_expressions(code: str) -> None:
    assert expression_fault(code) is None


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("$ready(", '"(" is never closed'),
        ("[1, 2", '"[" is never closed'),
        ("$a)", '")" closes nothing'),
        ("($a]", '"]" closes nothing'),
        ("'a", "the quote ' is never closed"),
        ("`a", "the quote ` is never closed"),
        ("$a =", 'something is missing after "="'),
        ("$a +", 'something is missing after "+"'),
        ("$f($a, )", 'something is missing between "," and ")"'),
        ("{'a': }", 'something is missing between ":" and "}"'),
        ("/* a", "the regular expression or comment is never closed"),
        ("$match($a, /x)", "the regular expression or comment is never closed"),
        ("  ", "the expression is empty"),
        ("", "the expression is empty"),
    ],
)
def test_incomplete_expressions(code: str, message: str) -> None:
    assert expression_fault(code) == message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("plain (text", None),
        ("100%", None),
        ("{% $a %}", None),
        ("{%$a%}", None),
        ("{% $a", "an expression begins with {% and ends with %}"),
        ("$a %}", "an expression begins with {% and ends with %}"),
        ("{%}", "an expression begins with {% and ends with %}"),
        ("Total {% $a %} USD", "an expression stands inside other text"),
        ("{% $a %} and {% $b %}", '"}" closes nothing'),
    ],
)
def test_texts(text: str, message: str | None) -> None:
    assert text_fault(text) == message


def test_the_expressions_of_the_spec_are_complete() -> None:
    text = (ROOT / "spec" / "lenie.yaml").read_text(encoding="utf-8")
    found = re.findall(r'"(\{% [^"]* %\})"', text)
    assert len(found) > 20
    assert [code for code in found if text_fault(code)] == []

"""The YAML printer: what is printed reads back as the same data, and looks as people write it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support_cfn import read_template

from lenie.compiler.span import Path
from lenie.targets.cfn.printer import print_document, scalar

TRICKY = (
    "yes on y NO Null ~ 0123 0o17 0x1f 1e3 1_000 12:30 2012-10-17 .5 .inf -1 +1 << = --- ... - ? : | > ! & * % @ ` #"
)
SPACED = ["", " ", " a", "a ", "a: b", "a:", "a #b", "\n", "a\n", "a\n\n"]
LINES = ["a\nb", "a\n\nb\n", " a\nb", "a\n \nb", "\ta\nb", "a\r\nb", "a\n\tb\n", "\na\nb", "a\nb\n\n"]
UNICODE = ["Zażółć", "\ufeffx", "a\x85b", "a\u2028b\nc", "\xa0", "😀", "\x00", "\x7f", "\ufffe"]
SAMPLES = [
    *TRICKY.split(),
    *SPACED,
    *LINES,
    *UNICODE,
    'a"b',
    "a\\b",
    "it's",
    "{{x}}",
    "${X}",
    "[a",
    "a, b",
    "A?",
    "a'b\"c",
]

texts = st.one_of(st.text(), st.text(alphabet="ab:#-?!&*|>%@`=~$y019.eE+_,[]{}'\"\\\n\t "), st.sampled_from(SAMPLES))
scalars = st.one_of(texts, st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False))
keys = texts.filter(lambda key: key != "Ref" and not key.startswith("Fn::") and len(key) < 100)
names = st.from_regex(r"[A-Z][A-Za-z0-9]{0,8}", fullmatch=True)


def functions(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(
        st.builds(lambda name: {"Ref": name}, st.one_of(names, st.just("AWS::NoValue"))),
        st.builds(lambda name, attribute: {"Fn::GetAtt": [name, attribute]}, names, st.sampled_from(["Arn", "A.B"])),
        st.builds(lambda text: {"Fn::Sub": text}, texts),
        st.builds(lambda text, value: {"Fn::Sub": [text, {"X": value}]}, texts, inner),
        st.builds(lambda text: {"Fn::Base64": text}, texts),
        st.builds(lambda text: {"Fn::Base64": {"Fn::Sub": text}}, texts),
        st.builds(lambda a, b: {"Fn::If": ["Condition", a, b]}, inner, inner),
        st.builds(lambda index: {"Fn::Select": [index, {"Fn::GetAZs": ""}]}, st.integers(0, 5)),
    )


values = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(keys, inner, max_size=4), functions(inner)),
    max_leaves=20,
)


@settings(max_examples=400, deadline=None)
@given(st.dictionaries(keys, values, min_size=1, max_size=4))
def test_what_is_printed_reads_back(document: dict[str, Any]) -> None:
    text = print_document(document, {}, "header")
    assert json.dumps(read_template(text)) == json.dumps(document)


@pytest.mark.parametrize("text", SAMPLES)
def test_each_tricky_text_reads_back_everywhere(text: str) -> None:
    document = {
        text or "empty": text,
        "list": [text, [text], {text or "empty": text}],
        "function": {"Fn::If": ["A", text, {"Fn::Sub": text}]},
        "Resources": {"A": text, "B": text},
    }
    printed = print_document(document, {("list", 0): ("comment",), ("Resources", "B"): ("comment",)}, "header")
    assert read_template(printed) == document


@pytest.mark.parametrize("text", TRICKY.split())
def test_what_another_yaml_could_read_otherwise_is_quoted(text: str) -> None:
    assert scalar(text)[0] in "\"'"


def test_what_needs_no_quotes_has_none() -> None:
    for text in ["t3.micro", "AWS::SQS::Queue", "arn:aws:iam::aws:policy/x", "10.0.0.0/16", "sqs:*", "/lenie/dev/id"]:
        assert scalar(text) == text
    assert scalar("two words") == "two words"


def test_a_pattern_stands_in_single_quotes() -> None:
    assert scalar(r"[0-9]{1,3}\.x") == r"'[0-9]{1,3}\.x'"


@pytest.mark.parametrize("value", [None, float("nan"), float("inf"), b"x", {1}])
def test_what_is_no_data_is_refused(value: Any) -> None:
    with pytest.raises(TypeError):
        scalar(value)


def test_looks() -> None:
    document = {
        "Description": "x",
        "Resources": {
            "A": {"Type": "T", "Tags": [{"Key": "a", "Value": {"Ref": "B"}}], "Empty": {}, "None": []},
            "B": {
                "Az": {"Fn::Select": [0, {"Fn::GetAZs": ""}]},
                "Data": {"Fn::Base64": {"Fn::Sub": "#!/bin/sh\necho ${X}\n"}},
                "Name": {"Fn::Sub": ["${A}-x", {"A": {"Fn::FindInMap": ["S", {"Ref": "E"}, "K"]}}]},
                "Maybe": {"Fn::If": ["Has", {"A": 1}, {"Ref": "AWS::NoValue"}]},
            },
        },
    }
    comments: dict[Path, tuple[str, ...]] = {("Resources", "A"): ("spec.a",), ("Resources", "B", "Az"): ("spec.az",)}
    expected = """\
# Header

Description: x

Resources:
  # spec.a
  A:
    Type: T
    Tags:
      - Key: a
        Value: !Ref B
    Empty: {}
    None: []

  B:
    # spec.az
    Az: !Select [0, !GetAZs ""]
    Data:
      Fn::Base64: !Sub |
        #!/bin/sh
        echo ${X}
    Name: !Sub
      - ${A}-x
      - A: !FindInMap [S, !Ref E, K]
    Maybe: !If
      - Has
      - A: 1
      - !Ref AWS::NoValue
"""
    assert print_document(document, comments, "Header") == expected


def test_a_comment_cannot_break_out_of_its_line() -> None:
    text = print_document({"A": 1}, {("A",): ("x\nB: 2",)}, "header")
    assert read_template(text) == {"A": 1}

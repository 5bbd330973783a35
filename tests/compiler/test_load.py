"""YAML text to a tree with places, and every way in which it can be refused."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from lenie.compiler import load as load_module
from lenie.compiler.codes import PAGES
from lenie.compiler.diagnostics import Diagnostic, SpecError
from lenie.compiler.load import MAX_BYTES, Tree, load, parse, source_lines

ROOT = Path(__file__).parents[2]
SAMPLE = """\
components:
  vpc:
    layer: networking
    subnets: [10.0.1.0/24, "10.0.2.0/24"]
    setup: |
      echo ${env.name}

# a comment
last: {count: 3}
"""


def refused(text: str) -> Diagnostic:
    with pytest.raises(SpecError) as caught:
        parse(text, "f.yaml")
    return caught.value.diagnostic


def marked(text: str) -> tuple[str, str]:
    """Return the code of the refusal of `text`, and the text that its primary place covers."""
    found = refused(text)
    span = found.labels[0].span
    assert span.line == span.end_line
    return found.code, text.splitlines()[span.line - 1][span.column - 1 : span.end_column - 1]


def cut(text: str, span: Any) -> str:
    """Return the region `span` of `text`, which has no other line end than a newline."""
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    return text[starts[span.line - 1] + span.column - 1 : starts[span.end_line - 1] + span.end_column - 1]


@pytest.fixture(params=["libyaml", "python"])
def each_parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "python":
        monkeypatch.setattr(load_module, "_LOADER", yaml.SafeLoader)


@pytest.mark.usefixtures("each_parser")
class TestTree:
    def test_the_spec_of_the_project_means_what_yaml_says(self) -> None:
        tree = load(ROOT / "spec/lenie.yaml")
        assert tree.root.plain() == yaml.safe_load(tree.text)

    @pytest.mark.parametrize(
        ("path", "options", "expected"),
        [
            (("components", "vpc", "layer"), {}, "networking"),
            (("components", "vpc", "layer"), {"key": True}, "layer"),
            (("components", "vpc", "subnets"), {}, '[10.0.1.0/24, "10.0.2.0/24"]'),
            (("components", "vpc", "subnets", 1), {}, '"10.0.2.0/24"'),
            (("components", "vpc", "subnets", 1), {"key": True}, '"10.0.2.0/24"'),
            (("components", "vpc", "subnets", 9), {}, "subnets"),
            (("components", "vpc", "missing", "deeper"), {}, "vpc"),
            (("components", "vpc", "missing"), {"key": True}, "vpc"),
            (("components", "vpc", "setup"), {}, "|\n      echo ${env.name}"),
            (("components", "vpc", "setup"), {"find": "env.name"}, "env.name"),
            (("components", "vpc", "layer"), {"find": "elsewhere"}, "networking"),
            (("components",), {}, SAMPLE[14 : SAMPLE.index("\n\n#")]),
            (("last",), {}, "{count: 3}"),
            ((), {}, SAMPLE.rstrip("\n")),
        ],
    )
    def test_places(self, path: tuple[str | int, ...], options: dict[str, Any], expected: str) -> None:
        assert cut(SAMPLE, parse(SAMPLE, "f").span(path, **options)) == expected

    def test_node(self) -> None:
        tree = parse(SAMPLE, "f")
        node = tree.node(("components", "vpc", "subnets", 0))
        assert node is not None
        assert node.value == "10.0.1.0/24"
        for path in (("nothing",), ("components", 0), ("components", "vpc", "subnets", 2), ("last", "count", "x")):
            assert tree.node(path) is None

    def test_the_keys_of_a_mapping_have_places(self) -> None:
        root = parse("a: 1\n'b c': 2\n", "f").root
        assert {key: (span.line, span.column, span.end_column) for key, span in root.keys.items()} == {
            "a": (1, 1, 2),
            "b c": (2, 1, 6),
        }

    @pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
    def test_line_ends(self, end: str) -> None:
        tree = parse(f"a: 1{end}b:{end}  c: x", "f")
        assert tree.root.plain() == {"a": 1, "b": {"c": "x"}}
        assert tree.lines == ["a: 1", "b:", "  c: x"]
        span = tree.span(("b", "c"))
        assert (span.line, span.column, span.end_column) == (3, 6, 7)

    @pytest.mark.parametrize("char", ["\x85", "\u2028", "\u2029"])
    def test_the_line_ends_of_yaml_1_1_are_characters(self, char: str) -> None:
        tree = parse(f"a: x{char}y # c{char}z\nb: '{char}'", "f")
        assert tree.root.plain() == {"a": f"x{char}y", "b": char}
        assert tree.span(("b",)).line == 2

    def test_wide_characters_count_as_one_column(self) -> None:
        span = parse("{a: 漢字😀, b: x}", "f").span(("b",))
        assert (span.column, span.end_column) == (13, 14)


class TestScalars:
    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("true", True),
            ("false", False),
            ("null", None),
            ("", None),
            ("0", 0),
            ("-17", -17),
            ("123456789012", 123456789012),
            ("0.5", 0.5),
            ("-2.25", -2.25),
            ("1.0", 1.0),
            ("2024-01-01", "2024-01-01"),
            ("10.0.0.0/16", "10.0.0.0/16"),
            ("1.2.3", "1.2.3"),
            ("14d", "14d"),
            ("22/tcp", "22/tcp"),
            ("yesterday", "yesterday"),
            ("north", "north"),
            ("o", "o"),
            ("no way", "no way"),
            ("-", None),
            ("--", "--"),
            ("0x", "0x"),
            ("0b_", "0b_"),
            ("._e3", "._e3"),
            ("::1", "::1"),
            ("22:80", "22:80"),
            ("=", "="),
            ("'yes'", "yes"),
            ('"022"', "022"),
            ("'<<'", "<<"),
        ],
    )
    def test_accepted(self, text: str, value: object) -> None:
        plain = parse(f"a: {text}" if text != "-" else "a:\n- ", "f").root.plain()["a"]
        plain = plain[0] if text == "-" else plain
        assert plain == value
        assert type(plain) is type(value)

    @pytest.mark.parametrize(
        ("text", "instead"),
        [
            *((word, "true") for word in ("yes", "Yes", "YES", "y", "Y", "on", "On", "ON", "True", "TRUE")),
            *((word, "false") for word in ("no", "No", "NO", "n", "N", "off", "Off", "OFF", "False", "FALSE")),
            *((word, "null") for word in ("~", "Null", "NULL")),
            ("022", ""),
            ("000123456789", ""),
            ("00", ""),
            ("08", ""),
            ("0o22", "18"),
            ("0x1F", "31"),
            ("-0x1F", "-31"),
            ("0b101", "5"),
            ("1_000", "1000"),
            ("+5", "5"),
            ("-0", "0"),
            ("12:30:45", ""),
            ("1:30.5", ""),
            ("22:22", ""),
            ("-.5", "-0.5"),
            (".inf", ""),
            ("-.INF", ""),
            (".nan", ""),
            ("1e3", "1000"),
            ("12e-1", "1.2"),
            ("1e999", ""),
            (".5", "0.5"),
            ("1.", "1.0"),
            ("3.10", "3.1"),
            ("00.5", "0.5"),
            ("1_0.5", "10.5"),
            ("9" * 19, ""),
            ("9" * 5000, ""),
            ("0x" + "f" * 5000, ""),
        ],
    )
    def test_refused(self, text: str, instead: str) -> None:
        found = refused(f"a: {text}")
        assert found.code == "E107"
        assert found.help.startswith(f"write {instead}, or" if instead else 'write "')
        assert refused(f"a: [b, {text}]").code == "E107"

    @pytest.mark.parametrize("text", ["yes", "on", "y", "true", "null", "~", "022", "1_000", "12:30:45", "+5"])
    def test_refused_as_key(self, text: str) -> None:
        found = refused(f"{text}: 1")
        assert (found.code, found.help) == ("E107", f'write "{text}" in quotes if it is text')

    def test_numbers_as_keys_are_text(self) -> None:
        assert parse("{443: a, 1.5: b, -1: c}", "f").root.plain() == {"443": "a", "1.5": "b", "-1": "c"}

    def test_everything_accepted_means_the_same_to_yaml_1_1(self) -> None:
        for text in ("true", "null", "12", "-3", "0.25", "x", "1.2.3", "12:3a"):
            assert parse(f"a: {text}", "f").root.plain() == yaml.safe_load(f"a: {text}")


class TestRefused:
    @pytest.mark.parametrize(
        ("text", "code", "place"),
        [
            ("a: {b: ${c.d}}", "E103", "${c.d}"),
            ("a: [x, ${c}]", "E103", "${c}"),
            ("a: {b: c, ${d}: e}", "E103", "${d}"),
            ("a: {{ b }}", "E103", "{{"),
            ("a: {% $b %}", "E103", "{%"),
            ("a: {b: c\nd: e\n", "E103", "{"),
            ("a: [1, 2\n", "E103", "["),
            ("a: {b: 1]", "E103", "]"),
            ("a: 'b\nc: d", "E103", "'"),
            ('a: "b\nc: d', "E103", '"'),
            ("a:\n  b: 1\n c: 2", "E103", "c"),
            ("a: b: c", "E103", ":"),
            ("a: @b", "E103", "@"),
            ("a: [*]", "E103", "*"),
            (r'a: "\q"', "E103", "\\"),
            ("? [a]\n: b", "E103", "["),
            ("a: |x\n  b", "E103", "x"),
            ("a: \x00", "E103", "\x00"),
            ("a: \ud800", "E103", "\ud800"),
            ("a: \x1b", "E103", "\x1b"),
            ("a:\n\tb: 1", "E104", "\t"),
            ("a:\n  b: 1\n  \tc: 2", "E104", "\t"),
            ("a: 1\nb: 2\n'a': 3", "E105", "'a'"),
            ("a: {b: 1, b: 2}", "E105", "b"),
            ("a: &b c", "E106", "&b"),
            ("a: &b [c]", "E106", "&b"),
            ("&b a: c", "E106", "&b"),
            ("<<: {a: b}", "E106", "<<"),
            ("a: !Ref b", "E108", "!Ref"),
            ("a: !!python/object:os.system x", "E108", "!!python/object:os.system"),
            ("!x a: b", "E108", "!x"),
            ("- a", "E109", "- a"),
            ("a", "E109", "a"),
            ("a: 1\n---\nb: 2", "E111", "---"),
            ("a: 1\n...\nb: 2", "E111", "b"),
        ],
    )
    def test_place(self, text: str, code: str, place: str) -> None:
        found, where = marked(text)
        assert (found, where.removesuffix(": 2")) == (code, place)
        assert refused(text).help

    @pytest.mark.parametrize("text", ["", " ", "\n\n", "# only a comment", "---", "---\n...", "\ufeff"])
    def test_empty(self, text: str) -> None:
        assert refused(text).message == "the spec is empty"

    def test_aliases(self) -> None:
        assert refused("a: *b").code == "E106"

    def test_a_repeated_key_points_at_the_first(self) -> None:
        first = refused("a: 1\nb: 2\na: 3").labels[1]
        assert (first.span.line, first.text) == (1, "first written here")

    @pytest.mark.parametrize("text", ["[" * 100_000, "{a: " * 100_000, "- " * 100_000, "a: " + "[" * 100 + "]" * 100])
    def test_deep_nesting(self, text: str) -> None:
        assert refused(text).code == "E110"

    def test_ninety_nine_levels_are_fine(self) -> None:
        tree = parse("a: " + "[" * 99 + "]" * 99, "f")
        assert tree.root.plain()

    def test_a_bomb_of_anchors_is_refused_at_once(self) -> None:
        text = "a0: &a0 [x]\n" + "".join(f"a{n + 1}: &a{n + 1} [{f'*a{n}, ' * 100}]\n" for n in range(1000))
        begin = time.perf_counter()
        assert refused(text).code == "E106"
        assert time.perf_counter() - begin < 1

    def test_too_large(self) -> None:
        assert refused("a: " + "x" * MAX_BYTES).code == "E110"


class TestFiles:
    def failure(self, path: Path) -> Diagnostic:
        with pytest.raises(SpecError) as caught:
            load(path, shown=path.name)
        return caught.value.diagnostic

    def test_missing_file_suggests_a_near_one(self, tmp_path: Path) -> None:
        (tmp_path / "lenie.yaml").write_text("a: 1")
        found = self.failure(tmp_path / "lenei.yaml")
        assert (found.code, found.message) == ("E101", "cannot read lenei.yaml: there is no such file")
        assert found.help == f'did you mean "{tmp_path / "lenie.yaml"}"?'

    def test_what_is_no_file(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("a: 1")
        for path in (tmp_path, tmp_path / "file" / "x", tmp_path / "a\0b", tmp_path / ("x" * 5000), tmp_path / "no/x"):
            assert self.failure(path).code == "E101"
            assert source_lines(path) == []

    def test_forbidden_file(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(*_: object, **__: object) -> None:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(Path, "open", refuse)
        assert "permission denied" in self.failure(tmp_path / "f").message

    def test_bytes_that_are_not_utf8(self, tmp_path: Path) -> None:
        path = tmp_path / "f"
        path.write_bytes("a: 1\nb: ü".encode() + b"\xff")
        found = self.failure(path)
        assert (found.code, found.message) == ("E102", "the byte 0xFF is not UTF-8")
        assert (found.labels[0].span.line, found.labels[0].span.column) == (2, 5)
        assert source_lines(path) == ["a: 1", "b: ü\ufffd"]

    def test_utf16(self, tmp_path: Path) -> None:
        path = tmp_path / "f"
        path.write_bytes("a: 1".encode("utf-16"))
        assert self.failure(path).message == "the file is in UTF-16"
        assert source_lines(path) == ["a: 1"]

    def test_a_byte_order_mark_is_fine(self, tmp_path: Path) -> None:
        path = tmp_path / "f"
        path.write_bytes("a: 1".encode("utf-8-sig"))
        assert load(path).span(("a",), key=True).column == 1

    def test_too_large(self, tmp_path: Path) -> None:
        path = tmp_path / "f"
        path.write_bytes(b"a: " + b"x" * MAX_BYTES)
        assert self.failure(path).code == "E110"

    def test_the_name_shown(self, tmp_path: Path) -> None:
        (tmp_path / "f").write_text("a: 1")
        assert load(tmp_path / "f").file == str(tmp_path / "f")
        assert load(tmp_path / "f", shown="spec.yaml").span(()).file == "spec.yaml"


@pytest.mark.parametrize("code", [code for code in PAGES if code.startswith("E1") and PAGES[code].wrong])
def test_the_examples_of_the_manual_are_true(code: str) -> None:
    assert refused(PAGES[code].wrong).code == code
    assert parse(PAGES[code].right, "f").root.plain()
    assert PAGES[code].wrong.splitlines()[0] in PAGES[code].text


def test_every_code_has_a_page() -> None:
    assert {f"E1{number:02}" for number in range(1, 12)} <= set(PAGES)


def outcome(action: Callable[[], Tree]) -> Tree | Diagnostic:
    try:
        return action()
    except SpecError as error:
        return error.diagnostic


FRAGMENTS = st.lists(
    st.sampled_from(
        ["a", ": ", "- ", "\n", "  ", "\t", "{", "}", "[", "]", ",", "'", '"', "|", ">", "&a", "*a", "!t", "#", "? ",
         "---", "...", "%", "${x}", "<<", "0x", "1", "_", ".", "e5", "~", "yes", "\\", "\r", "\x85", "\u2028", "\ufeff"]
    ),
    max_size=25,
).map("".join)  # fmt: skip


@given(st.one_of(st.text(), FRAGMENTS, st.text(st.characters())))
@example("a: \udfff")
@example("a: 0x_")
def test_any_text_is_a_tree_or_a_refusal(text: str) -> None:
    for loader in (yaml.SafeLoader, getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(load_module, "_LOADER", loader)
            tree = outcome(lambda: parse(text, "f"))
        if isinstance(tree, Diagnostic):
            assert tree.code.startswith("E1")
            assert tree.labels
            continue
        assert isinstance(tree.root.plain(), dict)
        for key, span in tree.root.keys.items():
            assert tree.span((key,), key=True) == span
            assert tree.span(()).line <= span.line


@given(st.one_of(st.binary(), st.text().map(lambda text: text.encode("utf-16"))))
def test_any_bytes_are_a_tree_or_a_refusal(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any.yaml"
    path.write_bytes(data)
    found = outcome(lambda: load(path))
    assert isinstance(found, Tree) or found.code.startswith("E1")
    assert isinstance(source_lines(path), list)

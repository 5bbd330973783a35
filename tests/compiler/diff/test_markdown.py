"""A comment on a pull request: within its limit, and nothing in a spec is read as Markdown or HTML."""

from __future__ import annotations

import re

from lenie.compiler.diff.deep import MISSING
from lenie.compiler.diff.markdown import LIMIT, code, comment, fitting_blocks
from lenie.compiler.diff.model import Action, Change, Comparison, PropertyChange


def change(number: int, action: Action = Action.CHANGED, *entries: PropertyChange) -> Change:
    return Change(action, "main", f"Queue{number}", "AWS::SQS::Queue", "spec.yaml:1", entries, ("a note",))


def comparison(*changes: Change, **more: object) -> Comparison:
    return Comparison(("main", "spec.yaml"), changes, 3, environments=("dev",), **more)  # type: ignore[arg-type]


def test_nothing() -> None:
    text = comment(comparison())
    assert text == (
        "### What the change does to resources\n\n"
        "spec.yaml, compared with main: no resource changes; 3 resources are the same\n"
    )


def test_the_most_serious_stands_on_top() -> None:
    text = comment(comparison(*(change(n, action) for n, action in enumerate(reversed(Action)))))
    rows = re.findall(r"^\| (?:\S+) (replaced|moved|removed|may be replaced|changed|added) \|", text, re.MULTILINE)
    assert rows == [action.value for action in Action]


def test_a_property() -> None:
    entry = PropertyChange("Tags[Owner].Value", "a|b", MISSING, effect="always", place="spec.yaml:7")
    text = comment(comparison(change(1, Action.REPLACED, entry)))
    assert (
        "| <code>Tags&#91;Owner&#93;.Value</code> | <code>a&#124;b</code> | <code>(none)</code> | replaces it |"
        " spec.yaml:7 |\n"
    ) in text
    assert "| property | before | after | | place |" in text
    assert "- a note\n" in text


def test_nothing_is_read_as_markup() -> None:
    wild = "</code><script> `x` [a](b) *b* @someone #1 | $x$ \x1b[31m <!-- ![i](u)"
    shown = code(wild)
    inner = shown.removeprefix("<code>").removesuffix("</code>")
    assert not re.search(r"[<>`|*@\[\]$]|#(?!\d+;)", inner), inner
    entry = PropertyChange(wild, wild, f"{wild}\n{wild}", because="", source=wild)
    text = comment(comparison(change(1, Action.CHANGED, entry)))
    assert "<script>" not in text
    assert "@someone" not in text
    rows = [line for line in text.splitlines() if line.startswith("| <code>")]
    assert {line.count("|") for line in rows} == {6}


def test_long_values_are_cut_and_say_so() -> None:
    entry = PropertyChange("Value", "x" * 5000, "y" * 2000)
    text = comment(comparison(change(1, Action.CHANGED, entry)))
    assert "… 3800 more characters" in text
    assert "… 800 more characters" in text


def test_the_limit() -> None:
    many = [change(n, Action.CHANGED, PropertyChange("Value", "x" * 900, "y" * 900)) for n in range(100)]
    text = comment(comparison(*many))
    assert len(text) <= LIMIT
    shown = text.count("<details>")
    assert 0 < shown < 100
    assert f"*This comment is cut at its limit: the properties of {100 - shown} are not shown." in text
    assert text.count("\n| 🔵 changed |") == 100
    assert text.count("<details>") == text.count("</details>")
    more = comment(comparison(*(change(n) for n in range(2000))))
    assert len(more) <= LIMIT
    assert re.search(r"cut at its limit: \d+ resources are not listed; the properties of \d+ are not shown", more)


def test_blocks() -> None:
    assert fitting_blocks(["a", "b"], 1000, "blocks") == "a\nb\n"
    cut = fitting_blocks(["a" * 300, "b" * 300, "c"], 1000, "blocks")
    assert cut.startswith("a" * 300 + "\n\n*Cut at the limit of a comment: 2 more blocks.")
    assert len(cut) <= 1000


def test_environments_have_columns_of_their_own() -> None:
    found = Comparison(
        ("dev", "prod"),
        (Change(Action.CHANGED, "main", "Q", "T", "s:1", (PropertyChange("P", 1, 2, source="setting X"),)),),
        0,
        of_environments=True,
    )
    text = comment(found)
    assert "| property | dev | prod | | place |" in text
    assert "| <code>P</code> | <code>1</code> | <code>2</code> | setting X |  |" in text
    assert "🔵" not in text

from __future__ import annotations

from textwrap import dedent, indent

import pytest
from rule_support import findings, marked, spec


def workflow(definition: str) -> str:
    lines = "kind: workflow\ntimeout: 1h\ndefinition:\n" + indent(dedent(definition), "  ")
    return spec("import:\n" + indent(lines, "  "))


FINE = """
    StartAt: One
    States:
      One: {Type: Choice, Choices: [{Condition: "{% $a %}", Next: Two}], Default: Three}
      Two:
        Type: Parallel
        Branches:
          - {StartAt: A, States: {A: {Type: Pass, End: true}}}
          - {StartAt: B, States: {B: {Type: Fail, Error: Wrong}}}
        Catch: [{ErrorEquals: [States.ALL], Next: Four}]
        Next: Three
      Three:
        Type: Map
        ItemProcessor: {StartAt: C, States: {C: {Type: Wait, Seconds: 1, Next: D}, D: {Type: Succeed}}}
        End: true
      Four: {Type: Succeed}
    """


def test_a_workflow_whose_states_fit_is_fine() -> None:
    assert not findings("E330", workflow(FINE))


@pytest.mark.parametrize(
    ("old", "new", "message", "at"),
    [
        ("StartAt: One", "StartAt: Onee", 'there is no state "Onee"', "Onee"),
        ("Default: Three", "Default: Thre", 'there is no state "Thre" in the state machine of "One"', "Thre"),
        ("Next: Two}", "Next: Twoo}", 'there is no state "Twoo"', "Twoo"),
        ("Next: Four", "Next: Fore", 'there is no state "Fore"', "Fore"),
        ("Seconds: 1, Next: D", "Seconds: 1, Next: Four", 'there is no state "Four"', "Four"),
        ("StartAt: B", "StartAt: A", 'there is no state "A"', "A"),
        ("A: {Type: Pass, End: true}", "A: {Type: Pass}", 'the state "A" has neither Next nor End: true', "A"),
        ("A: {Type: Pass, End: true}", "A: {Type: Pas, End: true}", 'there is no type of state "Pas"', "Pas"),
        ("A: {Type: Pass, End: true}", "A: {End: true}", 'the state "A" has no type', "A"),
        ("B: {Type: Fail, Error: Wrong}", "A: {Type: Fail, Error: Wrong}", 'two states are called "A"', "A"),
        (
            "        End: true",
            "        Next: Four\n        End: true",
            'the state "Three" has both Next and End',
            "Three",
        ),
        (
            "Four: {Type: Succeed}",
            "Four: {Type: Succeed}\n      Five: {Type: Succeed}",
            'leads to the state "Five"',
            "Five",
        ),
    ],
)
def test_faults(old: str, new: str, message: str, at: str) -> None:
    assert old in FINE
    text = workflow(FINE.replace(old, new))
    found = [one for one in findings("E330", text) if message in one.message]
    assert found, [one.message for one in findings("E330", text)]
    assert marked(text, found[0]) == at


def test_a_near_name_is_suggested() -> None:
    text = workflow("{StartAt: Count, States: {Count: {Type: Pass, Next: Dnoe}, Done: {Type: Succeed}}}")
    help = [one.help for one in findings("E330", text)]
    assert 'did you mean "Done"?' in help


@pytest.mark.parametrize(
    "definition", ["{}", "{StartAt: A}", "{StartAt: A, States: {}}", "{StartAt: [A], States: {A: 1}}"]
)
def test_a_definition_without_states_is_told_once(definition: str) -> None:
    [found] = findings("E330", workflow(definition))
    assert found.message == "the state machine has no states"


def test_names_of_states_that_are_no_text_are_told() -> None:
    text = workflow("{StartAt: A, States: {A: {Type: Pass, Next: [B]}, B: {Type: Succeed}}}")
    assert any('there is no state ""' in one.message for one in findings("E330", text))

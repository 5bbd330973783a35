from __future__ import annotations

from textwrap import dedent, indent

import pytest
from rule_support import findings, marked, spec


def workflow(definition: str) -> str:
    lines = "kind: workflow\ntimeout: 1h\ndefinition:\n" + indent(dedent(definition), "  ")
    return spec("import:\n" + indent(lines, "  "))


FINE = """
    QueryLanguage: JSONata
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


@pytest.mark.parametrize("definition", ["{}", "{StartAt: A}", "{StartAt: A, States: {}}", "{StartAt: A, States: 1}"])
def test_a_definition_without_states_is_told_once(definition: str) -> None:
    [found] = findings("E330", workflow(definition))
    assert found.message == "the state machine has no states"


def test_names_of_states_that_are_no_text_are_told() -> None:
    text = workflow("{StartAt: A, States: {A: {Type: Pass, Next: [B]}, B: {Type: Succeed}}}")
    assert any('there is no state ""' in one.message for one in findings("E330", text))


def told(definition: str) -> list[str]:
    return [one.message for one in findings("E330", workflow(definition))]


def test_a_broken_transition_hides_no_later_states() -> None:
    definition = "{StartAt: A, States: {A: {Type: Pass, Next: Bb}, B: {Type: Pass, Next: C}, C: {Type: Succeed}}}"
    assert told(definition) == ['there is no state "Bb" in the state machine of "A"']
    assert told(definition.replace("Next: Bb", "Nxt: B")) == ['a Pass state has no field "Nxt"']
    assert told(definition.replace("Next: Bb", "Next: C")) == ['no transition leads to the state "B"']


def test_a_state_that_is_no_map_is_told_where_it_stands() -> None:
    text = workflow("{StartAt: A, States: {A: {Type: Pass, Next: Wait60}, Wait60: [Type]}}")
    [found] = findings("E330", text)
    assert found.message == "a state is a map"
    assert marked(text, found) == "[Type]"


def one_state(state: str, language: str = "JSONata") -> str:
    return workflow(f"""
        QueryLanguage: {language}
        StartAt: Go
        States:
          Go: {state}
          Done: {{Type: Succeed}}
        """)


TASK = "Type: Task, Resource: 'arn:aws:states:::lambda:invoke', Next: Done"
MAP = "Type: Map, Next: Done, ItemProcessor: {StartAt: In, States: {In: {Type: Pass, End: true}}}"


@pytest.mark.parametrize(
    ("state", "message", "at"),
    [
        (f"{{{MAP}, MaxConcurency: 10}}", 'a Map state has no field "MaxConcurency"', "MaxConcurency"),
        (f"{{{MAP}, MaxConcurrency: -1}}", "-1 is not possible here", "-1"),
        (f"{{{MAP}, MaxConcurrency: '4'}}", "a whole number is wanted here", "'4'"),
        (f"{{{MAP}, ItemsPath: $.x}}", '"ItemsPath" is a field of JSONPath, and the state is in JSONata', "ItemsPath"),
        (f"{{{MAP}, Iterator: {{}}}}", "the state has ItemProcessor already", "Iterator"),
        ("{Type: Map, Next: Done}", 'the Map state "Go" lacks ItemProcessor', "Go"),
        ("{Type: Choice, Choices: [], Default: Done}", "Choices is a list of at least one", "[]"),
        ("{Type: Choice, Default: Done}", 'the Choice state "Go" lacks Choices', "Go"),
        ("{Type: Choice, Choices: [1], Default: Done}", "a map is wanted here", "1"),
        ("{Type: Choice, Choices: [{Next: Done}]}", "the rule has no condition", "{Next: Done}"),
        ("{Type: Choice, Choices: [{Condition: x, Next: Done}]}", "an expression is wanted here", "x"),
        ("{Type: Choice, Choices: [{Condition: true}], Default: Done}", "the rule does not say", "{Condition: true}"),
        ("{Type: Choice, Choices: [{Condition: true, Nxt: A, Next: Done}]}", 'no field "Nxt"', "Nxt"),
        ("{Type: Wait, Next: Done}", 'the Wait state "Go" lacks Seconds or Timestamp', "Go"),
        ("{Type: Wait, Seconds: 1, Timestamp: x, Next: Done}", "the state has Seconds already", "Timestamp"),
        ("{Type: Wait, SecondsPath: $.x, Next: Done}", '"SecondsPath" is a field of JSONPath', "SecondsPath"),
        ("{Type: Pass, InputPath: $.x, Next: Done}", '"InputPath" is a field of JSONPath', "InputPath"),
        ("{Type: Pass, Result: 1, Next: Done}", '"Result" is a field of JSONPath', "Result"),
        ("{Type: Pass, End: 1}", "End is true, or is left out", "1"),
        ("{Type: Parallel, Branches: {}, Next: Done}", "Branches is a list of at least one", "{}"),
        ("{Type: Task, Next: Done}", 'the Task state "Go" lacks Resource', "Go"),
        ("{Type: Pass, QueryLanguage: JSONPath, Next: Done}", "no states in JSONPath", "JSONPath"),
        ("{Type: Pass, QueryLanguage: Jsonata, Next: Done}", 'there is no query language "Jsonata"', "Jsonata"),
        (f"{{{TASK}, TimeoutSeconds: 0}}", "0 is not possible here", "0"),
        (f"{{{TASK}, Retry: 1}}", "Retry is a list", "1"),
        (f"{{{TASK}, Retry: [1]}}", "a map is wanted here", "1"),
        (f"{{{TASK}, Retry: [{{MaxAttempts: 1}}]}}", "ErrorEquals is a list of error names", "MaxAttempts: 1"),
        (f"{{{TASK}, Catch: [{{ErrorEquals: [A]}}]}}", "does not say what comes next", "{ErrorEquals: [A]}"),
        (f"{{{TASK}, Catch: [{{ErrorEquals: [A], Nxt: B, Next: Done}}]}}", 'a catcher has no field "Nxt"', "Nxt"),
        (f"{{{TASK}, Catch: [{{ErrorEquals: [7], Next: Done}}]}}", "the name of an error is wanted here", "7"),
        ("{Type: Pass, Assign: {a: '{% $ready( %}'}, Next: Done}", '"(" is never closed', "'{% $ready( %}'"),
        ("{Type: Pass, Output: '{% $a', Next: Done}", "an expression begins with {% and ends with %}", "'{% $a'"),
    ],
)
def test_fields_of_states(state: str, message: str, at: str) -> None:
    text = one_state(state)
    found = [one for one in findings("E330", text) if message in one.message]
    assert len(found) == 1, [one.message for one in findings("E330", text)]
    assert at in marked(text, found[0])


@pytest.mark.parametrize(
    ("retrier", "message"),
    [
        ("IntervalSeconds: -2", "-2 is not possible here"),
        ("IntervalSeconds: 0", "0 is not possible here"),
        ('MaxAttempts: "3"', "a whole number is wanted here"),
        ("MaxAttempts: 0", ""),
        ("BackoffRate: 0", "a number from 1 on is wanted here"),
        ("BackoffRate: 1", ""),
        ("BackoffRate: 1.5", ""),
        ("JitterStrategy: HALF", 'there is no jitter strategy "HALF"'),
        ("JitterStrategy: NONE", ""),
        ("IntervalSeconds: 5, MaxDelaySeconds: 5", "MaxDelaySeconds must exceed IntervalSeconds"),
        ("IntervalSeconds: 5, MaxDelaySeconds: 6", ""),
        ("MaxAttemps: 3", 'a retrier has no field "MaxAttemps"'),
    ],
)
def test_retriers(retrier: str, message: str) -> None:
    found = findings("E330", one_state(f"{{{TASK}, Retry: [{{ErrorEquals: [States.ALL], {retrier}}}]}}"))
    assert [one.message for one in found] == ([message] if message else [])


@pytest.mark.parametrize(
    ("catch", "message"),
    [
        ("[{ErrorEquals: [States.DatabaseUnavailable], Next: Done}]", 'there is no error "States.DatabaseUnavailable"'),
        ("[{ErrorEquals: [States.all], Next: Done}]", 'there is no error "States.all"'),
        ("[{ErrorEquals: [DatabaseUnavailable, States.Http.StatusCode.429], Next: Done}]", ""),
        ("[{ErrorEquals: [States.ALL, A], Next: Done}]", "States.ALL stands alone, and in the last place"),
        (
            "[{ErrorEquals: [States.ALL], Next: Done}, {ErrorEquals: [A], Next: Done}]",
            "States.ALL stands alone, and in the last place",
        ),
        ("[{ErrorEquals: [A], Next: Done}, {ErrorEquals: [States.ALL], Next: Done}]", ""),
        ("[{ErrorEquals: [], Next: Done}]", "ErrorEquals is a list of error names"),
    ],
)
def test_error_names(catch: str, message: str) -> None:
    found = findings("E330", one_state(f"{{{TASK}, Catch: {catch}}}"))
    assert [one.message for one in found] == ([message] if message else [])


def test_a_fault_of_the_defaults_is_told_once() -> None:
    states = "A: {Type: Task, Resource: x, Next: B}, B: {Type: Task, Resource: x, End: true}"
    lines = (
        "import:\n  kind: workflow\n  timeout: 1h\n"
        "  task-defaults: {Retry: [{ErrorEquals: [States.ALL], MaxAttempts: x}]}\n"
        f"  definition: {{QueryLanguage: JSONata, StartAt: A, States: {{{states}}}}}\n"
    )
    [found] = findings("E330", spec(lines))
    assert found.message == "a whole number is wanted here"


def test_a_definition_in_jsonata_must_say_so_once() -> None:
    states = "A: {Type: Pass, Output: 1, Next: B}, B: {Type: Pass, Output: '{% 1 %}', End: true}"
    assert told(f"{{StartAt: A, States: {{{states}}}}}") == [
        "the states are in JSONata, and the definition does not say so"
    ]
    assert told(f"{{QueryLanguage: JSONata, StartAt: A, States: {{{states}}}}}") == []
    assert told(f"{{QueryLanguage: JSON, StartAt: A, States: {{{states}}}}}")[0] == 'there is no query language "JSON"'


def test_fields_of_jsonpath() -> None:
    rule = '{Variable: "$.n", NumericGreaterThanEquals: 3, Next: Done}'
    both = "{And: [{Variable: '$.a', IsPresent: true}], Next: Done}"
    for state in (
        f"{{Type: Choice, Choices: [{rule}, {both}]}}",
        "{Type: Wait, SecondsPath: $.n, Next: Done}",
        "{Type: Pass, Result: {a: 1}, ResultPath: $.a, Next: Done}",
        "{Type: Pass, QueryLanguage: JSONata, Output: '{% 1 %}', Next: Done}",
        f"{{{MAP}, Parameters: {{}}, ItemsPath: $.x, MaxConcurrencyPath: $.y}}",
    ):
        found = [one.message for one in findings("E330", one_state(state, "JSONPath"))]
        assert [message for message in found if "no transition" not in message] == []
    for state, message in (
        ("{Type: Pass, Output: 1, Next: Done}", '"Output" is a field of JSONata, and the state is in JSONPath'),
        ("{Type: Pass, Parameters: {a: '{% 1 %}'}, Next: Done}", "a state in JSONPath takes this as plain text"),
        ("{Type: Choice, Choices: [{Variable: $.a, Next: Done}]}", "the rule needs one comparison"),
        ('{Type: Wait, Seconds: "{% 1 %}", Next: Done}', "a whole number is wanted here"),
    ):
        assert message in [one.message for one in findings("E330", one_state(state, "JSONPath"))]


def test_numbers_may_be_expressions_in_jsonata() -> None:
    assert not findings("E330", one_state("{Type: Wait, Seconds: '{% $n * 2 %}', Next: Done}"))


def test_a_machine_has_no_other_fields() -> None:
    assert told("{StartAt: A, Stats: {}, States: {A: {Type: Succeed}}}") == ['a state machine has no field "Stats"']
    inner = "{ProcessorConfig: {Mode: INLINE}, StartAt: B, Limit: 1, States: {B: {Type: Succeed}}}"
    definition = f"{{StartAt: A, States: {{A: {{Type: Map, ItemProcessor: {inner}, End: true}}}}}}"
    assert told(definition) == ['a state machine has no field "Limit"']


def test_names_of_states_are_short() -> None:
    for length, expected in ((80, []), (81, ["the name has 81 characters"])):
        assert told(f"{{StartAt: {'a' * length}, States: {{{'a' * length}: {{Type: Succeed}}}}}}") == expected

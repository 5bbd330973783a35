"""JSONata as Step Functions evaluates it."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest

from lenie.compiler.local.jsonata import QueryError, evaluate

STATES: dict[str, Any] = {
    "input": {"name": "żółw", "none": None, "list": [1, 2, 3], "one": [{"a": 1}], "Started": True},
    "result": {"Attributes": {"first": "3", "second": "4"}},
    "errorOutput": {"Error": "Any", "Cause": 'a "quoted"\ncause'},
    "context": {"Execution": {"StartTime": datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)}},
}


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("$states.input.name & '!'", "żółw!"),
        ("$states.input.none", None),
        ("$states.input.Started = true", True),
        ("$states.input.Missing = true", False),
        ("$sum($states.result.Attributes.*.$number())", 7),
        # A list of one stays a list where the brackets say so, and what is missing makes an empty one.
        ("[$states.input.one]", [{"a": 1}]),
        ("[$states.input.Missing]", []),
        ("$count($states.input.list[$ > 5])", 0),
        ("$states.errorOutput.Error & ': ' & $states.errorOutput.Cause", 'Any: a "quoted"\ncause'),
        ("$merge([{'a': null}, {'b': $count([1])}])", {"a": None, "b": 1}),
        ("$two + 1", 3),
        ("10 / 4", 2.5),
        ("$states.context.Execution.StartTime", "2026-01-02T03:04:05.678Z"),
        ("$toMillis($states.context.Execution.StartTime)", 1767323045678),
        ("$partition([1, 2, 3, 4, 5], 2)", [[1, 2], [3, 4], [5]]),
        ("$range(0, 10, 5)", [0, 5, 10]),
        ("$range(3, 1, -1)", [3, 2, 1]),
        ("$range(1, 0, 1)", []),
        ("$hash('abc', 'SHA-1')", "a9993e364706816aba3e25717850c26c9cd0d89d"),
        ("$parse('{\"a\": [1, null]}')", {"a": [1, None]}),
        ("$random(7) = $random(7)", True),
        ("$random() < 1", True),
        ("$uuid() = $uuid()", False),
    ],
)
def test_values(expression: str, value: Any) -> None:
    assert evaluate(expression, {"states": STATES, "two": 2}) == value


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("$states.input.Missing", "returned nothing (undefined)"),
        ("$sum", "returned an unsupported result type"),
        ("function($x) { $x }", "returned an unsupported result type"),
        ("1 +", "Unexpected end of expression"),
        ("'a' + 1", "failed"),
        ("1 / 0", "failed"),
        ("$eval('1')", "$parse reads JSON"),
        ("$hash('a', 'CRC')", "MD5, SHA-1, SHA-256"),
        ("$range(1, 2, 0)", "the step of $range is 0"),
        ("$unknown(1)", "failed"),
        ("( $f := function($n) { $f($n + 1) + 1 }; $f(1) )", "failed"),
    ],
)
def test_what_has_no_value_is_named(expression: str, words: str) -> None:
    with pytest.raises(QueryError, match=re.escape(words)) as found:
        evaluate(expression, {"states": STATES})
    assert expression in str(found.value)


def test_evaluations_at_once_do_not_see_each_others_variables() -> None:
    with ThreadPoolExecutor(8) as pool:
        found = list(
            pool.map(lambda n: evaluate("$sum([1..50].($ * $factor)) / $factor", {"factor": n}), range(1, 200))
        )
    assert found == [1275] * 199

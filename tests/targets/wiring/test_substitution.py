"""``Fn::Sub``: what CloudFormation makes of the text is what was meant, whatever stands in it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lenie.targets.wiring.substitution import Reference, Variable, substitution


def evaluate(value: Any, references: dict[str, str]) -> str:
    """Return what CloudFormation would make of a text or ``Fn::Sub``, by its documentation."""
    if isinstance(value, str):
        return value
    argument = value["Fn::Sub"]
    text, variables = argument if isinstance(argument, list) else (argument, {})

    def fill(match: re.Match[str]) -> str:
        name = match.group(1)
        assert "${" not in name, "an expression inside an expression"
        return f"${{{name[1:]}}}" if name.startswith("!") else str({**references, **variables}[name])

    return re.sub(r"\$\{([^}]*)\}", fill, text)


parts = st.lists(
    st.one_of(
        st.text(alphabet="${}!aX \n", max_size=8),
        st.just(Reference("Ref")),
        st.builds(Variable, st.sampled_from(["Key", "Ref", "Dollar"]), st.sampled_from(["one", "two"])),
    ),
    max_size=6,
)


@given(parts)
def test_it_evaluates_to_what_was_meant(given_parts: list[Any]) -> None:
    meant = "".join(
        p if isinstance(p, str) else "reference" if isinstance(p, Reference) else p.value for p in given_parts
    )
    assert evaluate(substitution(given_parts, frozenset({"Ref"})), {"Ref": "reference"}) == meant


@pytest.mark.parametrize(
    ("given_parts", "expected"),
    [
        (["plain ${x}"], "plain ${x}"),
        (["a-", Reference("E")], {"Fn::Sub": "a-${E}"}),
        (["${HOME} ", Reference("E")], {"Fn::Sub": "${!HOME} ${E}"}),
        ([Variable("K", {"Ref": "X"})], {"Fn::Sub": ["${K}", {"K": {"Ref": "X"}}]}),
        (["${A:-${B}}", Reference("E")], {"Fn::Sub": ["${Dollar}{A:-${!B}}${E}", {"Dollar": "$"}]}),
        (["$", "{{resolve:x}}", Reference("E")], {"Fn::Sub": ["${Dollar}{{resolve:x}}${E}", {"Dollar": "$"}]}),
        (["$", Reference("E")], {"Fn::Sub": ["${Dollar}${E}", {"Dollar": "$"}]}),
    ],
)
def test_forms(given_parts: list[Any], expected: Any) -> None:
    assert substitution(given_parts, frozenset()) == expected


def test_a_variable_hides_no_resource() -> None:
    value = substitution(
        [Reference("Key"), Variable("Key", 1), Variable("Key", 2), Variable("Key", 1)], frozenset({"Key"})
    )
    assert value == {"Fn::Sub": ["${Key}${Key2}${Key3}${Key2}", {"Key2": 1, "Key3": 2}]}

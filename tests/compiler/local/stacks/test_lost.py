"""The comparison of what is wanted with what a service tells."""

from __future__ import annotations

from typing import Any

import pytest

from lenie.compiler.local.stacks.lost import lost


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"A": "20", "B": True}, {"A": 20, "B": "true", "More": 1}),
        ({"A": 0.5}, {"A": "0.5"}),
        ({"A": [1, 2]}, {"A": [2, 1]}),
        ({"A": {"x": [{"y": 1}]}}, {"A": '{"x": [{"y": 1, "z": 2}]}'}),
        ({"A": '{"x": 1}'}, {"A": {"x": 1}}),
        ({"A": "", "B": [], "C": {}}, {}),
        ({"A": ""}, {"A": None}),
    ],
)
def test_same(wanted: Any, found: Any) -> None:
    assert list(lost(wanted, found)) == []


@pytest.mark.parametrize(
    ("wanted", "found", "words"),
    [
        ({"A": 1}, {}, "A was lost"),
        ({"A": {"B": 1}}, {"A": {}}, "A.B was lost"),
        ({"A": 1}, {"A": 2}, "A is 2, and not 1"),
        ({"A": [1, 2]}, {"A": [1]}, "A[1] was lost"),
        ({"A": [1]}, {"A": [1, 2]}, "A has 2 elements, and not 1: [2]"),
        ({"A": []}, {"A": [1]}, "A has 1 element, and not 0: [1]"),
        ({"A": [{"B": 1, "C": 2}]}, {"A": [{"B": 1}]}, "A[0].C was lost"),
        ({"A": True}, {"A": "yes"}, 'A is "yes", and not true'),
        ({"A": False}, {}, "A was lost"),
        ({"A": {"B": 1}}, {"A": "text"}, 'A is "text", and not {"B": 1}'),
        ({"A": "123456789012345678"}, {"A": "123456789012345679"}, "A is"),
    ],
)
def test_lost(wanted: Any, found: Any, words: str) -> None:
    assert any(words in sentence for sentence in lost(wanted, found)), list(lost(wanted, found))

"""Differences by path: what is aligned with what, and what is no difference."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lenie.compiler.diff.deep import MISSING, Difference, differences, display

SETS = frozenset({("Set",), ("Set", "Inner")})


def found(old: Any, new: Any) -> list[tuple[str, Any, Any]]:
    return [(display(d.path), d.old, d.new) for d in differences(old, new, SETS.__contains__)]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({"A": 1}, {"A": 1}, []),
        ({"A": 1}, {"A": 2}, [("A", 1, 2)]),
        ({"A": 1}, {"A": "1"}, [("A", 1, "1")]),
        ({"A": 1}, {"A": True}, [("A", 1, True)]),
        ({"A": 1}, {"B": 1}, [("A", 1, MISSING), ("B", MISSING, 1)]),
        ({"A": {"B": 1, "C": 2}}, {"A": {"C": 2, "B": 1}}, []),
        ({"A": {"B": {"C": 1}}}, {"A": {"B": {"C": 2}}}, [("A.B.C", 1, 2)]),
        ({"A": {"B": 1}}, {"A": "B"}, [("A", {"B": 1}, "B")]),
        ({"A": []}, {"A": {}}, [("A", [], {})]),
        # Lists with an order.
        ({"A": [1, 2, 3]}, {"A": [1, 3]}, [("A[1]", 2, MISSING)]),
        ({"A": [1, 3]}, {"A": [1, 2, 3]}, [("A[1]", MISSING, 2)]),
        ({"A": [1, 2]}, {"A": [2, 1]}, [("A", [1, 2], [2, 1])]),
        ({"A": [1, 2]}, {"A": [1, 4]}, [("A[1]", 2, 4)]),
        ({"A": [{"x": 1}, {"x": 2}]}, {"A": [{"x": 1}, {"x": 3}]}, [("A[1].x", 2, 3)]),
        ({"A": []}, {"A": [5]}, [("A[0]", MISSING, 5)]),
        # Sets.
        ({"Set": [1, 2]}, {"Set": [2, 1]}, []),
        ({"Set": [1, 2]}, {"Set": [3, 2]}, [("Set[0]", 1, MISSING), ("Set[0]", MISSING, 3)]),
        ({"Set": [1, 1]}, {"Set": [1]}, [("Set[0]", 1, MISSING)]),
        ({"Set": [{"x": 1}, {"x": 2}]}, {"Set": [{"x": 3}, {"x": 1}]}, [("Set[0].x", 2, 3)]),
        ({"Set": [{"Inner": [1, 2]}]}, {"Set": [{"Inner": [2, 1]}]}, []),
        ({"Set": [{"Inner": [1, 2]}, {"Inner": [3, 4]}]}, {"Set": [{"Inner": [4, 3]}, {"Inner": [2, 1]}]}, []),
        # What a member tells apart.
        (
            {"Tags": [{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}]},
            {"Tags": [{"Key": "c", "Value": "1"}, {"Key": "a", "Value": "3"}]},
            [
                ("Tags[a].Value", "1", "3"),
                ("Tags[b]", {"Key": "b", "Value": "2"}, MISSING),
                ("Tags[c]", MISSING, {"Key": "c", "Value": "1"}),
            ],
        ),
        (
            {"Tags": [{"Key": "a"}, {"Key": "b"}]},
            {"Tags": [{"Key": "b"}, {"Key": "a"}]},
            [("Tags", ["a", "b"], ["b", "a"])],
        ),
        # Names that are not unique tell nothing apart.
        (
            {"L": [{"Name": "a", "v": 1}, {"Name": "a", "v": 2}]},
            {"L": [{"Name": "a", "v": 1}, {"Name": "a", "v": 3}]},
            [("L[1].v", 2, 3)],
        ),
        # Policies: statements and actions are sets.
        (
            {"Policy": {"Statement": [{"Action": ["b", "a"]}, {"Action": "c"}]}},
            {"Policy": {"Statement": [{"Action": "c"}, {"Action": ["a", "b"]}]}},
            [],
        ),
        (
            {"Policy": {"Statement": [{"Sid": "X", "Action": ["a", "b"]}]}},
            {"Policy": {"Statement": [{"Sid": "X", "Action": ["a", "b", "c"]}]}},
            [("Policy.Statement[X].Action[2]", MISSING, "c")],
        ),
    ],
)
def test_differences(old: Any, new: Any, expected: list[tuple[str, Any, Any]]) -> None:
    assert found(old, new) == expected


def test_places_on_each_side() -> None:
    old = {"Tags": [{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}]}
    new = {"Tags": [{"Key": "b", "Value": "3"}]}
    gone, changed = differences(old, new, SETS.__contains__)
    assert gone.raw(new=False) == ("Tags", 0)
    assert gone.raw(new=True) == ("Tags",)
    assert changed.raw(new=False) == ("Tags", 1, "Value")
    assert changed.raw(new=True) == ("Tags", 0, "Value")
    assert changed.members == ("Tags", "Value")


def test_order_is_told() -> None:
    (order,) = differences({"A": [1, 2]}, {"A": [2, 1]}, SETS.__contains__)
    assert isinstance(order, Difference)
    assert order.order


LEAVES = st.none() | st.booleans() | st.integers(0, 3) | st.sampled_from(["", "a", "b"])
DATA = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["A", "Set", "Key"]), inner)
)


@given(DATA, DATA)
def test_nothing_is_lost(old: Any, new: Any) -> None:
    """Data is equal exactly if there is no difference, but for the order of sets; both directions find as much."""
    there = found({"Root": old}, {"Root": new})
    back = found({"Root": new}, {"Root": old})
    assert bool(there) == bool(back)
    if not there:
        assert normal(old) == normal(new)
    if text(old) == text(new):
        assert there == []


def text(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


def normal(value: Any) -> str:
    """Return data in which every list is sorted."""
    if isinstance(value, dict):
        return text({key: normal(item) for key, item in value.items()})
    return text(sorted(map(normal, value))) if isinstance(value, list) else text(value)

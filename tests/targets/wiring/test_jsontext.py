"""JSON texts: the layout changes nothing, and expressions stand where they belong."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from lenie.compiler.expressions import AttributeOf, EnvironmentName, Interpolation, PerEnvironment
from lenie.targets.wiring.jsontext import WIDTH, json_parts, json_text

values = st.recursive(
    st.one_of(st.text(), st.integers(), st.booleans(), st.none(), st.floats(allow_nan=False, allow_infinity=False)),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text(), inner, max_size=4)),
)


@given(values)
def test_the_layout_keeps_the_data(value: Any) -> None:
    assert json.dumps(json.loads(json_text(value))) == json.dumps(value)


def test_short_things_stand_on_one_line() -> None:
    text = json_text({"short": {"a": [1, 2]}, "long": ["x" * WIDTH, "y"]})
    assert text == '{\n  "short": {"a": [1, 2]},\n  "long": [\n    "' + "x" * WIDTH + '",\n    "y"\n  ]\n}'


def test_expressions() -> None:
    arn = AttributeOf("c", "R", "Arn")
    number = PerEnvironment("N", (("dev", 1),))
    document: Any = {"a": arn, "n": number, "t": Interpolation(('say "', EnvironmentName(), '"'))}
    parts = json_parts(document, lambda expression: expression is number)
    text = "".join(part if isinstance(part, str) else {arn: "ARN", number: "1"}.get(part, "dev") for part in parts)
    assert json.loads(text) == {"a": "ARN", "n": 1, "t": 'say "dev"'}

from __future__ import annotations

import pytest
from rule_support import findings, marked, spec, waived


@pytest.mark.parametrize(
    ("type", "message"),
    [
        ("AWS::EC2::NatGateway", "AWS::EC2::NatGateway costs 32.85 USD a month, used or not"),
        ("AWS::EC2::EIP", "AWS::EC2::EIP costs 3.65 USD a month, used or not"),
    ],
)
def test_what_costs_while_idle(type: str, message: str) -> None:
    text = spec(f"raw: {{kind: cloudformation, type: {type}}}")
    [found] = findings("E332", text)
    assert found.message == message
    assert marked(text, found) == type
    allowed = text.replace(f"{type}}}", f"{type}, waive: {{E332: a partner wants one address}}}}")
    assert not findings("E332", allowed)
    assert len(waived("E332", allowed)) == 1


def test_other_types_are_fine() -> None:
    assert not findings("E332", spec('raw: {kind: cloudformation, type: "AWS::EC2::InternetGateway"}'))

"""Types that a library does not know: misspelt, or new."""

from __future__ import annotations

import pytest

from lenie.targets.wiring.typename import unchecked


@pytest.mark.parametrize(
    ("written", "meant"), [("AWS::SNS::Topik", "AWS::SNS::Topic"), ("AWS::Lamda::Function", "AWS::Lambda::Function")]
)
def test_a_misspelt_type(written: str, meant: str) -> None:
    assert unchecked(written) == f'did you mean "{meant}"? Otherwise check its properties against the documentation'


@pytest.mark.parametrize("written", ["AWS::SNS::Topic", "AWS::XRay::TransactionSearchConfig", "AWS::Quantum::Computer"])
def test_a_type_that_exists_or_is_like_no_other(written: str) -> None:
    assert unchecked(written) == "check its properties against the documentation"

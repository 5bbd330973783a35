from __future__ import annotations

from pathlib import Path

import pytest
from rule_support import spec

from lenie.compiler.pipeline import Compilation, front
from lenie.compiler.summary import as_data, describe


def run(tmp_path: Path, text: str) -> Compilation:
    path = tmp_path / "spec.yaml"
    path.write_text(text, encoding="utf-8")
    return front(path)


SPEC = spec("zone: {kind: zone, domain: example.com}").replace("  function:", "  queue: {retention: 1d}\n  function:")


def test_the_cost_of_one_and_of_all_environments(tmp_path: Path) -> None:
    found = run(tmp_path, SPEC)
    lines = [line for line in describe(found)[1:] if "cost" in line]
    assert lines == [
        "cost of one environment: about 0.50 USD a month, without requests and traffic",
        "cost of all 2 environments in one account: about 1.00 USD a month",
    ]
    data = as_data(found)
    assert (data["usd_per_month"], data["usd_per_month_all_environments"]) == (0.5, 1.0)
    assert data["prices_of"] == "us-east-1"


def test_one_environment_is_not_told_twice(tmp_path: Path) -> None:
    found = run(tmp_path, SPEC.replace("  prod: {production: true}\n", ""))
    assert [line for line in describe(found)[1:] if "cost of" in line] == [
        "cost of one environment: about 0.50 USD a month, without requests and traffic"
    ]


@pytest.mark.parametrize(("region", "expected"), [("us-east-1", 0), ("eu-central-1", 1)])
def test_prices_are_those_of_one_region(tmp_path: Path, region: str, expected: int) -> None:
    lines = describe(run(tmp_path, SPEC.replace("us-east-1", region)))[1:]
    told = [line for line in lines if "prices" in line]
    assert told == ["these are prices of us-east-1: those of eu-central-1 differ"] * expected

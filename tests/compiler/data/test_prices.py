"""Prices are positive, have a source, and are consistent among each other."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest

from lenie.compiler.data import prices

TABLES = {
    "HOURLY": prices.HOURLY,
    "GB_MONTH": prices.GB_MONTH,
    "GB": prices.GB,
    "MONTHLY": prices.MONTHLY,
    "MILLION": prices.MILLION,
    "GB_SECOND": prices.GB_SECOND,
    "MINUTE": prices.MINUTE,
    "FREE_PER_MONTH": prices.FREE_PER_MONTH,
}
SIZES = ("nano", "micro", "small", "medium", "large", "xlarge", "2xlarge")


@pytest.mark.parametrize("name", TABLES)
def test_positive_and_with_a_source(name: str) -> None:
    for key, price in TABLES[name].items():
        assert price > 0, key
        assert key.split(".")[0] in prices.SOURCES, key


def test_instances_are_positive() -> None:
    assert all(price > 0 for price in (*prices.EC2_HOURLY.values(), *prices.RDS_HOURLY.values()))
    assert all(name.startswith("db.") for name in prices.RDS_HOURLY)
    assert {"ec2", "rds"} <= set(prices.SOURCES)


def test_sources_are_complete_and_used() -> None:
    used = {key.split(".")[0] for table in TABLES.values() for key in table} | {"ec2", "rds"}
    assert set(prices.SOURCES) == used
    today = date.fromisoformat(prices.AS_OF).isoformat()
    for source in prices.SOURCES.values():
        assert source.title
        assert source.url.startswith("https://")
        assert "2025" <= source.date <= today


def test_unconfirmed_prices_exist() -> None:
    keys = {key for table in (*TABLES.values(), prices.RDS_HOURLY, prices.EC2_HOURLY) for key in table}
    assert keys >= prices.UNCONFIRMED


@pytest.mark.parametrize("family", ["t2", "t3", "t3a", "t4g"])
def test_a_burstable_family_doubles_with_its_size(family: str) -> None:
    for smaller, larger in pairwise(SIZES):
        ratio = prices.EC2_HOURLY[f"{family}.{larger}"] / prices.EC2_HOURLY[f"{family}.{smaller}"]
        assert ratio == pytest.approx(2, rel=0.02), (family, larger)


def test_a_database_costs_more_than_its_instance() -> None:
    for name, price in prices.RDS_HOURLY.items():
        assert price > prices.EC2_HOURLY[name.removeprefix("db.")], name


def test_what_the_architecture_says_about_its_cost() -> None:
    stopped = (
        20 * prices.GB_MONTH["rds.gp3"]
        + 3 * 8 * prices.GB_MONTH["ebs.gp3"]
        + prices.MONTHLY["route53.zone"]
        + 2 * prices.MONTHLY["secretsmanager.secret"]
    )
    assert stopped == pytest.approx(5.52)
    assert prices.HOURLY["vpc.nat-gateway"] * prices.HOURS_PER_MONTH == pytest.approx(32.85)
    assert prices.HOURLY["vpc.elastic-ip"] == prices.HOURLY["vpc.public-ipv4"]

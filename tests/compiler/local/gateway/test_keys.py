"""How requests are counted."""

from __future__ import annotations

from datetime import UTC, datetime

from lenie.compiler.local.gateway.keys import Bucket, period_of


def test_a_bucket_lets_a_burst_through_and_then_the_rate() -> None:
    bucket = Bucket(2.0, 3, 0.0)
    assert [bucket.take(0.0) for _ in range(4)] == [True, True, True, False]
    assert [bucket.take(0.4), bucket.take(0.5), bucket.take(0.9)] == [False, True, False]
    assert [bucket.take(100.0) for _ in range(4)] == [True, True, True, False]


def test_periods_are_days_weeks_from_sunday_and_months() -> None:
    saturday, sunday = datetime(2026, 1, 31, 23, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)
    assert [period_of("DAY", day) for day in (saturday, sunday)] == ["2026-01-31", "2026-02-01"]
    assert [period_of("WEEK", day) for day in (saturday, sunday)] == ["2026-01-25", "2026-02-01"]
    assert [period_of("MONTH", day) for day in (saturday, sunday)] == ["2026-01", "2026-02"]

"""The runtimes are those of the registry schema, with dates that make sense."""

from __future__ import annotations

import runpy
from datetime import date
from pathlib import Path

import pytest

from lenie.compiler.data.runtimes import (
    AS_OF,
    NEWEST,
    POSTGRES_END_OF_SUPPORT,
    POSTGRES_WITHOUT_DATE,
    RUNTIMES,
    Language,
)

TOOL = Path(__file__).parents[3] / "tools" / "extract_tags.py"


def test_every_runtime_that_cloudformation_accepts_is_listed() -> None:
    schemas = runpy.run_path(str(TOOL))["shipped"]()[0]
    assert set(schemas["AWS::Lambda::Function"]["properties"]["Runtime"]["enum"]) <= set(RUNTIMES)


def test_only_the_newest_lack_a_date() -> None:
    without = {name for name, runtime in RUNTIMES.items() if runtime.end_of_support is None}
    assert without == {"java8.al2023", "java11.al2023", "java17.al2023", "nodejs26.x", "python3.15"}


def test_updates_are_blocked_after_support_ends() -> None:
    for runtime in RUNTIMES.values():
        if runtime.end_of_support and runtime.create_block and runtime.update_block:
            assert runtime.create_block <= runtime.update_block, runtime.name
            if runtime.name != "nodejs4.3-edge":
                assert runtime.end_of_support <= runtime.update_block, runtime.name


def test_a_language_is_the_start_of_its_name() -> None:
    for name, runtime in RUNTIMES.items():
        assert name == runtime.name
        assert name.startswith(runtime.language)


@pytest.mark.parametrize("language", NEWEST)
def test_the_newest_is_supported_for_longest(language: Language) -> None:
    newest = RUNTIMES[NEWEST[language]]
    assert newest.supported(AS_OF)
    dates = [runtime.end_of_support for runtime in RUNTIMES.values() if runtime.language == newest.language]
    assert newest.end_of_support == max(day for day in dates if day)


def test_support() -> None:
    assert RUNTIMES["python3.13"].supported(date(2029, 6, 29))
    assert not RUNTIMES["python3.13"].supported(date(2029, 6, 30))
    assert not RUNTIMES["python3.9"].supported(AS_OF)
    assert RUNTIMES["python3.15"].supported(AS_OF)


def test_postgres_versions_end_one_after_the_other() -> None:
    versions = sorted(POSTGRES_END_OF_SUPPORT, key=int)
    dates = [POSTGRES_END_OF_SUPPORT[version] for version in versions]
    assert dates == sorted(set(dates))
    assert all(int(newer) > int(versions[-1]) for newer in POSTGRES_WITHOUT_DATE)

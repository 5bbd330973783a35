"""What all tests share."""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let expected output be written instead of compared."""
    parser.addoption("--accept", action="store_true", help="write what is expected anew, from what comes out now")


@pytest.fixture(scope="session")
def accept(pytestconfig: pytest.Config) -> bool:
    """Whether expected files are to be written."""
    return bool(pytestconfig.getoption("--accept"))

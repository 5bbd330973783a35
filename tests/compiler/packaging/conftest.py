"""The project that the tests of packages work in."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest
from packaging_support import project

__all__ = ["project"]


@pytest.fixture(autouse=True)
def _collector() -> Iterator[None]:
    yield
    gc.enable()  # a command turns it off, and leaves its objects to the end of the process
    gc.unfreeze()

"""One system for all tests of a process: it takes half a minute to start."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from e2e.system import System, started


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    with started(tmp_path_factory.mktemp("local") / "emulator") as system:
        yield system


@pytest.fixture
def system(running: System) -> System:
    """The system with empty queues and tables, and its database running."""
    running.clear()
    return running

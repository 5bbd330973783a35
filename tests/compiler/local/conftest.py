"""One emulator for all tests of a worker; each test that asks for it finds it empty."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from support_local import Cloud

from lenie.compiler.local.server import Emulator


@pytest.fixture(scope="session")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    """The process; it ends with the tests."""
    with Emulator(tmp_path_factory.mktemp("emulator")) as running:
        yield running


@pytest.fixture
def cloud(emulator: Emulator) -> Cloud:
    """An account in which nothing is."""
    emulator.reset()
    return Cloud(emulator)

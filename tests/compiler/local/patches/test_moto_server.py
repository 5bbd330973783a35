"""The server finds the service of a request at once."""

from __future__ import annotations

import os
from typing import Any

import pytest
from moto import backends

from lenie.compiler.local.patches import moto_server


def test_moto_itself_lists_its_directory_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    listed = []
    original = os.listdir

    def listdir(path: Any) -> list[str]:
        listed.append(path)
        return original(path)

    monkeypatch.setattr(os, "listdir", listdir)
    found = [list(backends.list_of_moto_modules()) for _ in range(2)]
    assert len(listed) == 2
    remembered = moto_server._remembered(backends.list_of_moto_modules)
    assert list(remembered()) == list(remembered()) == found[0]
    assert len(listed) == 3

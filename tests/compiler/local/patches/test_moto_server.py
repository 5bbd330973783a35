"""The server finds the service of a request at once."""

from __future__ import annotations

import os
from typing import Any

import pytest
from botocore.exceptions import ClientError
from moto import backends
from moto.moto_server import werkzeug_app
from support_local import Cloud

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


def test_moto_itself_fails_for_a_service_that_it_does_not_have() -> None:
    with pytest.raises(AttributeError):
        werkzeug_app.create_backend_app(None)  # type: ignore[arg-type]


def test_a_service_that_is_not_emulated_is_refused(cloud: Cloud) -> None:
    with pytest.raises(ClientError, match=r"NotImplemented.*does not have this service"):
        cloud.client("translate").translate_text(Text="a", SourceLanguageCode="pl", TargetLanguageCode="en")

from __future__ import annotations

import pytest
from rule_support import findings, marked, spec


@pytest.mark.parametrize(("timeout", "expected"), [("29s", 0), ("30s", 1), ("5m", 1)])
def test_an_api_waits_29_seconds(timeout: str, expected: int) -> None:
    text = spec(f"""
        app: {{kind: function, timeout: {timeout}}}
        front: {{kind: api, routes: {{GET /list: app, POST /add: app}}}}
        back: {{kind: api, routes: {{GET /list: app}}}}
        """)
    found = findings("E312", text)
    assert len(found) == expected
    for one in found:
        assert marked(text, one) == timeout
        assert marked(text, one, 1) == "GET /list"


def test_a_function_that_no_api_calls_may_run_longer() -> None:
    assert not findings("E312", spec("insert: {kind: function, timeout: 15m}"))


def test_a_timeout_from_the_defaults_is_told_at_the_function() -> None:
    text = spec("""
        app: {kind: function}
        front: {kind: api, routes: {GET /list: app}}
        """).replace("timeout: 10s", "timeout: 60s")
    [found] = findings("E312", text)
    assert marked(text, found) == "app"

from __future__ import annotations

from rule_support import findings, marked, spec

from lenie.compiler.diagnostics import Severity

API = """
    app: {kind: function}
    front: {kind: api, routes: {GET /list: app}}
    """


def test_an_api_without_the_role_for_logs() -> None:
    text = spec(API)
    [found] = findings("W331", text)
    assert found.severity is Severity.WARNING
    assert marked(text, found) == "front"


def test_an_api_with_the_role() -> None:
    account = "  account:\n    layer: base\n    scope: account\n    resources: {gateway: {kind: api-account}}\n"
    assert not findings("W331", spec(API) + account)


def test_without_an_api_no_role_is_needed() -> None:
    assert not findings("W331", spec("work: {kind: queue}"))

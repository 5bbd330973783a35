from __future__ import annotations

from rule_support import findings, marked, spec, waived

OPEN = """
    app: {kind: function}
    front: {kind: api, routes: {GET /list: {function: app, key: false}, POST /add: app}WAIVE}
    """


def test_every_route_needs_a_key_by_default() -> None:
    text = spec("""
        app: {kind: function}
        front: {kind: api, routes: {GET /list: app, POST /add: {function: app, key: true}}}
        """)
    assert not findings("E311", text)


def test_a_route_without_a_key() -> None:
    text = spec(OPEN.replace("WAIVE", ""))
    [found] = findings("E311", text)
    assert found.message == "GET /list can be called by anybody"
    assert marked(text, found) == "false"


def test_the_api_can_waive_it() -> None:
    text = spec(OPEN.replace("WAIVE", ", waive: {E311: the list is public anyway}"))
    assert not findings("E311", text)
    assert len(waived("E311", text)) == 1

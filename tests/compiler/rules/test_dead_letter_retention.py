from __future__ import annotations

import pytest
from rule_support import findings, marked, spec, waived


@pytest.mark.parametrize(("source", "dead"), [("4d", "4d"), ("4d", "14d"), ("14d", "14d"), ("60m", "1h")])
def test_as_long_or_longer_is_fine(source: str, dead: str) -> None:
    text = spec(f"""
        work: {{kind: queue, retention: {source}, dead-letter: {{queue: dead, after: 5}}}}
        dead: {{kind: queue, retention: {dead}}}
        """)
    assert not findings("E322", text)


def test_a_shorter_retention_loses_messages() -> None:
    text = spec("""
        work: {kind: queue, retention: 14d, dead-letter: {queue: dead, after: 5}}
        dead: {kind: queue, retention: 36h}
        """)
    [found] = findings("E322", text)
    assert found.message.startswith('"dead" keeps messages for 36h, and "work" for 14d')
    assert marked(text, found) == "dead"
    assert marked(text, found, 1) == "retention"


def test_a_queue_cannot_be_its_own_dead_letter_queue() -> None:
    text = spec("work: {kind: queue, dead-letter: {queue: work, after: 5}}")
    [found] = findings("E322", text)
    assert "its own dead-letter queue" in found.message


def test_the_source_can_waive_it() -> None:
    text = spec("""
        work:
          kind: queue
          retention: 14d
          dead-letter: {queue: dead, after: 5}
          waive: {E322: lost messages are sent again}
        dead: {kind: queue, retention: 1d}
        """)
    assert not findings("E322", text)
    [note] = waived("E322", text)
    assert note.message.startswith("waived: ")
    assert "lost messages are sent again" in note.help

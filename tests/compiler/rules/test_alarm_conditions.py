from __future__ import annotations

from rule_support import findings, marked, spec

TOPIC = "told: {kind: topic, encrypted: false}\n"


def test_conditions_of_another_kind() -> None:
    text = spec(
        TOPIC
        + """
jobs: {kind: queue}
waiting: {kind: alarm, watch: jobs, when: [not-empty, errors], notify: told}
"""
    )
    (found,) = findings("E327", text)
    assert marked(text, found) == "errors"


def test_conditions_of_each_kind() -> None:
    text = spec(
        TOPIC
        + """
jobs: {kind: queue}
work: {kind: function}
waiting: {kind: alarm, watch: jobs, when: [not-empty], notify: told}
failing: {kind: alarm, watch: work, when: [errors, throttles], notify: told}
"""
    )
    assert not findings("E327", text)

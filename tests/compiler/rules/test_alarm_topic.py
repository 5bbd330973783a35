from __future__ import annotations

import re

from rule_support import findings, marked, spec, waived

ALARM = """
jobs: {{kind: queue}}
news: {{kind: topic, email: []{topic}}}
waiting: {{kind: alarm, watch: jobs, when: [not-empty], notify: news{alarm}}}
"""
PLAIN = ", encrypted: false, waive: {E324: alarms cannot publish to an encrypted topic}"


def test_an_alarm_of_an_encrypted_topic() -> None:
    text = spec(ALARM.format(topic="", alarm=""))
    [found] = findings("E336", text)
    assert (marked(text, found), marked(text, found, 1)) == ("news", "news")
    # The rule and the scanner see the same; a lint would go on to fail.
    assert {"E324", "CKV_AWS_26"} <= set(re.findall("[A-Z_0-9]+", found.help))
    text = spec(ALARM.format(topic=", encrypted: true", alarm=""))
    [found] = findings("E336", text)
    assert marked(text, found, 1) == "encrypted"


def test_an_alarm_of_a_plain_topic() -> None:
    assert not findings("E336", spec(ALARM.format(topic=PLAIN, alarm="")))


def test_a_topic_without_alarms_may_be_encrypted() -> None:
    assert not findings("E336", spec("news: {kind: topic, email: []}"))


def test_it_can_be_waived() -> None:
    text = spec(ALARM.format(topic="", alarm=", waive: {E336: the key is replaced by hand}"))
    assert not findings("E336", text)
    assert len(waived("E336", text)) == 1

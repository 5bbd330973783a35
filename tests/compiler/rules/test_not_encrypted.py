from __future__ import annotations

from rule_support import findings, marked, spec, waived


def test_encryption_is_the_default() -> None:
    assert not findings("E324", spec("news: {kind: topic, email: []}"))


def test_a_topic_without_encryption() -> None:
    text = spec("news: {kind: topic, email: [], encrypted: false}")
    [found] = findings("E324", text)
    assert found.message == '"news" is not encrypted'
    assert marked(text, found) == "false"


def test_it_can_be_waived() -> None:
    text = spec("news: {kind: topic, email: [], encrypted: false, waive: {E324: alarms cannot publish otherwise}}")
    assert not findings("E324", text)
    assert len(waived("E324", text)) == 1


def test_raw_switches_count() -> None:
    text = spec("""
        open: {kind: cloudformation, type: "AWS::EC2::Volume", properties: {Size: 8, Encrypted: false}}
        closed: {kind: cloudformation, type: "AWS::EC2::Volume", properties: {Size: 8, Encrypted: true}}
        deep:
          kind: cloudformation
          type: AWS::EC2::Instance
          properties: {BlockDeviceMappings: [{Ebs: {Encrypted: "false"}}]}
        """)
    found = findings("E324", text)
    assert [one.message for one in found] == [
        "AWS::EC2::Volume is not encrypted",
        "AWS::EC2::Instance is not encrypted",
    ]
    assert [marked(text, one) for one in found] == ["false", '"false"']

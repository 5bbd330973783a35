from __future__ import annotations

import pytest
from rule_support import findings, marked, spec

RAW = """
jobs: {kind: queue}
told: {kind: topic}
files: {kind: bucket}
policy: {kind: cloudformation, type: "%s", properties: {%s: %s, PolicyDocument: {Version: "2012-10-17"}}}
"""


@pytest.mark.parametrize(
    ("type_name", "name", "value"),
    [
        ("AWS::SQS::QueuePolicy", "Queues", '["${jobs.url}"]'),
        ("AWS::SNS::TopicPolicy", "Topics", '["${told.arn}"]'),
        ("AWS::S3::BucketPolicy", "Bucket", '"${files.name}"'),
    ],
)
def test_a_second_policy(type_name: str, name: str, value: str) -> None:
    text = spec(RAW % (type_name, name, value))
    (found,) = findings("E343", text)
    assert marked(text, found) in value


def test_a_policy_of_a_raw_resource() -> None:
    raw = 'raw: {kind: cloudformation, type: "AWS::SQS::Queue", properties: {}, attributes: {url: Ref}}\n'
    assert not findings("E343", spec(raw + RAW % ("AWS::SQS::QueuePolicy", "Queues", '["${raw.url}"]')))

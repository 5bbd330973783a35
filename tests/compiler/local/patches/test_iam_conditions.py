"""Conditions of resource policies: the operators, and buckets that refuse what comes without TLS."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError
from support_local import Cloud

from lenie.compiler.local.patches.iam_conditions import holds

CONTEXT = {"aws:securetransport": "true", "aws:sourcearn": "arn:aws:x:::abc"}


@pytest.mark.parametrize(
    ("conditions", "holding"),
    [
        ({}, True),
        ({"Bool": {"aws:SecureTransport": "true"}}, True),
        ({"Bool": {"aws:SecureTransport": False}}, False),
        ({"Bool": {"aws:MultiFactorAuthPresent": "true"}}, False),
        ({"BoolIfExists": {"aws:MultiFactorAuthPresent": "true"}}, True),
        ({"Null": {"aws:MultiFactorAuthPresent": "true"}}, True),
        ({"Null": {"aws:SecureTransport": "true"}}, False),
        ({"StringEquals": {"AWS:SourceArn": ["arn:aws:x:::no", "arn:aws:x:::abc"]}}, True),
        ({"StringEquals": {"AWS:SourceArn": "arn:aws:x:::ABC"}}, False),
        ({"StringEqualsIgnoreCase": {"AWS:SourceArn": "arn:aws:x:::ABC"}}, True),
        ({"StringNotEquals": {"aws:SourceArn": "arn:aws:x:::abc"}}, False),
        ({"StringNotEquals": {"aws:Unknown": "x"}}, True),
        ({"ArnLike": {"aws:SourceArn": "arn:aws:x:::a*"}}, True),
        ({"StringLike": {"aws:SourceArn": "a"}}, False),
        ({"Unheard": {"aws:SourceArn": "arn:aws:x:::abc"}}, False),
        ({"Bool": {"aws:SecureTransport": "true"}, "ArnLike": {"aws:SourceArn": "no"}}, False),
    ],
)
def test_conditions(conditions: dict[str, Any], holding: bool) -> None:
    assert holds(conditions, CONTEXT) is holding


def test_a_policy_that_demands_tls_lets_the_emulators_requests_pass(cloud: Cloud) -> None:
    s3 = cloud.client("s3")
    s3.create_bucket(Bucket="tested")
    deny = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::tested/*"}

    def put(condition: dict[str, Any]) -> None:
        policy = {"Version": "2012-10-17", "Statement": [{**deny, "Condition": condition}]}
        s3.put_bucket_policy(Bucket="tested", Policy=json.dumps(policy))
        s3.put_object(Bucket="tested", Key="key", Body=b"x")

    put({"Bool": {"aws:SecureTransport": "false"}})
    with pytest.raises(ClientError, match=r"Forbidden|403"):
        put({"Bool": {"aws:SecureTransport": "true"}})

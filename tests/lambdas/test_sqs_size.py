"""`sqs-size`: against moto."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType

import boto3
import pytest
from lambdas.conftest import body_of
from sqs_size import handler

Fresh = Callable[[ModuleType], ModuleType]


def test_counts(aws: None, fresh: Fresh, monkeypatch: pytest.MonkeyPatch) -> None:
    fresh(handler)
    sqs = boto3.client("sqs")
    queue = sqs.create_queue(QueueName="lenie-dev-documents")["QueueUrl"]
    monkeypatch.setenv("AWS_QUEUE_URL_ADD", queue)
    done = handler.lambda_handler({}, None)
    assert (done["statusCode"], body_of(done)) == (200, 0)
    for number in range(3):
        sqs.send_message(QueueUrl=queue, MessageBody=str(number))
    assert body_of(handler.lambda_handler({}, None)) == 3


def test_no_such_queue(aws: None, fresh: Fresh, monkeypatch: pytest.MonkeyPatch) -> None:
    fresh(handler)
    monkeypatch.setenv("AWS_QUEUE_URL_ADD", "https://sqs.us-east-1.amazonaws.com/123456789012/lenie-dev-documents")
    done = handler.lambda_handler({}, None)
    assert done["statusCode"] == 404
    assert body_of(done)["message"] == "Not found"


def test_not_configured(fresh: Fresh, monkeypatch: pytest.MonkeyPatch) -> None:
    fresh(handler)
    monkeypatch.delenv("AWS_QUEUE_URL_ADD", raising=False)
    assert handler.lambda_handler({}, None)["statusCode"] == 500

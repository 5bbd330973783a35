"""A document on its way: request, S3 and DynamoDB, queue, database, front end."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from lambdas.app_db import call, save
from lambdas.conftest import body_of
from lambdas.events import CONTEXT, get, post
from lambdas.postgres import Server
from sqs_into_rds import handler as consumer
from sqs_weblink_put_into import handler as producer


def test_from_the_request_to_the_front_end(aws: None, container: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    s3, dynamodb, sqs = (boto3.client(name) for name in ("s3", "dynamodb", "sqs"))
    s3.create_bucket(Bucket="content")
    dynamodb.create_table(
        TableName="documents",
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")],
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
    )
    queue = sqs.create_queue(QueueName="documents")["QueueUrl"]
    monkeypatch.setenv("BUCKET_NAME", "content")
    monkeypatch.setenv("DYNAMODB_TABLE_NAME", "documents")
    monkeypatch.setenv("AWS_QUEUE_URL_ADD", queue)
    monkeypatch.setattr(producer, "DELAY", 0)

    sent: dict[str, Any] = {"url": "https://example.com/żółw", "type": "webpage", "title": "Żółw 🐢", "paywall": True}
    content = {"text": 'Zażółć\n"gęślą"', "html": "<p>\u2028\ufffe</p>"}
    for _ in range(2):
        assert body_of(producer.lambda_handler(post("/url_add", sent | content), CONTEXT))["queued"]
    messages = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10)["Messages"]
    results = [consumer.lambda_handler(message, CONTEXT) for message in messages]
    assert [result["result"] for result in results] == ["inserted", "exists"]
    assert [result["ReceiptHandle"] for result in results] == [message["ReceiptHandle"] for message in messages]

    (listed,) = call(get("/website_list"))["websites"]
    found = call(get("/website_get", id=str(listed["id"])))
    assert (found["url"], found["title"], found["document_type"]) == (sent["url"], sent["title"], "webpage")
    assert (found["text"], found["text_raw"], found["paywall"]) == (content["text"], content["html"], True)
    assert found["created_at"].endswith("+00:00")
    assert save(url=sent["url"], document_state="NEED_MANUAL_REVIEW") == found["id"]

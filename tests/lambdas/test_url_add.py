"""`sqs-weblink-put-into` (`url-add`): against S3, DynamoDB and SQS of moto."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import boto3
import pytest
from botocore.exceptions import ClientError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lambdas.conftest import body_of
from lambdas.events import CONTEXT, base64_of, form, post
from library.errors import BadRequest
from library.messages import LARGEST, checked, decode, size
from sqs_weblink_put_into.handler import lambda_handler

PATH = "/url_add"
URL = "https://example.com/article?a=1#b"
BUCKET = "lenie-dev-website-content"
TABLE = "lenie_dev_documents"


@dataclass
class Stores:
    """The three services behind the function."""

    s3: Any
    dynamodb: Any
    sqs: Any
    queue: str

    def objects(self) -> dict[str, str]:
        keys = [item["Key"] for item in self.s3.list_objects_v2(Bucket=BUCKET).get("Contents", [])]
        return {key: self.s3.get_object(Bucket=BUCKET, Key=key)["Body"].read().decode() for key in keys}

    def items(self) -> list[dict[str, Any]]:
        found = self.dynamodb.scan(TableName=TABLE)["Items"]
        return [{name: next(iter(value.values())) for name, value in item.items()} for item in found]

    def messages(self) -> list[dict[str, Any]]:
        # Moto obeys the delay: the attributes tell what waits, and the backend holds the text.
        from moto.backends import get_backend

        name = self.queue.rpartition("/")[2]
        queue: Any = get_backend("sqs")["123456789012"]["us-east-1"].queues[name]
        assert all(9_000 < message.delayed_until - message.sent_timestamp < 11_000 for message in queue._messages)
        return [json.loads(message.body) for message in queue._messages]


@pytest.fixture
def stores(aws: None, monkeypatch: pytest.MonkeyPatch) -> Stores:
    s3, dynamodb, sqs = (boto3.client(name) for name in ("s3", "dynamodb", "sqs"))
    s3.create_bucket(Bucket=BUCKET)
    dynamodb.create_table(
        TableName=TABLE,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk", "created_date")],
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        GlobalSecondaryIndexes=[
            {
                "IndexName": "DateIndex",
                "KeySchema": [
                    {"AttributeName": "created_date", "KeyType": "HASH"},
                    {"AttributeName": "sk", "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
    )
    queue = sqs.create_queue(QueueName="lenie-dev-documents")["QueueUrl"]
    monkeypatch.setenv("BUCKET_NAME", BUCKET)
    monkeypatch.setenv("DYNAMODB_TABLE_NAME", TABLE)
    monkeypatch.setenv("AWS_QUEUE_URL_ADD", queue)
    return Stores(s3, dynamodb, sqs, queue)


def test_a_document_with_everything(stores: Stores) -> None:
    sent = {
        "url": URL,
        "type": "webpage",
        "text": "Zażółć gęślą jaźń",
        "html": "<p>Zażółć</p>",
        "title": "Tytuł",
        "language": "pl",
        "note": "A note",
        "paywall": True,
        "source": "friend",
        "ai_summary": True,
        "ai_correction": False,
        "chapter_list": "One\nTwo",
    }
    done = lambda_handler(post(PATH, sent), CONTEXT)
    assert done["statusCode"] == 200
    answer = body_of(done)
    assert answer["queued"] is True
    uuid = answer["document_id"]
    assert stores.objects() == {f"{uuid}.txt": sent["text"], f"{uuid}.html": sent["html"]}
    kind = stores.s3.head_object(Bucket=BUCKET, Key=f"{uuid}.html")["ContentType"]
    assert kind == "text/html; charset=utf-8"
    (item,) = stores.items()
    assert item["pk"] == "DOCUMENT"
    assert item["sk"] == f"{item['created_at']}#{uuid}"
    assert item["created_date"] == item["created_at"][:10]
    assert (item["document_id"], item["s3_uuid"]) == (uuid, uuid)
    described = {name: value for name, value in sent.items() if name not in ("text", "html")}
    assert described.items() <= item.items()
    (message,) = stores.messages()
    assert described.items() <= message.items()
    assert not {"text", "html", "pk", "sk"} & set(message)
    assert decode(json.dumps(message)) == message


@pytest.mark.parametrize("kind", ["movie", "youtube", "link", "webpage", "text_message", "text"])
@pytest.mark.parametrize("content", ["text", "html", None])
def test_content_of_any_type_is_kept(stores: Stores, kind: str, content: str | None) -> None:
    sent = {"url": URL, "type": kind} | ({content: "x"} if content else {})
    uuid = body_of(lambda_handler(post(PATH, sent), CONTEXT))["document_id"]
    suffix = {"text": "txt", "html": "html"}.get(content or "")
    assert stores.objects() == ({f"{uuid}.{suffix}": "x"} if content else {})
    assert ("s3_uuid" in stores.items()[0]) == (content is not None) == ("s3_uuid" in stores.messages()[0])
    assert stores.items()[0]["source"] == "own"


def test_form_and_base64(stores: Stores) -> None:
    sent = {"url": URL, "type": "link", "note": "ą & b", "paywall": "true", "ai_summary": "", "text": "+"}
    for event in (form(PATH, sent), base64_of(form(PATH, sent)), base64_of(post(PATH, sent))):
        assert lambda_handler(event, CONTEXT)["statusCode"] == 200
    unnamed = {**form(PATH, sent), "headers": None}
    assert lambda_handler(unnamed, CONTEXT)["statusCode"] == 200
    assert {(i["note"], i["paywall"], i["ai_summary"]) for i in stores.items()} == {("ą & b", True, False)}
    assert set(stores.objects().values()) == {"+"}


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"url": None}, "url"),
        ({"url": " "}, "url"),
        ({"url": 7}, "url"),
        ({"url": "not a url"}, "url"),
        ({"url": "javascript:alert(1)"}, "url"),
        ({"url": "https://"}, "url"),
        ({"url": "https://[::1"}, "url"),
        ({"url": "https://example.com/" + "a" * 2048}, "url"),
        ({"type": None}, "type"),
        ({"type": "spam"}, "type"),
        ({"type": ["link"]}, "type"),
        ({"title": {"a": 1}}, "title"),
        ({"text": 5}, "text"),
        ({"html": 5}, "html"),
        ({"paywall": "perhaps"}, "paywall"),
        ({"paywall": 3.5}, "paywall"),
        ({"note": "n" * LARGEST}, "note"),
    ],
)
def test_what_the_caller_sent_is_wrong(stores: Stores, changed: dict[str, Any], word: str) -> None:
    done = lambda_handler(post(PATH, {"url": URL, "type": "link"} | changed), CONTEXT)
    assert done["statusCode"] == 400
    assert word in body_of(done)["message"]
    assert not stores.objects()
    assert not stores.items()
    assert not stores.messages()


@pytest.mark.parametrize(
    "event",
    [
        None,
        [],
        {},
        {"body": None},
        {"body": 5},
        post(PATH, raw=""),
        post(PATH, raw="{"),
        post(PATH, raw="[1]"),
        post(PATH, raw="null"),
        post(PATH, raw="[" * 100_000),
        post(PATH, raw="%%%", kind="text/plain"),
        {**post(PATH, raw="%%%"), "isBase64Encoded": True},
        {**post(PATH, raw="/w=="), "isBase64Encoded": True},
        {**post(PATH, {}), "headers": "wrong", "queryStringParameters": "wrong"},
    ],
)
def test_broken_events(stores: Stores, event: Any) -> None:
    done = lambda_handler(event, CONTEXT)
    assert done["statusCode"] == 400
    assert body_of(done)["status"] == "error"


def test_chapters_as_a_list(stores: Stores) -> None:
    fields = [("url", URL), ("type", "link"), ("chapter_list[]", "1"), ("chapter_list[]", "Two")]
    sent = post(PATH, raw=urlencode(fields), kind="application/x-www-form-urlencoded")
    assert lambda_handler(sent, CONTEXT)["statusCode"] == 200
    assert (
        lambda_handler(post(PATH, {"url": URL, "type": "link", "chapter_list": ["1", "Two"]}), CONTEXT)["statusCode"]
        == 200
    )
    assert [item["chapter_list"] for item in stores.items()] == ["1\nTwo"] * 2
    assert [message["chapter_list"] for message in stores.messages()] == ["1\nTwo"] * 2
    assert lambda_handler(post(PATH, {"url": URL, "type": "link", "chapter_list": [1]}), CONTEXT)["statusCode"] == 400


def test_json_that_is_called_a_form(stores: Stores) -> None:
    """Many clients name the form's type whatever they send."""
    text = json.dumps({"url": URL, "type": "link", "title": "a=b&c"})
    done = lambda_handler(post(PATH, raw=text, kind="application/x-www-form-urlencoded"), CONTEXT)
    assert done["statusCode"] == 200
    assert [item["title"] for item in stores.items()] == ["a=b&c"]
    odd = f"[x]=1&{urlencode({'url': URL, 'type': 'link', 'title': 'form'})}"
    assert lambda_handler(post(PATH, raw=odd, kind="application/x-www-form-urlencoded"), CONTEXT)["statusCode"] == 200
    assert {item["title"] for item in stores.items()} == {"a=b&c", "form"}


def test_half_a_pair_of_surrogates_does_not_refuse_the_page(stores: Stores) -> None:
    sent = {"url": URL, "type": "webpage", "title": "t\ud83d", "text": "a\udfff", "html": "<p>\ud800</p>"}
    assert lambda_handler(post(PATH, sent), CONTEXT)["statusCode"] == 200
    assert set(stores.objects().values()) == {"a\ufffd", "<p>\ufffd</p>"}
    assert [i["title"] for i in stores.items()] == ["t\ufffd"]


def test_six_megabytes(stores: Stores) -> None:
    text = "ż" * (3 * 1024 * 1024)
    assert lambda_handler(post(PATH, {"url": URL, "type": "text", "text": text}), CONTEXT)["statusCode"] == 200
    assert list(stores.objects().values()) == [text]
    assert size(json.dumps(stores.messages()[0])) < 1024


def test_a_repeat_corrupts_nothing(stores: Stores) -> None:
    sent = post(PATH, {"url": URL, "type": "link", "text": "same"})
    first, second = (body_of(lambda_handler(sent, CONTEXT))["document_id"] for _ in range(2))
    assert first != second
    assert stores.objects() == {f"{first}.txt": "same", f"{second}.txt": "same"}
    assert {item["s3_uuid"] for item in stores.items()} == {first, second}


def test_dynamodb_is_critical(stores: Stores, monkeypatch: pytest.MonkeyPatch) -> None:
    stores.dynamodb.delete_table(TableName=TABLE)
    done = lambda_handler(post(PATH, {"url": URL, "type": "link"}), CONTEXT)
    assert done["statusCode"] == 502
    assert not stores.messages()
    monkeypatch.delenv("DYNAMODB_TABLE_NAME")
    assert lambda_handler(post(PATH, {"url": URL, "type": "link"}), CONTEXT)["statusCode"] == 500
    assert not stores.messages()


def test_without_s3_nothing_is_written(stores: Stores) -> None:
    stores.s3.delete_bucket(Bucket=BUCKET)
    assert lambda_handler(post(PATH, {"url": URL, "type": "link", "text": "x"}), CONTEXT)["statusCode"] == 502
    assert not stores.items()


def test_sqs_is_not_critical(stores: Stores) -> None:
    stores.sqs.delete_queue(QueueUrl=stores.queue)
    done = lambda_handler(post(PATH, {"url": URL, "type": "link"}), CONTEXT)
    assert done["statusCode"] == 200
    answer = body_of(done)
    assert answer["queued"] is False
    assert "not queued" in answer["message"]
    assert len(stores.items()) == 1


def test_the_log_holds_no_content(stores: Stores, logged: io.StringIO) -> None:
    text = "confidential " * 20
    sent = {"url": f"https://example.com/{'p' * 100}", "type": "link", "text": text, "note": text}
    lambda_handler(post(PATH, sent), CONTEXT)
    lambda_handler(post(PATH, {**sent, "type": text}), CONTEXT)
    lines = [json.loads(line) for line in logged.getvalue().splitlines()]
    assert [line["message"] for line in lines] == ["Stored", "Refused"]
    for word in ("confidential", "p" * 51, "key-of-the-caller"):
        assert word not in logged.getvalue()


def test_ten_messages_fit_a_state() -> None:
    # What doubles most in JSON inside JSON.
    for worst in ('"', "\\", "\n", "\x01", "ą", "🙂"):
        low, high = 0, LARGEST
        while high - low > 1:
            middle = (low + high) // 2
            try:
                checked({"url": URL, "type": "link", "note": worst * middle})
                low = middle
            except BadRequest:
                high = middle
        body = checked({"url": URL, "type": "link", "note": worst * low})
        received = {"MessageId": "i" * 36, "ReceiptHandle": "r" * 1024, "MD5OfBody": "m" * 32, "Body": body}
        state = json.dumps({"Messages": [received] * 10}, ensure_ascii=False)
        assert len(state.encode()) <= 256 * 1024


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=200))
def test_any_text_survives_the_message(text: str) -> None:
    if any("\ud800" <= c <= "\udfff" for c in text):
        return
    body = checked({"url": URL, "type": "text", "note": text})
    assert decode(body)["note"] == text
    assert not {"\ufffe", "\uffff"} & set(body)
    assert all(c >= " " for c in body)


def test_permission_missing(stores: Stores, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(service: str) -> Any:
        raise ClientError({"Error": {"Code": "AccessDenied", "Message": "arn:aws:iam::123456789012:role/x"}}, "PutItem")

    monkeypatch.setattr("sqs_weblink_put_into.handler.client", denied)
    done = lambda_handler(post(PATH, {"url": URL, "type": "link"}), CONTEXT)
    assert done["statusCode"] == 502
    assert "123456789012" not in done["body"]

"""`sqs-into-rds`: against S3 of moto and a real PostgreSQL."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ReadTimeoutError
from botocore.stub import Stubber
from lambdas.events import CONTEXT
from lambdas.postgres import Proxy, Server
from library import database as library_database
from library import settings
from library.errors import ContentUnavailable, DatabaseUnavailable, InsertionFailed, MalformedMessage
from sqs_into_rds.handler import lambda_handler

BUCKET = "lenie-dev-website-content"
UUID = "0b0f3c2e-6f0e-4c5b-9a53-0d6a3f0c7f10"
URL = "https://example.com/article"
INJECTIONS = (
    "'; DROP TABLE lenie.web_documents; --",
    "' OR '1'='1",
    "\\'; DELETE FROM lenie.web_documents; --",
    "%(url)s %s {} $1 :x",
    '"; TRUNCATE lenie.web_documents; --',
    "a\x00b",
)


@pytest.fixture
def bucket(aws: None, database: Server, monkeypatch: pytest.MonkeyPatch) -> Any:
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket=BUCKET)
    monkeypatch.setenv("BUCKET_NAME", BUCKET)
    return s3


def received(body: Any = None, **changes: Any) -> dict[str, Any]:
    """Return a message as SQS hands it to the state machine."""
    message = {"url": URL, "type": "link"} | changes
    text = json.dumps(message) if body is None else body
    return {"MessageId": "1", "ReceiptHandle": "handle", "MD5OfBody": "0", "Body": text}


def rows(database: Server, columns: str = "*") -> list[tuple[Any, ...]]:
    return database.execute(f"SELECT {columns} FROM web_documents ORDER BY id")


def test_inserts(bucket: Any, database: Server) -> None:
    bucket.put_object(Bucket=BUCKET, Key=f"{UUID}.txt", Body="Zażółć\0 gęślą".encode())
    bucket.put_object(Bucket=BUCKET, Key=f"{UUID}.html", Body="<p>Zażółć</p>".encode())
    event = received(
        title="Tytuł",
        note="note",
        language="pl",
        source="own",
        chapter_list="a\nb",
        paywall=True,
        ai_summary=True,
        ai_correction=False,
        s3_uuid=UUID,
        s3_content=["html", "txt"],
        created_at="2026-01-02T03:04:05.678+00:00",
        document_id=UUID,
    )
    done = lambda_handler(event, CONTEXT)
    assert done["statusCode"] == 200
    assert done["ReceiptHandle"] == "handle"
    json.dumps(done)
    columns = "url, document_type, document_state, title, text, text_raw, document_length, paywall, ai_summary_needed"
    assert rows(database, columns) == [
        (URL, "link", "URL_ADDED", "Tytuł", "Zażółć gęślą", "<p>Zażółć</p>", 12, True, True)
    ]
    ((created,),) = database.execute("SELECT created_at AT TIME ZONE 'UTC' FROM web_documents")
    assert created.isoformat() == "2026-01-02T03:04:05.678000"


def test_without_content(bucket: Any, database: Server) -> None:
    assert lambda_handler(received(), CONTEXT)["result"] == "inserted"
    assert rows(database, "text, text_raw, s3_uuid, source") == [(None, None, None, None)]


@pytest.mark.parametrize("kind", ["txt", "html"])
def test_one_kind_of_content(bucket: Any, database: Server, kind: str) -> None:
    bucket.put_object(Bucket=BUCKET, Key=f"{UUID}.{kind}", Body=b"x\xff")
    lambda_handler(received(s3_uuid=UUID), CONTEXT)
    lambda_handler(received(s3_uuid=UUID, s3_content=[kind], url=URL + "/2"), CONTEXT)
    expected = ("x\ufffd", None) if kind == "txt" else (None, "x\ufffd")
    assert rows(database, "text, text_raw") == [expected, expected]


def test_a_known_url_stays(bucket: Any, database: Server) -> None:
    assert lambda_handler(received(title="first"), CONTEXT)["result"] == "inserted"
    done = lambda_handler(received(title="second"), CONTEXT)
    assert (done["statusCode"], done["result"], done["ReceiptHandle"]) == (200, "exists", "handle")
    assert rows(database, "title") == [("first",)]


def test_two_at_once(bucket: Any, database: Server) -> None:
    from library import documents

    results: list[int | None] = []
    barrier = threading.Barrier(4)

    def insert() -> None:
        connection = database.connect()
        with connection, connection.cursor() as cursor:
            cursor.execute("SET search_path TO lenie, public")
            barrier.wait(10)
            results.append(documents.insert_once(cursor, {"url": URL, "document_type": "link"}))
            barrier_done.wait(0.2)
        connection.close()

    barrier_done = threading.Event()
    threads = [threading.Thread(target=insert) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(rows(database)) == 1
    assert sorted(result is None for result in results) == [False, True, True, True]


@pytest.mark.parametrize(
    "event",
    [
        None,
        [],
        {},
        {"Body": "{}"},
        received("not json"),
        received("[]"),
        received("null"),
        received("[" * 100_000),
        received(5),
        received(url=None),
        received(url=""),
        received(url="https://example.com/" + "a" * 2048),
        received(url="\ud800"),
        received(type="spam"),
        received(type=["link"]),
        received(title=5),
        received(note="\udfff"),
        received(paywall="true"),
        received(s3_uuid="../secret"),
        received(s3_uuid=UUID.upper()),
        received(s3_uuid=UUID, s3_content=["exe"]),
        received(s3_uuid=UUID, s3_content="txt"),
        received(created_at="yesterday"),
        received(created_at="2026-01-02T03:04:05"),
        received(created_at=5),
    ],
)
def test_malformed(bucket: Any, database: Server, event: Any) -> None:
    with pytest.raises(MalformedMessage):
        lambda_handler(event, CONTEXT)
    assert not rows(database)


def test_the_state_machine_knows_the_errors() -> None:
    # Lambda reports the name of the class, without its module.
    assert DatabaseUnavailable.__name__ == "DatabaseUnavailable"
    spec = (Path(__file__).parents[2] / "spec/lenie.yaml").read_text()
    assert "ErrorEquals: [DatabaseUnavailable]" in spec


def test_content_that_is_not_there(bucket: Any, database: Server) -> None:
    with pytest.raises(ContentUnavailable):
        lambda_handler(received(s3_uuid=UUID), CONTEXT)
    bucket.put_object(Bucket=BUCKET, Key=f"{UUID}.txt", Body=b"x")
    with pytest.raises(ContentUnavailable):
        lambda_handler(received(s3_uuid=UUID, s3_content=["txt", "html"]), CONTEXT)
    assert not rows(database)


@pytest.mark.parametrize(
    ("code", "result"),
    [
        ("AccessDenied", "inserted"),
        ("NoSuchKey", "inserted"),
        ("SlowDown", DatabaseUnavailable),
        ("InternalError", DatabaseUnavailable),
        ("NoSuchBucket", DatabaseUnavailable),
    ],
)
def test_what_s3_may_answer(
    aws: None, database: Server, monkeypatch: pytest.MonkeyPatch, code: str, result: Any
) -> None:
    import io

    from botocore.response import StreamingBody

    monkeypatch.setenv("BUCKET_NAME", BUCKET)
    s3, rds = settings.client("s3"), settings.client("rds")
    monkeypatch.setattr("sqs_into_rds.handler.client", lambda service: {"s3": s3, "rds": rds}[service])
    with Stubber(s3) as stubber:
        stubber.add_response("get_object", {"Body": StreamingBody(io.BytesIO(b"text"), 4)})
        stubber.add_client_error("get_object", code)
        if isinstance(result, str):
            assert lambda_handler(received(s3_uuid=UUID), CONTEXT)["result"] == result
        else:
            with pytest.raises(result, match="S3"):
                lambda_handler(received(s3_uuid=UUID), CONTEXT)


def test_s3_out_of_reach(bucket: Any, database: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    class Silent:
        def get_object(self, **_: Any) -> Any:
            raise ReadTimeoutError(endpoint_url="https://s3.example.com")

    monkeypatch.setattr("sqs_into_rds.handler.client", lambda service: Silent())
    with pytest.raises(DatabaseUnavailable, match="S3"):
        lambda_handler(received(s3_uuid=UUID), CONTEXT)


@pytest.mark.parametrize("name", ["POSTGRESQL_HOST", "POSTGRESQL_DATABASE", "BUCKET_NAME"])
def test_a_missing_setting_leaves_the_message(
    bucket: Any, database: Server, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    bucket.put_object(Bucket=BUCKET, Key=f"{UUID}.txt", Body=b"x")
    monkeypatch.delenv(name)
    with pytest.raises(DatabaseUnavailable, match=name):
        lambda_handler(received(s3_uuid=UUID), CONTEXT)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("POSTGRESQL_PORT", "five", "POSTGRESQL_PORT is no port"),
        ("POSTGRESQL_USER", "nobody", "does not let the function in"),
        ("POSTGRESQL_DATABASE", "nothing", "does not let the function in"),
    ],
)
def test_a_wrong_setting_leaves_the_message(
    bucket: Any, database: Server, monkeypatch: pytest.MonkeyPatch, name: str, value: str, words: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(DatabaseUnavailable, match=words):
        lambda_handler(received(), CONTEXT)


@pytest.mark.parametrize(
    ("fault", "mended", "code"),
    [
        ("ALTER TABLE web_documents RENAME TO away", "ALTER TABLE away RENAME TO web_documents", "42P01"),
        (
            "REVOKE INSERT ON web_documents FROM lenie_app",
            "GRANT INSERT ON web_documents TO lenie_app",
            "42501",
        ),
        (
            "ALTER ROLE lenie_app SET default_transaction_read_only = on",
            "ALTER ROLE lenie_app RESET default_transaction_read_only",
            "25006",
        ),
    ],
)
def test_a_fault_of_the_database_leaves_the_message(
    bucket: Any, database: Server, fault: str, mended: str, code: str
) -> None:
    database.execute(fault)
    try:
        with pytest.raises(DatabaseUnavailable, match=code):
            lambda_handler(received(), CONTEXT)
    finally:
        database.execute(mended)
        library_database.release()
    assert lambda_handler(received(), CONTEXT)["result"] == "inserted"


@pytest.mark.parametrize("name", ["url", "title", "language", "note", "source", "chapter_list"])
@pytest.mark.parametrize("text", INJECTIONS)
def test_injections_are_text(bucket: Any, database: Server, name: str, text: str) -> None:
    lambda_handler(received(url=URL + "/first"), CONTEXT)
    lambda_handler(received(**{name: text}), CONTEXT)
    assert rows(database, name)[1] == (text.replace("\0", ""),)
    assert len(rows(database)) == 2


def test_a_lost_connection(bucket: Any, database: Server, secure: tuple[Proxy, Path]) -> None:
    proxy = secure[0]
    before = proxy.accepted
    lambda_handler(received(), CONTEXT)
    lambda_handler(received(url=URL + "/2"), CONTEXT)
    assert proxy.accepted == before + 1  # one connection for a container
    proxy.cut()
    assert lambda_handler(received(url=URL + "/3"), CONTEXT)["result"] == "inserted"
    assert proxy.accepted == before + 2
    database.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'lenie_app'")
    assert lambda_handler(received(url=URL + "/4"), CONTEXT)["result"] == "inserted"
    assert len(rows(database)) == 4


def test_a_stopped_database(bucket: Any, database: Server) -> None:
    lambda_handler(received(), CONTEXT)
    database.stop()
    try:
        for _ in range(2):
            with pytest.raises(DatabaseUnavailable):
                lambda_handler(received(url=URL + "/2"), CONTEXT)
    finally:
        database.start()
    assert lambda_handler(received(url=URL + "/2"), CONTEXT)["result"] == "inserted"


def test_what_the_database_refuses(bucket: Any, database: Server, logged: Any) -> None:
    text = "confidential " * 20
    database.execute("ALTER TABLE web_documents ADD CONSTRAINT short CHECK (length(note) < 10)")
    try:
        with pytest.raises(InsertionFailed) as caught:
            lambda_handler(received(note=text), CONTEXT)
    finally:
        database.execute("ALTER TABLE web_documents DROP CONSTRAINT short")
    # Lambda writes the error into the log, and the state machine into the dead-letter queue.
    assert str(caught.value) == "The database refuses the document: 23514"
    assert caught.value.__suppress_context__
    assert "confidential" not in logged.getvalue()


def test_what_another_attempt_may_mend(bucket: Any, database: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    from library import database as library_database

    monkeypatch.setattr(library_database, "_STATEMENT", 50)
    connection = database.connect()
    with connection, connection.cursor() as cursor:
        cursor.execute("LOCK TABLE lenie.web_documents")
        with pytest.raises(DatabaseUnavailable, match="in time"):
            lambda_handler(received(), CONTEXT)
    connection.close()
    assert not rows(database)

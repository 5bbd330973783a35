"""`lenie sync-documents`: what the real function stored in moto, taken over into a real PostgreSQL."""

from __future__ import annotations

import json
import sys
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest
from boto3.dynamodb.types import TypeSerializer
from botocore.exceptions import ClientError
from lambdas.postgres import Server
from migration_support import ROOT
from moto import mock_aws

from lenie.compiler.aws import Account
from lenie.compiler.cli import main
from lenie.compiler.synchronisation import command
from lenie.compiler.synchronisation.source import Source
from lenie.compiler.synchronisation.target import Target

TABLE, BUCKET = "lenie_dev_documents", "lenie-dev-website-content"
PARAMETERS = {"/lenie/dev/dynamodb/documents-table/name": TABLE, "/lenie/dev/s3/website-content/name": BUCKET}
TODAY = datetime.now(UTC).date()


class Cloud:
    """The table and the bucket, and the function that fills them."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.dynamodb, self.s3, self.sqs, self.ssm = (
            boto3.client(name, region_name="us-east-1") for name in ("dynamodb", "s3", "sqs", "ssm")
        )
        self.s3.create_bucket(Bucket=BUCKET)
        attributes = [{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk", "created_date")]
        keys = [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}]
        by_day = [{"AttributeName": "created_date", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}]
        index = {"IndexName": "DateIndex", "KeySchema": by_day, "Projection": {"ProjectionType": "ALL"}}
        self.dynamodb.create_table(
            TableName=TABLE,
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=attributes,
            KeySchema=keys,
            GlobalSecondaryIndexes=[index],
        )
        for name, value in PARAMETERS.items():
            self.ssm.put_parameter(Name=name, Value=value, Type="String")
        queue = self.sqs.create_queue(QueueName="lenie-dev-documents")["QueueUrl"]
        for name, value in (("DYNAMODB_TABLE_NAME", TABLE), ("BUCKET_NAME", BUCKET), ("AWS_QUEUE_URL_ADD", queue)):
            monkeypatch.setenv(name, value)

    def post(self, **document: Any) -> str:
        """Store a document as the function does, and return its id."""
        from library import settings
        from library.web import Parameters
        from sqs_weblink_put_into.handler import add

        settings.client.cache_clear()
        answer = add(Parameters({"url": f"https://example.com/{uuid.uuid4()}", "type": "link", **document}))
        return str(answer["document_id"])

    def put(self, day: date, number: int = 0, **changes: Any) -> dict[str, Any]:
        """Store the description of a document of some day, as an item of the table."""
        made = datetime(day.year, day.month, day.day, 12, tzinfo=UTC) + timedelta(seconds=number)
        name = str(uuid.uuid4())
        item = {
            "pk": "DOCUMENT",
            "sk": f"{made.isoformat(timespec='milliseconds')}#{name}",
            "created_date": day.isoformat(),
            "created_at": made.isoformat(timespec="milliseconds"),
            "document_id": name,
            "url": f"https://example.com/{day}/{number}",
            "type": "link",
            "source": "own",
        } | changes
        item = {name: value for name, value in item.items() if value is not None}
        self.dynamodb.put_item(TableName=TABLE, Item=TypeSerializer().serialize(item)["M"])
        return item


@pytest.fixture(autouse=True)
def code(monkeypatch: pytest.MonkeyPatch) -> None:
    """The functions' code, as `lenie sync-documents` finds it by the spec."""
    monkeypatch.setattr(sys, "path", [str(ROOT / "lambdas"), *sys.path])
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[Cloud]:
    with mock_aws(config={"core": {"reset_boto3_session": False}}):
        yield Cloud(monkeypatch)


Run = Callable[..., tuple[Any, str, str]]


@pytest.fixture
def sync(server: Server, database: str, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs the command for the empty, migrated database."""
    from library.migrations import migrate

    connection = server.connect(database)
    migrate(connection)
    connection.close()

    def run(*more: str, **changed: str) -> tuple[Any, str, str]:
        given = {"env": "dev", "host": "127.0.0.1", "port": str(server.port), "database": database} | changed
        words = [word for name, value in given.items() if value for word in (f"--{name.replace('_', '-')}", value)]
        capsys.readouterr()  # what the function logged
        with pytest.raises(SystemExit) as exited:
            main.main(["sync-documents", *words, *more], prog_name="lenie")
        out, err = capsys.readouterr()
        return exited.value.code, out, err

    return run


@pytest.fixture
def rows(server: Server, database: str) -> Callable[[str], list[tuple[Any, ...]]]:
    def read(columns: str) -> list[tuple[Any, ...]]:
        return server.execute(f"SELECT {columns} FROM web_documents ORDER BY id", database=database)

    return read


Rows = Callable[[str], list[tuple[Any, ...]]]


def test_documents_of_the_function_are_taken_over(cloud: Cloud, sync: Run, rows: Rows) -> None:
    first = cloud.post(title="Zażółć", note="n", paywall="true", text="gęślą jaźń", html="<p>gęślą</p>", language="pl")
    cloud.post(url="https://example.com/second", type="movie", source="other", ai_summary="true")
    code, out, err = sync()
    assert (code, err) == (0, "")
    assert out == f"{TODAY}  2 new\n2 taken over, 0 known since {TODAY}\n"
    columns = "url, document_type, title, note, paywall, text, text_raw, language, source, s3_uuid::text"
    one, two = rows(f"{columns}, ai_summary_needed, document_state, document_length")
    assert one[1:] == (
        *("link", "Zażółć", "n", True, "gęślą jaźń", "<p>gęślą</p>", "pl", "own", first),
        *(False, "URL_ADDED", 10),
    )
    assert two[:2] == ("https://example.com/second", "movie")
    assert two[8:11] == ("other", None, True)
    assert [one.date() for (one,) in rows("created_at")] == [TODAY, TODAY]
    # Again, and with one more.
    assert sync()[1] == f"0 taken over, 2 known since {TODAY - timedelta(days=1)}\n"
    cloud.post()
    assert sync()[1].startswith(f"{TODAY}  1 new\n1 taken over, 2 known")
    assert len(rows("id")) == 3


def test_the_same_rows_as_through_the_queue(cloud: Cloud, sync: Run, rows: Rows, server: Server, database: str) -> None:
    """What the workflow writes for the message of a document is what is taken over from the table."""
    from library import intake, messages

    cloud.post(title="t", text="words", html="<p>words</p>", chapter_list="a\nb", ai_correction="true", note="n" * 500)
    sync()
    (taken,) = rows("to_jsonb(web_documents) - 'id'")
    from moto.backends import get_backend

    (queue,) = get_backend("sqs")["123456789012"]["us-east-1"].queues.values()
    message = messages.decode(queue._messages[0].body)
    server.execute("DELETE FROM web_documents", database=database)
    connection = server.connect(database)
    with connection, connection.cursor() as cursor:
        from library.documents import insert_once

        cursor.execute("SET search_path TO lenie, public")
        insert_once(cursor, intake.row(message, {"txt": "words", "html": "<p>words</p>"}))
    connection.close()
    assert rows("to_jsonb(web_documents) - 'id'") == [taken]


def test_since(cloud: Cloud, sync: Run, rows: Rows) -> None:
    days = [TODAY - timedelta(days=number) for number in (400, 3, 2, 0)]
    for day in days:
        cloud.put(day)
    assert sync(since=str(days[2]))[1].splitlines() == [
        f"{days[2]}  1 new",
        f"{days[3]}  1 new",
        f"2 taken over, 0 known since {days[2]}",
        f"older ones, until {days[1]}, are not looked for later: --since {days[0]} takes them over",
    ]
    # The bookmark is at the end now: what is older comes only when it is asked for.
    assert sync()[1] == f"0 taken over, 1 known since {TODAY - timedelta(days=1)}\n"
    assert sync(since=str(days[0]))[1].splitlines()[-1] == f"2 taken over, 2 known since {days[0]}"
    assert sync()[1] == f"0 taken over, 1 known since {TODAY - timedelta(days=1)}\n"
    assert len(rows("id")) == 4


def test_since_long_before_the_first_document(cloud: Cloud, sync: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[date] = []
    pages = Source.pages

    def counted(self: Source, day: date) -> Iterator[list[dict[str, Any]]]:
        asked.append(day)
        return pages(self, day)

    monkeypatch.setattr(Source, "pages", counted)
    first = TODAY - timedelta(days=2)
    cloud.put(first)
    assert sync(since="1970-01-01")[1] == f"{first}  1 new\n1 taken over, 0 known since {first}\n"
    assert len(asked) == 4


def test_since_leaves_a_gap_behind_what_was_reached(cloud: Cloud, sync: Run) -> None:
    reached = TODAY - timedelta(days=20)
    cloud.put(reached)
    sync()
    cloud.put(TODAY - timedelta(days=10))
    out = sync(since=str(TODAY))[1]
    told = f"older ones, until {TODAY - timedelta(days=1)}, are not looked for later: --since {reached} takes them over"
    assert out.splitlines()[-1] == told
    assert json.loads(sync("--format", "json", since=str(TODAY))[1])["left_out_since"] == str(reached)
    assert sync(since=str(reached))[1].splitlines()[-1] == f"1 taken over, 1 known since {reached}"


def test_a_key_of_the_future_hides_nothing(cloud: Cloud, sync: Run) -> None:
    cloud.put(TODAY, sk="2999-01-01T00:00:00.000+00:00#x")
    assert "1 taken over" in sync()[1]
    cloud.put(TODAY, 1)
    assert "1 taken over, 1 known" in sync()[1]


def test_without_a_bookmark_it_begins_with_the_oldest(cloud: Cloud, sync: Run) -> None:
    assert sync()[1] == "0 taken over, 0 known\n"
    oldest = TODAY - timedelta(days=9)
    for day in (TODAY, oldest):
        cloud.put(day)
    assert sync()[1].splitlines()[-1] == f"2 taken over, 0 known since {oldest}"


def test_a_late_document_of_the_day_before(cloud: Cloud, sync: Run) -> None:
    cloud.put(TODAY)
    sync()
    cloud.put(TODAY - timedelta(days=1))
    assert "1 taken over" in sync()[1]


def test_dry_run(cloud: Cloud, sync: Run, rows: Rows, monkeypatch: pytest.MonkeyPatch) -> None:
    cloud.post(text="words")

    def never(*_: object) -> None:
        raise AssertionError("content is fetched in a dry run")

    with monkeypatch.context() as patch:
        patch.setattr(Source, "_read", never)
        assert sync("--dry-run")[1] == f"{TODAY}  1 new\n1 would be taken over, 0 known since {TODAY}\n"
    assert rows("id") == []
    assert sync()[1].startswith(f"{TODAY}  1 new")


def test_json(cloud: Cloud, sync: Run) -> None:
    cloud.put(TODAY)
    cloud.put(TODAY, 1, type="poem")
    code, out, err = sync("--format", "json")
    data = json.loads(out)
    assert (code, err) == (2, "")
    (trouble,) = data.pop("troubles")
    assert trouble["why"] == "type is missing or unknown"
    assert data == {
        "exit_code": 2,
        "diagnostics": [],
        "since": str(TODAY),
        "left_out_since": None,
        "new": 1,
        "known": 0,
        "days": {str(TODAY): 1},
    }


def test_pages_and_batches(cloud: Cloud, sync: Run, rows: Rows) -> None:
    """More than 1 MB of descriptions on one day, and more than one transaction of documents."""
    for number in range(60):
        cloud.put(TODAY, number, note="n" * 30_000)
    assert "60 taken over" in sync()[1]
    assert rows("url") == [(f"https://example.com/{TODAY}/{number}",) for number in range(60)]


def test_an_interrupted_run_is_gone_on_with(
    cloud: Cloud, sync: Run, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(60):
        cloud.put(TODAY, number)
    real, calls = Target.insert, iter([1, 2])

    def insert(self: Target, *given: Any) -> list[str]:
        if next(calls, None) is None:
            raise KeyboardInterrupt
        return real(self, *given)

    with monkeypatch.context() as patch:
        patch.setattr(Target, "insert", insert)
        assert sync()[0] == 130
    assert len(rows("id")) == 2 * command.BATCH
    assert sync()[1].splitlines()[-1].startswith("10 taken over, 50 known")
    assert rows("url") == [(f"https://example.com/{TODAY}/{number}",) for number in range(60)]


def test_a_lost_connection_leaves_whole_batches(
    cloud: Cloud, sync: Run, rows: Rows, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(30):
        cloud.put(TODAY, number)
    real = Source.contents
    calls = iter([1])

    def contents(self: Source, pointers: Any) -> Any:
        if next(calls, None) is None:
            server.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE application_name = 'lenie sync-documents'",
                database="postgres",
            )
        return real(self, pointers)

    with monkeypatch.context() as patch:
        patch.setattr(Source, "contents", contents)
        code, _, err = sync()
    assert code == 3
    assert "error[E913]: the database does not take the documents: " in err
    assert "it goes on where it was" in err
    assert len(rows("id")) == command.BATCH
    assert "5 taken over" in sync()[1]


@pytest.mark.parametrize(
    ("stored", "said", "state", "text"),
    [
        (["txt", "html"], ["txt", "html"], "URL_ADDED", "txt"),
        (["html"], ["txt", "html"], "ERROR", None),
        ([], ["txt"], "ERROR", None),
        # An item that does not say what was stored: text, HTML, or both.
        (["txt"], None, "URL_ADDED", "txt"),
        (["html"], None, "URL_ADDED", None),
        ([], None, "ERROR", None),
    ],
)
def test_content(
    cloud: Cloud, sync: Run, rows: Rows, stored: list[str], said: list[str] | None, state: str, text: str | None
) -> None:
    """What is missing is told, and the document is there nevertheless."""
    name = str(uuid.uuid4())
    for kind in stored:
        cloud.s3.put_object(Bucket=BUCKET, Key=f"{name}.{kind}", Body=kind.encode())
    cloud.put(TODAY, s3_uuid=name, s3_content=said)
    code, out, _ = sync()
    assert code == (2 if state == "ERROR" else 0)
    assert rows("document_state, text") == [(state, text)]
    assert ("its content is not in S3" in out) == (state == "ERROR")
    ((error,),) = rows("document_state_error")
    assert (f"{name}.txt" in (error or "")) == (state == "ERROR")
    # It is told once, and then known.
    assert sync()[0] == 0


def test_the_first_document_of_a_url_stays(cloud: Cloud, sync: Run, rows: Rows) -> None:
    for number, title in enumerate(("first", "second", "third")):
        cloud.put(TODAY, number, url="https://example.com/same", title=title)
    assert "1 taken over, 2 known" in sync()[1]
    assert rows("title") == [("first",)]


def test_what_is_no_document_is_told_and_the_rest_goes_on(cloud: Cloud, sync: Run, rows: Rows) -> None:
    cloud.put(TODAY, 0, url=None)
    cloud.put(TODAY, 1, type=7)
    cloud.put(TODAY, 2, s3_uuid="../../etc/passwd")
    cloud.put(TODAY, 3, created_at="yesterday")
    cloud.put(TODAY, 4, title="a\0b")
    cloud.put(TODAY, 5, created_at="0001-01-01T00:00:00+14:00")
    code, out, _ = sync()
    assert code == 2
    assert [line.partition(": ")[2] for line in out.splitlines()[2:]] == [
        "url is missing or is no URL",
        "type is missing or unknown",
        "s3_uuid is no UUID",
        "created_at is no time with its zone",
    ]
    assert ("ab",) in rows("title")


def test_what_the_database_refuses_is_told_and_the_rest_goes_on(
    cloud: Cloud, sync: Run, rows: Rows, server: Server, database: str
) -> None:
    server.execute("ALTER TABLE web_documents ADD CHECK (title <> 'bad')", database=database)
    for number, title in enumerate(("good", "bad", "better")):
        cloud.put(TODAY, number, title=title)
    code, out, _ = sync()
    assert code == 2
    assert "2 taken over" in out
    assert 'violates check constraint "web_documents_title_check"' in out.splitlines()[-1]
    assert rows("title") == [("good",), ("better",)]


def test_a_strange_key_does_not_move_the_bookmark(cloud: Cloud, sync: Run, server: Server, database: str) -> None:
    good = cloud.put(TODAY)
    cloud.put(TODAY, 1, sk="zzz")
    assert "2 taken over" in sync()[1]
    assert server.execute("SELECT source, last_key FROM synchronised", database=database) == [
        (f"dynamodb:us-east-1:{TABLE}", good["sk"])
    ]
    assert sync()[1].endswith(f"known since {TODAY - timedelta(days=1)}\n")


def test_a_table_of_something_else(cloud: Cloud, sync: Run) -> None:
    cloud.put(TODAY, sk="zzz")
    code, _, err = sync()
    assert code == 3
    assert 'the key "zzz" in the table lenie_dev_documents does not begin with a day' in err
    assert sync(since=str(TODAY))[0] == 0


def test_s3_refuses(cloud: Cloud, sync: Run, rows: Rows, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the permission to list, S3 says so of what does not exist, too: nothing is taken for missing then."""
    cloud.post(text="words")

    class Refusing:
        def get_object(self, **_: Any) -> None:
            raise ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "GetObject")

    real = Account.client
    with monkeypatch.context() as patch:
        patch.setattr(Account, "client", lambda self, name: Refusing() if name == "s3" else real(self, name))
        code, _, err = sync()
    assert code == 3
    assert "AWS denies GetObject" in err
    assert rows("id") == []
    assert sync()[0] == 0


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"env": ""}, "whose documents are meant?"),
        ({"env": "deb"}, 'there is no environment "deb"'),
        ({"since": "yesterday"}, '"yesterday" is no date'),
        ({"since": "2999-01-01"}, "is in the future"),
        ({"table": "nothing"}, 'there is no table "nothing" of documents'),
        ({"bucket": "nothing"}, 'there is no bucket "nothing" of documents'),
        ({"port": "70000"}, "70000 is no port"),
        ({"endpoint-url": "http://203.0.113.1"}, "--endpoint-url takes an address of this machine only"),
        ({"database": "nothing"}, "cannot connect to 127.0.0.1:"),
    ],
)
def test_refused(cloud: Cloud, sync: Run, more: dict[str, str], message: str) -> None:
    code, out, err = sync(**more)
    assert (code, out) == (3, "")
    assert message in err
    assert "Traceback" not in err


def test_a_database_without_tables(
    cloud: Cloud, server: Server, database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ["--env", "dev", "--host", "127.0.0.1", "--port", str(server.port), "--database", database]
    with pytest.raises(SystemExit) as exited:
        main.main(["sync-documents", *given], prog_name="lenie")
    assert exited.value.code == 3
    assert "error[E914]: the database has no table for what is synchronised" in capsys.readouterr().err


def test_not_deployed(cloud: Cloud, sync: Run) -> None:
    cloud.ssm.delete_parameter(Name=next(iter(PARAMETERS)))
    code, _, err = sync()
    assert code == 3
    assert f"there is no SSM parameter {next(iter(PARAMETERS))}" in err
    assert 'deploy the component "dynamodb-documents" to dev first' in err


def test_a_project_without_the_library(
    cloud: Cloud, sync: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import shutil

    shutil.copytree(ROOT / "spec", tmp_path / "spec")
    shutil.copytree(ROOT / "lambdas", tmp_path / "lambdas", ignore=shutil.ignore_patterns("__pycache__", "intake.py"))
    monkeypatch.chdir(tmp_path)
    code, _, err = sync()
    assert code == 3
    assert "lambdas/library/intake.py does not exist" in err

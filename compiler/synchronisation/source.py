"""The documents in the cloud: their descriptions in DynamoDB, day by day, and their content in S3."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any, NamedTuple

from lenie.compiler.aws import Account, refusal, told
from lenie.compiler.synchronisation.project import INDEX

#: The partition of all documents.
PARTITION = "DOCUMENT"
#: Objects that are fetched at a time.
_AT_ONCE = 8
_MISSING = ("NoSuchKey", "404")


class Content(NamedTuple):
    """Texts of a document by the suffixes of their objects, and the objects that do not exist."""

    texts: dict[str, str]
    missing: list[str]


class Source:
    """A table and its bucket."""

    def __init__(self, account: Account, table: str, bucket: str) -> None:
        self.account = account
        self.table = table
        self.bucket = bucket

    @property
    def name(self) -> str:
        """What the database calls it: two tables of one name are in different regions, or behind an emulator."""
        return f"dynamodb:{self.account.region}:{self.table}"

    def first_day(self) -> date | None:
        """Return the day of the oldest document; `None` if there is none.

        Raises:
            SpecError: (E911) if AWS refuses, or the table holds something else.
        """
        key = self.first_key()
        if key is not None and day_of(key) is None:
            message = f'the key "{key}" in the table {self.table} does not begin with a day'
            raise refusal(message, "name the first day with --since")
        return day_of(key)

    def first_key(self) -> str | None:
        """Return the sort key of the oldest document; `None` if there is none.

        Raises:
            SpecError: (E911) if AWS refuses.
        """
        answer = self._query(
            KeyConditionExpression="pk = :partition",
            ExpressionAttributeValues={":partition": {"S": PARTITION}},
            Limit=1,
        )
        return next((str(item["sk"]) for item in answer["Items"]), None)

    def pages(self, day: date) -> Iterator[list[dict[str, Any]]]:
        """Yield the descriptions of a day's documents, by their time, in pages of at most 1 MB.

        Source: "Query" (Amazon DynamoDB API Reference): `LastEvaluatedKey` is there as long as there is more.
        """
        start: Mapping[str, Any] | None = None
        while True:
            more = {"ExclusiveStartKey": start} if start else {}
            answer = self._query(
                IndexName=INDEX,
                KeyConditionExpression="created_date = :day",
                ExpressionAttributeValues={":day": {"S": day.isoformat()}},
                **more,
            )
            if answer["Items"]:
                yield answer["Items"]
            start = answer.get("LastEvaluatedKey")
            if not start:
                return

    def contents(self, pointers: list[tuple[str, list[str]]]) -> list[Content]:
        """Return the content of documents, each given as its UUID and the suffixes of its objects.

        Raises:
            SpecError: (E911) if S3 refuses: what does not exist is told by the result.
        """
        wanted = [f"{uuid}.{kind}" for uuid, kinds in pointers for kind in kinds]
        # The client is made before the threads, which share it.
        self.account.client("s3")
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            texts = dict(zip(wanted, pool.map(self._read, wanted), strict=True))
        found = []
        for uuid, kinds in pointers:
            read = {kind: texts[f"{uuid}.{kind}"] for kind in kinds}
            there = {kind: text for kind, text in read.items() if text is not None}
            found.append(Content(there, [f"{uuid}.{kind}" for kind in kinds if kind not in there]))
        return found

    def _read(self, key: str) -> str | None:
        from botocore.exceptions import ClientError

        with told(f"reading {key}"):
            try:
                body: bytes = self.account.client("s3").get_object(Bucket=self.bucket, Key=key)["Body"].read()
            except ClientError as error:
                if error.response.get("Error", {}).get("Code") not in _MISSING:
                    raise
                return None
        return body.decode("utf-8", "replace")

    def _query(self, **given: Any) -> dict[str, Any]:
        from boto3.dynamodb.types import TypeDeserializer

        read = TypeDeserializer().deserialize
        with told(f"reading the table {self.table}"):
            answer: dict[str, Any] = self.account.client("dynamodb").query(TableName=self.table, **given)
        items = [{name: read(value) for name, value in item.items()} for item in answer["Items"]]
        return {**answer, "Items": items}


def day_of(key: Any) -> date | None:
    """Return the day of a sort key, which begins with a time in UTC; `None` if it does not."""
    try:
        return date.fromisoformat(str(key)[:10])
    except ValueError:
        return None


def days(first: date, last: date) -> list[date]:
    """Return the days from `first` to `last`, both included."""
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]

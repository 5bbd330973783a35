"""The deployed system, as `lenie local up` starts it, and what the tests do with it."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import boto3
from botocore.config import Config

ROOT = Path(__file__).resolve().parents[2]
REGION = "us-east-1"
#: APIs by the names that the spec gives them.
ADD, APP, INFRA = "lenie_dev_add_from_chrome_extension", "lenie_dev_app", "lenie_dev_infra"
SCHEDULE = "lenie-dev-nightly"
#: Seconds before the queue shows a message.
DELAY = 10


class Answer(NamedTuple):
    """A response."""

    status: int
    headers: dict[str, str]
    text: str

    @property
    def body(self) -> Any:
        return json.loads(self.text)


def lenie(*words: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run the command as a user does."""
    command = [str(Path(sys.executable).with_name("lenie")), *words]
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, timeout=280)


class System:
    """What runs."""

    def __init__(self, told: dict[str, Any]) -> None:
        self.told = told
        self.directory = Path(told["directory"])
        self.apis = {api["name"]: api for api in told["apis"]}
        self._clients: dict[str, Any] = {}

    def client(self, service: str) -> Any:
        """Return a client of the emulator's."""
        if service not in self._clients:
            self._clients[service] = boto3.client(
                service,
                endpoint_url=self.told["url"],
                region_name=REGION,
                aws_access_key_id="testing",
                aws_secret_access_key="testing",
                config=Config(proxies={}, read_timeout=60),
            )
        return self._clients[service]

    def call(
        self, api: str, method: str, path: str, body: Any = None, *, key: str | None = None, **headers: str
    ) -> Answer:
        """Call an API, with its own key unless another is given (or none, as an empty text)."""
        place = urlsplit(self.apis[api]["url"])
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if key != "":
            sent["x-api-key"] = key or self.apis[api]["key"]
        data = None
        if body is not None:
            data = json.dumps(body).encode()
            sent.setdefault("Content-Type", "application/json")
        connection = http.client.HTTPConnection(str(place.hostname), place.port, timeout=60)
        try:
            connection.request(method, place.path + path, data, sent)
            found = connection.getresponse()
            return Answer(found.status, {n.lower(): v for n, v in found.getheaders()}, found.read().decode())
        finally:
            connection.close()

    def ask(self, path: str, *, method: str = "GET", body: Any = None) -> Any:
        """Return what the app's API answers, which must be success."""
        found = self.call(APP, method, path, body)
        assert found.status == 200, found
        return found.body

    def queue(self, name: str) -> str:
        return str(self.client("sqs").get_queue_url(QueueName=f"lenie-dev-{name}")["QueueUrl"])

    def waiting(self, name: str) -> dict[str, int]:
        """Return the numbers of messages in a queue: visible, in flight, delayed."""
        words = {"visible": "", "in_flight": "NotVisible", "delayed": "Delayed"}
        names = {key: f"ApproximateNumberOfMessages{end}" for key, end in words.items()}
        found = self.client("sqs").get_queue_attributes(QueueUrl=self.queue(name), AttributeNames=[*names.values()])
        return {key: int(found["Attributes"][attribute]) for key, attribute in names.items()}

    def database_state(self) -> str:
        found = self.client("rds").describe_db_instances()["DBInstances"]
        return str(found[0]["DBInstanceStatus"])

    def await_database(self, state: str) -> None:
        until(lambda: self.database_state() == state, f"the database is {state}", 60)

    def run_database(self, *, run: bool) -> None:
        """Start or stop the database through the infra API, whatever it does now."""
        until(lambda: self.database_state() in ("available", "stopped"), "the database rests", 60)
        wanted = "available" if run else "stopped"
        if self.database_state() != wanted:
            answer = self.call(INFRA, "POST", "/database/start" if run else "/database/stop")
            assert answer.status == 200, answer
        self.await_database(wanted)

    def fire(self) -> dict[str, Any]:
        """Fire the schedule with its own input, and return its first execution when that is over."""
        done = lenie("local", "fire", SCHEDULE, "--wait", "--directory", str(self.directory), "--format", "json")
        assert done.returncode == 0, done.stdout + done.stderr
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    def states(self, arn: str) -> list[str]:
        """Return the names of the states that an execution entered."""
        found = []
        for page in self.client("stepfunctions").get_paginator("get_execution_history").paginate(executionArn=arn):
            found += [
                event["stateEnteredEventDetails"]["name"]
                for event in page["events"]
                if "stateEnteredEventDetails" in event
            ]
        return found

    @contextmanager
    def rows(self) -> Iterator[Callable[..., list[tuple[Any, ...]]]]:
        """Yield what runs a statement in the database, as its master, who is let in with the secret's password."""
        import psycopg2

        secret = json.loads(
            self.client("secretsmanager").get_secret_value(SecretId="/lenie/dev/rds/password")["SecretString"]
        )
        place = urlsplit(self.told["databases"][0]["url"])
        connection = psycopg2.connect(
            host=place.hostname,
            port=place.port,
            dbname=place.path.strip("/"),
            user=secret["username"],
            password=secret["password"],
            sslmode="verify-full",
            sslrootcert=self.told["databases"][0]["authority"],
            options="-c search_path=lenie,public",
        )
        connection.autocommit = True

        def run(statement: str, *values: Any) -> list[tuple[Any, ...]]:
            with connection.cursor() as cursor:
                cursor.execute(statement, values)
                return list(cursor.fetchall()) if cursor.description else []

        try:
            yield run
        finally:
            connection.close()

    def clear(self) -> None:
        """Empty queues and tables, and leave the database running."""
        until(lambda: not self.executions("RUNNING"), "no workflow runs", 120)
        for name in ("documents", "problems-dlq"):
            self.drain(name)
        self.run_database(run=True)
        with self.rows() as run:
            run("TRUNCATE web_documents, websites_embeddings RESTART IDENTITY CASCADE")

    def drain(self, name: str) -> list[str]:
        """Take all messages out of a queue, and return their bodies."""
        sqs, queue = self.client("sqs"), self.queue(name)
        bodies = []
        while messages := sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages"):
            for message in messages:
                bodies.append(message["Body"])
                sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
        return bodies

    def executions(self, status: str) -> list[str]:
        machine = self.client("stepfunctions").list_state_machines()["stateMachines"][0]["stateMachineArn"]
        found = self.client("stepfunctions").list_executions(stateMachineArn=machine, statusFilter=status)
        return [execution["executionArn"] for execution in found["executions"]]


def until(condition: Callable[[], bool], what: str, seconds: float) -> None:
    """Wait for a condition."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"after {seconds:g} seconds it is not so that {what}"
        time.sleep(0.1)


@contextmanager
def started(directory: Path) -> Iterator[System]:
    """Start the system, and leave nothing of it behind."""
    here = ["--directory", str(directory)]
    try:
        up = lenie("local", "up", *here, "--format", "json")
        assert up.returncode == 0, up.stdout + up.stderr
        yield System(json.loads(up.stdout))
    finally:
        down = lenie("local", "down", *here)
        assert down.returncode == 0, down.stdout + down.stderr
    assert not directory.exists()

"""A document's way through the deployed system, from the request to the front end."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime
from typing import Any

import pytest
from boto3.dynamodb.conditions import Key
from e2e.system import ADD, APP, DELAY, INFRA, SCHEDULE, System, until

pytestmark = pytest.mark.slow

#: Close to the 1 MB that a document may have, with characters of two and of four bytes.
TEXT = "Zażółć gęślą jaźń 🐢. " * 20_000
HTML = "<p>" + "żółw " * 80_000 + "</p>"


def test_callers_need_a_key_and_browsers_get_cors(system: System) -> None:
    document = {"url": "https://example.com/none", "type": "link"}
    for key in ("", "nobody-has-this-key", system.apis[APP]["key"]):
        refused = system.call(ADD, "POST", "/url_add", document, key=key)
        assert (refused.status, refused.body) == (403, {"message": "Forbidden"})
        assert refused.headers["access-control-allow-origin"] == "*"
    assert system.waiting("documents") == {"visible": 0, "in_flight": 0, "delayed": 0}

    for api, path, methods in ((ADD, "/url_add", "OPTIONS,POST"), (APP, "/website_delete", "GET,OPTIONS,POST")):
        asked = {"Origin": "https://app.example.com", "Access_Control_Request_Method": "POST"}
        preflight = system.call(api, "OPTIONS", path, key="", **asked)
        assert (preflight.status, preflight.text) == (204, "")
        assert preflight.headers["access-control-allow-origin"] == "*"
        assert preflight.headers["access-control-allow-headers"] == "Content-Type,X-Api-Key"
        assert preflight.headers["access-control-allow-methods"] == methods
    assert system.call(ADD, "POST", "/nowhere", {}).body == {"message": "Missing Authentication Token"}
    assert system.call(ADD, "POST", "/url_add", {"type": "link"}).status == 400


def test_from_the_request_to_the_front_end(system: System) -> None:
    document = {"url": "https://example.com/żółw?a=1", "type": "webpage", "title": "Żółw 🐢", "paywall": True}
    content = {"text": TEXT, "html": HTML}
    assert len(json.dumps(document | content, ensure_ascii=False).encode()) > 1_000_000
    day = f"{datetime.now(UTC):%Y-%m-%d}"
    posted = system.call(ADD, "POST", "/url_add", document | content)
    assert posted.status == 200, posted
    assert posted.body["queued"] is True

    stored = _stored(system, day, posted.body["document_id"])
    assert (stored["url"], stored["title"], stored["paywall"]) == (document["url"], document["title"], True)
    objects = {suffix: _object(system, f"{stored['s3_uuid']}.{suffix}") for suffix in ("txt", "html")}
    assert objects == {"txt": TEXT, "html": HTML}
    # The queue hides it at first.
    assert system.waiting("documents") == {"visible": 0, "in_flight": 0, "delayed": 1}
    until(lambda: system.call(INFRA, "POST", "/sqs/size").body == 1, "the message is visible", DELAY + 5)

    system.run_database(run=False)
    assert system.call(APP, "GET", "/website_list").status == 503
    with _watching(system) as seen:
        done = system.fire()
    assert done["status"] == "SUCCEEDED"
    entered = system.states(done["answer"])
    order = ["StartDatabase", "Wait300", "ReceiveMessages", "InsertDocument", "DeleteMessage", "StopDatabase", "Done"]
    assert [name for name in entered if name in order] == order
    system.await_database("stopped")
    assert seen.states == ["stopped", "starting", "available", "stopping", "stopped"]
    assert system.waiting("documents") == system.waiting("problems-dlq") == {"visible": 0, "in_flight": 0, "delayed": 0}

    system.run_database(run=True)
    listed = system.ask("/website_list?search_in_document=jaźń".replace("ź", "%C5%BA").replace("ń", "%C5%84"))
    assert listed["all_results_count"] == 1
    number = listed["websites"][0]["id"]
    found = system.ask(f"/website_get?id={number}")
    assert (found["url"], found["title"], found["document_type"]) == (document["url"], document["title"], "webpage")
    assert (found["text"], found["text_raw"]) == (TEXT, HTML)
    assert (found["document_state"], found["paywall"], found["s3_uuid"]) == ("URL_ADDED", True, stored["s3_uuid"])

    _embed(system, number)
    near = system.ask("/website_similar", method="POST", body={"embedds": _vector(0.9), "model": "test", "limit": 1})
    assert [one["website_id"] for one in near["websites"]] == [number]


def test_a_poison_message_is_set_aside_and_the_rest_survives(system: System) -> None:
    sqs, queue = system.client("sqs"), system.queue("documents")
    bodies = [json.dumps({"url": f"https://example.com/{n}", "type": "link"}) for n in range(8)]
    poison = {
        "not JSON": "MalformedMessage",
        json.dumps({"url": "https://example.com/x", "type": "unknown"}): "MalformedMessage",
        json.dumps(
            {"url": "https://example.com/lost", "type": "webpage", "s3_uuid": "0" * 8 + "-0000" * 3 + "-" + "0" * 12}
        ): ("ContentUnavailable"),
    }
    for body in [*bodies[:4], *poison, *bodies[4:]]:
        sqs.send_message(QueueUrl=queue, MessageBody=body)
    done = system.fire()
    assert done["status"] == "SUCCEEDED"
    assert system.waiting("documents") == {"visible": 0, "in_flight": 0, "delayed": 0}

    told = [json.loads(body) for body in system.drain("problems-dlq")]
    assert {one["Message"]: one["Failure"]["Error"] for one in told} == poison
    assert len(told) == len(poison)
    assert all(json.loads(one["Failure"]["Cause"])["errorType"] == one["Failure"]["Error"] for one in told)
    system.run_database(run=True)
    with system.rows() as run:
        assert {url for (url,) in run("SELECT url FROM web_documents")} == {json.loads(body)["url"] for body in bodies}


def test_what_cannot_be_stored_now_is_stored_later(system: System) -> None:
    """The table is locked away for a while, so that a document is refused for a reason that passes."""
    sqs, queue = system.client("sqs"), system.queue("documents")
    sqs.send_message(QueueUrl=queue, MessageBody=json.dumps({"url": "https://example.com/", "type": "link"}))
    # The queue hides what was received for six minutes.
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"VisibilityTimeout": "4"})
    with system.rows() as run:
        run("REVOKE INSERT ON web_documents FROM lenie_app")
        machine = system.client("stepfunctions").list_state_machines()["stateMachines"][0]["stateMachineArn"]
        arn = system.client("stepfunctions").start_execution(stateMachineArn=machine, input=_input(system))[
            "executionArn"
        ]
        until(lambda: "LeftInQueue" in system.states(arn), "the message is left", 60)
        assert run("SELECT count(*) FROM web_documents") == [(0,)]
        run("GRANT INSERT ON web_documents TO lenie_app")
        until(lambda: arn in system.executions("SUCCEEDED"), "the workflow has ended", 60)
        sqs.set_queue_attributes(QueueUrl=queue, Attributes={"VisibilityTimeout": "360"})
    assert system.waiting("documents") == system.waiting("problems-dlq") == {"visible": 0, "in_flight": 0, "delayed": 0}
    system.run_database(run=True)
    with system.rows() as run:
        assert run("SELECT url FROM web_documents") == [("https://example.com/",)]


def test_the_infra_api_starts_and_stops_database_and_vpn_server(system: System) -> None:
    def ask(path: str) -> Any:
        answer = system.call(INFRA, "POST", path)
        assert answer.status in (200, 409), answer
        return answer.body

    assert ask("/database/status") == "available"
    assert ask("/database/stop") == {"status": "stopping"}
    assert ask("/database/start") == {"message": "Not possible in state stopping", "status": "stopping"}
    assert ask("/database/stop") == {"status": "stopping"}
    until(lambda: bool(ask("/database/status") == "stopped"), "the database is stopped", 60)
    assert system.call(APP, "GET", "/website_list").status == 503
    assert ask("/database/start") == {"status": "starting"}
    until(lambda: bool(ask("/database/status") == "available"), "the database is available", 60)
    assert system.ask("/website_list")["all_results_count"] == 0

    for path, state in (("stop", "stopped"), ("start", "running")):
        ask(f"/vpn-server/{path}")
        until(lambda state=state: bool(ask("/vpn-server/status") == state), f"the server is {state}", 30)  # type: ignore[misc]


def _input(system: System) -> str:
    return str(system.client("scheduler").get_schedule(Name=SCHEDULE)["Target"]["Input"])


def _stored(system: System, day: str, document: str) -> dict[str, Any]:
    """Return the item of a document, found by its day."""
    import boto3

    table = boto3.resource(
        "dynamodb",
        endpoint_url=system.told["url"],
        region_name="us-east-1",
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
    ).Table("lenie_dev_documents")
    items = table.query(IndexName="DateIndex", KeyConditionExpression=Key("created_date").eq(day))["Items"]
    (item,) = [item for item in items if item["document_id"] == document]
    return dict(item)


def _object(system: System, key: str) -> str:
    found = system.client("s3").get_object(Bucket="lenie-dev-website-content", Key=key)
    return str(found["Body"].read().decode())


def _vector(first: float) -> list[float]:
    return [first, 0.1] + [0.0] * 1534


def _embed(system: System, number: int) -> None:
    """Store embeddings: of the document, and of another that is further away."""
    with system.rows() as run:
        ((other,),) = run(
            "INSERT INTO web_documents (url, document_type) VALUES ('https://example.com/b', 'link') RETURNING id"
        )
        for website, first in ((number, 1.0), (other, -1.0)):
            run(
                "INSERT INTO websites_embeddings (website_id, text, embedding, model) VALUES (%s, 'part', %s, 'test')",
                website,
                str(_vector(first)),
            )


class _watching:  # noqa: N801 - used as a context manager
    """Notes the states that the database goes through."""

    def __init__(self, system: System) -> None:
        self.system = system
        self.states: list[str] = []
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def _watch(self) -> None:
        while True:
            state = self.system.database_state()
            if not self.states or self.states[-1] != state:
                self.states.append(state)
            if self._over.is_set() and state == "stopped":
                return
            self._over.wait(0.05)

    def __enter__(self) -> _watching:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join(60)

"""Many documents at once: none is lost, and none is stored twice. How fast it is, `benchmarks/system.py` tells."""

from __future__ import annotations

import pytest
from e2e.load import post_documents
from e2e.system import DELAY, System, until

COUNT, CLIENTS = 1000, 8


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_thousand_documents_of_eight_clients(system: System) -> None:
    posted = post_documents(system, COUNT, CLIENTS)
    assert posted.failures == []
    urls = {f"https://example.com/load/{number}" for number in range(COUNT)}
    assert posted.urls == urls

    table = (
        system.client("dynamodb")
        .get_paginator("scan")
        .paginate(
            TableName="lenie_dev_documents",
            FilterExpression="begins_with(#u, :p)",
            ExpressionAttributeNames={"#u": "url"},
            ExpressionAttributeValues={":p": {"S": "https://example.com/load/"}},
        )
    )
    stored = [item["url"]["S"] for page in table for item in page["Items"]]
    assert sorted(stored) == sorted(urls)

    until(
        lambda: system.waiting("documents") == {"visible": COUNT, "in_flight": 0, "delayed": 0}, "all wait", DELAY + 5
    )
    system.fire()
    # After 80 rounds the workflow goes on in another execution, so that its history stays below the limit.
    until(lambda: not system.executions("RUNNING"), "the workflow has ended", 300)
    assert not system.executions("FAILED")
    assert system.waiting("documents") == system.waiting("problems-dlq") == {"visible": 0, "in_flight": 0, "delayed": 0}
    system.run_database(run=True)
    with system.rows() as run:
        assert sorted(url for (url,) in run("SELECT url FROM web_documents")) == sorted(urls)
        assert run("SELECT count(DISTINCT text) FROM web_documents") == [(COUNT,)]

"""`rds-start`, `rds-stop` and `rds-status`: against moto, and against answers that moto does not give."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from types import ModuleType
from typing import Any

import boto3
import pytest
from botocore.exceptions import EndpointConnectionError
from botocore.stub import Stubber
from lambdas.conftest import body_of

NAME = "lenie-dev-database"
Fresh = Callable[[ModuleType], ModuleType]


@pytest.fixture
def database(aws: None, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("DB_ID", NAME)
    rds = boto3.client("rds")
    rds.create_db_instance(
        DBInstanceIdentifier=NAME,
        DBInstanceClass="db.t3.micro",
        Engine="postgres",
        MasterUsername="lenie",
        MasterUserPassword="not-a-secret",
        AllocatedStorage=20,
    )
    return rds


def load(name: str, fresh: Fresh) -> Any:
    return fresh(importlib.import_module(f"{name}.handler"))


def state(rds: Any) -> str:
    return str(rds.describe_db_instances(DBInstanceIdentifier=NAME)["DBInstances"][0]["DBInstanceStatus"])


def stubbed(module: Any, monkeypatch: pytest.MonkeyPatch) -> Stubber:
    """Let the function talk to prepared answers."""
    client = boto3.client("rds")
    monkeypatch.setattr(module, "client", lambda service: {"rds": client}[service])
    stubber = Stubber(client)
    stubber.activate()
    return stubber


def test_stop_and_start(database: Any, fresh: Fresh) -> None:
    stop, start, status = (load(f"rds_{verb}", fresh) for verb in ("stop", "start", "status"))
    assert body_of(status.lambda_handler({}, None)) == "available"
    done = stop.lambda_handler({}, None)
    assert done["statusCode"] == 200
    assert body_of(done) == {"status": "stopped"}
    assert body_of(status.lambda_handler({}, None)) == "stopped" == state(database)
    done = start.lambda_handler({}, None)
    assert done["statusCode"] == 200
    assert body_of(done)["status"] in ("starting", "available")
    assert state(database) == "available"


@pytest.mark.parametrize("verb", ["start", "stop"])
def test_repeated(database: Any, fresh: Fresh, verb: str) -> None:
    function = load(f"rds_{verb}", fresh)
    for _ in range(3):
        assert function.lambda_handler({}, None)["statusCode"] == 200


@pytest.mark.parametrize(
    ("verb", "found", "expected"),
    [
        ("start", "starting", 200),
        ("start", "available", 200),
        ("start", "stopping", 409),
        ("start", "backing-up", 409),
        ("stop", "stopping", 200),
        ("stop", "stopped", 200),
        ("stop", "starting", 409),
        ("stop", "storage-full", 409),
    ],
)
def test_states(fresh: Fresh, monkeypatch: pytest.MonkeyPatch, verb: str, found: str, expected: int) -> None:
    monkeypatch.setenv("DB_ID", NAME)
    function = load(f"rds_{verb}", fresh)
    stubber = stubbed(function, monkeypatch)
    name = {"DBInstanceIdentifier": NAME}
    stubber.add_client_error(f"{verb}_db_instance", "InvalidDBInstanceState", expected_params=name)
    answer = {"DBInstances": [{"DBInstanceIdentifier": NAME, "DBInstanceStatus": found}]}
    stubber.add_response("describe_db_instances", answer, name)
    done = function.lambda_handler({}, None)
    assert done["statusCode"] == expected
    assert body_of(done)["status"] == found
    stubber.assert_no_pending_responses()


@pytest.mark.parametrize("verb", ["start", "stop", "status"])
def test_unknown_instance(database: Any, fresh: Fresh, monkeypatch: pytest.MonkeyPatch, verb: str) -> None:
    monkeypatch.setenv("DB_ID", "another")
    done = load(f"rds_{verb}", fresh).lambda_handler({}, None)
    assert done["statusCode"] == 404
    assert body_of(done)["message"] == "Not found"


@pytest.mark.parametrize("verb", ["start", "stop", "status"])
@pytest.mark.parametrize(("code", "status"), [("AccessDenied", 500), ("Throttling", 502), ("InternalFailure", 502)])
def test_refused(fresh: Fresh, monkeypatch: pytest.MonkeyPatch, verb: str, code: str, status: int) -> None:
    monkeypatch.setenv("DB_ID", NAME)
    function = load(f"rds_{verb}", fresh)
    operation = "describe_db_instances" if verb == "status" else f"{verb}_db_instance"
    stubbed(function, monkeypatch).add_client_error(operation, code)
    done = function.lambda_handler({}, None)
    assert done["statusCode"] == status
    assert body_of(done)["error"] == code


def test_out_of_reach(fresh: Fresh, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DB_ID", NAME)
    function = load("rds_status", fresh)

    def unreachable(service: str) -> Any:
        raise EndpointConnectionError(endpoint_url="https://rds.example.com")

    monkeypatch.setattr(function, "client", unreachable)
    done = function.lambda_handler({}, None)
    assert done["statusCode"] == 502
    assert body_of(done) == {"message": "AWS did not answer", "error": "EndpointConnectionError"}


def test_not_configured(fresh: Fresh, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DB_ID", raising=False)
    done = load("rds_status", fresh).lambda_handler({}, None)
    assert done["statusCode"] == 500
    assert body_of(done)["message"] == "Internal error"


def test_one_client_for_a_container(database: Any, fresh: Fresh, monkeypatch: pytest.MonkeyPatch) -> None:
    function = load("rds_status", fresh)
    made = []
    create = boto3.client

    def recorded(*args: Any, **kwargs: Any) -> Any:
        made.append(args)
        return create(*args, **kwargs)

    monkeypatch.setattr(boto3, "client", recorded)
    for _ in range(3):
        function.lambda_handler({}, None)
    assert made == [("rds",)]

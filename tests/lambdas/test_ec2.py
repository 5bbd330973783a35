"""`ec2-start`, `ec2-stop` and `ec2-status`: against moto, and against answers that moto does not give."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from types import ModuleType
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber
from lambdas.conftest import body_of

Fresh = Callable[[ModuleType], ModuleType]
NAME = "i-0123456789abcdef0"


@pytest.fixture
def instance(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> str:
    monkeypatch.setenv("MOTO_EC2_LOAD_DEFAULT_AMIS", "false")  # takes seconds
    request.getfixturevalue("aws")
    ec2 = boto3.client("ec2")
    name: str = ec2.run_instances(ImageId="ami-0123456789abcdef0", MinCount=1, MaxCount=1)["Instances"][0]["InstanceId"]
    monkeypatch.setenv("INSTANCE_ID", name)
    return name


def load(name: str, fresh: Fresh) -> Any:
    return fresh(importlib.import_module(f"{name}.handler"))


def test_stop_and_start(instance: str, fresh: Fresh) -> None:
    stop, start, status = (load(f"ec2_{verb}", fresh) for verb in ("stop", "start", "status"))
    assert body_of(status.lambda_handler({}, None)) == "running"
    done = stop.lambda_handler({}, None)
    assert (done["statusCode"], body_of(done)["status"]) == (200, "stopping")
    assert body_of(status.lambda_handler({}, None)) == "stopped"
    done = start.lambda_handler({}, None)
    assert (done["statusCode"], body_of(done)["status"]) == (200, "pending")
    assert body_of(status.lambda_handler({}, None)) == "running"


@pytest.mark.parametrize("verb", ["start", "stop"])
def test_repeated(instance: str, fresh: Fresh, verb: str) -> None:
    function = load(f"ec2_{verb}", fresh)
    for _ in range(3):
        assert function.lambda_handler({}, None)["statusCode"] == 200


@pytest.mark.parametrize("verb", ["start", "stop", "status"])
@pytest.mark.parametrize("name", ["i-0fedcba9876543210", "not-an-id"])
def test_unknown_instance(aws: None, fresh: Fresh, monkeypatch: pytest.MonkeyPatch, verb: str, name: str) -> None:
    monkeypatch.setenv("INSTANCE_ID", name)
    done = load(f"ec2_{verb}", fresh).lambda_handler({}, None)
    assert done["statusCode"] == 404
    assert body_of(done)["error"].startswith("InvalidInstanceID")


@pytest.mark.parametrize(
    ("verb", "found", "expected"),
    [
        ("start", "stopping", 409),
        ("start", "terminated", 409),
        ("start", "pending", 200),
        ("stop", "pending", 409),
        ("stop", "stopped", 200),
        ("stop", None, 409),
    ],
)
def test_states(fresh: Fresh, monkeypatch: pytest.MonkeyPatch, verb: str, found: str | None, expected: int) -> None:
    monkeypatch.setenv("INSTANCE_ID", NAME)
    function = load(f"ec2_{verb}", fresh)
    client = boto3.client("ec2")
    monkeypatch.setattr(function, "client", lambda service: {"ec2": client}[service])
    name = {"InstanceIds": [NAME]}
    with Stubber(client) as stubber:
        stubber.add_client_error(f"{verb}_instances", "IncorrectInstanceState", expected_params=name)
        reservations = [{"Instances": [{"State": {"Name": found}}]}] if found else []
        stubber.add_response("describe_instances", {"Reservations": reservations}, name)
        done = function.lambda_handler({}, None)
    assert done["statusCode"] == expected
    assert body_of(done)["status"] == (found or "terminated")


def test_refused(fresh: Fresh, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INSTANCE_ID", NAME)
    function = load("ec2_start", fresh)
    client = boto3.client("ec2")
    monkeypatch.setattr(function, "client", lambda service: client)
    with Stubber(client) as stubber:
        stubber.add_client_error("start_instances", "UnauthorizedOperation")
        assert function.lambda_handler({}, None)["statusCode"] == 500
        stubber.add_client_error("start_instances", "InsufficientInstanceCapacity")
        assert function.lambda_handler({}, None)["statusCode"] == 502

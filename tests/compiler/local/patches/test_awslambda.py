"""Functions run in child processes; see also tests/compiler/local/functions."""

from __future__ import annotations

import base64
import importlib
import json
import os
import time
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws, settings
from support_local import Cloud
from support_services import function, invoke, until, zipped

ECHO = "def handle(event, context): return event"


@mock_aws
def test_moto_itself_runs_no_function_without_docker(monkeypatch: pytest.MonkeyPatch) -> None:
    errors = importlib.import_module("docker.errors")

    def refuse(**_: object) -> None:
        raise errors.DockerException("there is no Docker")

    monkeypatch.setattr("docker.from_env", refuse)
    # It would run `docker` to find that out.
    monkeypatch.setattr(settings, "moto_server_host", lambda: "http://127.0.0.1")

    class Account:
        client = staticmethod(lambda name: boto3.client(name, region_name="us-east-1"))

    function(Account, "echo", ECHO)
    answer = boto3.client("lambda", region_name="us-east-1").invoke(FunctionName="echo", Payload=b"1")
    assert answer["FunctionError"] == "Handled"
    assert b"there is no Docker" in answer["Payload"].read()


def test_a_function_runs_with_its_layers_variables_and_context(cloud: Cloud) -> None:
    first, second = (
        cloud.client("lambda").publish_layer_version(LayerName=name, Content={"ZipFile": zipped(**files)})
        for name, files in (
            ("first", {"python__shared": "NAME = 'first'", "python__alone": "NAME = 'alone'"}),
            ("second", {"python__shared": "NAME = 'second'"}),
        )
    )
    code = """
import os, alone, shared, boto3
def handle(event, context):
    return {
        "layers": [shared.NAME, alone.NAME],
        "setting": os.environ["SETTING"],
        "home": os.environ.get("HOME"),
        "account": boto3.client("sts").get_caller_identity()["Account"],
        "context": [context.function_name, context.memory_limit_in_mb, context.function_version],
        "arn": context.invoked_function_arn,
        "left": context.get_remaining_time_in_millis(),
        "client": context.client_context,
    }
"""
    arn = function(
        cloud,
        "all",
        code,
        MemorySize=256,
        Layers=[first["LayerVersionArn"], second["LayerVersionArn"]],
        Environment={"Variables": {"SETTING": "żółw"}},
    )
    context = base64.b64encode(b'{"custom": {"a": 1}}').decode()
    found, error = invoke(cloud, "all", {}, ClientContext=context)
    assert error == ""
    assert 8000 < found.pop("left") <= 10_000
    assert found == {
        # Of two layers with the same module the last one wins.
        "layers": ["second", "alone"],
        "setting": "żółw",
        "home": None,
        "account": "123456789012",
        "context": ["all", "256", "$LATEST"],
        "arn": arn,
        "client": {"custom": {"a": 1}},
    }


@pytest.mark.parametrize(
    ("code", "kind", "message"),
    [
        ("def handle(e, c): raise KeyError('a')", "KeyError", "'a'"),
        ("def handle(e, c): return {1}", "Runtime.MarshalError", "Unable to marshal response: Object of type set"),
        ("import nowhere", "Runtime.ImportModuleError", "Unable to import module 'code': No module named 'nowhere'"),
        ("def other(e, c): pass", "Runtime.HandlerNotFound", "Handler 'handle' missing on module 'code'"),
        ("def handle(e, c)", "Runtime.UserCodeSyntaxError", "Syntax error in module 'code'"),
        ("1 / 0", "ZeroDivisionError", "division by zero"),
        ("import os\ndef handle(e, c): os._exit(3)", "Runtime.ExitError", "Runtime exited with error: exit status 3"),
        ("import sys\ndef handle(e, c): sys.exit(4)", "Runtime.ExitError", "exit status 4"),
        ("import os\ndef handle(e, c): os.kill(os.getpid(), 9)", "Runtime.ExitError", "signal: kill"),
        ("import time\ndef handle(e, c): time.sleep(9)", "Sandbox.Timedout", "Task timed out after 1.00 seconds"),
        ("def handle(e, c): return 'x' * 6_291_600", "Function.ResponseSizeTooLarge", "Response payload size exceeded"),
    ],
)
def test_an_error_is_told_as_lambda_does(cloud: Cloud, code: str, kind: str, message: str) -> None:
    function(cloud, "broken", code, Timeout=1)
    found, error = invoke(cloud, "broken")
    assert error == "Unhandled"
    assert found["errorType"] == kind
    assert message in found["errorMessage"]


def test_an_error_tells_its_frames_and_the_log_has_it(cloud: Cloud) -> None:
    function(cloud, "broken", "def inner():\n    raise ValueError('żle')\n\ndef handle(e, c):\n    inner()\n")
    found, _ = invoke(cloud, "broken")
    assert [line.strip().splitlines()[0].rpartition(", ")[2] for line in found["stackTrace"]] == [
        "in handle",
        "in inner",
    ]
    log = _log(cloud, "/aws/lambda/broken")
    assert any(line.startswith("[ERROR] ValueError: żle") for line in log)


def test_what_is_printed_is_in_the_log(cloud: Cloud) -> None:
    code = """
import logging, sys
logging.getLogger().setLevel("INFO")
def handle(event, context):
    print("printed")
    sys.stderr.write("without an end")
    logging.getLogger().info("told %s", event)
"""
    function(cloud, "talks", code, MemorySize=512)
    answer = cloud.client("lambda").invoke(FunctionName="talks", Payload=b"7", LogType="Tail")
    tail = base64.b64decode(answer["LogResult"]).decode()
    lines = _log(cloud, "/aws/lambda/talks")
    assert tail.splitlines() == lines
    request = lines[1].split()[2]
    assert lines[0] == "INIT_START Runtime Version: python3.13"
    assert lines[1] == f"START RequestId: {request} Version: $LATEST"
    assert lines[2] == "printed"
    assert lines[3].startswith("without an end[INFO]")
    assert lines[3].endswith(f"{request}\ttold 7")
    assert lines[4] == f"END RequestId: {request}"
    assert lines[5].startswith(f"REPORT RequestId: {request}\tDuration: ")
    memory = dict(part.split(": ") for part in lines[5].split("\t")[1:] if part)
    assert memory["Memory Size"] == "512 MB"
    assert 5 < int(memory["Max Memory Used"].split()[0]) < 100
    assert "Init Duration" in memory
    invoke(cloud, "talks")
    assert "Init Duration" not in _log(cloud, "/aws/lambda/talks")[-1]


def test_a_process_is_used_again_until_the_function_changes(cloud: Cloud) -> None:
    code = (
        "import os\ncalls = 0\ndef handle(e, c):\n    global calls\n    calls += 1\n    return [os.getpid(), calls]\n"
    )
    function(cloud, "counts", code)
    (first, one), (second, two) = (invoke(cloud, "counts")[0] for _ in range(2))
    assert (first, [one, two]) == (second, [1, 2])
    cloud.client("lambda").update_function_code(
        FunctionName="counts", ZipFile=zipped(code="def handle(e, c): return 'new'")
    )
    assert invoke(cloud, "counts")[0] == "new"
    assert not _exists(first)
    cloud.client("lambda").update_function_code(FunctionName="counts", ZipFile=zipped(code=code))
    third, calls = invoke(cloud, "counts")[0]
    assert calls == 1
    cloud.client("lambda").update_function_configuration(FunctionName="counts", Timeout=7)
    assert invoke(cloud, "counts")[0][1] == 1
    cloud.client("lambda").delete_function(FunctionName="counts")
    assert not _exists(third)


def test_invocations_run_at_once_and_a_reserved_concurrency_limits_them(cloud: Cloud) -> None:
    from concurrent.futures import ThreadPoolExecutor

    function(cloud, "sleeps", "import time\ndef handle(e, c): time.sleep(e)", Timeout=20)
    with ThreadPoolExecutor(4) as pool:
        began = time.monotonic()
        list(pool.map(lambda _: invoke(cloud, "sleeps", 1), range(4)))
        assert time.monotonic() - began < 3
        cloud.client("lambda").put_function_concurrency(FunctionName="sleeps", ReservedConcurrentExecutions=1)
        held = pool.submit(invoke, cloud, "sleeps", 2)
        time.sleep(0.5)
        with pytest.raises(ClientError, match=r"TooManyRequestsException.*Rate Exceeded"):
            invoke(cloud, "sleeps", 0)
        assert held.result()[1] == ""


def test_an_event_is_run_later_and_again_if_it_fails(cloud: Cloud) -> None:
    queue = cloud.client("sqs").create_queue(QueueName="seen")["QueueUrl"]
    code = f"""
import boto3
def handle(event, context):
    boto3.client("sqs").send_message(QueueUrl="{queue}", MessageBody=event)
    1 / 0
"""
    function(cloud, "fails", code)
    answer = cloud.client("lambda").invoke(FunctionName="fails", Payload=b'"x"', InvocationType="Event")
    assert (answer["StatusCode"], answer["Payload"].read()) == (202, b"")

    def seen() -> int:
        names = ["ApproximateNumberOfMessages"]
        attributes = cloud.client("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=names)["Attributes"]
        return int(attributes[names[0]])

    until(lambda: seen() == 3)
    time.sleep(0.3)
    assert seen() == 3


def test_what_cannot_be_invoked_is_refused(cloud: Cloud) -> None:
    client = cloud.client("lambda")
    function(cloud, "echo", ECHO)
    assert client.invoke(FunctionName="echo", InvocationType="DryRun")["StatusCode"] == 204
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        client.invoke(FunctionName="nobody", Payload=b"{}")
    with pytest.raises(ClientError, match="InvalidRequestContentException"):
        client.invoke(FunctionName="echo", Payload=b"{")
    with pytest.raises(ClientError, match="RequestTooLargeException"):
        client.invoke(FunctionName="echo", Payload=b'"' + b"x" * 6_291_560 + b'"')
    with pytest.raises(ClientError, match="RequestTooLargeException"):
        client.invoke(FunctionName="echo", Payload=b'"' + b"x" * 1_048_576 + b'"', InvocationType="Event")
    large = {"x": "x" * 6_200_000}
    assert invoke(cloud, "echo", large)[0] == large
    function(cloud, "node", ECHO, Runtime="nodejs22.x")
    with pytest.raises(ClientError, match=r"runs functions in Python, and not in nodejs22\.x"):
        invoke(cloud, "node")
    function(cloud, "torn", "", Code={"ZipFile": b"no archive"})
    with pytest.raises(ClientError, match="no ZIP archive"):
        invoke(cloud, "torn")


def test_processes_end_with_a_reset(cloud: Cloud) -> None:
    function(cloud, "pid", "import os\ndef handle(e, c): return os.getpid()")
    process, _ = invoke(cloud, "pid")
    assert _exists(process)
    cloud.emulator.reset()
    assert not _exists(process)


def _exists(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def _log(cloud: Cloud, group: str) -> list[str]:
    events: list[dict[str, Any]] = cloud.client("logs").filter_log_events(logGroupName=group)["events"]
    return [json.loads(json.dumps(event["message"])) for event in events]

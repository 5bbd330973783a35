"""The emulator's process: it starts, answers on this machine only, and ends whenever it should."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from support_local import Cloud, resources

from lenie.compiler.local.server import Emulator, NotStarted

COMMAND = [sys.executable, "-m", "lenie.compiler.local.server", "--directory"]


def started(directory: Path, process: subprocess.Popen[bytes]) -> dict[str, object]:
    """Return what the server tells of itself, when it does."""
    end = time.monotonic() + 60
    while not (directory / "server.json").exists():
        assert process.poll() is None
        assert time.monotonic() < end
        time.sleep(0.02)
    found: dict[str, object] = json.loads((directory / "server.json").read_text(encoding="utf-8"))
    return found


def test_it_tells_where_it_is_and_ends_on_sigterm(tmp_path: Path) -> None:
    with subprocess.Popen([*COMMAND, str(tmp_path)]) as process:
        state = started(tmp_path, process)
        assert state["pid"] == process.pid
        assert str(state["url"]).startswith("http://127.0.0.1:")
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    assert not (tmp_path / "server.json").exists()


def test_it_ends_with_its_owner(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from lenie.compiler.local.server import Emulator\n"
        "emulator = Emulator(Path(sys.argv[1])); emulator.start()\n"
        "import os; os._exit(7)\n"
    )
    done = subprocess.run([sys.executable, "-c", script, str(tmp_path)], check=False)
    assert done.returncode == 7
    end = time.monotonic() + 30
    while (tmp_path / "server.json").exists():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_it_ends_when_its_control_is_asked(tmp_path: Path) -> None:
    with subprocess.Popen([*COMMAND, str(tmp_path)]) as process:
        emulator = Emulator(tmp_path)
        emulator.url = str(started(tmp_path, process)["url"])
        assert emulator.control("GET", "health") == {"status": "ok"}
        emulator.control("POST", "stop")
        assert process.wait(30) == 0
    with pytest.raises(NotStarted, match="nothing answers"):
        emulator.control("GET", "health")


def test_a_port_that_is_taken_is_an_error(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(NotStarted, match=r"cannot listen on 127\.0\.0\.1"):
            Emulator(tmp_path, taken.getsockname()[1]).start()


def test_it_listens_on_this_machine_only(emulator: Emulator) -> None:
    port = int(emulator.url.rpartition(":")[2])
    with socket.socket() as other:
        other.settimeout(5)
        with pytest.raises(OSError, match="refused"):
            other.connect(("127.0.0.2", port))


def test_the_control_is_for_its_owner(emulator: Emulator) -> None:
    for headers in ({}, {"X-Lenie-Local": "1", "Host": "example.com"}):
        request = urllib.request.Request(f"{emulator.url}/_lenie/reset", b"", headers, method="POST")
        with pytest.raises(urllib.error.HTTPError) as raised:
            urllib.request.urlopen(request, timeout=30)
        assert raised.value.code == 403
        raised.value.close()
    with pytest.raises(NotStarted, match="there is no GET /_lenie/unheard"):
        emulator.control("GET", "unheard")
    with pytest.raises(NotStarted, match="every must be"):
        emulator.fault("s3", 0, "throttle")


def test_reset_forgets_everything(cloud: Cloud) -> None:
    cloud.create(
        "s", resources(A={"Type": "AWS::SQS::Queue"}, B={"Type": "AWS::Amplify::App", "Properties": {"Name": "a"}})
    )
    cloud.emulator.fault("sqs", 1, "deny")
    assert cloud.emulator.calls("s")
    cloud.emulator.reset()
    assert cloud.stacks.list_stacks()["StackSummaries"] == []
    assert "QueueUrls" not in cloud.client("sqs").list_queues()
    assert cloud.client("amplify").list_apps()["apps"] == []
    assert cloud.emulator.calls() == []


def test_reset_ends_what_runs(cloud: Cloud) -> None:
    many = resources(**{f"Q{number}": {"Type": "AWS::SQS::Queue"} for number in range(60)})
    cloud.stacks.create_stack(StackName="s", TemplateBody=json.dumps(many))
    cloud.emulator.reset()
    time.sleep(0.3)
    assert "QueueUrls" not in cloud.client("sqs").list_queues()


def test_calls_are_recorded_by_stack_and_resource(cloud: Cloud) -> None:
    cloud.create("s", resources(A={"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "q", "DelaySeconds": "5"}}))
    cloud.create("other", resources(A={"Type": "AWS::SQS::Queue"}))
    made = [call for call in cloud.emulator.calls("s") if call["operation"] == "CreateQueue"]
    assert [(call["resource"], call["type"], call["service"]) for call in made] == [("A", "AWS::SQS::Queue", "sqs")]
    assert made[0]["parameters"] == {"QueueName": "q", "Attributes": {"DelaySeconds": "5"}}
    assert len([call for call in cloud.emulator.calls() if call["operation"] == "CreateQueue"]) == 2
    assert {call["resource"] for call in cloud.emulator.calls("s")} == {"A"}


def test_the_log_is_quiet(emulator: Emulator, cloud: Cloud) -> None:
    before = (emulator.directory / "server.log").read_text(encoding="utf-8")
    cloud.create("s", resources(A={"Type": "AWS::SQS::Queue"}))
    assert (emulator.directory / "server.log").read_text(encoding="utf-8") == before

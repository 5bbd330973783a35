"""`lenie local`, as a user types it."""

from __future__ import annotations

import importlib.util
import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from processes import interruptible

from lenie.compiler.diagnostics import SpecError
from lenie.compiler.local import lifecycle

SPEC = """
version: 1
project: demo
region: eu-central-1
layers: [storage]
environments:
  dev: {production: false}
components:
  messages:
    layer: storage
    resources:
      problems: {kind: queue, retention: 14d}
      work: {kind: queue, retention: 4d, publish: [url]}
"""


class Place:
    """A directory with a spec."""

    def __init__(self, path: Path) -> None:
        self.path = path
        (path / "spec").mkdir()
        self.spec = path / "spec" / "lenie.yaml"
        self.spec.write_text(SPEC.lstrip())

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        command = [str(Path(sys.executable).with_name("lenie")), "local", *words]
        return subprocess.run(command, capture_output=True, text=True, cwd=self.path, timeout=120)

    def json(self, *words: str) -> tuple[int, Any]:
        done = self.run(*words, "--format", "json")
        return done.returncode, json.loads(done.stdout)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    found = Place(tmp_path)
    yield found
    found.run("down")


def codes(data: Any) -> list[str]:
    return [found["code"] for found in data["diagnostics"]]


def test_from_up_to_down(place: Place) -> None:
    status, up = place.json("up", "--scale", "0.5")
    assert (status, up["environment"], up["scale"]) == (0, "dev", 0.5)
    assert {queue["name"]: queue["waiting"] for queue in up["queues"]} == {"demo-dev-problems": 0, "demo-dev-work": 0}
    assert (place.path / ".lenie-local").is_dir()
    assert place.json("status")[1] == up

    again = place.run("up")
    assert again.returncode == 0
    assert "runs already; lenie local down ends it" in again.stderr
    assert up["url"] in again.stdout
    assert "queue demo-dev-work: 0 waiting, 0 in work" in again.stdout
    assert "has no effect" not in again.stderr
    # What is asked for anew, and cannot be had while it runs, is told; the same again is not.
    port = up["url"].rpartition(":")[2]
    kept = place.run("up", "--port", "65000", "--gateway-port", "65001", "--scale", "0.25")
    assert kept.returncode == 0
    gateway = up["gateway"].rpartition(":")[2]
    assert kept.stderr.splitlines()[:4] == [
        "the emulator runs already; lenie local down ends it",
        f"--port 65000 has no effect: the emulator that runs has {port}",
        f"--gateway-port 65001 has no effect: the emulator that runs has {gateway}",
        "--scale 0.25 has no effect: the emulator that runs has 0.5",
    ]
    assert "has no effect" not in place.run("up", "--port", port, "--scale", "0.5").stderr
    assert place.json("status")[1] == up
    from support_local import _session

    sqs = _session().client("sqs", endpoint_url=up["url"], region_name=up["region"])
    work = sqs.get_queue_url(QueueName="demo-dev-work")["QueueUrl"]
    sqs.send_message(QueueUrl=work, MessageBody="later", DelaySeconds=900)
    assert "queue demo-dev-work: 0 waiting, 0 in work, 1 delayed for some seconds" in place.run("status").stdout
    other = place.path / "other.yaml"
    other.write_text(SPEC)
    assert "runs already, with dev of spec/lenie.yaml" in place.run("up", "--spec", "other.yaml").stderr

    status, fired = place.json("fire", "nightly")
    assert (status, codes(fired)) == (3, ["E644"])
    schedule(up["url"], good={"Type": "Succeed"}, bad={"Type": "Fail", "Error": "Spoilt", "Cause": "for a test"})
    status, fired = place.json("fire", "good", "--wait")
    assert (status, fired["status"]) == (0, "SUCCEEDED")
    assert "SUCCEEDED after" in place.run("fire", "good", "--wait").stdout
    assert place.run("fire", "bad").returncode == 0
    failed = place.run("fire", "bad", "--wait")
    assert failed.returncode == 3
    assert "error[E645]: the execution failed: Spoilt" in failed.stderr
    assert "for a test" in failed.stderr
    assert 'did you mean "good"?' in place.run("fire", "godo").stderr
    # What has changed is deployed to what runs; what cannot be leaves it as it is.
    text = place.spec.read_text()
    more = "      more: {kind: queue, retention: 4d}\n"
    place.spec.write_text(text + more)
    third = place.run("up")
    assert (third.returncode, "up to date after" in third.stdout) == (0, True), third.stderr
    assert "queue demo-dev-more: 0 waiting" in third.stdout
    assert "queue demo-dev-work: 0 waiting, 0 in work, 1 delayed" in third.stdout, "and nothing is lost"
    place.spec.write_text(text + more.replace("kind: queue", "kind: queu"))
    assert place.run("up").returncode == 1
    assert place.json("status")[1]["pid"] == up["pid"]
    # Whatever becomes of the spec, and from wherever it is asked.
    place.spec.write_text("broken: [")
    elsewhere = place.path / "elsewhere"
    elsewhere.mkdir()
    directory = str(place.path / ".lenie-local")
    found = place.json("status", "--directory", directory)[1]
    assert sorted(queue["name"] for queue in found["queues"]) == ["demo-dev-more", "demo-dev-problems", "demo-dev-work"]
    place.path = elsewhere
    assert place.json("status", "--directory", directory)[1]["queues"] == found["queues"]
    assert place.run("fire", "good", "--directory", directory).returncode == 0
    place.path = elsewhere.parent
    down = place.run("down")
    assert (down.returncode, down.stdout) == (0, "the emulator has ended; .lenie-local is deleted\n")
    assert not (place.path / ".lenie-local").exists()
    assert place.run("down").stdout == "no emulator ran\n"
    assert place.json("down") == (0, {"exit_code": 0, "ran": False, "diagnostics": []})


def schedule(url: str, **states: dict[str, str]) -> None:
    """Make state machines of one state, with a schedule for each."""
    from support_local import _session

    steps, scheduler = (
        _session().client(name, endpoint_url=url, region_name="eu-central-1") for name in ("stepfunctions", "scheduler")
    )
    role = "arn:aws:iam::123456789012:role/any"
    for name, state in states.items():
        text = json.dumps({"StartAt": "S", "States": {"S": state}})
        arn = steps.create_state_machine(name=name, definition=text, roleArn=role)["stateMachineArn"]
        scheduler.create_schedule(
            Name=name,
            ScheduleExpression="rate(1 day)",
            FlexibleTimeWindow={"Mode": "OFF"},
            Target={"Arn": arn, "RoleArn": role, "Input": "{}"},
        )


def test_an_interrupt_leaves_nothing(place: Place) -> None:
    """Of a deployment that is interrupted nothing has failed, and not everything is there."""
    more = "".join(
        f"  more-{n}:\n    layer: storage\n    after: [{'messages' if n == 0 else f'more-{n - 1}'}]\n"
        f"    resources:\n      more-{n}: {{kind: queue, retention: 4d}}\n"
        for n in range(12)
    )
    place.spec.write_text(SPEC.lstrip() + more)
    command = [str(Path(sys.executable).with_name("lenie")), "local", "up"]
    with interruptible(command, cwd=place.path, stderr=subprocess.PIPE, stdout=subprocess.PIPE) as up:
        assert up.stderr is not None
        for line in up.stderr:
            if "messages: CREATE_IN_PROGRESS" in line:
                break
        # Whoever comes meanwhile is not told that all is there.
        status, data = place.json("up")
        assert (status, codes(data)) == (3, ["E643"])
        assert place.json("status")[1]["ready"] is False
        up.send_signal(signal.SIGINT)
        out, _ = up.communicate(timeout=60)
    assert (up.returncode, out) == (130, "")
    assert not (place.path / ".lenie-local").exists()


def test_what_was_killed_is_started_anew(place: Place) -> None:
    command = [str(Path(sys.executable).with_name("lenie")), "local", "up"]
    with subprocess.Popen(command, cwd=place.path, stderr=subprocess.PIPE, text=True) as up:
        assert up.stderr is not None
        for line in up.stderr:
            if "messages: deploying" in line:
                break
        up.kill()
    assert "and not all is deployed" in place.run("status").stdout
    again = place.run("up")
    assert again.returncode == 0
    assert "an emulator to which not everything was deployed has been ended" in again.stderr
    assert "queue demo-dev-work: 0 waiting" in again.stdout


@pytest.mark.parametrize("command", [("status",), ("fire", "any")])
def test_nothing_runs(place: Place, command: tuple[str, ...]) -> None:
    status, data = place.json(*command)
    assert (status, codes(data)) == (3, ["E641"])


def test_faults_of_the_spec_start_nothing(place: Place) -> None:
    place.spec.write_text(SPEC.replace("kind: queue", "kind: queu"))
    done = place.run("up")
    assert done.returncode == 1
    assert "error[E204]" in done.stderr
    assert not (place.path / ".lenie-local").exists()


def test_what_cannot_be_deployed_leaves_nothing(place: Place) -> None:
    """Two queues of one name pass the compiler in different components, and one of them fails."""
    text = SPEC.replace("work: {kind: queue,", "work: {kind: queue, name: demo-twice,")
    text += "  more:\n    layer: storage\n    resources:\n      more: {kind: queue, name: demo-twice, retention: 4d}\n"
    place.spec.write_text(text)
    done = place.run("up")
    assert done.returncode in (1, 2, 3)
    assert "demo-twice" in done.stderr
    assert not (place.path / ".lenie-local").exists()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("up", "--env", "prd"), 'there is no environment "prd"'),
        (("up", "--scale", "7"), "7 is not possible for --scale"),
        (("up", "--port", "70000"), "70000 is no port"),
        (("up", "--spec", "nowhere.yaml"), "nowhere.yaml"),
        (("up", "--secret", "x"), "--secret takes NAME=FILE"),
        (("status", "--directory", ""), "--directory is empty"),
        (("fire",), "NAME"),
        (("sideways",), 'there is no command "sideways"'),
    ],
)
def test_wrong_usage(place: Place, words: tuple[str, ...], message: str) -> None:
    done = place.run(*words)
    assert done.returncode == 3
    assert message.lower() in done.stderr.lower()
    assert not (place.path / ".lenie-local").exists()


def test_another_directory_is_left_alone(place: Place) -> None:
    (place.path / "docs").mkdir()
    (place.path / "docs" / "a.md").write_text("x")
    for command in ("up", "down"):
        status, data = place.json(command, "--directory", "docs")
        assert (status, codes(data)) == (3, ["E642"])
    assert (place.path / "docs" / "a.md").read_text() == "x"


def test_without_the_extra_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: Any) -> None:
    found = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name in ("jsonata", "moto") else found(name))
    with pytest.raises(SpecError, match=r"needs moto, jsonata-python, which are not installed"):
        lifecycle.require_extra()
    for work in (lifecycle.up, lifecycle.status, lifecycle.down, lifecycle.fire):
        assert work(lifecycle.Request(tmp_path / "x")) == 3
        assert "pip install 'lenie[local]'" in capsys.readouterr().err

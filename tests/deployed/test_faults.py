"""Deployments that are killed, throttled, refused, or done twice at once: nothing is lost, and nothing is left over."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from deploy_world import COMPONENTS, CREDENTIALS, World, states
from support import ROOT

from deployed.inventory import inventory
from deployed.normal import differences, made_ids, natural, normal

pytestmark = pytest.mark.slow

KILLS = 25
#: What is changed to and fro.
CHANGES = (
    ("retries: {kind: parameter, path: retries,", "retries: {kind: parameter, path: tries,"),
    ("problems: {kind: queue, retention: 14d}", "problems: {kind: queue, retention: 13d}"),
    ("documents: {kind: queue, retention: 14d,", "documents: {kind: queue, retention: 4d,"),
)


class Zygote:
    """Starts commands in a few milliseconds: see `zygote`."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.output = world.directory / "output"
        variables = {**os.environ, **CREDENTIALS, "PYTHONPATH": str(ROOT / "tests")}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "deployed.zygote"],
            cwd=world.directory,
            env=variables,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._answer() == "ready"

    def start(self, *arguments: str, name: str = "1") -> int:
        """Start a command, and return its process's id."""
        words = [*arguments, "--endpoint-url", self.world.emulator.url]
        self._ask({"run": [words, f"{self.output}-{name}"]})
        return int(self._answer())

    def wait(self, pid: int) -> int:
        """Return the exit status of a process, when it has ended; that of a killed one is negative."""
        self._ask({"wait": pid})
        return int(self._answer())

    def said(self, name: str = "1") -> str:
        return Path(f"{self.output}-{name}").read_text(encoding="utf-8")

    def close(self) -> None:
        self.process.communicate(timeout=60)

    def _ask(self, request: Any) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()

    def _answer(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()


@pytest.fixture
def zygote(world: World) -> Iterator[Zygote]:
    made = Zygote(world)
    yield made
    made.close()


DEPLOY = ("deploy", "--env", "dev", "--yes", "--format", "json")


def state(world: World) -> dict[str, list[Any]]:
    """Return everything that is there, in normal form, change sets and stacks included."""
    raw = inventory(world.client, SERVICES)
    names = {**natural(raw), **made_ids(raw)}
    found = {kind: [normal(one, names) for one in entries] for kind, entries in raw.items()}
    client = world.client("cloudformation")
    stacks = client.describe_stacks()["Stacks"]
    found["stacks"] = [
        (one["StackName"], "COMPLETE" if one["StackStatus"].endswith("E_COMPLETE") else one) for one in stacks
    ]
    found["change sets"] = [
        summary for one in stacks for summary in client.list_change_sets(StackName=one["StackName"])["Summaries"]
    ]
    return found


#: Services that the small project uses.
SERVICES = frozenset({"dynamodb", "iam", "lambda", "logs", "s3", "sqs", "ssm"})


def change(world: World, *, forth: bool) -> None:
    for old, new in CHANGES:
        world.edit(old if forth else new, new if forth else old)


def settle(world: World) -> None:
    """Wait until no operation runs."""
    deadline = time.monotonic() + 60
    while any("IN_PROGRESS" in status for status in world.stacks().values()) and time.monotonic() < deadline:
        time.sleep(0.01)


@pytest.fixture
def references(world: World, zygote: Zygote) -> dict[bool, dict[str, list[Any]]]:
    """What undisturbed deployments make: of the project as it is, and as it is changed. The emulator is empty again."""
    found = {}
    for forth in (False, True):
        if forth:
            change(world, forth=True)
        assert zygote.wait(zygote.start(*DEPLOY)) == 0, zygote.said()
        found[forth] = state(world)
    change(world, forth=False)
    world.emulator.reset()
    assert found[False]["change sets"] == []
    assert len(found[False]["stacks"]) == len(COMPONENTS)
    assert differences(found[False], found[True]) != []
    return found


def test_killed_at_random_points(world: World, zygote: Zygote, references: dict[bool, dict[str, list[Any]]]) -> None:
    """25 times: the process is killed, and the next one goes on, until it comes to its end."""
    chance = random.Random(24)
    began = time.monotonic()
    assert zygote.wait(zygote.start(*DEPLOY)) == 0
    length = time.monotonic() - began
    world.emulator.reset()
    kills, forth, fresh, resumed = 0, False, True, 0
    where: set[str] = set()
    while kills < KILLS:
        pid = zygote.start(*DEPLOY)
        time.sleep(chance.uniform(0.02, length if fresh else length / 2))
        os.kill(pid, signal.SIGKILL)
        if zygote.wait(pid) == -signal.SIGKILL:
            kills, resumed = kills + 1, resumed + 1
            where |= set(world.stacks().values()) or {"nothing"}
            if resumed < 3:
                fresh = False
                continue
        # Now let it come to its end: everything is there, and nothing else.
        assert zygote.wait(zygote.start(*DEPLOY)) == 0, zygote.said()
        assert differences(references[forth], state(world)) == []
        resumed = 0
        if not forth:
            forth, fresh = True, False
            change(world, forth=True)
        else:
            forth, fresh = False, True
            change(world, forth=False)
            world.emulator.reset()
    assert any("IN_PROGRESS" in status for status in where), "some were killed while a stack was at work"
    assert zygote.wait(zygote.start(*DEPLOY)) == 0, zygote.said()
    assert differences(references[forth], state(world)) == []


def test_a_deletion_that_is_killed_goes_on(world: World, zygote: Zygote) -> None:
    chance = random.Random(7)
    assert zygote.wait(zygote.start(*DEPLOY)) == 0
    words = ("destroy", "--env", "dev", "--yes", "--format", "json")
    for _ in range(4):
        pid = zygote.start(*words)
        time.sleep(chance.uniform(0.2, 0.8))
        os.kill(pid, signal.SIGKILL)
        zygote.wait(pid)
    assert zygote.wait(zygote.start(*words)) == 0, zygote.said()
    settle(world)
    assert world.stacks() == {}
    left = {kind for kind, found in state(world).items() if found}
    assert left == {"dynamodb list_tables", "s3 list_buckets"}, "what the spec retains"


@pytest.mark.parametrize("kind", ["throttle", "fail"])
@pytest.mark.parametrize("every", [2, 3, 7])
def test_every_nth_call_is_throttled_or_fails(world: World, kind: str, every: int) -> None:
    """Calls of CloudFormation, of which a deployment makes most, and of the services beside it."""
    for service in ("cloudformation", "ssm", "dynamodb"):
        world.emulator.fault(service, every, kind)
    # Our own patience, and botocore's before it, whose pauses are long.
    attempts = 3 if every == 7 else 1
    created = world.deploy(attempts=attempts)
    assert created.complete, created.errors
    change(world, forth=True)
    assert world.deploy(attempts=attempts).complete
    counts = {one["service"]: one for one in world.emulator.cure()}
    assert counts["cloudformation"]["done"] >= counts["cloudformation"]["seen"] // every > 0
    assert states(world.deploy()) == {**dict.fromkeys(COMPONENTS, "unchanged"), "(packages)": "done"}
    assert state(world)["change sets"] == []


@pytest.mark.parametrize("every", [5, 11])
def test_every_nth_call_is_denied(world: World, every: int) -> None:
    """It stops, says why, and leaves a state that the next run goes on from."""
    for service in ("cloudformation", "sqs"):
        world.emulator.fault(service, every, "deny")
    codes: set[str] = set()
    for _ in range(3):
        try:
            result = world.deploy()
        except Exception as error:
            codes.add(error.diagnostic.code)  # type: ignore[attr-defined]
        else:
            codes |= {found.code for found in result.errors}
            assert not result.complete
    assert codes <= {"E660", "E911"}
    assert codes
    world.emulator.cure()
    settle(world)
    result = world.deploy()
    assert result.complete, result.errors
    assert set(world.stacks()) == {f"demo-dev-{name}" for name in COMPONENTS}


@pytest.mark.parametrize("seed", [1, 2])
def test_three_deployments_at_once(
    world: World, zygote: Zygote, references: dict[bool, dict[str, list[Any]]], seed: int
) -> None:
    chance = random.Random(seed)
    for forth in (False, True):
        if forth:
            change(world, forth=True)
        pids = []
        for number in range(3):
            pids.append(zygote.start(*DEPLOY, name=str(number)))
            time.sleep(chance.uniform(0, 0.4))
        assert [zygote.wait(pid) for pid in pids] == [0, 0, 0], [zygote.said(str(n)) for n in range(3)]
        assert differences(references[forth], state(world)) == []


def test_a_deployment_beside_a_deletion_ends_clearly(world: World, zygote: Zygote) -> None:
    """Both come to an end, each says what it did, and the next deployment mends what is left."""
    assert zygote.wait(zygote.start(*DEPLOY)) == 0
    gone = zygote.start("destroy", "--env", "dev", "--yes", "--format", "json", name="destroy")
    made = zygote.start(*DEPLOY, name="deploy")
    assert zygote.wait(gone) in (0, 2)
    assert zygote.wait(made) in (0, 2, 3)
    for name in ("destroy", "deploy"):
        assert "E908" not in zygote.said(name)
    settle(world)
    # What the deletion left is in the way of a new stack, and the user is told so; here it is removed.
    left = world.run("deploy", "--env", "dev", "--yes", "--format", "json")
    taken = {one["message"].partition(":")[0] for one in left.data["diagnostics"] if one["code"] == "E652"}
    assert taken <= {"artifacts", "archive"}
    s3 = world.client("s3")
    if "artifacts" in taken:
        for one in s3.list_objects_v2(Bucket="demo-dev-artifacts").get("Contents", []):
            s3.delete_object(Bucket="demo-dev-artifacts", Key=one["Key"])
        s3.delete_bucket(Bucket="demo-dev-artifacts")
    if "archive" in taken:
        world.client("dynamodb").delete_table(TableName="demo-dev-archive")
    assert zygote.wait(zygote.start(*DEPLOY)) == 0, zygote.said()

"""Questions on a terminal: seen as a whole, answered, and ended by an interrupt."""

from __future__ import annotations

import os
import pty
import re
import select
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from subprocess import Popen

import pytest
from deploy_world import World

_CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\r")


class Terminal:
    """A process on a terminal of its own."""

    def __init__(self, process: Popen[str], number: int) -> None:
        self.process = process
        self.number = number
        self.shown = ""

    def until(self, words: str, seconds: float = 40) -> str:
        """Return what was shown up to `words` since the last time."""
        end = time.monotonic() + seconds
        while words not in self.shown:
            assert time.monotonic() < end, f"{words!r} is not in {self.shown!r}"
            if select.select([self.number], [], [], 0.2)[0]:
                self.shown += _CONTROL.sub("", os.read(self.number, 65536).decode())
        found, _, self.shown = self.shown.partition(words)
        return found

    def quiet(self, seconds: float) -> str:
        """Return what is shown in so many seconds, control characters included."""
        found, end = "", time.monotonic() + seconds
        while time.monotonic() < end:
            if select.select([self.number], [], [], 0.1)[0]:
                found += os.read(self.number, 65536).decode()
        return found

    def type(self, words: str) -> None:
        os.write(self.number, words.encode())


@contextmanager
def terminal(world: World, *words: str) -> Iterator[Terminal]:
    ours, theirs = pty.openpty()
    try:
        streams = {"stdin": theirs, "stdout": theirs, "stderr": theirs}
        with world.process(*words, start_new_session=True, **streams) as process:
            try:
                yield Terminal(process, ours)
            finally:
                process.kill()
    finally:
        os.close(ours)
        os.close(theirs)


@pytest.mark.parametrize("command", ["deploy", "destroy"])
def test_a_question_has_the_terminal_for_itself(world: World, command: str) -> None:
    if command == "destroy":
        world.deploy()
    question = {"deploy": "us-east-1? [y/N] ", "destroy": "Type the name of the environment to go on: "}[command]
    with terminal(world, command, "--env", "dev") as shown:
        shown.until(question)
        assert shown.quiet(1.2) == "", "nothing is drawn over what is typed"
        shown.type({"deploy": "y\n", "destroy": "dev\n"}[command])
        shown.until({"deploy": "6 created", "destroy": "6 deleted"}[command])
        assert shown.process.wait(10) == 0


def test_an_interrupt_is_an_answer(world: World) -> None:
    """A change set is asked about in a thread, which no signal wakes."""
    world.deploy()
    world.edit("problems: {kind: queue, retention: 14d}", "problems: {kind: queue, retention: 14d, visibility: 9s}")
    with terminal(world, "deploy", "--env", "dev", "--change-set") as shown:
        shown.until("Change demo-dev-problems? [y/N] ")
        shown.process.send_signal(signal.SIGINT)
        shown.until("declined")
        assert shown.process.wait(10) == 2
    assert set(world.stacks().values()) == {"CREATE_COMPLETE"}
    sets = world.client("cloudformation").list_change_sets(StackName="demo-dev-problems")["Summaries"]
    assert sets == [], "no change set is left"

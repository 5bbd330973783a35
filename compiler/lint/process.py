"""Runs tools as processes with a time limit; whatever happens, none of them goes on after the command has ended."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple

from lenie.compiler.lint.finding import Failed, Missing

#: Exit code of a shell, or of a launcher, for a command that is not there.
_NOT_FOUND = 127
_ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_WORDS = 200


class Done(NamedTuple):
    """What a process gave."""

    code: int
    out: str
    err: str

    @property
    def last_words(self) -> str:
        """The last line that it printed, for a message."""
        lines = [line.strip() for line in _ANSI.sub("", self.err or self.out).splitlines() if line.strip(" │╷╵\t")]
        return lines[-1][:_WORDS] if lines else "it says nothing"


class Runner:
    """Runs processes. `limit` is the time in seconds that each may take."""

    def __init__(self, limit: float) -> None:
        self.limit = limit
        self._running: set[subprocess.Popen[str]] = set()
        self._lock = Lock()
        self._stopped = False

    def run(
        self, command: Sequence[str], *, directory: Path | None = None, variables: Mapping[str, str] | None = None
    ) -> Done:
        """Run `command` in `directory` with the environment `variables` (this process's own if there are none).

        Raises:
            Missing: if it cannot be started.
            Failed: if it does not end within the limit, or is ended by a signal.
        """
        name = Path(command[0]).name
        try:
            with self._lock:
                if self._stopped:
                    raise Failed("it was interrupted")
                process = subprocess.Popen(  # noqa: S603 - a list, which no shell reads
                    command,
                    cwd=directory,
                    env=variables,
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    text=True,
                    encoding="utf-8",
                    errors="replace",
                    # Tools start processes of their own: with a group, all of them can be ended.
                    start_new_session=True,
                )
                self._running.add(process)
        except OSError as error:
            raise Missing(f'"{command[0]}" cannot be run: {(error.strerror or "").lower()}', "") from None
        try:
            out, err = process.communicate(timeout=self.limit)
        except subprocess.TimeoutExpired:
            raise Failed(f"{name} did not end within {self.limit:g} seconds", "--time-limit gives it longer") from None
        finally:
            _end(process)
            with self._lock:
                self._running.discard(process)
        done = Done(process.returncode, out, err)
        if done.code == _NOT_FOUND:
            raise Missing(f'"{command[0]}" is there, and starts nothing: {done.last_words}', "")
        if done.code < 0:
            raise Failed(f"{name} was ended by {_signal(-done.code)}", done.last_words)
        return done

    def stop(self) -> None:
        """End what runs, and start nothing more."""
        with self._lock:
            self._stopped = True
            running = list(self._running)
        for process in running:
            _end(process)


def _end(process: subprocess.Popen[str]) -> None:
    """End a process with all that it has started."""
    with suppress(OSError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    for stream in (process.stdout, process.stderr):
        if stream is not None:
            stream.close()


def _signal(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def documents(tool: str, done: Done) -> Iterator[Any]:
    """Yield the JSON documents that a tool printed one after the other.

    Raises:
        Failed: if it printed something else, or nothing.
    """
    decoder, text, at = json.JSONDecoder(), done.out.strip(), 0
    if not text:
        raise Failed(f"{tool} printed nothing (exit code {done.code})", done.last_words)
    while at < len(text):
        try:
            content, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            words = done.last_words if done.err.strip() else text[at:].splitlines()[0][:_WORDS]
            raise Failed(f"{tool} printed something that is not JSON (exit code {done.code})", words) from None
        yield content
        while at < len(text) and text[at].isspace():
            at += 1

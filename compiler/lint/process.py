"""Runs tools as processes with a time limit; whatever happens, none of them goes on after the command has ended."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Lock, Thread
from typing import IO, Any, NamedTuple

from lenie.compiler.lint.finding import Failed, Missing

#: Exit code of a shell, or of a launcher, for a command that is not there.
_NOT_FOUND = 127
_ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_WORDS = 200
#: Bytes that a tool may print: the report of a tool about Lenie has some hundred thousand.
_MOST = 64 << 20


class Done(NamedTuple):
    """What a process gave."""

    code: int
    out: str
    err: str

    @property
    def last_words(self) -> str:
        """The last line that it printed, for a message."""
        lines = [line.strip() for line in _ANSI.sub("", self.err or self.out).splitlines() if line.strip(" │╷╵\t")]
        return lines[-1][:_WORDS] if lines else ""


class Runner:
    """Runs processes. `limit` is the time in seconds that each may take."""

    def __init__(self, limit: float) -> None:
        self.limit = limit
        self._running: set[subprocess.Popen[bytes]] = set()
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
                    # Tools start processes of their own: with a group, all of them can be ended.
                    start_new_session=True,
                )
                self._running.add(process)
        except OSError as error:
            raise Missing(f'"{command[0]}" cannot be run: {(error.strerror or "").lower()}', "") from None
        readers = [_Reader(stream, process) for stream in (process.stdout, process.stderr) if stream is not None]
        try:
            until = time.monotonic() + self.limit
            process.wait(timeout=self.limit)
            for reader in readers:
                # What it has started may still print something.
                reader.join(max(0.0, until - time.monotonic()))
            late = any(reader.is_alive() for reader in readers)
        except subprocess.TimeoutExpired:
            late = True
        finally:
            _end(process)
            for reader in readers:
                reader.join()
            with self._lock:
                self._running.discard(process)
        if any(reader.full for reader in readers):
            raise Failed(f"{name} printed more than {_MOST >> 20} MB")
        if late:
            raise Failed(f"{name} did not end within {self.limit:g} seconds", help="give it longer with --time-limit")
        out, err = (reader.text() for reader in readers)
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


class _Reader(Thread):
    """Reads what a process prints, and ends the process if that has no end."""

    def __init__(self, stream: IO[bytes], process: subprocess.Popen[bytes]) -> None:
        super().__init__(daemon=True)
        self.full = False
        self._stream = stream
        self._process = process
        self._parts: list[bytes] = []
        self.start()

    def run(self) -> None:
        """See `Thread`."""
        size = 0
        with self._stream as stream:
            while part := os.read(stream.fileno(), 1 << 16):
                size += len(part)
                if size > _MOST:
                    self.full = True
                    _kill(self._process)
                    return
                self._parts.append(part)

    def text(self) -> str:
        """Return everything, as text."""
        return b"".join(self._parts).decode("utf-8", errors="replace").replace("\r\n", "\n")


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a process with all that it has started."""
    _kill(process)
    process.wait()


def _kill(process: subprocess.Popen[bytes]) -> None:
    with suppress(OSError):
        os.killpg(process.pid, signal.SIGKILL)


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

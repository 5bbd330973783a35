"""The processes of all functions: those that wait are used again, and no more than a few run at once."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any

from lenie.compiler.local.functions.worker import Function, Invocation, Worker

#: Processes of one function at once; on AWS all functions of an account share 10, or 1000.
MOST = 10
#: Seconds after which a process that waits is ended.
_IDLE = 300.0


class TooManyRequests(Exception):
    """A function with a reserved concurrency is invoked more often at once."""


class Pool:
    """Runs invocations in processes; safe in threads."""

    def __init__(self, surroundings: Callable[[], Mapping[str, str]]) -> None:
        """Take from `surroundings`, at the start of each process, the emulator's own variables."""
        self._surroundings = surroundings
        self._changed = threading.Condition()
        self._waiting: dict[str, list[Worker]] = defaultdict(list)
        self._running: dict[str, set[Worker]] = defaultdict(set)
        self._starting: dict[str, int] = defaultdict(int)

    def invoke(
        self, function: Function, event: Any, *, reserved: int | None = None, client_context: Any = None
    ) -> tuple[Invocation, Worker]:
        """Run the function with an event; what is over `MOST` waits for its turn.

        Args:
            function: what to run.
            event: JSON.
            reserved: the function's reserved concurrency, over which there is no waiting.
            client_context: what the caller tells the handler beside the event.

        Raises:
            TooManyRequests: if the reserved concurrency is used up.
        """
        worker = self._take(function, reserved)
        result: Invocation | None = None
        try:
            result = worker.invoke(event, client_context)
        finally:
            self._give(worker, alive=result is not None and result.alive)
        return result, worker

    def _take(self, function: Function, reserved: int | None) -> Worker:
        most = MOST if reserved is None else min(MOST, reserved)
        key = function.arn
        with self._changed:
            while len(self._running[key]) + self._starting[key] >= most:
                if reserved is not None:
                    raise TooManyRequests
                self._changed.wait()
            self._discard(
                key, lambda worker: worker.function != function or time.monotonic() - worker.idle_since > _IDLE
            )
            if self._waiting[key]:
                worker = self._waiting[key].pop()
                self._running[key].add(worker)
                return worker
            self._starting[key] += 1
        try:
            worker = Worker(function, self._surroundings())
        finally:
            with self._changed:
                self._starting[key] -= 1
                self._changed.notify_all()
        with self._changed:
            self._running[key].add(worker)
        return worker

    def _give(self, worker: Worker, *, alive: bool) -> None:
        key = worker.function.arn
        with self._changed:
            # Nobody waits for a process that the pool forgot while it ran.
            known = worker in self._running[key]
            self._running[key].discard(worker)
            if alive and known:
                self._waiting[key].append(worker)
            self._changed.notify_all()
        if not (alive and known):
            worker.end()

    def _discard(self, key: str, unwanted: Callable[[Worker], bool]) -> None:
        gone = [worker for worker in self._waiting[key] if unwanted(worker)]
        self._waiting[key] = [worker for worker in self._waiting[key] if worker not in gone]
        for worker in gone:
            worker.end()

    def forget(self, arn: str) -> None:
        """End the processes of a function that is deleted or changed; those that run end with their invocation."""
        with self._changed:
            self._discard(arn, lambda _: True)
            self._running[arn].clear()

    def close(self) -> None:
        """End all processes, also those that run."""
        with self._changed:
            workers = [worker for found in (self._waiting, self._running) for some in found.values() for worker in some]
            self._waiting.clear()
            self._running.clear()
        for worker in workers:
            worker.end()

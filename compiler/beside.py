"""Calls in processes beside this one, so that work that does not depend on each other uses all processors.

The child is a copy of this process (POSIX fork), so that nothing has to be loaded or sent to it; only its result is
sent back. What a child cannot do, for whatever reason, is done here: a result never depends on how it was made.
"""

from __future__ import annotations

import os
import pickle
import sys
from collections.abc import Callable, Mapping
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Call(Generic[Value]):
    """A call that runs in a process beside this one, if there can be one, and otherwise where its result is wanted."""

    def __init__(self, function: Callable[[], Value]) -> None:
        """Begin `function`. Its result must be something that pickle can send, and it must change nothing else."""
        self._function = function
        self._child = _fork(function) if processors() > 1 else None

    def result(self) -> Value:
        """Wait for the result and return it, or raise what the function raises. To be called once."""
        if self._child is None:
            return self._function()
        child, pipe = self._child
        try:
            with os.fdopen(pipe, "rb") as stream:
                data = stream.read()
        finally:
            _, status = os.waitpid(child, 0)
        if status:
            return self._function()
        value: Value = pickle.loads(data)  # noqa: S301 - a copy of this process wrote it
        return value


def processors() -> int:
    """Return how many processes can run at once: copies of this one can be made, and have processors to run on.

    Only the thread that forks lives on in a copy, so that others must not hold anything; and on macOS the system's
    libraries do not bear it. Source: fork (POSIX.1-2024), `os.fork` (Python Library Reference).
    """
    threading = sys.modules.get("threading")
    alone = threading is None or threading.active_count() == 1
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" and alone else 1


def shares(weights: Mapping[str, int], number: int) -> list[list[str]]:
    """Deal out names to at most `number` processes, so that none has much more weight than the others.

    The first share is never empty. Source: R. L. Graham, "Bounds on Multiprocessing Timing Anomalies" (1969): the
    longest job first, to whoever has the least.
    """
    dealt: list[list[str]] = [[] for _ in range(number)]
    loads = [0] * number
    for name in sorted(weights, key=lambda name: -weights[name]):
        least = loads.index(min(loads))
        dealt[least].append(name)
        loads[least] += weights[name]
    return [share for share in dealt if share]


def _fork(function: Callable[[], object]) -> tuple[int, int] | None:
    """Return the child's number, and where its result can be read; nothing, if there can be no more processes."""
    source, sink = os.pipe()
    try:
        child = os.fork()
    except OSError:
        os.close(source)
        os.close(sink)
        return None
    if child:
        os.close(sink)
        return child, source
    # Neither what waits in the copies of output streams nor what is registered for the end is the child's business.
    status = 1
    try:
        with os.fdopen(sink, "wb") as stream:
            pickle.dump(function(), stream, pickle.HIGHEST_PROTOCOL)
        status = 0
    finally:
        os._exit(status)

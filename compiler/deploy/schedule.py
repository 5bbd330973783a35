"""Works through steps that wait for each other, several at a time; knows nothing of what the steps do."""

from __future__ import annotations

import queue
import signal
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Generic, NamedTuple, TypeVar

Value = TypeVar("Value")
#: Seconds between two looks at what the user wants.
_TICK = 0.2


#: Set while steps run that a SIGINT wants to end.
_interrupted = threading.Event()


def interrupted() -> bool:
    """Return whether the user has interrupted the steps that run: whoever waits for him need not wait any longer."""
    return _interrupted.is_set()


class Step(NamedTuple, Generic[Value]):
    """One piece of work, to be done after others."""

    work: Callable[[], Value]
    after: frozenset[str] = frozenset()


class Done(NamedTuple, Generic[Value]):
    """What a step returned, or raised. `value` and `error` are both None if it was not begun."""

    value: Value | None = None
    error: BaseException | None = None

    @property
    def began(self) -> bool:
        """Whether the step was begun at all."""
        return self.value is not None or self.error is not None


def run(
    steps: Mapping[str, Step[Value]],
    *,
    parallel: int,
    accepted: Callable[[Value], bool],
    interrupted: Callable[[int], None] = lambda times: None,
) -> dict[str, Done[Value]]:
    """Do the steps, each after those that it waits for, at most `parallel` at once, in the order of the mapping.

    After a step that raises, or whose value is not `accepted`, no other is begun; those that run are waited for. So it
    is after a SIGINT; `interrupted` is told how many there were.

    Raises:
        ValueError: if a step waits for one that does not exist, or steps wait for each other in a circle.
    """
    _check(steps)
    with _interrupts() as counted:
        return _loop(steps, parallel, accepted, lambda: interrupted(counted[0]), counted)


def _loop(
    steps: Mapping[str, Step[Value]],
    parallel: int,
    accepted: Callable[[Value], bool],
    interrupted: Callable[[], None],
    counted: list[int],
) -> dict[str, Done[Value]]:
    results: dict[str, Done[Value]] = {}
    answers: queue.SimpleQueue[tuple[str, Done[Value]]] = queue.SimpleQueue()
    running: set[str] = set()
    stopped, told = False, 0
    while True:
        if counted[0] > told:
            stopped, told = True, counted[0]
            interrupted()
        for name in _ready(steps, results, running, parallel) if not stopped else ():
            running.add(name)
            threading.Thread(target=_work, args=(name, steps[name], answers), name=name, daemon=True).start()
        if not running:
            break
        try:
            name, done = answers.get(timeout=_TICK)
        except queue.Empty:
            continue
        running.discard(name)
        results[name] = done
        stopped = stopped or done.error is not None or (done.value is not None and not accepted(done.value))
    return {name: results.get(name, Done()) for name in steps}


@contextmanager
def _interrupts() -> Iterator[list[int]]:
    """Count SIGINT instead of ending at it, where that is possible: in the main thread."""
    counted = [0]
    if threading.current_thread() is not threading.main_thread():
        yield counted
        return

    def count(number: int, frame: object) -> None:
        counted[0] += 1
        _interrupted.set()

    _interrupted.clear()
    before = signal.signal(signal.SIGINT, count)
    try:
        yield counted
    finally:
        signal.signal(signal.SIGINT, before)
        _interrupted.clear()


def _work(name: str, step: Step[Value], answers: queue.SimpleQueue[tuple[str, Done[Value]]]) -> None:
    try:
        answers.put((name, Done(step.work())))
    except BaseException as error:  # whatever it is, the other steps must not wait for ever
        answers.put((name, Done(error=error)))


def _ready(steps: Mapping[str, Step[Value]], done: Iterable[str], running: set[str], parallel: int) -> list[str]:
    over = set(done)
    waiting = (name for name in steps if name not in over and name not in running)
    ready = [name for name in waiting if steps[name].after <= over]
    return ready[: parallel - len(running)]


def _check(steps: Mapping[str, Step[Value]]) -> None:
    over: set[str] = set()
    for name, step in steps.items():
        if not step.after <= steps.keys():
            raise ValueError(f"{name} waits for {sorted(step.after - steps.keys())}")
    while len(over) < len(steps):
        ready = [name for name, step in steps.items() if name not in over and step.after <= over]
        if not ready:
            raise ValueError(f"steps wait for each other: {sorted(steps.keys() - over)}")
        over.update(ready)

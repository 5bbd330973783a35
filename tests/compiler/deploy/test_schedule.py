"""Steps that wait for each other, done by several threads."""

from __future__ import annotations

import os
import signal
import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lenie.compiler.deploy.schedule import Done, Step, run


def always(value: str) -> bool:
    return True


def test_each_after_those_that_it_waits_for() -> None:
    seen: list[str] = []

    def step(name: str, *after: str) -> Step[str]:
        def work() -> str:
            seen.append(name)
            return name

        return Step(work, frozenset(after))

    steps = {"a": step("a", "c"), "b": step("b", "a", "c"), "c": step("c")}
    done = run(steps, parallel=4, accepted=always)
    assert seen == ["c", "a", "b"]
    assert list(done) == ["a", "b", "c"]
    assert {name: one.value for name, one in done.items()} == {"a": "a", "b": "b", "c": "c"}


@given(st.lists(st.sets(st.integers(0, 9)), min_size=1, max_size=10), st.integers(1, 4))
def test_any_order_is_kept(needs: list[set[int]], parallel: int) -> None:
    """Each step waits for earlier ones only, so there is no circle."""
    lock = threading.Lock()
    begun: list[str] = []
    ended: set[str] = set()
    busy = [0, 0]

    def step(number: int) -> Step[str]:
        after = frozenset(str(other) for other in needs[number] if other < number)

        def work() -> str:
            with lock:
                assert after <= ended
                begun.append(str(number))
                busy[0] += 1
                busy[1] = max(busy)
            with lock:
                busy[0] -= 1
                ended.add(str(number))
            return "x"

        return Step(work, after)

    done = run({str(number): step(number) for number in range(len(needs))}, parallel=parallel, accepted=always)
    assert [one for one in done.values() if one.error is not None] == []
    assert sorted(begun) == sorted(str(number) for number in range(len(needs)))
    assert busy[1] <= parallel


def test_what_is_independent_is_done_at_once() -> None:
    barrier = threading.Barrier(3, timeout=10)
    steps = {name: Step(lambda: str(barrier.wait())) for name in "abc"}
    assert all(one.error is None for one in run(steps, parallel=3, accepted=always).values())


@pytest.mark.parametrize("how", ["raises", "is not accepted"])
def test_a_failure_begins_nothing_else_and_abandons_nothing(how: str) -> None:
    began, release = threading.Event(), threading.Event()

    def slow() -> str:
        began.set()
        assert release.wait(10)
        return "slow"

    def bad() -> str:
        assert began.wait(10)
        threading.Timer(0.2, release.set).start()
        if how == "raises":
            raise RuntimeError("no")
        return "bad"

    steps = {
        "slow": Step(slow),
        "bad": Step(bad),
        "after slow": Step(lambda: "x", frozenset({"slow"})),
        "after bad": Step(lambda: "x", frozenset({"bad"})),
    }
    done = run(steps, parallel=2, accepted=lambda value: value != "bad")
    assert done["slow"].value == "slow", "what runs is waited for"
    assert (done["after slow"], done["after bad"]) == (Done(), Done())
    assert not done["after slow"].began
    assert done["bad"].began
    assert isinstance(done["bad"].error, RuntimeError) == (how == "raises")


def test_an_interrupt_begins_nothing_else() -> None:
    told: list[int] = []
    before = signal.getsignal(signal.SIGINT)

    def first() -> str:
        os.kill(os.getpid(), signal.SIGINT)
        deadline = time.monotonic() + 10
        while not told and time.monotonic() < deadline:
            time.sleep(0.01)
        os.kill(os.getpid(), signal.SIGINT)
        while len(told) < 2 and time.monotonic() < deadline:
            time.sleep(0.01)
        return "first"

    steps = {"first": Step(first), "second": Step(lambda: "x", frozenset({"first"}))}
    done = run(steps, parallel=1, accepted=always, interrupted=told.append)
    assert told == [1, 2]
    assert (done["first"].value, done["second"]) == ("first", Done())
    assert signal.getsignal(signal.SIGINT) is before


def test_it_works_outside_of_the_main_thread() -> None:
    results: list[dict[str, Done[str]]] = []
    steps = {"a": Step(lambda: "a")}
    thread = threading.Thread(target=lambda: results.append(run(steps, parallel=1, accepted=always)))
    thread.start()
    thread.join(10)
    assert results == [{"a": Done("a")}]


def test_what_can_never_be_done_is_refused() -> None:
    with pytest.raises(ValueError, match="a waits for"):
        run({"a": Step(lambda: "a", frozenset({"b"}))}, parallel=1, accepted=always)
    circle = {"a": Step(lambda: "a", frozenset({"b"})), "b": Step(lambda: "b", frozenset({"a"}))}
    with pytest.raises(ValueError, match="wait for each other"):
        run(circle, parallel=1, accepted=always)

"""Calls in processes beside this one. They run in a process of their own: the one of the tests has threads."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from subprocess import PIPE

import pytest
from processes import interruptible

from lenie.compiler.beside import Call, processors, shares
from lenie.compiler.pipeline import compile_spec
from lenie.targets import TARGETS, WEIGHTS

ROOT = Path(__file__).parents[2]
#: There are two processors, whatever the machine has.
PROCESSORS = "import os\nos.sched_getaffinity = lambda process: {0, 1}\n"
IMPORT = "from lenie.compiler.beside import Call\n"


def run(program: str) -> list[str]:
    """Return what `program` prints; warnings end it, and so does a child that nobody waits for."""
    end = "\ntry:\n    os.waitpid(-1, 0)\nexcept ChildProcessError:\n    print('no child is left')\n"
    command = [sys.executable, "-W", "error", "-c", PROCESSORS + IMPORT + program + end]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert done.stderr == ""
    *lines, last = done.stdout.splitlines()
    assert last == "no child is left"
    return lines


def test_two_calls_run_at_once_in_other_processes() -> None:
    program = """
reader, writer = os.pipe()
def second():
    os.write(writer, b"x")
    return os.getpid(), "b" * 3_000_000
# Each waits for the other: alone, they would wait for ever.
def first():
    return os.read(reader, 1), os.getpid()
one, two = Call(first), Call(second)
(letter, here), (there, text) = one.result(), two.result()
print(letter, len(text), len({os.getpid(), here, there}))
"""
    assert run(program) == ["b'x' 3000000 3"]


@pytest.mark.parametrize(
    "inside",
    {
        "killed": "if os.getpid() != parent: os.kill(os.getpid(), 9)",
        "raises": "if os.getpid() != parent: raise MemoryError",
        "exits": "if os.getpid() != parent: raise SystemExit(0)",
        "not to be sent": "if os.getpid() != parent: return lambda: None",
    }.items(),
    ids=lambda entry: entry[0],
)
def test_what_a_child_cannot_do_is_done_here(inside: tuple[str, str]) -> None:
    program = f"""
parent = os.getpid()
def function():
    {inside[1]}
    return os.getpid() == parent
print(Call(function).result())
"""
    assert run(program) == ["True"]


def test_a_fault_is_raised_here() -> None:
    program = """
def function():
    raise ValueError("wrong")
try:
    Call(function).result()
except ValueError as error:
    print(error)
"""
    assert run(program) == ["wrong"]


def test_no_more_processes() -> None:
    program = """
def refuse():
    raise BlockingIOError(11, "Resource temporarily unavailable")
os.fork = refuse
before = len(os.listdir("/proc/self/fd"))
print(Call(os.getpid).result() == os.getpid(), len(os.listdir("/proc/self/fd")) - before)
"""
    assert run(program) == ["True 0"]


def test_output_of_the_parent_comes_once() -> None:
    assert run("print('once')\nCall(os.getpid).result()") == ["once"]


def test_one_processor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: {0})
    monkeypatch.setattr(threading, "active_count", lambda: 1)
    assert processors() == 1
    assert Call(os.getpid).result() == os.getpid()
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: {0, 1})
    assert processors() == (2 if sys.platform == "linux" else 1)


def test_not_beside_other_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: {0, 1})
    monkeypatch.setattr(threading, "active_count", lambda: 2)
    assert processors() == 1
    assert Call(os.getpid).result() == os.getpid()


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (1, [["cfn", "cdk", "tf", "eks"]]),
        (2, [["cfn", "tf"], ["cdk", "eks"]]),
        (3, [["cfn"], ["cdk"], ["tf", "eks"]]),
        (9, [["cfn"], ["cdk"], ["tf"], ["eks"]]),
    ],
)
def test_shares(number: int, expected: list[list[str]]) -> None:
    assert shares(WEIGHTS, number) == expected
    assert shares({"tf": 1}, number) == [["tf"]]
    assert shares({}, number) == []
    assert WEIGHTS.keys() == set(TARGETS)


@pytest.mark.parametrize("spec", ["spec/lenie.yaml", "tests/errors/*"])
def test_the_same_files_and_the_same_words(spec: str) -> None:
    # Faults of several targets: what one has refused, another does not repeat.
    paths = [ROOT / spec] if spec.endswith(".yaml") else sorted(ROOT.glob(f"{spec}/spec.yaml"))
    paths = [path for path in paths if path.name == "lenie.yaml" or path.parent.name.startswith("E5")]
    assert paths
    program = f"""
from pathlib import Path
from lenie.compiler.pipeline import compile_spec
pids = []
fork = os.fork
def counted():
    pids.append(fork())
    return pids[-1]
os.fork = counted
for path in {[str(path) for path in paths]!r}:
    run = compile_spec(Path(path), {TARGETS!r}, shown="spec.yaml", apart=True)
    print(repr((run.outputs, run.diagnostics, run.places)))
print(len(pids))
"""
    *lines, forks = run(program)
    for path, line in zip(paths, lines, strict=True):
        alone = compile_spec(path, TARGETS, shown="spec.yaml")
        assert line == repr((alone.outputs, alone.diagnostics, {}))
    # Two processors: one process beside the first.
    assert int(forks) == len(paths)


def test_an_interrupt_ends_all_processes() -> None:
    program = f"""{PROCESSORS}{IMPORT}
import time
def function():
    os.write(1, b"child\\n")
    while True:
        time.sleep(0.05)
calls = [Call(function), Call(function)]
calls[0].result()
"""
    with interruptible([sys.executable, "-c", program], stdout=PIPE, stderr=PIPE, start_new_session=True) as process:
        assert process.stdout is not None
        assert [process.stdout.readline() for _ in range(2)] == ["child\n", "child\n"]
        os.killpg(process.pid, signal.SIGINT)
        # The children have the same output: it ends with the last of them.
        rest, error = process.communicate(timeout=20)
    assert rest == ""
    assert error.count("KeyboardInterrupt") == 1

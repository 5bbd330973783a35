"""All stacks of the emulator, by account and region, and the threads that work on them."""

from __future__ import annotations

import threading
import traceback
from collections.abc import Callable
from typing import Any

from lenie.compiler.local.stacks.errors import Refused
from lenie.compiler.local.stacks.records import Stack

_stacks: dict[tuple[str, str], list[Stack]] = {}
_threads: set[threading.Thread] = set()
lock = threading.RLock()
#: In which status an operation ends that the emulator could not go on with.
_FAILED = {
    "CREATE_IN_PROGRESS": "CREATE_FAILED",
    "ROLLBACK_IN_PROGRESS": "ROLLBACK_FAILED",
    "DELETE_IN_PROGRESS": "DELETE_FAILED",
}


class NoStack(Refused):
    """There is no such stack."""

    def __init__(self, name: str) -> None:
        super().__init__(f"Stack with id {name} does not exist")


def add(stack: Stack) -> None:
    """Keep a new stack."""
    with lock:
        _stacks.setdefault((stack.account, stack.region), []).append(stack)


def remove(stack: Stack) -> None:
    """Forget a stack, as if it had never been."""
    with lock:
        _stacks[stack.account, stack.region].remove(stack)


def all_stacks(account: str, region: str, *, deleted: bool = False) -> list[Stack]:
    """Return the stacks, the newest first; those that are deleted only on demand."""
    with lock:
        found = list(reversed(_stacks.get((account, region), [])))
    return [stack for stack in found if deleted or stack.status != "DELETE_COMPLETE"]


def find(account: str, region: str, name: str) -> Stack | None:
    """Return the stack of this name, or, even if it is deleted, of this id."""
    by_id = name.startswith("arn:")
    for stack in all_stacks(account, region, deleted=by_id):
        if name == (stack.id if by_id else stack.name):
            return stack
    return None


def get(account: str, region: str, name: str) -> Stack:
    """Return the stack of this name or id.

    Raises:
        NoStack: if there is none.
    """
    stack = find(account, region, name)
    if stack is None:
        raise NoStack(name)
    return stack


def exports(account: str, region: str) -> dict[str, tuple[Any, Stack]]:
    """Return the values that stacks export, by name, and the stacks."""
    return {
        output["ExportName"]: (output["OutputValue"], stack)
        for stack in all_stacks(account, region)
        for output in stack.outputs
        if output.get("ExportName")
    }


def run(work: Callable[[], None], name: str, stack: Stack) -> None:
    """Do `work` on a stack in a thread of its own. A fault of the emulator does not leave the stack in progress."""

    def body() -> None:
        try:
            work()
        except Exception as error:
            traceback.print_exception(error)
            stack.set(_FAILED.get(stack.status, "UPDATE_ROLLBACK_FAILED"), f"The emulator failed: {error!r}")
        finally:
            with lock:
                _threads.discard(threading.current_thread())

    thread = threading.Thread(target=body, name=name, daemon=True)
    with lock:
        _threads.add(thread)
    thread.start()


def reset(seconds: float = 60) -> None:
    """Forget everything, after what runs was asked to end, and has ended.

    Raises:
        TimeoutError: if an operation still runs after so many seconds.
    """
    with lock:
        for stacks in _stacks.values():
            for stack in stacks:
                stack.cancelled = True
        running = list(_threads)
    for thread in running:
        thread.join(seconds)
        if thread.is_alive():
            raise TimeoutError(f"{thread.name} does not end")
    with lock:
        _stacks.clear()

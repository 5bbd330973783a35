"""What is to be done when the emulator forgets its state, and when it ends: patches that hold processes say it."""

from __future__ import annotations

from collections.abc import Callable

_reset: list[Callable[[], None]] = []
_stop: list[Callable[[], None]] = []


def on_reset(action: Callable[[], None]) -> None:
    """Call `action` before the services' state is forgotten."""
    _reset.append(action)


def on_stop(action: Callable[[], None]) -> None:
    """Call `action` when the server ends."""
    _stop.append(action)


def reset() -> None:
    """Do what is to be done before the state is forgotten."""
    for action in _reset:
        action()


def stop() -> None:
    """Do what is to be done at the end, the latest first; a failure of one does not keep the others from it.

    Raises:
        ExceptionGroup: of what failed.
    """
    failures = []
    for action in reversed(_stop):
        try:
            action()
        except Exception as error:
            failures.append(error)
    if failures:
        raise ExceptionGroup("the emulator could not end everything", failures)

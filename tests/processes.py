"""Child processes of tests that send them signals."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


def accept_interrupts() -> None:
    """Let SIGINT reach a child (`preexec_fn`) although whoever runs the tests ignores it, as ``nohup`` and ``&`` do."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@contextmanager
def interruptible(command: list[str], **options: Any) -> Iterator[subprocess.Popen[str]]:
    """Run `command` so that SIGINT reaches it even below ``nohup``, and so that no failing test waits for it."""
    with subprocess.Popen(command, text=True, preexec_fn=accept_interrupts, **options) as process:
        try:
            yield process
        finally:
            process.kill()

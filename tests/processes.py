"""Child processes of tests that send them signals."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def interruptible(command: list[str], **options: Any) -> Iterator[subprocess.Popen[str]]:
    """Run `command` so that SIGINT reaches it even below ``nohup``, and so that no failing test waits for it."""

    def accept_interrupts() -> None:
        signal.signal(signal.SIGINT, signal.SIG_DFL)

    with subprocess.Popen(command, text=True, preexec_fn=accept_interrupts, **options) as process:
        try:
            yield process
        finally:
            process.kill()

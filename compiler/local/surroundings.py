"""What the emulator's parts know of the process that they run in: its address, its directory, and its clock."""

from __future__ import annotations

import os
import tempfile
from functools import cache
from pathlib import Path

from lenie.compiler.local import clients

#: Directory of everything that the emulator writes: packages, PostgreSQL's data, certificates.
DIRECTORY = "LENIE_LOCAL_DIRECTORY"
#: Seconds in the emulator for a second of AWS: waits of workflows, transitions of databases, back-off of retries.
SCALE = "LENIE_LOCAL_SCALE"

_SCALE = 0.01


def settle(path: Path) -> None:
    """State the directory of this process's emulator."""
    os.environ[DIRECTORY] = str(path.resolve())


def endpoint() -> str:
    """Return the URL of the emulator's API, on the loopback."""
    return clients.url()


def scale() -> float:
    """Return the seconds that a second of AWS lasts in the emulator; a hundredth unless it is set.

    Raises:
        ValueError: if it is set to what is no number from 0 to 1.
    """
    text = os.environ.get(SCALE) or str(_SCALE)
    value = float(text)
    if not 0 <= value <= 1:
        raise ValueError(f"{SCALE} must be a number from 0 to 1, and not {text}")
    return value


def scaled(seconds: float) -> float:
    """Return how long a wait of `seconds` on AWS lasts in the emulator, in seconds."""
    return seconds * scale()


def directory(name: str) -> Path:
    """Return a directory of the emulator's for `name`, which exists."""
    found = Path(os.environ.get(DIRECTORY) or _temporary()) / name
    found.mkdir(parents=True, exist_ok=True)
    return found


@cache
def _temporary() -> str:
    return tempfile.mkdtemp(prefix="lenie-local-")

"""The instances of RDS that PostgreSQL stands behind: each with its cluster, its proxy, and its changes of state."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import threading
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path

from lenie.compiler.local import surroundings
from lenie.compiler.local.databases.certificates import server_certificate
from lenie.compiler.local.databases.cluster import HOST, Cluster, Programs
from lenie.compiler.local.databases.proxy import Proxy

#: Seconds that such an instance takes on AWS, about.
STARTING, STOPPING, REBOOTING = 240.0, 120.0, 60.0


class Instance:
    """One instance; `status` is told whenever its state changes."""

    def __init__(self, name: str, status: Callable[[str], None]) -> None:
        """Make nothing yet."""
        self.cluster = Cluster(home(name), programs())
        self.proxy = Proxy(self.cluster, server_certificate(surroundings.directory("certificates")))
        self._status = status
        self._lock = threading.Lock()
        self._gone = False

    @property
    def endpoint(self) -> tuple[str, int]:
        """Address and port that clients connect to, also while it is stopped."""
        return HOST, self.proxy.port

    def create(self, master: str, password: str, database: str) -> None:
        """Make the cluster, start it, and let clients in."""
        self.cluster.create(master, password, database)
        self.proxy.open()

    def restore(self, snapshot: Path) -> None:
        """Make the cluster from a copy of another's data, start it, and let clients in."""
        shutil.rmtree(self.cluster.directory, ignore_errors=True)
        Cluster(snapshot, programs()).copy(self.cluster.directory)
        self.cluster.start()
        self.proxy.open()

    def change(self, during: str, after: str, seconds: float) -> None:
        """Go from one state to another in the background: `during` is shown for `seconds` of AWS, scaled."""
        self._status(during)
        work = {"stopping": self._stop, "starting": self._start, "rebooting": self._reboot}[during]
        threading.Thread(target=self._change, args=(work, after, seconds), daemon=True).start()

    def _change(self, work: Callable[[], None], after: str, seconds: float) -> None:
        began = time.monotonic()
        with self._lock:
            if self._gone:
                return
            try:
                work()
            except Exception:
                self._status("failed")
                raise
            time.sleep(max(0.0, surroundings.scaled(seconds) - (time.monotonic() - began)))
            if not self._gone:
                self._status(after)

    def _stop(self) -> None:
        self.proxy.shut()
        self.cluster.stop()

    def _start(self) -> None:
        self.cluster.start()
        self.proxy.open()

    def _reboot(self) -> None:
        self._stop()
        self._start()

    def remove(self) -> None:
        """Stop it, and delete its data."""
        self._gone = True
        with self._lock:
            self.proxy.close()
            self.cluster.remove()


def home(name: str) -> Path:
    """Return the directory of an instance or snapshot, which need not exist."""
    return _reachable(surroundings.directory("databases") / name)


@cache
def programs() -> Programs:
    """Return the programs of all instances."""
    place = _reachable(surroundings.directory("programs") / "postgresql")
    place.mkdir(exist_ok=True)
    place.chmod(0o755)
    return Programs(place)


def _reachable(place: Path) -> Path:
    """Return where a directory is.

    Root's PostgreSQL runs as another user, who may not get into every directory: it gets one of its own then, and a
    link leads there.
    """
    if os.getuid() != 0:
        return place
    if not place.is_symlink():
        place.symlink_to(tempfile.mkdtemp(prefix="lenie-local-database-"))
    return place.resolve()


def remove_home(name: str) -> None:
    """Delete the directory of an instance or snapshot."""
    _remove(surroundings.directory("databases") / name)


def remove_programs() -> None:
    """Delete what was copied of the programs."""
    _remove(surroundings.directory("programs") / "postgresql")


def _remove(place: Path) -> None:
    target = place.resolve()
    with contextlib.suppress(FileNotFoundError):
        if place.is_symlink():
            place.unlink()
    shutil.rmtree(target, ignore_errors=True)


def remove_homes() -> None:
    """Delete the directories of all instances and snapshots."""
    for place in surroundings.directory("databases").iterdir():
        remove_home(place.name)

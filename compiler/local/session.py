"""An emulator that runs in the background: its directory, its process, and how both go away."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from lenie.compiler.diagnostics import Diagnostic, Severity, SpecError
from lenie.compiler.local import server, surroundings

#: Says that a directory is an emulator's, and of what.
MARK = "local.json"
_START, _STOP = 60.0, 45.0
#: A mark that does not count yet, of one process.
_PART = "local-{}.part"
#: What this process has started: it has to take note of their ends.
_children: dict[int, subprocess.Popen[bytes]] = {}


class Session(NamedTuple):
    """An emulator that runs."""

    directory: Path
    pid: int
    url: str
    #: Where the deployed REST APIs are.
    gateway: str
    environment: str
    spec: str
    since: str
    scale: float
    #: Of what is deployed: the spec may have errors, or another region, by the time that somebody asks.
    region: str
    #: Whether all is deployed.
    ready: bool


def problem(code: str, message: str, help: str = "") -> SpecError:
    """Return one of the errors of ``lenie local``."""
    return SpecError(Diagnostic(code, Severity.ERROR, message, (), help))


def find(directory: Path) -> Session | None:
    """Return the emulator that runs in a directory; none if none does, whatever it left."""
    try:
        mark = _mark(directory)
        state = json.loads((directory / server.STATE).read_text(encoding="utf-8"))
        found = Session(
            directory,
            int(state["pid"]),
            str(state["url"]),
            str(state["gateway"]),
            str(mark["environment"]),
            str(mark["spec"]),
            str(mark["since"]),
            float(mark["scale"]),
            str(mark["region"]),
            bool(mark["ready"]),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None
    if not _is_server(found.pid, directory):
        return None
    try:
        server.control(found.url, "GET", "health")
    except server.NotStarted:
        return None
    return found


def require(directory: Path) -> Session:
    """Return the emulator that runs in a directory.

    Raises:
        SpecError: (E641) if none does.
    """
    found = find(directory)
    if found is None:
        raise problem("E641", f"no emulator runs in {directory}", "lenie local up starts one")
    return found


def require_idle(directory: Path) -> None:
    """Make sure that no other process is about to start an emulator in a directory, and to deploy to it.

    Raises:
        SpecError: (E643) if one is.
    """
    mark: dict[str, Any] = {}
    with contextlib.suppress(OSError, ValueError, TypeError):
        mark = dict(_mark(directory))
    starter = mark.get("starter")
    if not mark.get("ready") and isinstance(starter, list) and len(starter) == 2:
        pid, words = starter
        if isinstance(pid, int) and pid != os.getpid() and _command_line(pid) == words != "":
            message = f"another lenie local up works in {directory} (process {pid})"
            raise problem("E643", message, "wait until it is ready, or end it")


def start(
    directory: Path, environment: str, spec: str, region: str, *, port: int, gateway_port: int, scale: float
) -> Session:
    """Start an emulator in the background, to be deployed to; `ready` says that this is done.

    Raises:
        SpecError: (E642) if the directory holds something else, (E643) if the emulator does not start, or another
            process is about to start one there.
        OSError: if the directory cannot be written.
    """
    require_own(directory)
    directory.mkdir(parents=True, exist_ok=True)
    since = datetime.now(UTC).isoformat(timespec="seconds")
    mark = {
        "environment": environment,
        "spec": spec,
        "since": since,
        "scale": scale,
        "region": region,
        "ready": False,
        "starter": [os.getpid(), _command_line(os.getpid())],
    }
    _write(directory, mark)
    try:
        # As a whole or not at all, and by one process only: of several, one makes the link.
        os.link(directory / _PART.format(os.getpid()), directory / MARK)
    except FileExistsError:
        raise problem("E643", f"another lenie local up works in {directory}", "wait until it is ready") from None
    finally:
        (directory / _PART.format(os.getpid())).unlink(missing_ok=True)
    command = [sys.executable, "-m", "lenie.compiler.local.server", "--directory", str(directory.resolve())]
    command += ["--port", str(port), "--gateway-port", str(gateway_port)]
    with (directory / server.LOG).open("ab") as log:
        process = subprocess.Popen(  # noqa: S603
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env={**os.environ, surroundings.SCALE: repr(scale)},
            start_new_session=True,
        )
    _children[process.pid] = process
    try:
        return _started(process, directory)
    except BaseException:
        process.kill()
        process.wait()
        clean(directory)
        raise


def _started(process: subprocess.Popen[bytes], directory: Path) -> Session:
    deadline = time.monotonic() + _START
    while True:
        found = find(directory)
        if found is not None:
            return found
        if process.poll() is not None:
            raise problem("E643", f"the emulator ended at once: {_last_line(directory)}")
        if time.monotonic() > deadline:
            raise problem("E643", f"the emulator did not answer within {_START:g} seconds: {_last_line(directory)}")
        time.sleep(0.05)


def _last_line(directory: Path) -> str:
    lines = (directory / server.LOG).read_text(encoding="utf-8", errors="replace").strip().splitlines()
    return lines[-1][:300] if lines else "it said nothing"


def ready(running: Session) -> Session:
    """Note that all is deployed to an emulator, and return it so."""
    _write(running.directory, {**_mark(running.directory), "ready": True})
    (running.directory / _PART.format(os.getpid())).replace(running.directory / MARK)
    return running._replace(ready=True)


def _write(directory: Path, mark: Mapping[str, Any]) -> None:
    """Write a mark beside the one that counts."""
    (directory / _PART.format(os.getpid())).write_text(json.dumps(mark) + "\n", encoding="utf-8")


def _mark(directory: Path) -> dict[str, Any]:
    """Return the mark of a directory.

    Raises:
        OSError: if there is none that can be read.
        ValueError: if it is none of an emulator's.
    """
    found = json.loads((directory / MARK).read_text(encoding="utf-8"))
    if not isinstance(found, dict) or not {"environment", "spec", "since", "scale"} <= found.keys():
        raise ValueError(f"{directory / MARK} is none of an emulator's")
    return found


def stop(directory: Path) -> bool:
    """End the emulator of a directory, and delete the directory; return whether one ran.

    Raises:
        SpecError: (E642) if the directory is none of an emulator's, (E643) if the process does not end.
        OSError: if something cannot be deleted.
    """
    require_own(directory)
    state: dict[str, Any] = {}
    with contextlib.suppress(OSError, ValueError):
        state = json.loads((directory / server.STATE).read_text(encoding="utf-8"))
    pid = int(state.get("pid") or 0)
    ran = _is_server(pid, directory)
    if ran:
        _end(pid, directory)
    clean(directory)
    return ran


def _end(pid: int, directory: Path) -> None:
    """End a process: as it wishes, and otherwise at once."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)
        deadline = time.monotonic() + _STOP
        while time.monotonic() < deadline:
            child = _children.get(pid)
            if not _is_server(pid, directory) and (child is None or child.poll() is not None):
                _children.pop(pid, None)
                return
            time.sleep(0.05)
    raise problem("E643", f"the process {pid} of the emulator does not end", f"kill -9 {pid}")


def require_own(directory: Path) -> None:
    """Make sure that a directory may be deleted.

    Raises:
        SpecError: (E642) if it holds something that is not an emulator's.
    """
    if not directory.exists():
        return
    with contextlib.suppress(OSError, ValueError):
        _mark(directory)
        return
    if not directory.is_dir() or any(directory.iterdir()):
        help = "name another directory with --directory"
        raise problem("E642", f"{directory} exists, and is not a directory of the emulator", help)


def clean(directory: Path) -> None:
    """End what an emulator that is no more has left, and delete its directory.

    Raises:
        OSError: if something cannot be deleted.
    """
    for place in [*directory.glob("databases/*"), *directory.glob("programs/*")]:
        home = place.resolve()
        with contextlib.suppress(OSError, ValueError):
            _end_database(int((home / "pid").read_text()), home)
        # The link's target lies outside, for another user.
        if place.is_symlink():
            place.unlink()
            shutil.rmtree(home, ignore_errors=True)
    if directory.exists():
        # The name may be a link: it goes, too.
        shutil.rmtree(directory.resolve())
    if directory.is_symlink():
        directory.unlink()


def _end_database(pid: int, home: Path) -> None:
    if f"-D\0{home / 'data'}\0" not in _command_line(pid):
        return
    for number, seconds in ((signal.SIGINT, 20.0), (signal.SIGKILL, 5.0)):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if not _command_line(pid):
                return
            time.sleep(0.05)


def _is_server(pid: int, directory: Path) -> bool:
    """Return whether a process is the emulator of a directory: a number may have gone to another one."""
    words = _command_line(pid).split("\0")
    return "lenie.compiler.local.server" in words and str(directory.resolve()) in words


def _command_line(pid: int) -> str:
    """Return the words of a process, each ended by a zero; nothing if there is no such process."""
    if pid <= 0:
        return ""
    place = Path("/proc") / str(pid) / "cmdline"
    if Path("/proc/self/cmdline").is_file():
        try:
            return place.read_bytes().decode("utf-8", "replace")
        except OSError:
            return ""
    command = ["ps", "-ww", "-o", "command=", "-p", str(pid)]
    done = subprocess.run(command, capture_output=True, text=True)  # noqa: S603
    return done.stdout.strip().replace(" ", "\0") + "\0" if done.stdout.strip() else ""

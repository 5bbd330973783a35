"""All or nothing for the files of a directory: new content is staged, then moved into place.

Everything that can fail for want of space or permission happens while nothing is touched yet. The moves themselves are
written to a journal first: when they are interrupted (kill -9, power loss), the next run finishes them.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import signal
import stat
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

try:
    import fcntl
except ImportError:  # pragma: no cover - Windows has no flock, and two compiles at once are not guarded there
    fcntl = None  # type: ignore[assignment]

#: Directory of staged files and of the journal, inside the directory that is written, so on the same file system.
STAGING = ".lenie-staging"
_JOURNAL = "journal.json"
#: The journal's name once the moves are being taken back.
_UNDO = "undo.json"
_POLL = 0.02
#: errno of file systems that have no locks: the compile goes on without.
_NO_LOCKS = (errno.ENOLCK, errno.ENOTSUP, errno.ENOSYS, errno.EINVAL)


class Busy(Exception):
    """Another process holds the lock of the directory."""


class Damaged(Exception):
    """The journal of an interrupted run cannot be read."""


class Unfinished(Exception):
    """A move failed, and so did taking back the ones before it. The next run tries again."""


class Step(NamedTuple):
    """What happens to one path: `new` and `old` are digests of its content afterwards and before, empty for none."""

    path: str
    new: str
    old: str


def digest(content: bytes) -> str:
    """Return the SHA-256 of `content` in hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


@contextmanager
def lock(directory: Path, *, shared: bool = False, wait: float = 10.0) -> Iterator[None]:
    """Hold the lock of `directory`, for up to `wait` seconds of waiting.

    Raises:
        Busy: another process holds it for longer.
        OSError: the directory cannot be opened.
    """
    descriptor = os.open(directory, os.O_RDONLY | os.O_CLOEXEC)
    try:
        _acquire(descriptor, shared, time.monotonic() + wait)
        yield
    finally:
        os.close(descriptor)


def _acquire(descriptor: int, shared: bool, deadline: float) -> None:
    if fcntl is None:
        return
    while True:
        try:
            fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise Busy from None
            time.sleep(_POLL)
        except OSError as error:
            if error.errno in _NO_LOCKS:
                return
            raise


def interrupted(directory: Path) -> bool:
    """Whether a run was interrupted while it moved files into place."""
    staging = directory / STAGING
    return (staging / _JOURNAL).exists() or (staging / _UNDO).exists()


def recover(directory: Path) -> bool:
    """Finish what an interrupted run began, or take it back if it was taking it back; call it with the lock held.

    Returns whether there was anything to finish. Files that were changed since then are left alone.

    Raises:
        Damaged: the journal cannot be read.
        OSError: a file cannot be moved.
    """
    staging = directory / STAGING
    if not staging.is_dir():
        return False
    for name, finish in ((_UNDO, _backward), (_JOURNAL, _forward)):
        steps = _read_journal(staging / name)
        if steps is not None:
            with _signals_deferred():
                finish(directory, steps)
                _close(directory, steps)
            return True
    shutil.rmtree(staging)
    return False


def apply(directory: Path, writes: Mapping[str, bytes], removals: Mapping[str, str]) -> None:
    """Write and remove files below `directory`, all of them or none; call it with the lock held, after `recover`.

    `writes` maps relative paths (with ``/``) to content, `removals` maps them to the digest of what is removed.
    Directories are made as needed, and removed when they become empty.

    Raises:
        OSError: a file cannot be written or moved; then nothing has changed.
        Unfinished: some files are moved and others are not; `recover` will take it back.
    """
    staging = directory / STAGING
    staging.mkdir()
    try:
        steps = [Step(path, "", old) for path, old in removals.items()]
        steps += [Step(path, digest(content), _digest_of(directory / path)) for path, content in writes.items()]
        # Where nothing is replaced nothing can be lost, and a first compile need not wait for the disk.
        durable = any(step.old for step in steps)
        for number, step in enumerate(steps):
            _require_writable(directory / step.path)
            if step.new:
                _write(staging / f"new-{number}", writes[step.path], durable)
            if step.old:
                _back_up(directory / step.path, staging / f"old-{number}")
        _write(staging / "draft", json.dumps([[s.path, s.new, s.old] for s in steps]).encode(), durable)
        # From here on the new state is the one that counts.
        (staging / "draft").replace(staging / _JOURNAL)
        if durable:
            _sync_directory(staging)
    except BaseException:
        shutil.rmtree(staging, ignore_errors=True)
        raise
    with _signals_deferred():
        try:
            _forward(directory, steps)
        except OSError as error:
            try:
                (staging / _JOURNAL).replace(staging / _UNDO)
                _backward(directory, steps)
            except OSError:
                raise Unfinished(error) from None
            _close_if_possible(directory, steps)
            raise
        _close_if_possible(directory, steps)


def _forward(directory: Path, steps: list[Step]) -> None:
    """Move every file into place. Steps that are done already, and files that were changed since, are passed over."""
    staging = directory / STAGING
    for step in steps:
        if not step.new and _digest_of(directory / step.path) == step.old:
            (directory / step.path).unlink()
            _prune(directory, step.path)
    for number, step in enumerate(steps):
        staged, path = staging / f"new-{number}", directory / step.path
        if step.new and staged.exists() and _digest_of(path) in (step.old, step.new):
            path.parent.mkdir(parents=True, exist_ok=True)
            staged.replace(path)


def _backward(directory: Path, steps: list[Step]) -> None:
    """Put everything back as it was before the first step."""
    staging = directory / STAGING
    for step in reversed(steps):
        path = directory / step.path
        if step.new and not step.old and _digest_of(path) == step.new:
            path.unlink()
            _prune(directory, step.path)
    for number, step in enumerate(steps):
        saved, path = staging / f"old-{number}", directory / step.path
        if step.old and saved.exists() and _digest_of(path) in ("", step.new, step.old):
            path.parent.mkdir(parents=True, exist_ok=True)
            saved.replace(path)


def _close(directory: Path, steps: list[Step]) -> None:
    """Make the moves durable, then forget the journal."""
    if any(step.old for step in steps):
        for parent in {(directory / step.path).parent for step in steps}:
            _sync_directory(parent)
    staging = directory / STAGING
    for name in (_JOURNAL, _UNDO):
        (staging / name).unlink(missing_ok=True)
    shutil.rmtree(staging)


def _close_if_possible(directory: Path, steps: list[Step]) -> None:
    """Close; where that fails all files are right already, and the next run closes."""
    with suppress(OSError):
        _close(directory, steps)


def _read_journal(path: Path) -> list[Step] | None:
    """Return the steps of a journal, or None where there is none."""
    try:
        return [Step(str(name), str(new), str(old)) for name, new, old in json.loads(path.read_bytes())]
    except FileNotFoundError:
        return None
    except (ValueError, TypeError):
        raise Damaged from None


def _write(path: Path, content: bytes, durable: bool) -> None:
    """Create a file, and wait until it is on the disk if it must be `durable`. A script may be executed."""
    mode = 0o755 if content.startswith(b"#!") else 0o644
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode), "wb") as stream:  # noqa: PTH123
        stream.write(content)
        if durable:
            stream.flush()
            os.fsync(stream.fileno())


def content(path: Path) -> bytes:
    """Return what is in a regular file.

    Raises:
        OSError: if it cannot be read, or is a pipe, a device or the like: reading one might never end.
    """
    mode = path.stat().st_mode
    if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
        raise OSError(errno.EINVAL, "this is neither a file nor a directory", str(path))
    return path.read_bytes()


def _back_up(path: Path, saved: Path) -> None:
    try:
        os.link(path, saved, follow_symlinks=False)
    except OSError:  # a file system without hard links, or a file of somebody else
        shutil.copy2(path, saved)


def _digest_of(path: Path) -> str:
    """Return the digest of a regular file, and nothing for everything else that may stand there."""
    if path.is_symlink() or not path.is_file():
        return ""
    return digest(path.read_bytes())


def _require_writable(path: Path) -> None:
    """Raise the error now that a move to `path` would meet later."""
    parent = path.parent
    while not parent.is_dir() and parent != parent.parent:
        parent = parent.parent
    if not os.access(parent, os.W_OK | os.X_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(parent))


def _prune(directory: Path, path: str) -> None:
    """Remove the directories above `path` that have become empty, up to `directory`."""
    parent = (directory / path).parent
    while parent != directory:
        try:
            parent.rmdir()
        except OSError:
            return
        parent = parent.parent


def _sync_directory(path: Path) -> None:
    """Make renames in a directory durable, where the file system can."""
    with suppress(OSError):
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


@contextmanager
def _signals_deferred() -> Iterator[None]:
    """Let SIGINT, SIGTERM and SIGHUP wait for the end of the block."""
    if not hasattr(signal, "pthread_sigmask"):  # pragma: no cover - Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM, signal.SIGHUP})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)

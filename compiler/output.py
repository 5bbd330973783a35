"""Writes a target's files so that nobody else's file is lost.

Next to its files the compiler keeps a list of them with their digests, in the format of ``sha256sum``. What is on the
list is the compiler's: it is replaced, and removed when it is no longer made. What is not on the list is somebody
else's: it is never touched, and a compile that would have to overwrite it stops before it writes anything.
"""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from lenie.compiler import transaction
from lenie.compiler.diagnostics import Diagnostic, Severity, SpecError
from lenie.compiler.transaction import STAGING, digest

#: The list of the compiler's files, in the directory of each target. It is committed with them.
MANIFEST = ".lenie-manifest"
_ENTRY = re.compile(r"([0-9a-f]{64})  (.+)")
#: What a file that the compiler made says at its start. JSON has no comments, so its files bear no mark.
_MARK = re.compile(rb"(?:Generated|Written) by `?lenie-compile`?")
_MARK_WITHIN = 500
#: Directories that tools make beside the files of a target, and that are not searched for strays.
_TOOLS = frozenset({"cdk.out", "node_modules", "__pycache__", "build", "dist"})
_REASONS = {
    errno.ENOSPC: ("the disk is full", "make room there, and run the command again"),
    errno.EDQUOT: ("the disk quota is used up", "make room there, and run the command again"),
    errno.EFBIG: ("a file would be larger than allowed", "raise the limit on the size of files (ulimit -f)"),
    errno.EACCES: ("permission denied", "check who may write there, or choose another directory with --out"),
    errno.EPERM: ("this is not permitted", "check who may write there, or choose another directory with --out"),
    errno.EROFS: ("the file system is read-only", "choose another directory with --out"),
    errno.ENOTDIR: ("a part of the path is a file, not a directory", "choose another directory with --out"),
    errno.EISDIR: ("there is a directory of that name", "move it away, or choose another directory with --out"),
    errno.EEXIST: ("there is a file of that name", "choose another directory with --out"),
    errno.ENAMETOOLONG: ("the name is too long", "choose another directory with --out, or a shorter name in the spec"),
    errno.ELOOP: ("its symbolic links lead in a circle", "choose another directory with --out"),
}


class State(StrEnum):
    """How a path in the target's directory compares with what the compiler makes."""

    UNCHANGED = "unchanged"
    #: Not there yet.
    MISSING = "missing"
    #: Written by an earlier compile, and different now.
    STALE = "stale"
    #: Written by an earlier compile, and changed by hand since.
    EDITED = "edited"
    #: Written by an earlier compile, and no longer made.
    ORPHAN = "orphan"
    #: No longer made, but changed by hand: it stays.
    EDITED_ORPHAN = "edited orphan"
    #: Not on the list and not made, but it says that the compiler made it: a list was lost, or a file was copied.
    UNLISTED = "unlisted"
    #: Not the compiler's, and in the way of a file that it makes.
    FOREIGN = "foreign"


class Plan(NamedTuple):
    """What a compile would do in `directory`: the state of each path, and the new list of files."""

    directory: Path
    files: Mapping[str, str]
    states: Mapping[str, State]
    manifest: str
    #: Whether the list of files on the disk is already `manifest`.
    listed: bool
    #: Digest of each orphan, as it is on the disk.
    orphans: Mapping[str, str]
    #: Paths on the list of files on the disk.
    known: frozenset[str]

    @property
    def current(self) -> bool:
        """Whether there is nothing to do."""
        return self.listed and all(state is State.UNCHANGED for state in self.states.values())

    def of(self, *states: State) -> tuple[str, ...]:
        """Return the paths in one of `states`, sorted."""
        return tuple(path for path, state in self.states.items() if state in states)


class Result(NamedTuple):
    """What a compile did to the files of a target; all paths are relative to its directory, and sorted."""

    changed: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    #: Files that were changed by hand, and are as the compiler makes them again.
    overwritten: tuple[str, ...] = ()
    #: Files that are no longer made, and stay because they were changed by hand.
    kept: tuple[str, ...] = ()
    #: Files that say that the compiler made them, and are neither made nor on its list; they stay.
    unlisted: tuple[str, ...] = ()


def write(out_dir: Path, target_dir_name: str, files: Mapping[str, str]) -> Result:
    """Make the directory of a target hold exactly `files` (relative path with ``/`` -> text), and nothing foreign less.

    Raises:
        SpecError: nothing could be written (E902), a foreign file is in the way (E903), or another compile is at work
            (E904). Nothing has changed then.
    """
    directory = out_dir / target_dir_name
    with _told(directory):
        made = _make_directories(directory)
        try:
            return _write(directory, files)
        finally:
            _remove_empty(made)


def check(out_dir: Path, target_dir_name: str, files: Mapping[str, str]) -> tuple[Plan, bool]:
    """Return how the directory of a target compares with `files`, and whether a compile was interrupted in it.

    Raises:
        SpecError: the directory cannot be read (E902), or a compile is at work in it (E904).
    """
    directory = out_dir / target_dir_name
    with _told(directory, "read"):
        if not directory.is_dir():
            if not next(path for path in (directory, *directory.absolute().parents) if os.path.lexists(path)).is_dir():
                raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(directory))
            return plan(directory, files), False
        with transaction.lock(directory, shared=True):
            return plan(directory, files), transaction.interrupted(directory)


def plan(directory: Path, files: Mapping[str, str]) -> Plan:
    """Compare `directory` with `files`; the lock must be held, and nothing is changed."""
    known = _read_manifest(directory)
    contents = {path: digest(text.encode()) for path, text in files.items()}
    for path in files:
        pure = PurePosixPath(path)
        assert not pure.is_absolute(), f"{path!r} is not relative"
        assert ".." not in pure.parts, f"{path!r} leads out of the directory"
        assert pure.as_posix() == path, f"{path!r} is not in its simplest form"
        assert pure.parts[0] not in (MANIFEST, STAGING), f"{path!r} is the compiler's own"
    orphans: dict[str, str] = {}
    states: dict[str, State] = {}
    for path, digests in known.items():
        full = directory / path
        if path in files or not os.path.lexists(full) or full.is_dir():
            continue
        found = "" if _obstacle(directory, path) else _digest(full)
        if found in digests:
            orphans[path] = found
            states[path] = State.ORPHAN
        else:
            states[path] = State.EDITED_ORPHAN
    for path, wanted in contents.items():
        states[path] = _state(directory, path, wanted, known.get(path, set()), orphans)
    for path in strays(directory, known.keys() | files.keys()):
        if _bears_mark(directory / path):
            states[path] = State.UNLISTED
    manifest = "".join(f"{contents[path]}  {path}\n" for path in sorted(files))
    return Plan(
        directory=directory,
        files=files,
        states=dict(sorted(states.items())),
        manifest=manifest,
        # Of no files there is no list.
        listed=(_read(directory / MANIFEST) or b"") == manifest.encode(),
        orphans=orphans,
        known=frozenset(known),
    )


def strays(directory: Path, known: Collection[str]) -> list[str]:
    """Return the files in `directory` that are not `known`, sorted; what tools leave is passed over."""
    found = []
    for parent, directories, names in os.walk(directory):
        directories[:] = [name for name in directories if not name.startswith(".") and name not in _TOOLS]
        below = Path(parent).relative_to(directory)
        found += [(below / name).as_posix() for name in names if not name.startswith(".")]
    return sorted(set(found).difference(known))


def recorded(directory: Path) -> dict[str, set[str]]:
    """Return the files of a target that the compiler wrote: path below `directory` -> SHA-256 of what it wrote."""
    return _read_manifest(directory)


def _bears_mark(path: Path) -> bool:
    """Whether a file says at its start that the compiler made it."""
    if path.is_symlink() or not path.is_file() or not os.access(path, os.R_OK):
        return False
    with path.open("rb") as stream:
        return _MARK.search(stream.read(_MARK_WITHIN)) is not None


def diagnostic(code: str, message: str, help: str = "") -> Diagnostic:
    """Return a diagnostic that has no place in the spec."""
    return Diagnostic(code, Severity.WARNING if code.startswith("W") else Severity.ERROR, message, (), help)


def reason(error: OSError) -> tuple[str, str]:
    """Return in the user's words why the operating system refused, and what helps."""
    words, help = _REASONS.get(error.errno or 0, ("", ""))
    return words or (error.strerror or "the name is not valid").lower(), help


def _write(directory: Path, files: Mapping[str, str]) -> Result:
    with transaction.lock(directory):
        transaction.recover(directory)
        planned = plan(directory, files)
        foreign = planned.of(State.FOREIGN)
        if foreign:
            raise SpecError(_foreign(directory, foreign))
        changing = planned.of(State.MISSING, State.STALE, State.EDITED)
        writes = {path: files[path].encode() for path in changing}
        removals = dict(planned.orphans)
        if planned.manifest and not planned.listed:
            writes[MANIFEST] = planned.manifest.encode()
        elif not planned.manifest and (old := _read(directory / MANIFEST)) is not None:
            removals[MANIFEST] = digest(old)
        if writes or removals:
            transaction.apply(directory, writes, removals)
        for path in planned.of(State.UNCHANGED):
            if files[path].startswith("#!"):
                _make_executable(directory / path)
    return Result(
        changed=planned.of(State.STALE, State.EDITED),
        added=planned.of(State.MISSING),
        removed=planned.of(State.ORPHAN),
        unchanged=planned.of(State.UNCHANGED),
        overwritten=planned.of(State.EDITED),
        kept=planned.of(State.EDITED_ORPHAN),
        unlisted=planned.of(State.UNLISTED),
    )


def _make_executable(path: Path) -> None:
    """Let those run a script who may read it, if nobody may: copies and archives lose that easily."""
    with suppress(OSError):  # some file systems have no modes
        mode = path.stat().st_mode
        if not mode & 0o111:
            path.chmod(mode | (mode & 0o444) >> 2)


def _state(directory: Path, path: str, wanted: str, known: set[str], orphans: Mapping[str, str]) -> State:
    """Return the state of a path that the compiler makes."""
    obstacle = _obstacle(directory, path)
    if obstacle:
        return State.MISSING if obstacle in orphans else State.FOREIGN
    full = directory / path
    if not os.path.lexists(full):
        return State.MISSING
    if full.is_dir() and not full.is_symlink():
        # An empty directory stays where it is: only those that lose their last file are removed.
        inside = [p.relative_to(directory).as_posix() for p in (full, *full.rglob("*")) if _is_leaf(p)]
        return State.MISSING if all(name in orphans for name in inside) else State.FOREIGN
    found = _digest(full)
    if found == wanted:
        return State.UNCHANGED
    if not known or not found:
        return State.FOREIGN
    return State.STALE if found in known else State.EDITED


def _is_leaf(path: Path) -> bool:
    return path.is_symlink() or not path.is_dir() or not any(path.iterdir())


def _obstacle(directory: Path, path: str) -> str:
    """Return the outermost parent of `path` that is a file or a link, where a directory should be."""
    for parent in reversed(PurePosixPath(path).parents[:-1]):
        full = directory / parent
        if full.is_symlink() or (full.exists() and not full.is_dir()):
            return parent.as_posix()
    return ""


def _foreign(directory: Path, paths: tuple[str, ...]) -> Diagnostic:
    shown = ", ".join(f'"{directory / path}"' for path in paths[:3]) + (", ..." if len(paths) > 3 else "")
    noun = "directory" if all((directory / path).is_dir() for path in paths) else "file"
    what = f"a {noun} that it did not write"
    if len(paths) > 1:
        what = f"{len(paths)} {'files' if noun == 'file' else 'directories'} that it did not write"
    return diagnostic(
        "E903",
        f"the compiler would overwrite {what}: {shown}",
        f"move it away, or delete it if it was generated; {MANIFEST} lists the compiler's own files",
    )


def _read_manifest(directory: Path) -> dict[str, set[str]]:
    """Return path -> digests. Lines of another form are passed over: a merge may leave marks and both digests."""
    content = _read(directory / MANIFEST) or b""
    entries: dict[str, set[str]] = {}
    for line in content.decode(errors="replace").splitlines():
        match = _ENTRY.fullmatch(line)
        if match and ".." not in PurePosixPath(match[2]).parts and not match[2].startswith("/"):
            entries.setdefault(match[2], set()).add(match[1])
    return entries


def _read(path: Path) -> bytes | None:
    try:
        return transaction.content(path)
    except (FileNotFoundError, NotADirectoryError):
        return None


def _digest(path: Path) -> str:
    """Return the digest of a regular file, and nothing for links and the like, which the compiler never makes."""
    return "" if path.is_symlink() or not path.is_file() else digest(path.read_bytes())


def _make_directories(directory: Path) -> list[Path]:
    """Make `directory` and those above it; return the new ones, innermost first."""
    missing = []
    at = directory
    while not at.exists() and at != at.parent:
        missing.append(at)
        at = at.parent
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError:
        _remove_empty(missing)
        raise
    return missing


def _remove_empty(directories: list[Path]) -> None:
    """Remove directories that nothing was written into."""
    for directory in directories:
        try:
            directory.rmdir()
        except OSError:
            return


def _refused(directory: Path, error: OSError) -> Path:
    """Return the file below `directory` that the operating system refused, or `directory`."""
    for name in (error.filename2, error.filename):
        path = Path(name) if isinstance(name, str) else directory
        if directory in path.parents and STAGING not in path.parts:
            return path
    return directory


@contextmanager
def _told(directory: Path, verb: str = "write") -> Iterator[None]:
    """Turn what the operating system says into a diagnostic."""
    try:
        yield
    except transaction.Busy:
        message = f'another compile is writing to "{directory}"'
        raise SpecError(diagnostic("E904", message, "wait for it to end, and run the command again")) from None
    except transaction.Damaged:
        message = f'an interrupted compile left a journal in "{directory / STAGING}" that cannot be read'
        raise SpecError(diagnostic("E902", message, "remove that directory, and run the command again")) from None
    except transaction.Unfinished:
        message = f'writing to "{directory}" failed half-way, and could not be taken back'
        raise SpecError(diagnostic("E902", message, "run the command again: it puts the files right")) from None
    except OSError as error:
        words, help = reason(error)
        outcome = "; nothing was changed" if verb == "write" else ""
        message = f'cannot {verb} "{_refused(directory, error)}": {words}{outcome}'
        raise SpecError(diagnostic("E902", message, help)) from None

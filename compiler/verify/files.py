"""What the list of the compiler's files tells about the files that are verified."""

from __future__ import annotations

import os
import stat
from enum import StrEnum
from pathlib import Path, PurePosixPath

from lenie.compiler.output import recorded
from lenie.compiler.transaction import content, digest


class Origin(StrEnum):
    """Where a file comes from."""

    #: As the compiler wrote it.
    COMPILED = "compiled"
    #: Changed since the compiler wrote it.
    EDITED = "edited"
    #: Not on the compiler's list.
    UNKNOWN = "unknown"


class Listing:
    """The list of files of the target in `directory`; `shown` is the directory's name in messages."""

    def __init__(self, directory: Path, shown: str) -> None:
        self.directory = directory
        self.shown = shown
        self.known = recorded(directory)
        self._lines: dict[str, list[str]] = {}

    def origin(self, file: str) -> Origin:
        """Return where the file of that name in messages comes from."""
        inner = file.removeprefix(f"{self.shown}/")
        if inner not in self.known:
            return Origin.UNKNOWN
        try:
            found = digest(content(self.path(file)))
        except OSError:
            return Origin.EDITED
        return Origin.COMPILED if found in self.known[inner] else Origin.EDITED

    def exists(self, file: str) -> bool:
        """Whether the file of that name in messages is there."""
        return self.path(file).is_file()

    def path(self, file: str) -> Path:
        """Return the path of the file of that name in messages."""
        return self.directory / PurePosixPath(file.removeprefix(f"{self.shown}/"))

    def lines(self, file: str) -> list[str]:
        """Return the lines of a file; none if it cannot be read."""
        if file not in self._lines:
            try:
                self._lines[file] = content(self.path(file)).decode(errors="replace").split("\n")
            except OSError:
                self._lines[file] = []
        return self._lines[file]

    def special(self) -> list[str]:
        """Return what is neither a file nor a directory, such as a pipe: reading it would wait for ever."""
        found = []
        for parent, directories, names in os.walk(self.directory):
            directories[:] = [name for name in directories if not name.startswith(".")]
            below = Path(parent).relative_to(self.directory).as_posix()
            found += [f"{self.shown}/{below}/{name}" for name in names if _is_special(Path(parent, name))]
        return sorted(name.replace("/./", "/") for name in found)

    def edited(self) -> list[str]:
        """Return the files that are no longer as the compiler wrote them, or are gone."""
        names = (f"{self.shown}/{inner}" for inner in sorted(self.known))
        return [name for name in names if self.origin(name) is Origin.EDITED]


def _is_special(path: Path) -> bool:
    try:
        mode = path.stat().st_mode
    except OSError:
        return False  # a link to nowhere, or to itself
    return not stat.S_ISREG(mode) and not stat.S_ISDIR(mode)

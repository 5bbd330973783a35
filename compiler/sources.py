"""Sources of functions and layers, addressed by digest: their package changes when they do, and only then."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

#: Directory of the code that the functions with ``library: true`` share.
LIBRARY = "library"
_LENGTH = 16
#: A source directory, relative to the spec's `code`, and never outside of it.
SOURCE = r"^([A-Za-z0-9_][A-Za-z0-9_.-]*(/[A-Za-z0-9_][A-Za-z0-9_.-]*)*)?$"


def source_files(directory: Path) -> Iterator[Path]:
    """Yield the files of a source directory in a fixed order; caches and hidden files are no sources."""
    for path in sorted(directory.rglob("*"), key=lambda p: p.relative_to(directory).as_posix()):
        parts = path.relative_to(directory).parts
        if path.is_file() and not any(p.startswith(".") or p == "__pycache__" for p in parts) and path.suffix != ".pyc":
            yield path


#: Directory -> names and contents of its source files, for the length of a compile.
Contents = dict[Path, list[tuple[str, bytes]]]


def source_digest(
    code: Path, source: str, *, library: bool = False, salt: str = "", contents: Contents | None = None
) -> str:
    """Return the digest of the directory `source` below `code`, with the shared library if it is packaged along.

    `salt` holds what else decides the package's content (a layer's runtime and architecture). Names and contents
    count; times, modes and places do not. `contents` keeps what was read, for functions that share it.

    Raises:
        OSError: if there is no such directory, or a file cannot be read.
    """
    sha = hashlib.sha256(salt.encode())
    contents = {} if contents is None else contents
    for root in (source, *([LIBRARY] if library else [])):
        directory = code / root
        if directory not in contents:
            contents[directory] = _read(directory)
        for name, content in contents[directory]:
            full = f"{root if root == LIBRARY else ''}/{name}"
            sha.update(f"{len(full)}:{full}:{len(content)}:".encode())
            sha.update(content)
    return sha.hexdigest()[:_LENGTH]


def _read(directory: Path) -> list[tuple[str, bytes]]:
    if not directory.is_dir():
        raise NotADirectoryError(directory)
    return [(path.relative_to(directory).as_posix(), path.read_bytes()) for path in source_files(directory)]

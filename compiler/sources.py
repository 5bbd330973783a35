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


def source_digest(code: Path, source: str, *, library: bool = False, salt: str = "") -> str:
    """Return the digest of the directory `source` below `code`, with the shared library if it is packaged along.

    `salt` holds what else decides the package's content (a layer's runtime and architecture). Names and contents
    count; times, modes and places do not.

    Raises:
        OSError: if a file cannot be read.
    """
    sha = hashlib.sha256(salt.encode())
    for root in (source, *([LIBRARY] if library else [])):
        if not (code / root).is_dir():
            raise NotADirectoryError(code / root)
        for path in source_files(code / root):
            name = f"{root if root == LIBRARY else ''}/{path.relative_to(code / root).as_posix()}"
            content = path.read_bytes()
            sha.update(f"{len(name)}:{name}:{len(content)}:".encode())
            sha.update(content)
    return sha.hexdigest()[:_LENGTH]

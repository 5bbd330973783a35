"""Zips that depend on names and contents only: entries are sorted, and all times and modes are the same."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from lenie.compiler.packaging.plan import Package
from lenie.compiler.sources import LIBRARY, source_files

#: The first time that a zip can hold (".ZIP File Format Specification", 4.4.6).
_TIME = (1980, 1, 1, 0, 0, 0)
#: Regular file, readable and executable by all: Lambda runs it as another user, and some runtimes start a program.
_MODE = 0o100755
_UNIX = 3
_CHUNK = 1 << 20


class Contents(NamedTuple):
    """What a zip holds, in bytes."""

    #: SHA-256 of names and contents, which no way of compressing changes.
    digest: str
    unzipped: int
    #: Largest first: the part (a top-level package or file of Python) and its size.
    parts: tuple[tuple[str, int], ...]


def sources(package: Package) -> dict[str, Path]:
    """Return name in the zip -> file, for the sources of a function or layer."""
    return {path.relative_to(package.source).as_posix(): path for path in source_files(package.source)}


def library(directory: Path) -> dict[str, Path]:
    """Return name in the zip -> file, for the library that is packaged with a function."""
    return {f"{LIBRARY}/{path.relative_to(directory).as_posix()}": path for path in source_files(directory)}


def tree(directory: Path, prefix: str) -> dict[str, Path]:
    """Return name in the zip -> file, for all files below `directory`."""
    files = (path for path in directory.rglob("*") if path.is_file())
    return {f"{prefix}{path.relative_to(directory).as_posix()}": path for path in files}


def write(target: Path, files: Mapping[str, Path]) -> None:
    """Write the zip `target` of `files` (name in it -> file).

    The bytes are the same wherever zlib compresses alike; `Contents.digest` is the same everywhere.

    Raises:
        OSError: if a file cannot be read, or the zip not written.
    """
    with zipfile.ZipFile(target, "x", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _TIME)
            entry.create_system = _UNIX
            entry.external_attr = _MODE << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, files[name].read_bytes(), compresslevel=9)


def contents(archive: Path) -> Contents:
    """Return what a zip holds; every entry is read and its check sum compared.

    Raises:
        zipfile.BadZipFile: (or `zlib.error`) if it is damaged.
    """
    sha = hashlib.sha256()
    parts: dict[str, int] = {}
    with zipfile.ZipFile(archive) as opened:
        for entry in sorted(opened.infolist(), key=lambda found: found.filename):
            sha.update(f"{len(entry.filename)}:{entry.filename}:{entry.file_size}:".encode())
            with opened.open(entry) as stream:
                while chunk := stream.read(_CHUNK):
                    sha.update(chunk)
            part = _part(entry.filename)
            parts[part] = parts.get(part, 0) + entry.file_size
    largest = sorted(parts.items(), key=lambda item: (-item[1], item[0]))
    return Contents(sha.hexdigest(), sum(parts.values()), tuple(largest))


def _part(name: str) -> str:
    """Return what a file belongs to: ``python/babel/core.py`` to babel, ``python/babel-2.1.dist-info/x`` too."""
    steps = name.removeprefix("python/").split("/")
    if len(steps) == 1:
        return steps[0]
    head = steps[0]
    for ending in (".dist-info", ".libs"):
        if head.endswith(ending):
            head = head.removesuffix(ending).partition("-")[0]
    return head


def sha256(path: Path) -> bytes:
    """Return the SHA-256 of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").digest()


def human(size: int) -> str:
    """Return a size in bytes as users read it: ``12.3 MB`` (2**20 bytes)."""
    if size < 1 << 10:
        return f"{size} byte{'' if size == 1 else 's'}"
    if size < 1 << 20:
        return f"{size / 1024:.1f} KB"
    return f"{size / (1 << 20):.1f} MB"

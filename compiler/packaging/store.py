"""Built packages on the disk: found again by the digest of their sources, and never half-written.

Below the directory each package lies under its S3 key. One run at a time works in it: it builds in a staging directory
and renames what is whole. What it built stands in a record: a file that is not in it, or another one than it says, is
built anew, since a function would be deployed from it.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from lenie.compiler import transaction
from lenie.compiler.diagnostics import Diagnostic, Severity, SpecError
from lenie.compiler.packaging import archive
from lenie.compiler.packaging.archive import Contents
from lenie.compiler.packaging.plan import Package

#: What is in the directory, for programs.
MANIFEST = "manifest.json"
#: What was built: path in the directory -> SHA-256 in hexadecimal.
_RECORD = ".built.json"
_STAGING = ".staging"
#: pip's cache of downloads: only what changed is downloaded again.
_CACHE = ".cache"
#: Seconds to wait for another run, which may download.
WAIT = 600.0


class Built(NamedTuple):
    """A package that is on the disk."""

    package: Package
    file: Path
    #: SHA-256 of the file.
    sha256: bytes
    size: int
    contents: Contents
    #: Whether it was there before this run.
    cached: bool


class Store:
    """The directory of the packages of one variant, while this run holds it."""

    def __init__(self, directory: Path, tag: str) -> None:
        """Work in `directory`; `tag` tells layers for different interpreters apart, and is empty for the deployed."""
        self.directory = directory
        self.tag = tag
        self.staging = directory / _STAGING
        self.cache = directory / _CACHE
        self._known = _recorded(directory / _RECORD)

    def path(self, package: Package) -> Path:
        """Return where a package lies: its key; for a layer of the host with the interpreter in its name."""
        key = Path(package.key)
        if package.kind == "layer" and self.tag:
            key = key.with_name(f"{key.stem}-{self.tag}{key.suffix}")
        return self.directory / key

    def find(self, package: Package) -> Built | None:
        """Return a package that is there as it was built; any other file is removed."""
        path = self.path(package)
        if not path.is_file():
            return None
        built = self._measured(package, path, cached=True)
        if built is None or self._known.get(self._name(path)) != built.sha256.hex():
            path.unlink()
            return None
        return built

    def add(self, package: Package, files: dict[str, Path]) -> Built:
        """Zip `files` (name in the zip -> file) as the package, and put it in its place at once."""
        staged = self.staging / "package.zip"
        archive.write(staged, files)
        path = self.path(package)
        path.parent.mkdir(parents=True, exist_ok=True)
        built = self._measured(package, staged, cached=False)
        assert built is not None, "what was just written can be read"
        staged.replace(path)
        there = {name: digest for name, digest in self._known.items() if (self.directory / name).is_file()}
        self._known = there | {self._name(path): built.sha256.hex()}
        record = self.staging / _RECORD
        record.write_text(json.dumps(self._known, indent=2) + "\n", encoding="utf-8")
        record.replace(self.directory / _RECORD)
        return built._replace(file=path)

    def _name(self, path: Path) -> str:
        return path.relative_to(self.directory).as_posix()

    def fresh(self) -> Path:
        """Return a new empty directory for building the next package."""
        shutil.rmtree(self.staging, ignore_errors=True)
        self.staging.mkdir(parents=True)
        return self.staging

    def write_manifest(self, document: dict[str, Any]) -> None:
        """Replace the manifest at once."""
        staged = self.fresh() / MANIFEST
        staged.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
        staged.replace(self.directory / MANIFEST)

    @staticmethod
    def _measured(package: Package, path: Path, *, cached: bool) -> Built | None:
        try:
            found = archive.contents(path)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError):
            return None
        return Built(package, path, archive.sha256(path), path.stat().st_size, found, cached)


@contextmanager
def opened(directory: Path, tag: str, *, wait: float = WAIT) -> Iterator[Store]:
    """Hold the directory of packages, made if it is missing, and clean up what interrupted runs left.

    Raises:
        SpecError: (E904) if another run holds it for longer than `wait` seconds.
        OSError: if it cannot be made or written.
    """
    directory.mkdir(parents=True, exist_ok=True)
    try:
        with _locked(directory, wait):
            store = Store(directory, tag)
            try:
                store.fresh()
                yield store
            finally:
                shutil.rmtree(store.staging, ignore_errors=True)
    except transaction.Busy:
        message = f'another lenie package is at work in "{directory}"'
        help = "wait for it to end, and run the command again"
        raise SpecError(Diagnostic("E904", Severity.ERROR, message, (), help)) from None


@contextmanager
def _locked(directory: Path, wait: float) -> Iterator[None]:
    with ExitStack() as held:
        try:
            held.enter_context(transaction.lock(directory, wait=0))
        except transaction.Busy:
            print(f'waiting for another lenie package in "{directory}"', file=sys.stderr)
            held.enter_context(transaction.lock(directory, wait=wait))
        yield


def _recorded(path: Path) -> dict[str, str]:
    """Return the record of what was built; empty if there is none that can be read."""
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    whole = isinstance(found, dict) and all(isinstance(digest, str) for digest in found.values())
    return found if whole else {}


def entry(built: Built, directory: Path) -> dict[str, Any]:
    """Return what the manifest says of a package."""
    package = built.package
    return {
        "name": package.name,
        "kind": package.kind,
        "key": package.key,
        "file": os.path.relpath(built.file, directory),
        "sha256": built.sha256.hex(),
        "content_sha256": built.contents.digest,
        "size": built.size,
        "unzipped": built.contents.unzipped,
        "runtime": package.runtime or None,
        "architecture": package.architecture,
        **({"handler": package.handler, "layers": list(package.layers)} if package.kind == "function" else {}),
    }

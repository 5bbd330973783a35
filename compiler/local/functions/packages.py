"""Packages of functions and layers, unpacked once for each content."""

from __future__ import annotations

import hashlib
import io
import shutil
import stat
import tempfile
import threading
import zipfile
from pathlib import Path

_lock = threading.Lock()


class BadPackage(Exception):
    """What was uploaded is no ZIP archive that can be unpacked."""


def unpack(package: bytes, directory: Path) -> Path:
    """Return the directory below `directory` that holds the files of a package.

    Raises:
        BadPackage: if it is no ZIP archive, or one whose names lead outside.
        OSError: if it cannot be written.
    """
    target = directory / hashlib.sha256(package).hexdigest()[:32]
    with _lock:
        if not target.is_dir():
            staging = Path(tempfile.mkdtemp(prefix=".unpacking-", dir=directory))
            try:
                _extract(package, staging)
                staging.chmod(0o755)
                staging.rename(target)
            except BaseException:
                shutil.rmtree(staging, ignore_errors=True)
                raise
    return target


def _extract(package: bytes, target: Path) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(package)) as archive:
            for entry in archive.infolist():
                parts = Path(entry.filename).parts
                if Path(entry.filename).is_absolute() or ".." in parts:
                    raise BadPackage(f"the package holds the name {entry.filename}")
                written = Path(archive.extract(entry, target))
                # Programs in a package keep the right to be run, which the module does not restore.
                mode = stat.S_IMODE(entry.external_attr >> 16)
                if mode and not entry.is_dir():
                    written.chmod(mode | stat.S_IRUSR | stat.S_IWUSR)
    except (zipfile.BadZipFile, NotImplementedError, EOFError) as error:
        raise BadPackage(f"the package is no ZIP archive that can be read: {error}") from error

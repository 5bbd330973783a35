"""Packages are unpacked once, and never outside their directory."""

from __future__ import annotations

import io
import stat
import zipfile
from pathlib import Path

import pytest
from support_services import zipped

from lenie.compiler.local.functions.packages import BadPackage, unpack


def archive(name: str, mode: int = 0o644) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as found:
        entry = zipfile.ZipInfo(name)
        entry.external_attr = (stat.S_IFREG | mode) << 16
        found.writestr(entry, "text")
    return target.getvalue()


def test_equal_packages_share_a_directory(tmp_path: Path) -> None:
    first = unpack(zipped(a="x = 1", python__b="y = 2"), tmp_path)
    assert sorted(str(path.relative_to(first)) for path in first.rglob("*.py")) == ["a.py", "python/b.py"]
    assert unpack(zipped(a="x = 1", python__b="y = 2"), tmp_path) == first
    assert unpack(zipped(a="x = 2"), tmp_path) != first
    assert len(list(tmp_path.iterdir())) == 2


def test_programs_may_be_run(tmp_path: Path) -> None:
    place = unpack(archive("bin/tool", 0o755), tmp_path)
    assert (place / "bin/tool").stat().st_mode & 0o777 == 0o755


@pytest.mark.parametrize(
    "package", [b"", b"no archive", archive("../outside"), archive("/outside"), archive("a/../../b")]
)
def test_what_is_no_package_leaves_nothing(tmp_path: Path, package: bytes) -> None:
    directory = tmp_path / "packages"
    directory.mkdir()
    with pytest.raises(BadPackage):
        unpack(package, directory)
    assert [*tmp_path.rglob("*")] == [directory]

"""Zips: the same bytes from the same names and contents, whatever else differs."""

from __future__ import annotations

import os
import zipfile
import zlib
from pathlib import Path

import pytest

from lenie.compiler.packaging import archive


def files(directory: Path, *names: str) -> dict[str, Path]:
    found = {}
    for name in names:
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"content of {name}\n" * 50)
        found[name] = path
    return found


def test_times_modes_and_order_do_not_count(tmp_path: Path) -> None:
    one = files(tmp_path / "one", "b.py", "a/c.py", "a.py")
    archive.write(tmp_path / "one.zip", one)
    two = files(tmp_path / "two", "a.py", "a/c.py", "b.py")
    for path in two.values():
        os.utime(path, (1_000_000_000, 1_000_000_000))
        path.chmod(0o600)
    archive.write(tmp_path / "two.zip", dict(reversed(two.items())))
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


def test_entries(tmp_path: Path) -> None:
    archive.write(tmp_path / "p.zip", files(tmp_path, "z.py", "lib/é.txt", "a.py"))
    with zipfile.ZipFile(tmp_path / "p.zip") as opened:
        entries = opened.infolist()
    assert [entry.filename for entry in entries] == ["a.py", "lib/é.txt", "z.py"]
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
    assert {entry.external_attr >> 16 for entry in entries} == {0o100755}
    assert {entry.create_system for entry in entries} == {3}
    assert all(entry.compress_size < entry.file_size for entry in entries)


def test_one_changed_byte_changes_both_digests(tmp_path: Path) -> None:
    found = files(tmp_path, "a.py", "b.py")
    archive.write(tmp_path / "1.zip", found)
    found["b.py"].write_text(found["b.py"].read_text()[:-2] + "!\n")
    archive.write(tmp_path / "2.zip", found)
    one, two = (archive.contents(tmp_path / name) for name in ("1.zip", "2.zip"))
    assert one.digest != two.digest
    assert one.unzipped == two.unzipped
    assert archive.sha256(tmp_path / "1.zip") != archive.sha256(tmp_path / "2.zip")


def test_the_digest_of_the_contents_does_not_depend_on_compression(tmp_path: Path) -> None:
    found = files(tmp_path, "a.py", "lib/b.py")
    archive.write(tmp_path / "deflated.zip", found)
    with zipfile.ZipFile(tmp_path / "stored.zip", "w", zipfile.ZIP_STORED) as opened:
        for name in ("lib/b.py", "a.py"):
            opened.write(found[name], name)
    assert archive.contents(tmp_path / "stored.zip") == archive.contents(tmp_path / "deflated.zip")


def test_a_name_and_content_cannot_be_taken_for_others(tmp_path: Path) -> None:
    found = []
    for number, (name, text) in enumerate([("ab", "c"), ("a", "bc")]):
        (tmp_path / str(number)).write_text(text)
        archive.write(tmp_path / f"{number}.zip", {name: tmp_path / str(number)})
        found.append(archive.contents(tmp_path / f"{number}.zip").digest)
    assert found[0] != found[1]


def test_parts_are_what_users_know_packages_by(tmp_path: Path) -> None:
    names = ["python/babel/core.py", "python/babel-2.18.0.dist-info/METADATA", "python/six.py"]
    names += ["python/psycopg2_binary.libs/libpq.so", "handler.py", "library/web.py"]
    archive.write(tmp_path / "p.zip", files(tmp_path, *names))
    parts = dict(archive.contents(tmp_path / "p.zip").parts)
    assert parts.keys() == {"babel", "six.py", "psycopg2_binary", "handler.py", "library"}
    sizes = [size for _, size in archive.contents(tmp_path / "p.zip").parts]
    assert sizes == sorted(sizes, reverse=True)
    assert sum(sizes) == archive.contents(tmp_path / "p.zip").unzipped


def test_a_damaged_zip_is_noticed(tmp_path: Path) -> None:
    archive.write(tmp_path / "p.zip", files(tmp_path, "a.py"))
    data = bytearray((tmp_path / "p.zip").read_bytes())
    data[40] ^= 0xFF
    (tmp_path / "p.zip").write_bytes(data)
    with pytest.raises((zipfile.BadZipFile, zlib.error)):
        archive.contents(tmp_path / "p.zip")


@pytest.mark.parametrize(
    ("size", "words"), [(0, "0 bytes"), (1, "1 byte"), (1536, "1.5 KB"), (1 << 20, "1.0 MB"), (262144000, "250.0 MB")]
)
def test_sizes(size: int, words: str) -> None:
    assert archive.human(size) == words

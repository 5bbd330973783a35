"""An emulator in the background, and what it leaves: nothing."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from support_services import until

from lenie.compiler.diagnostics import SpecError
from lenie.compiler.local import session


@pytest.fixture
def directory(tmp_path: Path) -> Iterator[Path]:
    place = tmp_path / "emulator"
    yield place
    session.stop(place)


def start(directory: Path, **options: int) -> session.Session:
    given = {"port": 0, "gateway_port": 0, **options}
    return session.start(directory, "dev", "spec/lenie.yaml", "eu-central-1", scale=0.5, **given)


def database(running: session.Session) -> int:
    """Make a database, and return the process of its server."""
    client = boto3.client(
        "rds",
        endpoint_url=running.url,
        region_name="us-east-1",
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
    )
    client.create_db_instance(
        DBInstanceIdentifier="db",
        Engine="postgres",
        DBInstanceClass="db.t3.micro",
        AllocatedStorage=20,
        MasterUsername="lenie",
        MasterUserPassword="a-password",
    )
    (home,) = (running.directory / "databases").iterdir()
    return int((home.resolve() / "pid").read_text())


def exists(process: int) -> bool:
    # Whose parent was killed may stay as a zombie, where nobody takes note of its end.
    return session._command_line(process) != ""


def test_it_is_found_while_it_runs(directory: Path) -> None:
    assert session.find(directory) is None
    with pytest.raises(SpecError, match="no emulator runs"):
        session.require(directory)
    running = start(directory)
    assert session.find(directory) == running
    assert (running.environment, running.spec, running.scale) == ("dev", "spec/lenie.yaml", 0.5)
    assert (running.region, running.ready) == ("eu-central-1", False)
    session.require_idle(directory)
    assert session.ready(running) == session.find(directory) == running._replace(ready=True)
    assert sorted(path.name for path in directory.glob("local*")) == [session.MARK]
    server = database(running)
    home = next((directory / "databases").iterdir()).resolve()
    assert session.stop(directory) is True
    assert not directory.exists()
    assert not home.exists()
    assert [exists(process) for process in (running.pid, server)] == [False, False]
    assert session.stop(directory) is False


def test_what_was_killed_leaves_nothing_after_down(directory: Path) -> None:
    running = start(directory)
    server = database(running)
    home = next((directory / "databases").iterdir()).resolve()
    killed = session._children.pop(running.pid)
    killed.kill()
    killed.wait()
    until(lambda: session.find(directory) is None)
    assert exists(server)
    assert session.stop(directory) is False
    assert not directory.exists()
    assert not home.exists()
    assert not exists(server)


def test_a_number_that_went_to_another_process_is_left_alone(directory: Path) -> None:
    directory.mkdir()
    (directory / session.MARK).write_text(json.dumps({"environment": "dev", "spec": "s", "since": "", "scale": 1}))
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
        state = {"pid": other.pid, "url": "http://127.0.0.1:1", "gateway": ""}
        (directory / "server.json").write_text(json.dumps(state))
        home = directory / "databases" / "us-east-1-db"
        home.mkdir(parents=True)
        (home / "pid").write_text(str(other.pid))
        assert session.find(directory) is None
        assert session.stop(directory) is False
        assert other.poll() is None
        other.kill()
    assert not directory.exists()


def test_a_directory_with_something_else_in_it_is_never_deleted(tmp_path: Path) -> None:
    place = tmp_path / "work"
    place.mkdir()
    (place / "thesis.txt").write_text("years")
    for act in (lambda: session.stop(place), lambda: start(place)):
        with pytest.raises(SpecError, match="not a directory of the emulator") as found:
            act()
        assert found.value.diagnostic.code == "E642"
    file = tmp_path / "file"
    file.write_text("x")
    with pytest.raises(SpecError):
        session.stop(file)
    assert (place / "thesis.txt").read_text() == "years"
    (tmp_path / "empty").mkdir()
    assert session.stop(tmp_path / "empty") is False


@pytest.mark.parametrize("content", ["{}", "[]", "", '{"environment": "dev"}', "\udcff"])
def test_a_file_of_that_name_makes_no_directory_of_the_emulator(tmp_path: Path, content: str) -> None:
    place = tmp_path / "config"
    place.mkdir()
    (place / session.MARK).write_text(content, encoding="utf-8", errors="surrogateescape")
    with pytest.raises(SpecError, match="not a directory of the emulator"):
        session.stop(place)
    assert session.find(place) is None
    session.require_idle(place)
    assert (place / session.MARK).is_file()


def test_a_directory_that_is_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    link = tmp_path / "link"
    link.symlink_to("real", target_is_directory=True)
    start(link)
    assert session.stop(link) is True
    assert not link.is_symlink()
    assert not (tmp_path / "real").exists()


def test_what_another_process_is_about_to_start_is_left_alone(directory: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
        until(lambda: session._command_line(other.pid).startswith(sys.executable))
        directory.mkdir()
        mark = {"environment": "dev", "spec": "s", "since": "", "scale": 1, "region": "us-east-1", "ready": False}
        mark["starter"] = [other.pid, session._command_line(other.pid)]
        (directory / session.MARK).write_text(json.dumps(mark))
        with pytest.raises(SpecError, match=f"another lenie local up works in .* .process {other.pid}") as found:
            session.require_idle(directory)
        assert found.value.diagnostic.code == "E643"
        with pytest.raises(SpecError, match="another lenie local up works in"):
            start(directory)
        assert sorted(path.name for path in directory.iterdir()) == [session.MARK]
        other.kill()
        other.wait()
        session.require_idle(directory)


def test_a_port_that_is_taken_is_told_and_nothing_is_left(directory: Path) -> None:
    running = start(directory)
    other = directory.with_name("other")
    port = int(running.url.rpartition(":")[2])
    with pytest.raises(SpecError, match="in use") as found:
        start(other, port=port)
    assert found.value.diagnostic.code == "E643"
    assert not other.exists()

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
    return session.start(directory, "dev", "spec/lenie.yaml", scale=0.5, **given)


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


def test_a_port_that_is_taken_is_told_and_nothing_is_left(directory: Path) -> None:
    running = start(directory)
    other = directory.with_name("other")
    port = int(running.url.rpartition(":")[2])
    with pytest.raises(SpecError, match="in use") as found:
        start(other, port=port)
    assert found.value.diagnostic.code == "E643"
    assert not other.exists()

"""`lenie db`: against a real PostgreSQL, locally and through a real SSH tunnel."""

from __future__ import annotations

import importlib.util
import json
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import asyncssh
import psycopg2
import pytest
from lambdas.postgres import Proxy, Server, certificates
from migration_support import ENDPOINT, IDENTIFIER, ROOT, SECRET, Account, Bastion
from processes import interruptible

from lenie.compiler.cli import main
from lenie.compiler.migration import command

STEPS = ["0001_documents", "0002_embeddings", "0003_login", "0004_synchronised"]


class Run:
    """What a command line did."""

    def __init__(self, capsys: pytest.CaptureFixture[str], *arguments: str) -> None:
        with pytest.raises(SystemExit) as exited:
            main.main(["db", *arguments], prog_name="lenie")
        self.code = exited.value.code
        self.out, self.err = capsys.readouterr()


def local(server: Server, database: str) -> list[str]:
    return ["--host", "127.0.0.1", "--port", str(server.port), "--database", database]


def applied(server: Server, database: str) -> list[str]:
    if server.execute("SELECT to_regclass('lenie.migrations') IS NULL", database=database) == [(True,)]:
        return []
    return [name for (name,) in server.execute("SELECT name FROM lenie.migrations ORDER BY version", database=database)]


# ---- a database on this machine --------------------------------------------------------------------------------------


def test_migrate(server: Server, database: str, capsys: pytest.CaptureFixture[str]) -> None:
    run = Run(capsys, "migrate", *local(server, database))
    assert (run.code, run.err) == (0, "")
    assert run.out.splitlines() == [f"{name}  applied now" for name in STEPS]
    assert applied(server, database) == STEPS
    server.execute(
        "INSERT INTO web_documents (url, document_type) VALUES ('https://example.com/', 'link')", database=database
    )
    run = Run(capsys, "migrate", *local(server, database))
    assert (run.code, run.out) == (0, "the database is up to date\n")


def test_status_and_dry_run_change_nothing(server: Server, database: str, capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (["status"], ["migrate", "--dry-run"]):
        run = Run(capsys, *arguments, *local(server, database))
        assert (run.code, run.err) == (0, "")
        assert run.out.splitlines() == [f"{name}  pending" for name in STEPS]
        assert applied(server, database) == []
        assert server.execute("SELECT to_regnamespace('lenie') IS NULL", database=database) == [(True,)]
    Run(capsys, "migrate", *local(server, database))
    run = Run(capsys, "status", *local(server, database))
    *lines, last = run.out.splitlines()
    assert [line.split()[:2] for line in lines] == [[name, "applied"] for name in STEPS]
    assert all(re.search(r"applied \d{4}-\d\d-\d\d \d\d:\d\d:\d\d", line) for line in lines)
    assert last == "the database is up to date"


def test_json(server: Server, database: str, capsys: pytest.CaptureFixture[str]) -> None:
    data = json.loads(Run(capsys, "status", "--format", "json", *local(server, database)).out)
    assert (data["exit_code"], data["applied_before"], data["pending"]) == (0, [], STEPS)
    data = json.loads(Run(capsys, "migrate", "--format", "json", *local(server, database)).out)
    assert (data["applied_now"], data["pending"], data["diagnostics"]) == (STEPS, [], [])
    data = json.loads(Run(capsys, "status", "--format", "json", *local(server, database)).out)
    assert [entry["name"] for entry in data["applied_before"]] == STEPS
    run = Run(capsys, "status", "--format", "json", "--host", "127.0.0.1", "--port", "1")
    data = json.loads(run.out)
    assert (run.code, data["exit_code"]) == (3, 3)
    assert [found["code"] for found in data["diagnostics"]] == ["E913"]


def copied(tmp_path: Path) -> Path:
    """Return a project of its own, with the migrations of Lenie."""
    shutil.copytree(ROOT / "lambdas", tmp_path / "lambdas", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "spec").mkdir()
    shutil.copy(ROOT / "spec/lenie.yaml", tmp_path / "spec/lenie.yaml")
    return tmp_path / "lambdas/library/migrations"


def test_the_steps_are_those_of_the_project(
    server: Server, database: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = copied(tmp_path)
    monkeypatch.chdir(tmp_path)
    Run(capsys, "migrate", *local(server, database))
    (steps / "0005_more.sql").write_text("CREATE TABLE more (id integer);")
    assert Run(capsys, "status", *local(server, database)).out.splitlines()[-1] == "0005_more  pending"
    assert Run(capsys, "migrate", *local(server, database)).out == "0005_more  applied now\n"
    (steps / "0006_wrong.sql").write_text("CREATE TABLE another (id integer);\nSELECT nonsense;")
    run = Run(capsys, "migrate", *local(server, database))
    assert (run.code, run.out) == (3, "")
    assert 'error[E914]: the step 0006_wrong failed: column "nonsense" does not exist' in run.err
    assert "nothing of it was applied" in run.err
    assert server.execute("SELECT to_regclass('lenie.another') IS NULL", database=database) == [(True,)]
    (steps / "0006_wrong.sql").unlink()
    (steps / "0005_more.sql").unlink()
    run = Run(capsys, "migrate", *local(server, database))
    assert run.code == 3
    assert "error[E914]: the migrations do not fit the database: 0005_more was applied by a later release" in run.err
    (steps / "0005_more.sql").write_text("CREATE TABLE more (id bigint);")
    run = Run(capsys, "status", *local(server, database))
    assert run.code == 3
    assert "0005_more was applied in another form" in run.err
    (steps / "0007_gap.sql").write_text("SELECT 1;")
    assert "0007_gap.sql should be 0006_<name>.sql" in Run(capsys, "status", *local(server, database)).err
    assert not list(steps.glob("__pycache__"))


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The steps of a copy of the project, which is the current directory."""
    found = copied(tmp_path)
    monkeypatch.chdir(tmp_path)
    return found


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("0005_more.sql", b"-- \xff\nSELECT 1", "0005_more.sql is not UTF-8"),
        ("0005_more.sql", b" -- nothing;\n;", "0005_more.sql holds no statement"),
        ("0006_more.sql", b"SELECT 1", "cannot be used: 0006_more.sql should be 0005_<name>.sql"),
        ("5.sql", b"SELECT 1", "cannot be used: 5.sql should be 0005_<name>.sql"),
        ("0005_more.sql", b"SELECT 1;\n\n  commit;\nSELECT 1/0", "0005_more.sql:3 has COMMIT: a step is one"),
        ("0005_more.sql", b"/* a\n*/ start\n transaction; SELECT 1", "0005_more.sql:2 has START TRANSACTION"),
        ("0005_more.sql", b"SELECT ';'; ROLLBACK", "0005_more.sql:1 has ROLLBACK"),
        ("__init__.py", b"def state(:", "__init__.py cannot be loaded: SyntaxError: invalid syntax"),
        ("__init__.py", b"import not_there", "__init__.py cannot be loaded: ModuleNotFoundError: No module named"),
        ("__init__.py", b"state = migrate = None", "__init__.py does not define MigrationError, migrations"),
    ],
)
def test_steps_that_cannot_be_applied(
    project: Path, capsys: pytest.CaptureFixture[str], name: str, content: bytes, words: str
) -> None:
    """They are told before anybody connects."""
    (project / name).write_bytes(content)
    run = Run(capsys, "migrate", "--host", "127.0.0.1")
    assert run.code == 3
    assert "error[E914]" in run.err
    assert words in run.err


def test_words_in_texts_and_functions_are_no_statements(
    project: Path, server: Server, database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "0005_more.sql").write_text(
        "-- COMMIT;\n/* ; ROLLBACK */ SELECT '; COMMIT';\n"
        "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $body$ BEGIN RETURN 1; END; $body$;\n"
        "DO $$ BEGIN PERFORM f(); END $$; SAVEPOINT s; ROLLBACK TO SAVEPOINT s; SELECT CASE WHEN true THEN 1 END\n"
    )
    run = Run(capsys, "migrate", *local(server, database))
    assert (run.code, run.err) == (0, "")
    assert applied(server, database) == [*STEPS, "0005_more"]


@pytest.mark.parametrize(("name", "user"), [("empty", "stranger"), ("nowhere", "lenie")])
def test_a_name_that_does_not_exist(
    server: Server, database: str, capsys: pytest.CaptureFixture[str], name: str, user: str
) -> None:
    run = Run(capsys, "status", *local(server, name), "--user", user)
    assert run.code == 3
    assert "does not exist" in run.err
    assert "help: --user names the owner of the database, --database the database itself" in run.err


def test_a_project_without_migrations(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.rmtree(copied(tmp_path))
    monkeypatch.chdir(tmp_path)
    run = Run(capsys, "status", "--host", "127.0.0.1")
    assert run.code == 3
    assert (
        "error[E914]: there are no migrations: spec/../lambdas/library/migrations/__init__.py does not exist" in run.err
    )


def test_errors_in_the_spec_come_first(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    copied(tmp_path)
    monkeypatch.chdir(tmp_path)
    spec = tmp_path / "spec/lenie.yaml"
    spec.write_text(spec.read_text().replace("engine: postgres 17", "engine: postgres"))
    run = Run(capsys, "status", "--host", "127.0.0.1")
    assert run.code == 1
    assert "error[E203]" in run.err
    assert "spec/lenie.yaml:" in run.err


def test_a_password(
    server: Server, database: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server wants one from this user; libpq reads it from where users keep it."""
    rules = server.data / "pg_hba.conf"
    before = rules.read_text()
    server.execute("CREATE ROLE careful SUPERUSER LOGIN PASSWORD 'right'", database="postgres")
    rules.write_text("host all careful 127.0.0.1/32 scram-sha-256\n" + before)
    server.execute("SELECT pg_reload_conf()", database="postgres")
    try:
        _wait_for_rules(server)
        run = Run(capsys, "migrate", *local(server, database), "--user", "careful")
        assert run.code == 3
        assert "error[E913]: cannot connect to 127.0.0.1:" in run.err
        assert "set PGPASSWORD" in run.err
        monkeypatch.setenv("PGPASSWORD", "wrong")
        run = Run(capsys, "migrate", *local(server, database), "--user", "careful")
        assert "password authentication failed" in run.err
        assert "wrong" not in run.err
        monkeypatch.setenv("PGPASSWORD", "right")
        assert Run(capsys, "migrate", *local(server, database), "--user", "careful").code == 0
        assert applied(server, database) == STEPS
    finally:
        rules.write_text(before)
        server.execute("SELECT pg_reload_conf()", "DROP OWNED BY careful", database=database)
        server.execute("DROP ROLE careful", database="postgres")


def _wait_for_rules(server: Server) -> None:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            server.connect("postgres", "careful").close()
        except psycopg2.OperationalError:
            return
        time.sleep(0.02)
    raise AssertionError("the server does not read its rules")


def test_a_certificate_is_checked_where_a_file_says_so(
    secure: tuple[Proxy, Path], database: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], server: Server
) -> None:
    root, own = certificates(tmp_path, "here")
    proxy = Proxy(server.port, own)
    try:
        there = ["--host", "127.0.0.1", "--port", str(proxy.port), "--database", database]
        run = Run(capsys, "status", *there, "--ca-file", str(secure[1]))
        assert run.code == 3
        assert "certificate verify failed" in run.err
        assert "--ca-file names the roots" in run.err
        assert Run(capsys, "status", *there, "--ca-file", str(root)).code == 0
        assert proxy.plain == 0
    finally:
        proxy.close()


def test_a_server_elsewhere_must_show_a_certificate(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The tests talk to this machine only, so this looks at what would be asked for."""
    asked: list[dict[str, Any]] = []

    def refuse(**options: Any) -> None:
        asked.append(options)
        raise psycopg2.OperationalError("timeout expired")

    monkeypatch.setattr(psycopg2, "connect", refuse)
    run = Run(capsys, "status", "--host", "db.example.com")
    assert run.code == 3
    assert (asked[0]["sslmode"], asked[0]["connect_timeout"]) == ("verify-full", 10)
    assert asked[0]["sslrootcert"].endswith("lambdas/library/rds_us_east_1.pem")
    assert (asked[0]["user"], asked[0]["dbname"], asked[0]["port"]) == ("lenie", "lenie", 5432)
    Run(capsys, "status", "--host", "localhost")
    assert asked[1]["sslmode"] == "prefer"


def test_a_region_without_certificates(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    copied(tmp_path)
    (tmp_path / "lambdas/library/rds_us_east_1.pem").unlink()
    monkeypatch.chdir(tmp_path)
    run = Run(capsys, "status", "--host", "db.example.com")
    assert run.code == 3
    assert "error[E913]: there are no root certificates of us-east-1" in run.err


def test_locks_of_others(
    server: Server, database: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "_LOCKS", 200)
    other = server.connect(database)
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", (0x4C656E69,))
        run = Run(capsys, "migrate", *local(server, database))
    finally:
        other.close()
    assert run.code == 3
    assert "error[E914]: the database was locked for 0 seconds" in run.err


def test_several_at_once(server: Server, database: str) -> None:
    arguments = [
        sys.executable,
        "-c",
        "from lenie.compiler.cli import main as c; c(prog_name='lenie')",
        "db",
        "migrate",
    ]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    runs = [subprocess.Popen([*arguments, *local(server, database)], **pipes) for _ in range(3)]  # type: ignore[call-overload]
    told = [process.communicate(timeout=60) for process in runs]
    assert [process.returncode for process in runs] == [0, 0, 0], told
    assert sorted(out.count("applied now") for out, _ in told) == [0, 0, len(STEPS)]


def test_a_connection_that_is_lost(
    server: Server, database: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = copied(tmp_path)
    monkeypatch.chdir(tmp_path)
    (steps / "0005_suicide.sql").write_text("SELECT pg_terminate_backend(pg_backend_pid());")
    run = Run(capsys, "migrate", *local(server, database))
    assert run.code == 3
    assert "error[E913]: the connection was lost: " in run.err
    assert "run the command again" in run.err
    assert applied(server, database) == STEPS


def test_without_the_driver(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name == "psycopg2" else find(name))
    run = Run(capsys, "status", "--host", "127.0.0.1")
    assert run.code == 3
    assert "error[E913]: the driver of PostgreSQL is not installed" in run.err
    assert "-m pip install psycopg2-binary" in run.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "which database is meant?"),
        (["--host", "h", "--env", "dev"], "--host and --env name two databases"),
        (["--host", "h", "--via", "bastion"], "--via is for a tunnel to the database of an environment"),
        (["--env", "dev", "--identity", "f"], "--identity is for a tunnel"),
        (["--env", "dev", "--port", "5433"], "--port does not go with --env"),
        (["--host", "h", "--endpoint-url", "http://127.0.0.1:1"], "--endpoint-url does not go with --host"),
        (["--host", "h", "--port", "70000"], "70000 is no port"),
        (["--host", "h", "--port", "x"], "invalid value for '--port'"),
        (["--env", "stage"], 'there is no environment "stage"'),
        (["databse", "--env", "dev"], 'there is no database "databse"'),
        (["--env", "dev", "--endpoint-url", "http://example.com"], "--endpoint-url takes an address of this machine"),
        (["--spec", "", "--host", "h"], "--spec is empty"),
    ],
)
def test_usage(capsys: pytest.CaptureFixture[str], arguments: list[str], words: str) -> None:
    run = Run(capsys, "migrate", *arguments)
    assert run.code == 3
    assert run.err.startswith(f"error[E901]: {words}")


def test_a_spec_without_a_database(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "spec").mkdir()
    spec = "version: 1\nproject: demo\nregion: us-east-1\nlayers: [base]\nenvironments: {dev: {production: false}}\n"
    (tmp_path / "spec/lenie.yaml").write_text(
        f"{spec}components: {{a: {{layer: base, resources: {{b: {{kind: queue}}}}}}}}\n"
    )
    monkeypatch.chdir(tmp_path)
    run = Run(capsys, "status", "--host", "127.0.0.1")
    assert run.code == 3
    assert "error[E901]: the spec has no database" in run.err


# ---- the database of an environment ----------------------------------------------------------------------------------


def through(bastion: Bastion, root: Path, database: str) -> list[str]:
    return [
        *("--env", "dev", "--via", "bastion", "--database", database),
        *("--ssh-config", str(bastion.config), "--identity", str(bastion.key), "--ca-file", str(root)),
    ]


def test_through_the_bastion(
    account: Account,
    bastion: Bastion,
    secure: tuple[Proxy, Path],
    server: Server,
    database: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    run = Run(capsys, "migrate", *through(bastion, secure[1], database))
    assert (run.code, run.err) == (0, "")
    assert run.out.splitlines() == [f"{name}  applied now" for name in STEPS]
    assert applied(server, database) == STEPS
    assert set(bastion.asked) == {(ENDPOINT, 5432)}
    assert bastion.users == ["ec2-user"]
    # The host key is remembered by the instance, since its address changes.
    assert bastion.known.read_text().startswith(f"lenie-dev-bastion-{account.instance} ssh-ed25519 ")
    deadline = time.monotonic() + 10
    while bastion.open and time.monotonic() < deadline:
        time.sleep(0.02)
    assert bastion.open == 0, "the tunnel is closed"
    assert Run(capsys, "status", *through(bastion, secure[1], database)).code == 0


def test_the_certificate_is_checked_at_the_far_end(
    account: Account,
    bastion: Bastion,
    secure: tuple[Proxy, Path],
    database: str,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    """A tunnel that leads elsewhere is noticed: to a server with another name, or of an unknown authority."""
    run = Run(capsys, "migrate", *through(bastion, ROOT / "lambdas/library/rds_us_east_1.pem", database))
    assert run.code == 3
    assert "certificate verify failed" in run.err
    root, own = certificates(tmp_path, "other", "elsewhere.example.com")
    proxy = Proxy(1, own)
    try:
        bastion.target = proxy.port
        run = Run(capsys, "migrate", *through(bastion, root, database))
    finally:
        proxy.close()
    assert run.code == 3
    assert f'server certificate for "elsewhere.example.com" does not match host name "{ENDPOINT}"' in run.err


def test_the_host_key_of_a_bastion(
    account: Account, bastion: Bastion, secure: tuple[Proxy, Path], database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """One that was made anew has another key; the same one with another key is not believed."""
    other = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode().strip()
    bastion.known.write_text(f"lenie-dev-bastion-i-0123456789abcdef0 {other}\n")
    assert Run(capsys, "status", *through(bastion, secure[1], database)).code == 0
    alias = f"lenie-dev-bastion-{account.instance}"
    bastion.known.write_text(f"{alias} {other}\n")
    run = Run(capsys, "status", *through(bastion, secure[1], database))
    assert run.code == 3
    assert f"somebody may stand between; if the instance has another host key for a reason: ssh-keygen -R {alias}" in (
        run.err
    )


def test_a_key_that_is_not_let_in(
    account: Account, bastion: Bastion, secure: tuple[Proxy, Path], database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    bastion.key = bastion.stranger
    run = Run(capsys, "migrate", *through(bastion, secure[1], database))
    assert run.code == 3
    assert "error[E915]: the tunnel through ec2-user@" in run.err
    assert "ssh says:" in run.err
    assert "Permission denied" in run.err
    assert "Permanently added" not in run.err


def test_a_bastion_that_does_not_get_there(
    account: Account, bastion: Bastion, secure: tuple[Proxy, Path], database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    bastion.refuse = True
    run = Run(capsys, "migrate", *through(bastion, secure[1], database))
    assert run.code == 3
    assert f"error[E913]: cannot connect to {ENDPOINT}, through the tunnel: " in run.err


def test_a_bastion_that_does_not_answer(
    account: Account, bastion: Bastion, secure: tuple[Proxy, Path], database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        config = bastion.config.read_text()
        bastion.config.write_text(re.sub(r"Port \d+", f"Port {closed.getsockname()[1]}", config))
        run = Run(capsys, "migrate", *through(bastion, secure[1], database))
    assert run.code == 3
    assert "error[E915]" in run.err
    assert "Connection refused" in run.err


def test_without_ssh(
    account: Account,
    bastion: Bastion,
    secure: tuple[Proxy, Path],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    run = Run(capsys, "migrate", *through(bastion, secure[1], "x"))
    assert run.code == 3
    assert "error[E915]: there is no program ssh" in run.err


def test_an_interrupt_closes_the_tunnel(bastion: Bastion, secure: tuple[Proxy, Path], server: Server) -> None:
    code = (
        "import signal, sys, time\n"
        "from lenie.compiler.migration.tunnel import Bastion, tunnel\n"
        "address, key, config = sys.argv[1:]\n"
        "with tunnel(Bastion(address, 'ec2-user', 'b', key, config), 'db.example.com', 5432) as port:\n"
        "    print(port, flush=True)\n"
        "    time.sleep(60)\n"
    )
    arguments = [sys.executable, "-c", code, "203.0.113.7", str(bastion.key), str(bastion.config)]
    with interruptible(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        port = int(process.stdout.readline())
        socket.create_connection(("127.0.0.1", port)).close()
        process.send_signal(signal.SIGINT)
        process.wait(20)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port))


def test_without_a_tunnel_the_database_is_called_directly(
    account: Account, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[dict[str, Any]] = []

    def refuse(**options: Any) -> None:
        asked.append(options)
        raise psycopg2.OperationalError("timeout expired")

    monkeypatch.setattr(psycopg2, "connect", refuse)
    run = Run(capsys, "status", "--env", "dev")
    assert run.code == 3
    assert f"error[E913]: cannot connect to {ENDPOINT}:5432: timeout expired" in run.err
    assert "--via goes through an instance" in run.err
    wanted = {"host": ENDPOINT, "port": 5432, "user": "lenie", "password": "not-a-secret", "dbname": "lenie"}
    assert wanted.items() <= asked[0].items()
    assert asked[0]["sslmode"] == "verify-full"
    assert "hostaddr" not in asked[0]
    assert "not-a-secret" not in run.out + run.err


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            lambda a: a.rds.stop_db_instance(DBInstanceIdentifier=IDENTIFIER),
            f'the database "{IDENTIFIER}" is stopped\n  = help: start it, and wait until it is available: '
            f"aws rds start-db-instance --db-instance-identifier {IDENTIFIER} --region us-east-1",
        ),
        (
            lambda a: a.rds.delete_db_instance(DBInstanceIdentifier=IDENTIFIER, SkipFinalSnapshot=True),
            f'there is no database "{IDENTIFIER}" in us-east-1',
        ),
        (lambda a: a.secret({"username": "lenie"}), f"the secret {SECRET} has no username and password"),
        (lambda a: a.secret("not JSON"), f"the secret {SECRET} has no username and password"),
        (lambda a: a.secret([1]), f"the secret {SECRET} has no username and password"),
        (
            lambda a: a.secrets.delete_secret(SecretId=SECRET, ForceDeleteWithoutRecovery=True),
            f"reading the secret {SECRET}: AWS refuses GetSecretValue: ResourceNotFoundException",
        ),
        (
            lambda a: a.ec2.stop_instances(InstanceIds=[a.instance]),
            'the instance "bastion" is stopped\n  = help: start it: ',
        ),
        (
            lambda a: a.ec2.terminate_instances(InstanceIds=[a.instance]),
            'there is no instance "bastion" in dev\n  = help: deploy the component "bastion" first',
        ),
    ],
)
def test_what_is_not_there(account: Account, capsys: pytest.CaptureFixture[str], change: Any, words: str) -> None:
    change(account)
    run = Run(capsys, "migrate", "--env", "dev", "--via", "bastion")
    assert run.code == 3
    assert run.err.startswith(f"error[E911]: {words}"), run.err


def test_an_unknown_instance(account: Account, capsys: pytest.CaptureFixture[str]) -> None:
    run = Run(capsys, "migrate", "--env", "dev", "--via", "basion")
    assert run.code == 3
    assert run.err == 'error[E901]: there is no instance "basion"\n  = help: did you mean "bastion"?\n\n'


def test_without_credentials(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    run = Run(capsys, "migrate", "--env", "dev", "--via", "bastion")
    assert run.code == 3
    assert run.err.startswith("error[E911]: there are no credentials for AWS that can be used")

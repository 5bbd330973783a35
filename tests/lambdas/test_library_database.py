"""Connection and migrations: TLS, token, lock, rights."""

from __future__ import annotations

import re
import threading
import time
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import psycopg2
import pytest
from botocore.exceptions import NoCredentialsError
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from lambdas.postgres import Proxy, Server, certificates
from library import database as library_database
from library.errors import DatabaseUnavailable, LoginRefused, MissingSetting
from library.kinds import STATES, TYPES
from library.migrations import MigrationError, migrate, migrations


def refuse(*_: Any) -> Any:
    raise AssertionError("must not be called")


def run(statement: str, cursor: Any) -> None:
    cursor.execute(statement)


def one(cursor: Any) -> Any:
    cursor.execute("SELECT current_user, current_schema()")
    return cursor.fetchone()


def test_connects_as_the_application(database: Server) -> None:
    assert library_database.transaction(one) == ("lenie_app", "lenie")


def test_the_password_is_a_token_of_iam(database: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: dict[str, Any] = {}
    connect = psycopg2.connect

    def recorded(**arguments: Any) -> Any:
        seen.update(arguments)
        return connect(**arguments)

    monkeypatch.setattr(psycopg2, "connect", recorded)
    library_database.transaction(one)
    assert seen["sslmode"] == "verify-full"
    address, _, query = seen["password"].partition("/?")
    assert address == f"127.0.0.1:{seen['port']}"
    fields = {name: values[0] for name, values in parse_qs(query).items()}
    assert (fields["Action"], fields["DBUser"], fields["X-Amz-Expires"]) == ("connect", "lenie_app", "900")
    assert fields["X-Amz-Credential"].endswith("/us-east-1/rds-db/aws4_request")


def test_no_token(database: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(_: str) -> Any:
        raise NoCredentialsError

    monkeypatch.setattr(library_database, "client", refused)
    with pytest.raises(DatabaseUnavailable, match="token"):
        library_database.transaction(refuse)


def test_never_without_tls(database: Server, secure: tuple[Proxy, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSTGRESQL_PORT", str(database.port))  # the server itself, which knows no TLS
    with pytest.raises(LoginRefused):
        library_database.transaction(refuse)
    assert secure[0].plain == 0


@pytest.mark.parametrize("wrong", ["authority", "name", "bundle"])
def test_the_server_must_be_the_right_one(
    database: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wrong: str
) -> None:
    if wrong == "authority":
        monkeypatch.setenv("POSTGRESQL_SSLROOTCERT", str(certificates(tmp_path, "other")[0]))
    elif wrong == "name":
        monkeypatch.setenv("POSTGRESQL_HOST", "localhost")  # the certificate is for 127.0.0.1
    else:
        monkeypatch.delenv("POSTGRESQL_SSLROOTCERT")  # that of RDS
    with pytest.raises(LoginRefused) as caught:
        library_database.transaction(refuse)
    assert "X-Amz" not in str(caught.value)


@pytest.mark.parametrize(("name", "value"), [("POSTGRESQL_USER", "nobody"), ("POSTGRESQL_DATABASE", "nothing")])
def test_a_refused_login_is_not_a_stopped_database(
    database: Server, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(LoginRefused, match="does not let the function in") as caught:
        library_database.transaction(refuse)
    assert caught.value.status == 500


def test_a_wrong_password_is_not_a_stopped_database(database: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """RDS checks tokens by PAM, and says so."""

    def refused(**_: Any) -> Any:
        raise psycopg2.OperationalError('FATAL:  PAM authentication failed for user "lenie_app"')

    monkeypatch.setattr(psycopg2, "connect", refused)
    with pytest.raises(LoginRefused):
        library_database.transaction(refuse)


@pytest.mark.parametrize("port", ["x", "0", "65536", "-1", "5432.0", "\u0665", " 5432"])
def test_a_port_that_is_none(database: Server, monkeypatch: pytest.MonkeyPatch, port: str) -> None:
    monkeypatch.setenv("POSTGRESQL_PORT", port)
    with pytest.raises(MissingSetting, match="POSTGRESQL_PORT is no port"):
        library_database.transaction(refuse)


def test_the_certificates_of_rds() -> None:
    text = library_database.CERTIFICATES.read_text()
    known = re.findall(r"# (Amazon RDS us-east-1 Root CA \w+ G1); SHA-256 ([0-9a-f]{64})", text)
    found = x509.load_pem_x509_certificates(text.encode())
    assert len(found) == len(known) == 3
    for certificate, (name, digest) in zip(found, known, strict=True):
        (attribute,) = certificate.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
        assert attribute.value == name
        assert certificate.fingerprint(SHA256()).hex() == digest
        assert certificate.issuer == certificate.subject
        certificate.verify_directly_issued_by(certificate)
        assert certificate.not_valid_after_utc > datetime(2060, 1, 1, tzinfo=UTC)


def test_lost_twice(database: Server, secure: tuple[Proxy, Path]) -> None:
    attempts = []

    def work(cursor: Any) -> None:
        attempts.append(1)
        secure[0].cut()
        cursor.execute("SELECT 1")

    with pytest.raises(DatabaseUnavailable):
        library_database.transaction(work)
    assert len(attempts) == 2


def test_an_error_of_a_statement_is_not_a_lost_connection(database: Server) -> None:
    library_database.transaction(one)
    with pytest.raises(psycopg2.errors.DivisionByZero):
        library_database.transaction(lambda cursor: cursor.execute("SELECT 1 / 0"))
    with pytest.raises(DatabaseUnavailable, match="in time"):
        library_database.transaction(
            lambda cursor: cursor.execute("SET LOCAL statement_timeout = 10; SELECT pg_sleep(5)")
        )
    assert library_database.transaction(one)


def test_what_the_application_may(database: Server) -> None:
    for statement in (
        "DROP TABLE web_documents",
        "CREATE TABLE more (id int)",
        "UPDATE migrations SET digest = ''",
        "CREATE ROLE other",
    ):
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            library_database.transaction(partial(run, statement))
    member = "SELECT pg_has_role('lenie_app', 'rds_iam', 'MEMBER'), pg_has_role('lenie', 'pg_monitor', 'USAGE')"
    assert database.execute(member)[0][0] is True


class TestMigrations:
    @pytest.fixture
    def empty(self, server: Server) -> Any:
        server.execute("DROP DATABASE IF EXISTS empty", "CREATE DATABASE empty", database="postgres")
        connections = []

        def connect() -> Any:
            connections.append(server.connect("empty"))
            return connections[-1]

        yield connect
        for connection in connections:
            connection.close()
        server.execute("DROP DATABASE empty", database="postgres")

    def test_once(self, empty: Any) -> None:
        connection = empty()
        assert migrate(connection) == [step.name for step in migrations()]
        assert migrate(connection) == []
        assert migrate(empty()) == []

    @staticmethod
    def note(connection: Any, done: list[list[str]]) -> None:
        done.append(migrate(connection))

    def test_several_at_once(self, empty: Any) -> None:
        done: list[list[str]] = []
        connections = [empty() for _ in range(4)]
        threads = [threading.Thread(target=self.note, args=(connection, done)) for connection in connections]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert sorted(map(len, done)) == [0, 0, 0, len(migrations())]

    def test_a_step_that_fails_leaves_the_earlier_ones(self, empty: Any, tmp_path: Path) -> None:
        (tmp_path / "0001_one.sql").write_text("CREATE TABLE one (id int)")
        (tmp_path / "0002_two.sql").write_text("CREATE TABLE two (id int); SELECT 1 / 0")
        connection = empty()
        with pytest.raises(psycopg2.errors.DivisionByZero):
            migrate(connection, tmp_path)
        with connection, connection.cursor() as cursor:
            cursor.execute("SELECT to_regclass('lenie.one') IS NULL, to_regclass('lenie.two') IS NULL")
            assert cursor.fetchone() == (False, True)
            cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")
            assert cursor.fetchone() == (0,)
        (tmp_path / "0002_two.sql").write_text("CREATE TABLE two (id int)")
        assert migrate(connection, tmp_path) == ["0002_two"]

    def test_a_changed_step_is_refused(self, empty: Any, tmp_path: Path) -> None:
        (tmp_path / "0001_one.sql").write_text("CREATE TABLE one (id int)")
        migrate(empty(), tmp_path)
        (tmp_path / "0001_one.sql").write_text("CREATE TABLE other (id int)")
        with pytest.raises(MigrationError, match="0001_one"):
            migrate(empty(), tmp_path)
        (tmp_path / "0001_one.sql").unlink()
        with pytest.raises(MigrationError, match="0001_one"):
            migrate(empty(), tmp_path)

    @pytest.mark.parametrize("name", ["0002_late.sql", "1_short.sql", "0001-hyphen.sql"])
    def test_names(self, tmp_path: Path, name: str) -> None:
        (tmp_path / name).write_text("")
        with pytest.raises(MigrationError, match="should be 0001_<name>"):
            migrations(tmp_path)

    def test_types_and_states_are_those_of_the_code(self, server: Server) -> None:
        query = "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'web_documents_document_{}_check'"
        for name, words in (("type", TYPES), ("state", STATES)):
            ((definition,),) = server.execute(query.format(name))
            assert re.findall(r"'(\w+)'::text", definition) == list(words)


@pytest.mark.slow
def test_a_host_that_does_not_answer(database: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setenv("POSTGRESQL_PORT", str(silent.getsockname()[1]))
        start = time.monotonic()
        with pytest.raises(DatabaseUnavailable):
            library_database.transaction(refuse)
        assert time.monotonic() - start < 12

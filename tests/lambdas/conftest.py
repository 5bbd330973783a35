"""What the tests of the functions share: where the code is, a fake account, and the events that API Gateway sends."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from lambdas.deployed import Deployment
from lambdas.postgres import DATABASE, LOGIN, Proxy, Server, certificates
from lambdas.recording import Call, recording, refused
from moto import mock_aws

LAMBDAS = Path(__file__).resolve().parents[2] / "lambdas"
if str(LAMBDAS) not in sys.path:
    sys.path.insert(0, str(LAMBDAS))

REGION = "us-east-1"
_PROXIES = [f(name) for name in ("http_proxy", "https_proxy", "all_proxy") for f in (str.lower, str.upper)]


@pytest.fixture(autouse=True)
def account(monkeypatch: pytest.MonkeyPatch) -> None:
    """Credentials that open nothing, and no configuration of the user."""
    for name in ("AWS_PROFILE", "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", *_PROXIES):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    monkeypatch.setenv("AWS_REGION", REGION)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@pytest.fixture(autouse=True)
def asked(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Call]]:
    """What the functions ask AWS for in the test: no more than their generated policies allow."""
    with recording(monkeypatch) as calls:
        yield calls
    if calls:
        assert not refused(calls, Deployment().functions())


@pytest.fixture
def aws() -> Iterator[None]:
    """An empty account, in moto."""
    from library import settings

    settings.client.cache_clear()
    # Otherwise each test would read the descriptions of all services anew.
    with mock_aws(config={"core": {"reset_boto3_session": False}}):
        yield
    settings.client.cache_clear()


@pytest.fixture
def fresh() -> Iterator[Callable[[ModuleType], ModuleType]]:
    """Forget the clients of a simple function, as a new container would."""
    seen: list[Callable[[], None]] = []

    def forget(module: ModuleType) -> ModuleType:
        seen.append(module.client.cache_clear)
        seen[-1]()
        return module

    yield forget
    for clear in seen:
        clear()


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """PostgreSQL with the tables of the functions."""
    from library.migrations import migrate

    found = Server()
    try:
        connection = found.connect()
        migrate(connection)
        connection.close()
        yield found
    finally:
        found.close()


@pytest.fixture(scope="session")
def secure(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Proxy, Path]]:
    """TLS before the server, and the root certificate of that."""
    root, own = certificates(tmp_path_factory.mktemp("tls"), "server")
    proxy = Proxy(server.port, own)
    yield proxy, root
    proxy.close()


@pytest.fixture
def database(server: Server, secure: tuple[Proxy, Path], monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """The database as the functions see it, without documents; a new container connects to it."""
    from library import database

    proxy, root = secure
    server.execute("TRUNCATE web_documents, websites_embeddings RESTART IDENTITY CASCADE")
    monkeypatch.setenv("POSTGRESQL_HOST", "127.0.0.1")
    monkeypatch.setenv("POSTGRESQL_PORT", str(proxy.port))
    monkeypatch.setenv("POSTGRESQL_DATABASE", DATABASE)
    monkeypatch.setenv("POSTGRESQL_USER", LOGIN)
    monkeypatch.setenv("POSTGRESQL_SSLROOTCERT", str(root))
    database.release()
    yield server
    database.release()


@pytest.fixture
def container(database: Server, monkeypatch: pytest.MonkeyPatch) -> Server:
    """The database, and the settings of `app-server-db`."""
    monkeypatch.setenv("EMBEDDING_MODEL", "text-embedding-ada-002")
    return database


@pytest.fixture
def logged(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """What the functions write into their log."""
    from library.logs import logger

    stream = io.StringIO()
    monkeypatch.setattr(logger.registered_handler, "stream", stream)
    return stream


def body_of(response: dict[str, Any]) -> Any:
    """Return the body of a response, which must be one that API Gateway takes and browsers may read."""
    assert set(response) == {"statusCode", "headers", "body"}
    assert {f"Access-Control-Allow-{name}" for name in ("Origin", "Credentials", "Methods")} <= set(response["headers"])
    assert response["headers"]["Content-Type"].startswith("application/json")
    assert all(isinstance(value, str) for value in response["headers"].values())
    return json.loads(response["body"])

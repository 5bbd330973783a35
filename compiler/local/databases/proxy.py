"""What stands before PostgreSQL, whose build here has no TLS: a server's end of it, and logins with tokens of IAM.

Source: "Frontend/Backend Protocol", PostgreSQL documentation; "Requiring an SSL connection to a PostgreSQL DB
instance", Amazon RDS User Guide.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import struct
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

from lenie.compiler.local.databases import tokens
from lenie.compiler.local.databases.cluster import ADMIN, HOST

if TYPE_CHECKING:
    from lenie.compiler.local.databases.cluster import Cluster

#: "SSLRequest", "GSSENCRequest" and "CancelRequest": what a client may begin with instead of its login.
_SSL, _GSS, _CANCEL = 80877103, 80877104, 80877102
_LONGEST = 10_000
_PATIENCE = 60.0


class Proxy:
    """Listens on a port of the loopback for as long as it is open; the port stays its own until `close`."""

    def __init__(self, cluster: Cluster, certificate: Path, *, force_tls: bool = True) -> None:
        """Take a port; nothing is answered before `open`."""
        self._cluster = cluster
        self.force_tls = force_tls
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(certificate)
        self._lock = threading.Lock()
        self._ends: set[socket.socket] = set()
        self._listener = self._bound(0)
        self.port = int(self._listener.getsockname()[1])

    @staticmethod
    def _bound(port: int) -> socket.socket:
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((HOST, port))
        return listener

    def open(self) -> None:
        """Take connections."""
        self._listener.listen(64)
        threading.Thread(target=self._accept, args=(self._listener,), name="database proxy", daemon=True).start()

    def shut(self) -> None:
        """Break connections, and refuse others; the port is kept."""
        self.close()
        deadline = time.monotonic() + 5
        while True:
            try:
                self._listener = self._bound(self.port)
                return
            except OSError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.01)

    def close(self) -> None:
        """Break connections, and give the port back."""
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        with self._lock:
            ends = list(self._ends)
        for end in ends:
            with contextlib.suppress(OSError):
                # Of the socket itself: a TLS layer would wait for the other end.
                socket.socket.shutdown(end, socket.SHUT_RDWR)

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with contextlib.suppress(OSError, EOFError), contextlib.ExitStack() as stack:
            stack.callback(client.close)
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            client.settimeout(_PATIENCE)
            opened = self._begin(client, stack)
            if opened is None:
                return
            end, login = opened
            server = stack.enter_context(socket.create_connection((HOST, self._cluster.port)))
            server.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            server.sendall(login)
            end.settimeout(None)
            self._pass_on(end, server)

    def _begin(self, client: socket.socket, stack: contextlib.ExitStack) -> tuple[socket.socket, bytes] | None:
        """Return the client's end and its first message for the server; nothing if it was turned away."""
        end = client
        while True:
            message = _first(end)
            (code,) = struct.unpack_from(">I", message, 4)
            if code == _SSL and end is client:
                end.sendall(b"S")
                end = stack.enter_context(self._context.wrap_socket(end, server_side=True))
            elif code in (_SSL, _GSS):
                end.sendall(b"N")
            else:
                break
        if code == _CANCEL:
            return end, message
        names = _parameters(message)
        user, database = names.get("user", ""), names.get("database", names.get("user", ""))
        if user == ADMIN:
            words = f'pg_hba.conf rejects connection for host "{HOST}", user "{user}", database "{database}"'
            end.sendall(_refusal("28000", words))
            return None
        if self.force_tls and end is client:
            words = f'no pg_hba.conf entry for host "{HOST}", user "{user}", database "{database}", no encryption'
            end.sendall(_refusal("28000", words))
            return None
        if self._cluster.uses_tokens(user):
            end.sendall(b"R" + struct.pack(">II", 8, 3))  # AuthenticationCleartextPassword
            if tokens.fault(_password(end), HOST, self.port, user):
                end.sendall(_refusal("28000", f'PAM authentication failed for user "{user}"'))
                return None
        return end, message

    def _pass_on(self, client: socket.socket, server: socket.socket) -> None:
        with self._lock:
            self._ends |= {client, server}
        back = threading.Thread(target=_pump, args=(server, client), daemon=True)
        back.start()
        _pump(client, server)
        back.join()
        with self._lock:
            self._ends -= {client, server}


def _pump(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError, ValueError):
        while data := source.recv(65536):
            target.sendall(data)
    for end in (source, target):
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


def _exactly(end: socket.socket, size: int) -> bytes:
    parts = b""
    while len(parts) < size:
        part = end.recv(size - len(parts))
        if not part:
            raise EOFError
        parts += part
    return parts


def _first(end: socket.socket) -> bytes:
    """Return a message that has no type, with its length."""
    head = _exactly(end, 4)
    (length,) = struct.unpack(">I", head)
    if not 8 <= length <= _LONGEST:
        raise EOFError
    return head + _exactly(end, length - 4)


def _password(end: socket.socket) -> str:
    kind = _exactly(end, 1)
    (length,) = struct.unpack(">I", _exactly(end, 4))
    if kind != b"p" or not 4 <= length <= _LONGEST:
        raise EOFError
    return _exactly(end, length - 4).rstrip(b"\0").decode("utf-8", "replace")


def _parameters(message: bytes) -> dict[str, str]:
    words = message[8:].decode("utf-8", "replace").split("\0")
    return dict(zip(words[::2], words[1::2], strict=False))


def _refusal(code: str, message: str) -> bytes:
    fields = f"SFATAL\0VFATAL\0C{code}\0M{message}\0\0".encode()
    return b"E" + struct.pack(">I", len(fields) + 4) + fields

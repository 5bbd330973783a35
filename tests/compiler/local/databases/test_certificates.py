"""The certificate of the databases."""

from __future__ import annotations

import socket
import ssl
import threading
from pathlib import Path

import pytest

from lenie.compiler.local.databases.certificates import AUTHORITY, server_certificate


def test_it_is_made_once_and_trusted_by_its_authority_only(tmp_path: Path) -> None:
    path = server_certificate(tmp_path)
    text = path.read_bytes()
    assert server_certificate(tmp_path).read_bytes() == text
    assert path.stat().st_mode & 0o077 == 0
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(path)
    trusting = ssl.create_default_context(cafile=str(tmp_path / AUTHORITY))
    # The default since Python 3.13.
    trusting.verify_flags |= ssl.VERIFY_X509_STRICT
    for name in ("127.0.0.1", "localhost"):
        assert _greets(server, trusting, name)
    with pytest.raises(ssl.SSLCertVerificationError, match="Hostname mismatch"):
        _greets(server, trusting, "example.com")
    other = tmp_path / "other"
    other.mkdir()
    server_certificate(other)
    with pytest.raises(ssl.SSLCertVerificationError):
        _greets(server, ssl.create_default_context(cafile=str(other / AUTHORITY)), "127.0.0.1")


def _greets(server: ssl.SSLContext, client: ssl.SSLContext, name: str) -> bool:
    """Return whether a client that looks for a server of that name gets through."""
    ours, theirs = socket.socketpair()

    def answer() -> None:
        try:
            with server.wrap_socket(theirs, server_side=True) as connection:
                connection.sendall(b"x")
        except (ssl.SSLError, OSError):
            theirs.close()

    thread = threading.Thread(target=answer)
    thread.start()
    try:
        with client.wrap_socket(ours, server_hostname=name) as connection:
            return connection.recv(1) == b"x"
    finally:
        ours.close()
        thread.join()
        theirs.close()

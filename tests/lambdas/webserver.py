"""A web server on the loopback that serves what a test puts into it, and remembers who asked for what."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any

#: Writes an answer with the handler, which has read the request's body.
Answer = Callable[[BaseHTTPRequestHandler, bytes], None]


def page(body: bytes | str, kind: str = "text/html; charset=utf-8", status: int = 200, **headers: str) -> Answer:
    """Return an answer with a body."""
    content = body.encode() if isinstance(body, str) else body

    def answer(handler: BaseHTTPRequestHandler, _: bytes) -> None:
        handler.send_response(status)
        fields = {"Content-Type": kind, "Content-Length": str(len(content)), **headers}
        for name, value in fields.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        with contextlib.suppress(OSError):
            handler.wfile.write(content)

    return answer


def redirect(target: str, status: int = 302) -> Answer:
    """Return a redirect."""
    return page(b"", status=status, Location=target)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is no error here."""


class WebServer:
    """Paths and their answers."""

    def __init__(self, certificate: Path | None = None) -> None:
        self.answers: dict[str, Answer] = {}
        self.asked: list[tuple[str, dict[str, str], bytes]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def _serve(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                outer.asked.append((self.path, dict(self.headers.items()), body))
                answer = outer.answers.get(self.path.partition("?")[0], page("Not found", status=404))
                with contextlib.suppress(OSError):
                    answer(self, body)

            do_GET = do_POST = _serve  # noqa: N815

            def log_message(self, format: str, *args: Any) -> None:
                """Keep quiet."""

        self.server = _Server(("127.0.0.1", 0), Handler)
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.port = int(self.server.server_address[1])
        self.url = f"{'https' if certificate else 'http'}://127.0.0.1:{self.port}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True)

    def __enter__(self) -> WebServer:
        self.thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(5)

    def paths(self) -> list[str]:
        return [path for path, _, _ in self.asked]


def raw(handler: BaseHTTPRequestHandler) -> socket.socket:
    """Return the connection of a request, for answers that are no HTTP."""
    found: socket.socket = handler.connection
    return found

"""The HTTP server of the gateway, on 127.0.0.1."""

from __future__ import annotations

import logging
import threading
import uuid
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote, urlsplit

from lenie.compiler.local.gateway import handler
from lenie.compiler.local.gateway.answers import Answer, refuse
from lenie.compiler.local.gateway.proxy import Request

log = logging.getLogger(__name__)

_HOST = "127.0.0.1"
_IDLE = 60.0
#: Bytes that are read of a request that is too large.
_PATIENCE = 64 * 1024 * 1024


class Server(ThreadingHTTPServer):
    """Serves from the moment of its making until `close`."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port: int = 0) -> None:
        """Listen on a port, or on one that is free.

        Raises:
            OSError: if it is taken.
        """
        super().__init__((_HOST, port), _Handler)
        self.url = f"http://{_HOST}:{self.server_port}"
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.1}, name="gateway", daemon=True).start()

    def close(self) -> None:
        """Take no more requests."""
        self.shutdown()
        self.server_close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of callers that hang up."""
        log.debug("a caller hung up", exc_info=True)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "lenie-local"
    sys_version = ""
    timeout = _IDLE
    # The answer goes out in one piece, and at once.
    wbufsize = -1
    disable_nagle_algorithm = True

    def _serve(self) -> None:
        try:
            body = self._body()
        except ValueError:
            self._send(refuse("BAD_REQUEST_BODY", None, {}), close=True)
            return
        if body is None:
            # What is left of it is not read, so the connection is of no more use.
            self._send(refuse("REQUEST_TOO_LARGE", None, {}), close=True)
            return
        try:
            answer = self._answer(body)
        except Exception:
            log.exception("%s %s failed", self.command, self.path)
            answer = refuse("DEFAULT_5XX", None, {})
        self._send(answer)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = _serve  # noqa: N815

    def _answer(self, body: bytes) -> Answer:
        parts = urlsplit(self.path)
        _, api, stage, *rest = [*parts.path.split("/", 3), "", "", ""][:4]
        place, account, region = _find(api, stage)
        if place is None:
            return refuse("ACCESS_DENIED", None, {})
        request = Request(
            method=self.command,
            raw_path="/" + rest[0],
            path="/" + unquote(rest[0]),
            query=parts.query,
            headers=tuple(self.headers.items()),
            body=body,
            source=str(self.client_address[0]),
            api=api,
            stage=stage,
            request_id=str(uuid.uuid4()),
            account=account,
            region=region,
        )
        return handler.respond(place, request)

    def _body(self) -> bytes | None:
        """Return the request's body; none if it is too large.

        Raises:
            ValueError: if its length cannot be told.
        """
        if "chunked" in self.headers.get("Transfer-Encoding", "").lower():
            parts = b""
            for chunk in self._chunks():
                parts += chunk
                if len(parts) > handler.LARGEST:
                    return None
            return parts
        length = int(self.headers.get("Content-Length") or 0)
        if length < 0:
            raise ValueError("a negative length")
        if length > handler.LARGEST:
            # Callers look for an answer only after they have sent everything.
            for start in range(0, min(length, _PATIENCE), 1 << 20):
                self.rfile.read(min(1 << 20, length - start))
            return None
        return self.rfile.read(length)

    def _chunks(self) -> Iterator[bytes]:
        while size := int(self.rfile.readline(1024).split(b";")[0], 16):
            if size > handler.LARGEST:
                yield bytes(handler.LARGEST + 1)
                return
            yield self.rfile.read(size)
            self.rfile.readline(8)
        while self.rfile.readline(65536).strip():
            pass

    def _send(self, answer: Answer, *, close: bool = False) -> None:
        self.send_response(answer.status)
        for name, value in answer.headers:
            self.send_header(name, value)
        if answer.status >= 200 and answer.status not in (204, 304):
            self.send_header("Content-Length", str(len(answer.body)))
        if close:
            self.send_header("Connection", "close")
            self.close_connection = True
        self.end_headers()
        if self.command != "HEAD" and answer.status not in (204, 304):
            self.wfile.write(answer.body)
        self.wfile.flush()

    def log_message(self, format: str, *args: Any) -> None:
        """Write nothing: the stage has an access log."""


def _find(api: str, stage: str) -> tuple[handler.Place | None, str, str]:
    """Return the stage of an API, with the account and region it is in."""
    from moto.apigateway.models import apigateway_backends

    from lenie.compiler.local.patches.execute_api import deployed

    for account, regions in list(apigateway_backends.items()):
        for region, backend in list(regions.items()):
            found = backend.apis.get(api)
            if found is None:
                continue
            named = found.stages.get(stage)
            snapshot = deployed(found, named.deployment_id) if named is not None else None
            if snapshot is None:
                return None, account, region
            return handler.Place(backend, found, named, snapshot), account, region
    return None, "", ""

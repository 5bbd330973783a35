"""Downloads a page that a caller names: public hosts only, within a time and a size.

The address that was checked is the one that is connected to, for each redirect anew, so that neither a redirect nor a
name that resolves to something else a moment later leads inside.
"""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError, LocationParseError
from urllib3.util import Retry, Timeout

from library.addresses import resolve
from library.errors import BadRequest, Failure, UpstreamFailure

#: Seconds for everything, and for one wait; bytes after decompression; redirects. API Gateway waits for 29 s, in which
#: a page must be parsed too: with 1024 MB of memory, which bring half of a processor, up to 2 s for each megabyte.
SECONDS, WAIT, LARGEST, REDIRECTS = 12.0, 6.0, 2_000_000, 5
_HEADERS = {
    "User-Agent": "Mozilla/5.0 (compatible; Lenie/1.0)",
    "Accept": "text/html,application/xhtml+xml,text/plain;q=0.9,*/*;q=0.1",
    "Accept-Encoding": "gzip, deflate",
}
_KINDS = ("text/html", "application/xhtml+xml", "text/plain", "")


@dataclass(frozen=True, slots=True)
class Page:
    """What was downloaded, and from where in the end."""

    url: str
    content: bytes
    charset: str | None
    kind: str


class _Deadline:
    """Breaks the connection when the time is over: a host that sends a byte now and then would never time out."""

    def __init__(self, seconds: float) -> None:
        self.end = time.monotonic() + seconds
        self.over = False
        self._watched: socket.socket | None = None
        self._lock = threading.Lock()
        self._timer = threading.Timer(seconds, self._expire)
        self._timer.daemon = True

    def __enter__(self) -> _Deadline:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        self._drop()

    def left(self) -> float:
        """Return the seconds that are left for one wait."""
        return max(0.01, min(WAIT, self.end - time.monotonic()))

    def watch(self, connection: socket.socket) -> None:
        """Take another handle of the connection, which stays valid when TLS takes the first one over."""
        self._drop()
        with self._lock:
            self._watched = connection.dup()
        if self.over:
            self._expire()

    def _drop(self) -> None:
        with self._lock:
            if self._watched is not None:
                self._watched.close()
                self._watched = None

    def _expire(self) -> None:
        self.over = True
        with self._lock, contextlib.suppress(OSError):
            if self._watched is not None:
                self._watched.shutdown(socket.SHUT_RDWR)


_current = threading.local()


def _connect(host: str, port: int) -> socket.socket:
    """Return a connection to a public address of `host`."""
    deadline: _Deadline = _current.deadline
    refused: OSError | None = None
    for family, address in resolve(host, port, deadline.left()):
        connection = socket.socket(family, socket.SOCK_STREAM)
        connection.settimeout(deadline.left())
        try:
            connection.connect(address)
        except OSError as error:
            connection.close()
            refused = error
            continue
        deadline.watch(connection)
        return connection
    raise UpstreamFailure("The host does not answer") from refused


class _Plain(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        return _connect(self.host, self.port)


class _Secure(HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        return _connect(self.host, self.port)


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _Plain


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _Secure


def download(url: str) -> Page:
    """Return the page at `url`, after redirects.

    Raises:
        BadRequest: if the address, or one that it redirects to, is none that may be downloaded.
        UpstreamFailure: if the page cannot be had.
    """
    with _Deadline(SECONDS) as deadline:
        _current.deadline = deadline
        try:
            for _ in range(REDIRECTS + 1):
                found = _get(_checked(url), deadline)
                if isinstance(found, Page):
                    return found
                url = found
        except (HTTPError, OSError, UnicodeError) as error:
            message = "The page takes too long" if deadline.over else "The page could not be downloaded"
            raise UpstreamFailure(message) from error
        except Failure as failure:
            if deadline.over:
                raise UpstreamFailure("The page takes too long") from failure
            raise
    raise UpstreamFailure("The page redirects too often")


def _checked(url: str) -> str:
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise BadRequest("url must be an address of the web (http or https)")
    if parts.username is not None or parts.password is not None:
        raise BadRequest("url must not hold a password")
    return url


def _get(url: str, deadline: _Deadline) -> Page | str:
    """Return the page at `url`, or the address that it redirects to."""
    try:
        parts = urllib3.util.parse_url(url)
    except LocationParseError:
        raise BadRequest("url must be an address of the web (http or https)") from None
    pool_class, port = (_SecurePool, 443) if parts.scheme == "https" else (_PlainPool, 80)
    with pool_class((parts.host or "").strip("[]"), parts.port or port, maxsize=1, retries=Retry(False)) as pool:
        answer = pool.request(
            "GET",
            parts.request_uri,
            headers=_HEADERS,
            redirect=False,
            timeout=Timeout(connect=deadline.left(), read=deadline.left()),
            preload_content=False,
            decode_content=True,
        )
        with contextlib.closing(answer):
            if location := answer.get_redirect_location():
                return _target(url, location)
            if not 200 <= answer.status < 300:
                raise UpstreamFailure(f"The page answers with status {answer.status}")
            kind, _, options = answer.headers.get("Content-Type", "").partition(";")
            if kind.strip().lower() not in _KINDS:
                raise BadRequest("url leads to something that is not a page of text")
            content = b"".join(_limited(answer))
            if deadline.over:
                raise UpstreamFailure("The page takes too long")
            return Page(url, content, _charset(options), kind.strip().lower())


def _target(url: str, location: str) -> str:
    """Return the address of a redirect; the bytes of the field are often UTF-8, which HTTP reads as Latin-1."""
    with contextlib.suppress(UnicodeError):
        location = location.encode("latin-1").decode("utf-8")
    try:
        return urljoin(url, location)
    except ValueError:
        raise UpstreamFailure("The page redirects to no address") from None


def _limited(answer: urllib3.BaseHTTPResponse) -> Iterator[bytes]:
    size = 0
    # A chunked answer is decompressed only where it is asked for here too.
    for chunk in answer.stream(65536, decode_content=True):
        size += len(chunk)
        if size > LARGEST:
            raise UpstreamFailure(f"The page is larger than {LARGEST} bytes")
        yield chunk


def _charset(options: str) -> str | None:
    for option in options.split(";"):
        name, _, value = option.partition("=")
        if name.strip().lower() == "charset":
            return value.strip().strip("\"'") or None
    return None

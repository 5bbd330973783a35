"""`website_download_text_content`: against a local web server that does what servers should not."""

from __future__ import annotations

import gzip
import ipaddress
import socket
import threading
import time
import tracemalloc
import zlib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from app_server_internet.handler import lambda_handler
from hypothesis import given, settings
from hypothesis import strategies as st
from lambdas.conftest import body_of
from lambdas.events import CONTEXT, form, post
from lambdas.postgres import certificates
from lambdas.webserver import Answer, WebServer, page, redirect
from library import addresses, download
from library.page import decoded, parse

PATH = "/website_download_text_content"
ARTICLE = "".join(f"<p>Paragraph {n} of the article tells something about turtles in the sea.</p>" for n in range(8))
PAGE = f"""<!doctype html><html lang="pl-PL"><head><title> The
 title </title><meta name="description" content="What it is about"><script>var secret = 1;</script></head>
<body><nav><a href="/">Home</a></nav><article><h1>Turtles</h1>{ARTICLE}</article>
<footer>Imprint</footer></body></html>"""


def chunked(content: bytes, coding: str) -> Answer:
    """Return an answer in chunks, which only HTTP/1.1 has."""

    def answer(handler: BaseHTTPRequestHandler, _: bytes) -> None:
        head = f"Content-Type: text/html\r\nContent-Encoding: {coding}\r\nTransfer-Encoding: chunked\r\n"
        handler.wfile.write(f"HTTP/1.1 200 OK\r\n{head}Connection: close\r\n\r\n".encode())
        for start in range(0, len(content), 1000):
            piece = content[start : start + 1000]
            handler.wfile.write(b"%x\r\n%b\r\n" % (len(piece), piece))
        handler.wfile.write(b"0\r\n\r\n")

    return answer


@pytest.fixture
def web() -> Iterator[WebServer]:
    with WebServer() as server:
        yield server


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let exactly 127.0.0.1 count as public, so that pages can come from a local server."""
    public = addresses.is_public
    monkeypatch.setattr(addresses, "is_public", lambda text: text == "127.0.0.1" or public(text))


def fetch(url: Any, status: int = 200) -> Any:
    done = lambda_handler(post(PATH, {"url": url}), CONTEXT)
    assert done["statusCode"] == status, done["body"]
    return body_of(done)


class TestPages:
    @pytest.fixture(autouse=True)
    def reachable(self, opened: None) -> None:
        pass

    def test_a_page(self, web: WebServer) -> None:
        web.answers["/a"] = page(PAGE)
        found = fetch(f"{web.url}/a?b=c#d")
        assert (found["title"], found["summary"], found["language"]) == ("The title", "What it is about", "pl")
        assert "Paragraph 7 of the article" in found["text"]
        assert "secret" not in found["text"]
        assert found["url"] == f"{web.url}/a?b=c#d"
        (path, headers, _) = web.asked[0]
        assert path == "/a?b=c"
        assert "Cookie" not in headers
        assert lambda_handler(form(PATH, {"url": f"{web.url}/a"}), CONTEXT)["statusCode"] == 200

    def test_redirects(self, web: WebServer) -> None:
        web.answers |= {"/1": redirect("/2"), "/2": redirect(f"{web.url}/3", 301), "/3": redirect("?x", 308)}
        web.answers["/3"] = page(PAGE)
        assert fetch(f"{web.url}/1")["url"] == f"{web.url}/3"
        web.answers["/loop"] = redirect("/loop")
        assert "too often" in fetch(f"{web.url}/loop", 502)["message"]
        assert web.paths().count("/loop") == 6

    @pytest.mark.parametrize(
        "target",
        [
            "http://127.0.0.2:{port}/",
            "http://localhost.:{port}/secret",
            "http://[::1]:{port}/",
            "http://[::ffff:127.0.0.1]:{port}/",
            "http://[::ffff:10.0.0.1]/",
            "http://10.0.0.1/",
            "http://192.168.1.1/",
            "http://172.16.0.1/",
            "http://169.254.169.254/latest/meta-data/",
            "http://[fd00:ec2::254]/",
            "http://[fe80::1]/",
            "http://0.0.0.0:{port}/",
            "http://0:{port}/",
            "http://2130706434:{port}/",
            "http://0x7f.2:{port}/",
            "http://[64:ff9b::7f00:1]/",
            "http://224.0.0.1/",
            "file:///etc/passwd",
            "ftp://example.com/",
            "gopher://127.0.0.1/",
            "http://user:password@127.0.0.1:{port}/",
            "//127.0.0.2:{port}/",
        ],
    )
    def test_a_redirect_inside(self, web: WebServer, target: str, monkeypatch: pytest.MonkeyPatch) -> None:
        web.answers["/1"] = redirect(target.format(port=web.port))
        if "localhost" in target:
            answer = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.2", web.port))]
            real = socket.getaddrinfo
            monkeypatch.setattr(
                socket, "getaddrinfo", lambda host, *a, **k: answer if "loc" in host else real(host, *a, **k)
            )
        fetch(f"{web.url}/1", 400)
        assert web.paths() == ["/1"]

    @pytest.mark.parametrize("target", ["http://[::1", "//[x", "http://[1.2.3.4]/"])
    def test_a_redirect_to_no_address(self, web: WebServer, target: str) -> None:
        web.answers["/"] = redirect(target)
        assert fetch(f"{web.url}/", 502)["message"] == "The page redirects to no address"

    @pytest.mark.parametrize(
        ("sent", "asked"),
        [("żółw".encode(), "/%C5%BC%C3%B3%C5%82w"), ("é".encode("latin-1"), "/%C3%A9"), (b"%C5%BC", "/%C5%BC")],
    )
    def test_a_redirect_beyond_ascii(self, web: WebServer, sent: bytes, asked: str) -> None:
        web.answers |= {"/": redirect("/" + sent.decode("latin-1")), asked: page(PAGE)}
        assert fetch(f"{web.url}/")["title"] == "The title"

    def test_a_name_that_changes_its_address(self, web: WebServer, monkeypatch: pytest.MonkeyPatch) -> None:
        web.answers["/"] = page(PAGE)
        answers = iter(["127.0.0.1", "127.0.0.2", "127.0.0.2"])
        asked = []

        def resolve(host: str, port: int, **_: Any) -> Any:
            asked.append(host)
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), port))]

        monkeypatch.setattr(socket, "getaddrinfo", resolve)
        fetch(f"http://changing.example.com:{web.port}/")
        assert asked == ["changing.example.com"]  # asked once: what was checked is what was connected to
        assert web.asked[0][1]["Host"] == f"changing.example.com:{web.port}"
        fetch(f"http://changing.example.com:{web.port}/", 400)

    def test_a_name_with_public_and_private_addresses(self, web: WebServer, monkeypatch: pytest.MonkeyPatch) -> None:
        both = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (a, web.port)) for a in ("127.0.0.1", "10.0.0.1")]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: both)
        fetch(f"http://both.example.com:{web.port}/", 400)
        assert not web.asked

    def test_no_proxy_of_the_environment(self, web: WebServer, monkeypatch: pytest.MonkeyPatch) -> None:
        web.answers["/"] = page(PAGE)
        for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, "http://127.0.0.1:1")
        fetch(f"{web.url}/")

    @pytest.mark.parametrize("status", [401, 404, 429, 500, 503, 304])
    def test_a_page_that_fails(self, web: WebServer, status: int) -> None:
        web.answers["/"] = page("no", status=status)
        assert str(status) in fetch(f"{web.url}/", 502)["message"]

    @pytest.mark.parametrize("kind", ["application/pdf", "image/png", "application/octet-stream", "video/mp4"])
    def test_what_is_no_page(self, web: WebServer, kind: str) -> None:
        web.answers["/"] = page(b"%PDF", kind)
        fetch(f"{web.url}/", 400)

    def test_plain_text_and_nothing(self, web: WebServer) -> None:
        web.answers |= {"/t": page("just żółć", "text/plain; charset=utf-8"), "/e": page("")}
        assert fetch(f"{web.url}/t")["text"] == "just żółć"
        assert fetch(f"{web.url}/e")["text"] == ""
        code = "if a < b and c > d:\n    <title>x</title>\n<script>kept</script>"
        web.answers["/c"] = page(code, "Text/Plain; charset=utf-8")
        found = fetch(f"{web.url}/c")
        assert (found["text"], found["title"]) == (code, "")

    def test_huge(self, web: WebServer) -> None:
        web.answers |= {
            "/fits": page(b"<p>" + b"a" * (download.LARGEST - 3)),
            "/long": page(b"<p>" + b"a" * (download.LARGEST - 2)),
        }

        def endless(handler: BaseHTTPRequestHandler, _: bytes) -> None:
            handler.send_response(200)
            handler.end_headers()
            while True:
                handler.wfile.write(b"a" * 65536)

        web.answers["/endless"] = endless
        fetch(f"{web.url}/fits")
        for path in ("/long", "/endless"):
            assert "larger" in fetch(web.url + path, 502)["message"]

    @pytest.mark.parametrize("coding", ["gzip", "deflate", "gzip, gzip"])
    def test_bombs(self, web: WebServer, coding: str) -> None:
        bomb = zlib.compress(b"\0" * 200_000_000, 9) if coding == "deflate" else gzip.compress(b"\0" * 200_000_000, 9)
        if coding == "gzip, gzip":
            bomb = gzip.compress(bomb)
        web.answers["/"] = page(bomb, Content_Encoding=coding)
        assert "larger" in fetch(f"{web.url}/", 502)["message"]

    def test_compressed(self, web: WebServer) -> None:
        web.answers |= {
            "/good": page(gzip.compress(PAGE.encode()), Content_Encoding="gzip"),
            "/bad": page(b"no gzip", Content_Encoding="gzip"),
        }
        assert fetch(f"{web.url}/good")["title"] == "The title"
        fetch(f"{web.url}/bad", 502)

    @pytest.mark.parametrize("coding", ["gzip", "deflate", "gzip, gzip"])
    def test_compressed_in_chunks(self, web: WebServer, coding: str) -> None:
        def packed(content: bytes) -> bytes:
            content = zlib.compress(content, 9) if coding == "deflate" else gzip.compress(content, 9)
            return gzip.compress(content) if coding == "gzip, gzip" else content

        web.answers |= {
            "/": chunked(packed(PAGE.encode()), coding),
            "/bomb": chunked(packed(b"\0" * 50_000_000), coding),
        }
        found = fetch(f"{web.url}/")
        assert found["title"] == "The title"
        assert "Paragraph 7 of the article" in found["text"]
        tracemalloc.start()
        try:
            assert "larger" in fetch(f"{web.url}/bomb", 502)["message"]
            assert tracemalloc.get_traced_memory()[1] < 4 * download.LARGEST
        finally:
            tracemalloc.stop()

    @pytest.mark.parametrize("where", ["headers", "body", "silent"])
    def test_slow(self, web: WebServer, where: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(download, "SECONDS", 0.5)
        end = threading.Event()

        def drip(handler: BaseHTTPRequestHandler, _: bytes) -> None:
            handler.wfile.write(b"HTTP/1.0 200 OK\r\n" + (b"\r\n" if where == "body" else b""))
            while not end.wait(0.05):
                handler.wfile.write({"headers": b"X-A: b\r\n", "body": b"a", "silent": b""}[where])

        web.answers["/"] = drip
        start = time.monotonic()
        assert "too long" in fetch(f"{web.url}/", 502)["message"]
        assert time.monotonic() - start < 1.5
        end.set()

    def test_no_http(self, web: WebServer) -> None:
        def garbage(handler: BaseHTTPRequestHandler, _: bytes) -> None:
            handler.wfile.write(b"SSH-2.0-OpenSSH\r\n\r\n")

        def cut(handler: BaseHTTPRequestHandler, _: bytes) -> None:
            handler.wfile.write(b"HTTP/1.0 200 OK\r\nContent-Length: 100\r\n\r\nabc")

        web.answers |= {"/garbage": garbage, "/cut": cut}
        fetch(f"{web.url}/garbage", 502)
        fetch(f"{web.url}/cut", 502)
        with socket.socket() as closed:
            closed.bind(("127.0.0.1", 0))
            fetch(f"http://127.0.0.1:{closed.getsockname()[1]}/", 502)

    def test_a_certificate_nobody_signed(self, tmp_path: Path) -> None:
        with WebServer(certificates(tmp_path, "web")[1]) as secure:
            secure.answers["/"] = page(PAGE)
            fetch(f"{secure.url}/", 502)
            assert not secure.asked

    def test_https(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        root, own = certificates(tmp_path, "web")
        monkeypatch.setenv("SSL_CERT_FILE", str(root))
        with WebServer(own) as secure:
            secure.answers["/"] = page(PAGE)
            assert fetch(f"{secure.url}/")["title"] == "The title"

    @pytest.mark.parametrize(
        ("content", "kind"),
        [
            ("Zażółć".encode("iso8859-2"), "text/plain; charset=iso-8859-2"),
            ("Zażółć".encode("cp1250"), 'text/plain; charset="WINDOWS-1250"'),
            ("Zażółć".encode(), "text/plain"),
            ("Zażółć".encode(), "text/plain; charset=nonsense"),
            ("Zażółć".encode(), "text/plain; charset=ascii"),
            ("\ufeffZażółć".encode(), "text/plain; charset=iso-8859-1"),
            ("\ufeffZażółć".encode("utf-16-le"), "text/plain"),
            (("Zażółć gęślą jaźń, pchnąć w tę łódź jeża lub ośm skrzyń fig. " * 20).encode("cp1250"), "text/plain"),
        ],
    )
    def test_encodings(self, web: WebServer, content: bytes, kind: str) -> None:
        web.answers["/"] = page(content, kind)
        assert fetch(f"{web.url}/")["text"].startswith("Zażółć")

    @pytest.mark.parametrize(
        "name", ["punycode", "puny-code", "idna", "unicode_escape", "hex", "utf-7", "rot13", "\0", "zip"]
    )
    def test_encodings_that_are_attacks(self, web: WebServer, name: str) -> None:
        body = f'<meta charset="{name}"><p>'.encode() + b"\\x41-" * 300_000
        web.answers["/"] = page(body, f"text/html; charset={name}" if name != "\0" else "text/html")
        start = time.monotonic()
        fetch(f"{web.url}/")
        assert time.monotonic() - start < 8


class TestAddresses:
    def test_nothing_reaches_a_local_server(self, web: WebServer) -> None:
        for host in ("127.0.0.1", "localhost", "0.0.0.0", "[::1]", "2130706433", "0177.0.0.1", "127.1"):
            fetch(f"http://{host}:{web.port}/", 400)
        assert not web.asked

    @pytest.mark.parametrize(
        "url", ["", None, 5, "x", "http://", "http:///x", "https://[::1", "http://a:b/", "http://a:0/"]
    )
    def test_no_address(self, url: Any) -> None:
        fetch(url, 400)

    def test_an_unknown_host(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def unknown(*_: Any, **__: Any) -> Any:
            raise socket.gaierror(-2, "Name or service not known")

        monkeypatch.setattr(socket, "getaddrinfo", unknown)
        assert "unknown" in fetch("https://nowhere.example.com/", 502)["message"]
        fetch("https://" + "a" * 300 + ".example.com/", 502)

    def test_a_name_that_nobody_looks_up_in_time(self, monkeypatch: pytest.MonkeyPatch) -> None:
        asked = threading.Event()

        def slow(*_: Any, **__: Any) -> Any:
            asked.wait(30)
            return []

        monkeypatch.setattr(socket, "getaddrinfo", slow)
        monkeypatch.setattr(download, "WAIT", 0.2)
        start = time.monotonic()
        assert "in time" in fetch("https://slow.example.com/", 502)["message"]
        assert time.monotonic() - start < 5
        asked.set()

    @pytest.mark.parametrize("address", ["8.8.8.8", "1.1.1.1", "2606:4700::1111", "93.184.216.34"])
    def test_public(self, address: str) -> None:
        assert addresses.is_public(address)

    @pytest.mark.parametrize(
        "network",
        ["0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.2.0/24",
         "192.168.0.0/16", "198.18.0.0/15", "224.0.0.0/4", "240.0.0.0/4", "255.255.255.255/32", "::1/128", "::/128",
         "fc00::/7", "fe80::/10", "ff00::/8", "::ffff:0:0/96", "64:ff9b::/96", "2001:db8::/32", "2002::/16",
         "fec0::/10", "3fff::/20", "5f00::/16", "192.88.99.0/24"],
    )  # fmt: skip
    def test_not_public(self, network: str) -> None:
        found = ipaddress.ip_network(network)
        for address in (found[0], found[found.num_addresses // 2], found[-1]):
            assert not addresses.is_public(str(address))
        assert not addresses.is_public("fe80::1%eth0")


class TestParse:
    def test_where_it_is_said(self) -> None:
        found = parse(
            '<html><head><meta property="og:title" content="OG"><title>T</title>'
            '<meta property="og:locale" content="en_US"><meta property="og:description" content="D"></head></html>'
        )
        assert (found.title, found.summary, found.language) == ("OG", "D", "en")
        assert parse('<meta http-equiv="Content-Language" content="de"><p>x').language == "de"
        assert parse("<html lang='$$'><p>x").language == ""

    def test_text_of_a_page_without_article(self) -> None:
        assert "Just this" in parse("<title>T</title><script>no()</script><div>Just this</div>").text

    def test_what_is_said_in_other_letters(self) -> None:
        found = parse(
            "<html><head><META NAME='Description' CONTENT='D'><meta property='OG:Title' content='T'></head>"
            "<body><p>One.</p><p>Two.</p></body></html>"
        )
        assert (found.title, found.summary) == ("T", "D")

    def test_a_large_page_is_parsed_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Two megabytes of links took ten seconds of a full processor."""

        def refused(*_: Any, **__: Any) -> Any:
            raise AssertionError("parsed twice")

        monkeypatch.setattr("library.page.BeautifulSoup", refused)
        links = (f'<p><a href="/{n}">Link {n} and some words about it</a></p>\n' for n in range(32_000))
        start = time.process_time()
        found = parse(f"<html lang='en'><head><title>Links</title></head><body>{''.join(links)}</body></html>")
        assert time.process_time() - start < 8
        assert (found.title, found.language) == ("Links", "en")
        assert "Link 31000 and some words" in found.text

    @pytest.mark.parametrize(
        "markup", ["<" * 10_000, "<div>" * 50_000 + "deep", "<p " + "a=b " * 20_000, "<!--" * 9999]
    )
    def test_markup_that_is_an_attack(self, markup: str) -> None:
        start = time.process_time()
        parse(markup)
        assert time.process_time() - start < 5

    @settings(max_examples=60, deadline=None)
    @given(st.text(st.sampled_from("<>/=\"' apdivhtml&;#x0\0\ud7ff"), max_size=60))
    def test_any_markup(self, markup: str) -> None:
        parse(markup)

    @settings(max_examples=60, deadline=None)
    @given(st.binary(max_size=60), st.sampled_from([None, "utf-8", "big5", "x", "utf-16"]))
    def test_any_bytes(self, content: bytes, charset: str | None) -> None:
        assert isinstance(decoded(content, charset), str)

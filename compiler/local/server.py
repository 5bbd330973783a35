"""The emulator's process, and the class that starts and stops it.

`python -m lenie.compiler.local.server --directory D` writes `D/server.json` when it answers, and ends on SIGTERM, on a
`POST` to its control, or, with `--until-eof`, when its standard input ends: then it never outlives who started it.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

STATE = "server.json"
LOG = "server.log"
_HEADER = "X-Lenie-Local"


class NotStarted(Exception):
    """The emulator did not start, or does not answer; the text says why."""


class Emulator:
    """An emulator of this process's own: started, used at `url`, and stopped with it.

    ```
    with Emulator(directory) as emulator:
        boto3.client("s3", endpoint_url=emulator.url)
    ```
    """

    def __init__(self, directory: Path, port: int = 0) -> None:
        """Start nothing yet. `directory` takes the server's state and log; port 0 is any that is free."""
        self.directory = directory
        self.url = ""
        #: Where the deployed REST APIs are: ``{gateway}/{api id}/{stage}/...``.
        self.gateway = ""
        self._port = port
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, seconds: float = 60) -> str:
        """Start the process, and return its address when it answers.

        Raises:
            NotStarted: if it ends, or does not answer in so many seconds.
        """
        self.directory.mkdir(parents=True, exist_ok=True)
        state = self.directory / STATE
        state.unlink(missing_ok=True)
        command = [sys.executable, "-m", "lenie.compiler.local.server", "--directory", str(self.directory)]
        command += ["--port", str(self._port), "--until-eof"]
        with (self.directory / LOG).open("ab") as log:
            self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=log, stderr=log)  # noqa: S603
        end = time.monotonic() + seconds
        while not state.exists():
            if self._process.poll() is not None:
                self._close()
                raise NotStarted(f"the emulator ended: {self._last_line()}")
            if time.monotonic() > end:
                self.stop()
                raise NotStarted(f"the emulator did not answer within {seconds:g} seconds")
            time.sleep(0.02)
        told = json.loads(state.read_text(encoding="utf-8"))
        self.url, self.gateway = str(told["url"]), str(told["gateway"])
        return self.url

    def stop(self, seconds: float = 30) -> None:
        """End the process, and wait until it has ended; once is enough."""
        if self._process is None:
            return
        if self._process.poll() is None:
            self._process.terminate()
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._close()
        self.url = ""

    def reset(self) -> None:
        """Forget all state: services, stacks, recorded calls, faults."""
        self.control("POST", "reset")

    def calls(self, stack: str = "") -> list[dict[str, Any]]:
        """Return the calls of services that stacks made: stack, resource, type, service, operation, parameters."""
        found = self.control("GET", f"calls?stack={stack}")
        assert isinstance(found, list)
        return found

    def resources(self, stack: str = "") -> list[dict[str, Any]]:
        """Return what stacks have deployed, as the services tell it: type, id, properties and attributes of each."""
        found = self.control("GET", f"resources?stack={stack}" if stack else "resources")
        assert isinstance(found, list)
        return found

    def read(self, type: str, id: str) -> dict[str, Any] | None:
        """Return a resource in CloudFormation's terms, whatever has made it; nothing if there is none."""
        found = self.control("POST", "read", {"type": type, "id": id})
        assert found is None or isinstance(found, dict)
        return found

    def fault(self, service: str, every: int, kind: str, operations: tuple[str, ...] = ()) -> None:
        """Let every n-th call of a service (empty: of all) fail: `kind` is ``throttle``, ``fail`` or ``deny``."""
        self.control("POST", "faults", {"service": service, "every": every, "kind": kind, "operations": operations})

    def cure(self) -> list[dict[str, Any]]:
        """Let calls succeed again; return what was injected, with the numbers of calls that were seen and failed."""
        found = self.control("DELETE", "faults")
        assert isinstance(found, list)
        return found

    def control(self, method: str, path: str, body: Any = None) -> Any:
        """Return what an action of the emulator's control answers.

        Raises:
            NotStarted: if nothing answers, or it refuses.
        """
        return control(self.url, method, path, body)

    def __enter__(self) -> Emulator:
        """Start it."""
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop it."""
        self.stop()

    def _close(self) -> None:
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()
        self._process = None

    def _last_line(self) -> str:
        lines = (self.directory / LOG).read_text(encoding="utf-8", errors="replace").strip().splitlines()
        return lines[-1] if lines else "it said nothing"


def control(url: str, method: str, path: str, body: Any = None, seconds: float = 120) -> Any:
    """Return what the control of the emulator at `url` answers, within so many seconds.

    Raises:
        NotStarted: if nothing answers, or it refuses.
    """
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{url}/_lenie/{path}", data, {_HEADER: "1"}, method=method)  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=seconds) as answer:  # noqa: S310
            return json.loads(answer.read())
    except urllib.error.HTTPError as error:
        with error:
            raise NotStarted(f"the emulator refuses {method} {path}: {error.read().decode()[:300]}") from error
    except OSError as error:
        raise NotStarted(f"nothing answers at {url}: {error}") from error


def main(arguments: list[str] | None = None) -> int:
    """Run the server until it is told to end. Returns 0, or 3 if it cannot listen."""
    import argparse

    parser = argparse.ArgumentParser(prog="lenie.compiler.local.server", description="AWS on this machine")
    parser.add_argument("--directory", type=Path, required=True, help="where server.json is written")
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1; any that is free by default")
    parser.add_argument("--gateway-port", type=int, default=0, help="port of the deployed REST APIs")
    parser.add_argument("--until-eof", action="store_true", help="end when standard input ends")
    given = parser.parse_args(arguments)
    try:
        serve(given.directory, given.port, until_eof=given.until_eof, gateway_port=given.gateway_port)
    except OSError as error:
        print(f"cannot listen on 127.0.0.1: {error.strerror}", file=sys.stderr)
        return 3
    return 0


def serve(directory: Path, port: int = 0, *, until_eof: bool = False, gateway_port: int = 0) -> None:
    """Serve on 127.0.0.1 until told to end; `directory` gets `server.json` as soon as requests are answered.

    Raises:
        OSError: if the port is taken.
        RuntimeError: if moto has not the version that the patches are for.
    """
    import logging
    from importlib import import_module

    isolate()
    from lenie.compiler.local import application, clients, hooks, patches, surroundings

    import_module("lenie.compiler.local.state")  # it registers actions of the control
    surroundings.settle(directory)
    patches.apply_all()
    from moto.moto_server.werkzeug_app import MotoRequestHandler
    from werkzeug.serving import make_server

    from lenie.compiler.local.gateway.server import Server as Gateway

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with socket.socket() as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("127.0.0.1", port))
        listening.listen(128)
        # The server takes a copy of the descriptor; by itself it would end the process if the port is taken.
        server = make_server(
            "127.0.0.1",
            listening.getsockname()[1],
            application.Application(),
            threaded=True,
            request_handler=MotoRequestHandler,
            fd=listening.fileno(),
        )
    server.daemon_threads = True  # type: ignore[attr-defined]
    url = f"http://127.0.0.1:{server.server_address[1]}"
    clients.listen(url)
    gateway = Gateway(gateway_port)
    hooks.on_stop(gateway.close)
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())

    @application.control("POST", "stop")
    def stop(query: dict[str, str], body: Any) -> Any:
        ended.set()
        return {}

    if until_eof:
        threading.Thread(target=_await_eof, args=(ended,), name="owner", daemon=True).start()
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, name="server", daemon=True).start()
    _tell(directory, url, gateway.url)
    try:
        ended.wait()
    finally:
        (directory / STATE).unlink(missing_ok=True)
        server.shutdown()
        server.server_close()
        hooks.stop()


def _await_eof(ended: threading.Event) -> None:
    """Wait until whoever holds the other end of standard input is gone. Unbuffered: a thread may not hold its lock."""
    while os.read(sys.stdin.fileno(), 4096):
        pass
    ended.set()


def isolate() -> None:
    """Keep what this process calls on this machine: no profile, no real credentials, no metadata service."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    os.environ |= {
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        # It makes up images otherwise, with a volume and a snapshot each, among which a user looks for his own.
        "MOTO_EC2_LOAD_DEFAULT_AMIS": "false",
    }


def _tell(directory: Path, url: str, gateway: str) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    state = directory / STATE
    part = state.with_suffix(".part")
    found = {"pid": os.getpid(), "url": url, "gateway": gateway}
    part.write_text(json.dumps(found) + "\n", encoding="utf-8")
    part.replace(state)


if __name__ == "__main__":
    sys.exit(main())

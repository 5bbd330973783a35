"""One process that runs a function, and what it says of each invocation."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from lenie.compiler.local.functions import runtime

#: Seconds that Lambda gives a function to be loaded ("Lambda execution environment lifecycle").
INIT_LIMIT = 10.0
_LONGEST_LINE = 256 * 1024  # bytes of an event of CloudWatch Logs


class Function(NamedTuple):
    """What a process needs to run a function; processes of equal functions are interchangeable."""

    arn: str
    name: str
    version: str
    #: Digests of the code and of its layers, which say when a process runs old code.
    digests: tuple[str, ...]
    handler: str
    runtime: str
    #: Megabytes.
    memory: int
    #: Seconds.
    timeout: float
    region: str
    log_group: str
    #: The function's own variables, in their order.
    variables: tuple[tuple[str, str], ...]
    #: Where the code and its layers were unpacked to; layers in the function's order.
    code: Path
    layers: tuple[Path, ...]


class Invocation(NamedTuple):
    """What came of an invocation."""

    request_id: str
    #: JSON: what the handler returned, or what tells of its error.
    payload: bytes
    failed: bool
    #: Lines for the log, each with its time in milliseconds since the epoch.
    log: list[tuple[int, str]]
    #: Whether the process may run another invocation.
    alive: bool


class Worker:
    """A process, which runs one invocation at a time."""

    def __init__(self, function: Function, surroundings: Mapping[str, str]) -> None:
        """Start it; `surroundings` are variables of the emulator's, such as the address of AWS."""
        self.function = function
        stamp = time.strftime("%Y/%m/%d", time.gmtime())
        self.stream = f"{stamp}/[{function.version}]{uuid.uuid4().hex}"
        self.idle_since = time.monotonic()
        self._init: float | None = None
        self._fresh = True
        self._lines: list[tuple[int, str]] = []
        self._marked = threading.Semaphore(0)
        ours, theirs = socket.socketpair()
        self._socket = ours
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603
                [sys.executable, runtime.__file__, str(theirs.fileno())],
                cwd=function.code,
                env=environment(function, self.stream, surroundings),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )
        threading.Thread(target=self._read, name=f"log of {function.name}", daemon=True).start()

    @property
    def pid(self) -> int:
        """The process's id."""
        return self._process.pid

    def invoke(self, event: Any, client_context: Any = None) -> Invocation:
        """Run the handler with an event, which is JSON; the process is ended when the time is over."""
        request_id = str(uuid.uuid4())
        limit = self.function.timeout
        began = time.monotonic()
        try:
            if self._init is None:
                # What is not loaded in time is loaded in the time of the invocation.
                self._socket.settimeout(INIT_LIMIT + limit)
                self._init = float(json.loads(self._receive())["init"])
                self._marked.acquire(timeout=5)
                began = time.monotonic() - max(0.0, self._init - INIT_LIMIT)
            deadline = time.time() + limit - (time.monotonic() - began)
            told = {
                "request_id": request_id,
                "arn": self.function.arn,
                "deadline": deadline,
                "trace_id": f"Root=1-{int(time.time()):08x}-{uuid.uuid4().hex[:24]};Sampled=0",
                "event": event,
                "client_context": client_context,
            }
            self._socket.settimeout(max(0.001, limit - (time.monotonic() - began)))
            runtime.send(self._socket, json.dumps(told).encode())
            figures = json.loads(self._receive())
            payload = self._receive()
        except TimeoutError:
            self.end()
            words = f"RequestId: {request_id} Error: Task timed out after {limit:.2f} seconds"
            report = {"duration": limit, "memory": self.function.memory}
            return self._told(request_id, _error("Sandbox.Timedout", words), report, words)
        except (EOFError, OSError):
            words = f"RequestId: {request_id} Error: Runtime exited with error: {self._status()}"
            report = {"duration": time.monotonic() - began, "memory": self.function.memory}
            return self._told(request_id, _error("Runtime.ExitError", words), report, words)
        self._marked.acquire(timeout=5)
        return self._told(request_id, payload, figures, "" if not figures["failed"] else None)

    def _receive(self) -> bytes:
        found = runtime.receive(self._socket)
        if not found:
            raise EOFError
        return found

    def _told(self, request_id: str, payload: bytes, figures: Mapping[str, Any], death: str | None) -> Invocation:
        """Return the invocation; `death` is why the process is no more: empty for one that lives, None for an error."""
        now = int(time.time() * 1000)
        lines, self._lines = self._lines, []
        start = f"START RequestId: {request_id} Version: {self.function.version}"
        # CloudWatch Logs takes events in the order of their times only.
        begin = lines[0][0] if lines else now
        first = [(begin, f"INIT_START Runtime Version: {self.function.runtime}")] if self._fresh else []
        log = [*first, (begin, start), *lines]
        if death:
            log.append((now, death))
        milliseconds = figures["duration"] * 1000
        report = [
            f"REPORT RequestId: {request_id}",
            f"Duration: {milliseconds:.2f} ms",
            f"Billed Duration: {int(milliseconds) + 1} ms",
            f"Memory Size: {self.function.memory} MB",
            f"Max Memory Used: {figures['memory']} MB",
        ]
        if self._fresh and self._init is not None:
            report.append(f"Init Duration: {self._init * 1000:.2f} ms")
        log += [(now, f"END RequestId: {request_id}"), (now, "\t".join(report) + "\t")]
        self._fresh = False
        self.idle_since = time.monotonic()
        return Invocation(request_id, payload, death != "", log, not death)

    def _read(self) -> None:
        """Collect what the process prints, until it ends."""
        assert self._process.stdout is not None
        with contextlib.suppress(ValueError, OSError):
            while line := self._process.stdout.readline(_LONGEST_LINE):
                text = line.decode("utf-8", "replace")
                # What a handler printed without a line's end stands before the mark.
                before, found, _ = text.partition(runtime.MARK)
                if before.strip("\n"):
                    self._lines.append((int(time.time() * 1000), before.rstrip("\n")))
                if found:
                    self._marked.release()

    def _status(self) -> str:
        with contextlib.suppress(subprocess.TimeoutExpired):
            code = self._process.wait(2)
            return (
                f"exit status {code}"
                if code >= 0
                else f"signal: {signal.Signals(-code).name.removeprefix('SIG').lower()}"
            )
        self.end()
        return "exit status 1"

    def end(self) -> None:
        """End the process and its children."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._socket.close()
        if self._process.stdout is not None:
            with contextlib.suppress(OSError):
                self._process.stdout.close()


def environment(function: Function, stream: str, surroundings: Mapping[str, str]) -> dict[str, str]:
    """Return the variables of a process.

    Nothing of the user's own environment gets in. Source: "Using Lambda environment variables", AWS Lambda Developer
    Guide.
    """
    major, minor = sys.version_info[:2]
    layers = [
        str(path)
        # Of two layers with the same file the last one wins.
        for layer in reversed(function.layers)
        for path in (layer / f"python/lib/python{major}.{minor}/site-packages", layer / "python")
        if path.is_dir()
    ]
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "LANG": "en_US.UTF-8",
        "TZ": ":UTC",
        "PYTHONUTF8": "1",
        "PYTHONUNBUFFERED": "1",
        "PYTHONNOUSERSITE": "1",
        # boto3 must not find the user's own profile.
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        **surroundings,
        **dict(function.variables),
        "_HANDLER": function.handler,
        "AWS_EXECUTION_ENV": f"AWS_Lambda_{function.runtime}",
        "AWS_REGION": function.region,
        "AWS_DEFAULT_REGION": function.region,
        "AWS_LAMBDA_FUNCTION_NAME": function.name,
        "AWS_LAMBDA_FUNCTION_VERSION": function.version,
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory),
        "AWS_LAMBDA_LOG_GROUP_NAME": function.log_group,
        "AWS_LAMBDA_LOG_STREAM_NAME": stream,
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "LAMBDA_TASK_ROOT": str(function.code),
        "LAMBDA_RUNTIME_DIR": str(Path(runtime.__file__).parent),
        "PYTHONPATH": os.pathsep.join([str(function.code), *layers]),
    }


def _error(kind: str, message: str) -> bytes:
    return json.dumps({"errorType": kind, "errorMessage": message}).encode()

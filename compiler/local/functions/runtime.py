"""The program that runs a function: it loads the handler, and answers one invocation after another on a socket.

It runs in a process of its own, by path, so it imports nothing of this project. Like the runtime of Lambda it puts the
package and its layers before everything else, tells of errors in a payload, and writes what the handler prints to the
log. Source: "Defining Lambda function handler in Python", "Using the Lambda context object to retrieve Python function
information", AWS Lambda Developer Guide.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import logging
import os
import resource
import socket
import struct
import sys
import time
import traceback
from pathlib import Path
from typing import Any

#: Length of a message, before it.
LENGTH = struct.Struct(">I")
#: Ends what the log holds of an invocation; a zero byte, for no line of a handler begins with one.
MARK = "\0end\n"


class Context:
    """What the handler is told of the invocation."""

    def __init__(self, told: dict[str, Any]) -> None:
        self.aws_request_id: str = told["request_id"]
        self.invoked_function_arn: str = told["arn"]
        self.function_name = os.environ["AWS_LAMBDA_FUNCTION_NAME"]
        self.function_version = os.environ["AWS_LAMBDA_FUNCTION_VERSION"]
        self.memory_limit_in_mb = os.environ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"]
        self.log_group_name = os.environ["AWS_LAMBDA_LOG_GROUP_NAME"]
        self.log_stream_name = os.environ["AWS_LAMBDA_LOG_STREAM_NAME"]
        self.client_context = told.get("client_context")
        self.identity = None
        self._deadline: float = told["deadline"]

    def get_remaining_time_in_millis(self) -> int:
        """Return the milliseconds until the invocation is ended."""
        return max(0, int((self._deadline - time.time()) * 1000))


class Formatter(logging.Formatter):
    """Lambda's own format of a log line."""

    request_id = ""

    def format(self, record: logging.LogRecord) -> str:
        """Return ``[LEVEL]`` time, request and message, divided by tabs."""
        stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
        first = f"[{record.levelname}]\t{stamp}.{int(record.msecs):03}Z\t{Formatter.request_id}\t{record.getMessage()}"
        return f"{first}\n{self.formatException(record.exc_info)}" if record.exc_info else first


def failure(kind: str, message: str, request_id: str = "", trace: list[str] | None = None) -> dict[str, Any]:
    """Return the payload that tells of an error."""
    return {"errorMessage": message, "errorType": kind, "requestId": request_id, "stackTrace": trace or []}


def load(name: str) -> Any:
    """Return the handler, or the payload that tells why it cannot be loaded."""
    module, dot, attribute = name.rpartition(".")
    if not dot:
        return failure("Runtime.MalformedHandlerName", f"Bad handler '{name}': not enough values to unpack")
    module = module.replace("/", ".")
    try:
        found = importlib.import_module(module)
    except SyntaxError as error:
        return failure("Runtime.UserCodeSyntaxError", f"Syntax error in module '{module}': {error}")
    except ImportError as error:
        return failure("Runtime.ImportModuleError", f"Unable to import module '{module}': {error}")
    except Exception as error:  # what the module does when it is imported
        return failure(type(error).__name__, str(error), trace=stack(error))
    if not hasattr(found, attribute):
        return failure("Runtime.HandlerNotFound", f"Handler '{attribute}' missing on module '{module}'")
    return getattr(found, attribute)


def stack(error: BaseException) -> list[str]:
    """Return the frames of an error, without those of this file."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename != __file__]
    return traceback.format_list([frame for frame in frames if "importlib" not in frame.filename])


def encode(value: Any) -> bytes:
    """Return a value as Lambda's runtime writes it: JSON in UTF-8.

    Raises:
        TypeError: (or ValueError, RecursionError) if it is no JSON.
    """
    return json.dumps(value, ensure_ascii=False).encode()


def invoke(handler: Any, told: dict[str, Any]) -> tuple[bool, bytes]:
    """Return whether the handler failed, and its answer."""
    request_id = told["request_id"]
    if isinstance(handler, dict):
        return True, encode({**handler, "requestId": request_id})
    try:
        found = handler(told["event"], Context(told))
    except Exception as error:
        text = failure(type(error).__name__, str(error), request_id, stack(error))
        lines = "".join(text["stackTrace"])
        print(f"[ERROR] {text['errorType']}: {text['errorMessage']}\nTraceback (most recent call last):\n{lines}")
        return True, json.dumps(text).encode()
    try:
        return False, encode(found)
    except (TypeError, ValueError, RecursionError) as error:
        return True, encode(failure("Runtime.MarshalError", f"Unable to marshal response: {error}", request_id))


def receive(connection: socket.socket) -> bytes:
    """Return the next message; nothing when the other end was closed."""
    head = _exactly(connection, LENGTH.size)
    return _exactly(connection, LENGTH.unpack(head)[0]) if head else b""


def _exactly(connection: socket.socket, size: int) -> bytes:
    parts = bytearray()
    while len(parts) < size:
        part = connection.recv(min(size - len(parts), 1 << 20))
        if not part:
            return b""
        parts += part
    return bytes(parts)


def send(connection: socket.socket, message: bytes) -> None:
    """Send a message."""
    connection.sendall(LENGTH.pack(len(message)) + message)


def memory() -> int:
    """Return the most memory that this process had, in MB."""
    # Where it exists this counts from the start of the program; `getrusage` counts what the parent had, too.
    with contextlib.suppress(OSError), Path("/proc/self/status").open(encoding="ascii") as status:
        for line in status:
            if line.startswith("VmHWM:"):
                return max(1, int(line.split()[1]) // 1024)
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return max(1, most // (1 << 20 if sys.platform == "darwin" else 1 << 10))


def mark() -> None:
    """End what the log holds of an invocation."""
    sys.stderr.flush()
    sys.stdout.flush()
    os.write(1, MARK.encode())


def main() -> None:
    """Serve until the other end of the socket is closed."""
    connection = socket.socket(fileno=int(sys.argv[1]))
    # The directory of this file comes first for a script, and is none of the handler's.
    sys.path[0] = os.environ["LAMBDA_TASK_ROOT"]
    output = logging.StreamHandler(sys.stderr)
    output.setFormatter(Formatter())
    logging.getLogger().addHandler(output)
    started = time.perf_counter()
    handler = load(os.environ["_HANDLER"])
    mark()
    send(connection, json.dumps({"init": time.perf_counter() - started}).encode())
    while message := receive(connection):
        told = json.loads(message)
        Formatter.request_id = told["request_id"]
        os.environ["_X_AMZN_TRACE_ID"] = told["trace_id"]
        begun = time.perf_counter()
        failed, payload = invoke(handler, told)
        figures = {"failed": failed, "duration": time.perf_counter() - begun, "memory": memory()}
        mark()
        send(connection, json.dumps(figures).encode())
        send(connection, payload)


if __name__ == "__main__":
    main()

"""A tunnel through the bastion: the user's own `ssh` forwards a port of this machine to the database.

Source: ssh(1) and ssh_config(5), OpenSSH.
"""

from __future__ import annotations

import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import IO, NamedTuple

from lenie.compiler.diagnostics import Diagnostic, Severity, SpecError

#: Address of this machine at which the tunnel begins.
LOCAL = "127.0.0.1"
#: Seconds until the tunnel stands: somebody may have to type a passphrase.
WAIT = 60.0
_POLL = 0.05


class Bastion(NamedTuple):
    """How the bastion is reached."""

    address: str
    user: str
    #: Name under which its host key is remembered: its address changes with every start, and an instance that was made
    #: anew has another key.
    alias: str
    #: Private key, and configuration file of ssh; the user's own if they are empty.
    identity: str = ""
    config: str = ""


@contextmanager
def tunnel(bastion: Bastion, host: str, port: int, *, wait: float = WAIT) -> Iterator[int]:
    """Forward a free port of this machine to `host`:`port` behind the bastion, while the block runs; yield the port.

    Raises:
        SpecError: (E915) if ssh is missing, or does not get there.
    """
    local = _free_port()
    with tempfile.TemporaryFile() as said:
        try:
            process = subprocess.Popen(  # noqa: S603 - the arguments are a list, and no shell reads them
                _command(bastion, local, host, port), stdin=subprocess.DEVNULL, stdout=said, stderr=said
            )
        except FileNotFoundError:
            raise _error("there is no program ssh", "install OpenSSH's client") from None
        try:
            _wait(process, local, said, bastion, wait)
            yield local
        finally:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(5)
            process.kill()
            process.wait()


def _command(bastion: Bastion, local: int, host: str, port: int) -> list[str]:
    options = {
        "ExitOnForwardFailure": "yes",
        "ConnectTimeout": "15",
        "ServerAliveInterval": "15",
        "HostKeyAlias": bastion.alias,
        # The first key that an instance shows is kept; the database's certificate is checked at the far end.
        "StrictHostKeyChecking": "accept-new",
        "ControlPath": "none",
        # Without a terminal nobody could answer.
        "BatchMode": "no" if sys.stdin is not None and sys.stdin.isatty() else "yes",
    }
    command = ["ssh", "-N", "-T", *(["-F", bastion.config] if bastion.config else [])]
    command += ["-i", bastion.identity] if bastion.identity else []
    for name, value in options.items():
        command += ["-o", f"{name}={value}"]
    return [*command, "-L", f"{LOCAL}:{local}:{host}:{port}", "--", f"{bastion.user}@{bastion.address}"]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOCAL, 0))
        return int(probe.getsockname()[1])


def _wait(process: subprocess.Popen[bytes], port: int, said: IO[bytes], bastion: Bastion, wait: float) -> None:
    deadline = time.monotonic() + wait
    while True:
        if process.poll() is not None:
            raise _failed(bastion, said, f"ssh ended with {process.returncode}")
        with suppress(OSError), socket.create_connection((LOCAL, port), timeout=1):
            return
        if time.monotonic() > deadline:
            raise _failed(bastion, said, f"it does not stand after {wait:g} seconds")
        time.sleep(_POLL)


def _failed(bastion: Bastion, said: IO[bytes], why: str) -> SpecError:
    said.seek(0)
    lines = said.read().decode(errors="replace").splitlines()
    told = [line.strip() for line in lines if line.strip() and not line.startswith("Warning: Permanently added")]
    help = "check that the key is right (--identity), and that the bastion lets your address in"
    if any("IDENTIFICATION HAS CHANGED" in line for line in lines):
        help = "somebody may stand between; if the instance has another host key for a reason: "
        help += f"ssh-keygen -R {bastion.alias}"
    words = "\n".join([help, "ssh says:", *told[-5:]]) if told else help
    return _error(f"the tunnel through {bastion.user}@{bastion.address} cannot be opened: {why}", words)


def _error(message: str, help: str) -> SpecError:
    return SpecError(Diagnostic("E915", Severity.ERROR, message, (), help))

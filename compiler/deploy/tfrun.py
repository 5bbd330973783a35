"""Runs the program `terraform` in a root module, and reads what it says in JSON.

Source: Terraform CLI documentation, "Machine-Readable UI" and "JSON Output Format".
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from lenie.compiler.diagnostics import Diagnostic, Severity, SpecError

#: What terraform colours its words with, where it does not write JSON.
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
#: What terraform says where nothing was applied yet.
_NO_STATE = "No state file was found"
#: Told what happens to a resource: its address, and apply_start, apply_complete or apply_errored.
Watch = Callable[[str, str], None]


class Message(NamedTuple):
    """An error or a warning of terraform."""

    severity: str
    summary: str
    detail: str
    #: Address of the resource; empty if it is about none.
    address: str
    #: File in the root module, and line; empty and 0 if there is none.
    file: str
    line: int


class Ended(NamedTuple):
    """How a command ended: its exit code, and what it had to say."""

    code: int
    messages: tuple[Message, ...]
    interrupted: bool = False

    @property
    def errors(self) -> tuple[Message, ...]:
        """The errors only."""
        return tuple(one for one in self.messages if one.severity == "error")


def binary(given: str) -> Path:
    """Return the program.

    Raises:
        SpecError: (E657) if there is none.
    """
    found = shutil.which(given or "terraform")
    if found is None:
        message = f'there is no program "{given or "terraform"}"'
        help = "install Terraform 1.11 or newer, or name it with --terraform"
        raise SpecError(Diagnostic("E657", Severity.ERROR, message, (), help))
    return Path(found).absolute()


class Terraform:
    """A root module: the directory `root` below that of the whole program."""

    def __init__(self, program: Path, directory: Path, root: str, environment: dict[str, str]) -> None:
        self.program = program
        self.root = root
        self.directory = directory / root
        self._environment = {
            # The workspace is that of the environment, whatever the user works in by hand.
            **{name: value for name, value in os.environ.items() if name != "TF_WORKSPACE"},
            "TF_IN_AUTOMATION": "1",
            "TF_INPUT": "0",
            "CHECKPOINT_DISABLE": "1",
            **environment,
        }

    def init(self, *arguments: str) -> Ended:
        """Load providers and modules, and set up the backend."""
        return self._streamed("init", "-input=false", *arguments)

    def workspace(self, name: str) -> Ended:
        """Work in the workspace `name`, made if it is missing."""
        done = self._run("workspace", "select", "-or-create", name)
        return _plain(done, "terraform workspace")

    def plan(self, out: Path, *arguments: str) -> Ended:
        """Write a plan to `out`; the exit code is 2 if there is something to do."""
        return self._streamed("plan", "-input=false", "-detailed-exitcode", f"-out={out}", *arguments)

    def planned(self, plan: Path) -> dict[str, Any]:
        """Return a plan as data.

        Raises:
            SpecError: (E665) if terraform cannot show it.
        """
        return self._shown(str(plan))

    def state(self) -> dict[str, Any]:
        """Return the state as data.

        Raises:
            SpecError: (E665) if terraform cannot show it.
        """
        return self._shown()

    def apply(self, plan: Path, watch: Watch, *arguments: str) -> Ended:
        """Apply a plan."""
        return self._streamed("apply", "-input=false", *arguments, str(plan), watch=watch)

    def forget(self, addresses: list[str]) -> Ended:
        """Take resources out of the state, so that they stay when the rest is destroyed."""
        return _plain(self._run("state", "rm", *addresses), "terraform state rm")

    def pull(self) -> str:
        """Return the state as it is written; nothing if there is none."""
        return self._run("state", "pull").stdout

    def push(self, state: str) -> Ended:
        """Write a state that `pull` returned over the present one."""
        with tempfile.TemporaryDirectory(prefix="lenie-state-") as scratch:
            path = Path(scratch) / "state.json"
            path.write_text(state, encoding="utf-8")
            return _plain(self._run("state", "push", "-force", str(path)), "terraform state push")

    def workspaces(self) -> list[str]:
        """Return the workspaces that there are.

        Raises:
            SpecError: (E665) if terraform cannot tell.
        """
        done = self._run("workspace", "list")
        if done.returncode:
            raise self._unreadable(done)
        return [line.removeprefix("*").strip() for line in done.stdout.splitlines() if line.strip()]

    def addresses(self, workspace: str = "") -> list[str]:
        """Return the addresses of all resources in the state: that of a workspace which exists, or of the present one.

        Raises:
            SpecError: (E665) if terraform cannot read it.
        """
        done = self._run("state", "list", **({"TF_WORKSPACE": workspace} if workspace else {}))
        if done.returncode and _NO_STATE not in done.stderr:
            raise self._unreadable(done)
        return [line.strip() for line in done.stdout.splitlines() if line.strip()]

    def _unreadable(self, done: subprocess.CompletedProcess[str]) -> SpecError:
        said = _COLOURS.sub("", done.stderr or done.stdout)
        message = f"terraform cannot show what is there: {' '.join(said.split())[:300]}"
        help = f"see: terraform -chdir={self.directory} show"
        return SpecError(Diagnostic("E665", Severity.ERROR, message, (), help))

    def _shown(self, *arguments: str) -> dict[str, Any]:
        done = self._run("show", "-json", *arguments)
        try:
            content = json.loads(done.stdout)
        except ValueError:
            content = None
        if done.returncode or not isinstance(content, dict):
            raise self._unreadable(done)
        return content

    def _run(self, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603 - it is the program that the user named
            [str(self.program), *arguments],
            cwd=self.directory,
            env={**self._environment, **more},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    def _streamed(self, command: str, *arguments: str, watch: Watch = lambda address, what: None) -> Ended:
        messages: list[Message] = []
        interrupted = False
        with subprocess.Popen(  # noqa: S603 - it is the program that the user named
            [str(self.program), command, "-json", *arguments],
            cwd=self.directory,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as process:
            assert process.stdout is not None
            while True:
                try:
                    for line in process.stdout:
                        messages += _read(line, watch)
                    code = process.wait()
                    break
                except KeyboardInterrupt:
                    # A terminal sends SIGINT to terraform, too: it ends what it has begun, and writes its state.
                    interrupted = True
        return Ended(code, tuple(messages), interrupted)


def _read(line: str, watch: Watch) -> Iterator[Message]:
    """Read one line of the output: tell `watch` what happens to resources, and yield errors and warnings."""
    try:
        entry = json.loads(line)
    except ValueError:
        entry = None
    if not isinstance(entry, dict):
        # Before it knows that JSON is wanted, terraform speaks in plain words.
        if line.strip().lstrip("│╷╵ ").startswith("Error"):
            yield Message("error", line.strip().lstrip("│╷╵ ").removeprefix("Error: "), "", "", "", 0)
        return
    kind = entry.get("type")
    if kind in ("apply_start", "apply_complete", "apply_errored"):
        watch(str(entry.get("hook", {}).get("resource", {}).get("addr", "")), kind)
    elif kind == "diagnostic":
        told = entry.get("diagnostic", {})
        where = told.get("range") or {}
        yield Message(
            str(told.get("severity", "error")),
            _one_line(told.get("summary", "")),
            _one_line(told.get("detail", "")),
            str(told.get("address", "")),
            str(where.get("filename", "")),
            int(where.get("start", {}).get("line", 0)),
        )


def _plain(done: subprocess.CompletedProcess[str], what: str) -> Ended:
    if done.returncode == 0:
        return Ended(0, ())
    said = _one_line((done.stderr or done.stdout).replace("│", " ").replace("╷", " ").replace("╵", " "))
    return Ended(done.returncode, (Message("error", f"{what}: {said.removeprefix('Error: ')}", "", "", "", 0),))


def _one_line(text: str) -> str:
    return " ".join(_COLOURS.sub("", str(text)).split())

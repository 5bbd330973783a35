"""What tools are given: the files of a target, the graph, and what the command line says about them."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from lenie.compiler.graph import Graph
from lenie.compiler.lint.finding import Missing, Result
from lenie.compiler.lint.process import Runner


@dataclass(slots=True)
class Context:
    """One run of one tool on one target."""

    target: str
    #: Of the target's files, and how messages call it.
    directory: Path
    shown: str
    graph: Graph
    runner: Runner
    #: An empty directory of its own, which is removed afterwards.
    scratch: Path
    #: Tool -> the program that the command line names for it.
    given: dict[str, str] = field(default_factory=dict)

    def inner(self, name: str) -> str:
        """Return the path below the target's directory of a file that a tool names; empty if it is elsewhere."""
        path = Path(name)
        for base in (self.directory.absolute(), self.directory.resolve()):
            if path.is_absolute() and path.is_relative_to(base):
                return path.relative_to(base).as_posix()
        return "" if path.is_absolute() else PurePosixPath(name).as_posix()


class Tool(NamedTuple):
    """A tool that judges generated files."""

    name: str
    #: Targets whose files it reads.
    targets: tuple[str, ...]
    #: Runs it; raises `Missing` or `Failed`.
    run: Callable[[Context], Result]


def command(given: str, *, beside: Sequence[Path], name: str, help: str) -> list[str]:
    """Return the command that runs a tool: `given`, one of the usual places `beside`, or what is on the path.

    Raises:
        Missing: if there is none.
    """
    if given:
        if shutil.which(given) is None:
            raise Missing(f'"{given}" is no program', help)
        return [str(Path(given).absolute()) if "/" in given else given]
    found = next((path for path in beside if shutil.which(path) is not None), None)
    if found is not None:
        return [str(found.absolute())]
    if shutil.which(name) is None:
        raise Missing(f"there is no {name} on this machine", help)
    return [name]


def beside_python(name: str) -> Path:
    """Return where a command of this interpreter's own environment is, if it has it."""
    return Path(sys.prefix) / "bin" / name

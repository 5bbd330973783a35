"""What a target is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, Protocol

from lenie.compiler.diagnostics import Report
from lenie.compiler.graph import Graph

#: The parts of a graph: what is deployed, and the clusters that people create beside it.
Part = Literal["components", "clusters"]
#: First and last line of a text, counted from 1.
Lines = tuple[int, int]


class Extent(NamedTuple):
    """Lines of an emitted file: its path below the target's directory, first and last line, counted from 1."""

    path: str
    first: int
    last: int


@dataclass(slots=True)
class Places:
    """Where the emitted files say what: component -> logical id -> lines, the main ones first (ADR 19).

    Resources that one block stands for (a loop of Terraform) have the same lines.
    """

    resources: dict[str, dict[str, list[Extent]]] = field(default_factory=dict)
    #: Component -> the files that are its own.
    files: dict[str, list[str]] = field(default_factory=dict)

    def note(self, component: str, logical_id: str, path: str, lines: Lines) -> None:
        """Note that the resource stands in these lines of the file at `path`."""
        extents = self.resources.setdefault(component, {}).setdefault(logical_id, [])
        extents.append(Extent(path, *lines))


class Target(Protocol):
    """Emits a graph as the files of one tool. It knows CloudFormation types and no kind of the spec language."""

    name: str
    #: The part of a graph that the target prints whole, or refuses in part; it does not look at the other one (ADR 25).
    covers: Part

    def emit(self, graph: Graph, scope: str, report: Report, places: Places | None = None) -> Mapping[str, str]:
        """Return the files, as path below the target's directory (with ``/``) -> content.

        What the target cannot print is reported as an error (E5xx) at its place in the spec: never dropped.
        `scope` is ``default`` or ``all``. `places` is told where each resource stands.
        """

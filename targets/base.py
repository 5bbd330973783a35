"""What a target is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, Protocol

from lenie.compiler.diagnostics import Report
from lenie.compiler.graph import Graph
from lenie.compiler.span import Path

#: The parts of a graph: what is deployed, and the clusters that people create beside it.
Part = Literal["components", "clusters"]
#: First and last line of a text, counted from 1.
Lines = tuple[int, int]


class Extent(NamedTuple):
    """Lines of an emitted file: its path below the target's directory, first and last line, counted from 1."""

    path: str
    first: int
    last: int


class Mark(NamedTuple):
    """Lines that say one property, first and last, counted from 1. Marks inside others are about parts of it.

    `at` is the property path, or an `attribute`. `resource` is the logical id, where lines that several resources share
    say this of one of them only.
    """

    first: int
    last: int
    at: Path
    resource: str = ""


#: Begins what is no property; no name in a spec can hold it.
_NO_PROPERTY = "\0"


def attribute(name: str) -> Path:
    """Return what stands for something that is said of a resource and is no property: ``DependsOn``, ``for_each``."""
    return (f"{_NO_PROPERTY}{name}",)


def attribute_name(at: Path) -> str:
    """Return the name of an `attribute`; an empty text for a property path."""
    first = str(at[0])
    return first[1:] if first[:1] == _NO_PROPERTY else ""


class Item(NamedTuple):
    """Lines about something that is no resource: a `kind` of thing (``variable``) with its name.

    `spec` is the place in the spec that it stems from, empty if there is none. `source` is component and logical id of
    the resource whose value it brings.
    """

    first: int
    last: int
    kind: str
    name: str
    spec: Path = ()
    source: tuple[str, str] | None = None


class About(NamedTuple):
    """What a file is, in words, and the place in the spec that all of it is about."""

    words: str
    spec: Path = ()


@dataclass(slots=True)
class Places:
    """Where the emitted files say what: component -> logical id -> lines, the main ones first (ADR 19, ADR 20).

    Resources that one block stands for (a loop of Terraform) have the same lines.
    """

    resources: dict[str, dict[str, list[Extent]]] = field(default_factory=dict)
    #: Component -> the files that are its own.
    files: dict[str, list[str]] = field(default_factory=dict)
    #: Path -> the properties in its lines. Those of a resource stand in the lines that it has.
    marks: dict[str, list[Mark]] = field(default_factory=dict)
    #: Path -> what is no resource.
    items: dict[str, list[Item]] = field(default_factory=dict)
    about: dict[str, About] = field(default_factory=dict)

    def note(self, component: str, logical_id: str, path: str, lines: Lines) -> None:
        """Note that the resource stands in these lines of the file at `path`."""
        extents = self.resources.setdefault(component, {}).setdefault(logical_id, [])
        extents.append(Extent(path, *lines))

    def tell(self, path: str, items: Iterable[Item]) -> None:
        """Note what is no resource in the file at `path`."""
        self.items.setdefault(path, []).extend(items)


class Target(Protocol):
    """Emits a graph as the files of one tool. It knows CloudFormation types and no kind of the spec language."""

    name: str
    #: The part of a graph that the target prints whole, or refuses in part; it does not look at the other one (ADR 25).
    covers: Part

    def emit(self, graph: Graph, scope: str, report: Report, places: Places | None = None) -> Mapping[str, str]:
        """Return the files, as path below the target's directory (with ``/``) -> content.

        What the target cannot print is reported as an error (E5xx) at its place in the spec: never dropped.
        `scope` is ``default`` or ``all``. `places` is told where each resource stands, what
        each line says, and what each file is.
        """

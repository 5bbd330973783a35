"""What a target is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from lenie.compiler.diagnostics import Report
from lenie.compiler.graph import Graph


class Target(Protocol):
    """Emits a graph as the files of one tool. It knows CloudFormation types and no kind of the spec language."""

    name: str

    def emit(self, graph: Graph, scope: str, report: Report) -> Mapping[str, str]:
        """Return the files, as path below the target's directory (with ``/``) -> content.

        What the target cannot print is reported as an error (E5xx) at its place in the spec: never dropped.
        `scope` is ``default`` or ``all``.
        """

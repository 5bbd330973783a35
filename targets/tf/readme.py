"""The README of the program."""

from __future__ import annotations

from collections.abc import Sequence

from lenie.compiler.diagnostics import Report
from lenie.compiler.graph import Graph
from lenie.targets.tf.root import Root


def readme(graph: Graph, roots: Sequence[Root], report: Report) -> str:
    """Return the text of the README."""
    return f"# {graph.project}: Terraform\n"

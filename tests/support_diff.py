"""Compares snippets of the spec language, and specs in repositories."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

import support

from lenie.compiler.diagnostics import Severity
from lenie.compiler.diff.changes import Side, compare
from lenie.compiler.diff.model import Change, PropertyChange
from lenie.compiler.diff.neutral import environment_graph
from lenie.compiler.graph import Graph
from lenie.compiler.load import Tree, parse


def compiled(components: str, **frame: Any) -> tuple[Graph, Tree]:
    """Return graph and tree of components; the test fails if they have errors."""
    return compiled_text(support.text_of(components, **frame))


def compiled_text(text: str) -> tuple[Graph, Tree]:
    """Return graph and tree of a whole spec; the test fails if it has errors."""
    graph, found = support.run(text)
    assert graph is not None, [(d.message, d.help) for d in found if d.severity is Severity.ERROR]
    return graph, parse(text, "spec.yaml")


def side(components: str, environment: str = "dev", **frame: Any) -> Side:
    graph, tree = compiled(components, **frame)
    return Side(environment_graph(graph, environment), tree)


def changes(old: str, new: str, **frame: Any) -> dict[str, Change]:
    """Return what becomes of the resources of `old`, by logical id; both are components."""
    found = compare(side(old, **frame), side(new, **frame))
    assert len({change.logical_id for change in found}) == len(found)
    return {change.logical_id: change for change in found}


def entries(change: Change) -> dict[str, PropertyChange]:
    """Return the changed properties by path."""
    return {entry.path: entry for entry in change.properties}


class Repository:
    """A real git repository with a spec in it."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.spec = directory / "spec" / "lenie.yaml"
        self.spec.parent.mkdir(parents=True)
        self.git("init", "--quiet", "--initial-branch", "main")

    def git(self, *arguments: str) -> str:
        author = {f"GIT_{who}_{what}": "test" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
        kept = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
        isolated = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
        command = ["git", "-C", str(self.directory), "-c", "commit.gpgsign=false", *arguments]
        done = subprocess.run(command, env={**kept, **author, **isolated}, capture_output=True, text=True, check=True)
        return done.stdout

    def commit(self) -> None:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", "spec")

    def replace(self, old: str, new: str) -> None:
        """Change the spec in the working tree."""
        text = self.spec.read_text(encoding="utf-8")
        assert old in text, old
        self.spec.write_text(text.replace(old, new), encoding="utf-8")

"""Which places of the spec a line of it holds, and which line a place has."""

from __future__ import annotations

from collections.abc import Iterator

from lenie.compiler.load import Node, Tree
from lenie.compiler.span import Path, Span


def span_of(tree: Tree, path: Path) -> Span:
    """Return where `path` stands: a scalar itself, the key of a map or list, the nearest key above what is absent."""
    node = tree.node(path)
    if node is not None and isinstance(node.value, (dict, list)) and path and isinstance(path[-1], str):
        return tree.span(path, key=True)
    return tree.span(path)


def paths_at(tree: Tree, line: int, column: int | None) -> list[Path]:
    """Return what begins in a line of the spec: the outermost nodes, or the innermost one at a `column`.

    A line inside a text of several lines is that text. An empty line, and one with a comment only, hold nothing.
    """
    if column is not None:
        around = [path for path, first, last in _nodes(tree.root, ()) if first <= (line, column) < last]
        return around[-1:]
    found: list[Path] = []
    for path, first, _ in _nodes(tree.root, ()):
        if first[0] == line and not any(path[: len(outer)] == outer for outer in found):
            found.append(path)
    if found:
        return found
    within = [path for path, first, last in _nodes(tree.root, ()) if first[0] <= line <= last[0]]
    return [path for path in within if not _has_parts(tree.node(path))][-1:]


def _has_parts(node: Node | None) -> bool:
    return node is None or isinstance(node.value, (dict, list))


def _nodes(node: Node, path: Path) -> Iterator[tuple[Path, tuple[int, int], tuple[int, int]]]:
    """Yield path, beginning (that of the key, if it has one) and end of every node, outer before inner."""
    entries: list[tuple[str | int, Node]] = []
    if isinstance(node.value, dict):
        entries = list(node.value.items())
    elif isinstance(node.value, list):
        entries = list(enumerate(node.value))
    for step, inner in entries:
        start = node.keys.get(step, inner.span) if isinstance(step, str) else inner.span
        end = max((start.end_line, start.end_column), (inner.span.end_line, inner.span.end_column))
        yield (*path, step), (start.line, start.column), end
        yield from _nodes(inner, (*path, step))

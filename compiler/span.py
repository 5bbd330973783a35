"""Places in source files, and paths into the syntax tree."""

from __future__ import annotations

from typing import NamedTuple

#: Keys and indices that lead from the root of the spec to a node: ``("components", "vpc", "layer")``.
Path = tuple[str | int, ...]


class Span(NamedTuple):
    """A region of a source file; lines and columns count from 1, the end column is exclusive."""

    file: str
    line: int
    column: int
    end_line: int
    end_column: int


def dotted(path: Path) -> str:
    """Return `path` as users read it: ``components.vpc.subnets[0]``."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text

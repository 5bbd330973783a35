"""The text of a file, and the way between offsets in it and lines and columns."""

from __future__ import annotations

import re
from bisect import bisect_right

from lenie.compiler.span import Span

#: The line ends of YAML 1.2; U+2028 and its like are ordinary characters there and in editors.
_LINE_END = re.compile(r"\r\n|\r|\n")


class Source:
    """A text, its lines, and where they start."""

    __slots__ = ("file", "lines", "starts", "text")

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.text = text
        self.lines = split_lines(text)
        self.starts = [0, *(match.end() for match in _LINE_END.finditer(text))]

    def line_of(self, offset: int) -> int:
        """Return the number of the line that holds `offset`."""
        return bisect_right(self.starts, offset)

    def span(self, start: int, end: int) -> Span:
        """Return the region from offset `start` to `end`, which is exclusive."""
        starts = self.starts
        line = bisect_right(starts, start)
        column = start - starts[line - 1] + 1
        if line == len(starts) or end < starts[line]:
            return Span(self.file, line, column, line, end - starts[line - 1] + 1)
        end_line = bisect_right(starts, end)
        return Span(self.file, line, column, end_line, end - starts[end_line - 1] + 1)

    def offsets(self, span: Span) -> tuple[int, int]:
        """Return the offsets of a region of this source."""
        return self.starts[span.line - 1] + span.column - 1, self.starts[span.end_line - 1] + span.end_column - 1


def split_lines(text: str) -> list[str]:
    """Return the lines of `text` without their ends, as YAML and editors count them."""
    return _LINE_END.split(text)

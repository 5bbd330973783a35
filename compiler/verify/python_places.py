"""Where a CDK app says what: lines of the Python code that made a resource and its properties."""

from __future__ import annotations

import re
from pathlib import Path

from lenie.compiler.verify.program import Resource
from lenie.compiler.verify.values import Document, Node, Place

_WORD = re.compile(r'^\s*(?:"(?P<key>[^"]+)":|(?P<name>\w+)=)')


class Source:
    """The code of the stack of `component`, in the app in `directory`; `shown` is the directory's name in messages."""

    def __init__(self, directory: Path, shown: str, component: str) -> None:
        path = directory / "stacks" / f"{re.sub(r'[^a-z0-9]+', '_', component)}.py"
        self.file = f"{shown}/stacks/{path.name}"
        try:
            self.lines = path.read_bytes().decode("utf-8", errors="replace").split("\n")
        except OSError:
            # The stack comes from elsewhere: then the app is the only place that is known.
            self.file, self.lines = f"{shown}/app.py", []

    def start(self) -> Place:
        """Return the beginning of the code."""
        return Place(self.file, 1)

    def relocate(self, resource: Resource) -> None:
        """Give a resource and its properties the places of the code that made them."""
        quoted = f'"{resource.name}",'
        number = next((n for n, line in enumerate(self.lines) if line.strip() == quoted), None)
        if number is None:
            resource.place = self.start()
            resource.properties = self._placed(resource.properties, 0, 0)
            return
        resource.place = Place(self.file, number + 1)
        resource.properties = self._placed(resource.properties, number, self._end(number))

    def _end(self, number: int) -> int:
        """Return the line after the block that a line is in, or starts: the next one that is indented less."""
        depth = self._indent(number)
        for after in range(number + 1, len(self.lines)):
            if self.lines[after].strip() and self._indent(after) < depth:
                return after
        return len(self.lines)

    def _indent(self, number: int) -> int:
        return len(self.lines[number]) - len(self.lines[number].lstrip())

    def _placed(self, node: Node, start: int, end: int) -> Node:
        place = Place(self.file, start + 1)
        value = node.value
        if isinstance(value, Document):
            return Node(Document(self._placed(value.root, start, end)), place)
        if isinstance(value, list):
            return Node([self._placed(item, start, end) for item in value], place)
        if not isinstance(value, dict):
            return Node(value, place)
        found = {}
        for key, item in value.items():
            at = self._line(key, start, end)
            found[key] = self._placed(item, start, end) if at is None else self._placed(item, at, self._inner(at, end))
        return Node(found, place)

    def _line(self, key: str, start: int, end: int) -> int | None:
        """Return the line that sets a property, in the lines from `start` to `end`."""
        for number in range(start, end):
            match = _WORD.match(self.lines[number])
            if match and _plain(match["key"] or match["name"]) == _plain(key):
                return number
        return None

    def _inner(self, number: int, end: int) -> int:
        """Return the line after what a line starts."""
        depth = self._indent(number)
        for after in range(number + 1, end):
            if self.lines[after].strip() and self._indent(after) <= depth:
                return after + 1
        return end


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())

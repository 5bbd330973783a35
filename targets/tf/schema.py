"""The attribute schema of the AWS provider, of which only the types in use are read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

#: The body of a resource or of a block: ``attributes`` and ``blocks`` by their names.
Schema = Mapping[str, Any]
Section = str


@cache
def _lines(section: Section) -> Mapping[str, str]:
    """Return type -> JSON of its schema: the file has one line for each."""
    text = (files(__package__) / "data" / "aws_6.json").read_text(encoding="utf-8")
    start = text.index(f'\n"{section}": {{\n') + len(section) + 7
    found: dict[str, str] = {}
    for line in text[start : text.index("\n}", start)].split("\n"):
        name, _, body = line.partition(": ")
        found[name.strip('"')] = body.rstrip(",")
    return found


@cache
def schema_of(type_name: str, section: Section = "resources") -> Schema | None:
    """Return the schema of a type (``aws_vpc``), None if the provider has no such type.

    `section` is ``resources``, ``data_sources`` or ``ephemeral``.
    """
    line = _lines(section).get(type_name)
    found: Schema | None = None if line is None else json.loads(line)
    return found


class Schemas(Mapping[str, Schema]):
    """The schemas of all resource types, read on demand."""

    def __getitem__(self, type_name: str) -> Schema:
        """Return the schema of a resource type.

        Raises:
            KeyError: if the provider has no such type.
        """
        found = schema_of(type_name)
        if found is None:
            raise KeyError(type_name)
        return found

    def __iter__(self):  # type: ignore[no-untyped-def]
        """Iterate over the names of all types."""
        return iter(_lines("resources"))

    def __len__(self) -> int:
        """Return the number of types."""
        return len(_lines("resources"))

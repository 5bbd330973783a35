"""Conversion of nested attributes and blocks to the arguments of an API, and back, by tables.

A table says for each attribute of a block its key in the API and its form:

    plain    the same value
    text     a boolean that the schema has as text: "true", "false", or "" for none
    block    at most one block: (table)
    blocks   several blocks: (table)
    tags     a map of tags
"""

from __future__ import annotations

from typing import Any, NamedTuple

from standin.resource import State
from standin.tags import as_list, as_map


class Form(NamedTuple):
    """How one attribute is written in the API."""

    key: str
    form: str = "plain"
    table: dict[str, Form] | None = None


Table = dict[str, Form]


def to_api(state: State, table: Table) -> dict[str, Any]:
    """Return the API's form of those attributes that have a value."""
    result = {}
    for name, form in table.items():
        value = state.get(name)
        if value is None or value in ("", []):
            continue
        if form.form == "text":
            value = value == "true"
        elif form.form == "tags":
            value = as_list(value)
        elif form.table is not None:
            value = [to_api(one, form.table) for one in value]
            if form.form == "block":
                value = value[0]
        result[form.key] = value
    return result


def from_api(data: dict[str, Any], table: Table) -> State:
    """Return attributes of what the API says."""
    result: State = {}
    for name, form in table.items():
        value = data.get(form.key)
        if form.table is not None:
            items = [value] if form.form == "block" and value else value or []
            value = [from_api(one, form.table) for one in items]
        elif value is not None and form.form == "text":
            value = "true" if value else "false"
        elif value is not None and form.form == "tags":
            value = as_map(value)
        result[name] = value
    return result

"""The text of ``Fn::Sub``: literal text with ``${...}`` in it, and the variables for what is no plain reference."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, NamedTuple

# ``${`` with a simple end: ``Fn::Sub`` takes ``${!name}`` for a literal ``${name}``.
_SIMPLE = re.compile(r"\$\{([^${}]*)\}")


class Reference(NamedTuple):
    """What ``${text}`` names: a parameter, a resource, an attribute of one, or a pseudo parameter."""

    text: str


class Variable(NamedTuple):
    """What has to stand in the map of variables; `name` is what it would best be called there."""

    name: str
    value: Any


def substitution(parts: Iterable[str | Reference | Variable], taken: frozenset[str]) -> Any:
    """Return `parts` as a text, or as a ``Fn::Sub`` if anything is to be filled in."""
    merged = _merged(parts)
    if not merged:
        return ""
    if len(merged) == 1 and isinstance(merged[0], str):
        return merged[0]
    pieces, variables = filled(merged, taken)
    text = "".join(pieces)
    return {"Fn::Sub": [text, variables] if variables else text}


def filled(parts: Iterable[Any], taken: frozenset[str]) -> tuple[list[Any], dict[str, Any]]:
    """Return the text of a ``Fn::Sub`` and its map of variables.

    Parts of other types stay as they are, between pieces of text: a target fills them in before CloudFormation does.
    Variables get names that are not in `taken`, since a variable hides a resource of the same name.

    Source: AWS CloudFormation User Guide, "Fn::Sub" (``${!Literal}``, the variable map).
    """
    pieces: list[Any] = []
    text = ""
    variables: dict[str, Any] = {}
    for part in _merged(parts):
        if isinstance(part, str):
            escaped = _SIMPLE.sub(r"${!\1}", part)
            for piece in re.split(r"(\$\{(?!![^${}]*\}))", escaped):
                # What has no simple end, or holds another one, cannot be escaped: its dollar is filled in.
                text += f"${{{_variable('Dollar', '$', variables, taken)}}}{{" if piece == "${" else piece
            continue
        if isinstance(part, (Reference, Variable)):
            if text.endswith("$"):
                text = f"{text[:-1]}${{{_variable('Dollar', '$', variables, taken)}}}"
            name = part.text if isinstance(part, Reference) else _variable(part.name, part.value, variables, taken)
            text += f"${{{name}}}"
            continue
        pieces += [text, part] if text else [part]
        text = ""
    return [*pieces, text] if text else pieces, variables


def _merged(parts: Iterable[Any]) -> list[Any]:
    """Return `parts` with adjacent texts joined: a dollar and a brace may come from different ones."""
    merged: list[Any] = []
    for part in parts:
        if isinstance(part, str) and merged and isinstance(merged[-1], str):
            merged[-1] += part
        else:
            merged.append(part)
    return merged


def _variable(name: str, value: Any, variables: dict[str, Any], taken: frozenset[str]) -> str:
    """Return the name under which `value` stands in `variables`, adding it if needed."""
    candidate, number = name, 1
    while candidate in taken or variables.get(candidate, value) != value:
        number += 1
        candidate = f"{name}{number}"
    variables[candidate] = value
    return candidate

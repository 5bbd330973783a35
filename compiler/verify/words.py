"""Differences in words: what people, and other tools, are told of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from lenie.compiler.span import Path
from lenie.compiler.verify.compare import EXTRA, MISSING, ORDER, Difference
from lenie.compiler.verify.values import (
    Atom,
    Bag,
    Digest,
    Document,
    Encoded,
    Node,
    Place,
    Pseudo,
    PublicParameter,
    Reference,
    SecretField,
    Text,
    Zone,
    key_of,
)

#: A value that takes more than this many characters is shortened in a message; JSON has all of it.
_LONGEST = 160


class Finding(NamedTuple):
    """A difference in all the environments in which it is the same."""

    difference: Difference
    environments: tuple[str, ...]


def folded(differences: Iterable[Difference]) -> list[Finding]:
    """Return differences, each once, with the environments in which they are."""
    found: dict[tuple[object, ...], tuple[Difference, list[str]]] = {}
    for one in differences:
        key = (
            one.code,
            one.target,
            one.component,
            one.resource,
            one.path,
            one.place,
            _key(one.expected),
            _key(one.actual),
        )
        found.setdefault(key, (one, []))[1].append(one.environment)
    return [Finding(one, tuple(dict.fromkeys(names))) for one, names in found.values()]


def message(one: Difference) -> str:
    """Return what a difference is, in one sentence."""
    name = f"{one.component}.{one.resource}" if one.component and one.resource else one.component or one.resource
    if one.code == MISSING:
        return f"{one.target}: {_what(one)} {name} is missing"
    if one.code == EXTRA:
        return f"{one.target}: the spec has no {_what(one)} {name}"
    where = f"{name} ({one.type})" if one.resource else f"the {one.type} {name}".rstrip()
    if one.path == ("DependsOn",) and one.code == ORDER:
        if one.actual is None:
            return f"{one.target}: {where} does not wait for {_plain(one.expected)}"
        return f"{one.target}: {where} waits for {_plain(one.actual)}, for which the spec gives no reason"
    says = f"{stepped(one.path)} of {where}"
    if one.actual is None:
        return f"{one.target}: {says} is missing; the spec says {shown(one.expected)}"
    if one.expected is None:
        return f"{one.target}: {says} is {shown(one.actual)}; the spec says nothing"
    return f"{one.target}: {says} is {shown(one.actual)}; the spec says {shown(one.expected)}"


def _what(one: Difference) -> str:
    return f"{one.type}" if one.type in ("output", "component") else f"resource ({one.type})"


def _key(node: Node | None) -> str:
    return key_of(node) if node is not None else ""


def _plain(node: Node | None) -> str:
    return str(node.value) if node is not None else ""


def stepped(path: Path) -> str:
    """Return a property's path as people write it: ``Policies[PolicyName=access].PolicyDocument``."""
    text = ""
    for step in path:
        word = f"[{step}]" if isinstance(step, int) else step
        text += word if not text or word.startswith("[") else f".{word}"
    return text


def shown(node: Node | None) -> str:
    """Return a value on one line, shortened."""
    text = json.dumps(data(node), ensure_ascii=False)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."


def data(value: Any) -> Any:
    """Return a value as plain data for JSON; atoms stand in it as ``${...}``."""
    match value:
        case Node():
            return data(value.value)
        case Document(root):
            return data(root)
        case Bag(members):
            return [data(member) for member in members]
        case dict():
            return {key: data(item) for key, item in value.items()}
        case list():
            return [data(item) for item in value]
        case Text(parts):
            return "".join(part if isinstance(part, str) else _atom(part) for part in parts)
        case Atom():
            return _atom(value)
    return value


def _atom(atom: Any) -> str:
    match atom:
        case Reference(component, resource, attribute):
            return f"${{{component}.{resource}.{attribute}}}"
        case Pseudo(name):
            return f"${{aws.{name}}}"
        case Zone(index):
            return f"${{zone {index}}}"
        case PublicParameter(path):
            return f"${{ssm {path}}}"
        case SecretField(secret, field):
            return f"${{field {field} of the secret {data(secret)}}}"
        case Encoded(text):
            return f"${{base64 of {data(text)}}}"
        case Digest(inner):
            return f"${{digest of {data(inner)}}}"
    # What only one target has, and what has found no equal in the graph's terms.
    place = [getattr(atom, name) for name in ("component", "address", "attribute") if hasattr(atom, name)]
    return f"${{{'.'.join(place) or type(atom).__name__.lower()}}}"


def where(environments: Sequence[str], all_of_them: Sequence[str]) -> str:
    """Return in which environments something is, or nothing if it is so in all of them."""
    named = [name for name in all_of_them if " " not in name]
    return "" if set(named) <= set(environments) else f" (in {', '.join(environments)})"


def place_of(place: Place | None) -> dict[str, Any] | None:
    """Return a place as data."""
    return {"file": place.file, "line": place.line} if place is not None else None

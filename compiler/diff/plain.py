"""Graph values as plain data: what is known at deployment only becomes a text such as ``${Queue.Arn}``."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from lenie.compiler.diff.neutral import MARK
from lenie.compiler.expressions import (
    AttributeOf,
    AvailabilityZone,
    Base64,
    EnvironmentName,
    Expression,
    Interpolation,
    JsonText,
    ParameterItem,
    ParameterValue,
    PerEnvironment,
    Pseudo,
    PublicParameter,
    SecretField,
    Value,
    WhenParameter,
    walk,
)
from lenie.compiler.span import Path

#: JSON data.
Plain = Any


def plain(value: Value, component: str) -> Plain:
    """Return `value`, which stands in `component`, as JSON data; values that differ are different data.

    A reference is ``${Resource.Attribute}``, with ``component:`` before it if it leads to another one, without the
    attribute for what ``Ref`` returns. JSON in a text is the data that it holds. ``${`` that is no expression is
    written ``$${``.
    """
    if isinstance(value, dict):
        return {key: plain(item, component) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item, component) for item in value]
    match value:
        case str():
            return value.replace("${", "$${").replace(MARK, "${env.name}")
        case JsonText(document):
            return plain(document, component)
        case Base64(text):
            return {"Base64": plain(text, component)}
        case Interpolation(parts):
            return "".join(str(plain(part, component)) for part in parts)
        case WhenParameter(name, item, is_set):
            return {f"{'if' if is_set else 'unless'} param.{name}": plain(item, component)}
        case Expression():
            return f"${{{_inner(value, component)}}}"
    return value


def _inner(value: Expression, component: str) -> str:
    """Return what stands between the braces."""
    match value:
        case AttributeOf(owner, resource, attribute):
            return "".join(
                (
                    f"{owner}:" if owner != component else "",
                    resource,
                    f".{attribute}" if attribute != "Ref" else "",
                )
            )
        case ParameterValue(name):
            return f"param.{name}"
        case ParameterItem(name, index):
            return f"param.{name}[{index}]"
        case EnvironmentName():
            return "env.name"
        case PerEnvironment(key):
            return f"env.{key}"
        case Pseudo(name):
            return f"aws.{name}"
        case AvailabilityZone(index):
            return f"aws.availability-zones[{index}]"
        case SecretField(secret, field):
            return f"secret {plain(secret, component)}, field {field}"
        case PublicParameter(path, kind):
            return f"public parameter {path} ({kind})"
    raise TypeError(f"no rule for {type(value).__name__}")


def references(value: Value, at: Path = ()) -> Iterator[tuple[Path, AttributeOf]]:
    """Yield the references in `value`, each with the path of the value that holds it."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from references(item, (*at, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from references(item, (*at, index))
    elif isinstance(value, JsonText):
        yield from references(value.document, at)
    else:
        yield from ((at, found) for found in walk(value) if isinstance(found, AttributeOf))


def shown(value: Plain) -> str:
    """Return data on one line; a text stands without quotes where that is clear."""
    if isinstance(value, str) and _clear(value):
        return value
    return json.dumps(value, ensure_ascii=False)


def _clear(text: str) -> bool:
    if not text or text != text.strip() or not text.isprintable() or text[0] in "[{\"'":
        return False
    try:
        json.loads(text)
    except ValueError:
        return True
    return False

"""Decides a parameter in a value: what depends on it is there, or it is not."""

from __future__ import annotations

from lenie.compiler.expressions import (
    Base64,
    Expression,
    Interpolation,
    JsonText,
    SecretField,
    Value,
    WhenParameter,
    as_part,
    interpolate,
)


class _Absent(Expression):
    """Stands for what is not there."""

    __slots__ = ()


ABSENT = _Absent()


def decide(value: Value, parameter: str, is_set: bool) -> Value:
    """Return `value` for a `parameter` that is set, or is not; what is not there is `ABSENT`, and no text is empty."""

    def inner(item: Value) -> Value:
        return decide(item, parameter, is_set)

    if isinstance(value, dict):
        items = {key: inner(item) for key, item in value.items()}
        return {key: item for key, item in items.items() if item is not ABSENT}
    if isinstance(value, list):
        return [item for item in map(inner, value) if item is not ABSENT]
    match value:
        case WhenParameter(name, item, wanted) if name == parameter:
            return inner(item) if wanted == is_set else ABSENT
        case WhenParameter(name, item, wanted):
            kept = inner(item)
            return kept if kept is ABSENT else WhenParameter(name, kept, wanted)
        case Interpolation(parts):
            decided = (inner(part) for part in parts)
            return interpolate(*("" if part is ABSENT else as_part(part) for part in decided))
        case JsonText(document):
            return JsonText(inner(document))
        case Base64(text):
            return Base64(inner(text))
        case SecretField(secret, field):
            bound = inner(secret)
            assert isinstance(bound, Expression), "a secret is an expression"
            return SecretField(bound, field)
    return value

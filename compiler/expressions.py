"""Property values of the resource graph: JSON-like data with a few kinds of expression in it.

Every target prints each expression class below; there are no others. A value that no environment can change is plain
data (`str`, `int`, `float`, `bool`, `list`, `dict`), everything else says where it comes from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Literal, Union

from lenie.compiler.records import record

Scalar = str | int | float | bool
#: A property value: data, lists and maps of values, or an expression.
Value = Union[Scalar, "list[Value]", "dict[str, Value]", "Expression"]

PseudoName = Literal["region", "account", "partition", "url-suffix"]


class Expression:
    """Base of the values that are known only in an environment, or at deployment."""

    __slots__ = ()


@record
class ParameterValue(Expression):
    """The value of a parameter of the spec: a text, a number, or the whole list of a list parameter."""

    name: str


@record
class ParameterItem(Expression):
    """One element of a list parameter. Its number of elements is fixed when the spec is compiled."""

    name: str
    index: int


@record
class WhenParameter(Expression):
    """`value`, for a property that exists only if the parameter is set (or only if it is empty)."""

    name: str
    value: Value
    is_set: bool = True


@record
class EnvironmentName(Expression):
    """The name of the environment: ``dev``."""


@record
class PerEnvironment(Expression):
    """One scalar for each environment; `key` names the row in the table of settings."""

    key: str
    values: tuple[tuple[str, Scalar], ...]


@record
class Pseudo(Expression):
    """What AWS knows at deployment: region, account, partition or URL suffix."""

    name: PseudoName


@record
class AttributeOf(Expression):
    """Attribute `attribute` of the resource `resource` of `component`.

    The attribute is named as in CloudFormation's ``Fn::GetAtt``; ``Ref`` stands for what ``Ref`` returns.
    """

    component: str
    resource: str
    attribute: str


@record
class Interpolation(Expression):
    """Text with scalar expressions in it."""

    parts: tuple[str | Expression, ...]


@record
class AvailabilityZone(Expression):
    """The n-th availability zone of the region, from 0."""

    index: int


@record
class JsonText(Expression):
    """A text property that holds `document` as JSON (a workflow's definition)."""

    document: Value


@record
class Base64(Expression):
    """The Base64 form of a text (an instance's user data)."""

    text: Value


@record
class SecretField(Expression):
    """One field of a JSON secret, read at deployment. `secret` is its ARN, or what a target makes of it."""

    secret: Expression
    field: str


@record
class PublicParameter(Expression):
    """The value of a public SSM parameter of AWS, for instance of the latest image of an operating system."""

    path: str
    type: str = "AWS::EC2::Image::Id"


def interpolate(*parts: str | Expression) -> str | Expression:
    """Join text and scalar expressions; adjacent texts are merged, nested interpolations are flattened."""
    flat: list[str | Expression] = []
    for part in parts:
        for piece in part.parts if isinstance(part, Interpolation) else (part,):
            if isinstance(piece, str) and flat and isinstance(flat[-1], str):
                flat[-1] += piece
            elif piece != "":
                flat.append(piece)
    if not flat:
        return ""
    return flat[0] if len(flat) == 1 else Interpolation(tuple(flat))


def walk(value: Value) -> list[Expression]:
    """Return every expression inside `value`, outer before inner."""
    found: list[Expression] = []
    _collect(value, found)
    return found


def _collect(value: Value, found: list[Expression]) -> None:
    if isinstance(value, dict):
        inner: Iterable[Value] = value.values()
    elif isinstance(value, list):
        inner = value
    elif isinstance(value, Expression):
        found.append(value)
        inner = children(value)
    else:
        return
    for item in inner:
        # Most values are texts; not to call for them halves the time.
        if type(item) is not str:
            _collect(item, found)


def children(value: Expression) -> tuple[Value, ...]:
    """Return the values directly inside an expression."""
    match value:
        case Interpolation(parts):
            return parts
        case WhenParameter():
            return (value.value,)
        case JsonText(document):
            return (document,)
        case Base64(text):
            return (text,)
        case SecretField(secret):
            return (secret,)
    return ()


def rewrite(value: Value, change: Callable[[Expression], Value]) -> Value:
    """Return `value` with every expression replaced by what `change` makes of it, inner before outer."""
    if isinstance(value, dict):
        return {key: rewrite(item, change) for key, item in value.items()}
    if isinstance(value, list):
        return [rewrite(item, change) for item in value]
    match value:
        case Interpolation(parts):
            inner = interpolate(*(as_part(rewrite(part, change)) for part in parts))
            return change(inner) if isinstance(inner, Expression) else inner
        case WhenParameter(name, item, is_set):
            return change(WhenParameter(name, rewrite(item, change), is_set))
        case JsonText(document):
            return change(JsonText(rewrite(document, change)))
        case Base64(text):
            return change(Base64(rewrite(text, change)))
        case SecretField(secret, field):
            bound = rewrite(secret, change)
            if not isinstance(bound, Expression):
                raise TypeError(f"a secret cannot be {type(bound).__name__}")
            return change(SecretField(bound, field))
        case Expression():
            return change(value)
    return value


def as_part(value: Value) -> str | Expression:
    """Return a scalar value as a part of an interpolation.

    Raises:
        TypeError: for lists and maps, which no text can hold.
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return str(value)
    if isinstance(value, (str, Expression)):
        return value
    raise TypeError(f"{type(value).__name__} inside a text")

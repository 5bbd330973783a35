"""What expressions refer to, found without evaluating them, and the order of resources that follows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from typing import Any

from lenie.compiler.local.stacks.errors import NotEmulated, Refused
from lenie.compiler.local.stacks.template import Declared

FUNCTIONS = frozenset(
    f"Fn::{name}"
    for name in (
        "And",
        "Base64",
        "Cidr",
        "Equals",
        "FindInMap",
        "GetAZs",
        "GetAtt",
        "If",
        "ImportValue",
        "Join",
        "Not",
        "Or",
        "Select",
        "Split",
        "Sub",
    )
)
PSEUDO = frozenset(
    f"AWS::{name}"
    for name in ("AccountId", "NotificationARNs", "NoValue", "Partition", "Region", "StackId", "StackName", "URLSuffix")
)
VARIABLE = re.compile(r"\$\{(!?)([^{}]*)\}")


def function(value: Any) -> tuple[str, Any] | None:
    """Return the name and the argument of an intrinsic function, or nothing for plain data.

    Raises:
        NotEmulated: for a function that is unknown here.
    """
    if not isinstance(value, dict) or len(value) != 1:
        return None
    name, argument = next(iter(value.items()))
    if name == "Ref" or name in FUNCTIONS:
        return name, argument
    if name == "Condition" and isinstance(argument, str):
        return name, argument
    if name.startswith("Fn::"):
        raise NotEmulated(f"the function {name}")
    return None


def references(value: Any) -> Iterator[tuple[str, str, str]]:
    """Yield what `value` refers to: the function (Ref, GetAtt or Condition), the name, and the attribute."""
    if isinstance(value, list):
        for item in value:
            yield from references(item)
        return
    call = function(value)
    if call is None:
        for item in value.values() if isinstance(value, dict) else ():
            yield from references(item)
        return
    name, argument = call
    if name == "Ref":
        yield "Ref", str(argument), ""
    elif name == "Condition":
        yield "Condition", str(argument), ""
    elif name == "Fn::GetAtt":
        yield "GetAtt", *attribute(argument)
        yield from references(argument[1:] if isinstance(argument, list) else [])
    elif name == "Fn::Sub":
        yield from _substituted(argument)
    else:
        if name == "Fn::If" and isinstance(argument, list) and argument:
            yield "Condition", str(argument[0]), ""
        yield from references(argument)


def attribute(argument: Any) -> tuple[str, str]:
    """Return the resource and the attribute of the argument of `Fn::GetAtt`.

    Raises:
        Refused: if it is not of that form.
    """
    parts = argument.split(".", 1) if isinstance(argument, str) else argument
    if not isinstance(parts, list) or len(parts) < 2 or not all(isinstance(part, str) for part in parts):
        raise Refused("Template error: every Fn::GetAtt object requires two non-empty parameters")
    return parts[0], ".".join(parts[1:])


def _substituted(argument: Any) -> Iterator[tuple[str, str, str]]:
    text, own = argument if isinstance(argument, list) and len(argument) == 2 else (argument, {})
    if not isinstance(text, str) or not isinstance(own, dict):
        raise Refused("Template error: One or more Fn::Sub intrinsic functions don't specify expected arguments.")
    for literal, name in VARIABLE.findall(text):
        if literal or name in own:
            continue
        resource, dot, path = name.partition(".")
        yield ("GetAtt", resource, path) if dot else ("Ref", name, "")
    yield from references(list(own.values()))


def unresolved(names: list[str], section: str) -> str:
    """Return what is said of references to what a template does not have."""
    return (
        f"Template format error: Unresolved resource dependencies [{', '.join(names)}] in the {section} block of the "
        "template"
    )


def waits_for(declared: Declared, names: Any) -> set[str]:
    """Return the resources among `names` that have to be there before this one."""
    found = {name for kind, name, _ in references(declared.properties) if kind in ("Ref", "GetAtt")}
    return (found | set(declared.depends_on)) & set(names)


def order(resources: dict[str, Declared]) -> list[str]:
    """Return the names in an order in which each comes after what it waits for.

    Raises:
        Refused: if resources wait for each other, or for one that is not in the template.
    """
    for declared in resources.values():
        missing = sorted(set(declared.depends_on) - set(resources))
        if missing:
            raise Refused(unresolved(missing, "Resources"))
    sorter = TopologicalSorter({name: sorted(waits_for(declared, resources)) for name, declared in resources.items()})
    try:
        return list(sorter.static_order())
    except CycleError as error:
        names = ", ".join(sorted(set(error.args[1])))
        raise Refused(f"Circular dependency between resources: [{names}]") from None

"""The parameters of a template as they are declared: what may be given to them, and in which type.

Source: CloudFormation User Guide, CloudFormation template Parameters syntax.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from lenie.compiler.graph import Graph, Parameter
from lenie.compiler.verify.cfn.document import Item
from lenie.compiler.verify.guards import let_in, parameter_of
from lenie.compiler.verify.program import Problem
from lenie.compiler.verify.values import as_text

_KEYS = frozenset({"Type", "Description", "Default", "AllowedValues", "AllowedPattern", "ConstraintDescription"})
#: Type in the spec -> the type that lets CloudFormation check the value itself; others are texts with a pattern.
_TYPES = {"image": "AWS::EC2::Image::Id", "number": "Number"}
#: How a pattern begins that keeps out what would break the JSON around a value.
_NO_QUOTES = "(?!"
_PUBLISHED = re.compile(r"AWS::SSM::Parameter::Value<(String|AWS::EC2::Image::Id)>")


def declared(graph: Graph, root: Item, component: str) -> Iterator[tuple[str, Problem]]:
    """Yield what is wrong with the declarations of a template's parameters, with the name of the parameter."""
    section = root.get("Parameters")
    for name, item in section.entries().items() if section is not None else ():
        for code, message, where in _wrong(graph, name, item):
            yield name, Problem(code, message, where.place, component=component)


def _wrong(graph: Graph, name: str, item: Item) -> Iterator[tuple[str, str, Item]]:
    for key in item.entries().keys() - _KEYS:
        yield "E607", f'the compiler writes no "{key}" for a parameter', item.entries()[key]
    kind = _word(item.get("Type"))
    if name == "Environment":
        values = item.get("AllowedValues")
        given = values.plain() if values is not None else None
        if not isinstance(given, list) or sorted(map(as_text, given)) != sorted(graph.environments):
            said = json.dumps(given, ensure_ascii=False)
            wanted = json.dumps(list(graph.environments), ensure_ascii=False)
            message = f"the environments that may be given are {said}; those of the spec are {wanted}"
            yield "E601", message, values or item
        return
    parameter = parameter_of(graph, name)
    if parameter is None:
        if not _PUBLISHED.fullmatch(kind):
            yield "E607", f'"{name}" is no parameter of the spec, and no published value', item
        return
    wanted = _TYPES.get(parameter.type, "")
    types = {wanted} if wanted else {"String", "CommaDelimitedList"} if parameter.is_list else {"String"}
    if kind not in types:
        message = f'the parameter "{name}" has the type "{kind}"; by the spec it is {" or ".join(sorted(types))}'
        yield "E601", message, item.get("Type") or item
    if item.get("Default") is None:
        yield "E601", f'the parameter "{name}" has no default, as the spec has', item
    yield from _pattern(parameter, name, item)


def _pattern(parameter: Parameter, name: str, item: Item) -> Iterator[tuple[str, str, Item]]:
    """Yield where a pattern lets something in that the spec does not; CloudFormation compares whole values with it."""
    given = item.get("AllowedPattern")
    pattern = _word(given)
    if not parameter.pattern or parameter.type in _TYPES:
        if given is not None and not pattern.startswith(_NO_QUOTES):
            yield "E601", f'the parameter "{name}" has the pattern {pattern}; the spec says none', given
        return
    if parameter.pattern not in pattern:
        said = f"has the pattern {pattern}" if pattern else "has no pattern"
        yield "E601", f'the parameter "{name}" {said}; the spec says {parameter.pattern}', given or item
        return
    try:
        allowed = re.compile(pattern)
    except re.error:
        return  # told where the value of the environment is checked
    text = let_in(parameter, lambda text: allowed.fullmatch(text) is not None)
    if text is not None:
        shown = json.dumps(text, ensure_ascii=False)
        yield "E601", f'the parameter "{name}" lets {shown} in, which the spec refuses', given or item


def _word(item: Item | None) -> str:
    return item.value if item is not None and isinstance(item.value, str) and not item.tag else ""

"""The definitions of a template's parameters and conditions, and the values of all parameters in an environment."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from lenie.compiler.diagnostics import Report
from lenie.compiler.expressions import (
    AttributeOf,
    EnvironmentName,
    ParameterItem,
    ParameterValue,
    PublicParameter,
    Scalar,
    Value,
)
from lenie.compiler.graph import Graph, Parameter
from lenie.compiler.span import Path
from lenie.targets.base import Mark
from lenie.targets.wiring.jsontext import json_text
from lenie.targets.wiring.names import Names, Source, export_of

#: Parameter types that CloudFormation checks itself against the account (CloudFormation User Guide,
#: "AWS-specific parameter types"); every other type of the spec is a text with a pattern.
TYPES = {"image": "AWS::EC2::Image::Id", "number": "Number"}
_NO_JSON_ESCAPES = r"(?![\s\S]*[\"\\])"


def definitions(graph: Graph, names: Names, sources: Iterable[Source], in_json: Iterable[Source]) -> dict[str, Any]:
    """Return the ``Parameters`` section for `sources`; texts `in_json` may hold nothing that JSON would escape."""
    quoted = set(in_json)
    return {names.parameters[s]: _definition(graph, s, s in quoted) for s in ordered(graph, names, sources)}


def ordered(graph: Graph, names: Names, sources: Iterable[Source]) -> list[Source]:
    """Return `sources` in the order of the section."""
    return sorted(sources, key=_order(graph, names))


def conditions(graph: Graph, names: Names, parameters: Iterable[str]) -> dict[str, Any]:
    """Return the ``Conditions`` section: whether each of the spec's `parameters` is set."""
    wanted = set(parameters)
    section: dict[str, Any] = {}
    for name in (n for n in graph.parameters if n in wanted):
        reference: dict[str, Any] = {"Ref": names.parameters[ParameterValue(name)]}
        text = {"Fn::Join": ["", reference]} if graph.parameters[name].is_list else reference
        section[names.conditions[name]] = {"Fn::Not": [{"Fn::Equals": [text, ""]}]}
    return section


def file(graph: Graph, names: Names, sources: Iterable[Source], environment: str, marks: list[Mark]) -> str:
    """Return the values of `sources`, in that order, in `environment`, in the form that the AWS CLI reads from a file.

    `marks` gets what stands in which lines.
    """
    rows: list[Value] = [
        {"ParameterKey": names.parameters[source], "ParameterValue": _text(_value(graph, source, environment))}
        for source in sources
    ]
    return json_text(rows, marks) + "\n"


def check(graph: Graph, sources: Iterable[Source], in_json: Iterable[Source], report: Report) -> None:
    """Report values that a parameter of CloudFormation cannot carry unchanged."""
    quoted = set(in_json)
    for source in sorted(sources, key=repr):
        if not isinstance(source, ParameterValue | ParameterItem):
            continue
        parameter = graph.parameters[source.name]
        places: dict[Path, Scalar | tuple[str, ...]] = {(*parameter.path, "default"): parameter.default}
        places |= {(*parameter.path, "values", name): value for name, value in parameter.values.items()}
        for at, value in places.items():
            if isinstance(source, ParameterValue) and isinstance(value, tuple):
                for index, item in enumerate(value):
                    if "," in item or item != item.strip():
                        message = (
                            "an element of a list parameter of CloudFormation has no comma, and no space at its ends"
                        )
                        report.add("E502", message, (*at, index), help="take the comma and the spaces out")
            if source in quoted and _text(value) != json.dumps(_text(value), ensure_ascii=False)[1:-1]:
                message = (
                    "this value goes into a JSON text, where it cannot hold quotation marks, backslashes or line ends"
                )
                report.add("E502", message, at, help="use another value: CloudFormation cannot escape it")


def _order(graph: Graph, names: Names) -> Any:
    """Return the sort key: the environment, the spec's parameters in their order, values of others, public ones."""
    position = {name: index for index, name in enumerate(graph.parameters)}

    def key(source: Source) -> tuple[int, int, int, str]:
        match source:
            case EnvironmentName():
                return (0, 0, 0, "")
            case ParameterValue(name):
                return (1, position[name], 0, "")
            case ParameterItem(name, index):
                return (1, position[name], index + 1, "")
        return (2 if isinstance(source, AttributeOf) else 3, 0, 0, names.parameters[source])

    return key


def _definition(graph: Graph, source: Source, in_json: bool) -> dict[str, Any]:
    match source:
        case EnvironmentName():
            return {
                "Type": "String",
                "Description": "Name of the environment",
                "AllowedValues": list(graph.environments),
            }
        case ParameterValue(name):
            return _given(graph.parameters[name], None, in_json)
        case ParameterItem(name, index):
            return _given(graph.parameters[name], index, in_json)
        case PublicParameter(path, type_):
            return {
                "Type": f"AWS::SSM::Parameter::Value<{type_}>",
                "Description": "Public parameter of AWS",
                "Default": path,
            }
    export, producer = export_of(graph, source)
    definition = {
        "Type": "AWS::SSM::Parameter::Value<String>",
        "Description": f"SSM parameter {export.path}, published by component {producer.name}",
    }
    if graph.environment or producer.scope != "environment":
        definition["Default"] = graph.ssm_path(export, producer, graph.environment)
    return definition


def _given(parameter: Parameter, index: int | None, in_json: bool) -> dict[str, Any]:
    """Return the definition of a parameter of the spec, or of one element of a list parameter."""
    default = parameter.default
    description = parameter.description
    if index is None:
        type_ = "CommaDelimitedList" if parameter.is_list else TYPES.get(parameter.type, "String")
    else:
        assert isinstance(default, tuple), "an element is taken from a list parameter"
        type_ = "String"
        description += f" ({index + 1} of {len(default)}: templates cannot loop, so more of them are added in the spec)"
        default = default[index]
    definition: dict[str, Any] = {"Type": type_, "Description": description}
    if type_ in ("String", "CommaDelimitedList"):
        definition |= _pattern(parameter, _can_be_empty(parameter) and type_ == "CommaDelimitedList", in_json)
    definition["Default"] = default if type_ == "Number" else _text(default)
    return definition


def _can_be_empty(parameter: Parameter) -> bool:
    return any(value == () for value in (parameter.default, *parameter.values.values()))


def _pattern(parameter: Parameter, or_empty: bool, in_json: bool) -> dict[str, str]:
    """Return the pattern that a whole value must match, as CloudFormation wants it, and what it means."""
    pattern = parameter.pattern
    meaning = f"must match {pattern}" if pattern else ""
    if pattern and not _spans_whole(pattern):
        pattern = rf"[\s\S]*(?:{pattern})[\s\S]*"
    if pattern and or_empty:
        pattern = f"^$|{pattern}"
        meaning += ", or be empty"
    if in_json:
        pattern = f"{_NO_JSON_ESCAPES}(?:{pattern or '.*'})"
        meaning += f"{' and ' if meaning else 'must '}have no quotation mark and no backslash"
    return {"AllowedPattern": pattern, "ConstraintDescription": meaning} if pattern else {}


def _spans_whole(pattern: str) -> bool:
    """Return whether `pattern` only matches whole texts: anchored at both ends, with no choice outside of groups."""
    if not pattern.startswith("^") or not re.search(r"(?<!\\)(?:\\\\)*\$$", pattern):
        return False
    outside = re.sub(r"\\.|\[(?:\\.|[^\]\\])*\]", "", pattern)
    while (shorter := re.sub(r"\([^()]*\)", "", outside)) != outside:
        outside = shorter
    return "|" not in outside


def _value(graph: Graph, source: Source, environment: str) -> Scalar | tuple[str, ...]:
    match source:
        case EnvironmentName():
            return environment
        case ParameterValue(name):
            return graph.parameters[name].value(environment)
        case ParameterItem(name, index):
            value = graph.parameters[name].value(environment)
            assert isinstance(value, tuple), "an element is taken from a list parameter"
            return value[index]
        case PublicParameter(path):
            return path
    export, producer = export_of(graph, source)
    return graph.ssm_path(export, producer, environment)


def _text(value: Scalar | tuple[str, ...]) -> str:
    """Return a value as CloudFormation takes it: a text, with commas between the elements of a list."""
    if isinstance(value, tuple):
        return ",".join(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)

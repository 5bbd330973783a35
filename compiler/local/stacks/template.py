"""A template's text as data: YAML with short forms, or JSON, checked for its sections and references.

Source: CloudFormation User Guide, Template anatomy and Intrinsic function reference.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import yaml

from lenie.compiler.local.stacks.errors import NotEmulated, Refused

SECTIONS = frozenset(
    {
        "AWSTemplateFormatVersion",
        "Description",
        "Metadata",
        "Parameters",
        "Rules",
        "Mappings",
        "Conditions",
        "Transform",
        "Resources",
        "Outputs",
        "Hooks",
    }
)
_ATTRIBUTES = frozenset(
    {"Type", "Properties", "DependsOn", "Condition", "Metadata", "DeletionPolicy", "UpdateReplacePolicy"}
)
#: Attributes of a resource that exist on AWS and mean something that is not done here.
_UNSUPPORTED = frozenset({"CreationPolicy", "UpdatePolicy"})
_DELETION = frozenset({"Delete", "Retain", "RetainExceptOnCreate", "Snapshot"})
#: Greatest number of bytes of a template in a request, and in S3.
BODY_LIMIT, URL_LIMIT = 51_200, 1_048_576
RESOURCE_LIMIT = 500


@dataclass(frozen=True)
class Declared:
    """A resource as the template declares it; `properties` are not evaluated yet."""

    name: str
    type: str
    properties: dict[str, Any] = field(default_factory=dict)
    depends_on: tuple[str, ...] = ()
    condition: str = ""
    metadata: dict[str, Any] = field(default_factory=dict)
    deletion: str = "Delete"
    replacement: str = "Delete"


@dataclass(frozen=True)
class Template:
    """A template whose form is right; its values are those of the text, functions in their long form."""

    text: str
    description: str
    parameters: dict[str, dict[str, Any]]
    mappings: dict[str, Any]
    conditions: dict[str, Any]
    resources: dict[str, Declared]
    outputs: dict[str, dict[str, Any]]
    metadata: dict[str, Any]


class _Loader(yaml.SafeLoader):
    """YAML 1.1 as CloudFormation takes it: dates are texts, no key stands twice, `!X` is `Fn::X`."""


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = str(loader.construct_object(key_node, deep=True))
        if key in found:
            raise Refused(f"Template format error: YAML not well-formed. Duplicate key '{key}'")
        found[key] = loader.construct_object(value_node, deep=True)
    return found


def _short(loader: _Loader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    value: Any
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
        if suffix == "GetAtt":
            value = value.split(".", 1)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = _mapping(loader, node)  # type: ignore[arg-type]
    return {suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}": value}


_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)
_Loader.add_constructor("tag:yaml.org,2002:timestamp", lambda _, node: str(node.value))
_Loader.add_multi_constructor("!", _short)


def parse(text: str) -> Template:
    """Return the template in `text`, which is YAML or JSON.

    Raises:
        Refused: if it is neither, or not the form of a template.
        NotEmulated: if it uses a part of the language that is not emulated: transforms, rules, creation policies.
    """
    data = _data(text)
    unknown = sorted(set(data) - SECTIONS)
    if unknown:
        raise Refused(f"Invalid template property or properties [{', '.join(unknown)}]")
    for section in ("Transform", "Rules", "Hooks"):
        if section in data:
            raise NotEmulated(f"the section {section} of templates")
    version = data.get("AWSTemplateFormatVersion", "2010-09-09")
    if version != "2010-09-09":
        raise Refused(f"Template format error: Unsupported template version: {version}. Supported version: 2010-09-09")
    resources = _section(data, "Resources")
    if not resources:
        raise Refused("Template format error: At least one Resources member must be defined.")
    if len(resources) > RESOURCE_LIMIT:
        raise Refused(
            f"Template format error: Number of resources, {len(resources)}, is greater than maximum allowed, 500"
        )
    return Template(
        text=text,
        description=str(data.get("Description", "")),
        parameters=_section(data, "Parameters"),
        mappings=_section(data, "Mappings"),
        conditions=_section(data, "Conditions"),
        resources={name: _declared(name, value) for name, value in resources.items()},
        outputs=_section(data, "Outputs"),
        metadata=data.get("Metadata") or {},
    )


def _data(text: str) -> dict[str, Any]:
    try:
        data = json.loads(text) if text.lstrip().startswith("{") else yaml.load(text, Loader=_Loader)  # noqa: S506
    except ValueError as error:
        raise Refused(f"Template format error: JSON not well-formed. ({error})") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        at = f" (line {mark.line + 1}, column {mark.column + 1})" if mark else ""
        raise Refused(f"Template format error: YAML not well-formed.{at}") from None
    except RecursionError:
        raise Refused("Template format error: the template is nested too deeply.") from None
    if not isinstance(data, dict):
        raise Refused("Template format error: unsupported structure.")
    return data


def _section(data: dict[str, Any], name: str) -> dict[str, Any]:
    found = data.get(name) or {}
    if not isinstance(found, dict):
        raise Refused(f"Template format error: {name} must be an object.")
    if name == "Conditions":
        return found
    for key, value in found.items():
        if not isinstance(value, dict):
            raise Refused(f"Template format error: Every {name} member must be an object. ({key})")
        if not key.isalnum() and name in ("Resources", "Parameters", "Outputs"):
            raise Refused(f"Template format error: {name[:-1]} name {key} is non alphanumeric.")
    return found


def _declared(name: str, value: dict[str, Any]) -> Declared:
    if not isinstance(value.get("Type"), str):
        raise Refused(f"Template format error: [/Resources/{name}] Every Resources object must contain a Type member.")
    for attribute in sorted(set(value) & _UNSUPPORTED):
        raise NotEmulated(f"{attribute} (resource {name})")
    unknown = sorted(set(value) - _ATTRIBUTES)
    if unknown:
        raise Refused(f"Invalid template resource property '{unknown[0]}'")
    properties = value.get("Properties") or {}
    if not isinstance(properties, dict):
        raise Refused(f"Template format error: [/Resources/{name}] Properties must be an object.")
    depends = value.get("DependsOn") or []
    policies = {}
    for policy in ("DeletionPolicy", "UpdateReplacePolicy"):
        policies[policy] = value.get(policy, "Delete")
        if policies[policy] not in _DELETION or (
            policy == "UpdateReplacePolicy" and policies[policy][6:] == "ExceptOnCreate"
        ):
            raise Refused(f"Template error: Unrecognized {policy} {policies[policy]} for resource {name}")
    return Declared(
        name,
        value["Type"],
        properties,
        (depends,) if isinstance(depends, str) else tuple(depends),
        value.get("Condition", ""),
        value.get("Metadata") or {},
        policies["DeletionPolicy"],
        policies["UpdateReplacePolicy"],
    )

"""A tag has a name that it may not have.

Every resource has the tags `Project` and, if it belongs to an environment, `Environment`: costs are told apart by them,
and policies may ask for them. A tag of the same name would replace them. Names that start with `aws:` belong to AWS, in
any case of their letters, and a name has at most 128 characters, a value 256.
Source: Tagging AWS Resources and Tag Editor User Guide, "Tag naming limits and requirements".

Wrong:

    subnets: {public: {cidrs: [10.0.1.0/24], tags: {Project: website}}}

Right:

    subnets: {public: {cidrs: [10.0.1.0/24], tags: {Part: website}}}
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from lenie.compiler.data.tags import TAG_PROPERTY
from lenie.compiler.kinds.network import Network
from lenie.compiler.program import Program
from lenie.compiler.rules import Finding
from lenie.compiler.rules._raw import raw_resources
from lenie.compiler.span import Path

CODE = "E342"
_MAX_KEY, _MAX_VALUE = 128, 256


class _Tag(NamedTuple):
    """A tag of the spec. `mapped` tells whether its name is a key there, and not the value of `Key`."""

    name: str
    value: Any
    path: Path
    mapped: bool
    shared: bool


def check(program: Program, finding: Finding) -> None:
    """Report tags that replace the project's, that are reserved, or that are too long."""
    for tag in _tags(program):
        problem = _problem(tag)
        if problem is not None:
            finding(problem[0], tag.path, key=tag.mapped, help=problem[1])


def _problem(tag: _Tag) -> tuple[str, str] | None:
    if tag.name.lower().startswith("aws:"):
        return f'the tag "{tag.name}" belongs to AWS', "give it a name that does not start with aws:"
    if tag.name == "Project" or (tag.name == "Environment" and not tag.shared):
        return f'the tag "{tag.name}" is there already, and would be replaced', "give it another name"
    if not 0 < len(tag.name) <= _MAX_KEY:
        return f"the name of a tag has 1 to {_MAX_KEY} characters, this one {len(tag.name)}", "give it another name"
    if isinstance(tag.value, str) and len(tag.value) > _MAX_VALUE:
        return f'the tag "{tag.name}" has {len(tag.value)} characters; at most {_MAX_VALUE} are allowed', "shorten it"
    return None


def _tags(program: Program) -> Iterator[_Tag]:
    for declaration, network in program.of(Network):
        shared = program.component(declaration).scope != "environment"
        for name, group in network.subnets.items():
            for key, value in group.tags.items():
                yield _Tag(key, value, declaration.at("subnets", name, "tags", key), True, shared)
    for raw in raw_resources(program):
        shared = program.component(raw.declaration).scope != "environment"
        property_name = TAG_PROPERTY.get(raw.type, ("", ""))[0]
        given = raw.properties.get(property_name)
        path: Path = (*raw.properties_path, property_name)
        if isinstance(given, dict):
            for key, value in given.items():
                yield _Tag(key, value, (*path, key), True, shared)
        elif isinstance(given, list):
            for index, tag in enumerate(given):
                if isinstance(tag, dict) and isinstance(tag.get("Key"), str):
                    yield _Tag(tag["Key"], tag.get("Value"), (*path, index, "Key"), False, shared)

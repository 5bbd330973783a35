"""Terraform's names: addresses of resources inside a module, variables, outputs, modules."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from lenie.compiler.expressions import AttributeOf, EnvironmentName, Expression, ParameterValue, PerEnvironment, walk
from lenie.compiler.graph import Component, Graph, Resource

#: Names that a variable of a module must not have (Terraform Language, "Input Variables").
RESERVED = frozenset({"count", "depends_on", "for_each", "lifecycle", "locals", "providers", "source", "version"})
ENVIRONMENT = "environment"

_BOUNDARY = re.compile(r"[^A-Za-z0-9]+|(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")

#: What a module takes as a variable; an attribute only if it belongs to another component.
Source = EnvironmentName | ParameterValue | PerEnvironment | AttributeOf


def words(name: str) -> list[str]:
    """Return the words of a logical id or a type: ``VpcS3Endpoint`` is vpc, s3, endpoint."""
    return [word.lower() for word in _BOUNDARY.split(name) if word]


def snake(name: str) -> str:
    """Return a name in snake case, with a letter at its beginning: ``VPCSecurityGroups`` is vpc_security_groups."""
    text = "_".join(words(name))
    return text if text[:1].isalpha() else f"n{text}"


def resource_name(resource: Resource) -> str:
    """Return the name of a resource's block: its logical id without its revision and what its type says anyhow.

    ``UrlAddRole`` is ``aws_iam_role.url_add``.
    """
    name = words(resource.logical_id.removesuffix(resource.revision) if resource.revision else resource.logical_id)
    kind = words(resource.type.rpartition("::")[2])
    shared = 0
    while shared < min(len(kind), len(name) - 1) and name[-1 - shared] == kind[-1 - shared]:
        shared += 1
    text = "_".join(name[: len(name) - shared])
    return text if text[:1].isalpha() else f"n{text}"


def addresses(component: Component, types: dict[str, str]) -> dict[str, str]:
    """Return logical id -> name of the block, unique among those of the same Terraform type.

    `types` tells the Terraform type of each CloudFormation type.
    """
    taken: set[tuple[str, str]] = set()
    names: dict[str, str] = {}
    for resource in component.resources.values():
        wanted = resource_name(resource)
        names[resource.logical_id] = free_name(types[resource.type], (wanted, snake(resource.logical_id)), taken)
    return names


def free_name(type_name: str, wanted: Iterable[str], taken: set[tuple[str, str]]) -> str:
    """Return the first of `wanted` that no block of the type has, or the last with a number; it is `taken` then."""
    candidates = list(wanted)
    number = 2
    while (type_name, candidates[0]) in taken:
        if len(candidates) > 1:
            del candidates[0]
        else:
            base = candidates[0].removesuffix(f"_{number - 1}") if number > 2 else candidates[0]
            candidates = [f"{base}_{number}"]
            number += 1
    taken.add((type_name, candidates[0]))
    return candidates[0]


@dataclass(slots=True)
class Names:
    """The variables of a whole graph: the same name means the same in every module and at the root."""

    variables: dict[Source, str] = field(default_factory=dict)
    taken: set[str] = field(default_factory=lambda: {ENVIRONMENT, "after", "deployed", *RESERVED})

    def unique(self, *wanted: str) -> str:
        """Return the first of `wanted` that is not taken, or the last with a number, and take it."""
        candidates = [*wanted, *(f"{wanted[-1]}_{number}" for number in range(2, len(self.taken) + 3))]
        name = next(candidate for candidate in candidates if candidate not in self.taken)
        self.taken.add(name)
        return name


def assign_names(graph: Graph) -> Names:
    """Return the names of all variables.

    A parameter is named after itself, a setting after its row, a value of another component after the SSM parameter
    that publishes it. They do not depend on where they are used.
    """
    names = Names()
    names.variables[EnvironmentName()] = ENVIRONMENT
    for name in graph.parameters:
        names.variables[ParameterValue(name)] = names.unique(snake(name), f"{snake(name)}_parameter")
    for setting in _settings(graph):
        names.variables[setting] = names.unique(snake(setting.key), f"{snake(setting.key)}_setting")
    published = [(e.path, c.name, a) for c in graph.components.values() for a, e in c.exports.items()]
    for path, component, attribute in sorted(published, key=lambda found: (found[0], found[1])):
        wanted = snake(path)
        names.variables[attribute] = names.unique(wanted, f"{wanted}_value", f"{snake(component)}_{wanted}")
    return names


def _settings(graph: Graph) -> Iterable[PerEnvironment]:
    """Return the settings that properties use, sorted: those of the same name and other values are told apart."""
    found: set[Expression] = set()
    for component in graph.components.values():
        for resource in component.resources.values():
            found |= {e for e in walk(resource.properties) if isinstance(e, PerEnvironment)}
    return sorted((e for e in found if isinstance(e, PerEnvironment)), key=lambda e: (e.key, repr(e.values)))

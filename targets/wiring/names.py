"""Names of parameters, the same in every template: one file of values serves them all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from lenie.compiler.expressions import (
    AttributeOf,
    EnvironmentName,
    Expression,
    ParameterItem,
    ParameterValue,
    PublicParameter,
    WhenParameter,
)
from lenie.compiler.graph import Component, Export, Graph
from lenie.compiler.naming import pascal

ENVIRONMENT = "Environment"
SETTINGS = "Settings"

#: The expressions that a template takes as a parameter. An `AttributeOf` is one only if it crosses components.
Source = EnvironmentName | ParameterValue | ParameterItem | AttributeOf | PublicParameter


@dataclass(slots=True)
class Names:
    """What is given to the templates of a graph, under which names."""

    #: Every name that a template uses: logical ids, parameters, conditions.
    taken: set[str]
    parameters: dict[Source, str] = field(default_factory=dict)
    #: Name of a parameter of the spec -> name of the condition that it is set.
    conditions: dict[str, str] = field(default_factory=dict)

    def unique(self, wanted: str, fallback: str) -> str:
        """Return a name that is not taken, and take it: `wanted`, else `wanted` and `fallback`, then with a number."""
        candidate, number = wanted, 1
        while candidate in self.taken:
            candidate = f"{wanted}{fallback}{number if number > 1 else ''}"
            number += 1
        self.taken.add(candidate)
        return candidate


def assign_names(graph: Graph) -> Names:
    """Return the names of all parameters and conditions that the templates of `graph` need.

    A parameter of the spec is named after itself, an element after its list and its number (from 1), a value of another
    component after the SSM parameter that publishes it, a public parameter after the end of its path. They do not
    depend on where the parameters are used.
    """
    names = Names({ENVIRONMENT, SETTINGS, *(r for component in graph.components.values() for r in component.resources)})
    names.parameters[EnvironmentName()] = ENVIRONMENT
    used = _used(graph)
    for name in graph.parameters:
        names.parameters[ParameterValue(name)] = names.unique(pascal(name), "Parameter")
    for name, parameter in graph.parameters.items():
        if any(isinstance(e, WhenParameter) and e.name == name for e in used):
            names.conditions[name] = names.unique(f"Has{pascal(name)}", "Value")
        for item in sorted((e for e in used if isinstance(e, ParameterItem) and e.name == name), key=lambda e: e.index):
            base = names.parameters[ParameterValue(parameter.name)]
            names.parameters[item] = names.unique(f"{base}{item.index + 1}", "Item")
    # Of all that is published, so that a name is the same where an environment reads less than another.
    imports = {e: export.path for component in graph.components.values() for e, export in component.exports.items()}
    for attribute, path in sorted(imports.items(), key=lambda found: (found[1], found[0].component)):
        names.parameters[attribute] = names.unique(pascal(path), "Value")
    for public in sorted((e for e in used if isinstance(e, PublicParameter)), key=lambda e: (e.path, e.type)):
        names.parameters[public] = names.unique(pascal(public.path.rsplit("/", 1)[-1]), "Value")
    return names


def export_of(graph: Graph, attribute: AttributeOf) -> tuple[Export, Component]:
    """Return what publishes `attribute`, and the component that does."""
    producer = graph.components[attribute.component]
    return producer.exports[attribute], producer


def _used(graph: Graph) -> Iterable[Expression]:
    """Return the expressions that need a name of their own, of all components, once each and in a fixed order."""
    found: dict[Expression, None] = {}
    for component in graph.components.values():
        for expression in component.expressions():
            if isinstance(expression, WhenParameter):
                # Its value may be a list, which has no hash: its name is all that counts here.
                found[WhenParameter(expression.name, "")] = None
            elif isinstance(expression, (ParameterItem, PublicParameter)):
                found[expression] = None
    return found

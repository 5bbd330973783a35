"""In what a program is compared: every environment, with the parameters' defaults, and with other values of them.

Parameters often have the same value, or none. So that one that stands for another is found, and the branch of a
condition that no environment takes, the first environment is tried with a value for each parameter that nothing else
has: set where it is usually empty, and the other way round where that decides about a property. And whoever deploys
without the environment's file gets the defaults that stand in the program.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from lenie.compiler.expressions import WhenParameter
from lenie.compiler.graph import Graph, Parameter
from lenie.compiler.verify.values import Node, Place, located

#: What an empty parameter is tried with: the first one that its pattern allows.
_WORDS = ("probe-{}", "-probe{}", "probe{}", "{}")


class Situation(NamedTuple):
    """An environment, or one with other values of its parameters."""

    environment: str
    graph: Graph
    #: Parameter of the spec -> value that replaces its usual one.
    given: Mapping[str, Node]
    #: What is special, for people.
    words: str = ""
    #: Whether parameters have the values that the program itself has for them, and none from the environment's file.
    defaults: bool = False

    @property
    def name(self) -> str:
        """How reports call it."""
        return f"{self.environment} {self.words}" if self.words else self.environment


def situations(graph: Graph, environments: tuple[str, ...]) -> Iterator[Situation]:
    """Yield every environment, and the first one twice more: with the parameters' defaults, and with other values."""
    for name in environments:
        yield Situation(name, graph, {})
    if environments and graph.parameters:
        plain = {name: replace(parameter, values={}) for name, parameter in graph.parameters.items()}
        yield Situation(environments[0], replace(graph, parameters=plain), {}, "with defaults", defaults=True)
        yield _probe(graph, environments[0])


def _probe(graph: Graph, environment: str) -> Situation:
    optional = {
        one.name
        for component in graph.components.values()
        for one in component.expressions()
        if isinstance(one, WhenParameter)
    }
    changed, given = {}, {}
    taken: set[Any] = set()
    for number, (name, parameter) in enumerate(graph.parameters.items(), start=1):
        value = _other(parameter, parameter.value(environment), name in optional, number, taken)
        changed[name] = replace(parameter, values={**parameter.values, environment: value})
        given[name] = located(value, Place(name, 1))
    return Situation(environment, replace(graph, parameters=changed), given, "with other parameters")


def _other(parameter: Parameter, usual: Any, optional: bool, number: int, taken: set[Any]) -> Any:
    """Return another value than the usual one, of the same type; a list that is not optional keeps its length."""
    if optional and usual:
        return () if parameter.is_list else ""
    if parameter.is_list:
        elements = usual or (("", "") if optional else ())
        return tuple(_text(parameter, one, f"{number}{place}", taken) for place, one in enumerate(elements, start=1))
    if isinstance(usual, bool):
        return not usual
    if isinstance(usual, (int, float)):
        return usual + number
    return _text(parameter, usual, str(number), taken)


def _text(parameter: Parameter, usual: str, number: str, taken: set[Any]) -> str:
    """Return a text that fits the parameter's pattern and is no other parameter's; the usual one if none is found."""
    candidates = [word.format(number) for word in _WORDS] if not usual else list(_variants(usual))
    for one in candidates:
        if one not in taken and re.fullmatch(parameter.pattern or ".*", one, re.DOTALL):
            taken.add(one)
            return one
    return usual


def _variants(usual: str) -> Iterator[str]:
    """Yield texts that differ in one letter or digit, those in the middle first: both ends often have a fixed form."""
    places = sorted(range(len(usual)), key=lambda place: abs(place - len(usual) / 2))
    for char in "71c3":
        for place in places:
            if usual[place].isalnum() and usual[place] != char and (usual[place].isdigit() == char.isdigit()):
                yield f"{usual[:place]}{char}{usual[place + 1 :]}"

"""Graph values in CloudFormation's long form, and what the template of a component needs for them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from lenie.compiler.expressions import (
    AttributeOf,
    AvailabilityZone,
    Base64,
    EnvironmentName,
    Expression,
    Interpolation,
    JsonText,
    ParameterItem,
    ParameterValue,
    PerEnvironment,
    Pseudo,
    PublicParameter,
    Scalar,
    SecretField,
    Value,
    WhenParameter,
    as_part,
    walk,
)
from lenie.compiler.graph import Component, Graph
from lenie.compiler.span import Path
from lenie.targets.base import Mark
from lenie.targets.wiring.functions import NO_VALUE, PSEUDO, REFUSED_VALUE, exists, is_function, refused_function
from lenie.targets.wiring.jsontext import json_parts
from lenie.targets.wiring.names import SETTINGS, Names, Source
from lenie.targets.wiring.substitution import Reference, Variable, substitution

#: Called with the property path, the message and the help for what CloudFormation cannot express.
Problem = Callable[[Path, str, str], None]


class Values:
    """Turns the values of one component's resources into long form, and remembers what they use."""

    def __init__(self, graph: Graph, component: Component, names: Names, problem: Problem) -> None:
        """Work for `component` of `graph`; `problem` is told what cannot be expressed."""
        self.graph = graph
        self.component = component
        self.names = names
        self.problem = problem
        self.taken = frozenset(names.taken)
        #: What the template takes as parameters.
        self.sources: set[Source] = set()
        #: Parameters of the spec that stand inside JSON texts.
        self.in_json: set[Source] = set()
        #: Row of the settings -> its value in each environment.
        self.settings: dict[str, tuple[tuple[str, Scalar], ...]] = {}
        #: Parameters of the spec that the template has a condition about.
        self.conditions: set[str] = set()
        #: Property path of a JSON text -> what stands in which of its lines.
        self.documents: dict[Path, list[Mark]] = {}

    def value(self, value: Value, at: Path) -> Any:
        """Return `value`, which stands at property path `at`, in long form."""
        if isinstance(value, Expression):
            return self.expression(value, at)
        if isinstance(value, dict):
            if is_function(value):
                name = next(iter(value))
                self.problem(at, *refused_function(name))
            return {key: self.value(item, (*at, key)) for key, item in value.items()}
        if isinstance(value, list):
            return [self.value(item, (*at, index)) for index, item in enumerate(value)]
        if not exists(value):
            self.problem(at, *REFUSED_VALUE)
            return ""
        return value

    def expression(self, value: Expression, at: Path) -> Any:
        """Return an expression in long form."""
        match value:
            case EnvironmentName() | ParameterValue() | ParameterItem() | PublicParameter():
                return {"Ref": self.parameter(value)}
            case PerEnvironment():
                return self.setting(value)
            case Pseudo(name):
                return {"Ref": PSEUDO[name]}
            case AttributeOf():
                return self.attribute(value)
            case AvailabilityZone(index):
                return {"Fn::Select": [index, {"Fn::GetAZs": ""}]}
            case Base64(text):
                return {"Fn::Base64": self.value(text, at)}
            case WhenParameter(name, item, is_set):
                then = self.value(item, at)
                return {"Fn::If": [self.condition(name), *((then, NO_VALUE) if is_set else (NO_VALUE, then))]}
            case Interpolation() | SecretField() | JsonText():
                return substitution(self.parts(value, at), self.taken)
        raise TypeError(f"no rule for {type(value).__name__}")

    def parameter(self, source: Source) -> str:
        """Return the name of a parameter, which the template then takes."""
        self.sources.add(source)
        return self.names.parameters[source]

    def setting(self, value: PerEnvironment) -> dict[str, Any]:
        """Return the lookup of a setting; rows of the same name and other values get a number."""
        key, number = value.key, 1
        while self.settings.setdefault(key, value.values) != value.values:
            number += 1
            key = f"{value.key}{number}"
        return {"Fn::FindInMap": [SETTINGS, {"Ref": self.parameter(EnvironmentName())}, key]}

    def attribute(self, value: AttributeOf) -> dict[str, Any]:
        """Return an attribute of a resource of this component, or the parameter that brings another one's."""
        if value.component != self.component.name:
            return {"Ref": self.parameter(value)}
        if value.attribute == "Ref":
            return {"Ref": value.resource}
        return {"Fn::GetAtt": [value.resource, value.attribute]}

    def condition(self, parameter: str) -> str:
        """Return the condition that a parameter of the spec is set, which the template then has."""
        self.conditions.add(parameter)
        self.parameter(ParameterValue(parameter))
        return self.names.conditions[parameter]

    def parts(self, value: str | Expression, at: Path) -> list[str | Reference | Variable]:
        """Return a text or a scalar expression as parts of a ``Fn::Sub``."""
        match value:
            case str():
                return [value]
            case Interpolation(parts):
                return [piece for part in parts for piece in self.parts(part, at)]
            case SecretField(secret, field):
                return ["{{resolve:secretsmanager:", *self.parts(secret, at), f":SecretString:{field}}}}}"]
            case JsonText(document):
                return self.json(document, at)
            case ParameterValue(name) if self.graph.parameters[name].is_list:
                self.problem(at, f'a text cannot hold the list parameter "{name}"', "use it where a list is wanted")
                return []
            case WhenParameter(name, item, is_set):
                inner = substitution(self.parts(as_part(item), at), self.taken)
                choice = (inner, "") if is_set else ("", inner)
                return [Variable(f"{self.names.conditions[name]}Text", {"Fn::If": [self.condition(name), *choice]})]
        return [self.part(self.expression(value, at), value)]

    def part(self, function: dict[str, Any], value: Expression) -> Reference | Variable:
        """Return the long form of an expression as what it is inside a ``Fn::Sub``."""
        match function:
            case {"Ref": name}:
                return Reference(name)
            case {"Fn::GetAtt": [resource, attribute]}:
                return Reference(f"{resource}.{attribute}")
            case {"Fn::FindInMap": [_, _, key]}:
                return Variable(key, function)
        return Variable(type(value).__name__, function)

    def json(self, document: Value, at: Path) -> list[str | Reference | Variable]:
        """Return `document` as JSON text in parts, valid whatever the expressions stand for."""
        pieces: list[str | Reference | Variable] = []
        for inner in walk(document):
            if isinstance(inner, (WhenParameter, AvailabilityZone)):
                self.problem(at, "this value cannot stand in a JSON text", "")
                return []
            if isinstance(inner, ParameterValue | ParameterItem):
                self.in_json.add(inner)
        marks = self.documents[at] = []
        for part in json_parts(document, self.is_bare, marks=marks):
            pieces += self.parts(_escaped(part) if isinstance(part, PerEnvironment) else part, at)
        return pieces

    def is_bare(self, value: Expression) -> bool:
        """Return whether an expression is a number or a flag, which JSON writes without quotes."""
        if isinstance(value, PerEnvironment):
            return not any(isinstance(item, str) for _, item in value.values)
        return isinstance(value, ParameterValue) and self.graph.parameters[value.name].type == "number"


def _escaped(value: PerEnvironment) -> PerEnvironment:
    """Return a setting as it stands between the quotes of a JSON text; it is a row of its own only if it differs."""
    texts = tuple((n, json.dumps(v, ensure_ascii=False)[1:-1] if isinstance(v, str) else v) for n, v in value.values)
    return value if texts == value.values else PerEnvironment(f"{value.key}Json", texts)

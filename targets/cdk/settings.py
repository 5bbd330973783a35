"""The settings table of the generated app: what differs between environments, and what is given at deployment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from lenie.compiler.diagnostics import Report
from lenie.compiler.expressions import (
    EnvironmentName,
    Expression,
    ParameterItem,
    ParameterValue,
    PerEnvironment,
    Scalar,
)
from lenie.compiler.graph import Graph, Parameter
from lenie.compiler.span import Path
from lenie.targets.cdk.naming import snake, unique
from lenie.targets.cdk.tokens import refused_token, token_in

#: What is a setting: the app knows its value when it synthesizes.
Setting = EnvironmentName | ParameterValue | ParameterItem | PerEnvironment
SETTING = (EnvironmentName, ParameterValue, ParameterItem, PerEnvironment)
#: Fields that every table has.
ENVIRONMENT = "environment"
PRODUCTION = "production"


class Field(NamedTuple):
    """A field of the table with its value in each environment."""

    name: str
    #: Python type.
    type: str
    values: dict[str, Scalar | tuple[str, ...]]
    #: The parameter of the spec, for a value that can be given at synthesis.
    parameter: Parameter | None = None


class Settings:
    """The fields that the components of `graph` use. A graph of one environment has none."""

    def __init__(self, graph: Graph, expressions: Iterable[Expression]) -> None:
        """Give every parameter, and every setting among the `expressions` of `graph`, a name; none is used yet."""
        self.graph = graph
        self.used: set[str] = set()
        #: Parameters whose elements are taken one by one.
        self.by_element: set[str] = set()
        #: Parameters that stand in texts of ``Fn::Sub``, and in texts of JSON.
        self.in_substitutions: set[str] = set()
        self.in_json: set[str] = set()
        self._names: dict[Expression, str] = {EnvironmentName(): ENVIRONMENT}
        self.fields: dict[str, Field] = {}
        if graph.environment:
            return
        production = {name: name in graph.production for name in graph.environments}
        self._add(Field(ENVIRONMENT, "str", {name: name for name in graph.environments}))
        self._add(Field(PRODUCTION, "bool", dict(production)))
        self.used |= {ENVIRONMENT, PRODUCTION}
        for expression in expressions:
            if isinstance(expression, PerEnvironment) and expression not in self._names:
                values = dict(expression.values)
                if snake(expression.key) == PRODUCTION and values == production:
                    self._names[expression] = PRODUCTION
                    continue
                name = unique(snake(expression.key), self.fields, "setting")
                self._names[expression] = name
                self._add(Field(name, _type(values.values()), dict(values)))
        for parameter in graph.parameters.values():
            name = unique(snake(parameter.name), self.fields, "parameter")
            self._names[ParameterValue(parameter.name)] = name
            given = {environment: parameter.value(environment) for environment in graph.environments}
            # Whatever the values are now, others can be given.
            kind = "float" if parameter.type == "number" else _type(given.values())
            self._add(Field(name, kind, given, parameter))

    def _add(self, field: Field) -> None:
        self.fields[field.name] = field

    def code(self, setting: Setting) -> str:
        """Return the Python expression for `setting`, which the table then has."""
        if isinstance(setting, ParameterItem):
            self.by_element.add(setting.name)
            return f"{self.code(ParameterValue(setting.name))}[{setting.index}]"
        name = self._names[setting]
        self.used.add(name)
        return f"settings.{name}"

    def type(self, setting: Setting) -> str:
        """Return the Python type of `setting`."""
        return "str" if isinstance(setting, ParameterItem) else self.fields[self._names[setting]].type

    def check(self, report: Report) -> None:
        """Report values that CDK would take for one of its tokens."""
        for field in self.table():
            for environment, value in field.values.items():
                token = token_in(str(value))
                if token is None:
                    continue
                at: Path = ("environments", environment)
                if field.parameter is not None:
                    given = environment in field.parameter.values
                    at = (*field.parameter.path, *(("values", environment) if given else ("default",)))
                message, help = refused_token(token)
                report.add("E502", message, at, help=help)

    def table(self) -> Iterator[Field]:
        """Yield the fields that are used, in their order."""
        return (field for field in self.fields.values() if field.name in self.used)


def _type(values: Iterable[Scalar | tuple[str, ...]]) -> str:
    """Return the Python type that all `values` have."""
    kinds = {type(value) for value in values}
    if kinds == {tuple}:
        return "tuple[str, ...]"
    if kinds <= {int, float}:
        return "int" if kinds == {int} else "float"
    return "bool" if kinds == {bool} else "str"

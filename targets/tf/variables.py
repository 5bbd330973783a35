"""Variables: their declarations at the root and in modules, and their values in each environment."""

from __future__ import annotations

from collections.abc import Iterable

from lenie.compiler.expressions import (
    AttributeOf,
    EnvironmentName,
    ParameterValue,
    PerEnvironment,
    Scalar,
    WhenParameter,
    walk,
)
from lenie.compiler.graph import Graph, Parameter
from lenie.targets.tf.hcl import Argument, Block, Expr, Raw, Template
from lenie.targets.tf.names import Names, Source
from lenie.targets.tf.printer import expression as text_of
from lenie.targets.tf.types import type_of_parameter, type_of_setting


def ordered(graph: Graph, names: Names, sources: Iterable[Source]) -> list[Source]:
    """Return `sources` in the order of the files: environment, parameters of the spec, settings, values of others."""
    position = {name: index for index, name in enumerate(graph.parameters)}

    def key(source: Source) -> tuple[int, int, str]:
        match source:
            case EnvironmentName():
                return (0, 0, "")
            case ParameterValue(name):
                return (1, position[name], "")
            case PerEnvironment():
                return (2, 0, names.variables[source])
        return (3, 0, names.variables[source])

    return sorted(sources, key=key)


def declaration(graph: Graph, names: Names, source: Source, *, root: bool, indexed: bool = False) -> Block:
    """Return the ``variable`` block of `source`.

    At the `root`, values are checked and parameters have the spec's default; `indexed` fixes the length of a list.
    """
    name = names.variables[source]
    body: list[Argument | Block]
    match source:
        case EnvironmentName():
            body = [Argument("description", "Name of the environment"), Argument("type", Raw("string"))]
            if root:
                known = text_of(list(graph.environments))
                body.append(
                    _validation(
                        f"contains({known}, var.{name})", f"The environment is one of: {', '.join(graph.environments)}."
                    )
                )
                # A state of one environment would be planned to become another one.
                test = f"!contains({known}, terraform.workspace) || terraform.workspace == var.{name}"
                message = ("The workspace ", Raw("terraform.workspace"), " is of another environment than the values.")
                body.append(_validation(test, Template(message)))
        case ParameterValue():
            body = _parameter(graph.parameters[source.name], name, root, indexed)
        case PerEnvironment():
            body = [Argument("description", f"Differs between environments: {source.key}")]
            body.append(Argument("type", Raw(type_of_setting([value for _, value in source.values]))))
        case _:
            export = graph.components[source.component].exports[source]
            body = [Argument("description", f"{export.path}, published by {source.component}")]
            body.append(Argument("type", Raw("string")))
    return Block("variable", (name,), body)


def _parameter(parameter: Parameter, name: str, root: bool, indexed: bool) -> list[Argument | Block]:
    body: list[Argument | Block] = [
        Argument("description", parameter.description),
        Argument("type", Raw(type_of_parameter(parameter))),
    ]
    if root:
        body.append(Argument("default", _plain(parameter.default)))
    if is_sensitive(parameter):
        body.append(Argument("sensitive", True))
    if root and parameter.pattern:
        pattern = text_of(parameter.pattern)
        if parameter.is_list:
            test = f"alltrue([for item in var.{name} : can(regex({pattern}, item))])"
            body.append(_validation(test, f"Each element must match {parameter.pattern}."))
        elif type_of_parameter(parameter) == "string":
            body.append(_validation(f"can(regex({pattern}, var.{name}))", f"The value must match {parameter.pattern}."))
    if root and indexed and isinstance(parameter.default, tuple):
        count = len(parameter.default)
        message = (
            f"The program is made for {count} element{'' if count == 1 else 's'}: change their number in the spec."
        )
        body.append(_validation(f"length(var.{name}) == {count}", message))
    return body


def is_sensitive(parameter: Parameter) -> bool:
    """Return whether people's addresses stand in the parameter, which logs of a plan should not show."""
    return parameter.type == "email"


def sensitive_resources(graph: Graph) -> set[tuple[str, str]]:
    """Return component and logical id of the resources that a sensitive value goes into, also through others."""
    found: set[tuple[str, str]] = set()
    hidden = {name for name, parameter in graph.parameters.items() if is_sensitive(parameter)}
    size = -1
    while size != len(found):
        size = len(found)
        for component in graph.components.values():
            for name, resource in component.resources.items():
                for e in walk(resource.properties):
                    through = isinstance(e, AttributeOf) and (e.component, e.resource) in found
                    if through or (isinstance(e, ParameterValue | WhenParameter) and e.name in hidden):
                        found.add((component.name, name))
    return found


def _validation(test: str, message: Expr) -> Block:
    return Block("validation", (), [Argument("condition", Raw(test)), Argument("error_message", message)])


def value_of(graph: Graph, source: Source, environment: str) -> Expr:
    """Return the value of a variable of the root module in `environment`.

    Raises:
        TypeError: for a value of another component, which no file gives.
    """
    match source:
        case EnvironmentName():
            return environment
        case ParameterValue(name):
            return _plain(graph.parameters[name].value(environment))
        case PerEnvironment(values=values):
            return dict(values)[environment]
    raise TypeError(f"{type(source).__name__} is wired, not given")


def is_given(source: Source) -> bool:
    """Return whether a variable is given to the root module; others come from another module."""
    return not isinstance(source, AttributeOf)


def _plain(value: Scalar | tuple[str, ...]) -> Expr:
    return list(value) if isinstance(value, tuple) else value

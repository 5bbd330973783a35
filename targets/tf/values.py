"""Graph values as HCL expressions, and what a module needs for them: variables and data sources."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

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
    SecretField,
    Value,
    WhenParameter,
)
from lenie.compiler.span import Path
from lenie.targets.tf.hcl import Argument, Attr, Block, Call, Conditional, Element, Expr, Raw, Several, Template
from lenie.targets.tf.names import Names, Source, snake
from lenie.targets.tf.types import type_of_parameter, type_of_setting

if TYPE_CHECKING:
    from lenie.compiler.graph import Component, Graph

#: Data source and attribute of each pseudo value. `id` is the region's name in versions 5 and 6 of the provider.
PSEUDO = {
    "region": ("aws_region", "id"),
    "account": ("aws_caller_identity", "account_id"),
    "partition": ("aws_partition", "partition"),
    "url-suffix": ("aws_partition", "dns_suffix"),
}
#: The zones that ``Fn::GetAZs`` returns: no local zones, which have to be opted into.
ZONES = Block(
    "data",
    ("aws_availability_zones", "available"),
    [
        Argument("state", "available"),
        Block("filter", (), [Argument("name", "opt-in-status"), Argument("values", ["opt-in-not-required"])]),
    ],
    notes=("checkov:skip=CKV_AWS_394:A zone more would come last, and the first ones are used by their places",),
)

#: Called with the property path, the message and the help for what Terraform cannot express.
Problem = Callable[[Path, str, str], None]


class Values:
    """Turns the values of one component's resources into expressions, and remembers what they use."""

    def __init__(
        self,
        graph: Graph,
        component: Component,
        names: Names,
        reference: Callable[[AttributeOf], Expr],
        problem: Problem,
    ) -> None:
        """Work for `component`; `reference` prints an attribute of a resource of the component itself."""
        self.graph = graph
        self.component = component
        self.names = names
        self.reference = reference
        self.problem = problem
        #: What the module takes as variables.
        self.sources: set[Source] = set()
        #: Blocks that are read, by their addresses: data sources and ephemeral resources.
        self.read: dict[str, Block] = {}
        #: List parameters of which single elements are used.
        self.indexed: set[str] = set()
        #: The list parameter that the resource being built loops over.
        self.loop = ""

    def value(self, value: Value, at: Path) -> Expr:
        """Return `value`, which stands at property path `at`, as an expression."""
        if isinstance(value, Expression):
            return self.expression(value, at)
        if isinstance(value, dict):
            return {key: self.value(item, (*at, key)) for key, item in value.items()}
        if isinstance(value, list):
            return self.elements(value, at)
        if isinstance(value, float) and not math.isfinite(value):
            self.problem(at, "Terraform has no such number", "leave the property out, or write another number")
            return None
        if value is None:
            self.problem(at, "Terraform would take this for a property that is not there", "leave the property out")
        return value

    def elements(self, value: list[Value], at: Path) -> Expr:
        """Return a list; elements that may be absent are joined to it as lists of none or one."""
        if not any(isinstance(item, WhenParameter) for item in value):
            return [self.value(item, (*at, index)) for index, item in enumerate(value)]
        groups: list[Expr] = []
        for index, item in enumerate(value):
            here = (*at, index)
            if isinstance(item, WhenParameter):
                groups.append(self.choice(item, Several([self.value(item.value, here)], [here]), []))
            elif groups and isinstance(groups[-1], Several):
                groups[-1].append(self.value(item, here))
                groups[-1].told.append(here)
            else:
                groups.append(Several([self.value(item, here)], [here]))
        return Call("concat", tuple(groups))

    def expression(self, value: Expression, at: Path) -> Expr:
        """Return one expression of the graph."""
        if isinstance(value, AttributeOf) and value.component == self.component.name:
            return self.reference(value)
        match value:
            case EnvironmentName() | ParameterValue() | PerEnvironment() | AttributeOf():
                return self.variable(value)
            case ParameterItem(name) if name == self.loop:
                return Raw("each.value")
            case ParameterItem(name, index):
                self.indexed.add(name)
                return Raw(f"{self.variable(ParameterValue(name)).text}[{index}]")
            case Pseudo() | AvailabilityZone() | PublicParameter():
                return self.looked_up(value)
            case WhenParameter(_, item):
                return self.choice(value, self.value(item, at), None)
            case Interpolation(parts):
                return Template(tuple(part if isinstance(part, str) else self.part(part, at) for part in parts))
            case JsonText(document):
                return Call("jsonencode", (self.value(document, at),))
            case Base64(text):
                return Call("base64encode", (self.value(text, at),))
            case SecretField():
                self.problem(
                    at, "Terraform would keep this secret in its state", "only a write-only argument can take it"
                )
                return None
        raise TypeError(f"no rule for {type(value).__name__}")

    def looked_up(self, value: Pseudo | AvailabilityZone | PublicParameter) -> Expr:
        """Return what AWS knows, from a data source."""
        if isinstance(value, AvailabilityZone):
            return Element(self.data(ZONES, "names"), value.index)
        if isinstance(value, Pseudo):
            source, attribute = PSEUDO[value.name]
            return self.data(Block("data", (source, "current"), []), attribute)
        label = snake(value.path.rsplit("/", 1)[-1])
        return self.data(Block("data", ("aws_ssm_parameter", label), [Argument("name", value.path)]), "insecure_value")

    def part(self, value: Expression, at: Path) -> Expr:
        """Return an expression inside a text: what is absent is no text, and a list cannot be there."""
        if isinstance(value, ParameterValue) and self.graph.parameters[value.name].is_list:
            self.problem(at, f'a text cannot hold the list parameter "{value.name}"', "use it where a list is wanted")
            return ""
        if isinstance(value, WhenParameter):
            return self.choice(value, self.value(value.value, at), "")
        return self.expression(value, at)

    def variable(self, source: Source) -> Raw:
        """Return the variable that brings `source` into the module."""
        self.sources.add(source)
        return Raw(f"var.{self.names.variables[source]}")

    def data(self, block: Block, attribute: str) -> Attr:
        """Return an attribute of a data source, which the module then has."""
        address = ".".join(("data", *block.labels))
        self.read[address] = block
        return Attr(address, attribute)

    def choice(self, value: WhenParameter, then: Expr, otherwise: Expr) -> Conditional:
        """Return `then` where `value` is there, and `otherwise` where it is not."""
        return Conditional(self.test(value.name), *((then, otherwise) if value.is_set else (otherwise, then)))

    def type_of(self, value: Expression) -> str:
        """Return the Terraform type of what is given at deployment, or "" if only AWS knows it."""
        match value:
            case ParameterValue(name):
                return type_of_parameter(self.graph.parameters[name])
            case PerEnvironment(values=values):
                return type_of_setting([scalar for _, scalar in values])
            case EnvironmentName() | ParameterItem() | Interpolation() | JsonText() | Base64() | Pseudo():
                return "string"
        return ""

    def test(self, parameter: str) -> str:
        """Return the condition that a parameter of the spec is set."""
        variable = self.variable(ParameterValue(parameter)).text
        return f"length({variable}) > 0" if self.graph.parameters[parameter].is_list else f'{variable} != ""'

"""What is deployed to an environment: the stack of each component, its template and the values of its parameters."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from lenie.compiler.diagnostics import Diagnostic, Label, Report, Severity
from lenie.compiler.expressions import AttributeOf, PublicParameter
from lenie.compiler.graph import Component, Graph, Scope
from lenie.compiler.load import Tree
from lenie.targets.wiring.stack import is_protected, packages, stack_name


class Unit(NamedTuple):
    """One stack: that of a component in an environment."""

    component: str
    layer: str
    scope: Scope
    stack: str
    template: str
    #: Parameter of the template -> value.
    parameters: Mapping[str, str]
    capabilities: tuple[str, ...]
    #: Whether the stack is to be protected from deletion.
    protected: bool
    #: Logical id -> CloudFormation type.
    resources: Mapping[str, str]
    #: Keys of the code packages that must be in the artifacts' bucket before.
    packages: tuple[str, ...]
    #: Names of SSM parameters that CloudFormation reads at deployment -> component that publishes it; AWS's own: "".
    reads: Mapping[str, str]
    after: tuple[str, ...]


class Bundle(NamedTuple):
    """The stacks of an environment, in deployment order."""

    graph: Graph
    tree: Tree
    environment: str
    units: Mapping[str, Unit]

    @property
    def production(self) -> bool:
        """Whether the environment is one of production."""
        return self.environment in self.graph.production

    def label(self, component: str, logical_id: str = "") -> Label:
        """Return the place in the spec of a resource, or of its component; of all, if the spec does not have it."""
        found = self.graph.components.get(component)
        if found is None:
            return Label(self.tree.span(("components",), key=True))
        resource = found.resources.get(logical_id)
        return Label(self.tree.span(resource.path if resource is not None else found.path, key=True))

    def error(self, code: str, message: str, component: str, help: str = "", logical_id: str = "") -> Diagnostic:
        """Return an error at the place of a resource, or of its component."""
        return Diagnostic(code, Severity.ERROR, message, (self.label(component, logical_id),), help)


def from_cloudformation(graph: Graph, tree: Tree, environment: str) -> tuple[Bundle, list[Diagnostic]]:
    """Return what the CloudFormation target makes of `graph` (which is of all environments), for one of them."""
    from lenie.targets import load_target

    report = Report(tree)
    files = load_target("cfn").emit(graph, "all", report)
    manifest = json.loads(files["manifest.json"])
    rows = json.loads(files[manifest["parameters"][environment]])
    values = {row["ParameterKey"]: row["ParameterValue"] for row in rows}
    templates = {entry["name"]: files[entry["template"]] for entry in manifest["components"]}
    taken = {entry["name"]: {name: values[name] for name in entry["parameters"]} for entry in manifest["components"]}
    return assemble(graph, tree, environment, templates, taken), report.diagnostics


def assemble(
    graph: Graph,
    tree: Tree,
    environment: str,
    templates: Mapping[str, str],
    parameters: Mapping[str, Mapping[str, str]],
) -> Bundle:
    """Return the stacks with these templates and values of their parameters, both by component."""
    units = {}
    for name, component in graph.components.items():
        types = {resource.logical_id: resource.type for resource in component.resources.values()}
        iam = any(type_.startswith("AWS::IAM::") for type_ in types.values())
        units[name] = Unit(
            component=name,
            layer=component.layer,
            scope=component.scope,
            stack=stack_name(graph, component, environment),
            template=templates[name],
            parameters=parameters[name],
            capabilities=("CAPABILITY_NAMED_IAM",) if iam else (),
            protected=is_protected(graph, component, environment),
            resources=types,
            packages=tuple(sorted(set(packages(component)))),
            reads=_reads(graph, component, environment),
            after=component.depends_on,
        )
    return Bundle(graph, tree, environment, units)


def _reads(graph: Graph, component: Component, environment: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for expression in component.expressions():
        if isinstance(expression, PublicParameter):
            found[expression.path] = ""
        elif isinstance(expression, AttributeOf) and expression.component != component.name:
            producer = graph.components[expression.component]
            found[graph.ssm_path(producer.exports[expression], producer, environment)] = producer.name
    return found


def selected(bundle: Bundle, names: Iterable[str], scopes: Iterable[Scope]) -> dict[str, Unit]:
    """Return the stacks of the components `names` (all, if there are none) that are of one of `scopes`."""
    wanted, allowed = set(names), set(scopes)
    return {
        name: unit for name, unit in bundle.units.items() if (not wanted or name in wanted) and unit.scope in allowed
    }

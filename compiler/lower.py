"""Fourth pass: models become the resource graph."""

from __future__ import annotations

from lenie.compiler.clusters.lower import lower_clusters
from lenie.compiler.diagnostics import Diagnostic, Report
from lenie.compiler.expressions import (
    AttributeOf,
    EnvironmentName,
    PerEnvironment,
    Scalar,
    SecretField,
    Value,
    interpolate,
    walk,
)
from lenie.compiler.graph import Component, Export, Graph, Parameter, Resource
from lenie.compiler.limits import check_names
from lenie.compiler.naming import pascal
from lenie.compiler.place import NOT_SECRET, Lowering, Place
from lenie.compiler.program import Declaration, Program
from lenie.compiler.settings import PATTERNS

#: Properties whose values a service keeps secret, so that a field of a secret may stand there.
SECRET_PROPERTIES = frozenset(
    {
        ("AWS::Amplify::App", "AccessToken"),
        ("AWS::Amplify::App", "OauthToken"),
        ("AWS::RDS::DBCluster", "MasterUserPassword"),
        ("AWS::RDS::DBInstance", "MasterUserPassword"),
    }
)


def lower(program: Program) -> tuple[Graph | None, list[Diagnostic]]:
    """Return the resource graph of a resolved program, with components in deployment order."""
    report = Report(program.tree)
    document = program.document
    graph = Graph(
        project=document.project,
        region=document.region,
        environments=tuple(document.environments),
        production=frozenset(n for n, s in document.environments.items() if s.get("production") is True),
        layers=tuple(document.layers),
        parameters={name: _parameter(program, name) for name in document.parameters},
        components={name: _component(program, name) for name in program.order},
        coverage={target: tuple(names) for target, names in document.coverage.items()},
        clusters=lower_clusters(program),
    )
    for declaration in program.declarations.values():
        component = graph.components[declaration.component]
        declaration.model.lower(Lowering(program, declaration, component, report))
    if not report.failed:
        _publish(program, graph, report)
        _connect(program, graph, report)
        _check_cycles(graph, report)
        _check_values(graph, report)
        check_names(graph, report)
    return (None if report.failed else graph), report.diagnostics


def _parameter(program: Program, name: str) -> Parameter:
    model = program.document.parameters[name]
    pattern = model.pattern
    if not pattern:
        inner = model.type[5:-1] if model.type.startswith("list(") else model.type
        pattern = PATTERNS.get(inner, ("", ""))[0]
    return Parameter(
        name=name,
        type=model.type,
        default=_frozen(model.default),
        description=model.description,
        path=("parameters", name),
        pattern=pattern,
        values={environment: _frozen(value) for environment, value in model.values.items()},
    )


def _frozen(value: Scalar | list[str]) -> Scalar | tuple[str, ...]:
    return tuple(value) if isinstance(value, list) else value


def _component(program: Program, name: str) -> Component:
    model = program.document.components[name]
    return Component(
        name=name,
        layer=model.layer,
        layer_index=program.document.layers.index(model.layer),
        scope=model.scope,
        path=("components", name),
        description=model.description,
        after=tuple(other for other in program.order if other in model.after),
    )


def _connect(program: Program, graph: Graph, report: Report) -> None:
    """Set what each component depends on: what it reads, and what the spec says."""
    position = {name: index for index, name in enumerate(program.order)}
    for component in graph.components.values():
        read = {reference.component: reference for reference in component.imports()}
        for other, reference in read.items():
            if position[other] > position[component.name]:
                # A name that is made of another resource's name brings it into places that do not mention it.
                report.add(
                    "E306",
                    f'"{component.name}" reads {reference.resource} of "{other}", which is deployed later',
                    component.path,
                    key=True,
                    also=[(graph.components[other].path, "deployed later")],
                    help=f"write the value out, or add after: [{other}]",
                )
        needed = {*read, *component.after, *program.dependencies[component.name]}
        component.depends_on = tuple(name for name in program.order if name in needed)


def _publish(program: Program, graph: Graph, report: Report) -> None:
    """Add an SSM parameter for each published attribute, and for each that another component or a cluster reads."""
    wanted = {reference for component in graph.components.values() for reference in component.imports()}
    wanted |= {reference for cluster in graph.clusters.values() for reference in cluster.reads()}
    for asked in (True, False):
        for declaration in program.declarations.values():
            component = graph.components[declaration.component]
            publish = declaration.model.publish
            for name in declaration.model.attributes():
                if asked != (name in publish):
                    continue
                value = declaration.model.attribute(name, Place(program, declaration))
                needed = isinstance(value, AttributeOf) and value in wanted and value not in component.exports
                if asked or needed:
                    path = publish.get(name) or declaration.model.published_path(name, declaration.name)
                    _add_parameter(program, declaration, component, report, name, value, path)
    missing = [r for r in wanted if r not in graph.components[r.component].exports]
    assert not missing, f"no attribute publishes {missing}"


def _add_parameter(
    program: Program,
    declaration: Declaration,
    component: Component,
    report: Report,
    name: str,
    value: Value,
    path: str,
) -> None:
    """Publish `value` at `path`; the first path of a value is the one that other components read."""
    asked = name in declaration.model.publish
    out = Lowering(program, declaration, component, report)
    root = (program.document.project, "/") if out.shared else (program.document.project, "/", EnvironmentName(), "/")
    full = interpolate("/", *root, path)
    if isinstance(value, AttributeOf):
        component.exports.setdefault(value, Export(value, path))
        source = component.resources[value.resource]
        if (source.type, value.attribute, source.properties.get("Name")) == ("AWS::SSM::Parameter", "Value", full):
            return  # the resource is the parameter
    same = declaration.name == declaration.model.kind
    out.add(
        f"{pascal(name)}Parameter",
        "AWS::SSM::Parameter",
        {
            "Name": out.at("publish", full) if asked else full,
            "Type": "String",
            "Value": value,
            "Description": f"{name} of {declaration.name}" + ("" if same else f" ({declaration.model.kind})"),
        },
        path=declaration.at("publish") if asked else declaration.path,
        accept=NOT_SECRET,
    )


def _check_values(graph: Graph, report: Report) -> None:
    """Check settings and secrets, wherever they stand in properties."""
    rows: dict[str, tuple[PerEnvironment, Resource]] = {}
    for component in graph.components.values():
        for resource in component.resources.values():
            for name, value in resource.properties.items():
                for expression in walk(value):
                    if isinstance(expression, PerEnvironment):
                        _check_setting(expression, resource, rows, report)
                    elif isinstance(expression, SecretField) and (resource.type, name) not in SECRET_PROPERTIES:
                        _readable(resource, name, report)


def _check_setting(
    setting: PerEnvironment, resource: Resource, rows: dict[str, tuple[PerEnvironment, Resource]], report: Report
) -> None:
    """Report two rows of settings of one name with different values: targets keep them in one table."""
    row, first = rows.setdefault(setting.key, (setting, resource))
    if row != setting:
        report.add(
            "E405",
            f'two things that differ between environments would be called "{row.key}"',
            resource.path,
            key=True,
            also=[(first.path, "the other one")],
            help="rename the setting or the resource",
        )


def _readable(resource: Resource, name: str, report: Report) -> None:
    """Report a secret's value outside of the few properties that the services keep secret."""
    report.add(
        "E406",
        f"the value of a secret would stand in {name} of {resource.type}, readable for everyone",
        resource.origin((name,)),
        key=resource.origin((name,)) == resource.path,
        help="pass the secret's name or ARN, and read the value where it is used",
    )


def _check_cycles(graph: Graph, report: Report) -> None:
    """Report resources of one component that need each other: CloudFormation cannot create them."""
    for component in graph.components.values():
        needs = {
            name: {
                *resource.depends_on,
                *(e.resource for e in _references(resource) if e.component == component.name),
            }
            for name, resource in component.resources.items()
        }
        done: set[str] = set()
        while ready := [name for name in needs if name not in done and needs[name] <= done]:
            done.update(ready)
        stuck = [name for name in needs if name not in done]
        if stuck:
            trail = [stuck[0]]
            while (following := next(n for n in sorted(needs[trail[-1]]) if n in stuck)) not in trail:
                trail.append(following)
            cycle = trail[trail.index(following) :]
            report.add(
                "E401",
                "resources need each other: " + " -> ".join([*cycle, cycle[0]]),
                component.resources[cycle[0]].path,
                key=True,
                also=[(component.resources[n].path, f"{n} comes from here") for n in cycle[1:]],
                help="turn one of the references round, or move what they share into a resource of its own",
            )


def _references(resource: Resource) -> list[AttributeOf]:
    return [e for e in walk(resource.properties) if isinstance(e, AttributeOf)]

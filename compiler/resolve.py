"""Third pass: every reference is bound to what it names, and the order of deployment follows."""

from __future__ import annotations

from collections.abc import Iterable

from lenie.compiler.clusters.resolve import check_clusters
from lenie.compiler.diagnostics import Diagnostic, Report, suggest
from lenie.compiler.kind import Actor
from lenie.compiler.place import PSEUDO, Place
from lenie.compiler.program import Declaration, Program
from lenie.compiler.rules import check_rules
from lenie.compiler.settings import check_settings
from lenie.compiler.span import Path
from lenie.compiler.spec import Use
from lenie.compiler.types import Lookup, Reference

#: Component -> other component -> the first place that needs it.
Edges = dict[str, dict[str, Path]]


def resolve(program: Program) -> tuple[Program | None, list[Diagnostic]]:
    """Check all references and rules of `program`; set its deployment order. `None` if there is an error."""
    report = Report(program.tree)
    check_settings(program, report)
    edges: Edges = {name: {} for name in program.document.components}
    for declaration in program.declarations.values():
        for target, path in _targets(program, declaration, report):
            _connect(program, declaration, target, path, edges, report)
    check_clusters(program, report)
    _check_components(program, edges, report)
    program.dependencies = {name: tuple(sorted(found)) for name, found in edges.items()}
    order = _order(program, edges, report)
    if not report.failed and order is not None:
        program.order = order
        for declaration in program.declarations.values():
            declaration.model.check(Place(program, declaration), report)
        check_rules(program, report)
    return (None if report.failed else program), report.diagnostics


def _targets(program: Program, declaration: Declaration, report: Report) -> Iterable[tuple[str, Path]]:
    """Yield the resources that `declaration` names, with the places; report what does not exist."""
    for use in declaration.uses():
        if isinstance(use.target, Reference):
            name = check_reference(program, use.target, use.path, report)
        else:
            name = _lookup(program, declaration, use.target, use, report)
        if name:
            yield name, use.path
    if isinstance(declaration.model, Actor):
        yield from _access(program, declaration, declaration.model, report)
    for attribute in declaration.model.publish:
        if attribute not in declaration.model.attributes():
            at = program.tree.node(declaration.at("publish"))
            keyed = at is not None and isinstance(at.value, dict)
            path = declaration.at("publish", *((attribute,) if keyed else ()))
            _no_attribute(declaration, attribute, path, report, find="" if keyed else attribute, key=keyed)


def check_reference(program: Program, reference: Reference, path: Path, report: Report) -> str:
    """Return the name of the resource that a field names, if it is there and of a right kind."""
    found = program.declarations.get(reference.name)
    wanted = reference.kinds
    if found is None:
        known = [n for n, d in program.declarations.items() if not wanted or d.model.kind in wanted]
        what = wanted[0] if len(wanted) == 1 else "resource"
        report.add("E301", f'there is no {what} "{reference.name}"', path, help=suggest(reference.name, known))
        return ""
    if wanted and found.model.kind not in wanted:
        known = [n for n, d in program.declarations.items() if d.model.kind in wanted]
        report.add(
            "E304",
            f'"{reference.name}" is a {found.model.kind}, and a {" or ".join(wanted)} is wanted here',
            path,
            also=[(found.path, "declared here")],
            help=suggest(reference.name, known, what=f"of kind {' or '.join(wanted)}"),
        )
        return ""
    if reference.part:
        parts = found.model.groups() if reference.group else found.model.attributes()
        if reference.part not in parts:
            message = f'"{reference.name}" has no {"group" if reference.group else "part"} "{reference.part}"'
            report.add("E305", message, path, help=suggest(reference.part, parts, what="known"))
            return ""
    return reference.name


def _lookup(program: Program, declaration: Declaration, lookup: Lookup, use: Use, report: Report) -> str:
    """Return the name of the resource that a lookup reads; nothing for parameters, settings and AWS values."""
    head, attribute, source, path = lookup.head, lookup.attribute, lookup.source, use.path
    if head == "param":
        _parameter(program, declaration, lookup, use, report)
    elif head == "env":
        environments = program.document.environments
        known_settings = {"name", *(key for settings in environments.values() for key in settings)}
        if attribute not in known_settings:
            message = f'environments have no setting "{attribute}"'
            report.add("E301", message, path, find=source, help=suggest(attribute, known_settings, what="settings"))
        elif use.wants == "flag" and not any(
            isinstance(settings.get(attribute), bool) for settings in environments.values()
        ):
            message = f"{source} is a text, and true or false is wanted here"
            report.add("E304", message, path, find=source, help="use a setting that is true or false")
        elif program.component(declaration).scope != "environment":
            component = declaration.component
            report.add(
                "E308",
                f'{source} has no value here: "{component}" is not deployed for an environment',
                path,
                find=source,
                also=[(("components", component, "scope"), "its scope")],
                help="use a parameter, or move the resource into a component of scope environment",
            )
    elif head == "aws":
        if attribute not in PSEUDO:
            report.add(
                "E301", f'AWS knows no "{attribute}"', path, find=source, help=suggest(attribute, PSEUDO, what="known")
            )
    elif head not in program.declarations:
        known_heads = [*program.declarations, "param", "env", "aws"]
        report.add("E301", f'there is no resource "{head}"', path, find=source, help=suggest(head, known_heads))
    elif attribute not in program.declarations[head].model.attributes():
        _no_attribute(program.declarations[head], attribute, path, report, find=source)
    else:
        return head
    return ""


def _parameter(program: Program, declaration: Declaration, lookup: Lookup, use: Use, report: Report) -> None:
    """Check the use of a parameter: that it exists, fits the field, and has one value where the resource is shared."""
    parameters = program.document.parameters
    model = parameters.get(lookup.attribute)
    declared: Path = ("parameters", lookup.attribute)
    if model is None:
        message = f'there is no parameter "{lookup.attribute}"'
        report.add("E301", message, use.path, find=lookup.source, help=suggest(lookup.attribute, parameters))
        return
    if isinstance(model.default, list) and use.wants != "list":
        raw = declaration.model.kind == "cloudformation"
        why = "properties of a raw resource take no list of a parameter" if raw else "one text is wanted here"
        report.add(
            "E304",
            f'"{lookup.attribute}" is a list, and {why}',
            use.path,
            find=lookup.source,
            also=[(declared, "declared here")],
            help="write a list with a parameter of one text for each element"
            if raw
            else "use a parameter of one text; lists are elements of fields that take several texts, such as email",
        )
    values = {str(model.values.get(name, model.default)) for name in program.document.environments}
    if len(values) > 1 and program.component(declaration).scope != "environment":
        report.add(
            "E308",
            f'"{lookup.attribute}" differs between environments, and "{declaration.component}" exists only once',
            use.path,
            find=lookup.source,
            also=[((*declared, "values"), "differs here")],
            help="give the parameter one value, or use another one",
        )


def _no_attribute(
    declaration: Declaration, attribute: str, path: Path, report: Report, find: str = "", key: bool = False
) -> None:
    model = declaration.model
    report.add(
        "E305",
        f'{model.kind} "{declaration.name}" has no attribute "{attribute}"',
        path,
        find=find,
        key=key,
        help=suggest(attribute, model.attributes(), what="attributes"),
    )


def _access(program: Program, declaration: Declaration, model: Actor, report: Report) -> Iterable[tuple[str, Path]]:
    """Check the verbs of an ``access:`` map."""
    for name, verbs in model.access.items():
        path: Path = declaration.at("access", name)
        if name == "aws":
            continue
        found = program.declarations.get(name)
        if found is None:
            known = [*(n for n, d in program.declarations.items() if d.model.grants()), "aws"]
            report.add("E301", f'there is no resource "{name}"', path, key=True, help=suggest(name, known))
            continue
        grants = found.model.grants()
        if found is declaration and any("${arn}" in r for v in verbs if v in grants for r in grants[v].resources):
            report.add(
                "E401",
                f'"{name}" needs access to itself: its role would need the {model.kind}, and the {model.kind} its role',
                path,
                key=True,
                help=f"let a second {model.kind} or a queue stand between, or repeat the work inside of it",
            )
            continue
        for verb in verbs:
            if verb not in grants:
                message = f'a {found.model.kind} has no access "{verb}"'
                report.add("E305", message, path, find=verb, help=suggest(verb, grants, what="verbs"))
        yield name, path


def _connect(program: Program, declaration: Declaration, target: str, path: Path, edges: Edges, report: Report) -> None:
    """Note that the component of `declaration` needs that of `target`."""
    own, other = declaration.component, program.declarations[target].component
    if own == other:
        return
    components = program.document.components
    scopes = (components[own].scope, components[other].scope)
    if scopes[0] != scopes[1] and scopes != ("environment", "account"):
        places = {
            "environment": "exists once for each environment",
            "account": "is of the account",
            "organization": "is of the organization's management account",
        }
        report.add(
            "E308",
            f'"{own}" {places[scopes[0]]} and cannot read "{target}", which {places[scopes[1]]}',
            path,
            also=[(program.declarations[target].path, "declared here")],
            help="use a parameter, or give both components the same scope",
        )
    edges[own].setdefault(other, path)


def _check_components(program: Program, edges: Edges, report: Report) -> None:
    """Check layers and ``after``, and that no component needs one of a later layer."""
    document = program.document
    for name, component in document.components.items():
        path: Path = ("components", name)
        if component.layer not in document.layers:
            message = f'there is no layer "{component.layer}"'
            report.add("E301", message, (*path, "layer"), help=suggest(component.layer, document.layers, what="layers"))
        for index, other in enumerate(component.after):
            if other not in document.components:
                known = document.components
                report.add(
                    "E301", f'there is no component "{other}"', (*path, "after", index), help=suggest(other, known)
                )
            else:
                edges[name].setdefault(other, (*path, "after", index))
    for target, names in document.coverage.items():
        for index, name in enumerate(names):
            if name not in document.components:
                help = suggest(name, document.components)
                report.add("E301", f'there is no component "{name}"', ("coverage", target, index), help=help)
    for name, needed in edges.items():
        own = document.components[name].layer
        for other, path in needed.items():
            layer = document.components[other].layer
            if {own, layer} <= set(document.layers) and document.layers.index(own) < document.layers.index(layer):
                report.add(
                    "E306",
                    f'"{name}" (layer {own}) needs "{other}", which is deployed later (layer {layer})',
                    path,
                    also=[(("components", other), "deployed later")],
                    help=f'move "{name}" to layer {layer} or later, or "{other}" to layer {own} or earlier',
                )


def _order(program: Program, edges: Edges, report: Report) -> tuple[str, ...] | None:
    """Return the deployment order: by layer, then by reference, then as in the spec. Report a cycle."""
    document = program.document
    layers = {layer: index for index, layer in enumerate(document.layers)}
    waiting = sorted(document.components, key=lambda name: layers.get(document.components[name].layer, 0))
    done: dict[str, None] = {}
    while waiting:
        ready = next((name for name in waiting if all(other in done for other in edges[name])), None)
        if ready is None:
            _report_cycle(waiting, edges, report)
            return None
        waiting.remove(ready)
        done[ready] = None
    return tuple(done)


def _report_cycle(waiting: list[str], edges: Edges, report: Report) -> None:
    """Report one cycle among the components that wait for each other."""
    trail = [waiting[0]]
    while True:
        following = next(other for other in edges[trail[-1]] if other in waiting)
        if following in trail:
            cycle = trail[trail.index(following) :]
            break
        trail.append(following)
    steps = list(zip(cycle, [*cycle[1:], cycle[0]], strict=True))
    first, second = steps[0]
    report.add(
        "E303",
        "components need each other: " + " -> ".join([*cycle, cycle[0]]),
        edges[first][second],
        also=[(edges[a][b], f'"{a}" needs "{b}" here') for a, b in steps[1:]],
        help="put the resources that need each other into one component, or turn one of the references round",
    )

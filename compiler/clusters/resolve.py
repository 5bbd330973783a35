"""The references of clusters: their network, parameters, and settings of environments."""

from __future__ import annotations

from collections.abc import Iterator

from lenie.compiler.clusters.model import ClusterModel
from lenie.compiler.diagnostics import Report, suggest
from lenie.compiler.program import Program
from lenie.compiler.span import Path
from lenie.compiler.spec import Use, uses
from lenie.compiler.types import Lookup, Reference

#: Parameter types that hold networks.
_NETWORKS = ("cidr", "list(cidr)")


def clusters(program: Program) -> Iterator[tuple[Path, str, ClusterModel]]:
    """Yield the clusters of a spec: place, name and model."""
    for name, cluster in program.document.kubernetes.items():
        yield ("kubernetes", name), name, cluster


def lookups(program: Program) -> Iterator[Lookup]:
    """Yield every lookup in the fields of clusters."""
    for path, _, cluster in clusters(program):
        for use in uses(cluster, path):
            if isinstance(use.target, Lookup):
                yield use.target


def check_clusters(program: Program, report: Report) -> None:
    """Report references of clusters to what is not there, or not of a right kind."""
    for path, name, cluster in clusters(program):
        for use in uses(cluster, path):
            if program.tree.node(use.path) is None:
                # One network is as good as a list of one.
                use = use._replace(path=use.path[:-1])
            if isinstance(use.target, Reference):
                _check_network(program, use.target, use.path, report)
            else:
                _check_lookup(program, name, use.target, use, report)


def _check_network(program: Program, reference: Reference, path: Path, report: Report) -> None:
    from lenie.compiler.resolve import check_reference

    if not check_reference(program, reference, path, report):
        return
    declaration = program.declarations[reference.name]
    if program.component(declaration).scope != "environment":
        report.add(
            "E308",
            f'a cluster is of an environment, and "{reference.name}" exists only once',
            path,
            also=[(declaration.path, "declared here")],
            help="use a network of a component with scope environment",
        )


def _check_lookup(program: Program, name: str, lookup: Lookup, use: Use, report: Report) -> None:
    head, attribute, source = lookup.head, lookup.attribute, lookup.source
    if use.wants == "list":
        _check_parameter(program, lookup, use, report)
    elif head != "env":
        report.add(
            "E304",
            f"{source} has no place in the names of a cluster, which are the same at every deployment",
            use.path,
            find=source,
            help="only settings of the environment can stand here: ${env.name}",
        )
    else:
        environments = program.document.environments
        known = {"name", *(key for settings in environments.values() for key in settings)}
        if attribute not in known:
            message = f'environments have no setting "{attribute}"'
            report.add("E301", message, use.path, find=source, help=suggest(attribute, known, what="settings"))


def _check_parameter(program: Program, lookup: Lookup, use: Use, report: Report) -> None:
    parameters = program.document.parameters
    model = parameters.get(lookup.attribute)
    if model is None:
        message = f'there is no parameter "{lookup.attribute}"'
        report.add("E301", message, use.path, find=lookup.source, help=suggest(lookup.attribute, parameters))
        return
    also = [(("parameters", lookup.attribute), "declared here")]
    if model.type not in _NETWORKS:
        report.add(
            "E304",
            f'"{lookup.attribute}" is of type {model.type}, and networks are wanted here',
            use.path,
            find=lookup.source,
            also=also,
            help="use a parameter of type cidr or list(cidr)",
        )
    elif any(value in ("", []) for value in (model.default, *model.values.values())):
        report.add(
            "E304",
            f'"{lookup.attribute}" can be empty, and then EKS would let everybody call the API server',
            use.path,
            find=lookup.source,
            also=also,
            help="give it at least one network in every environment",
        )

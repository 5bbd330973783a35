"""What a spec holds, in a few lines or as data."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from lenie.compiler.pipeline import Compilation
from lenie.compiler.render import render_json, summary

if TYPE_CHECKING:
    from lenie.compiler.program import Program


def sources(run: Compilation) -> dict[str, list[str]]:
    """Return the lines of the spec under the name that diagnostics give it."""
    from lenie.compiler.load import source_lines

    if run.tree is not None:
        return {run.tree.file: run.tree.lines}
    return {label.span.file: source_lines(run.spec) for found in run.diagnostics for label in found.labels}


def counts(run: Compilation) -> str:
    """Return how large the architecture of `run` is: ``36 components, 281 resources``."""
    if run.graph is None:
        return ""
    resources = sum(len(component.resources) for component in run.graph.components.values())
    return f"{_number(len(run.graph.components), 'component')}, {_number(resources, 'resource')}"


def describe(run: Compilation) -> list[str]:
    """Return the lines that ``lenie validate`` prints about a spec."""
    lines = [f"{run.spec}: {summary(run.diagnostics)}"]
    if run.program is None or run.graph is None:
        return lines
    scopes = [component.scope for component in run.graph.components.values()]
    shared = len(scopes) - scopes.count("environment")
    kinds = {declaration.model.kind for declaration in run.program.declarations.values()}
    lines += [
        f"{counts(run)} from {_number(len(run.program.declarations), 'declaration')} of {_number(len(kinds), 'kind')}",
        f"deployed for each environment: {len(scopes) - shared} of the components; once: {shared}",
        f"environments: {', '.join(run.graph.environments)}; parameters: {len(run.graph.parameters)}",
        *_costs(run.program),
    ]
    return lines


def _costs(program: Program) -> list[str]:
    """Return the lines on what the architecture costs."""
    from lenie.compiler.clusters import cost as clusters
    from lenie.compiler.data.prices import REGION
    from lenie.compiler.pricing import total

    lines = [f"cost of one environment: about {_cost(program):.2f} USD a month, without requests and traffic"]
    count = len(program.document.environments)
    if count > 1:
        lines.append(f"cost of all {count} environments in one account: about {total(program):.2f} USD a month")
    for name, cluster in program.document.kubernetes.items():
        lines.append(
            f'not in it: the cluster "{name}", up to {clusters.total(cluster):.2f} USD a month while it exists '
            "(with its least number of nodes)"
        )
    if program.document.region != REGION:
        lines.append(f"these are prices of {REGION}: those of {program.document.region} differ")
    return lines


def as_data(run: Compilation) -> dict[str, Any]:
    """Return the same as data for JSON."""
    data: dict[str, Any] = {"spec": str(run.spec), "diagnostics": json.loads(render_json(run.diagnostics))}
    if run.program is not None and run.graph is not None:
        from lenie.compiler.clusters import cost as clusters
        from lenie.compiler.data.prices import REGION
        from lenie.compiler.pricing import total

        data |= {
            "components": len(run.graph.components),
            "resources": sum(len(component.resources) for component in run.graph.components.values()),
            "declarations": len(run.program.declarations),
            "environments": list(run.graph.environments),
            "parameters": list(run.graph.parameters),
            "usd_per_month": round(_cost(run.program), 2),
            "usd_per_month_all_environments": round(total(run.program), 2),
            "clusters_usd_per_month": {
                name: round(clusters.total(cluster), 2) for name, cluster in run.program.document.kubernetes.items()
            },
            "prices_of": REGION,
        }
    return data


def _cost(program: Program) -> float:
    from lenie.compiler.pricing import estimate

    return sum(item.usd for item in estimate(program))


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"

"""CloudFormation: one template for each component, values for each environment, and a manifest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from lenie.compiler.diagnostics import Report
from lenie.compiler.graph import Graph
from lenie.targets.base import About, Mark, Part, Places, Target

if TYPE_CHECKING:
    from lenie.targets.cfn.template import Template
    from lenie.targets.wiring.names import Names, Source


class CloudFormation:
    """Prints a graph as CloudFormation templates."""

    name = "cfn"
    covers: Part = "components"

    def emit(self, graph: Graph, scope: str, report: Report, places: Places | None = None) -> Mapping[str, str]:
        """Return all files; every component has a template, whatever the `scope`.

        What a template cannot hold is reported: E502 to E514, W505, W513.
        """
        from lenie.targets.cfn import manifest, parameters
        from lenie.targets.cfn.provenance import manifest_items
        from lenie.targets.cfn.template import build_template
        from lenie.targets.wiring.names import assign_names
        from lenie.targets.wiring.stack import template_paths

        names = assign_names(graph)
        paths = template_paths(graph)
        files: dict[str, str] = {}
        templates = {}
        for name, component in graph.components.items():
            templates[name] = build_template(graph, component, names, report)
            files[paths[name]] = templates[name].text
        given = frozenset().union(*(template.told.parameters.values() for template in templates.values()))
        in_json = frozenset().union(*(template.in_json for template in templates.values()))
        parameters.check(graph, given, in_json, report)
        sources = parameters.ordered(graph, names, given)
        rows: dict[str, list[Mark]] = {environment: [] for environment in graph.environments}
        for environment, marks in rows.items():
            files[f"parameters/{environment}.json"] = parameters.file(graph, names, sources, environment, marks)
        entries: list[Mark] = []
        files["manifest.json"] = manifest.manifest(graph, templates, paths, entries)
        files["README.md"] = manifest.readme(graph, paths)
        if places is not None:
            _locate(graph, report, places, names, templates, paths)
            _locate_values(graph, report, places, [(names.parameters[source], source) for source in sources], rows)
            places.tell("manifest.json", manifest_items(graph, entries))
            places.about["manifest.json"] = About("what is deployed in which order, and what each deployment needs")
            places.about["README.md"] = About("how to deploy; written by the compiler, not from one place in the spec")
        return files


def _locate(
    graph: Graph,
    report: Report,
    places: Places,
    names: Names,
    templates: Mapping[str, Template],
    paths: Mapping[str, str],
) -> None:
    """Note what the lines of the templates say."""
    for name, template in templates.items():
        component, path = graph.components[name], paths[name]
        places.files[name] = [path]
        places.about[path] = About(f"template of component {name}", component.path)
        for logical_id, lines in template.told.resources():
            places.note(name, logical_id, path, lines)
        places.marks[path] = list(template.told.marks())
        places.tell(path, template.told.items(graph, component, names, report))


def _locate_values(
    graph: Graph,
    report: Report,
    places: Places,
    sources: list[tuple[str, Source]],
    rows: Mapping[str, list[Mark]],
) -> None:
    """Note what the lines of the files of parameters say."""
    from lenie.targets.cfn.provenance import values_items
    from lenie.targets.wiring.stems import ENVIRONMENTS

    for environment, marks in rows.items():
        path = f"parameters/{environment}.json"
        places.about[path] = About(f"values of parameters in {environment}", (ENVIRONMENTS, environment))
        places.tell(path, values_items(graph, report, sources, environment, marks))


TARGET: Target = CloudFormation()

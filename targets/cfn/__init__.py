"""CloudFormation: one template for each component, values for each environment, and a manifest."""

from __future__ import annotations

from collections.abc import Mapping

from lenie.compiler.diagnostics import Report
from lenie.compiler.graph import Graph
from lenie.targets.base import Part, Places, Target


class CloudFormation:
    """Prints a graph as CloudFormation templates."""

    name = "cfn"
    covers: Part = "components"

    def emit(self, graph: Graph, scope: str, report: Report, places: Places | None = None) -> Mapping[str, str]:
        """Return all files; every component has a template, whatever the `scope`.

        What a template cannot hold is reported: E502 to E514, W505, W513.
        """
        from lenie.targets.cfn import manifest, parameters
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
            if places is not None:
                places.files[name] = [paths[name]]
                for logical_id, lines in templates[name].lines.items():
                    places.note(name, logical_id, paths[name], lines)
        sources = frozenset().union(*(template.sources for template in templates.values()))
        in_json = frozenset().union(*(template.in_json for template in templates.values()))
        parameters.check(graph, sources, in_json, report)
        for environment in graph.environments:
            files[f"parameters/{environment}.json"] = parameters.file(graph, names, sources, environment)
        files["manifest.json"] = manifest.manifest(graph, templates, paths)
        files["README.md"] = manifest.readme(graph, paths)
        return files


TARGET: Target = CloudFormation()

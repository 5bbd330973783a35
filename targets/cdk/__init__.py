"""CDK: a typed Python app with a stack for each component, which synthesizes what the CloudFormation target writes."""

from __future__ import annotations

from collections.abc import Mapping

from lenie.compiler.diagnostics import Report
from lenie.compiler.graph import Graph
from lenie.targets.base import About, Part, Places, Target


class Cdk:
    """Prints a graph as a CDK app in Python."""

    name = "cdk"
    covers: Part = "components"

    def emit(self, graph: Graph, scope: str, report: Report, places: Places | None = None) -> Mapping[str, str]:
        """Return all files; every component has a stack, whatever the `scope`.

        What CDK cannot hold is reported: E502, E503, W505, W515.
        """
        from lenie.targets.cdk import project
        from lenie.targets.cdk.naming import class_names
        from lenie.targets.cdk.readme import readme
        from lenie.targets.cdk.size import check_size
        from lenie.targets.cdk.stack import build_stack, share

        shared = share(graph)
        classes = class_names(graph)
        stacks = {
            name: build_stack(graph, component, classes[name], shared, report)
            for name, component in graph.components.items()
        }
        shared.settings.check(report)
        for stack in stacks.values():
            check_size(graph, stack, report)
        files = {project.stack_path(stack): project.stack_file(stack) for stack in stacks.values()}
        if places is not None:
            for stack in stacks.values():
                project.locate(places, stack, files[project.stack_path(stack)])
        files["app.py"] = project.app_file(graph, stacks, places)
        if any(stack.settings for stack in stacks.values()):
            files["settings.py"] = project.settings_file(graph, shared.settings, report, places)
        files["README.md"] = readme(graph, shared.settings)
        files |= project.fixed_files(graph, places)
        if places is not None:
            places.about |= {path: About(words) for path, words in project.WORDS.items()}
        return files


TARGET: Target = Cdk()

"""Terraform: a module for each component, root modules that wire them, and values for each environment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from lenie.compiler.diagnostics import Report
from lenie.compiler.graph import Graph
from lenie.targets.base import Part, Places, Target

if TYPE_CHECKING:
    from lenie.targets.tf.printer import Printed


class Terraform:
    """Prints a graph as Terraform modules."""

    name = "tf"
    covers: Part = "components"

    def emit(self, graph: Graph, scope: str, report: Report, places: Places | None = None) -> Mapping[str, str]:
        """Return all files. The scope ``default`` covers the components that the spec names for this target.

        What Terraform cannot express is reported: E530 to E532, W533.
        """
        from lenie.targets.tf.module import build_module
        from lenie.targets.tf.names import assign_names
        from lenie.targets.tf.provenance import Stems, locate
        from lenie.targets.tf.readme import readme
        from lenie.targets.tf.root import ROOTS, Root, module_files
        from lenie.targets.tf.variables import sensitive_resources

        names = assign_names(graph)
        covered = graph.coverage.get(self.name, ()) if scope == "default" else ()
        components = [c for name, c in graph.components.items() if not covered or name in covered]
        sensitive = sensitive_resources(graph)
        modules = {c.name: build_module(graph, c, names, report, sensitive) for c in components}
        printed: dict[str, Printed] = {}
        roots = [root for key in ROOTS if (root := Root(graph, key, modules, names)).modules]
        for root in roots:
            printed |= root.files()
        for name, module in modules.items():
            own = {f"modules/{name}/{path}": file for path, file in module_files(graph, module, names).items()}
            printed |= own
            if places is not None:
                places.files[name] = list(own)
        if places is not None:
            locate(places, printed, roots, modules, Stems(graph, report, names))
        files = {path: file.text for path, file in printed.items()}
        files["README.md"] = readme(graph, roots, modules)
        return files


TARGET: Target = Terraform()

"""What a program refuses: other environments, the workspace of another environment, values against a pattern.

Source: Terraform language documentation, Custom conditions; Workspaces.
"""

from __future__ import annotations

import json

from lenie.compiler.graph import Graph
from lenie.compiler.verify.guards import NO_ENVIRONMENT, let_in, parameter_of
from lenie.compiler.verify.terraform.configuration import ModuleScope
from lenie.compiler.verify.terraform.functions import Unsupported
from lenie.compiler.verify.terraform.module import Faults, Files, Module
from lenie.compiler.verify.terraform.syntax import Block
from lenie.compiler.verify.values import Node


def check(files: Files, root: Module, graph: Graph, faults: Faults) -> None:
    """Report each variable of a root module that takes what the spec refuses."""
    for (name,), block in root.of("variable").items():
        told = _environment if name == "environment" else _value
        try:
            message = told(files, root, graph, block)
        except Unsupported as error:
            faults.add("E607", error.message, error.place)
            continue
        if message:
            faults.add("E601", message, block.place)


def _environment(files: Files, root: Module, graph: Graph, block: Block) -> str:
    if _allows(files, root, block, NO_ENVIRONMENT, "default"):
        return f"any environment may be given; those of the spec are {', '.join(graph.environments)}"
    for workspace in graph.environments:
        for name in graph.environments:
            if name != workspace and _allows(files, root, block, name, workspace):
                return f'values of "{name}" are taken in the workspace "{workspace}", whose state they would change'
    return ""


def _value(files: Files, root: Module, graph: Graph, block: Block) -> str:
    parameter = parameter_of(graph, block.labels[0])
    if parameter is not None and "default" not in block.attributes:
        return f'the variable "{block.labels[0]}" has no default, as the spec has'
    if parameter is None or not parameter.pattern or parameter.type == "number":
        return ""
    rest = parameter.default[1:] if isinstance(parameter.default, tuple) else ()

    def allows(text: str) -> bool:
        return _allows(files, root, block, (text, *rest) if parameter.is_list else text, "default")

    text = let_in(parameter, allows)
    if text is None:
        return ""
    shown = json.dumps(text, ensure_ascii=False)
    return (
        f'the variable "{block.labels[0]}" lets {shown} in, which the spec refuses: it has to match {parameter.pattern}'
    )


def _allows(files: Files, root: Module, block: Block, value: object, workspace: str) -> bool:
    """Return whether no validation of a variable refuses a value.

    Raises:
        Unsupported: if one cannot be evaluated.
    """
    items = [Node(item, block.place) for item in value] if isinstance(value, tuple) else value
    scope = ModuleScope(files, root, "", {block.labels[0]: lambda: Node(items, block.place)})
    scope.workspace = workspace
    for rule in block.inner("validation"):
        if "condition" in rule.attributes and not scope.evaluator().truth(rule.attributes["condition"]):
            return False
    return True

"""The order between modules that no value tells: one says `after`, or names a resource of the other only."""

from __future__ import annotations

from collections.abc import Mapping

from lenie.compiler.expressions import AttributeOf
from lenie.targets.base import attribute
from lenie.targets.tf.hcl import Argument, Attr, Block, Expr, Raw, walk
from lenie.targets.tf.module import Module

#: The variable of a module that waits, and the output of a module that others wait for.
AFTER, DEPLOYED = "after", "deployed"


def connect(modules: Mapping[str, Module]) -> None:
    """Note in each of `modules`, which share a root, what it waits for, and how.

    ``depends_on`` of a module would make Terraform read the data sources inside only after any change in the other one:
    what depends on them (a zone, an image) would be replaced. So a module that has some gets the order as a value, and
    its resources wait for that.
    """
    for module in modules.values():
        read = {source.component for source in module.sources if isinstance(source, AttributeOf)}
        # Who reads a value waits with what uses it; who says `after` waits with everything.
        waits = {*module.component.after, *(c for c in module.component.depends_on if c not in read)}
        module.after = tuple(c for c in module.component.depends_on if c in modules and c in waits)
        if module.after and any(block.type == "data" for block in module.main):
            module.waits = True
            module.main = [_waiting(block, module) for block in module.main]
            for name in module.after:
                modules[name].announced = True


def variable() -> Block:
    """Return the declaration of the variable of a module that waits."""
    body: list[Argument | Block] = [
        Argument("description", "Components that have to be there first"),
        Argument("type", Raw("list(bool)")),
    ]
    return Block("variable", (AFTER,), body)


def output(module: Module) -> Block:
    """Return the output that is there when all resources of the module are."""
    resources: list[Expr] = [Raw(".".join(block.labels)) for block in module.main if block.type == "resource"]
    body: list[Argument | Block] = [
        Argument("description", "Whether everything is there"),
        Argument("value", True),
        Argument("depends_on", resources),
    ]
    return Block("output", (DEPLOYED,), body)


def _waiting(block: Block, module: Module) -> Block:
    """Return a resource that waits for the variable, unless it waits for another resource of the module."""
    own = {".".join(other.labels) for other in module.main if other.type == "resource"}
    used = [
        e for e in walk(block) if (isinstance(e, Attr) and e.address in own) or (isinstance(e, Raw) and e.text in own)
    ]
    if block.type != "resource" or used:
        return block
    return block._replace(body=[*block.body, Argument("depends_on", [Raw(f"var.{AFTER}")], attribute("DependsOn"))])

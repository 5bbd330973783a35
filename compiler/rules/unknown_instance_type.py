"""There is no such instance type, or database class.

AWS would find it out in the middle of a deployment, and the compiler has no price to compare with the budget. A type is
a family (`t3`) and a size (`micro`); not every family has every size.
Sources: Amazon EC2 Instance Types guide, "Amazon EC2 instance type specifications"; Amazon RDS User Guide, "DB instance
classes".

Wrong:

    server: {kind: instance, type: t3.mikro, hours: 20, ...}

Right:

    server: {kind: instance, type: t3.micro, hours: 20, ...}

The compiler's table is as old as the compiler. Waive the rule for a type that is newer:

    server: {kind: instance, type: m20g.large, waive: {E338: AWS offers m20g since last week}, ...}
"""

from __future__ import annotations

from typing import Any

from lenie.compiler.clusters.resolve import clusters
from lenie.compiler.diagnostics import suggest
from lenie.compiler.pricing import is_known_type
from lenie.compiler.program import Program
from lenie.compiler.rules import Finding
from lenie.compiler.rules._values import possible_texts

CODE = "E338"
#: Kind -> its field, and what AWS calls the value.
_KINDS = {
    "instance": ("type", "instance type"),
    "launch-template": ("type", "instance type"),
    "database": ("class", "database class"),
}


def check(program: Program, finding: Finding) -> None:
    """Report types and classes that are not in the tables."""
    for cluster, _, model in clusters(program):
        for name, group in model.nodes.items():
            for index, text in enumerate(group.types):
                if not is_known_type(text):
                    at = (*cluster, "nodes", name, "types", index)
                    finding(f'AWS has no instance type "{text}"', at, help=_help(text))
    for declaration in program.declarations.values():
        field, what = _KINDS.get(declaration.model.kind, ("", ""))
        if not field:
            continue
        value: Any = getattr(declaration.model, "class_" if field == "class" else field)
        for path, text in possible_texts(program, declaration, value, field):
            if not is_known_type(text):
                also = [] if path[: len(declaration.path)] == declaration.path else [(declaration.path, "used here")]
                finding(f'AWS has no {what} "{text}"', path, also=also, help=_help(text))


def _help(text: str) -> str:
    from lenie.compiler.data.machine_types import database_classes, instance_types

    prefix = "db." if text.startswith("db.") else ""
    table = database_classes() if prefix else instance_types()
    family, _, size = text.removeprefix(prefix).partition(".")
    if family in table:
        near = suggest(size, table[family])
        if near.startswith("did"):
            return near.replace('"', f'"{prefix}{family}.', 1)
        return f"{prefix}{family} has the sizes {', '.join(table[family])}"
    every = {f"{prefix}{name}.{size}" for name, sizes in table.items() if size in sizes}
    every = every or {f"{prefix}{name}.{sizes[0]}" for name, sizes in table.items()}
    near = suggest(text, every)
    return near if near.startswith("did") else f"write family and size: {prefix}t3.micro, {prefix}t4g.small"

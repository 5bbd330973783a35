"""The targets: each turns the graph, or its clusters, into the files of one tool."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lenie.targets.base import Target

#: Targets that cover the components of a graph: the same architecture in several dialects, to be compared.
DIALECTS: tuple[str, ...] = ("cfn", "tf", "cdk")
#: Targets that exist, in the order in which they are compiled. Each package has a module-level `TARGET`.
TARGETS: tuple[str, ...] = (*DIALECTS, "eks")
#: How long each takes, roughly and compared with the others (benchmarks/passes.py); for sharing them among processors.
WEIGHTS = {"cfn": 4, "tf": 1, "cdk": 4, "eks": 0}
#: Targets that the command line knows and a later version brings.
PLANNED: tuple[str, ...] = ()


def load_target(name: str) -> Target:
    """Return the target called `name`.

    Raises:
        KeyError: if there is no such target.
    """
    if name not in TARGETS:
        raise KeyError(name)
    target: Target = import_module(f"{__name__}.{name}").TARGET
    return target

"""The targets: each turns the resource graph into the files of one infrastructure-as-code tool."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lenie.targets.base import Target

#: Targets that exist, in the order in which they are compiled. Each package has a module-level `TARGET`.
TARGETS: tuple[str, ...] = ("cfn", "tf", "cdk")
#: Targets that the command line knows and a later version brings.
PLANNED: tuple[str, ...] = ("eks",)


def load_target(name: str) -> Target:
    """Return the target called `name`.

    Raises:
        KeyError: if there is no such target.
    """
    if name not in TARGETS:
        raise KeyError(name)
    target: Target = import_module(f"{__name__}.{name}").TARGET
    return target

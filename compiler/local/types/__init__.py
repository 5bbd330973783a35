"""The resource types of CloudFormation that the emulator makes: a module for each service."""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module

from lenie.compiler.local.types.base import ResourceType


@cache
def types() -> dict[str, ResourceType]:
    """Return all types by their names: every subclass of `ResourceType` that has a name, in the modules here."""
    found: dict[str, ResourceType] = {}
    for module in pkgutil.iter_modules(__path__):
        for value in vars(import_module(f"{__name__}.{module.name}")).values():
            if isinstance(value, type) and issubclass(value, ResourceType) and "name" in vars(value):
                found[value.name] = value()
    return found

"""The tables: one module for each service of CloudFormation, with the rows of its types."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from keyword import iskeyword
from pkgutil import iter_modules

from lenie.targets.tf.row import Row


def row_of(type_name: str) -> Row | None:
    """Return the row of the resource type `type_name` (``AWS::SQS::Queue``), None if Terraform has none for it."""
    words = type_name.split("::")
    return rows_of(words[1].lower()).get(type_name) if len(words) == 3 and words[0] == "AWS" else None


@cache
def rows_of(service: str) -> dict[str, Row]:
    """Return the rows of a service (its name in lower case), none if there is no such table."""
    name = f"{__name__}.{service}" + ("_" if iskeyword(service) else "")
    try:
        module = import_module(name)
    except ModuleNotFoundError as error:
        if error.name != name:
            raise
        return {}
    found: dict[str, Row] = module.ROWS
    return found


def known_types() -> list[str]:
    """Return the CloudFormation types that have a row, in alphabetical order."""
    services = (module.name.rstrip("_") for module in iter_modules(__path__))
    return sorted(type_name for service in services for type_name in rows_of(service))

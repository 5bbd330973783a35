"""Finds troposphere's class of a CloudFormation type, importing only the module of its service."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import Any

#: Services whose module has another name than the service in lower case.
MODULES = {"KinesisAnalytics": "analytics", "KinesisFirehose": "firehose", "Lambda": "awslambda"}


@cache
def resource_class(type_name: str) -> Any:
    """Return troposphere's class of the resource type `type_name` (``AWS::SQS::Queue``), None if it has none."""
    words = type_name.split("::")
    if len(words) != 3 or words[0] != "AWS":
        return None
    return _classes(MODULES.get(words[1], words[1].lower())).get(type_name)


@cache
def _classes(module: str) -> dict[str, Any]:
    """Return the resource classes of a module of troposphere by their type, none if there is no such module."""
    name = f"troposphere.{module}"
    try:
        found = import_module(name)
    except ModuleNotFoundError as error:
        if error.name != name:
            raise
        return {}
    classes = (c for c in vars(found).values() if isinstance(c, type) and "resource_type" in vars(c))
    return {str(vars(c)["resource_type"]): c for c in classes if c.__module__ == name}

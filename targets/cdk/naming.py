"""Python names of what CloudFormation calls by other names, as the Python edition of aws-cdk-lib has them."""

from __future__ import annotations

import keyword
import re
from collections.abc import Container
from functools import lru_cache

from lenie.compiler.graph import Graph
from lenie.compiler.naming import pascal

_UNIT = re.compile(r"([KMG])iB(?![a-z])")
_AFTER_LOWER = re.compile(r"([a-z0-9])([A-Z])")
_BEFORE_WORD = re.compile(r"([A-Z]+)([A-Z][a-z])")


@lru_cache(maxsize=4096)
def snake(name: str) -> str:
    """Return ``DBInstanceIdentifier`` as ``db_instance_identifier``; a keyword of Python gets an underscore.

    It is the rule of jsii, from which the Python edition of aws-cdk-lib has its names: KiB, MiB and GiB are words.
    """
    words = _BEFORE_WORD.sub(r"\1_\2", _AFTER_LOWER.sub(r"\1_\2", _UNIT.sub(r"\1ib", name)))
    text = re.sub(r"\W+", "_", words).lower()
    return f"{text}_" if keyword.iskeyword(text) else text


def attribute_name(attribute: str) -> str:
    """Return the name of the member that holds an attribute: ``Endpoint.Address`` is ``attr_endpoint_address``."""
    return snake("attr" + attribute.replace(".", ""))


def unique(wanted: str, taken: Container[str], suffix: str) -> str:
    """Return `wanted`, or `wanted` with `suffix` and a number, so that it is not in `taken`."""
    candidate, number = wanted, 1
    while candidate in taken:
        candidate = f"{wanted}_{suffix}{number if number > 1 else ''}"
        number += 1
    return candidate


def class_names(graph: Graph) -> dict[str, str]:
    """Return component -> the name of its class, each once."""
    names: dict[str, str] = {}
    for name in graph.components:
        wanted, number = pascal(name), 1
        # The class from which all are derived has a name, too.
        while f"{wanted}Stack" in ("ComponentStack", *names.values()):
            number += 1
            wanted = f"{pascal(name)}{number}"
        names[name] = f"{wanted}Stack"
    return names

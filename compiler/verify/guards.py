"""What may be given at a deployment: an environment of the spec, and values that match the patterns of its parameters.

No environment of the spec shows whether a target still refuses the rest, so it is tried with what the spec refuses.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator

from lenie.compiler.graph import Graph, Parameter

#: No environment has such a name: it is not one that the language allows.
NO_ENVIRONMENT = "No such environment"
_ODD = ("", " ", "\n", "~", "x y", '"', "<x>", "-", "0", "é")


def plain(name: str) -> str:
    """Return a name without case and separators: ``admin-cidrs``, ``admin_cidrs`` and ``AdminCidrs`` are the same."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


#: What ends the name of a parameter that a target cannot call as the spec does, since the name has a meaning there.
_SUFFIX = "parameter"
#: What ends the name of an element of a list, if another parameter is called so.
ITEM = "item"
_ENVIRONMENT = "environment"


def parameter_named(names: Collection[str], name: str) -> str:
    """Return which of `names`, parameters in plain form, a target calls `name`; nothing if it is none of them."""
    wanted = plain(name)
    if wanted in names and wanted != _ENVIRONMENT:
        return wanted
    shorter = wanted.removesuffix(_SUFFIX)
    return shorter if shorter in names and shorter != wanted else ""


def parameter_of(graph: Graph, name: str) -> Parameter | None:
    """Return the parameter of the spec that a target calls `name`; each element of a list may be one by itself."""
    known = {plain(one): parameter for one, parameter in graph.parameters.items()}
    found = parameter_named(known, name)
    if found:
        return known[found]
    wanted = plain(name).removesuffix(ITEM)
    lists = (one for one, parameter in known.items() if parameter.is_list and wanted.startswith(one))
    return next((known[one] for one in sorted(lists, key=len, reverse=True) if wanted[len(one) :].isdecimal()), None)


def refused(parameter: Parameter) -> Iterator[str]:
    """Yield texts that a parameter's pattern refuses. An empty one is left to lists, which may be empty."""
    usual = next(iter(_texts(parameter)), "")
    candidates = [*_ODD, f"{usual}~", f"~{usual}", f"{usual} ", f"{usual}\n~", usual[1:], usual[:-1]]
    for text in dict.fromkeys(candidates):
        if re.search(parameter.pattern, text) is None and (text or not parameter.is_list):
            yield text


def _texts(parameter: Parameter) -> Iterator[str]:
    for value in (parameter.default, *parameter.values.values()):
        yield from map(str, value if isinstance(value, tuple) else (value,))


def let_in(parameter: Parameter, allows: Callable[[str], bool]) -> str | None:
    """Return a text that the spec refuses and a target `allows`; None if it refuses all that are tried."""
    return next((text for text in refused(parameter) if allows(text)), None)

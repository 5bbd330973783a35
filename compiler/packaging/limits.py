"""How large a package may be.

Source: "Lambda quotas", AWS Lambda Developer Guide: deployment package, unzipped, with layers: 250 MB. That of 50 MB
for zips is one of direct uploads: these packages come from a bucket.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from lenie.compiler.diagnostics import Diagnostic, Label, Severity
from lenie.compiler.load import Tree
from lenie.compiler.packaging.archive import human
from lenie.compiler.packaging.store import Built

#: Bytes of a function with its layers, unzipped.
UNZIPPED = 250 * 1024 * 1024
_NAMED = 5


def too_large(built: Mapping[str, Built], chosen: Sequence[str], tree: Tree) -> list[Diagnostic]:
    """Return an error (E703) for each of the functions and layers `chosen` that Lambda would refuse.

    A function counts with its layers. A layer that is too large is reported itself, and not with each function again.
    """
    layers = [name for name in chosen if built[name].package.kind == "layer"]
    refused = {name for name in layers if built[name].contents.unzipped > UNZIPPED}
    found = [_error(f'the layer "{name}"', [built[name]], tree) for name in layers if name in refused]
    for name in chosen:
        package = built[name].package
        if package.kind == "function" and refused.isdisjoint(package.layers):
            parts = [built[name], *(built[layer] for layer in package.layers)]
            if sum(part.contents.unzipped for part in parts) > UNZIPPED:
                words = " with its layers" if package.layers else ""
                found.append(_error(f'"{name}"{words}', parts, tree))
    return found


def _error(what: str, parts: Sequence[Built], tree: Tree) -> Diagnostic:
    size = sum(part.contents.unzipped for part in parts)
    message = f"{what} is {human(size)} unzipped, {human(size - UNZIPPED)} more than Lambda takes"
    help = f"the largest in it: {', '.join(_largest(parts))}"
    return Diagnostic("E703", Severity.ERROR, message, (Label(tree.span(parts[0].package.path, key=True)),), help)


def _largest(parts: Iterable[Built]) -> list[str]:
    several = [(size, name, built.package.name) for built in parts for name, size in built.contents.parts]
    ranked = sorted(several, key=lambda item: (-item[0], item[1:]))
    return [f"{name} {human(size)} ({package})" for size, name, package in ranked[:_NAMED]]

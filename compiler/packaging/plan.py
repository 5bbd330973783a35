"""Which packages a spec needs: one for each function and layer, under the S3 key that the generated outputs name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal, NamedTuple

from lenie.compiler.console import Usage
from lenie.compiler.diagnostics import suggest
from lenie.compiler.kinds.function import Function, literal_runtime
from lenie.compiler.kinds.layer import Layer
from lenie.compiler.place import Place
from lenie.compiler.program import Program
from lenie.compiler.sources import LIBRARY
from lenie.compiler.span import Path as SpecPath


class Package(NamedTuple):
    """The package of one function or layer."""

    #: Name in the spec.
    name: str
    kind: Literal["function", "layer"]
    #: S3 key: ``lambdas/<source>/<digest>.zip`` or ``layers/<name>/<digest>.zip``.
    key: str
    #: Directory of the sources.
    source: Path
    #: Directory of the shared library, if it is packaged along.
    library: Path | None
    #: Lambda runtime, empty if only the deployment knows it.
    runtime: str
    architecture: Literal["x86_64", "arm64"]
    #: Handler of a function, empty for a layer.
    handler: str
    #: Names of a function's layers.
    layers: tuple[str, ...]
    #: Name of the bucket in the spec that the package belongs into.
    bucket: str
    #: Place of the declaration in the spec.
    path: SpecPath


def plan(program: Program) -> dict[str, Package]:
    """Return name -> package: the layers first, since functions are measured with theirs, then the functions."""
    found: dict[str, Package] = {}
    for declaration, layer in program.of(Layer):
        place = Place(program, declaration)
        found[declaration.name] = Package(
            name=declaration.name,
            kind="layer",
            key=layer.package_key(place),
            source=program.code / layer.source(declaration.name),
            library=None,
            runtime=literal_runtime(place, layer.runtime),
            architecture=layer.architecture,
            handler="",
            layers=(),
            bucket=layer.bucket.name,
            path=declaration.path,
        )
    for declaration, function in program.of(Function):
        place = Place(program, declaration)
        found[declaration.name] = Package(
            name=declaration.name,
            kind="function",
            key=function.package_key(place),
            source=program.code / function.source(declaration.name),
            library=program.code / LIBRARY if function.library else None,
            runtime=literal_runtime(place, function.runtime),
            architecture=function.architecture,
            handler=function.handler,
            layers=tuple(layer.name for layer in function.layers),
            bucket=function.bucket.name,
            path=declaration.path,
        )
    return found


def select(packages: dict[str, Package], names: Sequence[str]) -> list[Package]:
    """Return the packages called `names`, with the layers of their functions; all of them if there are no names.

    Raises:
        Usage: for a name that is no function or layer.
    """
    for name in names:
        if name not in packages:
            known: Iterable[str] = packages
            raise Usage(f'there is no function or layer "{name}"', suggest(name, known, what="functions and layers"))
    chosen = {other for name in names for other in (name, *packages[name].layers)}
    return [package for name, package in packages.items() if not names or name in chosen]

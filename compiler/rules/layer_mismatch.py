"""A function's layer is made for another runtime or architecture.

Its packages are installed for the layer's own runtime and architecture, and Lambda does not look at what a layer says
that it is compatible with: the function is deployed, and when it is called it does not find, or cannot load, the
modules that were compiled for something else.
Sources: AWS Lambda API Reference, "PublishLayerVersion" (CompatibleRuntimes filter lists of layers); AWS Lambda
Developer Guide, "Working with layers for Python Lambda functions".

Wrong:

    psycopg2: {kind: layer, runtime: python3.13, bucket: artifacts}
    app:      {kind: function, runtime: python3.13, architecture: arm64, layers: [psycopg2], ...}

Right: the same for both, which `defaults` say best.

    psycopg2: {kind: layer, runtime: python3.13, architecture: arm64, bucket: artifacts}
    app:      {kind: function, runtime: python3.13, architecture: arm64, layers: [psycopg2], ...}
"""

from __future__ import annotations

from lenie.compiler.kinds.function import Function
from lenie.compiler.kinds.layer import Layer
from lenie.compiler.program import Declaration, Program
from lenie.compiler.rules import Finding
from lenie.compiler.rules._values import possible_texts
from lenie.compiler.span import Path

CODE = "E351"


def check(program: Program, finding: Finding) -> None:
    """Report layers of a function that cannot be made for it. What only a deployment knows is let pass."""
    for declaration, function in program.of(Function):
        for index, used in enumerate(function.layers):
            found = program.find(used.name, Layer)
            if found is None:
                continue
            layer, model = found
            pairs: dict[str, tuple[set[str], set[str]]] = {
                "architecture": ({function.architecture}, {model.architecture}),
                "runtime": (_runtimes(program, declaration, function), _runtimes(program, layer, model)),
            }
            for field, (wanted, made) in pairs.items():
                if wanted and made and wanted.isdisjoint(made):
                    wants, has = (" or ".join(sorted(texts)) for texts in (wanted, made))
                    finding(
                        f'the layer "{layer.name}" is made for {has}, and "{declaration.name}" runs on {wants}',
                        (*declaration.path, "layers", index),
                        also=[(_place(program, layer, field), f"made for {has}")],
                        help=f'write {field}: {wants} at "{layer.name}", or make a layer of its own for the function',
                    )


def _runtimes(program: Program, declaration: Declaration, model: Function | Layer) -> set[str]:
    """Return the runtimes that a function or layer may have; none if only a deployment knows."""
    return {text for _, text in possible_texts(program, declaration, model.runtime, "runtime")}


def _place(program: Program, layer: Declaration, field: str) -> Path:
    """Return the place of a field of the layer; of the layer itself where the field has its default."""
    return layer.at(field) if program.tree.node(layer.at(field)) is not None else layer.path

"""Builds the package of a function or layer."""

from __future__ import annotations

import os
from pathlib import Path

from lenie.compiler.diagnostics import Diagnostic, Label, Severity, SpecError
from lenie.compiler.load import Tree
from lenie.compiler.packaging import archive, requirements, wheels
from lenie.compiler.packaging.plan import Package
from lenie.compiler.packaging.platforms import Platform, lambda_platform
from lenie.compiler.packaging.store import Built, Store

#: Beginnings of the names of runtimes whose code is compiled before it is packaged.
_COMPILED = ("java", "dotnet", "go1")


def check(package: Package, tree: Tree, host: Platform | None) -> None:
    """Make sure that the package can be built at all, before any is.

    Raises:
        SpecError: (E702) if its runtime is unknown, or one that needs more than its sources.
    """
    if package.kind == "function" and package.runtime.startswith(_COMPILED):
        message = f'the code of "{package.name}" would have to be compiled for {package.runtime}'
        raise _error("E702", message, package, tree, "package it with the tools of its language, under its key")
    if package.kind == "layer" and host is None and (package.source / requirements.FILE).is_file():
        if not package.runtime:
            message = f'the runtime of the layer "{package.name}" is known at its deployment only'
            raise _error("E702", message, package, tree, "write the runtime as text, such as python3.13", "runtime")
        if lambda_platform(package.runtime, package.architecture) is None:
            message = f"a layer for {package.runtime} is not filled from {requirements.FILE}"
            raise _error("E702", message, package, tree, "put its files into its directory instead", "runtime")


def build(package: Package, store: Store, tree: Tree, host: Platform | None) -> Built:
    """Build the package in the store; layers for the interpreter `host` if that is given.

    Raises:
        SpecError: (E701, E702, E704, E910) if it cannot be built.
        OSError: if a file cannot be read or written.
    """
    staging = store.fresh()
    files = archive.sources(package)
    if package.kind == "layer" and requirements.FILE in files:
        _add(files, _installed(package, store, staging, tree, host), package, tree)
        del files[requirements.FILE]
    if package.library is not None:
        _add(files, archive.library(package.library), package, tree)
    if not files:
        help = f"list packages in {requirements.FILE}" if package.kind == "layer" else "put its code there"
        raise _error("E702", f'the package of "{package.name}" would be empty', package, tree, help)
    return store.add(package, files)


def _installed(package: Package, store: Store, staging: Path, tree: Tree, host: Platform | None) -> dict[str, Path]:
    platform = host or lambda_platform(package.runtime, package.architecture)
    assert platform is not None, "`check` was called"
    path = package.source / requirements.FILE
    shown = os.path.normpath(path)
    layer = wheels.Layer(
        name=package.name,
        pins=requirements.read(path, shown),
        platform=platform,
        file=shown,
        place=tree.span(package.path, key=True),
        verified=host is None,
    )
    target = staging / "python"
    wheels.install(layer, target, staging, store.cache)
    return archive.tree(target, "python/")


def _add(files: dict[str, Path], more: dict[str, Path], package: Package, tree: Tree) -> None:
    twice = sorted(files.keys() & more.keys())
    if twice:
        message = f'two files of "{package.name}" would be {twice[0]} in its package: {files[twice[0]]} is one'
        raise _error("E702", message, package, tree, "rename or remove that file")
    files |= more


def _error(code: str, message: str, package: Package, tree: Tree, help: str, field: str = "") -> SpecError:
    path = (*package.path, field) if field else package.path
    label = Label(tree.span(path, key=not field))
    return SpecError(Diagnostic(code, Severity.ERROR, message, (label,), help))

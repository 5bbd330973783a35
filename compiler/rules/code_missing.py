"""The source of a function or layer is missing, or lacks its handler.

A package without its handler deploys well and fails with every call. The compiler addresses a package by the digest of
its directory, so the directory must be there; for Python and Node.js the handler's file must be, too, and for Python it
must define the handler. A layer has a `requirements.txt`. Links to directories, and links that lead nowhere, are not
packaged: what stands behind them would be missing, too. Names of files must be UTF-8, as they are in packages.
Source: AWS Lambda Developer Guide, "Define Lambda function handler in Python".

Wrong:

    code: ../lambdas
    components:
      url-add:
        resources:
          url-add: {kind: function, code: url_ad, ...}    # the directory is called url_add

Right:

          url-add: {kind: function, code: url_add, ...}   # with url_add/handler.py, which defines lambda_handler

A missing directory, or a name that is not UTF-8, cannot be waived, since nothing can be addressed by its digest. Waive
the rest where a build step makes the file:

    url-add: {kind: function, waive: {E323: the handler is generated before packaging}, ...}
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path as FilePath

from lenie.compiler.diagnostics import nearest, suggest
from lenie.compiler.kinds.function import Function
from lenie.compiler.kinds.layer import Layer
from lenie.compiler.program import Declaration, Program
from lenie.compiler.rules import Finding
from lenie.compiler.rules._values import possible_texts
from lenie.compiler.sources import LIBRARY
from lenie.compiler.span import Path

CODE = "E323"
#: Language of a runtime -> endings of a handler's file.
_ENDINGS = {"python": (".py",), "nodejs": (".js", ".mjs", ".cjs")}


def check(program: Program, finding: Finding) -> None:
    """Report functions and layers without their sources."""
    if not program.code.is_dir():
        _check_root(program, finding)
        return
    looked_at: set[str] = set()
    for declaration, function in program.of(Function):
        source = function.source(declaration.name)
        if _directory(program, declaration, source, finding):
            _check_handler(program, declaration, function, source, finding)
            for directory in (source, LIBRARY) if function.library else (source,):
                _check_files(program, declaration, directory, looked_at, finding)
        if function.library and not (program.code / LIBRARY).is_dir():
            finding(
                f'"{declaration.name}" is packaged with the library, and there is no directory {LIBRARY}',
                (*declaration.path, "library"),
                help=f"create {_shown(program, LIBRARY)}, or remove library: true",
                waivable=False,
            )
    for declaration, layer in program.of(Layer):
        source = layer.source(declaration.name)
        _check_layer(program, declaration, source, finding)
        _check_files(program, declaration, source, looked_at, finding)


def _check_root(program: Program, finding: Finding) -> None:
    """Report the spec's `code`, which is no directory, once for all that have their sources below it."""
    if not any(True for cls in (Function, Layer) for _ in program.of(cls)):
        return
    missing = program.code.resolve()
    near = [entry.name for entry in missing.parent.iterdir() if entry.is_dir()] if missing.parent.is_dir() else []
    found = nearest(missing.name, near)
    above = program.document.code.rstrip("/").removesuffix(missing.name)
    finding(
        f"there is no directory {program.document.code}, where the sources of functions and layers should be",
        ("code",),
        help=f'did you mean "{above}{found}"?' if found else "create it, or name the right one",
        waivable=False,
    )


def _shown(program: Program, source: str) -> str:
    """Return a directory below the spec's `code` as the user writes it."""
    return f"{program.document.code.rstrip('/')}/{source}"


def _place(program: Program, declaration: Declaration, field: str) -> tuple[Path, bool]:
    """Return where `field` stands, or the resource's name if it is left out; and whether that is a key."""
    path = (*declaration.path, field)
    return (path, False) if program.tree.node(path) is not None else (declaration.path, True)


def _directory(program: Program, declaration: Declaration, source: str, finding: Finding) -> bool:
    """Return whether the source directory is there; report it if not."""
    directory = program.code / source
    if directory.is_dir():
        return True
    path, key = _place(program, declaration, "code")
    parent = directory.parent
    near = sorted(entry.name for entry in parent.iterdir() if entry.is_dir()) if parent.is_dir() else []
    finding(
        f'the source of "{declaration.name}" is missing: there is no directory {_shown(program, source)}',
        path,
        key=key,
        help=suggest(directory.name, near, what="directories")
        or f"create it, or correct code: {program.document.code}",
        waivable=False,
    )
    return False


def _check_files(
    program: Program, declaration: Declaration, source: str, looked_at: set[str], finding: Finding
) -> None:
    """Report what is in a source directory and would not be in the package, once for all that share the directory."""
    if source in looked_at:
        return
    looked_at.add(source)
    path, key = _place(program, declaration, "code")
    for name, fault in _left_out(program.code / source):
        shown = ascii(f"{_shown(program, source)}/{name}")[1:-1]
        if fault == "name":
            message, help = f"the name of the file {shown} is not UTF-8", "rename it"
        else:
            message = f'a package of "{declaration.name}" would lack {shown}: it is a link {fault}'
            help = "put the files there, or remove the link"
        finding(message, path, key=key, help=help, waivable=fault != "name")


def _left_out(directory: FilePath) -> Iterator[tuple[str, str]]:
    """Yield the files that are no sources although they look like some, and why: see `sources.source_files`."""
    for root, directories, files in os.walk(directory):
        directories[:] = [name for name in directories if not name.startswith(".") and name != "__pycache__"]
        for name in sorted((*directories, *files)):
            if name.startswith("."):
                continue
            path = FilePath(root, name)
            shown = path.relative_to(directory).as_posix()
            if not _is_utf8(name):
                yield shown, "name"
            elif path.is_symlink() and not path.is_file():
                yield shown, "to a directory" if path.is_dir() else "that leads nowhere"


def _is_utf8(name: str) -> bool:
    return name.isascii() or not any("\ud800" <= character <= "\udfff" for character in name)


def _check_handler(
    program: Program, declaration: Declaration, function: Function, source: str, finding: Finding
) -> None:
    found = [text for _, text in possible_texts(program, declaration, function.runtime, "runtime")]
    languages = [name for name in _ENDINGS if any(runtime.startswith(name) for runtime in found)]
    if not languages:
        return
    path, key = _place(program, declaration, "handler")
    module, dot, name = function.handler.rpartition(".")
    if not (dot and module and name):
        finding(
            f'"{function.handler}" is not a handler', path, key=key, help="write FILE.FUNCTION: handler.lambda_handler"
        )
        return
    endings = _ENDINGS[languages[0]]
    stem = module.replace(".", "/") if languages[0] == "python" else module
    files = [program.code / source / f"{stem}{ending}" for ending in endings]
    file = next((candidate for candidate in files if candidate.is_file()), None)
    if file is None:
        shown = f"{_shown(program, source)}/{stem}{endings[0]}"
        help = f"create {shown}, or correct the handler"
        finding(f'the handler of "{declaration.name}" is missing: there is no file {shown}', path, key=key, help=help)
    elif languages[0] == "python":
        _check_python(declaration, file, f"{_shown(program, source)}/{stem}.py", name, (path, key), finding)


def _check_python(
    declaration: Declaration, file: FilePath, shown: str, name: str, place: tuple[Path, bool], finding: Finding
) -> None:
    path, key = place
    text = file.read_bytes().decode("utf-8", errors="replace")
    if re.search(rf"^(?:async )?def {re.escape(name)}\(", text, re.MULTILINE):
        return
    import ast

    try:
        body = ast.parse(text).body
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None)
        where = f", line {line}" if line else ""
        finding(f'the handler of "{declaration.name}" is not valid Python: {shown}{where}', path, key=key)
        return
    defined = [name for statement in body for name in _defined(statement)]
    if name not in defined:
        finding(
            f'the handler of "{declaration.name}" is missing: {shown} does not define {name}',
            path,
            key=key,
            help=suggest(name, defined, what="defined there") or f"define {name}(event, context) in it",
        )


def _defined(statement: object) -> list[str]:
    """Return the names that a statement of a module defines."""
    import ast

    match statement:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return [name]
        case ast.Assign(targets=targets):
            return [target.id for target in targets if isinstance(target, ast.Name)]
        case ast.AnnAssign(target=ast.Name(id=name)):
            return [name]
        case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
            return [alias.asname or alias.name for alias in aliases]
        case ast.If(body=body, orelse=orelse) | ast.Try(body=body, orelse=orelse):
            return [name for inner in (*body, *orelse) for name in _defined(inner)]
    return []


def _check_layer(program: Program, declaration: Declaration, source: str, finding: Finding) -> None:
    if not _directory(program, declaration, source, finding):
        return
    if not (program.code / source / "requirements.txt").is_file():
        path, key = _place(program, declaration, "code")
        finding(
            f'the layer "{declaration.name}" has no {_shown(program, source)}/requirements.txt',
            path,
            key=key,
            help="list the layer's packages there, one a line",
        )

"""What ``lenie explain PLACE`` does: tell where a line of a generated file comes from, or one of the spec went."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path as File
from typing import NamedTuple

from lenie.compiler.console import Usage, exit_code, show
from lenie.compiler.diagnostics import Diagnostic, Severity, SpecError
from lenie.compiler.graph import Graph
from lenie.compiler.load import Tree
from lenie.compiler.output import MANIFEST
from lenie.compiler.pipeline import Compilation, front
from lenie.compiler.sourcemap.find import Answer, Hit, of_line, of_place, uses_of
from lenie.compiler.sourcemap.read import Mapped, SourceMap, read
from lenie.compiler.sourcemap.report import as_data, found_text, hits_text
from lenie.compiler.sourcemap.spec import paths_at
from lenie.compiler.sourcemap.write import NAME, component_digest, inputs_digest
from lenie.compiler.span import Path
from lenie.compiler.summary import sources
from lenie.compiler.transaction import content, digest

_PLACE = re.compile(r"(?P<file>.+?):(?P<line>[^:/]*)(?::(?P<column>[^:/]*))?", re.DOTALL)
_FORM = "a place is FILE:LINE or FILE:LINE:COLUMN"


class Request(NamedTuple):
    """What the command line asks for."""

    place: str
    spec: str
    out: str
    style: str


class Place(NamedTuple):
    """A place that somebody asks about: line and column count from 1."""

    file: str
    line: int
    column: int | None


@dataclass(slots=True)
class Found:
    """What there is to tell about a place."""

    place: Place
    in_spec: bool
    tree: Tree
    #: Lines of the file that the place is in.
    lines: list[str]
    #: Of a line of a generated file: its map, what the whole file is, and what the line says.
    mapped: SourceMap | None = None
    file: Mapped | None = None
    answers: list[Answer] = field(default_factory=list)
    #: Of a line of the spec: what it holds, what was looked up instead where that leads nowhere, and where it went.
    paths: list[Path] = field(default_factory=list)
    looked_up: list[Path] = field(default_factory=list)
    hits: list[tuple[SourceMap, list[Hit]]] = field(default_factory=list)
    findings: list[Diagnostic] = field(default_factory=list)


def run(request: Request) -> int:
    """Tell what `request` asks for, and return the exit code.

    Raises:
        Usage: if the place is none, or not one in the spec or a generated file.
    """
    place = parsed(request.place)
    file = _existing(place.file, request.out)
    compiled = front(File(request.spec), request.spec)
    if compiled.failed or compiled.graph is None or compiled.tree is None:
        return _spec_errors(request, compiled)
    in_spec = file.samefile(request.spec)
    lines = compiled.tree.lines if in_spec else _lines(file, place.file)
    count = len(lines) - (lines[-1] == "")
    if place.line > count:
        raise Usage(f'"{place.file}" has {count} lines, and no line {place.line}')
    found = Found(place, in_spec, compiled.tree, lines)
    try:
        if in_spec:
            _of_spec(found, compiled.graph, File(request.out))
        else:
            _of_output(found, compiled.graph, file)
    except SpecError as error:
        found.findings.append(error.diagnostic)
    return _print(request, found)


def parsed(text: str) -> Place:
    """Return the place that `text` names.

    Raises:
        Usage: if it names none.
    """
    match = _PLACE.fullmatch(text)
    if match is None:
        raise Usage(f'which line of "{text}"?', _FORM)
    numbers = []
    for name in ("line", "column"):
        given = match[name]
        if given is None:
            continue
        if not re.fullmatch("[0-9]{1,9}", given) or int(given) == 0:
            raise Usage(f'"{given}" is no {name}: they are numbers from 1', _FORM)
        numbers.append(int(given))
    return Place(match["file"], numbers[0], numbers[1] if len(numbers) > 1 else None)


def _existing(name: str, out: str) -> File:
    """Return the file of that name, which may begin below the directory of all targets."""
    for path in (File(name), File(out) / name):
        try:
            if path.is_file():
                return path
        except (OSError, ValueError):
            continue
    what = "is a directory" if File(name).is_dir() else "is not there"
    raise Usage(f'"{name}" {what}', "name a generated file, or the spec")


def _lines(file: File, name: str) -> list[str]:
    try:
        return file.read_bytes().decode("utf-8").split("\n")
    except UnicodeDecodeError:
        raise Usage(
            f'"{name}" is not text, so the compiler did not write it', "name a generated file, or the spec"
        ) from None


def _of_output(found: Found, graph: Graph, file: File) -> None:
    """Find what a line of a generated file is about."""
    name = found.place.file
    directory = next(
        (one for one in file.absolute().parents if (one / NAME).exists() or (one / MANIFEST).exists()), None
    )
    if directory is None:
        help = "no source map stands beside it or above; --spec names the spec, if it is one"
        raise Usage(f'"{name}" is not a file that the compiler wrote', help)
    inner = file.absolute().relative_to(directory).as_posix()
    mapped = found.mapped = read(directory, _shown(file, inner))
    found.file = mapped.files.get(inner)
    if found.file is None:
        what = (
            "belongs to the compiler itself" if inner in (NAME, MANIFEST) else "is not a file that the compiler wrote"
        )
        raise Usage(f'"{name}" {what}', f"{mapped.shown}/{NAME} names the files of the target")
    edited = _edited(mapped, inner, found.file)
    if edited is not None:
        raise SpecError(edited)
    found.answers = of_line(mapped, found.file, found.place.line, found.tree)
    found.findings += _changed(mapped, graph, found.answers)


def _shown(file: File, inner: str) -> str:
    """Return the directory in which `inner` is `file`, as it was named."""
    shown = file.as_posix().removesuffix(inner).rstrip("/")
    return shown or "."


def _of_spec(found: Found, graph: Graph, out: File) -> None:
    """Find where the files of all targets say what a line of the spec says."""
    place = found.place
    found.paths = paths_at(found.tree, place.line, place.column)
    if not found.paths:
        return
    maps = [read(path.parent, path.parent.as_posix()) for path in sorted(out.glob(f"*/{NAME}"))]
    if not maps:
        message = f'no target in "{out}" has a source map'
        raise SpecError(Diagnostic("E613", Severity.ERROR, message, (), "run lenie-compile; --out names the directory"))
    wanted = found.paths
    while wanted and not found.hits:
        found.looked_up = wanted
        uses = [use for path in wanted for use in uses_of(graph, path, found.tree)]
        for mapped in maps:
            hits = list(dict.fromkeys(hit for path in wanted for hit in of_place(mapped, path, found.tree, uses)))
            if hits:
                found.hits.append((mapped, hits))
        # A field that is traced nowhere: what it is a part of.
        wanted = list(dict.fromkeys(path[:-1] for path in wanted if len(path) > 1))
    for number, (mapped, hits) in enumerate(found.hits):
        stale = {path for path in dict.fromkeys(hit.path for hit in hits) if _tell(found, mapped, path)}
        found.hits[number] = (mapped, [hit for hit in hits if hit.path not in stale])
        found.findings += _changed(mapped, graph, [hit.answer for hit in hits])


def _tell(found: Found, mapped: SourceMap, path: str) -> bool:
    """Return whether a file has been edited, and keep what is said about that."""
    edited = _edited(mapped, path, mapped.files[path])
    if edited is not None:
        found.findings.append(edited)
    return edited is not None


def _edited(mapped: SourceMap, path: str, file: Mapped) -> Diagnostic | None:
    """Return what is said about a file that is not as it was mapped."""
    name = f"{mapped.shown}/{path}"
    try:
        if digest(content(mapped.directory / path)) == file.sha256:
            return None
        message = f'"{name}" was changed since its lines were mapped'
    except OSError as error:
        message = f'"{name}" cannot be read: {error.strerror}'
    return Diagnostic("E615", Severity.ERROR, message, (), f"lenie-compile --target {mapped.target} writes it again")


def _changed(mapped: SourceMap, graph: Graph, answers: list[Answer]) -> Iterator[Diagnostic]:
    """Yield what is said about parts of the spec that have changed since the compile."""
    components = dict.fromkeys(answer.component or _component(answer.spec) for answer in answers)
    parts = [name for name in components if name and _differs(mapped, graph, name)]
    if any(answer.spec[:1] in (("parameters",), ("environments",)) for answer in answers):
        parts += ["parameters or environments"] if mapped.inputs != inputs_digest(graph) else []
    for part in parts:
        what = f'component "{part}"' if part in components else part
        message = f"the spec has changed since {mapped.shown} was compiled: {what}"
        yield Diagnostic("E616", Severity.ERROR, message, (), f"run lenie-compile --target {mapped.target}")


def _component(spec: Path) -> str:
    return str(spec[1]) if spec[:1] == ("components",) and len(spec) > 1 else ""


def _differs(mapped: SourceMap, graph: Graph, name: str) -> bool:
    part, component = mapped.components.get(name), graph.components.get(name)
    return part is not None and (component is None or part.digest != component_digest(component))


def _print(request: Request, found: Found) -> int:
    status = exit_code(found.findings)
    if request.style == "json":
        print(json.dumps(as_data(found, status), indent=2, ensure_ascii=False))
        return status
    text = hits_text(found) if found.in_spec else found_text(found)
    if text:
        print(text, flush=True)
    show(found.findings, {})
    return status


def _spec_errors(request: Request, compiled: Compilation) -> int:
    """Tell why the spec cannot be looked up."""
    errors = [one for one in compiled.diagnostics if one.severity is Severity.ERROR]
    if request.style == "json":
        from lenie.compiler.render import render_json

        data = {"place": request.place, "exit_code": exit_code(errors), "diagnostics": json.loads(render_json(errors))}
        print(json.dumps(data, indent=2, ensure_ascii=False))
    else:
        show(errors, sources(compiled))
    return exit_code(errors)

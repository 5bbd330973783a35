"""What was found about a place, as text with code frames or as data."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from lenie.compiler.console import coloured, paint
from lenie.compiler.diagnostics import Label
from lenie.compiler.load import Tree
from lenie.compiler.render import render_frames, render_json, visible
from lenie.compiler.sourcemap.find import Answer, Hit
from lenie.compiler.sourcemap.paths import encode
from lenie.compiler.sourcemap.read import SourceMap
from lenie.compiler.sourcemap.spec import span_of
from lenie.compiler.span import Path, Span

if TYPE_CHECKING:
    from lenie.compiler.sourcemap.command import Found

_BOLD = "1"
_DIM = "2"


def found_text(found: Found) -> str:
    """Return what a line of a generated file is about, with the line, and the lines of the spec."""
    if found.file is None or (found.findings and not found.answers):
        return ""
    headings = [_heading(answer) for answer in found.answers]
    specs: dict[Path, Answer | None] = {answer.spec: answer for answer in found.answers if answer.spec}
    if not found.answers:
        headings = [f"{found.file.about[:1].upper()}{found.file.about[1:]}: a line of no resource"]
    if not specs and found.file.spec:
        specs = {found.file.spec: None}
    labels = [_emitted(found)]
    for spec, answer in specs.items():
        labels.append(Label(span_of(found.tree, spec), _role(answer)))
    lines = [paint(visible(heading), _BOLD, sys.stdout) for heading in headings]
    lines.append(_frames(found, labels))
    if not specs:
        lines.append("no place in the spec stands for this alone")
    return "\n".join(lines)


def hits_text(found: Found) -> str:
    """Return where the files say what a line of the spec says."""
    place = found.place
    if not found.paths:
        return f"{visible(place.file)}:{place.line}: nothing but a comment or an empty line"
    lines = [paint(" ".join(encode(path) for path in found.paths), _BOLD, sys.stdout)]
    lines.append(_frames(found, [Label(span_of(found.tree, path)) for path in found.paths]))
    if not found.hits:
        if not found.findings:
            lines.append("no line of the generated files stems from this alone")
        return "\n".join(lines)
    if found.looked_up != found.paths:
        wider = " ".join(encode(path) for path in found.looked_up)
        lines += ["", f"no line stems from this alone; these stem from {wider}:"]
    for mapped, hits in found.hits:
        rows = [(_where(mapped, hit), _said(hit)) for hit in hits]
        width = min(max((len(where) for where, _ in rows), default=0), 72)
        lines += ["", paint(_title(mapped), _BOLD, sys.stdout)]
        lines += [f"  {visible(where):{width}}  {visible(said)}" for where, said in rows]
    return "\n".join(lines)


def as_data(found: Found, status: int) -> dict[str, Any]:
    """Return what was found as data; docs/source-map.md describes it."""
    place = found.place
    data: dict[str, Any] = {"place": {"file": place.file, "line": place.line, "column": place.column}}
    if not found.in_spec:
        target, environment = (found.mapped.target, found.mapped.environment) if found.mapped is not None else ("", "")
        data |= {"target": target or None, "environment": environment or None}
        data["file"] = found.file.about if found.file is not None else None
        data["file_spec"] = _spec(found.file.spec, found.tree) if found.file is not None else None
        data["answers"] = [_answer(answer, found.tree) for answer in found.answers]
    else:
        data["paths"] = [encode(path) for path in found.paths]
        data["looked_up"] = [encode(path) for path in found.looked_up]
        data["places"] = [_hit(mapped, hit, found.tree) for mapped, hits in found.hits for hit in hits]
    data["exit_code"] = status
    data["diagnostics"] = json.loads(render_json(found.findings))
    return data


def _heading(answer: Answer) -> str:
    """Return in words what a line is about."""
    if answer.kind == "property":
        return f"{encode(answer.path)} of {_owner(answer)}"
    if answer.kind == "attribute":
        return f"{answer.path[0]} of {_owner(answer)}, which is no property"
    if answer.kind == "resource":
        return f"A line around the properties of {_owner(answer)}"
    value = f", a value of {_owner(answer)}" if answer.resource else ""
    return f"{answer.kind[:1].upper()}{answer.kind[1:]} {answer.name}{value}"


def _owner(answer: Answer) -> str:
    type_name = f" ({answer.type})" if answer.type else ""
    return f"{answer.component}.{answer.resource}{type_name}"


def _role(answer: Answer | None) -> str:
    if answer is None:
        return "all of the file is about this"
    return "the spec says it here" if answer.narrow else "the spec asks for the resource here"


def _emitted(found: Found) -> Label:
    """Return the label of the line that is asked about, or of its rest from the column on."""
    place = found.place
    line = found.lines[place.line - 1]
    start = len(line) - len(line.lstrip()) + 1
    if place.column is not None and start < place.column <= len(line):
        start = place.column
    return Label(Span(place.file, place.line, start, place.line, max(len(line.rstrip()) + 1, start + 1)))


def _frames(found: Found, labels: Iterable[Label]) -> str:
    shown = {found.tree.file: found.tree.lines}
    if found.mapped is not None:
        shown[found.place.file] = found.lines
    return render_frames(list(labels), shown, coloured(sys.stdout))


def _title(mapped: SourceMap) -> str:
    return f"{mapped.target}, {mapped.environment}" if mapped.environment else mapped.target


def _where(mapped: SourceMap, hit: Hit) -> str:
    lines = str(hit.first) if hit.first == hit.last else f"{hit.first}-{hit.last}"
    return f"{mapped.shown}/{hit.path}:{lines}"


def _said(hit: Hit) -> str:
    answer = hit.answer
    if answer.kind == "property":
        said = f"{answer.component}.{answer.resource} {encode(answer.path)}"
    elif answer.kind == "resource":
        said = f"{answer.component}.{answer.resource}"
    else:
        said = f"{answer.kind} {answer.name}"
    return f"{said} (uses it)" if hit.uses else said


def _answer(answer: Answer, tree: Tree) -> dict[str, Any]:
    row: dict[str, Any] = {"kind": answer.kind}
    if answer.resource:
        row |= {"component": answer.component, "resource": answer.resource, "type": answer.type}
    if answer.path:
        row["property" if answer.kind == "property" else "attribute"] = encode(answer.path)
    if answer.name:
        row["name"] = answer.name
    return row | {"spec": _spec(answer.spec, tree)}


def _spec(path: Path, tree: Tree) -> dict[str, Any] | None:
    if not path:
        return None
    span = span_of(tree, path)
    return {"path": encode(path), "file": span.file, "line": span.line, "column": span.column}


def _hit(mapped: SourceMap, hit: Hit, tree: Tree) -> dict[str, Any]:
    head = {"target": mapped.target, "environment": mapped.environment or None, "file": f"{mapped.shown}/{hit.path}"}
    return {**head, "first_line": hit.first, "last_line": hit.last, "uses": hit.uses, **_answer(hit.answer, tree)}

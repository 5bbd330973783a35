"""What ``lenie verify`` does."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from lenie.compiler.console import exit_code, show
from lenie.compiler.diagnostics import Diagnostic, Severity, suggest
from lenie.compiler.pipeline import Compilation, compile_spec, front
from lenie.compiler.summary import sources
from lenie.compiler.verify.files import Listing
from lenie.compiler.verify.program import Problem
from lenie.compiler.verify.report import Report, dumped, reasons, shown_directory
from lenie.compiler.verify.values import Place
from lenie.compiler.verify.verification import Unavailable, Verdict, Verification


class Request(NamedTuple):
    """What the command line asks for. `named` tells whether the targets were named."""

    targets: tuple[str, ...]
    named: bool
    spec: str
    out: str
    environments: tuple[str, ...]
    cdk_python: str
    style: str


def run(request: Request) -> int:
    """Verify what `request` asks for, print the report, and return the exit code."""
    started = time.perf_counter()
    compiled = front(Path(request.spec), request.spec)
    known = compiled.graph.environments if compiled.graph is not None else request.environments
    for name in request.environments:
        if name not in known:
            help = suggest(name, known, what="environments")
            message = f'there is no environment "{name}"'
            compiled.diagnostics.append(Diagnostic("E901", Severity.ERROR, message, (), help))
    if compiled.failed or compiled.graph is None or compiled.tree is None:
        return _spec_errors(request, compiled)
    named = tuple(name for name in compiled.graph.environments if name in request.environments)
    environments = named or compiled.graph.environments
    verification = Verification(compiled.graph, environments)
    report = Report(request.spec, compiled.tree, tuple(program.environment for _, program in verification.wanted))
    if compiled.graph.clusters and not request.named:
        report.unread.append("eks")
    report.first_edit = lambda target, file: _first_edit(request, target, report.listings[target], file)
    try:
        _verify(request, report, verification)
    finally:
        # Also after an interrupt: no app goes on when its command has ended.
        verification.stop()
    return _print(request, report, time.perf_counter() - started)


def _verify(request: Request, report: Report, verification: Verification) -> None:
    """Verify every target, and put what is found into `report`."""
    special: dict[str, list[str]] = {}
    # A synthesis takes longer than everything else, so it starts first.
    for target in sorted(request.targets, key=lambda name: name != "cdk"):
        shown = shown_directory(request.out, target)
        listing = report.listings[target] = Listing(Path(shown), shown)
        special[target] = listing.special()
        if not special[target]:
            with _told(report, request, target):
                verification.begin(target, Path(shown), shown, python=request.cdk_python)
    for target in request.targets:
        shown = shown_directory(request.out, target)
        if special[target]:
            message = "this is neither a file nor a directory, so that the files cannot be read"
            problems = [Problem("E606", message, Place(file, 1), "remove it") for file in special[target]]
            report.verdicts.append(Verdict(target, shown, problems=problems))
        elif target not in {name for name, _ in report.skipped}:
            report.verdicts.append(verification.target(target, Path(shown), shown, python=request.cdk_python))


def _first_edit(request: Request, target: str, listing: Listing, file: str) -> int:
    """Return the first line of an edited file that differs from a fresh compile, which is made for that alone."""
    inner, lines, found = file.removeprefix(f"{listing.shown}/"), listing.lines(file), 1
    for scope in ("default", "all"):
        fresh = compile_spec(Path(request.spec), (target,), scope=scope).outputs.get(target, {}).get(inner)
        if fresh is None:
            continue
        pairs = enumerate(zip(lines, fresh.split("\n"), strict=False), start=1)
        found = max(found, next((number for number, (here, there) in pairs if here != there), len(lines)))
    return found


@contextmanager
def _told(report: Report, request: Request, target: str) -> Iterator[None]:
    """Keep in `report` why a target cannot be verified."""
    try:
        yield
    except Unavailable as error:
        severity, code = (Severity.ERROR, "E916") if request.named else (Severity.WARNING, "W916")
        message = f"{target}: not verified: {error.message}"
        report.skipped.append((target, Diagnostic(code, severity, message, (), error.help)))


def _spec_errors(request: Request, compiled: Compilation) -> int:
    """Tell why there is no graph to compare with."""
    errors = [one for one in compiled.diagnostics if one.severity is Severity.ERROR]
    match request.style:
        case "json":
            import json

            from lenie.compiler.render import render_json

            print(
                dumped(
                    {
                        "spec": request.spec,
                        "exit_code": exit_code(errors),
                        "diagnostics": json.loads(render_json(errors)),
                    }
                )
            )
        case "sarif" | "github":
            _exchanged(request.style, errors, [])
        case _:
            show(errors, sources(compiled))
    return exit_code(errors)


def _print(request: Request, report: Report, seconds: float) -> int:
    found = report.diagnostics()
    waived = report.waived()
    status = exit_code(found)
    if request.style == "json":
        print(dumped(report.as_data(status)))
        return status
    if request.style != "text":
        _exchanged(request.style, found, waived)
        return status
    for line in report.table() if report.verdicts else ():
        print(line)
    for line in (*report.left_out(), *reasons(waived)):
        print(line)
    if sys.stdout is not None:
        sys.stdout.flush()
    show(found, report.sources(found))
    if report.verdicts:
        print(_total(report, seconds))
    return status


def _exchanged(style: str, found: list[Diagnostic], waived: list[tuple[Diagnostic, str]]) -> None:
    from lenie.compiler.exchange import render_github, render_sarif

    if style == "sarif":
        from lenie.compiler.explain import titles

        print(render_sarif(found, titles(), waived))
        return
    text = render_github(found)
    if text:
        print(text)


def _total(report: Report, seconds: float) -> str:
    """Return the last line: what was compared, and the result."""
    counts = [count for verdict in report.verdicts for count in verdict.compared.values()]
    resources, values = (sum(numbers) for numbers in zip(*counts, strict=True)) if counts else (0, 0)
    findings = sum(one.severity is Severity.ERROR for one in report.diagnostics())
    result = f"{findings} {'finding' if findings == 1 else 'findings'}" if findings else "no difference"
    targets = ", ".join(verdict.target for verdict in report.verdicts)
    names = [name for name in report.environments if " " not in name]
    return (
        f"{targets} in {', '.join(names)}: {resources} resources with {values} values compared, {result}, "
        f"{len(report.waived())} waived, in {seconds:.1f} s"
    )

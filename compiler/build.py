"""What ``lenie-compile`` does: compile, then write or compare, then tell."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from lenie.compiler.console import coloured, exit_code, show
from lenie.compiler.diagnostics import Diagnostic, Severity, SpecError
from lenie.compiler.output import Plan, Result, State, check, diagnostic, write
from lenie.compiler.pipeline import Compilation, compile_spec
from lenie.compiler.summary import counts, sources


class Request(NamedTuple):
    """What the command line asks for; `command` is the command that writes the files."""

    targets: tuple[str, ...]
    spec: str
    out: Path
    environment: str
    scope: str
    command: str

    def directory(self, target: str) -> str:
        """Return the name of the directory of `target`; one environment's files never mix with those for all."""
        return f"{target}-{self.environment}" if self.environment else target


@dataclass(slots=True)
class _Outcome:
    """What happened to each file: target -> path -> words."""

    files: dict[str, dict[str, str]] = field(default_factory=dict)
    #: Lines for standard output.
    lines: list[str] = field(default_factory=list)


def build(request: Request, *, check: bool, as_json: bool) -> int:
    """Do what `request` asks for, only comparing if `check` is set; return the exit code."""
    started = time.perf_counter()
    run = compile_spec(
        Path(request.spec),
        request.targets,
        environment=request.environment,
        scope=request.scope,
        shown=request.spec,
        apart=True,
    )
    outcome = _Outcome()
    if not run.failed:
        try:
            (_compare if check else _write)(request, run, outcome)
        except SpecError as error:
            run.diagnostics.append(error.diagnostic)
    status = exit_code(run.diagnostics)
    if as_json:
        _print_json(request, run, outcome, status)
        return status
    _print_text(run, outcome, time.perf_counter() - started)
    return status


def _write(request: Request, run: Compilation, outcome: _Outcome) -> None:
    for target, files in run.outputs.items():
        name = request.directory(target)
        if _is_nothing(request, target, files):
            continue
        result = write(request.out, name, files)
        outcome.files[target] = _words(result)
        outcome.lines.append(f"{request.out / name}: {_told(result)}")
        for path in result.overwritten:
            message = f'"{request.out / name / path}" had been changed by hand: the changes are gone'
            run.diagnostics.append(diagnostic("W906", message, f"change {request.spec}, not what is generated from it"))
        for path in result.kept:
            message = f'"{request.out / name / path}" is no longer generated, and stays because it was changed by hand'
            run.diagnostics.append(diagnostic("W907", message, "remove it if nobody needs it"))
        for path in result.unlisted:
            message = f'"{request.out / name / path}" says that the compiler made it, and is not on its list of files'
            help = "remove it, or the line that says so"
            run.diagnostics.append(diagnostic("W909", message, help))


def _compare(request: Request, run: Compilation, outcome: _Outcome) -> None:
    from lenie.compiler.compare import differences, strays_note

    stale = []
    for target, files in run.outputs.items():
        if _is_nothing(request, target, files):
            continue
        plan, interrupted = check(request.out, request.directory(target), files)
        outcome.files[target] = {path: state.value for path, state in plan.states.items()}
        if plan.current and not interrupted:
            outcome.lines.append(f"{plan.directory}: {_number(len(files), 'file')}, all up to date")
        else:
            stale.append(plan)
            outcome.lines += differences(plan, interrupted, coloured(sys.stdout))
        outcome.lines += strays_note(plan)
    if stale:
        run.diagnostics.append(_stale(request, stale))


def _is_nothing(request: Request, target: str, files: Mapping[str, str]) -> bool:
    """Whether a target has no files, and has none from an earlier compile that would have to be removed."""
    directory = request.out / request.directory(target)
    return not files and not (directory.is_dir() and any(directory.iterdir()))


def _stale(request: Request, plans: list[Plan]) -> Diagnostic:
    number = sum(state is not State.UNCHANGED for plan in plans for state in plan.states.values())
    where = " and ".join(f'"{plan.directory}"' for plan in plans)
    what = _number(number, "file") if number else "the list of files"
    message = f"{what} in {where} {'is' if number < 2 else 'are'} not what {request.spec} compiles to"
    return diagnostic("E905", message, f"run: {request.command}")


def _words(result: Result) -> dict[str, str]:
    """Return what was done to each file, in one word."""
    groups = {
        "changed": result.changed,
        "added": result.added,
        "removed": result.removed,
        "unchanged": result.unchanged,
        "kept": result.kept,
        "unlisted": result.unlisted,
    }
    return dict(sorted((path, word) for word, paths in groups.items() for path in paths))


def _told(result: Result) -> str:
    made = len(result.changed) + len(result.added) + len(result.unchanged)
    done = ((len(result.added), "added"), (len(result.changed), "changed"), (len(result.removed), "removed"))
    return f"{_number(made, 'file')}; " + (", ".join(f"{count} {word}" for count, word in done if count) or "no change")


def _print_text(run: Compilation, outcome: _Outcome, seconds: float) -> None:
    shown = [found for found in run.diagnostics if not is_waived(found)]
    waived = len(run.diagnostics) - len(shown)
    # Results first: a check's differences are long, and its verdict should stand at the end.
    for line in outcome.lines:
        print(line)
    if outcome.lines and sys.stdout is not None:
        sys.stdout.flush()
    show(shown, sources(run))
    if run.failed:
        from lenie.compiler.render import summary

        if not outcome.lines:
            print(summary(shown), file=sys.stderr)
        return
    notes = f"; {_number(waived, 'rule')} waived (lenie validate shows them)" if waived else ""
    print(f"{counts(run)} in {seconds:.1f} s{notes}")


def _print_json(request: Request, run: Compilation, outcome: _Outcome, status: int) -> None:
    import json

    from lenie.compiler.render import render_json

    data: dict[str, Any] = {
        "spec": request.spec,
        "environment": request.environment or None,
        "exit_code": status,
        "diagnostics": json.loads(render_json(run.diagnostics)),
        "files": [
            {"target": target, "path": str(request.out / request.directory(target) / path), "state": state}
            for target, files in outcome.files.items()
            for path, state in files.items()
        ],
    }
    print(json.dumps(data, indent=2))


def is_waived(found: Diagnostic) -> bool:
    """Whether a diagnostic only tells that the spec waives a rule."""
    return found.severity is Severity.NOTE and found.message.startswith("waived: ")


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"

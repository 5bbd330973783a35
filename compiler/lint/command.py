"""What ``lenie lint`` does: run every tool on what it reads, find the places in the spec, and tell."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import NamedTuple, Protocol

from lenie.compiler.console import EXIT_FINE, EXIT_STALE, EXIT_USAGE, Usage, exit_code, show
from lenie.compiler.diagnostics import Diagnostic, Severity
from lenie.compiler.graph import Graph
from lenie.compiler.lint import TOOLS
from lenie.compiler.lint.context import Context, Tool
from lenie.compiler.lint.finding import Failed, Missing
from lenie.compiler.lint.generated import Generated, gather
from lenie.compiler.lint.locate import Locator
from lenie.compiler.lint.process import Runner
from lenie.compiler.lint.report import Ran, Report, Told, counted, status
from lenie.compiler.pipeline import Compilation
from lenie.compiler.summary import sources
from lenie.compiler.verify.files import Listing

#: Tools at a time; each of them uses more than one processor now and then.
_WORKERS = 2


class Request(NamedTuple):
    """What the command line asks for. `tools` are those that it names; without any, all run that can."""

    targets: tuple[str, ...]
    tools: tuple[str, ...]
    spec: str
    out: str
    #: Tool -> the program that the command line names for it.
    programs: dict[str, str]
    limit: float
    style: str


def run(request: Request) -> int:
    """Run the tools that `request` asks for, print what they found, and return the exit code."""
    started = time.perf_counter()
    tools = [_tool(name) for name in request.tools or TOOLS]
    for tool in tools if request.tools else ():
        if not set(tool.targets) & set(request.targets):
            raise Usage(
                f"{tool.name} does not read {', '.join(request.targets)}", f"it reads {', '.join(tool.targets)}"
            )
    # Files that none of the tools reads are no concern.
    wanted = tuple(target for target in request.targets if any(target in tool.targets for tool in tools))
    compiled, targets = gather(Path(request.spec), request.spec, wanted, Path(request.out))
    if compiled.failed or compiled.graph is None or compiled.tree is None:
        return _spec_errors(request, compiled)
    graph = compiled.graph
    report = Report(
        request.spec, compiled.tree, Locator(graph, compiled.tree, targets), targets, tuple(graph.environments)
    )
    present = []
    for one in targets:
        remarks = list(_remarks(request, one))
        report.remarks += remarks
        if all(remark.severity is not Severity.ERROR for remark in remarks):
            present.append(one)
    jobs = [(tool, one) for tool in tools for one in present if one.target in tool.targets]
    report.runs = _run(request, graph, jobs)
    return _print(request, report, time.perf_counter() - started)


def _tool(name: str) -> Tool:
    tool: Tool = import_module(TOOLS[name]).TOOL
    return tool


def _remarks(request: Request, one: Generated) -> Iterator[Diagnostic]:
    """Yield what is to be said of the files before any tool reads them."""
    if one.missing:
        message = f'there is nothing in "{one.shown}" that tools could look at'
        yield Diagnostic("E626", Severity.ERROR, message, (), f"run: lenie-compile --target {one.target}")
        return
    special = Listing(one.directory, one.shown).special()
    if special:
        message = f'"{special[0]}" is neither a file nor a directory, so that no tool can read "{one.shown}"'
        yield Diagnostic("E627", Severity.ERROR, message, (), "remove it")
    if one.trouble is not None:
        message = f"{one.trouble.message}; what tools say of it may be told at a wrong line of the spec"
        yield Diagnostic("W625", Severity.WARNING, message, (), one.trouble.help)
    stale = one.stale(request.spec)
    if stale is not None:
        yield stale


def _run(request: Request, graph: Graph, jobs: Sequence[tuple[Tool, Generated]]) -> list[Ran]:
    """Run each tool on each target, some at a time; the results are in the order of `jobs`."""
    runner = Runner(request.limit)
    done: dict[int, Ran] = {}
    with (
        tempfile.TemporaryDirectory(prefix="lenie-lint-") as scratch,
        ThreadPoolExecutor(_WORKERS) as pool,
        _progress(len(jobs)) as progress,
    ):
        try:
            pending: dict[Future[Ran], int] = {}
            for number, (tool, one) in enumerate(jobs):
                own = Path(scratch, str(number)).resolve()
                own.mkdir()
                context = Context(one.target, one.directory, one.shown, graph, runner, own, request.programs)
                pending[pool.submit(_one, request, tool, context)] = number
            for future in as_completed(pending):
                ran = done[pending[future]] = future.result()
                progress.step(f"{ran.tool} {ran.target}: {status(ran)}")
        finally:
            # Also after an interrupt: no tool goes on when its command has ended.
            runner.stop()
    return [done[number] for number in range(len(jobs))]


def _one(request: Request, tool: Tool, context: Context) -> Ran:
    started = time.perf_counter()

    def ran(code: str, message: str, help: str) -> Ran:
        severity = Severity.WARNING if code[0] == "W" else Severity.ERROR
        trouble = Diagnostic(code, severity, f"{tool.name}: {message}", (), help)
        return Ran(tool.name, context.target, time.perf_counter() - started, trouble=trouble)

    try:
        result = tool.run(context)
    except Missing as missing:
        code = "E624" if tool.name in request.tools else "W624"
        return ran(code, f"not run: {missing.message}", missing.help)
    except Failed as failed:
        return ran("E623", f'failed on "{context.shown}": {failed.message}', failed.help)
    return Ran(tool.name, context.target, time.perf_counter() - started, result)


def _status(request: Request, report: Report, told: Sequence[Told]) -> int:
    """Return the exit code: 2 for whatever is wrong with the files, 3 if what was asked for could not be done."""
    states = [status(ran) for ran in report.runs]
    lacking = {ran.tool for ran in report.runs if status(ran) in ("missing", "partly")} & set(request.tools)
    if lacking or (states and set(states) <= {"missing", "failed"}):
        return EXIT_USAGE
    found = [one.diagnostic for one in told] + report.troubles()
    wrong = [one for one in found if one.severity is not Severity.NOTE and one.code != "W624"]
    return EXIT_STALE if wrong else EXIT_FINE


def _print(request: Request, report: Report, seconds: float) -> int:
    told, accepted, troubles = report.told(), report.told(accepted=True), report.troubles()
    code = _status(request, report, told)
    if request.style == "json":
        import json

        print(json.dumps(report.as_data(code), indent=2, ensure_ascii=False))
        return code
    if request.style != "text":
        _exchange(request.style, told, accepted, troubles)
        return code
    if report.runs:
        for line in report.table():
            print(line)
    diagnostics, more = report.shortened()
    for line in more:
        print(line)
    if sys.stdout is not None:
        sys.stdout.flush()
    found = [*diagnostics, *troubles]
    show(found, report.sources(found))
    if report.runs:
        print(_total(report, told, accepted, seconds))
    return code


def _total(report: Report, told: Sequence[Told], accepted: Sequence[Told], seconds: float) -> str:
    """Return the last line: what was found, and how many tools did not come to their end."""
    counts = [(sum(one.diagnostic.severity is severity for one in told), severity.value) for severity in Severity]
    states = [status(ran) for ran in report.runs]
    idle = sum(state in ("missing", "failed") for state in states)
    words = ", ".join(counted(count, word) for count, word in counts if count)
    if not words:
        words = "no finding" if idle < len(states) else "nothing was looked at"
    more = f"; {counted(idle, 'run')} without a result" if idle else ""
    return f"{words}; {counted(len(accepted), 'finding')} accepted with a reason{more}; in {seconds:.1f} s"


def _exchange(style: str, told: Sequence[Told], accepted: Sequence[Told], troubles: Sequence[Diagnostic]) -> None:
    """Print SARIF, or annotations of GitHub. The rules there are those of the tools, so that each can be managed."""
    from lenie.compiler.exchange import render_github, render_sarif

    found = [one.diagnostic._replace(code=one.rule) for one in told] + list(troubles)
    if style == "github":
        text = render_github(found)
        if text:
            print(text)
        return
    from lenie.compiler.explain import titles

    known = titles()
    for one in (*told, *accepted):
        known.setdefault(one.rule, one.found[0].finding.message if one.found[0].finding.rule else one.rule)
    suppressed = [
        (one.diagnostic._replace(code=one.rule, severity=Severity.NOTE), one.found[0].finding.accepted or "")
        for one in accepted
    ]
    print(render_sarif(found, known, suppressed))


def _spec_errors(request: Request, compiled: Compilation) -> int:
    """Tell why there is nothing to find places in."""
    errors = [one for one in compiled.diagnostics if one.severity is Severity.ERROR]
    code = exit_code(errors)
    match request.style:
        case "json":
            import json

            from lenie.compiler.render import render_json

            content = {"spec": request.spec, "exit_code": code, "diagnostics": json.loads(render_json(errors))}
            print(json.dumps(content, indent=2, ensure_ascii=False))
        case "sarif" | "github":
            _exchange(request.style, (), (), errors)
        case _:
            show(errors, sources(compiled))
    return code


class _Progress(Protocol):
    def step(self, words: str) -> None:
        """Count one more tool as done, and say which."""


class _Silent:
    def step(self, words: str) -> None:
        """Show nothing where nobody would see it."""


@contextmanager
def _progress(total: int) -> Iterator[_Progress]:
    """Show a progress bar on standard error while the block runs, if that is a terminal."""
    if sys.stderr is None or not sys.stderr.isatty() or not total:
        yield _Silent()
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("the tools are running", total=total)

        class Bar:
            def step(self, words: str) -> None:
                """Show what has ended last."""
                bar.update(task, advance=1, description=words)

        yield Bar()

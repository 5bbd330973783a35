"""What ``lenie diff`` does: find out which comparison is meant, make it, and print it."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple, NoReturn

from lenie.compiler.console import (
    EXIT_FINE,
    EXIT_STALE,
    EXIT_USAGE,
    Usage,
    coloured,
    exit_code,
    paint,
    show,
)
from lenie.compiler.diagnostics import Diagnostic, Severity, SpecError, suggest
from lenie.compiler.diff.model import Change, Comparison
from lenie.compiler.graph import Graph
from lenie.compiler.pipeline import Compilation, compile_spec, front
from lenie.compiler.summary import sources

#: Width where no terminal tells one.
WIDTH = 160
_NARROWEST = 40
_WIDEST = 10_000


class Request(NamedTuple):
    """What the command line asks for: `words` are targets and a component."""

    words: tuple[str, ...]
    spec: str
    environment: str
    against: str | None
    style: str
    width: int
    fail_on: str
    everything: bool


def run(request: Request) -> int:
    """Do what `request` asks for, and return the exit code."""
    targets, component = _divided(request)
    if targets:
        return _sides(request, targets, component)
    return _compared(request, component)


def _divided(request: Request) -> tuple[tuple[str, ...], str]:
    """Return the targets and the component that the words name; refuse what is no comparison."""
    from lenie.targets import DIALECTS

    words = list(request.words)
    of_specs = request.against is not None or ".." in request.environment
    targets: list[str] = []
    while not of_specs and words and words[0] in DIALECTS and words[0] not in targets:
        targets.append(words.pop(0))
    if of_specs and request.against is not None and ".." in request.environment:
        raise Usage("--env A..B and --against are two comparisons", "name one environment for --against, or none")
    if request.fail_on and request.against is None:
        raise Usage("--fail-on is for --against only", "add --against main, or leave it out")
    if not of_specs and len(targets) < 2:
        _refuse(request, words, targets)
    if len(words) > 1:
        if of_specs and words[0] in DIALECTS:
            raise Usage(f'"{words[0]}" is no component', "targets are compared without --against and --env A..B")
        raise Usage(f'"{words[1]}" is one word too many', "at most one component can be named")
    if request.width and not _NARROWEST <= request.width <= _WIDEST:
        amount = "few" if request.width < _NARROWEST else "many"
        raise Usage(f"{request.width} columns are too {amount}", f"possible: {_NARROWEST} to {_WIDEST}")
    return tuple(targets), words[0] if words else ""


def _refuse(request: Request, words: list[str], targets: list[str]) -> NoReturn:
    from lenie.targets import DIALECTS, PLANNED, TARGETS

    usual = "name two targets (cfn tf), or give --env dev..prod, or --against main"
    possible = f"possible: {', '.join(DIALECTS)}"
    if words and words[0] in PLANNED:
        raise Usage(f'the target "{words[0]}" does not exist yet', possible)
    if words and words[0] in TARGETS and words[0] not in DIALECTS:
        raise Usage(f'the target "{words[0]}" has clusters and no resources to compare', possible)
    if targets:
        rest = [name for name in DIALECTS if name not in targets]
        raise Usage(f"what is {targets[0]} to be compared with?", f"name another target: {' or '.join(rest)}")
    if request.environment:
        raise Usage("one environment is not compared with anything", f"--env {request.environment}..OTHER, or {usual}")
    if words and (near := suggest(words[0], DIALECTS)).startswith("did you mean"):
        raise Usage(f'there is no target "{words[0]}"', near)
    raise Usage("what is to be compared?", usual)


def _component(name: str, *graphs: Graph) -> None:
    """Refuse a component that no graph has."""
    known = [found for graph in graphs for found in graph.components]
    if name and name not in known:
        raise Usage(f'there is no component "{name}"', suggest(name, known, what="components"))


def _environment(name: str, graph: Graph) -> None:
    if name not in graph.environments:
        raise Usage(f'there is no environment "{name}"', suggest(name, graph.environments, what="environments"))


def _failed(request: Request, run: Compilation) -> int:
    """Tell why a spec does not compile, and return the exit code."""
    errors = [found for found in run.diagnostics if found.severity is Severity.ERROR]
    _tell(request, errors, sources(run))
    return exit_code(errors)


def _tell(request: Request, errors: list[Diagnostic], lines: dict[str, list[str]]) -> None:
    if request.style == "json":
        from lenie.compiler.render import render_json

        print(json.dumps({"diagnostics": json.loads(render_json(errors))}, indent=2))
    show(errors, lines)


def _width(request: Request) -> int:
    if request.width:
        return request.width
    if sys.stdout is not None and sys.stdout.isatty():
        return max(shutil.get_terminal_size((WIDTH, 24)).columns, _NARROWEST)
    return WIDTH


def _sides(request: Request, targets: tuple[str, ...], component: str) -> int:
    """Print a component, or all of them, in several dialects."""
    from lenie.compiler.diff.columns import (
        NARROWEST,
        column_width,
        markdown_blocks,
        plain_lines,
        print_table,
    )
    from lenie.compiler.diff.sides import as_data, rows

    width = _width(request)
    if request.style == "text" and column_width(width, len(targets)) < NARROWEST:
        raise Usage(
            f"{width} columns are too few for {len(targets)} targets", "widen the terminal, or give --width 120"
        )
    run = compile_spec(
        Path(request.spec),
        targets,
        environment=request.environment,
        scope="all",
        component=component,
        shown=request.spec,
    )
    if run.graph is not None:
        _component(component, run.graph)
    if run.failed or run.graph is None:
        return _failed(request, run)
    chosen = [found for name, found in run.graph.components.items() if component in ("", name)]
    listed = ((found.name, rows(run, found, targets)) for found in chosen)
    if request.style == "json":
        data = [as_data(name, found, targets) for name, found in listed]
        print(json.dumps({"spec": request.spec, "targets": list(targets), "components": data}, indent=2))
    elif request.style == "markdown":
        from lenie.compiler.diff.markdown import LIMIT, fitting_blocks

        blocks = (block for name, found in listed for block in markdown_blocks(name, found, targets))
        print(fitting_blocks(blocks, LIMIT, "blocks"), end="")
    elif coloured(sys.stdout):
        for name, found in listed:
            print_table(name, found, targets, width)
    else:
        for number, (name, found) in enumerate(listed):
            _print(([""] if number else []), plain_lines(name, found, targets, width))
    return EXIT_FINE


def _print(*lines: Iterable[str]) -> None:
    for several in lines:
        for line in several:
            print(line)


def _compared(request: Request, component: str) -> int:
    """Print how two environments, or two revisions of the spec, differ."""
    new = front(Path(request.spec), request.spec)
    if new.failed or new.graph is None or new.tree is None:
        return _failed(request, new)
    if request.against is None:
        from lenie.compiler.diff.environments import environments

        pair = _pair(request.environment, new.graph)
        _component(component, new.graph)
        found = environments(new.graph, new.tree, pair, component=component, names=request.everything)
        _show(request, found)
        return EXIT_FINE
    try:
        found = _against(request, new, component, request.against)
    except SpecError as error:
        _tell(request, [error.diagnostic], {})
        return EXIT_USAGE
    _show(request, found)
    return _gate(request, found)


def _pair(given: str, graph: Graph) -> tuple[str, str]:
    """Return the two environments of ``dev..prod``."""
    one, _, other = given.partition("..")
    if not one or not other:
        raise Usage(f'"{given}" names no two environments', f"write --env {'..'.join(graph.environments[:2])}")
    for name in (one, other):
        _environment(name, graph)
    if one == other:
        raise Usage(f"{one} is compared with itself", "name two environments")
    return one, other


def _against(request: Request, new: Compilation, component: str, revision: str) -> Comparison:
    from lenie.compiler.diff.against import against
    from lenie.compiler.diff.revision import compiled

    assert new.graph is not None
    assert new.tree is not None
    if request.environment:
        _environment(request.environment, new.graph)
    with compiled(Path(request.spec), revision) as old:
        assert old.graph is not None
        assert old.tree is not None
        _component(component, new.graph, old.graph)
        return against(
            (old.graph, old.tree),
            (new.graph, new.tree),
            (revision, request.spec),
            component=component,
            environment=request.environment,
        )


def _show(request: Request, found: Comparison) -> None:
    if request.style == "json":
        from lenie.compiler.diff.text import as_data

        print(json.dumps(as_data(found), indent=2))
    elif request.style == "markdown":
        from lenie.compiler.diff.markdown import comment

        print(comment(found), end="")
    else:
        from lenie.compiler.diff.text import text_lines

        def styled(text: str, code: str) -> str:
            return paint(text, code, sys.stdout)

        _print(text_lines(found, styled, _width(request), everything=request.everything))


def _gate(request: Request, found: Comparison) -> int:
    """Return the exit code for what --fail-on says, and tell what it does not let pass."""
    failed = found.fails(request.fail_on) if request.fail_on else ()
    if not failed:
        return EXIT_FINE
    if isinstance(failed, tuple):
        message = f"{_listed(failed)}, and --fail-on {request.fail_on} lets no such change pass"
    else:
        message = f"environments change as a whole, and --fail-on {request.fail_on} lets no such change pass"
    help = "lenie explain E612 tells what each word stops"
    if sys.stdout is not None:
        sys.stdout.flush()
    show([Diagnostic("E612", Severity.ERROR, message, (), help)], {})
    return EXIT_STALE


def _listed(failed: tuple[Change, ...]) -> str:
    told = [f"{change.logical_id} of {change.component} is {change.action.value}" for change in failed]
    told = [words.replace("is may be", "may be") for words in dict.fromkeys(told)]
    more = f" and {len(told) - 3} more" if len(told) > 3 else ""
    return ", ".join(told[:3]) + more

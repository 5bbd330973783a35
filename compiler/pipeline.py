"""The compiler on one screen: load, validate, resolve, lower, emit.

Each pass returns its value and diagnostics; an error stops the pipeline at the end of its pass, so that a user sees all
errors of a pass at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from lenie.compiler.diagnostics import Diagnostic, Severity, SpecError
from lenie.compiler.load import Tree, load

if TYPE_CHECKING:
    from lenie.compiler.graph import Graph
    from lenie.compiler.program import Program
    from lenie.targets.base import Places

Value = TypeVar("Value")


@dataclass(slots=True)
class Compilation:
    """One run over a spec: what each pass made of it, and all that was said about it."""

    spec: Path
    diagnostics: list[Diagnostic] = field(default_factory=list)
    tree: Tree | None = None
    program: Program | None = None
    graph: Graph | None = None
    #: Target -> path below the target's directory -> content.
    outputs: dict[str, Mapping[str, str]] = field(default_factory=dict)
    #: Target -> where in its files each resource and each property stands.
    places: dict[str, Places] = field(default_factory=dict)

    @property
    def failed(self) -> bool:
        """Whether an error was found."""
        return any(d.severity is Severity.ERROR for d in self.diagnostics)

    def take(self, result: tuple[Value, list[Diagnostic]]) -> Value:
        """Keep a pass's diagnostics and return its value."""
        value, diagnostics = result
        self.add(diagnostics)
        return value

    def add(self, diagnostics: list[Diagnostic]) -> None:
        """Keep a pass's diagnostics in the order of the spec, each once: a fault in a default is met in many places."""
        new = (found for found in dict.fromkeys(diagnostics) if found not in self.diagnostics)
        self.diagnostics += sorted(new, key=lambda found: [label.span for label in found.labels[:1]])


def front(
    spec: Path, shown: str | None = None, adjust: Callable[[Program], list[Diagnostic]] | None = None
) -> Compilation:
    """Run the passes that no target takes part in, up to the graph. `shown` is the spec's name in diagnostics.

    `adjust` may change the validated program before it is resolved, so that rules hold for what is given elsewhere.
    """
    run = Compilation(spec)
    try:
        _passes(run, spec, shown, adjust)
    except SpecError as error:
        run.diagnostics.append(error.diagnostic)
    return run


def _passes(
    run: Compilation, spec: Path, shown: str | None, adjust: Callable[[Program], list[Diagnostic]] | None
) -> None:
    run.tree = load(spec, shown=shown)
    from lenie.compiler.lower import lower
    from lenie.compiler.resolve import resolve
    from lenie.compiler.validate import validate

    program = run.take(validate(run.tree, spec.parent))
    if program is not None and adjust is not None:
        run.add(adjust(program))
    if program is not None and not run.failed:
        run.program = run.take(resolve(program))
    if run.program is not None:
        run.graph = run.take(lower(run.program))


def compile_spec(
    spec: Path,
    targets: tuple[str, ...],
    *,
    environment: str = "",
    scope: str = "default",
    component: str = "",
    shown: str | None = None,
    progress: Callable[[str], None] = lambda target: None,
) -> Compilation:
    """Compile `spec` for `targets` (names from `lenie.targets`), for one environment if it is given.

    With `component`, a target that can emit a part of the architecture emits that one, whatever `scope` says.
    Nothing is written; `outputs` of the result holds the files, with the source map of each target, and `places` what
    stands where in them. `progress` is called before each target.
    """
    run = front(spec, shown)
    if run.graph is None or run.tree is None:
        return run
    from lenie.compiler.diagnostics import Report, suggest
    from lenie.compiler.sourcemap.write import NAME, Stems, source_map
    from lenie.targets import load_target
    from lenie.targets.base import Places

    graph = run.graph
    if environment and environment not in graph.environments:
        help = suggest(environment, graph.environments, what="environments")
        run.diagnostics.append(Diagnostic("E901", Severity.ERROR, f'there is no environment "{environment}"', (), help))
        return run
    if environment:
        from lenie.compiler.specialise import specialise

        graph = specialise(graph, environment)
    if component in graph.components:
        scope, graph = "default", replace(graph, coverage=dict.fromkeys(targets, (component,)))
    stems = Stems(run.graph, run.tree)
    for name in targets:
        progress(name)
        report = Report(run.tree)
        places = Places()
        files = load_target(name).emit(graph, scope, report, places)
        # What one target has refused, another need not refuse in its own words.
        told = {(found.code, *found.labels[:1]) for found in run.diagnostics}
        run.add([d for d in report.diagnostics if (d.code, *d.labels[:1]) not in told])
        if not files and targets == (name,):
            message = f'the spec has nothing that the target "{name}" prints'
            help = "describe a cluster in it, under kubernetes, or choose another target"
            run.diagnostics.append(Diagnostic("W543", Severity.WARNING, message, (), help))
        if not report.failed:
            # No files have no map either: there is nothing to write.
            run.outputs[name] = {**files, NAME: source_map(name, environment, stems, places, files)} if files else {}
            run.places[name] = places
    return run

"""The compiler on one screen: load, validate, resolve, lower, emit.

Each pass returns its value and diagnostics; an error stops the pipeline at the end of its pass, so that a user sees all
errors of a pass at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from lenie.compiler.diagnostics import Diagnostic, Severity, SpecError
from lenie.compiler.load import Tree, load

if TYPE_CHECKING:
    from lenie.compiler.graph import Graph
    from lenie.compiler.program import Program
    from lenie.targets.base import Places

Value = TypeVar("Value")


class Emission(NamedTuple):
    """What one target made of a graph; its diagnostics hold an error if it had to refuse something."""

    #: Path below the target's directory -> content.
    files: Mapping[str, str]
    diagnostics: list[Diagnostic]
    places: Places | None


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
    apart: bool = False,
) -> Compilation:
    """Compile `spec` for `targets` (names from `lenie.targets`), for one environment if it is given.

    With `component`, a target that can emit a part of the architecture emits that one, whatever `scope` says.
    Nothing is written; `outputs` of the result holds the files, with the source map of each target, and `places` what
    stands where in them. `progress` is called before each target. With `apart`, targets are emitted at once, in
    processes beside this one where that is possible, and `places` stays empty: it is more than the files.
    """
    run = front(spec, shown)
    if run.graph is None or run.tree is None:
        return run
    from lenie.compiler.beside import Call, processors, shares
    from lenie.compiler.diagnostics import Report, suggest
    from lenie.compiler.sourcemap.write import NAME, Stems, source_map
    from lenie.targets import WEIGHTS, load_target
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

    def emit(name: str) -> Emission:
        report, places = Report(stems.tree), Places()
        files = load_target(name).emit(graph, scope, report, places)
        # No files have no map either: there is nothing to write.
        if files and not report.failed:
            files = {**files, NAME: source_map(name, environment, stems, places, files)}
        return Emission(files, report.diagnostics, None if apart else places)

    own, *others = shares({name: WEIGHTS[name] for name in targets}, processors() if apart else 1) or [[]]
    calls = [Call(partial(_emissions, emit, share)) for share in others]
    made: dict[str, Emission] = {}
    for name in (target for target in targets if target in own):
        progress(name)
        made[name] = emit(name)
    for call in calls:
        made |= call.result()
    for name in targets:
        _take(run, name, made[name], alone=len(targets) == 1)
    return run


def _emissions(emit: Callable[[str], Emission], targets: list[str]) -> dict[str, Emission]:
    return {name: emit(name) for name in targets}


def _take(run: Compilation, target: str, emission: Emission, *, alone: bool) -> None:
    """Keep what a target made, if it refused nothing."""
    # What another target has refused need not be refused again in other words.
    told = {(found.code, *found.labels[:1]) for found in run.diagnostics}
    run.add([found for found in emission.diagnostics if (found.code, *found.labels[:1]) not in told])
    if not emission.files and alone:
        message = f'the spec has nothing that the target "{target}" prints'
        help = "describe a cluster in it, under kubernetes, or choose another target"
        run.diagnostics.append(Diagnostic("W543", Severity.WARNING, message, (), help))
    if not any(found.severity is Severity.ERROR for found in emission.diagnostics):
        run.outputs[target] = emission.files
        if emission.places is not None:
            run.places[target] = emission.places

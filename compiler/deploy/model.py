"""What a deployment is asked for, and what it answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, NamedTuple

from lenie.compiler.deploy.artifacts import Builder
from lenie.compiler.deploy.bundle import Bundle
from lenie.compiler.deploy.calls import Pace
from lenie.compiler.diagnostics import Diagnostic, Severity
from lenie.compiler.graph import Scope
from lenie.compiler.pipeline import Compilation

#: How many stacks are worked on at once, if nothing else is asked for.
PARALLEL = 6

State = Literal[
    "created", "updated", "unchanged", "deleted", "absent", "done", "declined", "failed", "interrupted", "not begun"
]


@dataclass(frozen=True)
class Options:
    """How a deployment is done. The defaults ask nobody, and change what has to be changed."""

    #: Components; all of the scopes that are included, if there are none.
    names: tuple[str, ...] = ()
    #: Scopes of which components are deployed, too.
    include: tuple[Scope, ...] = ()
    #: Whether the changes of each stack are shown, and asked about with `ask`.
    change_set: bool = False
    #: Answers a question; None says yes to everything.
    ask: Callable[[str], bool] | None = None
    #: Whether resources of production may be replaced, or stacks of production be deleted.
    allow_replacement: bool = False
    #: Values of secrets that people set, for those that have none: name in the spec -> text.
    secrets: Mapping[str, str] = field(default_factory=dict)
    #: Builds the packages; None builds those for Lambda, below `packages`.
    build: Builder | None = None
    packages: Path = Path("build/packages")
    parallel: int = PARALLEL
    #: How waits poll; None is what fits AWS, or the emulator.
    pace: Pace | None = None
    #: Makes the stacks of something else than the CloudFormation target: the CDK app's.
    bundle: Callable[[Compilation, str], tuple[Bundle, list[Diagnostic]]] | None = None

    def scopes(self) -> tuple[Scope, ...]:
        """Return the scopes whose components are meant."""
        return ("environment", *self.include)


class Row(NamedTuple):
    """What became of one piece of work: a component, or a step between components."""

    name: str
    #: The component's stack, or module; a step has none.
    stack: str
    state: State
    resources: int = 0
    seconds: float = 0.0
    notes: tuple[str, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()


@dataclass(slots=True)
class Result:
    """What a deployment did, in the order of the components."""

    environment: str
    region: str
    account: str = ""
    rows: list[Row] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def errors(self) -> list[Diagnostic]:
        """All errors: of the whole, and then those of the rows."""
        every = [*self.diagnostics, *(found for row in self.rows for found in row.diagnostics)]
        return [found for found in every if found.severity is Severity.ERROR]

    @property
    def complete(self) -> bool:
        """Whether all that was asked for is done."""
        unfinished = ("declined", "failed", "interrupted", "not begun")
        return not self.errors and all(row.state not in unfinished for row in self.rows)

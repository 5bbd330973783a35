"""What the compiler tells its user. Data only: `render` turns it into text or JSON."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from lenie.compiler.span import Path, Span

if TYPE_CHECKING:
    from lenie.compiler.load import Tree

#: How alike two words are that may be one: a wrong letter in three is near enough, three letters in common are not.
_CUTOFF = 0.65


class Severity(StrEnum):
    """How much a diagnostic matters: only errors stop the pipeline."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Label(NamedTuple):
    """A place that a diagnostic is about, with a few words on its role. What a `secret` one marks is never shown."""

    span: Span
    text: str = ""
    secret: bool = False


class Diagnostic(NamedTuple):
    """One finding. The first label is the primary place; `help` says how to mend it."""

    code: str
    severity: Severity
    message: str
    labels: tuple[Label, ...] = ()
    help: str = ""


class SpecError(Exception):
    """Stops a pass at once, where going on would only repeat the same fault."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.message)
        self.diagnostic = diagnostic


@dataclass(slots=True)
class Report:
    """Collects the diagnostics of a pass; paths become spans through the syntax tree."""

    tree: Tree
    diagnostics: list[Diagnostic] = field(default_factory=list)

    @property
    def failed(self) -> bool:
        """Whether an error was reported."""
        return any(d.severity is Severity.ERROR for d in self.diagnostics)

    def add(
        self,
        code: str,
        message: str,
        at: Path,
        *,
        help: str = "",
        key: bool = False,
        find: str = "",
        also: Iterable[tuple[Path, str]] = (),
        severity: Severity | None = None,
        secret: bool = False,
    ) -> None:
        """Report `message` at the node `at`.

        `key` points at the node's key instead of its value; `find` narrows the place to that text inside the value;
        `also` adds secondary places with their words; what stands at a `secret` place is hidden where lines are shown.
        The severity follows the first letter of the code (E, W, N).
        """
        if severity is None:
            severity = {"E": Severity.ERROR, "W": Severity.WARNING}.get(code[0], Severity.NOTE)
        labels = [Label(self.tree.span(at, key=key, find=find), secret=secret)]
        labels += [Label(self.tree.span(path, key=True), text) for path, text in also]
        diagnostic = Diagnostic(code, severity, message, tuple(labels), help)
        # A fault in the defaults of a kind comes up again in each of its resources.
        if diagnostic not in self.diagnostics:
            self.diagnostics.append(diagnostic)


def nearest(word: str, known: Iterable[str]) -> str:
    """Return the one of `known` that `word` is probably a misspelling of, or nothing."""
    return next(iter(get_close_matches(word, sorted(set(known)), n=1, cutoff=_CUTOFF)), "")


def suggest(word: str, known: Iterable[str], *, what: str = "") -> str:
    """Return ``did you mean "x"?``, or the list of what is known when nothing is near `word`."""
    names = sorted(set(known))
    near = nearest(word, names)
    if near:
        return f'did you mean "{near}"?'
    if not names:
        return ""
    shown = ", ".join(names[:12]) + (", ..." if len(names) > 12 else "")
    return f"{what or 'known'}: {shown}"

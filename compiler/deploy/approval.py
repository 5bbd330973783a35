"""Whether the changes of a stack may be made: shown, asked about, and refused where production would lose something."""

from __future__ import annotations

from threading import Lock

from lenie.compiler.deploy.bundle import Bundle, Unit
from lenie.compiler.deploy.changes import Change
from lenie.compiler.deploy.model import Options
from lenie.compiler.deploy.progress import Progress
from lenie.compiler.diagnostics import Diagnostic, Severity, SpecError


class Approval:
    """Judges changes; several threads may ask."""

    def __init__(self, bundle: Bundle, options: Options, progress: Progress) -> None:
        self.bundle = bundle
        self.options = options
        self.progress = progress
        self._lock = Lock()

    def __call__(self, unit: Unit, changes: tuple[Change, ...], new: bool) -> bool:
        """Return whether the changes of a stack (a `new` one, or one that exists) are to be made.

        Raises:
            SpecError: (E662) if resources of production would be replaced, and nobody allowed that.
        """
        losing = [change for change in changes if change.loses]
        if losing and self._in_production(unit) and not self.options.allow_replacement:
            raise SpecError(self._refusal(unit, losing))
        if self.options.change_set:
            with self._lock, self.progress.paused():
                return self._shown(unit, changes, new)
        for change in losing:
            self.progress.say(f"{unit.component}: {change.line()}")
        return True

    def _shown(self, unit: Unit, changes: tuple[Change, ...], new: bool) -> bool:
        head = f"{unit.component}: {'a new stack' if new else 'the stack'} {unit.stack}"
        self.progress.say(f"{head}{' would be created' if new else ' would change'}")
        for change in changes:
            self.progress.say(f"  {change.line()}")
        if self.options.ask is None:
            return True
        replaced = sum(change.replaces for change in changes)
        warning = f" {replaced} RESOURCE{'S' if replaced > 1 else ''} REPLACED." if replaced else ""
        return self.options.ask(f"{warning} {'Create' if new else 'Change'} {unit.stack}?".strip())

    def _in_production(self, unit: Unit) -> bool:
        """A shared stack is production's, too."""
        return self.bundle.production or unit.protected

    def _refusal(self, unit: Unit, losing: list[Change]) -> Diagnostic:
        what = ", ".join(f"{change.logical_id} ({', '.join(change.properties) or change.type})" for change in losing)
        many = f"{len(losing)} resources" if len(losing) > 1 else "a resource"
        message = f"{unit.component}: the change would replace {many} of production: {what}"
        help = "what they hold, their names and addresses may be lost; if that is meant, add --allow-replacement"
        labels = tuple(self.bundle.label(unit.component, change.logical_id) for change in losing)
        return Diagnostic("E662", Severity.ERROR, message, labels, help)

"""The report of a verification: diagnostics, a table, and data for other tools."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lenie.compiler.diagnostics import Diagnostic, Label, Severity
from lenie.compiler.load import Tree
from lenie.compiler.span import Span
from lenie.compiler.verify.files import Listing, Origin
from lenie.compiler.verify.program import Problem
from lenie.compiler.verify.values import Place
from lenie.compiler.verify.verification import Verdict
from lenie.compiler.verify.words import Finding, data, folded, message, place_of, stepped, where

#: Why the target of the clusters is not read.
UNREAD = "it has clusters, which no other target has; lenie-compile --check compares its files with the spec"


@dataclass(slots=True)
class Report:
    """What was verified, and what was found; `environments` are the names of all situations."""

    spec: str
    tree: Tree
    environments: tuple[str, ...]
    verdicts: list[Verdict] = field(default_factory=list)
    listings: dict[str, Listing] = field(default_factory=dict)
    #: Targets that could not be verified, with the diagnostic that says why.
    skipped: list[tuple[str, Diagnostic]] = field(default_factory=list)
    #: Targets that no reader is for.
    unread: list[str] = field(default_factory=list)
    #: Tells the first line of an edited file of a target that a compile would write otherwise.
    first_edit: Callable[[str, str], int] = lambda target, file: 1

    def diagnostics(self) -> list[Diagnostic]:
        """Return everything that was found, apart from what is waived."""
        found = []
        for verdict in self.verdicts:
            found += [self._problem(verdict, problem) for problem in verdict.problems]
            found += [self._finding(verdict, one) for one in folded(verdict.differences)]
            found += self._edited(verdict, found)
        return [*found, *(one for _, one in self.skipped)]

    def waived(self) -> list[tuple[Diagnostic, str]]:
        """Return what is accepted, with the reason."""
        found = []
        for verdict in self.verdicts:
            reasons = {id(one): why.why for one, why in verdict.waived}
            for one in self.accepted(verdict):
                diagnostic = self._finding(verdict, one)
                found.append((diagnostic._replace(severity=Severity.NOTE), reasons[id(one.difference)]))
        return found

    @staticmethod
    def accepted(verdict: Verdict) -> list[Finding]:
        """Return what is accepted, each property once, whatever its values are."""
        found: dict[tuple[object, ...], Finding] = {}
        for one in folded(difference for difference, _ in verdict.waived):
            found.setdefault((one.difference.component, one.difference.resource, one.difference.path), one)
        return list(found.values())

    def _finding(self, verdict: Verdict, one: Finding) -> Diagnostic:
        difference = one.difference
        text = message(difference) + where(one.environments, self.environments)
        labels = self._labels(difference.place)
        if difference.origin:
            labels = (*labels, Label(self.tree.span(difference.origin), "the spec says it here"))
        return Diagnostic(difference.code, Severity.ERROR, text, labels, self._help(verdict, difference.place))

    def _problem(self, verdict: Verdict, one: Problem) -> Diagnostic:
        help = one.help or self._help(verdict, one.place)
        return Diagnostic(one.code, Severity.ERROR, f"{verdict.target}: {one.message}", self._labels(one.place), help)

    def _labels(self, place: Place | None) -> tuple[Label, ...]:
        if place is None:
            return ()
        line = self.line(place)
        start = len(line) - len(line.lstrip()) + 1
        return (Label(Span(place.file, place.line, start, place.line, max(len(line.rstrip()) + 1, start + 1))),)

    def _help(self, verdict: Verdict, place: Place | None) -> str:
        command = f"lenie-compile --target {verdict.target}"
        if place is None:
            return f"run: {command}"
        match self.listings[verdict.target].origin(place.file):
            case Origin.EDITED:
                return f"the file was edited since the compiler wrote it; {command} writes it again"
            case Origin.UNKNOWN:
                return "the file is not on the compiler's list: remove it, or what it adds"
        return f"if the spec has changed since, run: {command}; otherwise the compiler has a fault: please report it"

    def _edited(self, verdict: Verdict, found: Sequence[Diagnostic]) -> list[Diagnostic]:
        """Return a warning for each file that was edited, and still means the same."""
        named = {label.span.file for one in found for label in one.labels}
        files = [file for file in self.listings[verdict.target].edited() if file not in named and not _is_text(file)]
        help = f"lenie-compile --target {verdict.target} writes it again"
        words = "the file was edited since the compiler wrote it; what it says is the same"
        if any(one.severity is Severity.ERROR for one in found):
            words = "the file was edited since the compiler wrote it"
        return [
            Diagnostic("W608", Severity.WARNING, f"{verdict.target}: {words}", self._labels(place), help)
            for file in files
            if self.listings[verdict.target].exists(file)
            for place in [Place(file, self.first_edit(verdict.target, file))]
        ]

    def line(self, place: Place) -> str:
        """Return a line of a generated file, or nothing."""
        lines = self.source(place.file)
        return lines[place.line - 1] if 0 < place.line <= len(lines) else ""

    def source(self, file: str) -> Sequence[str]:
        """Return the lines of a file by its name in messages."""
        for listing in self.listings.values():
            if file.startswith(f"{listing.shown}/"):
                return listing.lines(file)
        return ()

    def sources(self, diagnostics: Sequence[Diagnostic]) -> Mapping[str, Sequence[str]]:
        """Return the lines of all files that diagnostics are about."""
        names = {label.span.file for one in diagnostics for label in one.labels}
        return {name: self.tree.lines if name == self.tree.file else self.source(name) for name in names}

    # Tables.

    def table(self) -> list[str]:
        """Return the table of parity: for each component and target, how many resources are the same."""
        components = list(
            dict.fromkeys(name for verdict in self.verdicts for name in (*verdict.compared, *verdict.left_out))
        )
        head = ["component", *(verdict.target for verdict in self.verdicts)]
        rows = [head, *([name, *(cell(verdict, name) for verdict in self.verdicts)] for name in components)]
        widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
        return ["  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip() for row in rows]

    def left_out(self) -> list[str]:
        """Return a line for each target that covers only a part, and for each that is not read."""
        parts = [
            f"{verdict.target} covers {len(verdict.compared)} of "
            f"{len(verdict.compared) + len(verdict.left_out)} components, as the spec says"
            for verdict in self.verdicts
            if verdict.left_out
        ]
        return [*parts, *(f"{target} is not verified: {UNREAD}" for target in self.unread)]

    def as_data(self, exit_code: int) -> dict[str, Any]:
        """Return the report for JSON; its members are documented by their names and do not change."""
        return {
            "spec": self.spec,
            "environments": list(self.environments),
            "exit_code": exit_code,
            "targets": [self._target(verdict) for verdict in self.verdicts],
            "not_verified": [
                *({"target": target, "reason": one.message} for target, one in self.skipped),
                *({"target": target, "reason": UNREAD} for target in self.unread),
            ],
        }

    def _target(self, verdict: Verdict) -> dict[str, Any]:
        reasons = {id(one): why.why for one, why in verdict.waived}
        return {
            "target": verdict.target,
            "directory": verdict.directory,
            "components": [
                {"name": name, "resources": count, "values": values, "result": cell(verdict, name)}
                for name, (count, values) in verdict.compared.items()
            ],
            "not_covered": verdict.left_out,
            "differences": [self._entry(one) for one in folded(verdict.differences)],
            "waived": [{**self._entry(one), "reason": reasons[id(one.difference)]} for one in self.accepted(verdict)],
            "edited": [
                {"file": file, "line": self.first_edit(verdict.target, file)}
                for file in self.listings[verdict.target].edited()
                if self.listings[verdict.target].exists(file) and not _is_text(file)
            ],
            "problems": [
                {"code": one.code, "message": one.message, "component": one.component, "place": place_of(one.place)}
                for one in verdict.problems
            ],
        }

    def _entry(self, one: Finding) -> dict[str, Any]:
        difference = one.difference
        span = self.tree.span(difference.origin) if difference.origin else None
        return {
            "code": difference.code,
            "component": difference.component,
            "resource": difference.resource,
            "type": difference.type,
            "property": stepped(difference.path),
            "environments": list(one.environments),
            "expected": data(difference.expected),
            "actual": data(difference.actual),
            "place": place_of(difference.place),
            "spec": {"file": span.file, "line": span.line, "column": span.column} if span else None,
        }


def cell(verdict: Verdict, component: str) -> str:
    """Return what the table says of a component in a target."""
    if component not in verdict.compared:
        return "-"
    differ = len(folded(one for one in verdict.differences if one.component == component))
    differ += sum(problem.component == component for problem in verdict.problems)
    waived = sum(one.difference.component == component for one in Report.accepted(verdict))
    words = [f"{differ} differ" if differ else f"{verdict.compared[component][0]} equal"]
    return ", ".join([*words, *([f"{waived} waived"] if waived else [])])


def _is_text(file: str) -> bool:
    """Whether a file is for people only."""
    return file.endswith(".md")


def reasons(waived: Sequence[tuple[Diagnostic, str]]) -> Iterator[str]:
    """Yield a line for each accepted difference."""
    for found, why in waived:
        yield f"waived: {found.message}: {why}"


def dumped(content: Mapping[str, Any]) -> str:
    """Return data as JSON text."""
    return json.dumps(content, indent=2, ensure_ascii=False)


def shown_directory(out: str, target: str) -> str:
    """Return how messages call the directory of a target."""
    return (Path(out) / target).as_posix()

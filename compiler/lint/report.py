"""What is told about a run of the tools: diagnostics, a table, and data for other tools."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from lenie.compiler.data.checks import SCANNER_ID
from lenie.compiler.diagnostics import Diagnostic, Label, Severity
from lenie.compiler.lint.finding import Finding, Result
from lenie.compiler.lint.fold import fold
from lenie.compiler.lint.generated import Generated
from lenie.compiler.lint.locate import Located, Locator
from lenie.compiler.load import Tree
from lenie.compiler.output import State

_CODES = {Severity.ERROR: "E620", Severity.WARNING: "W621", Severity.NOTE: "W621"}
_RANK = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}
#: Labels of one diagnostic: more of them would hide what it is about.
_LABELS = 8
#: Findings that a text shows of one file.
_SHOWN = 20


class Ran(NamedTuple):
    """What became of one tool on one target."""

    tool: str
    target: str
    seconds: float
    result: Result = Result()
    #: Why it did not run, or did not come to its end: a diagnostic of its own.
    trouble: Diagnostic | None = None


class Told(NamedTuple):
    """One fault, with everything that is known of it."""

    diagnostic: Diagnostic
    found: tuple[Located, ...]

    @property
    def rule(self) -> str:
        """The tool's name and that of its rule: ``checkov/CKV_AWS_53``."""
        return rule(self.found[0].finding)


def rule(finding: Finding) -> str:
    """Return the name of a tool and of its rule: ``checkov/CKV_AWS_53``."""
    return f"{finding.tool}/{finding.rule}" if finding.rule else finding.tool


@dataclass(slots=True)
class Report:
    """A run of the tools over `targets`."""

    spec: str
    tree: Tree
    locator: Locator
    targets: Sequence[Generated]
    environments: tuple[str, ...]
    runs: list[Ran] = field(default_factory=list)
    #: Of the run as a whole: stale files, targets without any.
    remarks: list[Diagnostic] = field(default_factory=list)

    def told(self, *, accepted: bool = False) -> list[Told]:
        """Return the findings, folded, in the order of the spec; those that are accepted if asked for."""
        located = [
            self.locator.locate(one)
            for ran in self.runs
            for one in ran.result.findings
            if (one.accepted is not None) == accepted
        ]
        found = [Told(self._diagnostic(group), tuple(group)) for group in fold(located)]
        return sorted(found, key=self._order)

    def shortened(self) -> tuple[list[Diagnostic], list[str]]:
        """Return the findings that a text shows, and a line about each file that has more of them.

        A file that is broken altogether has hundreds, which would hide everything else.
        """
        counts: Counter[str] = Counter()
        shown = []
        for told in self.told():
            files = {one.generated.file for one in told.found if one.generated is not None}
            if not files or any(counts[file] < _SHOWN for file in files):
                shown.append(told.diagnostic)
            counts.update(files)
        return shown, [
            f"{file}: {count - _SHOWN} more findings (--format json lists them)"
            for file, count in counts.items()
            if count > _SHOWN
        ]

    def _order(self, told: Told) -> Any:
        labels = told.diagnostic.labels
        elsewhere = not labels or labels[0].span.file != self.tree.file
        return elsewhere, [label.span for label in labels[:1]], told.diagnostic.message

    def _diagnostic(self, group: Sequence[Located]) -> Diagnostic:
        first = group[0]
        severity = min((one.finding.severity for one in group), key=_RANK.__getitem__)
        by = ", ".join(dict.fromkeys(_by(one.finding) for one in group))
        targets = ", ".join(dict.fromkeys(one.finding.target for one in group))
        message = f"{first.finding.message} ({by}; {targets})"
        labels = [Label(first.spec, self._what(first))] if first.spec is not None else []
        labels += [
            Label(one.generated, f"{one.finding.target}{self._where(one.finding)}")
            for one in group
            if one.generated is not None
        ]
        return Diagnostic(
            _CODES[severity], severity, message, tuple(dict.fromkeys(labels))[:_LABELS], self._help(group)
        )

    def _what(self, one: Located) -> str:
        """Return the words at the place in the spec: which of the resources that it makes is meant."""
        if one.resources:
            return f"{', '.join(one.types)} {', '.join(one.resources)}"
        return "somewhere in this component"

    def _where(self, finding: Finding) -> str:
        named = finding.environments
        return f", in {', '.join(named)}" if named and set(named) != set(self.environments) else ""

    def _help(self, group: Sequence[Located]) -> str:
        lines = []
        for one in group:
            target, path = one.finding.target, one.generated.file if one.generated is not None else ""
            generated = next(each for each in self.targets if each.target == target)
            state = generated.states.get(path.removeprefix(f"{generated.shown}/"))
            inner = path.removeprefix(f"{generated.shown}/")
            if state is State.EDITED or state is State.STALE:
                lines.append(f"{path} is not what the spec compiles to; run: lenie-compile --target {target}")
            elif path and inner not in generated.fresh:
                lines.append(f"{path} is not one of the compiler's files: remove it, if nobody needs it")
        rules = dict.fromkeys(one.finding.rule for one in group if SCANNER_ID.fullmatch(one.finding.rule))
        if not lines:
            accepted = ", ".join(f'{name}: "the reason"' for name in rules)
            lines = ["mend it in the spec" + (f"; or accept it there: waive: {{{accepted}}}" if rules else "")]
        pages = dict.fromkeys(one.finding.url for one in group if one.finding.url)
        places = len({one.generated for one in group if one.generated is not None})
        if places >= _LABELS:
            lines.append(f"{places} places in generated files; --format json lists them all")
        return "\n".join([*dict.fromkeys(lines), *(f"see {url}" for url in list(pages)[:1])])

    def troubles(self) -> list[Diagnostic]:
        """Return what is to be told of the run as a whole, and of tools that did not do all of their work."""
        found = [*self.remarks, *(ran.trouble for ran in self.runs if ran.trouble is not None)]
        found += [
            Diagnostic("W624", Severity.WARNING, message, (), help)
            for ran in self.runs
            for message, help in ran.result.undone
        ]
        return list(dict.fromkeys(found))

    def sources(self, diagnostics: Iterable[Diagnostic]) -> Mapping[str, Sequence[str]]:
        """Return the lines of all files that diagnostics are about."""
        found: dict[str, Sequence[str]] = {self.tree.file: self.tree.lines}
        for name in {label.span.file for one in diagnostics for label in one.labels} - found.keys():
            for generated in self.targets:
                if name.startswith(f"{generated.shown}/"):
                    found[name] = generated.lines(name.removeprefix(f"{generated.shown}/"))
        return found

    def table(self) -> list[str]:
        """Return a line for each tool and target."""
        rows = [["tool", "target", "result", "time"]]
        rows += [[ran.tool, ran.target, outcome(ran), f"{ran.seconds:.1f} s"] for ran in self.runs]
        widths = [max(len(row[column]) for row in rows) for column in range(4)]
        return ["  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip() for row in rows]

    def as_data(self, exit_code: int) -> dict[str, Any]:
        """Return the report for JSON; its members are documented by their names and do not change."""
        import json

        from lenie.compiler.render import render_json

        return {
            "spec": self.spec,
            "exit_code": exit_code,
            "tools": [
                {
                    "tool": ran.tool,
                    "target": ran.target,
                    "status": status(ran),
                    "seconds": round(ran.seconds, 1),
                    "reason": ran.trouble.message if ran.trouble else next(iter(ran.result.undone), ("",))[0],
                }
                for ran in self.runs
            ],
            "findings": [self._entry(one) for one in self.told()],
            "accepted": [self._entry(one) for one in self.told(accepted=True)],
            "diagnostics": json.loads(render_json(self.troubles())),
        }

    def _entry(self, told: Told) -> dict[str, Any]:
        first = told.found[0]
        return {
            "code": told.diagnostic.code,
            "severity": told.diagnostic.severity.value,
            "message": first.finding.message,
            "component": first.component,
            "resources": list(first.resources),
            "property": list(first.finding.property),
            "spec": _place(first.spec),
            "help": told.diagnostic.help,
            "reported": [
                {
                    "tool": one.finding.tool,
                    "target": one.finding.target,
                    "rule": one.finding.rule,
                    "message": one.finding.message,
                    "url": one.finding.url,
                    "environments": list(one.finding.environments),
                    "place": _place(one.generated),
                    **({"reason": one.finding.accepted} if one.finding.accepted is not None else {}),
                }
                for one in told.found
            ],
        }


def _by(finding: Finding) -> str:
    return f"{finding.tool} {finding.rule}" if finding.rule else finding.tool


def _place(span: Any) -> dict[str, Any] | None:
    if span is None:
        return None
    return {"file": span.file, "line": span.line, "column": span.column, "end_line": span.end_line}


def status(ran: Ran) -> str:
    """Return in one word what became of a tool: ``ran``, ``partly``, ``missing``, ``failed``."""
    if ran.trouble is not None:
        return "failed" if ran.trouble.code == "E623" else "missing"
    return "partly" if ran.result.undone else "ran"


def outcome(ran: Ran) -> str:
    """Return what the table says of a tool on a target."""
    match status(ran):
        case "failed":
            return "failed"
        case "missing":
            return "not run"
    found = sum(one.accepted is None for one in ran.result.findings)
    accepted = len(ran.result.findings) - found
    words = [counted(found, "finding") if found else "no finding"]
    words += [f"{accepted} accepted"] if accepted else []
    return ", ".join([*words, *(["not all of it was run"] if ran.result.undone else [])])


def counted(count: int, noun: str) -> str:
    """Return a number of things: ``1 finding``, ``2 findings``."""
    return f"{count} {noun}{'' if count == 1 else 's'}"

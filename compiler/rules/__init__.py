"""The rules: what a spec may not say although it is well formed. One module each.

A rule module has `CODE`, a docstring (the page that ``lenie explain`` prints) and
``check(program, finding)``, which calls ``finding(message, path, help=..., ...)`` for each offence. A resource, or its
component, may waive a rule with a reason; the waiver is reported as a note, and one that waives nothing as a warning.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from importlib import import_module
from importlib.resources import files
from types import ModuleType
from typing import Any, Protocol

from lenie.compiler.data.checks import SCANNER_ID
from lenie.compiler.diagnostics import Report, Severity, suggest
from lenie.compiler.program import Program
from lenie.compiler.span import Path


class Finding(Protocol):
    """What a rule calls for each offence; `path` leads to it, and begins with the resource's path."""

    def __call__(
        self,
        message: str,
        path: Path,
        *,
        help: str = "",
        key: bool = False,
        find: str = "",
        also: Iterable[tuple[Path, str]] = (),
        secret: bool = False,
        waivable: bool = True,
    ) -> None:
        """Report an offence, unless it is waived; one that stops the compiler is not `waivable`."""


@cache
def rules() -> tuple[ModuleType, ...]:
    """Return the rule modules, by code."""
    names = (e.name[:-3] for e in files(__name__).iterdir() if e.name.endswith(".py") and not e.name.startswith("_"))
    return tuple(sorted((import_module(f"{__name__}.{name}") for name in names), key=lambda module: str(module.CODE)))


def check_rules(program: Program, report: Report) -> None:
    """Run all rules; waived findings become notes."""
    used: set[tuple[Path, str]] = set()
    for module in rules():
        check: Callable[[Program, Any], None] = module.check
        check(program, _finding(module.CODE, program, report, used))
    owners = [(d.path, d.name, d.model.waive) for d in program.declarations.values()]
    owners += [(("components", name), name, c.waive) for name, c in program.document.components.items()]
    owners += [(("kubernetes", name), name, c.waive) for name, c in program.document.kubernetes.items()]
    for path, name, waivers in owners:
        for code in waivers:
            # Nobody knows what a waiver is good for while something that cannot be waived is in its way.
            _check_waiver(path, name, code, not used.isdisjoint({(path, code), ((), code)}), report)


def _check_waiver(path: Path, name: str, code: str, used: bool, report: Report) -> None:
    """Report a waiver of nothing: of a code that does not exist, or of a rule that finds nothing there."""
    codes = {str(module.CODE) for module in rules()}
    at: Path = (*path, "waive", code)
    if code in codes:
        if not used:
            report.add("W326", f'the waiver of {code} waives nothing in "{name}"', at, key=True, help="remove it")
    elif SCANNER_ID.fullmatch(code):
        return
    elif code in _other_codes():
        message = f"{code} is no rule, and only rules can be waived"
        help = f"remove the waiver, and mend what {code} tells; `lenie explain` lists the rules"
        report.add("E301", message, at, key=True, help=help)
    else:
        help = suggest(code, codes, what="rules") + "; checks of scanners are waived by their ids: CKV_AWS_26, W3005"
        report.add("E301", f'there is no rule "{code}"', at, key=True, help=help)


def _other_codes() -> frozenset[str]:
    """Return the codes of everything that is no rule."""
    from lenie.compiler.explain import explanations

    return frozenset(explanations()) - {str(module.CODE) for module in rules()}


def _waiver(program: Program, code: str, path: Path) -> tuple[Path, str] | None:
    """Return who waives `code` for a finding at `path`, the resource or its component, and the reason."""
    if path[0] == "kubernetes":
        reason = program.document.kubernetes[str(path[1])].waive.get(code) if len(path) > 1 else None
        return None if reason is None else (path[:2], reason)
    if path[0] != "components":
        return None
    declaration = program.declarations.get(str(path[3])) if len(path) > 3 else None
    component = program.document.components.get(str(path[1])) if len(path) > 1 else None
    if declaration is not None and code in declaration.model.waive:
        return declaration.path, declaration.model.waive[code]
    if component is not None and code in component.waive:
        return path[:2], component.waive[code]
    return None


def _finding(code: str, program: Program, report: Report, used: set[tuple[Path, str]]) -> Finding:
    def finding(
        message: str,
        path: Path,
        *,
        help: str = "",
        key: bool = False,
        find: str = "",
        also: Iterable[tuple[Path, str]] = (),
        secret: bool = False,
        waivable: bool = True,
    ) -> None:
        waiver = _waiver(program, code, path)
        if not waivable:
            used.add(((), code))
        if waiver is not None and waivable:
            owner, reason = waiver
            used.add((owner, code))
            report.add(
                code,
                f"waived: {message}",
                path,
                key=key,
                find=find,
                severity=Severity.NOTE,
                help=f"reason: {reason}",
                secret=secret,
            )
        else:
            report.add(code, message, path, help=help, key=key, find=find, also=also, secret=secret)

    return finding

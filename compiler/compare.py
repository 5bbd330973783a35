"""How ``--check`` tells what is not up to date: every file, and the differences of the changed ones."""

from __future__ import annotations

from difflib import unified_diff

from lenie.compiler.output import Plan, State, strays
from lenie.compiler.render import visible

#: Lines of differences that are shown for one file, and files that they are shown for.
DIFF_LINES = 40
DIFF_FILES = 10
_STRAYS = 10
_MEANING = {
    State.STALE: "stale",
    State.MISSING: "missing",
    State.EDITED: "changed by hand",
    State.ORPHAN: "no longer generated",
    State.EDITED_ORPHAN: "no longer generated, changed by hand",
    State.UNLISTED: "not on the compiler's list, although it says that the compiler made it",
    State.FOREIGN: "not the compiler's, and in the way",
}
_COLOURS = {"+": "32", "-": "31", "@": "36"}


def differences(plan: Plan, interrupted: bool, colour: bool) -> list[str]:
    """Return the lines that tell how the directory of `plan` differs from a fresh compile."""
    lines = []
    if interrupted:
        lines.append(f"{plan.directory}: a compile was interrupted here; the next one finishes its work")
    found = {path: state for path, state in plan.states.items() if state is not State.UNCHANGED}
    lines += [f"{visible(str(plan.directory / path))}: {_MEANING[state]}" for path, state in found.items()]
    if not found and not plan.listed:
        lines.append(f"{plan.directory}: the list of the compiler's files is not up to date")
    changed = [path for path, state in found.items() if state in (State.STALE, State.EDITED, State.FOREIGN)]
    for path in changed[:DIFF_FILES]:
        lines += ["", *_diff(plan, path, colour)]
    if len(changed) > DIFF_FILES:
        lines += ["", f"... and the differences of {len(changed) - DIFF_FILES} more files"]
    return [*lines, ""] if changed else lines


def strays_note(plan: Plan) -> list[str]:
    """Return a line about files that are not the compiler's; they are no fault, but may be left over from something."""
    found = strays(plan.directory, plan.known | plan.states.keys())
    if not found:
        return []
    shown = ", ".join(visible(name) for name in found[:_STRAYS]) + (", ..." if len(found) > _STRAYS else "")
    return [f"{plan.directory}: not the compiler's, left alone: {shown}"]


def _diff(plan: Plan, path: str, colour: bool) -> list[str]:
    """Return the first lines of the difference between the file on the disk and the new one."""
    full = plan.directory / path
    if full.is_symlink() or not full.is_file():
        return [f"{visible(str(full))} is not a regular file"]
    old = full.read_bytes().decode(errors="replace").split("\n")
    new = plan.files[path].split("\n")
    lines = [visible(line) for line in unified_diff(old, new, str(full), "a fresh compile", lineterm="", n=2)]
    shown = [_paint(line, colour) for line in lines[:DIFF_LINES]]
    if len(lines) > DIFF_LINES:
        shown.append(f"... {len(lines) - DIFF_LINES} more lines")
    return shown


def _paint(line: str, colour: bool) -> str:
    code = _COLOURS.get(line[:1])
    return f"\x1b[{code}m{line}\x1b[0m" if colour and code else line

"""A comparison as Markdown for the comment of a pull request, which has a limit of 65 536 characters on GitHub."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape

from lenie.compiler.diff.model import Action, Change, Comparison, PropertyChange
from lenie.compiler.diff.text import absent, heading, headline, remarks_of, value_lines
from lenie.compiler.render import visible

#: Characters of a comment.
LIMIT = 60_000
#: Characters of one value.
_VALUE = 1_200
#: Room for the note about what is left out.
_NOTE = 400
_SYMBOLS = {
    Action.REPLACED: "🔴",
    Action.MOVED: "🔴",
    Action.REMOVED: "🟠",
    Action.MAY_REPLACE: "🟡",
    Action.CHANGED: "🔵",
    Action.ADDED: "🟢",
}


def comment(found: Comparison, limit: int = LIMIT) -> str:
    """Return a comparison as one comment of at most `limit` characters; what does not fit is counted in a note.

    A table of all resources comes first, the most serious on top; each one's properties follow in a block to unfold.
    """
    title = "What differs between environments" if found.of_environments else "What the change does to resources"
    head = [f"### {title}", "", _prose(headline(found))]
    head += ["", *(f"- {_prose(note)}" for note in found.notes)] if found.notes else []
    order = list(Action)
    changes = sorted(found.changes, key=lambda change: order.index(change.action))
    if not changes:
        return "\n".join(head) + "\n"
    table = ["", "| | resource | type | component | properties |", "|---|---|---|---|---|"]
    rows = [_row(found, change) for change in changes]
    details = [block for change in changes if (block := _details(found, change))]
    room = limit - _NOTE - _size(head) - _size(table)
    shown_rows = _fitting(rows, room)
    shown_details = _fitting(details, room - _size(shown_rows))
    lines = [*head, *table, *shown_rows, "", *shown_details]
    left = []
    if len(shown_rows) < len(rows):
        left.append(f"{len(rows) - len(shown_rows)} resources are not listed")
    if len(shown_details) < len(details):
        left.append(f"the properties of {len(details) - len(shown_details)} are not shown")
    if left:
        lines += ["", f"*This comment is cut at its limit: {'; '.join(left)}. `lenie diff` shows all in a terminal.*"]
    return "\n".join(lines).rstrip("\n") + "\n"


def fitting_blocks(blocks: Iterable[str], limit: int, noun: str) -> str:
    """Return as many blocks as fit in `limit` characters, with a note on how many do not."""
    every = list(blocks)
    kept = _fitting(every, limit - _NOTE)
    lines = list(kept)
    if len(kept) < len(every):
        count = len(every) - len(kept)
        lines += ["", f"*Cut at the limit of a comment: {count} more {noun}. `lenie diff` shows all in a terminal.*"]
    return "\n".join(lines).rstrip("\n") + "\n"


def _fitting(blocks: list[str], room: int) -> list[str]:
    kept: list[str] = []
    for block in blocks:
        room -= len(block) + 1
        if room < 0:
            break
        kept.append(block)
    return kept


def _size(lines: Iterable[str]) -> int:
    return sum(len(line) + 1 for line in lines)


def _row(found: Comparison, change: Change) -> str:
    words = "" if found.of_environments else f"{_SYMBOLS[change.action]} {_prose(heading(change))}"
    listed = list(dict.fromkeys(entry.path for entry in change.properties))
    paths = ", ".join(map(code, listed[:4])) + (f" and {len(listed) - 4} more" if len(listed) > 4 else "")
    cells = (words, code(change.logical_id), code(change.type), code(change.component), paths)
    return f"| {' | '.join(cells)} |"


def _details(found: Comparison, change: Change) -> str:
    """Return the block of one resource; nothing for one that is only made."""
    if not change.properties and not change.notes:
        return ""
    words = "" if found.of_environments else f"{_prose(heading(change))}: "
    lines = [f"<details><summary>{words}{code(change.logical_id)} ({_prose(change.place)})</summary>", ""]
    lines += [f"- {_prose(note)}" for note in change.notes]
    if change.properties:
        names = found.sides if found.of_environments else ("before", "after")
        head = (
            f"| property | {_prose(names[0])} | {_prose(names[1])} | | place |",
            "|---|---|---|---|---|",
        )
        lines += ["", *head] if change.notes else head
        lines += map(_property, change.properties)
    return "\n".join([*lines, "", "</details>", ""])


def _property(entry: PropertyChange) -> str:
    multiline = any(isinstance(value, str) and "\n" in value for value in (entry.old, entry.new))
    if multiline and not entry.because:
        text = "\n".join(value_lines(entry))
        cells = [_cut(text), ""]
    else:
        cells = [_cut(absent(entry.old)), _cut(absent(entry.new))]
    remarks = "; ".join(_prose(remark) for remark in remarks_of(entry))
    return f"| {code(entry.path)} | {cells[0]} | {cells[1]} | {remarks} | {_prose(entry.place)} |"


def _cut(text: str) -> str:
    if len(text) <= _VALUE:
        return code(text)
    return f"{code(text[:_VALUE])} … {len(text) - _VALUE} more characters"


def code(text: str) -> str:
    """Return a text as code in a cell of a table: nothing in it is read as Markdown or HTML."""
    lines = (_guarded(visible(line)) for line in text.split("\n"))
    return "<code>" + "<br>".join(lines) + "</code>" if text else "<code></code>"


def _guarded(text: str) -> str:
    """Return a text whose every mark of Markdown or HTML is an entity."""
    return re.sub(r"[|\\`*_~\[\]#@$]", lambda match: f"&#{ord(match[0])};", escape(text, quote=False)).replace(
        "  ", "&nbsp; "
    )


def _prose(text: str) -> str:
    """Return a sentence, in which names and values of the spec may stand."""
    return _guarded(visible(text))

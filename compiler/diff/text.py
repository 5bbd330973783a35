"""A comparison as text for people, and as data for programs."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from difflib import unified_diff
from itertools import groupby
from typing import Any

from lenie.compiler.diff.deep import MISSING
from lenie.compiler.diff.model import Action, Change, Comparison, PropertyChange, summary
from lenie.compiler.diff.plain import Plain, shown
from lenie.compiler.render import visible

#: Paints a text in an ANSI style.
Paint = Callable[[str, str], str]

#: Lines that are shown of one value, unless everything is asked for.
LINES = 12
SIGNS = {
    Action.REPLACED: "-/+",
    Action.MOVED: "->",
    Action.REMOVED: "-",
    Action.MAY_REPLACE: "-/+?",
    Action.CHANGED: "~",
    Action.ADDED: "+",
}
_COLOURS = {
    Action.REPLACED: "1;31",
    Action.MOVED: "1;31",
    Action.REMOVED: "31",
    Action.MAY_REPLACE: "1;33",
    Action.CHANGED: "33",
    Action.ADDED: "32",
}
EFFECTS = {"always": "replaces it", "maybe": "may replace it"}
_INDENT = " " * 9


def text_lines(found: Comparison, paint: Paint, width: int, *, everything: bool = False) -> Iterator[str]:
    """Yield the lines of a comparison; a value of many lines is cut unless `everything` is asked for."""
    yield headline(found)
    for note in found.notes:
        yield f"- {visible(note)}"
    for component, changes in groupby(found.changes, lambda change: change.component):
        yield ""
        yield paint(visible(component), "1")
        for change in changes:
            yield from _change(found, change, paint, width, everything)


def headline(found: Comparison) -> str:
    """Return what was compared and the sum of what was found, in one line."""
    old, new = found.sides
    same = f"{_number(found.same, 'resource')} {'is' if found.same == 1 else 'are'} the same"
    if found.of_environments:
        listed = sum(len(change.properties) for change in found.changes)
        parts = [f"{_number(listed, 'property')} of {_number(len(found.changes), 'resource')} differ", same]
        if found.by_name:
            parts.append(f"{found.by_name} more differ by the environment's name only (--all shows them)")
        return f"{old} and {new}: {'; '.join(parts)}"
    if not found.environments:
        return f"{new}, compared with {old}: no environment is in both"
    return f"{new}, compared with {old}: {summary(found) or 'no resource changes'}; {same}"


def _number(count: int, noun: str) -> str:
    plural = noun[:-1] + "ies" if noun.endswith("y") else noun + "s"
    return f"{count} {noun if count == 1 else plural}"


def heading(change: Change) -> str:
    """Return what happens to a resource, without its name: ``moved to b, in prod``."""
    words = change.action.value
    if change.moved_to:
        words += f" to {change.moved_to}"
    if change.environments:
        words += f", in {' and '.join(change.environments)} only"
    return words


def _change(found: Comparison, change: Change, paint: Paint, width: int, everything: bool) -> Iterator[str]:
    words = "" if found.of_environments else f"  {paint(heading(change), _COLOURS[change.action])}"
    sign = paint(f"{SIGNS[change.action]:>4}", _COLOURS[change.action])
    yield f"  {sign} {paint(change.logical_id, '1')}  {visible(change.type)}{words}  {paint(change.place, '2')}"
    for entry in change.properties:
        yield from _property(entry, paint, width, everything)
    yield from (f"{_INDENT}{visible(note)}" for note in change.notes)


def _property(entry: PropertyChange, paint: Paint, width: int, everything: bool) -> Iterator[str]:
    remarks = "".join(f"  [{remark}]" for remark in remarks_of(entry))
    path = visible(entry.path)
    if entry.because:
        yield f"{_INDENT}{path}: {visible(shown(entry.new))}{paint(remarks, '1')}  {paint(entry.place, '2')}"
        return
    values = [absent(entry.old), absent(entry.new)]
    line = f"{path}: {visible(values[0])} -> {visible(values[1])}"
    structured = any(isinstance(value, (dict, list)) for value in (entry.old, entry.new))
    long = any(isinstance(value, str) and "\n" in value for value in (entry.old, entry.new))
    if not long and not (structured and len(line) > 60) and len(_INDENT + line + remarks) <= width:
        yield f"{_INDENT}{line}{paint(remarks, '1')}  {paint(entry.place, '2')}"
        return
    yield f"{_INDENT}{path}:{paint(remarks, '1')}  {paint(entry.place, '2')}"
    lines = list(value_lines(entry))
    limit = len(lines) if everything or len(lines) <= LINES + 1 else LINES
    for text in lines[:limit]:
        yield f"{_INDENT}  {paint(visible(text), {'+': '32', '-': '31'}.get(text[0], '0'))}"
    if limit < len(lines):
        yield f"{_INDENT}  ... {len(lines) - limit} more lines (--all shows them)"


def remarks_of(entry: PropertyChange) -> list[str]:
    """Return what is to be said of a property: what it does, why it changes, where its values come from."""
    order = ["only the order differs"] if entry.order else []
    effect = [EFFECTS[entry.effect]] if entry.effect else []
    return [*order, *effect, *filter(None, (entry.because, entry.source))]


def absent(value: Plain) -> str:
    """Return a value on one line; ``(none)`` for one that is not there."""
    return "(none)" if value is MISSING else shown(value)


def value_lines(entry: PropertyChange) -> Iterator[str]:
    """Yield the two values over several lines, with a minus and a plus; of two long texts only what differs."""
    before, after = _lines(entry.old), _lines(entry.new)
    if len(before) > 1 and len(after) > 1:
        for line in list(unified_diff(before, after, lineterm="", n=1))[2:]:
            yield "..." if line.startswith("@@") else line
        return
    yield from (f"- {line}" for line in before)
    yield from (f"+ {line}" for line in after)


def _lines(value: Plain) -> list[str]:
    if value is MISSING:
        return []
    if isinstance(value, str):
        return value.split("\n") if "\n" in value else [shown(value)]
    return json.dumps(value, indent=2, ensure_ascii=False).split("\n")


def as_data(found: Comparison) -> dict[str, Any]:
    """Return a comparison as JSON data; a value that is not there has no member."""
    return {
        "old": found.sides[0],
        "new": found.sides[1],
        "environments": list(found.environments),
        "summary": {
            **{action.value.replace(" ", "_"): found.count(action) for action in Action},
            "same": found.same,
            "by_environment_name": found.by_name,
        },
        "notes": list(found.notes),
        "changes": [_change_data(found, change) for change in found.changes],
    }


def _change_data(found: Comparison, change: Change) -> dict[str, Any]:
    data: dict[str, Any] = {
        "action": change.action.value,
        "component": change.component,
        "logical_id": change.logical_id,
        "type": change.type,
        "place": change.place,
        "environments": list(change.environments or found.environments),
        "notes": list(change.notes),
        "properties": [_property_data(entry) for entry in change.properties],
    }
    if change.moved_to:
        data["moved_to"] = change.moved_to
    return data


def _property_data(entry: PropertyChange) -> dict[str, Any]:
    values = {"old": entry.old, "new": entry.new}
    return {
        "path": entry.path,
        **{name: value for name, value in values.items() if value is not MISSING},
        "replaces": entry.effect or "no",
        "order_only": entry.order,
        "because": entry.because,
        "source": entry.source,
        "place": entry.place,
    }

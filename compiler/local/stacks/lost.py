"""What of the wanted properties a service did not take: the comparison after every creation and change."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

_EMPTY: tuple[Any, ...] = ("", [], {}, None)


def lost(wanted: Any, found: Any, path: str = "") -> Iterator[str]:
    """Yield a sentence for each value that is wanted and not found.

    CloudFormation is lax about scalars (`"20"` is 20, `"true"` is true), and services about the order of lists.
    """
    if isinstance(wanted, (dict, list)) != isinstance(found, (dict, list)):
        wanted, found = _parsed(wanted, found)
    if isinstance(wanted, dict) and isinstance(found, dict):
        for key, value in wanted.items():
            at = f"{path}.{key}" if path else key
            if key in found:
                yield from lost(value, found[key], at)
            elif value not in _EMPTY:
                yield f"{at} was lost"
    elif isinstance(wanted, list) and isinstance(found, list):
        yield from _lost_items(wanted, found, path)
    elif plain(wanted) != plain(found):
        yield f"{path} is {_shown(found)}, and not {_shown(wanted)}"


def plain(value: Any) -> Any:
    """Return the form in which scalars are compared."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, float)) or (isinstance(value, str) and value.replace(".", "", 1).isdigit()):
        try:
            return f"{float(value):g}" if abs(float(value)) < 1e6 else str(value)
        except ValueError:
            return value
    return "" if value is None else value


def _parsed(wanted: Any, found: Any) -> tuple[Any, Any]:
    """Return both as data, if one is a text that holds JSON."""
    try:
        return (json.loads(wanted), found) if isinstance(wanted, str) else (wanted, json.loads(found))
    except (ValueError, TypeError):
        return wanted, found


def _lost_items(wanted: list[Any], found: list[Any], path: str) -> Iterator[str]:
    left = list(found)
    for index, value in enumerate(wanted):
        match = next((item for item in left if not any(lost(value, item, path))), None)
        if match is None:
            best = found[index] if index < len(found) else None
            reasons = list(lost(value, best, f"{path}[{index}]")) if best is not None else []
            yield from reasons or [f"{path}[{index}] was lost"]
        else:
            left.remove(match)
    if left and len(found) > len(wanted):
        many = f"{len(found)} element{'' if len(found) == 1 else 's'}"
        yield f"{path} has {many}, and not {len(wanted)}: {_shown(left)}"


def _shown(value: Any) -> str:
    text = json.dumps(value, default=str)
    return text if len(text) <= 100 else text[:97] + "..."

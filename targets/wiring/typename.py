"""What is told of a resource type that a library does not know."""

from __future__ import annotations

from difflib import get_close_matches

#: How near a name must be: all types begin alike, so it takes more than for other names.
_CUTOFF = 0.85


def unchecked(type_name: str) -> str:
    """Return what to do about a CloudFormation type that could not be checked: it may be misspelt, or new."""
    # Read only here: the table is large, and few specs come to this.
    from lenie.compiler.diff.lifecycle import type_names

    known = type_names()
    near = [] if type_name in known else get_close_matches(type_name, known, n=1, cutoff=_CUTOFF)
    advice = "check its properties against the documentation"
    return f'did you mean "{near[0]}"? Otherwise {advice}' if near else advice

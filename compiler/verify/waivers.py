"""Differences that are accepted, each with its reason. Every report prints the ones that it met."""

from __future__ import annotations

from typing import NamedTuple

from lenie.compiler.verify.compare import VALUE, Difference


class Waiver(NamedTuple):
    """`target` says nothing, or something else, of `property` (the first step of its path) of `type`."""

    target: str
    type: str
    property: str
    why: str


_CONNECTED = (
    "Amplify takes a repository only together with a token, and the provider would keep the token in its state: people "
    "connect the repository once, after the first apply"
)

WAIVERS: tuple[Waiver, ...] = (
    Waiver("tf", "AWS::Amplify::App", "Repository", _CONNECTED),
    Waiver("tf", "AWS::Amplify::App", "AccessToken", _CONNECTED),
)


def waiver(found: Difference) -> Waiver | None:
    """Return the waiver that accepts a difference. It covers what a target leaves out, not what it says wrongly."""
    if found.code != VALUE or found.actual is not None:
        return None
    for one in WAIVERS:
        if (one.target, one.type, one.property) == (found.target, found.type, found.path[0]):
            return one
    return None

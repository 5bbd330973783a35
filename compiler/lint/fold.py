"""Makes one of the findings that say the same: of several environments, of several targets, of several tools."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from lenie.compiler.lint.locate import Located
from lenie.targets import TARGETS

#: Tools that judge templates by the same numbered rules: what is E3034 to the one is F3034 to the other.
_TEMPLATES = frozenset({"cfn-lint", "cdk"})


def fold(found: Iterable[Located]) -> list[list[Located]]:
    """Return groups of findings that are one fault, each with the most telling one first."""
    groups: dict[Any, list[Located]] = {}
    for one in found:
        groups.setdefault(_key(one), []).append(one)
    split = [part for group in groups.values() for part in _split(group)]
    return _paired(split)


def _key(one: Located) -> Any:
    """Return what two findings have in common if they may be the same fault."""
    finding = one.finding
    if not one.owner:
        return finding.tool, finding.rule, finding.message, finding.target, finding.region, one.component
    if not finding.rule:
        return finding.tool, finding.message, one.component, one.owner, finding.region
    if finding.tool in _TEMPLATES:
        return "template", finding.rule.lstrip("EWIF"), one.component, one.owner, one.types, finding.property
    # A check of another tool has the same name for every target; and it looks at the whole resource.
    return finding.tool, finding.rule, one.component, one.owner


def _split(group: list[Located]) -> list[list[Located]]:
    """Return parts in which no tool says two different things about a target: nothing that was said may get lost."""
    said: dict[tuple[str, str], set[str]] = {}
    for one in group:
        said.setdefault((one.finding.tool, one.finding.target), set()).add(one.finding.message)
    if all(len(messages) == 1 for messages in said.values()):
        return [group]
    parts: dict[str, list[Located]] = {}
    for one in group:
        parts.setdefault(one.finding.message, []).append(one)
    return list(parts.values())


def _paired(groups: list[list[Located]]) -> list[list[Located]]:
    """Join what both tools for templates say about the same property, by different rules, if each says one thing."""
    alone: dict[Any, dict[str, list[list[Located]]]] = {}
    for group in groups:
        first = group[0]
        tools = {one.finding.tool for one in group}
        if len(tools) == 1 and tools <= _TEMPLATES and first.finding.property and first.owner:
            key = (first.component, first.owner, first.types, first.finding.property)
            alone.setdefault(key, {}).setdefault(first.finding.tool, []).append(group)
    gone: set[int] = set()
    for by_tool in alone.values():
        if len(by_tool) == len(_TEMPLATES) and all(len(listed) == 1 for listed in by_tool.values()):
            (kept,), (joined,) = by_tool["cfn-lint"], by_tool["cdk"]
            kept += joined
            gone.add(id(joined))
    return [_ordered(group) for group in groups if id(group) not in gone]


def _ordered(group: Sequence[Located]) -> list[Located]:
    """Put first what is known best: with the narrowest place in the spec; then in the order of the targets."""
    return sorted(group, key=lambda one: (-len(one.path), TARGETS.index(one.finding.target)))

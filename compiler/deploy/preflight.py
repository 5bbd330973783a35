"""What can be known before anything is changed: states of stacks, what is read from elsewhere, names that are taken."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor

from lenie.compiler.deploy.bundle import Bundle, Unit
from lenie.compiler.deploy.calls import Calls
from lenie.compiler.deploy.collisions import Collision, Where, collisions, wanted
from lenie.compiler.deploy.stack import Found, Stack
from lenie.compiler.deploy.strays import Strays
from lenie.compiler.diagnostics import Diagnostic
from lenie.compiler.graph import Graph

_THREADS = 8
#: Names that one call of SSM takes.
_BATCH = 10


def look(calls: Calls, units: Iterable[Unit]) -> dict[str, Found]:
    """Return component -> its stack as it is."""
    chosen = list(units)
    with ThreadPoolExecutor(_THREADS) as pool:
        found = pool.map(lambda unit: Stack(calls, unit.stack).find(), chosen)
        return {unit.component: one for unit, one in zip(chosen, found, strict=True)}


def missing(calls: Calls, bundle: Bundle, units: Mapping[str, Unit]) -> list[Diagnostic]:
    """Return what the components need of others that are neither deployed now nor already there (E651)."""
    found = []
    others = {other for unit in units.values() for other in unit.after if other not in units}
    stacks = look(calls, (bundle.units[other] for other in sorted(others)))
    absent = {other for other, stack in stacks.items() if not stack.there}
    published = _published(calls, {name for unit in units.values() for name, by in unit.reads.items() if by in others})
    for unit in units.values():
        for other in unit.after:
            if other not in absent:
                continue
            scope = bundle.units[other].scope
            flag = f" --include {scope}" if scope != "environment" else ""
            help = f"deploy it first, or with it: lenie deploy --env {bundle.environment}{flag}"
            message = f"{unit.component} needs {other}, which is not deployed"
            found.append(bundle.error("E651", message, unit.component, help))
        for name, by in unit.reads.items():
            if by in others - absent and name not in published:
                message = f"{unit.component} reads {name}, which {by} is to publish, and does not yet"
                help = f"deploy {by} again: lenie deploy --env {bundle.environment} {by} {unit.component}"
                found.append(bundle.error("E651", message, unit.component, help))
    return found


def taken(
    calls: Calls,
    bundle: Bundle,
    graph: Graph,
    units: Mapping[str, Unit],
    stacks: Mapping[str, Found],
    where: Where,
    others: Strays,
) -> tuple[list[Diagnostic], str]:
    """Return the names of new resources that something else has already (E652), and a note on what nobody knows.

    `graph` is that of the environment; `others` are the stacks that the spec has no component for.
    """
    existing = _existing(calls, stacks)
    looked = collisions(calls, wanted(graph, units, existing, where.account), where)
    found = looked.taken
    if not found:
        return [], looked.note
    # Another deployment may have made them since the stacks were looked at: then they are where they belong.
    components = {collision.wanted.component for collision in found}
    now = _existing(calls, look(calls, (units[name] for name in components)))
    owned = {
        str(entry.get("PhysicalResourceId", "")): stray.component
        for stray in others.found
        for entry in Stack(calls, stray.stack.name).resources(stray.stack.id)
    }
    errors = [
        _collision(bundle, one, owned)
        for one in found
        if one.wanted.logical_id not in now.get(one.wanted.component, ())
    ]
    return errors, looked.note


def _collision(bundle: Bundle, one: Collision, owned: Mapping[str, str]) -> Diagnostic:
    wanted = one.wanted
    more = f", {one.note}" if one.note else ""
    message = (
        f'{wanted.component}: {wanted.logical_id} ({wanted.type}) would be "{wanted.name}", which exists already{more}'
    )
    help = (
        "nothing was changed; rename one of them, delete what is there, or import it: aws cloudformation "
        "create-change-set --change-set-type IMPORT"
    )
    owner = next((by for id, by in owned.items() if id == wanted.name or re.split("[/:]", id)[-1] == wanted.name), "")
    if owner:
        message += f", in the stack of {owner}, which the spec does not have any more"
        help = (
            f"nothing was changed; name the component {owner} again, or delete that stack first: "
            f"lenie destroy --env {bundle.environment} {owner}"
        )
    return bundle.error("E652", message, one.wanted.component, help, one.wanted.logical_id)


def _existing(calls: Calls, stacks: Mapping[str, Found]) -> dict[str, set[str]]:
    """Return component -> logical ids of the resources that its stack has."""
    there = [(name, stack) for name, stack in stacks.items() if stack.id and stack.there]

    def ids(one: tuple[str, Found]) -> set[str]:
        entries = Stack(calls, one[1].name).resources(one[1].id)
        gone = ("DELETE_COMPLETE", "DELETE_SKIPPED")
        return {str(entry["LogicalResourceId"]) for entry in entries if entry.get("ResourceStatus") not in gone}

    with ThreadPoolExecutor(_THREADS) as pool:
        return {name: found for (name, _), found in zip(there, pool.map(ids, there), strict=True)}


def _published(calls: Calls, names: set[str]) -> set[str]:
    """Return those of the SSM parameters `names` that exist."""
    ordered = sorted(names)
    found: set[str] = set()
    for start in range(0, len(ordered), _BATCH):
        answer = calls("ssm", "get_parameters", Names=ordered[start : start + _BATCH])
        found |= {entry["Name"] for entry in answer["Parameters"]}
    return found

"""What is deployed of an environment, and how it differs from the spec."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from typing import Any, NamedTuple

from lenie.compiler.aws import Account, told
from lenie.compiler.deploy import events, preflight
from lenie.compiler.deploy.bundle import Bundle, Unit
from lenie.compiler.deploy.calls import Calls
from lenie.compiler.deploy.engine import bundled, chosen, identify
from lenie.compiler.deploy.model import Options
from lenie.compiler.deploy.stack import Found
from lenie.compiler.deploy.strays import Strays, strays
from lenie.compiler.pipeline import Compilation

_FAILED = ("FAILED", "ROLLBACK_COMPLETE")
#: States of a stack that is as its template has it: a change that was rolled back has left no trace.
_WHOLE = frozenset(
    {
        "CREATE_COMPLETE",
        "UPDATE_COMPLETE",
        "IMPORT_COMPLETE",
        "UPDATE_ROLLBACK_COMPLETE",
        "IMPORT_ROLLBACK_COMPLETE",
    }
)


class Status(NamedTuple):
    """The state of one component."""

    component: str
    stack: str
    #: The stack's status, empty if there is none.
    status: str
    changed_at: str
    #: How what is deployed differs from the spec; empty if it does not.
    differs: tuple[str, ...]
    #: What failed last, if the stack is in a state that tells of a failure; what was rolled back may be as it should.
    failure: str

    @property
    def current(self) -> bool:
        """Whether the component is deployed, as the spec has it."""
        return bool(self.status) and not self.differs


class Overview(NamedTuple):
    """The state of an environment."""

    environment: str
    account: str
    region: str
    components: tuple[Status, ...]
    #: What could not be looked at.
    note: str = ""


def status_of(compiled: Compilation, environment: str, account: Account, options: Options) -> Overview:
    """Return the state of each component of `environment`; nothing is changed.

    Raises:
        SpecError: (E911) if there are no credentials, or AWS refuses.
        Usage: if the environment or a component does not exist.
    """
    bundle = bundled(compiled, environment, options)
    units = chosen(bundle, options.names, options.scopes())
    identity = identify(account)
    calls = Calls(account, options.pace)
    with told("looking at what is deployed"):
        stacks = preflight.look(calls, units.values())
        values = _values(calls, {name for stack in stacks.values() for name in _read(stack)})
        components = tuple(_status(calls, bundle, unit, stacks[name], values) for name, unit in units.items())
        others = Strays() if options.names else strays(calls, bundle, options.scopes())
    components += tuple(
        Status(one.component, one.stack.name, one.stack.status, _at(one.stack), ("not in the spec",), "")
        for one in others.found
    )
    return Overview(environment, identity.account, account.region, components, others.note)


def outdated(calls: Calls, units: Iterable[Unit], changed: Collection[str]) -> dict[str, list[str]]:
    """Return those of `units` that have read a value of the components `changed` which is another one by now.

    The names of the values are those of SSM parameters.
    """
    readers = {unit.component: unit for unit in units if set(unit.reads.values()) & set(changed)}
    stacks = {name: stack for name, stack in preflight.look(calls, readers.values()).items() if stack.there}
    values = _values(calls, {name for stack in stacks.values() for name in _read(stack)})
    found = {}
    for component, stack in stacks.items():
        given = dict(stack.parameters)
        names = [given.get(name, "") for name, _ in stack.resolved]
        old = [at for at, (_, value) in zip(names, stack.resolved, strict=True) if values.get(at, value) != value]
        mine = [at for at in old if readers[component].reads.get(at) in changed]
        if mine:
            found[component] = sorted(mine)
    return found


def _status(calls: Calls, bundle: Bundle, unit: Unit, stack: Found, values: dict[str, str]) -> Status:
    if stack.status in ("", "DELETE_COMPLETE"):
        return Status(unit.component, unit.stack, "", "", (), "")
    differs = tuple(_differences(calls, unit, stack, values))
    failure = ""
    if stack.status.endswith(_FAILED):
        found = events.failures(calls, stack.id)
        failure = "; ".join(f"{one.logical_id or 'the stack'}: {one.said}" for one in found[:2]) or stack.reason
    return Status(unit.component, unit.stack, stack.status, _at(stack), differs, failure)


def _at(stack: Found) -> str:
    changed = stack.changed_at
    return changed.strftime("%Y-%m-%d %H:%M") if hasattr(changed, "strftime") else str(changed or "")


def _differences(calls: Calls, unit: Unit, stack: Found, values: dict[str, str]) -> list[str]:
    found = []
    if stack.status.endswith("_IN_PROGRESS"):
        found.append("an operation runs")
    elif stack.status not in _WHOLE:
        found.append("not complete")
    if stack.status == "REVIEW_IN_PROGRESS":
        # There is no template yet, only a change set with one.
        return ["not complete"]
    answer = calls("cloudformation", "get_template", StackName=stack.id, TemplateStage="Original")
    if _canonical(answer["TemplateBody"]) != _canonical(unit.template):
        found.append("template")
    given = dict(stack.parameters)
    changed = [name for name, value in unit.parameters.items() if given.get(name) not in (value, "****")]
    found += [f"parameter {name}" for name in changed]
    for name, value in stack.resolved:
        parameter = given.get(name, "")
        if name not in changed and parameter in values and values[parameter] != value:
            found.append(f"value of {parameter}")
    if unit.protected and not stack.protected:
        found.append("not protected from deletion")
    return found


def _canonical(template: Any) -> str:
    """Return a template as text: boto3 makes data of one that is JSON."""
    if isinstance(template, str) and template.lstrip().startswith("{"):
        template = json.loads(template)
    return template.strip() if isinstance(template, str) else json.dumps(template, sort_keys=True)


def _read(stack: Found) -> list[str]:
    """Return the names of the SSM parameters that the stack read."""
    given = dict(stack.parameters)
    return [given[name] for name, _ in stack.resolved if given.get(name)]


def _values(calls: Calls, names: set[str]) -> dict[str, str]:
    """Return the present values of SSM parameters; those of AWS, which change by themselves, are left out."""
    ordered = sorted(name for name in names if not name.startswith("/aws/"))
    found: dict[str, str] = {}
    for start in range(0, len(ordered), 10):
        answer = calls("ssm", "get_parameters", Names=ordered[start : start + 10])
        found |= {entry["Name"]: entry["Value"] for entry in answer["Parameters"]}
    return found

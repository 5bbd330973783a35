"""Stacks of the project that no component of the spec has any more: it was removed, or has another name now.

Nothing else would find them: all that is deployed is looked for by the names of components. The name of a stack alone
does not tell whose it is (another project may be called ``lenie-dev``), so its template has to carry the project's tag.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from lenie.compiler.aws import DENIED
from lenie.compiler.deploy.bundle import Bundle, Unit
from lenie.compiler.deploy.calls import Calls, code_of
from lenie.compiler.deploy.stack import Found, found_of
from lenie.compiler.graph import Scope

_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_UNKNOWN = "whether stacks are left that the spec has no component for is not known: AWS denies listing stacks"


class Stray(NamedTuple):
    """A stack, under the name that its component had."""

    component: str
    stack: Found

    def unit(self) -> Unit:
        """Return it as what can be deleted."""
        return Unit(self.component, "", "environment", self.stack.name, "", {}, (), False, {}, (), {}, ())


class Strays(NamedTuple):
    """The stacks that were found, the newest first; `note` says why they may be incomplete, or nothing."""

    found: tuple[Stray, ...] = ()
    note: str = ""

    def notes(self, environment: str) -> list[str]:
        """Return what is to be said of them."""
        said = [
            f"the stack {one.stack.name} is deployed, and the spec has no component {one.component}: "
            f"lenie destroy --env {environment} {one.component} deletes it"
            for one in self.found
        ]
        return [*said, *([self.note] if self.note else [])]


def strays(calls: Calls, bundle: Bundle, scopes: Iterable[Scope]) -> Strays:
    """Return the stacks of the project in the environment of `bundle` that no component has.

    Those that exist once are looked for if `scopes` holds more than environments.

    Raises:
        botocore.exceptions.ClientError: if AWS refuses for another reason than permissions.
    """
    from botocore.exceptions import ClientError

    known = {unit.stack for unit in bundle.units.values()}
    shared = any(scope != "environment" for scope in scopes)
    found = []
    try:
        for entry in calls.pages("cloudformation", "describe_stacks", "Stacks"):
            stack = found_of(entry)
            if stack.name in known or stack.status == "DELETE_COMPLETE":
                continue
            component = _component(bundle, stack, shared)
            if component and _ours(calls, bundle, stack):
                found.append((str(entry.get("CreationTime", "")), Stray(component, stack)))
    except ClientError as error:
        if code_of(error) in DENIED:
            return Strays(note=_UNKNOWN)
        raise
    return Strays(tuple(stray for _, stray in sorted(found, key=lambda one: one[0], reverse=True)))


def deletion_policies(calls: Calls, stack: Found) -> dict[str, str]:
    """Return logical id -> deletion policy, of the template that is deployed: the spec may have another by now."""
    resources = _resources(calls, stack)
    return {name: str(one["DeletionPolicy"]) for name, one in resources.items() if "DeletionPolicy" in one}


def _component(bundle: Bundle, stack: Found, shared: bool) -> str:
    """Return the name of the component that the name of a stack tells; nothing if it can be none of the project's."""
    graph = bundle.graph
    given = dict(stack.parameters).get("Environment")
    fitting = [name for name in graph.environments if stack.name.startswith(f"{graph.project}-{name}-")]
    of = given or max(fitting, key=len, default="")
    prefix = f"{graph.project}-{of}-" if of else f"{graph.project}-"
    rest = stack.name.removeprefix(prefix)
    wanted = of == bundle.environment if of else shared
    return rest if wanted and rest != stack.name and _NAME.fullmatch(rest) else ""


def _ours(calls: Calls, bundle: Bundle, stack: Found) -> bool:
    """Whether the template of a stack carries the tag of the project."""
    for resource in _resources(calls, stack).values():
        tags = resource.get("Properties", {}).get("Tags")
        pairs = tags.items() if isinstance(tags, dict) else _pairs(tags)
        if ("Project", bundle.graph.project) in pairs:
            return True
    return False


def _pairs(tags: Any) -> Iterator[tuple[Any, Any]]:
    for one in tags if isinstance(tags, list) else ():
        if isinstance(one, dict):
            yield one.get("Key"), one.get("Value")


def _resources(calls: Calls, stack: Found) -> Mapping[str, dict[str, Any]]:
    """Return the resources of the template that is deployed, by their logical ids; functions are lost."""
    from botocore.exceptions import ClientError

    from lenie.compiler.verify.cfn.document import Unreadable, load

    try:
        body = calls("cloudformation", "get_template", StackName=stack.id, TemplateStage="Original")["TemplateBody"]
        content = load(body if isinstance(body, str) else json.dumps(body), stack.name).plain()
    except Unreadable:
        return {}
    except ClientError as error:
        # A stack of which nothing but a change set was made has none.
        if code_of(error) != "ValidationError":
            raise
        return {}
    resources = content.get("Resources") if isinstance(content, dict) else None
    found = resources if isinstance(resources, dict) else {}
    return {str(name): one for name, one in found.items() if isinstance(one, dict)}

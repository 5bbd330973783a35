"""A role may do more than its work needs.

Access is derived from verbs on resources, so it names the resource. Two ways lead around that, and both are checked:
`access: {aws: [...]}` is for actions that allow no resource (`Resource: "*"` is their only choice; the compiler has the
list), and raw IAM resources of kind `cloudformation` must not hold `Action: "*"`, `service:*`, `NotAction`,
`Resource: "*"` for actions that can be narrowed, or a managed policy such as AdministratorAccess.
Sources: Service Authorization Reference, "Actions, resources, and condition keys for AWS services"; IAM User Guide,
"Security best practices in IAM".

Wrong:

    ask: {kind: function, access: {aws: ["s3:*", "sqs:SendMessage"]}, ...}
    server: {kind: instance, managed-policies: [AdministratorAccess], ...}

Right:

    ask: {kind: function, access: {documents: send, aws: ["translate:TranslateText"]}, ...}
    server: {kind: instance, managed-policies: [AmazonSSMManagedInstanceCore], ...}

Waive it where the action is younger than the compiler's list:

    ask: {kind: function, waive: {E320: the service has no resources of its own}, ...}
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from lenie.compiler.data.iam import SERVICES, known_action, suggest_action, wildcard_reason
from lenie.compiler.kind import Actor
from lenie.compiler.kinds import kind_class, kind_names
from lenie.compiler.program import Program
from lenie.compiler.rules import Finding
from lenie.compiler.rules._raw import RawResource, raw_resources, texts
from lenie.compiler.span import Path

CODE = "E320"
_BROAD = re.compile(r"(?:^|/)(AdministratorAccess|PowerUserAccess|[A-Za-z0-9_-]*FullAccess)$")
_DIRECT = "name the actions that are needed, one by one"


def check(program: Program, finding: Finding) -> None:
    """Report actions without a resource that could have one, wildcards, and managed policies that allow everything."""
    for declaration, actor in program.of(Actor):
        for action in actor.access.get("aws", ()):
            fault = _fault(action)
            if fault is not None:
                finding(fault[0], (*declaration.path, "access", "aws"), find=action, help=fault[1])
    for declaration in program.declarations.values():
        for index, policy in enumerate(getattr(declaration.model, "managed_policies", ())):
            _check_managed(str(policy), (*declaration.path, "managed-policies", index), finding)
    for raw in raw_resources(program):
        if raw.type.startswith("AWS::IAM::"):
            _check_raw(raw, finding)


def _fault(action: str) -> tuple[str, str] | None:
    """Return what is wrong with an action on all resources, and what to do about it."""
    service, colon, name = action.partition(":")
    if not (service and colon and name):
        return f'"{action}" is not an IAM action', "write service:Action, for instance translate:TranslateText"
    if "*" in action or "?" in action:
        return f'"{action}" stands for several actions, known and future ones', _DIRECT
    near = suggest_action(action)
    hint = f'did you mean "{near}"?' if near else "see the Service Authorization Reference"
    if service not in SERVICES:
        return f'IAM knows no service "{service}"', hint
    known = known_action(action)
    if known is False:
        return f'{service} has no action "{name}"', hint
    if known is None:
        return (
            f'the compiler does not know whether "{action}" can be held to a resource',
            "look it up in the Service Authorization Reference; waive E320 if it cannot",
        )
    return None if wildcard_reason(action) else (f'"{action}" can be held to a resource', _narrower(action))


def _narrower(action: str) -> str:
    """Return how to grant an action on a resource, or what to do where no kind has a verb for it."""
    for kind in kind_names():
        for verb, grant in kind_class(kind).GRANTS.items():
            if action in grant.actions:
                return f"grant it on a {kind}: access: {{NAME: {verb}}}"
    return "no kind of resource grants it: waive E320, and say why every resource is meant"


def _check_managed(policy: str, path: Path, finding: Finding) -> None:
    match = _BROAD.search(policy)
    if match:
        help = "attach a policy that allows what is needed, such as AmazonSSMManagedInstanceCore"
        finding(f"{match.group(1)} allows far more than one task needs", path, help=help)


def _check_raw(raw: RawResource, finding: Finding) -> None:
    for path, text in texts(raw.properties, raw.properties_path):
        if "ManagedPolicyArns" in path:
            _check_managed(text, path, finding)
    for statement, path in _statements(raw.properties, raw.properties_path):
        if "NotAction" in statement:
            finding("NotAction allows every action but the ones named", (*path, "NotAction"), key=True, help=_DIRECT)
        anywhere = any(text == "*" for _, text in texts(statement.get("Resource"), ()))
        for at, action in texts(statement.get("Action"), (*path, "Action")):
            service, _, name = action.partition(":")
            if action == "*" or name == "*":
                what = f"all actions of {service}" if name else "every action of every service"
                finding(f'"{action}" allows {what}', at, help=_DIRECT)
            elif anywhere and known_action(action) is not None and wildcard_reason(action) is None:
                finding(f'"{action}" on every resource can be held to some', at, help="name the ARNs in Resource")


def _statements(value: Any, path: Path) -> Iterator[tuple[Mapping[str, Any], Path]]:
    """Yield the statements of identity policies inside `value`: those that allow something, and name no principal."""
    if isinstance(value, Mapping):
        if value.get("Effect") == "Allow" and "Principal" not in value:
            yield value, path
        for key, item in value.items():
            yield from _statements(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _statements(item, (*path, index))

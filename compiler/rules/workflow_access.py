"""A workflow calls what its access does not allow, or is allowed what it does not call.

The role of a workflow holds the verbs of `access`, and nothing else. A task whose action is missing there fails when it
first runs, perhaps at night; an action that no task needs is a right without a use. Tasks inside Map and Parallel
states count, and a task that names a resource of the spec in its arguments needs the verb on that resource.
A distributed Map state needs `start` on its own workflow, and its `ItemReader` and `ResultWriter` are calls like those
of tasks.
Sources: AWS Step Functions Developer Guide, "Learning to use AWS service SDK integrations in Step Functions", "How
Step Functions generates IAM policies for integrated services" and "IAM policies for using Distributed Map states".

Wrong:

    import:
      kind: workflow
      access: {documents: send}
      definition:
        StartAt: Count
        States:
          Count: {Type: Task, Resource: "arn:aws:states:::aws-sdk:sqs:getQueueAttributes", End: true}

Right:

    import:
      kind: workflow
      access: {documents: count}
      definition:
        StartAt: Count
        States:
          Count: {Type: Task, Resource: "arn:aws:states:::aws-sdk:sqs:getQueueAttributes", End: true}

Waive it where the action is called in a way that the compiler cannot see:

    import: {kind: workflow, waive: {E321: the HTTP task needs it for its connection}, ...}
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from lenie.compiler.data.iam import known_action, suggest_action, wildcard_reason
from lenie.compiler.kinds.workflow import Workflow, is_distributed
from lenie.compiler.program import Declaration, Program
from lenie.compiler.rules import Finding
from lenie.compiler.rules._integrations import INTEGRATIONS, fault_of
from lenie.compiler.spec import uses
from lenie.compiler.states import SDK_SERVICES, State, action_of, call_of, integration_of, workflow_machine
from lenie.compiler.types import Lookup, Template

CODE = "E321"
#: (resource, verb) -> its actions in lower case; the resource ``aws`` has one verb for each action.
Granted = Mapping[tuple[str, str], frozenset[str]]
_EXAMPLE = "arn:${aws.partition}:states:::aws-sdk:SERVICE:CALL"
_START = "states:StartExecution"
#: Field of a Map state that reaches S3 -> the calls that it can make. Source: AWS Step Functions Developer Guide,
#: "ItemReader (Map)" and "ResultWriter (Map)".
_MAP_CALLS: Mapping[str, tuple[str, ...]] = {
    "ItemReader": ("s3:getObject", "s3:listObjectsV2"),
    "ResultWriter": ("s3:putObject",),
}
#: What a result writer may do to its bucket besides putting objects, and a reader of listed objects to its own.
_WRITER_MAY = frozenset(("s3:getobject", "s3:listbucket", "s3:listmultipartuploadparts", "s3:abortmultipartupload"))
_LOADER_MAY = frozenset(("s3:getobject",))


class Use(NamedTuple):
    """What a task uses: the grants that allow it, and the service of its call if no grant does."""

    grants: set[tuple[str, str]]
    unresolved: str | None = None


def check(program: Program, finding: Finding) -> None:
    """Compare the actions of a workflow's tasks with what its access grants."""
    for declaration, workflow in program.of(Workflow):
        granted = _granted(program, workflow)
        used: set[tuple[str, str]] = set()
        unresolved: set[str] = set()
        for state in workflow_machine(declaration, workflow).walk():
            for use in _uses(program, declaration, state, granted, finding):
                used |= use.grants
                if use.unresolved is not None:
                    unresolved.add(use.unresolved)
        for (resource, verb), actions in granted.items():
            # A task with a misspelt call may be the one that needs the verb.
            if (resource, verb) in used or unresolved & {"", *(action.partition(":")[0] for action in actions)}:
                continue
            finding(
                f'"{declaration.name}" may {verb} on "{resource}", and no task does'
                if resource != "aws"
                else f'"{declaration.name}" is allowed {verb}, and no task calls it',
                (*declaration.path, "access", resource),
                find=verb,
                help="remove it from access",
            )


def _granted(program: Program, model: Workflow) -> Granted:
    granted: dict[tuple[str, str], frozenset[str]] = {}
    for name, verbs in model.access.items():
        for verb in verbs:
            if name == "aws":
                granted[name, verb] = frozenset((verb.lower(),))
            else:
                grant = program.declarations[name].model.grants()[verb]
                granted[name, verb] = frozenset(a.lower() for a in (*grant.actions, *grant.unscoped))
    return granted


def _uses(
    program: Program, declaration: Declaration, state: State, granted: Granted, finding: Finding
) -> Iterator[Use]:
    """Yield what a state uses: the call of a task; of a Map state its executions, and where it reads and writes."""
    if state.type == "Task" and "Resource" in state.data:
        yield _check_task(program, declaration, state, granted, finding)
    if state.type != "Map":
        return
    if is_distributed(state.data):
        yield _check_start(declaration, state, granted, finding)
    for field in _MAP_CALLS:
        data = state.data.get(field)
        # A writer without a resource only says in which form the state returns its results.
        if isinstance(data, dict) and "Resource" in data:
            access = State(state.name, (*state.path, field), data)
            yield _check_map_call(program, declaration, access, field, granted, finding)


def _check_start(declaration: Declaration, state: State, granted: Granted, finding: Finding) -> Use:
    """Return the grants by which a distributed Map state starts executions of its own workflow."""
    own = {pair for pair, actions in granted.items() if pair[0] == declaration.name and _START.lower() in actions}
    if not own:
        finding(
            f'"{state.name}" starts executions of "{declaration.name}" for its items, which the access of '
            f'"{declaration.name}" does not allow',
            (*state.path, "ItemProcessor", "ProcessorConfig", "Mode"),
            help=f"write access: {{{declaration.name}: start}}",
            also=[((*declaration.path, "access"), "what it may do")],
        )
    return Use(own)


def _check_map_call(
    program: Program, declaration: Declaration, access: State, field: str, granted: Granted, finding: Finding
) -> Use:
    """Return the grants that the reader or writer of a Map state uses, and those that it may have beyond them."""
    found = integration_of(access.data.get("Resource"))
    call = f"{found.service}:{found.call}" if found is not None and not (found.sdk or found.pattern) else ""
    if call not in _MAP_CALLS[field]:
        possible = " or ".join(f"arn:${{aws.partition}}:states:::{known}" for known in _MAP_CALLS[field])
        finding(
            f'the {field} of "{access.name}" names no call that it can make',
            access.place("Resource"),
            help=f"write {possible}",
        )
        return Use(set(), "s3")
    use = _check_action(program, declaration, access, action_of(call), granted, finding)
    config = access.data.get("ReaderConfig")
    loads = isinstance(config, dict) and config.get("Transformation") == "LOAD_AND_FLATTEN"
    beyond = _WRITER_MAY if field == "ResultWriter" else _LOADER_MAY if loads else frozenset()
    buckets = {name for name, _ in use.grants} - {"aws"}
    return Use(use.grants | {pair for pair, actions in granted.items() if pair[0] in buckets and actions <= beyond})


def _check_task(program: Program, declaration: Declaration, state: State, granted: Granted, finding: Finding) -> Use:
    """Return the grants that the task uses; report it if there are none, or if it names no call."""
    resource = state.data.get("Resource")
    if isinstance(resource, str) and ":activity:" in resource:
        return Use(set())
    call = call_of(resource)
    if call is None:
        finding(
            f'"{state.name}" names no call that a task can make',
            state.place("Resource"),
            help=f"write {_EXAMPLE}, or a service integration such as arn:${{aws.partition}}:states:::lambda:invoke",
        )
        return Use(set(), "")
    integration = integration_of(resource)
    fault = fault_of(integration) if integration is not None else None
    if fault is not None:
        finding(fault.message, state.place("Resource"), help=fault.help)
        known = integration is not None and integration.service in INTEGRATIONS
        return Use(set(), action_of(call).partition(":")[0] if known else "")
    return _check_action(program, declaration, state, action_of(call), granted, finding)


def _check_action(
    program: Program, declaration: Declaration, state: State, action: str, granted: Granted, finding: Finding
) -> Use:
    """Return the grants that a call of `action` uses; report it if there are none."""
    fitting = {pair for pair, actions in granted.items() if action.lower() in actions}
    named = _named(program, state, action)
    exact = {(name, verb) for name, verb in fitting if name in named}
    if named and not exact:
        verbs = [v for v, g in program.declarations[named[0]].model.grants().items() if _allows(g.actions, action)]
        finding(
            f'"{state.name}" calls {action} on "{named[0]}", which the access of "{declaration.name}" does not allow',
            state.place("Resource"),
            help=f"write access: {{{named[0]}: {verbs[0]}}}",
            also=[((*declaration.path, "access"), "what it may do")],
        )
        return Use(fitting)
    if not fitting:
        finding(
            f'"{state.name}" calls {action}, which the access of "{declaration.name}" does not allow'
            if known_action(action) is not False
            else f'"{state.name}" calls {action}, and IAM has no action of that name',
            state.place("Resource"),
            help=_how_to_allow(program, action),
            also=[((*declaration.path, "access"), "what it may do")] if known_action(action) is not False else [],
        )
        return Use(set(), action.partition(":")[0])
    return Use(exact or fitting)


def _named(program: Program, state: State, action: str) -> list[str]:
    """Return the resources of the spec that the task's arguments name and that can grant `action`."""
    texts = [state.data.get("Arguments"), state.data.get("Parameters")]
    resource = state.data.get("Resource")
    texts += [resource] if isinstance(resource, Template) else []
    found = (use.target.head for text in texts for use in uses(text, ()) if isinstance(use.target, Lookup))
    return [
        name
        for name in dict.fromkeys(found)
        if name in program.declarations
        and any(_allows(grant.actions, action) for grant in program.declarations[name].model.grants().values())
    ]


def _allows(actions: tuple[str, ...], action: str) -> bool:
    return action.lower() in (a.lower() for a in actions)


def _how_to_allow(program: Program, action: str) -> str:
    verbs = [
        f"{name}: {verb}"
        for name, other in program.declarations.items()
        for verb, grant in other.model.grants().items()
        if _allows((*grant.actions, *grant.unscoped), action)
    ]
    if verbs:
        return "add to access one of: " + ", ".join(verbs[:4])
    near = suggest_action(action)
    if near is not None:
        service, _, name = near.partition(":")
        written = next((sdk for sdk, prefix in SDK_SERVICES.items() if prefix == service), service)
        return f'did you mean "{written}:{name[:1].lower()}{name[1:]}"?'
    if wildcard_reason(action):
        return f'write access: {{aws: ["{action}"]}}'
    return "no resource of this spec grants it: see the verbs of its kind"

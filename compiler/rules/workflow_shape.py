"""A workflow's definition is not what Step Functions runs.

Step Functions refuses a definition in which a transition leads to a state that does not exist, and accepts one in which
a state is never reached: a part of the work is then silently left out. So each state must be reached from `StartAt`,
each transition must name a state of the same state machine (those inside a Map or Parallel state are machines of their
own), a state that is not the last needs `Next`, and no name may stand for two states.

Each type of state has its own fields. A misspelt one is refused at deployment, or ignored by some tools; a state in
JSONata has no field of JSONPath, and an expression whose bracket is not closed fails when the state first runs.
Sources: AWS Step Functions Developer Guide, "Using Amazon States Language to define Step Functions workflows", and the
Amazon States Language specification.

Wrong:

    definition:
      StartAt: Count
      States:
        Count: {Type: Pass, Next: Finish}
        Done: {Type: Succeed}

Right:

    definition:
      StartAt: Count
      States:
        Count: {Type: Pass, Next: Done}
        Done: {Type: Succeed}

Waive it for a state that is kept for later:

    import: {kind: workflow, waive: {E330: the second half is switched on in March}, ...}
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lenie.compiler.diagnostics import suggest
from lenie.compiler.kinds.workflow import Workflow
from lenie.compiler.program import Program
from lenie.compiler.rules import Finding
from lenie.compiler.rules._state_fields import FIELDS, Say, check_fields
from lenie.compiler.span import Path
from lenie.compiler.states import Machine, State, query_language, workflow_machine

CODE = "E330"
#: Types after which nothing comes, or which name what comes in fields of their own.
_WITHOUT_NEXT = ("Succeed", "Fail", "Choice")
_MACHINE = ("StartAt", "States", "Comment", "QueryLanguage", "Version", "TimeoutSeconds")
_LONGEST_NAME = 80


def check(program: Program, finding: Finding) -> None:
    """Report transitions to nowhere, unreachable states, states without an end, and fields that states do not have."""
    for declaration, workflow in program.of(Workflow):
        top = workflow_machine(declaration, workflow)
        _check_language(workflow.definition, top.path, finding)
        first: dict[str, Path] = {}
        for machine in top.machines():
            _check_machine(machine, top.path, finding)
            for state in machine.states().values():
                if state.name in first:
                    finding(
                        f'two states are called "{state.name}"',
                        state.path,
                        key=True,
                        also=[(first[state.name], "the first one")],
                        help="names of states are unique in the whole workflow: rename one",
                    )
                first.setdefault(state.name, state.path)


def _check_language(definition: Mapping[str, Any], path: Path, say: Say) -> None:
    written = definition.get("QueryLanguage")
    if written is None:
        if query_language(definition) == "JSONata":
            message = "the states are in JSONata, and the definition does not say so"
            say(message, path, key=True, help="write QueryLanguage: JSONata above StartAt")
    elif written not in ("JSONPath", "JSONata"):
        shown = written if isinstance(written, str) else "this"
        say(f'there is no query language "{shown}"', (*path, "QueryLanguage"), help="JSONPath or JSONata")


def _check_machine(machine: Machine, top: Path, say: Say) -> None:
    states, written = machine.states(), machine.written()
    possible = _MACHINE if machine.path == top else (*_MACHINE, "ProcessorConfig")
    for field in machine.definition:
        if field not in possible:
            help = suggest(field, possible)
            say(f'a state machine has no field "{field}"', (*machine.path, field), key=True, help=help)
    for name, data in written.items():
        if not isinstance(data, dict):
            say("a state is a map", (*machine.path, "States", name), help="write {Type: ..., Next: ...}")
    if not written:
        say("the state machine has no states", machine.path, key=True, help="write StartAt: and States:")
    elif not machine.start:
        say("the state machine has no StartAt", machine.path, key=True, help=f"write StartAt: {next(iter(written))}")
    elif machine.start not in written:
        help = suggest(machine.start, states, what="states")
        say(f'there is no state "{machine.start}"', (*machine.path, "StartAt"), help=help)
    whole = [_check_state(state, say) for state in states.values()]
    edges = [_check_edges(state, written, say) for state in states.values()]
    # Where a transition is broken, it may be the very one that leads to the state.
    if machine.start in states and len(states) == len(written) and all(whole) and all(edges):
        reached = _reached(states, machine.start)
        for name, state in states.items():
            if name not in reached:
                say(
                    f'no transition leads to the state "{name}"',
                    state.path,
                    key=True,
                    help="remove it, or name it in the Next of another state",
                )


def _check_edges(state: State, written: Mapping[str, Any], say: Say) -> bool:
    """Report transitions to states that do not exist; return whether there are none."""
    broken = {edge.path: edge.target for edge in state.edges() if edge.target not in written}
    for path, target in broken.items():
        # Several states may take their Catch from task-defaults: the first that is told stands for all.
        of = "" if "task-defaults" in path else f' in the state machine of "{state.name}"'
        say(f'there is no state "{target}"{of}', path, help=suggest(target, written, what="states"))
    return not broken


def _check_state(state: State, say: Say) -> bool:
    """Check one state; return whether all its transitions are known."""
    if len(state.name) > _LONGEST_NAME:
        say(f"the name has {len(state.name)} characters", state.path, key=True, help=f"at most {_LONGEST_NAME}")
    if state.type not in FIELDS:
        say(
            f'there is no type of state "{state.type}"' if state.type else f'the state "{state.name}" has no type',
            (*state.path, "Type"),
            help=suggest(state.type, FIELDS, what="types"),
        )
        return False
    known = check_fields(state, say)
    if state.type == "Choice":
        return known and any(True for _ in state.edges())
    if state.type not in _WITHOUT_NEXT and ("Next" in state.data) == ("End" in state.data):
        both = "Next" in state.data
        if both or known:
            say(
                f'the state "{state.name}" has {"both Next and End" if both else "neither Next nor End: true"}',
                state.path,
                key=True,
                help="keep one of them" if both else "say what comes next, or that it is the last: End: true",
            )
        return False
    return known


def _reached(states: dict[str, State], start: str) -> set[str]:
    reached, waiting = {start}, [start]
    while waiting:
        for edge in states[waiting.pop()].edges():
            if edge.target in states and edge.target not in reached:
                reached.add(edge.target)
                waiting.append(edge.target)
    return reached

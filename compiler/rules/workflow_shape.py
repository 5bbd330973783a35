"""A workflow's states do not fit together.

Step Functions refuses a definition in which a transition leads to a state that does not exist, and accepts one in which
a state is never reached: a part of the work is then silently left out. So each state must be reached from `StartAt`,
each transition must name a state of the same state machine (those inside a Map or Parallel state are machines of their
own), a state that is not the last needs `Next`, and no name may stand for two states.
Source: AWS Step Functions Developer Guide, "Using Amazon States Language to define Step Functions workflows".

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

from lenie.compiler.diagnostics import suggest
from lenie.compiler.kinds.workflow import Workflow
from lenie.compiler.program import Program
from lenie.compiler.rules import Finding
from lenie.compiler.span import Path
from lenie.compiler.states import Machine, State, workflow_machine

CODE = "E330"
TYPES = ("Task", "Pass", "Choice", "Wait", "Succeed", "Fail", "Parallel", "Map")
#: Types after which nothing comes, or which name what comes in fields of their own.
_WITHOUT_NEXT = ("Succeed", "Fail", "Choice")


def check(program: Program, finding: Finding) -> None:
    """Report transitions to nowhere, unreachable states, states without an end, and names that stand twice."""
    for declaration, workflow in program.of(Workflow):
        top = workflow_machine(declaration, workflow)
        first: dict[str, Path] = {}
        for machine in top.machines():
            _check_machine(machine, finding)
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


def _check_machine(machine: Machine, finding: Finding) -> None:
    states = machine.states()
    if not states:
        finding("the state machine has no states", machine.path, key=True, help="write StartAt: and States:")
        return
    if not machine.start:
        finding("the state machine has no StartAt", machine.path, key=True, help=f"write StartAt: {next(iter(states))}")
    elif machine.start not in states:
        help = suggest(machine.start, states, what="states")
        finding(f'there is no state "{machine.start}"', (*machine.path, "StartAt"), help=help)
    seen_edges: set[Path] = set()
    for state in states.values():
        _check_state(state, finding)
        for edge in state.edges():
            if edge.target not in states and edge.path not in seen_edges:
                seen_edges.add(edge.path)
                finding(
                    f'there is no state "{edge.target}" in the state machine of "{state.name}"',
                    edge.path,
                    help=suggest(str(edge.target), states, what="states"),
                )
    if machine.start in states:
        reached = _reached(states, machine.start)
        for name, state in states.items():
            if name not in reached:
                finding(
                    f'no transition leads to the state "{name}"',
                    state.path,
                    key=True,
                    help="remove it, or name it in the Next of another state",
                )


def _check_state(state: State, finding: Finding) -> None:
    if state.type not in TYPES:
        finding(
            f'there is no type of state "{state.type}"' if state.type else f'the state "{state.name}" has no type',
            (*state.path, "Type"),
            help=suggest(state.type, TYPES, what="types"),
        )
        return
    if state.type == "Choice":
        if not any(True for _ in state.edges()):
            finding(
                f'the choice "{state.name}" leads nowhere', state.path, key=True, help="write Choices: and Default:"
            )
    elif state.type not in _WITHOUT_NEXT and ("Next" in state.data) == (state.data.get("End") is True):
        both = "Next" in state.data
        finding(
            f'the state "{state.name}" has {"both Next and End" if both else "neither Next nor End: true"}',
            state.path,
            key=True,
            help="keep one of them" if both else "say what comes next, or that it is the last: End: true",
        )


def _reached(states: dict[str, State], start: str) -> set[str]:
    reached, waiting = {start}, [start]
    while waiting:
        for edge in states[waiting.pop()].edges():
            if edge.target in states and edge.target not in reached:
                reached.add(edge.target)
                waiting.append(edge.target)
    return reached

"""A queue shows a message again while its consumer still works on it.

A received message stays hidden for the queue's visibility timeout. If the consumer takes longer, SQS hands the same
message out once more: work is done twice, and after a few rounds a healthy message ends in the dead-letter queue.

A function that receives from the queue itself needs six times its timeout, since Lambda retries throttled batches.
Source: AWS Lambda Developer Guide, "Creating and configuring an Amazon SQS event source mapping".

A workflow needs the worst case of one batch. The compiler computes it from the definition: from the task that receives
to the state that deletes the messages, along the slowest path. A task that invokes a function counts attempts x timeout
of the function + back-off; another task counts its back-off; a Map counts ceil(batch / MaxConcurrency) rounds. Back-off
is IntervalSeconds x BackoffRate ^ n, and jitter only shortens it.
Sources: AWS Step Functions Developer Guide, "Handling errors in Step Functions workflows" and "Map workflow state".

Wrong:

    documents: {kind: queue, visibility: 30s}
    insert: {kind: function, timeout: 60s, access: {documents: [receive, delete]}}

Right:

    documents: {kind: queue, visibility: 360s}
    insert: {kind: function, timeout: 60s, access: {documents: [receive, delete]}}

Waive it where handling a message twice does no harm:

    documents: {kind: queue, waive: {E313: the consumer ignores what it has already seen}}
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from lenie.compiler.kind import Actor
from lenie.compiler.kinds.function import Function
from lenie.compiler.kinds.queue import Queue
from lenie.compiler.kinds.workflow import Workflow
from lenie.compiler.program import Declaration, Program
from lenie.compiler.records import record
from lenie.compiler.rules import Finding
from lenie.compiler.states import Edge, Machine, State, arguments, batch_size, calls, receivers, retries
from lenie.compiler.types import Template

CODE = "E313"
#: Visibility timeout for an event source mapping, in timeouts of the function.
FACTOR = 6
#: Iterations that an inline Map runs at once where MaxConcurrency says nothing.
INLINE_CONCURRENCY = 40


@record
class Work:
    """Seconds that a part of a workflow takes at worst, and how they come about."""

    seconds: float = 0
    terms: tuple[str, ...] = ()

    def __add__(self, other: Work) -> Work:
        return Work(self.seconds + other.seconds, self.terms + other.terms)


def check(program: Program, finding: Finding) -> None:
    """Report queues whose visibility timeout is shorter than what their consumers need."""
    for consumer, model in program.of(Actor):
        for name, verbs in model.access.items():
            found = program.find(name, Queue)
            if found is None or "receive" not in verbs:
                continue
            declaration, queue = found
            need = _needed_by_function(model) if isinstance(model, Function) else None
            if isinstance(model, Workflow):
                need = _needed_by_workflow(program, consumer, model, name)
            if need is not None and queue.visibility < need.seconds:
                _report(declaration, queue, consumer, need, finding)


def _report(declaration: Declaration, queue: Queue, consumer: Declaration, need: Work, finding: Finding) -> None:
    endless = math.isinf(need.seconds)
    amount = "any time" if endless else f"up to {need.seconds:g} s"
    computed = "; ".join(need.terms) + ("" if endless else f" = {need.seconds:g} s")
    finding(
        f'"{declaration.name}" hides a received message for {queue.visibility} s, and "{consumer.name}" may need '
        f"{amount}: {computed}",
        (*declaration.path, "visibility"),
        help="bound the retries (MaxAttempts)" if endless else f"write visibility: {math.ceil(need.seconds)}s or more",
        also=[(consumer.path, "the consumer")],
    )


def _needed_by_function(function: Function) -> Work:
    return Work(FACTOR * function.timeout, (f"{FACTOR} x the timeout of {function.timeout} s",))


def _needed_by_workflow(program: Program, consumer: Declaration, workflow: Workflow, queue: str) -> Work | None:
    """Return the slowest handling of one batch of `queue`; `None` if no task of the workflow receives from it."""
    slowest: Work | None = None
    for machine, state in receivers(program, consumer, workflow, queue):
        path = _SlowestPath(program, workflow, machine.states(), batch_size(state), to_delete=True)
        work = path.after(state)
        if slowest is None or work.seconds > slowest.seconds:
            slowest = work
    return slowest


class _SlowestPath:
    """The slowest way through states: to the end, or up to the one that deletes a batch's messages."""

    def __init__(
        self, program: Program, workflow: Workflow, states: dict[str, State], batch: int, *, to_delete: bool
    ) -> None:
        self.program = program
        self.workflow = workflow
        self.states = states
        self.batch = batch
        self.to_delete = to_delete
        self.known: dict[str, Work] = {}

    def after(self, state: State) -> Work:
        """Return the work from the successors of `state` on; a state in a loop counts once."""
        following = (self.states[e.target] for e in self._onward(state) if e.target in self.states)
        return max((self.slowest(s) for s in following), key=lambda work: work.seconds, default=Work())

    @staticmethod
    def _onward(state: State) -> Iterator[Edge]:
        """Yield the transitions after success: what a failed receive leads to handles no message."""
        return (edge for edge in state.edges() if "Catch" not in edge.path[-3:])

    def slowest(self, state: State) -> Work:
        """Return the work from `state` on; a state in a loop counts once."""
        if state.name not in self.known:
            self.known[state.name] = Work()
            work = self._state(state)
            if not (self.to_delete and self._deletes(state)):
                edges = (self.states[e.target] for e in state.edges() if e.target in self.states)
                work += max((self.slowest(s) for s in edges), key=lambda found: found.seconds, default=Work())
            self.known[state.name] = work
        return self.known[state.name]

    def _deletes(self, state: State) -> bool:
        inside = (inner for machine in state.machines() for inner in machine.walk())
        return any(calls(s, "sqs:DeleteMessage") for s in (state, *inside))

    def _state(self, state: State) -> Work:
        match state.type:
            case "Task":
                return self._task(state)
            case "Wait":
                seconds = state.data.get("Seconds")
                if isinstance(seconds, int) and seconds > 0:
                    return Work(seconds, (f'"{state.name}" waits {seconds} s',))
            case "Parallel":
                branches = [self._machine(machine) for machine in state.machines()]
                return max(branches, key=lambda work: work.seconds, default=Work())
            case "Map":
                return self._map(state)
        return Work()

    def _task(self, state: State) -> Work:
        tried = retries(state.get("Retry"))
        waiting = f"{tried.waiting:g} s back-off"
        if not calls(state, "lambda:InvokeFunction"):
            return Work(tried.waiting, (f'"{state.name}" {waiting}',)) if tried.waiting else Work()
        timeout = self._timeout(state)
        total = tried.attempts * timeout + tried.waiting
        attempts = f'"{state.name}" {tried.attempts:g} x {timeout} s'
        return Work(total, (f"{attempts} + {waiting}" if tried.waiting else attempts,))

    def _timeout(self, state: State) -> int:
        """Return the timeout of the invoked function, or of the slowest that the workflow may invoke."""
        named = (arguments(state).get("FunctionName"), state.data.get("Resource"))
        heads = [lookup.head for text in named if isinstance(text, Template) for lookup in text.lookups]
        for names in (heads, self.workflow.access):
            found = [self.program.find(name, Function) for name in names]
            timeouts = [function[1].timeout for function in found if function is not None]
            if timeouts:
                timeout = max(timeouts)
                limit = state.get("TimeoutSeconds")
                return min(timeout, limit) if isinstance(limit, int) and limit > 0 else timeout
        return 0

    def _map(self, state: State) -> Work:
        inner = [self._machine(machine) for machine in state.machines()]
        one = max(inner, key=lambda work: work.seconds, default=Work())
        given = state.data.get("MaxConcurrency", 0)
        at_once = given if isinstance(given, int) and not isinstance(given, bool) else 1
        at_once = at_once if at_once > 0 else INLINE_CONCURRENCY
        rounds = math.ceil(self.batch / at_once)
        text = f"ceil({self.batch} messages / {at_once} at once) x ({' + '.join(one.terms)})"
        return Work(rounds * one.seconds, (text,) if one.terms else ())

    def _machine(self, machine: Machine) -> Work:
        states = machine.states()
        if machine.start not in states:
            return Work()
        # Inside a map the number of further items is not known, so that a map inside counts one round.
        inner = _SlowestPath(self.program, self.workflow, states, 1, to_delete=False)
        return inner.slowest(states[machine.start])

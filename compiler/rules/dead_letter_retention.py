"""A dead-letter queue loses messages before anybody looks at them.

SQS keeps the time at which a message was first sent when it moves it to a dead-letter queue, so the retention of both
queues counts from the same moment. A dead-letter queue that keeps messages for less long than its source may delete a
message in the moment it arrives. A queue that is its own dead-letter queue never lets go of a message that cannot be
handled.
Source: Amazon SQS Developer Guide, "Using dead-letter queues in Amazon SQS".

Wrong:

    documents: {kind: queue, retention: 14d, dead-letter: {queue: problems, after: 5}}
    problems:  {kind: queue, retention: 4d}

Right:

    documents: {kind: queue, retention: 4d, dead-letter: {queue: problems, after: 5}}
    problems:  {kind: queue, retention: 14d}

Waive it on the source queue:

    documents: {kind: queue, waive: {E322: lost messages are sent again by the client}, ...}
"""

from __future__ import annotations

from lenie.compiler.kinds.queue import Queue
from lenie.compiler.program import Program
from lenie.compiler.rules import Finding

CODE = "E322"
_DAY = 86400


def check(program: Program, finding: Finding) -> None:
    """Report dead-letter queues with a shorter retention than a source of theirs, and queues that are their own."""
    for declaration, queue in program.of(Queue):
        if queue.dead_letter is None:
            continue
        path = (*declaration.path, "dead-letter", "queue")
        target = queue.dead_letter.queue.name
        found = program.find(target, Queue)
        if target == declaration.name:
            finding(
                f'"{target}" is its own dead-letter queue',
                path,
                help="name another queue: a message that cannot be handled would come back for ever",
            )
        elif found is not None and found[1].retention < queue.retention:
            finding(
                f'"{target}" keeps messages for {_days(found[1].retention)}, and "{declaration.name}" for '
                f"{_days(queue.retention)}: a message may be deleted as soon as it is set aside",
                path,
                help=f"write retention: {_days(queue.retention)} or more there, or a shorter one here",
                also=[((*found[0].path, "retention"), "the shorter retention")],
            )


def _days(seconds: int) -> str:
    """Return a retention in the largest unit that fits."""
    for unit, length in (("d", _DAY), ("h", 3600), ("m", 60)):
        if seconds % length == 0:
            return f"{seconds // length}{unit}"
    return f"{seconds}s"

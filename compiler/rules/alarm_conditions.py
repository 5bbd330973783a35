"""An alarm waits for a condition that what it watches does not have.

Each kind has metrics of its own: executions of a workflow fail, a queue fills, calls of a function end in errors. An
alarm on a metric that is never written stays silent for ever, which looks like good news.
Sources: AWS Step Functions Developer Guide, "Monitoring Step Functions metrics using Amazon CloudWatch"; Amazon SQS
Developer Guide, "Available CloudWatch metrics for Amazon SQS"; AWS Lambda Developer Guide, "Types of metrics for Lambda
functions".

Wrong:

    waiting: {kind: alarm, watch: documents, when: [errors], notify: problems}

Right:

    waiting: {kind: alarm, watch: documents, when: [not-empty], notify: problems}
"""

from __future__ import annotations

from lenie.compiler.diagnostics import suggest
from lenie.compiler.kinds.alarm import WATCHED, Alarm
from lenie.compiler.program import Program
from lenie.compiler.rules import Finding

CODE = "E327"


def check(program: Program, finding: Finding) -> None:
    """Report conditions that the watched resource's kind does not have."""
    for declaration, alarm in program.of(Alarm):
        watched = program.declarations[alarm.watch.name]
        possible = WATCHED[watched.model.kind].conditions
        for index, condition in enumerate(alarm.when):
            if condition not in possible:
                finding(
                    f'a {watched.model.kind} has no condition "{condition}"',
                    declaration.at("when", index),
                    also=[(declaration.at("watch"), f'"{watched.name}" is a {watched.model.kind}')],
                    help=suggest(condition, possible, what=f"conditions of a {watched.model.kind}"),
                )

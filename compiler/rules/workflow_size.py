"""A batch of messages can be larger than a state of a workflow.

Step Functions hands at most 256 KiB from one state to the next. If the messages that a task receives at once come to
more, the task fails with States.DataLimitExceeded. `Catch` with States.ALL does not catch that error: the execution
stops where it is, and since the messages were not deleted, the next one receives the same batch and stops again.

So MaxNumberOfMessages x (`max-message` + 1 KiB for the receipt and the attributes of each) must be no more than 256
KiB. A queue that does not limit its messages takes 1 MiB each. A body counts as long as it is sent. If it has many
quotes, as JSON has, it grows when it stands as text in the JSON of a state: then leave room for that.
Sources: AWS Step Functions Developer Guide, "Step Functions service quotas" and "Handling errors in Step Functions
workflows"; AWS::SQS::Queue (CloudFormation template reference).

Wrong:

    documents: {kind: queue}
    import:
      kind: workflow
      access: {documents: receive}
      definition:
        QueryLanguage: JSONata
        StartAt: Receive
        States:
          Receive:
            Type: Task
            Resource: "arn:aws:states:::aws-sdk:sqs:receiveMessage"
            Arguments: {QueueUrl: "${documents.url}", MaxNumberOfMessages: 10}
            End: true

Right:

    documents: {kind: queue, max-message: 20KB}

Waive it where something else bounds the messages:

    import: {kind: workflow, waive: {E339: the only sender writes short addresses}, ...}
"""

from __future__ import annotations

from lenie.compiler.kinds.queue import LARGEST_MESSAGE, Queue
from lenie.compiler.kinds.workflow import Workflow
from lenie.compiler.program import Program
from lenie.compiler.rules import Finding
from lenie.compiler.states import batch_size, receivers

CODE = "E339"
#: Bytes of input or output of a state.
STATE = 256 * 1024
#: Bytes for the receipt handle, the ids and the attributes that come with a message.
ATTRIBUTES = 1024


def check(program: Program, finding: Finding) -> None:
    """Report tasks that may receive more at once than a state holds."""
    for consumer, workflow in program.of(Workflow):
        for name, verbs in workflow.access.items():
            found = program.find(name, Queue)
            if found is None or "receive" not in verbs:
                continue
            declaration, queue = found
            size = queue.max_message or LARGEST_MESSAGE
            for _, state in receivers(program, consumer, workflow, name):
                batch = batch_size(state)
                total = batch * (size + ATTRIBUTES)
                if total <= STATE:
                    continue
                largest = (STATE // batch - ATTRIBUTES) // 1024
                finding(
                    f'"{state.name}" may receive {total // 1024} KiB at once, and a state holds {STATE // 1024} KiB: '
                    f"{batch} x ({size // 1024} KiB of a message + 1 KiB of its attributes)",
                    state.place("Arguments"),
                    help=f"write max-message: {largest}KB or less in {name}, or receive fewer messages at once",
                    also=[(declaration.path, "the queue")],
                )

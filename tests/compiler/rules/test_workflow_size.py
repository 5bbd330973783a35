from __future__ import annotations

import pytest
from rule_support import findings, marked, spec, waived


def workflow(queue: str = "max-message: 20KB", receive: str = "MaxNumberOfMessages: 10", more: str = "") -> str:
    return spec(f"""
        work: {{kind: queue, visibility: 12h, {queue}}}
        import:
          kind: workflow
          timeout: 1h
          {more or "description: reads"}
          access: {{work: receive}}
          definition:
            QueryLanguage: JSONata
            StartAt: Receive
            States:
              Receive:
                Type: Task
                Resource: arn:aws:states:::aws-sdk:sqs:receiveMessage
                Arguments: {{QueueUrl: "${{work.url}}", {receive}}}
                End: true
        """)


# A state holds 256 KiB: ten times 24 KiB and 1 KiB of attributes fit, ten times 25 and 1 do not.
@pytest.mark.parametrize(
    ("queue", "receive", "expected"),
    [
        ("max-message: 24KB", "MaxNumberOfMessages: 10", 0),
        ("max-message: 25KB", "MaxNumberOfMessages: 10", 1),
        ("max-message: 255KB", "MaxNumberOfMessages: 1", 0),
        ("max-message: 255KB", "WaitTimeSeconds: 20", 0),
        ("max-message: 256KB", "MaxNumberOfMessages: 1", 1),
        ("max-message: 1MB", "MaxNumberOfMessages: 1", 1),
        ("max-message: 25KB", 'MaxNumberOfMessages: "{% $many %}"', 1),
    ],
)
def test_a_batch_fits_a_state(queue: str, receive: str, expected: int) -> None:
    assert len(findings("E339", workflow(queue, receive))) == expected


def test_a_queue_without_a_limit_takes_large_messages() -> None:
    text = workflow("retention: 1d")
    [found] = findings("E339", text)
    assert found.message == (
        '"Receive" may receive 10250 KiB at once, and a state holds 256 KiB: '
        "10 x (1024 KiB of a message + 1 KiB of its attributes)"
    )
    assert found.help == "write max-message: 24KB or less in work, or receive fewer messages at once"
    assert marked(text, found).startswith("{QueueUrl:")


def test_it_can_be_waived() -> None:
    text = workflow("retention: 1d", more="waive: {E339: the only sender writes short addresses}")
    assert not findings("E339", text)
    assert len(waived("E339", text)) == 1


def test_who_does_not_receive_is_not_concerned() -> None:
    assert not findings("E339", workflow("retention: 1d").replace("receiveMessage", "getQueueAttributes"))

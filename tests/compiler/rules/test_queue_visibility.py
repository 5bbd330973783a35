from __future__ import annotations

import pytest
from rule_support import findings, marked, spec

RETRY = "Retry: [{ErrorEquals: [States.ALL], IntervalSeconds: 2, MaxAttempts: 3, BackoffRate: 2}]"


def workflow(
    visibility: int, *, receive: str = "{MaxNumberOfMessages: 10}", concurrency: str = "10", retry: str = RETRY
) -> str:
    return spec(f"""
        work: {{kind: queue, visibility: {visibility}s}}
        insert: {{kind: function, timeout: 60s}}
        import:
          kind: workflow
          timeout: 1h
          access: {{work: [receive, delete], insert: invoke}}
          definition:
            StartAt: Receive
            States:
              Receive:
                Type: Task
                Resource: arn:aws:states:::aws-sdk:sqs:receiveMessage
                Arguments: {receive}
                Next: Each
              Each:
                Type: Map
                MaxConcurrency: {concurrency}
                ItemProcessor:
                  StartAt: Insert
                  States:
                    Insert:
                      Type: Task
                      Resource: arn:aws:states:::lambda:invoke
                      Arguments: {{FunctionName: "${{insert.arn}}"}}
                      {retry}
                      Next: Delete
                    Delete: {{Type: Task, Resource: "arn:aws:states:::aws-sdk:sqs:deleteMessage", End: true}}
                Next: Pause
              Pause: {{Type: Wait, Seconds: 900, Next: Receive}}
        """)


@pytest.mark.parametrize(("visibility", "expected"), [(60, 0), (59, 1)])
def test_a_function_needs_six_times_its_timeout(visibility: int, expected: int) -> None:
    text = spec(f"""
        work: {{kind: queue, visibility: {visibility}s}}
        insert: {{kind: function, timeout: 10s, access: {{work: [receive, delete]}}}}
        """)
    found = findings("E313", text)
    assert len(found) == expected
    for one in found:
        assert "6 x the timeout of 10 s = 60 s" in one.message
        assert marked(text, one) == "59s"


def test_a_function_that_only_sends_is_no_consumer() -> None:
    text = spec("""
        work: {kind: queue, visibility: 1s}
        add: {kind: function, access: {work: send}}
        """)
    assert not findings("E313", text)


# 4 attempts of 60 s and waits of 2 + 4 + 8 s; ten messages at once are one round.
@pytest.mark.parametrize(("visibility", "expected"), [(254, 0), (253, 1)])
def test_a_workflow_needs_its_slowest_batch(visibility: int, expected: int) -> None:
    text = workflow(visibility)
    found = findings("E313", text)
    assert len(found) == expected
    for one in found:
        assert 'ceil(10 messages / 10 at once) x ("Insert" 4 x 60 s + 14 s back-off) = 254 s' in one.message
        assert one.help == "write visibility: 254s or more"
        assert marked(text, one) == "253s"


@pytest.mark.parametrize(
    ("concurrency", "receive", "needed"),
    [
        ("3", "{MaxNumberOfMessages: 10}", 4 * 254),
        ("1", "{MaxNumberOfMessages: 10}", 10 * 254),
        ("0", "{MaxNumberOfMessages: 10}", 254),
        ("1", "{}", 254),
        ("10", '{MaxNumberOfMessages: "{% $size %}"}', 254),
        ("1", '{MaxNumberOfMessages: "{% $size %}"}', 10 * 254),
        ('"{% $wide %}"', "{MaxNumberOfMessages: 4}", 4 * 254),
    ],
)
def test_rounds_follow_batch_and_concurrency(concurrency: str, receive: str, needed: int) -> None:
    assert not findings("E313", workflow(needed, receive=receive, concurrency=concurrency))
    [found] = findings("E313", workflow(needed - 1, receive=receive, concurrency=concurrency))
    assert f"up to {needed} s" in found.message


@pytest.mark.parametrize(
    ("retry", "needed"),
    [
        ("Comment: never tried again", 60),
        ("Retry: [{ErrorEquals: [States.ALL]}]", 4 * 60 + 1 + 2 + 4),
        ("Retry: [{ErrorEquals: [A], MaxAttempts: 1}, {ErrorEquals: [B], MaxAttempts: 2}]", 4 * 60 + 1 + 1 + 2),
        ("Retry: [{ErrorEquals: [States.ALL], IntervalSeconds: 10, MaxDelaySeconds: 15}]", 4 * 60 + 10 + 15 + 15),
        ("Retry: [{ErrorEquals: [States.ALL], MaxAttempts: 0}]", 60),
        ("Retry: []", 60),
    ],
)
def test_retries_count_attempts_and_back_off(retry: str, needed: int) -> None:
    assert not findings("E313", workflow(needed, retry=retry))
    assert findings("E313", workflow(needed - 1, retry=retry))


def test_endless_retries_have_no_sufficient_timeout() -> None:
    retry = "Retry: [{ErrorEquals: [States.ALL], MaxAttempts: 99999999}]"
    [found] = findings("E313", workflow(43200, retry=retry))
    assert "may need any time" in found.message
    assert found.help == "bound the retries (MaxAttempts)"


def test_a_timeout_of_the_task_is_shorter_than_the_function() -> None:
    assert not findings("E313", workflow(20, retry="TimeoutSeconds: 20"))
    assert findings("E313", workflow(19, retry="TimeoutSeconds: 20"))


def test_another_queue_is_not_concerned() -> None:
    text = workflow(1, receive='{QueueUrl: "${other.url}"}').replace("access: {work:", "access: {other: receive, work:")
    text += "      other: {kind: queue, visibility: 254s}\n"
    assert not findings("E313", text)
    [found] = findings("E313", text.replace("254s", "253s"))
    assert found.message.startswith('"other" hides')

from __future__ import annotations

import pytest
from rule_support import findings, marked, spec


def workflow(access: str, resource: str, arguments: str = "{}") -> str:
    return spec(f"""
        work: {{kind: queue}}
        other: {{kind: queue}}
        add: {{kind: function}}
        import:
          kind: workflow
          timeout: 1h
          access: {access}
          definition:
            QueryLanguage: JSONata
            StartAt: Go
            States:
              Go:
                Type: Map
                ItemProcessor:
                  StartAt: Call
                  States:
                    Call: {{Type: Task, Resource: "{resource}", Arguments: {arguments}, End: true}}
                End: true
        """)


@pytest.mark.parametrize(
    ("access", "resource"),
    [
        ("{work: count}", "arn:aws:states:::aws-sdk:sqs:getQueueAttributes"),
        ("{work: count}", "arn:${aws.partition}:states:::aws-sdk:sqs:getQueueAttributes"),
        ("{work: send}", "arn:aws:states:::sqs:sendMessage"),
        ("{work: send}", "arn:aws:states:::sqs:sendMessage.waitForTaskToken"),
        ("{work: send}", "arn:aws:states:::aws-sdk:sqs:sendMessageBatch"),
        ("{import: start}", "arn:aws:states:::states:startExecution.sync:2"),
        ("{add: invoke}", "arn:aws:states:::lambda:invoke"),
        ("{add: invoke}", "arn:aws:states:::aws-sdk:lambda:invoke"),
        ("{add: invoke}", "${add.arn}"),
        ("{artifacts: get}", "arn:aws:states:::aws-sdk:s3:getObject"),
        ("{artifacts: list}", "arn:aws:states:::aws-sdk:s3:listObjectsV2"),
        ('{aws: ["translate:TranslateText"]}', "arn:aws:states:::aws-sdk:translate:translateText"),
        ("{}", "arn:aws:states:us-east-1:123456789012:activity:by-hand"),
    ],
)
def test_what_is_granted_and_used_is_fine(access: str, resource: str) -> None:
    assert not findings("E321", workflow(access, resource))


@pytest.mark.parametrize(
    ("resource", "action", "help"),
    [
        ("arn:aws:states:::aws-sdk:sqs:receiveMessage", "sqs:ReceiveMessage", "add to access one of: work: receive"),
        ("arn:aws:states:::aws-sdk:sfn:startExecution", "states:StartExecution", "import: start"),
        ("arn:aws:states:::lambda:invoke", "lambda:InvokeFunction", "add: invoke"),
        (
            "arn:aws:states:::aws-sdk:polly:synthesizeSpeech",
            "polly:SynthesizeSpeech",
            'aws: ["polly:SynthesizeSpeech"]',
        ),
    ],
)
def test_a_call_that_is_not_granted(resource: str, action: str, help: str) -> None:
    text = workflow("{}", resource)
    [found] = findings("E321", text)
    assert found.message == f'"Call" calls {action}, which the access of "import" does not allow'
    assert help in found.help
    assert marked(text, found) == f'"{resource}"'


def test_a_grant_on_another_resource_does_not_count() -> None:
    text = workflow("{work: send}", "arn:aws:states:::sqs:sendMessage", '{QueueUrl: "${other.url}"}')
    messages = [one.message for one in findings("E321", text)]
    assert messages == ['"Call" calls sqs:SendMessage on "other", which the access of "import" does not allow']
    assert findings("E321", text)[0].help == "write access: {other: send}"


def test_a_grant_on_the_named_resource_is_the_one_that_is_used() -> None:
    text = workflow("{work: send, other: send}", "arn:aws:states:::sqs:sendMessage", '{QueueUrl: "${other.url}"}')
    [found] = findings("E321", text)
    assert found.message == '"import" may send on "work", and no task does'


@pytest.mark.parametrize(
    ("access", "unused"), [("{work: [send, delete]}", "delete"), ('{work: send, aws: ["ec2:X"]}', "ec2:X")]
)
def test_a_grant_that_no_task_uses(access: str, unused: str) -> None:
    text = workflow(access, "arn:aws:states:::sqs:sendMessage")
    [found] = findings("E321", text)
    assert marked(text, found) == unused


@pytest.mark.parametrize(
    "resource", ["sqs:sendMessage", "arn:aws:states:::sqs", "arn:aws:states:::sdk:sqs:sendMessage", ""]
)
def test_what_is_no_integration(resource: str) -> None:
    [found] = findings("E321", workflow("{}", resource))
    assert found.message == '"Call" names no call that a task can make'


@pytest.mark.parametrize(
    ("resource", "action", "help"),
    [
        ("aws-sdk:sqs:receiveMessages", "sqs:ReceiveMessages", 'did you mean "sqs:receiveMessage"?'),
        ("aws-sdk:sqs:recieveMessage", "sqs:RecieveMessage", 'did you mean "sqs:receiveMessage"?'),
        ("aws-sdk:sfn:startExecutoin", "states:StartExecutoin", 'did you mean "sfn:startExecution"?'),
    ],
)
def test_a_call_that_does_not_exist_leaves_its_service_alone(resource: str, action: str, help: str) -> None:
    text = workflow("{work: [receive, send], import: start}", f"arn:aws:states:::{resource}")
    [call, *others] = sorted(findings("E321", text), key=lambda one: " calls " not in one.message)
    assert call.message == f'"Call" calls {action}, and IAM has no action of that name'
    assert call.help == help
    # Another service's verbs are still told to be unused.
    verbs = {"sqs": ["start"], "states": ["receive", "send"]}[action.partition(":")[0]]
    assert sorted(marked(text, one) for one in others) == verbs


def test_a_call_that_no_verb_grants_has_no_near_name() -> None:
    text = workflow("{work: count}", "arn:aws:states:::aws-sdk:sqs:purgeQueue")
    [found] = findings("E321", text)
    assert found.message == '"Call" calls sqs:PurgeQueue, which the access of "import" does not allow'
    assert found.help == "no resource of this spec grants it: see the verbs of its kind"


@pytest.mark.parametrize(
    ("resource", "message", "help"),
    [
        ("lambda:invokee", 'the optimised integration of "lambda" has no call "invokee"', 'did you mean "invoke"?'),
        ("lamda:invoke", 'Step Functions has no optimised integration of "lamda"', 'did you mean "lambda"?'),
        (
            "sqs:receiveMessage",
            'the optimised integration of "sqs" has no call "receiveMessage"',
            "aws-sdk:SERVICE:CALL",
        ),
        ("sqs:sendMessage.sync", '"sqs:sendMessage" does not have the pattern ".sync"', ".waitForTaskToken"),
        ("dynamodb:getItem.sync", '"dynamodb:getItem" does not have the pattern ".sync"', "leave it out"),
        (
            "aws-sdk:sqs:sendMessage.sync",
            '"aws-sdk:sqs:sendMessage" does not have the pattern ".sync"',
            ".waitForTaskToken",
        ),
    ],
)
def test_an_integration_that_step_functions_does_not_have(resource: str, message: str, help: str) -> None:
    text = workflow("{}", f"arn:aws:states:::{resource}")
    [found] = findings("E321", text)
    assert found.message == message
    assert help in found.help
    assert marked(text, found) == f'"arn:aws:states:::{resource}"'

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


READER = 'ItemReader: {Resource: "arn:aws:states:::s3:getObject", Arguments: {Bucket: "${data.name}", Key: a.json}}'
LISTER = 'ItemReader: {Resource: "arn:aws:states:::s3:listObjectsV2", Parameters: {Bucket: "${data.name}"}}'
LOADER = LISTER.replace("Resource", "ReaderConfig: {Transformation: LOAD_AND_FLATTEN}, Resource")
WRITER = (
    'ResultWriter: {Resource: "arn:${aws.partition}:states:::s3:putObject", Arguments: {Bucket: "${results.name}"}}'
)
FORM = "ResultWriter: {WriterConfig: {Transformation: FLATTEN}}"


def distributed(access: str, *fields: str, mode: str = "{Mode: DISTRIBUTED, ExecutionType: EXPRESS}") -> str:
    return spec(f"""
        data: {{kind: bucket}}
        results: {{kind: bucket}}
        import:
          kind: workflow
          timeout: 1h
          access: {access}
          definition:
            StartAt: Each
            States:
              Each:
                {{Type: Map, {"".join(f"{field}, " for field in fields)}End: true, ItemProcessor: {{
                  ProcessorConfig: {mode}, StartAt: Go, States: {{Go: {{Type: Pass, End: true}}}}}}}}
        """)


@pytest.mark.parametrize(
    ("access", "fields"),
    [
        ("{import: start}", ()),
        ("{import: start}", (FORM,)),
        ("{import: start, data: get}", (READER,)),
        ("{import: start, data: list}", (LISTER,)),
        ("{import: start, data: [list, get]}", (LOADER,)),
        ("{import: start, results: put}", (WRITER,)),
        ("{import: start, results: [put, get, list]}", (WRITER,)),
        ("{import: start, data: get, results: put}", (READER, WRITER)),
        ("{import: start, results: [put, get]}", (WRITER.replace("${results.name}", "{% $states.input.bucket %}"),)),
    ],
)
@pytest.mark.parametrize("type", ["EXPRESS", "STANDARD"])
def test_a_distributed_map_uses_start_and_its_buckets(access: str, fields: tuple[str, ...], type: str) -> None:
    text = distributed(access, *fields, mode=f"{{Mode: DISTRIBUTED, ExecutionType: {type}}}")
    assert not findings("E321", text)


@pytest.mark.parametrize(
    ("field", "action", "bucket", "verb"),
    [
        (READER, "s3:GetObject", "data", "get"),
        (LISTER, "s3:ListBucket", "data", "list"),
        (WRITER, "s3:PutObject", "results", "put"),
    ],
)
def test_what_a_map_reads_and_writes_must_be_granted(field: str, action: str, bucket: str, verb: str) -> None:
    text = distributed("{import: start}", field)
    [found] = findings("E321", text)
    assert found.message == f'"Each" calls {action} on "{bucket}", which the access of "import" does not allow'
    assert found.help == f"write access: {{{bucket}: {verb}}}"
    assert ":states:::s3:" in marked(text, found)


def test_a_distributed_map_must_be_allowed_to_start_its_workflow() -> None:
    text = distributed("{data: get}", READER)
    [found] = findings("E321", text)
    assert found.message == (
        '"Each" starts executions of "import" for its items, which the access of "import" does not allow'
    )
    assert found.help == "write access: {import: start}"
    assert marked(text, found) == "DISTRIBUTED"


@pytest.mark.parametrize(
    ("access", "field", "unused"),
    [
        ("{import: start, results: [put, delete]}", WRITER, ["delete"]),
        ("{import: start, results: put, data: get}", WRITER, ["get"]),
        ("{import: start, data: [get, list]}", READER, ["list"]),
        ("{import: start, data: [get, list]}", LISTER, ["get"]),
        ("{import: start, data: put}", FORM, ["put"]),
    ],
)
def test_a_map_uses_no_more_than_it_calls(access: str, field: str, unused: list[str]) -> None:
    text = distributed(access, field)
    assert [marked(text, found) for found in findings("E321", text)] == unused


def test_a_map_that_is_inline_starts_nothing() -> None:
    text = distributed("{import: start}", mode="{Mode: INLINE}")
    [found] = findings("E321", text)
    assert found.message == '"import" may start on "import", and no task does'


@pytest.mark.parametrize(
    ("field", "old", "new", "help"),
    [
        (READER, "s3:getObject", "s3:getObjects", "states:::s3:getObject or arn:${aws.partition}:states:::s3:listO"),
        (READER, "s3:getObject", "aws-sdk:s3:getObject", "states:::s3:getObject or "),
        (WRITER, "s3:putObject", "s3:putObject.sync", "write arn:${aws.partition}:states:::s3:putObject"),
    ],
)
def test_a_call_that_a_map_cannot_make(field: str, old: str, new: str, help: str) -> None:
    # The verbs on buckets are not told to be unused: the misspelt call may be the one that needs them.
    text = distributed("{import: start, data: get, results: put}", field.replace(old, new))
    [found] = findings("E321", text)
    assert found.message == f'the {field.partition(":")[0]} of "Each" names no call that it can make'
    assert help in found.help
    assert new in marked(text, found)

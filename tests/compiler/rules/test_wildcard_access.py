from __future__ import annotations

import pytest
from rule_support import findings, marked, spec, waived


def aws(action: str, more: str = "") -> str:
    return spec(f'ask: {{kind: function, access: {{aws: ["{action}"]}}{more}}}')


@pytest.mark.parametrize("action", ["translate:TranslateText", "ec2:DescribeInstances", "xray:PutTraceSegments"])
def test_actions_without_resources_are_fine(action: str) -> None:
    assert not findings("E320", aws(action))


@pytest.mark.parametrize(
    ("action", "message", "help"),
    [
        ("sqs:SendMessage", "can be held to a resource", "grant it on a queue: access: {NAME: send}"),
        ("ses:SendEmail", "can be held to a resource", "no kind of resource grants it: waive E320"),
        ("dynamodb:Query", "can be held to a resource", "grant it on a table: access: {NAME: query}"),
        ("rds:DescribeDBInstances", "can be held to a resource", "grant it on a database: access: {NAME: status}"),
        ("s3:*", "stands for several actions", "one by one"),
        ("s3:Get*", "stands for several actions", "one by one"),
        ("*", "is not an IAM action", "write service:Action"),
        ("TranslateText", "is not an IAM action", "write service:Action"),
        (
            "translate:TranslateTexts",
            'translate has no action "TranslateTexts"',
            'did you mean "translate:TranslateText"?',
        ),
        ("transalte:TranslateText", 'IAM knows no service "transalte"', 'did you mean "translate:TranslateText"?'),
        ("qldb:SendCommand", "does not know whether", "waive E320"),
    ],
)
def test_other_actions(action: str, message: str, help: str) -> None:
    text = aws(action)
    [found] = findings("E320", text)
    assert message in found.message
    assert help in found.help
    assert marked(text, found) == action


def test_a_function_can_waive_it() -> None:
    text = aws("qldb:SendCommand", ", waive: {E320: the service takes no resource}")
    assert not findings("E320", text)
    assert len(waived("E320", text)) == 1


def raw(type: str, properties: str) -> str:
    return spec(f"raw: {{kind: cloudformation, type: {type}, properties: {properties}}}")


@pytest.mark.parametrize(
    ("statement", "marks"),
    [
        ('{Effect: Allow, Action: "*", Resource: "*"}', ['"*"']),
        ('{Effect: Allow, Action: "s3:*", Resource: "arn:aws:s3:::b"}', ['"s3:*"']),
        ('{Effect: Allow, Action: ["s3:GetObject", "translate:TranslateText"], Resource: "*"}', ['"s3:GetObject"']),
        ('{Effect: Allow, NotAction: "iam:*", Resource: "*"}', ["NotAction"]),
        ('{Effect: Deny, Action: "*", Resource: "*"}', []),
        ('{Effect: Allow, Principal: {AWS: "*"}, Action: "sqs:*", Resource: "*"}', []),
        ('{Effect: Allow, Action: "s3:GetObject", Resource: "arn:aws:s3:::b/*"}', []),
        ('{Effect: Allow, Action: "ec2:DescribeInstances", Resource: "*"}', []),
    ],
)
@pytest.mark.parametrize("type", ["AWS::IAM::Policy", "AWS::IAM::Role", "AWS::IAM::ManagedPolicy"])
def test_raw_policies(type: str, statement: str, marks: list[str]) -> None:
    text = raw(type, f"{{PolicyDocument: {{Statement: [{statement}]}}}}")
    assert [marked(text, one) for one in findings("E320", text)] == marks


@pytest.mark.parametrize(
    ("arn", "expected"),
    [
        ("arn:aws:iam::aws:policy/AdministratorAccess", 1),
        ("arn:${aws.partition}:iam::aws:policy/AmazonS3FullAccess", 1),
        ("arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore", 0),
    ],
)
def test_raw_managed_policies(arn: str, expected: int) -> None:
    assert len(findings("E320", raw("AWS::IAM::Role", f'{{ManagedPolicyArns: ["{arn}"]}}'))) == expected

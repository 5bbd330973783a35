"""Property values: how each is typed, what is refused, and that no key of a structure is ever dropped."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from support_cdk import emit, synthesized, write
from support_cfn import SPEC, graph, parameter

from lenie.compiler.diagnostics import Severity
from lenie.compiler.expressions import (
    AttributeOf,
    EnvironmentName,
    Interpolation,
    JsonText,
    ParameterItem,
    ParameterValue,
    PerEnvironment,
    Pseudo,
    Value,
    WhenParameter,
)
from lenie.compiler.graph import Graph, Parameter, Resource

COUNT = PerEnvironment("Count", (("dev", 3), ("prod", 4)))
FLAG = PerEnvironment("Flag", (("dev", True), ("prod", True)))
WORD = PerEnvironment("Word", (("dev", "a"), ("prod", "b")))


def module(built: Graph) -> str:
    """Return the code of the component "main"; nothing may be reported."""
    files, diagnostics = emit(built)
    assert diagnostics == []
    return files["stacks/main.py"]


def printed(name: str, value: Value, *parameters: Parameter, type_name: str = "AWS::SQS::Queue") -> str:
    """Return the argument for one property."""
    text = module(graph({name: value}, type_name, parameters=parameters))
    return text.partition('"Main",')[2].strip().removesuffix(")").strip().removesuffix(",")


def found(built: Graph) -> list[tuple[str, str, str]]:
    """Return code, message and help of what was reported."""
    return [(d.code, d.message, d.help) for d in emit(built)[1]]


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("QueueName", "x", 'queue_name="x"'),
        ("QueueName", EnvironmentName(), "queue_name=settings.environment"),
        ("QueueName", Interpolation(("a-", EnvironmentName())), 'queue_name=f"a-{settings.environment}"'),
        ("QueueName", Interpolation(("{", EnvironmentName(), "}")), 'queue_name=f"{{{settings.environment}}}"'),
        ("QueueName", Interpolation((Pseudo("region"), "-x")), 'queue_name=Fn.sub("${AWS::Region}-x")'),
        ("QueueName", Interpolation((WORD, FLAG)), 'queue_name=f"{settings.word}{str(settings.flag).lower()}"'),
        ("QueueName", COUNT, "queue_name=str(settings.count)"),
        ("QueueName", FLAG, "queue_name=str(settings.flag).lower()"),
        ("QueueName", 5, 'queue_name="5"'),
        ("QueueName", True, 'queue_name="true"'),
        ("QueueName", ParameterItem("names", 0), "queue_name=settings.names[0]"),
        ("QueueName", Pseudo("account"), "queue_name=Aws.ACCOUNT_ID"),
        ("DelaySeconds", 5, "delay_seconds=5"),
        ("DelaySeconds", COUNT, "delay_seconds=settings.count"),
        ("DelaySeconds", AttributeOf("other", "Other", "Arn"), "delay_seconds=Token.as_number(sqs_other_arn)"),
        ("FifoQueue", FLAG, "fifo_queue=settings.flag"),
        ("FifoQueue", AttributeOf("other", "Other", "Arn"), "fifo_queue=Token.as_any(sqs_other_arn)"),
        ("RedrivePolicy", {"x": [COUNT]}, 'redrive_policy={"x": [settings.count]}'),
        ("RedrivePolicy", {"x": ParameterValue("names")}, 'redrive_policy={"x": list(settings.names)}'),
        ("Tags", [{"Key": "a", "Value": WORD}], 'tags=[CfnTag(key="a", value=settings.word)]'),
        ("QueueName", WhenParameter("text", "y"), 'queue_name="y" if settings.text else None'),
        ("QueueName", WhenParameter("text", ParameterValue("text")), "queue_name=settings.text or None"),
        ("QueueName", WhenParameter("text", "y", is_set=False), 'queue_name=None if settings.text else "y"'),
        ("QueueName", JsonText({"a": WORD}), 'queue_name=f\'{{"a": "{settings.word}"}}\''),
    ],
)
def test_value(name: str, value: Value, expected: str) -> None:
    given = (parameter("text", "x", values={"prod": ""}), parameter("names", ("a",), "list(text)"))
    assert printed(name, value, *given) == expected


def test_structures_are_typed_at_any_depth() -> None:
    rule: Value = {"Status": "Enabled", "NoncurrentVersionExpiration": {"NoncurrentDays": 30}}
    text = printed("LifecycleConfiguration", {"Rules": [rule]}, type_name="AWS::S3::Bucket")
    assert "s3.CfnBucket.LifecycleConfigurationProperty(" in text
    assert "s3.CfnBucket.RuleProperty(" in text
    assert "s3.CfnBucket.NoncurrentVersionExpirationProperty(noncurrent_days=30" in "".join(text.split())


@pytest.mark.slow
def test_a_dictionary_would_lose_keys(tmp_path: Path) -> None:
    """Why structures are typed: CDK drops the keys of a dictionary that it does not know, without a word."""
    bucket: dict[str, Value] = {"PublicAccessBlockConfiguration": {"BlockPublicAcls": True}}
    files, _ = emit(graph(bucket, "AWS::S3::Bucket"))
    app = write(files, tmp_path / "app")
    template = synthesized(app, tmp_path / "typed", {})["demo-dev-main"]
    assert template["Resources"]["Main"]["Properties"] == bucket
    path = app / "stacks" / "main.py"
    text = path.read_text()
    start = text.index("s3.CfnBucket.PublicAccessBlockConfigurationProperty(")
    end = text.index(")", start) + 1
    path.write_text(text[:start] + '{"BlockPublicAcls": True}' + text[end:])
    template = synthesized(app, tmp_path / "raw", {})["demo-dev-main"]
    assert "BlockPublicAcls" not in str(template)


@pytest.mark.parametrize(
    ("properties", "code", "message", "help"),
    [
        ({"QueueNam": "x"}, "E503", 'there is no property "QueueNam" in AWS::SQS::Queue', 'did you mean "QueueName"?'),
        ({"QueueName": ["x"]}, "E503", "text is wanted for AWS::SQS::Queue.QueueName", ""),
        ({"QueueName": {"x": 1}}, "E503", "text is wanted for AWS::SQS::Queue.QueueName", ""),
        ({"DelaySeconds": "5"}, "E503", "a number is wanted for AWS::SQS::Queue.DelaySeconds", ""),
        ({"DelaySeconds": True}, "E503", "a number is wanted for AWS::SQS::Queue.DelaySeconds", ""),
        ({"DelaySeconds": WORD}, "E503", "a number is wanted for AWS::SQS::Queue.DelaySeconds", ""),
        ({"FifoQueue": "true"}, "E503", "true or false is wanted for AWS::SQS::Queue.FifoQueue", ""),
        ({"FifoQueue": 1}, "E503", "true or false is wanted for AWS::SQS::Queue.FifoQueue", ""),
        ({"RedrivePolicy": "{}"}, "E503", "a map is wanted for AWS::SQS::Queue.RedrivePolicy", ""),
        ({"RedrivePolicy": WORD}, "E503", "a map is wanted for AWS::SQS::Queue.RedrivePolicy", ""),
        ({"Tags": "x"}, "E503", "a list is wanted for AWS::SQS::Queue.Tags", ""),
        ({"Tags": [{"key": "x"}]}, "E503", "a tag is wanted for AWS::SQS::Queue.Tags", ""),
        ({"QueueName": float("nan")}, "E502", "CloudFormation has no such value", None),
        ({"RedrivePolicy": {"x": None}}, "E502", "CloudFormation has no such value", None),
        ({"RedrivePolicy": {"Ref": "x"}}, "E502", 'CloudFormation would take "Ref" for one of its functions', None),
        ({"RedrivePolicy": {"x": {"Fn::Sub": "x"}}}, "E502", 'CloudFormation would take "Fn::Sub" for one of', None),
        ({"QueueName": "a${Token[X.1]}"}, "E502", 'CDK would take "${Token[X.1]}" for one of its own tokens', None),
        ({"RedrivePolicy": {"x": "#{Token[1]}"}}, "E502", 'CDK would take "#{Token[1]}" for one of its own', None),
        ({"QueueName": "-1.8881545897087503e+289"}, "E502", 'CDK would take "-1.8881545897087503e+289" for one', None),
        ({"DelaySeconds": -1.8881545897087503e289}, "E502", "CDK cannot carry the number -1.88815", None),
        ({"QueueName": Interpolation(("${Token[1]}", Pseudo("region")))}, "E502", "CDK would take", None),
        ({"QueueName": JsonText({"a": "${Token[1]}"})}, "E502", "CDK would take", None),
        ({"QueueName": PerEnvironment("Odd", (("dev", "${Token[1]}"), ("prod", "")))}, "E502", "CDK would take", None),
        ({"QueueName": ParameterValue("odd")}, "E502", "CDK would take", None),
        ({"RedrivePolicy": {"__proto__": 1}}, "E502", 'CDK takes the key "__proto__" for something of its own', None),
        ({"RedrivePolicy": {"x": 2**60}}, "E502", f"CDK cannot carry the number {2**60} exactly", None),
        ({"QueueName": Interpolation(("x", ParameterValue("names")))}, "E502", "a text cannot hold the list", None),
    ],
)
def test_refused(properties: dict[str, Any], code: str, message: str, help: str | None) -> None:
    given = (parameter("names", ("a",), "list(text)"), parameter("odd", "${Token[1]}"))
    told = found(graph(properties, parameters=given))
    assert [c for c, _, _ in told] == [code]
    assert told[0][1].startswith(message)
    assert help is None or told[0][2] == help


def test_required_properties() -> None:
    policy = "AWS::SQS::QueuePolicy needs the property"
    assert found(graph({"Queues": ["x"]}, "AWS::SQS::QueuePolicy")) == [("E503", f"{policy} PolicyDocument", "")]
    maybe: dict[str, Value] = {"Queues": ["x"], "PolicyDocument": WhenParameter("text", {"a": "b"})}
    given = (parameter("text", ""),)
    assert found(graph(maybe, "AWS::SQS::QueuePolicy", parameters=given)) == [("E503", f"{policy} PolicyDocument", "")]


def test_findings_stand_at_their_place() -> None:
    at = ("components", "main", "resources", "main")
    built = graph({"QueueName": ["x"]}, origins={("QueueName",): (*at, "name")})
    (diagnostic,) = emit(built)[1]
    span = diagnostic.labels[0].span
    assert SPEC.splitlines()[span.line - 1][span.column - 1 : span.end_column - 1] == "x"


def test_what_aws_cdk_lib_fails_on() -> None:
    tags: dict[str, Value] = {"IpCount": 1, "Name": "x", "Tags": {"Items": [{"Key": "a", "Value": "b"}]}}
    told = found(graph(tags, "AWS::CloudFront::AnycastIpList"))
    assert told == [("E502", "aws-cdk-lib fails on AWS::CloudFront::AnycastIpList.Tags", "leave it out")]


@pytest.mark.parametrize("value", ["a${b}", "$"])
def test_a_parameter_that_would_be_read_as_a_part_of_the_text(value: str) -> None:
    text = Interpolation((Pseudo("region"), ParameterValue("text"), "{x}"))
    told = found(graph({"QueueName": text}, parameters=(parameter("text", value),)))
    assert [(c, m) for c, m, _ in told] == [
        ("E502", "in dev, a parameter's value would be read as a part of the text around it")
    ]


def test_a_parameter_that_json_would_escape() -> None:
    built = graph({"QueueName": JsonText({"a": ParameterValue("text")})}, parameters=(parameter("text", 'say "x"'),))
    assert {c for c, _, _ in found(built)} == {"E502"}


def test_a_setting_that_would_be_read_as_a_part_of_the_text() -> None:
    setting = PerEnvironment("Odd", (("dev", "a${b}"), ("prod", "c")))
    text = printed("QueueName", Interpolation((Pseudo("region"), setting)))
    assert '"dev": Fn.sub("${AWS::Region}a${!b}")' in text
    assert '"prod": Fn.sub("${AWS::Region}c")' in text
    assert "}[settings.environment]" in text


def test_a_type_that_the_library_does_not_know() -> None:
    built = graph({"lower": "x", "List": [AttributeOf("other", "Other", "Arn")]}, "AWS::Unheard::Thing")
    files, diagnostics = emit(built)
    assert [(d.code, d.severity) for d in diagnostics] == [("W505", Severity.WARNING)]
    assert 'type="AWS::Unheard::Thing"' in files["stacks/main.py"]
    assert "CfnResource(" in files["stacks/main.py"]


def test_an_attribute_that_the_library_does_not_know() -> None:
    built = graph({"QueueName": AttributeOf("main", "Second", "Novel.Thing")})
    built.components["main"].resources["Second"] = Resource("Second", "AWS::SQS::Queue", {}, ("components", "main"))
    assert 'queue_name=Token.as_string(second.get_att("Novel.Thing"))' in module(built)


def test_resources_stand_after_those_that_they_refer_to() -> None:
    built = graph({"QueueName": AttributeOf("main", "Second", "Ref")})
    built.components["main"].resources["Second"] = Resource("Second", "AWS::SQS::Queue", {}, ("components", "main"))
    text = module(built)
    assert text.index('"Second"') < text.index('"Main"')
    assert "queue_name=second.ref" in text


def test_a_description_that_cdk_would_take_for_a_token() -> None:
    built = graph({"QueueName": "x"})
    built.components["main"].description = "Prices #{Token[1]}"
    assert [(c, m) for c, m, _ in found(built)] == [("E502", 'CDK would take "#{Token[1]}" for one of its own tokens')]

"""What means the same, and what does not."""

from __future__ import annotations

from typing import Any

import pytest
from support import _schema

from lenie.compiler.graph import Graph
from lenie.compiler.verify.differ import changes
from lenie.compiler.verify.expected import expected
from lenie.compiler.verify.normal import BARE_ARN, normalise
from lenie.compiler.verify.program import Component, Program, Resource
from lenie.compiler.verify.rules import DEFAULTS, RULES, SAME, Form
from lenie.compiler.verify.values import Node, Reference, Text, located, text
from lenie.compiler.verify.words import data, stepped

LOGS = Reference("c", "Logs", "Arn")
BARE = Reference("c", "Logs", BARE_ARN)


def normal(kind: str, properties: dict[str, Any]) -> Node:
    """Return properties of a resource in normal form, beside a log group and two SSM parameters."""
    component = Component("c")

    def add(name: str, type_name: str, given: Any) -> None:
        component.resources[name] = Resource("c", name, type_name, nodes(given))

    add("Logs", "AWS::Logs::LogGroup", {})
    add("Group", "AWS::EC2::SecurityGroup", {})
    add("Reading", "AWS::SSM::Parameter", {"Value": Reference("c", "Group", "GroupId")})
    add("Literal", "AWS::SSM::Parameter", {"Value": "x"})
    add("Thing", kind, properties)
    return normalise(Program("dev", {"c": component})).components["c"].resources["Thing"].properties


def nodes(value: Any) -> Node:
    if isinstance(value, dict):
        return Node({key: nodes(item) for key, item in value.items()})
    if isinstance(value, list):
        return Node([nodes(item) for item in value])
    return Node(value)


def differences(kind: str, one: dict[str, Any], other: dict[str, Any]) -> list[str]:
    return [stepped(change.path) for change in changes(normal(kind, one), normal(kind, other))]


def statement(**parts: Any) -> dict[str, Any]:
    return {"PolicyDocument": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **parts}]}}


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("AWS::X", {"P": 5}, {"P": "5"}),
        ("AWS::X", {"P": True}, {"P": "true"}),
        ("AWS::X", {"P": 1.0}, {"P": 1}),
        ("AWS::X", {"Tags": [{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}]}, {"Tags": {"b": "2", "a": "1"}}),
        ("AWS::Lambda::Function", {"VpcConfig": {"SubnetIds": ["a", "b"]}}, {"VpcConfig": {"SubnetIds": ["b", "a"]}}),
        ("AWS::Lambda::Function", {"LoggingConfig": {"LogFormat": "Text"}}, {"LoggingConfig": {}}),
        ("AWS::Route53::HostedZone", {"HostedZoneConfig": {"Comment": ""}}, {}),
        ("AWS::X", statement(Action="a:B"), statement(Action=["a:B"])),
        ("AWS::X", statement(Resource=["x", "y"]), statement(Resource=["y", "x"])),
        ("AWS::X", statement(Condition={"Bool": {"k": "true"}}), statement(Condition={"Bool": {"k": ["true"]}})),
        ("AWS::X", statement(Principal={"AWS": ["1"]}), statement(Principal={"AWS": "1"})),
        (
            "AWS::X",
            {"PolicyDocument": {"Statement": {"Effect": "Deny"}}},
            {"PolicyDocument": '{"Statement": [{"Effect": "Deny"}]}'},
        ),
        ("AWS::SQS::Queue", {"RedrivePolicy": {"maxReceiveCount": 5}}, {"RedrivePolicy": '{"maxReceiveCount": 5}'}),
        ("AWS::X", {"P": Reference("c", "Group", "GroupId")}, {"P": Reference("c", "Group", "Ref")}),
        ("AWS::X", {"P": Reference("c", "Reading", "Value")}, {"P": Reference("c", "Group", "Ref")}),
        ("AWS::X", {"P": text(BARE, ":*")}, {"P": LOGS}),
        ("AWS::X", {"P": text(BARE, ":*:x")}, {"P": text(LOGS, ":x")}),
        (
            "AWS::ApiGateway::Stage",
            {"AccessLogSetting": {"DestinationArn": BARE}},
            {"AccessLogSetting": {"DestinationArn": LOGS}},
        ),
    ],
)
def test_the_same(kind: str, one: dict[str, Any], other: dict[str, Any]) -> None:
    assert differences(kind, one, other) == []
    assert differences(kind, other, one) == []


@pytest.mark.parametrize(
    ("kind", "one", "other", "where"),
    [
        ("AWS::X", {"P": "5"}, {"P": "6"}, "P"),
        ("AWS::X", {"P": "5"}, {}, "P"),
        ("AWS::X", {"P": ["a", "b"]}, {"P": ["b", "a"]}, "P[0]"),
        ("AWS::Lambda::Function", {"Layers": ["a", "b"]}, {"Layers": ["b", "a"]}, "Layers[0]"),
        ("AWS::DynamoDB::Table", {"KeySchema": [1, 2]}, {"KeySchema": [2, 1]}, "KeySchema[0]"),
        ("AWS::X", {"Tags": {"a": "1"}}, {"Tags": {"A": "1"}}, "Tags.a"),
        ("AWS::X", {"Tags": [{"Key": "a", "Value": "1"}] * 2}, {"Tags": {"a": "1"}}, "Tags"),
        ("AWS::SQS::Queue", {"RedrivePolicy": {"n": 5}}, {"RedrivePolicy": {"n": "5"}}, "RedrivePolicy.n"),
        ("AWS::Lambda::Function", {"LoggingConfig": {"LogFormat": "JSON"}}, {"LoggingConfig": {}}, None),
        ("AWS::X", statement(Action="a:B"), statement(Action="a:*"), None),
        ("AWS::X", statement(NotAction="a:B"), statement(Action="a:B"), None),
        ("AWS::X", statement(Principal="*"), statement(Principal={"AWS": "*"}), None),
        ("AWS::X", {"P": Reference("c", "Group", "VpcId")}, {"P": Reference("c", "Group", "Ref")}, "P"),
        ("AWS::X", {"P": Reference("c", "Literal", "Value")}, {"P": "x"}, "P"),
        ("AWS::X", {"P": BARE}, {"P": LOGS}, "P"),
        ("AWS::X", {"P": text(BARE, "/*")}, {"P": text(LOGS, "/*")}, "P"),
    ],
)
def test_not_the_same(kind: str, one: dict[str, Any], other: dict[str, Any], where: str | None) -> None:
    found = differences(kind, one, other)
    assert found
    assert differences(kind, other, one)
    assert where is None or found[0] == where


def test_differences_of_sets_are_told_by_name() -> None:
    one = statement(Sid="A", Action=["x:1", "x:2"])
    other = statement(Sid="A", Action=["x:1", "x:3"])
    found = changes(normal("AWS::X", one), normal("AWS::X", other))
    assert {stepped(change.path) for change in found} == {"PolicyDocument.Statement[Sid=A].Action[0]"}
    assert [(data(change.expected), data(change.actual)) for change in found] == [("x:2", "x:3")]


def test_a_missing_element_does_not_shift_the_others() -> None:
    one, other = located({"P": [1, 2, 3, 4]}, None), located({"P": [1, 3, 4]}, None)
    found = changes(one, other)
    assert [(stepped(change.path), data(change.expected), change.actual) for change in found] == [("P[1]", 2, None)]


def test_json_is_compared_with_text_that_holds_it() -> None:
    assert changes(located({"P": '{"a": 1}'}, None), located({"P": '{"a":1}'}, None))
    from lenie.compiler.verify.values import Document

    document = Node({"P": Node(Document(located({"a": 1}, None)))})
    assert not changes(document, located({"P": '{ "a": 1 }'}, None))
    assert [stepped(one.path) for one in changes(document, located({"P": '{"a": 2}'}, None))] == ["P.a"]
    assert [stepped(one.path) for one in changes(document, located({"P": "a"}, None))] == ["P"]


def test_texts_are_flattened() -> None:
    assert text("a", text("b", LOGS), "", "c") == Text(("ab", LOGS, "c"))
    assert text("a", "b") == "ab"
    assert text(LOGS) == LOGS
    assert text() == ""


# Rules, against what CloudFormation's registry knows.


def reached(kind: str, path: str) -> dict[str, Any]:
    """Return the schema of the property at a path."""
    root = _schema(kind)
    node: dict[str, Any] = root
    for step in path.replace("[]", ".[]").split("."):
        node = follow(root, node)
        node = node["items"] if step == "[]" else node["properties"][step]
    return follow(root, node)


def follow(root: dict[str, Any], node: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in node:
        node = root["definitions"][node["$ref"].rpartition("/")[2]]
    return node


@pytest.mark.parametrize(
    "rule", [rule for rule in RULES if rule.type != "*"], ids=lambda rule: f"{rule.type}.{rule.path}"
)
def test_a_rule_is_about_a_property_that_exists(rule: Any) -> None:
    kinds = reached(rule.type, rule.path).get("type")
    kinds = {kinds} if isinstance(kinds, str) else set(kinds or ())
    wanted = {
        Form.SET: {"array"},
        Form.TAGS: {"array", "object"},
        Form.LOG_GROUP: {"string"},
        Form.POLICY: {"object", "string"},
        Form.JSON: {"object", "string"},
    }[rule.form]
    assert kinds & wanted, kinds
    assert rule.why


@pytest.mark.parametrize("rule", DEFAULTS, ids=lambda rule: f"{rule.type}.{rule.path}")
def test_a_default_is_of_a_property_that_exists(rule: Any) -> None:
    # Scalars are compared as texts.
    wanted = "integer" if rule.value.isdigit() else "string"
    assert reached(rule.type, rule.path).get("type") in (wanted, [wanted])
    assert rule.why


@pytest.mark.parametrize("kind", SAME)
def test_attributes_with_two_names_exist(kind: str) -> None:
    root = _schema(kind)
    known = {name.removeprefix("/properties/").replace("/", ".") for name in root["readOnlyProperties"]}
    # Attributes that Fn::GetAtt knows although the registry's schema does not list them.
    known |= {"InstanceId", "GroupId", "InternetGatewayId", "NatGatewayId", "Id"} & set(SAME[kind])
    assert set(SAME[kind]) - {"QueueUrl", "Id"} <= known, sorted(known)


def test_documents_of_the_graph_have_a_rule(graph: Graph) -> None:
    """Where CloudFormation takes any JSON, types of values matter: each such property has a rule."""
    forms = {(rule.type, rule.path): rule.form for rule in RULES}
    untold = set()
    for resource in expected(graph, "dev").resources():
        for name in resource.properties.value:
            schema = follow(_schema(resource.type), _schema(resource.type)["properties"].get(name, {}))
            kinds = schema.get("type")
            free = "object" in (kinds if isinstance(kinds, list) else [kinds]) and not schema.keys() & {
                "properties",
                "patternProperties",
                "additionalProperties",
            }
            if free and not {(resource.type, name), ("*", name)} & forms.keys():
                untold.add((resource.type, name))
    # A map of text to text, whatever its schema says.
    assert untold <= {("AWS::RDS::DBParameterGroup", "Parameters"), ("AWS::SSM::Parameter", "Tags")}

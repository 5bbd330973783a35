"""The way out: any CloudFormation type, nothing lost."""

from __future__ import annotations

from typing import Any

import pytest
from support import compile_snippet, errors, of_type, one, resource, schema_faults

from lenie.compiler.expressions import AttributeOf, EnvironmentName, Interpolation
from lenie.compiler.graph import Graph

RAW = """
documents: {kind: queue}
sink:
  kind: cloudformation
  type: AWS::Events::Rule
  properties:
    Name: demo-${env.name}-sink
    EventPattern: {source: [aws.s3], "detail-type": [Object Created], nested: {empty: [], zero: 0, never: false}}
    State: ENABLED
    Targets: [{Id: queue, Arn: "${documents.arn}"}]
  depends-on: [documents]
  on-delete: retain
  attributes: [Arn]
"""


def graph_of(text: str) -> Graph:
    return compile_snippet(one(text), defaults={})


def test_properties_are_kept_as_they_are_written() -> None:
    graph = graph_of(RAW)
    assert schema_faults(graph) == []
    rule = resource(graph, "SinkResource")
    assert rule.type == "AWS::Events::Rule"
    properties: Any = dict(rule.properties)
    properties.pop("Tags", None)
    assert properties == {
        "Name": Interpolation(("demo-", EnvironmentName(), "-sink")),
        "EventPattern": {
            "source": ["aws.s3"],
            "detail-type": ["Object Created"],
            "nested": {"empty": [], "zero": 0, "never": False},
        },
        "State": "ENABLED",
        "Targets": [{"Id": "queue", "Arn": AttributeOf("main", "DocumentsQueue", "Arn")}],
    }
    assert rule.depends_on == ("DocumentsQueue",)
    assert rule.deletion_policy == rule.update_replace_policy == "Retain"
    path = ("components", "main", "resources", "sink", "properties", "EventPattern")
    assert rule.origin(("EventPattern", "source")) == path


def test_attributes_can_be_read() -> None:
    reader = 'copy: {kind: parameter, path: sink, value: "${sink.Arn} ${sink.ref}"}\n'
    value = resource(graph_of(RAW + reader), "CopyParameter").properties["Value"]
    assert value == Interpolation(
        (AttributeOf("main", "SinkResource", "Arn"), " ", AttributeOf("main", "SinkResource", "Ref"))
    )


def test_attributes_may_have_names_of_their_own() -> None:
    attributes = "attributes: {host: PrimaryEndPoint.Address}"
    raw = f"cache: {{kind: cloudformation, type: AWS::ElastiCache::ReplicationGroup, {attributes}}}\n"
    graph = graph_of(raw + 'copy: {kind: parameter, path: host, value: "${cache.host}"}\n')
    value = resource(graph, "CopyParameter").properties["Value"]
    assert value == AttributeOf("main", "CacheResource", "PrimaryEndPoint.Address")


def test_own_tags_and_those_of_the_project_are_merged() -> None:
    raw = "address: {kind: cloudformation, type: AWS::Logs::LogGroup, properties: {Tags: [{Key: Team, Value: web}]}}\n"
    tags = resource(graph_of(raw), "AddressResource").properties["Tags"]
    assert tags == [
        {"Key": "Environment", "Value": EnvironmentName()},
        {"Key": "Project", "Value": "demo"},
        {"Key": "Team", "Value": "web"},
    ]


def test_a_dependency_in_another_component_is_the_order_of_components() -> None:
    other = "other:\n  layer: base\n  resources:\n    documents: {kind: queue}\n"
    text = RAW.replace("documents: {kind: queue}\n", "").replace("${documents.arn}", "arn:aws:sqs:x")
    graph = compile_snippet(other + one(text), defaults={})
    assert of_type(graph, "AWS::Events::Rule")[0].depends_on == ()
    assert graph.components["main"].depends_on == ("other",)


@pytest.mark.parametrize(
    ("old", "new", "message", "mark"),
    [
        ("AWS::Events::Rule", "Events::Rule", '"Events::Rule" is no type of CloudFormation', "Events::Rule"),
        ("State: ENABLED", "State: null", "a value is wanted here", "null"),
        ("zero: 0", "zero: null", "a value is wanted here", "null"),
        ("on-delete: retain", "on-delete: keep", '"keep" is not possible here', "keep"),
        ("attributes: [Arn]", "attributes: [a.b]", '"a.b" cannot stand in ${...}', "[a.b]"),
        ("attributes: [Arn]", "attributes: [ref]", '"ref" is what Ref returns, and always there', "[ref]"),
        ("State: ENABLED", "Tags: [{Name: x}]", "a tag is wanted here", "{Name: x}"),
    ],
)
def test_wrong_values_are_told_at_their_place(old: str, new: str, message: str, mark: str) -> None:
    found = errors(one(RAW.replace(old, new)), defaults={})
    assert [(code, marked) for code, _, marked, _ in found] == [("E203", mark)]
    assert found[0][1].startswith(message)


def test_an_attribute_that_is_not_declared_is_unknown() -> None:
    found = errors(one(RAW + 'copy: {kind: parameter, path: sink, value: "${sink.Ann}"}\n'), defaults={})
    assert [(code, mark, help) for code, _, mark, help in found] == [("E305", "${sink.Ann}", 'did you mean "Arn"?')]


def test_a_dependency_that_does_not_exist_is_told() -> None:
    found = errors(one(RAW.replace("[documents]", "[document]")), defaults={})
    assert found == [("E301", 'there is no resource "document"', "document", 'did you mean "documents"?')]


def test_every_kind_has_an_attribute_to_depend_on() -> None:
    from lenie.compiler.kinds import kind_class, kind_names

    dynamic = {"alarm", "cloudformation"}
    without = {n for n in kind_names() if not kind_class(n).ATTRIBUTES and "attributes" not in vars(kind_class(n))}
    assert without - dynamic == set()


@pytest.mark.parametrize(("type", "expected"), [("AWS::EC2::Volume", 0), ("AWS::SQS::Queue", 1)])
def test_not_every_type_has_snapshots(type: str, expected: int) -> None:
    found = errors(one(f'it: {{kind: cloudformation, type: "{type}", on-delete: snapshot}}'))
    wanted = [("E203", "CloudFormation takes no snapshots of AWS::SQS::Queue", "snapshot", "write retain or delete")]
    assert found == wanted[:expected]


def test_a_tag_twice_is_told_at_the_second() -> None:
    tags = "[{Key: Part, Value: a}, {Key: Part, Value: b}]"
    found = errors(one(f'it: {{kind: cloudformation, type: "AWS::SQS::Queue", properties: {{Tags: {tags}}}}}'))
    assert found == [("E203", 'the tag "Part" is there twice', "Part", "remove one of the two")]

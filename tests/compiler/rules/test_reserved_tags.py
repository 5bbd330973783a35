from __future__ import annotations

import pytest
from rule_support import findings, marked, spec


def network(tags: str) -> str:
    cidrs = "cidrs: [10.0.1.0/24]"
    return spec(f"vpc: {{kind: network, cidr: 10.0.0.0/16, subnets: {{data: {{{cidrs}, tags: {{{tags}}}}}}}}}")


def raw(type: str, tags: str) -> str:
    return spec(f'it: {{kind: cloudformation, type: "{type}", properties: {tags}}}')


@pytest.mark.parametrize("tag", ["Name: mine", "kubernetes.io/role/elb: one", "project: mine", f"{'k' * 128}: v"])
def test_tags_that_may_be(tag: str) -> None:
    assert not findings("E342", network(tag))


@pytest.mark.parametrize(
    ("tag", "message"),
    [
        ("Project: mine", 'the tag "Project" is there already, and would be replaced'),
        ("Environment: all", 'the tag "Environment" is there already, and would be replaced'),
        ("Aws:part: a", 'the tag "Aws:part" belongs to AWS'),
        (f"{'k' * 129}: v", "the name of a tag has 1 to 128 characters, this one 129"),
        (f"k: {'v' * 257}", 'the tag "k" has 257 characters; at most 256 are allowed'),
    ],
)
def test_tags_that_may_not(tag: str, message: str) -> None:
    text = network(tag)
    [found] = findings("E342", text)
    assert found.message == message
    assert marked(text, found) == tag.rpartition(":")[0]


def test_tags_of_raw_resources() -> None:
    text = raw("AWS::SQS::Queue", "{Tags: [{Key: Part, Value: a}, {Key: Project, Value: b}]}")
    [found] = findings("E342", text)
    assert marked(text, found) == "Project"
    text = raw("AWS::SSM::Parameter", "{Type: String, Value: x, Tags: {Project: b}}")
    [found] = findings("E342", text)
    assert marked(text, found) == "Project"


def test_an_account_has_no_environment() -> None:
    text = raw("AWS::SQS::Queue", "{Tags: [{Key: Environment, Value: all}]}")
    assert findings("E342", text)
    assert not findings("E342", text.replace("    layer: base\n", "    layer: base\n    scope: account\n"))

"""Service control policies: what they deny, whom they bind, how large they may be."""

from __future__ import annotations

import json
from typing import Any

import pytest
from support import compile_snippet, errors, one, resource, schema_faults

from lenie.compiler.expressions import ParameterValue, WhenParameter
from lenie.compiler.graph import Graph
from lenie.compiler.kinds.policy import MAX_SIZE, Policy

PARAMETERS = {
    "none": {"type": "list(text)", "default": [], "description": "No targets yet"},
    "some": {"type": "list(text)", "default": ["ou-1"], "description": "Units"},
    "account": {"type": "text", "default": "", "description": "One account"},
}
DENY = 'block: {kind: policy, name: Block, description: Nothing new, deny: ["sso:CreateInstance", "iam:*"]}\n'
REGIONS = """
regions:
  kind: policy
  allow-regions: [eu-west-1, us-east-1]
  global-services: ["sts:*", "iam:*"]
  targets: ${param.some}
"""


def graph_of(text: str) -> Graph:
    graph = compile_snippet(one(text, "organization"), defaults={}, parameters=PARAMETERS)
    assert schema_faults(graph) == []
    return graph


def wrong(text: str) -> list[tuple[str, str, str]]:
    found = errors(one(text, "organization"), defaults={}, parameters=PARAMETERS)
    assert all(help for _, _, _, help in found)
    return [(code, message, mark) for code, message, mark, _ in found]


def test_deny() -> None:
    policy = resource(graph_of(DENY), "BlockPolicy").properties
    assert policy["Type"] == "SERVICE_CONTROL_POLICY"
    assert policy["Name"] == "Block"
    assert policy["Content"] == {
        "Version": "2012-10-17",
        "Statement": [
            {"Sid": "DenyActions", "Effect": "Deny", "Action": ["iam:*", "sso:CreateInstance"], "Resource": "*"}
        ],
    }
    assert "TargetIds" not in policy


def test_allowed_regions_leave_global_services_alone() -> None:
    policy: Any = resource(graph_of(REGIONS), "RegionsPolicy").properties
    (statement,) = policy["Content"]["Statement"]
    assert statement == {
        "Sid": "DenyOtherRegions",
        "Effect": "Deny",
        "NotAction": ["iam:*", "sts:*"],
        "Resource": "*",
        "Condition": {"StringNotEquals": {"aws:RequestedRegion": ["eu-west-1", "us-east-1"]}},
    }


def test_targets() -> None:
    assert resource(graph_of(REGIONS), "RegionsPolicy").properties["TargetIds"] == ParameterValue("some")
    empty = resource(graph_of(REGIONS.replace("param.some", "param.none")), "RegionsPolicy").properties
    assert empty["TargetIds"] == WhenParameter("none", ParameterValue("none"))
    single = resource(graph_of(REGIONS.replace("param.some", "param.account")), "RegionsPolicy").properties
    assert single["TargetIds"] == WhenParameter("account", [ParameterValue("account")])


def test_origins() -> None:
    path = ("components", "main", "resources", "regions")
    policy = resource(graph_of(REGIONS), "RegionsPolicy")
    assert policy.origin(("Content", "Statement")) == (*path, "allow-regions")
    assert policy.origin(("TargetIds",)) == (*path, "targets")


def test_a_policy_says_one_thing() -> None:
    assert wrong("block: {kind: policy}\n") == [("E203", "the policy says nothing", "policy")]
    both = "a policy has deny or allow-regions, not both"
    assert wrong(REGIONS + '  deny: ["iam:*"]\n') == [("E203", both, "deny")]
    lone = "global-services says what allow-regions leaves alone, and there is no allow-regions"
    text = 'block: {kind: policy, deny: ["*"], global-services: ["iam:*"]}\n'
    assert wrong(text) == [("E203", lone, "global-services")]


def test_regions_without_global_services_would_lock_everybody_out() -> None:
    ((code, _, mark),) = wrong("regions: {kind: policy, allow-regions: [eu-west-1]}\n")
    assert (code, mark) == ("E203", "allow-regions")


@pytest.mark.parametrize("action", ["sso", "sso:Create Instance", "SSO:CreateInstance", "s3:*:x"])
def test_a_wrong_action_is_told_at_the_action(action: str) -> None:
    found = wrong(f'block: {{kind: policy, deny: ["{action}"]}}\n')
    assert found == [("E203", f'"{action}" is not an IAM action', f'"{action}"')]


def test_targets_are_never_literals() -> None:
    found = wrong(REGIONS.replace("${param.some}", '"123456789012"'))
    assert found == [("E203", "a parameter with the targets is wanted here", '"123456789012"')]


def policy_with(count: int, last: str = "") -> str:
    actions = [f"mgh:Action{number:04}" for number in range(count)] + ([f"mgh:{last}"] if last else [])
    return f"block: {{kind: policy, deny: {json.dumps(actions)}}}\n"


def test_size_is_that_of_the_document_without_white_space() -> None:
    policy = Policy.model_validate({"kind": "policy", "deny": ["iam:*"]})
    document = '{"Effect":"Deny","Sid":"DenyActions","Action":["iam:*"],"Resource":"*"}'
    assert policy.size() == len('{"Version":"2012-10-17","Statement":[' + document + "]}")


def test_the_largest_policy_passes_and_one_character_more_does_not() -> None:
    empty = Policy.model_validate({"kind": "policy", "deny": [f"mgh:Action{n:04}" for n in range(250)]}).size()
    room = MAX_SIZE - empty - len(',"mgh:"')
    assert wrong(policy_with(250, "A" * room)) == []
    message = f"the policy has {MAX_SIZE + 1} characters; AWS takes at most {MAX_SIZE}"
    assert wrong(policy_with(250, "A" * (room + 1))) == [("E328", message, "deny")]


@pytest.mark.parametrize(
    ("action", "message", "help"),
    [
        ("sso:CreateInstence", 'sso has no action "CreateInstence"', 'did you mean "sso:CreateInstance"?'),
        ("iam:Kreate*", 'iam has no action "Kreate*"', "look it up in the Service Authorization Reference"),
        ("iamm:*", 'IAM knows no service "iamm"', 'did you mean "iam:*"?'),
    ],
)
def test_actions_that_do_not_exist(action: str, message: str, help: str) -> None:
    text = DENY.replace("sso:CreateInstance", action)
    found = errors(one(text, "organization"), defaults={}, parameters=PARAMETERS)
    assert found == [("E301", message, f'"{action}"', help)]
    text = REGIONS.replace("sts:*", action)
    found = errors(one(text, "organization"), defaults={}, parameters=PARAMETERS)
    assert [one_of[:2] for one_of in found] == [("E301", message)]


@pytest.mark.parametrize("action", ["*", "mgh:Whatever", "s3:GetAccountPublic*", "s3:getobject"])
def test_actions_that_exist_or_are_not_listed(action: str) -> None:
    assert wrong(DENY.replace("sso:CreateInstance", action)) == []


def test_regions_exist() -> None:
    assert wrong(REGIONS.replace("eu-west-1", "eu-west-9")) == [("E203", 'AWS has no region "eu-west-9"', "eu-west-9")]


def test_targets_are_ids() -> None:
    cidrs = {"type": "list(cidr)", "default": ["10.0.0.0/8"], "description": "Networks"}
    text = one(REGIONS.replace("param.some", "param.cidrs"), "organization")
    ((code, message, mark, _),) = errors(text, defaults={}, parameters={**PARAMETERS, "cidrs": cidrs})
    assert (code, mark) == ("E304", "${param.cidrs}")
    assert message == 'parameter "cidrs" has the type list(cidr), and ids of accounts are wanted here'

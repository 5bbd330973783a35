"""`tags.py` is what the registry schemas say, and what is known by hand."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import pytest

from lenie.compiler.data import tags

TOOL = Path(__file__).parents[3] / "tools" / "extract_tags.py"


def test_the_module_is_what_the_tool_writes() -> None:
    tool = runpy.run_path(str(TOOL))
    assert Path(tags.__file__).read_text(encoding="utf-8") == tool["render"]()


@pytest.mark.parametrize(
    ("type_name", "expected"),
    [
        ("AWS::ApiGateway::RestApi", ("Tags", "list")),
        ("AWS::ApiGateway::Stage", ("Tags", "list")),
        ("AWS::AutoScaling::AutoScalingGroup", ("Tags", "propagate")),
        ("AWS::Budgets::Budget", ("ResourceTags", "list")),
        ("AWS::CloudFront::Distribution", ("Tags", "list")),
        ("AWS::EC2::LaunchTemplate", ("TagSpecifications", "specifications")),
        ("AWS::EC2::VPCEndpoint", ("Tags", "list")),
        ("AWS::IAM::Role", ("Tags", "list")),
        ("AWS::Lambda::Function", ("Tags", "list")),
        ("AWS::Organizations::Policy", ("Tags", "list")),
        ("AWS::Route53::HostedZone", ("HostedZoneTags", "list")),
        ("AWS::SSM::Parameter", ("Tags", "map")),
        ("AWS::Scheduler::ScheduleGroup", ("Tags", "list")),
        ("AWS::StepFunctions::StateMachine", ("Tags", "list")),
    ],
)
def test_known_shapes(type_name: str, expected: tuple[str, str]) -> None:
    assert tags.TAG_PROPERTY[type_name] == expected


@pytest.mark.parametrize(
    "type_name",
    [
        "AWS::Amplify::Domain",
        "AWS::ApiGateway::Account",
        "AWS::ApiGateway::Deployment",
        "AWS::CloudFront::OriginAccessControl",
        "AWS::EC2::Route",
        "AWS::EC2::SecurityGroupIngress",
        "AWS::IAM::InstanceProfile",
        "AWS::IAM::ManagedPolicy",
        "AWS::IdentityStore::Group",
        "AWS::Lambda::LayerVersion",
        "AWS::Lambda::Permission",
        "AWS::Organizations::Organization",
        "AWS::SNS::Subscription",
        "AWS::Scheduler::Schedule",
    ],
)
def test_types_without_tags(type_name: str) -> None:
    assert type_name not in tags.TAG_PROPERTY


def test_other_tags_replace_a_key_pair_but_not_an_instance() -> None:
    assert "AWS::EC2::KeyPair" in tags.TAGS_CREATE_ONLY
    assert "AWS::EC2::Instance" not in tags.TAGS_CREATE_ONLY


def test_every_type_with_specifications_names_its_own_kind() -> None:
    found = {name for name, (_, style) in tags.TAG_PROPERTY.items() if style == "specifications"}
    assert found == set(tags.TAG_SPECIFICATION_TYPE)
    assert set(tags.TAG_PROPERTY) >= tags.TAGS_CREATE_ONLY


def test_the_resource_types_of_specifications_are_in_the_schema() -> None:
    schemas: dict[str, dict[str, Any]] = runpy.run_path(str(TOOL))["shipped"]()[0]
    for type_name, kind in tags.TAG_SPECIFICATION_TYPE.items():
        definitions = schemas[type_name]["definitions"]
        enums = [
            definition["properties"]["ResourceType"].get("enum")
            for definition in definitions.values()
            if set(definition.get("properties", {})) == {"ResourceType", "Tags"}
        ]
        assert enums, type_name
        assert any(enum is None or kind in enum for enum in enums), (type_name, enums)

"""The table of L1 constructs: how it is read, and that it is true: what is built with it comes out as it was given."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from support_cdk import emit, normal, strict, synthesized, write
from support_cfn import graph

from lenie.compiler.graph import Resource
from lenie.targets.cdk.catalogue import alternatives, construct, element, table

#: Types with names that do not follow from the rule, with rare kinds of properties, and with much nesting.
ODD = [
    "AWS::IoTFleetWise::DecoderManifest",
    "AWS::MediaLive::Channel",
    "AWS::SageMaker::ModelExplainabilityJobDefinition",
    "AWS::ECS::TaskDefinition",
    "AWS::WAFv2::WebACL",
    "AWS::EC2::Instance",
    "AWS::EC2::LaunchTemplate",
    "AWS::S3::Bucket",
    "AWS::CloudFront::Distribution",
    "AWS::DynamoDB::GlobalTable",
    "AWS::Batch::JobDefinition",
    "AWS::Glue::Job",
    "AWS::ApiGateway::Stage",
    "AWS::ElasticLoadBalancingV2::ListenerRule",
    "AWS::AutoScaling::AutoScalingGroup",
    "AWS::CodePipeline::Pipeline",
    "AWS::Events::Rule",
    "AWS::StepFunctions::StateMachine",
    "AWS::SNS::Subscription",
    "AWS::KMS::Key",
]
PLACE = ("components", "main", "resources", "main")


def types() -> list[str]:
    return [name for name in table() if name.startswith("AWS::")]


class Sample:
    """Makes a value for every property of a construct, down to some depth."""

    def __init__(self, type_name: str) -> None:
        found = construct(type_name)
        assert found is not None
        self.found = found

    def properties(self, known: dict[str, Any], depth: int) -> dict[str, Any]:
        return {
            name: value
            for name, property_ in known.items()
            if (value := self.value(property_.kind, name, depth)) is not None
        }

    def value(self, kind: str, name: str, depth: int) -> Any:
        for option in alternatives(kind):
            simple = {
                "s": f"{name} of it",
                "n": 3,
                "b": True,
                # Tags are texts, and CDK makes texts of all that is in a map of them.
                "j": {"key": "value"} if name.endswith("Tags") else {"Some": ["thing", 1, {}]},
                "t": {"Key": "k", "Value": "v"},
            }
            if option in simple:
                return simple[option]
            if option in "dx" or depth == 0:
                continue
            if option[0] in "[{":
                inner = self.value(element(option), name, depth)
                if inner is not None:
                    return [inner] if option[0] == "[" else {f"key-{name}": inner}
                continue
            structure = self.found.structure(option)
            filled = self.properties(structure, depth - 1)
            if all(n in filled for n, p in structure.items() if p.required):
                return filled
        return None


@pytest.mark.slow
def test_constructs_give_back_what_they_are_given(tmp_path: Path) -> None:
    chosen = ODD + random.Random(2275).sample(sorted(set(types()) - set(ODD)), 100)
    built = graph({"QueueName": "x"})
    resources = built.components["main"].resources
    given: dict[str, Any] = {}
    for number, type_name in enumerate(chosen):
        sample = Sample(type_name)
        properties = sample.properties(sample.found.properties, 3)
        if any(p.required and n not in properties for n, p in sample.found.properties.items()):
            continue
        given[f"R{number}"] = properties
        resources[f"R{number}"] = Resource(f"R{number}", type_name, properties, PLACE)
    assert len(given) > 110
    files, diagnostics = emit(built)
    assert [d for d in diagnostics if d.code != "W515"] == []
    app = write(files, tmp_path / "app")
    template = normal(synthesized(app, tmp_path / "out", {})["demo-dev-main"])["Resources"]
    for name, properties in given.items():
        assert strict(template[name].get("Properties", {})) == strict(properties), resources[name].type


def test_a_construct() -> None:
    found = construct("AWS::RDS::DBInstance")
    assert found is not None
    assert (found.module, found.name) == ("aws_rds", "CfnDBInstance")
    assert found.properties["DBInstanceIdentifier"] == ("DBInstanceIdentifier", "", False, "s")
    assert found.properties["DBInstanceIdentifier"].python == "db_instance_identifier"
    assert found.properties["AllocatedStorage"].kind == "s"
    assert found.properties["MultiAZ"].kind == "b"
    assert found.attributes["Endpoint.Address"].member == "attr_endpoint_address"
    assert found.structure("DBInstanceRole")["FeatureName"].required


def test_names_that_do_not_follow_from_the_rule() -> None:
    found = construct("AWS::AutoScaling::AutoScalingGroup")
    assert found is not None
    assert found.properties["TargetGroupARNs"].python == "target_group_arns"


def test_an_unknown_type() -> None:
    assert construct("AWS::SQS::Que") is None
    assert construct("AWS::SQS") is None


def test_every_line_can_be_read() -> None:
    names = types()
    assert len(names) > 1800
    assert len(set(names)) == len(names)
    for name in names:
        found = construct(name)
        assert found is not None
        assert found.name.startswith("Cfn")
        for structure in found.lines:
            for property_ in found.structure(structure).values():
                assert property_.python.isidentifier()
                for kind in alternatives(property_.kind):
                    while kind[0] in "[{":
                        kind = alternatives(element(kind))[0]
                    assert kind in "snbjdtx" or kind in found.lines, (name, structure, property_)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("s", ["s"]), ("s|j", ["s", "j"]), ("[(s|Rule)|Rule", ["[(s|Rule)", "Rule"]), ("{[s", ["{[s"])],
)
def test_alternatives(kind: str, expected: list[str]) -> None:
    assert alternatives(kind) == expected


def test_elements() -> None:
    assert (element("[s"), element("{[s"), element("[(s|Rule)")) == ("s", "[s", "s|Rule")

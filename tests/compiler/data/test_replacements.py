"""`replacements.txt` is what the registry schemas say, and what AWS documents of types that everybody knows."""

from __future__ import annotations

import re
from importlib.resources import files

import extract_replacements
import pytest

from lenie.compiler.diff.lifecycle import lifecycle
from lenie.compiler.pipeline import front

TEXT = files("lenie.compiler.data").joinpath("replacements.txt").read_text(encoding="utf-8")


def test_the_table_is_what_the_tool_writes(capsys: pytest.CaptureFixture[str]) -> None:
    assert extract_replacements.render() == TEXT
    assert extract_replacements.main(["--check"]) == 0
    assert capsys.readouterr().out == "replacements.txt is up to date\n"


def test_the_form_of_the_table() -> None:
    lines = [line for line in TEXT.splitlines() if not line.startswith("#")]
    assert len(lines) > 1500
    assert lines == sorted(set(lines))
    for line in lines:
        assert re.fullmatch(r"AWS::\w+::\w+(::\w+)?( [?=~]?[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*)*", line), line
    assert "MIT-0" in TEXT
    assert "cfn-lint" in TEXT.split("AWS::", 1)[0]


# Source: AWS CloudFormation Template Reference, "Update requires" of each property.
@pytest.mark.parametrize(
    ("type_name", "path", "expected"),
    [
        ("AWS::SQS::Queue", "QueueName", "always"),
        ("AWS::SQS::Queue", "FifoQueue", "always"),
        ("AWS::SQS::Queue", "VisibilityTimeout", ""),
        ("AWS::EC2::Subnet", "CidrBlock", "always"),
        ("AWS::EC2::VPC", "CidrBlock", "always"),
        ("AWS::EC2::VPC", "EnableDnsSupport", ""),
        ("AWS::EC2::VPC", "InstanceTenancy", "maybe"),
        ("AWS::EC2::Instance", "ImageId", "always"),
        ("AWS::EC2::Instance", "InstanceType", "maybe"),
        ("AWS::EC2::Instance", "UserData/Base64", "maybe"),
        ("AWS::EC2::Instance", "Tags/Value", ""),
        ("AWS::EC2::KeyPair", "Tags/Value", "always"),
        ("AWS::RDS::DBInstance", "MasterUsername", "always"),
        ("AWS::RDS::DBInstance", "AllocatedStorage", ""),
        ("AWS::Lambda::Function", "FunctionName", "always"),
        ("AWS::Lambda::Function", "Runtime", ""),
        ("AWS::Lambda::LayerVersion", "Content/S3Key", "always"),
        ("AWS::DynamoDB::Table", "TableName", "always"),
        ("AWS::S3::Bucket", "BucketName", "always"),
        ("AWS::Budgets::Budget", "Budget/BudgetName", "always"),
        ("AWS::Budgets::Budget", "Budget/BudgetLimit/Amount", ""),
        ("AWS::Route53::RecordSet", "Name", "always"),
        ("AWS::Route53::RecordSet", "TTL", ""),
        ("AWS::IAM::Role", "RoleName", "always"),
        ("AWS::IAM::Role", "Policies/PolicyDocument", ""),
    ],
)
def test_known_effects(type_name: str, path: str, expected: str) -> None:
    assert lifecycle(type_name).effect(tuple(path.split("/"))) == expected


def test_a_property_inside_what_comes_or_goes_counts() -> None:
    budget = lifecycle("AWS::Budgets::Budget")
    assert budget.effect(("Budget",)) == ""
    assert budget.effect(("Budget",), [("BudgetName",)]) == "always"


def test_lists_without_an_order() -> None:
    role = lifecycle("AWS::IAM::Role")
    assert ("ManagedPolicyArns",) in role.unordered
    assert ("NetworkInterfaces", "GroupSet") in lifecycle("AWS::EC2::Instance").unordered
    assert ("SubnetMapping",) not in lifecycle("AWS::EC2::VPC").unordered


def test_names() -> None:
    assert lifecycle("AWS::SQS::Queue").name == ("QueueName",)
    assert lifecycle("AWS::Budgets::Budget").name == ("Budget", "BudgetName")
    assert lifecycle("AWS::Lambda::LayerVersion").name == ()
    assert lifecycle("AWS::EC2::VPC").name == ()


def test_types_without_entries_are_known_and_others_are_not() -> None:
    bare = next(line for line in TEXT.splitlines() if line.startswith("AWS::") and " " not in line)
    assert lifecycle(bare).known
    assert not lifecycle("AWS::SQS::Que").known
    assert not lifecycle("Custom::Thing").known


def test_every_type_of_the_architecture_is_known() -> None:
    from support import ROOT

    graph = front(ROOT / "spec" / "lenie.yaml").graph
    assert graph is not None
    types = {resource.type for component in graph.components.values() for resource in component.resources.values()}
    assert len(types) > 40
    assert [name for name in types if not lifecycle(name).known] == []

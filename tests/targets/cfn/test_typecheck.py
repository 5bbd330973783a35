"""What troposphere finds, and that it loses nothing: each fault is told at the property's place in the spec."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

import pytest
import troposphere
from support_cfn import emit, graph, parameter

from lenie.compiler.expressions import EnvironmentName, Interpolation, ParameterValue, Value, WhenParameter
from lenie.compiler.place import tag_list
from lenie.targets.cfn import typecheck
from lenie.targets.cfn.schema import resource_class

ROOT = Path(__file__).parents[3]
NAME = ("components", "main", "resources", "main", "name")
ONE = parameter("one", "a")
RETENTION = ("components", "main", "resources", "main", "retention")


QUEUE, POLICY, BUCKET = "AWS::SQS::Queue", "AWS::SQS::QueuePolicy", "AWS::S3::Bucket"
TEXT: Value = Interpolation(("x", EnvironmentName()))
TRANSITION: Value = {"Rules": [{"Status": "Enabled", "Transition": {"TransitionInDays": 1}}]}
COST: Value = {"BudgetType": "COST", "TimeUnit": "MONTHLY", "BudgetLimit": {"Amount": "8", "Unit": "USD"}}
FAULTS: list[tuple[str, dict[str, Value], str]] = [
    (QUEUE, {"QueueNam": "x"}, 'there is no property "QueueNam" in AWS::SQS::Queue'),
    (QUEUE, {"QueueName": 5}, "text is wanted for AWS::SQS::Queue.QueueName"),
    (QUEUE, {"QueueName": True}, "text is wanted for AWS::SQS::Queue.QueueName"),
    (QUEUE, {"VisibilityTimeout": "5"}, "a whole number is wanted for AWS::SQS::Queue.VisibilityTimeout"),
    (QUEUE, {"VisibilityTimeout": True}, "a whole number is wanted for AWS::SQS::Queue.VisibilityTimeout"),
    (QUEUE, {"FifoQueue": "true"}, "true or false is wanted for AWS::SQS::Queue.FifoQueue"),
    (QUEUE, {"RedrivePolicy": "x"}, "a map is wanted for AWS::SQS::Queue.RedrivePolicy"),
    (QUEUE, {"RedrivePolicy": TEXT}, "a map is wanted for AWS::SQS::Queue.RedrivePolicy"),
    (QUEUE, {"RedrivePolicy": {"x": 1}}, 'there is no property "x" in AWS::SQS::Queue.RedrivePolicy'),
    (QUEUE, {"Tags": {"a": "b"}}, "a list of tags is wanted for AWS::SQS::Queue.Tags"),
    (QUEUE, {"Tags": [{"Key": "a", "Value": 1}]}, "a tag with the texts Key and Value is wanted"),
    (QUEUE, {"Tags": [{"Key": "a"}]}, "a tag with the texts Key and Value is wanted for AWS::SQS::Queue.Tags"),
    (QUEUE, {"FifoQueue": True, "QueueName": "x"}, "AWS::SQS::Queue: SQS: FIFO queues need to provide a QueueName"),
    (POLICY, {"Queues": ["x"]}, "AWS::SQS::QueuePolicy needs the property PolicyDocument"),
    (POLICY, {"Queues": "x", "PolicyDocument": {}}, "a list is wanted for AWS::SQS::QueuePolicy.Queues"),
    (POLICY, {"Queues": [["x"]], "PolicyDocument": {}}, "text is wanted for AWS::SQS::QueuePolicy.Queues"),
    (POLICY, {"Queues": ["x"], "PolicyDocument": "x"}, "AWS::SQS::QueuePolicy.PolicyDocument: the value does not fit"),
    ("AWS::EC2::VPC", {"CidrBlock": "10.0.0.0/8", "InstanceTenancy": "x"}, "AWS::EC2::VPC.InstanceTenancy: "),
    (BUCKET, {"LifecycleConfiguration": TRANSITION},
     "AWS::S3::Bucket.LifecycleConfiguration.Rules.Transition needs the property StorageClass"),
    ("AWS::Budgets::Budget", {"Budget": COST}, "a number is wanted for AWS::Budgets::Budget.Budget.BudgetLimit.Amount"),
]  # fmt: skip


@pytest.mark.parametrize(("type_name", "properties", "message"), FAULTS)
def test_fault(type_name: str, properties: dict[str, Value], message: str) -> None:
    origins = {(name,): NAME for name in properties}
    _, diagnostics = emit(graph(properties, type_name, origins=origins))
    assert [(d.code, d.message[: len(message)]) for d in diagnostics] == [("E503", message)]
    assert not any(word in diagnostics[0].message for word in ("<class", "object", "dict", "troposphere", "None"))


def test_the_place_is_that_of_the_property() -> None:
    origins: dict[Any, Any] = {("QueueName",): NAME, ("RedrivePolicy", "maxReceiveCount"): RETENTION}
    built = graph({"QueueName": 5, "RedrivePolicy": {"maxReceiveCount": "x"}}, origins=origins)
    _, diagnostics = emit(built)
    assert [d.labels[0].span.line for d in diagnostics] == [5, 5]
    assert [d.labels[0].span.column for d in diagnostics] == [48, 62]


def test_the_place_goes_on_inside_a_structure_of_the_spec() -> None:
    origins: dict[Any, Any] = {("RedrivePolicy",): ("parameters", "one"), ("Tags",): ("parameters", "list")}
    policy: Value = {"default": 1, "values": {"prod": 2, "absent": 3}}
    tags: Value = [{"Key": "a", "Value": 1}]
    _, diagnostics = emit(graph({"RedrivePolicy": policy, "Tags": tags}, origins=origins))
    # Unknown properties are told at their keys; what the spec does not have, at what it has around it.
    assert [d.labels[0].span.column for d in diagnostics] == [20, 32, 58]


def test_a_near_name_is_suggested() -> None:
    _, diagnostics = emit(graph({"QueueNam": "x"}))
    assert diagnostics[0].help == 'did you mean "QueueName"?'


def test_each_side_of_a_condition_is_checked() -> None:
    base: dict[str, Value] = {"Engine": "postgres", "DBInstanceClass": "db.t3.micro", "AllocatedStorage": "20"}
    login: Value = WhenParameter("one", "lenie", is_set=False)
    password: Value = WhenParameter("one", "x", is_set=False)
    snapshot: Value = WhenParameter("one", ParameterValue("one"))
    right = {**base, "MasterUsername": login, "MasterUserPassword": password, "DBSnapshotIdentifier": snapshot}
    assert not emit(graph(right, "AWS::RDS::DBInstance", parameters=(ONE,)))[1]
    wrong = {**base, "MasterUsername": login, "MasterUserPassword": password}
    _, diagnostics = emit(graph(wrong, "AWS::RDS::DBInstance", parameters=(ONE,)))
    assert [d.code for d in diagnostics] == ["E503"]
    nested: Value = WhenParameter("one", {"maxReceiveCount": "x"})
    _, diagnostics = emit(graph({"RedrivePolicy": nested}, parameters=(ONE,)))
    assert [d.message for d in diagnostics] == [
        "a whole number is wanted for AWS::SQS::Queue.RedrivePolicy.maxReceiveCount"
    ]


def test_an_unknown_type_is_printed_and_told() -> None:
    properties: dict[str, Value] = {"A": {"B": [1, "x", EnvironmentName()]}}
    files, diagnostics = emit(graph(properties, "AWS::Novel::Thing"))
    assert [(d.code, d.severity) for d in diagnostics] == [("W505", "warning")]
    assert (
        "A:\n        B:\n          - 1\n          - x\n          - !Ref Environment\n"
        in files["templates/0-base/02-main.yaml"]
    )


def test_a_changed_property_is_a_fault_of_the_compiler(monkeypatch: pytest.MonkeyPatch) -> None:
    properties: dict[str, Value] = {
        "AuthorizationType": "NONE",
        "HttpMethod": "GET",
        "ResourceId": "r",
        "RestApiId": "a",
    }
    assert not emit(graph(properties, "AWS::ApiGateway::Method"))[1]
    known = resource_class("AWS::ApiGateway::Method")

    def shout(value: str) -> str:
        return value.upper() + "!"

    monkeypatch.setitem(known.props, "HttpMethod", (shout, True))
    _, diagnostics = emit(graph(properties, "AWS::ApiGateway::Method"))
    assert [(d.code, d.message) for d in diagnostics] == [
        ("E504", "the property HttpMethod is not printed as it was given")
    ]


@pytest.mark.parametrize("lost", ["dropped", "added", "moved"])
def test_a_lost_property_is_a_fault_of_the_compiler(lost: str, monkeypatch: pytest.MonkeyPatch) -> None:
    known = resource_class("AWS::SQS::Queue")
    right = known.to_dict

    def to_dict(self: Any, validation: bool = True) -> Any:
        printed = right(self, validation=validation)
        inner = printed.get("Properties", {"VisibilityTimeout": 0, "QueueName": ""})
        if lost == "dropped":
            del inner["VisibilityTimeout"]
        elif lost == "added":
            inner["DelaySeconds"] = 0
        else:
            inner["QueueName"] = inner.pop("QueueName")
        return printed

    monkeypatch.setattr(known, "to_dict", to_dict)
    _, diagnostics = emit(graph({"QueueName": "x", "VisibilityTimeout": 30}))
    assert "E504" in [d.code for d in diagnostics]


def test_an_addition_is_checked_like_a_known_property(monkeypatch: pytest.MonkeyPatch) -> None:
    table = {"AWS::SQS::Queue": {"Shards": int, "RedrivePolicy.novel": str}}
    monkeypatch.setattr(typecheck, "ADDITIONS", table)
    assert not emit(graph({"Shards": 5, "RedrivePolicy": {"novel": "x"}}))[1]
    _, diagnostics = emit(graph({"Shards": "x", "RedrivePolicy": {"novel": 1}}))
    assert [d.code for d in diagnostics] == ["E503", "E503"]


@pytest.mark.slow
def test_additions_are_what_troposphere_lacks_today() -> None:
    tool = ROOT / "tools" / "extract_additions.py"
    done = subprocess.run([sys.executable, "-W", "ignore", str(tool), "--check"], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_tags_of_a_type_whose_class_has_none() -> None:
    properties: dict[str, Value] = {
        "TopicRulePayload": {"Sql": "SELECT 1", "Actions": [], "RuleDisabled": False},
        "Tags": tag_list({"A": "b"}),
    }
    assert not emit(graph(properties, "AWS::IoT::TopicRule"))[1]


@pytest.mark.filterwarnings("ignore")
def test_every_class_of_troposphere_is_found_by_its_type() -> None:
    count = 0
    for info in iter_modules(troposphere.__path__):
        if info.name in ("openstack", "serverless", "template_generator", "ask"):
            continue
        module = import_module(f"troposphere.{info.name}")
        for found in vars(module).values():
            if isinstance(found, type) and issubclass(found, troposphere.AWSObject) and "resource_type" in vars(found):
                if vars(found)["resource_type"] in (None, "AWS::CloudFormation::CustomResource"):
                    continue
                assert resource_class(vars(found)["resource_type"]) is found
                count += 1
    assert count > 1500


def test_only_the_modules_of_the_types_in_use_are_imported() -> None:
    code = (
        "import sys; from lenie.targets.cfn.schema import resource_class\n"
        "resource_class('AWS::SQS::Queue'); resource_class('AWS::No::Such'); resource_class('Custom::X')\n"
        "print('troposphere.ec2' in sys.modules, 'troposphere.sqs' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "False True\n"

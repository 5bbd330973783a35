"""A function: its code by digest, its role by access, its place in the network."""

from __future__ import annotations

import re
from pathlib import Path
from shutil import copytree

import pytest
from support import ARTIFACTS, ROOT, compile_snippet, errors, one, properties, resource, schema_faults

from lenie.compiler.expressions import AttributeOf, EnvironmentName, Interpolation

FUNCTION = ARTIFACTS + "work: {kind: function, timeout: 5s, memory: 256MB}\n"
NETWORK = """
net:
  kind: network
  cidr: 10.0.0.0/16
  subnets: {private: {cidrs: [10.0.1.0/24, 10.0.2.0/24]}}
inside: {kind: security-group, network: net, description: Functions}
placed: {kind: function, network: {subnets: net.private, security-groups: [inside]}}
"""


def test_settings() -> None:
    graph = compile_snippet(one(FUNCTION))
    assert schema_faults(graph) == []
    function = properties(graph, "WorkFunction")
    assert (function["Timeout"], function["MemorySize"]) == (5, 256)
    assert function["FunctionName"] == Interpolation(("demo-", EnvironmentName(), "-work"))
    assert re.fullmatch(r"lambdas/sqs_size/[0-9a-f]{16}\.zip", function["Code"]["S3Key"])
    assert function["Role"] == AttributeOf("main", "WorkRole", "Arn")
    assert properties(graph, "WorkLogGroup")["RetentionInDays"] == 14
    assert resource(graph, "WorkFunction").origin(("Runtime",)) == ("defaults", "function", "runtime")


def test_every_function_has_a_role_that_allows_what_it_asked_for() -> None:
    access = "{jobs: [send, count], aws: ['translate:TranslateText']}"
    sender = f"jobs: {{kind: queue}}\nsender: {{kind: function, access: {access}}}\n"
    graph = compile_snippet(one(FUNCTION + sender))
    (policy,) = properties(graph, "SenderRole")["Policies"]
    granted = {s["Sid"]: (s["Action"], s["Resource"]) for s in policy["PolicyDocument"]["Statement"]}
    assert granted == {
        "Jobs": (["sqs:GetQueueAttributes", "sqs:SendMessage"], AttributeOf("main", "JobsQueue", "Arn")),
        "AwsServices": ("translate:TranslateText", "*"),
        "WriteLogs": (["logs:CreateLogStream", "logs:PutLogEvents"], AttributeOf("main", "SenderLogGroup", "Arn")),
        "WriteTraces": (["xray:PutTelemetryRecords", "xray:PutTraceSegments"], "*"),
    }
    assert "Jobs" not in str(properties(graph, "WorkRole")["Policies"])


def test_inside_a_network() -> None:
    graph = compile_snippet(one(ARTIFACTS + NETWORK))
    assert properties(graph, "PlacedFunction")["VpcConfig"] == {
        "SubnetIds": [AttributeOf("main", f"NetPrivateSubnet{zone}", "Ref") for zone in "AB"],
        "SecurityGroupIds": [AttributeOf("main", "InsideSecurityGroup", "GroupId")],
    }
    assert "ec2:CreateNetworkInterface" in str(properties(graph, "PlacedRole")["Policies"])


def test_a_change_of_code_changes_the_key_and_nothing_else(tmp_path: Path) -> None:
    copytree(ROOT / "lambdas", tmp_path / "lambdas")
    before = compile_snippet(one(FUNCTION), directory=tmp_path)
    (tmp_path / "lambdas" / "sqs_size" / "__pycache__").mkdir(exist_ok=True)
    (tmp_path / "lambdas" / "sqs_size" / "__pycache__" / "x.pyc").write_bytes(b"cache")
    assert compile_snippet(one(FUNCTION), directory=tmp_path).components == before.components
    handler = tmp_path / "lambdas" / "sqs_size" / "handler.py"
    handler.write_text(handler.read_text(encoding="utf-8") + "\n# changed\n", encoding="utf-8")
    after = compile_snippet(one(FUNCTION), directory=tmp_path)
    old, new = properties(before, "WorkFunction"), properties(after, "WorkFunction")
    assert old["Code"]["S3Key"] != new["Code"]["S3Key"]
    assert {k: v for k, v in old.items() if k != "Code"} == {k: v for k, v in new.items() if k != "Code"}


def test_the_library_counts_for_those_that_have_it(tmp_path: Path) -> None:
    copytree(ROOT / "lambdas", tmp_path / "lambdas")
    both = FUNCTION + "shared: {kind: function, library: true}\n"
    before = compile_snippet(one(both), directory=tmp_path)
    (tmp_path / "lambdas" / "library" / "more.py").write_text("X = 1\n", encoding="utf-8")
    after = compile_snippet(one(both), directory=tmp_path)
    names = ("WorkFunction", "SharedFunction")
    keys = [[properties(graph, name)["Code"]["S3Key"] for graph in (before, after)] for name in names]
    assert keys[0][0] == keys[0][1]
    assert keys[1][0] != keys[1][1]


@pytest.mark.parametrize(
    ("fields", "marked"),
    [
        ("timeout: 16m", "16m"),
        ("memory: 64MB", "64MB"),
        ("environment: {AWS_REGION: x}", "AWS_REGION"),
        ("environment: {A-B: x}", "A-B"),
        ("code: ../../etc", "../../etc"),
    ],
)
def test_what_lambda_refuses(fields: str, marked: str) -> None:
    found = errors(one(ARTIFACTS + f"work: {{kind: function, {fields}}}\n"))
    assert [(code, place) for code, _, place, _ in found] == [("E203", marked)]

"""Python names of properties, as the Python edition of aws-cdk-lib has them."""

from __future__ import annotations

import re

import pytest
from support_cdk import SITE_PACKAGES

from lenie.targets.cdk.naming import attribute_name, snake, unique


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("QueueName", "queue_name"),
        ("DBInstanceIdentifier", "db_instance_identifier"),
        ("MultiAZ", "multi_az"),
        ("CPUCredits", "cpu_credits"),
        ("SSEAlgorithm", "sse_algorithm"),
        ("S3Bucket", "s3_bucket"),
        ("Ec2ToEcsRole", "ec2_to_ecs_role"),
        ("VolumeSizeInGiB", "volume_size_in_gib"),
        ("WarmThroughputMiBps", "warm_throughput_mi_bps"),
        ("Lambda", "lambda_"),
        ("sqs-into-rds", "sqs_into_rds"),
        ("a.b c", "a_b_c"),
    ],
)
def test_snake(name: str, expected: str) -> None:
    assert snake(name) == expected


def test_attributes() -> None:
    assert attribute_name("Endpoint.Address") == "attr_endpoint_address"
    assert attribute_name("DBInstanceArn") == "attr_db_instance_arn"


def test_unique() -> None:
    assert unique("a", {"b"}, "value") == "a"
    assert unique("a", {"a"}, "value") == "a_value"
    assert unique("a", {"a", "a_value"}, "value") == "a_value2"


@pytest.mark.slow
def test_all_names_of_the_library_follow_the_rule() -> None:
    count = 0
    for path in sorted((SITE_PACKAGES / "aws_cdk").glob("*/__init__.py")):
        text = path.read_text(encoding="utf-8")
        names = [p for found in re.findall(r"name_mapping=\{(.*?)\}", text, re.DOTALL) for p in _PAIR.findall(found)]
        names += [(python, ours) for ours, python in _MEMBER.findall(text)]
        assert [(python, ours) for python, ours in names if snake(ours) != python] == []
        count += len(names)
    assert count > 60_000


_PAIR = re.compile(r'"(\w+)": "(\w+)"')
_MEMBER = re.compile(r'@jsii\.member\(jsii_name="(attr\w+)"\)\s*def (\w+)\(')

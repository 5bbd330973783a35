"""The IAM tables agree with each other and with the service reference that cfn-lint ships."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

import pytest

from lenie.compiler.data.iam import (
    ACTION_PATTERN,
    ACTIONS,
    REFERENCE,
    SERVICE_PAGE,
    SERVICES,
    WILDCARD_NEEDED,
    WILDCARD_ONLY,
    known_action,
    suggest_action,
    wildcard_reason,
)


@pytest.fixture(scope="module")
def reference() -> dict[str, dict[str, Any]]:
    """Service -> {action in lower case -> facts}."""
    text = files("cfnlint").joinpath("data", "AdditionalSpecs", "Policies.json").read_text(encoding="utf-8")
    return {service: facts["Actions"] for service, facts in json.loads(text).items()}


def test_tables_agree() -> None:
    assert set(ACTIONS) == set(SERVICE_PAGE)
    assert set(SERVICE_PAGE) <= SERVICES
    assert not set(WILDCARD_ONLY) & set(WILDCARD_NEEDED)
    for action in (*WILDCARD_ONLY, *WILDCARD_NEEDED):
        service, _, name = action.partition(":")
        assert name in ACTIONS[service], action
        assert ACTION_PATTERN.fullmatch(action), action
    assert all(page.startswith(f"{REFERENCE}/list_") for page in WILDCARD_ONLY.values())


def test_the_reference_has_every_service_and_action(reference: dict[str, Any]) -> None:
    assert set(reference) >= SERVICES
    for service, names in ACTIONS.items():
        assert {name.lower() for name in names} <= set(reference[service]), service


def test_the_reference_agrees_on_resources(reference: dict[str, Any]) -> None:
    """An action is in WILDCARD_ONLY if and only if the reference names no resource type for it."""
    for service, names in ACTIONS.items():
        for name in names:
            unscoped = not reference[service][name.lower()].get("Resources")
            assert unscoped == (f"{service}:{name}" in WILDCARD_ONLY), f"{service}:{name}"


@pytest.mark.parametrize(
    "action",
    [
        "ec2:DescribeInstances",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeSecurityGroups",
        "ec2:DescribeSubnets",
        "ec2:DescribeVpcs",
        "ec2:CreateNetworkInterface",
        "ec2:DeleteNetworkInterface",
        "ec2:AssignPrivateIpAddresses",
        "ec2:UnassignPrivateIpAddresses",
        "translate:TranslateText",
        "logs:CreateLogDelivery",
        "logs:DeleteLogDelivery",
        "logs:DescribeLogGroups",
        "logs:DescribeResourcePolicies",
        "logs:GetLogDelivery",
        "logs:ListLogDeliveries",
        "logs:PutResourcePolicy",
        "logs:UpdateLogDelivery",
        "xray:GetSamplingRules",
        "xray:GetSamplingTargets",
        "xray:PutTelemetryRecords",
        "xray:PutTraceSegments",
        "comprehend:DetectSentiment",
        "cloudwatch:PutMetricData",
        "textract:DetectDocumentText",
        "sts:GetCallerIdentity",
        "XRAY:puttracesegments".lower(),
        "xray:Put*Re*",
    ],
)
def test_these_take_a_wildcard(action: str) -> None:
    assert wildcard_reason(action)


@pytest.mark.parametrize(
    "action",
    [
        "rds:DescribeDBInstances",
        "rds:StartDBInstance",
        "ec2:StartInstances",
        "ec2:*",
        "s3:GetObject",
        "s3:*",
        "sqs:SendMessage",
        "rds-db:connect",
        "logs:PutLogEvents",
        "secretsmanager:GetSecretValue",
        "foo:Bar",
        "*",
    ],
)
def test_these_do_not(action: str) -> None:
    assert wildcard_reason(action) is None


def test_actions_that_exist() -> None:
    assert known_action("translate:TranslateText") is True
    assert known_action("s3:getobject") is True, "IAM does not mind the case"
    assert known_action("ec2:Describe*") is True
    assert known_action("lambda:Invoke") is False, "the operation is Invoke, the action InvokeFunction"
    assert known_action("ec2:Descibe*") is False
    assert known_action("cognito-idp:ListUsers") is None, "a service whose actions are not listed"


@pytest.mark.parametrize(
    ("action", "suggestion"),
    [
        ("translte:TranslateText", "translate:TranslateText"),
        ("translate:TranslateTxt", "translate:TranslateText"),
        ("dynamodb:PutItm", "dynamodb:PutItem"),
        ("translte:*", "translate:*"),
        ("translate:TranslateText", None),
        ("qqqq:Zzzz", None),
    ],
)
def test_suggestions(action: str, suggestion: str | None) -> None:
    assert suggest_action(action) == suggestion


@pytest.mark.parametrize("action", ["s3", "s3:", ":GetObject", "S3:GetObject", "s3:Get Object", "**", "s3:Get:Object"])
def test_what_is_no_action(action: str) -> None:
    assert not ACTION_PATTERN.fullmatch(action)

"""The whole architecture on the emulator: all generated stacks made in their order, and deleted in reverse."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from support_cdk import synthesized
from support_local import Cloud, Json

from lenie.compiler.local.stacks.template import parse
from lenie.compiler.local.types import types

ROOT = Path(__file__).resolve().parents[3] / "generated" / "cfn"
MANIFEST = json.loads((ROOT / "manifest.json").read_text(encoding="utf-8"))
SECRET = '{"openai_api_key": "not-a-key", "repository_token": "not-a-token"}'
#: What has to be in the way when everything is deleted: on AWS, too, the database of prod is protected.
PROTECTED = {"prod": ["rds"]}


def package() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as written:
        written.writestr("handler.py", "def lambda_handler(event, context):\n    return event\n")
    return buffer.getvalue()


def requests(environment: str) -> dict[str, Json]:
    """Return the request for each component's stack, of the CloudFormation target."""
    given = json.loads((ROOT / MANIFEST["parameters"][environment]).read_text(encoding="utf-8"))
    return {
        component["name"]: {
            "StackName": component["stacks"][environment],
            "TemplateBody": (ROOT / component["template"]).read_text(encoding="utf-8"),
            "Parameters": [each for each in given if each["ParameterKey"] in component["parameters"]],
            "Capabilities": component["capabilities"],
            "Tags": [{"Key": "Owner", "Value": "tests"}],
        }
        for component in MANIFEST["components"]
    }


def deploy(cloud: Cloud, environment: str, asked: dict[str, Json]) -> dict[str, str]:
    """Create all stacks of an environment in their order; return their names by component."""
    names = {}
    for component in MANIFEST["components"]:
        for found in component["packages"]:
            key = found if isinstance(found, str) else found["key"]
            cloud.client("s3").put_object(Bucket=f"lenie-{environment}-cloudformation", Key=key, Body=package())
        name = component["stacks"][environment]
        cloud.stacks.create_stack(**asked[component["name"]])
        stack = cloud.wait(name)
        assert stack["StackStatus"] == "CREATE_COMPLETE", (name, cloud.reasons(name))
        names[component["name"]] = name
        if component["name"] == "secrets":
            id = f"/lenie/{environment}/app/credentials"
            cloud.client("secretsmanager").put_secret_value(SecretId=id, SecretString=SECRET)
    return names


@pytest.mark.slow
@pytest.mark.parametrize("environment", ["dev", "prod"])
def test_all_stacks(cloud: Cloud, environment: str) -> None:
    asked = requests(environment)
    names = deploy(cloud, environment, asked)
    assert len(names) == len(MANIFEST["components"]) == 36
    _check_resources(cloud, names)
    for request in asked.values():
        with pytest.raises(ClientError, match="No updates are to be performed"):
            cloud.stacks.update_stack(**request)
    kept: list[str] = []
    for component, name in reversed(list(names.items())):
        stack = cloud.delete(name)
        if component in PROTECTED.get(environment, []):
            assert stack["StackStatus"] == "DELETE_FAILED"
            assert "disable deletion protection" in cloud.reasons(stack["StackId"])[0]
            continue
        assert stack["StackStatus"] == "DELETE_COMPLETE", (name, cloud.reasons(stack["StackId"]))
        kept += [id for id, status in cloud.steps(stack["StackId"]) if status == "DELETE_SKIPPED"]
    assert sorted(kept) == sorted(_retained())
    _check_left(cloud, environment)


@pytest.mark.slow
def test_all_stacks_of_the_cdk_app(cloud: Cloud, tmp_path: Path) -> None:
    app = shutil.copytree(ROOT.parent / "cdk", tmp_path / "app", ignore=shutil.ignore_patterns("__pycache__"))
    templates = synthesized(app, tmp_path / "out", {"env": "dev"})
    asked = {
        name: {
            "StackName": request["StackName"],
            "TemplateBody": json.dumps(templates[request["StackName"]]),
            "Capabilities": request["Capabilities"],
        }
        for name, request in requests("dev").items()
    }
    assert set(templates) == {request["StackName"] for request in asked.values()}
    deploy(cloud, "dev", asked)


def _retained() -> Iterator[str]:
    """Yield the logical ids of the resources whose deletion policy keeps them."""
    for component in MANIFEST["components"]:
        for declared in parse((ROOT / component["template"]).read_text(encoding="utf-8")).resources.values():
            if declared.deletion.startswith("Retain"):
                yield declared.name


def _check_resources(cloud: Cloud, names: dict[str, str]) -> None:
    """Every resource of every template has been made, and what it wanted was told again by its service."""
    calls = cloud.emulator.calls()
    for component in MANIFEST["components"]:
        template = parse((ROOT / component["template"]).read_text(encoding="utf-8"))
        name = names[component["name"]]
        ids = cloud.physical(name)
        assert set(ids) == set(template.resources)
        assert all(ids.values())
        by_resource = {call["resource"] for call in calls if f":stack/{name}/" in call["stack"]}
        assert by_resource == set(template.resources)


def _check_left(cloud: Cloud, environment: str) -> None:
    """Nothing is left but what is retained, and, in prod, the database with what it needs."""
    left: dict[str, Any] = {
        "queues": cloud.client("sqs").list_queues().get("QueueUrls", []),
        "topics": cloud.client("sns").list_topics()["Topics"],
        "functions": cloud.client("lambda").list_functions()["Functions"],
        "apis": cloud.client("apigateway").get_rest_apis()["items"],
        "keys": cloud.client("apigateway").get_api_keys()["items"],
        "plans": cloud.client("apigateway").get_usage_plans()["items"],
        "groups": cloud.client("logs").describe_log_groups()["logGroups"],
        "alarms": cloud.client("cloudwatch").describe_alarms()["MetricAlarms"],
        "machines": cloud.client("stepfunctions").list_state_machines()["stateMachines"],
        "schedules": cloud.client("scheduler").list_schedules()["Schedules"],
        "apps": cloud.client("amplify").list_apps()["apps"],
        "distributions": cloud.client("cloudfront").list_distributions()["DistributionList"].get("Items", []),
        "zones": cloud.client("route53").list_hosted_zones()["HostedZones"],
        "policies": cloud.client("organizations").list_policies(Filter="SERVICE_CONTROL_POLICY")["Policies"][1:],
        "budgets": cloud.client("budgets").describe_budgets(AccountId="123456789012")["Budgets"],
        "keypairs": cloud.client("ec2").describe_key_pairs()["KeyPairs"],
    }
    assert {name: found for name, found in left.items() if found} == {}
    buckets = [bucket["Name"] for bucket in cloud.client("s3").list_buckets()["Buckets"]]
    suffixes = ("cloudformation", "helm", "video-to-text", "website-content")
    assert sorted(buckets) == [f"lenie-{environment}-{suffix}" for suffix in suffixes]
    assert cloud.client("dynamodb").list_tables()["TableNames"] == [f"lenie_{environment}_documents"]
    databases = cloud.client("rds").describe_db_instances()["DBInstances"]
    snapshots = cloud.client("rds").describe_db_snapshots(SnapshotType="manual")["DBSnapshots"]
    assert (len(databases), len(snapshots)) == ((1, 0) if environment == "prod" else (0, 1))


def paths(value: Any, at: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from paths(item, (*at, key))
    elif isinstance(value, list):
        for item in value:
            yield from paths(item, at)
    else:
        yield at


def test_every_type_and_property_of_the_templates_is_handled() -> None:
    missing = []
    for component in MANIFEST["components"]:
        template = parse((ROOT / component["template"]).read_text(encoding="utf-8"))
        for declared in template.resources.values():
            kind = types().get(declared.type)
            unknown = set(declared.properties) - (kind.properties if kind else set())
            missing += [f"{declared.type}.{name}" for name in unknown]
    assert missing == []


def test_what_is_not_read_back_is_little_and_named() -> None:
    unread: Json = {name: sorted(kind.unread) for name, kind in types().items() if kind.unread}
    assert unread == {
        "AWS::Amplify::App": ["AccessToken", "OauthToken"],
        "AWS::ApiGateway::ApiKey": ["GenerateDistinctId"],
        "AWS::ApiGateway::RestApi": ["FailOnWarnings", "Mode"],
        "AWS::EC2::Instance": ["PropagateTagsToVolumeOnCreation"],
        "AWS::KMS::Key": ["BypassPolicyLockoutSafetyCheck", "PendingWindowInDays"],
        "AWS::Lambda::Function": ["Code"],
        "AWS::Lambda::LayerVersion": ["Content"],
        "AWS::RDS::DBInstance": ["DBSnapshotIdentifier", "DeleteAutomatedBackups", "MasterUserPassword"],
        "AWS::Route53::RecordSet": ["Comment", "HostedZoneName"],
        "AWS::SNS::Subscription": ["Region"],
        "AWS::SecretsManager::Secret": ["GenerateSecretString"],
        "AWS::StepFunctions::StateMachine": ["DefinitionSubstitutions"],
    }

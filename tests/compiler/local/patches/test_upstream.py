"""What each patch is for: plain moto, of the pinned version, still does it wrong.

When one of these tests fails, upstream has mended it, and that part of the patch can go. The name of a check is that of
the patch, and, after two underscores, of its part.
"""

from __future__ import annotations

import io
import json
import pkgutil
import warnings
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws
from moto.backends import list_of_moto_modules

from lenie.compiler.local import patches

Client = Callable[[str], Any]
FAULTS: dict[str, Callable[[Client], bool]] = {}
ACCOUNT = "123456789012"
TRUST = json.dumps({"Version": "2012-10-17", "Statement": []})


def fault(check: Callable[[Client], bool]) -> Callable[[Client], bool]:
    """Register what is wrong upstream under the name of the patch."""
    FAULTS[check.__name__] = check
    return check


@contextmanager
def _quiet() -> Iterator[None]:
    """Let moto warn of what it does not do."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    """Clients of moto as it is, in this process."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    with mock_aws(config={"core": {"reset_boto3_session": False}}):
        yield lambda service: boto3.client(service, region_name="us-east-1")


@fault
def amplify(client: Client) -> bool:
    return "amplify" not in list(list_of_moto_modules())


@fault
def apigateway_bodies(client: Client) -> bool:
    operation = {"responses": {"200": {"description": "x"}}, "security": [{"key": []}]}
    scheme = {"type": "apiKey", "name": "x-api-key", "in": "header"}
    body = {
        "openapi": "3.0.1",
        "info": {"title": "t", "version": "1"},
        "paths": {"/a": {"get": operation}},
        "components": {"securitySchemes": {"key": scheme}},
    }
    api = client("apigateway").create_rest_api(name="t")["id"]
    client("apigateway").put_rest_api(restApiId=api, mode="overwrite", body=json.dumps(body).encode())
    resource = next(r for r in client("apigateway").get_resources(restApiId=api)["items"] if r["path"] == "/a")
    found = client("apigateway").get_method(restApiId=api, resourceId=resource["id"], httpMethod="GET")
    return not found["apiKeyRequired"]


@fault
def apigateway_gaps(client: Client) -> bool:
    api = client("apigateway").create_rest_api(name="t")["id"]
    with pytest.raises(KeyError):
        client("apigateway").get_deployment(restApiId=api, deploymentId="none")
    return True


@fault
def apigateway_tags(client: Client) -> bool:
    key = client("apigateway").create_api_key(name="k", tags={"a": "1"})["id"]
    arn = f"arn:aws:apigateway:us-east-1::/apikeys/{key}"
    try:
        return bool(client("apigateway").get_tags(resourceArn=arn)["tags"] != {"a": "1"})
    except Exception:
        return True


@fault
def budgets(client: Client) -> bool:
    limit = {"Amount": "1", "Unit": "USD"}
    budget = {"BudgetName": "b", "BudgetType": "COST", "TimeUnit": "MONTHLY", "BudgetLimit": limit}
    client("budgets").create_budget(AccountId=ACCOUNT, Budget=budget)
    with pytest.raises(NotImplementedError):
        client("budgets").update_budget(AccountId=ACCOUNT, NewBudget=budget)
    return True


@fault
def cloudformation(client: Client) -> bool:
    schedule = {"Type": "AWS::Scheduler::Schedule", "Properties": {"Unheard": True}}
    with _quiet():
        client("cloudformation").create_stack(StackName="s", TemplateBody=json.dumps({"Resources": {"A": schedule}}))
    status = client("cloudformation").describe_stacks(StackName="s")["Stacks"][0]["StackStatus"]
    return bool(status == "CREATE_COMPLETE" and client("scheduler").list_schedules()["Schedules"] == [])


@fault
def cloudfront(client: Client) -> bool:
    identity = {"OriginAccessIdentity": ""}
    origin = {"Id": "o", "DomainName": "b.s3.amazonaws.com", "OriginAccessControlId": "E1", "S3OriginConfig": identity}
    config = {
        "CallerReference": "c",
        "Comment": "",
        "Enabled": True,
        "Origins": {"Quantity": 1, "Items": [origin]},
        "DefaultCacheBehavior": {"TargetOriginId": "o", "ViewerProtocolPolicy": "https-only"},
    }
    made = client("cloudfront").create_distribution(DistributionConfig=config)["Distribution"]
    return "OriginAccessControlId" not in made["DistributionConfig"]["Origins"]["Items"][0]


@fault
def core(client: Client) -> bool:
    with pytest.raises(NotImplementedError):
        client("rds").reset_db_parameter_group(DBParameterGroupName="g", ResetAllParameters=True)
    return True


@fault
def ec2_instances(client: Client) -> bool:
    credits = {"CpuCredits": "unlimited"}
    told = client("ec2").describe_instance_credit_specifications(
        InstanceIds=[_instance(client, CreditSpecification=credits)]
    )
    return bool(told["InstanceCreditSpecifications"][0]["CpuCredits"] == "standard")


@fault
def ec2_launch_templates(client: Client) -> bool:
    tags = [{"ResourceType": "launch-template", "Tags": [{"Key": "a", "Value": "1"}]}]
    data = {"InstanceType": "t3.micro"}
    client("ec2").create_launch_template(LaunchTemplateName="tested", LaunchTemplateData=data, TagSpecifications=tags)
    versions = client("ec2").describe_launch_template_versions(LaunchTemplateName="tested")["LaunchTemplateVersions"]
    return "TagSpecifications" in versions[0]["LaunchTemplateData"]


@fault
def iam_conditions(client: Client) -> bool:
    condition = {"Bool": {"aws:SecureTransport": "false"}}
    statement = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::bucket/*"}
    denied = {**statement, "Condition": condition}
    client("s3").create_bucket(Bucket="bucket")
    client("s3").put_bucket_policy(Bucket="bucket", Policy=json.dumps({"Version": "2012-10-17", "Statement": [denied]}))
    with pytest.raises(ClientError, match=r"Forbidden|AccessDenied"):
        client("s3").put_object(Bucket="bucket", Key="k", Body=b"")
    return True


@fault
def iam_policies(client: Client) -> bool:
    client("iam").create_role(RoleName="r", AssumeRolePolicyDocument=TRUST)
    with pytest.raises(ClientError, match="does not exist or is not attachable"):
        client("iam").attach_role_policy(RoleName="r", PolicyArn="arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore")
    return True


@fault
def identitystore(client: Client) -> bool:
    store = {"IdentityStoreId": "d-1234567890"}
    group = client("identitystore").create_group(**store, DisplayName="g")["GroupId"]
    member = {"UserId": "00000000-0000-4000-8000-000000000000"}
    with pytest.raises(ClientError, match="Member does not exist"):
        client("identitystore").create_group_membership(**store, GroupId=group, MemberId=member)
    return True


@fault
def lambda_configuration(client: Client) -> bool:
    role = client("iam").create_role(RoleName="r", AssumeRolePolicyDocument=TRUST)["Role"]["Arn"]
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        package.writestr("a.py", "")
    made = client("lambda").create_function(
        FunctionName="f",
        Role=role,
        Runtime="python3.13",
        Handler="a.b",
        Code={"ZipFile": buffer.getvalue()},
        LoggingConfig={"LogGroup": "/g"},
    )
    return bool(made.get("LoggingConfig", {}).get("LogGroup") != "/g")


@fault
def logs(client: Client) -> bool:
    client("logs").create_log_group(logGroupName="/g", logGroupClass="INFREQUENT_ACCESS")
    return "logGroupClass" not in client("logs").describe_log_groups()["logGroups"][0]


@fault
def rds_settings(client: Client) -> bool:
    made = client("rds").create_db_instance(
        DBInstanceIdentifier="d",
        Engine="postgres",
        DBInstanceClass="db.t3.micro",
        AllocatedStorage=20,
        EngineLifecycleSupport="open-source-rds-extended-support-disabled",
    )
    return "EngineLifecycleSupport" not in made["DBInstance"]


@fault
def apigateway_bodies__mock_integrations(client: Client) -> bool:
    integration = {"type": "mock", "requestTemplates": {"application/json": "{}"}}
    operation = {"responses": {"200": {"description": "x"}}, "x-amazon-apigateway-integration": integration}
    body = {"openapi": "3.0.1", "info": {"title": "t", "version": "1"}, "paths": {"/a": {"get": operation}}}
    api = client("apigateway").create_rest_api(name="t")["id"]
    with pytest.raises(TypeError):
        client("apigateway").put_rest_api(restApiId=api, mode="overwrite", body=json.dumps(body).encode())
    return True


@fault
def apigateway_bodies__parameters(client: Client) -> bool:
    parameter = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
    operation = {"responses": {"200": {"description": "x"}}, "parameters": [parameter]}
    body = {"openapi": "3.0.1", "info": {"title": "t", "version": "1"}, "paths": {"/{id}": {"get": operation}}}
    api = client("apigateway").create_rest_api(name="t")["id"]
    client("apigateway").put_rest_api(restApiId=api, mode="overwrite", body=json.dumps(body).encode())
    (resource,) = (r for r in client("apigateway").get_resources(restApiId=api)["items"] if r["path"] == "/{id}")
    found = client("apigateway").get_method(restApiId=api, resourceId=resource["id"], httpMethod="GET")
    return not found.get("requestParameters")


@fault
def ec2_nat_gateways(client: Client) -> bool:
    ec2 = client("ec2")
    subnet = ec2.describe_subnets()["Subnets"][0]["SubnetId"]
    allocation = ec2.allocate_address(Domain="vpc")["AllocationId"]
    made = ec2.create_nat_gateway(SubnetId=subnet, AllocationId=allocation)["NatGateway"]["NatGatewayId"]
    ec2.delete_nat_gateway(NatGatewayId=made)
    return "AssociationId" in ec2.describe_addresses(AllocationIds=[allocation])["Addresses"][0]


@fault
def ec2_nat_gateways__unknown(client: Client) -> bool:
    with pytest.raises(AttributeError):
        client("ec2").delete_nat_gateway(NatGatewayId="nat-00000000000000000")
    return True


def _deployed(client: Client) -> tuple[str, str, str]:
    """Make an API with a deployment, and return their ids and that of the root resource."""
    gateway = client("apigateway")
    api = gateway.create_rest_api(name="t")["id"]
    root = gateway.get_resources(restApiId=api)["items"][0]["id"]
    method = {"restApiId": api, "resourceId": root, "httpMethod": "GET"}
    gateway.put_method(**method, authorizationType="NONE")
    gateway.put_integration(**method, type="HTTP", integrationHttpMethod="GET", uri="http://example.com")
    return api, gateway.create_deployment(restApiId=api)["id"], root


@fault
def apigateway_gaps__used_deployments(client: Client) -> bool:
    api, deployment, _ = _deployed(client)
    client("apigateway").create_stage(restApiId=api, stageName="v1", deploymentId=deployment)
    client("apigateway").delete_deployment(restApiId=api, deploymentId=deployment)
    return True


@fault
def apigateway_gaps__update_deployment(client: Client) -> bool:
    api, deployment, _ = _deployed(client)
    patch = [{"op": "replace", "path": "/description", "value": "x"}]
    with pytest.raises(NotImplementedError):
        client("apigateway").update_deployment(restApiId=api, deploymentId=deployment, patchOperations=patch)
    return True


@fault
def apigateway_gaps__method_settings(client: Client) -> bool:
    api, deployment, _ = _deployed(client)
    where = {"restApiId": api, "stageName": "v1"}
    client("apigateway").create_stage(**where, deploymentId=deployment)
    for patch in (
        {"op": "replace", "path": "/*/*/logging/loglevel", "value": "INFO"},
        {"op": "remove", "path": "/*/*"},
    ):
        client("apigateway").update_stage(**where, patchOperations=[patch])
    return "*/*" in client("apigateway").get_stage(**where)["methodSettings"]


@fault
def apigateway_gaps__rates(client: Client) -> bool:
    plan = client("apigateway").create_usage_plan(name="p", throttle={"rateLimit": 1.0, "burstLimit": 1})["id"]
    patch = [{"op": "replace", "path": "/throttle/rateLimit", "value": "0.5"}]
    with pytest.raises(ValueError, match="invalid literal for int"):
        client("apigateway").update_usage_plan(usagePlanId=plan, patchOperations=patch)
    return True


@fault
def budgets__subscribers(client: Client) -> bool:
    told = {"NotificationType": "ACTUAL", "ComparisonOperator": "GREATER_THAN", "Threshold": 50.0}
    given = {"AccountId": ACCOUNT, "BudgetName": "b", "Notification": told}
    with pytest.raises(NotImplementedError):
        client("budgets").describe_subscribers_for_notification(**given)
    return True


@fault
def budgets__tags(client: Client) -> bool:
    with pytest.raises(NotImplementedError):
        client("budgets").list_tags_for_resource(ResourceARN=f"arn:aws:budgets::{ACCOUNT}:budget/b")
    return True


@fault
def cloudformation__dynamic_references(client: Client) -> bool:
    client("ssm").put_parameter(Name="/p", Type="String", Value="read")
    topic = {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": "{{resolve:ssm:/p}}"}}
    client("cloudformation").create_stack(StackName="s", TemplateBody=json.dumps({"Resources": {"A": topic}}))
    arn = client("sns").list_topics()["Topics"][0]["TopicArn"]
    return bool(client("sns").get_topic_attributes(TopicArn=arn)["Attributes"]["DisplayName"] != "read")


@fault
def cloudfront__certificates(client: Client) -> bool:
    config = {
        "CallerReference": "c",
        "Comment": "",
        "Enabled": True,
        "Origins": {"Quantity": 1, "Items": [{"Id": "o", "DomainName": "example.com"}]},
        "DefaultCacheBehavior": {"TargetOriginId": "o", "ViewerProtocolPolicy": "https-only"},
        "ViewerCertificate": {"ACMCertificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/x"},
    }
    made = client("cloudfront").create_distribution(DistributionConfig=config)["Distribution"]
    return bool(made["DistributionConfig"]["ViewerCertificate"]["CloudFrontDefaultCertificate"])


def _instance(client: Client, **given: Any) -> str:
    with _quiet():
        made = client("ec2").run_instances(ImageId="ami-12345678", MinCount=1, MaxCount=1, **given)
    return str(made["Instances"][0]["InstanceId"])


@fault
def ec2_instances__protection(client: Client) -> bool:
    id = _instance(client, DisableApiTermination=True)
    found = client("ec2").describe_instance_attribute(InstanceId=id, Attribute="disableApiTermination")
    return not found["DisableApiTermination"]["Value"]


@fault
def ec2_instances__monitoring(client: Client) -> bool:
    id = _instance(client)
    with pytest.raises(NotImplementedError):
        client("ec2").monitor_instances(InstanceIds=[id])
    return True


@fault
def ec2_instances__user_data(client: Client) -> bool:
    id = _instance(client)
    client("ec2").stop_instances(InstanceIds=[id])
    with pytest.raises(ClientError, match="Invalid BASE64 encoding of user data"):
        client("ec2").modify_instance_attribute(InstanceId=id, UserData={"Value": b"#!/bin/sh"})
    return True


@fault
def ec2_launch_templates__tags(client: Client) -> bool:
    data = {"InstanceType": "t3.micro"}
    made = client("ec2").create_launch_template(LaunchTemplateName="tested", LaunchTemplateData=data)
    id = made["LaunchTemplate"]["LaunchTemplateId"]
    client("ec2").create_tags(Resources=[id], Tags=[{"Key": "a", "Value": "1"}])
    found = client("ec2").describe_launch_templates(LaunchTemplateIds=[id])["LaunchTemplates"][0]
    return not found.get("Tags")


@fault
def identitystore__update_group(client: Client) -> bool:
    operations = [{"AttributePath": "displayName", "AttributeValue": "x"}]
    with pytest.raises(NotImplementedError):
        client("identitystore").update_group(IdentityStoreId="d-1234567890", GroupId="0" * 47, Operations=operations)
    return True


@fault
def rds_settings__resource_ids(client: Client) -> bool:
    given = {"Engine": "postgres", "DBInstanceClass": "db.t3.micro", "AllocatedStorage": 20}
    made = [client("rds").create_db_instance(DBInstanceIdentifier=name, **given) for name in ("a", "b")]
    return len({each["DBInstance"]["DbiResourceId"] for each in made}) == 1


@fault
def rds_settings__subnet_groups(client: Client) -> bool:
    subnets = [subnet["SubnetId"] for subnet in client("ec2").describe_subnets()["Subnets"][:3]]
    group = {"DBSubnetGroupName": "g", "DBSubnetGroupDescription": "d"}
    client("rds").create_db_subnet_group(**group, SubnetIds=subnets[:2])
    client("rds").modify_db_subnet_group(**group, SubnetIds=subnets[1:])
    with pytest.raises(ClientError, match="not found"):
        client("rds").describe_db_subnet_groups(DBSubnetGroupName="g")
    return True


@fault
def rds_settings__parameter_groups(client: Client) -> bool:
    return bool(client("rds").describe_db_parameter_groups(DBParameterGroupName="none")["DBParameterGroups"] == [])


@fault
def rds_settings__storage(client: Client) -> bool:
    rds, given = client("rds"), {"Engine": "mysql", "DBInstanceClass": "db.t3.micro"}
    rds.create_db_instance(DBInstanceIdentifier="a", AllocatedStorage=20, **given)
    made = rds.modify_db_instance(DBInstanceIdentifier="a", AllocatedStorage=10)
    return bool(made["DBInstance"]["AllocatedStorage"] == 10)


@fault
def secretsmanager__descriptions(client: Client) -> bool:
    secrets = client("secretsmanager")
    secrets.create_secret(Name="a", SecretString="x", Description="Kept")
    secrets.update_secret(SecretId="a", Description="")
    return bool(secrets.describe_secret(SecretId="a").get("Description") == "Kept")


@fault
def secretsmanager__keys(client: Client) -> bool:
    secrets = client("secretsmanager")
    secrets.create_secret(Name="a", SecretString="x", KmsKeyId="alias/own")
    secrets.update_secret(SecretId="a", KmsKeyId="")
    return "KmsKeyId" in secrets.describe_secret(SecretId="a")


@pytest.mark.parametrize("name", FAULTS)
def test_upstream_still_does_it(client: Client, name: str) -> None:
    assert FAULTS[name](client), f"moto does it right now: the patch {name} can go"


def test_every_patch_has_a_test() -> None:
    modules = {module.name for module in pkgutil.iter_modules(patches.__path__)}
    own = {path.stem.removeprefix("test_") for path in Path(__file__).parent.glob("test_*.py")}
    assert modules - own == {name.partition("__")[0] for name in FAULTS} - own

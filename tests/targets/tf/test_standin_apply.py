"""The stand-in provider: what it applies is there, stays, changes and goes, and no secret is kept."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from standin.aws import Aws
from standin.inventory import inventory
from support_tf import HEAD, MakeTerraform, Terraform, changes, replace, values

FIXTURES = Path(__file__).parent / "fixtures"
CHANGES = yaml.safe_load((FIXTURES / "changes.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("version", [5, 6])
def test_everything_is_applied_and_read_back_and_removed(configuration: MakeTerraform, aws: Aws, version: int) -> None:
    terraform = configuration({}, version)
    for path in (FIXTURES / "bastion").rglob("*.tf"):
        target = terraform.directory / path.relative_to(FIXTURES / "bastion")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(path.read_text(encoding="utf-8").replace("~> 6.0", f"~> {version}.0"), encoding="utf-8")
    before = inventory(aws)
    assert terraform.unformatted() == []
    terraform.init()
    assert terraform.validate() == []
    assert terraform.plan()
    terraform.apply()
    assert len(inventory(aws) - before) > 15
    assert not terraform.plan(), terraform.run("show", "-no-color", ".run/plan").output
    terraform.destroy()
    assert inventory(aws) == before


def test_what_is_applied_is_what_the_cloud_has(bastion: Terraform, aws: Aws) -> None:
    bastion.plan()
    bastion.apply()
    ec2 = aws.client("ec2")
    (reservation,) = ec2.describe_instances()["Reservations"]
    (instance,) = reservation["Instances"]
    assert instance["MetadataOptions"]["HttpTokens"] == "required"
    assert instance["IamInstanceProfile"]["Arn"].endswith("instance-profile/bastion")
    (volume,) = ec2.describe_volumes()["Volumes"]
    assert (volume["VolumeType"], volume["Size"], volume["Encrypted"]) == ("gp3", 8, True)
    tags = {tag["Key"]: tag["Value"] for tag in instance["Tags"]}
    assert tags == {"Project": "lenie", "Environment": "dev", "Name": "bastion"}
    (group,) = ec2.describe_security_groups(GroupNames=["bastion"])["SecurityGroups"]
    assert sorted(one["CidrIp"] for rule in group["IpPermissions"] for one in rule["IpRanges"]) == [
        "203.0.113.10/32",
        "203.0.113.20/32",
    ]


def test_drift_is_found(bastion: Terraform, aws: Aws) -> None:
    bastion.plan()
    bastion.apply()
    state = bastion.state()
    aws.client("ec2").create_tags(
        Resources=[values(state, "aws_instance.this")["id"]], Tags=[{"Key": "Name", "Value": "other"}]
    )
    aws.client("ec2").revoke_security_group_ingress(
        GroupId=values(state, "aws_security_group.this")["id"],
        SecurityGroupRuleIds=[values(state, 'aws_vpc_security_group_ingress_rule.ssh["203.0.113.10/32"]')["id"]],
    )
    aws.client("ec2").modify_vpc_attribute(
        VpcId=values(state, "module.network.aws_vpc.this")["id"], EnableDnsHostnames={"Value": False}
    )
    aws.client("iam").put_role_policy(
        RoleName="bastion",
        PolicyName="own",
        PolicyDocument=(
            '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:PutObject","Resource":"*"}]}'
        ),
    )
    assert bastion.plan()
    assert changes(bastion) == {
        "aws_instance.this": ["update"],
        'aws_vpc_security_group_ingress_rule.ssh["203.0.113.10/32"]': ["create"],
        "module.network.aws_vpc.this": ["update"],
        "aws_iam_role_policy.this": ["update"],
    }
    bastion.apply()
    assert not bastion.plan()


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(CHANGES))
def test_changes_are_made(configuration: MakeTerraform, aws: Aws, name: str) -> None:
    terraform = configuration(FIXTURES / name)
    terraform.init()
    before = inventory(aws)
    terraform.plan()
    terraform.apply()
    assert not terraform.plan(), terraform.run("show", "-no-color", ".run/plan").output
    for step in CHANGES[name]:
        for change in step:
            replace(terraform, change["text"], change["becomes"], change["file"])
        terraform.plan()
        planned = changes(terraform)
        for change in step:
            assert planned.get(change["resource"]) == change["actions"], change
        terraform.apply()
        assert not terraform.plan(), terraform.run("show", "-no-color", ".run/plan").output
    terraform.destroy()
    assert inventory(aws) == before


SECRET = "correct-horse-battery-staple"
SECRETS = """
resource "aws_ssm_parameter" "this" {
  name             = "/password"
  type             = "SecureString"
  value_wo         = var.secret
  value_wo_version = var.version_of_secret
}

resource "aws_secretsmanager_secret" "this" {
  name                    = "password"
  recovery_window_in_days = 0
}

resource "aws_secretsmanager_secret_version" "this" {
  secret_id                = aws_secretsmanager_secret.this.id
  secret_string_wo         = jsonencode({ password = local.password })
  secret_string_wo_version = var.version_of_secret
}

locals {
  password = ephemeral.aws_secretsmanager_random_password.this.random_password
}

ephemeral "aws_secretsmanager_random_password" "this" {
  password_length = 40
}

variable "secret" {
  type      = string
  ephemeral = true
}

variable "version_of_secret" {
  type    = number
  default = 1
}
"""


def test_a_write_only_value_reaches_the_cloud_and_no_file(configuration: MakeTerraform, aws: Aws) -> None:
    terraform = configuration({"main.tf": HEAD + SECRETS})
    terraform.init()
    assert terraform.validate() == []
    terraform.plan(f"-var=secret={SECRET}")
    plan = terraform.run("show", "-json", ".run/plan").output
    terraform.apply(f"-var=secret={SECRET}")
    stored = aws.client("ssm").get_parameter(Name="/password", WithDecryption=True)["Parameter"]["Value"]
    password = json.loads(aws.client("secretsmanager").get_secret_value(SecretId="password")["SecretString"])[
        "password"
    ]
    assert stored == SECRET
    assert len(password) == 40
    state = (terraform.directory / "terraform.tfstate").read_text(encoding="utf-8")
    assert '"value_wo": null' in state
    for secret in (SECRET, password):
        assert secret not in state
        assert secret not in plan
        for file in terraform.directory.rglob("*"):
            assert not file.is_file() or secret.encode() not in file.read_bytes(), file
    assert not terraform.plan("-var=secret=other")


def test_a_write_only_value_changes_with_its_version(configuration: MakeTerraform, aws: Aws) -> None:
    terraform = configuration({"main.tf": HEAD + SECRETS})
    terraform.init()
    terraform.apply("-var=secret=first")
    terraform.apply("-var=secret=second")
    assert aws.client("ssm").get_parameter(Name="/password", WithDecryption=True)["Parameter"]["Value"] == "first"
    terraform.apply("-var=secret=third", "-var=version_of_secret=2")
    assert aws.client("ssm").get_parameter(Name="/password", WithDecryption=True)["Parameter"]["Value"] == "third"
    terraform.destroy("-var=secret=")
    assert aws.client("secretsmanager").list_secrets()["SecretList"] == []


def test_a_plain_secret_would_be_seen(configuration: MakeTerraform) -> None:
    """The check above can fail."""
    parameter = (
        f'resource "aws_ssm_parameter" "this" {{\n  name = "/p"\n  type = "SecureString"\n  value = "{SECRET}"\n}}\n'
    )
    terraform = configuration({"main.tf": HEAD + parameter})
    terraform.init()
    terraform.apply("-parallelism=1")
    assert SECRET in (terraform.directory / "terraform.tfstate").read_text(encoding="utf-8")

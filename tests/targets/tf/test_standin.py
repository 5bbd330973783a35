"""The stand-in provider: what it plans, applies to an emulated AWS and reads back, by the real `terraform`."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from standin import tokens
from standin.aws import Aws, RefusedEndpointError, require_loopback
from standin.inventory import inventory
from support_tf import SCHEMAS, MakeTerraform, Terraform, TerraformError, resolved_plan, resources, standin

FIXTURES = Path(__file__).parent / "fixtures"

HEAD = """
terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}

provider "aws" {
  region = "eu-central-1"

  default_tags {
    tags = { Project = "lenie" }
  }
}
"""
NETWORK = """
resource "aws_vpc" "this" {
  cidr_block = "10.0.0.0/16"
  tags       = { Name = "one" }
}
"""


def changes(terraform: Terraform) -> dict[str, list[str]]:
    """Return what the last plan does to each address."""
    return {
        change["address"]: change["change"]["actions"]
        for change in terraform.planned()["resource_changes"]
        if change["change"]["actions"] != ["no-op"]
    }


def values(content: dict[str, Any], address: str) -> dict[str, Any]:
    """Return the attributes of a resource of a plan or a state."""
    root = content.get("planned_values") or content["values"]
    (found,) = (one["values"] for one in resources(root["root_module"]) if one["address"] == address)
    return dict(found)


@pytest.fixture
def bastion(configuration: MakeTerraform) -> Terraform:
    """The fixture with a resource of almost every type that can be applied."""
    terraform = configuration(FIXTURES / "bastion")
    terraform.init()
    return terraform


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


def test_a_plan_shows_what_is_known_and_what_is_not(bastion: Terraform) -> None:
    bastion.plan()
    plan = bastion.planned()
    vpc = values(plan, "module.network.aws_vpc.this")
    assert vpc["cidr_block"] == "10.0.0.0/16"
    assert vpc["enable_dns_support"] is True, "a default of the provider"
    assert vpc["tags_all"] == {"Environment": "dev", "Project": "lenie", "Name": "lenie-dev"}
    assert "id" not in vpc
    (change,) = (one for one in plan["resource_changes"] if one["address"] == "module.network.aws_vpc.this")
    assert change["change"]["after_unknown"]["id"] is True


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


def replace(terraform: Terraform, old: str, new: str, file: str = "main.tf") -> None:
    path = terraform.directory / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


#: For each fixture: file, text, what comes in its place, and what the plan does to a resource.
CHANGES = {
    "bastion": [
        ("main.tf", 'tags = { Name = "bastion" }\n}', "}", "aws_instance.this", ["update"]),
        ("main.tf", "What may connect", "Who may connect", "aws_security_group.this", ["delete", "create"]),
        ("main.tf", "Project     =", "Owner       =", "aws_instance.this", ["update"]),
        ("main.tf", "volume_size = 8\n", "volume_size = 9\n", "aws_launch_template.this", ["update"]),
        (
            "main.tf",
            "203.0.113.20",
            "203.0.113.21",
            'aws_vpc_security_group_ingress_rule.ssh["203.0.113.21/32"]',
            ["create"],
        ),
        ("main.tf", "set-hostname bastion", "set-hostname other", "aws_instance.this", ["update"]),
        ("main.tf", '["s3:GetObject"]', '["s3:PutObject"]', "aws_iam_role_policy.this", ["update"]),
        ("main.tf", "hop_limit = 1", "hop_limit = 2", "aws_instance.this", ["update"]),
        (
            "main.tf",
            '= "ssh"',
            '= "administrators"',
            'aws_vpc_security_group_ingress_rule.ssh["203.0.113.10/32"]',
            ["update"],
        ),
        (
            "modules/network/main.tf",
            "map_public_ip_on_launch = true",
            "map_public_ip_on_launch = false",
            'module.network.aws_subnet.this["a"]',
            ["update"],
        ),
        ("modules/network/main.tf", "b = 1", "c = 2", 'module.network.aws_subnet.this["c"]', ["create"]),
    ],
    "rest": [
        (
            "main.tf",
            '"Allow", Principal = "*", Action = "dynamodb:GetItem"',
            '"Allow", Principal = "*", Action = "dynamodb:Query"',
            "aws_vpc_endpoint.this",
            ["update"],
        ),
        (
            "main.tf",
            "subnet_id      = aws_subnet.this.id\n  route_table_id = aws_route_table.this.id",
            "subnet_id      = aws_subnet.this.id\n  route_table_id = aws_route_table.other.id",
            "aws_route_table_association.this",
            ["update"],
        ),
        (
            "main.tf",
            '    cidr_block = "0.0.0.0/0"',
            '    cidr_block = "198.51.100.0/24"',
            "aws_route_table.this",
            ["update"],
        ),
        ("main.tf", '"192.0.2.0/24", "198.51.100.0/24"', '"192.0.2.0/24"', "aws_security_group.this", ["update"]),
        (
            "main.tf",
            "  from_port                    = 80\n  to_port                      = 80",
            "  from_port                    = 81\n  to_port                      = 82",
            "aws_vpc_security_group_ingress_rule.peer",
            ["update"],
        ),
        (
            "main.tf",
            '"192.0.2.0/24"\n  gateway_id',
            '"203.0.113.0/24"\n  gateway_id',
            "aws_route.other",
            ["delete", "create"],
        ),
        (
            "main.tf",
            'description          = "A role"',
            'description          = "The role"',
            "aws_iam_role.this",
            ["update"],
        ),
        ("main.tf", "AmazonS3ReadOnlyAccess", "AmazonS3FullAccess", "aws_iam_role.this", ["update"]),
        ("main.tf", '    name = "inline"', '    name = "other"', "aws_iam_role.this", ["update"]),
        ("main.tf", "lambda.amazonaws.com", "states.amazonaws.com", "aws_iam_role.attached", ["update"]),
        (
            "main.tf",
            "role = aws_iam_role.this.name",
            "role = aws_iam_role.attached.name",
            "aws_iam_instance_profile.this",
            ["update"],
        ),
        ("main.tf", '{ Name = "volume" }', '{ Name = "disk" }', "aws_instance.this", ["update"]),
        (
            "main.tf",
            "vpc_security_group_ids      = [aws_security_group.this.id]",
            "vpc_security_group_ids      = [aws_security_group.peer.id]",
            "aws_instance.this",
            ["update"],
        ),
        ("main.tf", "#!/bin/sh", "#!/bin/bash", "aws_instance.this", ["update"]),
        ("main.tf", 'value       = "one"', 'value       = "two"', "aws_ssm_parameter.this", ["update"]),
        (
            "main.tf",
            'tags        = { Name = "one" }',
            'tags        = { Owner = "me" }',
            "aws_ssm_parameter.this",
            ["update"],
        ),
        (
            "main.tf",
            '"A secret"\n  recovery_window_in_days = 0\n  tags                    = { Name = "one" }',
            '"The secret"\n  recovery_window_in_days = 0\n  tags                    = { Owner = "me" }',
            "aws_secretsmanager_secret.this",
            ["update"],
        ),
        (
            "main.tf",
            '"not secret"',
            '"not secret either"',
            "aws_secretsmanager_secret_version.this",
            ["delete", "create"],
        ),
        (
            "main.tf",
            'force_destroy = true\n  tags          = { Name = "one" }',
            "force_destroy = true",
            "aws_s3_bucket.this",
            ["update"],
        ),
        (
            "main.tf",
            "block_public_policy     = false",
            "block_public_policy     = true",
            "aws_s3_bucket_public_access_block.this",
            ["update"],
        ),
        ("main.tf", "BucketOwnerEnforced", "BucketOwnerPreferred", "aws_s3_bucket_ownership_controls.this", ["update"]),
        (
            "main.tf",
            "bucket_key_enabled = true",
            "bucket_key_enabled = false",
            "aws_s3_bucket_server_side_encryption_configuration.this",
            ["update"],
        ),
        ("main.tf", '"Enabled"', '"Suspended"', "aws_s3_bucket_versioning.this", ["update"]),
        ("main.tf", '"s3:*"', '"s3:GetObject"', "aws_s3_bucket_policy.this", ["update"]),
    ],
}


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(CHANGES))
def test_changes_are_made(configuration: MakeTerraform, aws: Aws, name: str) -> None:
    terraform = configuration(FIXTURES / name)
    terraform.init()
    before = inventory(aws)
    terraform.plan()
    terraform.apply()
    assert not terraform.plan(), terraform.run("show", "-no-color", ".run/plan").output
    for file, old, new, address, actions in CHANGES[name]:
        replace(terraform, old, new, file)
        assert terraform.plan(), new
        assert changes(terraform)[address] == actions, new
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


@pytest.mark.parametrize(
    "endpoint",
    [
        None,
        "",
        "https://ec2.eu-central-1.amazonaws.com",
        "http://10.0.0.1:5000",
        "http://localhost.example.com",
        "ftp://127.0.0.1",
    ],
)
def test_nothing_but_loopback_is_called(endpoint: str | None) -> None:
    with pytest.raises(RefusedEndpointError):
        require_loopback(endpoint)
    with pytest.raises(RefusedEndpointError):
        Aws(endpoint, "eu-central-1").client("ec2")


@pytest.mark.parametrize("endpoint", ["http://127.0.0.1:5000", "http://localhost:5000", "http://[::1]:5000"])
def test_loopback_is_called(endpoint: str) -> None:
    assert require_loopback(endpoint) == endpoint


def test_an_endpoint_of_the_configuration_is_refused(configuration: MakeTerraform) -> None:
    provider = (
        'provider "aws" {\n  region = "eu-central-1"\n  endpoints {\n    ec2 = "https://ec2.example.com"\n  }\n}\n'
    )
    terraform = configuration({"main.tf": provider + NETWORK})
    terraform.init()
    with pytest.raises(TerraformError, match=r"ec2\.example\.com is not on the loopback interface"):
        terraform.plan()


def test_without_an_emulated_cloud_it_only_plans(terraform: str, tmp_path: Path) -> None:
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "main.tf").write_text(HEAD + NETWORK, encoding="utf-8")
    with standin(SCHEMAS[6], None, tmp_path) as reattach:
        run = Terraform(tmp_path / "work", reattach)
        run.init()
        assert run.plan()
        with pytest.raises(TerraformError, match="no endpoint of an emulated AWS was given"):
            run.apply()


def test_the_wrong_account_is_refused(configuration: MakeTerraform) -> None:
    text = HEAD.replace('region = "eu-central-1"', 'region = "eu-central-1"\n  allowed_account_ids = ["210987654321"]')
    terraform = configuration({"main.tf": text + NETWORK})
    terraform.init()
    with pytest.raises(TerraformError, match="account 123456789012 is not among allowed_account_ids"):
        terraform.plan()


def test_other_types_are_planned_only(configuration: MakeTerraform) -> None:
    terraform = configuration({"main.tf": f'{HEAD}\nresource "aws_sqs_queue" "this" {{\n  name = "documents"\n}}\n'})
    terraform.init()
    assert terraform.plan()
    with pytest.raises(TerraformError, match="aws_sqs_queue can only be planned"):
        terraform.apply()


def test_what_would_be_lost_is_an_error(configuration: MakeTerraform) -> None:
    """An attribute of the schema that the stand-in does not hand on, and one that the emulated AWS forgets."""
    vpc = NETWORK.replace('"10.0.0.0/16"', '"10.0.0.0/16"\n  assign_generated_ipv6_cidr_block = true')
    terraform = configuration({"main.tf": HEAD + vpc})
    terraform.init()
    with pytest.raises(TerraformError, match="assign_generated_ipv6_cidr_block is configured, but the stand-in"):
        terraform.apply("-parallelism=1")


def test_a_resource_is_imported(configuration: MakeTerraform, aws: Aws) -> None:
    vpc = aws.client("ec2").create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    block = f'\nimport {{\n  to = aws_vpc.this\n  id = "{vpc}"\n}}\n'
    terraform = configuration({"main.tf": HEAD + NETWORK + block})
    terraform.init()
    assert terraform.plan()
    assert changes(terraform) == {"aws_vpc.this": ["update"]}
    terraform.apply()
    assert not terraform.plan()


def test_data_sources(configuration: MakeTerraform, aws: Aws) -> None:
    text = """
data "aws_caller_identity" "this" {}
data "aws_partition" "this" {}
data "aws_region" "this" {}
data "aws_availability_zones" "this" {
  state = "available"
}
data "aws_ami" "this" {
  most_recent = true
  owners      = ["amazon"]
  filter {
    name   = "name"
    values = ["amzn2-ami-hvm-*-x86_64-gp2"]
  }
}
data "aws_ssm_parameter" "this" {
  name = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64"
}
data "aws_iam_policy_document" "this" {
  statement {
    sid       = "Read"
    actions   = ["s3:GetObject"]
    resources = ["arn:aws:s3:::b/*", "arn:aws:s3:::a/*"]
    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["true"]
    }
  }
}
data "aws_ec2_managed_prefix_list" "s3" {
  name = "com.amazonaws.eu-central-1.s3"
}
data "aws_cloudfront_cache_policy" "this" {
  name = "Managed-CachingOptimized"
}
output "all" {
  value = {
    account = data.aws_caller_identity.this.account_id
    region  = data.aws_region.this.region
    suffix  = data.aws_partition.this.dns_suffix
    zones   = data.aws_availability_zones.this.names
    ami     = data.aws_ami.this.id
    image   = data.aws_ssm_parameter.this.insecure_value
    policy  = jsondecode(data.aws_iam_policy_document.this.json)
    list    = data.aws_ec2_managed_prefix_list.s3.id
    cache   = data.aws_cloudfront_cache_policy.this.id
  }
}
"""
    terraform = configuration({"main.tf": HEAD + text})
    terraform.init()
    assert terraform.plan()
    output = terraform.planned()["planned_values"]["outputs"]["all"]["value"]
    assert output["account"] == "123456789012"
    assert output["region"] == "eu-central-1"
    assert output["suffix"] == "amazonaws.com"
    assert output["zones"] == ["eu-central-1a", "eu-central-1b", "eu-central-1c"]
    assert output["ami"].startswith("ami-")
    assert output["image"].startswith("ami-")
    assert output["list"].startswith("pl-")
    assert output["cache"] == "658327ea-f89d-4fab-a63d-7e88639e58f6"
    assert output["policy"] == {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "Read",
                "Effect": "Allow",
                "Action": "s3:GetObject",
                "Resource": ["arn:aws:s3:::b/*", "arn:aws:s3:::a/*"],
                "Principal": {"Service": "lambda.amazonaws.com"},
                "Condition": {"Bool": {"aws:SecureTransport": "true"}},
            }
        ],
    }


def test_terraform_test_with_a_mock_of_the_provider(configuration: MakeTerraform) -> None:
    checks = """
mock_provider "aws" {}

run "plan" {
  command = plan

  assert {
    condition     = aws_vpc.this.cidr_block == "10.0.0.0/16"
    error_message = "Other addresses."
  }
}

run "apply" {
  assert {
    condition     = aws_vpc.this.tags["Name"] == "EXPECTED"
    error_message = "Another name."
  }
}
"""
    terraform = configuration({"main.tf": HEAD + NETWORK, "tests/all.tftest.hcl": checks.replace("EXPECTED", "one")})
    terraform.init()
    assert "2 passed, 0 failed" in terraform.test()
    replace(terraform, '"one"', '"two"', "tests/all.tftest.hcl")
    with pytest.raises(TerraformError, match="Another name"):
        terraform.test()


def test_terraform_reaches_no_registry(configuration: MakeTerraform) -> None:
    text = HEAD.replace("    aws = {", '    random = {\n      source = "hashicorp/random"\n    }\n    aws = {')
    terraform = configuration({"main.tf": text})
    with pytest.raises(TerraformError, match=r"hashicorp/random was not\s+found in any of the search locations"):
        terraform.init()


def test_a_command_that_fails_says_what_terraform_says(configuration: MakeTerraform) -> None:
    terraform = configuration({"main.tf": "resource {"})
    with pytest.raises(TerraformError, match="Unclosed configuration block"):
        terraform.init()


def test_the_processes_end(terraform: str, tmp_path: Path) -> None:
    with standin(SCHEMAS[6], None, tmp_path) as reattach:
        pid = json.loads(reattach)["registry.terraform.io/hashicorp/aws"]["Pid"]
        assert Path(f"/proc/{pid}").exists()
    assert not Path(f"/proc/{pid}").exists()
    assert (tmp_path / "standin.log").read_text(encoding="utf-8") == ""


def test_a_plan_with_tokens_resolves_every_reference(terraform: str, tmp_path: Path) -> None:
    program = tmp_path / "program"
    shutil.copytree(FIXTURES / "bastion", program)
    (program / "environments").mkdir()
    (program / "environments" / "qa.tfvars").write_text('environment = "qa"\n', encoding="utf-8")
    plan = resolved_plan(program, "qa", tmp_path)
    assert all(not change["change"]["after_unknown"] for change in plan["resource_changes"])
    vpc = values(plan, "module.network.aws_vpc.this")
    assert re.fullmatch(r"tok-\d{5}", vpc["id"])
    assert vpc["tags_all"]["Environment"] == "qa"
    subnet = values(plan, 'module.network.aws_subnet.this["b"]')
    assert subnet["vpc_id"] == vpc["id"]
    assert subnet["availability_zone"] == tokens.ZONES[1]
    instance = values(plan, "aws_instance.this")
    assert instance["ami"] == f"{tokens.PARAMETER}/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64"
    assert instance["subnet_id"] == values(plan, 'module.network.aws_subnet.this["a"]')["id"]
    assert values(plan, "aws_ssm_parameter.this")["insecure_value"] == vpc["id"]
    texts = [one["values"].get("id") for one in resources(plan["planned_values"]["root_module"])]
    assert len(set(texts)) == len(texts), "no token stands for two attributes"
    assert not (program / ".run").exists()

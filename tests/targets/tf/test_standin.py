"""The stand-in provider: what it plans, what it reads, and what it refuses, by the real `terraform`."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from standin import tokens
from standin.aws import Aws, RefusedEndpointError, require_loopback
from support_tf import (
    HEAD,
    NETWORK,
    SCHEMAS,
    MakeTerraform,
    Terraform,
    TerraformError,
    changes,
    replace,
    resolved_plan,
    resources,
    standin,
    values,
)

FIXTURES = Path(__file__).parent / "fixtures"


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

"""Faults seeded in the emitted program: each one is found, and by the command that is said here."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import pytest
from support_tf import MakeTerraform, first_fault


class Fault(NamedTuple):
    """A change of one file of the program for everything, and what finds it."""

    name: str
    file: str
    pattern: str
    new: str
    command: str
    message: str


def _main(module: str) -> str:
    return f"modules/{module}/main.tf"


FAULTS = [
    Fault("indentation", _main("vpc"), r"^  cidr_block           =", "    cidr_block =", "fmt", "vpc/main.tf"),
    Fault("brace lost", _main("vpc"), r"\A(.*?)^\}\n", r"\1", "fmt", ""),
    Fault("quote lost", _main("vpc"), r'"10\.0\.0\.0/16"', '"10.0.0.0/16', "fmt", "Invalid multi-line string"),
    Fault("attribute twice", _main("vpc"), r"^(  cidr_block .*\n)", r"\1\1", "fmt", "Attribute redefined"),
    Fault(
        "attribute misspelt",
        _main("vpc"),
        r"\bcidr_block          ",
        "cidr_blocc          ",
        "validate",
        "Unsupported argument",
    ),
    Fault(
        "attribute of another type",
        _main("sqs-documents"),
        r"max_message_size          ",
        "message_size_maximum      ",
        "validate",
        "Unsupported argument",
    ),
    Fault(
        "CloudFormation's name",
        _main("url-add"),
        r"^  memory_size  ",
        "  MemorySize   ",
        "validate",
        "Unsupported argument",
    ),
    Fault(
        "nested attribute misspelt",
        _main("bastion"),
        r"http_tokens ",
        "http_token  ",
        "validate",
        "Unsupported argument",
    ),
    Fault(
        "block misspelt",
        _main("bastion"),
        r"^  metadata_options \{",
        "  metadata_option {",
        "validate",
        "Unsupported block type",
    ),
    Fault(
        "block as attribute",
        _main("bastion"),
        r"^  metadata_options \{",
        "  metadata_options = {",
        "validate",
        "Unsupported argument",
    ),
    Fault(
        "attribute as block",
        _main("bastion"),
        r"^  volume_tags = \{",
        "  volume_tags {",
        "validate",
        "Unsupported block type",
    ),
    Fault(
        "block too often",
        _main("bastion"),
        r"^(  credit_specification \{\n.*?\n  \}\n)",
        r"\1\n\1",
        "validate",
        "Too many credit_specification blocks",
    ),
    Fault(
        "block missing",
        _main("cloudfront-helm"),
        r"^  restrictions \{\n.*?^  \}\n",
        "",
        "validate",
        "Insufficient restrictions blocks",
    ),
    Fault(
        "nested block missing",
        _main("cloudfront-helm"),
        r"^    geo_restriction \{\n.*?^    \}\n",
        "",
        "validate",
        "Insufficient geo_restriction blocks",
    ),
    Fault("required missing", _main("url-add"), r"^  function_name .*\n", "", "validate", "Missing required argument"),
    Fault(
        "required null",
        _main("dynamodb-documents"),
        r'^  name         = ".*"$',
        "  name         = null",
        "validate",
        "name is required, but null",
    ),
    Fault(
        "nested required missing",
        _main("dynamodb-documents"),
        r'^    type = "S"\n',
        "",
        "validate",
        "Missing required argument",
    ),
    Fault(
        "read-only attribute set",
        _main("vpc"),
        r"^(  enable_dns_support +=.*\n)",
        r'\1  owner_id             = "123456789012"' + "\n",
        "validate",
        "owner_id is read-only",
    ),
    Fault(
        "text for a number",
        _main("url-add"),
        r"retention_in_days = 7",
        'retention_in_days = "7d"',
        "validate",
        "Incorrect attribute value type",
    ),
    Fault(
        "text for a boolean",
        _main("vpc"),
        r"enable_dns_support   = true",
        'enable_dns_support   = "on"',
        "validate",
        "Incorrect attribute value type",
    ),
    Fault(
        "list for a text",
        _main("vpc"),
        r'= "10\.0\.0\.0/16"',
        '= ["10.0.0.0/16"]',
        "validate",
        "Incorrect attribute value type",
    ),
    Fault(
        "object for a text",
        _main("url-add"),
        r"assume_role_policy = jsonencode\(\{(.*?)^  \}\)",
        r"assume_role_policy = {\1  }",
        "validate",
        "Incorrect attribute value type",
    ),
    Fault(
        "unknown type",
        _main("sqs-documents"),
        r'resource "aws_sqs_queue" ',
        'resource "aws_sqs_queues" ',
        "validate",
        "Invalid resource type",
    ),
    Fault(
        "CloudFormation's type",
        _main("sqs-documents"),
        r'resource "aws_sqs_queue" ',
        'resource "AWS::SQS::Queue" ',
        "init",
        "Invalid resource type name",
    ),
    Fault(
        "unknown data source",
        _main("vpc"),
        r'data "aws_region" ',
        'data "aws_regio" ',
        "validate",
        "Invalid data source",
    ),
    Fault(
        "resource twice",
        _main("sqs-documents"),
        r'^(resource "aws_sqs_queue" .*?^\}\n)',
        r"\1\n\1",
        "init",
        'Duplicate resource "aws_sqs_queue"',
    ),
    Fault(
        "resource lost",
        _main("url-add"),
        r'^resource "aws_iam_role" "url_add" \{.*?^\}\n\n',
        "",
        "validate",
        "Reference to undeclared resource",
    ),
    Fault(
        "wrong name referenced",
        _main("url-add"),
        r"aws_iam_role\.url_add\.arn",
        "aws_iam_role.url_ad.arn",
        "validate",
        "Reference to undeclared resource",
    ),
    Fault(
        "wrong attribute referenced",
        _main("url-add"),
        r"aws_iam_role\.url_add\.arn",
        "aws_iam_role.url_add.role_arn",
        "validate",
        "Unsupported attribute",
    ),
    Fault("CloudFormation's reference", _main("url-add"), r"aws_iam_role\.url_add\.arn", '"${AWS::Region}"', "fmt", ""),
    Fault(
        "key left out",
        _main("vpc"),
        r'aws_route_table\.vpc\["public"\]\.id',
        "aws_route_table.vpc.id",
        "validate",
        "Missing resource instance key",
    ),
    Fault(
        "wrong key",
        _main("vpc"),
        r'aws_route_table\.vpc\["public"\]\.id',
        'aws_route_table.vpc["publik"].id',
        "plan",
        "Invalid index",
    ),
    Fault(
        "cycle",
        _main("sqs-documents"),
        r"^  name  .*$",
        "  name                       = aws_sqs_queue_policy.documents.id",
        "validate",
        "Cycle",
    ),
    Fault(
        "reference to itself",
        _main("url-add"),
        r"^  function_name .*$",
        "  function_name = aws_lambda_function.url_add.arn",
        "plan",
        "Self-referential block",
    ),
    Fault(
        "waits for nothing",
        _main("url-add"),
        r"depends_on = \[aws_iam_role_policy\.url_add_access\]",
        "depends_on = [aws_iam_role_policy.access]",
        "validate",
        "Reference to undeclared resource",
    ),
    Fault(
        "unknown function", _main("url-add"), r"= jsonencode\(", "= to_json(", "validate", "Call to unknown function"
    ),
    Fault(
        "variable not declared",
        _main("vpc"),
        r"var\.environment",
        "var.stage",
        "validate",
        "Reference to undeclared input variable",
    ),
    Fault("input misspelt", "main.tf", r"^  vpc_id +=", "  vpcid =", "validate", "Unsupported argument"),
    Fault(
        "input of another name",
        "main.tf",
        r'(source = "\./modules/sqs-documents"\n\n)  environment',
        r"\1  environmnt ",
        "validate",
        "Unsupported argument",
    ),
    Fault(
        "input missing",
        "main.tf",
        r'(source = "\./modules/sqs-documents"\n\n)  environment .*\n',
        r"\1",
        "validate",
        "Missing required argument",
    ),
    Fault(
        "input of another type",
        "main.tf",
        r"= var\.admin_cidrs$",
        "= { cidrs = var.admin_cidrs }",
        "validate",
        "Invalid value for input variable",
    ),
    Fault(
        "output lost", "modules/vpc/outputs.tf", r'^output "vpc_id" \{.*?^\}\n', "", "validate", "Unsupported attribute"
    ),
    Fault(
        "output of nothing",
        "modules/vpc/outputs.tf",
        r"= aws_vpc\.vpc\.id",
        "= aws_vpc.this.id",
        "validate",
        "Reference to undeclared resource",
    ),
    Fault(
        "module not there",
        "main.tf",
        r'"\./modules/sqs-documents"',
        '"./modules/sqs_documents"',
        "init",
        "Unreadable module directory",
    ),
    Fault(
        "modules in a circle",
        "main.tf",
        r'(source = "\./modules/vpc"\n\n  environment = )var\.environment',
        r"\1module.security_groups.security_group_app_functions_id",
        "validate",
        "Cycle",
    ),
    Fault(
        "environment not known",
        "environments/prod.tfvars",
        r'environment( +)= "prod"',
        r'environment\1= "live"',
        "plan",
        "Invalid value for variable",
    ),
    Fault(
        "value not allowed",
        "environments/prod.tfvars",
        r"203\.0\.113\.10/32",
        "everywhere",
        "plan",
        "Invalid value for variable",
    ),
    Fault(
        "value without a variable",
        "environments/prod.tfvars",
        r"^production( +)=",
        r"productive\1=",
        "plan",
        "Value for undeclared variable",
    ),
    Fault(
        "secret in the state",
        _main("secrets"),
        r"secret_string_wo = ",
        "secret_string = ",
        "validate",
        "Invalid use of ephemeral value",
    ),
    Fault(
        "secret in a parameter",
        _main("secrets"),
        r"aws_secretsmanager_secret\.rds_password\.arn",
        "ephemeral.aws_secretsmanager_random_password.rds_password.random_password",
        "validate",
        "Invalid use of ephemeral value",
    ),
    Fault(
        "write-only without its version",
        _main("secrets"),
        r"^  secret_string_wo_version = 1\n",
        "",
        "validate",
        "secret_string_wo needs secret_string_wo_version",
    ),
    Fault(
        "two sources of a value",
        _main("rds"),
        r'^(  insecure_value = "lenie"\n)',
        r'\1  value          = "lenie"' + "\n",
        "validate",
        "value conflicts with insecure_value",
    ),
    Fault("no source of a rule", _main("bastion"), r"^  cidr_ipv4 .*\n", "", "validate", "one of cidr_ipv4, cidr_ipv6"),
    Fault(
        "protection by a variable",
        _main("dynamodb-documents"),
        r"prevent_destroy = true",
        "prevent_destroy = var.recovery",
        "init",
        "Variables not allowed",
    ),
    Fault(
        "provider's argument misspelt",
        "providers.tf",
        r"default_tags \{",
        "default_tag {",
        "validate",
        "Unsupported block type",
    ),
    Fault(
        "provider from elsewhere",
        "versions.tf",
        r'"hashicorp/aws"',
        '"example/aws"',
        "init",
        "Failed to query available provider packages",
    ),
]


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_the_fault_is_found(programs: Path, configuration: MakeTerraform, fault: Fault) -> None:
    terraform = configuration(programs / "all")
    path = terraform.directory / fault.file
    text = path.read_text(encoding="utf-8")
    changed = re.sub(fault.pattern, fault.new, text, count=1, flags=re.M | re.S if ".*?" in fault.pattern else re.M)
    assert changed != text, "the fault is not seeded"
    path.write_text(changed, encoding="utf-8")
    if fault.command != "fmt":  # the fault, not how it is laid out
        terraform.run("fmt", "-recursive")
    command, says = first_fault(terraform, "-var-file=environments/prod.tfvars")
    assert command == fault.command, says
    assert fault.message in says


def test_there_are_faults_enough() -> None:
    assert len(FAULTS) >= 30
    assert len({fault.name for fault in FAULTS}) == len(FAULTS)
    assert {fault.command for fault in FAULTS} == {"fmt", "init", "validate", "plan"}

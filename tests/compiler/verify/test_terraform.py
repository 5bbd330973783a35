"""Resources of Terraform's provider, as those of CloudFormation: every fact of the tables that a mistake could turn."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from lenie.compiler.verify.match import matched, rename
from lenie.compiler.verify.normal import normalise
from lenie.compiler.verify.program import Component, Program, Resource
from lenie.compiler.verify.terraform.convert import CREATED_FIRST, Conversion, Vocabulary, rows
from lenie.compiler.verify.terraform.finish import name_root_devices
from lenie.compiler.verify.terraform.reader import Modules
from lenie.compiler.verify.terraform.row import Inner, Part, Row, Target, To
from lenie.compiler.verify.values import Node, Reference, located
from lenie.compiler.verify.words import data

ROOT = Path(__file__).resolve().parents[3]
SCHEMA: dict[str, Any] = json.loads((ROOT / "targets" / "tf" / "data" / "aws_6.json").read_text())["resources"]
CALL = (
    'provider "aws" {\n  default_tags { tags = { Project = "demo" } }\n}\nmodule "m" {\n  source = "./modules/m"\n}\n'
)


def convert(tmp_path: Path, resources: str, vocabulary: dict[str, dict[str, Any]] | None = None) -> Program:
    """Return what a module with `resources` makes; `vocabulary` are resources of the graph: type -> properties."""
    (tmp_path / "modules" / "m").mkdir(parents=True)
    (tmp_path / "main.tf").write_text(CALL)
    (tmp_path / "modules" / "m" / "main.tf").write_text(resources)
    program = Program("dev", outputs={})
    instances = Modules(tmp_path, "tf").instances("dev", program, {})
    known = Component("m")
    for kind, properties in (vocabulary or {}).items():
        known.resources[kind] = Resource("m", kind, kind, located(properties, None))
    return Conversion(instances, program, Vocabulary(Program("dev", {"m": known}))).run()


def one(tmp_path: Path, resources: str, **more: Any) -> tuple[Resource, Program]:
    program = convert(tmp_path, resources, **more)
    return next(iter(program.components["m"].resources.values())), program


def test_every_row_is_of_a_type_that_the_provider_has() -> None:
    for name, row in rows().items():
        assert name in SCHEMA, name
        if isinstance(row, Part):
            assert row.of in rows()
            assert row.owner in SCHEMA[name]["attributes"]


def faults(body: dict[str, Any], members: Any, where: str) -> list[str]:
    found = []
    for name, target in members.items():
        if isinstance(target, Inner):
            block = body.get("blocks", {}).get(name)
            if block is None and name not in body["attributes"]:
                found.append(f"{where}.{name}")
            elif block is not None:
                found += faults(block["block"], target.members, f"{where}.{name}")
        elif name not in body["attributes"]:
            found.append(f"{where}.{name}")
    return found


@pytest.mark.parametrize("name", sorted(rows()))
def test_every_attribute_of_a_row_exists(name: str) -> None:
    """The schema of the provider is a fact that both sides may know."""
    row = rows()[name]
    assert faults(SCHEMA[name], row.attributes, name) == []
    if isinstance(row, Row):
        assert not [attribute for attribute in row.returns if attribute not in SCHEMA[name]["attributes"]]
        assert not [attribute for attribute in row.absent if attribute not in SCHEMA[name]["attributes"]]
        tagged = "tags" in SCHEMA[name]["attributes"]
        assert not (row.tags and not tagged)


@pytest.mark.parametrize("name", sorted(rows()))
def test_no_two_attributes_are_the_same_property(name: str) -> None:
    def paths(members: Any, prefix: str) -> list[str]:
        found: list[str] = []
        target: Target
        for target in members.values():
            match target:
                case Inner(path, inner, many):
                    found += [] if many else paths(inner, f"{prefix}{path}.")
                case To(path):
                    found.append(prefix + path)
                case str():
                    found.append(prefix + target)
        return found

    # Alternatives of the provider for one property.
    alike = {"UserData", "MasterUserPassword", "Value"}
    found = [path for path in paths(rows()[name].attributes, "") if path not in alike]
    assert len(found) == len(set(found)), found


def test_tags_are_joined(tmp_path: Path) -> None:
    resource, program = one(tmp_path, 'resource "aws_vpc" "x" {\n  tags = { Name = "n", Project = "own" }\n}\n')
    assert program.problems == []
    assert data(resource.properties) == {"Tags": {"Project": "own", "Name": "n"}}


def test_a_bucket_of_parts(tmp_path: Path) -> None:
    resources = """\
resource "aws_s3_bucket" "x" { bucket = "b" }
resource "aws_s3_bucket_versioning" "x" {
  bucket = aws_s3_bucket.x.id
  versioning_configuration { status = "Enabled" }
}
resource "aws_s3_bucket_lifecycle_configuration" "x" {
  bucket = aws_s3_bucket.x.bucket
  rule {
    id     = "old"
    status = "Enabled"
    filter { prefix = "logs/" }
    expiration { days = 3 }
  }
}
"""
    resource, program = one(tmp_path, resources)
    assert program.problems == []
    assert data(resource.properties) == {
        "BucketName": "b",
        "Tags": {"Project": "demo"},
        "VersioningConfiguration": {"Status": "Enabled"},
        "LifecycleConfiguration": {
            "Rules": [{"Id": "old", "Status": "Enabled", "Prefix": "logs/", "ExpirationInDays": 3}]
        },
    }


@pytest.mark.parametrize("owner", ['"b"', "aws_vpc.y.id", "aws_s3_bucket.x.arn"])
def test_a_part_of_nothing(tmp_path: Path, owner: str) -> None:
    resources = f"""\
resource "aws_s3_bucket" "x" {{}}
resource "aws_vpc" "y" {{}}
resource "aws_s3_bucket_versioning" "x" {{
  bucket = {owner}
  versioning_configuration {{ status = "Enabled" }}
}}
"""
    program = convert(tmp_path, resources)
    assert [one.message for one in program.problems] == ['"bucket" names no aws_s3_bucket of this program']


@pytest.mark.parametrize("argument", ["policy = aws_iam_policy.p.arn", "", 'policy_arn = "a"\n  more = 1'])
def test_an_attachment_has_a_policy_and_nothing_else(tmp_path: Path, argument: str) -> None:
    resources = 'resource "aws_iam_role" "r" {}\nresource "aws_iam_policy" "p" {}\n'
    attachment = f"  role = aws_iam_role.r.name\n  {argument}\n"
    program = convert(tmp_path, f'{resources}resource "aws_iam_role_policy_attachment" "a" {{\n{attachment}}}\n')
    (problem,) = program.problems
    assert (problem.code, "it wants policy_arn, and has" in problem.message) == ("E607", True)


def test_a_queue_that_does_not_say_how_large_its_messages_are(tmp_path: Path) -> None:
    """The provider then asks for what was the largest size once, and not for the service's default."""
    found, _ = one(tmp_path, 'resource "aws_sqs_queue" "q" {}\n')
    assert data(found.properties)["MaximumMessageSize"] == 262144


def test_a_part_twice(tmp_path: Path) -> None:
    part = (
        'resource "aws_s3_bucket_versioning" "{}" {{\n  bucket = aws_s3_bucket.x.id\n'
        "  versioning_configuration {{}}\n}}\n"
    )
    program = convert(tmp_path, 'resource "aws_s3_bucket" "x" {}\n' + part.format("a") + part.format("b"))
    assert [one.message for one in program.problems] == ['"VersioningConfiguration" of aws_s3_bucket.x is set twice']


@pytest.mark.parametrize(
    ("body", "policies"),
    [
        ("", ("Delete", "Delete")),
        ("lifecycle { prevent_destroy = true }", ("Retain", "Retain")),
        ("lifecycle { prevent_destroy = false }", ("Delete", "Delete")),
        ("skip_destroy = true", ("Retain", "Retain")),
        ("skip_destroy = false", ("Delete", "Delete")),
    ],
)
def test_protection(tmp_path: Path, body: str, policies: tuple[str, str]) -> None:
    resource, program = one(tmp_path, f'resource "aws_cloudwatch_log_group" "x" {{\n  {body}\n}}\n')
    assert program.problems == []
    assert (resource.deletion, resource.replacement) == policies
    assert list(resource.properties.value) == ["Tags"]


@pytest.mark.parametrize(
    ("body", "policy"),
    [
        ('final_snapshot_identifier = "last"', "Snapshot"),
        ('final_snapshot_identifier = "last"\nskip_final_snapshot = true', "Delete"),
        ("", "Delete"),
        ('final_snapshot_identifier = "last"\nlifecycle { prevent_destroy = true }', "Snapshot"),
    ],
)
def test_snapshots(tmp_path: Path, body: str, policy: str) -> None:
    resource, _ = one(tmp_path, f'resource "aws_db_instance" "x" {{\n  apply_immediately = true\n{body}\n}}\n')
    assert (resource.deletion, resource.replacement) == (policy, policy)


@pytest.mark.parametrize(
    ("kind", "body", "words"),
    [
        ("aws_vpc", "lifecycle { ignore_changes = [cidr_block] }", "cidr_block is ignored"),
        ("aws_amplify_app", "", "repository is not ignored"),
        ("aws_amplify_app", "lifecycle { ignore_changes = [repository, name] }", "name is ignored"),
        ("aws_vpc", "lifecycle { ignore_changes = all }", "all is ignored"),
    ],
)
def test_ignored_changes(tmp_path: Path, kind: str, body: str, words: str) -> None:
    resource, _ = one(tmp_path, f'resource "{kind}" "x" {{\n  {body}\n}}\n')
    assert data(resource.properties)["(ignore_changes)"] == words


@pytest.mark.parametrize(
    ("resources", "properties"),
    [
        (
            'resource "aws_security_group" "x" {}',
            {"GroupDescription": "Managed by Terraform", "SecurityGroupEgress": []},
        ),
        ('resource "aws_route53_zone" "x" {}', {"HostedZoneConfig": {"Comment": "Managed by Terraform"}}),
        ('resource "aws_api_gateway_api_key" "x" {}', {"Description": "Managed by Terraform"}),
        (
            'resource "aws_db_instance" "x" { storage_encrypted = true }',
            {"(apply_immediately)": False, "StorageEncrypted": True},
        ),
        (
            'resource "aws_db_instance" "x" { apply_immediately = true }',
            {"(ignore_changes)": "storage_encrypted is not ignored"},
        ),
        ('resource "aws_iam_instance_profile" "x" { role = "r" }', {"Roles": ["r"]}),
        ('resource "aws_instance" "x" { user_data = "u" }', {"UserData": "${base64 of u}"}),
        (
            'resource "aws_instance" "x" {\n  root_block_device { volume_size = 8 }\n  ebs_block_device {\n'
            '    device_name = "/dev/sdb"\n  }\n}',
            {
                "BlockDeviceMappings": [
                    {"DeviceName": "${imageroot}", "Ebs": {"VolumeSize": 8}},
                    {"DeviceName": "/dev/sdb"},
                ]
            },
        ),
        (
            'resource "aws_instance" "x" { volume_tags = { Project = "demo" } }',
            {"PropagateTagsToVolumeOnCreation": True},
        ),
        (
            'resource "aws_instance" "x" { volume_tags = { Project = "other" } }',
            {"(volume tags)": {"Project": "other"}},
        ),
        (
            'resource "aws_dynamodb_table" "x" {\n  hash_key = "a"\n  range_key = "b"\n}',
            {"KeySchema": [{"AttributeName": "a", "KeyType": "HASH"}, {"AttributeName": "b", "KeyType": "RANGE"}]},
        ),
        (
            'resource "aws_dynamodb_table" "x" {\n  hash_key = "a"\n'
            '  local_secondary_index {\n    name = "i"\n    range_key = "b"\n  }\n}',
            {
                "LocalSecondaryIndexes": [
                    {
                        "IndexName": "i",
                        "KeySchema": [
                            {"AttributeName": "a", "KeyType": "HASH"},
                            {"AttributeName": "b", "KeyType": "RANGE"},
                        ],
                    }
                ],
                "KeySchema": [{"AttributeName": "a", "KeyType": "HASH"}],
            },
        ),
        (
            'resource "aws_db_parameter_group" "x" {\n  description = "d"\n'
            '  parameter {\n    name = "n"\n    value = "v"\n  }\n}',
            {"Description": "d", "Parameters": {"n": "v"}},
        ),
        (
            'resource "aws_cloudfront_distribution" "x" {\n  origin { origin_id = "o" }\n}',
            {"DistributionConfig": {"Origins": [{"Id": "o", "S3OriginConfig": {"OriginAccessIdentity": ""}}]}},
        ),
        (
            'resource "aws_sfn_state_machine" "x" {\n  logging_configuration { log_destination = "arn" }\n}',
            {"LoggingConfiguration": {"Destinations": [{"CloudWatchLogsLogGroup": {"LogGroupArn": "arn"}}]}},
        ),
        (
            'resource "aws_budgets_budget" "x" {\n  notification { subscriber_email_addresses = ["a", "b"] }\n}',
            {
                "NotificationsWithSubscribers": [
                    {
                        "Subscribers": [
                            {"SubscriptionType": "EMAIL", "Address": "a"},
                            {"SubscriptionType": "EMAIL", "Address": "b"},
                        ]
                    }
                ]
            },
        ),
        (
            'resource "aws_launch_template" "x" { name = "n" }',
            {
                "LaunchTemplateName": "n",
                "TagSpecifications": [{"ResourceType": "launch-template", "Tags": {"Project": "demo"}}],
            },
        ),
        ('resource "aws_secretsmanager_secret" "x" { recovery_window_in_days = 0 }', {}),
        ('resource "aws_secretsmanager_secret" "x" {}', {"(recovery_window_in_days)": 30}),
    ],
)
def test_special_forms(tmp_path: Path, resources: str, properties: dict[str, Any]) -> None:
    resource, program = one(tmp_path, resources + "\n")
    assert program.problems == []
    found = data(resource.properties)
    for elsewhere in ("Tags", "HostedZoneTags", "ResourceTags", "(create_before_destroy)"):
        found.pop(elsewhere, None)
    assert found == properties


def secret(value: str) -> str:
    return f"""\
ephemeral "aws_secretsmanager_random_password" "p" {{
  password_length = 20
  include_space   = true
}}
resource "aws_secretsmanager_secret" "x" {{
  recovery_window_in_days = 0
}}
resource "aws_secretsmanager_secret_version" "x" {{
  secret_id        = aws_secretsmanager_secret.x.id
  secret_string_wo = {value}
}}
"""


PASSWORD = "ephemeral.aws_secretsmanager_random_password.p.random_password"


@pytest.mark.parametrize(
    ("value", "properties"),
    [
        (
            f'jsonencode({{ user = "u", word = {PASSWORD} }})',
            {
                "GenerateSecretString": {
                    "PasswordLength": 20,
                    "IncludeSpace": True,
                    "SecretStringTemplate": {"user": "u"},
                    "GenerateStringKey": "word",
                }
            },
        ),
        (PASSWORD, {"GenerateSecretString": {"PasswordLength": 20, "IncludeSpace": True}}),
        ('"plain"', {"SecretString": "plain"}),
        ('jsonencode({ a = "b" })', {"SecretString": {"a": "b"}}),
    ],
)
def test_secrets(tmp_path: Path, value: str, properties: dict[str, Any]) -> None:
    resource, program = one(tmp_path, secret(value))
    assert program.problems == []
    assert {key: item for key, item in data(resource.properties).items() if key != "Tags"} == properties


API = """\
resource "aws_api_gateway_rest_api" "x" { body = jsonencode({ a = 1 }) }
resource "aws_api_gateway_deployment" "x" {
  rest_api_id = aws_api_gateway_rest_api.x.id
  TRIGGERS
  lifecycle { create_before_destroy = true }
}
resource "aws_api_gateway_stage" "x" {
  rest_api_id   = aws_api_gateway_rest_api.x.id
  deployment_id = aws_api_gateway_deployment.x.id
  stage_name    = "v1"
}
resource "aws_api_gateway_method_settings" "x" {
  rest_api_id = aws_api_gateway_stage.x.rest_api_id
  stage_name  = aws_api_gateway_stage.x.stage_name
  method_path = "pets/dogs/GET"
  settings { logging_level = "ERROR" }
}
"""


def test_a_stage_with_settings(tmp_path: Path) -> None:
    program = convert(tmp_path, API.replace("TRIGGERS", ""))
    assert program.problems == []
    stage = data(program.components["m"].resources["aws_api_gateway_stage.x"].properties)
    assert stage["MethodSettings"] == [{"HttpMethod": "GET", "ResourcePath": "/pets/dogs", "LoggingLevel": "ERROR"}]


def test_settings_of_another_api(tmp_path: Path) -> None:
    text = API.replace("TRIGGERS", "").replace("aws_api_gateway_stage.x.rest_api_id", "aws_api_gateway_rest_api.y.id")
    program = convert(tmp_path, text + 'resource "aws_api_gateway_rest_api" "y" {}\n')
    assert [one.message for one in program.problems] == ["the settings are of another API than the stage"]


@pytest.mark.parametrize(
    ("triggers", "renewed"),
    [
        ("triggers = { r = sha1(aws_api_gateway_rest_api.x.body) }", True),
        ('triggers = { r = sha1("fixed") }', False),
        ("triggers = { r = aws_api_gateway_rest_api.x.body }", False),
        ("", False),
    ],
)
def test_deployments_follow_the_body(tmp_path: Path, triggers: str, renewed: bool) -> None:
    program = convert(tmp_path, API.replace("TRIGGERS", triggers))
    assert program.components["m"].resources["aws_api_gateway_deployment.x"].renewed is renewed


@pytest.mark.parametrize("kind", CREATED_FIRST)
def test_what_is_in_use_is_replaced_first(tmp_path: Path, kind: str) -> None:
    resource, _ = one(tmp_path, f'resource "{kind}" "x" {{}}\n')
    assert data(resource.properties)["(create_before_destroy)"] is False
    resource, _ = one(
        tmp_path / "first", f'resource "{kind}" "x" {{\n  lifecycle {{ create_before_destroy = true }}\n}}\n'
    )
    assert "(create_before_destroy)" not in data(resource.properties)


def test_a_deployment_that_goes_before_the_next_one_is_there(tmp_path: Path) -> None:
    text = API.replace("TRIGGERS", "").replace("  lifecycle { create_before_destroy = true }\n", "")
    program = convert(tmp_path, text)
    deployment = program.components["m"].resources["aws_api_gateway_deployment.x"]
    assert data(deployment.properties)["(create_before_destroy)"] is False


def test_attributes_without_a_row(tmp_path: Path) -> None:
    """They get the name that the graph has for them, or a plausible one: they are never lost."""
    resource, program = one(
        tmp_path,
        'resource "aws_vpc" "x" {\n  ipv4_ipam_pool_id = "p"\n  something_else = 1\n'
        "  odd_block {\n    some_db_name = 2\n  }\n}\n",
        vocabulary={"AWS::EC2::VPC": {"Ipv4IpamPoolId": "x", "OddBlock": {"SomeDBName": 1}}},
    )
    assert program.problems == []
    found = data(resource.properties)
    del found["Tags"]
    assert found == {"Ipv4IpamPoolId": "p", "SomethingElse": 1, "OddBlock": {"SomeDBName": 2}}


def test_references_and_order(tmp_path: Path) -> None:
    resources = """\
resource "aws_iam_role" "r" {}
resource "aws_iam_role_policy" "p" {
  role   = aws_iam_role.r.id
  name   = "n"
  policy = jsonencode({ Resource = "${aws_cloudwatch_log_group.l.arn}:*" })
}
resource "aws_cloudwatch_log_group" "l" { name = "l" }
resource "aws_lambda_function" "f" {
  function_name = "f"
  role          = aws_iam_role.r.arn
  depends_on    = [aws_iam_role_policy.p, aws_cloudwatch_log_group.l]
}
"""
    program = convert(tmp_path, resources)
    assert program.problems == []
    function = program.components["m"].resources["aws_lambda_function.f"]
    assert data(function.properties)["Role"] == "${m.aws_iam_role.r.Arn}"
    assert function.depends_on == {"aws_iam_role.r", "aws_cloudwatch_log_group.l"}
    role = data(program.components["m"].resources["aws_iam_role.r"].properties)
    assert role["Policies"][0]["PolicyDocument"]["Resource"] == "${m.aws_cloudwatch_log_group.l.Arn without :*}:*"


def test_resources_are_matched_by_links_where_names_are_the_same() -> None:
    """Two subnets with two associations: only the links tell which association is whose."""

    def program(names: dict[str, str]) -> Program:
        component = Component("c")
        for key, cidr in (("A", "10.0.1.0/24"), ("B", "10.0.2.0/24")):
            subnet, link = names[f"Subnet{key}"], names[f"Link{key}"]
            component.resources[subnet] = Resource("c", subnet, "AWS::EC2::Subnet", located({"CidrBlock": cidr}, None))
            properties = Node({"SubnetId": Node(Reference("c", subnet, "Ref"))})
            component.resources[link] = Resource("c", link, "AWS::EC2::SubnetRouteTableAssociation", properties)
        return Program("dev", {"c": component})

    wanted = program({name: name for name in ("SubnetA", "SubnetB", "LinkA", "LinkB")})
    given = program({"SubnetA": "s.2", "SubnetB": "s.1", "LinkA": "l.9", "LinkB": "l.8"})
    names = matched(wanted, given)
    assert names == {("c", "s.2"): "SubnetA", ("c", "s.1"): "SubnetB", ("c", "l.9"): "LinkA", ("c", "l.8"): "LinkB"}
    rename(given, names)
    assert data(given.components["c"].resources["LinkA"].properties) == {"SubnetId": "${c.SubnetA.Ref}"}


def test_what_is_left_over_keeps_its_name() -> None:
    wanted, given = Program("dev", {"c": Component("c")}), Program("dev", {"c": Component("c")})
    for name in ("q.1", "q.2"):
        given.components["c"].resources[name] = Resource(
            "c", name, "AWS::SQS::Queue", located({"QueueName": name}, None)
        )
    wanted.components["c"].resources["Q"] = Resource("c", "Q", "AWS::SQS::Queue", located({"QueueName": "q.2"}, None))
    assert matched(wanted, given) == {("c", "q.2"): "Q"}


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ('jsonencode({ a = 1, b = "x" })', None),
        ('jsonencode({ a = "<aws.scheduler.execution-id>" })', "< >"),
        ('jsonencode([{ "a&b" = "x" }])', "&"),
        ('replace(jsonencode({ a = "<x>" }), "\\\\u003c", "<")', ">"),
        ('replace(replace(jsonencode({ a = "<x>" }), "\\\\u003c", "<"), "\\\\u003e", ">")', None),
    ],
)
def test_the_scheduler_reads_its_keywords_in_the_text(tmp_path: Path, text: str, escaped: str | None) -> None:
    found, program = one(
        tmp_path, f'resource "aws_scheduler_schedule" "x" {{\n  target {{\n    input = {text}\n  }}\n}}\n'
    )
    assert program.problems == []
    assert data(found.properties).get("(escaped in Target.Input)") == escaped


@pytest.mark.parametrize(
    ("wanted", "blocks", "names"),
    [
        (["/dev/xvda"], "root_block_device { volume_size = 8 }", ["/dev/xvda"]),
        (["/dev/sda1"], "root_block_device { volume_size = 8 }", ["/dev/sda1"]),
        (
            ["/dev/sda1", "/dev/sdf"],
            'root_block_device { volume_size = 8 }\n  ebs_block_device {\n    device_name = "/dev/sdf"\n  }',
            ["/dev/sda1", "/dev/sdf"],
        ),
        # Which of two it is, nobody knows.
        (["/dev/sda1", "/dev/sdf"], "root_block_device { volume_size = 8 }", ["/dev/xvda"]),
        ([], "root_block_device { volume_size = 8 }", ["/dev/xvda"]),
    ],
)
def test_root_volumes_have_the_name_that_the_image_gives(
    tmp_path: Path, wanted: list[str], blocks: str, names: list[str]
) -> None:
    program = normalise(convert(tmp_path, f'resource "aws_instance" "x" {{\n  {blocks}\n}}\n'))
    mappings = [{"DeviceName": name} for name in wanted]
    graph = Component("m")
    graph.resources["aws_instance.x"] = Resource(
        "m", "aws_instance.x", "AWS::EC2::Instance", located({"BlockDeviceMappings": mappings}, None)
    )
    name_root_devices(normalise(Program("dev", {"m": graph})), program)
    found = data(program.components["m"].resources["aws_instance.x"].properties)["BlockDeviceMappings"]
    assert [one["DeviceName"] for one in found] == names

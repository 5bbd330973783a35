"""What Terraform programs say: modules, their wiring, roots, secrets, refusals."""

from __future__ import annotations

import re

import pytest
from support import ROOT, errors, one
from support_tfmod import block, emit, files

from lenie.compiler.pipeline import compile_spec

QUEUE_POLICY = '{Version: "2012-10-17", Statement: [{Effect: Deny, Principal: "*", Action: "sqs:*", Resource: "*"}]}'

DATABASE = one(
    """
    net: {kind: network, cidr: 10.0.0.0/16, subnets: {data: {cidrs: [10.0.1.0/24, 10.0.2.0/24]}}}
    password: {kind: secret, generate: {username: demo}, description: d}
    store:
      kind: database
      engine: postgres 17
      class: db.t4g.micro
      hours: 10
      storage: 20GB
      name: demo
      credentials: password
      subnets: net.data
      ingress: [door]
    door: {kind: security-group, network: net, description: d}
    """
)


def raw(type_name: str, properties: str) -> str:
    return one(f"thing: {{kind: cloudformation, type: '{type_name}', properties: {{{properties}}}}}\n")


def test_values_cross_modules() -> None:
    found = files(
        """
        first: {layer: base, resources: {inbox: {kind: queue}}}
        second: {layer: base, resources: {copy: {kind: parameter, path: copy, value: "${inbox.url}"}}}
        """
    )
    assert block(found["modules/first/outputs.tf"], 'output "sqs_inbox_url"').count("aws_sqs_queue.inbox.url") == 1
    assert "sqs_inbox_url = module.first.sqs_inbox_url" in block(found["main.tf"], 'module "second"')
    assert "insecure_value = var.sqs_inbox_url" in found["modules/second/main.tf"]
    assert 'variable "sqs_inbox_url"' not in found["variables.tf"]


def test_values_of_what_is_not_covered_come_from_ssm() -> None:
    found = files(
        """
        first: {layer: base, resources: {inbox: {kind: queue}}}
        second: {layer: base, resources: {copy: {kind: parameter, path: copy, value: "${inbox.url}"}}}
        """,
        scope="default",
        coverage={"tf": ["second"]},
    )
    assert not [path for path in found if path.startswith("modules/first")]
    data = block(found["main.tf"], 'data "aws_ssm_parameter" "sqs_inbox_url"')
    assert 'name = "/demo/${var.environment}/sqs/inbox/url"' in data
    assert "sqs_inbox_url = data.aws_ssm_parameter.sqs_inbox_url.insecure_value" in found["main.tf"]
    assert "read from SSM, where they publish them: `first`" in found["README.md"]


def test_shared_components_have_roots_of_their_own() -> None:
    found = files(
        """
        shared:
          layer: base
          scope: account
          resources: {cost: {kind: budget, limit: 5 USD, email: a@example.com, alerts: [actual > 50%]}}
        own: {layer: base, after: [shared], resources: {inbox: {kind: queue}}}
        """
    )
    assert 'source = "../modules/shared"' in found["account/main.tf"]
    assert "Environment" not in found["account/providers.tf"]
    assert "Environment = var.environment" in found["providers.tf"]
    assert "module.shared" not in found["main.tf"]
    assert "Apply `account/` first" in found["README.md"]


def test_after_is_an_order() -> None:
    found = files(
        """
        first: {layer: base, resources: {inbox: {kind: queue}}}
        second: {layer: base, after: [first], resources: {outbox: {kind: queue}}}
        """
    )
    assert "depends_on = [module.first]" in block(found["main.tf"], 'module "second"')


def test_a_field_that_names_a_resource_is_an_order() -> None:
    run = compile_spec(ROOT / "spec" / "lenie.yaml", ("tf",), scope="all")
    frontend = block(run.outputs["tf"]["main.tf"], 'module "amplify_frontend"')
    assert re.search(r"depends_on = \[.*module.domain_route53", frontend)


def test_variables_are_checked_at_the_root() -> None:
    found = files(
        one("copy: {kind: parameter, path: copy, value: '${param.net} ${param.mail} ${param.count} ${env.domain}'}\n"),
        parameters={
            "net": {"type": "cidr", "default": "203.0.113.0/24", "description": "The net"},
            "mail": {"type": "email", "default": "a@example.com", "description": "Who"},
            "count": {"type": "number", "default": 3, "description": "How many", "values": {"prod": 5}},
        },
    )
    net = block(found["variables.tf"], 'variable "net"')
    assert 'default     = "203.0.113.0/24"' in net
    assert re.search(r"can\(regex\(.*, var.net\)\)", net)
    assert "sensitive   = true" in block(found["variables.tf"], 'variable "mail"')
    # `count` is an argument of every module.
    assert "type        = number" in block(found["variables.tf"], 'variable "count_parameter"')
    assert 'contains(["dev", "prod"], var.environment)' in found["variables.tf"]
    assert "validation" not in found["modules/main/variables.tf"]
    assert "count_parameter = 5" in found["environments/prod.tfvars"]
    assert 'domain          = "example.com"' in found["environments/prod.tfvars"]


def test_one_environment_has_no_variables() -> None:
    run = compile_spec(ROOT / "tests" / "cases" / "buckets" / "spec.yaml", ("tf",), environment="prod", scope="all")
    text = "\n".join(run.outputs["tf"].values())
    assert "var." not in text
    assert 'Environment = "prod"' in text


def test_secrets_stay_out_of_the_state() -> None:
    found = files(DATABASE)
    main = found["modules/main/main.tf"]
    version = block(main, 'resource "aws_secretsmanager_secret_version"')
    assert re.search(r"secret_string_wo = .*\n.*\n.*ephemeral.aws_secretsmanager_random_password.password", version)
    store = block(main, 'resource "aws_db_instance"')
    secret = "ephemeral.aws_secretsmanager_secret_version.password.secret_string"
    assert re.search(r"password_wo += " + re.escape(f'jsondecode({secret})["password"]'), store)
    assert not re.search(r"^  (password|secret_string) +=", main, re.MULTILINE)


def test_what_outlives_its_stack_is_protected() -> None:
    main = files(one("keep: {kind: bucket}\nkeys: {kind: secret, fields: [token], description: d}\n"))[
        "modules/main/main.tf"
    ]
    for start in ('resource "aws_s3_bucket" "keep"', 'resource "aws_secretsmanager_secret" "keys"'):
        assert "prevent_destroy = true" in block(main, start)


def test_a_reference_waits_for_all_parts() -> None:
    found = files(
        one("assets: {kind: bucket}\n")
        + "next: {layer: base, resources: {copy: {kind: parameter, path: copy, value: '${assets.arn}'}}}\n"
    )
    parts = ["public_access_block", "ownership_controls", "server_side_encryption_configuration"]
    policy = block(found["modules/main/main.tf"], 'resource "aws_s3_bucket_policy"')
    output = block(found["modules/main/outputs.tf"], "output")
    for part in parts:
        assert f"aws_s3_bucket_{part}.assets" in policy
        assert f"aws_s3_bucket_{part}.assets" in output


@pytest.mark.parametrize(
    ("type_name", "properties", "message"),
    [
        ("AWS::SQS::Queue", "ContentBasedDeduplication: [1]", "wants true or false here"),
        ("AWS::SQS::Queue", "DelaySeconds: soon", "a number is wanted here"),
        ("AWS::SNS::Topic", "ArchivePolicy: {MessageRetentionPeriod: 3}", "wants a text here"),
        ("AWS::Route53::RecordSet", "Name: a.example.com, Type: A", "aws_route53_record needs zone_id"),
        ("AWS::CloudWatch::Alarm", "Dimensions: [{Name: a, Value: b}, {Name: a, Value: c}]", "each name once"),
        ("AWS::SQS::QueuePolicy", f"Queues: [], PolicyDocument: {QUEUE_POLICY}", "takes exactly one queue_url"),
        ("AWS::DynamoDB::Table", "KeySchema: [{AttributeName: a, KeyType: SORT}]", "a key has a HASH attribute"),
    ],
)
def test_what_terraform_cannot_say_is_an_error(type_name: str, properties: str, message: str) -> None:
    _, found = emit(raw(type_name, properties))
    assert [d.code for d in found if message in d.message] == ["E531"], found


def test_a_part_of_a_list_that_depends_on_a_parameter_is_refused_with_its_place() -> None:
    _, found = emit(raw("AWS::SNS::Topic", "DataProtectionPolicy: {Name: p}"))
    assert [(d.code, d.labels[0].span.line > 1) for d in found] == [("E531", True)]


def test_a_deployment_follows_its_body() -> None:
    run = compile_spec(ROOT / "spec" / "lenie.yaml", ("tf",), scope="all")
    main = run.outputs["tf"]["modules/api-gw-url-add/main.tf"]
    deployment = block(main, 'resource "aws_api_gateway_deployment"')
    assert "redeployment = sha1(aws_api_gateway_rest_api.add_from_chrome_extension.body)" in deployment
    assert "create_before_destroy = true" in deployment


def test_the_default_scope_is_what_the_spec_says() -> None:
    run = compile_spec(ROOT / "spec" / "lenie.yaml", ("tf",))
    modules = {path.split("/")[1] for path in run.outputs["tf"] if path.startswith("modules/")}
    assert modules == {"vpc", "bastion"}


def test_every_component_has_a_module_in_the_full_scope() -> None:
    run = compile_spec(ROOT / "spec" / "lenie.yaml", ("tf",), scope="all")
    assert run.graph is not None
    modules = {path.split("/")[1] for path in run.outputs["tf"] if path.startswith("modules/")}
    assert modules == set(run.graph.components)
    said = {(d.code, d.message.split(" ")[0]) for d in run.diagnostics if d.severity != "note"}
    assert said == {("W533", "AWS::Amplify::App.AccessToken"), ("W533", "AWS::Amplify::App.Repository")}


def test_a_secret_is_read_after_its_value_is_written() -> None:
    found = files(DATABASE)
    secret = block(found["modules/main/main.tf"], 'ephemeral "aws_secretsmanager_secret_version"')
    assert "depends_on = [aws_secretsmanager_secret_version.password]" in secret


def test_a_restored_database_is_not_replaced() -> None:
    snapshot = {"snapshot": {"type": "text", "default": "", "description": "d"}}
    store = DATABASE.replace("  subnets: net.data", "  snapshot: ${param.snapshot}\n      subnets: net.data")
    main = files(store, parameters=snapshot)["modules/main/main.tf"]
    assert "ignore_changes = [storage_encrypted]" in block(main, 'resource "aws_db_instance"')


def test_the_provider_is_as_new_as_what_it_has_to_take() -> None:
    assert '">= 5.99.1, < 7.0.0"' in files(one("a: {kind: queue, max-message: 20KB}\n"))["versions.tf"]
    # The provider's default for a queue is less than that of AWS, and older versions take no more.
    found = files(one("a: {kind: queue}\n"))
    assert "max_message_size           = 1048576" in found["modules/main/main.tf"]
    assert {'">= 6.8.0, < 7.0.0"' in found[path] for path in ("versions.tf", "modules/main/versions.tf")} == {True}


def test_one_subnet_has_the_address_that_it_has_among_others() -> None:
    groups = "{public: {cidrs: [10.0.1.0/24], public: true}, data: {cidrs: [10.0.2.0/24, 10.0.3.0/24]}}"
    main = files(one(f"net: {{kind: network, cidr: 10.0.0.0/16, subnets: {groups}}}\n"))["modules/main/main.tf"]
    assert 'for_each = toset(["a"])' in block(main, 'resource "aws_subnet" "net_public"')
    assert 'resource "aws_route_table" "net_public"' in main


@pytest.mark.parametrize(
    ("device", "expected"),
    [
        ("/dev/xvda", "root_block_device"),
        ("/dev/sda1", "root_block_device"),
        ("/dev/nvme0n1", "root_block_device"),
        ("/dev/sdf", "ebs_block_device"),
        ("/dev/strange", ""),
    ],
)
def test_the_root_volume_is_told_apart(device: str, expected: str) -> None:
    volume = f"BlockDeviceMappings: [{{DeviceName: {device}, Ebs: {{VolumeSize: 8, Encrypted: true}}}}]"
    found, said = emit(raw("AWS::EC2::Instance", f"ImageId: ami-0123456789abcdef0, {volume}"))
    problems = [d.code for d in said if "root volume" in d.message]
    assert (problems, expected and f"{expected} {{" in found["modules/main/main.tf"]) == (
        ([], True) if expected else (["E531"], "")
    )


def test_a_group_without_rules_lets_everything_out() -> None:
    main = emit(raw("AWS::EC2::SecurityGroup", "GroupDescription: d, VpcId: vpc-0123456789abcdef0"))[0]
    rule = block(main["modules/main/main.tf"], 'resource "aws_vpc_security_group_egress_rule"')
    assert re.search(r'ip_protocol +=\s"-1"\n\s+cidr_ipv4 +=\s"0.0.0.0/0"', rule)


def test_the_provider_gets_the_arn_of_a_key() -> None:
    components = one(
        """
        key: {kind: cloudformation, type: "AWS::KMS::Key", properties: {EnableKeyRotation: true}}
        table:
          kind: cloudformation
          type: AWS::DynamoDB::Table
          properties:
            BillingMode: PAY_PER_REQUEST
            AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
            KeySchema: [{AttributeName: id, KeyType: HASH}]
            TableName: "t-${env.name}"
            SSESpecification: {SSEEnabled: true, SSEType: KMS, KMSMasterKeyId: "${key.ref}"}
        """
    )
    found, _ = emit(components.replace("SSEType: KMS, ", ""))
    assert "kms_key_arn = aws_kms_key.key_resource.arn" in found["modules/main/main.tf"]


def test_the_scheduler_gets_its_keywords_as_they_stand() -> None:
    main = files(
        one(
            """
            artifacts: {kind: bucket, purpose: artifacts}
            work: {kind: function}
            nightly: {kind: schedule, target: work, cron: 0 5 * * ? *, input: {id: "<aws.scheduler.execution-id>"}}
            """
        ),
        code="tests/cases/function/code",
        defaults={
            "function": {
                "runtime": "python3.13",
                "bucket": "artifacts",
                "timeout": "10s",
                "logs": "14d",
                "code": "greet",
            }
        },
    )["modules/main/main.tf"]
    assert r'"\\u003e", ">")' in block(main, 'resource "aws_scheduler_schedule"')


def test_what_an_address_goes_into_is_sensitive() -> None:
    found = files(
        """
        first: {layer: base, resources: {p: {kind: parameter, path: p, value: "${param.mail}"}}}
        second: {layer: base, resources: {q: {kind: parameter, path: q, value: "${p.value}"}}}
        third: {layer: base, resources: {r: {kind: parameter, path: r, value: "${q.value}"}}}
        """,
        parameters={"mail": {"type": "email", "default": "a@example.com", "description": "Who"}},
    )
    for path in ("modules/first/outputs.tf", "modules/second/outputs.tf", "outputs.tf"):
        outputs = found[path].count('output "')
        assert found[path].count("sensitive   = true") == outputs, path


def test_what_others_refer_to_is_made_before_the_old_one_goes() -> None:
    main = files(DATABASE)["modules/main/main.tf"]
    for start in ("aws_security_group", "aws_db_parameter_group", "aws_db_subnet_group"):
        assert "create_before_destroy = true" in block(main, f'resource "{start}"')
    assert 'apply_method = "pending-reboot"' in main


@pytest.mark.parametrize(
    ("type_name", "properties", "expected"),
    [
        ("AWS::SQS::Queue", 'RedrivePolicy: \'{"a": "${env.name}"}\'', '"{\\"a\\": \\"${var.environment}\\"}"'),
        ("AWS::SQS::Queue", "RedrivePolicy: {a: '${env.name}'}", "jsonencode({"),
    ],
)
def test_a_document_is_encoded_once(type_name: str, properties: str, expected: str) -> None:
    found, _ = emit(raw(type_name, properties))
    assert re.search(r"redrive_policy +=\s" + re.escape(expected), found["modules/main/main.tf"])


def test_what_functions_make_fits_the_schema_too() -> None:
    table = (
        "TableName: 't-${env.name}', BillingMode: PAY_PER_REQUEST, "
        "AttributeDefinitions: [{AttributeName: a, AttributeType: S}, {AttributeName: b, AttributeType: S}], "
        "KeySchema: [{AttributeName: a, KeyType: HASH}, {AttributeName: b, KeyType: RANGE}], "
        "LocalSecondaryIndexes: [{IndexName: i, Projection: {ProjectionType: ALL}, "
        "KeySchema: [{AttributeName: a, KeyType: HASH}, {AttributeName: b, KeyType: RANGE}]}]"
    )
    found, said = emit(raw("AWS::DynamoDB::Table", table))
    assert [d for d in said if d.code == "E531"] == []
    index = found["modules/main/main.tf"].partition("local_secondary_index {")[2].partition("}")[0]
    assert "hash_key" not in index
    assert 'range_key       = "b"' in index


def test_a_block_that_lacks_an_argument_is_an_error() -> None:
    _, found = emit(raw("AWS::RDS::DBParameterGroup", "Family: postgres17, Description: d, Parameters: {a: ''}"))
    assert [d for d in found if d.code == "E531"] == []
    lacking = (
        "FlexibleTimeWindow: {MaximumWindowInMinutes: 5}, Target: {Arn: a, RoleArn: b}, ScheduleExpression: rate(1 day)"
    )
    _, found = emit(raw("AWS::Scheduler::Schedule", lacking))
    assert [d.message for d in found if d.code == "E531"] == [
        "flexible_time_window of aws_scheduler_schedule needs mode, which no property gives"
    ]


def test_versions_of_secrets_follow_what_they_are_made_of() -> None:
    def version(text: str) -> str:
        found = re.search(r"secret_string_wo_version = (\d+)", text)
        assert found is not None
        return found[1]

    before = files(DATABASE)["modules/main/main.tf"]
    after = files(DATABASE.replace("username: demo", "username: other"))["modules/main/main.tf"]
    assert version(before) != version(after)
    number = "parseint(substr(sha1(aws_secretsmanager_secret.password.arn), 0, 7), 16)"
    assert re.search(r"password_wo_version += " + re.escape(number), before)


def test_who_gets_a_subnet_waits_for_its_way_out() -> None:
    subnets = "{public: {cidrs: [10.0.1.0/24], public: true}}"
    net = f"{{kind: network, cidr: 10.0.0.0/16, subnets: {subnets}, endpoints: [s3], publish: [public-a]}}"
    found = files(one(f"net: {net}\n"))["modules/main/outputs.tf"]
    output = block(found, "output")
    for name in (
        "aws_route.net_public",
        "aws_route_table_association.net_public",
        "aws_internet_gateway_attachment.net",
        "aws_vpc_endpoint.net_s3",
    ):
        assert name in output


def test_tags_that_are_no_tags_are_refused() -> None:
    found = errors(raw("AWS::SQS::Queue", "Tags: text"))
    assert [(code, message) for code, message, _, _ in found] == [("E203", "tags are a list, or a map")]


@pytest.mark.parametrize(
    ("properties", "wanted"),
    [
        ("DelaySeconds: '${param.word}'", "a number"),
        ("MessageRetentionPeriod: '${env.name}'", "a number"),
        ("VisibilityTimeout: '${env.on}'", "a number"),
        ("FifoQueue: '${param.count}'", "true or false"),
        ("DelaySeconds: '${param.count}', FifoQueue: '${env.on}', KmsMasterKeyId: '${param.count}'", ""),
    ],
)
def test_what_is_given_has_the_type_of_the_argument(properties: str, wanted: str) -> None:
    """Terraform would say so at the plan only."""
    _, found = emit(
        raw("AWS::SQS::Queue", properties),
        environments={"dev": {"on": True}, "prod": {"on": False}},
        parameters={
            "word": {"type": "text", "default": "x", "description": "d"},
            "count": {"type": "number", "default": 5, "description": "d"},
        },
    )
    assert [(one.code, one.message) for one in found] == (
        [("E531", f"aws_sqs_queue wants {wanted} here")] if wanted else []
    )

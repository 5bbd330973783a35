"""Deployments of a small project to an emulator, through the interface for programs."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from deploy_world import COMPONENTS, World, states

from lenie.compiler.aws import Account
from lenie.compiler.console import Usage
from lenie.compiler.deploy.destroy import destroy_cloudformation
from lenie.compiler.deploy.engine import deploy_cloudformation
from lenie.compiler.deploy.model import Options, Result
from lenie.compiler.diagnostics import SpecError


def codes(result: Result) -> list[str]:
    return [found.code for found in result.errors]


def destroy(world: World, environment: str = "dev", **options: Any) -> Result:
    account = Account("us-east-1", world.emulator.url, 3)
    return destroy_cloudformation(world.compiled(environment), environment, account, Options(**options))


def complete(environment: str = "dev", state: str = "CREATE_COMPLETE") -> dict[str, str]:
    return {f"demo-{environment}-{name}": state for name in COMPONENTS}


def test_everything_is_created_in_order(world: World) -> None:
    result = world.deploy()
    assert not result.errors, result.errors
    assert result.complete
    assert states(result) == {**dict.fromkeys(COMPONENTS, "created"), "(packages)": "done"}
    assert [row.name for row in result.rows if row.name != "(packages)"] == COMPONENTS
    assert world.stacks() == complete()
    assert (result.account, result.region, result.environment) == ("123456789012", "us-east-1", "dev")
    function = world.client("lambda").get_function(FunctionName="demo-dev-count")
    queue = world.client("sqs").get_queue_url(QueueName="demo-dev-documents")["QueueUrl"]
    assert function["Configuration"]["Environment"]["Variables"] == {"QUEUE": queue}
    assert "(packages)" in states(result)
    [note] = [note for row in result.rows for note in row.notes]
    assert note == "1 of 1 packages uploaded"


def test_layers_are_deployed_one_after_the_other(world: World) -> None:
    world.deploy()
    begun = {s["StackName"]: s["CreationTime"] for s in world.client("cloudformation").describe_stacks()["Stacks"]}
    layers = [["artifacts", "settings"], ["intake", "problems", "archive"], ["work"]]
    times = [[begun[f"demo-dev-{name}"] for name in layer] for layer in layers]
    assert max(times[0]) < min(times[1])
    assert max(times[1]) < min(times[2])
    assert begun["demo-dev-problems"] < begun["demo-dev-intake"], "whose dead-letter queue it is"


def test_nothing_to_do(world: World) -> None:
    world.deploy()
    again = world.deploy()
    assert states(again) == {**dict.fromkeys(COMPONENTS, "unchanged"), "(packages)": "done"}
    assert world.stacks() == complete()
    sets = world.client("cloudformation").list_change_sets(StackName="demo-dev-intake")["Summaries"]
    assert sets == [], "no change set is left"


def test_only_what_changed_is_updated(world: World) -> None:
    world.deploy()
    world.edit("problems: {kind: queue, retention: 14d}", "problems: {kind: queue, retention: 13d}")
    # The redrive policy asks for messages that live longer there.
    world.edit("documents: {kind: queue, retention: 14d", "documents: {kind: queue, retention: 4d")
    result = world.deploy()
    changed = {name for name, state in states(result).items() if state == "updated"}
    assert changed == {"problems", "intake"}
    url = world.client("sqs").get_queue_url(QueueName="demo-dev-problems")["QueueUrl"]
    found = world.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["MessageRetentionPeriod"])
    assert found["Attributes"] == {"MessageRetentionPeriod": str(13 * 86400)}


def test_new_code_is_uploaded_and_deployed(world: World) -> None:
    world.deploy()
    before = world.client("lambda").get_function_configuration(FunctionName="demo-dev-count")["CodeSha256"]
    world.code("count", "def lambda_handler(event, context):\n    return 2\n")
    result = world.deploy()
    assert [name for name, state in states(result).items() if state == "updated"] == ["work"]
    after = world.client("lambda").get_function_configuration(FunctionName="demo-dev-count")["CodeSha256"]
    assert before != after


def test_a_package_that_cannot_be_built_changes_nothing(world: World) -> None:
    def build(names: tuple[str, ...]) -> Any:
        assert names == ("count",)
        raise OSError("no space")

    with pytest.raises(OSError, match="no space"):
        world.deploy(build=build)
    assert world.stacks() == {}


def test_some_components(world: World) -> None:
    result = world.deploy(names=("problems", "intake"))
    assert states(result) == {"problems": "created", "intake": "created"}
    assert set(world.stacks()) == {"demo-dev-problems", "demo-dev-intake"}


def test_whoever_has_read_another_value_is_told(world: World) -> None:
    """A stack reads the values of others when it is deployed, and not when they change."""
    reader = '{kind: parameter, path: reader, value: "${retries.value}", description: It}'
    world.edit("      archive: {kind: table, key: {pk: string}}", f"      archive: {reader}")
    world.deploy()
    world.edit('path: retries, value: "${param.retries}"', 'path: retries, value: "9"')
    result = world.deploy(names=("settings",))
    assert result.notes == [
        "archive has read /demo/dev/retries before, which has another value now: lenie deploy --env dev archive"
    ]
    assert states(world.deploy(names=("archive",)))["archive"] == "updated"
    assert world.deploy(names=("settings",)).notes == []


def test_what_others_have_to_provide_must_be_there(world: World) -> None:
    result = world.deploy(names=("intake", "work"))
    assert codes(result) == ["E651"] * 3
    assert [found.message for found in result.errors] == [
        "intake needs problems, which is not deployed",
        "work needs artifacts, which is not deployed",
        "work needs archive, which is not deployed",
    ]
    assert (result.rows, world.stacks()) == ([], {})
    world.deploy(names=("problems",))
    assert world.deploy(names=("intake",)).complete


def test_a_value_that_is_not_published_is_missed_before(world: World) -> None:
    world.deploy(names=("problems",))
    world.client("ssm").delete_parameter(Name="/demo/dev/sqs/problems/arn")
    result = world.deploy(names=("intake",))
    assert codes(result) == ["E651"]
    assert "intake reads /demo/dev/sqs/problems/arn, which problems is to publish" in result.errors[0].message
    assert set(world.stacks()) == {"demo-dev-problems"}


def test_unknown_names(world: World) -> None:
    with pytest.raises(Usage, match='no component "intak"'):
        world.deploy(names=("intak",))
    with pytest.raises(Usage, match='"budget" exists once for the whole account'):
        world.deploy(names=("budget",))
    account = Account("us-east-1", world.emulator.url)
    with pytest.raises(Usage, match='no environment "qa"'):
        deploy_cloudformation(world.compiled(), "qa", account)


def test_shared_components_come_with_a_flag_only(world: World) -> None:
    assert "budget" not in states(world.deploy())
    result = world.deploy(include=("account",))
    assert states(result)["budget"] == "created"
    assert "demo-budget" in world.stacks()


def test_a_no_changes_nothing(world: World) -> None:
    asked: list[str] = []

    def ask(question: str) -> bool:
        asked.append(question)
        return False

    result = world.deploy(ask=ask)
    assert states(result) == dict.fromkeys(COMPONENTS, "declined")
    assert not result.complete
    assert asked == ["Deploy 6 components (6 new) to dev in account 123456789012, us-east-1?"]
    assert world.stacks() == {}


# ---- failures --------------------------------------------------------------------------------------------------------


def test_a_failure_is_shown_at_its_line_and_mended(world: World) -> None:
    """The name is taken after it was looked for: as when somebody is faster."""
    world.edit(
        "      archive: {kind: table, key: {pk: string}}",
        '      archive: {kind: cloudformation, type: AWS::IAM::Role, properties: {RoleName: "demo-${env.name}-role", '
        'AssumeRolePolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Action: "sts:AssumeRole", '
        "Principal: {Service: lambda.amazonaws.com}}]}, ManagedPolicyArns: "
        '["arn:aws:iam::aws:policy/NoSuchPolicy"]}}',
    )
    result = world.deploy()
    assert states(result) == {
        "artifacts": "created",
        "settings": "created",
        "(packages)": "done",
        "problems": "created",
        "archive": "failed",
        "intake": states(result)["intake"],
        "work": "not begun",
    }
    [found] = result.errors
    assert found.code == "E660"
    assert "archive could not be created: " in found.message
    assert "NoSuchPolicy" in found.message
    text = world.spec.read_text().splitlines()[found.labels[0].span.line - 1]
    assert "NoSuchPolicy" in text
    assert world.stacks()["demo-dev-archive"] == "ROLLBACK_COMPLETE"
    world.edit("policy/NoSuchPolicy", "policy/ReadOnlyAccess")
    again = world.deploy()
    assert again.complete, again.errors
    assert states(again)["archive"] == "created"
    assert world.stacks() == complete()
    [note] = [note for row in again.rows for note in row.notes if row.name == "archive"]
    assert note.startswith("an earlier creation had failed (ROLLBACK_COMPLETE): ArchiveResource: ")


def test_an_update_that_fails_leaves_what_was(world: World) -> None:
    world.edit(
        "      archive: {kind: table, key: {pk: string}}",
        "      archive: {kind: cloudformation, type: AWS::SSM::Parameter, "
        'properties: {Name: "/demo/${env.name}/one", Type: String, Value: first}}',
    )
    assert world.deploy().complete
    world.client("ssm").put_parameter(Name="/demo/dev/two", Type="String", Value="somebody's")
    world.edit("/${env.name}/one", "/${env.name}/two")
    result = world.deploy()
    assert states(result)["archive"] == "failed"
    assert codes(result) == ["E660"]
    assert world.stacks()["demo-dev-archive"] == "UPDATE_ROLLBACK_COMPLETE"
    assert world.client("ssm").get_parameter(Name="/demo/dev/one")["Parameter"]["Value"] == "first"
    assert world.client("ssm").get_parameter(Name="/demo/dev/two")["Parameter"]["Value"] == "somebody's"
    failed = world.run("status", "--env", "dev", "--check", "archive")
    assert (failed.code, "differs: template" in failed.out) == (2, True)
    world.edit("/${env.name}/two", "/${env.name}/one")
    assert states(world.deploy())["archive"] == "unchanged"
    rolled_back = world.run("status", "--env", "dev", "--check", "archive")
    assert (rolled_back.code, "UPDATE_ROLLBACK_COMPLETE" in rolled_back.out) == (0, True), "nothing is left to be done"
    world.edit("/${env.name}/one", "/${env.name}/two")
    world.client("ssm").delete_parameter(Name="/demo/dev/two")
    again = world.deploy()
    assert (again.complete, states(again)["archive"]) == (True, "updated")
    assert world.client("ssm").get_parameter(Name="/demo/dev/two")["Parameter"]["Value"] == "first"


def test_what_an_update_leaves_is_told(world: World) -> None:
    """What is kept when it is replaced or leaves the spec is in no stack any more, and nobody would know."""
    world.deploy()
    other = 'archive: {kind: table, name: "demo-two-${env.name}", key: {pk: string}}'
    world.edit("archive: {kind: table, key: {pk: string}}", other)
    replaced = [note for row in world.deploy().rows for note in row.notes if row.name == "archive"]
    kept = "stays, as its deletion policy wants it, and is in no stack any more"
    assert replaced == [f"AWS::DynamoDB::Table demo-dev-archive {kept}"]
    world.edit(other, "archive: {kind: queue}")
    removed = [note for row in world.deploy().rows for note in row.notes if row.name == "archive"]
    assert removed == [f"AWS::DynamoDB::Table demo-two-dev {kept}"]
    assert world.client("dynamodb").list_tables()["TableNames"] == ["demo-dev-archive", "demo-two-dev"]


def test_names_that_are_taken_are_told_before_anything_is_changed(world: World) -> None:
    world.client("sqs").create_queue(QueueName="demo-dev-documents")
    world.client("s3").create_bucket(Bucket="demo-dev-artifacts")
    world.client("dynamodb").create_table(
        TableName="demo-dev-archive",
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    world.client("logs").create_log_group(logGroupName="/aws/lambda/demo-dev-count")
    world.client("logs").create_log_group(logGroupName="/aws/lambda/demo-dev-count-too")
    world.client("ssm").put_parameter(Name="/demo/dev/retries", Type="String", Value="5")
    result = world.deploy()
    assert [found.message.partition(" would be ")[2] for found in result.errors] == [
        '"demo-dev-artifacts", which exists already',
        '"/demo/dev/retries", which exists already',
        '"demo-dev-documents", which exists already',
        '"demo-dev-archive", which exists already',
        '"/aws/lambda/demo-dev-count", which exists already',
    ]
    assert codes(result) == ["E652"] * 5
    lines = world.spec.read_text().splitlines()
    assert [lines[found.labels[0].span.line - 1].split(":")[0].strip() for found in result.errors] == [
        "artifacts",
        "retries",
        "documents",
        "archive",
        "count",
    ]
    assert world.stacks() == {}


def test_names_that_nobody_may_look_for(world: World) -> None:
    """A role that may deploy need not be one that may look at everything."""
    world.emulator.fault("dynamodb", 1, "deny", ("DescribeTable",))
    world.client("sqs").create_queue(QueueName="demo-dev-documents")
    result = world.deploy()
    assert codes(result) == ["E652"]
    note = "whether the names of new resources are free is not known for AWS::DynamoDB::Table: AWS denies looking"
    assert result.notes == [note]


def test_a_secret_that_is_scheduled_for_deletion_holds_its_name(world: World) -> None:
    world.edit(
        "      archive: {kind: table, key: {pk: string}}",
        "      archive: {kind: table, key: {pk: string}}\n      login: {kind: secret, fields: [token]}",
    )
    secrets = world.client("secretsmanager")
    secrets.create_secret(Name="demo-dev-login", SecretString="x")
    secrets.delete_secret(SecretId="demo-dev-login", RecoveryWindowInDays=7)
    result = world.deploy()
    [found] = result.errors
    assert found.message.endswith(
        "which exists already, and is scheduled for deletion: its name is free only after that"
    )


# ---- production ------------------------------------------------------------------------------------------------------


def test_production_is_protected_from_deletion(world: World) -> None:
    result = world.deploy("prod")
    assert result.complete, result.errors
    stacks = world.client("cloudformation").describe_stacks()["Stacks"]
    assert all(stack["EnableTerminationProtection"] for stack in stacks)
    world.deploy("dev")
    stacks = world.client("cloudformation").describe_stacks()["Stacks"]
    protected = {stack["StackName"] for stack in stacks if stack["EnableTerminationProtection"]}
    assert protected == {f"demo-prod-{name}" for name in COMPONENTS}


def test_a_replacement_in_production_is_refused(world: World) -> None:
    """A parameter of another name is another parameter."""
    world.deploy("dev")
    world.deploy("prod")
    world.edit("path: retries", "path: tries")
    result = world.deploy("prod")
    assert states(result)["settings"] == "failed"
    [found] = result.errors
    assert found.code == "E662"
    assert "settings: the change would replace a resource of production: RetriesParameter (Name)" in found.message
    assert world.spec.read_text().splitlines()[found.labels[0].span.line - 1].strip().startswith("retries:")
    assert "add --allow-replacement" in found.help
    ssm = world.client("ssm")
    assert ssm.get_parameter(Name="/demo/prod/retries")
    assert world.stacks() == {**complete("dev"), **complete("prod")}
    sets = world.client("cloudformation").list_change_sets(StackName="demo-prod-settings")["Summaries"]
    assert sets == []
    # Elsewhere it is done, and with the flag in production, too.
    elsewhere = world.deploy("dev")
    assert states(elsewhere)["settings"] == "updated", elsewhere.errors
    assert states(world.deploy("prod", allow_replacement=True))["settings"] == "updated"
    assert ssm.get_parameter(Name="/demo/prod/tries")


# ---- what stands around ----------------------------------------------------------------------------------------------


def _large() -> str:
    """Return resources whose template is too large to be handed over."""
    form = "      t{}: {{kind: parameter, path: t{}, value: {}, description: A long text}}\n"
    return "".join(form.format(number, number, "x" * 4000) for number in range(13))


def test_a_large_template_goes_through_the_bucket(world: World) -> None:
    head = "  archive:\n    layer: storage\n    resources:\n"
    world.edit(head, head + _large())
    result = world.deploy()
    assert result.complete, result.errors
    objects = world.client("s3").list_objects_v2(Bucket="demo-dev-artifacts", Prefix="templates/")["Contents"]
    assert [one["Size"] > 51_200 for one in objects] == [True]
    assert world.deploy().complete


def test_a_large_template_without_a_bucket(world: World) -> None:
    text = world.spec.read_text()
    head = text[: text.index("components:")]
    world.spec.write_text(f"{head}components:\n  archive:\n    layer: storage\n    resources:\n{_large()}")
    with pytest.raises(SpecError, match="above 51200 it is deployed from a bucket, and the spec has none") as raised:
        world.deploy()
    assert raised.value.diagnostic.code == "E654"


def test_a_large_template_waits_for_its_bucket(world: World) -> None:
    """In the layer of the bucket nothing else orders them."""
    head = "  settings:\n    layer: base\n    resources:\n"
    world.edit(head, head + _large())
    result = world.deploy()
    assert result.complete, result.errors
    begun = {s["StackName"]: s["CreationTime"] for s in world.client("cloudformation").describe_stacks()["Stacks"]}
    assert begun["demo-dev-artifacts"] < begun["demo-dev-settings"]


def test_a_large_template_before_its_bucket(world: World) -> None:
    text = world.spec.read_text()
    early = f"  early:\n    layer: shared\n    resources:\n{_large()}"
    world.spec.write_text(text + early)
    result = world.deploy()
    assert codes(result) == ["E654"]
    assert "and that of artifacts is not there before it" in result.errors[0].message
    assert result.errors[0].help == "deploy it first: lenie deploy --env dev artifacts"
    assert world.stacks() == {}
    assert world.deploy(names=("artifacts",)).complete
    assert world.deploy().complete
    head = "      artifacts: {kind: bucket, purpose: artifacts, publish: [name]}\n"
    world.spec.write_text(text.replace(head, head + _large()).replace("project: demo", "project: other"))
    own = world.deploy()
    assert codes(own) == ["E654"]
    assert own.errors[0].help == "move the bucket to a component of its own"


def test_a_large_template_and_a_bucket_that_is_not_published(world: World) -> None:
    text = world.spec.read_text()
    bucket = "  artifacts:\n    layer: base\n    resources:\n      artifacts: {kind: bucket, purpose: artifacts}\n"
    head = f"{text[: text.index('components:')]}components:\n{bucket}"
    world.spec.write_text(f"{head}  archive:\n    layer: storage\n    resources:\n{_large()}")
    with pytest.raises(SpecError, match="the name of artifacts is not published") as raised:
        world.deploy()
    assert raised.value.diagnostic.code == "E654"


def test_a_secret_that_people_set(world: World) -> None:
    world.edit(
        '        environment: {QUEUE: "${documents.url}"}\n',
        '        environment: {QUEUE: "${documents.url}"}\n'
        "      raw:\n        kind: cloudformation\n        type: AWS::SSM::Parameter\n"
        '        properties: {Name: "/demo/${env.name}/raw", Type: String, Value: "${login.arn}"}\n',
    )
    world.edit(
        "      archive: {kind: table, key: {pk: string}}",
        "      archive: {kind: table, key: {pk: string}}\n      login: {kind: secret, fields: [token]}",
    )
    assert world.deploy().complete, "who reads no field of it can do without a value"
    given = {"login": json.dumps({"token": "t"})}
    filled = [note for row in world.deploy(secrets=given).rows for note in row.notes if row.name == "archive"]
    assert filled == ["the secret demo-dev-login has the value that was given for login"]
    value = world.client("secretsmanager").get_secret_value(SecretId="demo-dev-login")["SecretString"]
    assert value == given["login"]
    again = [note for row in world.deploy(secrets={"login": "no"}).rows for note in row.notes if row.name == "archive"]
    assert again == ["the secret demo-dev-login has a value already: the one that was given for login is not used"]
    with pytest.raises(Usage, match='the spec has no secret "logn" whose value people set'):
        world.deploy(secrets={"logn": "x"})


SITE = """
  front:
    layer: compute
    resources:
      login: {kind: secret, fields: [token]}
  site:
    layer: compute
    resources:
      site:
        kind: site
        description: Front end
        repository: https://github.com/example/demo
        token: ${login.token}
        branch: main
        build: {install: npm ci, run: npm run build, output: build}
        domain: www.example.com
        zone: zone
      zone: {kind: zone, domain: example.com}
"""


def test_a_field_of_a_secret_that_has_no_value(world: World) -> None:
    world.spec.write_text(world.spec.read_text() + SITE)
    result = world.deploy()
    assert (states(result)["front"], states(result)["site"]) == ("created", "failed")
    [found] = result.errors
    assert found.code == "E653"
    assert "site reads the secret demo-dev-login, which has no value yet" in found.message
    assert "--secret login=FILE" in found.help
    assert "demo-dev-site" not in world.stacks()
    again = world.deploy(secrets={"login": json.dumps({"token": "t"})})
    assert again.complete, again.errors
    assert states(again)["site"] == "created"
    # A value that is there stays.
    world.deploy(secrets={"login": json.dumps({"token": "another"})})
    value = world.client("secretsmanager").get_secret_value(SecretId="demo-dev-login")["SecretString"]
    assert json.loads(value) == {"token": "t"}


DATABASE = """
  rds:
    layer: compute
    resources:
      network:
        kind: network
        cidr: 10.0.0.0/16
        subnets:
          data: {cidrs: [10.0.5.0/24, 10.0.6.0/24]}
      login: {kind: secret, generate: {username: demo}}
      database:
        kind: database
        engine: postgres 17
        class: db.t3.micro
        hours: 1
        storage: 20GB
        name: demo
        credentials: login
        subnets: network.data
        ingress: [clients]
      clients: {kind: security-group, network: network, description: Whoever may connect}
"""


def test_a_stopped_database_is_started_before_a_change_that_needs_it(world: World) -> None:
    world.spec.write_text(world.spec.read_text() + DATABASE)
    assert world.deploy().complete
    rds = world.client("rds")

    def status() -> str:
        return str(
            rds.describe_db_instances(DBInstanceIdentifier="demo-dev-database")["DBInstances"][0]["DBInstanceStatus"]
        )

    def stop() -> None:
        rds.stop_db_instance(DBInstanceIdentifier="demo-dev-database")
        deadline = time.monotonic() + 60
        while status() != "stopped":
            assert time.monotonic() < deadline
            time.sleep(0.05)

    stop()
    assert states(world.deploy())["rds"] == "unchanged"
    assert status() == "stopped", "nothing of it changes"
    world.edit("storage: 20GB", "storage: 30GB")
    result = world.deploy()
    assert result.complete, result.errors
    assert states(result)["rds"] == "updated"
    notes = [note for row in result.rows for note in row.notes if row.name == "rds"]
    assert notes == ["the database demo-dev-database was stopped; it was started for this, and runs now"]
    assert status() == "available"
    # And before its deletion, which takes a last snapshot.
    stop()
    gone = destroy(world, names=("rds",))
    assert gone.complete, gone.errors
    [row] = gone.rows
    assert "a last snapshot of AWS::RDS::DBInstance demo-dev-database stays" in row.notes


ORGANIZATION = """
  organization:
    layer: shared
    scope: organization
    resources:
      organization: {kind: organization}
  guard:
    layer: shared
    after: [organization]
    scope: organization
    resources:
      guard: {kind: policy, name: Guard, description: Nothing at all, deny: ["sso:CreateInstance"], targets: []}
"""


def test_types_of_policies_are_enabled_between(world: World) -> None:
    text = ORGANIZATION.replace("targets: []", 'targets: "${param.units}"')
    world.spec.write_text(world.spec.read_text() + text)
    world.edit("parameters:\n", "parameters:\n  units: {type: list(text), default: [], description: Units}\n")
    result = world.deploy(include=("organization",))
    assert result.complete, result.errors
    assert (states(result)["organization"], states(result)["guard"]) == ("created", "created")
    [root] = world.client("organizations").list_roots()["Roots"]
    assert root["PolicyTypes"] == [{"Type": "SERVICE_CONTROL_POLICY", "Status": "ENABLED"}]
    [row] = [row for row in result.rows if row.name == "(policy types)"]
    assert row.notes == ("enabled: SERVICE_CONTROL_POLICY",)
    again = world.deploy(include=("organization",))
    [row] = [row for row in again.rows if row.name == "(policy types)"]
    assert row.notes == ("they are enabled",)


# ---- deletion --------------------------------------------------------------------------------------------------------


def test_everything_is_deleted_and_what_stays_is_told(world: World) -> None:
    world.deploy()
    world.client("s3").put_object(Bucket="demo-dev-artifacts", Key="x", Body=b"x")
    result = destroy(world)
    assert result.complete, result.errors
    assert states(result) == dict.fromkeys(COMPONENTS, "deleted")
    assert world.stacks() == {}
    notes = [note for row in result.rows for note in row.notes]
    assert notes == [
        "AWS::DynamoDB::Table demo-dev-archive stays, as the spec wants it",
        "AWS::S3::Bucket demo-dev-artifacts stays, as the spec wants it",
    ]
    assert world.client("s3").head_bucket(Bucket="demo-dev-artifacts")
    assert states(destroy(world)) == dict.fromkeys(COMPONENTS, "absent")


def test_what_others_need_is_not_deleted(world: World) -> None:
    world.deploy()
    result = destroy(world, names=("problems",))
    assert codes(result) == ["E664"]
    assert result.errors[0].message == "problems is needed by intake, which would stay"
    assert world.stacks() == complete()
    assert destroy(world, names=("problems", "intake", "work")).complete


def test_what_other_environments_need_is_not_deleted(world: World) -> None:
    world.edit("    after: [archive]\n", "    after: [archive, budget]\n")
    world.deploy(include=("account",))
    world.deploy("prod")
    refused = destroy(world, include=("account",), allow_replacement=True)
    assert codes(refused) == ["E664"]
    assert refused.errors[0].message == "budget is needed by work of prod, which would stay"
    assert "demo-budget" in world.stacks()
    assert destroy(world).complete, "without what is shared"
    assert destroy(world, "prod", include=("account",), allow_replacement=True).complete


def test_what_stands_in_the_way_of_a_deletion_is_told_before(world: World) -> None:
    world.edit(
        "      archive: {kind: table, key: {pk: string}}",
        "      archive: {kind: cloudformation, type: AWS::S3::Bucket, on-delete: delete, "
        'properties: {BucketName: "demo-${env.name}-raw"}}',
    )
    assert world.deploy().complete
    world.client("s3").put_object(Bucket="demo-dev-raw", Key="x", Body=b"x")
    result = destroy(world)
    assert codes(result) == ["E664"]
    assert "the bucket demo-dev-raw is not empty" in result.errors[0].message
    assert world.stacks() == complete()
    world.client("s3").delete_object(Bucket="demo-dev-raw", Key="x")
    assert destroy(world).complete


def test_protected_stacks_are_not_deleted(world: World) -> None:
    world.deploy("prod")
    result = destroy(world, "prod")
    assert codes(result) == ["E664"] * len(COMPONENTS)
    assert "add --lift-protection" in result.errors[0].help
    assert world.stacks() == complete("prod")
    assert destroy(world, "prod", allow_replacement=True).complete
    assert world.stacks() == {}


def test_a_deletion_that_is_declined(world: World) -> None:
    world.deploy()
    asked: list[str] = []

    def ask(question: str) -> bool:
        asked.append(question)
        return False

    result = destroy(world, ask=ask)
    assert states(result) == dict.fromkeys(COMPONENTS, "declined")
    assert asked == ["6 stacks of dev in account 123456789012, us-east-1, will be deleted."]
    assert world.stacks() == complete()


def test_a_component_that_leaves_the_spec(world: World) -> None:
    """Its stack is deployed all the same: nobody would know, if it were not told."""
    world.deploy()
    spec = world.spec.read_text(encoding="utf-8")
    world.edit(", dead-letter: {queue: problems, after: 5}", "")
    world.edit("  problems:\n    layer: storage\n    resources:\n      problems: {kind: queue, retention: 14d}\n", "")
    other = "a stack of somebody else, with a name that begins like ours"
    body = json.dumps({"Description": other, "Resources": {"T": {"Type": "AWS::SNS::Topic"}}})
    world.client("cloudformation").create_stack(StackName="demo-dev-other", TemplateBody=body)
    result = world.deploy()
    assert result.complete
    said = "the stack demo-dev-problems is deployed, and the spec has no component problems: "
    assert result.notes == [f"{said}lenie destroy --env dev problems deletes it"]

    status = world.run("status", "--env", "dev", "--check")
    assert status.code == 2, status.err
    assert "problems   CREATE_COMPLETE" in status.out
    assert "differs: not in the spec" in status.out
    assert "5 of 6 as the spec has them" in status.out
    assert world.run("status", "--env", "dev", "--check", "intake").code == 0

    gone = destroy(world)
    assert gone.complete
    assert gone.notes == [f"{said}lenie destroy --env dev problems deletes it"], "it may be what another spec describes"
    assert set(world.stacks()) == {"demo-dev-problems", "demo-dev-other"}
    named = destroy(world, names=("problems",))
    assert states(named) == {"problems": "deleted"}, named.errors
    assert set(world.stacks()) == {"demo-dev-other"}
    with pytest.raises(Usage, match='there is no component "problems"'):
        destroy(world, names=("problems",))
    with pytest.raises(Usage, match='there is no component "other"'):
        destroy(world, names=("other",))
    world.spec.write_text(spec, encoding="utf-8")


def test_a_component_that_has_another_name(world: World) -> None:
    world.deploy()
    world.edit("  archive:\n    layer: storage", "  records:\n    layer: storage")
    world.edit("after: [archive]", "after: [records]")
    result = world.deploy()
    assert codes(result) == ["E652"]
    [error] = result.errors
    assert "in the stack of archive, which the spec does not have any more" in error.message
    assert "lenie destroy --env dev archive" in error.help


def test_what_a_stack_keeps_is_told_by_its_template(world: World) -> None:
    """The spec may say something else by now, or nothing."""
    world.deploy()
    world.edit("      archive: {kind: table, key: {pk: string}}", "      archive: {kind: queue}")
    gone = destroy(world)
    assert gone.complete, gone.errors
    told = [note for row in gone.rows if row.name == "archive" for note in row.notes]
    assert told == ["AWS::DynamoDB::Table demo-dev-archive stays, as the spec wants it"]
    assert world.client("dynamodb").list_tables()["TableNames"] == ["demo-dev-archive"]

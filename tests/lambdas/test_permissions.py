"""The policy that is generated for a function allows what the function does, and nothing else.

Each function runs with the variables, and on the resources, of the generated templates. What it asks AWS for is
recorded and compared with its policy, by action and by resource.
"""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

import boto3
import pytest
from botocore.stub import Stubber
from lambdas.conftest import LAMBDAS
from lambdas.deployed import (
    PLATFORM,
    PLATFORM_ACTIONS,
    Deployment,
    Function,
    Statement,
    components_with_functions,
)
from lambdas.events import CONTEXT, get, post
from lambdas.postgres import Proxy, Server
from lambdas.recording import ANY, RESOURCES, Call, differences, known, refused
from lambdas.webserver import WebServer, page
from library import ai, settings

FUNCTIONS = sorted(path.parent.name for path in LAMBDAS.glob("*/handler.py"))
INSTANCE, SECRET = ("OpenvpnServerInstance", "Ref"), ("AppCredentialsSecret", "Ref")
HOST, PORT, RESOURCE_ID = (("Database", name) for name in ("Endpoint.Address", "Endpoint.Port", "DbiResourceId"))
VECTOR = [0.25] * 1536


class World:
    """The resources of the templates, in moto and in PostgreSQL, for one function."""

    def __init__(self, source: str, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
        self.source = source
        self.monkeypatch = monkeypatch
        self.request = request
        self.assigned: dict[tuple[str, str], str] = {}
        if source.startswith("ec2_"):
            monkeypatch.setenv("MOTO_EC2_LOAD_DEFAULT_AMIS", "false")
        request.getfixturevalue("aws")

    def function(self) -> Function:
        """Return the function as it is deployed, with what was assigned so far."""
        return Deployment(self.assigned).functions()[self.source]

    def configure(self) -> Function:
        """Set the variables of the template, and no other of any function."""
        every = Deployment().functions().values()
        for name in {name for function in every for name in function.variables}:
            self.monkeypatch.delenv(name, raising=False)
        found = self.function()
        for name, value in found.variables.items():
            assert not value.startswith("assigned:"), f"{name} was not assigned"
            self.monkeypatch.setenv(name, value)
        return found


def module(world: World) -> Any:
    found: ModuleType = importlib.import_module(f"{world.source}.handler")
    if hasattr(found, "client"):
        found.client.cache_clear()
        world.request.addfinalizer(found.client.cache_clear)
    return found


def succeeded(done: Any) -> Any:
    assert done["statusCode"] == 200, done
    return json.loads(done["body"]) if "body" in done else done


def run_rds(world: World) -> None:
    """Call it in both states: what cannot be done makes it look at the state."""
    function = world.configure()
    rds = boto3.client("rds")
    rds.create_db_instance(
        DBInstanceIdentifier=function.variables["DB_ID"],
        DBInstanceClass="db.t3.micro",
        Engine="postgres",
        MasterUsername="lenie",
        MasterUserPassword="not-a-secret",
        AllocatedStorage=20,
    )
    if world.source == "rds_start":
        rds.stop_db_instance(DBInstanceIdentifier=function.variables["DB_ID"])
    for _ in range(2):
        succeeded(module(world).lambda_handler({}, None))


def run_ec2(world: World) -> None:
    ec2 = boto3.client("ec2")
    started = ec2.run_instances(ImageId="ami-0123456789abcdef0", MinCount=1, MaxCount=1)["Instances"][0]
    world.assigned[INSTANCE] = started["InstanceId"]
    world.configure()
    handler = module(world).lambda_handler
    succeeded(handler({}, None))
    if world.source != "ec2_status":
        # An instance that is gone cannot be started or stopped: the function looks at its state.
        ec2.terminate_instances(InstanceIds=[started["InstanceId"]])
        with Stubber(module(world).client("ec2")) as stubber:
            verb = world.source.removeprefix("ec2_")
            stubber.add_client_error(f"{verb}_instances", "IncorrectInstanceState")
            state = {"Reservations": [{"Instances": [{"State": {"Name": "terminated"}}]}]}
            stubber.add_response("describe_instances", state)
            assert handler({}, None)["statusCode"] in (200, 409)


def run_sqs_size(world: World) -> None:
    function = world.configure()
    name = function.variables["AWS_QUEUE_URL_ADD"].rpartition("/")[2]
    assert boto3.client("sqs").create_queue(QueueName=name)["QueueUrl"] == function.variables["AWS_QUEUE_URL_ADD"]
    assert succeeded(module(world).lambda_handler({}, None)) == 0


def run_url_add(world: World) -> None:
    function = world.configure()
    boto3.client("s3").create_bucket(Bucket=function.variables["BUCKET_NAME"])
    boto3.client("dynamodb").create_table(
        TableName=function.variables["DYNAMODB_TABLE_NAME"],
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")],
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
    )
    boto3.client("sqs").create_queue(QueueName=function.variables["AWS_QUEUE_URL_ADD"].rpartition("/")[2])
    sent = {"url": "https://example.com/", "type": "webpage", "text": "Text", "html": "<p>Text</p>"}
    assert succeeded(module(world).lambda_handler(post("/url_add", sent), CONTEXT))["queued"]


def connected(world: World) -> None:
    """Let the templates' database be the one of the tests."""
    world.request.getfixturevalue("database")
    proxy: Proxy = world.request.getfixturevalue("secure")[0]
    world.assigned |= {HOST: "127.0.0.1", PORT: str(proxy.port), RESOURCE_ID: "db-ABCDEFGHIJKLMNOPQRSTUVWXYZ"}


def run_sqs_into_rds(world: World) -> None:
    connected(world)
    function = world.configure()
    uuid = "0b0f3c2e-6f0e-4c5b-9a53-0d6a3f0c7f10"
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket=function.variables["BUCKET_NAME"])
    for kind in ("txt", "html"):
        s3.put_object(Bucket=function.variables["BUCKET_NAME"], Key=f"{uuid}.{kind}", Body=b"Text")
    body = {"url": "https://example.com/", "type": "webpage", "s3_uuid": uuid, "s3_content": ["html", "txt"]}
    event = {"MessageId": "1", "ReceiptHandle": "handle", "Body": json.dumps(body)}
    assert module(world).lambda_handler(event, CONTEXT)["result"] == "inserted"


def run_app_server_db(world: World) -> None:
    connected(world)
    world.configure()
    handler = module(world).lambda_handler
    saved = succeeded(handler(post("/website_save", {"url": "https://example.com/", "text": "Text"}), CONTEXT))
    events = [
        get("/website_list"),
        get("/website_get", id=str(saved["id"])),
        get("/website_get_next_to_correct", id="0"),
        post("/website_is_paid", {"url": "https://example.com/"}),
        post("/website_similar", {"embedds": VECTOR}),
        post("/website_split_for_embedding", {"text": "One. Two."}),
        post("/website_delete", {"id": saved["id"]}),
    ]
    assert {event["path"].strip("/") for event in events} | {"website_save"} == set(module(world).ROUTES)
    for event in events:
        succeeded(handler(event, CONTEXT))


def run_app_server_internet(world: World) -> None:
    secrets = boto3.client("secretsmanager")
    name = world.function().variables["APP_CREDENTIALS_SECRET"]
    made = secrets.create_secret(Name=name, SecretString=json.dumps({"openai_api_key": "not-a-key"}))
    world.assigned[SECRET] = made["ARN"]
    world.configure()
    world.monkeypatch.setattr("library.addresses.is_public", lambda address: address == "127.0.0.1")
    handler = module(world).lambda_handler
    with WebServer() as server:
        server.answers |= {
            "/page": page("<p>A page.</p>"),
            "/v1/embeddings": _embeddings,
            "/v1/chat/completions": _chat,
        }
        world.monkeypatch.setenv("OPENAI_BASE_URL", f"{server.url}/v1")
        succeeded(handler(post("/website_download_text_content", {"url": f"{server.url}/page"}), CONTEXT))
        succeeded(handler(post("/ai_embedding_get", {"text": "x"}), CONTEXT))
        succeeded(handler(post("/ai_ask", {"text": "x", "query": "{text}"}), CONTEXT))
        while ai._held:
            ai._held.popitem()[1].close()
    with Stubber(settings.client("translate")) as stubber:
        languages = {"SourceLanguageCode": "pl", "TargetLanguageCode": "en"}
        stubber.add_response("translate_text", {"TranslatedText": "turtle", **languages})
        sent = {"text": "żółw", "source_language": "pl", "target_language": "en"}
        succeeded(handler(post("/translate", sent), CONTEXT))


def _embeddings(handler: BaseHTTPRequestHandler, body: bytes) -> None:
    data = [{"object": "embedding", "index": 0, "embedding": VECTOR}]
    usage = {"prompt_tokens": 1, "total_tokens": 1}
    answer = {"object": "list", "model": json.loads(body)["model"], "data": data, "usage": usage}
    page(json.dumps(answer), "application/json")(handler, body)


def _chat(handler: BaseHTTPRequestHandler, body: bytes) -> None:
    choices = [{"index": 0, "message": {"role": "assistant", "content": "Yes"}, "finish_reason": "stop"}]
    model = json.loads(body)["model"]
    answer = {"id": "1", "object": "chat.completion", "created": 1, "model": model, "choices": choices}
    page(json.dumps(answer), "application/json")(handler, body)


RUNS: dict[str, Callable[[World], None]] = {
    **dict.fromkeys(("rds_start", "rds_stop", "rds_status"), run_rds),
    **dict.fromkeys(("ec2_start", "ec2_stop", "ec2_status"), run_ec2),
    "sqs_size": run_sqs_size,
    "sqs_weblink_put_into": run_url_add,
    "sqs_into_rds": run_sqs_into_rds,
    "app_server_db": run_app_server_db,
    "app_server_internet": run_app_server_internet,
}


def completed(calls: list[Call], world: World) -> list[Call]:
    """Return the calls with what only the account knows: ids and ARNs of the names that were sent."""
    found = []
    for call in calls:
        sent = dict(call.sent)
        if call.action == "rds-db:connect":
            address = urlsplit(sent["url"]).netloc
            ours = f"{world.assigned.get(HOST)}:{world.assigned.get(PORT)}"
            sent["Instance"] = world.assigned[RESOURCE_ID] if address == ours else f"that of {address}"
        if call.action == "secretsmanager:GetSecretValue":
            sent["ARN"] = boto3.client("secretsmanager").describe_secret(SecretId=sent["SecretId"])["ARN"]
        found.append(call._replace(sent=sent))
    return found


@pytest.fixture(params=FUNCTIONS)
def ran(
    request: pytest.FixtureRequest, asked: list[Call], monkeypatch: pytest.MonkeyPatch
) -> tuple[Function, list[Call]]:
    """A function as it is deployed, and what it asked for when all that it does was done."""
    world = World(request.param, monkeypatch, request)
    RUNS[request.param](world)
    function = world.function()
    calls = completed(asked, world)
    assert {call.function for call in calls} <= {request.param}
    return function, calls


def test_every_function_is_deployed_and_run() -> None:
    deployed = Deployment().functions()
    assert sorted(deployed) == FUNCTIONS == sorted(RUNS)
    assert len(FUNCTIONS) == 11


def test_the_policy_is_what_the_function_uses(ran: tuple[Function, list[Call]]) -> None:
    function, calls = ran
    assert calls, "every function of Lenie asks AWS for something"
    assert differences(calls, function.own) == []
    assert all(call.action == "rds-db:connect" or known(call.action) for call in calls)
    _check_mutations(function, calls)
    _check_times(function, calls)


def _check_mutations(function: Function, calls: list[Call]) -> None:
    """Every permission that is taken away, added, or given on another resource is noticed."""
    for number, statement in enumerate(function.own):
        others = function.own[:number] + function.own[number + 1 :]
        assert any(found.startswith("missing: ") for found in differences(calls, others))
        for action in statement.actions:
            rest = tuple(other for other in statement.actions if other != action)
            fewer = [*others, *([statement._replace(actions=rest)] if rest else [])]
            assert f"missing: {action}" in " ".join(differences(calls, fewer))
        more = statement._replace(actions=(*statement.actions, "s3:DeleteObject"))
        assert f"unused: s3:DeleteObject on {statement.resources[0]}" in differences(calls, [*others, more])
        if statement.resources != (ANY,):
            elsewhere = statement._replace(resources=tuple(f"{resource}x" for resource in statement.resources))
            if not statement.resources[0].endswith("/*"):
                assert any(found.startswith("missing: ") for found in differences(calls, [*others, elsewhere]))
            wide = statement._replace(resources=(ANY,))
            assert any(found.startswith("too wide: ") for found in differences(calls, [*others, wide]))


def _check_times(function: Function, calls: list[Call]) -> None:
    """A call that AWS does not answer ends before the function does, so that the caller is told."""
    slow = {call.action: call.seconds for call in calls if call.seconds >= function.timeout}
    assert not slow, f"{function.source} has {function.timeout} s"
    if not function.layers:
        # The simple functions make up to two calls, the second one after an answer to the first that may be late.
        together = sum({call.action: call.seconds for call in calls}.values())
        assert together < function.timeout


def test_what_the_platform_needs_is_listed_apart() -> None:
    for function in Deployment().functions().values():
        found = {
            statement.sid: set(statement.actions) for statement in function.statements if statement.sid in PLATFORM
        }
        expected = dict(PLATFORM_ACTIONS)
        if not function.in_vpc:
            del expected["UseNetwork"]
        assert found == expected, function.source
        for statement in function.statements:
            if statement.sid == "WriteLogs":
                assert all(resource.startswith("arn:aws:logs:") for resource in statement.resources)


def test_a_token_for_another_database_is_not_allowed() -> None:
    own = [Statement("Database", ("rds-db:connect",), ("arn:aws:rds-db:us-east-1:123456789012:dbuser:db-A/lenie_app",))]
    right = Call("f", "rds-db:connect", {"Instance": "db-A", "DBUser": "lenie_app"}, 0)
    assert differences([right], own) == []
    for changed in ({"Instance": "db-B", "DBUser": "lenie_app"}, {"Instance": "db-A", "DBUser": "lenie"}):
        found = differences([right._replace(sent=changed)], own)
        assert [text.partition(":")[0] for text in found] == ["missing", "unused"]


def test_calls_of_the_tests_themselves_are_not_counted(aws: None, asked: list[Call]) -> None:
    boto3.client("s3").list_buckets()
    assert asked == []


def test_a_call_that_is_not_allowed_is_noticed_in_every_test(aws: None, asked: list[Call]) -> None:
    functions = Deployment().functions()
    call = Call("rds_start", "rds:StopDBInstance", {}, 0)
    assert refused([call], functions) == ["rds_start may not rds:StopDBInstance"]
    assert refused([call._replace(function="rds_stop")], functions) == []
    without = replace(functions["rds_stop"], statements=[])
    assert refused([call._replace(function="rds_stop")], {"rds_stop": without})


def test_the_table_of_resources_names_actions_that_exist() -> None:
    for action in RESOURCES:
        assert action == "rds-db:connect" or known(action), action


def test_functions_stand_in_components_that_have_packages() -> None:
    assert components_with_functions() == ["sqs-to-rds-lambda", "url-add", "api-gw-infra", "api-gw-app"]


@pytest.fixture(autouse=True)
def _clients() -> Iterator[None]:
    yield
    settings.client.cache_clear()


def test_the_server_is_the_real_one(database: Server) -> None:
    """What `connected` assigns leads to PostgreSQL, and not to an emulation of it."""
    assert database.execute("SELECT version()")[0][0].startswith("PostgreSQL")

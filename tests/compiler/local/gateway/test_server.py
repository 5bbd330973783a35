"""The gateway as a caller sees it."""

from __future__ import annotations

import base64
import json
import socket
import threading
import time
from typing import Any
from urllib.parse import urlsplit

import pytest
from support_gateway import Api
from support_local import Cloud
from support_services import until

ECHO = "import json\ndef handle(event, context): return {'statusCode': 200, 'body': json.dumps(event)}"


def answering(value: str) -> str:
    """Return the code of a function that returns a value."""
    return f"def handle(event, context): return {value}"


@pytest.fixture
def api(cloud: Cloud) -> Api:
    return Api(cloud)


def test_a_request_is_an_event(api: Api) -> None:
    api.lambda_("/things/{id}", ECHO)
    api.deploy()
    at = {"restApiId": api.id, "stageName": "v1"}
    api.client.update_stage(**at, patchOperations=[{"op": "replace", "path": "/variables/color", "value": "red"}])
    body = "zażółć".encode()
    headers = [("X-One", "1"), ("X-Many", "a"), ("x-many", "b"), ("Content-Type", "text/plain"), ("User-Agent", "test")]
    answer = api.call("PATCH", "/things/a%20%C5%BC%2Fb?k=1&k=2&empty=&z=%C5%BC", body, headers=headers)
    assert answer.status == 200
    event = answer.json
    context = event.pop("requestContext")
    assert {name: value for name, value in event["headers"].items() if name not in ("Host", "Accept-Encoding")} == {
        "X-One": "1",
        "X-Many": "a",
        "x-many": "b",
        "Content-Type": "text/plain",
        "User-Agent": "test",
        "Content-Length": "10",
    }
    assert {name: event[name] for name in event if name not in ("headers", "multiValueHeaders")} == {
        "resource": "/things/{id}",
        "path": "/things/a ż/b",
        "httpMethod": "PATCH",
        "queryStringParameters": {"k": "2", "empty": "", "z": "ż"},
        "multiValueQueryStringParameters": {"k": ["1", "2"], "empty": [""], "z": ["ż"]},
        "pathParameters": {"id": "a ż/b"},
        "stageVariables": {"color": "red"},
        "body": "zażółć",
        "isBase64Encoded": False,
    }
    assert (context["stage"], context["apiId"], context["resourcePath"]) == ("v1", api.id, "/things/{id}")
    assert (context["path"], context["identity"]["sourceIp"]) == ("/v1/things/a ż/b", "127.0.0.1")
    assert context["identity"]["userAgent"] == "test"
    assert "apiKey" not in context["identity"]
    assert answer.header("x-amzn-requestid") == [context["requestId"]]


def test_nothing_that_is_absent_is_empty(api: Api) -> None:
    api.lambda_("/", ECHO)
    api.deploy()
    event = api.call("GET", "/").json
    absent = ("queryStringParameters", "multiValueQueryStringParameters", "pathParameters", "stageVariables", "body")
    assert {event[name] for name in absent} == {None}


@pytest.mark.parametrize(
    ("value", "status", "headers", "body"),
    [
        (
            "{'statusCode': 201, 'headers': {'X-A': 1, 'X-B': True}, 'body': 'żółw'}",
            201,
            {"x-a": ["1"], "x-b": ["true"]},
            "żółw",
        ),
        (
            "{'statusCode': '302', 'headers': {'Set-Cookie': ''}, 'multiValueHeaders': {'Set-Cookie': ['a=1', 'b=2']}}",
            302,
            {"set-cookie": ["a=1", "b=2"]},
            "",
        ),
        ("{'statusCode': 200}", 200, {"content-type": ["application/json"]}, ""),
        ("{'statusCode': 204, 'body': None, 'headers': None}", 204, {}, ""),
        (
            "{'statusCode': 404, 'headers': {'Content-Type': 'text/html'}, 'body': '<p>'}",
            404,
            {"content-type": ["text/html"]},
            "<p>",
        ),
    ],
)
def test_an_answer_is_a_response(api: Api, value: str, status: int, headers: dict[str, list[str]], body: str) -> None:
    api.lambda_("/", answering(value))
    api.deploy()
    answer = api.call("GET", "/")
    assert (answer.status, answer.body.decode()) == (status, body)
    assert {name: answer.header(name) for name in headers} == headers


@pytest.mark.parametrize(
    "value",
    [
        "'text'",
        "[]",
        "{'status': 200}",
        "{'statusCode': 'ok'}",
        "{'statusCode': 20}",
        "{'statusCode': 200, 'body': {'a': 1}}",
        "{'statusCode': 200, 'headers': 'x'}",
        "{'statusCode': 200, 'headers': {'X': 'a\\r\\nSet-Cookie: b'}}",
        "{'statusCode': 200, 'multiValueHeaders': {'X': 'a'}}",
        "1 / 0",
    ],
)
def test_an_answer_that_is_none_is_a_bad_gateway(api: Api, value: str) -> None:
    api.lambda_("/", answering(value))
    api.deploy()
    answer = api.call("GET", "/")
    assert (answer.status, answer.json) == (502, {"message": "Internal server error"})
    assert answer.header("x-amzn-errortype") == ["InternalServerErrorException"]


def test_bytes_are_handed_on_in_base64_both_ways(api: Api) -> None:
    change = [{"op": "add", "path": "/binaryMediaTypes/image~1*"}]
    api.client.update_rest_api(restApiId=api.id, patchOperations=[{**change[0], "value": "image/*"}])
    data = bytes(range(256))
    code = (
        "def handle(e, c): return {'statusCode': 200, 'headers': {'Content-Type': 'image/png'}, "
        "'body': e['body'], 'isBase64Encoded': e['isBase64Encoded']}"
    )
    api.lambda_("/", code)
    api.deploy()
    sent = [("Content-Type", "image/png")]
    assert api.call("POST", "/", data, headers=[*sent, ("Accept", "image/png")]).body == data
    assert api.call("POST", "/", data, headers=[*sent, ("Accept", "text/html")]).body == base64.b64encode(data)
    assert api.call("POST", "/", b"plain", headers=[("Content-Type", "text/plain")]).body == b"plain"


def test_routes_are_found_from_the_fixed_to_the_variable(api: Api) -> None:
    for status, method, path in (
        (201, "GET", "/a/b"),
        (202, "GET", "/a/{x}"),
        (203, "ANY", "/a/{x}"),
        (205, "GET", "/a/{x}/c"),
        (206, "ANY", "/{proxy+}"),
    ):
        api.mock(method, path, status)
    api.deploy()
    expected = {
        ("GET", "/a/b"): 201,
        ("GET", "/a/b/"): 201,
        ("GET", "/a/z"): 202,
        ("POST", "/a/z"): 203,
        ("GET", "/a/z/c"): 205,
        ("GET", "/a/z/d"): 206,
        ("PUT", "/q/r/s"): 206,
        # The path is that of a route with other methods.
        ("POST", "/a/b"): 403,
        ("GET", "/"): 403,
    }
    assert {request: api.call(*request).status for request in expected} == expected
    missing = api.call("GET", "/")
    assert missing.json == {"message": "Missing Authentication Token"}
    assert api.call("GET", "/a/b", stage="v2").json == {"message": "Forbidden"}


def test_keys_open_the_stages_of_their_plans(api: Api) -> None:
    api.lambda_("/open", ECHO)
    api.lambda_("/", ECHO, key=True)
    api.deploy()
    assert api.call("GET", "/open").status == 200
    loose = api.client.create_api_key(name="loose", enabled=True)["value"]
    for wrong in ("", "nobody", loose):
        answer = api.call("GET", "/", key=wrong)
        assert (answer.status, answer.json) == (403, {"message": "Forbidden"})
        assert answer.header("x-amzn-errortype") == ["ForbiddenException"]
    key = api.plan()
    identity = api.call("GET", "/", key=key).json["requestContext"]["identity"]
    assert identity["apiKey"] == key
    (made,) = (one for one in api.client.get_api_keys(includeValues=True)["items"] if one["value"] == key)
    assert identity["apiKeyId"] == made["id"]
    disable = [{"op": "replace", "path": "/enabled", "value": "false"}]
    api.client.update_api_key(apiKey=made["id"], patchOperations=disable)
    assert api.call("GET", "/", key=key).status == 403


def test_quotas_and_limits_of_plans(api: Api) -> None:
    api.lambda_("/", answering("{'statusCode': 200}"), key=True)
    api.deploy()
    key = api.plan(quota={"limit": 3, "period": "MONTH"})
    assert [api.call("GET", "/", key=key).status for _ in range(4)] == [200, 200, 200, 429]
    answer = api.call("GET", "/", key=key)
    assert (answer.json, answer.header("x-amzn-errortype")) == (
        {"message": "Limit Exceeded"},
        ["LimitExceededException"],
    )
    slow = api.plan(throttle={"rateLimit": 0.2, "burstLimit": 2})
    assert [api.call("GET", "/", key=slow).status for _ in range(3)] == [200, 200, 429]
    assert api.call("GET", "/", key=slow).json == {"message": "Too Many Requests"}


def test_limits_of_a_stage(api: Api) -> None:
    api.mock("GET", "/", 204)
    api.deploy()
    settings = {"rateLimit": "0.1", "burstLimit": "1"}
    operations = [
        {"op": "replace", "path": f"/*/*/throttling/{name}", "value": value} for name, value in settings.items()
    ]
    api.client.update_stage(restApiId=api.id, stageName="v1", patchOperations=operations)
    assert [api.call("GET", "/").status for _ in range(3)] == [204, 429, 429]


def test_a_mock_answers_and_headers_of_the_gateway_are_the_apis_own(api: Api) -> None:
    allowed = {"method.response.header.Access-Control-Allow-Origin": "'*'"}
    template = {"text/plain": 'request $context.httpMethod of $context.stage, "$context.unknown"'}
    api.mock("OPTIONS", "/", 200, responseParameters=allowed, responseTemplates=template)
    headers = {"gatewayresponse.header.Access-Control-Allow-Origin": "'https://example.com'"}
    api.client.put_gateway_response(
        restApiId=api.id,
        responseType="DEFAULT_4XX",
        responseParameters=headers,
        responseTemplates={"application/json": '{"why": $context.error.messageString}'},
    )
    api.client.put_gateway_response(restApiId=api.id, responseType="MISSING_AUTHENTICATION_TOKEN", statusCode="404")
    api.deploy()
    answer = api.call("OPTIONS", "/")
    assert (answer.status, answer.body) == (200, b'request OPTIONS of v1, ""')
    assert (answer.header("access-control-allow-origin"), answer.header("content-type")) == (["*"], ["text/plain"])
    assert api.call("GET", "/nowhere").status == 404
    large = api.call("POST", "/", b"x" * (10 * 1024 * 1024 + 1))
    assert large.status == 413


def test_what_the_emulator_does_not_run_is_an_error_that_the_log_names(api: Api) -> None:
    api.method("GET", "/http", type="HTTP_PROXY", integrationHttpMethod="GET", uri="https://example.com/")
    api.method(
        "GET", "/velocity", type="MOCK", requestTemplates={"application/json": '#set($a = 1){"statusCode": 200}'}
    )
    api.proxy("GET", "/gone", "arn:aws:lambda:us-east-1:123456789012:function:gone", permit=False)
    api.lambda_("/closed", ECHO, permit=False)
    api.deploy()
    operations = [{"op": "replace", "path": "/*/*/logging/loglevel", "value": "ERROR"}]
    api.client.update_stage(restApiId=api.id, stageName="v1", patchOperations=operations)
    for path in ("/http", "/velocity", "/gone", "/closed"):
        answer = api.call("GET", path)
        assert (answer.status, answer.json) == (500, {"message": "Internal server error"})
    group = f"API-Gateway-Execution-Logs_{api.id}/v1"
    text = "\n".join(e["message"] for e in api.cloud.client("logs").filter_log_events(logGroupName=group)["events"])
    for words in ("type HTTP_PROXY", "#set($a = 1)", "there is no function", "does not permit API Gateway"):
        assert words in text


def test_a_slow_function_is_a_timeout_and_goes_on(api: Api) -> None:
    queue = api.cloud.client("sqs").create_queue(QueueName="done")["QueueUrl"]
    code = (
        "import time, boto3\ndef handle(e, c):\n    time.sleep(1.5)\n"
        f"    boto3.client('sqs').send_message(QueueUrl='{queue}', MessageBody='x')\n    return {{'statusCode': 200}}\n"
    )
    api.lambda_("/", code, timeoutInMillis=500)
    api.deploy()
    began = time.monotonic()
    answer = api.call("GET", "/")
    assert (answer.status, answer.json) == (504, {"message": "Endpoint request timed out"})
    assert time.monotonic() - began < 1.5
    until(lambda: api.cloud.client("sqs").receive_message(QueueUrl=queue).get("Messages"))


def test_a_function_that_is_busy_is_an_error_of_the_server(api: Api) -> None:
    arn = api.lambda_("/", "import time\ndef handle(e, c): time.sleep(1)\n")
    api.deploy()
    api.cloud.client("lambda").put_function_concurrency(FunctionName=arn, ReservedConcurrentExecutions=1)
    held = threading.Thread(target=api.call, args=("GET", "/"))
    held.start()
    time.sleep(0.4)
    assert api.call("GET", "/").status == 500
    held.join()


def test_the_access_log_has_each_request(api: Api) -> None:
    api.lambda_("/", ECHO, key=True)
    api.deploy()
    names = ("httpMethod", "resourcePath", "status", "identity.apiKeyId", "error.message", "integration.status")
    settings = {
        "destinationArn": "arn:aws:logs:us-east-1:123456789012:log-group:access",
        "format": json.dumps({name: f"$context.{name}" for name in (*names, "responseLength", "nothing")}),
    }
    operations = [
        {"op": "replace", "path": f"/accessLogSettings/{name}", "value": value} for name, value in settings.items()
    ]
    api.client.update_stage(restApiId=api.id, stageName="v1", patchOperations=operations)
    key = api.plan()
    api.call("GET", "/", key=key)
    api.call("GET", "/")
    api.call("POST", "/nowhere")
    events = api.cloud.client("logs").filter_log_events(logGroupName="access")["events"]
    lines: list[dict[str, Any]] = [json.loads(event["message"]) for event in events]
    (made,) = api.client.get_api_keys()["items"]
    assert [[line[name] for name in names] for line in lines] == [
        ["GET", "/", "200", made["id"], "-", "200"],
        ["GET", "/", "403", "-", "Forbidden", "-"],
        ["POST", "-", "403", "-", "Missing Authentication Token", "-"],
    ]
    assert int(lines[0]["responseLength"]) > 500
    assert lines[0]["nothing"] == "-"


def test_requests_share_a_connection_and_may_come_in_chunks(api: Api) -> None:
    api.lambda_("/", "def handle(e, c): return {'statusCode': 200, 'body': e['body']}")
    api.deploy()
    place = urlsplit(api.gateway)
    head = f"POST /{api.id}/v1/ HTTP/1.1\r\nHost: x\r\n"
    with socket.create_connection((str(place.hostname), place.port or 0), timeout=30) as connection:
        for sent in (
            head + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n",
            head + "Content-Length: 5\r\n\r\nabcde",
        ):
            connection.sendall(sent.encode())
            received = b""
            while not received.endswith(b"abcde"):
                received += connection.recv(65536)
            assert received.startswith(b"HTTP/1.1 200")
        connection.sendall((head + "Transfer-Encoding: chunked\r\n\r\nno number\r\n").encode())
        assert connection.recv(65536).startswith(b"HTTP/1.1 400")

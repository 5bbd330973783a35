"""Variables in the paths of an API: from the spec over its template to the function that sees their values."""

from __future__ import annotations

import http.client
import json
from collections.abc import Mapping
from urllib.parse import urlsplit

import pytest
from support import compile_snippet
from support_cfn import emit, read_template
from support_gateway import Answer
from support_local import Cloud, Json
from support_services import zipped

from lenie.compiler.local.server import Emulator

SPEC = """
store:
  layer: base
  scope: environment
  resources:
    artifacts: {kind: bucket, purpose: artifacts}
main:
  layer: base
  scope: environment
  resources:
    order-list: {kind: function}
    order-new: {kind: function}
    shop:
      kind: api
      name: demo_${env.name}_shop
      description: Orders
      cors: https://shop.example.com
      routes:
        GET /orders/new: order-new
        GET /orders/{id}: order-list
        DELETE /orders/{id}: order-list
        GET /orders/{id}/items/{item}: order-list
        GET /orders/{id}/files/{rest+}: order-new
"""
CODE = """
import json

def lambda_handler(event, context):
    told = {name: event[name] for name in ("resource", "pathParameters")}
    return {"statusCode": 200, "body": json.dumps({**told, "function": context.function_name})}
"""
MAIN = "templates/0-base/02-main.yaml"
LIST, NEW = "demo-dev-order-list", "demo-dev-order-new"


class Shop:
    """The compiled API, deployed as `lenie local up` deploys it."""

    def __init__(self, cloud: Cloud) -> None:
        files, _ = emit(compile_snippet(SPEC))
        self.cloud, self.given = cloud, json.loads(files["parameters/dev.json"])
        self.text = files[MAIN]
        self.deploy("store", files["templates/0-base/01-store.yaml"])
        self._upload(cloud, read_template(self.text))
        self.deploy("main", self.text)
        self.place = urlsplit(cloud.emulator.gateway)
        self.id = cloud.physical("main")["ShopApi"]
        (key,) = cloud.client("apigateway").get_api_keys(includeValues=True)["items"]
        self.key = key["value"]

    def deploy(self, name: str, text: str, *, update: bool = False) -> None:
        parameters = [each for each in self.given if each["ParameterKey"] in read_template(text)["Parameters"]]
        made = (self.cloud.update if update else self.cloud.create)(name, text, Parameters=parameters)
        assert made["StackStatus"] in ("CREATE_COMPLETE", "UPDATE_COMPLETE"), self.cloud.reasons(name)

    @staticmethod
    def _upload(cloud: Cloud, template: Json) -> None:
        for declared in template["Resources"].values():
            if declared["Type"] == "AWS::Lambda::Function":
                key = declared["Properties"]["Code"]["S3Key"]
                cloud.client("s3").put_object(Bucket="demo-dev-artifacts", Key=key, Body=zipped(handler=CODE))

    def call(self, method: str, path: str, headers: Mapping[str, str] | None = None) -> Answer:
        connection = http.client.HTTPConnection(str(self.place.hostname), self.place.port, timeout=60)
        try:
            connection.request(method, f"/{self.id}/v1{path}", headers=dict(headers or {"x-api-key": self.key}))
            found = connection.getresponse()
            return Answer(found.status, found.getheaders(), found.read())
        finally:
            connection.close()


@pytest.fixture(scope="module")
def shop(emulator: Emulator) -> Shop:
    emulator.reset()
    return Shop(Cloud(emulator))


def test_a_function_sees_the_values_of_its_path(shop: Shop) -> None:
    one, item = "/orders/{id}", "/orders/{id}/items/{item}"
    expected = {
        ("GET", "/orders/17"): (LIST, one, {"id": "17"}),
        ("DELETE", "/orders/17"): (LIST, one, {"id": "17"}),
        # Percent-encoding is taken away once; a slash that is encoded divides nothing, and a plus is a plus.
        ("GET", "/orders/a%20%C5%BC%2Fb+c%2520"): (LIST, one, {"id": "a ż/b+c%20"}),
        ("GET", "/orders/17/items/%7Bitem%7D"): (LIST, item, {"id": "17", "item": "{item}"}),
        ("GET", "/orders/17/files/a/b%2Fc.txt"): (
            NEW,
            "/orders/{id}/files/{rest+}",
            {"id": "17", "rest": "a/b/c.txt"},
        ),
        # What is written out goes before what may be anything, however it is encoded.
        ("GET", "/orders/new"): (NEW, "/orders/new", None),
        ("GET", "/orders/n%65w"): (NEW, "/orders/new", None),
        ("GET", "/orders/newer"): (LIST, one, {"id": "newer"}),
        ("GET", "/orders/new/items/1"): (LIST, item, {"id": "new", "item": "1"}),
    }
    found = {}
    for request in expected:
        answer = shop.call(*request)
        assert answer.status == 200, (request, answer)
        found[request] = tuple(answer.json[name] for name in ("function", "resource", "pathParameters"))
    assert found == expected


def test_a_path_that_is_none_of_the_routes_is_refused(shop: Shop) -> None:
    refused = {("GET", "/orders"), ("GET", "/orders/17/items"), ("GET", "/orders/17/files"), ("PUT", "/orders/17")}
    # The path is that of a route which has other methods.
    refused |= {("DELETE", "/orders/new")}
    assert {request: shop.call(*request).status for request in refused} == dict.fromkeys(refused, 403)
    assert shop.call("GET", "/orders/17", {"x-api-key": "nobody"}).status == 403


def test_a_browser_may_ask_each_path_for_its_own_methods(shop: Shop) -> None:
    origin = {"Origin": "https://shop.example.com", "Access-Control-Request-Method": "DELETE"}
    expected = {
        "/orders/17": "DELETE,GET,OPTIONS",
        "/orders/a%2Fb": "DELETE,GET,OPTIONS",
        "/orders/new": "GET,OPTIONS",
        "/orders/17/items/1": "GET,OPTIONS",
        "/orders/17/files/a/b": "GET,OPTIONS",
    }
    answers = {path: shop.call("OPTIONS", path, origin) for path in expected}
    assert {answer.status for answer in answers.values()} == {204}
    assert {path: answer.header("access-control-allow-methods") for path, answer in answers.items()} == {
        path: [methods] for path, methods in expected.items()
    }
    assert answers["/orders/17"].header("access-control-allow-origin") == ["https://shop.example.com"]


def test_methods_tell_the_parameters_of_their_path(shop: Shop) -> None:
    client = shop.cloud.client("apigateway")
    resources = client.get_resources(restApiId=shop.id)["items"]
    told = {
        (name, resource["path"]): client.get_method(restApiId=shop.id, resourceId=resource["id"], httpMethod=name).get(
            "requestParameters", {}
        )
        for resource in resources
        for name in resource.get("resourceMethods", {})
    }
    one = {"method.request.path.id": True}
    assert told[("GET", "/orders/{id}")] == told[("DELETE", "/orders/{id}")] == told[("OPTIONS", "/orders/{id}")] == one
    assert told[("GET", "/orders/{id}/files/{rest+}")] == {**one, "method.request.path.rest": True}
    assert told[("GET", "/orders/new")] == {}


def test_an_update_takes_another_variable(shop: Shop) -> None:
    other = emit(compile_snippet(SPEC.replace("{id}", "{number}")))[0][MAIN]
    for text, name in ((other, "number"), (shop.text, "id")):
        shop.deploy("main", text, update=True)
        assert shop.call("GET", "/orders/17").json["pathParameters"] == {name: "17"}
        told = shop.cloud.client("apigateway").get_resources(restApiId=shop.id)["items"]
        assert {each["path"] for each in told if "resourceMethods" in each} == {
            "/orders/new",
            *(f"/orders/{{{name}}}{end}" for end in ("", "/items/{item}", "/files/{rest+}")),
        }

"""What `lenie local up` prints: how to begin, for whichever APIs are deployed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from support_local import Cloud

from lenie.compiler.local.overview import overview
from lenie.compiler.local.places import Api, Places, places
from lenie.compiler.local.session import Session

URLS = ("http://127.0.0.1:1", "http://127.0.0.1:2")
SESSION = Session(Path(".lenie-local"), 7, *URLS, "dev", "lenie.yaml", "then", 0.01, "us-east-1", True)


def api(name: str, *routes: str, key: str = "secret") -> Api:
    return Api(name, f"http://127.0.0.1:2/{name}/v1", key, routes)


def example(*apis: Api) -> list[str]:
    lines = overview(SESSION, Places(apis, (), (), (), ()))
    return [line.strip() for line in lines if "curl" in line]


@pytest.mark.parametrize(
    ("apis", "line"),
    [
        # What is only read needs no body, and the spec's first route is the one to begin with.
        (
            [api("a", "POST /orders"), api("b", "POST /x", "GET /orders", "GET /gone")],
            "curl -H 'x-api-key: secret' http://127.0.0.1:2/b/v1/orders",
        ),
        ([api("a", "GET /orders", key="")], "curl http://127.0.0.1:2/a/v1/orders"),
        # Nobody knows what a route takes, nor the name of what is asked for.
        (
            [api("a", "GET /orders/{id}", "PUT /orders", "POST /orders")],
            "curl -X POST -H 'x-api-key: secret' http://127.0.0.1:2/a/v1/orders",
        ),
    ],
)
def test_an_example_is_of_what_is_deployed(apis: list[Api], line: str) -> None:
    assert example(*apis) == [line]


@pytest.mark.parametrize("apis", [[], [api("a")], [api("a", "GET /orders/{id}", "DELETE /orders")]])
def test_no_example_where_none_is_sure(apis: list[Api]) -> None:
    assert example(*apis) == []


@pytest.fixture
def own_surroundings() -> Iterator[None]:
    """Whoever asks the emulator forgets the credentials of its process."""
    before = dict(os.environ)
    yield
    os.environ.clear()
    os.environ.update(before)


@pytest.mark.usefixtures("own_surroundings")
def test_routes_are_in_the_order_of_the_spec(cloud: Cloud) -> None:
    answer = {"responses": {"200": {}}, "x-amazon-apigateway-integration": {"type": "MOCK"}}
    body = {
        "openapi": "3.0.1",
        "info": {"title": "shop", "version": "1"},
        "paths": {path: {"get": answer, "post": answer, "options": answer} for path in ("/z", "/orders", "/a")},
    }
    properties = {"Name": "shop", "Body": body}
    resources = {
        "Api": {"Type": "AWS::ApiGateway::RestApi", "Properties": properties},
        "Deployment": {"Type": "AWS::ApiGateway::Deployment", "Properties": {"RestApiId": {"Ref": "Api"}}},
        "Stage": {
            "Type": "AWS::ApiGateway::Stage",
            "Properties": {"RestApiId": {"Ref": "Api"}, "DeploymentId": {"Ref": "Deployment"}, "StageName": "v1"},
        },
    }
    cloud.create("shop", {"Resources": resources})
    session = SESSION._replace(url=cloud.emulator.url, gateway=cloud.emulator.gateway)
    [found] = places(session).apis
    assert found.routes == ("GET /z", "POST /z", "GET /orders", "POST /orders", "GET /a", "POST /a")

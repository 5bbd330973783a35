"""Deployments are copies; see also tests/compiler/local/gateway."""

from __future__ import annotations

import boto3
from moto import mock_aws
from moto.apigateway.models import RestAPI, apigateway_backends
from support_gateway import Api
from support_local import Cloud


@mock_aws
def test_moto_itself_keeps_nothing_in_a_deployment() -> None:
    client = boto3.client("apigateway", region_name="us-east-1")
    api = client.create_rest_api(name="a")["id"]
    root = client.get_resources(restApiId=api)["items"][0]["id"]
    client.put_method(restApiId=api, resourceId=root, httpMethod="GET", authorizationType="NONE")
    client.put_integration(restApiId=api, resourceId=root, httpMethod="GET", type="MOCK")
    deployment = client.create_deployment(restApiId=api)["id"]
    found: RestAPI = apigateway_backends["123456789012"]["us-east-1"].apis[api]
    assert vars(found.deployments[deployment]).keys() == {"id", "stage_name", "description", "created_date"}


def test_a_stage_shows_changes_only_after_another_deployment(cloud: Cloud) -> None:
    api = Api(cloud)
    api.mock("GET", "/a", 204)
    api.deploy()
    assert api.call("GET", "/a").status == 204
    api.mock("GET", "/b", 202)
    assert api.call("GET", "/b").status == 403
    api.deploy()
    assert api.call("GET", "/b").status == 202

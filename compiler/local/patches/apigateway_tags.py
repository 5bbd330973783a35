"""API Gateway: everything that can have tags can be tagged later.

Moto 5.2.5 takes TagResource, UntagResource and GetTags for stages only, and answers 404 for the ARNs of APIs, keys and
usage plans.
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import unquote

from moto.apigateway import urls
from moto.apigateway.exceptions import BadRequestException
from moto.apigateway.responses import APIGatewayResponse


def apply() -> None:
    """Route the tags of every ARN, and answer for all of them."""
    urls.url_paths["{0}/tags/(?P<resourceArn>.+)$"] = APIGatewayResponse.dispatch
    APIGatewayResponse.get_tags = _get_tags  # type: ignore[method-assign]
    APIGatewayResponse.tag_resource = _tag_resource  # type: ignore[method-assign]
    APIGatewayResponse.untag_resource = _untag_resource  # type: ignore[method-assign]


def _get_tags(self: APIGatewayResponse) -> str:
    return json.dumps({"tags": _tagged(self).tags or {}})


def _tag_resource(self: APIGatewayResponse) -> str:
    found = _tagged(self)
    found.tags = {**(found.tags or {}), **self._get_param("tags")}
    return json.dumps({})


def _untag_resource(self: APIGatewayResponse) -> str:
    found = _tagged(self)
    gone = self.querystring.get("tagKeys") or []
    found.tags = {key: value for key, value in (found.tags or {}).items() if key not in gone}
    return json.dumps({})


def _tagged(self: APIGatewayResponse) -> Any:
    """Return what the ARN of the request names: an API, a stage, a key or a usage plan."""
    arn = unquote(self.path.split("/tags/", 1)[1])
    match arn.partition("::/")[2].split("/"):
        case ["restapis", api]:
            return self.backend.get_rest_api(api)
        case ["restapis", api, "stages", stage]:
            return self.backend.get_stage(api, stage)
        case ["apikeys", key]:
            return self.backend.get_api_key(key)
        case ["usageplans", plan]:
            return self.backend.get_usage_plan(plan)
    raise BadRequestException(f"Invalid ARN specified in the request: {arn}")

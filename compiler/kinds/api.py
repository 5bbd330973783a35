"""An API: REST API of API Gateway with key, usage plan, throttling, CORS, access logs and traces."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar, Literal, NamedTuple

from pydantic import AfterValidator, Discriminator, Field, Tag

from lenie.compiler.expressions import AttributeOf, Expression, Pseudo, Value, as_part, interpolate, rewrite
from lenie.compiler.graph import digest
from lenie.compiler.kind import Attribute, Resource
from lenie.compiler.kinds.api_account import ApiAccount
from lenie.compiler.kinds.function import Function
from lenie.compiler.logs import log_group
from lenie.compiler.naming import pascal
from lenie.compiler.openapi import (
    ROUTE_PATTERN,
    Route,
    check_routes,
    document,
    parse_route_key,
    split_route,
)
from lenie.compiler.place import Lowering, Place
from lenie.compiler.program import Declaration
from lenie.compiler.spec import Model
from lenie.compiler.types import Parsed, Reference, Retention, Template, Text, To, fault, parse_text

_ORIGIN = re.compile(r"\*|https?://[A-Za-z0-9.-]+(:[0-9]+)?")
_QUOTA = re.compile(r"([1-9][0-9]*)/(day|week|month)")
#: What the access log tells of a request; no body, no header, no key's value.
ACCESS_LOG = json.dumps(
    {
        "requestId": "$context.requestId",
        "requestTime": "$context.requestTime",
        "ip": "$context.identity.sourceIp",
        "apiKeyId": "$context.identity.apiKeyId",
        "httpMethod": "$context.httpMethod",
        "resourcePath": "$context.resourcePath",
        "status": "$context.status",
        "protocol": "$context.protocol",
        "responseLength": "$context.responseLength",
        "responseLatency": "$context.responseLatency",
        "integrationStatus": "$context.integration.status",
        "error": "$context.error.message",
    },
    separators=(",", ":"),
)


class Quota(NamedTuple):
    """How many requests a key may make in a period."""

    limit: int
    period: str


def parse_quota(value: Any) -> Quota:
    """Return a quota such as ``10000/month``."""
    match = _QUOTA.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise fault("a quota is wanted here", "write requests per day, week or month: 10000/month")
    return Quota(int(match.group(1)), match.group(2).upper())


def parse_origin(value: Any) -> str | Template:
    """Return the origin that browsers may call from: ``*``, or ``https://app.${env.domain}``.

    What stands in the body must be known when the spec is compiled, or a change would not reach the stage.
    """
    text = parse_text(value)
    if isinstance(text, Template):
        for lookup in text.lookups:
            if lookup.head != "env":
                message = f"{lookup.source} is known only at deployment, and a deployment of an API cannot depend on it"
                raise fault(message, "write the origin, or use a setting of the environment: https://app.${env.domain}")
    plain = text if isinstance(text, str) else "".join(p if isinstance(p, str) else "x" for p in text.parts)
    whole = isinstance(text, Template) and text.single is not None
    if not whole and not _ORIGIN.fullmatch(plain):
        raise fault(f'"{value}" is not an origin', 'write "*", or scheme and host only: https://app.example.com')
    return text


class Usage(Model):
    """How much a caller with a key may ask for: requests a second, requests at once, requests in a period."""

    rate: Annotated[float, Field(gt=0, le=10000, strict=True)] = 10
    burst: Annotated[int, Field(gt=0, le=5000, strict=True)] = 20
    quota: Annotated[Quota, Parsed(parse_quota, {"type": "string", "pattern": f"^{_QUOTA.pattern}$"})] | None = None


class RouteOptions(Model):
    """A route that says more than its function."""

    function: Annotated[Reference, To("function")]
    #: Whether callers need an API key. `false` takes a waiver of E311.
    key: Annotated[bool, Field(strict=True)] = True


RouteKey = Annotated[str, Parsed(parse_route_key, {"type": "string", "pattern": ROUTE_PATTERN})]
RouteTarget = Annotated[
    Annotated[Annotated[Reference, To("function")], Tag("str")] | Annotated[RouteOptions, Tag("dict")],
    Discriminator(lambda value: "dict" if isinstance(value, (dict, RouteOptions)) else "str"),
]


class Api(Resource):
    """A REST API whose routes call functions.

    Every method but ``OPTIONS`` needs an API key, unless its route says ``key: false``. A deployment of an API never
    changes, so its logical id ends in a digest of the body: a changed body makes a new deployment, the stage moves to
    it, and the old one is deleted after that.

    Sources: AWS::ApiGateway::RestApi, Deployment, Stage, UsagePlan (CloudFormation template reference).
    """

    ATTRIBUTES: ClassVar[Mapping[str, Attribute]] = {
        "id": Attribute("Api"),
        "root": Attribute("Api", "RootResourceId", "Id of the root path"),
        "url": Attribute("Api", "Ref", "Address of the stage, without a slash at its end"),
        "key-id": Attribute("ApiKey", "Ref", "Id of the API key; its value is read with it, never published"),
    }
    FOLDER: ClassVar[str] = "api/{name}"

    kind: Literal["api"]
    name: Text | None = None
    description: Text | None = None
    stage: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,128}$")] = "v1"
    cors: Annotated[str | Template, Parsed(parse_origin, {"type": "string"})] = "*"
    logs: Retention = 14
    usage: Usage = Usage()
    routes: Annotated[dict[RouteKey, RouteTarget], Field(min_length=1), AfterValidator(check_routes)]

    def parsed_routes(self) -> tuple[Route, ...]:
        """Return the routes, in the order of the spec."""
        return tuple(self._routes())

    def _routes(self) -> Iterator[Route]:
        for source, target in self.routes.items():
            method, path = split_route(source)
            if isinstance(target, RouteOptions):
                yield Route(source, method, path, target.function, target.key)
            else:
                yield Route(source, method, path, target)

    def attribute(self, name: str, at: Place) -> Value:
        """Return an attribute; the URL is made of the API's id and the stage."""
        if name != "url":
            return super().attribute(name, at)
        parts = (".execute-api.", Pseudo("region"), ".", Pseudo("url-suffix"), "/", self.stage)
        return interpolate("https://", at.get("Api", "Ref"), *parts)

    def lower(self, out: Lowering) -> None:
        """Add the API, its deployment and stage, key and usage plan, and permission to call each function."""
        name = out.name(self.name)
        api = out.add(
            "Api",
            "AWS::ApiGateway::RestApi",
            {
                "Name": out.at("name", name),
                "Description": out.at("description", out.text(self.description)),
                "EndpointConfiguration": {"Types": ["REGIONAL"]},
                "FailOnWarnings": True,
                "Body": out.at("routes", self._body(out)),
            },
            accept={"CKV_AWS_237": "An API that is replaced has another address anyhow, before or after"},
        )
        log_group(out, interpolate("/aws/apigateway/", as_part(name)), self.logs)
        # API Gateway would create the group of its own error log itself, to keep it for ever.
        errors = interpolate("API-Gateway-Execution-Logs_", api, f"/{self.stage}")
        log_group(out, errors, self.logs, suffix="ErrorLogGroup")
        deployment = out.add(
            "Deployment", "AWS::ApiGateway::Deployment", {"RestApiId": api}, revision=self._revision(out, api)
        )
        self._stage(out, api, deployment)
        self._key(out, api, name)
        self._permissions(out, api)

    def _body(self, out: Lowering) -> dict[str, Any]:
        routes = []
        for route in self.parsed_routes():
            _, function = _function(out, route)
            routes.append((route, out.attribute(route.function, "arn"), function.timeout))
        title = out.declaration.name
        return document(
            title, routes, out.text(self.cors), lambda route, value: out.at(("routes", route.source), value)
        )

    def _revision(self, out: Lowering, api: AttributeOf) -> str:
        """Return the digest of the body as API Gateway sees it: functions by name, wherever they are declared."""
        names: dict[Expression, Value] = {}
        for route in self.parsed_routes():
            declaration, function = _function(out, route)
            arn = out.attribute(route.function, "arn")
            if isinstance(arn, Expression):
                names[arn] = function.physical_name(Place(out.program, declaration))
        body = out.component.resources[api.resource].properties["Body"]
        return digest(rewrite(body, lambda expression: names.get(expression, expression)))

    def _stage(self, out: Lowering, api: AttributeOf, deployment: AttributeOf) -> AttributeOf:
        accounts = [d for d, _ in out.program.of(ApiAccount) if d.component == out.component.name]
        return out.add(
            "Stage",
            "AWS::ApiGateway::Stage",
            {
                "RestApiId": api,
                "DeploymentId": deployment,
                "StageName": out.at("stage", self.stage),
                "TracingEnabled": True,
                "AccessLogSetting": {"DestinationArn": out.get("LogGroup", "Arn"), "Format": ACCESS_LOG},
                "MethodSettings": [
                    {
                        "HttpMethod": "*",
                        "ResourcePath": "/*",
                        "MetricsEnabled": False,
                        "LoggingLevel": "ERROR",
                        "DataTraceEnabled": False,
                        "ThrottlingRateLimit": out.at(("usage", "rate"), _number(self.usage.rate)),
                        "ThrottlingBurstLimit": out.at(("usage", "burst"), self.usage.burst),
                    }
                ],
            },
            depends_on=[
                out.get("ErrorLogGroup", "Ref"),
                *(Place(out.program, account).get("Account", "Ref") for account in accounts),
            ],
            accept={
                "CKV_AWS_120": "A cache costs 14 USD a month or more, and the answers change with every request",
                "CKV_AWS_225": "A cache costs 14 USD a month or more, and the answers change with every request",
                "CKV2_AWS_4": "The settings of the methods, which say ERROR, stand beside the stage",
                "CKV2_AWS_29": "A web ACL costs 5 USD a month; every method is throttled",
                "CKV2_AWS_51": "Functions are called through IAM, not over TLS with a client certificate",
            },
        )

    def _key(self, out: Lowering, api: AttributeOf, name: Value) -> None:
        stage = out.get("Stage", "Ref")
        key = out.add("ApiKey", "AWS::ApiGateway::ApiKey", {"Name": name, "Enabled": True})
        quota = self.usage.quota
        plan = out.add(
            "UsagePlan",
            "AWS::ApiGateway::UsagePlan",
            {
                "UsagePlanName": name,
                "ApiStages": [{"ApiId": api, "Stage": stage}],
                "Throttle": {
                    "RateLimit": out.at(("usage", "rate"), _number(self.usage.rate)),
                    "BurstLimit": out.at(("usage", "burst"), self.usage.burst),
                },
                "Quota": out.at(("usage", "quota"), quota and {"Limit": quota.limit, "Period": quota.period}),
            },
        )
        out.add(
            "UsagePlanKey",
            "AWS::ApiGateway::UsagePlanKey",
            {"KeyId": key, "KeyType": "API_KEY", "UsagePlanId": plan},
        )

    def _permissions(self, out: Lowering, api: AttributeOf) -> None:
        """Let this API call each of its functions, through the stage and the routes that name the function only."""
        by_function: dict[str, list[Route]] = {}
        for route in self.parsed_routes():
            by_function.setdefault(route.function.name, []).append(route)
        for function, routes in by_function.items():
            out.add(
                f"{pascal(function)}Permission",
                "AWS::Lambda::Permission",
                {
                    "FunctionName": out.attribute(routes[0].function, "arn"),
                    "Action": "lambda:InvokeFunction",
                    "Principal": "apigateway.amazonaws.com",
                    "SourceArn": interpolate(
                        "arn:",
                        Pseudo("partition"),
                        ":execute-api:",
                        Pseudo("region"),
                        ":",
                        Pseudo("account"),
                        ":",
                        api,
                        f"/{self.stage}/{_narrowest(routes)}",
                    ),
                },
                path=out.declaration.at("routes", routes[0].source),
            )


def _function(at: Place, route: Route) -> tuple[Declaration, Function]:
    found = at.program.find(route.function.name, Function)
    assert found is not None, "resolve checked the functions of routes"
    return found


def _narrowest(routes: list[Route]) -> str:
    """Return the method and path that cover `routes`: the very ones, or a star where they differ.

    Source: API Gateway Developer Guide, "Control access to a REST API: Resource format of permissions".
    """
    methods = {route.method for route in routes}
    paths = {re.sub(r"\{[^}]*\}", "*", route.path) for route in routes}
    return (methods.pop() if len(methods) == 1 else "*") + (paths.pop() if len(paths) == 1 else "/*")


def _number(value: float) -> int | float:
    return int(value) if value == int(value) else value


KIND = Api

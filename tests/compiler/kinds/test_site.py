"""A site: its build, its token, its rewrites, its domain."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml
from support import compile_snippet, errors, one, resource, schema_faults

from lenie.compiler.expressions import (
    AttributeOf,
    EnvironmentName,
    Interpolation,
    ParameterValue,
    PerEnvironment,
    SecretField,
)
from lenie.compiler.graph import Graph
from lenie.compiler.kinds.site import NOT_A_FILE

PARAMETERS = {
    "repository": {"type": "url", "default": "https://github.com/example/app", "description": "Sources"},
    "apex": {"type": "text", "default": "example.net", "description": "Domain"},
}
SITE = """
zone: {kind: zone, domain: "${env.domain}"}
credentials: {kind: secret, name: "/demo/${env.name}/credentials", fields: [repository_token]}
front:
  kind: site
  repository: ${param.repository}
  token: ${credentials.repository_token}
  build: {install: npm ci, run: "npm run build: all", output: build}
  single-page: true
  domain: app.${env.domain}
  zone: zone
"""
DOMAIN = PerEnvironment("Domain", (("dev", "dev.example.com"), ("prod", "example.com")))


def graph_of(text: str = SITE) -> Graph:
    graph = compile_snippet(one(text), defaults={}, parameters=PARAMETERS)
    assert schema_faults(graph) == []
    return graph


def app(text: str = SITE) -> Any:
    return resource(graph_of(text), "FrontApp").properties


def test_app() -> None:
    assert app()["Name"] == Interpolation(("demo-", EnvironmentName(), "-front"))
    assert app()["Platform"] == "WEB"
    assert app()["Repository"] == ParameterValue("repository")


def test_the_token_is_read_from_the_secret_at_deployment() -> None:
    token = app()["AccessToken"]
    assert isinstance(token, SecretField)
    assert token.field == "repository_token"
    assert token.secret == AttributeOf("main", "CredentialsSecret", "Ref")


def test_build_specification_is_yaml_that_amplify_reads() -> None:
    spec = yaml.safe_load(app()["BuildSpec"])
    assert spec["version"] == 1
    assert spec["frontend"]["phases"] == {
        "preBuild": {"commands": ["npm ci"]},
        "build": {"commands": ["npm run build: all"]},
    }
    assert spec["frontend"]["artifacts"] == {"baseDirectory": "build", "files": ["**/*"]}


def test_headers_keep_browsers_safe() -> None:
    (rule,) = yaml.safe_load(app()["CustomHeaders"])["customHeaders"]
    assert rule["pattern"] == "**/*"
    headers = {header["key"]: header["value"] for header in rule["headers"]}
    assert headers["Strict-Transport-Security"].startswith("max-age=31536000")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"


def test_paths_that_are_no_files_show_the_index() -> None:
    assert app()["CustomRules"] == [{"Source": NOT_A_FILE, "Target": "/index.html", "Status": "200"}]
    assert "CustomRules" not in app(SITE.replace("single-page: true", "single-page: false"))


@pytest.mark.parametrize(
    ("path", "rewritten"),
    [
        ("documents/42", True),
        ("search", True),
        ("site/example.com", True),
        ("static/main.js", False),
        ("favicon.ico", False),
        ("manifest.json", False),
        ("fonts/text.woff2", False),
    ],
)
def test_what_is_a_file(path: str, rewritten: bool) -> None:
    expression = NOT_A_FILE.removeprefix("</").removesuffix("/>")
    assert bool(re.search(expression, path)) is rewritten


def test_branch_is_built_on_every_push() -> None:
    branch = resource(graph_of(SITE.replace("build:", "branch: release\n  build:")), "FrontBranch").properties
    assert branch["BranchName"] == "release"
    assert branch["EnableAutoBuild"] is True
    assert branch["Stage"] == "PRODUCTION"
    assert branch["AppId"] == AttributeOf("main", "FrontApp", "AppId")


def domain(text: str) -> Any:
    return resource(graph_of(text), "FrontDomain").properties


def test_domain_is_split_at_the_zone() -> None:
    properties = domain(SITE)
    assert properties["DomainName"] == DOMAIN
    branch = AttributeOf("main", "FrontBranch", "BranchName")
    assert properties["SubDomainSettings"] == [{"Prefix": "app", "BranchName": branch}]
    assert properties["EnableAutoSubDomain"] is False


def test_domain_of_the_zone_itself_has_no_prefix() -> None:
    properties = domain(SITE.replace("domain: app.${env.domain}", "domain: ${env.domain}"))
    assert properties["DomainName"] == DOMAIN
    assert properties["SubDomainSettings"][0]["Prefix"] == ""


def test_prefix_may_differ_between_environments() -> None:
    properties = domain(SITE.replace("domain: app.${env.domain}", "domain: ${env.name}-app.${env.domain}"))
    prefix = PerEnvironment("FrontPrefix", (("dev", "dev-app"), ("prod", "prod-app")))
    assert properties["SubDomainSettings"][0]["Prefix"] == prefix


def test_domain_of_a_parameter_is_split_as_it_is_written() -> None:
    properties = domain(SITE.replace("${env.domain}", "${param.apex}"))
    assert properties["DomainName"] == ParameterValue("apex")
    assert properties["SubDomainSettings"][0]["Prefix"] == "app"


def test_domain_outside_the_zone_is_refused_and_kept_whole_where_waived() -> None:
    text = SITE.replace("app.${env.domain}", "app.example.org")
    found = errors(one(text), defaults={}, parameters=PARAMETERS)
    assert [(code, mark) for code, _, mark, _ in found] == [("E334", "app.example.org")]
    properties = domain(text + "  waive: {E334: the zone belongs to another account}\n")
    assert properties["DomainName"] == "app.example.org"
    assert properties["SubDomainSettings"][0]["Prefix"] == ""


def test_origins() -> None:
    path = ("components", "main", "resources", "front")
    assert resource(graph_of(), "FrontApp").origin(("AccessToken",)) == (*path, "token")
    assert resource(graph_of(), "FrontApp").origin(("BuildSpec",)) == (*path, "build")
    assert resource(graph_of(), "FrontDomain").origin(("SubDomainSettings", 0, "Prefix")) == (*path, "domain")


@pytest.mark.parametrize("token", ["ghp_0123456789", "${param.repository}", "x${credentials.repository_token}"])
def test_a_token_stands_in_a_secret_only(token: str) -> None:
    text = SITE.replace("token: ${credentials.repository_token}", f'token: "{token}"')
    found = errors(one(text), defaults={}, parameters=PARAMETERS)
    assert [(code, message, mark) for code, message, mark, _ in found] == [
        ("E203", "a token comes from a secret only", f'"{token}"')
    ]


def test_a_field_that_the_secret_does_not_have_is_told() -> None:
    text = SITE.replace("token: ${credentials.repository_token}", "token: ${credentials.token}")
    found = errors(one(text), defaults={}, parameters=PARAMETERS)
    assert [(code, mark) for code, _, mark, _ in found] == [("E305", "${credentials.token}")]


def test_build_says_what_to_do() -> None:
    found = errors(one(SITE.replace("install: npm ci, ", "")), defaults={}, parameters=PARAMETERS)
    assert [(code, mark) for code, _, mark, _ in found] == [("E202", "build")]


@pytest.mark.parametrize(
    ("old", "new", "code", "message"),
    [
        ("${param.repository}", "not a url", "E203", '"not a url" is not a URL'),
        ("${param.repository}", "${param.apex}", "E304", '${param.apex} can be "example.net", which is not a URL'),
        ("app.${env.domain}", "app_x.example.com", "E203", '"app_x.example.com" is not a domain name'),
        (
            "app.${env.domain}",
            "app_x y.${env.domain}",
            "E304",
            '"app_x y.dev.example.com" is not a domain name (environment "dev")',
        ),
    ],
)
def test_texts_have_the_form_that_is_wanted(old: str, new: str, code: str, message: str) -> None:
    found = errors(one(SITE.replace(old, new)), defaults={}, parameters=PARAMETERS)
    assert (code, message) in [(code, text) for code, text, _, _ in found]

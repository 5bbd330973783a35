"""Hosted zones."""

from __future__ import annotations

from support import compile_snippet, errors, one, properties, resource, schema_faults

from lenie.compiler.expressions import AttributeOf, EnvironmentName, PerEnvironment

DOMAIN = PerEnvironment("Domain", (("dev", "dev.example.com"), ("prod", "example.com")))
ZONE = 'zone: {kind: zone, domain: "${env.domain}"}\n'


def test_zone() -> None:
    graph = compile_snippet(one(ZONE))
    assert schema_faults(graph) == []
    found = resource(graph, "ZoneHostedZone")
    assert found.properties == {
        "Name": DOMAIN,
        "HostedZoneTags": [{"Key": "Environment", "Value": EnvironmentName()}, {"Key": "Project", "Value": "demo"}],
    }
    assert found.origin(("Name",)) == ("components", "main", "resources", "zone", "domain")
    assert set(found.accepted) == {"CKV2_AWS_38", "CKV2_AWS_39"}


def test_attributes() -> None:
    text = (
        ZONE
        + 'a: {kind: parameter, path: a, value: "${zone.id}"}\nb: {kind: parameter, path: b, value: "${zone.domain}"}\n'
    )
    graph = compile_snippet(one(text))
    assert properties(graph, "AParameter")["Value"] == AttributeOf("main", "ZoneHostedZone", "Ref")
    assert properties(graph, "BParameter")["Value"] == DOMAIN


def test_domain_is_required() -> None:
    (found,) = errors(one("zone: {kind: zone}"))
    assert found[:3] == ("E202", '"components.main.resources.zone" lacks the field "domain"', "zone")

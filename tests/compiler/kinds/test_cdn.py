"""A CDN: the only reader of its bucket, TLS for everybody, names in the zone."""

from __future__ import annotations

from typing import Any

from support import compile_snippet, errors, of_type, one, resource, schema_faults

from lenie.compiler.expressions import (
    AttributeOf,
    EnvironmentName,
    Interpolation,
    ParameterValue,
    PerEnvironment,
    Pseudo,
)
from lenie.compiler.graph import Graph

PARAMETERS = {
    "certificate": {
        "type": "arn",
        "default": "arn:aws:acm:us-east-1:123456789012:certificate/id",
        "description": "Certificate",
    }
}
CDN = """
zone: {kind: zone, domain: "${env.domain}"}
charts: {kind: bucket}
helm: {kind: cdn, origin: charts, domain: "helm.${env.domain}", zone: zone, certificate: "${param.certificate}"}
"""
DOMAIN = PerEnvironment("Domain", (("dev", "dev.example.com"), ("prod", "example.com")))


def graph_of(text: str = CDN) -> Graph:
    graph = compile_snippet(one(text), defaults={}, parameters=PARAMETERS)
    assert schema_faults(graph) == []
    return graph


def config(text: str = CDN) -> Any:
    properties: Any = resource(graph_of(text), "HelmDistribution").properties
    return properties["DistributionConfig"]


def test_viewers_use_tls_and_only_read() -> None:
    behavior = config()["DefaultCacheBehavior"]
    assert behavior["ViewerProtocolPolicy"] == "redirect-to-https"
    assert behavior["AllowedMethods"] == ["GET", "HEAD"]
    assert behavior["CachePolicyId"] == "658327ea-f89d-4fab-a63d-7e88639e58f6"
    assert behavior["ResponseHeadersPolicyId"] == "67f7725c-6f97-4210-82d7-5512b31e9d03"
    assert config()["ViewerCertificate"] == {
        "AcmCertificateArn": ParameterValue("certificate"),
        "MinimumProtocolVersion": "TLSv1.2_2021",
        "SslSupportMethod": "sni-only",
    }
    assert config()["HttpVersion"] == "http2and3"
    assert config()["PriceClass"] == "PriceClass_100"
    assert config()["Enabled"] is True
    assert config()["Aliases"] == [Interpolation(("helm.", DOMAIN))]


def test_origin_is_signed_for() -> None:
    (origin,) = config()["Origins"]
    assert origin["DomainName"] == AttributeOf("main", "ChartsBucket", "RegionalDomainName")
    assert origin["OriginAccessControlId"] == AttributeOf("main", "HelmAccessControl", "Id")
    assert origin["Id"] == config()["DefaultCacheBehavior"]["TargetOriginId"]
    control: Any = resource(graph_of(), "HelmAccessControl").properties["OriginAccessControlConfig"]
    assert (control["SigningBehavior"], control["SigningProtocol"]) == ("always", "sigv4")
    assert control["OriginAccessControlOriginType"] == "s3"


def test_only_this_distribution_reads_the_bucket() -> None:
    graph = graph_of()
    (policy,) = of_type(graph, "AWS::S3::BucketPolicy")
    properties: Any = policy.properties
    assert properties["Bucket"] == AttributeOf("main", "ChartsBucket", "Ref")
    secure, read = properties["PolicyDocument"]["Statement"]
    assert (secure["Effect"], secure["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": "false"}})
    assert read["Effect"] == "Allow"
    assert read["Principal"] == {"Service": "cloudfront.amazonaws.com"}
    assert read["Action"] == "s3:GetObject"
    assert read["Resource"] == Interpolation((AttributeOf("main", "ChartsBucket", "Arn"), "/*"))
    distribution = AttributeOf("main", "HelmDistribution", "Ref")
    parts = ("arn:", Pseudo("partition"), ":cloudfront::", Pseudo("account"), ":distribution/", distribution)
    assert read["Condition"] == {"StringEquals": {"AWS:SourceArn": Interpolation(parts)}}
    assert policy.origin(("PolicyDocument", "Statement", 1)) == ("components", "main", "resources", "helm", "origin")


def test_bucket_of_another_component_needs_no_cycle() -> None:
    storage = "storage:\n  layer: base\n  resources:\n    charts: {kind: bucket}\n"
    graph = compile_snippet(
        storage + one(CDN.replace("charts: {kind: bucket}\n", "")), defaults={}, parameters=PARAMETERS
    )
    assert schema_faults(graph) == []
    assert graph.components["storage"].imports() == []
    assert "HelmBucketPolicy" in graph.components["main"].resources
    assert next(r.type for r in graph.components["storage"].resources.values()) == "AWS::S3::Bucket"
    assert not [r for r in graph.components["storage"].resources.values() if r.type == "AWS::S3::BucketPolicy"]


def test_records_for_both_address_families() -> None:
    records = of_type(graph_of(), "AWS::Route53::RecordSet")
    assert [record.properties["Type"] for record in records] == ["A", "AAAA"]
    for record in records:
        assert record.properties["Name"] == Interpolation(("helm.", DOMAIN))
        assert record.properties["HostedZoneId"] == AttributeOf("main", "ZoneHostedZone", "Ref")
        assert record.properties["AliasTarget"] == {
            "DNSName": AttributeOf("main", "HelmDistribution", "DomainName"),
            "HostedZoneId": "Z2FDTNDATAQYW2",
            "EvaluateTargetHealth": False,
        }


def test_index_is_left_out_unless_given() -> None:
    assert "DefaultRootObject" not in config()
    assert config(CDN.replace("origin:", "index: index.yaml, origin:"))["DefaultRootObject"] == "index.yaml"


def test_a_domain_outside_the_zone_is_told_with_its_environment() -> None:
    text = CDN.replace("helm.${env.domain}", "helm.${env.name}.example.com")
    found = errors(one(text), defaults={}, parameters=PARAMETERS)
    assert found == []
    outside = CDN.replace("helm.${env.domain}", "helm.${env.name}.example.org")
    found = errors(one(outside), defaults={}, parameters=PARAMETERS)
    message = '"helm.dev.example.org" is not in the zone "dev.example.com" (environment dev)'
    assert found == [
        ("E334", message, '"helm.${env.name}.example.org"', "write a name that ends in .${env.domain}"),
    ]


def test_one_wrong_environment_is_enough() -> None:
    text = CDN.replace("helm.${env.domain}", "helm.dev.example.com")
    assert errors(one(text), defaults={}, parameters=PARAMETERS) == []
    text = CDN.replace("helm.${env.domain}", "helmdev.example.com")
    ((code, message, _, _),) = errors(one(text), defaults={}, parameters=PARAMETERS)
    assert (code, message) == ("E334", '"helmdev.example.com" is not in the zone "dev.example.com" (environment dev)')


def test_the_origin_is_a_bucket() -> None:
    found = errors(one(CDN.replace("origin: charts", "origin: zone")), defaults={}, parameters=PARAMETERS)
    assert [(code, mark) for code, _, mark, _ in found] == [("E304", "zone")]


def test_distribution_belongs_to_an_environment() -> None:
    control: Any = resource(graph_of(), "HelmAccessControl").properties["OriginAccessControlConfig"]
    assert control["Name"] == Interpolation(("demo-", EnvironmentName(), "-helm"))


def test_a_bucket_has_one_policy_and_so_one_cdn() -> None:
    text = CDN + CDN.rstrip().splitlines()[-1].replace("helm:", "again:").replace("helm.", "again.") + "\n"
    found = errors(one(text), defaults={}, parameters=PARAMETERS)
    assert found == [("E335", '"charts" is served by "helm" already', "charts", "give each cdn a bucket of its own")]


def test_the_certificate_is_of_us_east_1() -> None:
    words = "the ARN of an ACM certificate in us-east-1"
    arn = "arn:aws:acm:eu-west-1:123456789012:certificate/id"
    ((code, message, mark, _),) = errors(
        one(CDN.replace("${param.certificate}", arn)), defaults={}, parameters=PARAMETERS
    )
    assert (code, message, mark) == ("E203", f'"{arn}" is not {words}', f'"{arn}"')
    elsewhere = {"certificate": {**PARAMETERS["certificate"], "values": {"prod": arn}}}
    ((code, message, mark, _),) = errors(one(CDN), defaults={}, parameters=elsewhere)
    assert (code, mark) == ("E304", "${param.certificate}")
    assert message == f'${{param.certificate}} can be "{arn}", which is not {words}'


def test_domains_are_host_names() -> None:
    found = errors(one(CDN.replace("helm.${env.domain}", "helm_x.${env.domain}")), defaults={}, parameters=PARAMETERS)
    assert [(code, mark) for code, _, mark, _ in found] == [("E304", '"helm_x.${env.domain}"')]
    wild = CDN.replace("helm.${env.domain}", "*.${env.domain}")
    assert errors(one(wild), defaults={}, parameters=PARAMETERS) == []

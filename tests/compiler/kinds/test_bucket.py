"""A bucket is private, encrypted and TLS only without a word of the spec."""

from __future__ import annotations

from support import compile_snippet, errors, of_type, one, properties, resource, schema_faults

from lenie.compiler.expressions import AttributeOf, EnvironmentName, Interpolation, PerEnvironment


def test_defaults() -> None:
    graph = compile_snippet(one("files: {kind: bucket}\n"))
    assert schema_faults(graph) == []
    bucket = properties(graph, "FilesBucket")
    assert bucket["BucketName"] == Interpolation(("demo-", EnvironmentName(), "-files"))
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    assert bucket["OwnershipControls"] == {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
    encryption = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert encryption == [{"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]
    assert "VersioningConfiguration" not in bucket
    held = resource(graph, "FilesBucket")
    assert (held.deletion_policy, held.update_replace_policy) == ("RetainExceptOnCreate", "Retain")


def test_policy_refuses_requests_without_tls() -> None:
    graph = compile_snippet(one("files: {kind: bucket}\n"))
    arn = AttributeOf("main", "FilesBucket", "Arn")
    assert properties(graph, "FilesBucketPolicy")["PolicyDocument"]["Statement"] == [
        {
            "Sid": "DenyInsecureTransport",
            "Effect": "Deny",
            "Principal": {"AWS": "*"},
            "Action": "s3:*",
            "Resource": [arn, Interpolation((arn, "/*"))],
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        }
    ]


def test_versions_where_an_environment_wants_them() -> None:
    graph = compile_snippet(one('files: {kind: bucket, versioned: "${env.production}"}\n'))
    status = properties(graph, "FilesBucket")["VersioningConfiguration"]["Status"]
    assert status == PerEnvironment("FilesVersioning", (("dev", "Suspended"), ("prod", "Enabled")))
    assert resource(graph, "FilesBucket").origin(("VersioningConfiguration", "Status"))[-1] == "versioned"


def test_a_text_setting_is_no_flag() -> None:
    found = errors(one('files: {kind: bucket, versioned: "${env.domain}"}\n'))
    assert [(code, marked) for code, _, marked, _ in found] == [("E304", "${env.domain}")]


def test_a_suffix_ends_a_given_name_too() -> None:
    graph = compile_snippet(one("files: {kind: bucket, name: our-files, name-suffix: -x}\n", scope="account"))
    assert properties(graph, "FilesBucket")["BucketName"] == "our-files-x"


def test_the_policy_of_a_served_bucket_stands_with_the_cdn() -> None:
    zone = 'zone: {kind: zone, domain: "${env.domain}"}\n'
    certificate = "arn:aws:acm:us-east-1:123456789012:certificate/00000000-0000-4000-8000-000000000000"
    fields = 'kind: cdn, origin: files, domain: "charts.${env.domain}", zone: zone'
    cdn = f'cdn: {{{fields}, certificate: "{certificate}"}}\n'
    graph = compile_snippet(one("files: {kind: bucket}\n" + zone + cdn))
    policies = of_type(graph, "AWS::S3::BucketPolicy")
    assert [policy.logical_id for policy in policies] == ["CdnBucketPolicy"]

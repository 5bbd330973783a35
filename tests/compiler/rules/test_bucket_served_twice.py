from __future__ import annotations

from rule_support import findings, marked, spec

CDN = """
zone: {kind: zone, domain: example.com}
files: {kind: bucket}
other: {kind: bucket}
one: {kind: cdn, origin: files, domain: one.example.com, zone: zone, certificate: "%s"}
two: {kind: cdn, origin: %s, domain: two.example.com, zone: zone, certificate: "%s"}
"""
CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/00000000-0000-4000-8000-000000000000"


def test_a_bucket_has_one_cdn() -> None:
    text = spec(CDN % (CERTIFICATE, "files", CERTIFICATE))
    (found,) = findings("E335", text)
    assert marked(text, found) == "files"


def test_each_its_own() -> None:
    assert not findings("E335", spec(CDN % (CERTIFICATE, "other", CERTIFICATE)))

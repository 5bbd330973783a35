from __future__ import annotations

import pytest
from rule_support import findings, marked, spec

CDN = """
zone: {kind: zone, domain: example.com}
files: {kind: bucket}
cdn: {kind: cdn, origin: files, domain: %s, zone: zone, certificate: "%s"}
"""
CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/00000000-0000-4000-8000-000000000000"


@pytest.mark.parametrize("domain", ["charts.example.org", "charts.notexample.com"])
def test_outside(domain: str) -> None:
    text = spec(CDN % (domain, CERTIFICATE))
    (found,) = findings("E334", text)
    assert marked(text, found) == domain


@pytest.mark.parametrize("domain", ["charts.example.com", "a.b.example.com"])
def test_inside(domain: str) -> None:
    assert not findings("E334", spec(CDN % (domain, CERTIFICATE)))

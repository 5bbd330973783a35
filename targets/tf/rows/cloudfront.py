"""CloudFront: distributions and access controls of their origins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lenie.compiler.expressions import Value
from lenie.compiler.graph import Resource
from lenie.compiler.span import Path
from lenie.targets.tf.hcl import Argument, Block
from lenie.targets.tf.row import Flat, Items, Made, Nested, Row

if TYPE_CHECKING:
    from lenie.targets.tf.resource import Builder, Schema


def _s3_origin(out: Builder, schema: Schema, value: Value, at: Path) -> Items:
    """Yield the identity of the older way of access; an empty one is what the provider sends without it."""
    if value != {"OriginAccessIdentity": ""}:
        yield from out.nested(schema, "s3_origin_config", value, at, {}, {})


def _unrestricted(out: Builder, resource: Resource) -> Items:
    """Yield the block that the provider wants even where no country is excluded."""
    config = resource.properties.get("DistributionConfig")
    if isinstance(config, dict) and "Restrictions" not in config:
        inner: list[Argument | Block] = [Argument("restriction_type", "none")]
        yield Block("restrictions", (), [Block("geo_restriction", (), inner)])


_CERTIFICATE = {"CloudFrontDefaultCertificate": "cloudfront_default_certificate"}

ROWS = {
    "AWS::CloudFront::Distribution": Row(
        "aws_cloudfront_distribution",
        {
            "DistributionConfig": Flat(
                {
                    "Origins": Nested(
                        "origin", {"Id": "origin_id", "S3OriginConfig": Made(_s3_origin, "an empty one says nothing")}
                    ),
                    "CacheBehaviors": Nested("ordered_cache_behavior"),
                    "CustomErrorResponses": Nested("custom_error_response"),
                    "IPV6Enabled": "is_ipv6_enabled",
                    "Logging": Nested("logging_config"),
                    "ViewerCertificate": Nested("viewer_certificate", _CERTIFICATE),
                    "WebACLId": "web_acl_id",
                }
            )
        },
        {"Ref": "id", "Id": "id", "DomainName": "domain_name"},
        adds=_unrestricted,
        # CloudFormation's default is the older version (AWS::CloudFront::Distribution DistributionConfig, HttpVersion).
        constants={"http_version": "http1.1"},
    ),
    "AWS::CloudFront::OriginAccessControl": Row(
        "aws_cloudfront_origin_access_control",
        {"OriginAccessControlConfig": Flat()},
        {"Ref": "id", "Id": "id"},
        # The provider would write a description of its own.
        constants={"description": ""},
    ),
}

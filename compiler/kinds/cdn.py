"""A CDN: CloudFront over a private bucket, with its own domain name."""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from lenie.compiler.diagnostics import Report
from lenie.compiler.expressions import Pseudo, as_part, interpolate
from lenie.compiler.forms import CERTIFICATE, Certificate, Domain, check_domain, check_form
from lenie.compiler.iam import Statement
from lenie.compiler.kind import Attribute, Resource
from lenie.compiler.kinds.bucket import add_policy
from lenie.compiler.place import Lowering, Place
from lenie.compiler.types import Reference, Text, To

#: Managed policies of CloudFront (Amazon CloudFront Developer Guide, "Use managed cache policies" and "Use managed
#: response headers policies").
CACHING_OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6"
SECURITY_HEADERS = "67f7725c-6f97-4210-82d7-5512b31e9d03"
#: Hosted zone of all distributions (AWS::Route53::RecordSet AliasTarget, CloudFormation template reference).
CLOUDFRONT_ZONE = "Z2FDTNDATAQYW2"


class Cdn(Resource):
    """A CloudFront distribution over a bucket, which only this distribution can read.

    The bucket's policy is added here, since it names the distribution.

    Source: AWS::CloudFront::Distribution (CloudFormation template reference).
    """

    ATTRIBUTES: ClassVar[Mapping[str, Attribute]] = {
        "id": Attribute("Distribution"),
        "domain": Attribute("Distribution", "DomainName", "Name that CloudFront gave to the distribution"),
    }
    FOLDER: ClassVar[str] = "cloudfront/{name}"

    kind: Literal["cdn"]
    description: Text | None = None
    origin: Annotated[Reference, To("bucket")]
    domain: Domain
    zone: Annotated[Reference, To("zone")]
    #: ARN of an ACM certificate in us-east-1 for `domain`.
    certificate: Certificate
    #: Object that answers for the root, ``index.html``.
    index: str = ""

    def check(self, at: Place, report: Report) -> None:
        """Report references that give no certificate of us-east-1 or no domain name."""
        check_form(at, ("certificate",), self.certificate, CERTIFICATE, report)
        check_domain(at, "domain", self.domain, report)

    def lower(self, out: Lowering) -> None:
        """Add distribution, origin access control, DNS records, and the bucket's policy."""
        domain = out.text(self.domain)
        self._distribution(out)
        out.add(
            "AccessControl",
            "AWS::CloudFront::OriginAccessControl",
            {
                "OriginAccessControlConfig": {
                    "Name": out.name(),
                    "OriginAccessControlOriginType": "s3",
                    "SigningBehavior": "always",
                    "SigningProtocol": "sigv4",
                }
            },
        )
        for record_type in ("A", "AAAA"):
            out.add(
                f"{record_type}Record",
                "AWS::Route53::RecordSet",
                {
                    "HostedZoneId": out.at("zone", out.attribute(self.zone, "id")),
                    "Name": out.at("domain", domain),
                    "Type": record_type,
                    "AliasTarget": {
                        "DNSName": out.get("Distribution", "DomainName"),
                        "HostedZoneId": CLOUDFRONT_ZONE,
                        "EvaluateTargetHealth": False,
                    },
                },
            )
        self._bucket_policy(out)

    def _distribution(self, out: Lowering) -> None:
        out.add(
            "Distribution",
            "AWS::CloudFront::Distribution",
            {
                "DistributionConfig": {
                    "Comment": out.at("description", out.text(self.description) or out.declaration.name),
                    "Enabled": True,
                    "Aliases": out.at("domain", [out.text(self.domain)]),
                    "DefaultRootObject": out.at("index", self.index or None),
                    "Origins": [
                        {
                            "Id": "bucket",
                            "DomainName": out.at("origin", out.attribute(self.origin, "domain")),
                            "OriginAccessControlId": out.get("AccessControl", "Id"),
                            # CloudFront wants the key of the older way of access, with nothing in it.
                            "S3OriginConfig": {"OriginAccessIdentity": ""},
                        }
                    ],
                    "DefaultCacheBehavior": {
                        "TargetOriginId": "bucket",
                        "ViewerProtocolPolicy": "redirect-to-https",
                        "AllowedMethods": ["GET", "HEAD"],
                        "CachedMethods": ["GET", "HEAD"],
                        "Compress": True,
                        "CachePolicyId": CACHING_OPTIMIZED,
                        "ResponseHeadersPolicyId": SECURITY_HEADERS,
                    },
                    "ViewerCertificate": {
                        "AcmCertificateArn": out.at("certificate", out.text(self.certificate)),
                        "MinimumProtocolVersion": "TLSv1.2_2021",
                        "SslSupportMethod": "sni-only",
                    },
                    "HttpVersion": "http2and3",
                    "IPV6Enabled": True,
                    "PriceClass": "PriceClass_100",
                }
            },
            accept={
                "CKV_AWS_68": "A web ACL costs 5 USD a month, and the content is static and public",
                "CKV_AWS_86": "Nobody would read logs of who fetched public files; the metrics tell the errors",
                "CKV_AWS_305": "Without an index the root has nothing to show",
                "CKV_AWS_310": "The content can be built again: a second bucket is not worth its price",
                "CKV_AWS_374": "The content is public in every country",
                "CKV2_AWS_32": "The managed policy SecurityHeadersPolicy is attached by its id",
                "CKV2_AWS_47": "A web ACL costs 5 USD a month, and there is no application behind the static content",
            },
        )

    def _bucket_policy(self, out: Lowering) -> None:
        bucket, arn = out.attribute(self.origin, "name"), out.attribute(self.origin, "arn")
        distribution = interpolate(
            "arn:",
            Pseudo("partition"),
            ":cloudfront::",
            Pseudo("account"),
            ":distribution/",
            out.get("Distribution", "Ref"),
        )
        read = Statement(
            "ReadByDistribution",
            ("s3:GetObject",),
            (interpolate(as_part(arn), "/*"),),
            principal={"Service": "cloudfront.amazonaws.com"},
            conditions={"StringEquals": {"AWS:SourceArn": distribution}},
            path=out.declaration.at("origin"),
        )
        add_policy(out, bucket, arn, [read])


KIND = Cdn

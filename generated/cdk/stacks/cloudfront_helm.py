"""Component cloudfront-helm.

Written by lenie-compile from the spec: do not edit. Comments name the place in the spec.
"""

from __future__ import annotations

from dataclasses import dataclass

from aws_cdk import CfnTag, Fn
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_s3 as s3
from constructs import Construct

from component import ComponentStack
from settings import Settings


@dataclass(frozen=True, kw_only=True)
class CloudfrontHelmProps:
    """Names of the SSM parameters that the stack reads, and other stacks publish."""

    s3_helm_domain_parameter: str
    route53_zone_id_parameter: str
    s3_helm_name_parameter: str
    s3_helm_arn_parameter: str


class CloudfrontHelmStack(ComponentStack):
    """Component cloudfront-helm (layer delivery).

    There is one for each environment.
    """

    def __init__(self, scope: Construct, settings: Settings, props: CloudfrontHelmProps) -> None:
        super().__init__(
            scope,
            f"lenie-{settings.environment}-cloudfront-helm",
            description=f"cloudfront-helm (delivery): the stack of {settings.environment}",
            termination_protection=settings.production,
        )

        s3_helm_domain = self.ssm_value(
            "S3HelmDomain",
            props.s3_helm_domain_parameter,
            "SSM parameter s3/helm/domain, published by component s3-helm",
        )
        route53_zone_id = self.ssm_value(
            "Route53ZoneId",
            props.route53_zone_id_parameter,
            "SSM parameter route53/zone/id, published by component domain-route53",
        )
        s3_helm_name = self.ssm_value(
            "S3HelmName",
            props.s3_helm_name_parameter,
            "SSM parameter s3/helm/name, published by component s3-helm",
        )
        s3_helm_arn = self.ssm_value(
            "S3HelmArn",
            props.s3_helm_arn_parameter,
            "SSM parameter s3/helm/arn, published by component s3-helm",
        )

        # components.cloudfront-helm.resources.helm-cdn
        helm_cdn_access_control = cloudfront.CfnOriginAccessControl(
            self,
            "HelmCdnAccessControl",
            origin_access_control_config=(
                cloudfront.CfnOriginAccessControl.OriginAccessControlConfigProperty(
                    name=f"lenie-{settings.environment}-helm-cdn",
                    origin_access_control_origin_type="s3",
                    signing_behavior="always",
                    signing_protocol="sigv4",
                )
            ),
        )

        # components.cloudfront-helm.resources.helm-cdn
        helm_cdn_distribution = cloudfront.CfnDistribution(
            self,
            "HelmCdnDistribution",
            distribution_config=cloudfront.CfnDistribution.DistributionConfigProperty(
                comment="helm-cdn",
                enabled=True,
                aliases=[f"helm.{settings.environment}.lenie-ai.eu"],
                origins=[
                    cloudfront.CfnDistribution.OriginProperty(
                        id="bucket",
                        domain_name=s3_helm_domain,
                        origin_access_control_id=helm_cdn_access_control.attr_id,
                        s3_origin_config=cloudfront.CfnDistribution.S3OriginConfigProperty(
                            origin_access_identity="",
                        ),
                    ),
                ],
                default_cache_behavior=cloudfront.CfnDistribution.DefaultCacheBehaviorProperty(
                    target_origin_id="bucket",
                    viewer_protocol_policy="redirect-to-https",
                    allowed_methods=["GET", "HEAD"],
                    cached_methods=["GET", "HEAD"],
                    compress=True,
                    cache_policy_id="658327ea-f89d-4fab-a63d-7e88639e58f6",
                    response_headers_policy_id="67f7725c-6f97-4210-82d7-5512b31e9d03",
                ),
                viewer_certificate=cloudfront.CfnDistribution.ViewerCertificateProperty(
                    acm_certificate_arn=settings.certificate,
                    minimum_protocol_version="TLSv1.2_2021",
                    ssl_support_method="sni-only",
                ),
                http_version="http2and3",
                ipv6_enabled=True,
                price_class="PriceClass_100",
            ),
            tags=[
                CfnTag(key="Environment", value=settings.environment),
                CfnTag(key="Project", value="lenie"),
            ],
        )
        helm_cdn_distribution.add_metadata(
            "checkov",
            {
                "skip": [
                    {
                        "id": "CKV_AWS_68",
                        "comment": (
                            "A web ACL costs 5 USD a month, and the content is static and public"
                        ),
                    },
                    {
                        "id": "CKV_AWS_86",
                        "comment": (
                            "Nobody would read logs of who fetched public files; the metrics "
                            "tell the errors"
                        ),
                    },
                ],
            },
        )

        # components.cloudfront-helm.resources.helm-cdn
        route53.CfnRecordSet(
            self,
            "HelmCdnARecord",
            hosted_zone_id=route53_zone_id,
            name=f"helm.{settings.environment}.lenie-ai.eu",
            type="A",
            alias_target=route53.CfnRecordSet.AliasTargetProperty(
                dns_name=helm_cdn_distribution.attr_domain_name,
                hosted_zone_id="Z2FDTNDATAQYW2",
                evaluate_target_health=False,
            ),
        )

        # components.cloudfront-helm.resources.helm-cdn
        route53.CfnRecordSet(
            self,
            "HelmCdnAAAARecord",
            hosted_zone_id=route53_zone_id,
            name=f"helm.{settings.environment}.lenie-ai.eu",
            type="AAAA",
            alias_target=route53.CfnRecordSet.AliasTargetProperty(
                dns_name=helm_cdn_distribution.attr_domain_name,
                hosted_zone_id="Z2FDTNDATAQYW2",
                evaluate_target_health=False,
            ),
        )

        # components.cloudfront-helm.resources.helm-cdn
        s3.CfnBucketPolicy(
            self,
            "HelmCdnBucketPolicy",
            bucket=s3_helm_name,
            policy_document={
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Sid": "DenyInsecureTransport",
                        "Effect": "Deny",
                        "Principal": {"AWS": "*"},
                        "Action": "s3:*",
                        "Resource": [s3_helm_arn, Fn.sub("${S3HelmArn}/*")],
                        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
                    },
                    {
                        "Sid": "ReadByDistribution",
                        "Effect": "Allow",
                        "Principal": {"Service": "cloudfront.amazonaws.com"},
                        "Action": "s3:GetObject",
                        "Resource": Fn.sub("${S3HelmArn}/*"),
                        "Condition": {
                            "StringEquals": {
                                "AWS:SourceArn": Fn.sub(
                                    "arn:${AWS::Partition}:cloudfront::${AWS::AccountId}:dist"
                                    "ribution/${HelmCdnDistribution}",
                                ),
                            },
                        },
                    },
                ],
            },
        )

"""Component scp-only-allowed-regions.

Written by lenie-compile from the spec: do not edit. Comments name the place in the spec.
"""

from __future__ import annotations

from aws_cdk import CfnTag
from aws_cdk import aws_organizations as organizations
from constructs import Construct

from component import ComponentStack
from settings import Settings


class ScpOnlyAllowedRegionsStack(ComponentStack):
    """Component scp-only-allowed-regions (layer account).

    There is one for the organization.
    """

    def __init__(self, scope: Construct, settings: Settings) -> None:
        super().__init__(
            scope,
            "lenie-scp-only-allowed-regions",
            description="scp-only-allowed-regions (account): once for the organization",
            termination_protection=True,
        )

        # components.scp-only-allowed-regions.resources.only-allowed-regions
        organizations.CfnPolicy(
            self,
            "OnlyAllowedRegionsPolicy",
            name="OnlyAllowedRegions",
            description="Nothing but global services outside the allowed regions",
            type="SERVICE_CONTROL_POLICY",
            content={
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Sid": "DenyOtherRegions",
                        "Effect": "Deny",
                        "NotAction": [
                            "account:*",
                            "artifact:*",
                            "aws-portal:*",
                            "billing:*",
                            "budgets:*",
                            "ce:*",
                            "cloudfront:*",
                            "cur:*",
                            "globalaccelerator:*",
                            "health:*",
                            "iam:*",
                            "importexport:*",
                            "invoicing:*",
                            "networkmanager:*",
                            "organizations:*",
                            "payments:*",
                            "pricing:*",
                            "route53:*",
                            "route53domains:*",
                            "s3:GetAccountPublic*",
                            "s3:ListAllMyBuckets",
                            "s3:PutAccountPublic*",
                            "shield:*",
                            "sso:*",
                            "sts:*",
                            "support:*",
                            "supportplans:*",
                            "tax:*",
                            "trustedadvisor:*",
                            "waf-regional:*",
                            "waf:*",
                            "wafv2:*",
                        ],
                        "Resource": "*",
                        "Condition": {
                            "StringNotEquals": {
                                "aws:RequestedRegion": [
                                    "eu-west-1",
                                    "eu-west-2",
                                    "eu-central-1",
                                    "us-east-1",
                                ],
                            },
                        },
                    },
                ],
            },
            target_ids=list(settings.region_targets) if settings.region_targets else None,
            tags=[CfnTag(key="Project", value="lenie")],
        )

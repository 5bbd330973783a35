"""Component s3-website-content.

Written by lenie-compile from the spec: do not edit. Comments name the place in the spec.
"""

from __future__ import annotations

from aws_cdk import CfnDeletionPolicy, CfnTag, Fn
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_ssm as ssm
from constructs import Construct

from component import ComponentStack
from settings import Settings


class S3WebsiteContentStack(ComponentStack):
    """Component s3-website-content (layer storage).

    There is one for each environment.
    """

    def __init__(self, scope: Construct, settings: Settings) -> None:
        super().__init__(
            scope,
            f"lenie-{settings.environment}-s3-website-content",
            description=f"s3-website-content (storage): the stack of {settings.environment}",
            termination_protection=settings.production,
        )

        # Names of the SSM parameters that other stacks read.
        self.s3_website_content_name_parameter = (
            f"/lenie/{settings.environment}/s3/website-content/name"
        )
        self.s3_website_content_arn_parameter = (
            f"/lenie/{settings.environment}/s3/website-content/arn"
        )

        # components.s3-website-content.resources.website-content
        website_content_bucket = s3.CfnBucket(
            self,
            "WebsiteContentBucket",
            bucket_name=f"lenie-{settings.environment}-website-content{settings.bucket_suffix}",
            bucket_encryption=s3.CfnBucket.BucketEncryptionProperty(
                server_side_encryption_configuration=[
                    s3.CfnBucket.ServerSideEncryptionRuleProperty(
                        server_side_encryption_by_default=(
                            s3.CfnBucket.ServerSideEncryptionByDefaultProperty(
                                sse_algorithm="AES256",
                            )
                        ),
                    ),
                ],
            ),
            ownership_controls=s3.CfnBucket.OwnershipControlsProperty(
                rules=[
                    s3.CfnBucket.OwnershipControlsRuleProperty(
                        object_ownership="BucketOwnerEnforced",
                    ),
                ],
            ),
            public_access_block_configuration=s3.CfnBucket.PublicAccessBlockConfigurationProperty(
                block_public_acls=True,
                block_public_policy=True,
                ignore_public_acls=True,
                restrict_public_buckets=True,
            ),
            versioning_configuration=s3.CfnBucket.VersioningConfigurationProperty(
                status=settings.website_content_versioning,
            ),
            tags=[
                CfnTag(key="Environment", value=settings.environment),
                CfnTag(key="Project", value="lenie"),
            ],
        )
        website_content_bucket.cfn_options.deletion_policy = (
            CfnDeletionPolicy.RETAIN_EXCEPT_ON_CREATE
        )
        website_content_bucket.cfn_options.update_replace_policy = CfnDeletionPolicy.RETAIN
        website_content_bucket.add_metadata(
            "checkov",
            {
                "skip": [
                    {
                        "id": "CKV_AWS_18",
                        "comment": (
                            "Access logs of a private bucket would cost more than what they tell "
                            "is worth"
                        ),
                    },
                    {"id": "CKV_AWS_21", "comment": "The spec says which buckets keep versions"},
                ],
            },
        )

        # components.s3-website-content.resources.website-content
        s3.CfnBucketPolicy(
            self,
            "WebsiteContentBucketPolicy",
            bucket=website_content_bucket.ref,
            policy_document={
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Sid": "DenyInsecureTransport",
                        "Effect": "Deny",
                        "Principal": {"AWS": "*"},
                        "Action": "s3:*",
                        "Resource": [
                            website_content_bucket.attr_arn,
                            Fn.sub("${WebsiteContentBucket.Arn}/*"),
                        ],
                        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
                    },
                ],
            },
        )

        # components.s3-website-content.resources.website-content.publish
        ssm.CfnParameter(
            self,
            "WebsiteContentNameParameter",
            name=self.s3_website_content_name_parameter,
            type="String",
            value=website_content_bucket.ref,
            description="name of website-content (bucket)",
            tags={"Project": "lenie", "Environment": settings.environment},
        )

        # components.s3-website-content.resources.website-content.publish
        ssm.CfnParameter(
            self,
            "WebsiteContentArnParameter",
            name=self.s3_website_content_arn_parameter,
            type="String",
            value=website_content_bucket.attr_arn,
            description="arn of website-content (bucket)",
            tags={"Project": "lenie", "Environment": settings.environment},
        )

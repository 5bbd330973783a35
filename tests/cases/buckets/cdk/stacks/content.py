"""Component content.

Written by lenie-compile from the spec: do not edit. Comments name the place in the spec.
"""

from __future__ import annotations

from aws_cdk import CfnDeletionPolicy, CfnTag, Fn
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_ssm as ssm
from constructs import Construct

from component import ComponentStack
from settings import Settings


class ContentStack(ComponentStack):
    """Component content (layer storage).

    There is one for each environment.
    """

    def __init__(self, scope: Construct, settings: Settings) -> None:
        super().__init__(
            scope,
            f"demo-{settings.environment}-content",
            description=f"content (storage): the stack of {settings.environment}",
            termination_protection=settings.production,
        )

        # components.content.resources.content
        content_bucket = s3.CfnBucket(
            self,
            "ContentBucket",
            bucket_name=f"demo-{settings.environment}-content{settings.suffix}",
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
                status=settings.content_versioning,
            ),
            tags=[
                CfnTag(key="Environment", value=settings.environment),
                CfnTag(key="Project", value="demo"),
            ],
        )
        content_bucket.cfn_options.deletion_policy = CfnDeletionPolicy.RETAIN_EXCEPT_ON_CREATE
        content_bucket.cfn_options.update_replace_policy = CfnDeletionPolicy.RETAIN
        content_bucket.add_metadata(
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

        # components.content.resources.content
        s3.CfnBucketPolicy(
            self,
            "ContentBucketPolicy",
            bucket=content_bucket.ref,
            policy_document={
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Sid": "DenyInsecureTransport",
                        "Effect": "Deny",
                        "Principal": {"AWS": "*"},
                        "Action": "s3:*",
                        "Resource": [content_bucket.attr_arn, Fn.sub("${ContentBucket.Arn}/*")],
                        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
                    },
                ],
            },
        )

        # components.content.resources.content.publish
        ssm.CfnParameter(
            self,
            "ContentNameParameter",
            name=f"/demo/{settings.environment}/s3/content/name",
            type="String",
            value=content_bucket.ref,
            description="name of content (bucket)",
            tags={"Project": "demo", "Environment": settings.environment},
        )

        # components.content.resources.content.publish
        ssm.CfnParameter(
            self,
            "ContentArnParameter",
            name=f"/demo/{settings.environment}/s3/content/arn",
            type="String",
            value=content_bucket.attr_arn,
            description="arn of content (bucket)",
            tags={"Project": "demo", "Environment": settings.environment},
        )

"""Component s3.

Written by lenie-compile from the spec: do not edit. Comments name the place in the spec.
"""

from __future__ import annotations

from aws_cdk import CfnDeletionPolicy, CfnTag, Fn
from aws_cdk import aws_s3 as s3
from constructs import Construct

from component import ComponentStack
from settings import Settings


class S3Stack(ComponentStack):
    """Component s3 (layer storage).

    There is one for each environment.
    """

    def __init__(self, scope: Construct, settings: Settings) -> None:
        super().__init__(
            scope,
            f"lenie-{settings.environment}-s3",
            description=f"s3 (storage): the stack of {settings.environment}",
            termination_protection=settings.production,
        )

        # components.s3.resources.video-to-text
        video_to_text_bucket = s3.CfnBucket(
            self,
            "VideoToTextBucket",
            bucket_name=f"lenie-{settings.environment}-video-to-text{settings.bucket_suffix}",
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
            tags=[
                CfnTag(key="Environment", value=settings.environment),
                CfnTag(key="Project", value="lenie"),
            ],
        )
        video_to_text_bucket.cfn_options.deletion_policy = CfnDeletionPolicy.RETAIN_EXCEPT_ON_CREATE
        video_to_text_bucket.cfn_options.update_replace_policy = CfnDeletionPolicy.RETAIN
        video_to_text_bucket.add_metadata(
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

        # components.s3.resources.video-to-text
        s3.CfnBucketPolicy(
            self,
            "VideoToTextBucketPolicy",
            bucket=video_to_text_bucket.ref,
            policy_document={
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Sid": "DenyInsecureTransport",
                        "Effect": "Deny",
                        "Principal": {"AWS": "*"},
                        "Action": "s3:*",
                        "Resource": [
                            video_to_text_bucket.attr_arn,
                            Fn.sub("${VideoToTextBucket.Arn}/*"),
                        ],
                        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
                    },
                ],
            },
        )

"""Component s3-cloudformation.

Written by lenie-compile from the spec: do not edit. Comments name the place in the spec.
"""

from __future__ import annotations

from aws_cdk import CfnDeletionPolicy, CfnTag, Fn
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_ssm as ssm
from constructs import Construct

from component import ComponentStack
from settings import Settings


class S3CloudformationStack(ComponentStack):
    """Component s3-cloudformation (layer foundation).

    There is one for each environment.
    """

    def __init__(self, scope: Construct, settings: Settings) -> None:
        super().__init__(
            scope,
            f"lenie-{settings.environment}-s3-cloudformation",
            description=f"s3-cloudformation (foundation): the stack of {settings.environment}",
            termination_protection=settings.production,
        )

        # Names of the SSM parameters that other stacks read.
        self.s3_cloudformation_name_parameter = (
            f"/lenie/{settings.environment}/s3/cloudformation/name"
        )

        # components.s3-cloudformation.resources.cloudformation
        cloudformation_bucket = s3.CfnBucket(
            self,
            "CloudformationBucket",
            bucket_name=f"lenie-{settings.environment}-cloudformation{settings.bucket_suffix}",
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
        cloudformation_bucket.cfn_options.deletion_policy = (
            CfnDeletionPolicy.RETAIN_EXCEPT_ON_CREATE
        )
        cloudformation_bucket.cfn_options.update_replace_policy = CfnDeletionPolicy.RETAIN
        cloudformation_bucket.add_metadata(
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

        # components.s3-cloudformation.resources.cloudformation
        s3.CfnBucketPolicy(
            self,
            "CloudformationBucketPolicy",
            bucket=cloudformation_bucket.ref,
            policy_document={
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Sid": "DenyInsecureTransport",
                        "Effect": "Deny",
                        "Principal": {"AWS": "*"},
                        "Action": "s3:*",
                        "Resource": [
                            cloudformation_bucket.attr_arn,
                            Fn.sub("${CloudformationBucket.Arn}/*"),
                        ],
                        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
                    },
                ],
            },
        )

        # components.s3-cloudformation.resources.cloudformation.publish
        ssm.CfnParameter(
            self,
            "CloudformationNameParameter",
            name=self.s3_cloudformation_name_parameter,
            type="String",
            value=cloudformation_bucket.ref,
            description="name of cloudformation (bucket)",
            tags={"Project": "lenie", "Environment": settings.environment},
        )

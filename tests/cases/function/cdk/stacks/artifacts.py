"""Component artifacts.

Written by lenie-compile from the spec: do not edit. Comments name the place in the spec.
"""

from __future__ import annotations

from aws_cdk import CfnDeletionPolicy, CfnTag, Fn
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_ssm as ssm
from constructs import Construct

from component import ComponentStack
from settings import Settings


class ArtifactsStack(ComponentStack):
    """Component artifacts (layer base).

    There is one for each environment.
    """

    def __init__(self, scope: Construct, settings: Settings) -> None:
        super().__init__(
            scope,
            f"demo-{settings.environment}-artifacts",
            description=f"artifacts (base): the stack of {settings.environment}",
            termination_protection=settings.production,
        )

        # Names of the SSM parameters that other stacks read.
        self.s3_artifacts_name_parameter = f"/demo/{settings.environment}/s3/artifacts/name"

        # components.artifacts.resources.artifacts
        artifacts_bucket = s3.CfnBucket(
            self,
            "ArtifactsBucket",
            bucket_name=f"demo-{settings.environment}-artifacts",
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
                CfnTag(key="Project", value="demo"),
            ],
        )
        artifacts_bucket.cfn_options.deletion_policy = CfnDeletionPolicy.RETAIN_EXCEPT_ON_CREATE
        artifacts_bucket.cfn_options.update_replace_policy = CfnDeletionPolicy.RETAIN
        artifacts_bucket.add_metadata(
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

        # components.artifacts.resources.artifacts
        s3.CfnBucketPolicy(
            self,
            "ArtifactsBucketPolicy",
            bucket=artifacts_bucket.ref,
            policy_document={
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Sid": "DenyInsecureTransport",
                        "Effect": "Deny",
                        "Principal": {"AWS": "*"},
                        "Action": "s3:*",
                        "Resource": [artifacts_bucket.attr_arn, Fn.sub("${ArtifactsBucket.Arn}/*")],
                        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
                    },
                ],
            },
        )

        # components.artifacts.resources.artifacts
        ssm.CfnParameter(
            self,
            "ArtifactsNameParameter",
            name=self.s3_artifacts_name_parameter,
            type="String",
            value=artifacts_bucket.ref,
            description="name of artifacts (bucket)",
            tags={"Project": "demo", "Environment": settings.environment},
        )

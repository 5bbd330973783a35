"""Component s3-helm.

Written by lenie-compile from the spec: do not edit. Comments name the place in the spec.
"""

from __future__ import annotations

from aws_cdk import CfnDeletionPolicy, CfnTag
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_ssm as ssm
from constructs import Construct

from component import ComponentStack
from settings import Settings


class S3HelmStack(ComponentStack):
    """Component s3-helm (layer storage).

    There is one for each environment.
    """

    def __init__(self, scope: Construct, settings: Settings) -> None:
        super().__init__(
            scope,
            f"lenie-{settings.environment}-s3-helm",
            description=f"s3-helm (storage): the stack of {settings.environment}",
            termination_protection=settings.production,
        )

        # Names of the SSM parameters that other stacks read.
        self.s3_helm_name_parameter = f"/lenie/{settings.environment}/s3/helm/name"
        self.s3_helm_arn_parameter = f"/lenie/{settings.environment}/s3/helm/arn"
        self.s3_helm_domain_parameter = f"/lenie/{settings.environment}/s3/helm/domain"

        # components.s3-helm.resources.helm
        helm_bucket = s3.CfnBucket(
            self,
            "HelmBucket",
            bucket_name=f"lenie-{settings.environment}-helm{settings.bucket_suffix}",
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
        helm_bucket.cfn_options.deletion_policy = CfnDeletionPolicy.RETAIN_EXCEPT_ON_CREATE
        helm_bucket.cfn_options.update_replace_policy = CfnDeletionPolicy.RETAIN
        helm_bucket.add_metadata(
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

        # components.s3-helm.resources.helm
        ssm.CfnParameter(
            self,
            "HelmNameParameter",
            name=self.s3_helm_name_parameter,
            type="String",
            value=helm_bucket.ref,
            description="name of helm (bucket)",
            tags={"Project": "lenie", "Environment": settings.environment},
        )

        # components.s3-helm.resources.helm
        ssm.CfnParameter(
            self,
            "HelmArnParameter",
            name=self.s3_helm_arn_parameter,
            type="String",
            value=helm_bucket.attr_arn,
            description="arn of helm (bucket)",
            tags={"Project": "lenie", "Environment": settings.environment},
        )

        # components.s3-helm.resources.helm
        ssm.CfnParameter(
            self,
            "HelmDomainParameter",
            name=self.s3_helm_domain_parameter,
            type="String",
            value=helm_bucket.attr_regional_domain_name,
            description="domain of helm (bucket)",
            tags={"Project": "lenie", "Environment": settings.environment},
        )

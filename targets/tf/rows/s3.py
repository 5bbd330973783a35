"""S3: what CloudFormation says in a bucket's properties, the provider has as resources of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lenie.compiler.expressions import Value
from lenie.compiler.span import Path
from lenie.targets.tf.row import Items, Json, Made, Nested, Part, Row

if TYPE_CHECKING:
    from lenie.targets.tf.resource import Builder, Schema

_LINK = {"bucket": "id"}


def _versioning(out: Builder, schema: Schema, value: Value, at: Path) -> Items:
    """Add the versioning, whose status stands in a block."""
    fields = {"VersioningConfiguration": Nested("versioning_configuration")}
    out.add_part("aws_s3_bucket_versioning", out.name, _LINK, fields, {"VersioningConfiguration": value}, at[:-1])
    return ()


_ENCRYPTION = {
    "ServerSideEncryptionConfiguration": Nested(
        "rule",
        {
            "ServerSideEncryptionByDefault": Nested(
                "apply_server_side_encryption_by_default",
                {"SSEAlgorithm": "sse_algorithm", "KMSMasterKeyID": "kms_master_key_id"},
            )
        },
    )
}

ROWS = {
    "AWS::S3::Bucket": Row(
        "aws_s3_bucket",
        {
            "BucketName": "bucket",
            "BucketEncryption": Part("aws_s3_bucket_server_side_encryption_configuration", _LINK, _ENCRYPTION),
            "OwnershipControls": Part("aws_s3_bucket_ownership_controls", _LINK, {"Rules": Nested("rule")}),
            "PublicAccessBlockConfiguration": Part("aws_s3_bucket_public_access_block", _LINK),
            "VersioningConfiguration": Made(_versioning, "the status stands in a block"),
        },
        {
            "Ref": "id",
            "Arn": "arn",
            "DomainName": "bucket_domain_name",
            "RegionalDomainName": "bucket_regional_domain_name",
        },
    ),
    "AWS::S3::BucketPolicy": Row("aws_s3_bucket_policy", {"PolicyDocument": Json("policy")}),
}

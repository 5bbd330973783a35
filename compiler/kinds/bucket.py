"""A bucket: S3, private, encrypted, TLS only, owner-enforced."""

from collections.abc import Mapping
from typing import ClassVar, Literal

from lenie.compiler.expressions import Value, as_part, interpolate
from lenie.compiler.iam import Statement, deny_insecure_transport, policy
from lenie.compiler.kind import Attribute, Grant, Resource
from lenie.compiler.place import Lowering, Place
from lenie.compiler.types import Flag, Text


class Bucket(Resource):
    """An S3 bucket.

    Bucket names are global, so `name-suffix` ends the name; where no suffix is wanted it is empty. The bucket's policy
    is added here, unless a `cdn` serves the bucket: then it stands in the cdn's component, since it names the
    distribution (no cycle).

    Source: AWS::S3::Bucket (CloudFormation template reference).
    """

    ATTRIBUTES: ClassVar[Mapping[str, Attribute]] = {
        "name": Attribute("Bucket"),
        "arn": Attribute("Bucket", "Arn"),
        "domain": Attribute("Bucket", "RegionalDomainName"),
    }
    GRANTS: ClassVar[Mapping[str, Grant]] = {
        "get": Grant(("s3:GetObject",), ("${arn}/*",), service="s3"),
        "put": Grant(("s3:PutObject",), ("${arn}/*",), service="s3"),
        "delete": Grant(("s3:DeleteObject",), ("${arn}/*",), service="s3"),
        "list": Grant(("s3:ListBucket",), service="s3"),
    }
    FOLDER: ClassVar[str] = "s3/{name}"

    kind: Literal["bucket"]
    name: Text | None = None
    name_suffix: Text = ""
    versioned: Flag = False
    #: `artifacts`: the bucket of code packages, which are uploaded before anything that runs code is deployed.
    purpose: Literal["data", "artifacts"] = "data"

    def lower(self, out: Lowering) -> None:
        """Add the bucket, and its policy unless a cdn has it."""
        bucket = out.add(
            "Bucket",
            "AWS::S3::Bucket",
            {
                "BucketName": out.at("name", out.name(self.name, self.name_suffix)),
                "BucketEncryption": {
                    "ServerSideEncryptionConfiguration": [
                        {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}},
                    ]
                },
                "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
                "PublicAccessBlockConfiguration": {
                    "BlockPublicAcls": True,
                    "BlockPublicPolicy": True,
                    "IgnorePublicAcls": True,
                    "RestrictPublicBuckets": True,
                },
                "VersioningConfiguration": out.at("versioned", self._versioning(out)),
            },
            on_delete="RetainExceptOnCreate",
            accept={
                "CKV_AWS_18": "Access logs of a private bucket would cost more than what they tell is worth",
                "CKV_AWS_144": "A copy in another region would double the cost of what can be fetched again",
                "CKV_AWS_145": "S3 encrypts it with a key of its own; a customer key costs 1 USD a month",
                "CKV2_AWS_61": "Nothing in it expires by itself",
                "CKV2_AWS_62": "Nobody waits for what is put into it",
                **({} if self.versioned is True else {"CKV_AWS_21": "The spec says which buckets keep versions"}),
            },
        )
        if not is_served(out):
            add_policy(out, bucket, out.get("Bucket", "Arn"), [])

    def _versioning(self, out: Lowering) -> dict[str, Value] | None:
        if self.versioned is False:
            return None
        return {"Status": out.flag(self.versioned, "Enabled", "Suspended", "Versioning")}


def is_served(at: Place) -> bool:
    """Return whether a cdn serves the bucket at `at`, and so owns its policy."""
    from lenie.compiler.kinds.cdn import Cdn

    return any(cdn.origin.name == at.declaration.name for _, cdn in at.program.of(Cdn))


def add_policy(out: Lowering, bucket: Value, arn: Value, statements: list[Statement]) -> None:
    """Add a bucket policy: no request without TLS, and `statements`."""
    secure = deny_insecure_transport([arn, interpolate(as_part(arn), "/*")], "s3:*")
    out.add(
        "BucketPolicy",
        "AWS::S3::BucketPolicy",
        {"Bucket": bucket, "PolicyDocument": policy([secure, *statements])},
    )


KIND = Bucket

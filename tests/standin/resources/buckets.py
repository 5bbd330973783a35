"""S3 buckets and their settings, each a resource of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from botocore.exceptions import ClientError

from standin import tags
from standin.aws import Aws
from standin.forms import Form, Table, from_api, to_api
from standin.resource import Resource, State, changed, generated_name, given

#: Error codes for a setting that is not made, and for a bucket that is not there.
_ABSENT = (
    "404",
    "NoSuchBucket",
    "NoSuchBucketPolicy",
    "NoSuchPublicAccessBlockConfiguration",
    "NoSuchTagSet",
    "OwnershipControlsNotFoundError",
    "ServerSideEncryptionConfigurationNotFoundError",
)


def _existing(call: Callable[..., Any], bucket: str) -> dict[str, Any] | None:
    try:
        return dict(call(Bucket=bucket))
    except ClientError as error:
        if error.response["Error"]["Code"] in _ABSENT:
            return None
        raise


class Bucket(Resource):
    """aws_s3_bucket: the bucket alone, without the settings that older versions of the provider had in it."""

    settled: ClassVar[frozenset[str]] = frozenset({"bucket_prefix", "force_destroy"})

    def create(self, aws: Aws, planned: State) -> str:
        client = aws.client("s3")
        name = generated_name(planned, "bucket")
        elsewhere = aws.region != "us-east-1"
        place = {"CreateBucketConfiguration": {"LocationConstraint": aws.region}} if elsewhere else {}
        client.create_bucket(Bucket=name, **place)
        self._tag(client, name, planned)
        return name

    @staticmethod
    def _tag(client: Any, name: str, planned: State) -> None:
        if planned["tags_all"]:
            client.put_bucket_tagging(Bucket=name, Tagging={"TagSet": tags.as_list(planned["tags_all"])})
        else:
            client.delete_bucket_tagging(Bucket=name)

    def read(self, aws: Aws, state: State) -> State | None:
        client = aws.client("s3")
        name = state["id"]
        if _existing(client.head_bucket, name) is None:
            return None
        region = client.get_bucket_location(Bucket=name)["LocationConstraint"] or "us-east-1"
        marks = _existing(client.get_bucket_tagging, name)
        return {
            "id": name,
            "bucket": name,
            "bucket_prefix": state["bucket_prefix"] or "",
            "arn": f"arn:aws:s3:::{name}",
            "bucket_domain_name": f"{name}.s3.amazonaws.com",
            "bucket_regional_domain_name": f"{name}.s3.{region}.amazonaws.com",
            "region": region,
            "object_lock_enabled": False,
            "tags_all": tags.as_map(marks["TagSet"] if marks else []),
        }

    def update(self, aws: Aws, prior: State, planned: State) -> None:
        self._tag(aws.client("s3"), prior["id"], planned)

    def delete(self, aws: Aws, state: State) -> None:
        client = aws.client("s3")
        if state["force_destroy"]:
            for item in client.list_objects_v2(Bucket=state["id"]).get("Contents", []):
                client.delete_object(Bucket=state["id"], Key=item["Key"])
        client.delete_bucket(Bucket=state["id"])


class _Setting(Resource):
    """A setting of a bucket: its id is the bucket's name, and a change is made as it was made at first."""

    def put(self, client: Any, planned: State) -> None:
        raise NotImplementedError

    def get(self, client: Any, state: State) -> State | None:
        raise NotImplementedError

    def remove(self, client: Any, bucket: str) -> None:
        raise NotImplementedError

    def create(self, aws: Aws, planned: State) -> str:
        self.put(aws.client("s3"), planned)
        return str(planned["bucket"])

    def read(self, aws: Aws, state: State) -> State | None:
        found = self.get(aws.client("s3"), state)
        return None if found is None else {"id": state["id"], "bucket": state["id"], **found}

    def update(self, aws: Aws, prior: State, planned: State) -> None:
        if changed(prior, planned, *planned):
            self.put(aws.client("s3"), planned)

    def delete(self, aws: Aws, state: State) -> None:
        self.remove(aws.client("s3"), state["id"])


class PublicAccessBlock(_Setting):
    """aws_s3_bucket_public_access_block."""

    settled: ClassVar[frozenset[str]] = frozenset({"skip_destroy"})
    table: ClassVar[Table] = {
        "block_public_acls": Form("BlockPublicAcls"),
        "block_public_policy": Form("BlockPublicPolicy"),
        "ignore_public_acls": Form("IgnorePublicAcls"),
        "restrict_public_buckets": Form("RestrictPublicBuckets"),
    }

    def put(self, client: Any, planned: State) -> None:
        client.put_public_access_block(
            Bucket=planned["bucket"], PublicAccessBlockConfiguration=to_api(planned, self.table)
        )

    def get(self, client: Any, state: State) -> State | None:
        found = _existing(client.get_public_access_block, state["id"])
        return None if found is None else from_api(found["PublicAccessBlockConfiguration"], self.table)

    def remove(self, client: Any, bucket: str) -> None:
        client.delete_public_access_block(Bucket=bucket)


class OwnershipControls(_Setting):
    """aws_s3_bucket_ownership_controls."""

    table: ClassVar[Table] = {"rule": Form("Rules", "blocks", {"object_ownership": Form("ObjectOwnership")})}

    def put(self, client: Any, planned: State) -> None:
        client.put_bucket_ownership_controls(Bucket=planned["bucket"], OwnershipControls=to_api(planned, self.table))

    def get(self, client: Any, state: State) -> State | None:
        found = _existing(client.get_bucket_ownership_controls, state["id"])
        return None if found is None else from_api(found["OwnershipControls"], self.table)

    def remove(self, client: Any, bucket: str) -> None:
        client.delete_bucket_ownership_controls(Bucket=bucket)


class Encryption(_Setting):
    """aws_s3_bucket_server_side_encryption_configuration."""

    table: ClassVar[Table] = {
        "rule": Form(
            "Rules",
            "blocks",
            {
                "bucket_key_enabled": Form("BucketKeyEnabled"),
                "apply_server_side_encryption_by_default": Form(
                    "ApplyServerSideEncryptionByDefault",
                    "block",
                    {"sse_algorithm": Form("SSEAlgorithm"), "kms_master_key_id": Form("KMSMasterKeyID")},
                ),
            },
        )
    }

    def put(self, client: Any, planned: State) -> None:
        client.put_bucket_encryption(
            Bucket=planned["bucket"], ServerSideEncryptionConfiguration=to_api(planned, self.table)
        )

    def get(self, client: Any, state: State) -> State | None:
        found = _existing(client.get_bucket_encryption, state["id"])
        return None if found is None else from_api(found["ServerSideEncryptionConfiguration"], self.table)

    def remove(self, client: Any, bucket: str) -> None:
        client.delete_bucket_encryption(Bucket=bucket)


class Versioning(_Setting):
    """aws_s3_bucket_versioning."""

    def put(self, client: Any, planned: State) -> None:
        (settings,) = planned["versioning_configuration"]
        if settings["status"] != "Disabled":
            client.put_bucket_versioning(
                Bucket=planned["bucket"], VersioningConfiguration=given(settings, Status="status")
            )

    def get(self, client: Any, state: State) -> State | None:
        found = _existing(client.get_bucket_versioning, state["id"])
        if found is None:
            return None
        settings = {"status": found.get("Status", "Disabled"), "mfa_delete": found.get("MFADelete", "Disabled")}
        return {"versioning_configuration": [settings]}

    def remove(self, client: Any, bucket: str) -> None:
        client.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Suspended"})


class Policy(_Setting):
    """aws_s3_bucket_policy."""

    def put(self, client: Any, planned: State) -> None:
        client.put_bucket_policy(Bucket=planned["bucket"], Policy=planned["policy"])

    def get(self, client: Any, state: State) -> State | None:
        found = _existing(client.get_bucket_policy, state["id"])
        return None if found is None else {"policy": found["Policy"]}

    def remove(self, client: Any, bucket: str) -> None:
        client.delete_bucket_policy(Bucket=bucket)


RESOURCES: dict[str, type[Resource]] = {
    "aws_s3_bucket": Bucket,
    "aws_s3_bucket_ownership_controls": OwnershipControls,
    "aws_s3_bucket_policy": Policy,
    "aws_s3_bucket_public_access_block": PublicAccessBlock,
    "aws_s3_bucket_server_side_encryption_configuration": Encryption,
    "aws_s3_bucket_versioning": Versioning,
}

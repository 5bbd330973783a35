"""Versions of Lambda layers, from a package in a bucket."""

from __future__ import annotations

from typing import ClassVar

from botocore.exceptions import ClientError

from standin.aws import Aws
from standin.resource import Resource, State, given


class LayerVersion(Resource):
    """aws_lambda_layer_version: each change makes a new version."""

    settled: ClassVar[frozenset[str]] = frozenset(
        {"s3_bucket", "s3_key", "s3_object_version", "skip_destroy", "compatible_architectures"}
    )

    def create(self, aws: Aws, planned: State) -> str:
        content = given(planned, S3Bucket="s3_bucket", S3Key="s3_key", S3ObjectVersion="s3_object_version")
        made = aws.client("lambda").publish_layer_version(
            LayerName=planned["layer_name"],
            Content=content,
            **given(
                planned,
                Description="description",
                CompatibleRuntimes="compatible_runtimes",
                CompatibleArchitectures="compatible_architectures",
                LicenseInfo="license_info",
            ),
        )
        return str(made["LayerVersionArn"])

    def read(self, aws: Aws, state: State) -> State | None:
        name, _, version = state["id"].rpartition(":")
        try:
            found = aws.client("lambda").get_layer_version(LayerName=name, VersionNumber=int(version))
        except ClientError as error:
            if error.response["Error"]["Code"] == "ResourceNotFoundException":
                return None
            raise
        return {
            "id": found["LayerVersionArn"],
            "arn": found["LayerVersionArn"],
            "layer_arn": found["LayerArn"],
            "layer_name": name.rpartition(":")[2],
            "description": found.get("Description") or None,
            "compatible_runtimes": found.get("CompatibleRuntimes") or None,
            "license_info": found.get("LicenseInfo") or None,
            "version": str(found["Version"]),
            "created_date": found["CreatedDate"],
            "code_sha256": found["Content"]["CodeSha256"],
            "source_code_hash": found["Content"]["CodeSha256"],
            "source_code_size": found["Content"]["CodeSize"],
            "signing_job_arn": "",
            "signing_profile_version_arn": "",
        }

    def delete(self, aws: Aws, state: State) -> None:
        if not state["skip_destroy"]:
            name, _, version = state["id"].rpartition(":")
            aws.client("lambda").delete_layer_version(LayerName=name, VersionNumber=int(version))


RESOURCES: dict[str, type[Resource]] = {"aws_lambda_layer_version": LayerVersion}

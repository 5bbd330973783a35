"""Puts packages into the artifacts' bucket, where the deployment takes them from.

S3 gets the SHA-256 with every package, so that it takes none that is not whole ("Checking object integrity", Amazon S3
User Guide). What is there already under the name is compared, never trusted: a function would be deployed from it.
"""

from __future__ import annotations

import base64
import hashlib
from typing import Any, Literal

from lenie.compiler.aws import Account, refusal, told
from lenie.compiler.diagnostics import Diagnostic, Severity, SpecError
from lenie.compiler.graph import Graph
from lenie.compiler.packaging.store import Built
from lenie.compiler.published import Published, physical_name, published

#: Metadata of the object: digest of names and contents, which another way of compressing does not change.
CONTENT = "lenie-content-sha256"
_NOT_FOUND = ("404", "NoSuchKey", "NotFound")

Outcome = Literal["uploaded", "there", "replaced"]


def bucket_of(graph: Graph, package_bucket: str, environment: str) -> Published:
    """Return where the physical name of the bucket `package_bucket` (its name in the spec) is published.

    Raises:
        SpecError: (E911) if it is not.
    """
    for component in graph.components.values():
        for resource in component.resources.values():
            if resource.type == "AWS::S3::Bucket" and resource.path[-1] == package_bucket:
                found = published(graph, environment, component, resource)
                if found is not None:
                    return found
    message = f'the name of the bucket "{package_bucket}" is not published in SSM'
    raise refusal(message, "add publish: [name] to it in the spec, or give its name with --bucket")


def bucket_name(account: Account, bucket: Published, environment: str) -> str:
    """Return the physical name of a bucket, from its SSM parameter.

    Raises:
        SpecError: (E911) if it is not deployed, or AWS refuses.
    """
    otherwise = ", or give the name with --bucket"
    return physical_name(account, bucket, environment, what="the bucket's name", otherwise=otherwise)


def upload(account: Account, bucket: str, built: Built, *, replace: bool) -> Outcome:
    """Put a package into the bucket, unless it is there; `replace` overwrites an object that is something else.

    Raises:
        SpecError: (E912) if there is another object of that name, (E911) if AWS refuses.
    """
    key = built.package.key
    s3 = account.client("s3")
    found = _head(s3, bucket, key)
    if found is not None:
        fault = _differs(s3, bucket, found, built)
        if not fault:
            return "there"
        if not replace:
            message = f"s3://{bucket}/{key} is not this package: {fault}"
            help = "see where it comes from; --replace overwrites it, and what runs from it has to be deployed anew"
            raise SpecError(Diagnostic("E912", Severity.ERROR, message, (), help))
    with told(f"uploading {key}"), built.file.open("rb") as body:
        s3.put_object(
            Bucket=bucket,
            Key=key,
            Body=body,
            ContentLength=built.size,
            ContentType="application/zip",
            ChecksumAlgorithm="SHA256",
            ChecksumSHA256=base64.b64encode(built.sha256).decode(),
            Metadata={CONTENT: built.contents.digest},
        )
    return "uploaded" if found is None else "replaced"


def _head(s3: Any, bucket: str, key: str) -> dict[str, Any] | None:
    from botocore.exceptions import ClientError

    with told(f"looking for {key}"):
        try:
            found: dict[str, Any] = s3.head_object(Bucket=bucket, Key=key, ChecksumMode="ENABLED")
            return found
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") not in _NOT_FOUND:
                raise
    return None


def _differs(s3: Any, bucket: str, found: dict[str, Any], built: Built) -> str:
    """Return how the object differs from the package; nothing if it is the same, or the same compressed otherwise."""
    known = str(found.get("ChecksumSHA256", ""))
    # S3 checks the digest of an object that is uploaded at once; that of parts is of another kind, and ends in "-N".
    whole = bool(known) and "-" not in known
    if whole and found.get("Metadata", {}).get(CONTENT) == built.contents.digest:
        return ""
    if found.get("ContentLength") != built.size:
        return f"it has {found.get('ContentLength')} bytes, and the package {built.size}"
    if not whole:
        known = _digest(s3, bucket, built.package.key)
    return "" if known == base64.b64encode(built.sha256).decode() else "its SHA-256 is another"


def _digest(s3: Any, bucket: str, key: str) -> str:
    """Return the SHA-256 of an object that somebody uploaded without it, in Base64."""
    sha = hashlib.sha256()
    with told(f"reading {key}"):
        for chunk in s3.get_object(Bucket=bucket, Key=key)["Body"].iter_chunks(1 << 20):
            sha.update(chunk)
    return base64.b64encode(sha.digest()).decode()

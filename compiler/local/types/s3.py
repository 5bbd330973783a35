"""Amazon S3: buckets, with a table of their settings, and bucket policies."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from lenie.compiler.local.types.base import Context, Json, ResourceType, pick, tag_list, tag_map, text


def _same(value: Any) -> Any:
    return value


def _renamed(value: Any, names: dict[str, str]) -> Any:
    """Return data with some of its keys renamed, however deep."""
    if isinstance(value, list):
        return [_renamed(item, names) for item in value]
    if isinstance(value, dict):
        return {names.get(key, key): _renamed(item, names) for key, item in value.items()}
    return value


def _renames(names: dict[str, str]) -> tuple[Callable[[Any], Any], Callable[[Any], Any]]:
    back = {value: key for key, value in names.items()}
    return (lambda value: _renamed(value, names)), (lambda value: _renamed(value, back))


class Setting(NamedTuple):
    """A setting of a bucket: the operations for it end in `what`; `key` is what the answer has it under."""

    property: str
    what: str
    argument: str
    key: str
    to: Callable[[Any], Any] = _same
    back: Callable[[Any], Any] = _same
    #: What an update puts when the property is taken away; nothing means that it is deleted.
    empty: Any = None


_ENCRYPTION = _renames(
    {
        "ServerSideEncryptionConfiguration": "Rules",
        "ServerSideEncryptionByDefault": "ApplyServerSideEncryptionByDefault",
    }
)
_CORS = _renames({"CorsRules": "CORSRules", "ExposedHeaders": "ExposeHeaders", "MaxAge": "MaxAgeSeconds", "Id": "ID"})
_LOGGING = _renames({"DestinationBucketName": "TargetBucket", "LogFilePrefix": "TargetPrefix"})


def _lifecycle(value: Json) -> Json:
    rules = []
    for rule in value["Rules"]:
        days = {"Days": rule["ExpirationInDays"]} if "ExpirationInDays" in rule else {}
        known = {
            "Id",
            "Prefix",
            "ExpirationInDays",
            "Status",
            "NoncurrentVersionExpiration",
            "AbortIncompleteMultipartUpload",
            "Transitions",
        }
        rest = {key: item for key, item in rule.items() if key not in known}
        made: Json = {
            **rest,
            **pick({**rule, "ID": rule.get("Id")}, "ID", "Status"),
            "Filter": {"Prefix": rule.get("Prefix", "")},
            **({"Expiration": days} if days else {}),
        }
        if "NoncurrentVersionExpiration" in rule:
            made["NoncurrentVersionExpiration"] = rule["NoncurrentVersionExpiration"]
        if "AbortIncompleteMultipartUpload" in rule:
            made["AbortIncompleteMultipartUpload"] = rule["AbortIncompleteMultipartUpload"]
        if "Transitions" in rule:
            made["Transitions"] = [_renamed(each, {"TransitionInDays": "Days"}) for each in rule["Transitions"]]
        rules.append(made)
    return {"Rules": rules}


def _lifecycle_back(rules: list[Json]) -> Json:
    told = []
    for rule in rules:
        found = {**rule, "Id": rule.get("ID"), "Prefix": rule.get("Filter", {}).get("Prefix", rule.get("Prefix", ""))}
        if "Expiration" in rule:
            found["ExpirationInDays"] = rule["Expiration"].get("Days")
        found["Transitions"] = [_renamed(each, {"Days": "TransitionInDays"}) for each in rule.get("Transitions", [])]
        told.append(found)
    return {"Rules": told}


_SETTINGS = (
    Setting("OwnershipControls", "bucket_ownership_controls", "OwnershipControls", "OwnershipControls"),
    Setting(
        "PublicAccessBlockConfiguration",
        "public_access_block",
        "PublicAccessBlockConfiguration",
        "PublicAccessBlockConfiguration",
    ),
    Setting(
        "BucketEncryption",
        "bucket_encryption",
        "ServerSideEncryptionConfiguration",
        "ServerSideEncryptionConfiguration",
        *_ENCRYPTION,
    ),
    Setting(
        "VersioningConfiguration",
        "bucket_versioning",
        "VersioningConfiguration",
        "",
        _same,
        lambda found: pick(found, "Status"),
        {"Status": "Suspended"},
    ),
    Setting(
        "LifecycleConfiguration",
        "bucket_lifecycle_configuration",
        "LifecycleConfiguration",
        "Rules",
        _lifecycle,
        _lifecycle_back,
    ),
    Setting("CorsConfiguration", "bucket_cors", "CORSConfiguration", "", _CORS[0], _CORS[1]),
    Setting(
        "LoggingConfiguration",
        "bucket_logging",
        "BucketLoggingStatus",
        "LoggingEnabled",
        lambda value: {"LoggingEnabled": _LOGGING[0](value)},
        _LOGGING[1],
        {},
    ),
)
#: The operation that takes a setting away, where its name is not that of the setting.
_DELETE = {"bucket_lifecycle_configuration": "delete_bucket_lifecycle"}


class Bucket(ResourceType):
    """A bucket. It can be deleted only when it is empty."""

    name = "AWS::S3::Bucket"
    properties = frozenset({"BucketName", "Tags", *(setting.property for setting in _SETTINGS)})
    returns = frozenset({"Arn", "DomainName", "RegionalDomainName", "DualStackDomainName", "WebsiteURL"})
    identity = "BucketName"

    def create(self, at: Context, wanted: Json) -> str:
        name = str(wanted.get("BucketName") or at.name(63).lower())
        place = None if at.region == "us-east-1" else {"LocationConstraint": at.region}
        at.call("s3", "create_bucket", Bucket=name, CreateBucketConfiguration=place)
        at.created(name)
        self.update(at, name, wanted, {})
        return name

    def read(self, at: Context, id: str) -> Json | None:
        if at.find("s3", "head_bucket", Bucket=id) is None:
            return None
        found: Json = {"BucketName": id, "Tags": []}
        for setting in _SETTINGS:
            answer = at.find("s3", f"get_{setting.what}", Bucket=id)
            value = answer if not setting.key else (answer or {}).get(setting.key)
            if value:
                found[setting.property] = setting.back(value)
        tags = at.find("s3", "get_bucket_tagging", Bucket=id)
        if tags:
            found["Tags"] = tag_list(tag_map(tags["TagSet"]))
        return found

    def attributes(self, at: Context, id: str) -> Json:
        return {
            "Arn": at.arn("s3", id, "", ""),
            "DomainName": f"{id}.s3.amazonaws.com",
            "RegionalDomainName": f"{id}.s3.{at.region}.amazonaws.com",
            "DualStackDomainName": f"{id}.s3.dualstack.{at.region}.amazonaws.com",
            "WebsiteURL": f"http://{id}.s3-website-{at.region}.amazonaws.com",
        }

    def update(self, at: Context, id: str, wanted: Json, before: Json) -> None:
        for setting in _SETTINGS:
            new, old = wanted.get(setting.property), before.get(setting.property)
            if new == old:
                continue
            if new is not None:
                at.call("s3", f"put_{setting.what}", Bucket=id, **{setting.argument: setting.to(new)})
            elif setting.empty is not None:
                at.call("s3", f"put_{setting.what}", Bucket=id, **{setting.argument: setting.empty})
            else:
                at.find("s3", _DELETE.get(setting.what, f"delete_{setting.what}"), Bucket=id)
        if wanted.get("Tags") != before.get("Tags"):
            if wanted.get("Tags"):
                at.call("s3", "put_bucket_tagging", Bucket=id, Tagging={"TagSet": wanted["Tags"]})
            else:
                at.call("s3", "delete_bucket_tagging", Bucket=id)

    def delete(self, at: Context, id: str, properties: Json) -> None:
        at.find("s3", "delete_bucket", Bucket=id)


class BucketPolicy(ResourceType):
    """The policy of a bucket; its id is the bucket's name."""

    name = "AWS::S3::BucketPolicy"
    properties = frozenset({"Bucket", "PolicyDocument"})
    required = properties
    tags = ""

    def create(self, at: Context, wanted: Json) -> str:
        if self.read(at, wanted["Bucket"]) is not None:
            from lenie.compiler.local.stacks.errors import Failed

            raise Failed("The bucket policy already exists on bucket " + wanted["Bucket"])
        at.call("s3", "put_bucket_policy", Bucket=wanted["Bucket"], Policy=text(wanted["PolicyDocument"]))
        return at.created(wanted["Bucket"])

    def read(self, at: Context, id: str) -> Json | None:
        found = at.find("s3", "get_bucket_policy", Bucket=id)
        return None if found is None else {"Bucket": id, "PolicyDocument": found["Policy"]}

    def update(self, at: Context, id: str, wanted: Json, before: Json) -> None:
        at.call("s3", "put_bucket_policy", Bucket=id, Policy=text(wanted["PolicyDocument"]))

    def delete(self, at: Context, id: str, properties: Json) -> None:
        at.find("s3", "delete_bucket_policy", Bucket=id)

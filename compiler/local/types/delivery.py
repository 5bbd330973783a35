"""Amazon Route 53 and Amazon CloudFront."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from lenie.compiler.local.types.base import Context, Json, ResourceType, differing, pick, tag_changes, tag_list, tag_map


class HostedZone(ResourceType):
    """A hosted zone; it can be deleted only when nothing is left in it but what it came with."""

    name = "AWS::Route53::HostedZone"
    properties = frozenset({"Name", "HostedZoneConfig", "HostedZoneTags", "VPCs"})
    required = frozenset({"Name"})
    returns = frozenset({"Id", "NameServers"})
    tags = "HostedZoneTags"

    def create(self, at: Context, wanted: Json) -> str:
        config = dict(wanted.get("HostedZoneConfig") or {})
        vpcs = wanted.get("VPCs") or []
        first = vpcs[0] if vpcs else None
        if vpcs:
            config["PrivateZone"] = True
        made = at.call(
            "route53",
            "create_hosted_zone",
            Name=wanted["Name"],
            CallerReference=str(uuid4()),
            HostedZoneConfig=config or None,
            VPC=first,
        )
        id = at.created(str(made["HostedZone"]["Id"].rpartition("/")[2]))
        for vpc in vpcs[1:]:
            at.call("route53", "associate_vpc_with_hosted_zone", HostedZoneId=id, VPC=vpc)
        self._retag(at, id, wanted, {})
        return id

    def read(self, at: Context, id: str) -> Json | None:
        found = at.find("route53", "get_hosted_zone", Id=id)
        if found is None:
            return None
        tags = at.call("route53", "list_tags_for_resource", ResourceType="hostedzone", ResourceId=id)
        return {
            "Name": _dotless(found["HostedZone"]["Name"]),
            "HostedZoneConfig": pick(found["HostedZone"].get("Config"), "Comment"),
            "VPCs": found.get("VPCs", []),
            "HostedZoneTags": tag_list(tag_map(tags["ResourceTagSet"]["Tags"])),
        }

    def attributes(self, at: Context, id: str) -> Json:
        found = at.call("route53", "get_hosted_zone", Id=id)
        return {"Id": id, "NameServers": found.get("DelegationSet", {}).get("NameServers", [])}

    def update(self, at: Context, id: str, wanted: Json, before: Json) -> None:
        changed = differing(wanted, before)
        if "HostedZoneConfig" in changed:
            comment = (wanted.get("HostedZoneConfig") or {}).get("Comment", "")
            at.call("route53", "update_hosted_zone_comment", Id=id, Comment=comment)
        new, old = wanted.get("VPCs") or [], before.get("VPCs") or []
        for vpc in (vpc for vpc in new if vpc not in old):
            at.call("route53", "associate_vpc_with_hosted_zone", HostedZoneId=id, VPC=vpc)
        for vpc in (vpc for vpc in old if vpc not in new):
            at.call("route53", "disassociate_vpc_from_hosted_zone", HostedZoneId=id, VPC=vpc)
        self._retag(at, id, wanted, before)

    def delete(self, at: Context, id: str, properties: Json) -> None:
        at.find("route53", "delete_hosted_zone", Id=id)

    @staticmethod
    def _retag(at: Context, id: str, wanted: Json, before: Json) -> None:
        new, gone = tag_changes(wanted.get("HostedZoneTags"), before.get("HostedZoneTags"))
        if new or gone:
            tags = {"AddTags": tag_list(new) or None, "RemoveTagKeys": gone or None}
            at.call("route53", "change_tags_for_resource", ResourceType="hostedzone", ResourceId=id, **tags)


def _dotless(name: str) -> str:
    return name.removesuffix(".")


class RecordSet(ResourceType):
    """A record; its id is its name, and `read` finds it by zone and type, which the id carries inside."""

    name = "AWS::Route53::RecordSet"
    _PLAIN = ("Name", "Type", "AliasTarget", "SetIdentifier", "Weight", "Region", "Failover", "HealthCheckId")
    properties = frozenset({*_PLAIN, "HostedZoneId", "HostedZoneName", "TTL", "ResourceRecords", "Comment"})
    required = frozenset({"Name", "Type"})
    #: The comment belongs to the change, and the zone may be named instead of its id.
    unread = frozenset({"Comment", "HostedZoneName"})
    tags = ""

    def create(self, at: Context, wanted: Json) -> str:
        zone = self._zone(at, wanted)
        self._change(at, zone, "CREATE", wanted)
        return at.created("|".join((zone, _dotless(wanted["Name"]), wanted["Type"], wanted.get("SetIdentifier", ""))))

    def existing(self, at: Context, wanted: Json) -> str:
        return "|".join(
            (self._zone(at, wanted), _dotless(wanted["Name"]), wanted["Type"], wanted.get("SetIdentifier", ""))
        )

    def read(self, at: Context, id: str) -> Json | None:
        zone, name, kind, identifier = id.split("|")
        for found in at.all("route53", "list_resource_record_sets", "ResourceRecordSets", HostedZoneId=zone):
            if (_dotless(found["Name"]), found["Type"], found.get("SetIdentifier", "")) == (name, kind, identifier):
                records = [record["Value"] for record in found.get("ResourceRecords", [])]
                return {
                    **pick(found, *self._PLAIN),
                    "Name": name,
                    "TTL": found.get("TTL"),
                    "ResourceRecords": records,
                    "HostedZoneId": zone,
                }
        return None

    def reference(self, at: Context, id: str) -> str:
        return id.split("|")[1]

    def update(self, at: Context, id: str, wanted: Json, before: Json) -> None:
        self._change(at, id.split("|")[0], "UPSERT", wanted)

    def delete(self, at: Context, id: str, properties: Json) -> None:
        found = self.read(at, id)
        if found is not None:
            self._change(at, id.split("|")[0], "DELETE", {name: value for name, value in found.items() if value})

    @staticmethod
    def _zone(at: Context, wanted: Json) -> str:
        if "HostedZoneId" in wanted:
            return str(wanted["HostedZoneId"])
        name = _dotless(wanted["HostedZoneName"])
        zones = at.call("route53", "list_hosted_zones")["HostedZones"]
        return str(next(zone["Id"].rpartition("/")[2] for zone in zones if _dotless(zone["Name"]) == name))

    def _change(self, at: Context, zone: str, action: str, wanted: Json) -> None:
        record = pick(wanted, *self._PLAIN, "TTL")
        if wanted.get("ResourceRecords"):
            record["ResourceRecords"] = [{"Value": value} for value in wanted["ResourceRecords"]]
        if "AliasTarget" in record:
            record["AliasTarget"] = {"EvaluateTargetHealth": False, **record["AliasTarget"]}
        batch: Json = {"Changes": [{"Action": action, "ResourceRecordSet": record}]}
        if wanted.get("Comment"):
            batch["Comment"] = wanted["Comment"]
        at.call("route53", "change_resource_record_sets", HostedZoneId=zone, ChangeBatch=batch)


#: Lists that CloudFront's API wraps in a quantity and items.
_LISTS = frozenset(
    {
        "Aliases",
        "AllowedMethods",
        "CacheBehaviors",
        "CachedMethods",
        "CustomErrorResponses",
        "FunctionAssociations",
        "Headers",
        "LambdaFunctionAssociations",
        "Locations",
        "OriginCustomHeaders",
        "OriginSslProtocols",
        "Origins",
        "QueryStringCacheKeys",
        "TrustedKeyGroups",
        "TrustedSigners",
        "WhitelistedNames",
    }
)
#: Names of the API that differ from CloudFormation's.
_API = {
    "IPV6Enabled": "IsIPV6Enabled",
    "AcmCertificateArn": "ACMCertificateArn",
    "SslSupportMethod": "SSLSupportMethod",
    "OriginCustomHeaders": "CustomHeaders",
}
_TEMPLATE = {value: key for key, value in _API.items()}


def _wrapped(value: Any) -> Any:
    """Return a distribution's configuration in the API's form."""
    if isinstance(value, list):
        return [_wrapped(item) for item in value]
    if not isinstance(value, dict):
        return value
    found: Json = {}
    for key, item in value.items():
        inner = _wrapped(item)
        found[_API.get(str(key), str(key))] = {"Quantity": len(inner), "Items": inner} if key in _LISTS else inner
    if "AllowedMethods" in found and "CachedMethods" in found:
        found["AllowedMethods"]["CachedMethods"] = found.pop("CachedMethods")
    return found


def _unwrapped(value: Any) -> Any:
    """Return a configuration of the API in CloudFormation's form."""
    if isinstance(value, list):
        return [_unwrapped(item) for item in value]
    if not isinstance(value, dict):
        return value
    if "Quantity" in value and set(value) <= {"Quantity", "Items", "Enabled"}:
        return _unwrapped(value.get("Items", []))
    found: Json = {}
    for key, item in value.items():
        if key == "AllowedMethods" and "CachedMethods" in item:
            found["CachedMethods"] = _unwrapped(item["CachedMethods"])
            item = {name: part for name, part in item.items() if name != "CachedMethods"}
        found[_TEMPLATE.get(str(key), str(key))] = _unwrapped(item)
    return found


class Distribution(ResourceType):
    """A distribution; it is disabled before it is deleted."""

    name = "AWS::CloudFront::Distribution"
    properties = frozenset({"DistributionConfig", "Tags"})
    required = frozenset({"DistributionConfig"})
    returns = frozenset({"DomainName", "Id"})

    def create(self, at: Context, wanted: Json) -> str:
        config = {**self._config(wanted), "CallerReference": str(uuid4())}
        tags = {"Items": wanted.get("Tags") or []}
        made = at.call(
            "cloudfront",
            "create_distribution_with_tags",
            DistributionConfigWithTags={"DistributionConfig": config, "Tags": tags},
        )
        return at.created(str(made["Distribution"]["Id"]))

    def read(self, at: Context, id: str) -> Json | None:
        found = at.find("cloudfront", "get_distribution_config", Id=id)
        if found is None:
            return None
        tags = at.call("cloudfront", "list_tags_for_resource", Resource=self._arn(at, id))["Tags"]["Items"]
        return {"DistributionConfig": _unwrapped(found["DistributionConfig"]), "Tags": tag_list(tag_map(tags))}

    def attributes(self, at: Context, id: str) -> Json:
        return {"Id": id, **pick(at.call("cloudfront", "get_distribution", Id=id)["Distribution"], "DomainName")}

    def update(self, at: Context, id: str, wanted: Json, before: Json) -> None:
        if wanted["DistributionConfig"] != before["DistributionConfig"]:
            found = at.call("cloudfront", "get_distribution_config", Id=id)
            config = {**self._config(wanted), "CallerReference": found["DistributionConfig"]["CallerReference"]}
            at.call("cloudfront", "update_distribution", Id=id, IfMatch=found["ETag"], DistributionConfig=config)
        new, gone = tag_changes(wanted.get("Tags"), before.get("Tags"))
        if gone:
            at.call("cloudfront", "untag_resource", Resource=self._arn(at, id), TagKeys={"Items": gone})
        if new:
            at.call("cloudfront", "tag_resource", Resource=self._arn(at, id), Tags={"Items": tag_list(new)})

    def delete(self, at: Context, id: str, properties: Json) -> None:
        found = at.find("cloudfront", "get_distribution_config", Id=id)
        if found is None:
            return
        if found["DistributionConfig"]["Enabled"]:
            config = {**found["DistributionConfig"], "Enabled": False}
            at.call("cloudfront", "update_distribution", Id=id, IfMatch=found["ETag"], DistributionConfig=config)
            found = at.call("cloudfront", "get_distribution_config", Id=id)
        at.find("cloudfront", "delete_distribution", Id=id, IfMatch=found["ETag"])

    @staticmethod
    def _config(wanted: Json) -> Json:
        found = _wrapped(wanted["DistributionConfig"])
        assert isinstance(found, dict)
        return {"Comment": "", **found}

    @staticmethod
    def _arn(at: Context, id: str) -> str:
        return at.arn("cloudfront", f"distribution/{id}", "")


class OriginAccessControl(ResourceType):
    """What a distribution signs its requests to an origin with."""

    name = "AWS::CloudFront::OriginAccessControl"
    properties = frozenset({"OriginAccessControlConfig"})
    required = properties
    returns = frozenset({"Id"})
    tags = ""

    def create(self, at: Context, wanted: Json) -> str:
        config = wanted["OriginAccessControlConfig"]
        made = at.call("cloudfront", "create_origin_access_control", OriginAccessControlConfig=config)
        return at.created(str(made["OriginAccessControl"]["Id"]))

    def read(self, at: Context, id: str) -> Json | None:
        found = at.find("cloudfront", "get_origin_access_control", Id=id)
        if found is None:
            return None
        return {"OriginAccessControlConfig": found["OriginAccessControl"]["OriginAccessControlConfig"]}

    def attributes(self, at: Context, id: str) -> Json:
        return {"Id": id}

    def update(self, at: Context, id: str, wanted: Json, before: Json) -> None:
        found = at.call("cloudfront", "get_origin_access_control", Id=id)
        config = wanted["OriginAccessControlConfig"]
        at.call(
            "cloudfront",
            "update_origin_access_control",
            Id=id,
            IfMatch=found.get("ETag"),
            OriginAccessControlConfig=config,
        )

    def delete(self, at: Context, id: str, properties: Json) -> None:
        found = at.find("cloudfront", "get_origin_access_control", Id=id)
        if found is not None:
            at.find("cloudfront", "delete_origin_access_control", Id=id, IfMatch=found.get("ETag"))

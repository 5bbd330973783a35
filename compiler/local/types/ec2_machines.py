"""Amazon EC2: instances and launch templates."""

from __future__ import annotations

from lenie.compiler.local.stacks.errors import Failed
from lenie.compiler.local.types.base import Context, Json, ResourceType, boolean, pick
from lenie.compiler.local.types.ec2 import Ec2Type, retag, tags_in


class Instance(Ec2Type):
    """An instance. What has to be known before it runs is given to RunInstances; the rest is modified after."""

    name = "AWS::EC2::Instance"
    _RUN = ("ImageId", "InstanceType", "KeyName", "SubnetId", "SecurityGroupIds", "EbsOptimized", "UserData")
    properties = frozenset(
        {
            *_RUN,
            "AvailabilityZone",
            "BlockDeviceMappings",
            "CreditSpecification",
            "DisableApiTermination",
            "IamInstanceProfile",
            "LaunchTemplate",
            "MetadataOptions",
            "Monitoring",
            "PrivateIpAddress",
            "PropagateTagsToVolumeOnCreation",
            "SourceDestCheck",
            "Tags",
        }
    )
    returns = frozenset(
        {"InstanceId", "AvailabilityZone", "PrivateDnsName", "PrivateIp", "PublicDnsName", "PublicIp", "VpcId"}
    )
    #: It says how the instance is made; what it did is seen at the volumes.
    unread = frozenset({"PropagateTagsToVolumeOnCreation"})

    def create(self, at: Context, wanted: Json) -> str:
        tags = wanted.get("Tags") or []
        specifications = [{"ResourceType": "instance", "Tags": tags}] if tags else []
        if tags and boolean(wanted.get("PropagateTagsToVolumeOnCreation", False)):
            specifications.append({"ResourceType": "volume", "Tags": tags})
        given = pick(
            wanted,
            *(name for name in self._RUN if name != "UserData"),
            "BlockDeviceMappings",
            "PrivateIpAddress",
            "LaunchTemplate",
        )
        made = at.call(
            "ec2",
            "run_instances",
            MinCount=1,
            MaxCount=1,
            **given,
            **pick(wanted, "MetadataOptions", "DisableApiTermination"),
            CreditSpecification=_credit(wanted),
            UserData=_decoded(wanted.get("UserData")),
            Placement={"AvailabilityZone": wanted["AvailabilityZone"]} if "AvailabilityZone" in wanted else None,
            Monitoring={"Enabled": boolean(wanted["Monitoring"])} if "Monitoring" in wanted else None,
            IamInstanceProfile={"Name": wanted["IamInstanceProfile"]} if "IamInstanceProfile" in wanted else None,
            TagSpecifications=specifications or None,
        )
        id = at.created(str(made["Instances"][0]["InstanceId"]))
        if "SourceDestCheck" in wanted:
            self._checked(at, id, wanted["SourceDestCheck"])
        return id

    def read(self, at: Context, id: str) -> Json | None:
        answer = at.find("ec2", "describe_instances", InstanceIds=[id])
        found = [each for group in (answer or {}).get("Reservations", []) for each in group["Instances"]]
        if not found or found[0]["State"]["Name"] in ("terminated", "shutting-down"):
            return None
        instance = found[0]
        groups = [group["GroupId"] for group in instance.get("SecurityGroups", [])]
        profile = instance.get("IamInstanceProfile", {}).get("Arn", "").rpartition("/")[2]
        data = at.call("ec2", "describe_instance_attribute", InstanceId=id, Attribute="userData").get("UserData", {})
        kept = at.call("ec2", "describe_instance_attribute", InstanceId=id, Attribute="disableApiTermination")
        credit = at.call("ec2", "describe_instance_credit_specifications", InstanceIds=[id])
        credits = [each["CpuCredits"] for each in credit["InstanceCreditSpecifications"]]
        return {
            **pick(
                instance,
                "ImageId",
                "InstanceType",
                "KeyName",
                "SubnetId",
                "EbsOptimized",
                "MetadataOptions",
                "SourceDestCheck",
                "PrivateIpAddress",
            ),
            "SecurityGroupIds": groups,
            "AvailabilityZone": instance["Placement"]["AvailabilityZone"],
            "BlockDeviceMappings": _devices(at, instance),
            "CreditSpecification": {"CPUCredits": credits[0] if credits else None},
            "DisableApiTermination": kept["DisableApiTermination"]["Value"],
            "IamInstanceProfile": profile or None,
            "Monitoring": instance["Monitoring"]["State"] in ("enabled", "pending"),
            "UserData": data.get("Value"),
            "Tags": tags_in(instance),
        }

    def attributes(self, at: Context, id: str) -> Json:
        instance = at.call("ec2", "describe_instances", InstanceIds=[id])["Reservations"][0]["Instances"][0]
        return {
            "InstanceId": id,
            "AvailabilityZone": instance["Placement"]["AvailabilityZone"],
            "PrivateDnsName": instance.get("PrivateDnsName", ""),
            "PrivateIp": instance.get("PrivateIpAddress", ""),
            "PublicDnsName": instance.get("PublicDnsName", ""),
            "PublicIp": instance.get("PublicIpAddress", ""),
            "VpcId": instance.get("VpcId", ""),
        }

    def update(self, at: Context, id: str, wanted: Json, before: Json) -> None:
        changed = {name for name in wanted.keys() | before.keys() if wanted.get(name) != before.get(name)}
        for name in sorted(changed):
            self._change(at, id, name, wanted, before)

    def _change(self, at: Context, id: str, name: str, wanted: Json, before: Json) -> None:
        value = wanted.get(name)
        match name:
            case "Tags":
                retag(at, id, wanted, before)
            case "PropagateTagsToVolumeOnCreation":
                return
            case "SourceDestCheck":
                self._checked(at, id, True if value is None else value)
            case "SecurityGroupIds":
                at.call("ec2", "modify_instance_attribute", InstanceId=id, Groups=value)
            case "DisableApiTermination":
                at.call(
                    "ec2", "modify_instance_attribute", InstanceId=id, DisableApiTermination={"Value": value or False}
                )
            case "Monitoring":
                operation = "monitor_instances" if boolean(value or False) else "unmonitor_instances"
                at.call("ec2", operation, InstanceIds=[id])
            case "MetadataOptions":
                at.call("ec2", "modify_instance_metadata_options", InstanceId=id, **(value or {}))
            case "CreditSpecification":
                change = {"InstanceId": id, "CpuCredits": (_credit(wanted) or {}).get("CpuCredits", "standard")}
                at.call("ec2", "modify_instance_credit_specification", InstanceCreditSpecifications=[change])
            case "InstanceType" | "EbsOptimized" | "UserData":
                self._stopped(at, id, name, value)
            case _:
                raise Failed(f"The emulator cannot change {name} of an instance")

    @staticmethod
    def _stopped(at: Context, id: str, name: str, value: object) -> None:
        """Change what only a stopped instance takes, and start it again, if it ran."""
        state = at.call("ec2", "describe_instances", InstanceIds=[id])["Reservations"][0]["Instances"][0]["State"][
            "Name"
        ]
        at.call("ec2", "stop_instances", InstanceIds=[id])
        if name == "UserData":
            change: Json = {"UserData": {"Value": (_decoded(value) or "").encode()}}
        else:
            change = {name: {"Value": value if value is not None else False}}
        at.call("ec2", "modify_instance_attribute", InstanceId=id, **change)
        if state == "running":
            at.call("ec2", "start_instances", InstanceIds=[id])

    def replaces(self, wanted: Json, before: Json, changed: set[str]) -> bool:
        return "BlockDeviceMappings" in changed

    def delete(self, at: Context, id: str, properties: Json) -> None:
        at.find("ec2", "terminate_instances", InstanceIds=[id])

    @staticmethod
    def _checked(at: Context, id: str, value: object) -> None:
        at.call("ec2", "modify_instance_attribute", InstanceId=id, SourceDestCheck={"Value": value})


def _credit(wanted: Json) -> Json | None:
    given = wanted.get("CreditSpecification")
    if given is None:
        return None
    return {"CpuCredits" if key == "CPUCredits" else key: value for key, value in given.items()}


def _decoded(value: object) -> str | None:
    """Return user data as text: boto3 encodes it again."""
    import base64

    return None if value is None else base64.b64decode(str(value)).decode()


def _devices(at: Context, instance: Json) -> list[Json]:
    mappings = []
    for mapping in instance.get("BlockDeviceMappings", []):
        ebs = mapping["Ebs"]
        volume = at.call("ec2", "describe_volumes", VolumeIds=[ebs["VolumeId"]])["Volumes"][0]
        size = {
            "VolumeSize": volume["Size"],
            **pick(volume, "Encrypted", "VolumeType", "Iops", "KmsKeyId", "SnapshotId"),
        }
        mappings.append({"DeviceName": mapping["DeviceName"], "Ebs": {**size, **pick(ebs, "DeleteOnTermination")}})
    return mappings


class LaunchTemplate(ResourceType):
    """A launch template; a change of its data makes a new version."""

    name = "AWS::EC2::LaunchTemplate"
    properties = frozenset({"LaunchTemplateName", "LaunchTemplateData", "TagSpecifications", "VersionDescription"})
    required = frozenset({"LaunchTemplateData"})
    returns = frozenset({"LaunchTemplateId", "LatestVersionNumber", "DefaultVersionNumber"})
    tags = ""

    def create(self, at: Context, wanted: Json) -> str:
        name = wanted.get("LaunchTemplateName") or at.name(128)
        given = pick(wanted, "LaunchTemplateData", "TagSpecifications", "VersionDescription")
        made = at.call("ec2", "create_launch_template", LaunchTemplateName=name, **given)
        return at.created(str(made["LaunchTemplate"]["LaunchTemplateId"]))

    def existing(self, at: Context, wanted: Json) -> str:
        filters = [{"Name": "launch-template-name", "Values": [wanted.get("LaunchTemplateName", "")]}]
        found = at.call("ec2", "describe_launch_templates", Filters=filters)["LaunchTemplates"]
        return str(found[0]["LaunchTemplateId"]) if found and "LaunchTemplateName" in wanted else ""

    def read(self, at: Context, id: str) -> Json | None:
        found = at.find("ec2", "describe_launch_templates", LaunchTemplateIds=[id])
        if not found or not found["LaunchTemplates"]:
            return None
        template = found["LaunchTemplates"][0]
        versions = at.call("ec2", "describe_launch_template_versions", LaunchTemplateId=id, Versions=["$Latest"])
        version = versions["LaunchTemplateVersions"][0]
        tags = tags_in(template)
        return {
            "LaunchTemplateName": template["LaunchTemplateName"],
            "LaunchTemplateData": version["LaunchTemplateData"],
            "TagSpecifications": [{"ResourceType": "launch-template", "Tags": tags}] if tags else [],
            **pick(version, "VersionDescription"),
        }

    def attributes(self, at: Context, id: str) -> Json:
        found = at.call("ec2", "describe_launch_templates", LaunchTemplateIds=[id])["LaunchTemplates"][0]
        numbers = {name: str(found[name]) for name in ("LatestVersionNumber", "DefaultVersionNumber")}
        return {"LaunchTemplateId": id, **numbers}

    def update(self, at: Context, id: str, wanted: Json, before: Json) -> None:
        names = ("LaunchTemplateData", "VersionDescription")
        if any(wanted.get(name) != before.get(name) for name in names):
            at.call("ec2", "create_launch_template_version", LaunchTemplateId=id, **pick(wanted, *names))
        if wanted.get("TagSpecifications") != before.get("TagSpecifications"):
            new, old = ({"Tags": _own_tags(properties)} for properties in (wanted, before))
            retag(at, id, new, old)

    def delete(self, at: Context, id: str, properties: Json) -> None:
        at.find("ec2", "delete_launch_template", LaunchTemplateId=id)


def _own_tags(properties: Json) -> list[Json]:
    specifications = properties.get("TagSpecifications") or []
    return [tag for each in specifications if each["ResourceType"] == "launch-template" for tag in each["Tags"]]

"""Launch templates."""

from __future__ import annotations

from typing import ClassVar

from standin import ec2
from standin.aws import Aws
from standin.forms import Form, Table, from_api, to_api
from standin.resource import Resource, State, changed, generated_name, given
from standin.resources.compute import CREDITS, METADATA, VOLUME
from standin.tags import as_map

_TEMPLATE: Table = {
    "image_id": Form("ImageId"),
    "instance_type": Form("InstanceType"),
    "key_name": Form("KeyName"),
    "user_data": Form("UserData"),
    "ebs_optimized": Form("EbsOptimized", "text"),
    "vpc_security_group_ids": Form("SecurityGroupIds"),
    "disable_api_stop": Form("DisableApiStop"),
    "disable_api_termination": Form("DisableApiTermination"),
    "instance_initiated_shutdown_behavior": Form("InstanceInitiatedShutdownBehavior"),
    "block_device_mappings": Form(
        "BlockDeviceMappings",
        "blocks",
        {
            "device_name": Form("DeviceName"),
            "no_device": Form("NoDevice"),
            "virtual_name": Form("VirtualName"),
            "ebs": Form(
                "Ebs",
                "block",
                {
                    **VOLUME,
                    "delete_on_termination": Form("DeleteOnTermination", "text"),
                    "encrypted": Form("Encrypted", "text"),
                },
            ),
        },
    ),
    "credit_specification": Form("CreditSpecification", "block", CREDITS),
    "iam_instance_profile": Form("IamInstanceProfile", "block", {"arn": Form("Arn"), "name": Form("Name")}),
    "metadata_options": Form("MetadataOptions", "block", METADATA),
    "monitoring": Form("Monitoring", "block", {"enabled": Form("Enabled")}),
    "network_interfaces": Form(
        "NetworkInterfaces",
        "blocks",
        {
            "associate_public_ip_address": Form("AssociatePublicIpAddress", "text"),
            "delete_on_termination": Form("DeleteOnTermination", "text"),
            "description": Form("Description"),
            "device_index": Form("DeviceIndex"),
            "private_ip_address": Form("PrivateIpAddress"),
            "security_groups": Form("Groups"),
            "subnet_id": Form("SubnetId"),
        },
    ),
    "tag_specifications": Form(
        "TagSpecifications", "blocks", {"resource_type": Form("ResourceType"), "tags": Form("Tags", "tags")}
    ),
}


class LaunchTemplate(Resource):
    """aws_launch_template; a change makes a new version."""

    settled: ClassVar[frozenset[str]] = frozenset({"name_prefix", "update_default_version"})

    def create(self, aws: Aws, planned: State) -> str:
        made = aws.client("ec2").create_launch_template(
            LaunchTemplateName=generated_name(planned, "name"),
            LaunchTemplateData=to_api(planned, _TEMPLATE),
            **given(planned, VersionDescription="description"),
            TagSpecifications=ec2.tag_specifications("launch-template", planned),
        )["LaunchTemplate"]
        return str(made["LaunchTemplateId"])

    def read(self, aws: Aws, state: State) -> State | None:
        client = aws.client("ec2")
        template = ec2.found(client.describe_launch_templates, "LaunchTemplates", LaunchTemplateIds=[state["id"]])
        if template is None:
            return None
        (version,) = client.describe_launch_template_versions(
            LaunchTemplateId=state["id"], Versions=[str(template["LatestVersionNumber"])]
        )["LaunchTemplateVersions"]
        data = version["LaunchTemplateData"]
        # moto adds the template's own tags to those of the instances.
        data["TagSpecifications"] = [
            one for one in data.get("TagSpecifications", []) if one["ResourceType"] != "launch-template"
        ]
        return {
            **from_api(data, _TEMPLATE),
            "id": template["LaunchTemplateId"],
            "arn": aws.arn("ec2", f"launch-template/{template['LaunchTemplateId']}"),
            "name": template["LaunchTemplateName"],
            "name_prefix": state["name_prefix"] or "",
            "description": version.get("VersionDescription") or None,
            "default_version": template["DefaultVersionNumber"],
            "latest_version": template["LatestVersionNumber"],
            # In the description of a template, moto keeps the tags that it had at first.
            "tags_all": as_map(
                client.describe_tags(Filters=[{"Name": "resource-id", "Values": [state["id"]]}])["Tags"]
            ),
        }

    def update(self, aws: Aws, prior: State, planned: State) -> None:
        client = aws.client("ec2")
        if changed(prior, planned, "description", *_TEMPLATE):
            made = client.create_launch_template_version(
                LaunchTemplateId=prior["id"],
                LaunchTemplateData=to_api(planned, _TEMPLATE),
                **given(planned, VersionDescription="description"),
            )["LaunchTemplateVersion"]
            if planned["update_default_version"]:
                client.modify_launch_template(LaunchTemplateId=prior["id"], DefaultVersion=str(made["VersionNumber"]))
        ec2.change_tags(aws, prior, planned)

    def delete(self, aws: Aws, state: State) -> None:
        aws.client("ec2").delete_launch_template(LaunchTemplateId=state["id"])


RESOURCES: dict[str, type[Resource]] = {"aws_launch_template": LaunchTemplate}

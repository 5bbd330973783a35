"""Key pairs and instances."""

from __future__ import annotations

import base64
from typing import Any, ClassVar

from botocore.exceptions import ClientError

from standin import ec2
from standin.aws import Aws
from standin.forms import Form, Table, from_api, to_api
from standin.resource import Resource, StandInError, State, changed, generated_name, given
from standin.tags import as_list, as_map, lost, own_tags


class KeyPair(Resource):
    """aws_key_pair."""

    settled: ClassVar[frozenset[str]] = frozenset({"key_name_prefix"})

    def create(self, aws: Aws, planned: State) -> str:
        made = aws.client("ec2").import_key_pair(
            KeyName=generated_name(planned, "key_name"),
            PublicKeyMaterial=planned["public_key"].encode(),
            TagSpecifications=ec2.tag_specifications("key-pair", planned),
        )
        return str(made["KeyName"])

    def read(self, aws: Aws, state: State) -> State | None:
        describe = aws.client("ec2").describe_key_pairs
        pair = ec2.found(describe, "KeyPairs", KeyNames=[state["id"]], IncludePublicKey=True)
        if pair is None:
            return None
        return {
            "id": pair["KeyName"],
            "arn": aws.arn("ec2", f"key-pair/{pair['KeyName']}"),
            "key_name": pair["KeyName"],
            "key_name_prefix": state["key_name_prefix"] or "",
            "key_pair_id": pair["KeyPairId"],
            "key_type": pair["KeyType"],
            "fingerprint": pair["KeyFingerprint"],
            "public_key": pair["PublicKey"],
            "tags_all": as_map(pair.get("Tags")),
        }

    def update(self, aws: Aws, prior: State, planned: State) -> None:
        ec2.change_tags(aws, prior, planned, prior["key_pair_id"])

    def delete(self, aws: Aws, state: State) -> None:
        aws.client("ec2").delete_key_pair(KeyName=state["id"])


METADATA: Table = {
    "http_endpoint": Form("HttpEndpoint"),
    "http_protocol_ipv6": Form("HttpProtocolIpv6"),
    "http_put_response_hop_limit": Form("HttpPutResponseHopLimit"),
    "http_tokens": Form("HttpTokens"),
    "instance_metadata_tags": Form("InstanceMetadataTags"),
}
CREDITS: Table = {"cpu_credits": Form("CpuCredits")}
VOLUME: Table = {
    "delete_on_termination": Form("DeleteOnTermination"),
    "encrypted": Form("Encrypted"),
    "iops": Form("Iops"),
    "kms_key_id": Form("KmsKeyId"),
    "snapshot_id": Form("SnapshotId"),
    "throughput": Form("Throughput"),
    "volume_size": Form("VolumeSize"),
    "volume_type": Form("VolumeType"),
}
_INSTANCE: Table = {
    "ami": Form("ImageId"),
    "instance_type": Form("InstanceType"),
    "key_name": Form("KeyName"),
    "ebs_optimized": Form("EbsOptimized"),
    "disable_api_termination": Form("DisableApiTermination"),
    "disable_api_stop": Form("DisableApiStop"),
    "instance_initiated_shutdown_behavior": Form("InstanceInitiatedShutdownBehavior"),
    "metadata_options": Form("MetadataOptions", "block", METADATA),
    "credit_specification": Form("CreditSpecification", "block", CREDITS),
    "launch_template": Form(
        "LaunchTemplate",
        "block",
        {"id": Form("LaunchTemplateId"), "name": Form("LaunchTemplateName"), "version": Form("Version")},
    ),
}


class Instance(Resource):
    """aws_instance; its blocks are read back if they were configured."""

    settled: ClassVar[frozenset[str]] = frozenset(
        # How the provider changes and destroys the instance, and what leaves no trace that could be read back.
        {"force_destroy", "get_password_data", "launch_template", "user_data_replace_on_change"}
    )

    def create(self, aws: Aws, planned: State) -> str:
        client = aws.client("ec2")
        arguments = to_api(planned, _INSTANCE)
        network = {
            **given(planned, SubnetId="subnet_id", PrivateIpAddress="private_ip"),
            **({"SecurityGroupIds": planned["vpc_security_group_ids"]} if planned["vpc_security_group_ids"] else {}),
        }
        if planned["associate_public_ip_address"] is None:
            arguments.update(network)
        else:
            groups = {"Groups": network.pop("SecurityGroupIds")} if "SecurityGroupIds" in network else {}
            public = {"AssociatePublicIpAddress": planned["associate_public_ip_address"]}
            arguments["NetworkInterfaces"] = [{"DeviceIndex": 0, **network, **groups, **public}]
        placement = given(planned, AvailabilityZone="availability_zone", Tenancy="tenancy")
        specifications = ec2.tag_specifications("instance", planned)
        if wanted := _volume_tags(aws, planned):
            specifications.append({"ResourceType": "volume", "Tags": as_list(wanted)})
        (made,) = client.run_instances(
            MinCount=1,
            MaxCount=1,
            **arguments,
            **({"Placement": placement} if placement else {}),
            **(
                {"IamInstanceProfile": {"Name": planned["iam_instance_profile"]}}
                if planned["iam_instance_profile"]
                else {}
            ),
            **({"Monitoring": {"Enabled": planned["monitoring"]}} if planned["monitoring"] is not None else {}),
            **({"UserData": _user_data(planned)} if _user_data(planned) else {}),
            **({"BlockDeviceMappings": devices} if (devices := self._devices(aws, planned)) else {}),
            **({"TagSpecifications": specifications} if specifications else {}),
        )["Instances"]
        identifier = str(made["InstanceId"])
        if planned["source_dest_check"] is False:
            client.modify_instance_attribute(InstanceId=identifier, SourceDestCheck={"Value": False})
        self._tag_volumes(aws, identifier, planned)
        return identifier

    @staticmethod
    def _tag_volumes(aws: Aws, identifier: str, planned: State) -> None:
        blocks = {block["device_name"]: block for block in planned["ebs_block_device"]}
        for device, volume in _volumes(aws, identifier).items():
            block = blocks.get(device) or (planned["root_block_device"] or [{"tags_all": {}}])[0]
            wanted = _volume_tags(aws, planned) or block["tags_all"]
            gone = lost(as_map(volume.get("Tags")), wanted)
            if gone:
                aws.client("ec2").delete_tags(Resources=[volume["VolumeId"]], Tags=[{"Key": key} for key in gone])
            if wanted:
                aws.client("ec2").create_tags(Resources=[volume["VolumeId"]], Tags=as_list(wanted))

    @staticmethod
    def _devices(aws: Aws, planned: State) -> list[dict[str, Any]]:
        devices = [
            {"DeviceName": _root_name(aws, planned), "Ebs": to_api(block, VOLUME)}
            for block in planned["root_block_device"]
        ]
        return devices + [
            {"DeviceName": block["device_name"], "Ebs": to_api(block, VOLUME)} for block in planned["ebs_block_device"]
        ]

    def read(self, aws: Aws, state: State) -> State | None:
        client = aws.client("ec2")
        reservation = ec2.found(client.describe_instances, "Reservations", InstanceIds=[state["id"]])
        instance = reservation["Instances"][0] if reservation else None
        if instance is None or instance["State"]["Name"] in ("terminated", "shutting-down"):
            return None
        result: State = {
            "id": instance["InstanceId"],
            "arn": aws.arn("ec2", f"instance/{instance['InstanceId']}"),
            "ami": instance["ImageId"],
            "instance_type": instance["InstanceType"],
            "instance_state": instance["State"]["Name"],
            "key_name": instance.get("KeyName", ""),
            "subnet_id": instance.get("SubnetId", ""),
            # moto tells them of the interface only, if that was described.
            "vpc_security_group_ids": [
                group["GroupId"] for group in instance["SecurityGroups"] or instance["NetworkInterfaces"][0]["Groups"]
            ],
            "security_groups": [],
            "availability_zone": instance["Placement"]["AvailabilityZone"],
            "tenancy": instance["Placement"]["Tenancy"],
            "placement_group": instance["Placement"].get("GroupName", ""),
            "monitoring": instance["Monitoring"]["State"] in ("enabled", "pending"),
            "ebs_optimized": instance["EbsOptimized"],
            "source_dest_check": instance["SourceDestCheck"],
            "private_ip": instance["PrivateIpAddress"],
            "private_dns": instance["PrivateDnsName"],
            "public_ip": instance.get("PublicIpAddress", ""),
            "public_dns": instance.get("PublicDnsName", ""),
            "associate_public_ip_address": bool(instance.get("PublicIpAddress")),
            "primary_network_interface_id": instance["NetworkInterfaces"][0]["NetworkInterfaceId"],
            "iam_instance_profile": instance.get("IamInstanceProfile", {}).get("Arn", "").rpartition("/")[2],
            "ipv6_addresses": [],
            "ipv6_address_count": 0,
            "secondary_private_ips": [],
            "tags_all": as_map(instance.get("Tags")),
            **self._attributes(client, instance["InstanceId"]),
            **self._given_user_data(client, instance["InstanceId"], state),
        }
        if state["metadata_options"]:
            result["metadata_options"] = [from_api(instance["MetadataOptions"], METADATA)]
        if state["credit_specification"]:
            (credit,) = client.describe_instance_credit_specifications(InstanceIds=[state["id"]])[
                "InstanceCreditSpecifications"
            ]
            result["credit_specification"] = [from_api(credit, CREDITS)]
        return {**result, **self._read_devices(aws, instance, state)}

    @staticmethod
    def _attributes(client: Any, identifier: str) -> State:
        names = {
            "disable_api_termination": "DisableApiTermination",
            "disable_api_stop": "DisableApiStop",
            "instance_initiated_shutdown_behavior": "InstanceInitiatedShutdownBehavior",
        }
        return {
            name: client.describe_instance_attribute(InstanceId=identifier, Attribute=key[0].lower() + key[1:])[key][
                "Value"
            ]
            for name, key in names.items()
        }

    @staticmethod
    def _given_user_data(client: Any, identifier: str, state: State) -> State:
        data = client.describe_instance_attribute(InstanceId=identifier, Attribute="userData")["UserData"].get("Value")
        if not data:
            return {"user_data": None, "user_data_base64": None}
        if state["user_data_base64"]:
            return {"user_data": None, "user_data_base64": data}
        return {"user_data": base64.b64decode(data).decode(), "user_data_base64": None}

    @staticmethod
    def _read_devices(aws: Aws, instance: dict[str, Any], state: State) -> State:
        if not state["root_block_device"] and not state["ebs_block_device"] and state["volume_tags"] is None:
            return {}
        volumes = _volumes(aws, instance["InstanceId"])
        before = {one.get("device_name"): one for one in state["ebs_block_device"]}
        root: list[State] = []
        others: list[State] = []
        for mapping in instance["BlockDeviceMappings"]:
            name, volume = mapping["DeviceName"], volumes[mapping["DeviceName"]]
            is_root = name in (instance["RootDeviceName"], _ROOT)
            configured = (state["root_block_device"] or [{}])[0] if is_root else before.get(name, {})
            tags = as_map(volume.get("Tags"))
            own = configured.get("tags")
            block = {
                "device_name": name,
                "volume_id": volume["VolumeId"],
                "delete_on_termination": mapping["Ebs"]["DeleteOnTermination"],
                "encrypted": volume["Encrypted"],
                "iops": volume.get("Iops", 0),
                "kms_key_id": volume.get("KmsKeyId", ""),
                "throughput": volume.get("Throughput", 0),
                "volume_size": volume["Size"],
                "volume_type": volume["VolumeType"],
                "tags": None if own is None else {key: tags[key] for key in own if key in tags},
                "tags_all": tags if state["volume_tags"] is None else {},
            }
            (root if is_root else others).append(
                block if is_root else {**block, "snapshot_id": volume.get("SnapshotId", "")}
            )
        result: State = {"root_block_device": root} if state["root_block_device"] else {}
        if state["volume_tags"] is not None:
            found = as_map(next(iter(volumes.values())).get("Tags"))
            result["volume_tags"] = own_tags(found, state["volume_tags"], aws.default_tags)
        return {**result, **({"ebs_block_device": others} if state["ebs_block_device"] else {})}

    def update(self, aws: Aws, prior: State, planned: State) -> None:
        client = aws.client("ec2")
        identifier = prior["id"]
        if changed(prior, planned, "monitoring"):
            raise StandInError(f"moto cannot change the monitoring of {identifier}")
        if changed(prior, planned, "vpc_security_group_ids"):
            client.modify_instance_attribute(InstanceId=identifier, Groups=planned["vpc_security_group_ids"])
        if changed(prior, planned, "source_dest_check"):
            client.modify_instance_attribute(
                InstanceId=identifier, SourceDestCheck={"Value": planned["source_dest_check"]}
            )
        if changed(prior, planned, "metadata_options"):
            client.modify_instance_metadata_options(
                InstanceId=identifier, **to_api(planned["metadata_options"][0], METADATA)
            )
        if changed(prior, planned, "instance_type", "user_data", "user_data_base64"):
            client.stop_instances(InstanceIds=[identifier])
            client.modify_instance_attribute(InstanceId=identifier, InstanceType={"Value": planned["instance_type"]})
            data = (_user_data(planned) or "").encode()
            client.modify_instance_attribute(InstanceId=identifier, UserData={"Value": base64.b64encode(data)})
            client.start_instances(InstanceIds=[identifier])
        if changed(prior, planned, "root_block_device", "ebs_block_device", "volume_tags"):
            self._tag_volumes(aws, identifier, planned)
        ec2.change_tags(aws, prior, planned)

    def delete(self, aws: Aws, state: State) -> None:
        client = aws.client("ec2")
        if state.get("force_destroy"):  # not in provider 5.x
            client.modify_instance_attribute(InstanceId=state["id"], DisableApiTermination={"Value": False})
        client.terminate_instances(InstanceIds=[state["id"]])
        # AWS removes the instance's first network interface with it, moto does not.
        interface = state["primary_network_interface_id"]
        if ec2.found(client.describe_network_interfaces, "NetworkInterfaces", NetworkInterfaceIds=[interface]):
            client.delete_network_interface(NetworkInterfaceId=interface)


def _volume_tags(aws: Aws, planned: State) -> dict[str, str]:
    """Return all tags that `volume_tags` means: the provider adds its default tags (since 5.39)."""
    return {} if planned["volume_tags"] is None else {**aws.default_tags, **planned["volume_tags"]}


def _user_data(planned: State) -> str | None:
    """Return the user data as text; boto3 encodes it."""
    if planned["user_data_base64"]:
        return base64.b64decode(planned["user_data_base64"]).decode()
    return planned["user_data"] or None


def _volumes(aws: Aws, instance: str) -> dict[str, dict[str, Any]]:
    """Return an instance's volumes by device name."""
    found = aws.client("ec2").describe_volumes(Filters=[{"Name": "attachment.instance-id", "Values": [instance]}])
    return {volume["Attachments"][0]["Device"]: volume for volume in found["Volumes"]}


#: The root device of all images of Amazon Linux.
_ROOT = "/dev/xvda"


def _root_name(aws: Aws, planned: State) -> str:
    """Return the name of the image's root device."""
    try:
        (image,) = aws.client("ec2").describe_images(ImageIds=[planned["ami"]])["Images"]
    except ClientError as error:
        if error.response["Error"]["Code"] != "InvalidAMIID.NotFound":
            raise
        # An emulator may know the id from SSM only.
        return _ROOT
    return str(image["RootDeviceName"])


RESOURCES: dict[str, type[Resource]] = {
    "aws_key_pair": KeyPair,
    "aws_instance": Instance,
}

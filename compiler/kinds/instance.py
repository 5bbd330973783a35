"""An instance: a virtual machine on EC2, with an encrypted disk and IMDSv2 only."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from lenie.compiler.diagnostics import Report
from lenie.compiler.expressions import AttributeOf, Base64, Value
from lenie.compiler.forms import IMAGE, INSTANCE_TYPE, SSH_KEY, SshKey, check_form
from lenie.compiler.iam import role
from lenie.compiler.ingress import Ingress, add_security_group, check_ingress, ingress_rules
from lenie.compiler.kind import Attribute, Grant, Resource
from lenie.compiler.kinds.network import Subnet
from lenie.compiler.machines import (
    Image,
    InstanceType,
    image_id,
    is_burstable,
    is_ebs_optimized,
    is_named,
    metadata_options,
)
from lenie.compiler.place import Lowering, Place
from lenie.compiler.types import Reference, Size, Template, Text, To, fault, faults_at

_ARN = "arn:${aws.partition}:ec2:${aws.region}:${aws.account}:instance/${id}"


class Instance(Resource):
    """An EC2 instance in a subnet, which decides whether it gets a public address; never an Elastic IP.

    It has a security group of its own, which `ingress` fills, besides those that `security-groups` names. `hours` is
    how long it is expected to run each month: the cost is computed from it. A burstable type never runs on credit, so
    it costs what `hours` says. AWS replaces the instance when its key changes.

    Sources: AWS::EC2::Instance, AWS::EC2::KeyPair (CloudFormation template reference).
    """

    ATTRIBUTES: ClassVar[Mapping[str, Attribute]] = {
        "id": Attribute("Instance", description="Id of the instance"),
        "private-ip": Attribute("Instance", "PrivateIp", "Address inside the network"),
        "security-group": Attribute("SecurityGroup", "GroupId", "Id of the instance's own security group"),
    }
    GRANTS: ClassVar[Mapping[str, Grant]] = {
        "start": Grant(("ec2:StartInstances",), (_ARN,), service="ec2", description="Start it"),
        "stop": Grant(("ec2:StopInstances",), (_ARN,), service="ec2", description="Stop it"),
        "status": Grant((), (), service="ec2", unscoped=("ec2:DescribeInstances",), description="Read its state"),
    }

    kind: Literal["instance"]
    type: InstanceType
    hours: Annotated[int, Field(ge=0, le=744)]
    image: Image
    subnet: Annotated[Reference, Subnet()]
    disk: Size
    #: Name under which the image knows its root disk.
    root_device: Annotated[str, Field(pattern="^/dev/[a-z0-9]+$")] = "/dev/xvda"
    #: Public SSH key; without it nobody can log in by SSH.
    key: SshKey | None = None
    ingress: Ingress = {}
    security_groups: list[Annotated[Reference, To("security-group", "instance")]] = []
    #: Names of AWS managed policies that the instance's role has.
    managed_policies: list[Annotated[str, Field(pattern=r"^[\w+=,.@-]+(/[\w+=,.@-]+)*$")]] = []
    #: Script that runs at the first start.
    setup: Text | None = None
    monitoring: Literal["basic", "detailed"] = "basic"
    #: Whether it passes on packages that are not addressed to it (a VPN server, a router).
    forwarding: bool = False

    @model_validator(mode="after")
    def _known_architecture(self) -> Self:
        faults: list[tuple[tuple[str | int, ...], PydanticCustomError]] = []
        if is_named(self.image) and isinstance(self.type, Template):
            message = f"the type must stand here, since it decides which {self.image} fits (x86_64 or arm64)"
            faults.append((("type",), fault(message, "write the type, or give the image by a parameter, too")))
        if self.disk % 1024:
            faults.append((("disk",), fault("a disk has whole gigabytes", f"write {self.disk // 1024 + 1}GB")))
        if faults:
            raise faults_at(faults)
        return self

    def check(self, at: Place, report: Report) -> None:
        """Report sources that are no networks, and parameters whose values do not fit."""
        check_ingress(at, self.ingress, report)
        check_form(at, ("type",), self.type, INSTANCE_TYPE, report)
        check_form(at, ("image",), self.image, IMAGE, report)
        check_form(at, ("key",), self.key, SSH_KEY, report)

    def lower(self, out: Lowering) -> None:
        """Add the security group, the key, the role, and the instance."""
        own = add_security_group(
            out,
            self.subnet,
            f"What may connect to {out.declaration.name}",
            ingress_rules(out, self.ingress),
            network_field="subnet",
        )
        groups: list[Any] = [own]
        for index, group in enumerate(self.security_groups):
            kind = out.program.declarations[group.name].model.kind
            value = out.attribute(group.name, "id" if kind == "security-group" else "security-group")
            groups.append(out.at(("security-groups", index), value))
        accept = {} if self.managed_policies else {"CKV2_AWS_41": "It calls no AWS API, so it has no role"}
        if self.monitoring == "basic":
            accept["CKV_AWS_126"] = "Detailed monitoring is charged by the metric; basic monitoring is free"
        setup = Base64(out.text(self.setup)) if self.setup is not None else None
        out.add(
            "Instance",
            "AWS::EC2::Instance",
            {
                "ImageId": out.at("image", image_id(out, self.image, self.type)),
                "InstanceType": out.at("type", out.text(self.type)),
                "SubnetId": out.at("subnet", out.attribute(self.subnet)),
                "SecurityGroupIds": groups,
                "KeyName": out.at("key", self._key_pair(out)),
                "IamInstanceProfile": out.at("managed-policies", self._profile(out)),
                "BlockDeviceMappings": [
                    {
                        "DeviceName": out.at("root-device", self.root_device),
                        "Ebs": {
                            "VolumeType": "gp3",
                            "VolumeSize": out.at("disk", self.disk // 1024),
                            "Encrypted": True,
                            "DeleteOnTermination": True,
                        },
                    }
                ],
                "MetadataOptions": metadata_options(),
                "Monitoring": out.at("monitoring", self.monitoring == "detailed"),
                "EbsOptimized": out.at("type", is_ebs_optimized(self.type)),
                "CreditSpecification": out.at("type", {"CPUCredits": "standard"} if is_burstable(self.type) else None),
                "SourceDestCheck": out.at("forwarding", False if self.forwarding else None),
                "PropagateTagsToVolumeOnCreation": True,
                "UserData": out.at("setup", setup),
            },
            accept=accept,
            tag_name=out.name(),
        )

    def _key_pair(self, out: Lowering) -> Value | None:
        if self.key is None:
            return None
        properties = {"KeyName": out.name(), "PublicKeyMaterial": out.at("key", out.text(self.key))}
        return out.add("KeyPair", "AWS::EC2::KeyPair", properties)

    def _profile(self, out: Lowering) -> AttributeOf | None:
        if not self.managed_policies:
            return None
        own_role = role(out, "ec2.amazonaws.com", [], managed=self.managed_policies)
        properties = {"InstanceProfileName": out.name(), "Roles": [own_role]}
        return out.add("InstanceProfile", "AWS::IAM::InstanceProfile", properties)


KIND = Instance

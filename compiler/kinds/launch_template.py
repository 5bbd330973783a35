"""A launch template: how EC2 instances are started that are not part of the spec."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import Field, model_validator

from lenie.compiler.data.tags import LAUNCH_TAG_TYPES, TAG_SPECIFICATION_TYPE
from lenie.compiler.kind import Attribute, Resource
from lenie.compiler.machines import Image, InstanceType, image_id, is_ebs_optimized, is_named, metadata_options
from lenie.compiler.place import Lowering, tag_list
from lenie.compiler.types import Size, Template, fault, faults_at

_TYPE = "AWS::EC2::LaunchTemplate"


class LaunchTemplate(Resource):
    """An EC2 launch template. What is started from it has an encrypted disk, IMDSv2 only, and the project's tags.

    Without `disk`, the root disk has the size that the image asks for.

    Source: AWS::EC2::LaunchTemplate (CloudFormation template reference).
    """

    ATTRIBUTES: ClassVar[Mapping[str, Attribute]] = {
        "id": Attribute("LaunchTemplate", description="Id of the launch template"),
        "latest-version": Attribute("LaunchTemplate", "LatestVersionNumber", "Number of the newest version"),
    }
    FOLDER: ClassVar[str] = "launch-template/{name}"

    kind: Literal["launch-template"]
    image: Image
    type: InstanceType
    disk: Size | None = None
    #: Name under which the image knows its root disk.
    root_device: Annotated[str, Field(pattern="^/dev/[a-z0-9]+$")] = "/dev/xvda"
    monitoring: Literal["basic", "detailed"] = "basic"

    @model_validator(mode="after")
    def _known_architecture(self) -> Self:
        if is_named(self.image) and isinstance(self.type, Template):
            message = f"the type must stand here, since it decides which {self.image} fits (x86_64 or arm64)"
            raise faults_at([(("type",), fault(message, "write the type, or give the image by a parameter, too"))])
        if self.disk is not None and self.disk % 1024:
            message = "a disk has whole gigabytes"
            raise faults_at([(("disk",), fault(message, f"write {self.disk // 1024 + 1}GB"))])
        return self

    def lower(self, out: Lowering) -> None:
        """Add the launch template."""
        tags = tag_list(out.tags())
        ebs: dict[str, Any] = {
            "VolumeType": "gp3",
            "VolumeSize": out.at("disk", self.disk // 1024 if self.disk is not None else None),
            "Encrypted": True,
            "DeleteOnTermination": True,
        }
        out.add(
            "LaunchTemplate",
            _TYPE,
            {
                "LaunchTemplateName": out.name(),
                "LaunchTemplateData": {
                    "ImageId": out.at("image", image_id(out, self.image, self.type)),
                    "InstanceType": out.at("type", out.text(self.type)),
                    "BlockDeviceMappings": [{"DeviceName": out.at("root-device", self.root_device), "Ebs": ebs}],
                    "MetadataOptions": metadata_options(),
                    "Monitoring": {"Enabled": out.at("monitoring", self.monitoring == "detailed")},
                    "EbsOptimized": out.at("type", is_ebs_optimized(self.type)),
                    "TagSpecifications": [{"ResourceType": kind, "Tags": tags} for kind in LAUNCH_TAG_TYPES],
                },
                "TagSpecifications": [{"ResourceType": TAG_SPECIFICATION_TYPE[_TYPE], "Tags": tags}],
            },
        )


KIND = LaunchTemplate

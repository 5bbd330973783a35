"""EC2 machines: instance types, images and what every instance has in common."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any

from lenie.compiler.expressions import PublicParameter, Value
from lenie.compiler.place import Place
from lenie.compiler.types import Parsed, Template, fault, parse_text

#: Images by name: the public SSM parameter that holds the newest image id; ``{}`` is the processor architecture.
#: Source: Amazon Linux 2023 User Guide, "Launching AL2023 using the SSM parameter and AWS CLI".
IMAGES: Mapping[str, str] = {
    "amazon-linux-2023": "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-{}",
}
#: Families before Nitro, where optimised EBS access is missing, or is not there for every size.
#: Source: Amazon EC2 User Guide, "Amazon EBS-optimized instance types".
_OLD_FAMILIES = frozenset(
    ("c1", "c3", "cc2", "cg1", "cr1", "g2", "hi1", "hs1", "i2", "m1", "m2", "m3", "r3", "t1", "t2")
)
#: Families that earn CPU credits. Source: Amazon EC2 User Guide, "Burstable performance instances".
_BURSTABLE = frozenset(("t2", "t3", "t3a", "t4g"))
_TYPE = re.compile(r"[a-z][a-z0-9-]*\.[a-z0-9-]+")
_IMAGE = re.compile(r"ami-[0-9a-f]{8,17}")
_GRAVITON = re.compile(r"[a-z]+[0-9]+g")


def parse_type(value: Any) -> str | Template:
    """Return an instance type, or the reference of one.

    Raises:
        PydanticCustomError: if it is neither.
    """
    text = parse_text(value)
    if isinstance(text, str) and not _TYPE.fullmatch(text):
        raise fault(f'"{text}" is no instance type', "write family and size: t3.micro, t4g.small")
    return text


def parse_image(value: Any) -> str | Template:
    """Return the name or id of an image, or the reference of an id.

    Raises:
        PydanticCustomError: if it is neither.
    """
    text = parse_text(value)
    if isinstance(text, str) and text not in IMAGES and not _IMAGE.fullmatch(text):
        known = ", ".join(IMAGES)
        raise fault(f'there is no image "{text}"', f"write {known}, an id (ami-...), or a parameter: ${{param.name}}")
    return text


InstanceType = Annotated[str | Template, Parsed(parse_type, {"type": "string", "examples": ["t3.micro", "t4g.small"]})]
Image = Annotated[str | Template, Parsed(parse_image, {"type": "string", "examples": [*IMAGES, "${param.image}"]})]


def is_named(image: str | Template) -> bool:
    """Return whether the newest image of an operating system is meant, and not a certain one."""
    return isinstance(image, str) and image in IMAGES


def architecture(instance_type: str) -> str:
    """Return the processor architecture of an instance type, as AWS names it in image names.

    Source: Amazon EC2 User Guide, "Instance type naming conventions" (g behind the generation is Graviton).
    """
    family = instance_type.partition(".")[0]
    return "arm64" if family == "a1" or _GRAVITON.match(family) else "x86_64"


def image_id(at: Place, image: str | Template, instance_type: str | Template) -> Value:
    """Return the image id; for a named image, `instance_type` must be a text, since it decides the architecture."""
    if isinstance(image, str) and image in IMAGES:
        assert isinstance(instance_type, str), "checked by the model"
        return PublicParameter(IMAGES[image].format(architecture(instance_type)))
    return at.text(image)


def is_ebs_optimized(instance_type: str | Template) -> bool | None:
    """Return true for types that have their own bandwidth to EBS, and nothing where that is not known."""
    known = isinstance(instance_type, str) and instance_type.partition(".")[0] not in _OLD_FAMILIES
    return True if known else None


def is_burstable(instance_type: str | Template) -> bool:
    """Return whether the type is known to earn CPU credits."""
    return isinstance(instance_type, str) and instance_type.partition(".")[0] in _BURSTABLE


def metadata_options() -> dict[str, Value]:
    """Return the options that allow version 2 of the instance metadata service only, and not to containers.

    Source: Amazon EC2 User Guide, "Configure the Instance Metadata Service options".
    """
    return {"HttpEndpoint": "enabled", "HttpTokens": "required", "HttpPutResponseHopLimit": 1}

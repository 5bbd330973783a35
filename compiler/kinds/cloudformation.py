"""The way out: a resource in CloudFormation's own words, for what no other kind can say."""

import re
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from lenie.compiler.data.tags import TAG_PROPERTY
from lenie.compiler.expressions import AttributeOf
from lenie.compiler.graph import DeletionPolicy
from lenie.compiler.kind import Attribute, Resource
from lenie.compiler.place import Lowering, Place
from lenie.compiler.types import Data, Faults, Parsed, Reference, To, fault, faults_at

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
#: Types of which CloudFormation takes a snapshot (CloudFormation template reference, "DeletionPolicy attribute").
_WITH_SNAPSHOT = (
    "AWS::DocDB::DBCluster",
    "AWS::EC2::Volume",
    "AWS::ElastiCache::CacheCluster",
    "AWS::ElastiCache::ReplicationGroup",
    "AWS::Neptune::DBCluster",
    "AWS::RDS::DBCluster",
    "AWS::RDS::DBInstance",
    "AWS::Redshift::Cluster",
)
_POLICIES: Mapping[str, DeletionPolicy] = {"delete": "Delete", "retain": "Retain", "snapshot": "Snapshot"}


def parse_attributes(value: Any) -> dict[str, str]:
    """Return the name of each attribute in the spec with its name in ``Fn::GetAtt``."""
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        attributes = {item: item for item in value}
    elif isinstance(value, dict) and all(isinstance(item, str) for item in value.values()):
        attributes = dict(value)
    else:
        raise fault("a list of attributes is wanted here", "write [Arn], or a map: {host: Endpoint.Address}")
    for name in attributes:
        if not _NAME.fullmatch(name):
            raise fault(f'"{name}" cannot stand in ${{...}}', "give it another name: {host: Endpoint.Address}")
    if "ref" in attributes:
        raise fault('"ref" is what Ref returns, and always there', "remove it, or give the attribute another name")
    return attributes


#: Properties in which types take tags.
_TAG_NAMES = frozenset(name for name, _ in TAG_PROPERTY.values())


def _check_properties(value: Any) -> Any:
    if not isinstance(value, dict):
        raise fault("a map is wanted here", "write the properties of the CloudFormation type")
    tags = value.get("Tags")
    faults: Faults = [
        ((name,), fault("tags are a list, or a map", "write [{Key: name, Value: text}]"))
        for name in sorted(_TAG_NAMES & value.keys())
        if not isinstance(value[name], list | dict)
    ]
    faults += [
        (("Tags", index), fault("a tag is wanted here", "write {Key: name, Value: text}"))
        for index, tag in enumerate(tags if isinstance(tags, list) else ())
        if not (isinstance(tag, dict) and isinstance(tag.get("Key"), str) and "Value" in tag)
    ]
    keys = [tag["Key"] for tag in tags] if isinstance(tags, list) and not faults else []
    faults += [
        (("Tags", index, "Key"), fault(f'the tag "{key}" is there twice', "remove one of the two"))
        for index, key in enumerate(keys)
        if key in keys[:index]
    ]
    if faults:
        raise faults_at(faults)
    return value


class CloudFormation(Resource):
    """One resource of any CloudFormation type.

    It has no security defaults of its own. CloudFormation and CDK print every type; Terraform prints the types that its
    tables know, and refuses others. `attributes` lists what other resources read besides ``ref``.

    Source: "AWS resource and property types reference" (CloudFormation template reference).
    """

    FOLDER: ClassVar[str] = "cloudformation/{name}"

    kind: Literal["cloudformation"]
    type: Annotated[str, Field(pattern=r"^AWS::[A-Za-z0-9]+::[A-Za-z0-9]+$")]
    properties: Annotated[Data, AfterValidator(_check_properties)] = {}
    depends_on: list[Annotated[Reference, To()]] = []
    on_delete: Literal["delete", "retain", "snapshot"] | None = None
    attributes_: Annotated[
        dict[str, str],
        Parsed(
            parse_attributes,
            {
                "description": "Attributes that Fn::GetAtt returns, as a list or with names of their own",
                "anyOf": [
                    {"type": "array", "items": {"type": "string"}},
                    {"type": "object", "additionalProperties": {"type": "string"}},
                ],
            },
        ),
    ] = {}

    @model_validator(mode="after")
    def _snapshot(self) -> Self:
        if self.on_delete == "snapshot" and self.type not in _WITH_SNAPSHOT:
            message = f"CloudFormation takes no snapshots of {self.type}"
            raise faults_at([(("on-delete",), fault(message, "write retain or delete"))])
        return self

    def attributes(self) -> Mapping[str, Attribute]:
        """Return ``ref`` and the declared attributes."""
        declared = {name: Attribute("Resource", attribute) for name, attribute in self.attributes_.items()}
        return {"ref": Attribute("Resource"), **declared}

    def lower(self, out: Lowering) -> None:
        """Add the resource."""
        properties = {key: out.at(("properties", key), out.text(value)) for key, value in self.properties.items()}
        tag_property, shape = TAG_PROPERTY.get(self.type, ("", ""))
        given = self.properties.get(tag_property)
        if shape in ("list", "map") and isinstance(given, list):
            # The project's tags are merged into a map; the resource gets them in its own shape again.
            tags = {tag["Key"]: out.text(tag["Value"]) for tag in given}
            properties[tag_property] = out.at(("properties", tag_property), tags)
        out.add(
            "Resource",
            self.type,
            properties,
            depends_on=[d for reference in self.depends_on for d in _resource(out, reference)],
            on_delete=_POLICIES[self.on_delete] if self.on_delete else None,
        )


def _resource(out: Lowering, reference: Reference) -> list[AttributeOf]:
    """Return the main resource of what `reference` names; other components are deployed before this one anyway."""
    declaration = out.program.declarations[reference.name]
    if declaration.component != out.component.name:
        return []
    main = next(iter(declaration.model.attributes().values()))
    return [Place(out.program, declaration).get(main.suffix, "Ref")]


KIND = CloudFormation

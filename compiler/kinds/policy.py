"""A service control policy: what no account under its targets may do."""

import json
import re
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import Field, model_validator

from lenie.compiler.expressions import Value
from lenie.compiler.iam import POLICY_VERSION
from lenie.compiler.kind import Attribute, Resource
from lenie.compiler.place import Lowering
from lenie.compiler.types import Faults, Parsed, Template, Text, fault, faults_at, parse_texts

#: Most characters of a service control policy (AWS Organizations User Guide, "Quotas for AWS Organizations").
MAX_SIZE = 5120


def parse_action(value: Any) -> str:
    """Return an IAM action, perhaps with ``*`` in it."""
    if not isinstance(value, str) or not re.fullmatch(r"\*|[a-z0-9-]+:[A-Za-z0-9*?]+", value):
        raise fault(f'"{value}" is not an IAM action', 'write service:Action, service:* or "*"')
    return value


def parse_targets(value: Any) -> Template:
    """Return the lookup of the parameter that holds the targets: ids of accounts never stand in a spec."""
    text = parse_texts(value)
    lookup = text.single if isinstance(text, Template) else None
    if not isinstance(text, Template) or lookup is None or lookup.head != "param":
        raise fault("a parameter with the targets is wanted here", "write ${param.name}, of type list(text)")
    return text


Action = Annotated[str, Parsed(parse_action, {"type": "string", "pattern": r"^(\*|[a-z0-9-]+:[A-Za-z0-9*?]+)$"})]
Targets = Annotated[Template, Parsed(parse_targets, {"type": "string", "pattern": r"^\$\{param\..+\}$"})]
Region = Annotated[str, Field(pattern=r"^[a-z]{2}(-[a-z]+)+-[0-9]$")]


class Policy(Resource):
    """A service control policy, which either denies actions or everything outside some regions.

    Global services have no region, so what `global-services` lists stays allowed everywhere. Without targets the policy
    exists and restricts nobody.

    Source: AWS::Organizations::Policy (CloudFormation template reference).
    """

    ATTRIBUTES: ClassVar[Mapping[str, Attribute]] = {
        "id": Attribute("Policy"),
        "arn": Attribute("Policy", "Arn"),
    }
    FOLDER: ClassVar[str] = "policy/{name}"

    kind: Literal["policy"]
    name: Text | None = None
    description: Text | None = None
    deny: Annotated[list[Action], Field(min_length=1)] | None = None
    allow_regions: Annotated[list[Region], Field(min_length=1)] | None = None
    global_services: Annotated[list[Action], Field(min_length=1)] | None = None
    #: A parameter with the ids of accounts, units or the root; it may be empty.
    targets: Targets | None = None

    @model_validator(mode="after")
    def _one_of(self) -> Self:
        faults: Faults = []
        if self.deny is None and self.allow_regions is None:
            faults.append((("kind",), fault("the policy says nothing", "write deny: [actions], or allow-regions:")))
        if self.deny is not None and self.allow_regions is not None:
            message = "a policy has deny or allow-regions, not both"
            faults.append((("deny", "[key]"), fault(message, "make two policies of them")))
        if self.global_services is not None and self.allow_regions is None:
            message = "global-services says what allow-regions leaves alone, and there is no allow-regions"
            faults.append((("global-services", "[key]"), fault(message, "remove it, or write allow-regions:")))
        if self.allow_regions is not None and self.global_services is None:
            message = "without global-services the policy would lock everybody out of IAM and billing"
            help = 'write global-services: ["iam:*", "sts:*", ...]'
            faults.append((("allow-regions", "[key]"), fault(message, help)))
        if faults:
            raise faults_at(faults)
        return self

    def document(self) -> dict[str, Any]:
        """Return the policy document."""
        statement: dict[str, Any]
        if self.allow_regions is not None:
            statement = {
                "Sid": "DenyOtherRegions",
                "Effect": "Deny",
                "NotAction": sorted(self.global_services or []),
                "Resource": "*",
                "Condition": {"StringNotEquals": {"aws:RequestedRegion": list(self.allow_regions)}},
            }
        else:
            statement = {"Sid": "DenyActions", "Effect": "Deny", "Action": sorted(self.deny or []), "Resource": "*"}
        return {"Version": POLICY_VERSION, "Statement": [statement]}

    def size(self) -> int:
        """Return the number of characters of the document as AWS stores it, without white space."""
        return len(json.dumps(self.document(), separators=(",", ":")))

    def lower(self, out: Lowering) -> None:
        """Add the policy."""
        field = "deny" if self.deny is not None else "allow-regions"
        out.add(
            "Policy",
            "AWS::Organizations::Policy",
            {
                "Name": out.at("name", out.name(self.name)),
                "Description": out.at("description", out.text(self.description)),
                "Type": "SERVICE_CONTROL_POLICY",
                "Content": out.at(field, self.document()),
                "TargetIds": out.at("targets", self._targets(out)),
            },
        )

    def _targets(self, out: Lowering) -> Value | None:
        """Return the list parameter, or the target of a text parameter as a list; nothing when it is empty."""
        lookup = self.targets.single if self.targets is not None else None
        if lookup is None:
            return None
        listed = out.program.document.parameters[lookup.attribute].type.startswith("list(")
        return out.optional(self.targets, None if listed else [out.text(self.targets)])


KIND = Policy

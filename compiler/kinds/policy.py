"""A service control policy: what no account under its targets may do."""

import json
import re
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import Field, model_validator

from lenie.compiler.diagnostics import Report
from lenie.compiler.expressions import Value
from lenie.compiler.iam import POLICY_VERSION
from lenie.compiler.kind import Attribute, Resource
from lenie.compiler.place import Lowering, Place
from lenie.compiler.span import Path
from lenie.compiler.spec import Region
from lenie.compiler.types import Faults, Parsed, Template, Text, fault, faults_at, parse_texts

#: Most characters of a service control policy (AWS Organizations User Guide, "Quotas for AWS Organizations").
MAX_SIZE = 5120


def parse_action(value: Any) -> str:
    """Return an IAM action, perhaps with ``*`` in it."""
    if not isinstance(value, str):
        raise fault("an IAM action is wanted here", 'write service:Action, service:* or "*"')
    if not re.fullmatch(r"\*|[a-z0-9-]+:[A-Za-z0-9*?]+", value):
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
    #: A parameter of type list(text) with the ids of accounts, units or the root; it may be empty.
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

    def check(self, at: Place, report: Report) -> None:
        """Report actions that do not exist: they would deny nothing, or leave nothing alone. Report unfit targets."""
        for field, actions in (("deny", self.deny), ("global-services", self.global_services)):
            for index, action in enumerate(actions or ()):
                _check_action(action, at.declaration.at(field, index), report)
        lookup = self.targets.single if self.targets is not None else None
        parameter = at.program.document.parameters[lookup.attribute] if lookup is not None else None
        if lookup is not None and parameter is not None and parameter.type not in ("text", "list(text)"):
            report.add(
                "E304",
                f'parameter "{lookup.attribute}" has the type {parameter.type}, and ids of accounts are wanted here',
                at.declaration.at("targets"),
                also=[(("parameters", lookup.attribute), "declared here")],
                help="use a parameter of type list(text)",
            )

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


def _check_action(action: str, path: Path, report: Report) -> None:
    """Report an action, or a pattern of them, that IAM does not have; of some services the actions are not known."""
    from lenie.compiler.data.iam import SERVICES, known_action, suggest_action

    service, _, name = action.partition(":")
    if action == "*" or (service in SERVICES and (name == "*" or known_action(action) is not False)):
        return
    near = suggest_action(action)
    what = f'{service} has no action "{name}"' if service in SERVICES else f'IAM knows no service "{service}"'
    help = f'did you mean "{near}"?' if near else "look it up in the Service Authorization Reference"
    report.add("E301", what, path, help=help)


KIND = Policy

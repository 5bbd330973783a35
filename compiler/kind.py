"""What every kind of resource is: a model of its fields, its attributes, what access to it means, and its lowering.

A kind lives in `kinds/<kind>.py` and is found by its file name. Adding one touches no other module.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, NamedTuple

from lenie.compiler.expressions import Value
from lenie.compiler.spec import Model
from lenie.compiler.types import Parsed, Waivers, fault, faults_at, unique

if TYPE_CHECKING:
    from lenie.compiler.diagnostics import Report
    from lenie.compiler.place import Lowering, Place


class Attribute(NamedTuple):
    """An attribute that other resources may read.

    `suffix` tells which of the kind's CloudFormation resources has it; `cfn` is its name in ``Fn::GetAtt``, or ``Ref``.
    """

    suffix: str
    cfn: str = "Ref"
    description: str = ""


class Grant(NamedTuple):
    """What a verb in another resource's ``access:`` allows: IAM actions on resources.

    `resources` are texts in which ``${name}`` is an attribute of the granting resource (``${arn}/*``), or ``*`` for
    actions that cannot be narrowed. `service` is the AWS API that the holder must be able to reach.
    """

    actions: tuple[str, ...]
    resources: tuple[str, ...] = ("${arn}",)
    service: str = ""
    description: str = ""
    #: Actions of the same verb that AWS cannot narrow to a resource.
    unscoped: tuple[str, ...] = ()


def _parse_publish(value: Any) -> dict[str, str]:
    """Return attribute -> SSM path (empty: the kind's usual path)."""
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        unique(value)
        return dict.fromkeys(value, "")
    if isinstance(value, dict) and all(isinstance(item, str) for item in value.values()):
        return dict(value)
    raise fault("a list of attributes is wanted here", "write [name, url], or {id: path/below/the/environment}")


Publish = Annotated[
    dict[str, str],
    Parsed(_parse_publish, {"description": "Attributes to publish in SSM, as a list or with their paths"}),
]
_parse_verbs_help = "write one verb or a list of them: send, [receive, delete]"


def _parse_access(value: Any) -> dict[str, list[str]]:
    """Return resource name -> verbs."""
    if not isinstance(value, dict):
        raise fault("a map from resources to verbs is wanted here", "write {documents: send}")
    access: dict[str, list[str]] = {}
    for name, verbs in value.items():
        listed = [verbs] if isinstance(verbs, str) else verbs
        if not isinstance(listed, list) or not listed or not all(isinstance(verb, str) for verb in listed):
            raise faults_at([((name,), fault(f'the access to "{name}" is not a list of verbs', _parse_verbs_help))])
        twice = next((verb for verb in listed if listed.count(verb) > 1), "")
        if twice:
            raise faults_at([((name,), fault(f'"{twice}" is listed twice', "remove one of them"))])
        access[name] = listed
    return access


Access = Annotated[
    dict[str, list[str]],
    Parsed(
        _parse_access,
        {
            "type": "object",
            "description": "What this may do with which resource; `aws` lists IAM actions that take no resource",
        },
    ),
]


class Resource(Model):
    """Base of all kinds. Subclasses declare `kind` as a literal, then their own fields."""

    #: Attributes by the name under which the spec reads them.
    ATTRIBUTES: ClassVar[Mapping[str, Attribute]] = {}
    #: Verbs that other resources may write in their `access`, also those that only some resources of the kind have.
    GRANTS: ClassVar[Mapping[str, Grant]] = {}
    #: Where published attributes stand in SSM, below the environment; ``{name}`` is the resource's name.
    FOLDER: ClassVar[str] = "{name}"

    kind: str
    publish: Publish = {}
    waive: Waivers = {}

    def attributes(self) -> Mapping[str, Attribute]:
        """Return the attributes of this very resource."""
        return self.ATTRIBUTES

    def groups(self) -> Mapping[str, tuple[str, ...]]:
        """Return the groups of attributes that a field may name as one (``vpc.private``): name -> attributes."""
        return {}

    def grants(self) -> Mapping[str, Grant]:
        """Return the verbs that give access to this very resource."""
        return self.GRANTS

    def attribute(self, name: str, at: "Place") -> Value:
        """Return the value of attribute `name`; kinds whose attributes are not all `AttributeOf` override this."""
        attribute = self.attributes()[name]
        return at.get(attribute.suffix, attribute.cfn)

    def published_path(self, attribute: str, name: str) -> str:
        """Return the SSM path of `attribute` below the environment, for the resource called `name`."""
        return f"{self.FOLDER.format(name=name)}/{attribute}"

    def check(self, at: "Place", report: "Report") -> None:
        """Report what does not fit in the resources and parameters that this one names: all of them are there."""

    def lower(self, out: "Lowering") -> None:
        """Add this resource's CloudFormation resources to the graph through `out`; every kind has its own."""
        raise AssertionError(f"kind {self.kind} has no lowering")


class Actor(Resource):
    """Base of the kinds that act with an IAM role: functions and workflows."""

    access: Access = {}

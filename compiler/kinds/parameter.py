"""A parameter: a value in SSM Parameter Store that components and people share."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from lenie.compiler.expressions import EnvironmentName, as_part, interpolate
from lenie.compiler.kind import Attribute, Resource
from lenie.compiler.place import NOT_SECRET, Lowering
from lenie.compiler.types import Parsed, Text, fault


def _parse_path(value: Any) -> str:
    """Return the path of a parameter below the environment.

    Source: AWS Systems Manager User Guide, "Requirements and constraints for parameter names".
    """
    if not isinstance(value, str) or not value:
        raise fault("a path is wanted here", "write python/lambda-runtime-version")
    if value.startswith("/"):
        help = f"write {value.lstrip('/')}: project and environment stand before it"
        raise fault(f'"{value}" starts with a slash', help)
    if not all(step and set(step) <= _PATH_CHARACTERS for step in value.split("/")):
        raise fault(f'"{value}" is no path', "its steps have letters, digits, dots, hyphens and underscores")
    return value


_PATH_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-")
_PATH_PATTERN = "^[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*$"


def _refuse_publish(value: Any) -> dict[str, str]:
    raise fault("a parameter is published already, at its path", "remove publish, or change path")


class Parameter(Resource):
    """An SSM parameter of the spec's own; those of published attributes are added by the compiler.

    Source: AWS::SSM::Parameter (CloudFormation template reference).
    """

    ATTRIBUTES: ClassVar[Mapping[str, Attribute]] = {
        "value": Attribute("Parameter", "Value", "What the parameter holds"),
    }

    kind: Literal["parameter"]
    publish: Annotated[dict[str, str], Parsed(_refuse_publish, {"not": {}})] = {}
    #: Below ``/<project>/<environment>/``.
    path: Annotated[str, Parsed(_parse_path, {"type": "string", "pattern": _PATH_PATTERN})]
    value: Text
    description: Text | None = None

    def published_path(self, attribute: str, name: str) -> str:
        """Return the parameter's own path: it is what others read."""
        return self.path

    def lower(self, out: Lowering) -> None:
        """Add the parameter."""
        root = ("/",) if out.shared else ("/", EnvironmentName(), "/")
        name = interpolate("/", out.program.document.project, *root, self.path)
        out.add(
            "Parameter",
            "AWS::SSM::Parameter",
            {
                "Name": out.at("path", as_part(name)),
                "Type": "String",
                "Value": out.at("value", out.text(self.value)),
                "Description": out.at("description", out.text(self.description)),
            },
            accept=NOT_SECRET,
        )


KIND = Parameter

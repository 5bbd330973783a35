"""The models of the spec's frame: what stands around the resources. Each kind of resource has its own module."""

import re
from collections.abc import Iterator
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import AfterValidator, BaseModel, Field

from lenie.compiler.clusters.model import ClusterModel
from lenie.compiler.data.regions import REGIONS
from lenie.compiler.model import Model as Model
from lenie.compiler.model import kebab as kebab
from lenie.compiler.span import Path
from lenie.compiler.types import Lookup, Name, Parsed, Reference, Template, Waivers, fault, unique

ParameterType = Literal[
    "text",
    "number",
    "email",
    "url",
    "cidr",
    "arn",
    "image",
    "instance-type",
    "ssh-public-key",
    "list(text)",
    "list(cidr)",
    "list(email)",
]


def parse_version(value: Any) -> int:
    """Return the version of the language: 1 is the only one, and true is not 1."""
    if type(value) is int and value == 1:
        return value
    help = "write 1 without quotes" if value == "1" else "write 1: there is no other version of the language"
    raise fault("this is no version of the language", help)


def parse_scalar(value: Any) -> str | int | float | bool:
    """Return a text, a number, or true or false."""
    if isinstance(value, (str, int, float)):
        return value
    raise fault("one value is wanted here", "write a text, a number, true or false")


def parse_default(value: Any) -> str | int | float | bool | list[str]:
    """Return a parameter's value: a scalar, or a list of texts."""
    if not isinstance(value, list):
        return parse_scalar(value)
    if not all(isinstance(item, str) for item in value):
        raise fault("a list of texts is wanted here", "put quotes around numbers and the like")
    return value


def parse_pattern(value: Any) -> str:
    """Return a regular expression that Python, Java (CloudFormation) and RE2 (Terraform) read alike."""
    if not isinstance(value, str):
        raise fault("a regular expression is wanted here", 'write it as text, in quotes: "^[a-z]*$"')
    try:
        re.compile(value)
    except re.error as error:
        help = "correct it; \\ before a sign takes it literally"
        raise fault(f"this is no regular expression: {error.msg}", help) from None
    if re.search(r"\(\?(?!:)|\\[1-9]", value):
        raise fault("Terraform knows no lookaround, named groups and backreferences", "write the pattern without them")
    return value


def parse_region(value: Any) -> str:
    """Return the name of a region of AWS."""
    if not isinstance(value, str):
        raise fault("the name of a region is wanted here", "write us-east-1, eu-central-1 or another region")
    if value not in REGIONS:
        from lenie.compiler.diagnostics import suggest

        near = suggest(value, REGIONS)
        raise fault(f'AWS has no region "{value}"', near if near.startswith("did") else "write eu-central-1")
    return value


_SCALAR_SCHEMA = {"type": ["string", "number", "boolean"]}
ScalarValue = Annotated[str | int | float | bool, Parsed(parse_scalar, _SCALAR_SCHEMA)]
DefaultValue = Annotated[
    str | int | float | bool | list[str],
    Parsed(parse_default, {"anyOf": [_SCALAR_SCHEMA, {"type": "array", "items": {"type": "string"}}]}),
]
Region = Annotated[str, Parsed(parse_region, {"type": "string", "enum": sorted(REGIONS)})]
Pattern = Annotated[str, Parsed(parse_pattern, {"type": "string", "format": "regex"})]


class ParameterModel(Model):
    """A value that is given at deployment; the spec's own values are documentation values."""

    type: ParameterType
    default: DefaultValue
    description: str
    pattern: Pattern = ""
    #: Other values for some environments.
    values: dict[Name, DefaultValue] = {}


class ComponentModel(Model):
    """What is deployed as one."""

    layer: Name
    scope: Literal["environment", "account", "organization"] = "environment"
    description: str = ""
    #: Components to deploy before this one although no reference says so.
    after: Annotated[list[Name], AfterValidator(unique)] = []
    #: Rules that do not hold for any resource of the component, each with its reason.
    waive: Waivers = {}
    #: CloudFormation refuses a template without resources.
    resources: Annotated[dict[Name, Any], Field(min_length=1)]


class Document(Model):
    """The whole spec. `defaults` and the resources inside `components` are validated kind by kind."""

    version: Annotated[int, Parsed(parse_version, {"const": 1, "type": "integer"})]
    project: Annotated[Name, Field(max_length=20)]
    region: Region
    #: Directory of the functions' and layers' sources, relative to the spec.
    code: str = "."
    layers: Annotated[list[Name], Field(min_length=1), AfterValidator(unique)]
    #: Components that a target covers unless all are asked for (`--scope all`); every one of them if nothing is said.
    coverage: dict[Literal["tf"], Annotated[list[Name], Field(min_length=1), AfterValidator(unique)]] = {}
    environments: Annotated[dict[Name, dict[Name, ScalarValue]], Field(min_length=1)]
    parameters: dict[Name, ParameterModel] = {}
    defaults: dict[Name, dict[str, Any]] = {}
    components: Annotated[dict[Name, ComponentModel], Field(min_length=1)]
    #: Kubernetes clusters in the networks of the components: an alternative place to run, created on demand.
    kubernetes: dict[Name, ClusterModel] = {}


class Use(NamedTuple):
    """A place in the spec that refers to something: a `Reference` to a resource, or a `Lookup` in a text."""

    path: Path
    target: Reference | Lookup
    #: What the field takes, for a lookup: see `Template`; a lookup inside a longer text is always a text.
    wants: str = "text"


def uses(value: Any, path: Path) -> Iterator[Use]:
    """Yield every reference and lookup inside a model's field values, with its path in the spec."""
    if isinstance(value, Template):
        for lookup in value.lookups:
            yield Use(path, lookup, value.wants if value.single else "text")
    elif isinstance(value, Reference):
        yield Use(path, value)
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from uses(getattr(value, name), (*path, kebab(name)))
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from uses(item, (*path, key))
    elif isinstance(value, (list, tuple)):
        for index, item in enumerate(value):
            yield from uses(item, (*path, index))

"""Resources of kind `cloudformation`, for the rules that know CloudFormation types."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from lenie.compiler.program import Declaration, Program
from lenie.compiler.span import Path
from lenie.compiler.types import Template

if TYPE_CHECKING:
    from lenie.compiler.kinds.cloudformation import CloudFormation


class RawResource(NamedTuple):
    """A resource that is written in CloudFormation's own words."""

    declaration: Declaration
    type: str
    properties: Mapping[str, Any]

    @property
    def type_path(self) -> Path:
        """Return where the type stands."""
        return (*self.declaration.path, "type")

    @property
    def properties_path(self) -> Path:
        """Return where the properties stand."""
        return (*self.declaration.path, "properties")


def raw_resources(program: Program) -> Iterator[RawResource]:
    """Yield the resources of kind `cloudformation`. The module of the kind is not imported for specs without one."""
    for declaration in program.declarations.values():
        if declaration.model.kind == "cloudformation":
            model = cast("CloudFormation", declaration.model)
            yield RawResource(declaration, model.type, model.properties)


def texts(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    """Yield the texts inside `value` as they stand in the spec, with their paths."""
    if isinstance(value, Template):
        yield path, value.source
    elif isinstance(value, str):
        yield path, value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from texts(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from texts(item, (*path, index))

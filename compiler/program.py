"""A validated spec: its frame, and every declared resource with its model and place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import NamedTuple, TypeVar

from lenie.compiler.kind import Resource
from lenie.compiler.load import Tree
from lenie.compiler.sources import Contents
from lenie.compiler.span import Path
from lenie.compiler.spec import ComponentModel, Document, Use, kebab, uses

Kind = TypeVar("Kind", bound=Resource)


class Declaration(NamedTuple):
    """A resource of the spec: its name, the component it belongs to, its place and its model."""

    name: str
    component: str
    path: Path
    model: Resource
    #: Fields whose values stand in the kind's defaults.
    defaulted: frozenset[str] = frozenset()

    def at(self, *steps: str | int) -> Path:
        """Return the place of a field, or of something inside it: in the defaults if its value comes from there."""
        if steps and steps[0] in self.defaulted:
            return ("defaults", self.model.kind, *steps)
        return (*self.path, *steps)

    def uses(self) -> Iterator[Use]:
        """Yield every reference and lookup in the fields, with its place."""
        for name in type(self.model).model_fields:
            yield from uses(getattr(self.model, name), self.at(kebab(name)))


@dataclass(slots=True)
class Program:
    """What the passes after validation work on. Names of resources are unique in the whole spec."""

    tree: Tree
    document: Document
    #: Directory that relative paths in the spec start from.
    directory: FilePath
    declarations: dict[str, Declaration] = field(default_factory=dict)
    #: Deployment order of the components, set by `resolve`.
    order: tuple[str, ...] = ()
    #: Component -> components whose values it reads, set by `resolve`.
    dependencies: dict[str, tuple[str, ...]] = field(default_factory=dict)
    #: Sources that were read, by directory.
    contents: Contents = field(default_factory=dict)
    #: Attributes that are being read, outermost first, to find those that need themselves.
    reading: list[tuple[str, str]] = field(default_factory=list)

    def component(self, declaration: Declaration) -> ComponentModel:
        """Return the component that `declaration` stands in."""
        return self.document.components[declaration.component]

    def of(self, kind: type[Kind]) -> Iterator[tuple[Declaration, Kind]]:
        """Yield the declarations whose model is a `kind`, with that model."""
        for declaration in self.declarations.values():
            if isinstance(declaration.model, kind):
                yield declaration, declaration.model

    def find(self, name: str, kind: type[Kind]) -> tuple[Declaration, Kind] | None:
        """Return the resource called `name` if it is a `kind`."""
        found = self.declarations.get(name)
        return (found, found.model) if found is not None and isinstance(found.model, kind) else None

    @property
    def code(self) -> FilePath:
        """Directory of the functions' and layers' sources."""
        return self.directory / self.document.code

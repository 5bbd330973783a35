"""What a kind sees while it is lowered: `Place` binds names and references, `Lowering` adds resources to the graph."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Literal

from lenie.compiler.data.checks import CHECK_TYPES, SCANNER_ID
from lenie.compiler.data.tags import TAG_PROPERTY
from lenie.compiler.diagnostics import Diagnostic, Label, Report, Severity, SpecError
from lenie.compiler.expressions import (
    AttributeOf,
    EnvironmentName,
    JsonText,
    ParameterItem,
    ParameterValue,
    PerEnvironment,
    Pseudo,
    PseudoName,
    Scalar,
    Value,
    WhenParameter,
    as_part,
    interpolate,
)
from lenie.compiler.graph import Component, DeletionPolicy
from lenie.compiler.graph import Resource as GraphResource
from lenie.compiler.naming import logical_id, pascal
from lenie.compiler.program import Declaration, Program
from lenie.compiler.records import record
from lenie.compiler.span import Path
from lenie.compiler.types import Lookup, Reference, Template

PSEUDO: Mapping[str, PseudoName] = {
    "region": "region",
    "account": "account",
    "partition": "partition",
    "url-suffix": "url-suffix",
}


@record
class Located:
    """A property value with the place in the spec that it comes from."""

    value: Any
    path: Path


class Place:
    """A declared resource within its program: it turns what its fields say into graph values.

    Everything was checked by `resolve`, so an unknown name here is a fault of the compiler (a `KeyError`). Only
    attributes that are made of each other are found here (a `SpecError`).
    """

    def __init__(self, program: Program, declaration: Declaration) -> None:
        """Stand at `declaration`."""
        self.program = program
        self.declaration = declaration
        self.component_name = declaration.component
        self.shared = program.component(declaration).scope != "environment"

    def get(self, suffix: str, attribute: str) -> AttributeOf:
        """Return an attribute of this declaration's own resource with that logical-id suffix."""
        return AttributeOf(self.component_name, logical_id(self.declaration.name, suffix), attribute)

    def name(self, given: str | Template | None = None, tail: str | Template = "") -> Value:
        """Return the physical name: the one given, or ``<project>-<environment>-<name>``; then `tail`."""
        end = as_part(self.text(tail))
        if given is not None:
            return interpolate(as_part(self.text(given)), end)
        middle = ("-",) if self.shared else ("-", EnvironmentName(), "-")
        return interpolate(self.program.document.project, *middle, self.declaration.name, end)

    def text(self, value: Any) -> Value:
        """Return a text, or data with texts in it, with its lookups bound."""
        if isinstance(value, Template):
            return interpolate(*(p if isinstance(p, str) else as_part(self.lookup(p)) for p in value.parts))
        if isinstance(value, dict):
            return {key: self.text(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self.text(item) for item in value]
        bound: Value = value
        return bound

    def lookup(self, lookup: Lookup) -> Value:
        """Return the value of ``${head.attribute}``."""
        if lookup.head == "param":
            return ParameterValue(lookup.attribute)
        if lookup.head == "env":
            return EnvironmentName() if lookup.attribute == "name" else self.setting(lookup.attribute)
        if lookup.head == "aws":
            return Pseudo(PSEUDO[lookup.attribute])
        return self.attribute(lookup.head, lookup.attribute)

    def setting(self, key: str) -> PerEnvironment:
        """Return the setting `key` of each environment."""
        environments = self.program.document.environments
        return PerEnvironment(pascal(key), tuple((name, values[key]) for name, values in environments.items()))

    def flag(self, value: bool | Template, true: Scalar = True, false: Scalar = False, label: str = "") -> Value:
        """Return a flag as one of two scalars; `label` names the derived row of settings (``Versioning``)."""
        if isinstance(value, bool):
            return true if value else false
        lookup = value.single
        assert lookup is not None, "a flag is a single lookup"
        setting = self.setting(lookup.attribute)
        if true is True and false is False:
            return setting
        values = tuple((name, true if chosen else false) for name, chosen in setting.values)
        return PerEnvironment(pascal(self.declaration.name) + label, values)

    def attribute(self, target: str | Reference, attribute: str = "") -> Value:
        """Return an attribute of another resource; for a reference with a part, the part is the attribute."""
        name = target if isinstance(target, str) else target.name
        if isinstance(target, Reference):
            attribute = target.part or attribute
        declaration = self.program.declarations[name]
        reading = self.program.reading
        if (name, attribute) in reading:
            cycle = [*reading[reading.index((name, attribute)) :], (name, attribute)]
            span = self.program.tree.span(declaration.path, key=True)
            trail = " -> ".join(f"{resource}.{read}" for resource, read in cycle)
            help = "break the circle: write one of the names out"
            raise SpecError(
                Diagnostic("E303", Severity.ERROR, f"attributes need each other: {trail}", (Label(span),), help)
            )
        reading.append((name, attribute))
        try:
            return declaration.model.attribute(attribute, Place(self.program, declaration))
        finally:
            reading.pop()

    def items(self, value: str | Template) -> list[Value]:
        """Return the elements of a list parameter, or `value` itself as the only one."""
        lookup = value.single if isinstance(value, Template) else None
        if lookup is not None and lookup.head == "param":
            parameter = self.program.document.parameters[lookup.attribute]
            if isinstance(parameter.default, list):
                return [ParameterItem(lookup.attribute, index) for index in range(len(parameter.default))]
        return [self.text(value)]

    def optional(self, value: str | Template | None, then: Value | None = None) -> Value | None:
        """Return `then` (the value itself by default) for a property that is left out when `value` is empty.

        A single parameter that is empty in some environment makes the property depend on it.
        """
        lookup = value.single if isinstance(value, Template) else None
        bound = self.text(value) if value else None
        if then is None:
            then = bound
        if lookup is not None and lookup.head == "param" and self.can_be_empty(lookup.attribute) and then is not None:
            return WhenParameter(lookup.attribute, then)
        return then if value else None

    def unless(self, value: str | Template | None, then: Value) -> Value | None:
        """Return `then` for a property that exists only when `value` is empty."""
        lookup = value.single if isinstance(value, Template) else None
        if lookup is not None and lookup.head == "param" and self.can_be_empty(lookup.attribute):
            return WhenParameter(lookup.attribute, then, is_set=False)
        return None if value else then

    def can_be_empty(self, parameter: str) -> bool:
        """Whether the parameter may be left empty: the spec's default, or a value for an environment, is empty."""
        model = self.program.document.parameters[parameter]
        return any(value in ("", []) for value in (model.default, *model.values.values()))


#: Why a parameter in SSM is not encrypted.
NOT_SECRET: Mapping[str, str] = {"CKV2_AWS_34": "It holds a name or an address, which stacks and people read"}


class Lowering(Place):
    """A place whose resources are being added to `component` of the graph."""

    def __init__(self, program: Program, declaration: Declaration, component: Component, report: Report) -> None:
        """Lower `declaration` into `component`; faults go to `report`."""
        super().__init__(program, declaration)
        self.component = component
        self.report = report
        self._principal = ""

    def at(self, field: str | Path, value: Any) -> Located:
        """Return `value` marked as coming from `field` of this declaration (a name, or a path below it)."""
        return Located(value, self.declaration.at(*((field,) if isinstance(field, str) else field)))

    def add(
        self,
        suffix: str,
        type: str,
        properties: Mapping[str, Any],
        *,
        depends_on: Iterable[AttributeOf] = (),
        on_delete: DeletionPolicy | None = None,
        accept: Mapping[str, str] | None = None,
        revision: str = "",
        path: Path | None = None,
        tag_name: Value | Literal[False] = False,
    ) -> AttributeOf:
        """Add a resource; return its ``Ref``.

        `properties` hold graph values, `Located` ones, and `None` for properties that are left out. The project's tags
        are added to every type that takes tags; `tag_name` adds the ``Name`` that consoles show. `accept` holds the
        findings of scanners that the kind answers for, with reasons.
        """
        name = logical_id(self.declaration.name, suffix) + revision
        origins: dict[Path, Path] = {}
        plain = {k: _strip(v, (k,), origins) for k, v in properties.items() if v is not None and not _absent(v)}
        self._tag(type, plain, tag_name)
        principal = not self._principal
        self._principal = self._principal or name
        accepted = dict(accept or {})
        for code, reason in self.declaration.model.waive.items():
            wanted = CHECK_TYPES.get(code)
            if SCANNER_ID.fullmatch(code) and (type in wanted if wanted is not None else principal):
                accepted[code] = reason
        for dependency in depends_on:
            assert dependency.component == self.component.name, f"{name} cannot wait for {dependency}"
        resource = GraphResource(
            logical_id=name,
            type=type,
            properties=plain,
            path=path or self.declaration.path,
            depends_on=tuple(d.resource for d in depends_on),
            deletion_policy=on_delete,
            update_replace_policy="Retain" if on_delete == "RetainExceptOnCreate" else on_delete,
            origins=origins,
            accepted=accepted,
            revision=revision,
        )
        self.component.add(resource, self.report)
        return AttributeOf(self.component.name, name, "Ref")

    def tags(self, name: Value | Literal[False] = False, extra: Mapping[str, Value] | None = None) -> dict[str, Value]:
        """Return the tags of a resource of this declaration: project, environment, and what is asked for."""
        tags: dict[str, Value] = {"Project": self.program.document.project}
        if not self.shared:
            tags["Environment"] = EnvironmentName()
        if name is not False:
            tags["Name"] = name
        return tags | dict(extra or {})

    def _tag(self, type: str, properties: dict[str, Value], name: Value | Literal[False]) -> None:
        """Add the tags in the shape that `type` takes them; tags that the kind gave as a map are merged."""
        style = TAG_PROPERTY.get(type)
        if style is None:
            return
        property_name, shape = style
        given = properties.get(property_name)
        tags = self.tags(name, given if isinstance(given, dict) else None)
        if shape == "map":
            properties[property_name] = tags
        elif shape == "list":
            properties[property_name] = tag_list(tags)


def tag_list(tags: Mapping[str, Value]) -> list[Value]:
    """Return tags as CloudFormation's list of keys and values, in the order of CDK, which sorts without regard to case.

    Source: TagManager of aws-cdk-lib (`localeCompare` of the keys).
    """
    return [{"Key": key, "Value": tags[key]} for key in sorted(tags, key=lambda key: (key.casefold(), key))]


def _absent(value: Any) -> bool:
    return isinstance(value, Located) and (value.value is None or _absent(value.value))


def _strip(value: Any, at: Path, origins: dict[Path, Path]) -> Value:
    """Return `value` without `Located` wrappers and absent entries; note the places in `origins`."""
    if isinstance(value, Located):
        origins[at] = value.path
        return _strip(value.value, at, origins)
    if isinstance(value, dict):
        kept = {k: v for k, v in value.items() if v is not None and not _absent(v)}
        return {k: _strip(v, (*at, k), origins) for k, v in kept.items()}
    if isinstance(value, WhenParameter):
        return replace(value, value=_strip(value.value, at, origins))
    if isinstance(value, JsonText):
        return replace(value, document=_strip(value.document, at, origins))
    if isinstance(value, (list, tuple)):
        kept_items = [v for v in value if v is not None and not _absent(v)]
        return [_strip(v, (*at, i), origins) for i, v in enumerate(kept_items)]
    stripped: Value = value
    return stripped

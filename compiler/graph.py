"""The resource graph: components > resources > properties, in CloudFormation's vocabulary (ADR 0001).

This is all that a target sees of a spec.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from lenie.compiler.diagnostics import Report
from lenie.compiler.expressions import AttributeOf, Expression, Scalar, Value, walk
from lenie.compiler.span import Path

if TYPE_CHECKING:
    from lenie.compiler.clusters.graph import Cluster

DeletionPolicy = Literal["Delete", "Retain", "RetainExceptOnCreate", "Snapshot"]
Scope = Literal["environment", "account", "organization"]


@dataclass(slots=True)
class Resource:
    """One resource. `path` is its place in the spec; `origins` maps property paths to narrower places."""

    logical_id: str
    type: str
    properties: dict[str, Value]
    path: Path
    depends_on: tuple[str, ...] = ()
    deletion_policy: DeletionPolicy | None = None
    update_replace_policy: DeletionPolicy | None = None
    origins: dict[Path, Path] = field(default_factory=dict)
    #: Findings of external scanners that are accepted here: check id -> reason.
    accepted: dict[str, str] = field(default_factory=dict)
    #: Digest of what must force a new resource when it changes (an API's body for its deployment).
    revision: str = ""

    def origin(self, property_path: Path) -> Path:
        """Return the place in the spec that gave the property at `property_path` its value."""
        for end in range(len(property_path), 0, -1):
            found = self.origins.get(property_path[:end])
            if found is not None:
                return found
        return self.path


class Export(NamedTuple):
    """A value that a component publishes as an SSM parameter, for other components and for people."""

    source: AttributeOf
    #: ``vpc-id``, below the environment's root; see `Graph.ssm_path`.
    path: str


@dataclass(slots=True)
class Component:
    """What is deployed as one: a CloudFormation stack, a Terraform module, a CDK stack."""

    name: str
    layer: str
    layer_index: int
    scope: Scope
    path: Path
    description: str = ""
    resources: dict[str, Resource] = field(default_factory=dict)
    exports: dict[AttributeOf, Export] = field(default_factory=dict)
    #: Resources by their ids in lower case.
    ids: dict[str, Resource] = field(default_factory=dict, repr=False)
    #: Places of declarations whose ids were reported to be the same.
    clashes: set[tuple[Path, Path]] = field(default_factory=set, repr=False)
    #: Components that the spec names in ``after``: an order that no value tells.
    after: tuple[str, ...] = ()
    #: Components that must be deployed before this one: `after`, and those whose values it reads.
    depends_on: tuple[str, ...] = ()

    def add(self, resource: Resource, report: Report) -> None:
        """Add a resource; report an id that another one has, up to case (Terraform's names are lower-case)."""
        other = self.ids.setdefault(resource.logical_id.lower(), resource)
        if other is not resource and (other.path, resource.path) not in self.clashes:
            # Most kinds make several resources, whose ids all clash.
            self.clashes.add((other.path, resource.path))
            report.add(
                "E404",
                f'two resources of "{self.name}" would have the id {resource.logical_id}',
                resource.path,
                key=True,
                also=[(other.path, "the other one")],
                help="rename one of them",
            )
        self.resources[resource.logical_id] = resource

    def expressions(self) -> Iterator[Expression]:
        """Yield every expression in the component's properties, in the order of the spec."""
        for resource in self.resources.values():
            yield from walk(resource.properties)

    def imports(self) -> list[AttributeOf]:
        """Return the attributes of other components' resources that this one reads, in order of first use."""
        found = (e for e in self.expressions() if isinstance(e, AttributeOf) and e.component != self.name)
        return list(dict.fromkeys(found))


@dataclass(frozen=True, slots=True)
class Parameter:
    """A value that is given at deployment. `default` holds for every environment that `values` does not name."""

    name: str
    type: str
    default: Scalar | tuple[str, ...]
    description: str
    path: Path
    pattern: str = ""
    values: Mapping[str, Scalar | tuple[str, ...]] = field(default_factory=dict)

    @property
    def is_list(self) -> bool:
        """Whether the parameter holds a list."""
        return self.type.startswith("list(")

    def value(self, environment: str) -> Scalar | tuple[str, ...]:
        """Return the value that the spec gives for `environment`."""
        return self.values.get(environment, self.default)


@dataclass(slots=True)
class Graph:
    """The whole architecture. Components stand in deployment order."""

    project: str
    region: str
    environments: tuple[str, ...]
    production: frozenset[str]
    layers: tuple[str, ...]
    parameters: dict[str, Parameter]
    components: dict[str, Component]
    #: Target -> components that it covers by default; all of them for a target that is not here.
    coverage: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    #: Set when the graph was specialised to one environment.
    environment: str = ""
    #: Kubernetes clusters by their names in the spec (ADR 25); a target says whether it covers them.
    clusters: Mapping[str, Cluster] = field(default_factory=dict)

    def ssm_path(self, export: Export, component: Component, environment: str) -> str:
        """Return the full name of an export's SSM parameter in `environment`."""
        root = f"/{self.project}/{environment}" if component.scope == "environment" else f"/{self.project}"
        return f"{root}/{export.path}"

    def resource(self, reference: AttributeOf) -> Resource:
        """Return the resource that `reference` points to."""
        return self.components[reference.component].resources[reference.resource]


def canonical(value: Value) -> Any:
    """Return `value` as plain JSON data in which each expression is told apart by its class name."""
    if isinstance(value, dict):
        return {key: canonical(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [canonical(item) for item in value]
    if isinstance(value, Expression):
        fields = [canonical(getattr(value, name)) for name in value.__dataclass_fields__]  # type: ignore[attr-defined]
        return {type(value).__name__: fields}
    return value


def digest(value: Value, length: int = 10) -> str:
    """Return the first `length` hexadecimal digits of the SHA-256 of the canonical form of `value`."""
    text = json.dumps(canonical(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:length]

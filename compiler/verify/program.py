"""What a reader makes of a target's files: components, resources, and what could not be understood."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from lenie.compiler.graph import Graph
from lenie.compiler.verify.values import Node, Place


@dataclass(slots=True)
class Resource:
    """One CloudFormation resource, however many resources a target makes of it."""

    component: str
    #: The logical id; for Terraform the address, until the resource is matched.
    name: str
    type: str
    properties: Node
    place: Place | tuple[str | int, ...] | None = None
    #: Resources of the same component that it waits for, beside those that its properties refer to.
    depends_on: set[str] = field(default_factory=set)
    #: ``Delete``, ``Retain``, ``RetainExceptOnCreate`` or ``Snapshot``; empty for the default of the type.
    deletion: str = ""
    replacement: str = ""
    #: Whether it is made anew when what it was made of changes; None if a target has no words for that.
    renewed: bool | None = None

    @property
    def key(self) -> tuple[str, str]:
        """The component and the name."""
        return self.component, self.name


class Problem(NamedTuple):
    """What a reader could not read, evaluate or understand: a finding of its own, never silence."""

    code: str
    message: str
    place: Place | None = None
    help: str = ""
    component: str = ""
    severity: str = "error"


@dataclass(slots=True)
class Component:
    """What is deployed as one."""

    name: str
    resources: dict[str, Resource] = field(default_factory=dict)
    #: Where the component starts in the target's files, or in the spec.
    place: Place | tuple[str | int, ...] | None = None
    #: The program that deploys it; between programs there is no order.
    root: str = ""
    #: Components that are deployed before it.
    after: set[str] = field(default_factory=set)
    #: Resources that are there and could not be read; with ``*``, any.
    unread: set[str] = field(default_factory=set)
    #: Published name below the environment's root -> value.
    exports: dict[str, Node] = field(default_factory=dict)


@dataclass(slots=True)
class Program:
    """One target's files, as they are in one environment; or what the graph wants of them."""

    environment: str
    components: dict[str, Component] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    #: Components that are there and could not be read.
    unread: set[str] = field(default_factory=set)
    #: Of the spec; None for what was read from files.
    graph: Graph | None = None
    #: Whether a component that reads a value of another one is deployed after it without further words.
    ordered_by_values: bool = False
    #: Component -> components of which it reads values, before it was found out where these come from in the end.
    reads: dict[str, set[str]] = field(default_factory=dict)
    #: The regions that the files name.
    regions: list[Node] = field(default_factory=list)
    #: What the program as a whole gives to people, by name; None if a target has no such thing.
    outputs: dict[str, Node] | None = None

    def resources(self) -> list[Resource]:
        """Return the resources of all components."""
        return [resource for component in self.components.values() for resource in component.resources.values()]

    def type_of(self, component: str, name: str) -> str:
        """Return the type of a resource, or nothing."""
        found = self.components.get(component)
        resource = found.resources.get(name) if found else None
        return resource.type if resource else ""

    def problem(
        self, code: str, message: str, place: Place | None = None, *, help: str = "", component: str = ""
    ) -> None:
        """Add a problem, once."""
        found = Problem(code, message, place, help, component)
        if found not in self.problems:
            self.problems.append(found)

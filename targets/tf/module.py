"""The module of one component: its resources, what it takes and what it gives to others."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from lenie.compiler.diagnostics import Report
from lenie.compiler.expressions import AttributeOf, walk
from lenie.compiler.graph import Component, Graph, Resource
from lenie.compiler.span import Path, dotted
from lenie.targets import base
from lenie.targets.tf.data.checks import CHECK_TYPES
from lenie.targets.tf.fold import fold
from lenie.targets.tf.hcl import Argument, Attr, Block, Expr, Raw, Template
from lenie.targets.tf.hcl import walk as walk_blocks
from lenie.targets.tf.names import Names, Source, addresses
from lenie.targets.tf.resource import Builder
from lenie.targets.tf.row import Row
from lenie.targets.tf.rows import row_of
from lenie.targets.tf.schema import Schemas
from lenie.targets.tf.values import Values
from lenie.targets.wiring.origin import place_of

#: Length of the path of a declared resource: components.NAME.resources.NAME.
_DECLARATION = 4
_ATTRIBUTE = re.compile(r"\{(\w+)\}")


@dataclass(slots=True)
class Module:
    """A component as a Terraform module: the blocks of its files."""

    component: Component
    #: Data sources, ephemeral resources and resources.
    main: list[Block] = field(default_factory=list)
    outputs: list[Block] = field(default_factory=list)
    #: What it takes as variables.
    sources: set[Source] = field(default_factory=set)
    #: List parameters whose elements are taken one by one, so that their number is part of the program.
    indexed: set[str] = field(default_factory=set)
    #: Properties that are left to people: property, reason, what to do instead.
    waived: list[tuple[str, str, str]] = field(default_factory=list)
    #: Components that have to be there first although no value says so, and whether a variable brings that order.
    after: tuple[str, ...] = ()
    waits: bool = False
    #: Whether a module waits for all resources of this one.
    announced: bool = False
    #: The first version of the provider that takes all of it.
    requires: tuple[int, ...] = ()
    #: Logical id -> addresses of its blocks inside the module, the main one first.
    addresses: dict[str, tuple[str, ...]] = field(default_factory=dict)


class _Making:
    """Builds the module of `component`."""

    def __init__(
        self, graph: Graph, component: Component, names: Names, report: Report, sensitive: set[tuple[str, str]]
    ) -> None:
        self.graph = graph
        self.component = component
        self.names = names
        self.report = report
        self.rows: dict[str, Row] = {}
        self.current: Resource | None = None
        self.values = Values(graph, component, names, self.reference, self.problem)
        self.labels: dict[str, str] = {}
        self.parts: dict[str, list[str]] = {}
        self.waived: list[tuple[str, str, str]] = []
        self.sensitive = sensitive

    def waive(self, name: str, at: Path, reason: str, instead: str) -> None:
        """Note and report a property that is not part of the program (W533)."""
        self.waived.append((name, reason, instead))
        self.finding("W533", at, f"{name} is not part of the Terraform program: {reason}", instead)

    def problem(self, at: Path, message: str, help: str) -> None:
        self.finding("E531", at, message, help)

    def finding(self, code: str, at: Path, message: str, help: str) -> None:
        assert self.current is not None, "a resource is being built"
        where = place_of(self.report, self.current, at)
        self.report.add(code, message, where, help=help, key=where == self.current.path)

    def reference(self, value: AttributeOf) -> Expr:
        """Return an attribute of a resource of this component."""
        resource = self.component.resources[value.resource]
        row = self.rows[resource.type]
        found = row.attributes.get(value.attribute)
        if found is None:
            message = f"Terraform has no counterpart of the attribute {value.attribute} of {resource.type}"
            self.problem((), message, "do without it, or deploy this with another target")
            return None
        address = f"{row.type}.{self.labels[value.resource]}"
        pieces = _ATTRIBUTE.split(found)
        if len(pieces) == 1:
            return Attr(address, found)
        parts: list[Expr] = [Attr(address, piece) if n % 2 else piece for n, piece in enumerate(pieces) if piece]
        return Template(tuple(parts))

    def known(self) -> bool:
        """Find the rows of all types; report those that have none."""
        for resource in self.component.resources.values():
            row = row_of(resource.type)
            if row is None:
                message = f"the Terraform target does not know {resource.type}"
                self.report.add("E530", message, resource.path, help=self._without(), key=True)
            else:
                self.rows[resource.type] = row
        return all(resource.type in self.rows for resource in self.component.resources.values())

    def _without(self) -> str:
        """Return how the component is kept out of the program."""
        name, covered = self.component.name, self.graph.coverage.get("tf", ())
        if name in covered:
            return f'leave "{name}" out of `coverage`, and deploy it with another target'
        if covered:
            return f'"{name}" is not in `coverage`: without --scope all Terraform leaves it to another target'
        return f'name what Terraform covers, all but "{name}", as coverage: {{tf: [...]}}; or compile for other targets'

    def make(self) -> Module:
        module = Module(self.component)
        if not self.known():
            return module
        self.labels = addresses(self.component, {type_name: row.type for type_name, row in self.rows.items()})
        taken = {(self.rows[self.component.resources[name].type].type, label) for name, label in self.labels.items()}
        blocks: dict[str, list[Block]] = {}
        for name, resource in self.component.resources.items():
            self.current = resource
            row = self.rows[resource.type]
            builder = Builder(resource, row, self.labels[name], Schemas(), self.values, self.finding, self.waive, taken)
            main = builder.build()
            self.parts[name] = [".".join(part.labels) for part in builder.parts]
            module.requires = max(module.requires, builder.requires)
            main = main._replace(comments=(dotted(resource.path),))
            blocks[name] = [_explained(block, resource) for block in (main, *builder.parts)]
        for name, resource in self.component.resources.items():
            self.current = resource
            waits = self._waits(resource)
            if waits:
                waiting: list[Expr] = [Raw(address) for address in waits]
                blocks[name][0].body.append(Argument("depends_on", waiting, base.attribute("DependsOn")))
        self._wait_for_secrets()
        self.current = None
        outputs = self._outputs()
        folded = fold(self.component, blocks, outputs)
        module.main = [*self.values.read.values(), *folded.blocks]
        module.outputs = folded.outputs
        module.sources = self.values.sources
        module.indexed = self.values.indexed
        module.waived = self.waived
        module.addresses = folded.addresses
        return module

    def _waits(self, resource: Resource) -> list[str]:
        """Return what must be there before `resource` although no expression says so.

        That is what CloudFormation's ``DependsOn`` names, and the parts of what it refers to: a reference means the
        whole resource (a role with its policies), which Terraform has divided.
        """
        own = {
            e.resource
            for e in walk(resource.properties)
            if isinstance(e, AttributeOf) and e.component == self.component.name
        }
        found = [address for name in self.component.resources if name in own for address in self.parts[name]]
        for name in resource.depends_on:
            row = self.rows[self.component.resources[name].type]
            found += [f"{row.type}.{self.labels[name]}", *self.parts[name]]
        return list(dict.fromkeys(found))

    def _completing(self, resource: Resource) -> list[str]:
        """Return the addresses of what completes the resources of the same declaration."""
        place = resource.path[:_DECLARATION]
        return [
            f"{self.rows[other.type].type}.{self.labels[name]}"
            for name, other in self._resources()
            if self.rows[other.type].completes and other.path[:_DECLARATION] == place and other is not resource
        ]

    def _wait_for_secrets(self) -> None:
        """Let what reads a secret of this module wait for its value, which is a resource of its own."""
        parts = {f"{self.rows[r.type].type}.{self.labels[name]}": self.parts[name] for name, r in self._resources()}
        for address, block in self.values.read.items():
            used = [e.address for e in walk_blocks(block) if isinstance(e, Attr)]
            waits: list[Expr] = [Raw(part) for name in used for part in parts.get(name, ())]
            if waits:
                self.values.read[address] = block._replace(body=[*block.body, Argument("depends_on", waits)])

    def _resources(self) -> Iterable[tuple[str, Resource]]:
        return self.component.resources.items()

    def _outputs(self) -> list[Block]:
        blocks = []
        for attribute, export in sorted(self.component.exports.items(), key=lambda item: self.names.variables[item[0]]):
            self.current = self.component.resources[attribute.resource]
            body: list[Argument | Block] = [
                Argument("description", f"{attribute.resource}: {export.path}"),
                Argument("value", self.reference(attribute)),
            ]
            if (self.component.name, attribute.resource) in self.sensitive:
                body.append(Argument("sensitive", True))
            waits = [*self.parts[attribute.resource], *self._completing(self.current)]
            if waits:
                body.append(Argument("depends_on", [Raw(address) for address in waits]))
            blocks.append(Block("output", (self.names.variables[attribute],), body))
        return blocks


def build_module(
    graph: Graph, component: Component, names: Names, report: Report, sensitive: set[tuple[str, str]]
) -> Module:
    """Return the module of `component`; what Terraform cannot express is reported as E530 to E532 and W533.

    `sensitive` holds component and logical id of the resources whose attributes plans should not show.
    """
    return _Making(graph, component, names, report, sensitive).make()


def _explained(block: Block, resource: Resource) -> Block:
    """Return a block with the comments by which checkov knows that a finding on it is accepted, and why."""
    codes = sorted(code for code in resource.accepted if block.labels[0] in CHECK_TYPES.get(code, ()))
    return block._replace(notes=tuple(f"checkov:skip={code}:{resource.accepted[code]}" for code in codes))

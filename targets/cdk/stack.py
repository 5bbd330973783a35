"""The module of one component: a typed `Stack` with its resources."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import chain
from typing import Any, NamedTuple

from lenie.compiler.diagnostics import Report
from lenie.compiler.expressions import (
    AttributeOf,
    EnvironmentName,
    Expression,
    PublicParameter,
    Value,
    interpolate,
    walk,
)
from lenie.compiler.graph import Component, Graph, Resource
from lenie.compiler.span import Path, dotted
from lenie.targets.base import Item, Lines, Mark, attribute
from lenie.targets.cdk.acknowledged import Acknowledged, acknowledged
from lenie.targets.cdk.catalogue import Construct, construct
from lenie.targets.cdk.code import STEP, WIDTH, Atom, Bracketed, Code, Entry, Sheet, Text, call, comment, literal
from lenie.targets.cdk.module import Module
from lenie.targets.cdk.naming import snake
from lenie.targets.cdk.settings import Settings
from lenie.targets.cdk.text import Filled, Piece
from lenie.targets.cdk.tokens import refused_token, token_in
from lenie.targets.cdk.values import UNKNOWN, Values
from lenie.targets.wiring.names import Names, assign_names, export_of
from lenie.targets.wiring.origin import accepted, elsewhere, place_of
from lenie.targets.wiring.stack import description, is_protected, stack_name
from lenie.targets.wiring.stems import stem_of
from lenie.targets.wiring.typename import unchecked

#: Stands for the name of the environment in a text that is divided there.
_MARK = "\0"
_BODY = STEP * 2
_POLICIES = {
    "Delete": "DELETE",
    "Retain": "RETAIN",
    "RetainExceptOnCreate": "RETAIN_EXCEPT_ON_CREATE",
    "Snapshot": "SNAPSHOT",
}


class Stack(NamedTuple):
    """What the template of a module and the app need to know about a stack."""

    component: Component
    module: str
    class_name: str
    #: Whether the constructor takes the settings.
    settings: bool
    #: Attributes of other stacks that the constructor takes: attribute -> the component that has it.
    props: dict[str, str]
    imports: list[str]
    #: Long texts at the head of the module, with the logical ids of the resources that have them.
    constants: list[tuple[str, Sheet]]
    #: The body of the constructor.
    body: Sheet
    #: Logical id -> first and last line of the resource in the body.
    lines: dict[str, Lines]
    #: What else stands in which lines of the body.
    items: list[Item]

    @property
    def props_name(self) -> str:
        """The name of the class of the constructor's `props`."""
        return f"{self.class_name.removesuffix('Stack')}Props"


def build_stack(graph: Graph, component: Component, class_name: str, shared: Shared, report: Report) -> Stack:
    """Return the stack of `component`; what CDK cannot hold is reported as E502, E503 and W505."""
    return _Builder(graph, component, shared, report).stack(class_name)


class Shared(NamedTuple):
    """What the stacks of an app share."""

    names: Names
    settings: Settings
    #: Component -> resource -> the expressions in its properties.
    expressions: Mapping[str, Mapping[str, list[Expression]]]
    #: The published values that some stack reads.
    read: frozenset[AttributeOf]


def share(graph: Graph) -> Shared:
    """Return what the stacks of `graph` share; no setting is used yet."""
    expressions = {
        component.name: {name: list(walk(r.properties)) for name, r in component.resources.items()}
        for component in graph.components.values()
    }
    every = [e for found in expressions.values() for inner in found.values() for e in inner]
    read = frozenset(
        e
        for name, found in expressions.items()
        for inner in found.values()
        for e in inner
        if isinstance(e, AttributeOf) and e.component != name
    )
    # Parameters of the spec are settings here, and need no names in a template.
    return Shared(assign_names(replace(graph, parameters={})), Settings(graph, every), expressions, read)


def parameter_name(names: Names, attribute: AttributeOf) -> str:
    """Return the member that holds the name of the SSM parameter that publishes `attribute`."""
    return f"{snake(names.parameters[attribute])}_parameter"


class _Builder:
    def __init__(self, graph: Graph, component: Component, shared: Shared, report: Report) -> None:
        self.graph = graph
        self.component = component
        self.shared = shared
        self.settings = shared.settings
        self.report = report
        self.module = Module(WIDTH)
        self.variables: dict[Any, str] = {}
        self.values = Values(graph, component, shared.names, shared.settings, self.module, self.variables, self.finding)
        self.resource: Resource | None = None
        self.told = False
        #: Findings of the validator about the stack itself.
        self.of_stack: dict[Acknowledged, None] = {}
        #: Name of a published SSM parameter -> the member that holds it.
        self.published: dict[str, str] = {}
        #: What stands in which lines of the members.
        self.members: list[Item] = []

    def finding(self, code: str, at: Path, message: str, help: str) -> None:
        """Report a finding about a property of the resource in hand."""
        assert self.resource is not None, "a finding is about a resource"
        self.told = True
        place = place_of(self.report, self.resource, at)
        on_key = not at or (message.startswith(UNKNOWN) and place[-1:] == at[-1:])
        self.report.add(code, message, place, help=help, key=on_key)

    def stack(self, class_name: str) -> Stack:
        component = self.component
        found = {name: construct(resource.type) for name, resource in component.resources.items()}
        for known in found.values():
            if known is not None and known.module:
                self.module.service(known.module)
        expressions = self.shared.expressions[component.name]
        outside = list(_outside(component, chain.from_iterable(expressions.values())))
        for value in outside:
            self.variables[value] = self.module.variable(self.shared.names.parameters[value])
        for name in component.resources:
            self.variables[name] = self.module.variable(name)

        members = self._members()
        ordered = _ordered(component, expressions)
        blocks: dict[str, tuple[Code, Sheet]] = {}
        texts: dict[str, str] = {}
        for name in ordered:
            before = len(self.module.constants)
            blocks[name] = self._resource(component.resources[name], found[name])
            texts |= dict.fromkeys(list(self.module.constants)[before:], name)
        # Only now it is known which resources are mentioned, and need a variable.
        resources = {name: self._statements(name, *block) for name, block in blocks.items()}
        taken = [(value, lines) for value in outside if (lines := self._taken(value))]
        head = self._super()
        for finding in self.of_stack:
            self._acknowledge(head, "self", finding)
        self._check_tokens([*head, *members, *chain.from_iterable(resources.values())])
        body = Sheet(head)
        items = [Item(1, len(body), "stack of component", component.name, component.path)]
        start = len(body)
        body += members
        items += (item._replace(first=start + item.first, last=start + item.last) for item in self.members)
        body += [""] if taken else []
        for value, lines in taken:
            first = len(body) + 1
            body += lines
            stem = stem_of(self.graph, self.report, value)
            items.append(Item(first, len(body), "value from outside", self.shared.names.parameters[value], *stem))
        extents: dict[str, Lines] = {}
        for name, sheet in resources.items():
            body.append("")
            first = len(body) + 1
            body.add(sheet)
            extents[name] = (first, len(body))
        return Stack(
            component,
            snake(component.name),
            class_name,
            any("settings." in line for line in body),
            {parameter_name(self.shared.names, v): v.component for v in outside if isinstance(v, AttributeOf)},
            list(self.module.imports()),
            [(texts[name], sheet) for name, sheet in self.module.constant_lines().items()],
            body,
            extents,
            items,
        )

    def _check_tokens(self, lines: list[str]) -> None:
        """Report a text outside of properties (a description, a reason) that CDK would take for a token."""
        token = token_in("\n".join(lines))
        if token is not None and not self.told:
            message, help = refused_token(token)
            self.report.add("E502", message, self.component.path, key=True, help=help)

    # -- around the resources -------------------------------------------------------------------------------------

    def _super(self) -> Sheet:
        """Return the call of the base class's constructor."""
        graph, component = self.graph, self.component
        if graph.environment:
            name: Code = literal(stack_name(graph, component, graph.environment))
            about: Code = literal(description(graph, component))
            protected: Code = literal(is_protected(graph, component, graph.environment))
        else:
            name = self._marked(stack_name(graph, component, _MARK))
            about = self._marked(description(replace(graph, environment=_MARK), component))
            # What all environments share is production's, too.
            of_environment = component.scope == "environment"
            protected = Atom("settings.production" if of_environment else repr(bool(graph.production)))
        lines = Sheet()
        call("super().__init__", Atom("scope"), name, description=about, termination_protection=protected).layout(
            lines, _BODY
        )
        return lines

    def _marked(self, text: str) -> Code:
        """Return a text in which a mark stands for the name of the environment."""
        first, *others = text.split(_MARK)
        pieces: list[Piece] = [first]
        for other in others:
            pieces += [Filled(self.settings.code(EnvironmentName())), other]
        return Text([piece for piece in pieces if piece])

    def _members(self) -> Sheet:
        """Return what tells other stacks the names of the SSM parameters that this one publishes."""
        exports = [e for a, e in self.component.exports.items() if a in self.shared.read]
        lines = Sheet(["", f"{_BODY}# Names of the SSM parameters that other stacks read."] if exports else [])
        for export in exports:
            root = f"/{self.graph.project}/"
            middle = (EnvironmentName(), "/") if self.component.scope == "environment" else ()
            if self.graph.environment:
                full: Value = self.graph.ssm_path(export, self.component, self.graph.environment)
            else:
                full = interpolate(root, *middle, export.path)
            member = f"self.{parameter_name(self.shared.names, export.source)}"
            self.published[repr(full)] = member
            first = len(lines) + 1
            self.values.data(full, ()).layout(lines, _BODY, f"{member} = ")
            stem = stem_of(self.graph, self.report, export.source)
            self.members.append(
                Item(first, len(lines), "output", parameter_name(self.shared.names, export.source), *stem)
            )
        return lines

    def _taken(self, value: AttributeOf | PublicParameter) -> Sheet:
        """Return the statement that makes a value from outside known to the template, if anything uses it."""
        lines = Sheet()
        uses = self.values.taken.get(value)
        if not uses:
            return lines
        name = self.shared.names.parameters[value]
        if isinstance(value, AttributeOf):
            export, producer = export_of(self.graph, value)
            given: Code = Atom(f"props.{parameter_name(self.shared.names, value)}")
            arguments = [given, literal(f"SSM parameter {export.path}, published by component {producer.name}")]
        else:
            arguments = [literal(value.path), literal("Public parameter of AWS"), literal(value.type)]
        code = call("self.ssm_value", literal(name), *arguments)
        before = f"{self.variables[value]} = " if value in self.values.mentioned else ""
        if () in uses:
            code.layout(lines, _BODY, before)
        else:
            # CloudFormation would refuse a parameter that the template does not use.
            condition = " or ".join(sorted({" and ".join(use) for use in uses}))
            lines.append(f"{_BODY}if {condition}:")
            code.layout(lines, _BODY + STEP, before)
        return lines

    # -- resources ------------------------------------------------------------------------------------------------

    def _resource(self, resource: Resource, found: Construct | None) -> tuple[Code, Sheet]:
        """Return the expression that adds a resource, and the statements that follow it."""
        self.resource = resource
        values = self.values
        values.type_name = resource.type
        values.texts_owner = resource.logical_id
        values.comments = {
            at: comment(dotted(place), _BODY + STEP)
            for at, origin in resource.origins.items()
            if (place := elsewhere(self.report, resource, origin))
        }
        first = [
            Entry(Atom("self"), at=attribute("LogicalId")),
            Entry(literal(resource.logical_id), at=attribute("LogicalId")),
        ]
        if found is None:
            message = f"{resource.type} is not type-checked: aws-cdk-lib does not know it"
            self.finding("W505", (), message, unchecked(resource.type))
            first.append(Entry(literal(resource.type), "type="))
            if resource.properties:
                first.append(Entry(values.data(resource.properties, ()), "properties="))
            code = Bracketed(f"{self.module.use('CfnResource')}(", first, ")")
        else:
            owner = f"{self.module.service(found.module)}.{found.name}" if found.module else self.module.use(found.name)
            entries = values.keywords(found.properties, resource.properties, (), found)
            member = self.published.get(repr(resource.properties.get("Name")))
            if member and resource.type == "AWS::SSM::Parameter":
                entries = [Entry(Atom(member), e.lead, e.comments, e.at) if e.lead == "name=" else e for e in entries]
            code = Bracketed(f"{owner}(", first + entries, ")")
        return code, self._attributes(resource)

    def _attributes(self, resource: Resource) -> Sheet:
        """Return the statements about what is no property: policies, dependencies, metadata."""
        variable = self.variables[resource.logical_id]
        lines = Sheet()
        for name, attribute_name, policy in (
            ("deletion_policy", "DeletionPolicy", resource.deletion_policy),
            ("update_replace_policy", "UpdateReplacePolicy", resource.update_replace_policy),
        ):
            if policy is not None:
                first = len(lines) + 1
                value = Atom(self.module.use(f"CfnDeletionPolicy.{_POLICIES[policy]}"))
                value.layout(lines, _BODY, f"{variable}.cfn_options.{name} = ")
                lines.mark(first, attribute(attribute_name))
        first = len(lines) + 1
        for other in resource.depends_on:
            call(f"{variable}.add_resource_dependency", Atom(self.variables[other])).layout(lines, _BODY)
            self.values.mentioned.add(other)
        lines.mark(first, attribute("DependsOn"))
        first = len(lines) + 1
        found = accepted(resource)
        if found.lint:
            codes = [Entry(literal(code), "", comment(why, _BODY + STEP * 4)) for code, why in found.lint.items()]
            checks = Bracketed("{", [Entry(Bracketed("[", codes, "]"), '"ignore_checks": ')], "}")
            data = Bracketed("{", [Entry(checks, '"config": ')], "}")
            call(f"{variable}.add_metadata", literal("cfn-lint"), data).layout(lines, _BODY)
        if found.scans:
            skip = {"skip": [{"id": code, "comment": reason} for code, reason in found.scans.items()]}
            call(f"{variable}.add_metadata", literal("checkov"), literal(skip)).layout(lines, _BODY)
        if lines:
            self.values.mentioned.add(resource.logical_id)
        for finding in acknowledged(resource):
            if finding.of_stack:
                self.of_stack[finding] = None
            else:
                self.values.mentioned.add(resource.logical_id)
                self._acknowledge(lines, variable, finding)
        lines.mark(first, attribute("Metadata"))
        return lines

    def _acknowledge(self, lines: Sheet, construct: str, finding: Acknowledged) -> None:
        """Add the statement that the validator's `finding` about `construct` does not hold."""
        name = self.module.use("Acknowledgment")
        entry = call(name, id=literal(finding.rule), reason=literal(finding.reason))
        call(f"{self.module.use('Validations.of')}({construct}).acknowledge", entry).layout(lines, _BODY)

    def _statements(self, name: str, code: Code, following: Sheet) -> Sheet:
        """Return a resource's statements, below its place in the spec; a variable holds it if anything mentions it."""
        place = dotted(self.component.resources[name].path)
        lines = Sheet(f"{_BODY}# {line}" for line in comment(place, _BODY))
        first = len(lines) + 1
        code.layout(lines, _BODY, f"{self.variables[name]} = " if name in self.values.mentioned else "")
        lines.marks.append(Mark(first, first, attribute("Type")))
        lines.add(following)
        return lines


def _outside(component: Component, expressions: Iterable[Expression]) -> Iterator[AttributeOf | PublicParameter]:
    """Yield the values from outside among the component's `expressions`, once each, in the order of the spec."""
    for expression in dict.fromkeys(e for e in expressions if isinstance(e, (AttributeOf, PublicParameter))):
        if isinstance(expression, PublicParameter) or expression.component != component.name:
            yield expression


def _ordered(component: Component, expressions: Mapping[str, list[Expression]]) -> list[str]:
    """Return the ids of the resources: each after those that it refers to, else in the order of the spec."""
    done: dict[str, None] = {}

    def visit(name: str) -> None:
        if name not in done:
            for other in component.resources[name].depends_on:
                visit(other)
            for found in expressions[name]:
                if isinstance(found, AttributeOf) and found.component == component.name:
                    visit(found.resource)
            done[name] = None

    for name in component.resources:
        visit(name)
    return list(done)

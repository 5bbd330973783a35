"""A directory with a Terraform program, read once and evaluated for each environment."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lenie.compiler.graph import Graph
from lenie.compiler.verify.guards import parameter_named, plain
from lenie.compiler.verify.program import Component, Program, Resource
from lenie.compiler.verify.terraform import guarded
from lenie.compiler.verify.terraform.configuration import ModuleScope, addresses
from lenie.compiler.verify.terraform.convert import Conversion, Vocabulary
from lenie.compiler.verify.terraform.functions import Unsupported
from lenie.compiler.verify.terraform.module import Faults, Files, Instance, Module
from lenie.compiler.verify.terraform.order import completed, unfinished
from lenie.compiler.verify.terraform.shape import check
from lenie.compiler.verify.terraform.syntax import Block
from lenie.compiler.verify.values import Node, Place, PublicParameter, atoms_of

if TYPE_CHECKING:
    from lenie.compiler.verify.situations import Situation

#: The programs in the directory, each with a state of its own.
ROOTS = ("", "account", "organization")
#: Arguments of a call that are no variables of the module. What `shape` does not allow is told there.
_CALL = frozenset({"source", "depends_on", "providers", "version", "for_each", "count"})


class Modules:
    """The files of the Terraform target in `directory`; `shown` is the directory's name in messages."""

    name = "tf"

    def __init__(self, directory: Path, shown: str) -> None:
        self.directory = directory.resolve()
        self.faults = Faults([])
        self.files = Files(self.directory, shown, self.faults)
        self.roots: list[tuple[str, Module]] = []
        for name in ROOTS:
            if any((self.directory / name).glob("*.tf")):
                self.roots.append((name, self.files.module(self.directory / name)))
        if not self.roots:
            self.faults.add("E605", f'"{shown}/main.tf" is missing', None, help="run lenie-compile")
        self._load_all()
        #: Whether it has been checked what the programs refuse: it is the same in every environment.
        self._guarded = False

    def _load_all(self) -> None:
        """Read every module, so that what no root calls is found."""
        called = {call.directory for _, root in self.roots for call in self._called(root)}
        modules = self.directory / "modules"
        for path in sorted(modules.iterdir()) if modules.is_dir() else []:
            if path.is_dir() and path.resolve() not in called:
                self._not_called(path)
        known = {*called, *((self.directory / name).resolve() for name in ROOTS)}
        for parent, directories, names in os.walk(self.directory):
            directories[:] = sorted(name for name in directories if not name.startswith("."))
            path = Path(parent)
            if path.parent != modules and path.resolve() not in known and any(name.endswith(".tf") for name in names):
                self._not_called(path)

    def _not_called(self, directory: Path) -> None:
        self.faults.add("E605", "no program calls this module", Place(self.files.name(directory), 1), help="remove it")

    def _foreign_values(self, graph: Graph) -> None:
        """Report files with the values of environments that the spec does not have."""
        for name, _ in self.roots:
            for path in sorted((self.directory / name / "environments").glob("*.tfvars")):
                if path.stem not in graph.environments:
                    message = f'the spec has no environment "{path.stem}"'
                    self.faults.add("E605", message, Place(self.files.name(path), 1), help="remove it")

    def _called(self, root: Module) -> Iterator[Module]:
        for block in root.of("module").values():
            source = getattr(block.attributes.get("source"), "value", None)
            if isinstance(source, str) and source.startswith("."):
                yield self.files.module(root.directory / source)

    def prepare(self, situations: Sequence[Situation]) -> None:
        """See `verification.Reader`; there is nothing to prepare."""

    def stop(self) -> None:
        """See `verification.Reader`; there is nothing to end."""

    def environment(self, situation: Situation, wanted: Program) -> Program:
        """See `verification.Reader`."""
        name, given = situation.environment, {plain(key): node for key, node in situation.given.items()}
        if wanted.graph is not None and not self._guarded:
            self._guarded = True
            self._foreign_values(wanted.graph)
            for _, root in self.roots:
                guarded.check(self.files, root, wanted.graph, self.faults)
        program = Program(name, problems=list(self.faults.found), outputs={}, ordered_by_values=True)
        instances = self.instances(name, program, given, defaults=situation.defaults)
        conversion = Conversion(instances, program, Vocabulary(wanted))
        conversion.run()
        after = {component.name: component.after for component in program.components.values()}
        for waiting, others in completed(conversion.instances.values(), after).items():
            program.components[waiting].after |= others
        for one, part in unfinished(conversion.instances.values(), conversion.made, after):
            message = f"{one.address} does not wait for {part.address}, a part of what it refers to"
            program.problem("E604", message, one.place, component=one.component)
        for resource, path in _read_too_early(program):
            message = (
                f"{resource.name} reads the SSM parameter {path} by its name, which does not wait until it is made"
            )
            place = resource.place if isinstance(resource.place, Place) else None
            program.problem("E604", message, place, component=resource.component)
        outputs = program.outputs or {}
        program.outputs = {key: conversion.bound(node) for key, node in outputs.items()}
        return program

    def instances(
        self, environment: str, program: Program, given: Mapping[str, Node], *, defaults: bool = False
    ) -> list[Instance]:
        """Return the resources of all modules; components, outputs and problems go to `program`."""
        found: list[Instance] = []
        for name, root in self.roots:
            one = _Root(self, name, root, environment, program, given)
            one.scope.defaults = defaults
            found += one.instances()
        return found


class _Root:
    """One root module, evaluated in one environment."""

    def __init__(
        self, modules: Modules, name: str, root: Module, environment: str, program: Program, given: Mapping[str, Node]
    ) -> None:
        self.modules = modules
        self.name = name
        self.root = root
        self.program = program
        self.faults = Faults(program.problems)
        self.scope = ModuleScope(modules.files, root, f"({name or 'root'})", {})
        self.unread = False
        self.scope.inputs = self._variables(environment, given)
        self.component_of: dict[str, str] = {}

    def _variables(self, environment: str, given: Mapping[str, Node]) -> dict[str, Callable[[], Node]]:
        path = self.modules.directory / self.name / "environments" / f"{environment}.tfvars"
        if not self.root.of("variable"):
            return {}
        block = self.modules.files.read(path)
        self.program.problems += [p for p in self.modules.faults.found if p not in self.program.problems]
        if block is None:
            self.unread = True
            return {}
        values: dict[str, Node] = {}
        for key, expression in block.attributes.items():
            if (key,) not in self.root.of("variable"):
                self.faults.add("E607", f'there is no variable "{key}"', expression.place)
                continue
            try:
                values[key] = ModuleScope(self.modules.files, self.root, "", {}).evaluator().value(expression)
            except Unsupported as error:
                self.faults.add("E607", error.message, error.place)
        for (key,) in self.root.of("variable"):
            name = parameter_named(given, key)
            if name:
                values[key] = given[name]
        return {key: _constant(node) for key, node in values.items()}

    def instances(self) -> list[Instance]:
        """Return the resources of this program; none if its values cannot be read, which has been told then."""
        if self.unread:
            sources = (getattr(one.attributes.get("source"), "value", "") for one in self.root.of("module").values())
            self.program.unread |= {Path(source).name for source in sources if isinstance(source, str)}
            return []
        check(self.root, self.faults, root=True)
        self._validate()
        tags = self._provider()
        for name, block in self.root.of("module").items():
            self._call(name[0], block)
        found = self.scope.instances(self.faults, tags)
        for child in self.scope.children.values():
            check(child.module, self.faults, root=False, component=child.component)
            found += child.instances(self.faults, tags)
            child.evaluate_all(self.faults)
            for block in child.module.of("module").values():
                self.faults.add("E607", "a module inside a module is not one that the compiler writes", block.place)
        for name, block in self.root.of("module").items():
            self._after(name[0], block)
        self._outputs()
        self.scope.evaluate_all(self.faults)
        return found

    def _validate(self) -> None:
        """Check that every variable of the program allows the value that it has."""
        for (name,), block in self.root.of("variable").items():
            for rule in block.inner("validation"):
                condition = rule.attributes.get("condition")
                found = self._value(condition) if condition is not None else None
                if found is not None and found.value is not True:
                    self.faults.add("E607", f'the variable "{name}" does not allow its value', rule.place)

    def _provider(self) -> dict[str, Node]:
        """Read the provider's settings, and return the tags that it gives to every resource."""
        tags: dict[str, Node] = {}
        for labels, block in self.root.of("provider").items():
            known = {"region"} if labels == ("aws",) else set()
            for key in block.attributes.keys() - known:
                self.faults.add("E607", f'the setting "{key}" of the provider is not known', block.places[key])
            for inner in block.blocks:
                if inner.type != "default_tags" or inner.attributes.keys() != {"tags"} or inner.blocks:
                    self.faults.add("E607", f'the setting "{inner.type}" of the provider is not known', inner.place)
                    continue
                found = self._value(inner.attributes["tags"])
                tags |= found.value if found is not None and isinstance(found.value, dict) else {}
            region = self._value(block.attributes["region"]) if "region" in block.attributes else None
            if region is not None:
                self.program.regions.append(region)
        return tags

    def _value(self, expression: Any) -> Node | None:
        try:
            return self.scope.evaluator().value(expression)
        except Unsupported as error:
            self.faults.add("E607", error.message, error.place)
            return None

    def _call(self, name: str, block: Block) -> None:
        source = getattr(block.attributes.get("source"), "value", None)
        if not isinstance(source, str) or not source.startswith("."):
            self.faults.add("E607", f'the module "{name}" is not one of these files', block.place)
            return
        directory = (self.root.directory / source).resolve()
        module = self.modules.files.module(directory)
        if not module.blocks and not module.broken:
            self.faults.add(
                "E605", f'"{self.modules.files.name(directory)}" is missing', block.place, help="run lenie-compile"
            )
            return
        component = directory.name
        inputs = {key: self._input(value) for key, value in block.attributes.items() if key not in _CALL}
        for key in inputs:
            if (key,) not in module.of("variable"):
                self.faults.add(
                    "E606", f'the module "{name}" has no variable "{key}"', block.places[key], component=component
                )
        for labels, variable in module.of("variable").items():
            if labels[0] not in inputs and "default" not in variable.attributes:
                message = f'the module "{name}" is called without "{labels[0]}"'
                self.faults.add("E606", message, block.place, component=component)
        if component in self.program.components:
            self.faults.add("E607", f'the module "{component}" is called twice', block.place, component=component)
            return
        place = Place(f"{module.place.file}/main.tf", 1)
        unread = {"*"} if module.broken else set()
        self.program.components[component] = Component(component, place=place, root=self.name, unread=unread)
        child = self.scope.children[name] = ModuleScope(self.modules.files, module, component, inputs)
        child.caller, child.given = self.scope, block.attributes
        self.component_of[name] = component

    def _input(self, expression: Any) -> Callable[[], Node]:
        return lambda: self.scope.evaluator().value(expression)

    def _after(self, name: str, block: Block) -> None:
        component = self.program.components.get(self.component_of.get(name, ""))
        if component is not None:
            names = (address.removeprefix("module.") for address in addresses(block))
            component.after |= {self.component_of[one] for one in names if one in self.component_of}

    def _outputs(self) -> None:
        outputs = self.program.outputs if self.program.outputs is not None else {}
        for labels, block in self.root.of("output").items():
            expression = block.attributes.get("value")
            found = self._value(expression) if expression is not None else None
            if found is not None:
                outputs[labels[0]] = Node(found.value, block.places["value"])


def _read_too_early(program: Program) -> Iterator[tuple[Resource, str]]:
    """Yield resources with the name of an SSM parameter that they read as a data source, and their own root makes."""
    made = {}
    for one in program.resources():
        name = one.properties.value.get("Name") if one.type == "AWS::SSM::Parameter" else None
        if name is not None and isinstance(name.value, str):
            made[name.value] = program.components[one.component].root
    for one in program.resources():
        for path in sorted({atom.path for atom in atoms_of(one.properties) if isinstance(atom, PublicParameter)}):
            if made.get(path) == program.components[one.component].root:
                yield one, path


def _constant(node: Node) -> Callable[[], Node]:
    return lambda: node

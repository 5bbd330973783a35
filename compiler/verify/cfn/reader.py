"""A directory of templates with its manifest and its parameter files, read once and evaluated for each environment."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lenie.compiler.verify.cfn.declared import declared
from lenie.compiler.verify.cfn.document import Item, Unreadable, load, read_text
from lenie.compiler.verify.cfn.manifest import problems
from lenie.compiler.verify.cfn.template import SECTIONS, Template, Unsupported
from lenie.compiler.verify.guards import ITEM, parameter_named, plain
from lenie.compiler.verify.program import Component, Problem, Program
from lenie.compiler.verify.values import Atom, Node, Place, PublicParameter, Reference

if TYPE_CHECKING:
    from lenie.compiler.verify.situations import Situation

#: What an entry of a file of parameters has. Source: AWS CLI Command Reference, cloudformation create-stack.
_ENTRY = frozenset({"ParameterKey", "ParameterValue"})
_TEMPLATE = re.compile(r"(?:\d+-)?(?P<component>.+)\.(?:yaml|yml|json)")


class Stacks:
    """The files of the CloudFormation target in `directory`; `shown` is the directory's name in messages."""

    name = "cfn"

    def __init__(self, directory: Path, shown: str) -> None:
        self.directory = directory
        self.shown = shown
        self.problems: list[Problem] = []
        self._roots: dict[str, Item] = {}
        self._sizes: dict[str, int] = {}
        #: Components of which there is a template that cannot be read.
        self._unread: set[str] = set()
        self._index: Item | None = None
        self._manifest: dict[str, Item] = {}
        self._read()

    def _read(self) -> None:
        for path in sorted((self.directory / "templates").rglob("*")):
            if path.is_dir():
                continue
            shown = self._shown(path)
            match = _TEMPLATE.fullmatch(path.name)
            if match is None:
                self._problem("E605", "this file is not a template", Place(shown, 1), help="remove it")
                continue
            name = match["component"]
            root = self._load(path)
            if root is not None and not _is_template(root):
                self._problem("E606", "this is not a template", root.place, component=name)
                root = None
            if root is None:
                self._unread.add(name)
                continue
            if name in self._roots:
                other = self._roots[name].place.file
                self._problem(
                    "E605", f'"{other}" is a template of "{name}", too', Place(shown, 1), help="remove one of them"
                )
                continue
            self._roots[name] = root
            self._sizes[name] = path.stat().st_size
            for key in root.entries().keys() - SECTIONS:
                message = f'the section "{key}" is not one that the compiler writes'
                self._problem("E607", message, root.keys[key], component=name)
        self._index = self._load(self.directory / "manifest.json")
        listed = self._index.get("components") if self._index is not None else None
        for item in listed.value if listed and isinstance(listed.value, list) else []:
            given = item.get("name")
            if given and isinstance(given.value, str):
                self._manifest[given.value] = item

    def prepare(self, situations: Sequence[Situation]) -> None:
        """See `verification.Reader`; there is nothing to prepare."""

    def stop(self) -> None:
        """See `verification.Reader`; there is nothing to end."""

    def environment(self, situation: Situation, wanted: Program) -> Program:
        """See `verification.Reader`."""
        values = self._parameters(situation.environment, _given(situation.given))
        program = Program(situation.environment, problems=list(self.problems), unread=set(self._unread))
        published = Published()
        unchecked: dict[str, set[str]] = {}
        graph = wanted.graph
        for path in sorted((self.directory / "parameters").glob("*.json")):
            if graph is not None and path.stem not in graph.environments:
                message = f'the spec has no environment "{path.stem}"'
                program.problem("E605", message, Place(self._shown(path), 1), help="remove it")
        for component, root in self._roots.items() if graph is not None else ():
            for name, problem in declared(graph, root, component) if graph is not None else ():
                unchecked.setdefault(component, set()).add(name)
                program.problems += [problem] if problem not in program.problems else []
        templates = {
            component: Template(
                component,
                root,
                values.get,
                published.value,
                defaults=situation.defaults,
                unchecked=unchecked.get(component, ()),
            )
            for component, root in self._roots.items()
        }
        published.find(templates, program)
        for component, template in templates.items():
            root = template.root
            resources, unread = template.resources(program)
            made = Component(component, resources, Place(root.place.file, 1), unread=unread)
            made.after = self._after(component)
            program.components[component] = made
        if self._index is not None and wanted.graph is not None:
            found = problems(wanted.graph, self._index, program, self._roots, self._sizes, self.shown)
            program.problems += [one for one in found if one not in program.problems]
        return program

    def _after(self, component: str) -> set[str]:
        item = self._manifest.get(component)
        found = item.get("depends_on") if item else None
        return {str(name) for name in found.plain()} if found and isinstance(found.value, list) else set()

    def _parameters(self, environment: str, given: Mapping[str, Node]) -> dict[str, Item]:
        root = self._load(self.directory / "parameters" / f"{environment}.json")
        if root is None:
            return {}
        if not isinstance(root.value, list):
            self._problem("E606", "this is not a list of parameters", root.place, help="run lenie-compile")
            return {}
        taken = {
            name for one in self._roots.values() if (section := one.get("Parameters")) for name in section.entries()
        }
        found: dict[str, Item] = {}
        for entry in root.value:
            key, value = entry.get("ParameterKey"), entry.get("ParameterValue")
            name = key.value if key is not None else None
            if not isinstance(name, str) or value is None or entry.entries().keys() != _ENTRY:
                words = " and ".join(sorted(_ENTRY))
                self._problem("E606", f"an entry has {words}, and nothing else", entry.place, help="run lenie-compile")
            elif name in found:
                self._problem("E606", f'the parameter "{name}" is given twice', entry.place, help="run lenie-compile")
            else:
                found[name] = _replaced(value, given.get(parameter_named(given, name)))
                if name not in taken and self._roots and self._manifest.keys() <= self._roots.keys():
                    self._problem("E607", f'no template has a parameter "{name}"', entry.place, help="remove it")
        return found

    def _load(self, path: Path) -> Item | None:
        shown = self._shown(path)
        if not path.exists():
            self._problem("E605", f'"{shown}" is missing', None, help="run lenie-compile")
            return None
        try:
            return load(read_text(path, shown), shown)
        except Unreadable as error:
            self._problem("E606", error.message, error.place, help="run lenie-compile, which writes the file again")
            return None

    def _shown(self, path: Path) -> str:
        return f"{self.shown}/{path.relative_to(self.directory).as_posix()}"

    def _problem(self, code: str, message: str, place: Place | None, *, help: str = "", component: str = "") -> None:
        found = Problem(code, message, place, help, component)
        if found not in self.problems:
            self.problems.append(found)


def _is_template(root: Item) -> bool:
    """Return whether a file is a map whose sections are maps."""
    sections = (root.get(key) for key in ("Parameters", "Mappings", "Conditions", "Resources"))
    return isinstance(root.value, dict) and all(one is None or isinstance(one.value, dict) for one in sections)


def _given(values: Mapping[str, Node]) -> dict[str, Node]:
    """Return values by the names of a template's parameters; each element of a list may be a parameter of its own."""
    found: dict[str, Node] = {}
    for name, node in values.items():
        if isinstance(node.value, list):
            for number, item in enumerate(node.value, start=1):
                found[f"{plain(name)}{number}"] = found[f"{plain(name)}{number}{ITEM}"] = item
    return found | {plain(name): node for name, node in values.items()}


def _replaced(item: Item, node: Node | None) -> Item:
    """Return the value of a parameter, or the one that is given instead; a list as CloudFormation takes it."""
    if node is None:
        return item
    value = ",".join(str(member.value) for member in node.value) if isinstance(node.value, list) else node.value
    return Item("", value, item.place)


class Published:
    """The SSM parameters that the templates make: what a parameter of a template reads by their names."""

    def __init__(self) -> None:
        #: Name -> template, logical id, value of the parameter.
        self._by_name: dict[str, tuple[Template, str, Item]] = {}
        self._open: set[str] = set()

    def find(self, templates: dict[str, Template], program: Program) -> None:
        """Collect the parameters of all templates."""
        for template in templates.values():
            for name, item in template.section("Resources").items():
                kind, properties = item.get("Type"), item.get("Properties")
                value = properties.get("Value") if properties else None
                if kind is None or kind.value != "AWS::SSM::Parameter" or value is None:
                    continue
                try:
                    path = template.names(item, "Name")
                except Unsupported:
                    continue  # reported when the template's resources are read
                if isinstance(path, str):
                    if path in self._by_name:
                        message = f'the SSM parameter "{path}" is made twice'
                        program.problem("E607", message, item.place, component=template.component)
                    self._by_name[path] = (template, name, value)

    def value(self, name: str, place: Place) -> Any:
        """Return what the SSM parameter `name` holds: what its value refers to, or the parameter itself for a literal.

        Raises:
            Unsupported: if nobody publishes it, or its value depends on itself.
        """
        if name.startswith("/aws/service/"):
            return PublicParameter(name)
        if name not in self._by_name:
            raise Unsupported(f'no template publishes the SSM parameter "{name}"', place)
        if name in self._open:
            raise Unsupported(f'the SSM parameter "{name}" depends on itself', place)
        template, logical_id, item = self._by_name[name]
        self._open.add(name)
        try:
            found: Node = template.value(item)
        finally:
            self._open.discard(name)
        if isinstance(found.value, Atom):
            return found.value
        return Reference(template.component, logical_id, "Value")

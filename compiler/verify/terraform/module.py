"""The files of a Terraform program: modules with their blocks, each read once."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from lenie.compiler.verify.cfn.document import Unreadable, read_text
from lenie.compiler.verify.program import Problem
from lenie.compiler.verify.terraform.parser import parse
from lenie.compiler.verify.terraform.syntax import Block, SyntaxFault
from lenie.compiler.verify.values import Node, Place

#: Types of blocks with the number of their labels.
_LABELS = {
    "variable": 1,
    "output": 1,
    "module": 1,
    "provider": 1,
    "resource": 2,
    "data": 2,
    "ephemeral": 2,
    "locals": 0,
    "terraform": 0,
}


#: Files that Terraform takes for a part of the program, or for values of its variables, without being told.
#: Source: Terraform language documentation, Files and configuration structure; Input variables.
_UNASKED = ("*.tf.json", "override.tf", "*_override.tf", "terraform.tfvars", "terraform.tfvars.json", "*.auto.tfvars*")


@dataclass(slots=True)
class Module:
    """All ``.tf`` files of one directory."""

    directory: Path
    place: Place
    #: Type of block -> labels -> block.
    blocks: dict[str, dict[tuple[str, ...], Block]] = field(default_factory=dict)
    locals: dict[str, Any] = field(default_factory=dict)
    #: Whether a file of it could not be read.
    broken: bool = False

    def of(self, kind: str) -> dict[tuple[str, ...], Block]:
        """Return the blocks of one type, by their labels."""
        return self.blocks.get(kind, {})


@dataclass(slots=True)
class Instance:
    """One resource as it will be planned: an element of a ``for_each`` is one by itself."""

    component: str
    address: str
    type: str
    #: Attributes by name; nested blocks as lists of maps.
    attributes: dict[str, Node]
    place: Place
    #: Addresses in the same module, without keys, and modules (``module.vpc``).
    depends_on: list[str] = field(default_factory=list)
    lifecycle: dict[str, Any] = field(default_factory=dict)
    #: The tags that the provider adds to every resource.
    default_tags: dict[str, Node] = field(default_factory=dict)
    #: Resources of other modules that it waits for by a variable: component, and address without a key.
    waits: frozenset[tuple[str, str]] = frozenset()


class Faults(NamedTuple):
    """Collects problems, each once."""

    found: list[Problem]

    def add(self, code: str, message: str, place: Place | None, *, help: str = "", component: str = "") -> None:
        """Add one."""
        problem = Problem(code, message, place, help, component)
        if problem not in self.found:
            self.found.append(problem)


class Files:
    """Reads modules; `shown` is what messages call `root`."""

    def __init__(self, root: Path, shown: str, faults: Faults) -> None:
        self.root = root
        self.shown = shown
        self.faults = faults
        self._modules: dict[Path, Module] = {}

    def name(self, path: Path) -> str:
        """Return a path as messages show it."""
        try:
            inner = path.relative_to(self.root).as_posix()
        except ValueError:
            return path.as_posix()
        return self.shown if inner == "." else f"{self.shown}/{inner}"

    def module(self, directory: Path) -> Module:
        """Return the module in `directory`; what cannot be read is a problem."""
        directory = directory.resolve()
        if directory not in self._modules:
            module = Module(directory, Place(self.name(directory), 1))
            self._modules[directory] = module
            for path in sorted(directory.glob("*.tf")):
                block = self.read(path)
                module.broken |= block is None
                for inner in block.blocks if block else []:
                    self._add(module, inner)
            for path in sorted(path for pattern in _UNASKED for path in directory.glob(pattern)):
                message = "Terraform reads this file by itself, and the compiler writes none of that name"
                self.faults.add("E605", message, Place(self.name(path), 1), help="remove it")
        return self._modules[directory]

    def read(self, path: Path) -> Block | None:
        """Return the content of an HCL file, or None."""
        shown = self.name(path)
        if not path.exists():
            self.faults.add("E605", f'"{shown}" is missing', None, help="run lenie-compile")
            return None
        try:
            return parse(read_text(path, shown), shown)
        except (Unreadable, SyntaxFault) as error:
            help = "run lenie-compile, which writes the file again"
            self.faults.add("E606", error.message, error.place, help=help)
        except RecursionError:
            self.faults.add("E606", "the file is nested too deeply", Place(shown, 1))
        return None

    def _add(self, module: Module, block: Block) -> None:
        number = _LABELS.get(block.type)
        if number is None or number != len(block.labels):
            self.faults.add("E607", f'a block "{block.type}" is not one that the compiler writes', block.place)
            return
        if block.type == "locals":
            module.locals.update(block.attributes)
            return
        known = module.blocks.setdefault(block.type, {})
        labels = tuple(block.labels)
        if labels in known and block.type != "terraform":
            other = known[labels].place
            self.faults.add(
                "E606", f'{block.type} "{".".join(labels)}" is declared twice, first in {other}', block.place
            )
            return
        known[labels] = block

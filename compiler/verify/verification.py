"""Verifies targets: reads their files, compares them with the graph in every environment, sorts what is accepted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from lenie.compiler.graph import Graph
from lenie.compiler.verify.compare import Difference, compare
from lenie.compiler.verify.expected import expected
from lenie.compiler.verify.match import matched, rename
from lenie.compiler.verify.normal import normalise
from lenie.compiler.verify.order import Orders, component_order, component_values, resource_order, union
from lenie.compiler.verify.program import Problem, Program
from lenie.compiler.verify.situations import Situation, situations
from lenie.compiler.verify.values import Node, Place
from lenie.compiler.verify.waivers import Waiver, waiver

#: Targets whose resources do not have the graph's names.
_OWN_NAMES = frozenset({"tf"})


class Unavailable(Exception):
    """A target cannot be read, since a tool is missing; `help` says how to get it."""

    def __init__(self, message: str, help: str) -> None:
        super().__init__(message)
        self.message = message
        self.help = help


class Reader(Protocol):
    """Reads the files of one target."""

    def prepare(self, situations: Sequence[Situation]) -> None:
        """Start what takes long, for all situations together."""

    def environment(self, situation: Situation, wanted: Program) -> Program:
        """Return what the files make in a situation; `wanted` is what they should make."""

    def stop(self) -> None:
        """End what was started and has not ended."""


@dataclass(slots=True)
class Verdict:
    """What verifying one target found."""

    target: str
    directory: str
    differences: list[Difference] = field(default_factory=list)
    waived: list[tuple[Difference, Waiver]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    #: Component -> numbers of resources and properties that were compared.
    compared: dict[str, tuple[int, int]] = field(default_factory=dict)
    #: Components that the target does not cover.
    left_out: list[str] = field(default_factory=list)

    @property
    def failed(self) -> bool:
        """Whether anything was found that no waiver accepts."""
        return bool(self.differences or self.problems)


class Verification:
    """What the graph wants in each of `environments`, computed once for all targets.

    Raises:
        KeyError: if the graph has no such environment.
    """

    def __init__(self, graph: Graph, environments: tuple[str, ...]) -> None:
        self.graph = graph
        self.wanted: list[tuple[Situation, Program]] = []
        self._readers: dict[str, Reader] = {}
        for situation in situations(graph, environments):
            program = normalise(expected(situation.graph, situation.environment))
            program.environment = situation.name
            self.wanted.append((situation, program))
        self.orders = Orders(
            union(resource_order(program) for _, program in self.wanted),
            union(component_order(program) for _, program in self.wanted),
        )
        _without_values([program for _, program in self.wanted])

    def begin(self, name: str, directory: Path, shown: str, *, python: str = "") -> None:
        """Start what takes long for a target, unless it has started; `target` takes the same, and waits for it."""
        if name not in self._readers:
            reader = _reader(name, directory, shown, self.graph.project, python)
            reader.prepare([situation for situation, _ in self.wanted])
            self._readers[name] = reader

    def target(self, name: str, directory: Path, shown: str, *, python: str = "") -> Verdict:
        """Return what comparing the files of a target with the graph found.

        Args:
            name: Of the target.
            directory: Of its files.
            shown: How messages call that directory.
            python: The interpreter that runs a CDK app; the first one that can, if it is empty.

        Raises:
            KeyError: if there is no such target.
            Unavailable: if its files can only be read with a tool that is missing.
        """
        self.begin(name, directory, shown, python=python)
        verdict, reader = Verdict(name, shown), self._readers[name]
        for situation, wanted in self.wanted:
            program = normalise(reader.environment(situation, wanted))
            if name in _OWN_NAMES:
                rename(program, matched(wanted, program))
                _name_root_devices(wanted, program)
            _add(verdict.problems, program.problems)
            self._compare(verdict, wanted, program)
        del self._readers[name]
        return verdict

    def stop(self) -> None:
        """End what was begun for targets that are not verified yet."""
        for reader in self._readers.values():
            reader.stop()

    def _compare(self, verdict: Verdict, wanted: Program, program: Program) -> None:
        covered = self.graph.coverage.get(verdict.target, tuple(wanted.components))
        missing = [name for name in wanted.components if name not in program.components]
        # Where nothing could be read, that has been said already.
        for name in missing if program.components or not program.problems else ():
            if name in covered and name not in program.unread:
                message = f'the component "{name}" is missing'
                _add(verdict.problems, [Problem("E605", message, None, "run lenie-compile", name)])
        verdict.left_out = [name for name in missing if name not in covered]
        for name, component in program.components.items():
            if name not in wanted.components:
                message = f'the spec has no component "{name}"'
                _add(verdict.problems, [Problem("E605", message, _place(component.place), "remove it", name)])
        present = [name for name in wanted.components if name in program.components]
        for name in present:
            resources = wanted.components[name].resources.values()
            verdict.compared[name] = (len(resources), sum(leaves(one.properties) for one in resources))
        _sort(verdict, compare(wanted, program, verdict.target, present, self.orders))


def _name_root_devices(wanted: Program, program: Program) -> None:
    from lenie.compiler.verify.terraform.finish import name_root_devices

    name_root_devices(wanted, program)


def _without_values(wanted: list[Program]) -> None:
    """Take from the order of components what follows from values: in an environment in which a value is not used, the
    order means nothing; in the others it is there as soon as the value is.
    """
    values = union(component_values(program) for program in wanted)
    for program in wanted:
        for component in program.components.values():
            component.after -= set(values.edges.get(component.name, ()))


def _sort(verdict: Verdict, found: list[Difference]) -> None:
    """Put each difference where it belongs."""
    for one in found:
        accepted = waiver(one)
        if accepted is None:
            verdict.differences.append(one)
        else:
            verdict.waived.append((one, accepted))


def leaves(node: Node) -> int:
    """Return how many single values there are in a value."""
    value = node.value
    if isinstance(value, dict):
        return sum(leaves(item) for item in value.values())
    members = getattr(value, "members", value)
    if isinstance(members, list):
        return sum(leaves(item) for item in members)
    root = getattr(value, "root", None)
    return leaves(root) if isinstance(root, Node) else 1


def _reader(target: str, directory: Path, shown: str, project: str, python: str) -> Reader:
    if target == "cfn":
        from lenie.compiler.verify.cfn import Stacks

        return Stacks(directory, shown)
    if target == "cdk":
        from lenie.compiler.verify.cdk import App

        return App(directory, shown, project, python)
    if target == "tf":
        from lenie.compiler.verify.terraform.reader import Modules

        return Modules(directory, shown)
    raise KeyError(target)


def _add(problems: list[Problem], more: list[Problem]) -> None:
    problems += [problem for problem in dict.fromkeys(more) if problem not in problems]


def _place(place: Any) -> Place | None:
    return place if isinstance(place, Place) else None

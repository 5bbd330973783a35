"""The readers of `lenie verify` as an independent opinion: they find every property by reading the files again, and the
source map names the same resource and the same property for the line.

Where the answers are not equal, it is explained by one of a few reasons, each of which is checked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from lenie.compiler.expressions import Expression, PerEnvironment, WhenParameter, walk
from lenie.compiler.graph import Graph
from lenie.compiler.graph import Resource as GraphResource
from lenie.compiler.pipeline import Compilation
from lenie.compiler.sourcemap.find import Answer, of_line
from lenie.compiler.sourcemap.read import SourceMap, read
from lenie.compiler.span import Path as PropertyPath
from lenie.compiler.verify.match import matched, rename
from lenie.compiler.verify.normal import normalise
from lenie.compiler.verify.program import Resource
from lenie.compiler.verify.values import Bag, Document, Node, Place
from lenie.compiler.verify.verification import Verification, _reader

ROOT = Path(__file__).resolve().parents[3]
#: Reasons for which the answers differ, with the least and the most values that they are good for.
REASONS = {
    # A template says what differs between environments in its mapping; the reader points there.
    "row of settings": {"cfn": (5, 10)},
    # The provider adds the tags of the project to everything.
    "tag of everything": {"tf": (100, 400)},
    # What CloudFormation leaves to its default is written out; the graph has no such property.
    "not in the graph": {"tf": (10, 40)},
    # The reader knows the line of a map or list only, and not that of the value in it.
    "line of a structure": {"cfn": (0, 0), "tf": (1, 200), "cdk": (300, 700)},
    # The reader of the CDK app searches words, and finds another one of the name, or none.
    "word elsewhere": {"cdk": (1, 8)},
}


class Leaf(NamedTuple):
    """A value that a reader has found; `known` is the part of the path for which it knows the line."""

    path: PropertyPath
    place: Place
    known: PropertyPath


def leaves(node: Node, path: PropertyPath = (), around: Any = None, known: PropertyPath = ()) -> Iterator[Leaf]:
    value = node.value
    if node.place != around:
        known = path
    if isinstance(value, Document):
        yield from leaves(value.root, path, node.place, known)
        return
    parts: dict[Any, Node] = value if isinstance(value, dict) else {}
    if isinstance(value, Bag | list):
        parts = dict(enumerate(value.members if isinstance(value, Bag) else value))
    for step, item in parts.items():
        yield from leaves(item, (*path, step), node.place, known)
    if not parts:
        assert isinstance(node.place, Place)
        yield Leaf(path, node.place, known)


def names(path: PropertyPath) -> PropertyPath:
    """Return a path without indices: the order of sets, and of Terraform's resources, is not the graph's."""
    return tuple(step for step in path if isinstance(step, str))


def keyed(resource: GraphResource, path: PropertyPath) -> PropertyPath:
    """Return a path in which a tag is named by its key, as the reader of Terraform has it."""
    value: Any = resource.properties
    found: list[str | int] = []
    for step in path:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            value = None
        is_tag = isinstance(value, dict) and set(value) == {"Key", "Value"} and isinstance(step, int)
        found.append(value["Key"] if is_tag else step)
    return tuple(found)


def in_graph(value: Any, path: PropertyPath) -> bool:
    """Whether the graph has a property at a path without indices."""
    if isinstance(value, list):
        return any(in_graph(item, path) for item in value)
    if isinstance(value, WhenParameter):
        return in_graph(value.value, path)
    if not path or isinstance(value, Expression):
        return True
    return isinstance(value, dict) and path[0] in value and in_graph(value[path[0]], path[1:])


class Judge:
    """Compares what a reader found with what the map says."""

    def __init__(self, graph: Graph, mapped: SourceMap, tree: Any) -> None:
        self.graph = graph
        self.mapped = mapped
        self.tree = tree
        self.counts: Counter[str] = Counter()
        self.unexplained: list[str] = []

    def judge(self, resource: Resource, leaf: Leaf) -> None:
        inner = leaf.place.file.removeprefix(f"{self.mapped.shown}/")
        answers = of_line(self.mapped, self.mapped.files[inner], leaf.place.line, self.tree)
        verdict = self.verdict(resource, leaf, answers)
        self.counts[verdict or "unexplained"] += 1
        if not verdict:
            said = [(one.kind, one.resource, one.path, one.name) for one in answers]
            self.unexplained.append(f"{resource.name} {leaf.path} {leaf.place}: {said}")

    def verdict(self, resource: Resource, leaf: Leaf, answers: list[Answer]) -> str:
        found = self.graph.components[resource.component].resources[resource.name]
        mine = [one for one in answers if (one.component, one.resource) == (resource.component, resource.name)]
        said = [one.path for one in mine if one.kind == "property"]
        wanted = names(leaf.path)
        if self.mapped.target == "cfn" and leaf.path in said:
            return "equal"
        if self.mapped.target != "cfn" and any(wanted in (names(path), names(keyed(found, path))) for path in said):
            return "equal"
        if self.mapped.target == "cfn":
            rows = {e.key for e in walk(found.properties) if isinstance(e, PerEnvironment)}
            return "row of settings" if any(one.kind == "setting" and one.name in rows for one in answers) else ""
        if "Tags" in str(wanted[-2:-1]) and any(
            one.kind == "tag of everything" and one.name == wanted[-1] for one in answers
        ):
            return "tag of everything"
        if mine and not in_graph(found.properties, wanted) and not any("Tags" in str(step) for step in wanted):
            return "not in the graph"
        known = names(leaf.known)
        if leaf.known != leaf.path and any(_inside(names(path), known) or _inside(known, names(path)) for path in said):
            return "line of a structure"
        if leaf.known != leaf.path and not known and any(one.kind == "resource" for one in mine):
            return "line of a structure"
        if self.mapped.target == "cdk":
            other = any(wanted[0] in path and path[0] != wanted[0] for path in said)
            return "word elsewhere" if other or leaf.place.line == 1 else ""
        return ""


def _inside(path: PropertyPath, other: PropertyPath) -> bool:
    return path[: len(other)] == other


@pytest.mark.parametrize("target", ["cfn", "tf", pytest.param("cdk", marks=pytest.mark.slow)])
def test_readers_agree(target: str, written: Path, lenie: Compilation) -> None:
    graph = lenie.graph
    assert graph is not None
    verification = Verification(graph, ("dev",) if target == "cdk" else ("dev", "prod"))
    reader = _reader(target, written / target, target, graph.project, str(ROOT / ".venv-cdk" / "bin" / "python"))
    situations = [situation for situation, _ in verification.wanted][: 1 if target == "cdk" else 2]
    reader.prepare(situations)
    judge = Judge(graph, read(written / target, target), lenie.tree)
    for situation, wanted in verification.wanted[: len(situations)]:
        program = reader.environment(situation, wanted)
        found = [(one, list(leaves(one.properties))) for one in program.resources()]
        assert len(found) == 199
        program = normalise(program)
        if target == "tf":
            rename(program, matched(wanted, program))
        for resource, values in found:
            for leaf in values:
                judge.judge(resource, leaf)
    assert judge.unexplained == []
    counts = judge.counts
    print(target, counts)
    total = sum(counts.values())
    assert counts.pop("equal") > 0.75 * total > 1800 * len(situations)
    for reason, count in counts.items():
        least, most = (number * len(situations) for number in REASONS[reason][target])
        assert least <= count <= most, (reason, count)

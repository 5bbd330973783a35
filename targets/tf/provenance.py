"""What the lines of modules, of root modules and of files of values say, and where that stems from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from lenie.compiler.diagnostics import Report
from lenie.compiler.graph import Component, Graph
from lenie.compiler.span import Path
from lenie.targets.base import About, Item, Lines, Places
from lenie.targets.tf import order
from lenie.targets.tf.hcl import Block
from lenie.targets.tf.module import Module
from lenie.targets.tf.names import Names, snake
from lenie.targets.tf.printer import Printed
from lenie.targets.tf.root import Root
from lenie.targets.wiring.stems import ENVIRONMENTS, Stem, stem_of

_KINDS = {"data": "data source", "ephemeral": "ephemeral resource"}


class Stems:
    """Where variables and outputs stem from in the spec."""

    def __init__(self, graph: Graph, report: Report, names: Names) -> None:
        self.graph = graph
        self.report = report
        self._sources = {name: source for source, name in names.variables.items()}

    def of(self, name: str, environment: str = "") -> Stem:
        """Return where the variable or output of that name stems from."""
        source = self._sources.get(name)
        return Stem() if source is None else stem_of(self.graph, self.report, source, environment)


def locate(
    places: Places, printed: Mapping[str, Printed], roots: Iterable[Root], modules: Mapping[str, Module], stems: Stems
) -> None:
    """Note what stands in which lines of all files."""
    for root in roots:
        _locate_root(places, printed, root, stems)
    for name, module in modules.items():
        component = module.component
        directory = f"modules/{name}/"
        _locate_resources(places, f"{directory}main.tf", printed[f"{directory}main.tf"], module)
        places.about[f"{directory}main.tf"] = About(f"resources of component {name}", component.path)
        places.about[f"{directory}versions.tf"] = About(
            "the versions of the provider that take all of the module, which the compiler decides"
        )
        for file, words in (("variables", "what the module takes"), ("outputs", "what the module gives to others")):
            path = f"{directory}{file}.tf"
            if path in printed:
                places.about[path] = About(f"{words}, component {name}", component.path)
                places.tell(path, _declared(printed[path], stems, component))
    places.about["README.md"] = About("how to apply it; written by the compiler, not from one place in the spec")


def _locate_root(places: Places, printed: Mapping[str, Printed], root: Root, stems: Stems) -> None:
    told: dict[str, tuple[str, Path]] = {
        "main.tf": ("the modules, and what they give each other", ()),
        "providers.tf": ("the provider: its region, and the tags of everything", ()),
        "versions.tf": ("the versions of Terraform and the provider, which the compiler decides", ()),
        "variables.tf": ("what is given to the program", ()),
        "outputs.tf": ("what the program gives to people", ()),
    }
    for file, (words, spec) in told.items():
        path = root.directory + file
        if path in printed:
            places.about[path] = About(words, spec)
            places.tell(
                path, _main(printed[path], root, stems) if file == "main.tf" else _declared(printed[path], stems)
            )
    for environment in root.graph.environments:
        path = f"{root.directory}environments/{environment}.tfvars"
        if path in printed:
            places.about[path] = About(f"values of variables in {environment}", (ENVIRONMENTS, environment))
            for mark in printed[path].marks:
                if len(mark.at) == 1:
                    name = str(mark.at[0])
                    item = Item(mark.first, mark.last, "value of variable", name, *stems.of(name, environment))
                    places.tell(path, [item])


def _locate_resources(places: Places, path: str, file: Printed, module: Module) -> None:
    """Note where each resource stands: its blocks in the order of their addresses, and the main one first."""
    lines: dict[str, Lines] = {}
    owned: dict[str, list[Lines]] = {}
    items: list[Item] = []
    for block, extent in file.blocks:
        if block.type == "resource":
            lines[block.address] = extent
        elif block.owner:
            owned.setdefault(block.owner, []).append(extent)
        else:
            items.append(Item(*extent, _KINDS[block.type], block.address))
    for logical_id, addresses in module.addresses.items():
        for address in addresses:
            # A resource that is one of a loop has a key at the end of its address.
            places.note(module.component.name, logical_id, path, lines[address.partition("[")[0]])
        for extent in owned.get(logical_id, ()):
            places.note(module.component.name, logical_id, path, extent)
    places.marks[path] = file.marks
    places.tell(path, items)


def _declared(file: Printed, stems: Stems, component: Component | None = None) -> Iterator[Item]:
    """Yield variables and outputs, and whatever else a file of a program declares."""
    for block, lines in file.blocks:
        name = ".".join(block.labels)
        stem = stems.of(name)
        if component is not None and name in (order.AFTER, order.DEPLOYED):
            stem = Stem(component.path)
        if block.type != "terraform":
            yield Item(*lines, block.type, name, *stem)
    for mark in file.marks:
        match mark.at:
            case ("region",):
                yield Item(mark.first, mark.last, "region of the provider", stems.graph.region, ("region",))
            case ("tags", str(key)):
                spec: Path = ("project",) if key == "Project" else (ENVIRONMENTS,)
                yield Item(mark.first, mark.last, "tag of everything", key, spec)


def _main(file: Printed, root: Root, stems: Stems) -> Iterator[Item]:
    """Yield the modules of a root with what is given to each, and the values that are read from elsewhere."""
    components = {snake(name): module.component for name, module in root.modules.items()}
    for block, lines in file.blocks:
        yield _called(block, lines, components, stems)
    for mark in file.marks:
        if len(mark.at) == 1:
            name = str(mark.at[0])
            yield Item(mark.first, mark.last, "input of module", name, *stems.of(name))


def _called(block: Block, lines: Lines, components: Mapping[str, Component], stems: Stems) -> Item:
    if block.type == "module":
        component = components[block.labels[0]]
        return Item(*lines, "module", component.name, component.path)
    return Item(*lines, _KINDS[block.type], block.address, *stems.of(block.labels[-1]))

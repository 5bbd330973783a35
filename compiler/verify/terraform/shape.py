"""What a program may hold beside the attributes of its resources.

Where it is deployed, whether a module is deployed at all, what runs while a plan is made: all of that stands in blocks
and arguments that no resource shows. So they are listed here, and what is not listed is a finding.

Source: Terraform language documentation, the page of each block.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from lenie.compiler.verify.terraform.configuration import DATA_SOURCES, EPHEMERAL, addresses
from lenie.compiler.verify.terraform.module import Faults, Module
from lenie.compiler.verify.terraform.syntax import Block, Call, List, Literal, Map, Name
from lenie.compiler.verify.values import Place


class _Body(NamedTuple):
    """The arguments and the inner blocks that a block may have."""

    arguments: frozenset[str]
    blocks: frozenset[str] = frozenset()


#: Types of blocks that have a fixed form. A root module says where its state is: ``backend`` is people's own.
_BODIES: dict[str, _Body] = {
    "variable": _Body(frozenset({"description", "type", "default", "sensitive"}), frozenset({"validation"})),
    "validation": _Body(frozenset({"condition", "error_message"})),
    "output": _Body(frozenset({"description", "value", "sensitive", "depends_on"})),
    "terraform": _Body(frozenset({"required_version"}), frozenset({"required_providers", "backend"})),
}
#: Arguments of ``module`` that say whether it is deployed, how often, and where.
_NO_CALL = ("count", "for_each", "providers", "version")
_ROOT_ONLY = frozenset({"provider"})
_PROVIDER = {"aws": "hashicorp/aws"}
_SIMPLE = frozenset({"string", "number", "bool", "any"})
_COMPOSED = frozenset({"list", "set", "map", "optional"})


def check(module: Module, faults: Faults, *, root: bool, component: str = "") -> None:
    """Report what the compiler would not have written into a module: a root, or the one of `component`."""
    for message, place in _wrong(module, root):
        faults.add("E607", message, place, component=component)


def _wrong(module: Module, root: bool) -> Iterator[tuple[str, Place]]:
    for kind, blocks in module.blocks.items():
        for labels, block in blocks.items():
            if kind in _ROOT_ONLY and not root:
                yield f'a block "{kind}" stands in root modules only', block.place
            yield from _body(kind, block)
            match kind:
                case "terraform":
                    yield from _settings(block, root)
                case "provider" if labels != ("aws",):
                    yield f'the provider "{labels[0]}" is not one that the compiler uses', block.place
                case "variable":
                    yield from _variable(block)
                case "data" | "ephemeral":
                    yield from _read(kind, labels[0], block)
                case "module":
                    names = (name for name in _NO_CALL if name in block.attributes)
                    yield from ((f'the compiler calls no module with "{name}"', block.places[name]) for name in names)
                case "resource" if "provider" in block.attributes:
                    yield "the resource has a provider of its own", block.places["provider"]
            yield from _order(module, block)


def _body(kind: str, block: Block) -> Iterator[tuple[str, Place]]:
    """Yield arguments and blocks that a block of this type does not have."""
    known = _BODIES.get(kind)
    if known is None:
        return
    for name in block.attributes.keys() - known.arguments:
        yield f'the compiler writes no "{name}" in a block "{kind}"', block.places[name]
    for inner in block.blocks:
        if inner.type not in known.blocks:
            yield f'the compiler writes no block "{inner.type}" in a block "{kind}"', inner.place
        yield from _body(inner.type, inner)


def _settings(block: Block, root: bool) -> Iterator[tuple[str, Place]]:
    for inner in block.blocks:
        if inner.type == "backend" and not root:
            yield "only a root module has a backend", inner.place
        if inner.type != "required_providers":
            continue
        for name, expression in inner.attributes.items():
            entries = expression.items if isinstance(expression, Map) else []
            given = {getattr(key, "value", None): getattr(item, "value", None) for key, item in entries}
            if name not in _PROVIDER or given.get("source") != _PROVIDER[name] or given.keys() - {"source", "version"}:
                wanted = " and ".join(f"{key} from {source}" for key, source in _PROVIDER.items())
                yield f"the compiler uses the provider {wanted}, and no other", inner.places[name]


def _variable(block: Block) -> Iterator[tuple[str, Place]]:
    kind = block.attributes.get("type")
    if kind is not None and not _is_type(kind):
        yield "this is not the type of a variable", block.places["type"]
    for rule in block.inner("validation"):
        if "condition" not in rule.attributes:
            yield "this validation has no condition", rule.place


def _is_type(expression: Any) -> bool:
    match expression:
        case Name(name):
            return name in _SIMPLE
        case Call("object", [Map(items)]):
            return all(_is_type(item) for _, item in items)
        case Call("tuple", [List(items)]):
            return all(_is_type(item) for item in items)
        case Call(function, [inner, *_]):
            return function in _COMPOSED and _is_type(inner)
    return False


def _read(kind: str, type_name: str, block: Block) -> Iterator[tuple[str, Place]]:
    """Yield what a block that only reads must not do: others run programs, or call functions, while a plan is made."""
    if type_name not in (DATA_SOURCES if kind == "data" else EPHEMERAL):
        yield f'{kind} "{type_name}" is not one that the compiler writes', block.place
    allowed = {"depends_on"} if kind == "ephemeral" else set()
    for name in {"provider", "count", "for_each", "depends_on"} - allowed:
        if name in block.attributes:
            yield f'the compiler writes no "{name}" in a block "{kind}"', block.places[name]


def _order(module: Module, block: Block) -> Iterator[tuple[str, Place]]:
    """Yield what a block waits for and is not there."""
    given = block.attributes.get("depends_on")
    if given is None:
        return
    place = block.places["depends_on"]
    if not isinstance(given, List) or len(addresses(block)) != len(given.items):
        yield "depends_on is a list of names", place
    for address in addresses(block):
        kind, *labels = address.split(".")
        if kind == "var":
            kind = "variable"
        elif kind not in ("data", "ephemeral", "module"):
            kind, labels = "resource", [kind, *labels]
        if tuple(labels) not in module.of(kind):
            yield f'it waits for "{address}", which is not there', _at(given, address, place)


def _at(given: Any, address: str, place: Place) -> Place:
    """Return the line of an address in a list."""
    for item in given.items if isinstance(given, List) else []:
        if ".".join(_words(item)) == address:
            return item.place if isinstance(getattr(item, "place", None), Place) else place
    return place


def _words(expression: Any) -> list[str]:
    if isinstance(expression, Literal):
        return []
    inner = getattr(expression, "object", None)
    name = getattr(expression, "name", None)
    return [*(_words(inner) if inner is not None else []), *([name] if isinstance(name, str) else [])]

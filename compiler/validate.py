"""Second pass: the syntax tree becomes models, and every fault is told at its place in the spec."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path as FilePath
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from lenie.compiler.diagnostics import Diagnostic, Report, suggest
from lenie.compiler.kind import Resource
from lenie.compiler.kinds import kind_class, kind_names
from lenie.compiler.load import Node, Tree
from lenie.compiler.program import Declaration, Program
from lenie.compiler.span import Path, dotted
from lenie.compiler.spec import Document, kebab
from lenie.compiler.types import NAME

#: What begins a reference without being a resource.
RESERVED = frozenset({"param", "env", "aws", "self"})
_WANTED = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "list_type": "a list",
    "tuple_type": "a list",
    "dict_type": "a map",
    "model_type": "a map",
    "model_attributes_type": "a map",
}


def validate(tree: Tree, directory: FilePath) -> tuple[Program | None, list[Diagnostic]]:
    """Return the program that `tree` describes, or `None` and what is wrong with it.

    `directory` is where relative paths in the spec start from. Defaults of a kind are merged into its resources here,
    as syntax, so that a fault in a default is told at the default.
    """
    report = Report(tree)
    data = tree.root.plain()
    document = _model(Document, data, (), report)
    if not isinstance(document, Document):
        # The frame is broken, but faults inside resources can still be told in the same run.
        for path, node in _resource_nodes(tree):
            _resource(tree, node, path, report)
        return None, report.diagnostics
    _check_defaults(tree, report)
    program = Program(tree, document, directory)
    for path, node in _resource_nodes(tree):
        component, name = str(path[1]), str(path[3])
        model = _resource(tree, node, path, report)
        if name in program.declarations:
            first = program.declarations[name].path
            report.add(
                "E302",
                f'there are two resources "{name}"',
                path,
                key=True,
                also=[(first, "the first one")],
                help="names are unique in the whole spec, since references name no component: rename one",
            )
        elif name in RESERVED:
            report.add(
                "E302",
                f'"{name}" cannot be the name of a resource',
                path,
                key=True,
                help=f"${{{name}....}} means something else; rename it",
            )
        elif model is not None:
            defaults = _child(_child(tree.root, "defaults"), model.kind)
            given = node.value if isinstance(node.value, dict) else {}
            defaulted = frozenset(field for field, _ in _items(defaults) if field not in given)
            program.declarations[name] = Declaration(name, component, path, model, defaulted)
        else:
            assert report.failed, f"{dotted(path)} was refused without a word"
    return (None if report.failed else program), report.diagnostics


def _resource_nodes(tree: Tree) -> Iterable[tuple[Path, Node]]:
    """Yield path and node of every resource, as far as the tree has the right shape."""
    components = _child(tree.root, "components")
    for name, component in _items(components):
        for resource, node in _items(_child(component, "resources")):
            yield ("components", name, "resources", resource), node


def _child(node: Node | None, key: str) -> Node | None:
    return node.value.get(key) if node is not None and isinstance(node.value, dict) else None


def _items(node: Node | None) -> Iterable[tuple[str, Node]]:
    return node.value.items() if node is not None and isinstance(node.value, dict) else ()


def _resource(tree: Tree, node: Node, path: Path, report: Report) -> Resource | None:
    """Validate one resource with the model of its kind."""
    if not isinstance(node.value, dict):
        report.add("E203", "a resource is a map", path, help="write {kind: queue, ...}")
        return None
    kind = node.value.get("kind")
    if kind is None:
        report.add(
            "E202", f'resource "{path[-1]}" has no kind', path, key=True, help=suggest("", kind_names(), what="kinds")
        )
        return None
    if not isinstance(kind.value, str) or kind.value not in kind_names():
        known = kind_names()
        message = f'there is no kind "{kind.value}"'
        report.add("E204", message, (*path, "kind"), help=suggest(str(kind.value), known, what="kinds"))
        return None
    defaults = _child(_child(tree.root, "defaults"), kind.value)
    data = {**(defaults.plain() if defaults is not None and isinstance(defaults.value, dict) else {}), **node.plain()}
    model = _model(kind_class(kind.value), data, path, report, defaults=("defaults", kind.value))
    return model if isinstance(model, Resource) else None


def _check_defaults(tree: Tree, report: Report) -> None:
    """Refuse defaults for kinds that do not exist, or of fields that the kind does not have."""
    for kind, node in _items(_child(tree.root, "defaults")):
        if kind not in kind_names():
            report.add(
                "E204",
                f'there is no kind "{kind}"',
                ("defaults", kind),
                key=True,
                help=suggest(kind, kind_names(), what="kinds"),
            )
            continue
        known = [kebab(name) for name in kind_class(kind).model_fields]
        for field, _ in _items(node):
            if field not in known:
                _unknown_field(report, ("defaults", kind, field), f'kind "{kind}"', known)


def _unknown_field(report: Report, path: Path, owner: str, known: Iterable[str]) -> None:
    field = str(path[-1])
    report.add("E201", f'{owner} has no field "{field}"', path, key=True, help=suggest(field, known, what="fields"))


def _model(
    model: type[BaseModel], data: Any, path: Path, report: Report, defaults: Path | None = None
) -> BaseModel | None:
    """Return `data` as `model`, or report each fault at its own place."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        seen: set[tuple[Path, str]] = set()
        for detail in error.errors(include_url=False):
            _translate(detail, model, path, report, seen, defaults)
        return None


def _translate(
    detail: ErrorDetails,
    model: type[BaseModel],
    path: Path,
    report: Report,
    seen: set[tuple[Path, str]],
    defaults: Path | None,
) -> None:
    """Turn one pydantic error into a diagnostic in the user's words."""
    kind = detail["type"]
    field = detail["loc"][0] if detail["loc"] else ""
    if defaults and report.tree.node((*path, field)) is None and report.tree.node((*defaults, field)) is not None:
        if kind == "extra_forbidden" and len(detail["loc"]) == 1:
            return  # `_check_defaults` tells it
        path = defaults
    at, on_key = _place(report.tree, path, detail["loc"])
    owner_model = _owner(model, detail["loc"])
    if (at, kind) in seen:
        return
    seen.add((at, kind))
    if kind == "extra_forbidden":
        known = [kebab(name) for name in owner_model.model_fields] if owner_model else []
        owner = f'kind "{kind_of(owner_model)}"' if owner_model and kind_of(owner_model) else _owner_name(at)
        _unknown_field(report, at, owner, known)
    elif kind == "missing":
        field = str(at[-1])
        report.add(
            "E202",
            f'{_owner_name(at)} lacks the field "{field}"',
            at[:-1],
            key=True,
            help=f"add {field}: ...",
        )
    elif kind == "spec":
        report.add("E203", detail["msg"], at, key=on_key, help=str(detail.get("ctx", {}).get("help", "")))
    elif kind in _WANTED:
        report.add("E203", f"{_WANTED[kind]} is wanted here", at, key=on_key)
    elif kind in ("literal_error", "enum"):
        expected = str(detail.get("ctx", {}).get("expected", ""))
        options = [o.strip().strip("'") for o in expected.replace(" or ", ", ").split(",")]
        given = detail["input"]
        report.add("E203", f'"{given}" is not possible here', at, help=suggest(str(given), options, what="possible"))
    else:
        report.add("E203", _own_words(detail), at, key=on_key)


def _own_words(detail: ErrorDetails) -> str:
    """Return the message for pydantic's bound and pattern errors."""
    context = detail.get("ctx", {})
    match detail["type"]:
        case "greater_than_equal":
            return f"the least value here is {context['ge']}"
        case "greater_than":
            return f"a value above {context['gt']} is wanted here"
        case "less_than_equal":
            return f"the greatest value here is {context['le']}"
        case "less_than":
            return f"a value below {context['lt']} is wanted here"
        case "string_pattern_mismatch":
            return f'"{detail["input"]}" does not match {context["pattern"]}'
        case "string_too_long":
            return f"at most {context['max_length']} characters are possible here"
        case "string_too_short":
            return f"at least {context['min_length']} characters are wanted here"
        case "too_long":
            return f"at most {context['max_length']} {_elements(detail)} are possible here"
        case "too_short":
            return f"at least {context['min_length']} {_elements(detail)} are wanted here"
    return "this value is not possible here"


def _elements(detail: ErrorDetails) -> str:
    return "characters" if isinstance(detail["input"], str) else "entries"


def _place(tree: Tree, path: Path, location: tuple[int | str, ...]) -> tuple[Path, bool]:
    """Return the path in the spec for a pydantic location, which has extra steps for unions and map keys."""
    at = path
    on_key = False
    for index, step in enumerate(location):
        if step == "[key]":
            on_key = True
            continue
        last = index == len(location) - 1
        if last or tree.node((*at, step)) is not None:
            node = tree.node((*at, step))
            parent = tree.node(at)
            union_branch = node is None and not (parent is not None and isinstance(parent.value, dict) and _named(step))
            if not union_branch:
                at = (*at, step)
    return at, on_key


def _named(step: int | str) -> bool:
    """Whether a location step may be a field's name (branches of unions are called ``str`` or ``list[str]``)."""
    return isinstance(step, str) and NAME.fullmatch(step) is not None and step not in ("str", "int", "bool", "float")


def _owner(model: type[BaseModel], location: tuple[int | str, ...]) -> type[BaseModel] | None:
    """Return the model inside `model` whose field the last step of `location` is."""
    current: type[BaseModel] | None = model
    for step in location[:-1]:
        if current is None or not isinstance(step, str):
            continue
        for name, info in current.model_fields.items():
            if kebab(name) == step:
                current = _inner_model(info.annotation)
                break
    return current


def _inner_model(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for inner in get_args(annotation):
        found = _inner_model(inner)
        if found is not None:
            return found
    return None


def kind_of(model: type[BaseModel]) -> str:
    """Return the name of the kind that `model` is, or nothing for another model."""
    if not issubclass(model, Resource) or "kind" not in model.model_fields:
        return ""
    options = get_args(model.model_fields["kind"].annotation)
    return str(options[0]) if options else ""


def _owner_name(at: Path) -> str:
    return f'"{dotted(at[:-1])}"' if len(at) > 1 else "the spec"

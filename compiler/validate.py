"""Second pass: the syntax tree becomes models, and every fault is told at its place in the spec."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path as FilePath
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from lenie.compiler.diagnostics import Diagnostic, Report, nearest, suggest
from lenie.compiler.kind import Resource
from lenie.compiler.kinds import kind_class, kind_names
from lenie.compiler.load import Node, Tree
from lenie.compiler.program import Declaration, Program
from lenie.compiler.span import Path, dotted
from lenie.compiler.spec import Document, kebab
from lenie.compiler.types import NAME, Reference, Template
from lenie.compiler.wording import not_text, owner_of, shown, words

#: What begins a reference without being a resource.
RESERVED = frozenset({"param", "env", "aws", "self"})


def validate(tree: Tree, directory: FilePath) -> tuple[Program | None, list[Diagnostic]]:
    """Return the program that `tree` describes, or `None` and what is wrong with it.

    `directory` is where relative paths in the spec start from. Defaults of a kind are merged into its resources here,
    as syntax, so that a fault in a default is told at the default.
    """
    report = Report(tree)
    data = tree.root.plain()
    document = _model(Document, data, (), report)
    _check_defaults(tree, report)
    if not isinstance(document, Document):
        # The frame is broken, but faults inside resources can still be told in the same run.
        for path, node in _resource_nodes(tree):
            _resource(tree, node, path, report)
        return None, report.diagnostics
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
    known = kind_names()
    if kind is None or kind.value is None:
        at, key = (path, True) if kind is None else ((*path, "kind"), False)
        report.add("E202", f'resource "{path[-1]}" has no kind', at, key=key, help=suggest("", known, what="kinds"))
        return None
    if not isinstance(kind.value, str) or kind.value not in known:
        given = kind.plain()
        message = f"there is no kind {shown(given)}" if isinstance(given, (str, int, float)) else not_text(given)
        help = suggest(given if isinstance(given, str) else "", known, what="kinds")
        report.add("E203" if isinstance(given, (dict, list)) else "E204", message, (*path, "kind"), help=help)
        return None
    defaults = _child(_child(tree.root, "defaults"), kind.value)
    data = {**(defaults.plain() if defaults is not None and isinstance(defaults.value, dict) else {}), **node.plain()}
    complete = not _defaults_broken(tree, kind.value)
    made = _model(kind_class(kind.value), data, path, report, ("defaults", kind.value), complete=complete)
    return made if isinstance(made, Resource) else None


def _defaults_broken(tree: Tree, kind: str) -> bool:
    """Whether the spec has defaults of `kind` that cannot be read: of a wrong form, or under a misspelt name."""
    defaults = _child(tree.root, "defaults")
    if defaults is None:
        frame = [kebab(name) for name in Document.model_fields]
        return any(key not in frame and nearest(key, frame) == "defaults" for key, _ in _items(tree.root))
    own = _child(defaults, kind)
    if not isinstance(defaults.value, dict) or (own is not None and not isinstance(own.value, dict)):
        return True
    others = (key for key, _ in _items(defaults) if key not in kind_names())
    return any(nearest(key, kind_names()) == kind for key in others)


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
    model: type[BaseModel],
    data: Any,
    path: Path,
    report: Report,
    defaults: Path | None = None,
    *,
    complete: bool = True,
) -> BaseModel | None:
    """Return `data` as `model`, or report each fault at its own place.

    Fields may be missing without a word where the spec has them in another place, which is broken: not `complete`.
    """
    try:
        made = model.model_validate(data)
    except ValidationError as error:
        seen: set[tuple[Path, str]] = set()
        details = error.errors(include_url=False)
        for detail in details:
            if detail["type"] != "missing" or (complete and not _misspelt(detail, details, model)):
                _translate(detail, model, path, report, seen, defaults)
        return None
    if isinstance(made, Resource):
        _check_lists(made, path, report, defaults)
    elif isinstance(made, Document):
        for name, cluster in made.kubernetes.items():
            _check_lists(cluster, ("kubernetes", name), report, None)
    return made


def _misspelt(missing: ErrorDetails, details: Iterable[ErrorDetails], model: type[BaseModel]) -> bool:
    """Whether a missing field is there under a name that is reported, with the right one, as unknown."""
    *place, field = missing["loc"]
    owner = owner_of(model, missing["loc"])
    known = [kebab(name) for name in owner.model_fields] if owner else []
    unknown = (d["loc"] for d in details if d["type"] == "extra_forbidden")
    return any([*rest] == place and nearest(str(name), known) == field for *rest, name in unknown)


def _check_lists(model: BaseModel, path: Path, report: Report, defaults: Path | None) -> None:
    """Report what a list of names or texts has twice; AWS refuses most of them, and none of them means anything."""
    for name in type(model).model_fields:
        value, field = getattr(model, name), kebab(name)
        inherited = defaults is not None and report.tree.node((*path, field)) is None
        at: Path = (*(defaults if inherited and defaults else path), field)
        if isinstance(value, BaseModel):
            _check_lists(value, at, report, None)
        elif isinstance(value, dict):
            for key, item in value.items():
                if isinstance(item, BaseModel):
                    _check_lists(item, (*at, key), report, None)
        elif isinstance(value, list):
            for index, item in enumerate(value):
                if isinstance(item, BaseModel):
                    _check_lists(item, (*at, index), report, None)
                elif isinstance(item, (str, Reference, Template)) and item in value[:index]:
                    node = report.tree.node((*at, index))
                    message = f"{shown(node.plain() if node is not None else item)} is listed twice"
                    report.add("E203", message, (*at, index), help="remove one of them")


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
    if (at, kind) in seen:
        return
    seen.add((at, kind))
    if kind == "extra_forbidden":
        owner_model = owner_of(model, detail["loc"])
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
    else:
        node = report.tree.node(at)
        message, help = words(detail, model, at[-1] if on_key else node.plain() if node is not None else None)
        report.add("E203", message, at, key=on_key, help=help)


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


def kind_of(model: type[BaseModel]) -> str:
    """Return the name of the kind that `model` is, or nothing for another model."""
    if not issubclass(model, Resource) or "kind" not in model.model_fields:
        return ""
    options = get_args(model.model_fields["kind"].annotation)
    return str(options[0]) if options else ""


def _owner_name(at: Path) -> str:
    return f'"{dotted(at[:-1])}"' if len(at) > 1 else "the spec"

"""Brings resources into normal form, so that values that mean the same are equal: applies the rules of `rules`."""

from __future__ import annotations

from typing import Any

from lenie.compiler.verify.program import Program, Resource
from lenie.compiler.verify.rules import DELETION, SAME, Form, defaults, forms
from lenie.compiler.verify.values import (
    Atom,
    Bag,
    Document,
    Node,
    PublicParameter,
    Reference,
    Text,
    as_text,
    key_of,
    parsed_json,
    rewritten,
    text,
)

#: The ARN of a log group as Terraform and most APIs give it; CloudFormation's ``Arn`` ends with ``:*``.
#: Source: AWS::Logs::LogGroup, return values; CloudWatch Logs API, LogGroup.
BARE_ARN = "Arn without :*"
_LISTS = frozenset({"Action", "NotAction", "Resource", "NotResource"})
_PRINCIPALS = frozenset({"Principal", "NotPrincipal"})


def normalise(program: Program) -> Program:
    """Bring every resource of `program` into normal form, in place; return it."""
    passed = _Passed(program)
    for resource in program.resources():
        resource.deletion = resource.deletion or DELETION.get(resource.type, "Delete")
        resource.replacement = resource.replacement or "Delete"
        resource.properties = _Normal(resource, passed).node(resource.properties, "")
    for values in (*(component.exports for component in program.components.values()), program.outputs or {}):
        for name, node in values.items():
            values[name] = Node(_arns(rewritten(node.value, passed.reference)), node.place)
    return program


class _Passed:
    """What references in a program mean in the end."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self._open: set[Reference] = set()
        self._published = _published(program)

    def reference(self, atom: Atom) -> Any:
        """Return an atom with one name for each attribute, and without the way through an SSM parameter."""
        if isinstance(atom, PublicParameter) and atom.path in self._published:
            # Between programs with states of their own, a value goes by the name of its SSM parameter.
            return self._passed_on(self._published[atom.path])
        if not isinstance(atom, Reference):
            return atom
        kind = self.program.type_of(atom.component, atom.resource)
        if kind == "AWS::SSM::Parameter" and atom.attribute == "Value":
            return self._passed_on(atom)
        same = SAME.get(kind, {}).get(atom.attribute)
        return Reference(atom.component, atom.resource, same) if same else atom

    def _passed_on(self, atom: Reference) -> Any:
        """Return what an SSM parameter's value refers to; the parameter itself, if the value is a literal."""
        properties = self.program.components[atom.component].resources[atom.resource].properties.value
        found = properties.get("Value") if isinstance(properties, dict) else None
        if found is None or not isinstance(found.value, Atom) or atom in self._open:
            return atom
        self._open.add(atom)
        try:
            return rewritten(found.value, self.reference)
        finally:
            self._open.discard(atom)


def _published(program: Program) -> dict[str, Reference]:
    """Return name -> value of the SSM parameters that a program makes."""
    found = {}
    for one in program.resources():
        properties = one.properties.value if one.type == "AWS::SSM::Parameter" else None
        name = properties.get("Name") if isinstance(properties, dict) else None
        if name is not None and isinstance(name.value, str):
            found[name.value] = Reference(one.component, one.name, "Value")
    return found


class _Normal:
    """Normalises the properties of one resource."""

    def __init__(self, resource: Resource, passed: _Passed) -> None:
        self.passed = passed
        self.forms = forms(resource.type)
        self.defaults = defaults(resource.type)

    def node(self, node: Node, path: str) -> Node:
        """Return the value at `path` in normal form."""
        form = self.forms.get(path)
        if form is None:
            return self.plain(node, path)
        if form is Form.POLICY:
            return self.policy(node)
        if form is Form.JSON:
            return self.json(node)
        if form is Form.TAGS:
            return self.tags(node)
        if form is Form.LOG_GROUP:
            return Node(_bare(self.scalar(node.value)), node.place)
        found = self.plain(node, path)
        return bag(found) if isinstance(found.value, list) else found

    def plain(self, node: Node, path: str) -> Node:
        """Return a value that has no rule of its own; scalars become text, as AWS takes them in either form."""
        value = node.value
        if isinstance(value, dict):
            entries = {key: self.node(item, f"{path}.{key}" if path else key) for key, item in value.items()}
            return Node(
                {key: item for key, item in entries.items() if not self._is_default(path, key, item)}, node.place
            )
        if isinstance(value, list):
            return Node([self.node(item, f"{path}[]") for item in value], node.place)
        if isinstance(value, Document):
            return Node(Document(self.typed(value.root)), node.place)
        found = self.scalar(value)
        return Node(found if isinstance(found, (str, Atom)) or found is None else as_text(found), node.place)

    def _is_default(self, path: str, key: str, item: Node) -> bool:
        at = f"{path}.{key}" if path else key
        if at in self.defaults:
            return bool(item.value == self.defaults[at])
        # A structure that held nothing but defaults is as good as absent.
        return item.value == {} and any(default.startswith(f"{at}.") for default in self.defaults)

    def scalar(self, value: Any) -> Any:
        """Return a scalar with its references in normal form."""
        return _arns(rewritten(value, self.passed.reference)) if isinstance(value, Atom) else value

    def typed(self, node: Node) -> Node:
        """Return JSON in normal form: the types of scalars stay."""
        value = node.value
        if isinstance(value, dict):
            return Node({key: self.typed(item) for key, item in value.items()}, node.place)
        if isinstance(value, list):
            return Node([self.typed(item) for item in value], node.place)
        if isinstance(value, Document):
            return Node(Document(self.typed(value.root)), node.place)
        return Node(self.scalar(value), node.place)

    def json(self, node: Node) -> Node:
        """Return JSON, or a text that holds it, in normal form."""
        return self.typed(_json(node))

    def tags(self, node: Node) -> Node:
        """Return tags as a map, if they can be one."""
        value = node.value
        if isinstance(value, list):
            pairs = [(_field(item, "Key"), _field(item, "Value")) for item in value]
            keys = [key.value for key, _ in pairs if key is not None]
            whole = all(found is not None for pair in pairs for found in pair)
            if whole and len(set(map(key_of, keys))) == len(pairs) and all(isinstance(key, str) for key in keys):
                value = {str(key.value): item for key, item in pairs if key is not None and item is not None}
        return self.plain(Node(value, node.place), "Tags")

    def policy(self, node: Node) -> Node:
        """Return an IAM policy with its lists as sets, and single members as sets of one.

        Source: IAM User Guide, Grammar of the IAM JSON policy language.
        """
        found = _json(node)
        if not isinstance(found.value, dict):
            return self.plain(found, "(policy)")
        entries = {key: self.plain(item, "(policy)") for key, item in found.value.items() if key != "Statement"}
        if "Statement" in found.value:
            statements = [self.statement(item) for item in _listed(found.value["Statement"])]
            entries["Statement"] = bag(Node(statements, found.value["Statement"].place))
        return Node(entries, found.place)

    def statement(self, node: Node) -> Node:
        """Return one statement of a policy."""
        if not isinstance(node.value, dict):
            return self.plain(node, "(policy)")
        entries = {}
        for key, item in node.value.items():
            if key in _LISTS:
                entries[key] = self.members(item)
            elif key in _PRINCIPALS and isinstance(item.value, dict):
                entries[key] = Node({kind: self.members(who) for kind, who in item.value.items()}, item.place)
            elif key == "Condition" and isinstance(item.value, dict):
                entries[key] = Node(
                    {operator: self.operator(keys) for operator, keys in item.value.items()}, item.place
                )
            else:
                entries[key] = self.plain(item, "(policy)")
        return Node(entries, node.place)

    def operator(self, node: Node) -> Node:
        """Return the keys of a condition's operator with their values."""
        if not isinstance(node.value, dict):
            return self.plain(node, "(policy)")
        return Node({key: self.members(item) for key, item in node.value.items()}, node.place)

    def members(self, node: Node) -> Node:
        """Return one or more texts as a set."""
        return bag(Node([self.plain(item, "(policy)") for item in _listed(node)], node.place))


def bag(node: Node) -> Node:
    """Return a list as one whose order means nothing."""
    return Node(Bag(sorted(node.value, key=key_of)), node.place)


def _json(node: Node) -> Node:
    if isinstance(node.value, Document):
        return node.value.root
    return parsed_json(node.value, node.place) or node


def _listed(node: Node) -> list[Node]:
    return node.value if isinstance(node.value, list) else [node]


def _field(node: Node, key: str) -> Node | None:
    found = node.value.get(key) if isinstance(node.value, dict) and len(node.value) == 2 else None
    return found if isinstance(found, Node) else None


def _arns(value: Any) -> Any:
    """Return a text in which a log group's bare ARN and the ``:*`` after it are its ``Arn``."""
    if not isinstance(value, Text):
        return value
    parts: list[Any] = []
    for part in value.parts:
        before = parts[-1] if parts else None
        match before, part:
            case Reference(component, resource, attribute), str() if attribute == BARE_ARN and part.startswith(":*"):
                parts[-1] = Reference(component, resource, "Arn")
                part = part.removeprefix(":*")
        parts.append(part)
    return text(*parts)


def _bare(value: Any) -> Any:
    if isinstance(value, Reference) and value.attribute == "Arn":
        return Reference(value.component, value.resource, BARE_ARN)
    return value

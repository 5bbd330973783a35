"""Expressions of the Terraform language, evaluated in one module."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from lenie.compiler.verify.terraform.atoms import Names, SecretFields
from lenie.compiler.verify.terraform.functions import NoMatch, Unsupported, call
from lenie.compiler.verify.terraform.syntax import (
    Attribute,
    Call,
    Conditional,
    For,
    Index,
    List,
    Literal,
    Map,
    Name,
    Operation,
    Splat,
    Template,
)
from lenie.compiler.verify.values import Atom, Document, Node, Place, SecretField, Zone, as_text, key_of, text


class Scope(Protocol):
    """What names mean in a module."""

    def traverse(self, root: str, steps: list[tuple[str, Any]], place: Place) -> tuple[Node, int]:
        """Return the value of a name with the first of its steps, and how many steps were used.

        A step is ``("attribute", name)`` or ``("index", key)``.

        Raises:
            Unsupported: if there is nothing of that name.
        """


class Evaluator:
    """Evaluates expressions in `scope`; `names` are the ones that a ``for`` or a ``for_each`` binds."""

    def __init__(self, scope: Scope, names: Mapping[str, Node]) -> None:
        self.scope = scope
        self.names = names

    def value(self, expression: Any) -> Node:
        """Return an expression evaluated.

        Raises:
            Unsupported: if that takes a deployment, or something that is not evaluated here.
        """
        method: Callable[[Any], Node] = getattr(self, f"_{type(expression).__name__.lower()}")
        return method(expression)

    def _literal(self, expression: Literal) -> Node:
        return Node(expression.value, expression.place)

    def _template(self, expression: Template) -> Node:
        parts = [part if isinstance(part, str) else self.part(part) for part in expression.parts]
        return Node(text(*parts), expression.place)

    def part(self, expression: Any) -> Any:
        """Return an expression as a part of a text."""
        found = self.value(expression).value
        if isinstance(found, (dict, list, Document)) or found is None:
            raise Unsupported("only text can stand inside a text", expression.place)
        return found if isinstance(found, (str, Atom)) else as_text(found)

    def _list(self, expression: List) -> Node:
        return Node([self.value(item) for item in expression.items], expression.place)

    def _map(self, expression: Map) -> Node:
        found = {}
        for key, item in expression.items:
            name = self.value(key).value
            if isinstance(name, (Atom, dict, list, Document)) or name is None:
                raise Unsupported("the key of a map is not known", key.place)
            found[as_text(name) if not isinstance(name, str) else name] = self.value(item)
        return Node(found, expression.place)

    def _call(self, expression: Call) -> Node:
        if expression.function == "can" and len(expression.arguments) == 1:
            return self._can(expression.arguments[0], expression.place)
        arguments = [self.value(argument) for argument in expression.arguments]
        if expression.expand:
            *arguments, last = arguments
            arguments += last.value if isinstance(last.value, list) else []
        return call(expression.function, arguments, expression.place)

    def _can(self, argument: Any, place: Place) -> Node:
        """Return whether a text matches: the only thing that programs of the compiler ask with ``can``."""
        if not isinstance(argument, Call) or argument.function != "regex":
            raise Unsupported('"can" is evaluated for "regex" only', place)
        try:
            self.value(argument)
        except NoMatch:
            return Node(False, place)
        return Node(True, place)

    def _conditional(self, expression: Conditional) -> Node:
        return self.value(expression.yes if self.truth(expression.condition) else expression.no)

    def truth(self, expression: Any) -> bool:
        """Return whether a condition holds."""
        found = self.value(expression).value
        if found in ("true", "false"):
            return bool(found == "true")
        if not isinstance(found, bool):
            raise Unsupported("a condition depends on what is known at deployment only", expression.place)
        return found

    def _operation(self, expression: Operation) -> Node:
        operator, place = expression.operator, expression.place
        if operator in ("&&", "||"):
            left = self.truth(expression.left)
            decided = left if operator == "||" else not left
            return Node(left if decided else self.truth(expression.right), place)
        if operator == "!":
            return Node(not self.truth(expression.right), place)
        right = self.value(expression.right)
        if expression.left is None:
            return Node(-_number(right, place), place)
        left_value = self.value(expression.left)
        if operator in ("==", "!="):
            if _unknown(left_value) or _unknown(right):
                raise Unsupported("a comparison depends on what is known at deployment only", place)
            return Node((key_of(left_value) == key_of(right)) == (operator == "=="), place)
        try:
            return Node(_ARITHMETIC[operator](_number(left_value, place), _number(right, place)), place)
        except ArithmeticError:
            raise Unsupported("this cannot be computed", place) from None

    # Traversals.

    def _name(self, expression: Name) -> Node:
        return self._traversal(expression)

    def _attribute(self, expression: Attribute) -> Node:
        return self._traversal(expression)

    def _index(self, expression: Index) -> Node:
        return self._traversal(expression)

    def _traversal(self, expression: Any) -> Node:
        root, steps = expression, []
        while isinstance(root, (Attribute, Index)):
            step = ("attribute", root.name) if isinstance(root, Attribute) else ("index", self._key(root))
            steps.append(step)
            root = root.object
        steps.reverse()
        if not isinstance(root, Name):
            found, used = self.value(root), 0
        elif root.name in self.names:
            found, used = self.names[root.name], 0
        else:
            found, used = self.scope.traverse(root.name, steps, expression.place)
        for _, key in steps[used:]:
            found = step_into(found, key, expression.place)
        return Node(found.value, expression.place) if not isinstance(found.value, (dict, list)) else found

    def _key(self, expression: Index) -> Any:
        found = self.value(expression.key).value
        if isinstance(found, (Atom, dict, list, Document)) or found is None:
            raise Unsupported("an index is not known", expression.place)
        return found

    def _splat(self, expression: Splat) -> Node:
        source = self.value(expression.object)
        if not isinstance(source.value, list):
            raise Unsupported("a splat of what is no list", expression.place)
        members = []
        for member in source.value:
            for step in expression.rest:
                key = step.name if isinstance(step, Attribute) else self._key(step)
                member = step_into(member, key, expression.place)
            members.append(member)
        return Node(members, expression.place)

    def _for(self, expression: For) -> Node:
        source = self.value(expression.source)
        if isinstance(source.value, dict):
            entries: list[tuple[Any, Node]] = sorted(source.value.items())
        elif isinstance(source.value, list):
            entries = list(enumerate(source.value))
        else:
            raise Unsupported("a loop over what is no list or map", expression.place)
        members: list[Node] = []
        found: dict[str, Node] = {}
        for key, item in entries:
            names = {**self.names, expression.value: item}
            if expression.key:
                names[expression.key] = Node(key, item.place)
            inner = Evaluator(self.scope, names)
            if expression.condition is not None and not inner.truth(expression.condition):
                continue
            if expression.label is None:
                members.append(inner.value(expression.body))
                continue
            label = as_text(inner.value(expression.label).value)
            body = inner.value(expression.body)
            if expression.grouped:
                body = Node([*(found[label].value if label in found else []), body], expression.place)
            found[label] = body
        return Node(members if expression.label is None else found, expression.place)


def step_into(node: Node, key: Any, place: Place) -> Node:
    """Return the member `key` of a value.

    Raises:
        Unsupported: if it has none.
    """
    value = node.value
    if isinstance(value, Names) and isinstance(key, int):
        return Node(Zone(key), place)
    if isinstance(value, SecretFields) and isinstance(key, str):
        return Node(SecretField(value.secret, key), place)
    found = None
    if isinstance(value, dict):
        found = value.get(as_text(key))
    elif isinstance(value, list) and isinstance(key, int) and 0 <= key < len(value):
        found = value[key]
    if isinstance(found, Node):
        return found
    raise Unsupported(f'there is no "{key}" here', place)


def _number(node: Node, place: Place) -> Any:
    value = node.value
    if isinstance(value, str):
        try:
            value = float(value) if "." in value else int(value)
        except ValueError:
            value = None
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise Unsupported("this is not a known number", place)
    return value


def _unknown(node: Node) -> bool:
    return isinstance(node.value, (Atom, Document))


_ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b if a % b else a // b,
    "%": lambda a, b: a % b,
    "<": lambda a, b: a < b,
    ">": lambda a, b: a > b,
    "<=": lambda a, b: a <= b,
    ">=": lambda a, b: a >= b,
}

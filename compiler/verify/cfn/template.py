"""One template, evaluated in one environment.

Source: AWS CloudFormation User Guide, intrinsic function reference, pseudo parameters reference, dynamic references.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from typing import Any

from lenie.compiler.verify.cfn.document import Item
from lenie.compiler.verify.cfn.dynamic import secrets
from lenie.compiler.verify.program import Program, Resource
from lenie.compiler.verify.values import (
    Atom,
    Encoded,
    Node,
    Place,
    Pseudo,
    Reference,
    Zone,
    as_text,
    text,
)

PSEUDO = {
    "AWS::Region": "region",
    "AWS::AccountId": "account",
    "AWS::Partition": "partition",
    "AWS::URLSuffix": "url-suffix",
    "AWS::StackName": "stack-name",
    "AWS::StackId": "stack-id",
}
#: What a template may hold beside resources; the rest would change what is deployed in ways that nothing here reads.
SECTIONS = frozenset(
    {"AWSTemplateFormatVersion", "Description", "Metadata", "Parameters", "Mappings", "Conditions", "Resources"}
)
#: What a resource may hold; what is not here becomes a property that no graph has.
_ATTRIBUTES = frozenset(
    {"Type", "Properties", "DependsOn", "DeletionPolicy", "UpdateReplacePolicy", "Metadata", "Condition"}
)
_FUNCTIONS = frozenset(
    {
        "And", "Base64", "Condition", "Equals", "FindInMap", "GetAZs", "GetAtt", "If", "Join", "Not", "Or", "Ref",
        "Select", "Split", "Sub",
    }
)  # fmt: skip
_SUB = re.compile(r"\$\{(!?)([^${}]*)\}")
_DEPTH = 60


class Absent:
    """The result of a property that is ``AWS::NoValue``."""


ABSENT = Node(Absent())


class Unsupported(Exception):
    """A function, or a use of one, that is not evaluated here."""

    def __init__(self, message: str, place: Place) -> None:
        super().__init__(message)
        self.message = message
        self.place = place


class Template:
    """A parsed template with the values of its parameters."""

    def __init__(
        self,
        component: str,
        root: Item,
        given: Callable[[str], Item | None],
        ssm: Callable[..., Any],
        *,
        defaults: bool = False,
        unchecked: Collection[str] = (),
    ) -> None:
        self.component = component
        self.root = root
        self._given = given
        self._defaults = defaults
        #: Parameters whose declaration is a finding already: what it allows means nothing.
        self._unchecked = unchecked
        self._ssm = ssm
        self._parameters: dict[str, Any] = {}
        self._conditions: dict[str, bool] = {}
        self._depth = 0

    def section(self, name: str) -> dict[str, Item]:
        """Return the entries of a section."""
        found = self.root.get(name)
        return found.entries() if found else {}

    def names(self, resource: Item, path: str) -> Any:
        """Return the evaluated property `path` of a resource of this template."""
        properties = resource.get("Properties")
        found = properties.get(path) if properties else None
        return self.value(found).value if found else None

    def resources(self, program: Program) -> tuple[dict[str, Resource], set[str]]:
        """Return the resources that exist in this environment, and the names of those that cannot be evaluated.

        The latter are problems of `program`.
        """
        found: dict[str, Resource] = {}
        unread: set[str] = set()
        section = self.root.get("Resources")
        for name, item in self.section("Resources").items():
            place = section.keys[name] if section else item.place
            try:
                condition = item.get("Condition")
                if condition and not self.condition(_word(condition), condition.place):
                    continue
                found[name] = self._resource(name, item, place)
            except Unsupported as error:
                program.problem("E607", error.message, error.place, component=self.component)
                unread.add(name)
        return found, unread

    def _resource(self, name: str, item: Item, place: Place) -> Resource:
        kind, depends = item.get("Type"), item.get("DependsOn")
        if kind is None or not isinstance(kind.value, str):
            raise Unsupported(f'the resource "{name}" has no type', place)
        properties = item.get("Properties")
        values = self.value(properties) if properties else Node({}, place)
        if not isinstance(values.value, dict):
            raise Unsupported(f'the properties of "{name}" are no map', properties.place if properties else place)
        for key in item.entries().keys() - _ATTRIBUTES:
            values.value[f"({key})"] = self.value(item.entries()[key])
        names = depends.plain() if depends else []
        listed = [names] if isinstance(names, str) else names
        if depends and (not isinstance(listed, list) or not all(isinstance(one, str) for one in listed)):
            raise Unsupported("DependsOn takes the names of resources", depends.place)
        policies = {key: _word(found) for key in ("DeletionPolicy", "UpdateReplacePolicy") if (found := item.get(key))}
        return Resource(
            self.component,
            name,
            kind.value,
            values,
            place,
            set(listed),
            policies.get("DeletionPolicy", ""),
            policies.get("UpdateReplacePolicy", ""),
        )

    def value(self, item: Item) -> Node:
        """Return an item evaluated.

        Raises:
            Unsupported: for a function that is not known, or whose arguments are not what it takes.
        """
        self._depth += 1
        try:
            if self._depth > _DEPTH:
                raise Unsupported("this is nested too deeply, or refers to itself", item.place)
            return self._value(item)
        finally:
            self._depth -= 1

    def _value(self, item: Item) -> Node:
        if item.tag:
            return self._function(item.tag, Item("", item.value, item.place, item.keys))
        if isinstance(item.value, dict):
            if len(item.value) == 1:
                name, argument = next(iter(item.value.items()))
                if name in ("Ref", "Condition") and isinstance(argument.value, str):
                    return self._function(name, argument, item.place)
                if name.startswith("Fn::"):
                    return self._function(name[4:], argument, item.place)
            entries = {key: self.value(inner) for key, inner in item.value.items()}
            return Node({key: found for key, found in entries.items() if found is not ABSENT}, item.place)
        if isinstance(item.value, list):
            members = [self.value(inner) for inner in item.value]
            return Node([found for found in members if found is not ABSENT], item.place)
        return Node(secrets(item.value), item.place)

    def _function(self, name: str, argument: Item, place: Place | None = None) -> Node:
        place = place or argument.place
        method = getattr(self, f"_fn_{name.lower()}", None)
        if method is None or name not in _FUNCTIONS:
            raise Unsupported(f'the function "{name}" is not one that the compiler writes', place)
        try:
            found = method(argument, place)
        except (TypeError, ValueError, AttributeError, KeyError, IndexError):
            raise Unsupported(f'the arguments of "{name}" are not what it takes', place) from None
        return found if isinstance(found, Node) else Node(found, place)

    # What Ref and GetAtt name.

    def _fn_ref(self, argument: Item, place: Place) -> Any:
        name = _word(argument)
        if name == "AWS::NoValue":
            return ABSENT
        if name in PSEUDO:
            return Pseudo(PSEUDO[name])
        if name in self.section("Parameters"):
            return _at(self.parameter(name), place)
        if name in self.section("Resources"):
            return Reference(self.component, name, "Ref")
        raise Unsupported(f'"{name}" is neither a parameter nor a resource', place)

    def _fn_getatt(self, argument: Item, place: Place) -> Any:
        steps = argument.plain()
        name, _, attribute = steps.partition(".") if isinstance(steps, str) else (steps[0], "", ".".join(steps[1:]))
        if name not in self.section("Resources") or not attribute:
            raise Unsupported(f'"{name}" is no resource of this template', place)
        return Reference(self.component, name, attribute)

    def parameter(self, name: str) -> Any:
        """Return the value of a parameter: from the environment's file, or its default.

        Raises:
            Unsupported: if it has none, or the value that it names in SSM is published nowhere.
        """
        if name not in self._parameters:
            item = self.section("Parameters")[name]
            kind, default = item.get("Type"), item.get("Default")
            given = (self._defaults and default) or self._given(name) or default
            if given is None:
                raise Unsupported(f'the parameter "{name}" has no value in this environment', item.place)
            if isinstance(given.value, (dict, list)) or given.tag:
                raise Unsupported(f'the value of the parameter "{name}" is no text', given.place)
            if name not in self._unchecked:
                self._allowed(name, item, as_text(given.value))
            self._parameters[name] = self._typed(name, str(kind.value) if kind else "", given)
        return self._parameters[name]

    def _allowed(self, name: str, item: Item, value: str) -> None:
        """Check a value against what the parameter allows; its elements, where it is a list."""
        pattern, values = item.get("AllowedPattern"), item.get("AllowedValues")
        if values is not None and value not in map(as_text, values.plain() if isinstance(values.value, list) else ()):
            raise Unsupported(f'the parameter "{name}" does not allow the value "{value}"', values.place)
        try:
            fits = pattern is None or re.fullmatch(as_text(pattern.value), value) is not None
        except re.error:
            fits = False
        if not fits and pattern is not None:
            raise Unsupported(
                f'the pattern of the parameter "{name}" does not allow the value "{value}"', pattern.place
            )

    def _typed(self, name: str, kind: str, given: Item) -> Any:
        if kind.startswith("AWS::SSM::Parameter::Value<"):
            return self._ssm(as_text(given.value), given.place)
        if kind == "CommaDelimitedList" or kind.startswith("List<"):
            words = as_text(given.value)
            return [word.strip() for word in words.split(",")] if words else []
        return as_text(given.value)

    # Conditions and mappings.

    def condition(self, name: str, place: Place) -> bool:
        """Return whether a named condition holds."""
        if name not in self._conditions:
            item = self.section("Conditions").get(name)
            if item is None:
                raise Unsupported(f'there is no condition "{name}"', place)
            self._conditions[name] = self._truth(item)
        return self._conditions[name]

    def _truth(self, item: Item) -> bool:
        found = self.value(item).value
        if not isinstance(found, bool):
            raise Unsupported("this is not a condition", item.place)
        return found

    def _fn_condition(self, argument: Item, place: Place) -> Any:
        return self.condition(_word(argument), place)

    def _fn_equals(self, argument: Item, place: Place) -> Any:
        left, right = (self.value(inner).value for inner in self._arguments(argument, 2, place))
        if isinstance(left, (Atom, list, dict)) or isinstance(right, (Atom, list, dict)):
            raise Unsupported("a condition compares what is known at deployment only", place)
        return as_text(left) == as_text(right)

    def _fn_not(self, argument: Item, place: Place) -> Any:
        return not self._truth(self._arguments(argument, 1, place)[0])

    def _fn_and(self, argument: Item, place: Place) -> Any:
        return all(self._truth(inner) for inner in argument.value)

    def _fn_or(self, argument: Item, place: Place) -> Any:
        return any(self._truth(inner) for inner in argument.value)

    def _fn_if(self, argument: Item, place: Place) -> Any:
        name, yes, no = self._arguments(argument, 3, place)
        return self.value(yes if self.condition(_word(name), name.place) else no)

    def _fn_findinmap(self, argument: Item, place: Place) -> Any:
        keys = [str(_scalar(self.value(inner).value, place)) for inner in self._arguments(argument, 3, place)]
        found: Item | None = self.root.get("Mappings")
        for key in keys:
            found = found.get(key) if found else None
        if found is None:
            raise Unsupported(f"the mappings have no value for {'.'.join(keys)}", place)
        return Node(self.value(found).value, found.place)

    # Lists and texts.

    def _fn_select(self, argument: Item, place: Place) -> Any:
        index, source = (self.value(inner) for inner in self._arguments(argument, 2, place))
        if not as_text(index.value).isdecimal() or not isinstance(source.value, (list, _Zones)):
            raise Unsupported("Select takes a number and a list", place)
        number = int(as_text(index.value))
        if isinstance(source.value, _Zones):
            return Zone(number)
        if number >= len(source.value):
            raise Unsupported(f"the list has no element {number}", place)
        return source.value[number]

    def _fn_getazs(self, argument: Item, place: Place) -> Any:
        region = self.value(argument).value
        if region not in ("", Pseudo("region")):
            raise Unsupported("zones of another region than the stack's", place)
        return Node(_Zones(), place)

    def _fn_join(self, argument: Item, place: Place) -> Any:
        separator, source = (self.value(inner) for inner in self._arguments(argument, 2, place))
        if not isinstance(source.value, list) or not isinstance(separator.value, str):
            raise Unsupported("Join takes a text and a list", place)
        members = [member.value if isinstance(member, Node) else member for member in source.value]
        parts = [part for member in members for part in (separator.value, _scalar(member, place))][1:]
        return secrets(text(*parts))

    def _fn_split(self, argument: Item, place: Place) -> Any:
        separator, source = (self.value(inner).value for inner in self._arguments(argument, 2, place))
        if not isinstance(source, str) or not separator:
            raise Unsupported("Split is evaluated for known text only", place)
        return [Node(word, place) for word in source.split(separator)]

    def _fn_base64(self, argument: Item, place: Place) -> Any:
        return Encoded(self.value(argument).value)

    def _fn_sub(self, argument: Item, place: Place) -> Any:
        given: dict[str, Item] = {}
        source = argument.value
        if isinstance(source, list):
            pattern, variables = self._arguments(argument, 2, place)
            source, given = pattern.value, variables.entries()
        if not isinstance(source, str):
            raise Unsupported("Sub takes a text", place)
        parts: list[Any] = []
        end = 0
        for match in _SUB.finditer(source):
            parts.append(source[end : match.start()])
            end = match.end()
            parts.append(f"${{{match[2]}}}" if match[1] else self._named(match[2].strip(), given, place))
        return secrets(text(*parts, source[end:]))

    def _named(self, name: str, given: dict[str, Item], place: Place) -> Any:
        if name in given:
            return _scalar(self.value(given[name]).value, place)
        function = "GetAtt" if "." in name and name not in self.section("Parameters") else "Ref"
        return _scalar(self._function(function, Item("", name, place)).value, place)

    def _arguments(self, argument: Item, number: int, place: Place) -> list[Item]:
        found = argument.value
        if not isinstance(found, list) or len(found) != number:
            raise Unsupported(f"the function takes {number} arguments", place)
        return found


class _Zones(Atom):
    """All zones of the region."""


def _word(item: Item) -> str:
    """Return a name that stands as a plain word.

    Raises:
        Unsupported: if it is anything else.
    """
    if not isinstance(item.value, str) or item.tag:
        raise Unsupported("a name is wanted here", item.place)
    return item.value


def _at(value: Any, place: Place) -> Node:
    if isinstance(value, list):
        return Node([Node(member, place) for member in value], place)
    return Node(value, place)


def _scalar(value: Any, place: Place) -> Any:
    if isinstance(value, (list, dict, Absent)) or value is None:
        raise Unsupported("only text can stand inside a text", place)
    return value if isinstance(value, (str, Atom)) else as_text(value)

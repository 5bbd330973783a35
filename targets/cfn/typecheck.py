"""Type-checks a resource by building it with troposphere, and proves that building it lost and changed nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import product
from types import FunctionType
from typing import Any

from troposphere import BaseAWSObject, GenericHelperFn, Tags

from lenie.compiler.diagnostics import suggest
from lenie.compiler.span import Path
from lenie.targets.cfn.data.additions import ADDITIONS
from lenie.targets.cfn.schema import resource_class
from lenie.targets.wiring.functions import NO_VALUE, is_function
from lenie.targets.wiring.typename import unchecked

#: Called with a code, the property path, the message and the help.
Finding = Callable[[str, Path, str, str], None]
#: Begins the message about a property that its type does not have, which is told at the property's key.
UNKNOWN = "there is no property"

_WORDS: Mapping[type, str] = {str: "text", dict: "a map", list: "a list", bool: "true or false", int: "a whole number"}
#: Functions of CloudFormation that return a text, so they cannot stand for a list or a map.
_TEXT_FUNCTIONS = frozenset({"Fn::Sub", "Fn::Base64", "Fn::Join"})
#: What troposphere's most used validators accept too generously: "true" for true, "5" for 5, true for 1.
_STRICT: Mapping[str, tuple[tuple[type, ...], str]] = {
    "boolean": ((bool,), "true or false"),
    "integer": ((int,), "a whole number"),
    "positive_integer": ((int,), "a whole number"),
    "double": ((int, float), "a number"),
}


def check_resource(type_name: str, properties: dict[str, Any], finding: Finding, *, conditional: bool = True) -> None:
    """Check the long-form `properties` of a resource of `type_name`, in each combination of its conditions.

    `conditional` tells whether there can be any.

    Findings: E503 an unknown, missing or wrong property; E504 a property that troposphere changes; W505 a type that
    troposphere does not know.
    """
    known = resource_class(type_name)
    if known is None:
        message = f"{type_name} is not type-checked: troposphere does not know it"
        finding("W505", (), message, unchecked(type_name))
        return
    told: set[tuple[str, Path, str]] = set()

    def once(code: str, at: Path, message: str, help: str) -> None:
        if (code, at, message) not in told:
            told.add((code, at, message))
            finding(code, at, message, help)

    for variant in _variants(properties) if conditional else (properties,):
        builder = _Builder(type_name, once)
        built = builder.build(known, variant, ())
        if not builder.failed:
            _compare(variant, built.to_dict(validation=False).get("Properties", {}), once)


def _compare(given: dict[str, Any], built: dict[str, Any], finding: Finding) -> None:
    """Report the first property in which `built` is not `given`; `repr` tells 1, 1.0 and true apart."""
    if repr(given) == repr(built):
        return
    changed = next((k for k in given if k not in built or repr(given[k]) != repr(built[k])), "")
    message = f"the property {changed} is not printed as it was given" if changed else "a property was added or moved"
    finding("E504", (changed,) if changed else (), message, "this is a fault of the compiler, not of the spec")


def _variants(properties: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield `properties` without conditions: as they are for each combination of set and unset parameters."""
    names = sorted(set(_conditions(properties)))
    if not names:
        yield properties
        return
    for outcome in product((True, False), repeat=len(names)):
        chosen = dict(zip(names, outcome, strict=True))
        yield {k: _choose(v, chosen) for k, v in properties.items() if _choose(v, chosen) != NO_VALUE}


def _conditions(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if set(value) == {"Fn::If"}:
            yield value["Fn::If"][0]
        for item in value.values():
            yield from _conditions(item)
    elif isinstance(value, list):
        for item in value:
            yield from _conditions(item)


def _choose(value: Any, chosen: Mapping[str, bool]) -> Any:
    """Return `value` with each ``Fn::If`` replaced by the side that holds; what is no value is left out."""
    if isinstance(value, dict):
        if set(value) == {"Fn::If"}:
            name, then, otherwise = value["Fn::If"]
            return _choose(then if chosen[name] else otherwise, chosen)
        return {k: item for k, v in value.items() if (item := _choose(v, chosen)) != NO_VALUE}
    if isinstance(value, list):
        return [item for v in value if (item := _choose(v, chosen)) != NO_VALUE]
    return value


class _Builder:
    """Builds troposphere objects of a resource type, and reports what does not fit at its own property path.

    Values are checked here and put into the objects' property maps: setting them one by one would print troposphere's
    messages to standard error, and name no path.
    """

    def __init__(self, type_name: str, finding: Finding) -> None:
        self.type_name = type_name
        self.finding = finding
        self.failed = False
        self.additions = ADDITIONS.get(type_name, {})

    def fault(self, at: Path, message: str, help: str = "") -> None:
        self.failed = True
        self.finding("E503", at, message, help)

    def build(self, known: Any, properties: Mapping[str, Any], at: Path) -> Any:
        """Return an object of troposphere's class `known` with `properties`."""
        built = known(None)
        failed_before = self.failed
        for name, value in properties.items():
            where = (*at, name)
            if name in known.props:
                built.properties[name] = self.typed(known.props[name][0], value, where)
            else:
                built.properties[name] = self.added(known, value, where)
        for name, (_, required) in known.props.items():
            if required and name not in properties:
                self.fault(at, f"{self.owner(at)} needs the property {name}")
        if self.failed == failed_before:
            self.validated(built, at)
        return built

    def owner(self, at: Path) -> str:
        names = [step for step in at if isinstance(step, str)]
        return ".".join([self.type_name, *names])

    def added(self, known: Any, value: Any, at: Path) -> Any:
        """Return a property that troposphere does not know, if the table of additions does."""
        addition = self.additions.get(".".join(step for step in at if isinstance(step, str)))
        if addition is not None:
            return self.typed(addition, value, at)
        message = f'{UNKNOWN} "{at[-1]}" in {self.owner(at[:-1])}'
        self.fault(at, message, suggest(str(at[-1]), known.props, what="properties"))
        return value

    def validated(self, built: Any, at: Path) -> None:
        """Run the check that troposphere has for the object as a whole."""
        try:
            built.validate()
        except ValueError as error:
            self.fault(at, f"{self.owner(at)}: {_words(error)}")
        except (TypeError, AttributeError, KeyError):
            # Some of these checks take every value for plain data and trip over a function. cfn-lint, which the tests
            # run over every template, checks the same and knows functions.
            pass

    def typed(self, expected: Any, value: Any, at: Path) -> Any:
        """Return `value` as troposphere wants it where it expects `expected`."""
        if is_function(value):
            if next(iter(value)) in _TEXT_FUNCTIONS and _is_structure(expected):
                self.wrong(at, "a list" if isinstance(expected, list) else "a map")
            return GenericHelperFn(value)
        if isinstance(expected, FunctionType):
            return self.validated_value(expected, value, at)
        if isinstance(expected, list):
            return self.sequence(expected, value, at)
        if expected is Tags:
            return self.tags(value, at)
        if isinstance(expected, type) and issubclass(expected, BaseAWSObject):
            if isinstance(value, dict):
                return self.build(expected, value, at)
            self.wrong(at, "a map")
        elif not _is_a(value, expected):
            self.wrong(at, _wanted(expected))
        return value

    def wrong(self, at: Path, wanted: str) -> None:
        self.fault(at, f"{wanted} is wanted for {self.owner(at)}")

    def sequence(self, expected: list[Any], value: Any, at: Path) -> Any:
        if not isinstance(value, list):
            self.wrong(at, "a list")
            return value
        if not expected:
            # A list of anything.
            return value
        # A list of several types takes maps as its first class, and checks the others as they are.
        first = next((t for t in expected if isinstance(t, type) and issubclass(t, BaseAWSObject)), None)
        if first is None and len(expected) > 1:
            expected = [tuple(expected)]
        return [self.typed(first or expected[0], item, (*at, index)) for index, item in enumerate(value)]

    def tags(self, value: Any, at: Path) -> Any:
        """Return a list of tags; troposphere's own constructor would sort them."""
        if not isinstance(value, list):
            self.wrong(at, "a list of tags")
            return value
        for index, tag in enumerate(value):
            if not is_function(tag) and not _is_tag(tag):
                self.wrong((*at, index), "a tag with the texts Key and Value")
        tags = Tags()
        tags.tags = [GenericHelperFn(tag) if is_function(tag) else tag for tag in value]
        return tags

    def validated_value(self, validator: Callable[[Any], Any], value: Any, at: Path) -> Any:
        """Return what troposphere's validator makes of `value`."""
        strict = _STRICT.get(validator.__name__)
        if strict is not None and (
            not isinstance(value, strict[0]) or (isinstance(value, bool) and bool not in strict[0])
        ):
            self.wrong(at, strict[1])
            return value
        try:
            return validator(value)
        except (ValueError, TypeError, AttributeError) as error:
            self.fault(at, f"{self.owner(at)}: {_words(error)}")
            return value


def _is_tag(tag: Any) -> bool:
    """Return whether `tag` is a key and a value, both texts or functions."""
    if not isinstance(tag, dict) or set(tag) != {"Key", "Value"}:
        return False
    return all(isinstance(text, str) or is_function(text) for text in tag.values())


def _is_structure(expected: Any) -> bool:
    if isinstance(expected, list) or expected in (dict, list, Tags):
        return True
    return isinstance(expected, type) and issubclass(expected, BaseAWSObject)


def _is_a(value: Any, expected: Any) -> bool:
    """Return whether plain data is of a type; true and false are no numbers."""
    options = expected if isinstance(expected, tuple) else (expected,)
    if isinstance(value, bool):
        return bool in options or object in options
    return isinstance(value, options) or (isinstance(value, int) and float in options)


def _wanted(expected: Any) -> str:
    options = expected if isinstance(expected, tuple) else (expected,)
    return " or ".join(_WORDS.get(option, "a number") for option in options)


def _words(error: Exception) -> str:
    """Return the message of one of troposphere's checks, if a user can read it."""
    text = str(error.args[0]) if error.args else ""
    technical = "<class" in text or "object" in text or "NoneType" in text or not text
    return "the value does not fit" if technical else text

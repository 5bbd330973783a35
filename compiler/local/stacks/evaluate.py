"""Values of expressions: every intrinsic function that templates may use here.

Source: CloudFormation User Guide, Intrinsic function reference and Pseudo parameters reference.
"""

from __future__ import annotations

import base64
import ipaddress
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from lenie.compiler.local.stacks.errors import Refused
from lenie.compiler.local.stacks.references import VARIABLE, attribute, function
from lenie.compiler.local.stacks.template import Template


class _Nothing:
    """`AWS::NoValue`: what holds it is left out."""

    def __repr__(self) -> str:
        return "AWS::NoValue"


NOTHING = _Nothing()


@dataclass(frozen=True)
class Unknown:
    """What only the execution of a change set will tell: an attribute of a resource that does not exist yet."""

    resource: str
    attribute: str = ""


@dataclass
class Scope:
    """What expressions are evaluated in."""

    template: Template
    #: By name: what `Ref` of a parameter gives.
    parameters: dict[str, Any]
    #: By name: what `Ref` of a pseudo parameter gives.
    pseudo: dict[str, Any]
    #: Called with a resource and an attribute; the attribute is empty for `Ref`.
    resource: Callable[[str, str], Any]
    #: Called with the name of an export.
    imported: Callable[[str], Any]
    #: Names of the availability zones of a region.
    zones: Callable[[str], list[str]]


class Evaluator:
    """Evaluates the expressions of one template in one scope."""

    def __init__(self, scope: Scope) -> None:
        """Evaluate no condition yet."""
        self._scope = scope
        self._conditions: dict[str, bool] = {}

    def value(self, expression: Any) -> Any:
        """Return the value of `expression`; `NOTHING` if it is `AWS::NoValue` itself.

        Raises:
            Refused: if an argument is not what the function takes.
        """
        if isinstance(expression, list):
            return [found for item in expression if (found := self.value(item)) is not NOTHING]
        call = function(expression)
        if call is None:
            if not isinstance(expression, dict):
                return expression
            pairs = ((key, self.value(item)) for key, item in expression.items())
            return {key: found for key, found in pairs if found is not NOTHING}
        name, argument = call
        method = getattr(self, "_" + name.removeprefix("Fn::").lower())
        return method(argument)

    def condition(self, name: str) -> bool:
        """Return whether the condition of that name holds.

        Raises:
            Refused: if the template has no such condition.
        """
        if name not in self._conditions:
            if name not in self._scope.template.conditions:
                raise Refused(f"Template error: Unresolved condition dependency {name}")
            self._conditions[name] = self._truth(self._scope.template.conditions[name])
        return self._conditions[name]

    def _ref(self, name: Any) -> Any:
        if name == "AWS::NoValue":
            return NOTHING
        if name in self._scope.pseudo:
            return self._scope.pseudo[name]
        if name in self._scope.parameters:
            return self._scope.parameters[name]
        return self._scope.resource(str(name), "")

    def _getatt(self, argument: Any) -> Any:
        return self._scope.resource(*attribute(argument))

    def _sub(self, argument: Any) -> Any:
        text, own = argument if isinstance(argument, list) else (argument, {})
        unknown: list[Unknown] = []

        def put(match: Any) -> str:
            literal, name = match.groups()
            if literal:
                return f"${{{name}}}"
            resource, dot, path = name.partition(".")
            found = (
                self.value(own[name])
                if name in own
                else self._scope.resource(resource, path)
                if dot
                else self._ref(name)
            )
            if isinstance(found, Unknown):
                unknown.append(found)
            return self._text(found, "Fn::Sub")

        replaced = VARIABLE.sub(put, text)
        return unknown[0] if unknown else replaced

    def _join(self, argument: Any) -> Any:
        separator, items = self._pair(argument, "Fn::Join")
        values = self.value(items)
        if isinstance(values, Unknown):
            return values
        if not isinstance(values, list):
            raise Refused(
                "Template error: every Fn::Join object requires two parameters, (1) a string delimiter and (2) a list "
                "of strings to be joined or a function that returns a list of strings"
            )
        unknown = next((item for item in values if isinstance(item, Unknown)), None)
        return unknown or str(separator).join(self._text(item, "Fn::Join") for item in values)

    def _split(self, argument: Any) -> Any:
        separator, source = self._pair(argument, "Fn::Split")
        text = self.value(source)
        return text if isinstance(text, Unknown) else self._text(text, "Fn::Split").split(separator)

    def _select(self, argument: Any) -> Any:
        index, items = (self.value(part) for part in self._pair(argument, "Fn::Select"))
        if isinstance(items, Unknown):
            return items
        try:
            if int(index) < 0:
                raise IndexError
            return items[int(index)]
        except (ValueError, TypeError, IndexError):
            raise Refused(f"Template error: Fn::Select cannot select nonexistent value at index {index}") from None

    def _findinmap(self, argument: Any) -> Any:
        parts = [self.value(part) for part in argument] if isinstance(argument, list) else []
        if len(parts) != 3:
            raise Refused(
                "Template error: every Fn::FindInMap object requires three parameters, the map name, map key and the "
                "attribute for return value"
            )
        found: Any = self._scope.template.mappings
        for part in parts:
            if not isinstance(found, dict) or str(part) not in found:
                raise Refused(f"Template error: Unable to get mapping for {'::'.join(str(part) for part in parts)}")
            found = found[str(part)]
        return found

    def _if(self, argument: Any) -> Any:
        if not isinstance(argument, list) or len(argument) != 3:
            raise Refused("Template error: Fn::If requires a list argument with three elements")
        return self.value(argument[1] if self.condition(str(argument[0])) else argument[2])

    def _equals(self, argument: Any) -> bool:
        left, right = (self.value(part) for part in self._pair(argument, "Fn::Equals"))
        return bool(_plain(left) == _plain(right))

    def _not(self, argument: Any) -> bool:
        if not isinstance(argument, list) or len(argument) != 1:
            raise Refused("Template error: Fn::Not requires a list argument with one element")
        return not self._truth(argument[0])

    def _and(self, argument: Any) -> bool:
        return all(self._truths(argument, "Fn::And"))

    def _or(self, argument: Any) -> bool:
        return any(self._truths(argument, "Fn::Or"))

    def _condition(self, name: str) -> bool:
        return self.condition(name)

    def _base64(self, argument: Any) -> Any:
        text = self.value(argument)
        return text if isinstance(text, Unknown) else base64.b64encode(self._text(text, "Fn::Base64").encode()).decode()

    def _getazs(self, argument: Any) -> list[str]:
        return self._scope.zones(str(self.value(argument) or self._scope.pseudo["AWS::Region"]))

    def _importvalue(self, argument: Any) -> Any:
        return self._scope.imported(self._text(self.value(argument), "Fn::ImportValue"))

    def _cidr(self, argument: Any) -> Any:
        parts = [self.value(part) for part in argument] if isinstance(argument, list) else []
        if any(isinstance(part, Unknown) for part in parts):
            return next(part for part in parts if isinstance(part, Unknown))
        try:
            block = ipaddress.ip_network(parts[0])
            bits = int(parts[2]) if len(parts) > 2 else (64 if block.version == 6 else 8)
            blocks = block.subnets(new_prefix=block.max_prefixlen - bits)
            return [str(found) for found, _ in zip(blocks, range(int(parts[1])), strict=False)]
        except (ValueError, IndexError, TypeError):
            raise Refused(
                "Template error: every Fn::Cidr object requires a CIDR block, a count and optional bits"
            ) from None

    def _truths(self, argument: Any, name: str) -> list[bool]:
        if not isinstance(argument, list) or not 2 <= len(argument) <= 10:
            raise Refused(f"Template error: {name} requires a list argument with two to ten elements")
        return [self._truth(item) for item in argument]

    def _truth(self, expression: Any) -> bool:
        found = self.value(expression)
        if not isinstance(found, bool):
            raise Refused("Template error: every condition must be a boolean function")
        return found

    @staticmethod
    def _pair(argument: Any, name: str) -> tuple[Any, Any]:
        if not isinstance(argument, list) or len(argument) != 2:
            raise Refused(f"Template error: {name} requires a list argument with two elements")
        return argument[0], argument[1]

    @staticmethod
    def _text(value: Any, name: str) -> str:
        if isinstance(value, Unknown):
            return ""
        if isinstance(value, (list, dict)) or value is NOTHING or value is None:
            raise Refused(f"Template error: {name} takes strings")
        return str(_plain(value))


def _plain(value: Any) -> Any:
    """Return a scalar as the text that CloudFormation makes of it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, (int, float)) else value

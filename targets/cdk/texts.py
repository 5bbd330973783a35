"""Texts with values in them: f-strings for what the app knows, `Fn.sub` for what only CloudFormation knows.

What is synthesized has to be what the CloudFormation target writes for that environment, to the letter. Where a value
would be read as something else (a `${` in a setting, a quotation mark in JSON), each environment has a text of its own.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import pairwise
from typing import Any, NamedTuple

from lenie.compiler.expressions import (
    AttributeOf,
    AvailabilityZone,
    Base64,
    EnvironmentName,
    Expression,
    Interpolation,
    JsonText,
    ParameterItem,
    ParameterValue,
    PerEnvironment,
    Pseudo,
    PublicParameter,
    SecretField,
    Value,
    as_part,
    rewrite,
)
from lenie.compiler.graph import Graph
from lenie.compiler.span import Path
from lenie.compiler.specialise import evaluate
from lenie.targets.base import Mark
from lenie.targets.cdk.code import Atom, Bracketed, Code, Entry, Lookup, Text, call
from lenie.targets.cdk.module import LONG_TEXT, Module
from lenie.targets.cdk.settings import SETTING, Setting, Settings
from lenie.targets.cdk.text import Filled, one_line
from lenie.targets.cdk.tokens import refused_token, token_in
from lenie.targets.wiring.functions import PSEUDO
from lenie.targets.wiring.jsontext import json_parts
from lenie.targets.wiring.substitution import Reference, Variable, filled

#: Called with the property path, the message and the help for what CDK cannot express.
Problem = Callable[[Path, str, str], None]


class Known(NamedTuple):
    """A part of a text that the app knows: the code, and the setting."""

    code: str
    setting: Setting


Part = str | Known | Reference | Variable


class Texts:
    """Prints the texts of one component."""

    def __init__(
        self,
        graph: Graph,
        settings: Settings,
        module: Module,
        reference: Callable[[AttributeOf | PublicParameter], str],
        taken: frozenset[str],
        problem: Problem,
    ) -> None:
        """`reference` returns what ``Fn::Sub`` calls an attribute; no variable of it may be called as in `taken`."""
        self.graph = graph
        self.settings = settings
        self.module = module
        self.reference = reference
        self.taken = taken
        self.problem = problem
        #: What a long text would be called at the head of the module.
        self.name = ""
        #: What stands in which lines of the JSON text in hand.
        self.marks: list[Mark] = []

    def code(self, value: str | Expression, at: Path) -> Code:
        """Return a text, or a scalar expression as text, at property path `at`."""
        parts = self.parts(value, at, self.graph.environments[0])
        marks = self.marks if isinstance(value, JsonText) else []
        for part in parts:
            if isinstance(part, str) and (token := token_in(part)) is not None:
                self.problem(at, *refused_token(token))
        if all(self.is_exact(value, parts, environment, at) for environment in self.questionable(value, parts)):
            return self.printed(parts, at, marks)
        rows = []
        for environment in self.graph.environments:
            inlined = rewrite(value, _inline(environment))
            assert isinstance(inlined, (str, Expression)), "a text stays one"
            own = self.parts(inlined, at, environment)
            marks = self.marks if isinstance(value, JsonText) else []
            if not self.is_exact(value, own, environment, at):
                message = f"in {environment}, a parameter's value would be read as a part of the text around it"
                self.problem(at, message, 'take "${", quotation marks, backslashes and line ends out of the value')
                return Atom("None")
            rows.append(Entry(self.printed(own, at, marks), f"{one_line((environment,))}: "))
        return Lookup(Bracketed("{", rows, "}"), self.settings.code(EnvironmentName()))

    def printed(self, parts: list[Part], at: Path, marks: list[Mark]) -> Code:
        """Return the code of a text in parts, which stands at property path `at`; `marks` tells what its lines say."""
        variables: dict[str, str] = {}
        pieces: list[Any] = list(parts)
        substituted = any(isinstance(part, (Reference, Variable)) for part in parts)
        if substituted:
            pieces, variables = filled(parts, self.taken)
        shown = [Filled(piece.code) if isinstance(piece, Known) else piece for piece in pieces]
        text: Code = Text(shown or [""])
        if all(isinstance(piece, str) for piece in shown):
            whole = "".join(piece for piece in shown if isinstance(piece, str))
            is_long = whole.count("\n") > LONG_TEXT
            text = Atom(self.module.constant(self.name, whole, at, marks)) if is_long else Text((whole,))
        if not substituted:
            return text
        arguments = [text]
        if variables:
            # All are code, but for the dollar that cannot be escaped.
            rows = (Entry(Atom('"$"' if v == "$" else v), f'"{name}": ') for name, v in variables.items())
            arguments.append(Bracketed("{", rows, "}"))
        return call(self.module.use("Fn.sub"), *arguments)

    def questionable(self, value: str | Expression, parts: list[Part]) -> tuple[str, ...]:
        """Return the environments for which to check that the parts give the exact text; in most cases none."""
        settings = [part for part in parts if isinstance(part, Known)]
        if not settings:
            return ()
        if isinstance(value, JsonText):
            self.settings.in_json |= _parameters(settings)
        if not any(isinstance(part, (Reference, Variable)) for part in parts):
            return self.graph.environments if isinstance(value, JsonText) else ()
        self.settings.in_substitutions |= _parameters(settings)
        before = [part for part, following in pairwise(parts) if isinstance(following, Known)]
        if (
            isinstance(value, JsonText)
            or any(isinstance(part, str) and part.endswith("$") for part in before)
            or any("$" in self.value(part, name) for part in settings for name in self.graph.environments)
        ):
            return self.graph.environments
        return ()

    def is_exact(self, value: str | Expression, parts: list[Part], environment: str, at: Path) -> bool:
        """Return whether `parts` give in `environment` what `value` is there, to the letter."""
        known = evaluate(self.graph, environment, value)
        wanted = [as_part(known)] if isinstance(known, (bool, int, float)) else known
        assert isinstance(wanted, (str, list, Expression)), "a text stays one"
        exact = wanted if isinstance(wanted, list) else self.parts(wanted, at, environment)
        return self.simulated(parts, environment) == self.simulated(exact, environment)

    def simulated(self, parts: list[Any], environment: str) -> tuple[str, dict[str, Any]]:
        """Return the text and the variables that `parts` lead to in `environment`."""
        pieces = parts
        variables: dict[str, Any] = {}
        if any(isinstance(part, (Reference, Variable)) for part in parts):
            pieces, variables = filled(parts, self.taken)
        text = "".join(self.value(p, environment) if isinstance(p, Known) else p for p in pieces)
        return text, variables

    def value(self, part: Known, environment: str) -> str:
        """Return the text that a setting is in `environment`."""
        text = as_part(evaluate(self.graph, environment, part.setting))
        assert isinstance(text, str), "settings are plain data"
        return text

    def parts(self, value: str | Expression, at: Path, environment: str) -> list[Part]:
        """Return a text or a scalar expression in parts; `environment` decides how wide settings are in JSON."""
        match value:
            case str():
                return [value]
            case Interpolation(inner):
                return [piece for part in inner for piece in self.parts(part, at, environment)]
            case SecretField(secret, field):
                inside = self.parts(secret, at, environment)
                return ["{{resolve:secretsmanager:", *inside, f":SecretString:{field}}}}}"]
            case JsonText(document):
                return self.json(document, at, environment)
            case ParameterValue(name) if self.graph.parameters[name].is_list:
                self.problem(at, f'a text cannot hold the list parameter "{name}"', "use it where a list is wanted")
                return []
            case EnvironmentName() | ParameterValue() | ParameterItem() | PerEnvironment():
                code = self.settings.code(value)
                return [Known(f"str({code}).lower()" if self.settings.type(value) == "bool" else code, value)]
            case Pseudo(name):
                return [Reference(PSEUDO[name])]
            case AttributeOf() | PublicParameter():
                return [Reference(self.reference(value))]
            case AvailabilityZone(index):
                zones = f"{self.module.use('Fn')}.select({index}, Fn.get_azs())"
                return [Variable("AvailabilityZone", zones)]
            case Base64(text):
                assert isinstance(text, (str, Expression)), "a text is encoded"
                inner_text = call(self.module.use("Fn.base64"), self.code(text, at))
                return [Variable("Base64", inner_text.flat)]
        raise TypeError(f"no rule for {type(value).__name__}")

    def json(self, document: Value, at: Path, environment: str) -> list[Part]:
        """Return `document` as JSON text in parts."""

        def width(expression: Expression) -> int:
            if not isinstance(expression, SETTING):
                return _UNKNOWN_WIDTH
            text = as_part(evaluate(self.graph, environment, expression))
            assert isinstance(text, str), "settings are plain data"
            return len(json.dumps(text, ensure_ascii=False)) - 2

        pieces: list[Part] = []
        self.marks = []
        for part in json_parts(document, self.is_bare, width, self.marks):
            pieces += self.parts(part, at, environment)
        return pieces

    def is_bare(self, value: Expression) -> bool:
        """Return whether an expression is a number or a flag, which JSON writes without quotes."""
        return isinstance(value, SETTING) and self.settings.type(value) in ("int", "float", "bool")


#: How wide the layout of JSON takes what CloudFormation fills in.
_UNKNOWN_WIDTH = 20


def _parameters(parts: list[Known]) -> set[str]:
    """Return the names of the parameters in `parts`."""
    return {part.setting.name for part in parts if isinstance(part.setting, (ParameterValue, ParameterItem))}


def _inline(environment: str) -> Callable[[Expression], Value]:
    """Return what replaces all that no deployment changes by its value in `environment`."""

    def change(value: Expression) -> Value:
        if isinstance(value, EnvironmentName):
            return environment
        return dict(value.values)[environment] if isinstance(value, PerEnvironment) else value

    return change

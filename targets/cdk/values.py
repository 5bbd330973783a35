"""Property values as Python: typed where the construct is, plain data where it takes JSON."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lenie.compiler.diagnostics import suggest
from lenie.compiler.expressions import (
    AttributeOf,
    AvailabilityZone,
    Base64,
    EnvironmentName,
    Expression,
    ParameterItem,
    ParameterValue,
    PerEnvironment,
    Pseudo,
    PublicParameter,
    Value,
    WhenParameter,
    walk,
)
from lenie.compiler.graph import Component, Graph
from lenie.compiler.span import Path
from lenie.targets.cdk.catalogue import Construct, Property, alternatives, construct, element
from lenie.targets.cdk.code import NONE, Atom, Bracketed, Choice, Code, Entry, Text, call
from lenie.targets.cdk.decide import ABSENT, decide
from lenie.targets.cdk.module import LONG_TEXT, Module
from lenie.targets.cdk.settings import Setting, Settings
from lenie.targets.cdk.text import one_line
from lenie.targets.cdk.texts import Texts
from lenie.targets.cdk.tokens import refused_token, token_in
from lenie.targets.wiring.functions import REFUSED_VALUE, exists, is_function, refused_function
from lenie.targets.wiring.names import Names

#: Called with a code, the property path, the message and the help.
Finding = Callable[[str, Path, str, str], None]
#: Begins the message about a property that its type does not have, which is told at the property's key.
UNKNOWN = "there is no property"

_WORDS = {"s": "text", "n": "a number", "b": "true or false", "d": "a date", "t": "a tag", "[": "a list"}
_TYPES = {"str": "s", "int": "n", "float": "n", "bool": "b"}
#: What jsii takes for one of its references, and JavaScript for a prototype.
_RESERVED_KEYS = ("__proto__", "$jsii.")
#: The largest whole number that a number of JavaScript holds exactly.
_MAX_INTEGER = 2**53 - 1
#: JSON: data of any shape.
ANY = "*"


class Values:
    """Prints the values of one component's resources, and remembers what they use."""

    def __init__(
        self,
        graph: Graph,
        component: Component,
        names: Names,
        settings: Settings,
        module: Module,
        variables: dict[Any, str],
        finding: Finding,
    ) -> None:
        """`variables` names the variable of each resource, by its id, and of each value from outside."""
        self.graph = graph
        self.component = component
        self.names = names
        self.settings = settings
        self.module = module
        self.variables = variables
        self.finding = finding
        self.texts = Texts(graph, settings, module, self._reference, frozenset(names.taken), self.cannot)
        #: Ids of resources, and values from outside, that the code mentions by their variables.
        self.mentioned: set[Any] = set()
        #: Values from outside -> the conditions under which each use of it stands.
        self.taken: dict[AttributeOf | PublicParameter, set[tuple[str, ...]]] = {}
        self.type_name = ""
        self.comments: dict[Path, tuple[str, ...]] = {}
        self._when: list[str] = []

    # -- what is told ---------------------------------------------------------------------------------------------

    def cannot(self, at: Path, message: str, help: str) -> None:
        """Report a value that CDK cannot carry."""
        self.finding("E502", at, message, help)

    def _owner(self, at: Path) -> str:
        """Return the type with the property path: ``AWS::SQS::Queue.RedrivePolicy``."""
        return ".".join([self.type_name, *(step for step in at if isinstance(step, str))])

    def _wrong(self, at: Path, kind: str) -> Code:
        """Report a value of another type than the property takes."""
        wanted = " or ".join(dict.fromkeys(_WORDS.get(k[0], "a map") for k in alternatives(kind)))
        self.finding("E503", at, f"{wanted} is wanted for {self._owner(at)}", "")
        return NONE

    # -- typed values ---------------------------------------------------------------------------------------------

    def keywords(self, known: dict[str, Property], values: dict[str, Value], at: Path, found: Construct) -> list[Entry]:
        """Return the properties `values` of a construct or structure that has the properties `known`, as arguments."""
        entries = []
        for name, value in values.items():
            where = (*at, name)
            target = known.get(name)
            if target is None:
                message = f'{UNKNOWN} "{name}" in {self._owner(at)}'
                self.finding("E503", where, message, suggest(name, known, what="properties"))
                continue
            code = self.typed(value, target.kind, where, found)
            entries.append(Entry(code, f"{target.python}=", self.comments.get(where, ()), where))
        for name, target in known.items():
            if target.required and (name not in values or isinstance(values[name], WhenParameter)):
                self.finding("E503", at, f"{self._owner(at)} needs the property {name}", "")
        return entries

    def typed(self, value: Value, kind: str, at: Path, found: Construct) -> Code:
        """Return `value` as the construct `found` takes it where it expects `kind`."""
        if kind == "x":
            self.cannot(at, f"aws-cdk-lib fails on {self._owner(at)}", "leave it out")
            return NONE
        if isinstance(value, WhenParameter):
            return self._conditional(value, lambda inner: self.typed(inner, kind, at, found))
        if isinstance(value, Expression):
            return self._coerced(value, kind, at)
        options = alternatives(kind)
        if isinstance(value, dict):
            return self._map(value, kind, options, at, found)
        if isinstance(value, list):
            option = next((o for o in options if o[0] == "["), "")
            if option:
                inner = element(option)
                return self._sequence(value, at, lambda item, where: self.typed(item, inner, where, found))
            return self.data(value, at) if "j" in options else self._wrong(at, kind)
        if not exists(value):
            self.cannot(at, *REFUSED_VALUE)
            return NONE
        return self._scalar(value, kind, options, at)

    def _map(self, value: dict[str, Value], kind: str, options: list[str], at: Path, found: Construct) -> Code:
        if is_function(value):
            self.cannot(at, *refused_function(next(iter(value))))
            return NONE
        if "t" in options:
            if set(value) != {"Key", "Value"}:
                return self._wrong(at, kind)
            text = {"Key": Property("Key", "", True, "s"), "Value": Property("Value", "", True, "s")}
            tag = self.module.use("CfnTag")
            return Bracketed(f"{tag}(", self.keywords(text, value, at, found), ")")
        structures = [o for o in options if o[0].isupper()]
        if structures:
            # Of several, the one that has all the properties.
            name = next((s for s in structures if set(value) <= set(found.structure(s))), structures[0])
            owner = f"{self.module.service(found.module)}.{found.name}"
            return Bracketed(f"{owner}.{name}Property(", self.keywords(found.structure(name), value, at, found), ")")
        option = next((o for o in options if o[0] == "{"), "")
        if option:
            inner = element(option)
            return self._mapping(value, at, lambda item, where: self.typed(item, inner, where, found))
        return self.data(value, at) if "j" in options else self._wrong(at, kind)

    def _scalar(self, value: str | float | bool, kind: str, options: list[str], at: Path) -> Code:
        if isinstance(value, str):
            return self._plain_text(value, at) if "s" in options else self._wrong(at, kind)
        if ("b" if isinstance(value, bool) else "n") in options:
            return self._number(value, at)
        if "s" in options:
            # CloudFormation makes no difference; the construct does.
            return Text(("true" if value is True else "false" if value is False else str(value),))
        return self._wrong(at, kind)

    def _number(self, value: float | bool, at: Path) -> Code:
        if (abs(value) > _MAX_INTEGER and isinstance(value, int)) or token_in(repr(value)) is not None:
            self.cannot(at, f"CDK cannot carry the number {value} exactly", 'write it as a text: "..."')
        return Atom(repr(value))

    def _plain_text(self, value: str, at: Path) -> Code:
        if (token := token_in(value)) is not None:
            self.cannot(at, *refused_token(token))
        if value.count("\n") <= LONG_TEXT:
            return Text((value,))
        return Atom(self.module.constant(self._text_name(at), value, at))

    def _text_name(self, at: Path) -> str:
        """Return what the text at `at` would be called: the resource and its last property."""
        return "_".join([self.texts_owner, next((s for s in reversed(at) if isinstance(s, str)), "text")])

    texts_owner = ""

    # -- JSON -----------------------------------------------------------------------------------------------------

    def data(self, value: Value, at: Path) -> Code:
        """Return `value` as it stands in JSON."""
        if isinstance(value, WhenParameter):
            return self._conditional(value, lambda inner: self.data(inner, at))
        if isinstance(value, Expression):
            return self._coerced(value, ANY, at)
        if isinstance(value, dict):
            if is_function(value):
                self.cannot(at, *refused_function(next(iter(value))))
            return self._mapping(value, at, self.data)
        if isinstance(value, list):
            return self._sequence(value, at, self.data)
        if not exists(value):
            self.cannot(at, *REFUSED_VALUE)
            return NONE
        return self._plain_text(value, at) if isinstance(value, str) else self._number(value, at)

    def _mapping(self, value: dict[str, Value], at: Path, item: Callable[[Value, Path], Code]) -> Code:
        entries = []
        for key, inner in value.items():
            if key.startswith(_RESERVED_KEYS) or token_in(key) is not None:
                self.cannot((*at, key), f'CDK takes the key "{key}" for something of its own', "name it differently")
            where = (*at, key)
            lead = f"{one_line((key,))}: "
            comments = self.comments.get(where, ())
            if isinstance(inner, WhenParameter):
                entries.append(Entry(self._optional(inner, where, item, lead), "", comments, where))
            else:
                entries.append(Entry(item(inner, where), lead, comments, where))
        return Bracketed("{", entries, "}")

    def _sequence(self, value: list[Value], at: Path, item: Callable[[Value, Path], Code]) -> Code:
        entries = []
        for index, inner in enumerate(value):
            where = (*at, index)
            code = self._optional(inner, where, item) if isinstance(inner, WhenParameter) else item(inner, where)
            entries.append(Entry(code, "", self.comments.get(where, ()), where))
        return Bracketed("[", entries, "]")

    def _optional(self, value: WhenParameter, at: Path, item: Callable[[Value, Path], Code], lead: str = "") -> Code:
        """Return an element, or an item after its key `lead`, that exists only if a parameter is set, or is not."""
        opening, closing, star = ("{", "}", "**") if lead else ("[", "]", "*")
        there = self._under(value, lambda: Bracketed(opening, [Entry(item(value.value, at), lead)], closing))
        nothing = Atom(opening + closing)
        then, otherwise = (there, nothing) if value.is_set else (nothing, there)
        return Choice(self._condition(value.name), then, otherwise, star)

    # -- expressions ----------------------------------------------------------------------------------------------

    def _conditional(self, value: WhenParameter, print_value: Callable[[Value], Code]) -> Code:
        """Return a value that exists only if a parameter is set, or is not."""
        there = self._under(value, lambda: print_value(value.value))
        sides = (there, NONE) if value.is_set else (NONE, there)
        return Choice(self._condition(value.name), *sides)

    def _under(self, value: WhenParameter, print_value: Callable[[], Code]) -> Code:
        condition = self._condition(value.name)
        self._when.append(condition if value.is_set else f"not {condition}")
        code = print_value()
        self._when.pop()
        return code

    def _condition(self, parameter: str) -> str:
        """Return the condition that a parameter of the spec is set."""
        return self.settings.code(ParameterValue(parameter))

    def _coerced(self, value: Expression, kind: str, at: Path) -> Code:
        """Return an expression as it is taken where `kind` is expected."""
        match value:
            case EnvironmentName() | ParameterValue() | ParameterItem() | PerEnvironment():
                return self._setting(value, kind, at)
            case Pseudo(name):
                return self._token(Atom(self.module.use(f"Aws.{_PSEUDO[name]}")), kind, at)
            case AvailabilityZone(index):
                zones = call("Fn.get_azs")
                return self._token(call(self.module.use("Fn.select"), Atom(str(index)), zones), kind, at)
            case PublicParameter():
                return self._token(Atom(self._outside(value)), kind, at)
            case AttributeOf():
                return self._attribute(value, kind, at)
        undecided = next((e for e in walk(value) if isinstance(e, WhenParameter)), None)
        if undecided is not None:
            return self._decided(value, undecided.name, kind, at)
        if isinstance(value, Base64):
            assert isinstance(value.text, (str, Expression)), "a text is encoded"
            self.texts.name = self._text_name(at)
            return self._token(call(self.module.use("Fn.base64"), self.texts.code(value.text, at)), kind, at)
        self.texts.name = self._text_name(at)
        code = self.texts.code(value, at)
        if isinstance(code, Bracketed):
            return self._token(code, kind, at)
        return code if {"s", ANY} & set(alternatives(kind)) else self._wrong(at, kind)

    def _decided(self, value: Expression, parameter: str, kind: str, at: Path) -> Code:
        """Return a text that says one thing if a parameter is set, and another if it is not."""
        sides = []
        for is_set in (True, False):
            inner = decide(value, parameter, is_set)
            assert inner is not ABSENT, "a text is always there"
            sides.append(
                self._under(
                    WhenParameter(parameter, "", is_set),
                    lambda inner=inner: self.data(inner, at) if kind == ANY else self._either(inner, kind, at),  # type: ignore[misc]
                )
            )
        return Choice(self._condition(parameter), sides[0], sides[1])

    def _either(self, value: Value, kind: str, at: Path) -> Code:
        if isinstance(value, str):
            return self._plain_text(value, at) if "s" in alternatives(kind) else self._wrong(at, kind)
        assert isinstance(value, Expression), "a text stays one"
        return self._coerced(value, kind, at)

    def _setting(self, value: Setting, kind: str, at: Path) -> Code:
        """Return what the app knows: it has to have the type that is wanted."""
        type_ = self.settings.type(value)
        code = self.settings.code(value)
        options = alternatives(kind)
        if type_ == "tuple[str, ...]":
            return Atom(f"list({code})") if {"[s", ANY} & set(options) else self._wrong(at, kind)
        if _TYPES[type_] in options or kind == ANY:
            return Atom(code)
        if "s" in options:
            # CloudFormation makes no difference; the construct does.
            return Atom(f"str({code}).lower()" if type_ == "bool" else f"str({code})")
        return self._wrong(at, kind)

    def _token(self, code: Code, kind: str, at: Path) -> Code:
        """Return the text `code`, which CloudFormation will know, as it is taken where `kind` is expected."""
        options = alternatives(kind)
        if {"s", "j", ANY} & set(options):
            return code
        if "n" in options:
            return call(self.module.use("Token.as_number"), code)
        if "b" in options:
            return call(self.module.use("Token.as_any"), code)
        if "[s" in options:
            return call(self.module.use("Token.as_list"), code)
        return self._wrong(at, kind)

    def _attribute(self, value: AttributeOf, kind: str, at: Path) -> Code:
        """Return an attribute of a resource of this component, or the variable that holds another one's."""
        if value.component != self.component.name:
            return self._token(Atom(self._outside(value)), kind, at)
        variable = self.variables[value.resource]
        self.mentioned.add(value.resource)
        if value.attribute == "Ref":
            return self._token(Atom(f"{variable}.ref"), kind, at)
        found = construct(self.component.resources[value.resource].type)
        known = found.attributes.get(value.attribute) if found is not None else None
        if known is not None and known.kind == "s":
            return self._token(Atom(f"{variable}.{known.member}"), kind, at)
        # Its type may be any, so it is taken as what CDK calls a reference.
        reference = call(f"{variable}.get_att", Text((value.attribute,)))
        options = alternatives(kind)
        for option, conversion in (("s", "as_string"), ("n", "as_number"), ("[s", "as_list")):
            if option in options:
                return call(self.module.use(f"Token.{conversion}"), reference)
        return reference if {"b", "j", ANY} & set(options) else self._wrong(at, kind)

    # -- values from outside --------------------------------------------------------------------------------------

    def _outside(self, value: AttributeOf | PublicParameter) -> str:
        """Return the variable that holds a value from outside of this stack."""
        self._take(value)
        self.mentioned.add(value)
        return self.variables[value]

    def _take(self, value: AttributeOf | PublicParameter) -> None:
        self.taken.setdefault(value, set()).add(tuple(dict.fromkeys(self._when)))

    def _reference(self, value: AttributeOf | PublicParameter) -> str:
        """Return what ``Fn::Sub`` calls an attribute of a resource, or a value from outside."""
        if isinstance(value, AttributeOf) and value.component == self.component.name:
            return value.resource if value.attribute == "Ref" else f"{value.resource}.{value.attribute}"
        self._take(value)
        return self.names.parameters[value]


_PSEUDO = {"region": "REGION", "account": "ACCOUNT_ID", "partition": "PARTITION", "url-suffix": "URL_SUFFIX"}

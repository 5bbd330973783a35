"""What a fault of form is in the user's words, and how to mend it: the models' own errors name Python's types."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from types import UnionType
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic_core import ErrorDetails, PydanticCustomError

from lenie.compiler.diagnostics import suggest
from lenie.compiler.sources import SOURCE
from lenie.compiler.spec import kebab
from lenie.compiler.types import Template, parse_text

_WANTED = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "finite_number": "a number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "list_type": "a list",
    "tuple_type": "a list",
    "dict_type": "a map",
    "model_type": "a map",
    "model_attributes_type": "a map",
}
_IDENTIFIER = (
    "no name that PostgreSQL takes without quotes",
    "begin with a small letter, then use small letters, digits and _, 63 in all: lenie_app",
)
#: Pattern of a field -> what a text that does not match is, and how to write one.
FORMS: dict[str, tuple[str, str]] = {
    SOURCE: (
        "no directory below the spec's `code`",
        "write its path from there with letters, digits, ., _ and -: url_add, tools/url_add",
    ),
    "^[a-z][a-z0-9_]{0,62}$": _IDENTIFIER,
    r"^db\.[a-z0-9-]+\.[a-z0-9]+$": ("no class of database instances", "write db.FAMILY.SIZE: db.t4g.micro"),
    "^/dev/[a-z0-9]+$": ("no name of a device", "write it as the image does: /dev/xvda"),
    r"^[\w+=,.@-]+(/[\w+=,.@-]+)*$": (
        "no name of a managed policy",
        "write its name, with its path and without its ARN: AmazonSSMManagedInstanceCore",
    ),
    r"^[A-Za-z0-9_-]{1,128}$": ("no name of a stage", "use up to 128 letters, digits, _ and -: v1"),
    "^[A-Za-z0-9_.-]{3,255}$": ("no name of an index", "use 3 to 255 letters, digits, _, - and .: by-date"),
    r"^1\.[0-9]{1,3}$": ("no version of Kubernetes", "write major and minor version in quotes, such as 1.36"),
    r"^[0-9]+\.[0-9]+\.[0-9]+$": ("no version of a Helm chart", "write three numbers: 3.14.0"),
    r"^v[0-9]+\.[0-9]+\.[0-9]+-eksbuild\.[0-9]+$": (
        "no version of an add-on of EKS",
        "write it as AWS does: v1.65.0-eksbuild.1",
    ),
    r"^[a-z][a-z0-9-]*\.[a-z0-9-]+$": ("no instance type", "write FAMILY.SIZE: t3.medium"),
    r"^(al2023|bottlerocket)@(latest|v[0-9][0-9a-z.]{0,17})$": (
        "no alias of an image",
        "write FAMILY@RELEASE: al2023@v20261105, bottlerocket@v1.50.0, al2023@latest",
    ),
    "^[a-z]{1,4}$": ("no family of instance types", "write its letters: c, m, r"),
    r"^AWS::[A-Za-z0-9]+::[A-Za-z0-9]+$": ("no type of CloudFormation", "write it as in AWS::SQS::Queue"),
}


def words(detail: ErrorDetails, model: type[BaseModel], given: Any) -> tuple[str, str]:
    """Return message and help for an error of `model`; `given` is the plain value at its place in the spec."""
    kind, context = detail["type"], detail.get("ctx", {})
    if isinstance(given, str) and "${" in given and _only_refers(given, kind, detail["msg"]):
        return "no reference can stand here", "the compiler itself needs the value: write it out"
    if kind == "spec":
        return _own(detail["msg"], str(context.get("help", "")), given)
    if kind in _WANTED:
        wanted = _WANTED[kind]
        return f"{wanted} is wanted here", _example(wanted, given, annotation(model, detail["loc"]))
    if kind in ("literal_error", "enum"):
        return _choice(str(context.get("expected", "")), given)
    if kind == "string_pattern_mismatch":
        what, help = FORMS.get(context["pattern"], ("not possible here", ""))
        return f'"{detail["input"]}" is {what}', help
    return _bound(detail, model)


def _only_refers(given: str, kind: str, message: str) -> bool:
    """Whether the form of `given` is faulty only because it holds (well-formed) references."""
    asked = message.endswith(" is wanted here") and not re.search(r"^(the name|true or false|text)|parameter", message)
    refused = message.startswith((f'"{given}" is no ', "there is no time zone")) and "source" not in message
    if not (asked or refused or kind == "string_pattern_mismatch"):
        return False
    try:
        return isinstance(parse_text(given), Template)
    except PydanticCustomError:
        return False


def shown(value: Any) -> str:
    """Return a value of the spec as a message names it."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, (dict, list)):
        return "a map" if isinstance(value, dict) else "a list"
    return f'"{value}"' if isinstance(value, str) else str(value)


def not_text(value: Any) -> str:
    """Return the message where `value` stands and text is wanted."""
    return "text is wanted here" if value is None else f"text is wanted here, not {shown(value)}"


def _own(message: str, help: str, given: Any) -> tuple[str, str]:
    """Return a field type's own words; one that quotes its value takes it for text, which it may not be."""
    if not isinstance(given, (str, int, float)) or isinstance(given, bool):
        if f'"{given}"' in message:
            return not_text(given), help
        if isinstance(given, bool):
            return message.replace(f" {given} ", f" {shown(given)} "), help
    return message, help


def _example(wanted: str, given: Any, kind: Any) -> str:
    """Return how to write what is `wanted` instead of `given`, for a field of type `kind`."""
    text = given if isinstance(given, str) else ""
    match wanted:
        case "text":
            if given is None or isinstance(given, (dict, list)):
                return "write one text" if given is not None else "write the text, or leave the field out"
            return f'put quotes around it: "{str(given).lower()}"'
        case "a list":
            if given is None or isinstance(given, dict):
                return "write [one, two], or a line with a hyphen for each"
            return f"write [{_inline(given)}]"
        case "a map":
            return _map_example(given, kind)
        case "true or false":
            known = text.lower() in ("true", "false")
            return f"write {text.lower()} without quotes" if known else "write true or false"
    if re.fullmatch(r"-?[0-9]+" + (r"(\.[0-9]+)?" if wanted == "a number" else ""), text):
        return f"write {text} without quotes"
    return "write it without a fraction: 5" if isinstance(given, float) else "write digits, without quotes and unit: 5"


def _map_example(given: Any, kind: Any) -> str:
    models = [option for option in _options(kind) if isinstance(option, type) and issubclass(option, BaseModel)]
    if models:
        fields = models[0].model_fields
        needed = [name for name, field in fields.items() if field.is_required()] or list(fields)[:2]
        return "write {" + ", ".join(f"{kebab(name)}: ..." for name in needed) + "}"
    if isinstance(given, list) and given and isinstance(given[0], str):
        return f"give each entry its value, without a list: {{{_inline(given[0])}: ...}}"
    return "write {key: value}, or a line for each key"


def _inline(value: Any) -> str:
    """Return a scalar as it may stand inside brackets."""
    if not isinstance(value, str):
        return shown(value)
    plain = re.fullmatch(r"[A-Za-z/][\w ./-]*", value) and value.lower() not in ("true", "false", "null", "yes", "no")
    return value if plain else json.dumps(value, ensure_ascii=False)


def _choice(expected: str, given: Any) -> tuple[str, str]:
    names = [option.strip().strip("'") for option in expected.replace(" or ", ", ").split(",")]
    help = suggest(given, names, what="possible") if isinstance(given, str) else f"possible: {', '.join(sorted(names))}"
    return f"{shown(given)} is not possible here", help


def _bound(detail: ErrorDetails, model: type[BaseModel]) -> tuple[str, str]:
    """Return the words for a value outside of what its field takes."""
    context, entry = detail.get("ctx", {}), ("character" if isinstance(detail["input"], str) else ("entry", "entries"))
    match detail["type"]:
        case "greater_than_equal":
            return f"the least value here is {context['ge']}", _range(detail, model)
        case "greater_than":
            return f"a value above {context['gt']} is wanted here", _range(detail, model)
        case "less_than_equal":
            return f"the greatest value here is {context['le']}", _range(detail, model)
        case "less_than":
            return f"a value below {context['lt']} is wanted here", _range(detail, model)
        case "string_too_long" | "too_long":
            most = context["max_length"]
            only = "is" if most == 1 else "are"
            has = context.get("actual_length") or len(detail["input"])
            return f"at most {_count(most, entry)} {only} possible here", f"there are {has}: leave some out"
        case "string_too_short" | "too_short":
            least = context["min_length"]
            only = "is" if least == 1 else "are"
            kind = annotation(model, detail["loc"])
            form = _example("a map" if isinstance(detail["input"], dict) else "a list", None, kind)
            return (
                f"at least {_count(least, entry)} {only} wanted here",
                "write some text" if isinstance(detail["input"], str) else form,
            )
    return "this value is not possible here", "lenie explain E203 tells how values are written"


def _count(number: int, noun: str | tuple[str, str]) -> str:
    one, many = (noun, f"{noun}s") if isinstance(noun, str) else noun
    return f"one {one}" if number == 1 else f"{number} {many}"


def _range(detail: ErrorDetails, model: type[BaseModel]) -> str:
    """Return the whole range of a number, as far as its field tells it."""
    owner = owner_of(model, detail["loc"])
    field = next((f for n, f in owner.model_fields.items() if kebab(n) == detail["loc"][-1]), None) if owner else None
    bounds: dict[str, Any] = dict(detail.get("ctx", {}))
    for item in field.metadata if field is not None else ():
        bounds |= {name: getattr(item, name) for name in ("ge", "gt", "le", "lt") if hasattr(item, name)}
    low = f"from {bounds['ge']}" if "ge" in bounds else f"above {bounds['gt']}" if "gt" in bounds else ""
    high = f"to {bounds['le']}" if "le" in bounds else f"below {bounds['lt']}" if "lt" in bounds else ""
    if low and high:
        return f"write a number {low} {high}"
    one = {"ge": "{} or more", "gt": "more than {}", "le": "{} or less", "lt": "less than {}"}
    name = next(name for name in one if name in bounds)
    return f"write {one[name].format(bounds[name])}"


def annotation(model: type[BaseModel], location: Iterable[int | str]) -> Any:
    """Return the type of what `location` leads to inside `model`; steps into branches of unions are passed over."""
    current: Any = model
    for step in location:
        for option in _options(current):
            origin, arguments = get_origin(option), get_args(option)
            if isinstance(option, type) and issubclass(option, BaseModel):
                found = [field.annotation for name, field in option.model_fields.items() if kebab(name) == step]
            elif origin is list and isinstance(step, int):
                found = [arguments[0]]
            else:
                found = [arguments[1]] if origin is dict else []
            if found:
                current = found[0]
                break
    return current


def owner_of(model: type[BaseModel], location: tuple[int | str, ...]) -> type[BaseModel] | None:
    """Return the model inside `model` whose field the last step of `location` is."""
    options = _options(annotation(model, location[:-1]))
    return next((o for o in options if isinstance(o, type) and issubclass(o, BaseModel)), None)


def _options(kind: Any) -> Iterator[Any]:
    """Yield what a type may be: the branches of a union, without what is only annotated."""
    if hasattr(kind, "__metadata__"):
        yield from _options(kind.__origin__)
    elif get_origin(kind) in (Union, UnionType):
        for inner in get_args(kind):
            yield from _options(inner)
    else:
        yield kind

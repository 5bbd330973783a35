"""Field types of the spec language: durations, sizes, networks, texts with references.

Each type turns what stands in the YAML into what the compiler works with, or raises a `PydanticCustomError` whose
message is for the user and whose context may hold a `help`. The JSON Schema of each is what an editor shows.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError, core_schema

from lenie.compiler.records import record

NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_NAME_HELP = "names have lower-case letters, digits and single hyphens"
_LOOKUP = re.compile(r"\$\$\{|\$\{([^}]*)\}?")
_LOOKUP_BODY = re.compile(r"([a-z][a-z0-9-]*)\.([A-Za-z0-9][A-Za-z0-9_-]*)")
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
#: Days for which CloudWatch can keep logs.
RETENTIONS = (
    *(1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545),
    *(731, 1096, 1827, 2192, 2557, 2922, 3288, 3653),
)
_SIZES = {"MB": 1, "GB": 1024, "TB": 1024 * 1024}


def fault(message: str, help: str = "") -> PydanticCustomError:
    """Return the error that a field type raises: `message` names the fault, `help` the fix."""
    # pydantic fills {keys} of the context into the template, so braces in `message` must not stand in it.
    return PydanticCustomError("spec", "{message}", {"help": help, "message": message})


#: Faults with their places below a value; a last step ``[key]`` points at a key.
Faults = list[tuple[tuple[str | int, ...], PydanticCustomError]]


def faults_at(faults: Faults) -> ValidationError:
    """Return the error for faults at places below the validated value."""
    details = [InitErrorDetails(type=fault, loc=location, input=None) for location, fault in faults]
    return ValidationError.from_exception_data("spec", details)


@record
class Lookup:
    """``${head.attribute}``: a parameter, a setting of the environment, an AWS value, or a resource's attribute."""

    head: str
    attribute: str

    @property
    def source(self) -> str:
        """How it stands in the spec."""
        return f"${{{self.head}.{self.attribute}}}"


@record
class Template:
    """Text with lookups in it. ``$${`` in the spec is a literal ``${``."""

    parts: tuple[str | Lookup, ...]
    #: What the field can take: a text, a flag (a setting that is true or false), or also a list parameter.
    wants: Literal["text", "flag", "list"] = "text"

    @property
    def lookups(self) -> tuple[Lookup, ...]:
        """The lookups, in order."""
        return tuple(part for part in self.parts if isinstance(part, Lookup))

    @property
    def single(self) -> Lookup | None:
        """The lookup that is the whole text, if it is one."""
        return self.parts[0] if len(self.parts) == 1 and isinstance(self.parts[0], Lookup) else None

    @property
    def source(self) -> str:
        """How it stands in the spec."""
        return "".join(p if isinstance(p, str) else p.source for p in self.parts)


@record
class Reference:
    """A resource named in the spec, or a part of one: ``vpc.public-a``, or a group of parts: ``vpc.public``.

    `kinds` are the kinds that may stand here.
    """

    name: str
    part: str = ""
    kinds: tuple[str, ...] = ()
    group: bool = False


def parse_text(value: Any) -> str | Template:
    """Return `value` as text, with its ``${...}`` parsed.

    Raises:
        PydanticCustomError: if it is no text, or a lookup is malformed.
    """
    if not isinstance(value, str):
        if isinstance(value, (bool, int, float)):
            raise fault("text is wanted here", f'put quotes around it: "{str(value).lower()}"')
        raise fault("text is wanted here", "write one text, not a list or a map")
    if "${" not in value:
        return value
    parts: list[str | Lookup] = []
    end = 0
    for match in _LOOKUP.finditer(value):
        if match.start() > end:
            parts.append(value[end : match.start()])
        end = match.end()
        if match.group() == "$${":
            parts.append("${")
            continue
        body = _LOOKUP_BODY.fullmatch(match.group(1))
        if body is None or not match.group().endswith("}"):
            raise fault(
                f'"{match.group()}" is not a reference',
                "write ${resource.attribute}, ${param.name}, ${env.setting} or ${aws.region}; $${ is a literal ${",
            )
        parts.append(Lookup(body.group(1), body.group(2)))
    if end < len(value):
        parts.append(value[end:])
    merged: list[str | Lookup] = []
    for part in parts:
        if isinstance(part, str) and merged and isinstance(merged[-1], str):
            merged[-1] += part
        else:
            merged.append(part)
    if len(merged) == 1 and isinstance(merged[0], str):
        return merged[0]
    return Template(tuple(merged))


def parse_data(value: Any) -> Any:
    """Return JSON-like data with every text in it parsed by `parse_text`.

    Raises:
        ValidationError: for malformed lookups and for null, which some targets would leave out; each at its place.
    """
    faults: Faults = []
    data = _parse_data(value, (), faults)
    if faults:
        raise faults_at(faults)
    return data


def _parse_data(value: Any, at: tuple[str | int, ...], faults: Faults) -> Any:
    if isinstance(value, dict):
        return {key: _parse_data(item, (*at, key), faults) for key, item in value.items()}
    if isinstance(value, list):
        return [_parse_data(item, (*at, index), faults) for index, item in enumerate(value)]
    if value is None:
        faults.append((at, fault("a value is wanted here", "write the value, or leave the key out")))
    elif isinstance(value, str):
        try:
            return parse_text(value)
        except PydanticCustomError as error:
            faults.append((at, error))
    return value


def parse_duration(value: Any) -> int:
    """Return a duration such as ``14d``, ``360s`` or ``6h`` in seconds."""
    match = re.fullmatch(r"([0-9]+)([smhd])", value) if isinstance(value, str) else None
    if match is None:
        raise fault("a duration is wanted here", "write a number with s, m, h or d: 30s, 5m, 6h, 14d")
    return int(match.group(1)) * _UNITS[match.group(2)]


def parse_retention(value: Any) -> int:
    """Return how long logs are kept, such as ``14d``, in days.

    Source: PutRetentionPolicy (Amazon CloudWatch Logs API Reference).
    """
    days, rest = divmod(parse_duration(value), 86400)
    if rest or days not in RETENTIONS:
        longer = [d for d in RETENTIONS if d > days]
        raise fault(
            f"CloudWatch keeps no logs for {value}",
            f"the next longer time is {longer[0]}d" if longer else "the longest time is 3653d",
        )
    return days


def parse_size(value: Any) -> int:
    """Return a size such as ``512MB`` or ``20GB`` in MiB."""
    match = re.fullmatch(r"([0-9]+) ?(MB|GB|TB)", value) if isinstance(value, str) else None
    if match is None:
        raise fault("a size is wanted here", "write a number with MB, GB or TB: 512MB, 20GB")
    return int(match.group(1)) * _SIZES[match.group(2)]


def parse_money(value: Any) -> float:
    """Return an amount such as ``8 USD``."""
    match = re.fullmatch(r"([0-9]+(?:\.[0-9]{1,2})?) USD", value) if isinstance(value, str) else None
    if match is None:
        raise fault("an amount of money is wanted here", "write it in US dollars: 8 USD")
    return float(match.group(1))


def parse_cidr(value: Any) -> str:
    """Return an IPv4 or IPv6 network in CIDR notation (RFC 4632), checked for stray host bits."""
    if not isinstance(value, str) or "/" not in value:
        raise fault("a network is wanted here", "write it in CIDR notation: 10.0.0.0/16")
    try:
        return str(ipaddress.ip_network(value))
    except ValueError:
        pass
    try:
        meant = ipaddress.ip_network(value, strict=False)
    except ValueError:
        raise fault(f'"{value}" is not a network', "write it in CIDR notation: 10.0.0.0/16") from None
    raise fault(f'"{value}" has bits set behind its prefix', f"did you mean {meant}?")


def parse_flag(value: Any) -> bool | Template:
    """Return a boolean, or the lookup of one (``${env.production}``)."""
    if isinstance(value, bool):
        return value
    text = parse_text(value) if isinstance(value, str) else value
    if isinstance(text, Template) and text.single and text.single.head == "env":
        return replace(text, wants="flag")
    raise fault("true or false is wanted here", "write true, false, or a setting of the environment: ${env.production}")


def parse_texts(value: Any) -> str | Template:
    """Return a text, in a field whose text may also be a list parameter that gives several."""
    text = parse_text(value)
    return replace(text, wants="list") if isinstance(text, Template) else text


def parse_waivers(value: Any) -> dict[str, str]:
    """Return code -> reason."""
    if not isinstance(value, dict):
        raise fault("a map from codes to reasons is wanted here", "write {E315: why this is acceptable}")
    faults: Faults = []
    for code, reason in value.items():
        if not isinstance(reason, str) or len(reason.split()) < 3:
            help = "say in at least three words why it does not hold here"
            faults.append(((code,), fault(f"the waiver of {code} needs a reason", help)))
    if faults:
        raise faults_at(faults)
    return dict(value)


def parse_name(value: Any) -> str:
    """Return a name of a resource, component, parameter or setting."""
    if not isinstance(value, str):
        raise fault("a name is wanted here", _NAME_HELP)
    if not NAME.fullmatch(value):
        raise fault(f'"{value}" is not a name', _NAME_HELP)
    return value


def unique(values: list[str]) -> list[str]:
    """Return `values`; each may stand in the list once."""
    faults: Faults = [
        ((index,), fault(f'"{value}" is listed twice', "remove one of them"))
        for index, value in enumerate(values)
        if value in values[:index]
    ]
    if faults:
        raise faults_at(faults)
    return values


@dataclass(frozen=True, slots=True, eq=False)
class Parsed:
    """Annotation: the field's value is what `parse` makes of the YAML; `json` is its JSON Schema."""

    parse: Callable[[Any], Any]
    json: dict[str, Any]

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        """Return the schema that pydantic runs: only `parse`."""
        return core_schema.no_info_plain_validator_function(self.parse)

    def __get_pydantic_json_schema__(self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler) -> Any:
        """Return what editors see."""
        return dict(self.json)


def within(kind: Any, least: str, most: str) -> Parsed:
    """Return the annotation for a duration or size (as in `Duration`, `Size`) that AWS bounds; the bounds are in it."""
    plain: Parsed = kind.__metadata__[0]
    low, high = plain.parse(least), plain.parse(most)

    def parse(value: Any) -> Any:
        parsed = plain.parse(value)
        if not low <= parsed <= high:
            raise fault(f"{value} is not possible here", f"from {least} to {most}")
        return parsed

    return Parsed(parse, plain.json)


_DESCRIBED_TEXT = "Text; ${resource.attribute}, ${param.name}, ${env.setting} and ${aws.region} are filled in"

Text = Annotated[str | Template, Parsed(parse_text, {"type": "string", "description": _DESCRIBED_TEXT})]
Texts = Annotated[str | Template, Parsed(parse_texts, {"type": "string", "description": _DESCRIBED_TEXT})]
Data = Annotated[Any, Parsed(parse_data, {"description": "Any data; references in texts are filled in"})]
Duration = Annotated[int, Parsed(parse_duration, {"type": "string", "pattern": "^[0-9]+[smhd]$"})]
Retention = Annotated[int, Parsed(parse_retention, {"type": "string", "enum": [f"{days}d" for days in RETENTIONS]})]
Size = Annotated[int, Parsed(parse_size, {"type": "string", "pattern": "^[0-9]+ ?(MB|GB|TB)$"})]
Money = Annotated[float, Parsed(parse_money, {"type": "string", "pattern": r"^[0-9]+(\.[0-9]{1,2})? USD$"})]
Cidr = Annotated[str, Parsed(parse_cidr, {"type": "string", "pattern": "^[0-9a-f.:]+/[0-9]+$"})]
Flag = Annotated[bool | Template, Parsed(parse_flag, {"type": ["boolean", "string"]})]
Name = Annotated[str, Parsed(parse_name, {"type": "string", "pattern": f"^{NAME.pattern}$"})]

Waivers = Annotated[
    dict[str, str],
    Parsed(
        parse_waivers,
        {
            "type": "object",
            "additionalProperties": {"type": "string"},
            "description": "Rules (E315) and scanner checks (CKV_AWS_26) that do not hold here, each with its reason",
        },
    ),
]


class To:
    """Annotation of a `Reference` field: which kinds it may name, and whether it names a part or a group of parts."""

    def __init__(self, *kinds: str, part: bool = False, group: bool = False) -> None:
        """Accept resources of `kinds` (any kind when empty), one part of them, or a group of parts."""
        self.kinds = kinds
        self.part = part or group
        self.group = group

    def parse(self, value: Any) -> Reference:
        """Return the reference that `value` writes."""
        what = f"the name of a {' or '.join(self.kinds) or 'resource'}"
        if not isinstance(value, str):
            raise fault(f"{what} is wanted here", "write one name, such as it stands before the resource's fields")
        if value.startswith("${"):
            raise fault(f"{what} is wanted here, not its attribute", f"write {value[2:].split('.')[0].rstrip('}')}")
        name, _, part = value.partition(".")
        if not NAME.fullmatch(name) or (part and not NAME.fullmatch(part)):
            raise fault(f'"{value}" is not a name', _NAME_HELP)
        if self.part and not part:
            raise fault(
                f"a part of {what[12:]} is wanted here",
                f"write {name}.NAME, for instance {name}.{'public' if self.group else 'public-a'}",
            )
        if part and not self.part:
            raise fault(f"{what} is wanted here, not a part of it", f"write {name}")
        return Reference(name, part, self.kinds, self.group)

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        """Return the schema that pydantic runs."""
        return core_schema.no_info_plain_validator_function(self.parse)

    def __get_pydantic_json_schema__(self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler) -> Any:
        """Return what editors see."""
        return {"type": "string", "description": f"Name of a {' or '.join(self.kinds) or 'resource'} of this spec"}

"""Reads a source map back. It may be old, edited or somebody else's: then what is wrong is told, and nothing else."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path as File
from typing import Any, NamedTuple, TypeVar

from lenie.compiler.diagnostics import Diagnostic, Severity, SpecError
from lenie.compiler.sourcemap.paths import decode
from lenie.compiler.sourcemap.write import FORMAT, NAME
from lenie.compiler.span import Path
from lenie.compiler.transaction import content

_RANGE = re.compile(r"([0-9]{1,9})(?:-([0-9]{1,9}))?")
Kind = TypeVar("Kind")


class Known(NamedTuple):
    """A resource: its type, its place in the spec, and narrower places of its properties."""

    type: str
    spec: Path
    origins: Mapping[Path, Path]


class Part(NamedTuple):
    """A component that the target covers."""

    spec: Path
    digest: str
    resources: Mapping[str, Known]


class Saying(NamedTuple):
    """Lines of a file that say a property of a resource, or an attribute of it if `is_attribute`."""

    first: int
    last: int
    component: str
    resource: str
    path: Path
    is_attribute: bool


class Thing(NamedTuple):
    """What is no resource."""

    kind: str
    name: str
    spec: Path
    component: str
    resource: str


class Block(NamedTuple):
    """Lines of a file, counted from 1: of resources of a component, with what they say; or of other things."""

    first: int
    last: int
    component: str
    resources: tuple[str, ...]
    sayings: tuple[Saying, ...]
    things: tuple[Thing, ...]


class Mapped(NamedTuple):
    """A file that the target made."""

    sha256: str
    about: str
    spec: Path
    blocks: tuple[Block, ...]


class SourceMap(NamedTuple):
    """The map of one target; `shown` is the name of its directory in messages."""

    directory: File
    shown: str
    target: str
    environment: str
    inputs: str
    components: Mapping[str, Part]
    files: Mapping[str, Mapped]


def read(directory: File, shown: str) -> SourceMap:
    """Return the source map in `directory`.

    Raises:
        SpecError: there is none (E613), or it is not one that this version reads (E614).
    """
    name = f"{shown}/{NAME}"
    try:
        text = content(directory / NAME).decode("utf-8")
    except FileNotFoundError:
        raise SpecError(_told("E613", f'"{name}" is missing')) from None
    except OSError as error:
        raise SpecError(_told("E613", f'"{name}" cannot be read: {error.strerror}')) from None
    except UnicodeDecodeError:
        raise SpecError(_told("E614", f'"{name}" is not UTF-8')) from None
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        at = f", line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        raise SpecError(_told("E614", f'"{name}" is not JSON{at}')) from None
    try:
        return _map(data, directory, shown)
    except _Wrong as error:
        raise SpecError(_told("E614", f'"{name}" is no source map that this version reads: {error}')) from None


def _told(code: str, message: str) -> Diagnostic:
    return Diagnostic(code, Severity.ERROR, message, (), "run lenie-compile, which writes it again")


class _Wrong(Exception):
    """What is wrong in a map."""


def _map(data: Any, directory: File, shown: str) -> SourceMap:
    whole = _Fields(data, "the whole")
    version = whole.get("format", int)
    if version != FORMAT:
        raise _Wrong(f"its format is {version}, and not {FORMAT}")
    components = {name: _part(fields) for name, fields in whole.entries("components")}
    files = {name: _mapped(fields) for name, fields in whole.entries("files")}
    for file, mapped in files.items():
        for block in mapped.blocks:
            known = components[block.component].resources if block.component in components else {}
            for name in {*block.resources, *(saying.resource for saying in block.sayings)} - known.keys():
                raise _Wrong(f'"{name}" in "{file}" is no resource of "{block.component}"')
    environment, inputs = whole.get("environment", str), whole.get("inputs", str)
    return SourceMap(directory, shown, whole.get("target", str), environment, inputs, components, files)


class _Fields:
    """A map of the file with its types checked; `where` names it in messages."""

    def __init__(self, data: Any, where: str) -> None:
        if not isinstance(data, dict):
            raise _Wrong(f"{where} is no object")
        self.data = data
        self.where = where

    def get(self, name: str, kind: type[Kind], default: Kind | None = None) -> Kind:
        """Return a field of that type."""
        value = self.data.get(name, default)
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise _Wrong(f"{name} of {self.where} is {'missing' if value is None else 'of another type'}")
        return value

    def path(self, name: str) -> Path:
        """Return a field that is a path; an empty one if there is none."""
        return _path(self.get(name, str, ""), f"{name} of {self.where}")

    def number(self, name: str, least: int, default: int | None = None) -> int:
        """Return a field that is a number of lines."""
        value = self.get(name, int, default)
        if not least <= value < 1_000_000_000:
            raise _Wrong(f"{name} of {self.where} is {value}")
        return value

    def entries(self, name: str) -> Iterator[tuple[str, _Fields]]:
        """Yield the entries of a field that is a map of maps."""
        for key, value in self.get(name, dict, {}).items():
            yield key, _Fields(value, f'"{key}" in {name}')

    def texts(self, name: str) -> Iterator[tuple[str, str]]:
        """Yield the entries of a field that is a map of texts."""
        for key, value in self.get(name, dict, {}).items():
            if not isinstance(value, str):
                raise _Wrong(f'"{key}" in {name} of {self.where} is no text')
            yield key, value


def _path(text: str, where: str) -> Path:
    try:
        return decode(text)
    except ValueError:
        raise _Wrong(f"{where} is no path") from None


def _part(fields: _Fields) -> Part:
    resources = {name: _known(inner) for name, inner in fields.entries("resources")}
    return Part(fields.path("spec"), fields.get("digest", str), resources)


def _known(fields: _Fields) -> Known:
    where = f"origins of {fields.where}"
    origins = {_path(at, where): _path(origin, where) for at, origin in fields.texts("origins")}
    return Known(fields.get("type", str), fields.path("spec"), origins)


def _mapped(fields: _Fields) -> Mapped:
    blocks: list[Block] = []
    end = 0
    for number, data in enumerate(fields.get("blocks", list, []), start=1):
        block = _block(_Fields(data, f"block {number} of {fields.where}"), end)
        blocks.append(block)
        end = block.last
    return Mapped(fields.get("sha256", str), fields.get("about", str), fields.path("spec"), tuple(blocks))


def _block(fields: _Fields, end: int) -> Block:
    first = end + 1 + fields.number("skip", 0, 0)
    last = first + fields.number("lines", 1) - 1
    component = fields.get("component", str, "")
    resources = fields.get("resources", list, [])
    if not all(isinstance(name, str) for name in resources):
        raise _Wrong(f"resources of {fields.where} are no texts")
    sayings = [one for name in resources for one in _sayings(fields, first, last, component, name)]
    for name, single in fields.entries("single"):
        sayings += _sayings(single, first, last, component, name)
    things = []
    for item in fields.get("items", list, []):
        inner = _Fields(item, f"an item in {fields.where}")
        source = inner.get("component", str, ""), inner.get("resource", str, "")
        things.append(Thing(inner.get("kind", str), inner.get("name", str), inner.path("spec"), *source))
    return Block(first, last, component, tuple(resources), tuple(sayings), tuple(things))


def _sayings(fields: _Fields, first: int, last: int, component: str, resource: str) -> Iterator[Saying]:
    for kind in ("properties", "attributes"):
        for name, ranges in fields.texts(kind):
            path: Path = (name,) if kind == "attributes" else _path(name, f"a property of {fields.where}")
            for text in ranges.split(","):
                match = _RANGE.fullmatch(text)
                start = first + int(match[1]) - 1 if match else 0
                stop = first + int(match[2] or match[1]) - 1 if match else 0
                if not first <= start <= stop <= last:
                    raise _Wrong(f'the lines of "{name}" in {fields.where} are {text!r}')
                yield Saying(start, stop, component, resource, path, kind == "attributes")

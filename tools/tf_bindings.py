"""Reads the schema of a Terraform resource from bindings that CDK for Terraform has generated for it.

The TypeScript sources of the bindings stand in the source maps of their JavaScript. The generator writes one class for
a resource and one for each nested object; a comment in front of each member says whether it is computed, optional or
required; the getter's body tells its type; and an interface beside the class documents nested blocks as `NAME block`.
"""

from __future__ import annotations

import base64
import json
import re
import tarfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

#: A type as `terraform providers schema -json` writes it: "string" or ["list", ["object", {...}]].
Type = str | list[Any]
Block = dict[str, Any]

_SOURCE_MAP = re.compile(r"sourceMappingURL=data:application/json;base64,(\S+)")
_CLASS = re.compile(r"^export class (\w+) extends cdkt[fn]\.(\w+) \{\n(.*?)^\}", re.M | re.S)
_INTERFACE = re.compile(r"^export interface (\w+)(?: extends [\w.]+)? \{\n(.*?)^\}", re.M | re.S)
_BLOCK_COMMENT = re.compile(r"^  \* (\w+) block$", re.M)
_MEMBER = re.compile(r"^  // (\w+) - computed: (\w+), optional: (\w+), required: (\w+)\n", re.M)
_NESTED = re.compile(r'= new ([\w.]+)\(this, "\w+"(?:, (true|false))?\);')
_GETTER = re.compile(r"^    return (.*);$", re.M)
_CONFIG = re.compile(r"public constructor\(scope: Construct, id: string, config\??: (\w+)")
_WRITE_ONLY = re.compile(r"^      (\w+): this\.markWriteOnlyAttribute\(", re.M)
#: name, whether it counts as a block for HCL, nesting, class: of one object's printer of HCL.
_HCL = re.compile(r'^ +(\w+): \{\n +value: .*,\n +isBlock: \w+,\n +type: "(\w+)",\n +storageClassType: "\w+",?\n', re.M)

_SCALARS = {"String": "string", "Number": "number", "Boolean": "bool"}
_PLAIN = re.compile(r"this\.get(String|Number|Boolean)(Map)?Attribute\('\w+'\)")
_LIST = re.compile(
    r"(cdkt[fn]\.(?:Token\.asNumberList\(cdkt[fn]\.)?Fn\.tolist\()?"
    r"this\.get(Number)?ListAttribute\('\w+'\)\)*"
)
_MAP_CLASS = re.compile(r"cdkt[fn]\.(String|Number|Boolean)Map")

_RESOURCE_BASES = ("TerraformResource", "TerraformDataSource", "TerraformEphemeralResource")


class UnknownShapeError(Exception):
    """The bindings hold something that this reader does not know: the reader must learn it, not skip it."""


def sources(wheel: Path, names: Iterable[str]) -> dict[str, str]:
    """Return the TypeScript source of each of the modules `names` ("db-instance", "provider") of a wheel of bindings.

    A module that the bindings do not have is left out. "LICENSE" gives the text of the licence.
    """
    wanted = {f"package/lib/{name}/index.js": name for name in names} | {"package/LICENSE": "LICENSE"}
    found: dict[str, str] = {}
    with zipfile.ZipFile(wheel) as archive:
        (bundle,) = (name for name in archive.namelist() if name.endswith(".jsii.tgz"))
        with archive.open(bundle) as packed, tarfile.open(fileobj=packed, mode="r|gz") as members:
            for member in members:
                name = wanted.get(member.name)
                content = members.extractfile(member) if name is not None else None
                if name is None or content is None:
                    continue
                text = content.read().decode()
                found[name] = text if name == "LICENSE" else _typescript(text, name)
    return found


def _typescript(javascript: str, name: str) -> str:
    match = _SOURCE_MAP.search(javascript)
    if match is None:
        raise UnknownShapeError(f"{name}: no source map")
    (text,) = json.loads(base64.b64decode(match[1]))["sourcesContent"]
    assert isinstance(text, str)
    return text


class Bindings:
    """One module of bindings: the classes and interfaces of one resource."""

    def __init__(self, text: str) -> None:
        self._classes = {match[1]: match[3] for match in _CLASS.finditer(text)}
        self._interfaces = {match[1]: match[2] for match in _INTERFACE.finditer(text)}
        self._printers = {
            match[1].lower(): match[2]
            for match in re.finditer(r"^export function (\w+)ToHclTerraform\((.*?)^\}", text, re.M | re.S)
        }
        mains = [match for match in _CLASS.finditer(text) if match[2] in _RESOURCE_BASES]
        self._main = mains[0] if len(mains) == 1 else None

    def resource(self) -> Block:
        """Return the block of the resource, data source or ephemeral resource."""
        if self._main is None:
            raise UnknownShapeError("not the bindings of one resource")
        body = self._main[3]
        config = _CONFIG.search(body)
        if config is None:
            raise UnknownShapeError(f"{self._main[1]}: no configuration")
        block = self._block(body, config[1], body)
        for name in _WRITE_ONLY.findall(body):
            block["attributes"][name]["write_only"] = True
        return block

    def _block(self, body: str, interface: str, printer: str) -> Block:
        """Return the block that the members of a class, its interface and its printer of HCL describe."""
        blocks = set(_BLOCK_COMMENT.findall(self._interfaces.get(interface, "")))
        nestings = dict(_HCL.findall(printer))
        result: Block = {"attributes": {}, "blocks": {}}
        for name, flags, text in _members(body):
            if name in blocks:
                result["blocks"][name] = self._nested_block(name, flags, text, nestings)
            else:
                result["attributes"][name] = {"type": self._type(name, text), **flags}
        missing = blocks - set(result["blocks"])
        if missing:
            raise UnknownShapeError(f"{interface}: blocks without a member: {sorted(missing)}")
        return _sorted(result)

    def _nested_block(self, name: str, flags: dict[str, bool], text: str, nestings: dict[str, str]) -> Block:
        nested = _NESTED.search(text)
        nesting = nestings.get(name)
        if nested is None or nesting not in ("list", "set", "struct"):
            raise UnknownShapeError(f"{name}: a block of nesting {nesting}")
        single = nested[1].endswith("OutputReference")
        struct = nested[1].removesuffix("OutputReference" if single else "List")
        result: Block = {"nesting": "single" if nesting == "struct" else nesting}
        if flags.get("required"):
            result["min"] = 1
        if nesting != "struct" and single:
            result["max"] = 1
        result["block"] = self._block(
            self._classes[f"{struct}OutputReference"], struct, self._printers.get(struct.lower(), "")
        )
        return result

    def _type(self, name: str, text: str) -> Type:
        nested = _NESTED.search(text)
        if nested is not None:
            return self._object(name, nested[1], nested[2] == "true")
        getter = _GETTER.search(text)
        plain = _PLAIN.fullmatch(getter[1]) if getter else None
        if plain is not None:
            return ["map", _SCALARS[plain[1]]] if plain[2] else _SCALARS[plain[1]]
        elements = _LIST.fullmatch(getter[1]) if getter else None
        if elements is not None:
            return ["set" if elements[1] else "list", "number" if elements[2] else "string"]
        raise UnknownShapeError(f"{name}: {getter[1] if getter else text}")

    def _object(self, name: str, class_name: str, wraps_set: bool) -> Type:
        scalar = _MAP_CLASS.fullmatch(class_name)
        if scalar is not None:
            return ["map", _SCALARS[scalar[1]]]
        if not class_name.endswith("List"):
            raise UnknownShapeError(f"{name}: an attribute of class {class_name}")
        body = self._classes[f"{class_name.removesuffix('List')}OutputReference"]
        fields = {field: self._type(field, text) for field, _, text in _members(body)}
        return ["set" if wraps_set else "list", ["object", dict(sorted(fields.items()))]]


def provider(text: str) -> Block:
    """Return the block of the provider's own configuration; the generator writes it in a form of its own."""
    interfaces = {match[1]: match[2] for match in _INTERFACE.finditer(text)}
    return _from_interface(interfaces, "AwsProviderConfig", text)


_FIELD = re.compile(r"^  \* Docs at .*#\w+ AwsProvider#(\w+)\}\n(?:  \*.*\n)*?  \*/\n  readonly \w+(\?)?: (.+);$", re.M)
_CONFIG_TYPES: dict[str, Type] = {
    "string": "string",
    "number": "number",
    "boolean | cdktn.IResolvable": "bool",
    "boolean | cdktf.IResolvable": "bool",
    "{ [key: string]: string }": ["map", "string"],
}


def _from_interface(interfaces: dict[str, str], interface: str, text: str) -> Block:
    body = interfaces[interface]
    blocks = set(_BLOCK_COMMENT.findall(body))
    nestings = dict(_HCL.findall(text))
    result: Block = {"attributes": {}, "blocks": {}}
    for name, optional, kind in _FIELD.findall(body):
        if name == "alias":  # the language's own, not the provider's
            continue
        if name in blocks:
            struct = kind.partition("[]")[0]
            result["blocks"][name] = {"nesting": nestings[name], "block": _from_interface(interfaces, struct, text)}
            continue
        type_: Type | None = _CONFIG_TYPES.get(kind)
        if kind == "string[]":
            type_ = [nestings[name], "string"]
        if type_ is None:
            raise UnknownShapeError(f"provider: {name}: {kind}")
        result["attributes"][name] = {"type": type_, "optional" if optional else "required": True}
    return _sorted(result)


def _members(body: str) -> list[tuple[str, dict[str, bool], str]]:
    """Return name, flags and text of each member of a class that stands for an attribute or a block."""
    marks = list(_MEMBER.finditer(body))
    ends = [*(mark.start() for mark in marks[1:]), len(body)][: len(marks)]
    members = []
    for mark, end in zip(marks, ends, strict=True):
        flags = {
            flag: True
            for flag, value in (("required", mark[4]), ("optional", mark[3]), ("computed", mark[2]))
            if value == "true"
        }
        members.append((mark[1], flags, body[mark.end() : end]))
    return members


def _sorted(block: Block) -> Block:
    return {part: dict(sorted(block[part].items())) for part in ("attributes", "blocks")}

"""The JSON Schema (draft 2020-12) of the spec language, made from the models: editors complete and check with it.

It accepts every spec that the compiler accepts. What it cannot say (that a name exists, or a rule holds) is left out.
"""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Iterator
from typing import Any, get_args

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, models_json_schema

from lenie.compiler.kind import Resource
from lenie.compiler.kinds import kind_class, kind_names
from lenie.compiler.spec import ComponentModel, Document, Model, kebab

ID = "lenie.schema.json"
Schema = dict[str, Any]
_FIELD = re.compile(r"    ([a-z_]+): ")
#: Fields that a kind's own module does not describe.
_COMMON = {
    "kind": "What this is",
    "publish": "Attributes to publish in SSM, as a list or with their paths",
    "access": "What this may do with which resource: {documents: send}",
    "logs": "How long logs are kept: 14d",
}


class _Generator(GenerateJsonSchema):
    """Leaves out the titles that pydantic makes of class names."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        """Return False: a field's name is title enough."""
        return False


def schema_text() -> str:
    """Return the schema as the file ``spec/lenie.schema.json`` holds it."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def schema() -> Schema:
    """Return the schema of a whole spec."""
    kinds = {name: kind_class(name) for name in kind_names()}
    definitions = _definitions([Document, *kinds.values()])
    document = definitions.pop(Document.__name__)
    resource = {
        "type": "object",
        "required": ["kind"],
        "properties": {"kind": {"enum": list(kinds), "description": _COMMON["kind"]}},
        "allOf": [_if(_kind_is(name), {"$ref": f"#/$defs/{cls.__name__}"}) for name, cls in kinds.items()],
    }
    defaults: Schema = {}
    required: list[Schema] = []
    for name, cls in kinds.items():
        own = definitions[cls.__name__]
        fields = [field for field in own.pop("required", []) if field != "kind"]
        required += [_required(name, field) for field in fields]
        defaults[name] = {
            "type": "object",
            "description": f"What every {name} has that says nothing else",
            "properties": {
                field: {"$ref": f"#/$defs/{cls.__name__}/properties/{field}"}
                for field in own["properties"]
                if field != "kind"
            },
            "additionalProperties": False,
        }
    definitions[ComponentModel.__name__]["properties"]["resources"]["additionalProperties"] = {
        "$ref": "#/$defs/resource"
    }
    document["properties"]["defaults"] = {
        "type": "object",
        "description": "Fields that all resources of a kind share",
        "properties": defaults,
        "additionalProperties": False,
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": ID,
        "title": "Lenie spec",
        **document,
        "allOf": required,
        "$defs": {**definitions, "resource": resource},
    }


def descriptions(model: type[BaseModel]) -> dict[str, str]:
    """Return what the ``#:`` comments above the fields of `model` say: name in the spec -> description."""
    found: dict[str, str] = {}
    for cls in reversed(model.__mro__):
        if issubclass(cls, Model) and cls is not Model:
            found |= {kebab(field): text for field, text in _comments(cls) if field in model.model_fields}
    return found


def _comments(cls: type[BaseModel]) -> Iterator[tuple[str, str]]:
    comment: list[str] = []
    for line in inspect.getsource(cls).splitlines():
        if line.startswith("    #:"):
            comment.append(line.strip()[2:].strip())
            continue
        match = _FIELD.match(line)
        if match and comment:
            yield match[1], " ".join(comment).replace("``", "`")
        comment = []


def first_paragraph(cls: type[BaseModel]) -> str:
    """Return the summary of a class's docstring, in one line."""
    return " ".join((inspect.getdoc(cls) or "").partition("\n\n")[0].split()).replace("``", "`")


def nested(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """Yield the models inside the fields of `model`, each once, without those inside a kind."""
    seen: dict[type[BaseModel], None] = {}
    waiting = [model]
    while waiting:
        for info in waiting.pop().model_fields.values():
            for found in _models(info.annotation):
                if found not in seen:
                    seen[found] = None
                    waiting.append(found)
    yield from seen


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if inspect.isclass(annotation) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _models(inner)


def _definitions(models: list[type[BaseModel]]) -> Schema:
    """Return the schema of each model, and of each model inside it, by class name."""
    _, together = models_json_schema(
        [(model, "validation") for model in models], by_alias=True, schema_generator=_Generator
    )
    definitions: Schema = together["$defs"]
    every = {cls.__name__: cls for model in models for cls in (model, *nested(model))}
    assert every.keys() == definitions.keys(), f"two models of one name: {every.keys() ^ definitions.keys()}"
    for name, definition in definitions.items():
        _close_maps(definition)
        _describe(every[name], definition)
    return dict(sorted(definitions.items()))


def _close_maps(schema: Any) -> None:
    """Let maps with names as keys refuse other keys; pydantic only says what holds for those that match."""
    for inner in schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ():
        _close_maps(inner)
    if (
        isinstance(schema, dict)
        and isinstance(patterns := schema.get("patternProperties"), dict)
        and len(patterns) == 1
    ):
        del schema["patternProperties"]
        for pattern, values in patterns.items():
            schema |= {"propertyNames": {"pattern": pattern}, "additionalProperties": values}


def _describe(model: type[BaseModel], definition: Schema) -> None:
    definition.pop("title", None)
    definition["description"] = first_paragraph(model)
    said = descriptions(model)
    for field, own in definition.get("properties", {}).items():
        own.pop("title", None)
        text = said.get(field) or (_COMMON.get(field) if issubclass(model, Resource) else None)
        if text:
            own["description"] = text
    if issubclass(model, Resource) and model.ATTRIBUTES and model.attributes is Resource.attributes:
        names = {"enum": list(model.ATTRIBUTES)}
        definition["properties"]["publish"] |= {
            "anyOf": [
                {"type": "array", "items": names},
                {"type": "object", "propertyNames": names, "additionalProperties": {"type": "string"}},
            ]
        }


def _kind_is(name: str) -> Schema:
    return {"properties": {"kind": {"const": name}}, "required": ["kind"]}


def _if(condition: Schema, then: Schema) -> Schema:
    return {"if": condition, "then": then}


def _required(kind: str, field: str) -> Schema:
    """Return the condition that resources of `kind` have `field`, unless the defaults of the kind give it."""
    given = {"properties": {"defaults": {"properties": {kind: {"required": [field]}}, "required": [kind]}}}
    every = _if(_kind_is(kind), {"required": [field]})
    for key in ("resources", "components"):
        every = {"properties": {key: {"additionalProperties": every}}}
    return {"if": {**given, "required": ["defaults"]}, "else": every}
